"""What came out: a row for each entry with its verdict in words, and the stable disagreements with their reasons."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from consensus.charts.bins import short
from consensus.dashboard.figures import item_word
from consensus.dashboard.technology import reasons_of_verdicts
from consensus.dashboard.words import question_name
from consensus.enums import OpenBecause
from consensus.feedback.view import option_label
from consensus.models import Verdict
from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import NONE, Reported, listed, middle, spoken, stated
from consensus.selectors.results import Item
from consensus.verdicts.words import percent, verdict_words
from surveys.enums import Stance, VerdictKind
from surveys.models import Technology

MOST_REASONS = 3
MOST_QUESTIONS = 5


class Judged:
    """Every rated entry with its latest verdict, the figures of that round, and the sentences behind it."""

    def __init__(self, found: Reported):
        self.found, self.results = found, found.results
        rated = self.results.latest_verdicts
        self.technologies = [row for pk, row in self.results.technologies.items() if pk in rated]
        said = reasons_of_verdicts(self.results, self.technologies)
        self.why = {pk: [sentence["text"] for sentence in parts] for pk, parts in said.items()}
        self.numbers = {c.pk: c.round.number for c in self.results.computations}

    def verdict(self, technology: Technology) -> Verdict:
        return self.results.latest_verdicts[technology.pk]

    def item(self, technology: Technology) -> Item | None:
        question = self.results.main_question
        if question is None:
            return None
        return self.found.main_items.get(
            (self.verdict(technology).computation_id, technology.pk, question.pk)
        )

    def sentence(self, technology: Technology) -> str:
        verdict = self.verdict(technology)
        label = verdict_words(verdict.verdict, verdict.open_because)
        return spoken([stated(label), *dict.fromkeys(self.why.get(technology.pk, []))])


def results(found: Reported) -> Iterator[Block]:
    yield Heading(_("Results"))
    judged, question = Judged(found), found.results.main_question
    if not judged.technologies:
        yield Paragraph(_("No entry has a verdict yet."))
        return
    if question is not None:
        yield Paragraph(
            _("Figures are those of the question “%(question)s” in the round of the latest verdict.")
            % {"question": question_name(question)}
        )
    yield Paragraph(charts(found), is_small=True)
    header = (
        item_word(found.results),
        _("Round"),
        "n",
        _("Median (quartiles)"),
        _("Share in the band"),
        _("Verdict and why"),
    )
    yield Grid([_row(judged, row) for row in judged.technologies], header, (3.8, 1.4, 0.9, 2.2, 1.9, 6.8), 8)
    yield from _other_questions(found, judged)


def charts(found: Reported) -> str:
    """A document of text and tables says where the drawings are."""
    return _(
        "Charts are not in this document. They stand on the platform under %(address)s, each with its table and a file."
    ) % {"address": settings.SITE_URL + reverse("results:overview", args=[found.study.code])}


def _row(judged: Judged, technology: Technology) -> tuple[str, ...]:
    item = judged.item(technology)
    row = item.panel if item else None
    return (
        f"{technology.key} {technology.name}",
        str(judged.numbers[judged.verdict(technology).computation_id]),
        str(row.n) if row else NONE,
        middle(row),
        percent(row.share) if row else NONE,
        judged.sentence(technology) if row else _("Too few answers to be shown"),
    )


def _other_questions(found: Reported, judged: Judged) -> Iterator[Block]:
    """Medians of what else was asked of each entry; years and other figures stand in their own units."""
    questions = found.results.ordered[1 : 1 + MOST_QUESTIONS]
    if not questions:
        return
    items = found.results.items(questions=questions)
    rows = []
    for technology in judged.technologies:
        at = judged.verdict(technology).computation_id
        cells = (items.get((at, technology.pk, question.pk)) for question in questions)
        rows.append(
            (f"{technology.key} {technology.name}", *(middle(cell.panel if cell else None) for cell in cells))
        )
    yield Heading(_("Other questions: median (quartiles)"), 2)
    header = (item_word(found.results), *map(question_name, questions))
    yield Grid(rows, header, (5, *[12 / len(questions)] * len(questions)), 8)


def disagreements(found: Reported) -> Iterator[Block]:
    yield Heading(_("Stable disagreements"))
    judged = Judged(found)
    split = [
        row for row in judged.technologies if judged.verdict(row).verdict == VerdictKind.STABLE_DISAGREEMENT
    ]
    if not split:
        yield Paragraph(_("None so far."))
    for technology in split:
        yield Heading(f"{technology.key} {technology.name}", 2)
        item = judged.item(technology)
        if item is None or item.panel is None:
            yield Paragraph(_("Too few answers to be shown"))
            continue
        yield Paragraph(judged.sentence(technology))
        yield Paragraph(_distribution(found, item), lead=_("Answers (members): "))
        yield from _reasons(found, technology)
    yield from _undivided(judged)


def _undivided(judged: Judged) -> Iterator[Block]:
    """Entries that are open although members do not disagree, so that nobody takes them for what is left to do."""
    verdicts = {row: judged.verdict(row) for row in judged.technologies}
    named = [
        f"{row.key} {row.name}"
        for row, verdict in verdicts.items()
        if verdict.open_because == OpenBecause.UNDIVIDED
        and (item := judged.item(row)) is not None
        and item.panel is not None
    ]
    if named:
        yield Paragraph(
            _(
                "Stable and undivided: members do not disagree on these entries, but no rule for consensus holds, as "
                "where they agree on the middle of the scale. Their verdict is open: %(entries)s."
            )
            % {"entries": listed(named)}
        )


def _distribution(found: Reported, item: Item) -> str:
    question, row = found.results.main_question, item.panel
    pairs = zip(row.values, row.counts, strict=True)  # type: ignore[union-attr]
    return listed(f"{option_label(question, value)} ({short(count)})" for value, count in pairs if count)


def _reasons(found: Reported, technology: Technology) -> Iterator[Block]:
    labels = {Stance.FOR: _("In favour"), Stance.AGAINST: _("Against")}
    for stance, label in labels.items():
        said = [each for each in found.threads.get(technology.pk, []) if each.stance == stance]
        for thread in said[:MOST_REASONS]:
            yield Paragraph(f"“{thread.text}”", lead=_("%(label)s: ") % {"label": label}, is_item=True)
