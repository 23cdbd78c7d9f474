"""Counts of one question: how often each answer was given, by technology, panel group and familiarity."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surveys.enums import Special

SPECIALS = (Special.CANNOT_JUDGE, Special.ALREADY, Special.NEVER, Special.CANNOT_SAY)
NO_FAMILIARITY = -1.0


@dataclass(frozen=True)
class Cells:
    """Rows of a GROUP BY with ids replaced by places on the frame's axes.

    `technology`: place in the list (0 for a question asked once per round); `group`: 0 none, 1.. in order.
    """

    technology: np.ndarray
    group: np.ndarray
    familiarity: np.ndarray
    special: np.ndarray
    number: np.ndarray
    n: np.ndarray

    def where(self, mask: np.ndarray) -> Cells:
        return Cells(**{name: array[mask] for name, array in vars(self).items()})

    @property
    def valued(self) -> Cells:
        return self.where(self.special == 0)

    def digest(self) -> bytes:
        """A hash that does not depend on the order in which the database returned the rows."""
        order = np.lexsort((self.number, self.special, self.familiarity, self.group, self.technology))
        found = hashlib.sha256()
        for array in vars(self).values():
            found.update(np.ascontiguousarray(array[order]).tobytes())
        return found.digest()


_LARGEST_TABLE = 4_000_000


def places(ids: np.ndarray, axis: Sequence[int] | np.ndarray) -> np.ndarray:
    """The place of each id on the axis, -1 where it is not on it."""
    if len(axis) == 0:
        return np.full(len(ids), -1)
    known = np.asarray(axis)
    low, high = int(known.min()), int(known.max())
    if high - low < _LARGEST_TABLE:
        table = np.full(high - low + 1, -1)
        table[known - low] = np.arange(len(known))
        inside = (ids >= low) & (ids <= high)
        return np.where(inside, table[np.where(inside, ids - low, 0)], -1)
    order = np.argsort(known)
    spot = np.minimum(np.searchsorted(known[order], ids), len(known) - 1)
    found = order[spot]
    return np.where(known[found] == ids, found, -1)
