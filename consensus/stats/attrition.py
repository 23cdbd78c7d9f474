"""Attrition: did those who left the panel answer differently, and would it change the results?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .inference import adjust_pvalues
from .results import TOO_FEW_RATERS, BoolArray, FloatArray, ObjectArray, Result, as_field
from .shares import Share, wilson_interval
from .signed_rank import RankSum, mann_whitney_from_counts
from .tally import Tally, check_ratings, count_table


@dataclass(frozen=True, kw_only=True)
class Attrition(Result):
    """``value``: share of round-1 members who came back. One entry per item in the arrays.

    ``test``: Mann-Whitney of completers against drop-outs; ``p_adjusted``: Benjamini-Hochberg over items;
    ``difference``: standardised mean difference (completers - drop-outs) / pooled sd; ``mean_completers`` and
    ``mean_dropouts``; ``response``: share with interval; ``by_group``: the same for each group;
    ``flagged``: items with adjusted p below ``alpha``; ``changed``: items whose verdict differs when only
    completers are counted, with both verdicts.
    """

    response: Share
    by_group: dict[str, Share]
    test: RankSum
    p_adjusted: Any
    difference: Any
    mean_completers: Any
    mean_dropouts: Any
    flagged: tuple[int, ...]
    verdicts: Any
    verdicts_completers: Any
    changed: Any
    alpha: float


Decide = Callable[[Tally], Sequence[Any]]


def attrition(
    round1: npt.ArrayLike,
    completers: npt.ArrayLike,
    values: npt.ArrayLike | None = None,
    *,
    groups: Sequence[Any] | None = None,
    decide: Decide | None = None,
    alpha: float = 0.05,
) -> Attrition:
    """Compare the earlier answers of completers and drop-outs, item by item.

    ``round1``: members x items (NaN missing); ``completers``: one flag per member (answered the later round);
    ``groups``: one label per member; ``decide``: counts of all items -> one verdict per item, run on
    everybody and on completers only (for instance a rule of ``consensus.stats.rules``). Members without any
    answer in round 1 were never in and are ``n_missing``. Tests: Mann-Whitney with ties, adjusted over items
    by Benjamini-Hochberg. An item nobody (or only one side) answered has no test and is not adjusted for.
    Finding no difference in round 1 does not show that later answers would agree.
    """
    array = check_ratings(round1, "round1", values)
    flags = np.asarray(completers)
    if flags.shape != (len(array),) or not np.isin(flags, (0, 1)).all():
        raise ValueError(f"completers must be one yes/no flag for each of the {len(array)} members")
    came_back = flags.astype(bool)
    if groups is not None and len(groups) != len(array):
        raise ValueError(f"groups must be one label for each of the {len(array)} members")
    took_part: BoolArray = np.asarray((~np.isnan(array)).any(axis=1))
    used = array[took_part]
    stayed = came_back[took_part]
    everyone = count_table(used, values)
    stay, left = count_table(used[stayed], everyone.values), count_table(used[~stayed], everyone.values)
    test = mann_whitney_from_counts(stay.counts, left.counts, missing=everyone.missing)
    adjusted = adjust_pvalues(np.ma.filled(test.p_value, np.nan), "bh").value
    before, after, changed = _verdicts(decide, everyone, stay)
    response = wilson_interval(int(stayed.sum()), int(took_part.sum()))
    return Attrition(
        value=response.value,
        n_used=int(took_part.sum()),
        n_missing=int(len(array) - took_part.sum()),
        method="Mann-Whitney per item, Benjamini-Hochberg over items",
        undefined_reason=None if took_part.any() else TOO_FEW_RATERS,
        response=response,
        by_group=_by_group(groups, took_part, came_back),
        test=test,
        p_adjusted=adjusted,
        difference=as_field(_standardised(stay, left)),
        mean_completers=as_field(stay.mean),
        mean_dropouts=as_field(left.mean),
        flagged=tuple(np.flatnonzero(np.ma.filled(adjusted, 1.0) < alpha).tolist()),
        verdicts=before,
        verdicts_completers=after,
        changed=changed,
        alpha=alpha,
    )


def _verdicts(decide: Decide | None, everyone: Tally, stay: Tally) -> tuple[Any, Any, Any]:
    if decide is None:
        return None, None, None
    before, after = tuple(decide(everyone)), tuple(decide(stay))
    return before, after, tuple(i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b)


def _by_group(groups: Sequence[Any] | None, took_part: BoolArray, came_back: BoolArray) -> dict[str, Share]:
    if groups is None:
        return {}
    labels: ObjectArray = np.array([str(g) for g in groups], dtype=object)
    return {
        name: wilson_interval(
            int((came_back & took_part & (labels == name)).sum()), int((took_part & (labels == name)).sum())
        )
        for name in sorted(set(labels.tolist()))
    }


def _standardised(a: Tally, b: Tally) -> FloatArray:
    """Difference of means over the pooled sd; 0 where nothing differs, NaN where a side is empty."""
    squares = [(t.counts * np.nan_to_num(t.deviations) ** 2).sum(axis=1) for t in (a, b)]
    df = a.n + b.n - 2
    pooled = np.sqrt((squares[0] + squares[1]) / np.where(df > 0, df, np.nan))
    gap = a.mean - b.mean
    return np.where(gap == 0, 0.0 * gap, gap / np.where(pooled > 0, pooled, np.nan))
