"""Formats of lines that begin with a tag: RIS, Web of Science, PubMed (MEDLINE), and the EndNote, RefWorks,
NoteExpress and own text that CNKI and Wanfang write. One reader, one description for each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import MAX_FAULTS, MAX_LINE, Entry, Fault, Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.databases import DATABASES, Database
from scanning.formats.identifiers import normal_doi
from scanning.formats.source import TextSource


@dataclass(frozen=True)
class Dialect:
    """How tags are written, what they mean, and what ends a record (a tag, or an empty line)."""

    tag: re.Pattern[str]
    fields: dict[str, str]
    ends: str = ""
    starts: str = ""
    ignored: tuple[str, ...] = ()
    database: str = ""

    @property
    def exporter(self) -> Database | None:
        return DATABASES.get(self.database)


RIS = Dialect(
    re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$"),
    {
        "TI": "title", "T1": "title", "AB": "abstract", "N2": "abstract", "PY": "year", "Y1": "year", "DA": "date",
        "DO": "doi", "ID": "id", "AN": "id", "LA": "language", "TY": "kind", "JO": "source", "JF": "source",
        "T2": "source", "UR": "url", "CY": "countries", "AD": "organisations",
    },
    ends="ER",
    starts="TY",
)  # fmt: skip
WOS = Dialect(
    re.compile(r"^([A-Z][A-Z0-9])(?: (.*))?$"),
    {
        "TI": "title",
        "AB": "abstract",
        "PY": "year",
        "UT": "id",
        "DI": "doi",
        "PM": "pmid",
        "PN": "patent",
        "C1": "addresses",
        "C3": "organisations",
        "LA": "language",
        "DT": "kind",
        "SO": "source",
    },
    ends="ER",
    starts="PT",
    ignored=("FN", "VR", "EF"),
    database="wos",
)
MEDLINE = Dialect(
    re.compile(r"^([A-Z]{2,4}) *- (.*)$"),
    {
        "TI": "title", "AB": "abstract", "DP": "date", "PMID": "pmid", "LID": "doi", "AID": "doi",
        "LA": "language", "JT": "source", "AD": "organisations",
    },
    starts="PMID",
    database="pubmed",
)  # fmt: skip
ENDNOTE = Dialect(
    re.compile(r"^(%[0-9A-Z@~!+])(?: (.*))?$"),
    {
        "%T": "title", "%X": "abstract", "%D": "year", "%8": "date", "%R": "doi", "%M": "id", "%G": "language",
        "%0": "kind", "%J": "source", "%U": "url", "%+": "organisations",
    },
    starts="%0",
)  # fmt: skip
REFWORKS = Dialect(
    re.compile(r"^([A-Z][A-Z0-9])(?: (.*))?$"),
    {
        "T1": "title", "AB": "abstract", "YR": "year", "DO": "doi", "ID": "id", "LA": "language",
        "RT": "kind", "JF": "source", "LK": "url", "AD": "organisations",
    },
    starts="RT",
)  # fmt: skip
NOTEEXPRESS = Dialect(
    re.compile(r"^\{([A-Z][A-Za-z /]{1,40})\}: ?(.*)$"),
    {
        "Title": "title", "Abstract": "abstract", "Year": "year", "Date": "date", "DOI": "doi",
        "Accession Number": "id", "Language": "language", "Reference Type": "kind", "Journal": "source",
        "Publisher": "source", "URL": "url", "Author Address": "organisations",
    },
    starts="Reference Type",
)  # fmt: skip
# CNKI's own text: every field is named in both languages, "Title-题名: …".
CNKI = Dialect(
    re.compile(r"^([A-Za-z]+-[\u4e00-\u9fff]+)[:：] ?(.*)$"),
    {
        "Title-题名": "title", "Summary-摘要": "abstract", "Year-年": "year", "PubTime-发表时间": "date",
        "SrcDatabase-来源库": "kind", "Source-文献来源": "source", "Source-刊名": "source",
        "Organ-单位": "organisations", "Link-链接": "url", "DOI-DOI": "doi",
    },
    starts="SrcDatabase-来源库",
    database="cnki",
)  # fmt: skip
_MANY = ("countries", "organisations", "addresses")
_BETWEEN_HAN = re.compile("(?<=[\u3400-\u9fff，。；：、）]) (?=[\u3400-\u9fff（，。；：、])")


_SINGLE = ("year", "date", "id", "doi", "pmid", "patent", "url")
LEADING = 20  # lines above the first record: "Provider: …", "Database: …"


def reader(dialect: Dialect) -> Callable[[TextSource], Iterator[Parsed]]:
    def read(source: TextSource) -> Iterator[Parsed]:
        record, cut_off, ended = _Record(dialect), [], False
        for raw in source.lines():
            line = raw.rstrip("\n\r ")
            match = dialect.tag.match(line)
            if match and (match[1] in dialect.ignored):
                continue
            if match and match[1] == dialect.ends:
                ended = True
                yield from record.finish()
                continue
            if match and match[1] == dialect.starts and record.begun:
                cut_off.append(record.line)
                yield from record.finish()
            if not match and not record.begun and not ended and source.line <= LEADING:
                continue
            if fault := record.take(match, line, source.line):
                yield fault
        if record.begun:
            cut_off.append(record.line)
        yield from record.finish()
        if dialect.ends and ended:  # where no record has an end, none was cut off: its writer leaves ends out
            yield from (Fault(line, "record_cut_off") for line in cut_off[:MAX_FAULTS])

    return read


class _Record:
    def __init__(self, dialect: Dialect):
        self._dialect = dialect
        self.clear()

    def clear(self) -> None:
        self._values: dict[str, tuple[str, list[str]]] = {}
        self._last = ""
        self._size = 0
        self.line, self.begun = 0, False

    def take(self, match: re.Match[str] | None, line: str, number: int) -> Fault | None:
        if match is None:
            return self._continue(line, number)
        if not self.begun:
            self.begun, self.line = True, number
        tag, value = match[1], (match[2] or "").strip()
        self._last = tag
        name = self._dialect.fields.get(tag)
        # The first tag of a meaning wins; the same tag again adds to it (several institutions).
        if name and value and (name not in self._values or self._values[name][0] == tag or name == "doi"):
            self._values.setdefault(name, (tag, []))[1].append(value)
        return self._bounded(len(value))

    def _continue(self, line: str, number: int) -> Fault | None:
        if not line.strip():
            return None
        if not self._last:
            return Fault(number, "not_tagged", line)
        name = self._dialect.fields.get(self._last)
        if name in self._values and self._values[name][0] == self._last:
            self._values[name][1].append(line.strip())
        return self._bounded(len(line))

    def _bounded(self, more: int) -> Fault | None:
        self._size += more
        if self._size <= MAX_LINE:
            return None
        fault = Fault(self.line, "record_too_long", f"> {MAX_LINE:,}")
        self.clear()
        return fault

    def finish(self) -> Iterator[Entry | Fault]:
        if self.begun:
            yield entry(self.line, self._value, self._dialect.exporter)
        self.clear()

    def _value(self, name: str):
        parts = self._values.get(name, ("", []))[1]
        if name in _MANY:
            return ";".join(parts)
        if name == "doi":  # PubMed gives the publisher's number under the same tag
            parts = [part for part in parts if normal_doi(part)] or parts
        return parts[0] if parts and name in _SINGLE else _joined(parts)


def _joined(lines: list[str]) -> str:
    """Lines of one value; Chinese goes on without a blank."""
    text = " ".join(lines)
    return _BETWEEN_HAN.sub("", text) if len(lines) > 1 else text


def _sniffer(pattern: str, sure: float) -> Callable[[Sample], float]:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda sample: sure if compiled.search(sample.text[:2000]) else 0


FORMATS = (
    Format("ris", _("RIS"), _sniffer(r"\A\s*TY  -|\A(?:.*\n){0,20}?TY  - ?\w*\s*$", 0.94), reader(RIS)),
    Format("wos", _("Web of Science, tagged"), _sniffer(r"\A\s*(FN |PT [A-Z]\n)", 0.95), reader(WOS)),
    Format("medline", _("PubMed"), _sniffer(r"\A\s*PMID- ", 0.95), reader(MEDLINE)),
    Format("endnote", _("EndNote text (CNKI, Wanfang)"), _sniffer(r"\A\s*%0 ", 0.95), reader(ENDNOTE)),
    Format(
        "noteexpress",
        _("NoteExpress text (CNKI, Wanfang)"),
        _sniffer(r"\A\s*\{Reference Type\}:", 0.95),
        reader(NOTEEXPRESS),
    ),
    Format("cnki", _("CNKI text"), _sniffer(r"\A\s*SrcDatabase-来源库[:：]", 0.95), reader(CNKI)),
    Format("refworks", _("RefWorks text (CNKI, Wanfang)"), _sniffer(r"\A\s*RT ", 0.95), reader(REFWORKS)),
)
