"""How members moved between two rounds on one technology, where that gives nobody away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from consensus.selectors.results import Item
from experts.enums import MemberStatus
from surveys.models import Answer, Question, Round, Technology


@dataclass(frozen=True)
class Transitions:
    """`cells[i][j]` members went from `values[i]` to `values[j]`; without cells only the three sums are shown."""

    earlier: Round
    later: Round
    n: int
    values: list[float]
    cells: list[list[int]]
    kept: int
    up: int
    down: int


def transitions(
    technology: Technology,
    question: Question,
    pair: tuple[Round, Round],
    before: Item | None,
    after: Item | None,
    minimum: int,
) -> Transitions | None:
    """None when fewer than `minimum` answered twice.

    The table's margins are the answers of those who took part twice. Beside the distributions of both rounds
    they would reveal, by subtraction, what those who came once had answered: if these are fewer than `minimum`,
    the cells are withheld.
    """
    if before is None or after is None or before.panel is None or after.panel is None:
        return None
    moved = _moves(technology, question, pair)
    n = sum(moved.values())
    if n < minimum:
        return None
    once = (before.n - n, after.n - n)
    values = sorted({value for move in moved for value in move})
    open_ = all(count == 0 or count >= minimum for count in once) and len(values) <= 12
    cells = [[moved.get((a, b), 0) for b in values] for a in values] if open_ else []
    return Transitions(
        earlier=pair[0],
        later=pair[1],
        n=n,
        values=values if open_ else [],
        cells=cells,
        kept=sum(count for (a, b), count in moved.items() if a == b),
        up=sum(count for (a, b), count in moved.items() if b > a),
        down=sum(count for (a, b), count in moved.items() if b < a),
    )


def _moves(technology: Technology, question: Question, pair: tuple[Round, Round]) -> Counter:
    rows = (
        Answer.objects.filter(technology=technology, question=question, round__in=pair, number__isnull=False)
        .exclude(member__status=MemberStatus.WITHDRAWN)
        .values_list("round_id", "member_id", "number")
    )
    by_round: dict[int, dict[int, float]] = {pair[0].pk: {}, pair[1].pk: {}}
    for round_id, member_id, number in rows:
        by_round[round_id][member_id] = number
    later = by_round[pair[1].pk]
    return Counter(
        (number, later[member]) for member, number in by_round[pair[0].pk].items() if member in later
    )
