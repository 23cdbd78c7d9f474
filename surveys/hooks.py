"""Questions that surveys asks of whoever computes results, without knowing who that is.

`consensus` registers its answers in `AppConfig.ready`; without it, nothing is decided and nobody is outside.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MiddleHalves = dict[tuple[int, int], tuple[float, float]]

_decided: Callable[[int], set[int]] = lambda study_id: set()  # noqa: E731
_middle_halves: Callable[..., MiddleHalves] = lambda round_id, technology_ids, keys=None: {}  # noqa: E731


def register_decided(provider: Callable[[int], set[int]]) -> None:
    """`provider(study_id)` returns the ids of technologies whose latest verdict is final."""
    global _decided
    _decided = provider


def register_middle_halves(provider: Callable[..., MiddleHalves]) -> None:
    """`provider(round_id, technology_ids, keys)` returns `{(technology_id, question_id): (q1, q3)}` as frozen."""
    global _middle_halves
    _middle_halves = provider


Positions = dict[tuple[int, int, int], tuple[float, float, float]]
_positions: Callable[[Iterable[int], Iterable[int]], Positions] = lambda rounds, technologies: {}  # noqa: E731
_verdicts_after: Callable[[int], dict[int, str]] = lambda round_id: {}  # noqa: E731


def register_results(
    *,
    positions: Callable[[Iterable[int], Iterable[int]], Positions],
    verdicts: Callable[[int], dict[int, str]],
) -> None:
    """`positions(round_ids, technology_ids)` returns `{(round, technology, question): (q1, median, q3)}` as frozen;
    `verdicts(round_id)` the verdict after that round by technology id."""
    global _positions, _verdicts_after
    _positions, _verdicts_after = positions, verdicts


def group_positions(round_ids: Iterable[int], technology_ids: Iterable[int]) -> Positions:
    return _positions(round_ids, technology_ids)


def verdicts_after(round_id: int) -> dict[int, str]:
    return _verdicts_after(round_id)


def decided_technologies(study_id: int) -> set[int]:
    return _decided(study_id)


def middle_halves(
    round_id: int, technology_ids: Iterable[int], keys: dict[str, int] | None = None
) -> MiddleHalves:
    return _middle_halves(round_id, technology_ids, keys)


_rule_words: Callable[[dict, dict[str, str]], str] = lambda expression, groups: ""  # noqa: E731
_rule_check: Callable[..., None] = lambda **rule: None  # noqa: E731
_rule_doubts: Callable[..., list[str]] = lambda study: []  # noqa: E731


def register_rules(
    *,
    words: Callable[[dict, dict[str, str]], str],
    check: Callable[..., None],
    doubts: Callable[..., list[str]],
) -> None:
    """`words(expression, groups)` says a rule in the active language; `check(study=, kind=, question=, expression=)`
    raises InvalidInput; `doubts(study)` says what keeps the rules that are set from deciding."""
    global _rule_words, _rule_check, _rule_doubts
    _rule_words, _rule_check, _rule_doubts = words, check, doubts


def rule_in_words(expression: dict, groups: dict[str, str]) -> str:
    """`groups`: names of the study's panel groups by key."""
    return _rule_words(expression, groups)


def check_rule(*, study, kind: str, question, expression: dict) -> None:
    """Raises InvalidInput, with the field to blame, unless the rule can decide."""
    _rule_check(study=study, kind=kind, question=question, expression=expression)


def rule_doubts(study) -> list[str]:
    return _rule_doubts(study)


@dataclass(frozen=True)
class Outcome:
    """Where the results of an analysed round are read, and how many technologies have which verdict after it."""

    url: str = ""
    verdicts: dict[str, int] = field(default_factory=dict)


_analysis: tuple[Callable, Callable] = (lambda round: None, lambda round: "")
_outcome: Callable[..., Outcome] = lambda round: Outcome()  # noqa: E731


def register_analysis(*, job: Callable, again: Callable, outcome: Callable[..., Outcome]) -> None:
    """`job(round)` is the latest job that computes the round's results, `again(round)` where to ask for another;
    `outcome(round)` what came out of it."""
    global _analysis, _outcome
    _analysis, _outcome = (job, again), outcome


def analysis_job(round):
    return _analysis[0](round)


def analysis_again_url(round) -> str:
    return _analysis[1](round)


def analysis_outcome(round) -> Outcome:
    return _outcome(round)


@dataclass(frozen=True)
class Decided:
    """A final verdict as members may see it, and the number of the round after which it was found."""

    verdict: str
    round_number: int


@dataclass(frozen=True)
class CannotJudge:
    """How many could not judge, of all who answered."""

    n: int
    of: int

    @property
    def share(self) -> float:
        return self.n / self.of if self.of else 0.0


_decided_results: Callable[[int, Iterable[int]], dict[int, Decided]] = lambda round_id, technology_ids: {}  # noqa: E731
_cannot_judge: Callable[[int], dict[tuple[int, int], CannotJudge]] = lambda study_id: {}  # noqa: E731


def register_voice(
    *,
    decided: Callable[[int, Iterable[int]], dict[int, Decided]],
    cannot_judge: Callable[[int], dict[tuple[int, int], CannotJudge]],
) -> None:
    """`decided(round_id, technology_ids)` by technology; `cannot_judge(study_id)` by technology and question."""
    global _decided_results, _cannot_judge
    _decided_results, _cannot_judge = decided, cannot_judge


def decided_results(round_id: int, technology_ids: Iterable[int]) -> dict[int, Decided]:
    return _decided_results(round_id, technology_ids)


def cannot_judge_counts(study_id: int) -> dict[tuple[int, int], CannotJudge]:
    return _cannot_judge(study_id)


_verdicts: Callable[[int], dict[int, str]] = lambda study_id: {}  # noqa: E731


def register_verdicts(provider: Callable[[int], dict[int, str]]) -> None:
    """`provider(study_id)` returns the latest verdict of each technology, by its id."""
    global _verdicts
    _verdicts = provider


def latest_verdicts(study_id: int) -> dict[int, str]:
    return _verdicts(study_id)
