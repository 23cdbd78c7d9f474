"""Exports as they are found in the wild: values that stand for nothing, variants of formats, files joined by hand."""

import json

import pytest

SCOPUS = "Authors,Title,Year,Source title,DOI,Affiliations,Abstract,Document Type,Source,EID\n"


def test_the_journal_of_a_scopus_record_is_not_the_database(read):
    row = (
        "A,Perovskite cells,2021,Journal of Cells,,Lakeside,[No abstract available],Article,Scopus,2-s2.0-1\n"
    )
    _form, (entry,), faults = read(SCOPUS + row, "scopus.csv")
    assert (faults, entry.source, entry.abstract) == ([], "Journal of Cells", "")


@pytest.mark.parametrize(
    "nothing", ["NaN", "nan", "None", "N/A", "-", "null", "0", "n.d.", "in press", "#N/A"]
)
def test_a_year_that_says_nothing_is_no_year(read, nothing):
    _form, (entry, other), faults = read(f"title,abstract,year\nA,B,{nothing}\nC,D,2020.0\n", "x.csv")
    assert (faults, entry.year, other.year) == ([], None, 2020)


@pytest.mark.parametrize("nothing", ["N/A", "-", "nan", "None", "null", "无", "3.1E+07"])
def test_identifiers_that_say_nothing_make_no_two_records_one(read, nothing):
    table = f"id,doi,title,abstract\n{nothing},{nothing},Cells,B\n{nothing},{nothing},Membranes,D\n"
    _form, entries, faults = read(table, "x.csv")
    assert (faults, [entry.external_id for entry in entries]) == ([], ["", ""])


def test_numbers_that_json_does_not_know_stop_nothing(read):
    content = (
        '[{"title": "A", "year": NaN}, {"title": "B", "year": Infinity}, {"title": "C", "year": 2020.0}]'
    )
    _form, entries, faults = read(content, "x.json")
    assert (faults, [entry.year for entry in entries]) == ([], [None, None, 2020])


def test_objects_where_a_name_would_do_keep_no_record_out(read):
    record = {
        "title": "A",
        "organization": {"name": "Lakeside University"},
        "source": {"x": 1},
        "country": True,
    }
    _form, (entry,), faults = read(json.dumps([record | {"language": ["en"], "url": None}]), "x.json")
    assert (faults, entry.organisations, entry.source, entry.countries) == (
        [],
        ["Lakeside University"],
        "",
        [],
    )
