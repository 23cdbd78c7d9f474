"""Every benchmark, one process each: `make bench`, or `python -m bench statistics mining`.

Each prints ratios measured within its own run. What needs a server or real data says so and is left out without it:
`BENCH_DATABASE_URL` names a PostgreSQL database to fill, `DELPHI_DATA_DIR` the folder of real data.
"""

from __future__ import annotations

import os
import subprocess
import sys

POSTGRES = os.environ.get("BENCH_DATABASE_URL", "")
DATA = os.environ.get("DELPHI_DATA_DIR", "")


def plans() -> dict[str, tuple[list[str], dict[str, str], str]]:
    """Command, environment, and what is missing for it."""
    no_server = "" if POSTGRES else "set BENCH_DATABASE_URL to a PostgreSQL database"
    no_data = "" if DATA else "set DELPHI_DATA_DIR to the real data"
    with_server = ["--postgres", POSTGRES] if POSTGRES else []
    return {
        "statistics": (["bench.bench_statistics"], {}, ""),
        "questionnaire": (["bench.bench_questionnaire", *with_server], {}, ""),
        "close_round": (["bench.bench_close_round"], {"DATABASE_URL": POSTGRES}, no_server),
        "mining": (["bench.bench_mining"], {}, no_data),
        "scanning": (["bench.bench_scanning"], {}, no_data),
    }


def main(asked: list[str]) -> int:
    known = plans()
    if unknown := set(asked) - set(known):
        print(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
        return 2
    codes = []
    for name in asked or list(known):
        command, environment, missing = known[name]
        print(f"\n=== {name}" + (f": left out, {missing}" if missing else ""), flush=True)
        if not missing:
            codes.append(
                subprocess.run([sys.executable, "-m", *command], env={**os.environ, **environment}).returncode
            )
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
