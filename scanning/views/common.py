"""What several pages of the review read from a request."""

from django.http import HttpRequest


def decisions_seen(request: HttpRequest) -> int | None:
    """How many decisions the page showed: a service refuses when there are more by now."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else None
