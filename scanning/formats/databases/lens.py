"""The Lens: scholarly works and patents, as CSV and as JSON of its API."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from scanning.formats.databases.base import Database, dicts, inner, strings


def owns(record: dict) -> bool:
    return "lens_id" in record


def flatten(record: dict) -> dict:
    return _patent(record) if isinstance(record.get("biblio"), dict) else _work(record)


def _work(record: dict) -> dict:
    known = {part.get("type"): part.get("value") for part in dicts(record.get("external_ids"))}
    places = [place for author in dicts(record.get("authors")) for place in dicts(author.get("affiliations"))]
    return {
        "id": record.get("lens_id"),
        "doi": known.get("doi"),
        "pmid": known.get("pmid"),
        "title": record.get("title"),
        "abstract": record.get("abstract"),
        "date": record.get("date_published"),
        "year": record.get("year_published"),
        "type": record.get("publication_type") or "article",
        "source": inner(record, "source", "title"),
        "language": next(iter(record.get("languages") or []), None),
        "countries": strings(places, "country_code"),
        "organisations": strings(places, "name"),
    }


def _patent(record: dict) -> dict:
    biblio = record["biblio"]
    number = inner(biblio, "publication_reference") or record
    applicants = inner(biblio, "parties", "applicants")
    return {
        "id": record.get("lens_id"),
        "publication number": f"{number.get('jurisdiction') or ''}{number.get('doc_number') or ''}",
        "title": _in_one_language(biblio.get("invention_title")),
        "abstract": _in_one_language(record.get("abstract")),
        "date": number.get("date") or record.get("date_published"),
        "type": "patent",
        "countries": [number["jurisdiction"]] if isinstance(number.get("jurisdiction"), str) else [],
        "organisations": [
            name
            for each in dicts(applicants)
            if isinstance(name := inner(each, "extracted_name", "value"), str)
        ],
    }


def _in_one_language(value: Any) -> Any:
    texts = dicts(value)
    english = [each.get("text") for each in texts if each.get("lang") == "en"]
    return (english or [each.get("text") for each in texts] or [None])[0] if texts else value


DATABASE = Database(
    "lens",
    _("The Lens"),
    marks=("lens id", "citing works count", "simple family size", "cited by patent count", "external url"),
    fields={
        "id": ("lens id",),
        "patent": ("display key", "publication number"),
        "date": ("date published", "publication date"),
    },
    owns=owns,
    flatten=flatten,
)
