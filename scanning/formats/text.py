"""Cleaning of imported text and reading of dates. Imported text is data: markup is stripped."""

import hashlib
import html
import re
import unicodedata
from datetime import date
from email.utils import parsedate_to_datetime

from scanning.formats.base import MAX_ABSTRACT, MAX_TITLE

_HIDDEN = ("script", "style", "noscript", "template", "iframe", "object", "svg", "math")
# Only names of known markup: "for x <y and z> w" is mathematics, not a tag. Words may follow a name of one letter
# only as attributes: "a <b and c> d" is mathematics too.
_NAMES = (
    r"[a-z]{2,8}:[a-z-]+|abbr|article|big|blockquote|body|br|button|caption|center|cite|code|dd|del|dfn"
    r"|div|dl|dt|em|embed|figure|font|footer|form|frame|h[1-6]|head|header|hr|html|iframe|img|inf|input|ins"
    r"|italic|kbd|label|li|link|list|main|mark|math|meta|nav|noscript|object|ol|option|param|pre|samp|sc"
    r"|script|sec|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|template"
    r"|textarea|tfoot|th|thead|title|tr|tt|ul|var|video|audio|bold"
)
_TAG = re.compile(
    rf"</?(?:(?:{_NAMES})(?=[\s/>])|[abipqsu](?=\s*/?>|\s+[a-z-]+\s*=))[^<>]{{0,2000}}>", re.IGNORECASE
)
# Inside a word: "CO<sub>2</sub>" is one.
_INSIDE = re.compile(
    r"</?(?:(?:jats|mml|ali):)?(?:sub|sup|inf|i|em|italic|u|sc)(?:\s+[a-z:-]+\s*=[^<>]{0,200})?\s*/?>",
    re.IGNORECASE,
)
_CNKI_TEXT = re.compile(r"<正文?>")  # how CNKI marks an abstract that was cut from the text
_COMMENT = re.compile(r"<!--.{0,5000}?-->|<!\[CDATA\[|\]\]>|<[!?][^<>]{0,500}>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "for",
        "in",
        "on",
        "at",
        "and",
        "to",
        "with",
        "by",
        "from",
        "using",
        "via",
        "its",
    }
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_ISO = re.compile(r"(\d{4})(?:[-/.年]\s*(\d{1,2})(?:[-/.月]\s*(\d{1,2})日?)?)?[月年]?(?:[T\s].*)?$")
_ZERO = re.compile(r"0{4}(?:[-/.]?0{2}){0,2}(?:[T\s].*)?$")
_FRACTION = re.compile(r"(?<=^\d{4})\.0+$")  # a year that a spreadsheet or data frame took for a measure
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})$")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})$")
_YEAR_FIRST = re.compile(r"(\d{4})\s+([A-Za-z]{3})[a-z]*\.?(?:\s+(\d{1,2}))?")


def plain_text(value: str) -> str:
    """Text without markup, control characters or direction overrides; line breaks stay, blanks are joined."""
    text = value
    for _again in range(2):  # `&lt;b&gt;` is markup too once it is decoded
        if "<" in text:
            text = _without_tags(_COMMENT.sub(" ", _without_hidden(text)))
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _without_tags(_without_hidden(text))
    return _BLANKS.sub(" ", _CONTROL.sub("", text)).strip()


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", _INSIDE.sub("", _CNKI_TEXT.sub("", text)))


def _without_hidden(text: str) -> str:
    """Cut elements whose content is not for reading. Linear in the text, however many are left open."""
    lowered = text.lower()
    for name in _HIDDEN:
        if f"<{name}" not in lowered:
            continue
        kept, at = [], 0
        while (start := lowered.find(f"<{name}", at)) >= 0:
            end = lowered.find(f"</{name}", start)
            close = lowered.find(">", end) if end >= 0 else -1
            if close < 0:
                break
            kept.append(text[at:start])
            at = close + 1
        text = " ".join([*kept, text[at:]])
        lowered = text.lower()
    return text


def clean_title(value: str) -> str:
    return " ".join(plain_text(value).split())[:MAX_TITLE]


def clean_abstract(value: str) -> str:
    return plain_text(value[: 4 * MAX_ABSTRACT])[:MAX_ABSTRACT]


