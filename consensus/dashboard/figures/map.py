"""The map of importance and feasibility."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consensus.charts.figure import Chart
from consensus.charts.map import MapWords, Spot, scatter_map
from consensus.dashboard.asked import Asked, chosen
from consensus.dashboard.figures.base import (
    chart,
    item_word,
    label_of,
    latest_item,
    role_name,
    value_axis,
    verdict_names,
)
from consensus.selectors.results import StudyResults
from surveys.enums import QuestionRole, VerdictKind
from surveys.models import Question


@chart("map", lambda: _("Importance and feasibility"))
def importance_map(results: StudyResults, asked: Asked, technology=None) -> Chart | None:
    pair = map_questions(results)
    if pair is None:
        return None
    x, y = pair
    shown = [t.pk for t in chosen(results, asked)]
    items = results.items(questions=pair, technologies=shown)
    spots = []
    for pk in shown:
        across, up = (latest_item(results, items, pk, question) for question in pair)
        if across and up and across.median is not None and up.median is not None:
            verdict = results.latest_verdicts.get(pk)
            spots.append(
                Spot(
                    label_of(results, results.technologies[pk]),
                    *(_mean(row) for row in (across, up)),
                    min(across.n, up.n),
                    verdict.verdict if verdict else VerdictKind.TOO_FEW,
                )
            )
    return scatter_map(
        spots,
        x_axis=value_axis(x, _("%(question)s (mean)") % {"question": role_name(x)}),
        y_axis=value_axis(y, _("%(question)s (mean)") % {"question": role_name(y)}),
        words=MapWords(item_word(results), _("Verdict"), "n", verdict_names()),
    )


def map_questions(results: StudyResults) -> list[Question] | None:
    found = [results.question_of_role(role) for role in (QuestionRole.IMPORTANCE, QuestionRole.FEASIBILITY)]
    return found if all(found) else None  # type: ignore[return-value]


def _mean(row) -> float:
    """Medians of a nine-point scale fall on few points of a map; means spread them."""
    return sum(v * c for v, c in zip(row.values, row.counts, strict=True)) / sum(row.counts)
