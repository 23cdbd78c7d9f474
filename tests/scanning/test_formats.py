"""Corpus files as strangers send them: every format reads, every malformed file is refused with line and reason."""

import gzip
import json

import pytest

from scanning.formats import Entry, Fault, FileFault, detect_format
from scanning.formats.base import MAX_LINE
from scanning.formats.reasons import REASONS
from scanning.formats.source import inspect, open_source

GOOD = '{"id": "1", "title": "Solid-state batteries", "abstract": "Text", "year": 2020}\n'


def read(path, name=""):
    """(entries, faults as (line, code)) of a file, the way an import reads it."""
    try:
        inspection = inspect(path, name=name or path.name)
        form = detect_format(inspection.sample)
        if form is None:
            return [], [(1, "unknown_format")]
        with open_source(path, inspection, name or path.name) as text:
            parsed = list(form.read(text))
    except FileFault as error:
        return [], [(error.fault.line, error.fault.code)]
    entries = [each for each in parsed if isinstance(each, Entry)]
    return entries, [(each.line, each.code) for each in parsed if isinstance(each, Fault)]


@pytest.fixture
def write(tmp_path):
    def write(content, name="corpus.jsonl", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_gives_the_same_text(write, encoding):
    line = json.dumps(
        {
            "题名": "基于知识图谱的技术预测方法研究",
            "摘要": "本文提出一种方法，用于识别新兴技术。",
            "年份": 2021,
        },
        ensure_ascii=False,
    )
    entries, faults = read(write(line + "\n", encoding=encoding))
    assert faults == []
    assert [(e.title, e.abstract, e.year) for e in entries] == [
        ("基于知识图谱的技术预测方法研究", "本文提出一种方法，用于识别新兴技术。", 2021)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (GOOD + '{"title": "cut\n', [(2, "not_json")]),
        (GOOD + "[1, 2]\n" + GOOD, [(2, "not_object")]),
        (GOOD + '{"id": "x", "year": 2020}\n', [(2, "no_text")]),
        (GOOD + '{"title": {"a": 1}}\n', [(2, "bad_value")]),
        (GOOD + '{"title": ' + "[" * 100_000 + "\n", [(2, "too_deep")]),
        (GOOD.encode() + b'{"title": "a\x00b"}\n', [(2, "nul")]),
        (GOOD.encode() + b'{"title": "caf\xe9 au lait"}\n', [(2, "encoding")]),
        (GOOD.encode() + '{"title": "é"}\n'.encode() * 30 + b'{"title": "\xff"}\n', [(32, "encoding")]),
        (b"PK\x03\x04 zip", [(0, "damaged_gzip")]),
        (b"7z\xbc\xaf\x27\x1c", [(0, "archive")]),
        (b"\x1f\x8b\x08\x00broken", [(0, "damaged_gzip")]),
        (b"%PDF-1.7", [(0, "damaged_pdf")]),
        (b"\x89PNG\r\n", [(0, "binary")]),
        ("once upon a time\n", [(1, "unknown_format")]),
        ("", [(1, "unknown_format")]),
    ],
)
def test_a_malformed_json_lines_file_is_refused_with_line_and_reason(write, content, expected):
    _entries, faults = read(write(content))
    assert faults == expected
    assert all(code in REASONS for _line, code in faults)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[{"title": "A"}, {"title": "B"}]', []),
        ('\n[\n{"title": "A"}\n,\n{"title": 1.5}\n]\n', []),
        ('[{"title": "A"},\n{"title": "B"', [(2, "json_cut_off")]),
        ('[{"title": "A"}\n{"title": "B"}]', [(2, "not_json")]),
        ('[{"title": "A"},\n{"title": oops}]', [(2, "not_json")]),
        ('[{"title": "A"}] trailing', [(1, "json_after_end")]),
        ('[{"title": "A"}, 7]', [(1, "not_object")]),
        ('[{"title": "A"}', [(1, "json_cut_off")]),
    ],
)
def test_a_json_array_is_read_whole_or_refused(write, content, expected):
    _entries, faults = read(write(content, "corpus.json"))
    assert faults == expected


