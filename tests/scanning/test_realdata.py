"""Slices of real corpora: English papers, patents without titles, Chinese papers without dates."""

import gzip
import itertools
import os
from pathlib import Path

import pytest

from scanning.enums import ImportStatus
from scanning.models import Document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.realdata,
    pytest.mark.skipif(not os.environ.get("DELPHI_DATA_DIR"), reason="DELPHI_DATA_DIR is not set"),
]


def head(name, lines):
    path = Path(os.environ["DELPHI_DATA_DIR"]) / "corpora" / name
    with gzip.open(path, "rb") as stream:
        return b"".join(itertools.islice(stream, lines))


def names_of(scan):
    return [name.lower() for name in scan.candidates.order_by("rank").values_list("mined_name", flat=True)]


def test_papers(upload, corpus, scanned):
    received = upload(gzip.compress(head("acl_anthology_2016_2022.jsonl.gz", 1500)), "acl.jsonl.gz")
    assert (received.status, received.format, received.n_read) == (ImportStatus.IMPORTED, "jsonl", 1500)
    names = names_of(scanned([{"title": "One more"}], limit=60))
    assert {"neural machine translation", "named entity recognition"} <= set(names)


def test_patents_have_no_titles_and_keep_their_dates(upload, corpus):
    received = upload(head("uspto_random_10000.csv.gz", 600), "uspto.csv", kind="patent")
    assert (received.status, received.format) == (ImportStatus.IMPORTED, "csv")
    first = Document.objects.order_by("pk").first()
    assert (first.external_id, first.kind, str(first.date)) == ("US6836996", "patent", "2005-01-04")
    assert first.title == ""


def test_chinese_papers_without_dates(upload, corpus, scanned):
    received = upload(head("csl_zh_1000.jsonl.gz", 400), "csl.jsonl")
    assert received.n_read == 400
    assert set(Document.objects.values_list("language", flat=True)) == {"zh"}
    scan = scanned([{"title": "又一篇关于知识图谱的文章"}], limit=40)
    assert scan.candidates.count() == 40
    shown = scan.candidates.first().evidence.select_related("document").first()
    part, start, end = shown.passages[0]
    assert getattr(shown.document, part)[start:end] == shown.candidate.mined_name