def fingerprint(title: str, abstract: str) -> str:
    """Equal for nearly the same title: another spelling, another plural, other function words.

    Short titles ("Editorial") count with their text. Figures and the order of words count always.
    """
    words = _WORD.findall(_plain(title))
    norm = "".join(_folded(word) for word in words if word not in _FUNCTION_WORDS)
    telling = len(norm) + 2 * len(_HAN.findall(norm))
    if telling < 24:
        norm = "".join(words) + "|" + "".join(_WORD.findall(_plain(abstract[:2000])))
    return hashlib.sha256(norm.encode("utf-8", "replace")).hexdigest()[:40]


def unlike(one: str, other: str) -> bool:
    """Whether two titles are surely those of two works: they share hardly a word or Chinese character."""
    words, others = (
        {*_WORD.findall(_HAN.sub("", _plain(text))), *_HAN.findall(text)} for text in (one, other)
    )
    return bool(words and others) and 2 * len(words & others) < 0.3 * (len(words) + len(others))


def _plain(text: str) -> str:
    """Lower case, accents and ligatures dissolved."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(mark for mark in split if not unicodedata.combining(mark)))


def _folded(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


# What programs and people write where nothing is known.
_NOTHING = frozenset(
    {
        "", "-", "--", "–", "—", "?", "/", ".", "na", "n/a", "#n/a", "n.a.", "nan", "nat", "none", "null", "nil",
        "unknown", "undefined", "(none)", "[none]", "无", "不详", "未知", "暂无",
    }
)  # fmt: skip
_UNDATED = _NOTHING | {
    "0", "0.0", "n.d.", "n.d", "nd", "no date", "s.d.", "s.a.", "undated", "in press", "forthcoming", "to appear",
    "accepted", "submitted", "preprint", "待出版", "网络首发",
}  # fmt: skip


def is_nothing(value: str) -> bool:
    """Whether this stands for an empty field, as in "N/A"."""
    return value.strip().casefold() in _NOTHING


def read_date(value: str) -> tuple[int | None, date | None]:
    """Year and, where all of it is given, the day; nothing where the text says that there is none. Raises ValueError
    when no year can be read."""
    text = unicodedata.normalize("NFKC", value).strip()
    if text.casefold() in _UNDATED or _ZERO.match(text):
        return None, None
    text = _FRACTION.sub("", text)
    for pattern, order in (
        (_COMPACT, "ymd"),
        (_YEAR_FIRST, "ymd"),
        (_ISO, "ymd"),
        (_DAY_FIRST, "dmy"),
        (_MONTH_FIRST, "mdy"),
    ):
        if match := pattern.match(text):
            parts = dict(zip(order, match.groups(), strict=True))
            return _checked(parts["y"], parts["m"], parts["d"])
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.year, parsed.date()
    except (ValueError, TypeError, IndexError):
        pass
    if match := _YEAR.search(text):
        return int(match[1]), None
    raise ValueError(value)


def year_within(value: str) -> int | None:
    """The year of a date that is otherwise none ("2021-13-05")."""
    match = _YEAR.search(unicodedata.normalize("NFKC", value))
    return int(match[1]) if match else None


def _checked(year: str, month: str | None, day: str | None) -> tuple[int, date | None]:
    number = int(year)
    if not 1500 <= number <= 2200:
        raise ValueError(year)
    if month and not month.isdigit():
        if month.lower() not in _MONTHS:
            return number, None
        month = str(_MONTHS[month.lower()])
    if not month or not int(month):  # databases fill a date that is known in part with zeros
        return number, None
    if not 1 <= int(month) <= 12:
        raise ValueError(month)
    return number, date(number, int(month), int(day)) if day and int(day) else None


_LANGUAGES = {
    "english": "en",
    "eng": "en",
    "chinese": "zh",
    "chi": "zh",
    "zho": "zh",
    "中文": "zh",
    "汉语": "zh",
    "英文": "en",
    "英语": "en",
}


def read_language(value: str) -> str:
    """`en`, `zh`, another code of two letters, or empty when it is not understood."""
    text = value.strip().casefold()
    if text in _LANGUAGES:
        return _LANGUAGES[text]
    code = re.split(r"[-_]", text)[0]
    return code if re.fullmatch("[a-z]{2}", code) else ""
