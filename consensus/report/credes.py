"""The CREDES items of Delphi studies, with where each is answered.

Numbers follow Jünger and others, Palliative Medicine 2017, doi:10.1177/0269216317690685; the short descriptions are
ours. What only the authors can know is marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consensus.report.blocks import Block, Grid, Heading, Paragraph
from consensus.report.reading import Reported, listed


@dataclass(frozen=True)
class Item:
    """`sections` of this report answer it, `left` is what the authors add."""

    asks: Any
    sections: tuple[Any, ...] = ()
    left: Any = ""

    def answered(self) -> tuple[str, str]:
        where = listed(f"“{section}”" for section in self.sections)
        return where or gettext("not in this report"), str(self.left) or gettext("nothing")


ITEMS = (
    Item(_("Why the Delphi technique suits the question"), (), _("all of it")),
    Item(
        _("Planning: modifications of the technique, stages, stopping"),
        (_("Study and protocol"), _("Method")),
        _("reasons for modifications"),
    ),
    Item(
        _("Consensus defined beforehand, and what follows where there is none"),
        (_("Definition of consensus"),),
        _("reasons for the thresholds"),
    ),
    Item(
        _("Material that members were given, reviewed and piloted"), (_("Questions"),), _("review and pilot")
    ),
    Item(
        _("Prevention of bias by those who ran the study"),
        (_("Conduct and computation"), _("Amendments")),
        _("role and interests of the organisers"),
    ),
    Item(
        _("Interpretation and processing of results, stability and disagreement included"),
        (_("Verdicts after each round"), _("Stable disagreements")),
        _("their discussion"),
    ),
    Item(_("Review of the final draft by outsiders"), (), _("all of it")),
    Item(_("Purpose and rationale"), (_("Study and protocol"),), _("the rationale")),
    Item(
        _("Panel: selection, number, expertise, response"),
        (_("Panel"), _("Rounds and response")),
        _("criteria of selection"),
    ),
    Item(
        _("Methods: preparation, piloting, rounds, feedback, analysis"),
        (_("Method"),),
        _("preparation and piloting"),
    ),
    Item(_("Procedure, as a flow of its stages"), (_("Course of the study"),)),
    Item(
        _("How consensus was attained, round by round"),
        (_("Verdicts after each round"), _("Entries added, dropped and reworded")),
    ),
    Item(_("Results of each round and final"), (_("Results"), _("Verdicts after each round"))),
    Item(_("Limitations"), (_("Attrition"),), _("the discussion")),
    Item(_("Adequacy of the conclusions"), (), _("all of it")),
    Item(_("Publication and dissemination"), (), _("all of it")),
)


def credes(found: Reported) -> Iterator[Block]:
    yield Heading(gettext("Reporting checklist (CREDES)"))
    yield Paragraph(
        gettext(
            "Where this report answers the items of CREDES (doi:10.1177/0269216317690685), and what the authors add; "
            "the descriptions are short paraphrases."
        )
    )
    rows = [(str(number), str(item.asks), *item.answered()) for number, item in enumerate(ITEMS, 1)]
    header = (
        gettext("Item"),
        gettext("What to report"),
        gettext("Sections of this report"),
        gettext("Left to the authors"),
    )
    yield Grid(rows, header, (1.2, 6.3, 5.5, 4), 8)
