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


def test_marks_of_quotation_between_tabs_are_letters(read):
    header = "PT\tAU\tTI\tSO\tAB\tPY\tUT\n"
    rows = [
        'J\tA\t"Smart" grids and more\tJ\tA 5" disk\t2021\tWOS:1\n',
        'J\tA\t"Never closed\tJ\t"Said ""as is"" all"\t2020\tWOS:2\n',
    ]
    _form, (first, second), faults = read(header + "".join(rows), "savedrecs.txt")
    assert (faults, first.title, first.abstract) == ([], '"Smart" grids and more', 'A 5" disk')
    assert (second.title, second.abstract) == ('"Never closed', 'Said "as is" all')


def test_a_quoted_cell_of_several_lines_between_tabs(read):
    table = 'title\tyear\tabstract\nA\t2020\t"One\nand two"\n"B\twith a tab"\t2021\tC\n'
    _form, entries, faults = read(table, "x.tsv")
    assert (faults, [(e.title, e.abstract) for e in entries]) == (
        [],
        [("A", "One\nand two"), ("B with a tab", "C")],
    )


def test_excel_says_which_mark_parts_the_cells(read):
    form, (entry,), faults = read(
        "sep=;\r\nTitle;Abstract;Year\r\nA;B, C;2020\r\n", "x.csv", encoding="utf-8-sig"
    )
    assert (form, faults, entry.abstract, entry.year, entry.line) == ("csv", [], "B, C", 2020, 3)


def test_several_entries_of_bibtex_on_one_line(read):
    content = "@article{a,title={A},year=2020}@article{b,title={B},year=2021}  @misc{c, title={C}}\n@misc{d, title={D}}"
    _form, entries, faults = read(content, "x.bib")
    assert (faults, [entry.title for entry in entries]) == ([], ["A", "B", "C", "D"])


def test_an_entry_of_bibtex_between_parentheses(read):
    content = '@article(a, title = "A (first) {)}", year = 2020\n)\n@article{b, title={B}}\n'
    _form, entries, faults = read(content.replace("(first) ", ""), "x.bib")
    assert (faults, [entry.title for entry in entries]) == ([], ["A )", "B"])


def test_bibtex_of_web_of_science_doubles_its_braces(read):
    content = "@article{ WOS:1,\nTitle = {{Perovskite cells}},\nYear = {{2021}},\nDOI = {{10.5555/x}},\n}\n"
    _form, (entry,), faults = read(content, "x.bib")
    assert (faults, entry.external_id, entry.title, entry.year) == ([], "10.5555/x", "Perovskite cells", 2021)
    _form, (entry,), _faults = read(
        content.replace("DOI", "Unique-ID").replace("10.5555/x", "WOS:1"), "x.bib"
    )
    assert entry.external_id == "WOS:1"


def test_a_key_of_bibtex_identifies_no_work(read):
    _form, (entry,), _faults = read(
        "@article{smith2020, title={A study of perovskite cells}, year=2020}", "x.bib"
    )
    assert entry.external_id == ""
