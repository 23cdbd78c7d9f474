"""What all charts of the dashboards share: their registry, and how rows, rounds and axes are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consensus.charts.figure import Axis, Chart, Label
from consensus.charts.ranges import Quartiles, RangeWords
from consensus.dashboard.asked import Asked
from consensus.selectors.results import Item, StudyResults
from surveys.enums import QuestionRole, QuestionType, VerdictKind
from surveys.models import Question, Technology
from surveys.question_types import kind_of

Maker = Callable[[StudyResults, Asked, Technology | None], Chart | None]
ROUND_TOKENS = ("ramp-3", "ramp-5", "ramp-7", "mark")


@dataclass(frozen=True)
class Entry:
    """A chart's name on the page and its maker."""

    title: Callable[[], str]
    make: Maker


MAKERS: dict[str, Entry] = {}


def chart(name: str, title: Callable[[], str]):
    def register(make: Maker) -> Maker:
        MAKERS[name] = Entry(title, make)
        return make

    return register


def label_of(results: StudyResults, technology: Technology) -> Label:
    url = reverse("results:technology", args=[results.study.code, technology.code])
    return Label(technology.key, str(technology.name), url)


def item_word(results: StudyResults) -> str:
    """What one entry of the study's list is called, at the beginning of a line."""
    return capfirst(str(results.study.item_label) or _("technology"))


def items_word(results: StudyResults) -> str:
    """The same for several; a study that names only one of them is content with that."""
    study = results.study
    return capfirst(str(study.items_label) or str(study.item_label) or _("technologies"))


def verdict_names() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in VerdictKind}


def round_token(place: int, of: int) -> str:
    """The latest round is darkest."""
    return ROUND_TOKENS[max(0, len(ROUND_TOKENS) - 1 - of + place)] if of < 4 else f"ramp-{min(7, 2 + place)}"


def value_axis(question: Question, title: str = "") -> Axis:
    low, high = kind_of(question).bounds(question)
    if question.type == QuestionType.SCALE and low is not None and high is not None:
        return Axis(title, low - 0.3, high + 0.3, options={"dtick": 1} if high - low <= 12 else {})
    if question.type in (QuestionType.PERCENT, QuestionType.ESTIMATE):
        return Axis(title, -2, 102, " %") if question.type == QuestionType.PERCENT else Axis(title)
    return Axis(title, whole=question.type == QuestionType.YEAR)


def range_words(results: StudyResults, series: str) -> RangeWords:
    return RangeWords(
        row=item_word(results),
        series=series,
        q1=_("First quartile"),
        median=_("Median"),
        q3=_("Third quartile"),
        n="n",
    )


def quartiles(item: Item | None, group: int | None = None) -> Quartiles | None:
    row = item and (item.panel if group is None else item.groups.get(group))
    if not row or row.median is None:
        return None
    return Quartiles(row.n, row.q1, row.median, row.q3)


def role_name(question: Question) -> str:
    return str(QuestionRole(question.role).label) if question.role else question.key


def latest_item(results: StudyResults, items, technology_id: int, question: Question):
    """The panel's row of the latest round that asked about this technology."""
    for computation in reversed(results.computations):
        item = items.get((computation.pk, technology_id, question.pk))
        if item is not None and item.n:
            return item.panel
    return None


def latest_round_of(results: StudyResults, technology: Technology):
    """The computation of the latest round that asked about this technology."""
    asked = [c for c in results.computations if technology.pk in results.verdicts[c.pk]]
    return asked[-1] if asked else None
