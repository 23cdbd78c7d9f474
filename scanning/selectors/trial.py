"""What is told of any proposer, a method or a language model: how much was kept, how surely, how much was reworded."""

from __future__ import annotations

from statistics import median

from scanning.textmining.agreement import wilson


class Trial:
    """For rows that say how many were `kept` of those `decided`, and the `edits` (characters, share) of each."""

    kept: int
    decided: int
    edits: list[tuple[int, float]]

    @property
    def rate(self) -> float | None:
        """Kept of those decided, in percent."""
        return 100 * self.kept / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        found = wilson(self.kept, self.decided)
        return (100 * found[0], 100 * found[1]) if found else None

    @property
    def edit_distance(self) -> float | None:
        return median(distance for distance, _share in self.edits) if self.edits else None

    @property
    def edit_share(self) -> float | None:
        return 100 * median(share for _distance, share in self.edits) if self.edits else None
