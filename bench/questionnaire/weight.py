"""What a page weighs and costs: bytes as they travel, queries, CPU of the view alone."""

from __future__ import annotations

import gc
import gzip
import re
import time
from pathlib import Path

from bench.questionnaire.world import World, make_world

MANY, FEW = 20, 3
GOAL_BYTES, GOAL_QUERIES = 60_000, 12


def run() -> None:
    from django.core.management import call_command

    from foundation.preparation import collect_static

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static(lambda line: None)
    print(f"goals: HTML and files at most {GOAL_BYTES} bytes each (gzip), {GOAL_QUERIES} queries")
    print(
        f"{'page':<12}{'technologies':>13}{'members':>9}{'reasons':>9}{'HTML':>9}{'gzip':>8}{'files gzip':>12}"
        f"{'queries':>9}{'CPU ms':>8}"
    )
    for technologies, members, reasons in ((FEW, 12, 0), (MANY, 12, 3), (MANY, 60, 40)):
        world = make_world(members=members, technologies=technologies, reasons=reasons)
        gc.collect()
        gc.freeze()  # as a web worker does
        for name, path in paths(world).items():
            _measure(name, path, world, (technologies, members, reasons))


def paths(world: World) -> dict[str, str]:
    from django.urls import reverse

    def of(name: str, *args: str) -> str:
        return reverse(f"respond:{name}", args=[world.study, *args])

    return {
        "matrix": of("matrix"),
        "technology": of("technology", world.technologies[0]),
        "overview": of("overview"),
    }


def client_of(world: World):
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies.load(world.browsers[0].cookie)
    return client


def _measure(name: str, path: str, world: World, size: tuple[int, int, int]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(world)
    html = client.get(path).content
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    count = len(queries)  # the next request empties the log
    cpu = []
    for _ in range(15):
        began = time.process_time()
        client.get(path)
        cpu.append(time.process_time() - began)
    files = sum(len(gzip.compress(part, 6)) for part in _files(html.decode()))
    technologies, members, reasons = size
    print(
        f"{name:<12}{technologies:>13}{members:>9}{reasons:>9}{len(html):>9}{len(gzip.compress(html, 6)):>8}"
        f"{files:>12}{count:>9}{sorted(cpu)[len(cpu) // 2] * 1e3:>8.1f}",
        flush=True,
    )


def _files(html: str) -> list[bytes]:
    """Styles and scripts that the page asks for, with the modules that those import."""
    from django.conf import settings

    root, waiting, seen = Path(settings.STATIC_ROOT), [], {}
    waiting += re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="/static/([^"]+)"', html)
    while waiting:
        name = waiting.pop()
        if name in seen or not (root / name).exists():
            continue
        seen[name] = (root / name).read_bytes()
        for found in re.findall(r'(?:from|import)\s*\(?["\'](\.{1,2}/[^"\']+)', seen[name].decode()):
            waiting.append(str((root / name).parent.joinpath(found).resolve().relative_to(root.resolve())))
    return list(seen.values())
