"""OpenAlex: works as JSON (API pages, JSON Lines snapshots) and as the CSV of its website."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database, dicts, inner, strings


def owns(work: dict) -> bool:
    return "abstract_inverted_index" in work or str(work.get("id", "")).startswith("https://openalex.org/W")


def flatten(work: dict) -> dict:
    institutions = [
        institution
        for authorship in dicts(work.get("authorships"))
        for institution in dicts(authorship.get("institutions"))
    ]
    return {
        "id": work.get("id"),
        "doi": work.get("doi") or inner(work, "ids", "doi"),
        "pmid": inner(work, "ids", "pmid"),
        "title": work.get("title") or work.get("display_name"),
        "abstract": uninvert(work.get("abstract_inverted_index")) or work.get("abstract"),
        "date": work.get("publication_date"),
        "year": work.get("publication_year"),
        "language": work.get("language"),
        "type": work.get("type"),
        "source": inner(work, "primary_location", "source", "display_name"),
        "url": work.get("doi") or work.get("id"),
        "countries": strings(institutions, "country_code"),
        "organisations": strings(institutions, "display_name"),
    }


def uninvert(index: Any) -> str:
    """OpenAlex gives an abstract as word -> positions; put the words back in order."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (position, word)
        for word, positions in index.items()
        if isinstance(positions, list)
        for position in positions
        if isinstance(position, int)
    ]
    return " ".join(word for _position, word in sorted(placed))


DATABASE = Database(
    "openalex",
    _("OpenAlex"),
    marks=(
        "primary location display name",
        "authorships.author position",
        "cited by count",
        "open access.is oa",
    ),
    fields={
        "title": ("title", "display name"),
        "source": ("primary location display name", "primary location.source.display name"),
        "countries": ("authorships.countries",),
        "organisations": ("authorships.institutions.display name",),
    },
    owns=owns,
    flatten=flatten,
)
