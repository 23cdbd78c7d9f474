"""Databases whose exports are known by name, one module each. A new one is a module and a line here."""

import re
import unicodedata
from collections.abc import Iterable

from scanning.formats.databases import (
    cnipa,
    cnki,
    cordis,
    epo,
    json_feed,
    lens,
    nsf,
    nsfc,
    openalex,
    pubmed,
    scopus,
    uspto,
    wanfang,
    wos,
)
from scanning.formats.databases.base import Database

_MODULES = (
    openalex, lens, scopus, wos, pubmed, cnki, wanfang, uspto, epo, cnipa, cordis, nsf, nsfc, json_feed,
)  # fmt: skip
DATABASES: dict[str, Database] = {module.DATABASE.key: module.DATABASE for module in _MODULES}
_BLANK = re.compile(r"[\s_]+")


def plain_header(header: str) -> str:
    text = unicodedata.normalize("NFKC", str(header)).strip("\ufeff \t\"'").casefold()
    return _BLANK.sub(" ", text)


def recognise(headers: Iterable[str]) -> Database | None:
    """The database most of whose own headers are there; two at least."""
    seen = {plain_header(header) for header in headers}
    best = max(DATABASES.values(), key=lambda each: len(seen.intersection(each.marks)))
    return best if len(seen.intersection(best.marks)) >= 2 else None


def owner_of(record: dict) -> Database | None:
    """The database whose JSON this is."""
    return next((each for each in DATABASES.values() if each.owns and each.owns(record)), None)


def name_of(key: str) -> str:
    """The name of a database or of a format, for people."""
    return str(DATABASES[key].label) if key in DATABASES else key
