"""JSON objects as records, whoever wrote them."""

from typing import Any

from scanning.formats.base import Fault, Parsed
from scanning.formats.columns import entry, meaning


def from_object(value: Any, line: int) -> Parsed:
    if not isinstance(value, dict):
        return Fault(line, "not_object", type(value).__name__)
    if "abstract_inverted_index" in value or str(value.get("id", "")).startswith("https://openalex.org/"):
        value = flatten_openalex(value)
    best: dict[str, tuple[int, Any]] = {}
    for key, content in value.items():
        found = meaning(key)
        if found and content not in (None, "", []) and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], content)
    return entry(line, lambda name: best[name][1] if name in best else None)


def flatten_openalex(work: dict) -> dict:
    """An OpenAlex work as plain fields."""
    institutions = [
        institution
        for authorship in _dicts(work.get("authorships"))
        for institution in _dicts(authorship.get("institutions"))
    ]
    location = work.get("primary_location")
    venue = location.get("source") if isinstance(location, dict) else None
    return {
        "id": work.get("id"),
        "title": work.get("title") or work.get("display_name"),
        "abstract": uninvert(work.get("abstract_inverted_index")) or work.get("abstract"),
        "date": work.get("publication_date"),
        "year": work.get("publication_year"),
        "language": work.get("language"),
        "type": work.get("type"),
        "source": venue.get("display_name") if isinstance(venue, dict) else None,
        "url": work.get("doi") or work.get("id"),
        "countries": _strings(institutions, "country_code"),
        "organisations": _strings(institutions, "display_name"),
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


def _strings(objects: list[dict], key: str) -> list[str]:
    return [part[key] for part in objects if isinstance(part.get(key), str)]


def _dicts(value: Any) -> list[dict]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
