"""Fault 10 in bulk: rounds close while members submit and save. Each response must be wholly in or wholly out."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.utils import timezone

SPREAD = 0.03
MEMBERS = 6


def run(trials: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    draw, found, began = random.Random(10), Counter(), time.perf_counter()
    for _ in range(trials):
        found += _trial(draw)
    print(f"\n{connection.vendor}: {trials} closings against {MEMBERS} responses each")
    for name in (
        "in time",
        "late",
        "submitted but not stored",
        "stored but refused",
        "torn",
        "after closing",
        "chain",
    ):
        print(f"  {name:<26}{found[name]:>8}")
    print(f"  {'seconds':<26}{time.perf_counter() - began:>8.0f}")
    connection.close()


def _trial(draw: random.Random) -> Counter[str]:
    from foundation.models import AuditEntry
    from foundation.services.audit import broken_links
    from surveys.models import Answer, Participation, Round
    from surveys.services.rounds import close_round
    from surveys.services.submission import submit

    round, members, technologies = _world()
    acts: list[Callable[[], Any]] = []
    for place, member in enumerate(members):
        acts.append(
            (lambda m=member: submit(round=round, member=m))
            if place % 2
            else (lambda m=member: _save(round, m, technologies, 4))
        )
    told = _at_once([*acts, lambda: close_round(round=Round.objects.get(pk=round.pk))], draw)
    seen: Counter[str] = Counter()
    entries = AuditEntry.objects.filter(stream=round.study.stream)
    closed = entries.get(action="round.closed").sequence
    for place, (member, in_time) in enumerate(zip(members, told, strict=False)):
        seen["in time" if in_time else "late"] += 1
        if place % 2:
            stored = Participation.objects.get(round=round, member=member).status == "submitted"
            told_of = entries.filter(action="response.submitted", actor_label=member.pseudonym)
            seen["torn"] += told_of.count() != int(stored)
            seen["after closing"] += told_of.filter(sequence__gt=closed).exists()
        else:
            numbers = set(Answer.objects.filter(round=round, member=member).values_list("number", flat=True))
            stored = numbers == {4.0}
            seen["torn"] += len(numbers) != 1
        seen["submitted but not stored"] += in_time and not stored
        seen["stored but refused"] += stored and not in_time
    seen["chain"] += len(broken_links(round.study.stream))
    return seen


def _world():
    import secrets

    from experts.models import PanelMember, User
    from surveys.services.rounds import open_round, plan_round
    from surveys.services.studies import create_study
    from surveys.services.technologies import add_technology

    owner = User.objects.create(email=f"{secrets.token_hex(8)}@example.org")
    study = create_study(actor=owner, template="agreement", title={"en": "Race"})
    listed = [add_technology(study=study, actor=owner, name={"en": f"T{n}"}) for n in range(3)]
    group = study.panel.groups.first()
    members = [
        PanelMember.objects.create(panel=study.panel, group=group, pseudonym=f"E{n:04d}")
        for n in range(MEMBERS)
    ]
    round = open_round(round=plan_round(study=study, actor=owner), actor=owner)
    round.participations.update(consented_at=timezone.now())
    codes = [technology.code for technology in listed]
    for member in members:
        _save(round, member, codes, 3)
    return round, members, codes


def _save(round, member, codes: list[str], number: int) -> None:
    from surveys.services.answers import Change, save_answers

    changes = [Change("agreement", code, {"number": number}) for code in codes]
    save_answers(round=round, member=member, changes=changes)


def _at_once(acts: list[Callable[[], Any]], draw: random.Random) -> list[bool]:
    """Whether each was taken. Anything but the refusal by name ends the measurement."""
    from django.db import connection

    from surveys.exceptions import RoundNotOpen

    start, pauses = threading.Barrier(len(acts)), [draw.uniform(0, SPREAD) for _ in acts]

    def run(act: Callable[[], Any], pause: float) -> bool:
        try:
            start.wait()
            time.sleep(pause)
            act()
        except RoundNotOpen:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return [
            each.result() for each in [pool.submit(run, *pair) for pair in zip(acts, pauses, strict=True)]
        ]
