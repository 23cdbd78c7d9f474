"""The questionnaire's weight and speed, measured and printed.

    python -m bench.bench_questionnaire [weight|vitals|speed|races ...] [--postgres postgres://user@host/postgres]

Everything runs on databases of its own: a SQLite file, and with ``--postgres`` a database that is made on that server
and dropped again. Nothing but this machine is called, and each part ends by itself.

weight   bytes, queries and CPU of the pages
vitals   LCP, CLS and INP in Chromium with a processor slowed four times
speed    saves, pages and submissions under load, against a bare view; workers killed under load
races    closings against submissions and saves, 500 times
"""

from __future__ import annotations

import argparse
import os
from contextlib import contextmanager

PARTS = ("weight", "vitals", "speed", "races")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--postgres", help="address of a server on which a database may be made and dropped")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement under load")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for part in options.parts or PARTS:
        if options.here:
            _run(part, options)
        else:
            _alone(part, options)


def _alone(part: str, options: argparse.Namespace) -> None:
    from bench.questionnaire.speed import alone

    arguments = [part, "--here", f"--seconds={options.seconds}", f"--kills={options.kills}"]
    arguments.append(f"--trials={options.trials}")
    print(f"\n== {part} (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)", flush=True)
    alone(None, arguments)
    if options.postgres and part in ("speed", "races"):
        with _database(options.postgres) as url:
            alone(url, arguments)


@contextmanager
def _database(server: str):
    import psycopg2

    name = f"delphi_bench_{os.getpid()}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


def _run(part: str, options: argparse.Namespace) -> None:
    import django

    django.setup()
    if part == "speed":
        from bench.questionnaire import speed

        speed.run(seconds=options.seconds, kills=options.kills)
    else:
        from bench.questionnaire import races, vitals, weight

        {"weight": weight.run, "vitals": vitals.run, "races": lambda: races.run(options.trials)}[part]()


if __name__ == "__main__":
    main()
