"""What several pages of the review read from a request."""

from django.http import Http404, HttpRequest

from scanning.models import Scan


def decisions_seen(request: HttpRequest) -> int | None:
    """How many decisions the page showed: a service refuses when there are more by now."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else None


def chosen_scan(scans: list[Scan], code: str) -> Scan | None:
    """The scan of that code, without a code the latest; 404 for any other."""
    if not code:
        return scans[0] if scans else None
    chosen = next((scan for scan in scans if scan.code == code), None)
    if chosen is None:
        raise Http404
    return chosen
