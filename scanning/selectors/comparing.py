"""Two scans side by side: what is new, what is gone, what moved."""

from __future__ import annotations

from dataclasses import dataclass

from scanning.models import Candidate, Scan
from scanning.monitors.compare import key_of

SHOWN = 100


@dataclass(frozen=True)
class Moved:
    candidate: Candidate
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.before - self.after


@dataclass(frozen=True)
class Comparison:
    earlier: Scan
    later: Scan
    new: list[Candidate]
    gone: list[Candidate]
    moved: list[Moved]
    same: int
    differing: list[tuple[str, object, object]]

    @property
    def overlap(self) -> float | None:
        """Candidates of both as a share of those of either (Jaccard), in percent."""
        whole = self.same + len(self.new) + len(self.gone)
        return 100 * self.same / whole if whole else None


def compare(earlier: Scan, later: Scan) -> Comparison:
    """Candidates are the same when their mined names are, but for capitals, hyphens and blanks; parts of a split are
    left out."""
    before, after = _by_name(earlier), _by_name(later)
    both = [key for key in after if key in before]
    moved = [Moved(after[key], place_of(before[key]), place_of(after[key])) for key in both]
    return Comparison(
        earlier,
        later,
        new=[after[key] for key in after if key not in before],
        gone=[before[key] for key in before if key not in after],
        moved=sorted((one for one in moved if one.by), key=lambda one: (-abs(one.by), one.after)),
        same=len(both),
        differing=[
            (name, earlier.recipe.get(name), later.recipe.get(name))
            for name in sorted({*earlier.recipe, *later.recipe})
            if earlier.recipe.get(name) != later.recipe.get(name)
        ],
    )


def place_of(candidate: Candidate) -> int:
    """The place the scan gave it, whatever formula orders the queue now."""
    return candidate.how.get("mined_place", candidate.rank)


def _by_name(scan: Scan) -> dict[tuple[str, str], Candidate]:
    rows = scan.candidates.filter(split_from=None)
    ordered = sorted(rows, key=lambda row: (place_of(row), row.pk))
    return {(row.language, key_of(row.mined_name)): row for row in ordered}
