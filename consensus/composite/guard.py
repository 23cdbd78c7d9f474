"""Parts of composite figures that stand for few people, taken out before anything is frozen, drawn or exported."""

from __future__ import annotations

from typing import Any

from consensus.privacy.suppress import shown_parts, shown_points, whole
from surveys.enums import QuestionType

Json = dict[str, Any]
STATISTIC = "composite"
FROZEN_WITH = "minimum"  # of a frozen payload: the smallest group that it was frozen with
_OF_CLASS = ("n", "k", "share", "share_low", "share_high")


def composite_shown(found: Json, minimum: int) -> Json:
    """The stored figures of a panel or group large enough to be shown, without what few of it would stand for."""
    guard = {QuestionType.CERTAINTY: _certainty, QuestionType.PLANE: _plane}.get(found.get("type", ""))
    return guard(found, minimum) if guard and found["parts"] else found


def frozen_shown(found: Json, minimum: int) -> Json:
    """A frozen payload as it may be read now. It lacks the counts to judge it anew by a larger minimum."""
    if not found or found.get(FROZEN_WITH, 0) >= minimum:
        return found
    bare = {key: part for key, part in found["whole"].items() if key not in ("yes", "no", "cloud")}
    if found["type"] != QuestionType.CERTAINTY:
        return found | {"whole": bare}
    return found | {"whole": bare, "parts": [_bare(part) for part in found["parts"]]}


def _certainty(found: Json, minimum: int) -> Json:
    """How certain a side is, and how many of a class said yes: each side nobody or enough people."""
    sides = {part["part"]: (part["k"], part["n"] - part["k"]) for part in found["parts"]}
    totals = [sum(side) for side in zip(*sides.values(), strict=True)]
    kept = shown_parts(sides, totals, minimum)
    whole_ = dict(found["whole"])
    if not whole(totals, minimum):  # beside the mean of all, the mean of one side is that of the other
        whole_ = {key: part for key, part in whole_.items() if key not in ("yes", "no")}
    parts = [part if part["part"] in kept else _bare(part) for part in found["parts"]]
    return found | {"parts": parts, "whole": whole_}


def _bare(part: Json) -> Json:
    return {key: value for key, value in part.items() if key not in _OF_CLASS}


def _plane(found: Json, minimum: int) -> Json:
    points = {(x, y): n for x, y, n in found["whole"].get("cloud", [])}
    kept = shown_points(points, minimum)
    cloud = [[x, y, n] for (x, y), n in sorted(points.items()) if (x, y) in kept]
    return found | {"whole": found["whole"] | {"cloud": cloud}}
