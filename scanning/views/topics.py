"""The topic map: a drawing made of links, and beside it what can be done to the chosen topic or candidate."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import InvalidInput, NotAllowed, Refusal
from foundation.spreadsheet import csv_response
from scanning.board_forms import TopicNameForm
from scanning.map_files import as_rows, as_svg
from scanning.selectors import topics as reading
from scanning.selectors.details import find_candidate
from scanning.services import topics as service
from scanning.views.board import wording_form
from scanning.views.common import chosen_scan, decisions_seen
from surveys.access import study_for


def topic_map(request, code):
    study = study_for(request, code, Capability.REVIEW)
    scans = reading.scans_with_map(study)
    scan = chosen_scan(scans, request.GET.get("scan", ""))
    context = {"study": study, "section": "scan", "tab": "map", "scans": scans, "scan": scan}
    if scan is not None:
        context |= _drawn(request, study, scan)
    return render(request, "scanning/map.html", context)


def _drawn(request, study, scan) -> dict:
    drawn = reading.topic_map(scan)
    places = {place.topic.code: place for place in drawn.places if place.topic}
    candidate = node = place = None
    if wanted := request.GET.get("candidate", ""):
        for each in drawn.places:
            for dot in each.nodes:
                if dot.candidate.code == wanted:
                    candidate, node, place = find_candidate(study, wanted), dot, each
        if candidate is None:
            raise Http404
    elif wanted := request.GET.get("topic", ""):
        if wanted not in places:
            raise Http404
        place = places[wanted]
    return {
        "map": drawn,
        "place": place,
        "topic": place.topic if place and not candidate else None,
        "candidate": candidate,
        "node": node,
        "bonds": drawn.bonds.get(candidate.code, []) if candidate else [],
        "topics": [each.topic for each in drawn.places if each.topic],
        "n_candidates": sum(len(each.nodes) for each in drawn.places),
        **(_topic_panel(place.topic) if place and place.topic and not candidate else {}),
        **({"wording": wording_form(study, candidate)} if candidate else {}),
        "gone": scan.topics.exclude(status="active")
        .select_related("merged_into")
        .annotate(seen=Count("decisions"))[:50],
    }


def _topic_panel(topic) -> dict:
    decisions = list(topic.decisions.select_related("undone_by", "reviewer"))
    return {
        "name_form": TopicNameForm(initial={"name": topic.name}, auto_id="topic_%s"),
        "part_form": TopicNameForm(auto_id="part_%s", prefix="part"),
        "decisions": decisions,
        "seen": len(decisions),
        "undoable": service.last_topic_decision(topic),
    }


@require_POST
def topic_decide(request, code, topic_code):
    study = study_for(request, code, Capability.REVIEW)
    topic = reading.find_topic(study, topic_code)
    action = _ACTIONS.get(request.POST.get("do", ""))
    if topic is None or action is None:
        raise Http404
    try:
        shown = action(request, study, topic)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.said)
        shown = topic
    return redirect(map_address(study, topic.scan, topic=shown))


def map_address(study, scan, topic=None, candidate=None) -> str:
    query = {"scan": scan.code}
    if topic is not None and reading.find_topic(study, topic.code).status == "active":
        query["topic"] = topic.code
    if candidate is not None and candidate.status in reading.SHOWN:
        query["candidate"] = candidate.code
    return f"{reverse('scanning:map', args=[study.code])}?{urlencode(query)}#side"


def _name(request, prefix=None):
    form = TopicNameForm(request.POST, prefix=prefix)
    if not form.is_valid():
        raise InvalidInput(errors=form.errors)
    return form.cleaned_data["name"]


def _other(request, study, name):
    other = reading.find_topic(study, request.POST.get(name, "")[:16].replace("\0", ""))
    if other is None:
        raise InvalidInput(errors={name: [_("Choose another topic of this scan.")]})
    return other


def _relabel(request, study, topic):
    service.relabel_topic(topic=topic, actor=request.user, name=_name(request), seen=decisions_seen(request))
    messages.success(request, _("Saved."))
    return topic


def _merge(request, study, topic):
    target = _other(request, study, "into")
    service.merge_topics(topic=topic, into=target, actor=request.user, seen=decisions_seen(request))
    messages.success(request, _("Merged into “%(name)s”.") % {"name": target.name})
    return target


def _split(request, study, topic):
    service.split_topic(
        topic=topic,
        name=_name(request, prefix="part"),
        members=request.POST.getlist("member")[:1000],
        actor=request.user,
        seen=decisions_seen(request),
    )
    messages.success(request, _("The topic was split."))
    return topic


def _delete(request, study, topic):
    service.delete_topic(topic=topic, actor=request.user, seen=decisions_seen(request))
    messages.success(
        request, _("The topic is off the map. Its candidates are in no topic now; undo is below the table.")
    )
    return topic


def _undo(request, study, topic):
    service.undo_topic(topic=topic, actor=request.user, seen=decisions_seen(request))
    messages.success(request, _("Undone."))
    return topic


def _move(request, study, topic):
    candidate = find_candidate(study, request.POST.get("candidate", "")[:16].replace("\0", ""))
    if candidate is None:
        raise Http404
    target = _other(request, study, "to")
    service.move_candidate(candidate=candidate, topic=target, actor=request.user)
    messages.success(request, _("Moved to “%(name)s”.") % {"name": target.name})
    return target


_ACTIONS = {
    "relabel": _relabel,
    "merge": _merge,
    "split": _split,
    "delete": _delete,
    "undo": _undo,
    "move": _move,
}


def map_download(request, code):
    """The map as a drawing that stands alone, or its table."""
    study = study_for(request, code, Capability.REVIEW)
    scan = chosen_scan(reading.scans_with_map(study), request.GET.get("scan", ""))
    if scan is None:
        raise Http404
    drawn = reading.topic_map(scan)
    if request.GET.get("format") == "csv":
        return csv_response(as_rows(drawn), file_name=f"{scan.code}-topics.csv")
    picture = render_to_string("scanning/parts/map_svg.html", {"map": drawn, "standalone": True})
    return _file(as_svg(picture), "image/svg+xml", f"{scan.code}-map.svg")


def _file(content: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
