"""Attrition from one round to the next: who came back, did the others answer differently, and does it matter?

Nothing of fewer people than the study's smallest group leaves this module. What is stored is judged once more when
it is read (`consensus.selectors.supplements`): the minimum and the published figures may have changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from consensus.analysis.round import Analysis
from consensus.attrition.among import Among, read_valued_rows
from consensus.counting.answers import GONE
from consensus.counting.frame import COUNTED_STATUSES, Frame, frame_of, is_ordered, per_technology
from consensus.counting.reading import columns
from consensus.enums import ComputationStatus
from consensus.models import Computation
from consensus.privacy.suppress import part_may_show, shown_groups, sides_may_show
from consensus.selectors.results import published_n
from consensus.stats import attrition as compare
from consensus.stats import mann_whitney
from consensus.verdicts.judging import main_question, protocol_rules, verdicts_of
from surveys.enums import CriterionKind
from surveys.models import Round
from surveys.question_types import kind_of

_ANSWERED = """
    SELECT DISTINCT a.member_id AS member
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s
      AND (a.number IS NOT NULL OR a.special <> '' OR a.text <> '' OR a.parts IS NOT NULL)"""
_INVITED = """
    SELECT p.member_id AS member, COALESCE(m.group_id, 0) AS panel_group
    FROM surveys_participation p
    JOIN experts_panelmember m ON m.id = p.member_id
    WHERE p.round_id = %s AND m.status <> %s
      AND EXISTS (SELECT 1 FROM surveys_assignment s WHERE s.round_id = p.round_id AND s.member_id = p.member_id)"""
ALPHA = 0.05


def attrition_since(frame: Frame) -> dict[str, Any] | None:
    """From the round before to this one; None in the first round."""
    return _Attrition(frame).found() if frame.previous is not None else None


class _Attrition:
    def __init__(self, frame: Frame):
        self.frame, self.earlier = frame, frame_of(frame.previous)
        self.minimum = frame.study.minimum_group
        first, now = answered(frame.previous), answered(frame.round)
        invited = columns(_INVITED, [frame.round.pk, GONE], {"member": "i4", "panel_group": "i4"})
        # Whom this round asked nothing could not come back.
        again = invited[np.isin(invited["member"], first)]
        self.members, self.groups = again["member"], again["panel_group"]
        self.came_back = np.isin(self.members, now)
        self.newcomers = int((~np.isin(now, first)).sum())

    def found(self) -> dict[str, Any]:
        return {
            "earlier": self.frame.previous.number,
            "alpha": ALPHA,
            "response": self._response(),
            "newcomers": self.newcomers,
            "questions": {
                question.key: self._question(question)
                for question in self.earlier.questions
                if is_ordered(question) and per_technology(question)
            },
            "verdicts": self._verdicts(),
        }

    def _response(self) -> dict[str, Any]:
        """Answered before, and of these now; small groups are left out. Who may read the others is asked later."""
        keys = {group.pk: group.key for group in self.frame.groups}
        sizes = {key: int((self.groups == pk).sum()) for pk, key in keys.items()}
        shown = shown_groups(sizes, len(self.members), self.minimum)
        return {
            "n": len(self.members),
            "came_back": int(self.came_back.sum()),
            "groups": {
                key: {"n": sizes[key], "came_back": int(self.came_back[self.groups == pk].sum())}
                for pk, key in keys.items()
                if key in shown
            },
        }

    def _question(self, question) -> dict[str, Any]:
        rows = read_valued_rows(self.earlier, self.frame.previous, question)
        present = np.bincount(rows["technology"], minlength=len(self.earlier.technologies))
        published = published_by_technology(self.earlier, question, present)
        order = np.argsort(self.members)
        spot = np.searchsorted(self.members[order], rows["member"])
        known = spot < len(order)
        known[known] = self.members[order][spot[known]] == rows["member"][known]
        rows, at = rows[known], order[spot[known]]
        ratings = np.full((len(self.members), len(self.earlier.technologies)), np.nan)
        ratings[at, rows["technology"]] = rows["number"]
        return self._items(question, ratings, published) | {"together": self._together(ratings)}

    def _items(self, question, ratings: np.ndarray, published: np.ndarray) -> dict[str, Any]:
        """Completers against drop-outs, for technologies that enough of both judged; adjusted over these.

        `published`: answers behind the round's own figures. Those that are neither (people whom the later round
        asked nothing, who withdrew since) must be nobody or enough: they are what is left when both sides are
        taken from the whole.
        """
        given = ~np.isnan(ratings)
        stay = given[self.came_back].sum(axis=0)
        left = given[~self.came_back].sum(axis=0)
        sides = zip(stay.tolist(), left.tolist(), published.tolist(), strict=True)
        enough = np.flatnonzero([sides_may_show(*side, self.minimum) for side in sides])
        if not len(enough):
            return {"items": {}, "flagged": 0, "withheld": len(self.earlier.technologies)}
        categories = kind_of(question).categories(question)
        found = compare(ratings[:, enough], self.came_back, categories, alpha=ALPHA)
        rows = {
            self.earlier.technologies[place].key: {
                "n_completers": int(stay[place]),
                "n_dropouts": int(left[place]),
                "mean_completers": _number(found.mean_completers, at),
                "mean_dropouts": _number(found.mean_dropouts, at),
                "difference": _number(found.difference, at),
                "p_value": _number(found.test.p_value, at),
                "p_adjusted": _number(found.p_adjusted, at),
            }
            for at, place in enumerate(enough.tolist())
        }
        withheld = len(self.earlier.technologies) - len(enough)
        return {"items": rows, "flagged": len(found.flagged), "withheld": withheld}

    def _together(self, ratings: np.ndarray) -> dict[str, Any] | None:
        """Each member's mean distance from the technologies' means: sparse routing leaves few for each one."""
        given = ~np.isnan(ratings)
        n = given.sum(axis=0)
        centre = np.where(given, ratings, 0.0).sum(axis=0) / np.maximum(n, 1)
        each = given.sum(axis=1)
        level = np.where(given, ratings - centre, 0.0).sum(axis=1) / np.maximum(each, 1)
        stay, left = (level[(each > 0) & side] for side in (self.came_back, ~self.came_back))
        if min(len(stay), len(left)) < self.minimum:
            return None
        test = mann_whitney(stay, left)
        return {
            "n_completers": len(stay),
            "n_dropouts": len(left),
            "mean_completers": float(stay.mean()),
            "mean_dropouts": float(left.mean()),
            "p_value": test.p_value,
        }

    def _verdicts(self) -> dict[str, Any]:
        """Verdicts as they are, and as they would be among those who answered every round so far."""
        if CriterionKind.CONSENSUS_IN not in self.frame.criteria and (
            CriterionKind.CONSENSUS_OUT not in self.frame.criteria
        ):
            return {"before": {}, "now": {}}
        every = faithful(self.frame)
        rule = {gate: part for gate, part in protocol_rules(self.earlier).items() if gate != "stability"}
        before = self._compared(self.earlier, self.members[self.came_back], rule)
        now = self._compared(self.frame, every, None)
        return {"before": before, "now": now}

    def _compared(self, frame: Frame, members: np.ndarray, rule: dict | None) -> dict[str, Any]:
        """Technologies of which nobody, or enough people, are left out; else the difference would tell of a few."""
        question = main_question(frame)
        whole = Analysis(frame, seed=0)  # verdicts draw nothing
        part = Among(whole, members)
        size = len(frame.technologies)
        n_all, n_part = (
            np.bincount(cells.technology, weights=cells.n, minlength=size)
            for cells in (whole.cells(question).valued, part.cells(question).valued)
        )
        published = published_by_technology(frame, question, n_all)
        counts = zip(n_all.tolist(), n_part.tolist(), published.tolist(), strict=True)
        shown = [part_may_show(*count, self.minimum) for count in counts]
        official, completers = verdicts_of(whole, rule), verdicts_of(part, rule)
        return {
            technology.key: {
                "everyone": str(official[place].verdict),
                "completers": str(completers[place].verdict),
                "n_everyone": int(n_all[place]),
                "n_completers": int(n_part[place]),
            }
            for place, technology in enumerate(frame.technologies)
            if shown[place]
        }


def published_by_technology(frame: Frame, question, present: np.ndarray) -> np.ndarray:
    """Answers behind the round's published figures; before there are any, those that are stored now."""
    computation = Computation.objects.filter(round=frame.round, status=ComputationStatus.CURRENT).first()
    if computation is None:
        return present
    found = published_n([computation], [question])
    return np.array([found.get((computation.pk, pk, question.pk, None), 0) for pk in frame.technology_ids])


def answered(round: Round) -> np.ndarray:
    """Members who answered anything in the round, withdrawn ones left out as everywhere."""
    return columns(_ANSWERED, [round.pk, GONE], {"member": "i4"})["member"]


def faithful(frame: Frame) -> np.ndarray:
    """Members who answered in this round and in every one before it that is over."""
    found = answered(frame.round)
    earlier = Round.objects.filter(
        study=frame.study, number__lt=frame.round.number, status__in=COUNTED_STATUSES
    )
    for round in earlier.order_by("number"):
        found = np.intersect1d(found, answered(round))
    return found


def _number(array: Any, place: int) -> float | None:
    value = np.ma.filled(np.ma.asarray(array, dtype=float), np.nan).ravel()[place]
    return None if np.isnan(value) else float(value)
