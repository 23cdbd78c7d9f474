"""Reading what a model wrote. Nothing of it is trusted: shape, length and characters are checked, faults are named."""

import json
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

MARKUP = re.compile(r"https?:|//|www\.|<[a-z/!]|!\[|\]\(|javascript:|data:", re.IGNORECASE)
FENCE = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")
LANGUAGES = {"en": ("en", LATIN), "zh": ("zh-hans", HAN)}
MOST_FAULTS = 30


@dataclass
class Checked:
    """What passed, and what did not in words that are sent back once for repair."""

    value: Any
    faults: list[str] = field(default_factory=list)


def parse(text: str) -> dict | None:
    """The JSON object of an answer, None when there is none."""
    fenced = FENCE.match(text)
    try:
        found = storable(json.loads(fenced.group(1) if fenced else text))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


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
    if not isinstance(value, str) or MARKUP.search(value):
        return ""
    kept = "".join(c for c in value if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    text = " ".join(kept.split())
    return text if len(text) <= limit else ""


def both(value, limit: int) -> dict[str, str]:
    """English and Chinese of one text; a language in which it is not written is left out."""
    if not isinstance(value, dict):
        return {}
    texts = {code: (plain(value.get(name), limit), signs) for name, (code, signs) in LANGUAGES.items()}
    return {code: text for code, (text, signs) in texts.items() if text and signs.search(text)}


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
