"""Evidence made of a document that has a name in its text."""

import re

from scanning.models import Document, Evidence

MOST_PLACES = 5


def mention(name: str, document: Document, weight: float = 1) -> Evidence | None:
    """Evidence at the places where the document has the name; not yet of any candidate."""
    places: list[list] = []
    for part in ("title", "abstract"):
        text, at = getattr(document, part).lower(), -1
        while len(places) < MOST_PLACES and (at := text.find(name.lower(), at + 1)) >= 0:
            places.append([part, at, at + len(name)])
    return evidence_at(document, places, weight)


def whole_mention(names: list[str], document: Document, weight: float = 1) -> Evidence | None:
    """As `mention`, for several spellings, and only where no letter goes on beside a Latin one."""
    spellings = sorted({name.lower() for name in names if name.strip()}, key=len, reverse=True)
    if not spellings:
        return None
    pattern = re.compile("|".join(_bounded(name) for name in spellings), re.IGNORECASE)
    places = [
        [part, found.start(), found.end()]
        for part in ("title", "abstract")
        for found in pattern.finditer(getattr(document, part))
    ]
    return evidence_at(document, places[:MOST_PLACES], weight)


def _bounded(name: str) -> str:
    start = r"(?<![A-Za-z0-9])" if name[0].isascii() else ""
    end = r"(?:s|es)?(?![A-Za-z0-9])" if name[-1].isascii() else ""
    return f"{start}{re.escape(name)}{end}"


def evidence_at(document: Document, places: list[list], weight: float) -> Evidence | None:
    if not places:
        return None
    part, start, end = places[0]
    return Evidence(document=document, part=part, start=start, end=end, passages=places, weight=weight)
