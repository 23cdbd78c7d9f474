"""The topic map as files: a drawing with its own colours, a table."""

from collections.abc import Iterator

from scanning.selectors.topics import TopicMap

# A file has no style sheet beside it: the light colours of the design system.
COLOURS = """
text{font:12px system-ui,sans-serif;fill:#14212b;text-anchor:middle}
.disc{fill:#f3f6f8;stroke:#c6d0d8}.bond{stroke:#c6d0d8}
.dot{stroke:#fff;stroke-width:1.5}.is-rising{fill:#0b7a69}.is-falling{fill:#c8501e}
.is-steady{fill:#6f97bf}.is-unknown{fill:#a3abb2}.is-accepted{stroke:#14212b;stroke-width:2}
"""


def as_svg(picture: str) -> str:
    head, rest = picture.strip().split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head} xmlns="http://www.w3.org/2000/svg"><style>{COLOURS}</style>{rest}'


def as_rows(drawn: TopicMap) -> Iterator[list]:
    yield ["topic", "candidate", "state", "documents", "growth_log2", "topic_growth_log2", "topic_diversity"]
    for place in drawn.places:
        for row in place.candidates:
            yield [
                str(place.topic or ""),
                str(row.name),
                row.status,
                row.n_documents,
                _number(row.growth),
                _number(place.figures.growth),
                _number(place.figures.diversity),
            ]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
