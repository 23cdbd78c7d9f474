"""Count tables of a round, by GROUP BY and self-join in the database.

Counted are the stored answers of members who did not withdraw, submitted or not: an answer is never lost, and a
person who answered twelve of forty technologies before the round closed has answered twelve.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.recfunctions import repack_fields

from consensus.frame import Frame
from consensus.reading import columns
from experts.enums import MemberStatus
from surveys.enums import Special

SPECIALS = (Special.CANNOT_JUDGE, Special.ALREADY, Special.NEVER, Special.CANNOT_SAY)
NO_FAMILIARITY = -1.0
_SPECIAL_CODE = (
    "CASE a.special WHEN '' THEN 0 "
    + " ".join(f"WHEN '{special.value}' THEN {code}" for code, special in enumerate(SPECIALS, 1))
    + " ELSE 0 END"
)
_ANSWERED = "(a.number IS NOT NULL OR a.special <> '')"

# Every %s is a parameter; the only text put in is of this module.
_CELLS = f"""
    SELECT a.question_id AS question, COALESCE(a.technology_id, 0) AS technology,
           COALESCE(m.group_id, 0) AS panel_group, COALESCE(f.number, {NO_FAMILIARITY}) AS familiarity,
           {_SPECIAL_CODE} AS special, COALESCE(a.number, 0) AS number, COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    LEFT JOIN surveys_answer f ON f.round_id = %s AND f.question_id = %s AND f.member_id = a.member_id
                              AND f.technology_id = a.technology_id
    WHERE a.round_id = %s AND m.status <> %s AND {_ANSWERED}
    GROUP BY 1, 2, 3, 4, 5, 6"""  # noqa: S608
_PLAIN_CELLS = f"""
    SELECT a.question_id AS question, COALESCE(a.technology_id, 0) AS technology,
           COALESCE(m.group_id, 0) AS panel_group, {NO_FAMILIARITY} AS familiarity,
           {_SPECIAL_CODE} AS special, COALESCE(a.number, 0) AS number, COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND {_ANSWERED}
    GROUP BY 1, 2, 3, 4, 5, 6"""  # noqa: S608
# From the earlier round outwards: who valued it then and not again is counted in the same pass.
_PAIRS = """
    SELECT b.question_id AS question, b.technology_id AS technology, b.number AS earlier,
           CASE WHEN a.number IS NULL THEN 0 ELSE 1 END AS again, COALESCE(a.number, 0) AS later, COUNT(*) AS n
    FROM surveys_answer b
    JOIN experts_panelmember m ON m.id = b.member_id
    LEFT JOIN surveys_answer a ON a.round_id = %s AND a.member_id = b.member_id
                              AND a.technology_id = b.technology_id AND a.question_id = b.question_id
    WHERE b.round_id = %s AND m.status <> %s AND b.number IS NOT NULL AND b.technology_id IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5"""
_ASKED = """
    SELECT s.technology_id AS technology, COALESCE(m.group_id, 0) AS panel_group, COUNT(*) AS n
    FROM surveys_assignment s
    JOIN experts_panelmember m ON m.id = s.member_id
    WHERE s.round_id = %s AND m.status <> %s
    GROUP BY 1, 2"""
_ENROLLED = """
    SELECT 0 AS technology, COALESCE(m.group_id, 0) AS panel_group, COUNT(*) AS n
    FROM surveys_participation p
    JOIN experts_panelmember m ON m.id = p.member_id
    WHERE p.round_id = %s AND m.status <> %s
    GROUP BY 1, 2"""
# Member and technology in one number: a row costs by its columns.
_RATINGS = """
    SELECT CAST(a.member_id AS bigint) * {stride} + a.technology_id AS place, a.number AS number
    FROM surveys_answer a
    WHERE a.round_id = %s AND a.question_id = %s AND a.number IS NOT NULL AND a.technology_id IS NOT NULL"""
_BOUNDS = """
    SELECT a.technology_id AS technology, COALESCE(m.group_id, 0) AS panel_group, a.{part} AS number,
           COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND a.question_id = %s AND m.status <> %s AND a.{part} IS NOT NULL
      AND a.technology_id IS NOT NULL
    GROUP BY 1, 2, 3"""
GONE = MemberStatus.WITHDRAWN.value


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


def places(ids: np.ndarray, axis: list[int]) -> np.ndarray:
    """The place of each id on the axis, -1 where it is not on it."""
    if not axis:
        return np.full(len(ids), -1)
    known = np.asarray(axis)
    order = np.argsort(known)
    spot = np.minimum(np.searchsorted(known[order], ids), len(known) - 1)
    found = order[spot]
    return np.where(known[found] == ids, found, -1)


def read_cells(frame: Frame) -> dict[int, Cells]:
    """One GROUP BY: question id to its cells."""
    if frame.familiarity is None:
        sql, params = _PLAIN_CELLS, [frame.round.pk, GONE]
    else:
        sql, params = _CELLS, [frame.round.pk, frame.familiarity.pk, frame.round.pk, GONE]
    rows = columns(
        sql,
        params,
        {
            "question": "i4",
            "technology": "i4",
            "panel_group": "i4",
            "familiarity": "f8",
            "special": "i2",
            "number": "f8",
            "n": "i4",
        },
    )
    return {
        question.pk: _cells(frame, question, rows[rows["question"] == question.pk])
        for question in frame.questions
    }


def _cells(frame: Frame, question, rows: np.ndarray) -> Cells:
    round_wide = rows["technology"] == 0
    technology = np.where(round_wide, 0, places(rows["technology"], frame.technology_ids))
    cells = Cells(
        technology=technology,
        group=places(rows["panel_group"], [group.pk for group in frame.groups]) + 1,
        familiarity=rows["familiarity"].copy(),
        special=rows["special"].copy(),
        number=rows["number"].copy(),
        n=rows["n"].copy(),
    )
    expected = round_wide if question.asked_per == "round" else ~round_wide & (technology >= 0)
    return cells.where(expected)


@dataclass(frozen=True)
class Movers:
    """Who valued a question in the earlier round: `pairs` rows (technology, earlier, later, n) of those who did so
    again, and per technology how many valued it in the earlier round at all.
    """

    pairs: np.ndarray
    before: np.ndarray


def read_movers(frame: Frame) -> dict[int, Movers]:
    """One self-join, by question id."""
    if frame.previous is None:
        return {}
    names = {"question": "i4", "technology": "i4", "earlier": "f8", "again": "i2", "later": "f8", "n": "i4"}
    rows = columns(_PAIRS, [frame.round.pk, frame.previous.pk, GONE], names)
    rows["technology"] = places(rows["technology"], frame.technology_ids)
    rows = rows[rows["technology"] >= 0]
    return {
        question.pk: _movers(frame, rows[rows["question"] == question.pk]) for question in frame.questions
    }


def _movers(frame: Frame, rows: np.ndarray) -> Movers:
    before = np.bincount(rows["technology"], weights=rows["n"], minlength=len(frame.technologies))
    kept = rows[rows["again"] == 1][["technology", "earlier", "later", "n"]]
    return Movers(repack_fields(kept), before)


def read_bounds(frame: Frame, question, part: str) -> np.ndarray:
    """Counts of the low or the high end of three-point estimates, by technology."""
    if part not in ("low", "high"):
        raise ValueError(f"estimates have a low and a high end, not {part!r}")
    names = {"technology": "i4", "panel_group": "i4", "number": "f8", "n": "i4"}
    rows = columns(_BOUNDS.format(part=part), [frame.round.pk, question.pk, GONE], names)
    rows["technology"] = places(rows["technology"], frame.technology_ids)
    return rows[rows["technology"] >= 0]


def read_asked(frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """How many were asked: (groups + 1, technologies), and (groups + 1,) for questions once per round."""
    names = {"technology": "i4", "panel_group": "i4", "n": "i4"}
    axis = [group.pk for group in frame.groups]
    rows = columns(_ASKED, [frame.round.pk, GONE], names)
    technology = places(rows["technology"], frame.technology_ids)
    known = technology >= 0
    group = places(rows["panel_group"], axis) + 1
    size = len(frame.technologies)
    flat = np.bincount(
        group[known] * size + technology[known], weights=rows["n"][known], minlength=(len(axis) + 1) * size
    )
    enrolled = columns(_ENROLLED, [frame.round.pk, GONE], names)
    in_round = np.bincount(
        places(enrolled["panel_group"], axis) + 1, weights=enrolled["n"], minlength=len(axis) + 1
    )
    return flat.reshape(len(axis) + 1, size), in_round


class Ratings:
    """One person's answers across technologies, for the few statistics that need them.

    A question is read when it is asked for, and the latest alone is kept.
    """

    def __init__(self, frame: Frame, questions: list):
        self.frame = frame
        self.questions = {question.pk for question in questions}
        self._latest: tuple[int, np.ndarray, np.ndarray] | None = None

    def __contains__(self, question) -> bool:
        return question.pk in self.questions

    @cached_property
    def _gone(self) -> np.ndarray:
        members = self.frame.study.panel.members.filter(status=GONE)
        return np.array(list(members.values_list("pk", flat=True)), dtype=np.int64)

    def members(self, question) -> np.ndarray:
        """Ids of the members that the rows of the matrix stand for."""
        return self._read(question)[1]

    def matrix(self, question) -> np.ndarray:
        """Members x technologies, NaN missing. Members in order of their id, so that a seeded draw repeats."""
        return self._read(question)[2]

    def _read(self, question) -> tuple[int, np.ndarray, np.ndarray]:
        if self._latest is None or self._latest[0] != question.pk:
            self._latest = None  # let go of the old matrix before the new one is made
            self._latest = (question.pk, *self._members_and_matrix(question))
        return self._latest

    def _members_and_matrix(self, question) -> tuple[np.ndarray, np.ndarray]:
        ids = self.frame.technology_ids
        stride = max(ids, default=0) + 1
        rows = columns(
            _RATINGS.format(stride=stride),
            [self.frame.round.pk, question.pk],
            {"place": "i8", "number": "f8"},
        )
        member, technology = np.divmod(rows["place"], stride)
        column = places(technology, ids)
        known = (column >= 0) & ~np.isin(member, self._gone)
        members, line = np.unique(member[known], return_inverse=True)
        matrix = np.full((len(members), len(ids)), np.nan)
        matrix[line, column[known]] = rows["number"][known]
        return members, matrix
