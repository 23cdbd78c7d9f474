"""All statistics of one round, question by question. Reads the database, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from consensus.analysis.battery import Band, Item, items
from consensus.analysis.criteria import band_of, moved_band
from consensus.analysis.panel import adjust_over_technologies, movements, panel_statistics
from consensus.composite.items import add_certainty, composite_items, composite_movements
from consensus.composite.reading import Composites
from consensus.counting.answers import (
    PAIR,
    Answers,
    cells_of,
    matrix_of,
    pairs_of,
    read_answers,
    read_members,
)
from consensus.counting.cells import Cells
from consensus.counting.counts import read_asked, read_bounds
from consensus.counting.frame import Frame, is_ordered, per_technology
from consensus.counting.tables import ItemTable, familiarity_weights, item_tables
from consensus.stats import Tally, describe
from surveys.enums import QuestionType
from surveys.question_types import kind_of


@dataclass(frozen=True)
class QuestionAnalysis:
    items: list[Item]
    panel: dict[str, Any] | None
    movements: list[tuple[int, int, dict[str, Any]]]


@dataclass(frozen=True)
class Counted:
    """What one question's answers come to: small, whatever their number."""

    cells: Cells
    pairs: np.ndarray | None  # rows (technology, earlier, later, n); None without an earlier round
    before: np.ndarray | None  # per technology: members who valued it in the earlier round


