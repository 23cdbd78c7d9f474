"""Published figures, recomputed: every case of golden_statistics.json."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from .golden_cases import DISPATCH

# The published p of this case interpolates the simulated table of R's diptest; ours interpolates our own
# simulation. Both carry sampling error, so that equality to six digits would mean a copied table.
SAMPLING_ERROR = {"dip_discrete_false_alarm.p": 0.0005}

CASES = json.loads((Path(__file__).parent / "golden_statistics.json").read_text(encoding="utf-8"))


def test_the_file_holds_all_78_cases():
    assert len(CASES) == len({case["id"] for case in CASES}) == 78


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_figure(case):
    assert case["statistic"] in DISPATCH, f"no dispatcher for {case['statistic']}"
    found = DISPATCH[case["statistic"]](case["data"], case["params"])
    compare(found, case["expected"], case["tolerance"], case["id"])


def compare(found, expected, tolerance, where):
    if isinstance(expected, dict):
        for key, value in expected.items():
            allowed = tolerance[key] if isinstance(tolerance, dict) else tolerance
            compare(found[key], value, allowed, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for i, (a, b) in enumerate(zip(found, expected, strict=True)):
            compare(a, b, tolerance, f"{where}[{i}]")
    elif isinstance(expected, str):
        assert found == expected, where
    else:
        assert found is not None, where
        assert np.isfinite(found), where
        # A hair above zero tolerance, so that "0" means equal up to floating point.
        tolerance = SAMPLING_ERROR.get(where, tolerance)
        assert abs(found - expected) <= tolerance + 1e-12, f"{where}: {found} is not {expected}"
