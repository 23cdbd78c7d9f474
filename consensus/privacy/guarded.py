"""What of a result's stored statistics may be shown. Every page, file and API answer takes them through here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consensus.composite.guard import STATISTIC, composite_shown
from consensus.privacy.suppress import apart, whole

Json = dict[str, Any]
LEAST = "least_answers"  # of a panel's statistics: technologies of fewer answers are not in them
COORDINATION = ("kendall_w", "kendall_w_complete", "skillings_mack")


def item_statistics(statistics: Json, n: int, minimum: int, *, of_group: bool = False) -> Json:
    """Those of one technology and question, of which `n` gave a value."""
    kept = {key: part for key, part in statistics.items() if _may_show(key, part, n, minimum, of_group)}
    if STATISTIC in kept:
        kept[STATISTIC] = composite_shown(kept[STATISTIC], minimum)
    return kept


def _may_show(key: str, part: Any, n: int, minimum: int, of_group: bool) -> bool:
    if key == "weighted":
        return weighted_may_show(part, n, minimum)
    if key in ("low", "high"):  # not everybody who estimates gives both ends
        return whole((part["n_used"], n - part["n_used"]), minimum)
    # How many of a small group could not judge would tell of single people.
    return not (of_group and key == "specials")


def weighted_may_show(weighted: Json, n: int, minimum: int) -> bool:
    """Weighted figures beside unweighted ones show those without a weight, and whoever outweighs all others.

    The effective number (Kish) is that of equally weighted people who would say as much.
    """
    n_weighted = round(weighted["describe"]["n_used"])  # a sum of weights that were scaled to it
    if n_weighted < minimum or not apart(n, n_weighted, minimum):
        return False
    return weighted.get("n_effective", 0) >= minimum - 1e-9


def panel_statistics(statistics: Json, sizes: Iterable[int], minimum: int) -> Json:
    """Those of one question across technologies; `sizes`: how many rated each of them.

    Nothing where a technology of few answers is part of the figures, nor where fewer than the minimum rated any:
    beside the published distributions of the others they would tell what the few had said.
    """
    sizes = list(sizes)
    counted = [size for size in sizes if size >= statistics.get(LEAST, 1)]
    if not whole(counted, minimum) or (any(sizes) and not counted):
        return {}
    return {key: part for key, part in statistics.items() if not _of_few(key, statistics, minimum)}


def _of_few(key: str, statistics: Json, minimum: int) -> bool:
    """Orders are of members, not of technologies: they need enough of them, and nobody or enough beside these."""
    if key not in COORDINATION:
        return False
    n, everybody = statistics[key]["n_used"], statistics.get("kendall_w", {}).get("n_used")
    return not whole((n,), minimum) or not apart(n, everybody, minimum)
