"""The shared corpora as records. Their folder comes from DELPHI_DATA_DIR."""

from __future__ import annotations

import csv
import gzip
import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from scanning.textmining import Record


def folder() -> Path:
    return Path(os.environ["DELPHI_DATA_DIR"]) / "corpora"


def acl(most: int | None = None) -> list[Record]:
    """Computational linguistics, English, 2016-2022."""
    with gzip.open(folder() / "acl_anthology_2016_2022.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for number, line in enumerate(lines) if most is None or number < most]
    return [
        Record(row["id"], row["title"], row["abstract"], row["year"], source=venue(row["id"])) for row in rows
    ]


_LETTERS = {
    "P": "acl",
    "D": "emnlp",
    "N": "naacl",
    "C": "coling",
    "L": "lrec",
    "S": "semeval",
    "Q": "tacl",
    "J": "cl",
    "K": "conll",
    "E": "eacl",
    "I": "aacl",
    "R": "ranlp",
}
_SERIES = {*_LETTERS.values(), "findings", "jeptalnrecit", "gwc", "iwslt"}


def venue(identifier: str) -> str:
    """Where a paper appeared, as its Anthology identifier says: `P18-1001`, `2020.emnlp-main.471`."""
    if identifier[:1].isalpha():
        return _LETTERS.get(identifier[0], "workshop")
    name = identifier.split(".")[1].split("-")[0]
    return name if name in _SERIES else "workshop"


def uspto(most: int | None = None) -> list[Record]:
    """US patents 2005-2018, no titles."""
    csv.field_size_limit(10**8)
    with gzip.open(folder() / "uspto_random_10000.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = [row for number, row in enumerate(csv.DictReader(lines)) if most is None or number < most]
    return [
        Record(r["patent_id"], "", r["abstract"], date=r["publication_date"], kind="patent") for r in rows
    ]


def csl(most: int | None = None) -> tuple[list[Record], list[set[str]]]:
    """Chinese papers and their authors' keywords (folded)."""
    with gzip.open(folder() / "csl_zh_1000.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for number, line in enumerate(lines) if most is None or number < most]
    records = [Record(str(number), row["title"], row["abstract"]) for number, row in enumerate(rows)]
    return records, [{fold(keyword) for keyword in row["keywords"]} for row in rows]


def fold(text: str) -> str:
    """Width, case and blanks do not make another keyword."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def batches(records: list[Record], size: int) -> Iterator[list[Record]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]
