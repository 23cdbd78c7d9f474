"""English word classes for term extraction.

`FUNCTION` and `ACADEMIC` words split a sentence into candidate runs. `SOFT` words may open a term
("data augmentation", "large language model") but never close one. `WEAK_HEADS` and `STRONG_HEADS` are a
mild prior about last words, blended with what the corpus itself teaches (see `heads.py`).
"""

from __future__ import annotations

from .wordlists import words

FUNCTION = words("en_function") | words("other_function")
ACADEMIC = words("en_academic")
SOFT = words("en_soft")
EVENTS = words("en_events")
WEAK_HEADS = words("en_weak_heads")
GENERIC = words("en_generic")
STRONG_HEADS = words("en_strong_heads")
