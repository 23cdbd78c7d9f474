"""What a visitor may set without an account. The language has Django's own `set_language`."""

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEME_COOKIE = "theme"
THEMES = frozenset({"auto", "light", "dark"})
YEAR = 60 * 60 * 24 * 365


def _safe_next(request) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


@require_POST
def set_theme(request):
    """Keep the theme in a cookie, so that the server writes it into <html> and no page flashes.

    Not HttpOnly: theme.js sets the same cookie when scripts run.
    """
    response = HttpResponseRedirect(_safe_next(request))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
