"""The topic map as files: a drawing with its own colours, a table of its candidates, a table of its topics."""

from collections.abc import Iterable, Iterator

from scanning.enums import DocumentKind
from scanning.selectors.topic_table import TopicRow
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


def topic_rows_as_table(rows: Iterable[TopicRow]) -> Iterator[list]:
    """Names for machines in the first row; growth and change are log2, shares are 0 to 1."""
    kinds = DocumentKind.values
    yield [
        *("topic", "found_as", "candidates", "documents", "share", "growth_log2", "acceleration_log2"),
        *("diversity_of_candidates", "sources", "sources_change_log2", "countries"),
        *("burst_from", "burst_to", "bursting", "novelty", "per_thousand_early", "per_thousand_late"),
        *(f"documents_{kind}" for kind in kinds),
        *(f"growth_log2_{kind}" for kind in kinds),
        *("first", "then", "years_between", "main_candidates"),
    ]
    for row in rows:
        lead, figures = row.leads[0] if row.leads else None, row.figures
        yield [
            *(str(row.topic or ""), row.topic.mined_name if row.topic else "", len(row.candidates)),
            *(figures.volume, _number(row.share), _number(figures.growth), _number(row.acceleration)),
            *(_number(figures.diversity), _number(row.sources), _number(row.sources_change)),
            _number(row.countries),
            *((row.burst.start, row.burst.end) if row.burst else (None, None)),
            *(int(row.bursting), _number(row.novelty), _number(figures.early), _number(figures.late)),
            *(row.kinds.get(kind, 0) for kind in kinds),
            *(_number(row.kind_growth.get(kind)) for kind in kinds),
            *((lead.first, lead.then, lead.years) if lead else (None, None, None)),
            "; ".join(str(each.name) for each in row.main),
        ]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
