"""The package stands alone and is cheap to import."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

CODE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "rest_framework", "celery"}:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocked())
import scanning.textmining as m
names = ("sklearn", "scipy", "jieba", "networkx", "pandas")
heavy = [name for name in names if name in sys.modules]
assert not heavy, heavy
records = [m.Record(str(i), "Solid state battery", "The solid state battery (SSB).", 2020) for i in range(4)]
print([term.name for term in m.mine_terms(records)])
"""


def test_package_works_where_django_is_blocked_and_imports_nothing_heavy():
    result = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "['solid state battery']"
