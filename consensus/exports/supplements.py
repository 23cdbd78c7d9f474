"""Figures beside the statistics: positivity and authority, attrition, verdicts among completers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consensus.exports.base import Cell, Row, Table
from consensus.exports.shown import WHOLE_PANEL
from consensus.models import Computation
from consensus.selectors.results import StudyResults
from consensus.selectors.supplements import attrition_of, authority_of
from surveys.models import Study

SUPPRESSED = "suppressed"
_AUTHORITY = ("ca", "cs", "cr", "n_familiarity", "n_basis")
INDICATOR_COLUMNS = (
    "round", "panel_group", "sent", "returned", "submitted", "positivity", *_AUTHORITY, "note",
)  # fmt: skip
AUTHORITY_COLUMNS = ("round", "technology", "technology_name", *_AUTHORITY, "note")
ATTRITION_COLUMNS = ("round", "previous_round", "panel_group", "n_before", "came_back", "newcomers")
_COMPARED = (
    "n_completers", "n_dropouts", "mean_completers", "mean_dropouts", "difference", "p_value", "p_adjusted",
)  # fmt: skip
DROPOUT_COLUMNS = ("round", "previous_round", "question", "technology", "technology_name", *_COMPARED)
COMPLETER_COLUMNS = (
    "round", "previous_round", "compared_round", "technology", "technology_name", "verdict_everyone",
    "verdict_completers", "n_everyone", "n_completers",
)  # fmt: skip


def supplement_tables(study: Study) -> Iterator[Table]:
    found = Stored(study)
    yield Table("indicators", INDICATOR_COLUMNS, found.indicators())
    yield Table("authority", AUTHORITY_COLUMNS, found.authority())
    yield Table("attrition", ATTRITION_COLUMNS, found.response())
    yield Table("dropouts", DROPOUT_COLUMNS, found.dropouts())
    yield Table("completers", COMPLETER_COLUMNS, found.completers())


class Stored:
    """What is stored of the current computations; small groups are kept back by the selectors."""

    def __init__(self, study: Study):
        self.results = StudyResults(study)
        self.authority_figures = authority_of(self.results)
        self.attrition_figures = {
            computation.pk: figures
            for computation in self.results.computations
            if (figures := attrition_of(self.results, computation))
        }
        self.names = {row.key: str(row.name) for row in self.results.technologies.values()}

    def _with(self, stored: dict[int, dict[str, Any]]) -> Iterator[tuple[Computation, dict[str, Any]]]:
        for computation in self.results.computations:
            if computation.pk in stored:
                yield computation, stored[computation.pk]

    def indicators(self) -> Iterator[Row]:
        for computation, figures in self._with(self.authority_figures):
            positivity, lacks = figures["positivity"], ", ".join(figures["lacks"])
            number = computation.round.number
            yield (
                number, WHOLE_PANEL, *_response(positivity["panel"]), *_coefficients(figures["panel"]),
                lacks or (None if figures["panel"] else SUPPRESSED),
            )  # fmt: skip
            for group in self.results.groups:
                returned, authority = (part["groups"].get(group.key) for part in (positivity, figures))
                if returned or authority:
                    note = lacks or (None if authority else SUPPRESSED)
                    yield (number, group.key, *_response(returned), *_coefficients(authority), note)

    def authority(self) -> Iterator[Row]:
        for computation, figures in self._with(self.authority_figures):
            if figures["lacks"]:
                continue
            for technology_id in self.results.verdicts[computation.pk]:
                technology = self.results.technologies[technology_id]
                row = figures["technologies"].get(technology.key)
                yield (
                    computation.round.number, technology.key, str(technology.name), *_coefficients(row),
                    None if row else SUPPRESSED,
                )  # fmt: skip

    def response(self) -> Iterator[Row]:
        for computation, figures in self._with(self.attrition_figures):
            steps, found = (computation.round.number, figures["earlier"]), figures["response"]
            yield (*steps, WHOLE_PANEL, found["n"], found["came_back"], figures["newcomers"])
            for group in self.results.groups:
                if row := found["groups"].get(group.key):
                    yield (*steps, group.key, row["n"], row["came_back"], None)

    def dropouts(self) -> Iterator[Row]:
        """For each question first all technologies together, then those that enough of both sides judged."""
        for computation, figures in self._with(self.attrition_figures):
            for question, part in figures["questions"].items():
                head = (computation.round.number, figures["earlier"], question)
                if part["together"]:
                    yield (*head, None, None, *map(part["together"].get, _COMPARED))
                for key, row in part["items"].items():
                    yield (*head, key, self.names.get(key), *map(row.get, _COMPARED))

    def completers(self) -> Iterator[Row]:
        for computation, figures in self._with(self.attrition_figures):
            number, earlier = computation.round.number, figures["earlier"]
            official = {
                self.results.technologies[pk].key: verdict.verdict
                for pk, verdict in self.results.verdicts[computation.pk].items()
            }
            for compared, part in ((earlier, "before"), (number, "now")):
                for key, row in figures["verdicts"][part].items():
                    everyone = official.get(key, row["everyone"]) if part == "now" else row["everyone"]
                    yield (
                        number, earlier, compared, key, self.names.get(key), everyone, row["completers"],
                        row["n_everyone"], row["n_completers"],
                    )  # fmt: skip


def _response(row: dict[str, Any] | None) -> tuple[Cell, ...]:
    return tuple((row or {}).get(name) for name in ("sent", "returned", "submitted", "value"))


def _coefficients(row: dict[str, Any] | None) -> tuple[Cell, ...]:
    return tuple((row or {}).get(name) for name in ("ca", "cs", "value", "n_used", "n_basis"))
