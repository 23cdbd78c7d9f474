"""Authority coefficients of a round: of the panel, of its groups, and of the members who judged each technology.

Ca comes from the basis of judgement, Cs from familiarity, Cr = (Ca + Cs) / 2; the tables of weights are the study's.
Cs is of all who rated their familiarity, Ca of those among them who gave all four bases: were Cs of these alone,
then what the few without a basis had said would follow from the counts of familiarity that are published.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from consensus.counting.answers import GONE
from consensus.counting.cells import places
from consensus.counting.expert_weights import (
    WeightTable,
    basis_questions,
    familiarity_weights_of,
    weight_table,
)
from consensus.counting.frame import Frame, per_technology
from consensus.counting.reading import columns
from consensus.stats import authority_coefficient
from consensus.stats.expert_weights import ACCEPTABLE_AUTHORITY
from surveys.question_types import kind_of

_ANSWERS = """
    SELECT a.member_id AS member, COALESCE(m.group_id, 0) AS panel_group, a.question_id AS question,
           COALESCE(a.technology_id, 0) AS technology, a.number AS number
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND a.question_id IN ({marks}) AND m.status <> %s AND a.number IS NOT NULL"""
_NAMES = {"member": "i4", "panel_group": "i4", "question": "i4", "technology": "i4", "number": "f8"}
NO_BASIS, NO_FAMILIARITY = "no_basis", "no_familiarity"


def authority(frame: Frame) -> dict[str, Any]:
    """`panel`, `groups` by key and `technologies` by key; `lacks` names the questions that the study does not ask."""
    basis = basis_questions(frame.questions)
    lacks = [] if basis else [NO_BASIS]
    lacks += [] if frame.familiarity is not None else [NO_FAMILIARITY]
    table = weight_table(frame.study)
    found: dict[str, Any] = {"lacks": lacks, "weights": table.as_dict(), "limit": ACCEPTABLE_AUTHORITY}
    if lacks:
        return found | {"panel": None, "groups": {}, "technologies": {}}
    return found | _Judged(frame, basis, table).figures()


class _Judged:
    """Every familiarity that a member gave to a technology, with the basis of that member's judgement."""

    def __init__(self, frame: Frame, basis: list, table: WeightTable):
        self.frame, self.basis, self.table = frame, basis, table
        rows = _read(frame, [*basis, frame.familiarity])
        familiar = rows[rows["question"] == frame.familiarity.pk]
        technology = places(familiar["technology"], frame.technology_ids)
        self.rows, self.technology = familiar[technology >= 0], technology[technology >= 0]
        low = kind_of(frame.familiarity).bounds(frame.familiarity)[0]
        self.level = (self.rows["number"] - low).astype(int)
        self.influence = self._influences(rows)
        self.complete = (self.influence >= 0).all(axis=1)
        self.basis_weights = np.array([part[::-1] for part in table.basis])
        self.cs_weights = np.asarray(familiarity_weights_of(frame.familiarity, table))

    def _influences(self, rows: np.ndarray) -> np.ndarray:
        """For each familiarity the four influences, 0 small .. 2 large, -1 where it was not given."""
        once = not per_technology(self.basis[0])
        found = np.full((len(self.rows), len(self.basis)), -1)
        wanted = _pair(self.rows["member"], 0 if once else self.rows["technology"])
        for place, question in enumerate(self.basis):
            mine = rows[rows["question"] == question.pk]
            known = _pair(mine["member"], 0 if once else mine["technology"])
            order = np.argsort(known)
            spot = np.searchsorted(known[order], wanted)
            hit = spot < len(known)
            hit[hit] = known[order][spot[hit]] == wanted[hit]
            low = kind_of(question).bounds(question)[0]
            found[hit, place] = (mine["number"][order][spot[hit]] - low).astype(int)
        return found

    def figures(self) -> dict[str, Any]:
        groups = places(self.rows["panel_group"], [group.pk for group in self.frame.groups])
        return {
            "panel": self._of_members(np.ones(len(self.rows), dtype=bool)),
            "groups": {
                group.key: self._of_members(groups == place) for place, group in enumerate(self.frame.groups)
            },
            "technologies": {
                technology.key: self._of_technology(self.technology == place)
                for place, technology in enumerate(self.frame.technologies)
            },
        }

    def _of_technology(self, mine: np.ndarray) -> dict[str, Any]:
        influence = self.influence[mine & self.complete]
        counts = [np.bincount(influence[:, place], minlength=3) for place in range(len(self.basis))]
        n = int(mine.sum())
        return authority_coefficient(
            basis_counts=np.concatenate(counts),
            familiarity_counts=np.bincount(self.level[mine], minlength=len(self.cs_weights)),
            n=n,
            n_basis=len(influence),
            basis_weights=self.basis_weights,
            familiarity_weights=self.cs_weights,
            missing=n - len(influence),
        ).as_dict()

    def _of_members(self, mine: np.ndarray) -> dict[str, Any]:
        """Every member counts once, with the means over what the member judged."""
        with_basis = mine & self.complete
        each = self.basis_weights[np.arange(len(self.basis)), self.influence[with_basis]].sum(axis=1)
        ca, n_basis = _mean_of_members(self.rows["member"][with_basis], each)
        cs, n = _mean_of_members(self.rows["member"][mine], self.cs_weights[self.level[mine]])
        value = None if ca is None or cs is None else (ca + cs) / 2
        return {
            "value": value,
            "n_used": n,
            "n_missing": n - n_basis,
            "method": "Cr = (Ca + Cs) / 2, self-rated, means over members",
            "undefined_reason": "no_answers" if value is None else None,
            "n_basis": n_basis,
            "ca": ca,
            "cs": cs,
            "acceptable": None if value is None else value >= ACCEPTABLE_AUTHORITY - 1e-12,
            "limit": ACCEPTABLE_AUTHORITY,
        }


def _mean_of_members(members: np.ndarray, figures: np.ndarray) -> tuple[float | None, int]:
    """The mean of the members' means, and how many members there are."""
    if not len(members):
        return None, 0
    _known, at = np.unique(members, return_inverse=True)
    means = np.bincount(at, weights=figures) / np.bincount(at)
    return float(means.mean()), len(means)


def _read(frame: Frame, questions: list) -> np.ndarray:
    sql = _ANSWERS.format(marks=", ".join(["%s"] * len(questions)))
    return columns(sql, [frame.round.pk, *(question.pk for question in questions), GONE], _NAMES)


def _pair(member: np.ndarray, technology) -> np.ndarray:
    return member.astype(np.int64) * 2**31 + technology
