"""Exports as they are found in the wild: values that stand for nothing, variants of formats, files joined by hand."""

import json

import pytest

from tests.scanning import samples

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


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Switzerland; Peoples R China", ["CH", "CN"]),
        ("CH|USA|United States", ["CH", "US"]),
        ("中国；美国", ["CN", "US"]),
        ("Atlantis", ["Atlantis"]),
    ],
)
def test_a_country_has_one_code(read, written, codes):
    _form, (entry,), _faults = read(f"title,abstract,country\nA,B,{written}\n", "x.csv")
    assert entry.countries == codes


def test_countries_at_the_ends_of_addresses(read):
    wos = (
        "FN Clarivate\nVR 1.0\nPT J\nTI A\nC1 [Smith, J; Doe, A] Univ Lakeside, Dept Phys, Zurich, Switzerland.\n"
        "   [Doe, A] MIT, Cambridge, MA 02139 USA.\nC3 Lakeside University\nUT WOS:1\nER\n\nEF\n"
    )
    _form, (entry,), _faults = read(wos, "savedrecs.txt")
    assert (entry.countries, entry.organisations) == (["CH", "US"], ["Lakeside University"])
    row = (
        'A,T,2021,J,,"Lakeside University, Zurich, Switzerland; Hill Institute, Atlanta, GA, USA",B,Article,'
    )
    _form, (entry,), _faults = read(SCOPUS + row + "Scopus,2-s2.0-1\n", "scopus.csv")
    assert entry.countries == ["CH", "US"]
    pubmed = "PMID- 1\nTI  - A\nAD  - Hill Institute, Beijing, China. Electronic address: a@b.example.\n"
    assert read(pubmed, "x.nbib")[1][0].countries == ["CN"]


RIS = "TY  - JOUR\nTI  - Perovskite cells\nAB  - Text\nPY  - 2021///\nER  - \n\nTY  - JOUR\nTI  - Flow cells\nER  - \n"


@pytest.mark.parametrize(
    "content",
    [
        RIS.replace("ER  - \n", ""),
        'Provider: John Wiley & Sons\nContent:text/plain; charset="UTF-8"\n\n' + RIS,
        RIS.replace("\n", "\r"),
        "\n\n" + RIS,
    ],
)
def test_ris_without_ends_and_with_a_head(read, content):
    form, entries, faults = read(content, "x.ris", encoding="utf-8-sig")
    assert (form, faults, [e.title for e in entries]) == ("ris", [], ["Perovskite cells", "Flow cells"])


def test_pubmed_gives_the_doi_after_other_numbers(read):
    record = "PMID- 8\nLID - S0002 [pii]\nLID - 10.5555/cell.2 [doi]\nTI  - A\n\n"
    other = "PMID- 9\nLID - S0003 [pii]\nAID - S0003 [pii]\nAID - 10.5555/cell.3 [doi]\nTI  - B\n"
    _form, entries, _faults = read(record + other, "x.nbib")
    assert [entry.external_id for entry in entries] == ["10.5555/cell.2", "10.5555/cell.3"]


def test_chinese_lines_go_on_without_a_blank(read):
    content = "RT Journal Article\nT1 固态电池\nAB 本文综述固态\n电池，\n讨论SEI\nlayers。\n"
    _form, (entry,), _faults = read(content, "x.txt")
    assert entry.abstract == "本文综述固态电池，讨论SEI layers。"


def test_pages_of_a_service_one_after_another(read):
    page = {
        "meta": {"note": "x"},
        "results": [{"id": "https://openalex.org/W1", "title": "A"}],
        "group_by": [],
    }
    other = page | {"results": [{"id": "https://openalex.org/W2", "title": "B } { C"}]}
    for mark in ("", "\n", "\r\n\r\n"):
        content = mark.join(map(json.dumps, [page, other, page | {"results": []}, page]))
        form, entries, faults = read(content, "x.json")
        assert (form, faults, [e.external_id for e in entries]) == ("json", [], ["W1", "W2", "W1"])


def test_pages_longer_than_the_window(read):
    page = {"results": [{"id": "W1", "title": "A", "abstract": "x" * 50}], "more": ["y" * 1000] * 900}
    _form, entries, faults = read(json.dumps(page) + "\n" + json.dumps(page), "x.json")
    assert (len(entries), faults) == (2, [])


def test_news_of_a_news_service(read):
    articles = [{"source": {"id": None, "name": "Cell News"}, "title": "T", "content": "c",
                 "publishedAt": "2024-02-01T08:00:00Z", "url": "https://news.example/1"}]  # fmt: skip
    _form, (entry,), faults = read(json.dumps({"status": "ok", "articles": articles}), "x.json")
    assert (faults, entry.year, entry.source) == ([], 2024, "Cell News")


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Cell News</title><entry>{head}<title>Flow cells</title>
<link rel="self" href="https://news.example/self"/><link href="https://{host}/1"/><id>n1</id>
<updated>2024-02-01T08:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p>
<p>H<sub>2</sub>O</p></div></content></entry></feed>"""
ORIGIN = "<source><id>s</id><title>Origin</title><updated>2020-01-01T00:00:00Z</updated></source>"


def test_an_entry_that_came_from_another_feed(read):
    _form, (entry,), faults = read("\n\n" + FEED.format(head=ORIGIN, host="news.example"), "x.xml")
    assert (faults, entry.external_id, entry.title, entry.source) == ([], "n1", "Flow cells", "Origin")
    assert (entry.url, entry.abstract, entry.year) == ("https://news.example/1", "One. H2O", 2024)


def test_preprints_of_a_feed_are_papers(read):
    _form, (entry,), _faults = read(FEED.format(head="", host="arxiv.org/abs"), "x.xml")
    assert (entry.kind, entry.source) == ("paper", "Cell News")


def test_what_a_system_leaves_in_a_zip_is_no_second_file(read):
    files = {"x.csv": "title,abstract\nA,B\n", ".DS_Store": "x", "sub/._x.csv": "x", "Thumbs.db": "x"}
    form, (entry,), faults = read(samples.zipped(files), "x.zip")
    assert (form, faults, entry.title) == ("csv", [], "A")
