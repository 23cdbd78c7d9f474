"""Long computations over many small objects, without the garbage collector looking through them again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Mining makes millions of objects and no cycles: what is let go is freed at once, by its last reference."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
