"""One spelling for each identifier, so that the same work from two databases is one document."""

import re

_DOI = re.compile(r"(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE)
_DOI_BEFORE = re.compile(r"^(?:https?://(?:www\.)?(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_PMID = re.compile(r"^(?:https?://\S+/|pmid:?\s*)?0*([1-9]\d{0,8})/?$", re.IGNORECASE)
_PATENT = re.compile(r"^([A-Z]{2})0*(\d[\dX]*?)(?:[A-Z]\d?)?(?:-\d{8})?$")
_LOOSE = re.compile(r"[\s,./]+")
_OPENALEX = re.compile(r"^https?://(?:api\.)?openalex\.org/(?:works/)?(w\d+)$", re.IGNORECASE)


def normal_doi(value: str) -> str:
    """`10.1234/abc` in lower case, or empty when it is none."""
    found = _DOI.search(_DOI_BEFORE.sub("", value.strip()))
    return found[1].rstrip(".,;)").lower() if found else ""


def normal_pmid(value: str) -> str:
    found = _PMID.match(value.strip())
    return f"pmid:{found[1]}" if found else ""


def normal_patent(value: str) -> str:
    """Office and number. Blanks, leading zeros, the kind code and an appended date are ways of writing it."""
    text = value.strip().upper()
    # A dash before eight figures at the end is a date; others stand inside the number.
    dated = re.search(r"-\d{8}$", text)
    body = text[: dated.start()] if dated else text
    body = _LOOSE.sub("", body).replace("-", "")
    found = _PATENT.match(body)
    return f"{found[1]}{found[2]}" if found else body


def normal_identifier(value: str) -> str:
    """An identifier of unknown kind: addresses around it go; a DOI or an OpenAlex number is recognised."""
    text = " ".join(value.split())
    if _DOI_BEFORE.match(text) or re.match(r"10\.\d{4,9}/", text):
        return normal_doi(text) or text
    if found := _OPENALEX.match(text):
        return found[1].upper()
    return text


def best_identifier(*, doi: str = "", patent: str = "", pmid: str = "", own: str = "") -> str:
    """What most databases agree on comes first."""
    return (
        (normal_doi(doi) if doi else "")
        or (normal_patent(patent) if patent.strip() else "")
        or (normal_pmid(pmid) if pmid else "")
        or normal_identifier(own or doi or pmid)
    )
