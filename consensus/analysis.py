"""All statistics of one round, question by question. Reads the database, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from consensus.battery import Band, Item, items
from consensus.composite.items import add_certainty, composite_items, composite_movements
from consensus.composite.reading import Composites
from consensus.counts import Ratings, read_asked, read_bounds, read_cells, read_pairs, read_valued
from consensus.criteria import band_of
from consensus.frame import Frame, is_ordered, per_technology
from consensus.panel import adjust_over_technologies, movements, panel_statistics
from consensus.stats import Tally, describe
from consensus.tables import ItemTable, familiarity_weights, item_tables
from surveys.enums import QuestionType
from surveys.question_types import kind_of


@dataclass(frozen=True)
class QuestionAnalysis:
    items: list[Item]
    panel: dict[str, Any] | None
    movements: list[tuple[int, int, dict[str, Any]]]


class Analysis:
    """One round's counts, read once in a constant number of queries, and what follows from them."""

    def __init__(self, frame: Frame, seed: int):
        self.frame, self.seed = frame, seed
        self.cells = read_cells(frame)
        self.asked, self.enrolled = read_asked(frame)
        self.pairs = read_pairs(frame)
        self.before = read_valued(frame, frame.previous) if frame.previous else {}
        self.weights = familiarity_weights(frame.familiarity)
        self.composites = Composites(frame)

    @cached_property
    def ratings(self) -> Ratings:
        ranked = len(self.frame.technologies) > 1
        return Ratings(self.frame, [q for q in self.frame.questions if ranked and self._is_ranked(q)])

    def _is_ranked(self, question) -> bool:
        """Orders of technologies by familiarity say who knows what, not what the panel thinks of them."""
        return is_ordered(question) and per_technology(question) and question != self.frame.familiarity

    @property
    def n_answers(self) -> int:
        return int(sum(cells.n.sum() for cells in self.cells.values())) + self.composites.n_answers

    def band(self, question) -> Band | None:
        return band_of(self.frame, question)

    def tables(self, question) -> Iterable[ItemTable]:
        asked = self.asked if per_technology(question) else self.enrolled[:, None]
        weighs = question != self.frame.familiarity and per_technology(question)
        return item_tables(question, self.cells[question.pk], asked, self.weights if weighs else None)

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
        )

    def _panel(self, question, tables: list[ItemTable]) -> dict[str, Any] | None:
        if not per_technology(question) or not self.frame.technologies:
            return None
        ratings = self.ratings.matrix(question) if question.pk in self.ratings.rows else None
        # A generator of its own for each question: a resumed run draws what an unbroken one draws.
        rng = np.random.default_rng([self.seed, self.frame.questions.index(question)])
        return panel_statistics(question, tables, ratings, rng)

    def _movements(self, question) -> list[tuple[int, int, dict[str, Any]]]:
        rows = self.pairs.get(question.pk)
        if rows is None or not len(rows):
            return []
        band = self.band(question)
        values = np.unique(np.concatenate([rows["earlier"], rows["later"]]))
        agreed = band.of(values) if band else None
        once = self.answered_once(question)
        found = list(movements(question, rows, once, agreed, self.frame.study.quantile_type))
        adjust_over_technologies(found)
        return found

    def answered_once(self, question) -> np.ndarray:
        """Per technology: members who valued it in this round or in the one before, but not in both."""
        size = len(self.frame.technologies)
        valued, rows = self.cells[question.pk].valued, self.pairs[question.pk]
        now = np.bincount(valued.technology, weights=valued.n, minlength=size)
        both = np.bincount(rows["technology"], weights=rows["n"], minlength=size)
        before = self.before.get(question.pk, np.zeros(size))
        return np.maximum(now + before - 2 * both, 0)

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
        found = hashlib.sha256(self.cells[question.pk].digest())
        if question.pk in self.pairs:
            rows = self.pairs[question.pk]
            found.update(rows[np.lexsort((rows["later"], rows["earlier"], rows["technology"]))].tobytes())
        if question.pk in self.ratings.rows:
            found.update(self.ratings.matrix(question).tobytes())
        if block := self.composites.block(question):
            found.update(block.digest())
        return found.hexdigest()
