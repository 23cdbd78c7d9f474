"""How sure the figures of one technology are: what is known of them with its interval, round by round."""

from __future__ import annotations

from dataclasses import dataclass

from consensus.dashboard.asked import Asked
from consensus.feedback.intervals import FIGURES, Estimate, estimates
from consensus.models import Computation
from consensus.selectors.results import StudyResults
from surveys.models import Technology


@dataclass(frozen=True)
class Line:
    """One figure: its estimate in each round, None where a round has none."""

    label: str
    method: str
    cells: list[Estimate | None]


@dataclass(frozen=True)
class Sureness:
    computations: list[Computation]
    lines: list[Line]

    @property
    def draws(self) -> list[tuple[Computation, int]]:
        """Rounds whose intervals were drawn, with how often: with the seed they can be drawn again."""
        drawn = [
            (computation, {cell.draws for line in self.lines if (cell := line.cells[place]) and cell.draws})
            for place, computation in enumerate(self.computations)
        ]
        return [(computation, max(times)) for computation, times in drawn if times]


def sureness(results: StudyResults, asked: Asked, technology: Technology) -> Sureness | None:
    """Of the whole panel, in every round that may be shown; None where no interval is stored."""
    if asked.question is None:
        return None
    items = results.items(questions=[asked.question], technologies=[technology.pk], with_statistics=True)
    found = {}
    for computation in results.computations:
        item = items.get((computation.pk, technology.pk, asked.question.pk))
        if item and item.panel and (known := estimates(item.panel.statistics, computation.method)):
            found[computation] = {estimate.name: estimate for estimate in known}
    lines = [_line(name, [of_round.get(name) for of_round in found.values()]) for name in FIGURES]
    return Sureness(list(found), [line for line in lines if any(line.cells)]) if found else None


def _line(name: str, cells: list[Estimate | None]) -> Line:
    """The method is said once: it is the latest round's where an older version made one differently."""
    latest = next((cell for cell in reversed(cells) if cell), None)
    return Line(str(FIGURES[name].label), str(latest.method_words) if latest else "", cells)
