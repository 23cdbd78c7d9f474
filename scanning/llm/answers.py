"""Reading what a model wrote. Nothing of it is trusted: shape, length and characters are checked, faults are named."""

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scanning.textmining.language import detect_language
from scanning.textmining.wordlists import words

MARKUP = re.compile(
    r"https?:|//|www\.|<[a-z/!]|!\[|\]\(|javascript:|data:|[^\s@]@[^\s@]+\.[a-z]"
    r"|\b[a-z0-9-]+\.(?:com|cn|org|net|io|info|xyz|top|ru)\b",
    re.IGNORECASE | re.ASCII,
)
THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
FENCED = re.compile(r"```[a-zA-Z]*\s(.*?)```", re.DOTALL)
HAN = re.compile(r"[\u3400-\u9fff]")
KANA = re.compile(r"[\u3041-\u30ff]")
WORD = re.compile(r"[^\W\d_]+")
LANGUAGES = {"en": "en", "zh": "zh-hans"}
ENGLISH, FOREIGN = words("en_function"), words("other_function")
MOST_FAULTS = 30
MOST_TRIES = 60


@dataclass
class Checked:
    """What passed, and what did not in words that are sent back once for repair."""

    value: Any
    faults: list[str] = field(default_factory=list)


def parse(text: str, wanted: tuple[str, ...] = ()) -> dict | None:
    """The JSON object of an answer, None when there is none.

    Models think aloud, fence and explain: of several objects the last counts that has a `wanted` key.
    """
    for spoken in dict.fromkeys((THOUGHT_ENDS.split(text)[-1], text)):
        found = _spoken(spoken.strip().lstrip("\ufeff"), wanted)
        if found is not None:
            return found
    return None


def _spoken(text: str, wanted: tuple[str, ...]) -> dict | None:
    for whole in (text, *reversed(FENCED.findall(text))):
        found = _object(whole)
        if found is not None and (not wanted or any(key in found for key in wanted)):
            return found
    objects = [each for each in _objects(text) if any(key in each for key in wanted)]
    return objects[-1] if objects else None


def _object(text: str) -> dict | None:
    try:
        found = storable(json.loads(text))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _objects(text: str) -> Iterator[dict]:
    """Objects that stand in other text, one after another."""
    decoder, at = json.JSONDecoder(), 0
    for _try in range(MOST_TRIES):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            found, at = decoder.raw_decode(text, at)
            yield storable(found)
        except (ValueError, RecursionError):
            at += 1


def storable(value):
    """Without what a database refuses: NUL, halves of characters, numbers that are none."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [storable(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def rows(document: dict, name: str, most: int) -> list[dict]:
    found = document.get(name)
    return [row for row in found if isinstance(row, dict)][:most] if isinstance(found, list) else []


def plain(value, limit: int) -> str:
    """One line of plain text, or nothing: text with addresses or markup is not for people to click on."""
    if not isinstance(value, str):
        return ""
    kept = "".join(c for c in value if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    text = " ".join(kept.split())
    # Looked for as people would read it: without hidden characters, and wide letters as plain ones.
    if MARKUP.search(text) or MARKUP.search(unicodedata.normalize("NFKC", text)):
        return ""
    return text if len(text) <= limit else ""


def both(value, limit: int) -> dict[str, str]:
    """English and Chinese of one text; a language in which it is not written is left out."""
    if not isinstance(value, dict):
        return {}
    texts = {code: (plain(value.get(name), limit), name) for name, code in LANGUAGES.items()}
    return {code: text for code, (text, name) in texts.items() if text and written_in(text, name)}


def written_in(text: str, language: str) -> bool:
    """Whether a text is English or Chinese, as far as its letters and small words tell."""
    letters = [c for c in text if c.isalpha()]
    han, latin = len(HAN.findall(text)), sum(c.isascii() or "\u00c0" <= c <= "\u024f" for c in letters)
    if 2 * (han + latin) < len(letters) or KANA.search(text):
        return False
    if language == "zh":
        return han > 0 and detect_language(text) == "zh"
    return latin > 0 and detect_language(text) == "en" and not _of_another_country(text)


def _of_another_country(text: str) -> bool:
    """Whether small words of other languages of Latin letters outnumber the English ones."""
    found = WORD.findall(text.casefold())
    foreign = sum(word in FOREIGN for word in found)
    return foreign >= 2 and foreign > sum(word in ENGLISH for word in found)


def known(value, allowed) -> list[str]:
    """The identifiers that were supplied, each once. Empty when even one was made up."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return []
    unique = list(dict.fromkeys(value))
    return unique if all(each in allowed for each in unique) else []


def cyclic(arrows: dict[str, str]) -> set[str]:
    """Starts of arrows that lie on, or lead into, a circle."""
    bad = set()
    for start in arrows:
        at, passed = start, set()
        while at in arrows and at not in passed:
            passed.add(at)
            at = arrows[at]
        if at in passed:
            bad.add(start)
    return bad


# Parts of the schemas that servers are given.
TEXT = {"type": "string"}
BOTH = {
    "type": "object",
    "properties": {"en": TEXT, "zh": TEXT},
    "required": ["en", "zh"],
    "additionalProperties": False,
}


def strings() -> dict:
    return {"type": "array", "items": TEXT}


def record(**properties) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def array(items: dict) -> dict:
    return {"type": "array", "items": items}
