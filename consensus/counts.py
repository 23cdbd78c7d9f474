"""Count tables of a round, by GROUP BY and self-join in the database.

Counted are the stored answers of members who did not withdraw, submitted or not: an answer is never lost, and a
person who answered twelve of forty technologies before the round closed has answered twelve.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

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
_PAIRS = """
    SELECT a.question_id AS question, a.technology_id AS technology,
           b.number AS earlier, a.number AS later, COUNT(*) AS n
    FROM surveys_answer a
    JOIN surveys_answer b ON b.round_id = %s AND b.member_id = a.member_id
                         AND b.technology_id = a.technology_id AND b.question_id = a.question_id
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND a.number IS NOT NULL AND b.number IS NOT NULL
    GROUP BY 1, 2, 3, 4"""
_VALUED = """
    SELECT a.question_id AS question, a.technology_id AS technology, COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND a.number IS NOT NULL AND a.technology_id IS NOT NULL
    GROUP BY 1, 2"""
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
_RATINGS = """
    SELECT a.member_id AS member, a.question_id AS question, a.technology_id AS technology, a.number AS number
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND a.question_id IN ({marks}) AND m.status <> %s
      AND a.number IS NOT NULL AND a.technology_id IS NOT NULL"""
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


def read_pairs(frame: Frame) -> dict[int, np.ndarray]:
    """One self-join: question id to rows (technology, earlier, later, n) of members who valued both rounds."""
    if frame.previous is None:
        return {}
    names = {"question": "i4", "technology": "i4", "earlier": "f8", "later": "f8", "n": "i4"}
    rows = columns(_PAIRS, [frame.previous.pk, frame.round.pk, GONE], names)
    return _by_question(frame, rows)


def read_valued(frame: Frame, round) -> dict[int, np.ndarray]:
    """How many valued each technology, by question id: what pairs are compared with to say who is missing."""
    names = {"question": "i4", "technology": "i4", "n": "i4"}
    rows = _by_question(frame, columns(_VALUED, [round.pk, GONE], names))
    size = len(frame.technologies)
    return {
        key: np.bincount(part["technology"], weights=part["n"], minlength=size) for key, part in rows.items()
    }


def read_bounds(frame: Frame, question, part: str) -> np.ndarray:
    """Counts of the low or the high end of three-point estimates, by technology."""
    if part not in ("low", "high"):
        raise ValueError(f"estimates have a low and a high end, not {part!r}")
    names = {"technology": "i4", "panel_group": "i4", "number": "f8", "n": "i4"}
    rows = columns(_BOUNDS.format(part=part), [frame.round.pk, question.pk, GONE], names)
    rows["technology"] = places(rows["technology"], frame.technology_ids)
    return rows[rows["technology"] >= 0]


def _by_question(frame: Frame, rows: np.ndarray) -> dict[int, np.ndarray]:
    rows["technology"] = places(rows["technology"], frame.technology_ids)
    rows = rows[rows["technology"] >= 0]
    return {question.pk: rows[rows["question"] == question.pk] for question in frame.questions}


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

    Rows are kept compact; a matrix (members x technologies, NaN missing) is made one question at a time.
    """

    def __init__(self, frame: Frame, questions: list):
        self.size = len(frame.technologies)
        self.rows = {question.pk: np.zeros(0) for question in questions}
        if not questions:
            return
        names = {"member": "i4", "question": "i4", "technology": "i4", "number": "f8"}
        sql = _RATINGS.format(marks=", ".join(["%s"] * len(questions)))
        rows = columns(sql, [frame.round.pk, *self.rows, GONE], names)
        rows["technology"] = places(rows["technology"], frame.technology_ids)
        rows = rows[rows["technology"] >= 0]
        self.rows = {key: rows[rows["question"] == key] for key in self.rows}

    def members(self, question) -> np.ndarray:
        """Ids of the members that the rows of the matrix stand for."""
        rows = self.rows[question.pk]
        return np.unique(rows["member"]) if len(rows) else np.zeros(0, dtype=np.int64)

    def matrix(self, question) -> np.ndarray:
        """Members in order of their row in the database, so that a seeded draw repeats."""
        rows = self.rows[question.pk]
        if not len(rows):
            return np.full((0, self.size), np.nan)
        members, place = np.unique(rows["member"], return_inverse=True)
        matrix = np.full((len(members), self.size), np.nan)
        matrix[place, rows["technology"]] = rows["number"]
        return matrix
