"""Reading results for people and programs. Only analysed rounds exist here, and small groups do not.

Everything that shows results (pages, charts, files, the API) reads through this module: the suppression of small
groups cannot be forgotten elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from consensus.enums import ComputationStatus
from consensus.models import Computation, ItemResult, PanelResult, Verdict
from consensus.privacy.guarded import item_statistics, panel_statistics
from consensus.privacy.suppress import shown_groups
from experts.models import PanelGroup
from surveys.enums import AskedPer, CriterionKind, QuestionType, RoundStatus
from surveys.models import Field, Question, Round, Study, Technology
from surveys.question_types import kind_of

LIGHT = (
    "computation_id", "technology_id", "question_id", "group_id", "n", "n_cannot_judge", "n_missing",
    "median", "q1", "q3", "share", "values", "counts", "specials",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the panel or of one group, as it may be shown."""

    n: int
    n_cannot_judge: int = 0
    n_missing: int = 0
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    share: float | None = None
    values: Sequence[float] = ()
    counts: Sequence[int] = ()
    specials: dict[str, int] = field(default_factory=dict)
    statistics: dict[str, Any] = field(default_factory=dict)

    @property
    def iqr(self) -> float | None:
        return None if self.q1 is None or self.q3 is None else self.q3 - self.q1


@dataclass(frozen=True, slots=True)
class Item:
    """One technology and question in one round. `panel` is None where fewer answered than the study's minimum."""

    n: int
    panel: Row | None
    groups: dict[int, Row]


Key = tuple[int, int | None, int]  # computation, technology, question


def analysed(study: Study) -> list[Computation]:
    """The current computations of the study's analysed rounds, in order. A closed round is not among them yet."""
    return list(
        Computation.objects.filter(
            round__study=study, round__status=RoundStatus.ANALYSED, status=ComputationStatus.CURRENT
        )
        .select_related("round")
        .order_by("round__number")
    )


def items(
    study: Study,
    computations: Iterable[Computation],
    *,
    questions: Iterable[Question | int] | None = None,
    technologies: Iterable[int] | None = None,
    with_statistics: bool = False,
) -> dict[Key, Item]:
    """Items by (computation, technology, question), in one query; small groups and small panels removed."""
    rows = ItemResult.objects.filter(computation__in=list(computations))
    if questions is not None:
        rows = rows.filter(question__in=list(questions))
    if technologies is not None:
        rows = rows.filter(technology__in=list(technologies))
    names = (*LIGHT, "statistics") if with_statistics else LIGHT
    together: dict[Key, dict[int | None, dict]] = defaultdict(dict)
    for row in rows.order_by().values(*names).iterator():
        key = (row["computation_id"], row["technology_id"], row["question_id"])
        together[key][row["group_id"]] = row
    return {key: guarded(by_group, study.minimum_group) for key, by_group in together.items()}


def guarded(by_group: dict[int | None, dict], minimum: int) -> Item:
    panel = by_group.get(None)
    if panel is None:
        return Item(0, None, {})
    if panel["n"] < minimum:
        return Item(panel["n"], None, {})
    sizes = {key: row["n"] for key, row in by_group.items() if key is not None}
    kept = shown_groups(sizes, panel["n"], minimum)
    groups = {key: _group_row(by_group[key], minimum) for key in kept}
    return Item(panel["n"], _row(panel, minimum), groups)


_ROW_FIELDS = [name for name in Row.__slots__ if name != "statistics"]


def _row(values: dict, minimum: int) -> Row:
    statistics = item_statistics(values.get("statistics") or {}, values["n"], minimum)
    return Row(**{name: values[name] for name in _ROW_FIELDS}, statistics=statistics)


def _group_row(values: dict, minimum: int) -> Row:
    """Of a group only those who gave a value: how many of few could not judge would tell of single people."""
    statistics = item_statistics(values.get("statistics") or {}, values["n"], minimum, of_group=True)
    plain = {name: values[name] for name in _ROW_FIELDS}
    return Row(**plain | {"n_cannot_judge": 0, "n_missing": 0, "specials": {}}, statistics=statistics)


