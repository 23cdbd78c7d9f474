"""News as RSS (0.9 to 2.0) and Atom."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from scanning.enums import DocumentKind
from scanning.formats.base import Fault, Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.source import TextSource
from scanning.formats.xml_records import first, records, text_of

_MARK = re.compile(r"<rss[\s>]|<rdf:RDF[\s>]|<feed[\s>]", re.IGNORECASE)
_ITEMS = ("item", "entry")
_ARXIV = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/abs/")


def sniff(sample: Sample) -> float:
    return 0.96 if _MARK.search(sample.text[:4000]) else 0


def read(source: TextSource) -> Iterator[Parsed]:
    channel = {"title": "", "language": ""}
    seen = False
    for line, element in records(source.chunks(), {*_ITEMS, *channel}):
        if element.tag in channel:  # of the channel itself: those of an item lie inside it
            channel[element.tag] = channel[element.tag] or text_of(element)
            continue
        source.line, seen = line, True
        yield entry(line, _fields(element, channel).get)
    if not seen:
        yield Fault(0, "not_feed")


def _fields(item: Element, channel: dict) -> dict:
    links = sorted(
        (part for part in item.findall("link") if part.get("href")),
        key=lambda part: part.get("rel", "alternate") != "alternate",
    )
    link = links[0].get("href", "") if links else first(item, "link")
    return {
        "id": first(item, "guid", "id") or link,
        "title": first(item, "title"),
        "abstract": first(item, "encoded", "content", "description", "summary"),
        "date": first(item, "published", "pubDate", "date", "updated"),
        "language": first(item, "language") or channel["language"],
        "source": _source(item) or channel["title"],
        "url": link,
        "kind": DocumentKind.PAPER if _ARXIV.match(link) else DocumentKind.NEWS,
    }


def _source(item: Element) -> str:
    """Where an entry was first; Atom repeats the whole head of the feed it comes from."""
    found = item.find("source")
    if found is None:
        return ""
    return text_of(found.find("title")) if len(found) else text_of(found)


FORMAT = Format("feed", _("RSS or Atom"), sniff, read)
