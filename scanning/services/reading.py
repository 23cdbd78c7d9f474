"""The documents that a recipe reads, as records for the miner."""

import json
from collections.abc import Iterator

from django.db.models import TextField
from django.db.models.functions import Cast

from scanning.models import Corpus, Document
from scanning.recipe import Recipe
from scanning.textmining.records import Record

PAGE = 1000


def lock_for_reading(corpus: Corpus) -> None:
    """Inside a transaction that plans a list: files of the corpus are removed before it or not at all."""
    Corpus.objects.select_for_update().get(pk=corpus.pk)


def documents_of(corpus: Corpus, recipe: Recipe):
    documents = Document.objects.filter(corpus=corpus).visible()
    if recipe.language != "any":
        documents = documents.filter(language=recipe.language)
    if recipe.year_from:
        documents = documents.filter(year__gte=recipe.year_from)
    if recipe.year_to:
        documents = documents.filter(year__lte=recipe.year_to)
    return documents


COLUMNS = (
    "pk",
    "external_id",
    "title",
    "abstract",
    "year",
    "date",
    "language",
    "kind",
    "source",
    Cast("countries", TextField()),
    Cast("organisations", TextField()),
)


def pages(documents, size: int = PAGE) -> Iterator[tuple[int, int, list[Record]]]:
    """All documents in the order they came, with the first and last key of each page. A page at a time: a cursor
    held open would stop the database from tidying its log during the whole scan."""
    last = 0
    while page := list(documents.filter(pk__gt=last).order_by("pk").values_list(*COLUMNS)[:size]):
        last = page[-1][0]
        yield page[0][0], last, [_record(row) for row in page]


def records_of(documents) -> Iterator[Record]:
    for _first, _last, records in pages(documents):
        yield from records


def _record(row) -> Record:
    _pk, identifier, title, abstract, year, date, language, kind, source, countries, organisations = row
    return Record(
        id=identifier,  # not the key: the same corpus gives the same hash in any database
        title=title,
        text=abstract,
        year=year,
        date=date.isoformat() if date else None,
        language=language or None,
        kind=kind,
        source=source,
        countries=_names(countries),
        organisations=_names(organisations),
    )


def _names(listed: str) -> tuple[str, ...]:
    """Read from the text of a JSON column: where nothing is listed, which is usual, there is nothing to decode."""
    return () if listed == "[]" else tuple(json.loads(listed))
