"""Moderation: reasons, replies and proposals, read one by one or approved together, with an undo for each."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experts.enums import Capability
from foundation.exceptions import Refusal
from surveys.access import study_for
from surveys.enums import MODERATED, Moderation
from surveys.selectors.moderation import KIND_LABELS, counts_by_kind, entries_of, waiting_by_kind
from surveys.services.moderation import KINDS, moderate, moderate_many

PAGE = 25


def _asked(params) -> dict[str, str]:
    """What the page is asked to show; anything unknown falls back to the first choice."""
    kind, status = params.get("kind", ""), params.get("status", "")
    return {
        "kind": kind if kind in KINDS else "reason",
        "status": status if status in MODERATED else Moderation.PENDING.value,
        "technology": params.get("technology", "")[:16],
        "round": params.get("round", "")[:4],
        "q": params.get("q", "").replace("\0", "")[:100],
    }


def _address(study, asked: dict[str, str], **more) -> str:
    query = {name: value for name, value in {**asked, **more}.items() if value}
    return f"{reverse('surveys:moderation', args=[study.code])}?{urlencode(query)}"


def moderation(request, code):
    """Texts to be read, in the order of their codes: it says nothing about who wrote or when."""
    study = study_for(request, code, Capability.MODERATE)
    asked = _asked(request.GET)
    rows = entries_of(study, asked["kind"])
    if asked["technology"]:
        rows = rows.filter(Q(**{f"{_technology_of(asked['kind'])}__code": asked["technology"]}))
    if asked["round"].isascii() and asked["round"].isdigit():
        rows = rows.filter(round__number=int(asked["round"]))
    if asked["q"]:
        rows = rows.filter(text__icontains=asked["q"])
    counts, waiting = counts_by_kind(rows), waiting_by_kind(study)
    context = {
        "study": study,
        "section": "moderation",
        "asked": asked,
        "page": Paginator(rows.filter(moderation=asked["status"]), PAGE).get_page(request.GET.get("page")),
        "kinds": [
            {
                "label": label,
                "url": _address(study, {}, kind=kind),
                "current": kind == asked["kind"],
                "count": waiting[kind],
            }
            for kind, label in KIND_LABELS.items()
        ],
        "tabs": [
            {
                "label": Moderation(status).label,
                "url": _address(study, asked, status=status),
                "current": status == asked["status"],
                "count": counts.get(status, 0),
            }
            for status in MODERATED
        ],
        "technologies": study.technologies.order_by("position", "pk"),
        "rounds": study.rounds.order_by("number"),
        "last": _last(study, request.GET.get("last", "")),
        "here": _address(study, asked),
    }
    return render(request, "surveys/moderation.html", context)


def _technology_of(kind: str) -> str:
    return "reason__technology" if kind == "reply" else "technology"


def _last(study, token: str):
    """The text that was decided on a moment ago, for its undo."""
    kind, _colon, code = token.partition(":")
    if kind not in KINDS or not code.isascii():
        return None
    entry = entries_of(study, kind).filter(code=code[:16]).exclude(moderation=Moderation.PENDING).first()
    return {"kind": kind, "entry": entry} if entry else None


def _whole(raw) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _back(request, study, **more):
    """To the same list; the form says which, and nothing that it says is taken for an address."""
    asked = _asked(
        {name: request.POST.get(f"at_{name}", "") for name in ("kind", "status", "q", "round", "technology")}
    )
    return redirect(_address(study, asked, **more))


@require_POST
def moderate_entry(request, code, entry_kind, entry_code):
    study = study_for(request, code, Capability.MODERATE)
    entry = get_object_or_404(KINDS.get(entry_kind, KINDS["reason"]), round__study=study, code=entry_code)
    decision = request.POST.get("decision", "")
    if entry_kind not in KINDS or decision not in MODERATED:
        return _back(request, study)
    try:
        moderate(
            entry=entry,
            actor=request.user,
            decision=decision,
            note=request.POST.get("note", "").replace("\0", ""),
            seen_revision=_whole(request.POST.get("revision")),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return _back(request, study)
    if decision == Moderation.PENDING:
        messages.success(request, _("The decision is undone."))
        return _back(request, study)
    return _back(request, study, last=f"{entry_kind}:{entry.code}")


@require_POST
def moderate_selected(request, code):
    """Approve the ticked texts, each as it was read."""
    study = study_for(request, code, Capability.MODERATE)
    chosen = (token.partition(":") for token in request.POST.getlist("chosen")[:200])
    seen = {each: _whole(revision) for each, _colon, revision in chosen if each.isascii() and each.isalnum()}
    kind = request.POST.get("at_kind", "")
    if kind not in KINDS or not seen:
        messages.error(request, _("Tick what you want to show to others."))
        return _back(request, study)
    done, changed = moderate_many(
        study=study, actor=request.user, kind=kind, seen=seen, decision=Moderation.APPROVED
    )
    text = ngettext("%(n)d text is now shown to others.", "%(n)d texts are now shown to others.", done)
    messages.success(request, text % {"n": done})
    if changed:
        text = ngettext(
            "%(n)d was changed by its author meanwhile: read it again.",
            "%(n)d were changed by their authors meanwhile: read them again.",
            changed,
        )
        messages.warning(request, text % {"n": changed})
    return _back(request, study)
