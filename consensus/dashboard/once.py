"""Questions asked once per round: how the panel answered them in the latest analysed round that asked."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consensus.charts.bins import short
from consensus.composite.cards import Card, cards
from consensus.composite.view import Shown, interval
from consensus.feedback.intervals import estimates
from consensus.feedback.view import Own, drawing, option_label
from consensus.models import Computation
from consensus.selectors.results import Item, Row, StudyResults
from consensus.verdicts.words import percent
from surveys.enums import AskedPer, QuestionType, Special
from surveys.models import Question
from surveys.question_types import kind_of

Parts = list[list[str]]


def once_cards(results: StudyResults) -> list[Card]:
    """Composite questions and all others, in the order of the questionnaire. Small panels are withheld."""
    found = {card.question.pk: card for card in [*cards(results), *_plain_cards(results)]}
    return [found[question.pk] for question in results.questions if question.pk in found]


def _plain_cards(results: StudyResults) -> list[Card]:
    """One query."""
    asked = [
        q for q in results.questions if q.asked_per == AskedPer.ROUND and "parts" not in kind_of(q).parts
    ]
    if not asked:
        return []
    items = results.items(questions=asked, with_statistics=True)
    found = [_card(results, question, items) for question in asked]
    return [card for card in found if card is not None]


def _card(results: StudyResults, question: Question, items) -> Card | None:
    for computation in reversed(results.computations):
        item: Item | None = items.get((computation.pk, None, question.pk))
        if item is not None:
            shown = _shown(question, item.panel, computation) if item.panel else None
            return Card(question, computation.round, item.n, shown)
    return None


def _shown(question: Question, row: Row, computation: Computation) -> Shown:
    figures = {name: getattr(row, name) for name in ("n", "median", "q1", "q3", "values", "counts")}
    options = row.statistics.get("options")
    columns, rows = _options(question, row, options) if options else _counts(question, row)
    notes = [_middle(row), _intervals(row, computation), *_without_value(row)]
    return Shown(drawing(figures, question, Own()), columns, rows, [note for note in notes if note])


def _counts(question: Question, row: Row) -> tuple[list[str], Parts]:
    labels = {choice.value: str(choice.label) for choice in question.choices.all()}
    rows = [
        [_point(question, value, labels), str(count), percent(count / row.n)]
        for value, count in zip(row.values, row.counts, strict=True)
    ]
    return [_("Answer"), _("Members"), _("Share")], rows


def _point(question: Question, value: float, labels: dict[float, str]) -> str:
    """A point of a scale with its words; of everything else the value alone."""
    if question.type == QuestionType.SCALE and value in labels:
        return f"{short(value)} {labels[value]}"
    return option_label(question, value)


def _options(question: Question, row: Row, options: list[dict]) -> tuple[list[str], Parts]:
    rows = [
        [
            option_label(question, each["option"]),
            str(count),
            percent(each.get("value")),
            interval(each.get("ci_low"), each.get("ci_high"), percent),
        ]
        for each, count in zip(options, row.counts, strict=True)
    ]
    # xgettext:no-python-format
    bounds_name = _("95% interval")
    return [_("Answer"), _("Members"), _("Share"), bounds_name], rows


def _middle(row: Row) -> str:
    if row.median is None or row.q1 is None or row.q3 is None:
        return ""
    middle = {name: short(getattr(row, name)) for name in ("median", "q1", "q3")}
    return _("Median %(median)s, middle half %(q1)s to %(q3)s.") % middle


def _intervals(row: Row, computation: Computation) -> str:
    said = [
        _("%(figure)s %(value)s (%(interval)s)")
        % {"figure": each.label, "value": each.value_words, "interval": each.interval_words}
        for each in estimates(row.statistics, computation.method)
    ]
    return _("95%% intervals: %(list)s.") % {"list": "; ".join(said)} if said else ""


def _without_value(row: Row) -> list[str]:
    """Who is in no denominator: those who could not judge, gave an answer that is no value, or gave none."""
    others = [
        f"{Special(name).label}: {n}" for name, n in row.specials.items() if name != Special.CANNOT_JUDGE
    ]
    judged = ngettext("%(n)d member could not judge.", "%(n)d members could not judge.", row.n_cannot_judge)
    silent = ngettext("%(n)d member gave no answer.", "%(n)d members gave no answer.", row.n_missing)
    return [
        "; ".join(others),
        f"{judged % {'n': row.n_cannot_judge}} {silent % {'n': row.n_missing}}",
    ]
