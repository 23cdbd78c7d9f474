"""EndNote XML: what EndNote, and tools that imitate it, export."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.source import TextSource
from scanning.formats.xml_records import first, records, text_of

_MARK = re.compile(r"<records>\s*<record|<record>.{0,2000}<ref-type", re.DOTALL)


def sniff(sample: Sample) -> float:
    return 0.97 if _MARK.search(sample.text[:8000]) else 0


def read(source: TextSource) -> Iterator[Parsed]:
    for line, record in records(source.chunks(), {"record"}):
        source.line = line
        yield entry(line, _fields(record).get)


def _fields(record: Element) -> dict:
    kind = record.find("ref-type")
    places = first(record, "auth-address")
    return {
        "title": text_of(record.find("titles/title")) or first(record, "title"),
        "abstract": first(record, "abstract"),
        "source": text_of(record.find("titles/secondary-title"))
        or text_of(record.find("periodical/full-title")),
        "year": text_of(record.find("dates/year")),
        "doi": first(record, "electronic-resource-num"),
        "id": first(record, "accession-num"),
        "language": first(record, "language"),
        "kind": (kind.get("name") if kind is not None else "") or "",
        "url": text_of(record.find("urls/related-urls/url")),
        "organisations": [places] if places else [],
    }


FORMAT = Format("endnote_xml", _("EndNote XML"), sniff, read)
