"""The main navigation. Only this package sees every app, so only it can name their pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from experts.permissions import is_administrator, may_organise


@dataclass(frozen=True)
class Item:
    """One link; `view` is a URL name. Nobody is shown what they may not open."""

    label: str
    view: str
    shown_to: Callable[[Any], bool] = lambda user: True


ITEMS = (
    Item(_("Studies"), "home"),
    Item(_("Expert bank"), "experts:bank", may_organise),
    Item(_("Accounts"), "experts:accounts", is_administrator),
    Item(_("Outbox"), "experts:outbox", is_administrator),
)


def _links(request) -> Iterator[dict]:
    for item in ITEMS:
        if not item.shown_to(request.user):
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
