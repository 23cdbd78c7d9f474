"""Autosave, pages and submission under load, against the bare view; and workers killed while experts save."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from bench.questionnaire import response
from bench.questionnaire.check import lost_and_doubled
from bench.questionnaire.driver import Expert, Load, Refused, Saver, hammer
from bench.questionnaire.server import Server, served
from bench.questionnaire.world import Browser, World, make_world

MEMBERS, TECHNOLOGIES = 160, 20
HEAD = f"{'':<26}{'experts':>8}{'/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'bar ms':>8}{'CPU ms':>8}{'n':>7}"


def run(*, seconds: float, kills: int) -> None:
    """On the database that DATABASE_URL names, which should be an empty one."""
    from django.core.management import call_command
    from django.db import connection

    from foundation.preparation import collect_static

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static(lambda line: None)
    world = make_world(members=MEMBERS, technologies=TECHNOLOGIES)
    print(
        f"\n{connection.vendor}: {MEMBERS} members, {TECHNOLOGIES} technologies, 8 questions, round 2",
        flush=True,
    )
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bare = {"DJANGO_SETTINGS_MODULE": "bench.questionnaire.floor"}
        with served({}, Path(folder) / "web.log") as server:
            # Both servers at once and in turns, so that whatever else the machine does weighs on both.
            with served(bare, Path(folder) / "floor.log", answers_at="/") as floor:
                for n in (8, 16, 32):
                    _against_the_floor(server, floor, world, n, seconds)
            _pages(server, world, seconds)
            _submissions(server, world, 8)
            _submissions(server, world, 32)
            response.run(server, world, world.browsers[84:96], address)
            _killed(server, world, kills)
    connection.close()


def row(name: str, experts: int, load: Load, cpu: float, bar: str = "") -> None:
    n = max(1, len(load.times))
    print(
        f"{name:<26}{experts:>8}{load.per_second:>9.1f}{load.percentile(0.5) * 1e3:>9.0f}"
        f"{load.percentile(0.95) * 1e3:>9.0f}{bar:>8}{cpu / n * 1e3:>8.1f}{len(load.times):>7}",
        flush=True,
    )
    for error in load.errors[:3]:
        print("   error:", error)


def measured(server: Server, acts: list[Callable[[], None]], seconds: float, most: int = 10**9):
    before = server.cpu()
    load = hammer(acts, seconds=seconds, most=most)
    return load, server.cpu() - before


def saver(server: Server, world: World, browser: Browser, *, bare: bool = False) -> Saver:
    expert = Expert(server.port, browser.cookie, browser.token if bare else browser.csrf)
    path = "/floor/" if bare else address(world, "save")
    question = world.questions[0]
    revisions, sequence = stored(world, browser.member, question)
    return Saver(
        expert, path, world.round_number, world.technologies, question, revisions, sequence, sequence
    )


def address(world: World, name: str, *args: str) -> str:
    from django.urls import reverse

    return reverse(f"respond:{name}", args=[world.study, *args])


def stored(world: World, member: int, question: str) -> tuple[dict[str, int], int]:
    from surveys.models import Answer

    rows = Answer.objects.filter(round_id=world.round, member=member, question__key=question)
    found = list(rows.values_list("technology__code", "revision", "client_sequence"))
    return {code: revision for code, revision, _ in found}, max((last for *_, last in found), default=1)


def _against_the_floor(ours: Server, floor: Server, world: World, n: int, seconds: float) -> None:
    chosen = world.browsers[:n]
    savers = {browser.member: saver(ours, world, browser) for browser in chosen}
    bare = [saver(floor, world, browser, bare=True) for browser in world.browsers[n : 2 * n]]
    acts, bare_acts = [each.save for each in savers.values()], [each.save for each in bare]
    hammer(acts, seconds=1)  # processes and caches are warm before anything counts
    hammer(bare_acts, seconds=1)
    turns = [(measured(ours, acts, seconds / 2), measured(floor, bare_acts, seconds / 2)) for _ in range(2)]
    (load, cpu), (floor_load, floor_cpu) = (_together(each) for each in zip(*turns, strict=True))
    row("save of 20 answers", n, load, cpu, {8: "150", 32: "400"}.get(n, ""))
    _say(lost_and_doubled(savers, world.round))
    row("bare view, same rows", n, floor_load, floor_cpu)
    by_cpu = (floor_cpu / len(floor_load.times)) / (cpu / len(load.times))
    print(
        f"{'  ratio to the floor':<26}{n:>8}{load.per_second / floor_load.per_second:>9.2f}"
        f"   by CPU {by_cpu:.2f}   goal 0.60",
        flush=True,
    )


def _together(turns) -> tuple[Load, float]:
    loads = [load for load, _cpu in turns]
    seconds, times = sum(each.seconds for each in loads), [t for each in loads for t in each.times]
    return Load(seconds, times, [e for each in loads for e in each.errors]), sum(cpu for _load, cpu in turns)


def _say(found: dict[str, int]) -> None:
    print("  " + ", ".join(f"{name} {n}" for name, n in found.items()), flush=True)


def getting(server: Server, browser: Browser, path: str) -> Callable[[], None]:
    expert = Expert(server.port, browser.cookie, browser.csrf)

    def get() -> None:
        status, told = expert.request("GET", path)
        if status != 200:
            raise Refused(f"{path} {status}: {told[:200]!r}")

    return get


def _pages(server: Server, world: World, seconds: float) -> None:
    pages = {
        "technology page": address(world, "technology", world.technologies[0]),
        "matrix": address(world, "matrix"),
        "overview": address(world, "overview"),
    }
    for name, path in pages.items():
        for n, bar in ((8, "400"), (32, "1200")):
            acts = [getting(server, browser, path) for browser in world.browsers[:n]]
            hammer(acts, seconds=1)
            load, cpu = measured(server, acts, seconds)
            row(name, n, load, cpu, bar)


def _submissions(server: Server, world: World, n: int) -> None:
    """Each expert of a group submits once, in one moment as at a deadline."""
    at = {8: slice(40, 48), 32: slice(50, 82)}[n]
    acts = [submitting(server, world, browser) for browser in world.browsers[at]]
    load, cpu = measured(server, acts, 30, most=1)
    row("submission", n, load, cpu, "300")


def submitting(server: Server, world: World, browser: Browser) -> Callable[[], None]:
    expert = Expert(server.port, browser.cookie, browser.csrf)
    body = f"round={world.round_number}&csrfmiddlewaretoken={quote(browser.csrf)}".encode()

    def submit() -> None:
        status, told = expert.request(
            "POST", address(world, "submit"), body, "application/x-www-form-urlencoded"
        )
        if status != 302:
            raise Refused(f"submit {status}: {told[:200]!r}")

    return submit


def _killed(server: Server, world: World, kills: int) -> None:
    """Fault 1: web workers are killed while 16 experts save."""
    if not kills:
        return
    savers = {browser.member: saver(server, world, browser) for browser in world.browsers[100:116]}
    over = threading.Event()

    def kill() -> None:
        for _ in range(kills):
            if over.wait(1.0):
                return
            server.kill_a_worker()

    killer = threading.Thread(target=kill)
    killer.start()
    load = hammer([each.save for each in savers.values()], seconds=kills + 1.5, retry=True)
    over.set()
    killer.join()
    row(f"saves, {kills} workers killed", 16, load, 0.0)
    _say(lost_and_doubled(savers, world.round))


def alone(url: str | None, arguments: list[str]) -> None:
    """Run this part in a process and a folder of its own, on a new SQLite file or a new PostgreSQL database."""
    import subprocess
    import sys

    with tempfile.TemporaryDirectory(prefix="delphi-bench-") as folder:
        environment = {
            **os.environ,
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "delphi_platform.settings",
            "DATABASE_URL": url or f"sqlite:///{folder}/bench.sqlite3",
        }
        command = [sys.executable, "-m", "bench.bench_questionnaire", *arguments]
        subprocess.run(command, check=False, env=environment)
