"""How many documents the corpora hold, by year and kind, and whose exports they came from."""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from scanning.enums import DocumentKind, ImportStatus
from scanning.formats.databases import name_of
from scanning.models import CorpusFile, Document
from surveys.models import Study

WIDTH, HEIGHT, BOTTOM, TOP = 720, 190, 164, 14
MOST_YEARS = 40
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Part:
    """One kind in the column of one year."""

    number: int  # of the kind, for its colour
    y: float
    height: float


@dataclass(frozen=True)
class Year:
    label: str
    counts: list[int]
    total: int
    x: float = 0
    width: float = 0
    parts: list[Part] = field(default_factory=list)
    labelled: bool = False

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Volume:
    kinds: list[tuple[int, str, str, int]]  # number of its colour, value, label, documents
    years: list[Year]
    undated: int
    total: int
    databases: list[tuple[str, int]]
    most: int


def volume_of(study: Study, corpus: str = "", kind: str = "") -> Volume:
    rows = [
        row for row in _counted(study) if (not corpus or row[0] == corpus) and (not kind or row[1] == kind)
    ]
    present = [each for each in DocumentKind if any(row[1] == each for row in rows)]
    by_year: dict[int, dict[str, int]] = {}
    by_kind: dict[str, int] = dict.fromkeys(present, 0)
    by_database: dict[str, int] = {}
    undated = 0
    for _corpus, which, year, database, count in rows:
        by_kind[which] += count
        by_database[database] = by_database.get(database, 0) + count
        if year is None:
            undated += count
        else:
            by_year.setdefault(year, {})[which] = by_year.get(year, {}).get(which, 0) + count
    numbers = {each: list(DocumentKind).index(each) + 1 for each in present}
    most = max((sum(counts.values()) for counts in by_year.values()), default=0)
    return Volume(
        kinds=[(numbers[each], each.value, str(each.label), by_kind[each]) for each in present],
        years=_years(by_year, numbers, most),
        undated=undated,
        total=sum(by_kind.values()),
        databases=_named(by_database),
        most=most,
    )


def _counted(study: Study) -> list[tuple]:
    """(corpus, kind, year, database, documents). Kept until an import changes what the corpora hold."""
    files = CorpusFile.objects.kept().filter(corpus__study=study, status=ImportStatus.IMPORTED)
    mark = files.aggregate(last=Max("pk"), new=Sum("n_new"), updated=Sum("n_updated"), files=Count("pk"))
    key = f"volume:{study.code}:{mark['last']}:{mark['new']}:{mark['updated']}:{mark['files']}"
    rows = cache.get(key)
    if rows is None:
        documents = Document.objects.visible().filter(corpus__study=study).order_by()
        counted = documents.values_list("corpus__code", "kind", "year", "database").annotate(
            count=Count("pk")
        )
        rows = list(counted)
        cache.set(key, rows, KEPT_SECONDS)
    return rows


def _named(by_database: dict[str, int]) -> list[tuple[str, int]]:
    if set(by_database) <= {""}:
        return []
    ordered = sorted(by_database.items(), key=lambda pair: -pair[1])
    return [(name_of(key) if key else _("another source"), count) for key, count in ordered]


def _years(by_year: dict[int, dict[str, int]], numbers: dict[str, int], most: int) -> list[Year]:
    if not by_year:
        return []
    last = max(by_year)
    span = range(max(min(by_year), last - MOST_YEARS + 1), last + 1)
    step, every = WIDTH / len(span), -(-len(span) // 12)
    return [
        _year(n, year, by_year.get(year, {}), numbers, most, step, (len(span) - 1 - n) % every == 0)
        for n, year in enumerate(span)
    ]


def _year(
    n: int, year: int, counts: dict, numbers: dict[str, int], most: int, step: float, labelled: bool
) -> Year:
    parts, top = [], float(BOTTOM)
    for kind, number in numbers.items():
        height = (BOTTOM - TOP) * counts.get(kind, 0) / (most or 1)
        if height:
            top -= height
            parts.append(Part(number, round(top, 2), round(height, 2)))
    return Year(
        str(year),
        [counts.get(kind, 0) for kind in numbers],
        sum(counts.values()),
        x=round(n * step + step * 0.1, 2),
        width=round(min(step * 0.8, 60), 2),
        parts=parts,
        labelled=labelled,
    )
