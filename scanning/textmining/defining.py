"""How well a sentence says what a term is: 0 when it does not, else higher for what a person would rather read.

The term must be what the sentence speaks of: nothing stands before it but an article or a phrase of place ("In
robotics, ..."). What follows must say what it is: a copula with an article ("is a"), a verb of defining ("refers to"),
an apposition. What one document did with it ("The circuit is mounted on ...") describes that document. A sentence that
names a kind of thing and what sets it apart ("is the task of ...") is worth most, praise ("is a popular ...") least.
"""

from __future__ import annotations

import re

SHORTEST = {"en": 20, "zh": 10}
LONGEST = {"en": 400, "zh": 160}
ARTICLES = ("a", "an", "the")
_SHORT_FORM = r"^\s*(?:\([^()]{1,60}\)\s*)?"
_OFTEN = r"(?:(?:also|basically|commonly|currently|essentially|generally|often|typically|usually|widely)\s+)?"
_IS = re.compile(
    rf"{_SHORT_FORM},?\s*(?:is|are)\s+{_OFTEN}(?:(?P<a>an?|the|one of)\s+(?P<what>.*)"
    r"|defined as|known as|concerned with|(?P<use>used (?:to|for|in|as)))",
    re.DOTALL,
)
_DOES = re.compile(rf"{_SHORT_FORM}{_OFTEN}(?:refers? to|denotes?|aims? (?:to|at)|deals? with|involves?)\s")
# The verb after the second comma tells an apposition from a list.
_APPOSITION = re.compile(
    _SHORT_FORM + r",\s+(?:an?|the)\s[^,;]{10,200},\s+(?:is|are|was|were|has|have|can|may|aims?)\b"
)
_KINDS = (
    "task|process|problem|method|technique|technology|approach|algorithm|framework|model|system|device|apparatus"
    "|machine|material|compound|protocol|language|field|area|branch|form|type|kind|family|class|way|procedure"
    "|practice|strategy|paradigm|architecture|network|structure|tool"
)
_KIND = re.compile(
    rf"^(?:[\w-]+\s+){{0,5}}?(?:{_KINDS})s?\s+"
    r"(?:of|that|which|for|to|in which|where|whose|used|designed|based|between)\b"
)
_PRAISE = re.compile(
    r"^(?:[\w-]+\s+){0,3}?(?:important|popular|challenging|challenge|growing|key|crucial|critical|promising|powerful"
    r"|active|essential|fundamental|hot|major|vital|significant|difficult|successful|core|central)\b"
)
_ARTICLE = re.compile(r"^[\"'\u201c(]*(?:(?:an?|(?P<the>the))\s+)?$", re.IGNORECASE)
_PLACE = re.compile(r"^In (?:[\w-]+\s+){0,3}[\w-]+,\s+(?:an?\s+)?$")
# What points to the document, to a sentence before, or to the numbers of a drawing.
_HERE = re.compile(
    r"\b(?:we|our|ours|my|herein|above|aforementioned|said|these|disclosed|proposed|present|in this"
    r"|this (?:paper|work|study|article|thesis|invention|model|method|task|approach))\b|\(\s*\d+\s*\)|\bI\b(?! ?-)",
    re.IGNORECASE,
)
_KINDS_ZH = (
    "技术|方法|算法|模型|过程|系统|装置|设备|材料|手段|工具|方式|形式|理论|工艺|药物|物质|指标|结构|疾病"
)
_IS_ZH = re.compile(
    r"^(?:[（(][^（）()]{1,60}[)）])?(?:技术|方法)?\s*(?:(?P<kind>是指|是一种|是一类|是一个|指的是|即指)"
    rf"|是(?![否不因由在以为从通对将被把指其这那本该])(?P<of>[^，,。；;]{{2,60}}的[^，,。；;]{{0,12}}(?:{_KINDS_ZH}))?"
    r"|旨在|用于|能够)"
)
_HERE_ZH = re.compile(
    "本文|本研究|本课题|本工作|本方法|本设计|本系统|该文|我们|笔者|作者|上述|此法|本人|结果表明|实验结果"
)


def may_define(sentence: str, language: str) -> bool:
    """Whether `defines` could find anything in this sentence, at whatever place: quick, and asked of every sentence."""
    if not SHORTEST[language] <= len(sentence) <= LONGEST[language]:
        return False
    return not (_HERE_ZH if language == "zh" else _HERE).search(sentence)


def words_before(sentence: str) -> int | None:
    """How many English words may stand before a term that this sentence defines; None where that is not bounded."""
    return None if sentence.startswith("In ") else 1


def defines(sentence: str, start: int, end: int, language: str) -> float:
    """The worth of a sentence as a description of the term at [start, end) of it."""
    if not SHORTEST[language] <= len(sentence) <= LONGEST[language]:
        return 0.0
    value = (_chinese if language == "zh" else _english)(sentence, sentence[:start], sentence[end:])
    return value and value - abs(len(sentence) - LONGEST[language] / 3) / LONGEST[language] * 0.5


def _english(sentence: str, before: str, after: str) -> float:
    article, place = _ARTICLE.match(before), _PLACE.match(before)
    if not (article or place) or _HERE.search(sentence):
        return 0.0
    definite = bool(article and article.group("the"))
    copula = _IS.match(after)
    if copula and copula.group("a"):
        what = copula.group("what")
        value = 2.0 + (1.0 if _KIND.match(what) else 0.0) - (0.5 if _PRAISE.match(what) else 0.0)
    elif definite or (copula and copula.group("use") and before.strip()):
        return 0.0  # "The circuit is used to ...": a circuit of this document
    elif copula or _DOES.match(after):
        value = 1.8
    else:
        value = 1.8 if _APPOSITION.match(after) else 0.0
    return value and value - (0.3 if place or definite else 0.0)


def _chinese(sentence: str, before: str, after: str) -> float:
    found = _IS_ZH.match(after)
    if before.strip(" \"'“《") or not found or _HERE_ZH.search(sentence):
        return 0.0
    return 3.0 if found.group("kind") or found.group("of") else 1.8