class StudyResults:
    """What pages of one study's results share; each part is read once, when first asked for."""

    def __init__(self, study: Study):
        self.study = study
        self._items: dict[tuple, dict[Key, Item]] = {}

    @cached_property
    def computations(self) -> list[Computation]:
        return analysed(self.study)

    @cached_property
    def rounds(self) -> list[Round]:
        return [computation.round for computation in self.computations]

    @property
    def latest(self) -> Computation | None:
        return self.computations[-1] if self.computations else None

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.study.questions.exclude(type=QuestionType.TEXT).prefetch_related("choices"))

    @cached_property
    def per_technology(self) -> list[Question]:
        return [question for question in self.questions if question.asked_per == AskedPer.TECHNOLOGY]

    @cached_property
    def ordered(self) -> list[Question]:
        """Questions asked per technology whose median means something, the rule's question first."""
        found = [question for question in self.per_technology if kind_of(question).is_ordered]
        return sorted(found, key=lambda question: question != self.main_question)

    @cached_property
    def main_question(self) -> Question | None:
        """The question of the consensus rule, else the first that has an order."""
        criteria = {criterion.kind: criterion.question_id for criterion in self.study.criteria.all()}
        wanted = criteria.get(CriterionKind.CONSENSUS_IN) or criteria.get(CriterionKind.CONSENSUS_OUT)
        usable = [question for question in self.per_technology if kind_of(question).is_ordered]
        return next((q for q in usable if q.pk == wanted), usable[0] if usable else None)

    def question_of_role(self, role: str) -> Question | None:
        return next((question for question in self.per_technology if question.role == role), None)

    @cached_property
    def technologies(self) -> dict[int, Technology]:
        """Those asked about in an analysed round, in the order of the list."""
        found = Technology.objects.filter(round_technologies__round__in=self.rounds)
        return {row.pk: row for row in found.select_related("field").distinct().order_by("position", "pk")}

    @cached_property
    def fields(self) -> list[Field]:
        return list(self.study.fields.all())

    @cached_property
    def groups(self) -> list[PanelGroup]:
        return list(self.study.panel.groups.all())

    @property
    def group_names(self) -> dict[str, str]:
        """By key, in the reader's language."""
        return {group.key: str(group) for group in self.groups}

    @cached_property
    def verdicts(self) -> dict[int, dict[int, Verdict]]:
        """By computation, by technology."""
        found: dict[int, dict[int, Verdict]] = {computation.pk: {} for computation in self.computations}
        for verdict in Verdict.objects.filter(computation__in=self.computations):
            found[verdict.computation_id][verdict.technology_id] = verdict
        return found

    def verdicts_after(self, computation: Computation) -> dict[int, Verdict]:
        """The latest verdict on each technology once this round was analysed: what was decided stays so."""
        found: dict[int, Verdict] = {}
        for entry in self.computations:
            found |= self.verdicts[entry.pk]
            if entry.pk == computation.pk:
                break
        return found

    @cached_property
    def latest_verdicts(self) -> dict[int, Verdict]:
        return self.verdicts_after(self.latest) if self.latest else {}

    def items(
        self,
        *,
        questions: Iterable[Question] | None = None,
        technologies: Iterable[int] | None = None,
        with_statistics: bool = False,
    ) -> dict[Key, Item]:
        """Read once for all charts of a page that ask for the same."""
        wanted = None if questions is None else tuple(question.pk for question in questions)
        only = None if technologies is None else tuple(technologies)
        asked = (wanted, only, with_statistics)
        if asked not in self._items:
            self._items[asked] = items(
                self.study,
                self.computations,
                questions=wanted,
                technologies=only,
                with_statistics=with_statistics,
            )
        return self._items[asked]

    def family(self, field_code: str) -> set[int] | None:
        """Ids of the field and all below it; None when no such field is asked for."""
        chosen = next((entry for entry in self.fields if entry.code == field_code), None)
        if chosen is None:
            return None
        found, grew = {chosen.pk}, True
        while grew:
            below = {entry.pk for entry in self.fields if entry.parent_id in found} - found
            found |= below
            grew = bool(below)
        return found


def panel_results_of(
    study: Study, computations: Sequence[Computation], questions: Sequence[Question]
) -> dict[tuple[int, int], dict[str, Any]]:
    """What is computed across technologies, by computation and question; nothing that few people stand for."""
    rows = PanelResult.objects.filter(computation__in=computations, question__in=questions, group=None)
    sizes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (computation, _technology, question, group), n in published_n(computations, questions).items():
        if group is None:
            sizes[computation, question].append(n)
    rows = rows.order_by("computation__round__number", "question__position", "question_id", "pk")
    return {
        (computation, question): panel_statistics(found, sizes[computation, question], study.minimum_group)
        for computation, question, found in rows.values_list("computation_id", "question_id", "statistics")
    }


def published_n(
    computations: Iterable[Computation], questions: Iterable[Question]
) -> dict[tuple[int, int | None, int, int | None], int]:
    """How many gave a value, by computation, technology, question and group (None: the panel); small ones, too.

    Whatever else is told of the same people has to leave nobody, or enough people, over from these.
    """
    rows = ItemResult.objects.filter(computation__in=list(computations), question__in=list(questions))
    names = ("computation_id", "technology_id", "question_id", "group_id", "n")
    return {tuple(key): n for *key, n in rows.order_by().values_list(*names)}
