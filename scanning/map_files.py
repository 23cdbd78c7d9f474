"""The topic map as files: a drawing with its own colours, a table that a spreadsheet opens safely."""

import csv
import io

from scanning.selectors.topics import TopicMap

# A file has no style sheet beside it: the light colours of the design system.
COLOURS = """
text{font:12px system-ui,sans-serif;fill:#14212b;text-anchor:middle}
.disc{fill:#f3f6f8;stroke:#c6d0d8}.bond{stroke:#c6d0d8}
.dot{stroke:#fff;stroke-width:1.5}.is-rising{fill:#0b7a69}.is-falling{fill:#c8501e}
.is-steady{fill:#6f97bf}.is-unknown{fill:#a3abb2}.is-accepted{stroke:#14212b;stroke-width:2}
"""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def as_svg(picture: str) -> str:
    head, rest = picture.strip().split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head} xmlns="http://www.w3.org/2000/svg"><style>{COLOURS}</style>{rest}'


def as_csv(drawn: TopicMap) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["topic", "candidate", "state", "documents", "growth_log2", "topic_growth_log2", "topic_diversity"]
    )
    for place in drawn.places:
        for row in place.candidates:
            writer.writerow(
                [
                    _safe(str(place.topic or "")),
                    _safe(str(row.name)),
                    row.status,
                    row.n_documents,
                    _number(row.growth),
                    _number(place.figures.growth),
                    _number(place.figures.diversity),
                ]
            )
    return "\ufeff" + out.getvalue()


def _safe(text: str) -> str:
    """A cell that begins like a formula is marked as text."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
