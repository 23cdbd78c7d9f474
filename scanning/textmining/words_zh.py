"""Chinese word classes for term extraction: words that split, words that may not open or close a term."""

from __future__ import annotations

from .wordlists import words

SPLIT = words("zh_split")
SOFT = words("zh_soft")
ACTING = words("zh_acting")
GENERIC = words("zh_generic")
STRONG_HEADS = words("zh_strong_heads")
EVERYDAY = SOFT | ACTING | GENERIC
GENERAL = words("zh_general") | EVERYDAY
NEVER_CLOSING = tuple(sorted(words("zh_never_closing")))
TECHNOLOGY_ENDINGS = words("zh_technology_endings")
SOCIETY_ENDINGS = words("zh_society_endings")
NATURE_ENDINGS = words("zh_nature_endings")

# jieba part-of-speech tags that may take part in a term, open it, close it.
_CORE = {"n", "nr", "nt", "nz", "ng", "vn", "an", "v", "j", "l", "i", "eng", "x", "g", "vg", "nrt", "nrfg"}
# Tags of grammar: prepositions, conjunctions, particles, pronouns, interjections, punctuation.
SPLIT_TAGS = frozenset(
    {"p", "c", "u", "ud", "ug", "uj", "ul", "uv", "uz", "r", "rr", "rz", "y", "e", "o", "w"}
)
OPEN_TAGS = frozenset(_CORE | {"ns", "a", "b", "ag", "h", "z"})
CLOSE_TAGS = frozenset(_CORE | {"k", "q"})
INNER_TAGS = frozenset(OPEN_TAGS | CLOSE_TAGS | {"ad", "m", "s", "f", "d"})
