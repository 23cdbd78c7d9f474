"""Numbers with their unit stand as the reader's language sets them."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from surveys.respond.words import with_unit


@pytest.mark.parametrize(
    ("language", "type", "unit", "expected"),
    [
        ("en", "percent", "", "35 %"),
        ("zh-hans", "percent", "", "35%"),
        ("en", "number", "million euros", "35 million euros"),
        ("zh-hans", "number", "百万欧元", "35百万欧元"),
        ("zh-hans", "number", "GW", "35 GW"),
        ("en", "year", "", "35"),
    ],
)
def test_a_number_with_its_unit(language, type, unit, expected):
    with override(language):
        assert with_unit(SimpleNamespace(type=type, unit=unit), "35") == expected
