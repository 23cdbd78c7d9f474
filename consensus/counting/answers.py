"""A round's answers to one question as compact columns, and the joins and counts that statistics need of them.

Rows are counted here and not in the database: reading a question's rows and counting them with NumPy takes a fraction
of the time of GROUP BY and of the self-join of two rounds (docs/decisions). One question is held at a time.

Counted are the stored answers of members who did not withdraw, submitted or not: an answer is never lost, and a
person who answered twelve of forty technologies before the round closed has answered twelve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consensus.counting.cells import NO_FAMILIARITY, SPECIALS, Cells, places
from consensus.counting.frame import Frame, per_technology
from consensus.counting.reading import columns
from experts.enums import MemberStatus
from surveys.models import Question, Round

GONE = MemberStatus.WITHDRAWN.value
_SPECIAL_CODE = (
    "CASE special WHEN '' THEN 0 "
    + " ".join(f"WHEN '{special.value}' THEN {code}" for code, special in enumerate(SPECIALS, 1))
    + " ELSE 0 END"
)
_STRIDE = 2**31  # beyond any technology's id
# Member and technology in one number: a row costs by its columns. Every %s is a parameter.
_ROWS = f"""
    SELECT CAST(member_id AS bigint) * {_STRIDE} + COALESCE(technology_id, 0) AS place,
           {_SPECIAL_CODE} AS special, COALESCE(number, 0) AS number
    FROM surveys_answer
    WHERE round_id = %s AND question_id = %s AND (number IS NOT NULL OR special <> '')"""  # noqa: S608
_MOST_CELLS = 4_000_000
_CLOSE = 10_000


@dataclass(frozen=True)
class Members:
    """Members who did not withdraw, by ascending id, and their panel group's place (0 none, 1.. in order)."""

    ids: np.ndarray
    group: np.ndarray

    def only(self, ids: np.ndarray) -> Members:
        chosen = np.isin(self.ids, ids)
        return Members(self.ids[chosen], self.group[chosen])


def read_members(frame: Frame) -> Members:
    present = frame.study.panel.members.exclude(status=GONE).order_by("pk").values_list("pk", "group_id")
    pairs = list(present)
    ids = np.array([pk for pk, _group in pairs], dtype=np.int64)
    groups = np.array([group or 0 for _pk, group in pairs], dtype=np.int64)
    return Members(ids, places(groups, [group.pk for group in frame.groups]) + 1)


@dataclass(frozen=True)
class Answers:
    """One question in one round. `key`: technology x members + member (places on the axes), ascending, each once:
    the order in which the covering index has them.
    """

    key: np.ndarray
    special: np.ndarray
    number: np.ndarray
    members: int

    @property
    def member(self) -> np.ndarray:
        return self.key % self.members

    @property
    def technology(self) -> np.ndarray:
        return self.key // self.members

    @property
    def valued(self) -> Answers:
        mask = self.special == 0
        return self if mask.all() else self._of(mask)

    @property
    def sorted(self) -> Answers:
        return self if (np.diff(self.key) > 0).all() else self._of(np.argsort(self.key, kind="stable"))

    def _of(self, chosen: np.ndarray) -> Answers:
        return Answers(self.key[chosen], self.special[chosen], self.number[chosen], self.members)


def read_answers(frame: Frame, members: Members, round: Round, question: Question) -> Answers:
    rows = columns(_ROWS, [round.pk, question.pk], {"place": "i8", "special": "i2", "number": "f8"})
    member_id, technology_id = np.divmod(rows["place"], _STRIDE)
    member = places(member_id, members.ids)
    rated = per_technology(question)
    technology = places(technology_id, frame.technology_ids) if rated else np.where(technology_id == 0, 0, -1)
    known = (member >= 0) & (technology >= 0)
    size = max(1, len(members.ids))
    key = technology[known] * size + member[known]
    return Answers(key, rows["special"][known], rows["number"][known], size).sorted


def joined(answers: Answers, other: Answers) -> tuple[np.ndarray, np.ndarray]:
    """For every answer the place of the same member's answer on the same technology in `other`, and if there is one."""
    if not len(other.key):
        return np.zeros(len(answers.key), dtype=np.int64), np.zeros(len(answers.key), dtype=bool)
    spot = np.minimum(np.searchsorted(other.key, answers.key), len(other.key) - 1)
    return spot, other.key[spot] == answers.key


def cells_of(answers: Answers, members: Members, familiarity: Answers | None) -> Cells:
    """How often each value was given, by technology, panel group, familiarity and special answer."""
    level = np.full(len(answers.key), NO_FAMILIARITY)
    if familiarity is not None:
        spot, found = joined(answers, familiarity)
        level[found] = familiarity.number[spot[found]]
    axes = [answers.technology, members.group[answers.member], answers.special]
    columns_, n = counted([*axes, level, answers.number])
    technology, group, special, familiarity_level, number = columns_
    return Cells(technology, group, familiarity_level, special, number, n.astype(np.int32))


def counted(axes: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """Distinct combinations of the axes' values, in order, and how often each occurs."""
    levels, codes = zip(*(_coded(axis) for axis in axes), strict=True)
    sizes = [max(1, len(level)) for level in levels]
    key = np.zeros(len(axes[0]), dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        key *= size
        key += code
    if np.prod(sizes, dtype=float) <= _MOST_CELLS:
        table = np.bincount(key, minlength=int(np.prod(sizes)))
        found = np.flatnonzero(table)
        n = table[found]
    else:
        found, n = np.unique(key, return_counts=True)
    spots = np.unravel_index(found, sizes)
    return [level[spot] for level, spot in zip(levels, spots, strict=True)], n


def _coded(axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Levels and codes. Whole numbers close together, which most answers are, need no sorting."""
    if len(axis):
        low, high = axis.min(), axis.max()
        if high - low < _CLOSE:
            codes = (axis - low).astype(np.int64)
            if axis.dtype.kind != "f" or np.array_equal(codes + low, axis):
                return np.arange(low, high + 1, dtype=axis.dtype), codes
    levels, codes = np.unique(axis, return_inverse=True)
    return levels, codes


PAIR = np.dtype([("technology", "i4"), ("earlier", "f8"), ("later", "f8"), ("n", "i4")])


def pairs_of(later: Answers, earlier: Answers) -> np.ndarray:
    """Rows (technology, earlier, later, n) of members who valued the question in both rounds."""
    spot, found = joined(later, earlier)
    names, n = counted([later.technology[found], earlier.number[spot[found]], later.number[found]])
    rows = np.zeros(len(n), dtype=PAIR)
    for name, column in zip(("technology", "earlier", "later", "n"), (*names, n), strict=True):
        rows[name] = column
    return rows


def matrix_of(answers: Answers, technologies: int) -> tuple[np.ndarray, np.ndarray]:
    """(places of the members who valued something, members x technologies with NaN missing)."""
    valued = answers.valued
    member = valued.member
    present = np.zeros(valued.members, dtype=bool)
    present[member] = True
    who = np.flatnonzero(present)
    line = (np.cumsum(present) - 1)[member]
    matrix = np.full((len(who), technologies), np.nan)
    matrix[line, valued.technology] = valued.number
    return who, matrix
