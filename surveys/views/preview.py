"""The whole questionnaire as an expert sees it, for those who write it. Its forms are sent nowhere."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experts.enums import Capability
from surveys.access import study_for
from surveys.rehearsal import rehearsed_round, rehearsed_sheet
from surveys.respond.example import worked_scale
from surveys.respond.pace import minutes
from surveys.respond.plain import reason_box
from surveys.respond.widgets import widget
from surveys.services.consent import consent_text

PAGE = 50


def _context(request, code, **more):
    study = study_for(request, code, Capability.EDIT_STUDY)
    round = rehearsed_round(study)
    return {"study": study, "round": round, "sheet": rehearsed_sheet(round)} | more


@require_safe
def start(request, code):
    """What a member reads first, and all that is asked."""
    context = _context(request, code)
    sheet, study = context["sheet"], context["study"]
    context |= {
        "minutes": minutes(sheet),
        "example": worked_scale(sheet),
        "consent_text": consent_text(study),
        "first": next(iter(sheet.entries), None),
        "page": Paginator(sheet.entries, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "surveys/preview/start.html", context)


@require_safe
def technology(request, code, technology_code):
    context = _context(request, code)
    sheet = context["sheet"]
    entry = sheet.by_code.get(technology_code)
    if entry is None:
        raise Http404
    before, after = sheet.beside(entry)
    context |= {
        "entry": entry,
        "parts": _parts([widget(cell) for cell in entry.cells], context["study"].unfamiliar_rule),
        "reason": reason_box(entry),
        "chapter": sheet.chapter_of(entry),
        "before": before,
        "after": after,
    }
    return render(request, "surveys/preview/technology.html", context)


def _parts(widgets: list, rule: str) -> tuple[list, list]:
    """Familiarity first where it decides about the rest, as on a member's page."""
    first = [w for w in widgets if w.is_familiarity]
    rest = [w for w in widgets if not w.is_familiarity]
    return (first, rest) if rule and first else (widgets, [])


@require_safe
def once(request, code):
    """The questions asked once per round."""
    context = _context(request, code)
    if not context["sheet"].once:
        raise Http404
    context["widgets"] = [widget(cell) for cell in context["sheet"].once]
    return render(request, "surveys/preview/once.html", context)
