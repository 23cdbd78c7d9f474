"""English tokens: splitting, folding of plurals and hyphens, and what place in a term a token may take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .wordlists import words
from .words_en import ACADEMIC, FUNCTION, SOFT

TOKEN = re.compile(r"[^\W_]+(?:[-\u2010\u2011\u2013'\u2019][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2010\u2011\u2013]")
_YEAR = re.compile(r"(?:^|\D)(?:19|20)\d\d(?:$|\D)")
_SOFT_ENDING = tuple(words("en_soft_endings"))
_ADJECTIVES = ("able", "ible", "ful", "less", "ous", "ical", "ual", "ive")
_NOUNS = words("en_nouns_like_adjectives")
_SINGULAR_ENDINGS = ("ss", "us", "is", "ics", "ous", "ness")
_KEEP = words("en_singular")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a token is: its folded form, and whether it splits, may open, may close, may stand alone."""

    folded: str
    splits: bool
    opens: bool
    closes: bool
    alone: bool
    letters: str = ""


def singular(word: str) -> str:
    """Fold a regular English plural (lower case). Words that only look plural are left alone."""
    if len(word) < 4 or not word.endswith("s") or word in _KEEP or word.endswith(_SINGULAR_ENDINGS):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=1 << 17)
def fold(token: str) -> str:
    """Lower case, no hyphens, no possessive, singular: `Pre-trained` -> `pretrained`, `GPUs` -> `gpu`."""
    owner = token[:-2] if token.endswith(("'s", "\u2019s", "'S", "\u2019S")) else token
    parts = _HYPHEN.split(owner.lower().replace("'", "").replace("\u2019", ""))
    acronym = owner[-1:] == "s" and owner[:-1].isupper()
    parts[-1] = parts[-1][:-1] if acronym else singular(parts[-1])
    return "".join(parts)


def fold_phrase(text: str) -> str:
    """The folded form of a phrase, words joined by one space."""
    return " ".join(fold(match.group()) for match in TOKEN.finditer(text))


def key_of(form: str) -> str:
    """The identity of a term: its folded form without spaces (`fine tuning` = `fine-tuning` =
    `finetuning`)."""
    return form.replace(" ", "")


def is_cased(token: str) -> bool:
    """Written like a name or an acronym: a capital after the first letter of a part, or letters with
    digits."""
    for part in _HYPHEN.split(token):
        if any(character.isupper() for character in part[1:]):
            return True
        if any(c.isdigit() for c in part) and any(c.isalpha() for c in part) and part[0].isupper():
            return True
    return False


def classify(token: str, dictionary: frozenset[str] = frozenset()) -> Kind:
    """The part a token may play. Deterministic, so that callers may remember it."""
    lower = token.lower().replace("\u2019", "'")
    folded = fold(token)
    if folded in dictionary:
        return Kind(folded, False, True, True, True)
    plain = lower.removesuffix("'s")
    cased = is_cased(token)
    word_like = plain in FUNCTION or (plain in ACADEMIC and plain not in SOFT)
    if (word_like and not (cased and plain not in FUNCTION)) or plain.isdigit() or _YEAR.search(plain):
        return Kind(folded, True, False, False, False)
    if len(folded) < 2 or not any(c.isalpha() for c in folded):
        # "k nearest neighbour": a lone letter may stand inside a term, never at its ends.
        return Kind(folded, not folded.isalpha(), False, False, False)
    soft = plain in SOFT or plain.endswith(_SOFT_ENDING)
    modifier = plain.endswith(("ly", "ed")) and not cased
    adjective = plain.endswith(_ADJECTIVES) and not cased and plain not in _NOUNS
    closes = not soft and not modifier and not adjective and not plain[0].isdigit()
    opens = not (plain.endswith("ly") and len(plain) < 5)
    return Kind(folded, False, opens, closes, closes and _may_stand_alone(plain, cased))


def _may_stand_alone(plain: str, cased: bool) -> bool:
    if cased:
        return len(plain) >= 3 or plain.isupper() or len(plain) == 2
    parts = _HYPHEN.split(plain)
    return len(parts) > 1 and all(len(part) > 1 for part in parts) and not any(p in FUNCTION for p in parts)
