"""Word documents: text that cannot break or run, tables that stay quick, the same file for the same content."""

import io
import time
import zipfile

import docx

from foundation.word import add_table, inert, new_document, saved

HOSTILE = '<w:p/><script>alert(1)</script>\x00\x0b\ud800\ufffe&amp;"]]>'


def written(rows=(("固态电池", 1),), header=("Name", "n"), **options):
    document = new_document(title=HOSTILE, language="zh-hans")
    add_table(document, rows, header, **options)
    return saved(document)


def test_fault_25_text_is_inert_and_keeps_its_words():
    content = written([(HOSTILE, "x")])
    table = docx.Document(io.BytesIO(content)).tables[0]
    assert table.cell(1, 0).text == inert(HOSTILE) == '<w:p/><script>alert(1)</script>&amp;"]]>'
    assert b"<script>" not in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")


def test_the_same_content_is_the_same_file_at_any_time(monkeypatch):
    first = written()
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2031, 2, 3, 4, 5, 6, 0, 34, 0)))
    assert written() == first


def test_a_table_keeps_rows_header_and_widths():
    table = docx.Document(io.BytesIO(written(widths=(12, 3), size=8))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Name", "n"], ["固态电池", "1"]]
    heads = [row._tr.xpath("./w:trPr/w:tblHeader") for row in table.rows]
    assert [bool(each) for each in heads] == [True, False]
    assert round(table.cell(1, 0).width.cm) == 12


def test_nothing_is_written_for_no_rows():
    assert docx.Document(io.BytesIO(written([], ()))).tables == []


def test_a_document_names_no_author_and_its_language():
    about = docx.Document(io.BytesIO(written())).core_properties
    assert (about.author, about.language, about.comments) == ("", "zh-hans", "")


def test_a_long_table_is_written_in_a_moment():
    began = time.process_time()
    written([(f"T{n}", n) for n in range(1000)], widths=(10, 5))
    assert time.process_time() - began < 5
