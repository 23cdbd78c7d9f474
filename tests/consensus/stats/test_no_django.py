"""consensus.stats stands alone: it can be used where Django cannot even be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Blocker())
{body}
"""


def run(body: str, blocked: set[str]) -> str:
    code = BLOCKED.format(blocked=blocked, body=body)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_blocker_blocks():
    body = "try:\n    import django\nexcept ImportError:\n    print('refused')"
    assert run(body, {"django"}).strip() == "refused"


def test_statistics_run_where_django_cannot_be_imported():
    body = "from consensus import stats\nprint(stats.battery([0, 1, 4], panel=False).value)"
    blocked = {"django", "rest_framework", "celery", "foundation", "experts", "surveys", "scanning"}
    assert run(body, blocked).strip() == "3.0"


def test_importing_pulls_in_no_scipy_stats_and_no_test_only_library():
    body = (
        "import consensus.stats\n"
        "heavy = {'scipy.stats', 'sklearn', 'statsmodels', 'pandas', 'pingouin', 'krippendorff'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(body, {"django"}).strip() == "[]"
