"""The figures at the top of the overview."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import percent
from consensus.selectors.results import StudyResults
from surveys.enums import FINAL_VERDICTS, VerdictKind


def stat_tiles(results: StudyResults) -> list[dict]:
    latest = results.latest
    verdicts = [verdict.verdict for verdict in results.latest_verdicts.values()]
    decided = sum(verdict in FINAL_VERDICTS for verdict in verdicts)
    rate = percent(latest.n_participants / latest.n_members if latest.n_members else None)
    return [
        {"label": _("Rounds analysed"), "value": len(results.rounds)},
        {
            "label": _("Response, latest round"),
            "value": "–" if rate is None else f"{rate:g}",
            "unit": "" if rate is None else "%",
            "note": _("%(some)d of %(all)d members")
            % {"some": latest.n_participants, "all": latest.n_members},
        },
        {
            "label": _("Decided"),
            "value": decided,
            "note": _("of %(all)d rated") % {"all": len(verdicts)},
        },
    ]


def verdict_tiles(results: StudyResults) -> list[dict]:
    """How many technologies have each verdict after the latest round."""
    verdicts = [verdict.verdict for verdict in results.latest_verdicts.values()]
    return [
        {"label": str(kind.label), "value": verdicts.count(kind), "verdict": kind.value}
        for kind in VerdictKind
    ]
