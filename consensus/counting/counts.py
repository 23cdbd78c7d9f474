"""Small counts of a round by GROUP BY in the database: who was asked, and the ends of estimates."""

from __future__ import annotations

import numpy as np

from consensus.counting.answers import GONE
from consensus.counting.cells import places
from consensus.counting.frame import Frame
from consensus.counting.reading import columns

# Every %s is a parameter; the only text put in is of this module.
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
_BOUNDS = """
    SELECT a.technology_id AS technology, COALESCE(m.group_id, 0) AS panel_group, a.{part} AS number,
           COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND a.question_id = %s AND m.status <> %s AND a.{part} IS NOT NULL
      AND a.technology_id IS NOT NULL
    GROUP BY 1, 2, 3"""


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
