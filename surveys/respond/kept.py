"""What a page carried that is refused for want of a session or of consent: to be sent again, and to be read.

Who asks is not known here, so that the words of questions and technologies are not either: the keys of the questions
stand for them.
"""

from __future__ import annotations

from collections.abc import Iterable

MACHINERY = {"round", "go", "what", "voice", "keep", "clear", "consent", "field", "technology"}


def kept_words(kept: Iterable[tuple[str, str]]) -> str:
    """What its author wrote or chose, in the order of the page."""
    return "\n\n".join(
        f"{label}: {value.strip()}" if (label := _label(name)) else value.strip()
        for name, value in kept
        if value.strip() and _is_own(name)
    )


def _is_own(name: str) -> bool:
    return name not in MACHINERY and not name.endswith((".base", ".stance", ".cause"))


def _label(name: str) -> str:
    """The question's key, where the field is an answer: `a.CODE.key` and what follows."""
    parts = name.split(".", 2)
    return parts[2] if parts[0] == "a" and len(parts) == 3 else ""
