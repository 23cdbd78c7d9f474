"""PubMed XML (PubmedArticleSet), as its search page and its bulk files write it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import Format, Parsed, Sample
from scanning.formats.columns import entry
from scanning.formats.databases import DATABASES
from scanning.formats.source import TextSource
from scanning.formats.xml_records import every, first, records, text_of

_MARK = re.compile(r"<PubmedArticleSet|<PubmedArticle[\s>]")


def sniff(sample: Sample) -> float:
    return 0.97 if _MARK.search(sample.text[:8000]) else 0


def read(source: TextSource) -> Iterator[Parsed]:
    for line, article in records(source.chunks(), {"PubmedArticle"}):
        source.line = line
        fields = _fields(article)
        yield entry(line, fields.get, DATABASES["pubmed"])


def _fields(article: Element) -> dict:
    cited = article.find("MedlineCitation")
    cited = article if cited is None else cited
    published = cited.find("Article/Journal/JournalIssue/PubDate")
    day = " ".join(text_of(part) for part in published) if published is not None else ""
    doi = next((text_of(part) for part in article.iter("ArticleId") if part.get("IdType") == "doi"), "")
    return {
        "pmid": first(cited, "PMID"),
        "doi": doi or next((text_of(p) for p in cited.iter("ELocationID") if p.get("EIdType") == "doi"), ""),
        "title": first(cited, "ArticleTitle", "VernacularTitle"),
        "abstract": "\n".join(text_of(part) for part in cited.findall("Article/Abstract/AbstractText")),
        "date": day,
        "language": first(cited, "Language"),
        "source": text_of(cited.find("Article/Journal/Title")),
        "organisations": every(cited, "Affiliation"),
    }


FORMAT = Format("pubmed_xml", _("PubMed XML"), sniff, read)
