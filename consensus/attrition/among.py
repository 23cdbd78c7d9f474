"""The analysis of a round among some of its members only: what would the verdicts be without the others?"""

from __future__ import annotations

import numpy as np

from consensus.analysis.criteria import leaves
from consensus.analysis.round import Analysis, Counted
from consensus.counting.answers import GONE
from consensus.counting.cells import NO_FAMILIARITY, places
from consensus.counting.frame import Frame
from consensus.counting.reading import columns
from consensus.verdicts.judging import main_question, protocol_rules

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
        self.__dict__.update({name: part for name, part in vars(whole).items() if name != "_familiarity"})
        self.whole, self.members = whole, whole.members.only(members)
        self._counted, self._latest = {}, None
        self.ruled = {question.pk for question in rule_questions(self.frame)}

    def counted(self, question) -> Counted:
        # Not read again: that would cost as much as the round's own statistics.
        return super().counted(question) if question.pk in self.ruled else self.whole.counted(question)


def rule_questions(frame: Frame) -> list:
    keys = {leaf["question"] for rule in protocol_rules(frame).values() for leaf in leaves(rule)}
    if frame.criteria:
        keys.add(main_question(frame).key)
    return [question for question in frame.questions if question.key in keys]
