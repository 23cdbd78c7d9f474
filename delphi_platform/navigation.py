"""The main navigation. Only this package sees every app, so only it can name their pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One link; `view` is a URL name."""

    label: str
    view: str
    staff_only: bool = False


ITEMS = (
    Item(_("Studies"), "home"),
    Item(_("Expert bank"), "experts:bank"),
    Item(_("Corpora"), "scanning:corpora"),
    Item(_("Accounts"), "experts:accounts", staff_only=True),
    Item(_("Outbox"), "experts:outbox", staff_only=True),
)


def _links(request) -> Iterator[dict]:
    for item in ITEMS:
        if item.staff_only and not request.user.is_staff:
            continue
        try:
            url = reverse(item.view)
        except NoReverseMatch:  # the page may be switched off, as the outbox is on servers
            continue
        current = request.path == url or (url != "/" and request.path.startswith(url))
        yield {"label": item.label, "url": url, "current": current}


def main_nav(request) -> dict:
    """Context processor: `main_nav` for `includes/main_nav.html`; nobody's for anonymous visitors."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"main_nav": list(_links(request))}
