"""Named fields, as columns of a table or keys of an object, become an entry. English and Chinese names."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from scanning.enums import DocumentKind
from scanning.formats.base import Entry, Fault, Parsed
from scanning.formats.countries import code_of, in_addresses
from scanning.formats.databases import Database, plain_header, recognise
from scanning.formats.identifiers import best_identifier
from scanning.formats.text import (
    clean_abstract,
    clean_title,
    is_nothing,
    read_date,
    read_language,
    year_within,
)

# The first alias that a file has wins: a WoS export has both "Article Title" and "Source Title".
ALIASES: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "display name", "paper title", "invention title",
        "headline", "project title", "ti", "t1", "题名", "标题", "篇名", "论文题名", "文献标题", "题目", "专利名称",
        "发明名称", "项目名称", "名称",
    ),
    "abstract": (
        "abstract", "summary", "abstract text", "objective", "description", "text", "content", "content text",
        "body", "ab", "n2",
        "摘要", "中文摘要", "文摘", "内容摘要", "简介", "正文",
    ),
    "date": (
        "date", "publication date", "published", "publishedat", "seendate",
        "published date", "date published", "pubdate", "pub date",
        "date of publication", "pubtime", "start date", "updated", "da", "日期", "发表日期", "发表时间", "出版日期",
        "公开日", "公开日期", "公开(公告)日", "申请日", "发布时间",
    ),
    "year": (
        "year", "publication year", "pub year", "py", "y1", "yr", "dp",
        "年", "年份", "年度", "出版年", "出版年份", "发表年份",
    ),
    "id": (
        "id", "lens id", "eid", "ut (unique wos id)", "ut", "unique-id", "accession number", "project id",
        "an", "uid", "guid", "key", "编号", "序号id", "文献号", "批准号", "项目编号", "唯一标识",
    ),
    "doi": ("doi", "di", "do"),
    "pmid": ("pmid", "pubmed id", "pubmed", "pm"),
    "patent": (
        "patent id", "publication number", "patent number", "display key", "公开(公告)号", "公开号", "专利号",
        "申请号",
    ),
    "language": (
        "language", "lang", "language of original document", "la", "语种", "语言",
    ),
    "kind": ("kind", "type", "document type", "publication type", "dt", "ty", "rt", "文献类型", "类型"),
    "source": (
        "source", "journal", "source title", "publication name", "journal/book", "journal title", "venue",
        "publication title", "so", "jo", "jf", "t2", "刊名", "期刊", "来源", "文献来源", "期刊名称", "出处",
    ),
    "url": ("url", "link", "fulltext url", "external url", "ur", "lk", "链接", "网址"),
    "countries": ("countries", "country", "jurisdiction", "cu", "国家", "国别", "国家/地区"),
    "addresses": ("addresses", "c1", "author address", "authors with affiliations"),
    "organisations": (
        "organisations", "organizations", "organisation", "organization", "institutions", "institution",
        "affiliations", "assignee", "assignees", "applicants", "applicant", "c3", "coordinator",
        "机构", "单位", "作者单位", "依托单位", "承担单位", "申请人", "专利权人", "完成单位",
    ),
}  # fmt: skip
_MEANING = {alias: (name, rank) for name, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}
_KINDS = (
    ("patent", DocumentKind.PATENT),
    ("专利", DocumentKind.PATENT),
    ("project", DocumentKind.PROJECT),
    ("grant", DocumentKind.PROJECT),
    ("项目", DocumentKind.PROJECT),
    ("news", DocumentKind.NEWS),
    ("newspaper", DocumentKind.NEWS),
    ("新闻", DocumentKind.NEWS),
    ("报纸", DocumentKind.NEWS),
    ("report", DocumentKind.REPORT),
    ("报告", DocumentKind.REPORT),
    ("journal", DocumentKind.PAPER),
    ("article", DocumentKind.PAPER),
    ("paper", DocumentKind.PAPER),
    ("期刊", DocumentKind.PAPER),
)


@lru_cache(maxsize=4096)
def meaning(header: str) -> tuple[str, int] | None:
    """Which field a header names, and how good a name it is (0 is best)."""
    text = re.sub(r"^([^-]{1,20})-\1$", r"\1", plain_header(header))
    # CNKI writes "Title-题名", "Summary-摘要", "PubTime-发表时间".
    for form in (text, text.replace("-", " "), *reversed(text.split("-", 1))):
        if form in _MEANING:
            return _MEANING[form]
    return None


def assign(headers: Sequence[str], database: Database | None = None, mapping: Mapping | None = None) -> dict:
    """Field name -> position of the column that fills it: as people mapped it, else by the database's own words,
    else by common ones."""
    names = [plain_header(header) for header in headers]
    wanted = {field: plain_header(header) for field, header in (mapping or {}).items() if header}
    if wanted and set(wanted.values()) <= set(names):
        return {field: names.index(header) for field, header in wanted.items() if field in ALIASES}
    best: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        for name, rank in _meanings(header, names[position], database):
            if name not in best or rank < best[name][0]:
                best[name] = (rank, position)
    return {name: position for name, (_rank, position) in best.items()}


def _meanings(header: str, plain: str, database: Database | None) -> Iterable[tuple[str, int]]:
    own = database.fields if database else {}
    for name, words in own.items():
        if plain in words:
            yield name, words.index(plain) - 100
    found = meaning(header)
    if found and not any(plain in words for words in own.values()):
        yield found


def database_of(headers: Sequence[str]) -> Database | None:
    return recognise(headers)


def kind_of(value: str) -> str:
    text = value.casefold()
    return next((kind.value for word, kind in _KINDS if word in text), "")


def entry(line: int, get: Callable[[str], Any], database: Database | None = None) -> Parsed:
    """An entry from a getter of raw field values, or the fault that stands in its way.

    A date or an identifier that cannot be read leaves a gap: the record is kept and says so.
    """
    gaps: list[Fault] = []
    try:
        title, abstract = clean_title(_text(get("title"))), _abstract(get("abstract"))
        identifier = _identifier(get)
        year, day = _when(line, get, gaps)
        source, url = clean_title(_aside(get("source")))[:120], _aside(get("url")).strip()
        language, kind = read_language(_aside(get("language"))), kind_of(_aside(get("kind")))
        organisations = _many(get("organisations"))
        countries = list(dict.fromkeys(map(code_of, _many(get("countries")))))
        countries = countries or in_addresses([*_many(get("addresses")), *organisations])
    except _Unusable as error:
        return Fault(line, error.code, error.detail)
    if not title and not abstract:
        return Fault(line, "no_text")
    if len(identifier) > 200:
        gaps.append(Fault(line, "id_too_long", identifier[:200]))
        identifier = ""
    return Entry(
        line,
        external_id=identifier,
        title=title,
        abstract=abstract,
        year=year,
        day=day,
        language=language,
        kind=kind or (database.kind if database else ""),
        source=source,
        database=database.key if database else "",
        url=url if url.startswith(("http://", "https://")) and len(url) <= 500 else "",
        countries=countries,
        organisations=organisations,
        gaps=tuple(gaps),
    )


def _identifier(get: Callable[[str], Any]) -> str:
    doi, patent, pmid, own = (_number(get(name)) for name in ("doi", "patent", "pmid", "id"))
    return best_identifier(doi=doi, patent=patent, pmid=pmid, own=own)


# A number that a spreadsheet rounded: many records would seem to be one.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


def _number(value: Any) -> str:
    text = clean_title(_text(value))
    return "" if is_nothing(text) or _ROUNDED.fullmatch(text) else text


# What databases write where a record has no abstract.
_NO_ABSTRACT = re.compile(
    r"\W*(?:no abstract(?: is)?(?: available)?|abstract not available|无摘要)\W*", re.IGNORECASE
)


def _abstract(value: Any) -> str:
    text = clean_abstract(_text(value))
    return "" if len(text) < 40 and (is_nothing(text) or _NO_ABSTRACT.fullmatch(text)) else text


def _aside(value: Any) -> str:
    """Text of a field that a record can do without: an object is known by its name, anything else is left out."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "display_name", "title") if value.get(key)), "")
    try:
        text = _text(value)
    except _Unusable:
        return ""
    return "" if is_nothing(text) else text


