"""A round's results computed the long way from its answers, one by one, to hold the job's stored results against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from experts.enums import MemberStatus
from surveys.models import Answer


@dataclass(frozen=True)
class Given:
    """What members said of one technology: values and specials by member, of those who did not withdraw."""

    values: dict[int, float]
    specials: dict[int, str]


def given(round, question_key, technology) -> Given:
    rows = Answer.objects.filter(round=round, question__key=question_key, technology=technology).exclude(
        member__status=MemberStatus.WITHDRAWN
    )
    values = {row.member_id: row.number for row in rows if row.number is not None}
    return Given(values, {row.member_id: row.special for row in rows if row.special})


def quantile(values, q: Fraction) -> float:
    """Type 7, by ranks."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * q
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + float(place - low) * (ordered[high] - ordered[low])


def share(values, low, high) -> Fraction:
    return Fraction(sum(low <= value <= high for value in values), len(values))


def third(value) -> str:
    return "low" if value < 3.5 else "high" if value >= 6.5 else "middle"


def index(values) -> float:
    p30, p70 = quantile(values, Fraction(3, 10)), quantile(values, Fraction(7, 10))
    return (p70 - p30) / (2.35 + 1.5 * abs(5 - (p30 + p70) / 2))


def agrees(values) -> bool:
    """RAND/UCLA's classic agreement and an index of no disagreement, with no two ends held against each other."""
    if len(set(values)) == 1:
        return True
    at_least = (len(values) + 1) // 3
    where = third(quantile(values, Fraction(1, 2)))
    outside = sum(third(value) != where for value in values)
    ends = [sum(third(value) == end for value in values) for end in ("low", "high")]
    split = at_least > 0 and min(ends) >= at_least
    return outside <= max(at_least - 1, 0) and not split and index(values) <= 1 + 1e-12


def net_change(pairs) -> Fraction:
    points = {value for pair in pairs for value in pair}
    moved = sum(abs(sum(b == v for _a, b in pairs) - sum(a == v for a, _b in pairs)) for v in points)
    return Fraction(moved, 2 * len(pairs))


def passes(rule: str, side: str, panel, groups, least: int) -> bool | None:
    """Whether a rule holds for one side of a 1-9 scale; None where too few answered."""
    if rule == "share":
        return None if len(panel) < least else share(panel, *_ENDS[side]) >= Fraction(3, 4)
    if rule == "rand":
        wanted = {"in": "high", "out": "low"}[side]
        return third(quantile(panel, Fraction(1, 2))) == wanted and index(panel) <= 1 + 1e-12
    found = [_comet(values, side) if len(values) >= least else None for values in groups.values()]
    return False if False in found else None if None in found else True


_ENDS = {"in": (7, 9), "out": (1, 3)}


def _comet(values, side: str) -> bool:
    other = {"in": "out", "out": "in"}[side]
    return share(values, *_ENDS[side]) >= Fraction(7, 10) and share(values, *_ENDS[other]) < Fraction(15, 100)


def verdict(rule: str, stability: str | None, panel, groups, pairs, least: int) -> tuple[str, str]:
    """(verdict, why it is open). `pairs`: None in the first round; `groups`: answers of those that the rule names."""
    if len(panel) < least:
        return "too_few_answers", ""
    stable = _stable(stability, pairs, least)
    is_in, is_out = (passes(rule, side, panel, groups, least) for side in ("in", "out"))
    if stability and stable is not True:
        unknown = "no_earlier_round" if pairs is None else "stability_unknown"
        return "open", unknown if stable is None else "not_stable"
    if is_in or is_out:
        return (
            ("open", "contradiction")
            if is_in and is_out
            else ("consensus_in" if is_in else "consensus_out", "")
        )
    if None in (is_in, is_out):
        return "open", "undefined"
    if not stability:
        return "open", "not_met"
    return ("open", "undivided") if _undivided(rule, panel, groups, least) else ("stable_disagreement", "")


def _stable(stability: str | None, pairs, least: int) -> bool | None:
    if stability is None or pairs is None or len(pairs) < least:
        return None
    if stability == "net_change":
        return net_change(pairs) < Fraction(15, 100)
    return Fraction(sum(a == b for a, b in pairs), len(pairs)) >= Fraction(7, 10)


def _undivided(rule: str, panel, groups, least: int) -> bool:
    if rule == "rand":
        return len(set(panel)) == 1 or index(panel) <= 1 + 1e-12
    if not agrees(panel):
        return False
    where = third(quantile(panel, Fraction(1, 2)))
    named = [values for values in groups.values() if len(values) >= least] if rule == "comet" else []
    return all(agrees(values) and third(quantile(values, Fraction(1, 2))) == where for values in named)
