"""Cleaning of imported text and reading of dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.formats.text import clean_abstract, clean_title, fingerprint, plain_text, read_date


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>A <b>bold</b> claim</p>", "A bold claim"),
        ("<jats:p>CO<jats:sub>2</jats:sub> capture</jats:p>", "CO2 capture"),
        ("H<sub>2</sub>O and <i>in vitro</i>, <em class='x'>E. coli</em>", "H2O and in vitro, E. coli"),
        ("&lt;sup&gt;18&lt;/sup&gt;F-FDG", "18F-FDG"),
        ("where a<b and c>d, x<i and i>y", "where a<b and c>d, x<i and i>y"),
        ('<a href="//x">link</a> <p class=x>text', "link text"),
        ("<正>本文综述固态电池。", "本文综述固态电池。"),
        ("a<script>alert(1)</script>b", "a b"),
        ("a<SCRIPT src=//x>alert(1)</SCRIPT >b", "a b"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("a <img src=x onerror=alert(1)> b", "a b"),
        ("for x<y and y>z, p < 0.05", "for x<y and y>z, p < 0.05"),
        ("R&amp;D, AT&T, 5 &micro;m", "R&D, AT&T, 5 µm"),
        ("safe\u202eevil\u0007", "safeevil"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("<svg onload=alert(1)><circle/></svg>ok", "ok"),
        ("<!-- hidden --> seen", "seen"),
    ],
)
def test_fault_25_markup_becomes_plain_text(raw, clean):
    assert plain_text(raw) == clean


def test_unclosed_elements_cost_linear_time():
    text = "<script>" * 12_000
    assert "<script" not in clean_abstract(text)


@given(st.text(max_size=300))
def test_cleaned_titles_are_one_line_that_any_database_stores(text):
    cleaned = clean_title(text)
    assert "\n" not in cleaned
    assert "\0" not in cleaned
    assert cleaned.encode("utf-8").decode() == cleaned
    assert len(cleaned) <= 1000


@pytest.mark.parametrize(
    ("raw", "year", "day"),
    [
        ("2019", 2019, None),
        ("2019-05", 2019, None),
        ("2019-05-03", 2019, date(2019, 5, 3)),
        ("20190503", 2019, date(2019, 5, 3)),
        ("2019/5/3", 2019, date(2019, 5, 3)),
        ("2019年5月3日", 2019, date(2019, 5, 3)),
        ("２０１９年", 2019, None),
        ("3 May 2019", 2019, date(2019, 5, 3)),
        ("May 2019", 2019, None),
        ("Fri, 03 May 2019 10:00:00 GMT", 2019, date(2019, 5, 3)),
        ("2019 Jan-Feb", 2019, None),
        ("Spring 2019", 2019, None),
        ("2019-05-03T10:00:00Z", 2019, date(2019, 5, 3)),
        ("2019.0", 2019, None),
        ("2019-05-00", 2019, None),
        ("2019-00-00", 2019, None),
        ("0000-00-00", None, None),
        ("n.d.", None, None),
        ("In press", None, None),
        ("NaN", None, None),
        ("#N/A", None, None),
        ("0", None, None),
        ("-", None, None),
    ],
)
def test_dates_as_databases_write_them(raw, year, day):
    assert read_date(raw) == (year, day)


@pytest.mark.parametrize("raw", ["soon", "99", "2019-13-01", "2019-02-30", "3019"])
def test_dates_that_say_nothing_are_refused(raw):
    with pytest.raises(ValueError):  # noqa: PT011  the reader of a line turns it into a fault
        read_date(raw)


def test_fingerprints_ignore_spelling_but_not_short_titles():
    assert fingerprint("Deep Learning: A Review of Methods!", "x") == fingerprint(
        "deep learning – a review of  methods", "y"
    )
    assert fingerprint("Editorial", "one") != fingerprint("Editorial", "two")