class Analysis:
    """One round's counts, and what follows from them. Each question's answers are read once, when asked for."""

    def __init__(self, frame: Frame, seed: int):
        self.frame, self.seed = frame, seed
        self.members = read_members(frame)
        self.asked, self.enrolled = read_asked(frame)
        self.weights = familiarity_weights(frame.familiarity)
        self.composites = Composites(frame)
        self._counted: dict[int, Counted] = {}
        self._latest: tuple[int, Answers] | None = None

    def answers(self, question) -> Answers:
        """The answers themselves; those of the latest question alone are kept."""
        if self._latest is None or self._latest[0] != question.pk:
            self._latest = None  # let go of the old ones before the new ones come
            self._latest = (question.pk, self._read(self.frame.round, question))
        return self._latest[1]

    def _read(self, round, question) -> Answers:
        return read_answers(self.frame, self.members, round, question)

    @cached_property
    def _familiarity(self) -> Answers | None:
        """How familiar each member said to be with each technology, for all questions."""
        asked = self.frame.familiarity
        return None if asked is None else self._read(self.frame.round, asked).valued

    def counted(self, question) -> Counted:
        if question.pk not in self._counted:
            self._counted[question.pk] = self._count(question)
        return self._counted[question.pk]

    def _count(self, question) -> Counted:
        now = self.answers(question)
        cells = cells_of(now, self.members, self._familiarity if per_technology(question) else None)
        size = len(self.frame.technologies)
        if self.frame.previous is None:
            return Counted(cells, None, None)
        if not per_technology(question):
            return Counted(cells, np.zeros(0, dtype=PAIR), np.zeros(size))
        before = self._read(self.frame.previous, question).valued
        again = np.bincount(before.technology, minlength=size).astype(float)
        return Counted(cells, pairs_of(now.valued, before), again)

    def cells(self, question) -> Cells:
        return self.counted(question).cells

    def is_ranked(self, question) -> bool:
        """Whether members order the technologies by it. Orders by familiarity say who knows what, no more."""
        several = len(self.frame.technologies) > 1
        rated = is_ordered(question) and per_technology(question)
        return several and rated and question != self.frame.familiarity

    def ratings(self, question) -> tuple[np.ndarray, np.ndarray]:
        """(member ids, members x technologies with NaN missing), in order of the ids: a seeded draw repeats."""
        who, matrix = matrix_of(self.answers(question), len(self.frame.technologies))
        return self.members.ids[who], matrix

    @property
    def n_answers(self) -> int:
        counted = sum(int(self.cells(question).n.sum()) for question in self.frame.questions)
        return counted + self.composites.n_answers

    def band(self, question) -> Band | None:
        return band_of(self.frame, question)

    def tables(self, question) -> Iterable[ItemTable]:
        asked = self.asked if per_technology(question) else self.enrolled[:, None]
        weighs = question != self.frame.familiarity and per_technology(question)
        return item_tables(question, self.cells(question), asked, self.weights if weighs else None)

    def question(self, question) -> QuestionAnalysis:
        tables = list(self.tables(question))
        if kind_of(question).is_composite:
            return self._composite(question, tables)
        found = [item for table in tables for item in self._items(question, table)]
        if question.type == QuestionType.ESTIMATE and per_technology(question):
            self._add_bounds(question, found)
        if question.type == QuestionType.CERTAINTY:
            add_certainty(question, found, self.composites, self.frame.study.quantile_type)
        return QuestionAnalysis(found, self._panel(question, tables), self._movements(question))

    def _composite(self, question, tables: list[ItemTable]) -> QuestionAnalysis:
        found = composite_items(question, tables, self.composites, self.frame.study.quantile_type)
        return QuestionAnalysis(list(found), None, composite_movements(question, self.composites))

    def _items(self, question, table: ItemTable) -> Iterable[Item]:
        return items(
            question,
            table,
            ordered=is_ordered(question),
            band=self.band(question),
            quantile_type=self.frame.study.quantile_type,
            rng=self._rng(question, 1),
        )

    def _rng(self, question, purpose: int) -> np.random.Generator:
        """A generator of its own for each question and purpose: a resumed run draws what an unbroken one draws."""
        return np.random.default_rng([self.seed, self.frame.questions.index(question), purpose])

    def _panel(self, question, tables: list[ItemTable]) -> dict[str, Any] | None:
        if not per_technology(question) or not self.frame.technologies:
            return None
        ratings = self.ratings(question)[1] if self.is_ranked(question) else None
        least = self.frame.study.minimum_group
        return panel_statistics(question, tables, ratings, self._rng(question, 0), least=least)

    def _movements(self, question) -> list[tuple[int, int, dict[str, Any]]]:
        rows = self.counted(question).pairs
        if rows is None or not len(rows):
            return []
        once, band = self.answered_once(question), moved_band(self.frame, question)
        found = list(movements(question, rows, once, band, self.frame.study.quantile_type))
        adjust_over_technologies(found)
        return found

    def answered_once(self, question) -> np.ndarray:
        """Per technology: members who valued it in this round or in the one before, but not in both."""
        counted = self.counted(question)
        size = len(self.frame.technologies)
        valued, rows = counted.cells.valued, counted.pairs
        now = np.bincount(valued.technology, weights=valued.n, minlength=size)
        both = np.bincount(rows["technology"], weights=rows["n"], minlength=size)
        return np.maximum(now + counted.before - 2 * both, 0)

    def _add_bounds(self, question, found: list[Item]) -> None:
        """Medians and quartiles of the low and the high ends, for the panel."""
        panel = {item.technology: item for item in found if item.slice == 0}
        for part in ("low", "high"):
            rows = read_bounds(self.frame, question, part)
            for place in np.unique(rows["technology"]).tolist():
                mine = rows[rows["technology"] == place]
                values, spot = np.unique(mine["number"], return_inverse=True)
                tally = Tally(np.bincount(spot, weights=mine["n"]), values)
                described = describe(tally, quantile_type=self.frame.study.quantile_type).as_dict()
                panel[place].statistics[part] = described

    def input_digest(self, question) -> str:
        """A hash of everything that the question's results depend on, besides the protocol."""
        counted = self.counted(question)
        found = hashlib.sha256(counted.cells.digest())
        if counted.pairs is not None:
            found.update(counted.pairs.tobytes())
        if self.is_ranked(question):
            found.update(self.ratings(question)[1].tobytes())
        if block := self.composites.block(question):
            found.update(block.digest())
        return found.hexdigest()