def test_a_json_array_larger_than_the_window_keeps_its_line_numbers(write):
    rows = [json.dumps({"id": str(n), "title": f"Title {n}", "abstract": "word " * 200}) for n in range(1500)]
    entries, faults = read(write("[\n" + ",\n".join(rows) + "\n]", "corpus.json"))
    assert faults == []
    assert [(e.external_id, e.line) for e in entries] == [(str(n), n + 2) for n in range(1500)]


def test_openalex_works_are_read_with_their_inverted_abstract(write):
    work = {
        "id": "https://openalex.org/W42",
        "display_name": "Perovskite cells",
        "publication_date": "2021-05-03",
        "publication_year": 2021,
        "language": "en",
        "type": "article",
        "abstract_inverted_index": {"cells": [1], "Perovskite": [0], "work": [2]},
        "primary_location": {"source": {"display_name": "Joule"}},
        "authorships": [{"institutions": [{"display_name": "ETH", "country_code": "CH"}]}],
    }
    (entry,), faults = read(write(json.dumps({"meta": {}, "results": [work]}), "openalex.json"))
    assert faults == []
    assert (entry.external_id, entry.abstract, entry.source) == ("W42", "Perovskite cells work", "Joule")
    assert (entry.year, entry.countries, entry.organisations, entry.kind) == (2021, ["CH"], ["ETH"], "paper")


@pytest.mark.parametrize(
    "header",
    [
        "Title,Abstract,Year,DOI",
        "Article Title\tAbstract\tPublication Year\tUT (Unique WOS ID)",
        "题名;摘要;年;编号",
        "Title-题名,Summary-摘要,Year-年,DOI-DOI",
        '"Document Title","Abstract","Year","EID"',
    ],
)
def test_table_headers_of_many_databases_are_understood(write, header):
    mark = max(",;\t", key=header.count)
    row = mark.join(['"A, title; with marks"', '"Two\nlines"', "2019", "10.1234/X"])
    (entry,), faults = read(write(f"{header}\n{row}\n", "export.csv"))
    assert faults == []
    assert (entry.title, entry.abstract) == ("A, title; with marks", "Two\nlines")
    assert (entry.year, entry.external_id) == (2019, "10.1234/x")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id,title,abstract\n1,A,B\n2,only two\n3,C,D\n", [(3, "csv_cells")]),
        ("id,title,abstract\n1,A,B,C\n", [(2, "csv_cells")]),
        ('id,title,abstract\n1,"A" b,C\n2,D,E\n', [(2, "csv_broken")]),
        ('id,title,abstract\n1,A,"never closed\n2,B,C\n', [(2, "csv_broken")]),
        ("id,title,abstract\n1,,\n", [(2, "no_text")]),
        ('id,title,abstract\n1,"A\nB",C\n2,D,E\n3,X\n', [(5, "csv_cells")]),
    ],
)
def test_a_malformed_table_is_refused_with_the_line_where_the_record_begins(write, content, expected):
    _entries, faults = read(write(content, "corpus.csv"))
    assert faults == expected


def test_fault_27_a_single_line_of_fifty_megabytes_is_refused_in_bounded_memory(write):
    import tracemalloc

    path = write(b'{"title": "' + b"x" * 50_000_000 + b'"}\n')
    tracemalloc.start()
    _entries, faults = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert faults == [(1, "line_too_long")]
    assert peak < 12 * MAX_LINE