class _Unusable(Exception):
    def __init__(self, code: str, detail: str = ""):
        self.code, self.detail = code, detail


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bool | dict):
        raise _Unusable("bad_value", type(value).__name__)
    if isinstance(value, float):
        return (
            "" if math.isnan(value) or math.isinf(value) else str(int(value) if value.is_integer() else value)
        )
    if isinstance(value, int):
        return str(value)
    if all(isinstance(part, str) for part in value):
        return " ".join(value)
    raise _Unusable("bad_value", type(value).__name__)


def _many(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else re.split(r"[;；|]", _aside(value))
    cleaned = (clean_title(_aside(part))[:200] for part in parts[:200])
    return list(dict.fromkeys(part for part in cleaned if part))[:50]


def _when(line: int, get: Callable[[str], Any], gaps: list[Fault]) -> tuple[int | None, date | None]:
    """Year and day. The year's own column goes before the date's; what cannot be read of either is a gap."""
    number, found = _read_date(line, get("date"), "bad_date", gaps)
    year, _day = _read_date(line, get("year"), "bad_year", gaps)
    return year or number, found


def _read_date(line: int, value: Any, code: str, gaps: list[Fault]) -> tuple[int | None, date | None]:
    try:
        text = _text(value)
        return read_date(text) if text.strip() else (None, None)
    except (ValueError, _Unusable):
        gaps.append(Fault(line, code, str(value)[:200]))
        return year_within(str(value)[:200]), None
