"""The analysis of a round among some of its members only: what would the verdicts be without the others?"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from consensus.analysis import Analysis
from consensus.counts import GONE, NO_FAMILIARITY, Cells, Ratings, places
from consensus.criteria import leaves
from consensus.frame import Frame
from consensus.reading import columns
from consensus.verdicts import main_question, protocol_rules

_VALUED = f"""
    SELECT a.member_id AS member, COALESCE(m.group_id, 0) AS panel_group, a.technology_id AS technology,
           COALESCE(f.number, {NO_FAMILIARITY}) AS familiarity, a.number AS number
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    LEFT JOIN surveys_answer f ON f.round_id = a.round_id AND f.question_id = %s AND f.member_id = a.member_id
                              AND f.technology_id = a.technology_id
    WHERE a.round_id = %s AND a.question_id = %s AND m.status <> %s
      AND a.number IS NOT NULL AND a.technology_id IS NOT NULL"""  # noqa: S608
_NAMES = {"member": "i4", "panel_group": "i4", "technology": "i4", "familiarity": "f8", "number": "f8"}


def read_valued_rows(frame: Frame, round, question) -> np.ndarray:
    """One row for each value that a member gave to a technology of the frame; `technology` is its place."""
    familiarity = frame.familiarity.pk if frame.familiarity is not None else 0
    rows = columns(_VALUED, [familiarity, round.pk, question.pk, GONE], _NAMES)
    rows["technology"] = places(rows["technology"], frame.technology_ids)
    return rows[rows["technology"] >= 0]


class Among(Analysis):
    """Counts of the members given, for the questions of the protocol's rules; the other counts stay the whole's."""

    def __init__(self, whole: Analysis, members: np.ndarray):
        # Not read again: that would cost as much as the round's own statistics.
        self.__dict__.update({name: part for name, part in vars(whole).items() if name != "ratings"})
        self.cells, self.pairs, self.before = dict(whole.cells), dict(whole.pairs), dict(whole.before)
        self.members = members
        for question in rule_questions(self.frame):
            self._restrict(question)

    def _restrict(self, question) -> None:
        rows = self._mine(read_valued_rows(self.frame, self.frame.round, question))
        self.cells[question.pk] = self._cells(rows)
        if self.frame.previous is None:
            return
        before = self._mine(read_valued_rows(self.frame, self.frame.previous, question))
        self.pairs[question.pk] = joined(before, rows)
        self.before[question.pk] = np.bincount(before["technology"], minlength=len(self.frame.technologies))

    def _mine(self, rows: np.ndarray) -> np.ndarray:
        return rows[np.isin(rows["member"], self.members)]

    def _cells(self, rows: np.ndarray) -> Cells:
        return Cells(
            technology=rows["technology"],
            group=places(rows["panel_group"], [group.pk for group in self.frame.groups]) + 1,
            familiarity=rows["familiarity"],
            special=np.zeros(len(rows), dtype=np.int16),
            number=rows["number"],
            n=np.ones(len(rows), dtype=np.int32),
        )

    @cached_property
    def ratings(self) -> Ratings:
        found = super().ratings
        found.rows = {key: self._mine(rows) if len(rows) else rows for key, rows in found.rows.items()}
        return found


def rule_questions(frame: Frame) -> list:
    keys = {leaf["question"] for rule in protocol_rules(frame).values() for leaf in leaves(rule)}
    if frame.criteria:
        keys.add(main_question(frame).key)
    return [question for question in frame.questions if question.key in keys]


def joined(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Rows (technology, earlier, later, n = 1) of members who valued a technology in both rounds."""
    keys = [rows["member"].astype(np.int64) * 2**31 + rows["technology"] for rows in (before, after)]
    _both, first, second = np.intersect1d(*keys, assume_unique=True, return_indices=True)
    found = np.zeros(
        len(first), dtype=[("technology", "i4"), ("earlier", "f8"), ("later", "f8"), ("n", "i4")]
    )
    found["technology"], found["n"] = before["technology"][first], 1
    found["earlier"], found["later"] = before["number"][first], after["number"][second]
    return found