@pytest.mark.parametrize("opening", [b'[{"title": "', b'title,abstract\n1,"'])
def test_fault_27_an_endless_record_is_refused(write, opening):
    path = write(opening + b"x y " * (MAX_LINE // 3), "corpus.json" if opening[:1] == b"[" else "corpus.csv")
    _entries, faults = read(path)
    assert faults in ([(1, "record_too_long")], [(2, "line_too_long")], [(2, "csv_broken")])


def test_fault_27_a_gzip_bomb_is_refused_before_it_is_unpacked(write, settings):
    settings.SCANNING_LIMITS = {"free_bytes": 8 * 1024**2}
    path = write(gzip.compress(b" " * 64 * 1024**2), "bomb.jsonl.gz")
    assert path.stat().st_size < 100_000
    assert read(path) == ([], [(0, "expands_too_much")])


def test_fault_27_a_gzip_inside_a_gzip_is_refused(write):
    assert read(write(gzip.compress(gzip.compress(b"x" * 1000)), "a.gz")) == ([], [(0, "archive")])


def test_a_gzip_that_was_cut_off_is_refused(write):
    whole = gzip.compress((GOOD * 5000).encode())
    assert read(write(whole[: len(whole) // 2], "a.jsonl.gz")) == ([], [(0, "damaged_gzip")])


@pytest.mark.parametrize(
    ("fields", "code", "year"),
    [
        ({"year": 99}, "bad_year", None),
        ({"date": "soon"}, "bad_date", None),
        ({"date": {"from": 1}}, "bad_date", None),
        ({"date": "2020-13-01"}, "bad_date", 2020),
        ({"date": "soon", "year": 2019}, "bad_date", 2019),
        ({"date": "2019-02-03", "year": "MMXIX"}, "bad_year", 2019),
        ({"id": "x" * 201, "year": 2019}, "id_too_long", 2019),
    ],
)
def test_a_date_or_identifier_that_cannot_be_read_leaves_a_gap_and_keeps_the_record(
    write, fields, code, year
):
    entries, faults = read(write(GOOD + json.dumps({"title": "A"} | fields) + "\n"))
    assert faults == []
    assert [(gap.line, gap.code) for gap in entries[1].gaps] == [(2, code)]
    assert (entries[1].title, entries[1].year, entries[1].external_id) == ("A", year, "")
    assert entries[0].gaps == ()


def test_absent_dates_are_no_fault(write):
    entries, faults = read(write('{"title": "A", "year": null}\n{"title": "B", "date": ""}\n'))
    assert (faults, [e.year for e in entries]) == ([], [None, None])


TAGGED = {
    "ris": (
        "TY  - JOUR\nTI  - Perovskite cells\nT2  - Joule\nAB  - First line\n  and second.\nPY  - 2021/05/03\n"
        "DO  - 10.1/A\nER  - \n\nTY  - PAT\nT1  - Flow cell\nN2  - Text\nY1  - 2019//\nID  - P2\nER  - \n"
    ),
    "wos": (
        "FN Clarivate\nVR 1.0\nPT J\nTI Perovskite\n   cells\nSO Joule\nAB First line\n   and second.\nPY 2021\n"
        "UT WOS:1\nER\n\nPT P\nTI Flow cell\nAB Text\nPY 2019\nUT WOS:2\nER\n\nEF\n"
    ),
    "medline": (
        "PMID- 1\nDP  - 2021 May 3\nTI  - Perovskite\n      cells\nAB  - First line\n      and second.\nJT  - Joule\n\n"
        "PMID- 2\nDP  - 2019\nTI  - Flow cell\nAB  - Text\n"
    ),
    "endnote": (
        "%0 Journal Article\n%T Perovskite cells\n%J Joule\n%X First line and second.\n%D 2021\n%R 10.1/A\n\n"
        "%0 Patent\n%T Flow cell\n%X Text\n%D 2019\n"
    ),
    "refworks": (
        "RT Journal Article\nT1 Perovskite cells\nJF Joule\nYR 2021\nAB First line and second.\nDO 10.1/A\n\n"
        "RT Patent\nT1 Flow cell\nYR 2019\nAB Text\n"
    ),
}


@pytest.mark.parametrize("key", TAGGED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tagged_exports_are_recognised_and_read(write, key, newline):
    path = write(TAGGED[key].replace("\n", newline), "export.txt", encoding="utf-8-sig")
    assert detect_format(inspect(path).sample).key == key
    (first, second), faults = read(path)
    assert faults == []
    assert (first.title, first.abstract) == ("Perovskite cells", "First line and second.")
    assert (first.year, first.source) == (2021, "Joule")
    assert (second.title, second.year) == ("Flow cell", 2019)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\n", [(4, "record_cut_off")]),
        ("TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n", [(1, "record_cut_off")]),
        ("TY  - JOUR\nTI  - A\nER  - \nstray text\n", [(4, "not_tagged")]),
        ("TY  - JOUR\nPY  - 2020\nER  - \n", [(1, "no_text")]),
    ],
)
def test_a_malformed_tagged_export_is_refused(write, content, expected):
    _entries, faults = read(write(content, "export.ris"))
    assert faults == expected
