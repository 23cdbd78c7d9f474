"""Closing a round end to end against the bare GROUP BY that it needs, and how that grows.

    DATABASE_URL=postgres://... python bench/bench_close_round.py --answers 50000 500000 5000000

Each size gets a study of its own: members × technologies × six questions (familiarity, importance, feasibility, two
years, constraint), 40 % answered, in two rounds, so that pairs are counted too. The rows are made inside the database.
Every closing runs in a process of its own, whose peak memory is printed. The database should be an empty one; it is
vacuumed after filling, as autovacuum does within a minute. The denominator is the two GROUP BY statements that yield
the count tables, run bare; the closing itself counts with NumPy and does not run them.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delphi_platform.settings")

QUESTIONS = 6
ANSWERED = 0.4
FOUR_GROUPS = 4
CELLS = """
    SELECT a.question_id AS question, COALESCE(a.technology_id, 0) AS technology,
           COALESCE(m.group_id, 0) AS panel_group, COALESCE(f.number, -1) AS familiarity,
           a.special, COALESCE(a.number, 0) AS number, COUNT(*) AS n
    FROM surveys_answer a
    JOIN experts_panelmember m ON m.id = a.member_id
    LEFT JOIN surveys_answer f ON f.round_id = %s AND f.question_id = %s AND f.member_id = a.member_id
                              AND f.technology_id = a.technology_id
    WHERE a.round_id = %s AND m.status <> %s AND (a.number IS NOT NULL OR a.special <> '')
    GROUP BY 1, 2, 3, 4, 5, 6"""
PAIRS = """
    SELECT a.question_id AS question, a.technology_id AS technology,
           b.number AS earlier, a.number AS later, COUNT(*) AS n
    FROM surveys_answer a
    JOIN surveys_answer b ON b.round_id = %s AND b.member_id = a.member_id
                         AND b.technology_id = a.technology_id AND b.question_id = a.question_id
    JOIN experts_panelmember m ON m.id = a.member_id
    WHERE a.round_id = %s AND m.status <> %s AND a.number IS NOT NULL AND b.number IS NOT NULL
    GROUP BY 1, 2, 3, 4"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, nargs="+", default=[50_000, 500_000])
    parser.add_argument("--technologies", type=int, default=700)
    parser.add_argument("--close", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--export", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    import django

    django.setup()
    if options.close:
        print(*_close(options.close))
        return
    if options.export:
        print(*_export(options.export))
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    heads = f"{'answers':>10} {'members':>8} {'group by':>9} {'closing':>9} {'ratio':>6} {'peak MB':>8}"
    heads += f" {'export':>9} {'peak MB':>8} {'file MB':>8}"
    print(heads, flush=True)
    for answers in options.answers:
        _measure(answers, options.technologies)


def _measure(answers: int, technologies: int) -> None:
    members = max(10, round(answers / (technologies * QUESTIONS * ANSWERED)))
    round_id, stored = make(members, technologies)
    bare = min(_bare(round_id) for _ in range(3))
    seconds, peak = in_own_process("--close", round_id)[-2:]
    line = f"{stored:>10} {members:>8} {bare:>8.2f}s {seconds:>8.2f}s {seconds / bare:>6.2f} {peak:>8.0f}"
    seconds, peak, size = in_own_process("--export", round_id)[-3:]
    print(f"{line} {seconds:>8.2f}s {peak:>8.0f} {size:>8.1f}", flush=True)


def in_own_process(what: str, round_id: int, environment: dict[str, str] | None = None) -> list[float]:
    """What it printed; its peak memory is then of this one piece of work."""
    done = subprocess.run(
        [sys.executable, __file__, what, str(round_id)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    return [float(part) for part in done.stdout.split()]


def make(members: int, technologies: int) -> tuple[int, int]:
    """A study with two closed rounds; the answers of the second are counted, those of the first compared with."""
    from django.utils import timezone

    from consensus.counting.frame import frame_of
    from experts.models import PanelMember, User
    from surveys.models import Answer, Round, RoundTechnology, Technology
    from surveys.services.studies import create_study

    owner, _ = User.objects.get_or_create(email="bench@example.org")
    study = create_study(actor=owner, template="foresight", title={"en": f"{members} members"})
    groups = list(study.panel.groups.all())[:FOUR_GROUPS]
    PanelMember.objects.bulk_create(
        [
            PanelMember(panel=study.panel, pseudonym=f"E{place:06d}", group=groups[place % len(groups)])
            for place in range(members)
        ],
        batch_size=1000,
    )
    Technology.objects.bulk_create(
        [
            Technology(study=study, key=f"T{place}", name={"en": f"T{place}"}, position=place)
            for place in range(technologies)
        ],
        batch_size=500,
    )
    rounds = [
        Round.objects.create(study=study, number=number, status="closed", closed_at=timezone.now())
        for number in (1, 2)
    ]
    for round in rounds:
        RoundTechnology.objects.bulk_create(
            [
                RoundTechnology(round=round, technology=t, position=t.position)
                for t in study.technologies.all()
            ]
        )
        for question in frame_of(round).questions:
            _answer(round, question)
        _ask(round)
    _analyse()
    return rounds[1].pk, Answer.objects.filter(round=rounds[1]).count()


def _answer(round, question) -> None:
    """Draw answers in the database. A member skips the same technologies in every question, as experts do."""
    from django.db import connection

    low, width = (
        (2028, 30) if question.type == "year" else (1, int(question.maximum or question.choices.count()))
    )
    random = "RANDOM()" if connection.vendor == "postgresql" else "(ABS(RANDOM() % 1000000) / 1000000.0)"
    keep = f"((m.id * 7919 + t.id * 104729) %% 1000) < {int(ANSWERED * 1000)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO surveys_answer (round_id, member_id, question_id, technology_id, number, text, special,
                    change_cause, revision, client_sequence, saved_at)
                SELECT %s, m.id, %s, t.id, {low} + FLOOR({width} * {random}), '', '', '', 1, 0, CURRENT_TIMESTAMP
                FROM experts_panelmember m CROSS JOIN surveys_technology t
                WHERE m.panel_id = %s AND t.study_id = %s AND {keep}""",
            [round.pk, question.pk, round.study.panel_id, round.study_id],
        )


def _ask(round) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO surveys_assignment (round_id, member_id, technology_id, position)
                SELECT %s, m.id, t.id, t.position FROM experts_panelmember m CROSS JOIN surveys_technology t
                WHERE m.panel_id = %s AND t.study_id = %s
                  AND ((m.id * 7919 + t.id * 104729) % 1000) < {int(ANSWERED * 1000)}""".replace(
                "% 1000", "%% 1000"
            ),
            [round.pk, round.study.panel_id, round.study_id],
        )


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _bare(round_id: int) -> float:
    """The count tables themselves by GROUP BY, without any statistic: counts by question, technology, group,
    familiarity and value, and the self-join of the two rounds by question, technology and both values.
    """
    from django.db import connection

    from consensus.counting.answers import GONE
    from consensus.counting.frame import frame_of
    from surveys.models import Round

    frame = frame_of(Round.objects.get(pk=round_id))
    statements = [
        (CELLS, [round_id, frame.familiarity.pk, round_id, GONE]),
        (PAIRS, [frame.previous.pk, round_id, GONE]),
    ]
    start = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"SELECT COUNT(*), SUM(n) FROM ({sql}) AS counted", params)
            cursor.fetchone()
    return time.perf_counter() - start


def _close(round_id: int) -> tuple[float, float]:
    from consensus.services.compute import compute_round

    start = time.perf_counter()
    compute_round(round_id=round_id)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _export(round_id: int) -> tuple[float, float, float]:
    """All pseudonymous answers of the study as CSV: seconds, peak memory and size of the file, in MB."""
    import tempfile

    from consensus.exports.registry import CONTENTS, WRITERS
    from surveys.models import Round

    study = Round.objects.get(pk=round_id).study
    Round.objects.filter(study=study).update(status="analysed")
    start = time.perf_counter()
    with tempfile.TemporaryFile() as target:
        WRITERS["csv"]().write(target, CONTENTS["answers"](study), lambda done: None)
        size = target.seek(0, os.SEEK_END)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size / 2**20


if __name__ == "__main__":
    main()
