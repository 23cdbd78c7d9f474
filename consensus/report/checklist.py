"""A reporting checklist for consensus studies, filled with what the platform knows.

Item numbers are those of ACCORD (Gattrell and others, PLoS Medicine 2024, doi:10.1371/journal.pmed.1004326); the short
descriptions are ours. What only the authors can know is marked as such and never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consensus.report import known
from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import Reported, spoken


@dataclass(frozen=True)
class Entry:
    """`fill` says what the platform knows, `left` what the authors must add to it."""

    number: str
    asks: Any
    fill: Callable[[Reported], str] | None = None
    left: Any = ""

    def filled(self, found: Reported) -> tuple[str, str]:
        """Who fills it, and the text."""
        said = self.fill(found) if self.fill else ""
        if not said:
            return gettext("authors"), gettext("To be completed by the authors.")
        if not self.left:
            return gettext("platform"), said
        rest = gettext("To be completed by the authors: %(what)s.") % {"what": self.left}
        return gettext("in part"), spoken([said, rest])


def checklist(found: Reported) -> Iterator[Block]:
    rows = [(entry.number, str(entry.asks), *entry.filled(found)) for entry in ENTRIES]
    states = Counter(state for _number, _asks, state, _text in rows)
    yield Heading(gettext("Reporting checklist (ACCORD)"))
    yield Paragraph(
        gettext(
            "Of %(all)d items, %(known)d are filled from the platform, %(part)d in part, and %(authors)d are left to "
            "the authors. Numbers are those of the ACCORD guideline (doi:10.1371/journal.pmed.1004326); the "
            "descriptions are short paraphrases."
        )
        % {
            "all": len(rows),
            "known": states[gettext("platform")],
            "part": states[gettext("in part")],
            "authors": states[gettext("authors")],
        }
    )
    header = (gettext("Item"), gettext("What to report"), gettext("Filled by"), gettext("What is reported"))
    yield Grid(rows, header, (1.2, 5, 1.8, 9), 8)


ENTRIES = (
    Entry("T1", _("Title names the study as a consensus exercise and its method")),
    Entry("I1", _("Why agreement among experts was sought rather than another approach")),
    Entry(
        "I2",
        _("Aim, intended readers and reach"),
        known.aim,
        _("intended readers and geographical reach"),
    ),
    Entry("I3", _("Whether it renews earlier work, and why")),
    Entry(
        "M1",
        _("Registration of the protocol"),
        known.registered,
        _("registration in a public registry, if any"),
    ),
    Entry(
        "M2",
        _("Who steered the exercise, with which experience"),
        known.directed,
        _("their expertise"),
    ),
    Entry(
        "M3",
        _("Who could join the panel, how many, chosen by whom"),
        known.members,
        _("criteria, reasons for the number, who chose"),
    ),
    Entry("M4", _("How panel members were recruited"), known.invited, _("how they were found")),
    Entry("M5", _("Part of the public, patients or carers")),
    Entry(
        "M6",
        _("Where the first entries and materials came from"),
        known.origins,
        _("how the sources were chosen"),
    ),
    Entry("M7", _("Search of the literature: strategy and dates")),
    Entry("M8", _("Summary of the evidence, and whether members received it")),
    Entry("M9", _("Consensus method and its steps"), known.steps, _("why this method")),
    Entry("M10", _("How questions were put; reasons; new entries"), known.presented),
    Entry("M11", _("What each step was for"), known.scopes, _("the purpose of each round")),
    Entry(
        "M12",
        _("What counts as consensus, and why"),
        known.defined,
        _("why these thresholds"),
    ),
    Entry("M13", _("Whether entries with consensus were asked about again"), known.scopes),
    Entry("M14", _("How answers were collected, alone or in a group"), known.collected),
    Entry("M15", _("How answers were processed"), known.processed),
    Entry("M16", _("Pilot of the questionnaire")),
    Entry("M17", _("Feedback between rounds"), known.fed_back),
    Entry("M18", _("Anonymity: towards whom, and how it was kept"), known.anonymous),
    Entry(
        "M19",
        _("Part of those who steered in the panel's decisions"),
        known.decisions,
        _("whether they also answered"),
    ),
    Entry("M20", _("Incentives for taking part")),
    Entry(
        "M21",
        _("What made taking part easier for everyone"),
        known.accessible,
        _("further help, if any"),
    ),
    Entry(
        "R1",
        _("When it took place; length of each step; delays"),
        known.dates,
        _("reasons for delays, if any"),
    ),
    Entry(
        "R2",
        _("Departures from the protocol, and why"),
        known.deviations,
        _("departures outside the platform, if any"),
    ),
    Entry(
        "R3",
        _("Members and response in each step; who they were"),
        known.responded,
        _("demographics"),
    ),
    Entry("R4", _("Outcome in figures or themes"), known.outcome),
    Entry("R5", _("Entries changed or removed: when and why"), known.modified),
    Entry(
        "D1",
        _("Strengths and limits of the method as used"),
        known.limits,
        _("the discussion"),
    ),
    Entry("D2", _("Agreement with what is known already")),
    Entry("O1", _("Endorsing organisations and their part")),
    Entry("O2", _("Conflicts of interest and how they were handled")),
    Entry("O3", _("Funding and the funder's part")),
)
