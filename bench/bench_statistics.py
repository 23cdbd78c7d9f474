"""Ratios of consensus.stats against counting, ranking and other libraries, measured in one run.

    python -m bench.bench_statistics --members 5000 --items 700 --missing 0.6 --repeat 7

Each line is a ratio of two times from the same run (best of ``--repeat``), so that the machine's speed
cancels out: (a) the per-item battery, (b) Kendall's W on complete data (the median of ``--repeat`` rounds and
their spread), (c) stability of two rounds. Slow rivals run on a part of the data when ``--rival-items`` is
smaller than ``--items``, and their time is scaled to all of it.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from consensus import stats
from consensus.stats.ranking import as_codes, rank_sums


def best(function: Callable[[], Any], repeat: int) -> float:
    """Shortest wall time in seconds; the first call warms up."""
    function()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def once(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def line(text: str, time_a: float, time_b: float, goal: str, ratio: float | None = None) -> None:
    ratio = time_a / time_b if ratio is None else ratio
    shown = f"{ratio:8.2f}x" if ratio < 100 else f"{ratio:8.0f}x"
    print(f"  {text:<66}{shown}   goal {goal:<14}({time_a * 1e3:9.1f} ms / {time_b * 1e3:8.1f} ms)")


def panel(members: int, items: int, missing: float, rng: np.random.Generator) -> np.ndarray:
    centre = rng.uniform(3, 8, items)
    ratings = np.clip(np.rint(rng.normal(centre, 1.8, (members, items))), 1, 9).astype(np.int8)
    ratings[rng.random((members, items)) < missing] = 0
    return ratings


def bench_battery(ratings: np.ndarray, rival_items: int, repeat: int) -> None:
    import krippendorff
    import pandas as pd

    print("(a) full per-item battery and panel coefficients")
    tally = stats.count_table(ratings)
    values = np.arange(1, 10)
    counting = best(lambda: stats.count_table(ratings), repeat)
    answered = np.nonzero(ratings)
    keys = answered[1] * 10 + ratings[answered]
    bincount = best(lambda: np.bincount(keys, minlength=10 * ratings.shape[1]), repeat)
    battery = best(lambda: stats.battery(tally.counts, values, categories=(7, 8, 9)), repeat)
    describe = best(lambda: stats.describe(tally.counts, values), repeat)
    alpha = best(lambda: stats.alpha_from_counts(tally.counts, "ordinal"), repeat)
    line("battery / building the count table from the matrix", battery, counting, "at most 3")
    line("battery / bare bincount of ready-made keys", battery, bincount, "(for reference)")
    part = min(rival_items, ratings.shape[1])
    inside = answered[1] < part
    long = pd.DataFrame({"item": answered[1][inside], "answer": ratings[answered][inside]})
    scale = ratings.shape[1] / part
    pandas_time = once(lambda: long.groupby("item")["answer"].describe()) * scale
    line("pandas groupby.describe / battery (everything)", pandas_time, battery, "at least 50")
    line(
        "pandas groupby.describe / count table + describe",
        pandas_time,
        counting + describe,
        "(for reference)",
    )
    floats = np.where(ratings == 0, np.nan, ratings).astype(float)[:, :part]
    package = once(lambda: krippendorff.alpha(floats, level_of_measurement="ordinal")) * scale
    line(
        "krippendorff package / count table + alpha (like for like)", package, counting + alpha, "at least 30"
    )
    line("krippendorff package / battery (everything)", package, battery, "(stricter: 30)")
    line("krippendorff package / alpha from counts", package, alpha, "(for reference)")


def bench_concordance(ratings: np.ndarray, rival_members: int, repeat: int) -> None:
    """Each round times all rivals one after the other, so that a busy spell of the machine meets them alike."""
    from scipy.stats import rankdata

    print(f"(b) Kendall's W, complete data (median of {repeat} rounds)")
    part = ratings[: min(rival_members, len(ratings))]
    codes, k = as_codes(ratings)
    timed: dict[str, Callable[[], Any]] = {
        "w": lambda: stats.kendall_w(ratings),
        "sums": lambda: rank_sums(codes, k),
        "plain": lambda: ranking_by_lookup(ratings),
        "rows": lambda: [rankdata(row) for row in part],
    }
    rounds = [{name: best(of, 3) for name, of in timed.items()} for _ in range(repeat)]
    for times in rounds:
        times["rows"] *= len(ratings) / len(part)
    spread("W / plain ranking by lookup (counts per row, then take)", rounds, "w", "plain", "at most 2")
    spread("W / its own rank sums", rounds, "w", "sums", "(for reference)")
    spread("scipy.stats.rankdata row by row / W", rounds, "rows", "w", "at least 100")


def spread(text: str, rounds: list[dict[str, float]], a: str, b: str, goal: str) -> None:
    """The median ratio of the rounds, its least and its greatest."""
    ratios = [times[a] / times[b] for times in rounds]
    time_a, time_b = (statistics.median(times[name] for times in rounds) for name in (a, b))
    line(text, time_a, time_b, goal, ratio=statistics.median(ratios))
    print(f"    rounds from {min(ratios):.2f}x to {max(ratios):.2f}x")


def ranking_by_lookup(ratings: np.ndarray) -> np.ndarray:
    """The straightforward vectorised ranking of small integers: a table of mid-ranks per member, then
    take.
    """
    counts = np.stack([np.count_nonzero(ratings == level, axis=1) for level in range(1, 10)], axis=1)
    table = np.cumsum(counts, axis=1) - (counts - 1) / 2
    return np.take_along_axis(table, ratings.astype(np.intp) - 1, axis=1).sum(axis=0)


def bench_stability(first: np.ndarray, second: np.ndarray, rival_items: int, repeat: int) -> None:
    from scipy.stats import wilcoxon

    print("(c) all stability statistics of two rounds")
    both = (first > 0) & (second > 0)
    items = first.shape[1]
    keys = (np.arange(items) * 81 + (first.astype(np.int64) - 1) * 9 + second - 1)[both]
    tables = np.bincount(keys, minlength=items * 81).reshape(items, 9, 9)
    ours = best(lambda: stats.stability(tables, np.arange(1, 10), categories=(7, 8, 9)), repeat)
    part = min(rival_items, items)

    def loop() -> None:
        for j in range(part):
            pair = both[:, j]
            wilcoxon(second[pair, j].astype(int), first[pair, j].astype(int), zero_method="pratt")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loop_time = once(loop) * items / part
    line("SciPy Wilcoxon, item by item / all statistics from tables", loop_time, ours, "at least 20")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--items", type=int, default=700)
    parser.add_argument("--missing", type=float, default=0.6)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--rival-items", type=int, default=10**9, help="items that slow rivals are run on")
    parser.add_argument(
        "--rival-members", type=int, default=10**9, help="members that slow rivals are run on"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    first = panel(args.members, args.items, args.missing, rng)
    complete = panel(args.members, args.items, 0.0, rng)
    moved = np.clip(first + rng.integers(-1, 2, first.shape), 1, 9).astype(np.int8)
    second = np.where((first == 0) | (rng.random(first.shape) < 0.3), 0, moved).astype(np.int8)
    print(f"{args.members} members x {args.items} items, {args.missing:.0%} missing, best of {args.repeat}")
    bench_battery(first, args.rival_items, args.repeat)
    bench_concordance(complete, args.rival_members, args.repeat)
    bench_stability(first, second, args.rival_items, args.repeat)


if __name__ == "__main__":
    main()
