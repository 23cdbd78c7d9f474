"""Reading the figures beside a round's statistics; small groups are kept back here, as in `results`.

What is stored may be older or younger than the published figures of the same answers: somebody withdrew between the
two. So it is judged when it is read, by the present minimum and beside what is published now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consensus.counting.expert_weights import basis_questions
from consensus.counting.frame import per_technology
from consensus.enums import SupplementKind
from consensus.models import Computation, Supplement
from consensus.privacy.suppress import apart, part_may_show, shown_groups, shown_parts, sides_may_show
from consensus.selectors.results import StudyResults, analysed, published_n
from surveys.enums import BASIS_ROLES, QuestionRole
from surveys.models import Question, Study

Json = dict[str, Any]


def supplements(computations: Sequence[Computation], kind: str) -> dict[int, dict[str, Any]]:
    """By computation, in one query."""
    rows = Supplement.objects.filter(computation__in=list(computations), kind=kind)
    return dict(rows.values_list("computation_id", "figures"))


def without_supplements(study: Study) -> list[Computation]:
    """Analysed rounds whose figures beside the statistics were never written: results of an older version."""
    found = analysed(study)
    known = supplements(found, SupplementKind.AUTHORITY)
    return [computation for computation in found if computation.pk not in known]


@dataclass(frozen=True)
class Published:
    """How many stand behind the published figures of one round, by keys; None where nothing is published."""

    n: Mapping[tuple[str | None, str, str | None], int]

    def of(self, question: str, technology: str | None = None, group: str | None = None) -> int | None:
        return self.n.get((technology, question, group))


def published_of(
    results: StudyResults, computations: Sequence[Computation], questions: Iterable[Question]
) -> dict[int, Published]:
    """By computation, in one query."""
    keys = {question.pk: question.key for question in questions}
    groups: dict[int | None, str | None] = {None: None} | {group.pk: group.key for group in results.groups}
    technologies: dict[int | None, str | None] = {None: None}
    technologies |= {pk: technology.key for pk, technology in results.technologies.items()}
    found: dict[int, dict] = {computation.pk: {} for computation in computations}
    for (computation, technology, question, group), n in published_n(computations, questions).items():
        if technology in technologies and group in groups:
            found[computation][technologies[technology], keys[question], groups[group]] = n
    return {computation: Published(counts) for computation, counts in found.items()}


# Attrition


def attrition_of(results: StudyResults, computation: Computation, *, of_groups: bool = False) -> Json | None:
    """What may be shown of the step to this round; None where it was never written."""
    stored = supplements([computation], SupplementKind.ATTRITION).get(computation.pk)
    before = next((c for c in results.computations if stored and c.round.number == stored["earlier"]), None)
    if stored is None or before is None:
        return None
    published = published_of(results, [before, computation], results.ordered)
    return attrition_shown(
        stored,
        results.study.minimum_group,
        published[before.pk],
        published[computation.pk],
        ruled=results.main_question.key if results.main_question else "",
        of_groups=of_groups,
    )


def attrition_shown(
    figures: Json, minimum: int, before: Published, now: Published, *, ruled: str, of_groups: bool = False
) -> Json:
    """As it may be read now. `ruled`: key of the question of the consensus rule.

    `of_groups`: who came back by group, whomever that singles out; for those who see it of every member anyway.
    """
    questions = {key: _compared(part, minimum, key, before) for key, part in figures["questions"].items()}
    verdicts = {
        moment: {
            key: row
            for key, row in figures["verdicts"][moment].items()
            if part_may_show(row["n_everyone"], row["n_completers"], published.of(ruled, key), minimum)
        }
        for moment, published in (("before", before), ("now", now))
    }
    response = _response(figures["response"], minimum, of_groups)
    return figures | {"questions": questions, "verdicts": verdicts, "response": response}


def _compared(part: Json, minimum: int, question: str, before: Published) -> Json:
    items = {
        key: row
        for key, row in part["items"].items()
        if sides_may_show(row["n_completers"], row["n_dropouts"], before.of(question, key), minimum)
    }
    together = part["together"]
    if together and min(together["n_completers"], together["n_dropouts"]) < minimum:
        together = None
    withheld = part["withheld"] + len(part["items"]) - len(items)
    return part | {"items": items, "together": together, "withheld": withheld}


def _response(found: Json, minimum: int, of_groups: bool) -> Json:
    sides = {key: (row["came_back"], row["n"] - row["came_back"]) for key, row in found["groups"].items()}
    kept = _shown_sides(sides, (found["came_back"], found["n"] - found["came_back"]), minimum, of_groups)
    return found | {"groups": {key: row for key, row in found["groups"].items() if key in kept}}


def _shown_sides(
    sides: Mapping[str, tuple[int, ...]], totals: tuple[int, ...], minimum: int, of_groups: bool
) -> set[str]:
    """Groups whose few who came, or few who did not, are nowhere told apart."""
    large = shown_groups({key: sum(side) for key, side in sides.items()}, sum(totals), minimum)
    if of_groups:
        return large
    return shown_parts({key: side for key, side in sides.items() if key in large}, totals, minimum)


# Authority and positivity


def authority_of(results: StudyResults, *, of_groups: bool = False) -> dict[int, Json]:
    """What may be shown of every analysed round, by computation; positivity is a part of it."""
    found, minimum = supplements(results.computations, SupplementKind.AUTHORITY), results.study.minimum_group
    roles = {QuestionRole.FAMILIARITY, *BASIS_ROLES}
    asked = sorted((q for q in results.questions if q.role in roles), key=lambda q: (q.position, q.pk))
    basis, published = Basis.of(asked), published_of(results, results.computations, asked)
    return {
        pk: authority_shown(figures, minimum, basis, published[pk])
        | {"positivity": positivity_shown(figures["positivity"], minimum, of_groups=of_groups)}
        for pk, figures in found.items()
    }


@dataclass(frozen=True)
class Basis:
    """Keys of the questions that the coefficients come from."""

    familiarity: str
    bases: Sequence[str]
    once: bool

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Basis | None:
        bases = basis_questions(list(questions))
        familiarity = [q.key for q in questions if q.role == QuestionRole.FAMILIARITY and per_technology(q)]
        if not bases or not familiarity:
            return None
        return cls(familiarity[0], [question.key for question in bases], not per_technology(bases[0]))


def authority_shown(figures: Json, minimum: int, basis: Basis | None, published: Published) -> Json:
    """Coefficients of enough members, that leave nobody or enough over from the published answers they come from."""
    nothing = figures | {"panel": None, "groups": {}, "technologies": {}}
    if figures["panel"] is None or basis is None:
        return nothing
    rows = figures["technologies"].items()
    technologies = {
        key: row for key, each in rows if (row := _of_technology(each, key, minimum, basis, published))
    }
    # The panel's figures are of members, but one who left since is one answer less to a technology.
    familiar = [(row["n_used"], published.of(basis.familiarity, key)) for key, row in rows]
    if not all(apart(n, shown, minimum) for n, shown in familiar):
        return nothing | {"technologies": technologies}
    panel = _of_members(figures, None, minimum, basis, published)
    groups = {}
    if panel is not None:
        counts = {key: (row["n_used"], row["n_basis"]) for key, row in figures["groups"].items()}
        totals = (figures["panel"]["n_used"], figures["panel"]["n_basis"])
        kept = shown_parts(counts, totals, minimum)
        groups = {key: _of_members(figures, key, minimum, basis, published) for key in counts if key in kept}
    shown = {key: row for key, row in groups.items() if row is not None}
    return figures | {"panel": panel, "groups": shown, "technologies": technologies}


def _of_technology(row: Json, key: str, minimum: int, basis: Basis, published: Published) -> Json | None:
    asked_of = None if basis.once else key
    bases = [published.of(question, asked_of) for question in basis.bases]
    return _coefficients(row, published.of(basis.familiarity, key), bases, minimum)


def _of_members(
    figures: Json, group: str | None, minimum: int, basis: Basis, published: Published
) -> Json | None:
    """Means over technologies compare with no published answer, unless these are asked once or of one alone."""
    keys = list(figures["technologies"])
    only = keys[0] if len(keys) == 1 else None
    bases: list[int | None] = []
    if basis.once or only:
        bases = [published.of(question, None if basis.once else only, group) for question in basis.bases]
    row = figures["groups"][group] if group else figures["panel"]
    return _coefficients(row, published.of(basis.familiarity, only, group) if only else None, bases, minimum)


def _coefficients(row: Json, familiar: int | None, bases: Sequence[int | None], minimum: int) -> Json | None:
    """Cs of those who rated their familiarity, and Ca and Cr of those among them who gave the whole basis."""
    n, n_basis = row["n_used"], row["n_basis"]
    if n < minimum or not apart(n, familiar, minimum):
        return None
    if n_basis >= minimum and all(apart(n_basis, shown, minimum) for shown in bases):
        return row
    hidden = dict.fromkeys(("ca", "value", "acceptable", "n_basis", "n_missing"))
    return row | hidden | {"undefined_reason": "withheld"}


def positivity_shown(figures: Json, minimum: int, *, of_groups: bool = False) -> Json:
    panel = figures["panel"]
    sides = {key: _returned(row) for key, row in figures["groups"].items()}
    kept = _shown_sides(sides, _returned(panel), minimum, of_groups)
    return {
        "panel": panel if panel["sent"] >= minimum else None,
        "groups": {key: row for key, row in figures["groups"].items() if key in kept},
    }


def _returned(row: Json) -> tuple[int, ...]:
    """Who submitted, who began, who did neither."""
    return row["submitted"], row["returned"] - row["submitted"], row["sent"] - row["returned"]
