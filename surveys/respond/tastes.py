"""How this browser's owner likes to answer: language and layout, in cookies that say nothing of who they are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "respond_layout"
CARDS, MATRIX = "cards", "matrix"
YEAR = 365 * 24 * 3600


def layout_of(request: HttpRequest) -> str:
    """A phone and a desk may differ, so it is the browser's and not the person's."""
    return MATRIX if request.COOKIES.get(COOKIE) == MATRIX else CARDS


def chosen_language(request: HttpRequest) -> str:
    """The language that a button of the page's own form asks for, which saves what was typed on the way."""
    go, _colon, language = request.POST.get("go", "").partition(":")
    return language if go == "language" and language in dict(settings.LANGUAGES) else ""


def in_language(request: HttpRequest, language: str, view, *args, **kwargs) -> HttpResponse:
    translation.activate(language)
    request.LANGUAGE_CODE = language
    return with_language(view(request, *args, **kwargs), language)


def with_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def with_layout(response: HttpResponse, layout: str) -> HttpResponse:
    response.set_cookie(
        COOKIE, layout, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
