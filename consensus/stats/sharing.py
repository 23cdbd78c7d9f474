"""Work on large integer arrays, shared among the processors at hand."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Found = TypeVar("Found")

_MOST_WORKERS = 4


def processors() -> int:
    """How many processors this process may use and others left idle in the last minute; at least one.

    On a busy server a second thread only waits for its turn, and the first then waits for it.
    """
    everywhere = os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else everywhere
    try:
        others = max(0.0, os.getloadavg()[0] - 1)
    except (AttributeError, OSError):  # not every system counts its load
        others = 0.0
    return max(1, round(allowed * (1 - others / everywhere)))


def shared(
    function: Callable[[Part], Found], parts: Sequence[Part], workers: int | None = None
) -> list[Found]:
    """``[function(part) for part in parts]``, the parts worked on side by side by up to ``workers`` threads.

    ``workers``: None for one per idle processor, at most four. Only for functions that spend their time in NumPy
    (which lets other threads run meanwhile), depend on nothing but their part, and draw no random numbers:
    then the answer does not depend on how many work. Raises what the function raises.
    """
    helpers = min(workers or min(processors(), _MOST_WORKERS), len(parts)) - 1
    if helpers < 1:
        return [function(part) for part in parts]
    found: dict[int, Found] = {}
    waiting = deque(enumerate(parts))

    def work() -> None:
        # Whoever is free takes the next part: a helper whose processor is busy elsewhere holds nobody up.
        while True:
            try:
                place, part = waiting.popleft()
            except IndexError:
                return
            found[place] = function(part)

    with ThreadPoolExecutor(helpers) as pool:
        helping = [pool.submit(work) for _ in range(helpers)]
        work()
        for helper in helping:
            helper.result()
    return [found[place] for place in range(len(parts))]
