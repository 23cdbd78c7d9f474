"""Geometry of the small charts that the server draws: numbers for SVG attributes, colours stay in CSS."""

from dataclasses import dataclass

from scanning.enums import DocumentKind

WIDTH, HEIGHT, BOTTOM, TOP = 560, 150, 128, 18


@dataclass(frozen=True)
class Bar:
    year: str
    count: int
    share: float | None
    x: float
    y: float
    width: float
    height: float
    labelled: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def above(self) -> float:
        return round(self.y - 5, 2)


def yearly_bars(yearly: dict, totals: dict | None = None) -> list[Bar]:
    """One bar for each year from the first to the last, years without a document included."""
    if not yearly:
        return []
    years = sorted(int(year) for year in {*yearly, *(totals or {})})
    span = range(years[0], years[-1] + 1)
    if len(span) > 80:  # a stray early date must not squeeze the rest
        span = range(years[-1] - 79, years[-1] + 1)
    most = max([int(yearly.get(str(year), 0)) for year in span] or [1]) or 1
    step = WIDTH / len(span)
    every = -(-len(span) // 12)
    return [
        _bar(
            n, year, int(yearly.get(str(year), 0)), totals or {}, most, step, (len(span) - 1 - n) % every == 0
        )
        for n, year in enumerate(span)
    ]


def _bar(n: int, year: int, count: int, totals: dict, most: int, step: float, labelled: bool) -> Bar:
    height = round((BOTTOM - TOP) * count / most, 2)
    total = totals.get(str(year))
    return Bar(
        str(year),
        count,
        round(1000 * count / total, 2) if total else None,
        x=round(n * step + step * 0.12, 2),
        y=round(BOTTOM - height, 2),
        width=round(step * 0.76, 2),
        height=height,
        labelled=labelled,
    )


def spark_points(yearly: dict) -> str:
    """Points of a polyline in a box of 100 by 24."""
    values = [int(yearly[year]) for year in sorted(yearly)]
    if len(values) < 2:
        return ""
    most = max(values) or 1
    return " ".join(
        f"{round(2 + 96 * n / (len(values) - 1), 1)},{round(22 - 20 * value / most, 1)}"
        for n, value in enumerate(values)
    )


@dataclass(frozen=True)
class KindRow:
    """Documents of one kind that mention a candidate, with bars in a box of 100 by 24."""

    kind: str
    label: str
    total: int
    first: str
    last: str
    bars: list[tuple[float, float, float, float]]


def kind_rows(by_kind: dict[str, dict], yearly: dict) -> list[KindRow]:
    """One row for each kind over the same years, so that "papers lead, patents follow" can be seen."""
    counted = {kind: years for kind, years in by_kind.items() if sum(years.values())}
    if len(counted) < 2:
        return []
    years = [int(year) for found in (*counted.values(), yearly) for year in found]
    span = range(max(min(years), max(years) - 39), max(years) + 1)
    order = [kind.value for kind in DocumentKind]
    labels = dict(DocumentKind.choices)
    return [
        KindRow(
            kind,
            labels.get(kind, kind),
            sum(counted[kind].values()),
            str(span[0]),
            str(span[-1]),
            _small_bars(counted[kind], span),
        )
        for kind in sorted(counted, key=lambda each: (order.index(each) if each in order else 99, each))
    ]


def _small_bars(yearly: dict, span: range) -> list[tuple[float, float, float, float]]:
    values = [int(yearly.get(str(year), 0)) for year in span]
    most, step = max(values) or 1, 100 / len(values)
    return [
        (
            round(n * step + 0.1 * step, 2),
            round(23 - 21 * value / most, 2),
            round(0.8 * step, 2),
            round(21 * value / most, 2),
        )
        for n, value in enumerate(values)
        if value
    ]
