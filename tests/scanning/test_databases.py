"""Exports of the databases people use: recognised by what is in them, read with source, kind and identifier."""

import gzip
import json
from datetime import date

import pytest

from scanning.formats.databases import DATABASES
from scanning.formats.identifiers import best_identifier, normal_doi, normal_patent, normal_pmid
from tests.scanning import samples

OPENALEX_PAGE = {"meta": {"count": 1}, "results": [samples.OPENALEX]}


@pytest.mark.parametrize("key", samples.TABLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_tables_of_each_database_are_told_apart(read, key, encoding):
    name, content, expected = samples.TABLES[key]
    form, (entry,), faults = read(content, name, encoding=encoding)
    assert (form, faults) == ("csv", [])
    assert entry.database == key
    assert (entry.external_id, entry.title, entry.kind, entry.year, entry.organisations) == expected


def test_the_same_tables_as_excel_sheets(read):
    rows = [
        ["项目批准号", "项目名称", "依托单位", "批准年度", "中文摘要"],
        [52100001, "固态电解质", "湖滨大学", 2021, "研究。"],
    ]
    form, (entry,), faults = read(samples.xlsx(rows, lead=2), "list.xlsx")
    assert (form, faults, entry.line) == ("xlsx", [], 4)
    assert (entry.external_id, entry.database, entry.kind, entry.year) == (
        "52100001",
        "nsfc",
        "project",
        2021,
    )


def test_dates_of_an_excel_sheet_are_dates(read):
    rows = [["Title", "Abstract", "Date"], ["Cells", "Text", date(2021, 5, 3)]]
    _form, (entry,), _faults = read(samples.xlsx(rows))
    assert (entry.year, entry.day) == (2021, date(2021, 5, 3))


@pytest.mark.parametrize(
    ("content", "database", "expected"),
    [
        (OPENALEX_PAGE, "openalex", ("10.5555/cell.1", "paper", 2021, "Journal of Cells")),
        ({"data": [samples.LENS_PATENT]}, "lens", ("EP1234567", "patent", 2019, "")),
        (samples.NSF_API, "nsf", ("2100001", "project", 2021, "")),
        (samples.JSON_FEED, "json_feed", ("n1", "news", 2024, "")),
    ],
)  # fmt: skip
def test_json_of_each_database_as_a_page_and_as_lines(read, content, database, expected):
    form, (entry,), faults = read(samples.json_bytes(content), "page.json")
    assert (form, faults, entry.database) == ("json", [], database)
    assert (entry.external_id, entry.kind, entry.year, entry.source) == expected
    assert entry.title
    assert entry.abstract
    record = next(
        value for value in content.values() if isinstance(value, list | dict) and value != content.get("meta")
    )
    record = record["award"] if isinstance(record, dict) else record
    form, (line,), _faults = read(json.dumps(record[0]) + "\n", "works.jsonl")
    assert (form, line.external_id, line.title) == ("jsonl", entry.external_id, entry.title)


def test_an_openalex_snapshot_part_in_gzip(read):
    lines = (json.dumps(samples.OPENALEX) + "\n").encode() * 3
    form, entries, faults = read(gzip.compress(lines), "part_000.gz")
    assert (form, len(entries), faults) == ("jsonl", 3, [])
    assert (entries[0].countries, entries[0].organisations) == (["CH"], ["Lakeside University"])
    assert entries[0].abstract == "Perovskite cells work"


def test_a_zip_with_one_file_is_read_like_the_file(read):
    name, content, expected = samples.TABLES["cordis"]
    form, (entry,), faults = read(samples.zipped({"csv/": b"", f"csv/{name}": content, "__MACOSX/._x": b"x"}))
    assert (form, faults, entry.external_id) == ("csv", [], expected[0])


@pytest.mark.parametrize(
    ("content", "form"),
    [(samples.PUBMED_XML, "pubmed_xml"), (samples.ENDNOTE_XML, "endnote_xml")],
)
def test_xml_of_reference_databases(read, content, form):
    key, (entry,), faults = read(content, "export.xml")
    assert (key, faults) == (form, [])
    assert (entry.title, entry.external_id, entry.year) == ("Perovskite cells", "10.5555/cell.1", 2021)
    assert (" ".join(entry.abstract.split()), entry.source) == ("First line and second.", "Journal of Cells")


def test_pubmed_xml_keeps_day_language_and_affiliation(read):
    _key, (entry,), _faults = read(samples.PUBMED_XML)
    assert (entry.day, entry.language, entry.organisations) == (
        date(2021, 5, 3),
        "en",
        ["Lakeside University"],
    )
    assert entry.line == 4


@pytest.mark.parametrize("content", [samples.RSS, samples.ATOM])
def test_news_feeds(read, content):
    key, (entry,), faults = read(content, "news.xml")
    assert (key, faults, entry.kind) == ("feed", [], "news")
    assert (entry.external_id, entry.title, entry.abstract) == ("n1", "Flow cells in homes", entry.abstract)
    assert "<" not in entry.abstract
    assert (entry.day, entry.source, entry.url) == (date(2024, 2, 1), "Cell News", "https://news.example/n1")


def test_xml_says_its_own_encoding(read):
    _key, (entry,), faults = read(
        samples.RSS.replace("utf-8", "iso-8859-1").replace("homes", "hôtels"), encoding="latin-1"
    )
    assert (entry.title, faults) == ("Flow cells in hôtels", [])


def test_bibtex_with_strings_accents_and_nested_braces(read):
    key, (paper, patent), faults = read(samples.BIBTEX, "refs.bib")
    assert (key, faults) == ("bibtex", [])
    assert paper.title == "Perovskite cells: étude of $CsPbI_3$"
    assert " ".join(paper.abstract.split()) == 'First line and "second", 5% better'
    assert (paper.external_id, paper.source, paper.year, paper.line) == (
        "10.5555/cell.1",
        "Journal of Cells",
        2021,
        3,
    )
    assert (patent.external_id, patent.kind) == ("US6836996", "patent")


def test_an_entry_of_bibtex_that_is_not_closed_is_named_by_its_line(read):
    content = "@article{a,\n title={A}}\n@article{b,\n title={B\n}\n@article{c,\n title={C}}\n"
    _key, entries, faults = read(content)
    assert faults == [(3, "bibtex_broken")]
    assert [entry.title for entry in entries] == ["A", "C"]


@pytest.mark.parametrize(
    ("content", "form"), [(samples.NOTEEXPRESS, "noteexpress"), (samples.CNKI_TEXT, "cnki")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_of_chinese_databases(read, content, form, encoding):
    key, (paper, patent), faults = read(content, "export.txt", encoding=encoding)
    assert (key, faults) == (form, [])
    assert (paper.title, paper.source, paper.year, paper.kind) == (
        "固态电池研究进展",
        "电池学报",
        2021,
        "paper",
    )
    assert (patent.title, patent.kind) == ("一种液流电池", "patent")
    if form == "cnki":
        assert (paper.organisations, paper.database) == (["湖滨大学", "山地研究所"], "cnki")


def test_reports_as_pdf_and_docx_and_a_zip_of_both(read):
    pdf = samples.pdf(
        "Flow cells have been installed in forty homes by now.", title="Flow cells at home", date="20230401"
    )
    docx = samples.docx(
        [
            "固态电池产业发展报告",
            "本报告综述固态电池的产业进展与主要企业，并讨论未来需要解决的关键问题和风险。",
        ]
    )
    form, (report,), faults = read(pdf, "report.pdf")
    assert (form, faults) == ("pdf", [])
    assert (report.title, report.kind, report.day) == ("Flow cells at home", "report", date(2023, 4, 1))
    assert "forty homes" in report.abstract
    form, (chinese,), _faults = read(docx, "2022年报告.docx")
    assert (form, chinese.title, chinese.year) == ("docx", "固态电池产业发展报告", 2022)
    form, both, faults = read(samples.zipped({"a/one.pdf": pdf, "b/two.docx": docx}))
    assert (form, faults) == ("bundle", [])
    assert [entry.title for entry in both] == [report.title, chinese.title]


def test_a_report_without_text_is_refused(read):
    assert read(samples.pdf(""), "scan.pdf")[2] == [(1, "no_text_layer")]


def test_columns_that_a_person_named_are_read(read):
    rows = [["Kopf", "Was steht drin", "Wann"], ["Perovskite cells", "Text", "2021"]]
    table = "\n".join(";".join(row) for row in rows) + "\n"
    assert read(table, "x.csv")[2] == [(1, "unknown_format")]
    assert read(samples.xlsx(rows))[2] == [(1, "header_missing")]
    for content in (table, samples.xlsx(rows)):
        mapping = {"title": "Kopf", "abstract": "Was steht drin", "year": "Wann"}
        _form, (entry,), faults = read(content, "x.csv", mapping=mapping)
        assert (entry.title, entry.abstract, entry.year, faults) == ("Perovskite cells", "Text", 2021, [])


def test_every_database_has_a_name_and_a_sample():
    assert all(str(each.label) for each in DATABASES.values())
    assert set(DATABASES) == {*samples.TABLES, "openalex", "json_feed"}


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("https://doi.org/10.1234/ABC.d", "10.1234/abc.d"),
        ("doi: 10.1234/abc.D", "10.1234/abc.d"),
        ("S0001 [pii] 10.1234/abc.d [doi]", "10.1234/abc.d"),
        ("no doi", ""),
    ],
)
def test_a_doi_has_one_spelling(raw, normal):
    assert normal_doi(raw) == normal


@pytest.mark.parametrize(
    "raw", ["US06836996-20050104", "US 6,836,996 B2", "us6836996", "US-6836996-B1", "US6836996B2"]
)
def test_a_patent_has_one_number(raw):
    assert normal_patent(raw) == "US6836996"


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("CN 108000001 A", "CN108000001"),
        ("CN201810000001.1", "CN2018100000011"),
        ("WO 2019/012345 A1", "WO2019012345"),
    ],
)
def test_numbers_of_other_offices(raw, normal):
    assert normal_patent(raw) == normal


def test_what_most_databases_agree_on_comes_first():
    assert best_identifier(doi="10.1234/X", pmid="7", own="W1") == "10.1234/x"
    assert best_identifier(pmid="PMID: 0007", own="x") == "pmid:7" == normal_pmid("7")
    assert best_identifier(own="https://openalex.org/W42") == "W42"
