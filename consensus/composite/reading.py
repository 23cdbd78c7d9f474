"""Composite answers of a round, counted by the database: one row for each different answer, never one a person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import connection

from consensus.counting.answers import GONE
from consensus.counting.cells import places
from consensus.counting.frame import Frame, per_technology
from surveys.question_types import kind_of

CHUNK = 20_000
_ROWS = """
    SELECT a.question_id, COALESCE(a.technology_id, 0), COALESCE(m.group_id, 0), COALESCE(a.number, 0),
           CAST(a.parts AS TEXT), COUNT(*)
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND a.parts IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5"""
_KEPT = """
    SELECT a.question_id, a.technology_id,
           SUM(CASE WHEN CAST(a.parts AS TEXT) = CAST(b.parts AS TEXT) THEN 1 ELSE 0 END), COUNT(*)
    FROM surveys_answer a
    JOIN surveys_answer b ON b.round_id = %s AND b.member_id = a.member_id
                         AND b.technology_id = a.technology_id AND b.question_id = a.question_id
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND a.number IS NULL AND a.parts IS NOT NULL
      AND b.parts IS NOT NULL
    GROUP BY 1, 2"""


@dataclass(frozen=True)
class Block:
    """The answers to one question, by technology. `parts`: answers x part keys, NaN where a part was left open."""

    keys: list[str]
    technology: np.ndarray
    group: np.ndarray  # 0 none, 1.. in the frame's order
    number: np.ndarray
    parts: np.ndarray
    n: np.ndarray
    whole: np.ndarray  # nothing that the question wants was left open

    def of_slice(self, slice_: int) -> Block:
        """The complete answers of the panel (0) or of a group."""
        return self.where(self.whole if slice_ == 0 else self.whole & (self.group == slice_))

    def where(self, chosen: np.ndarray) -> Block:
        arrays = {name: array[chosen] for name, array in vars(self).items() if name != "keys"}
        return Block(self.keys, **arrays)

    def digest(self) -> bytes:
        """A hash that does not depend on the order in which the database returned the rows."""
        rows = np.column_stack([self.technology, self.group, self.number, self.n, self.parts]).astype(float)
        rows = rows[np.lexsort(rows.T)]
        return hashlib.sha256(np.ascontiguousarray(np.nan_to_num(rows, nan=-1e18)).tobytes()).digest()


class Composites:
    """All composite answers of the frame's round, read in one query, and none where nothing composite is asked."""

    def __init__(self, frame: Frame):
        self.frame = frame
        self.questions = [question for question in frame.questions if "parts" in kind_of(question).parts]

    @cached_property
    def blocks(self) -> dict[int, Block]:
        if not self.questions:
            return {}
        rows: dict[int, list[tuple]] = {question.pk: [] for question in self.questions}
        for question, *rest in _fetched(_ROWS, [self.frame.round.pk, GONE]):
            if question in rows:
                rows[question].append(rest)
        return {question.pk: self._block(question, rows[question.pk]) for question in self.questions}

    def block(self, question) -> Block | None:
        return self.blocks.get(question.pk)

    def size(self, question) -> int:
        """On how many places the question's answers are counted."""
        return len(self.frame.technologies) if per_technology(question) else 1

    @property
    def n_answers(self) -> int:
        """Answers that the count tables do not see: certainty has its number there."""
        own = {question.pk for question in self.questions if kind_of(question).is_composite}
        return int(sum(block.n.sum() for pk, block in self.blocks.items() if pk in own))

    def _block(self, question, rows: list[tuple]) -> Block:
        kind = kind_of(question)
        keys, needed = kind.part_keys(question), kind.parts_needed(question)
        column = {key: place for place, key in enumerate(keys)}
        parts = np.full((len(rows), len(keys)), np.nan)
        for line, row in enumerate(rows):
            for key, number in json.loads(row[3]).items():
                if key in column:
                    parts[line, column[key]] = number
        technology, group, number, n = (
            np.array([row[place] for row in rows], dtype=float) for place in (0, 1, 2, 4)
        )
        frame = self.frame
        in_list = places(technology.astype(int), frame.technology_ids)
        block = Block(
            keys=keys,
            technology=in_list if per_technology(question) else np.zeros(len(rows), dtype=int),
            group=places(group.astype(int), [each.pk for each in frame.groups]) + 1,
            number=number,
            parts=parts,
            n=n,
            whole=(~np.isnan(parts)).sum(axis=1) >= needed,
        )
        known = block.where(in_list >= 0 if per_technology(question) else technology == 0)
        return known.where(np.argsort(known.technology, kind="stable"))

    @cached_property
    def kept(self) -> dict[int, dict[int, tuple[int, int]]]:
        """Question id to place of the technology to (gave the same answer, answered in both rounds)."""
        found: dict[int, dict[int, tuple[int, int]]] = {question.pk: {} for question in self.questions}
        if self.frame.previous is None or not self.questions:
            return found
        spot = {pk: place for place, pk in enumerate(self.frame.technology_ids)}
        for question, technology, same, n in _fetched(
            _KEPT, [self.frame.previous.pk, self.frame.round.pk, GONE]
        ):
            if question in found and technology in spot:
                found[question][spot[technology]] = (int(same), int(n))
        return found


def _fetched(sql: str, params: list) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for rows in iter(lambda: cursor.fetchmany(CHUNK), []):
            yield from rows
