"""When the platform itself fails. Nothing here asks the database: it may be what failed."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from foundation.middleware import wants_json
from surveys.respond.kept import kept_words
from surveys.respond.visit import kept_form

RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error of ours; one of its own, with what was typed, when the database takes nothing.

    A full disk or a database that is starting again: the person is told "not saved" and can send the same once more.
    """
    # Django calls this inside its `except`.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _not_saved(request)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    else:
        response = _failed(request)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _failed(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return _json("server_error", _("Something went wrong on our side"), HTTPStatus.INTERNAL_SERVER_ERROR)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _not_saved(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return _json("not_saved", _("Nothing was saved just now"), HTTPStatus.SERVICE_UNAVAILABLE)
    kept = kept_form(request) if _is_questionnaire(request) else []
    context = {
        "request": request,
        "csrf_token": get_token(request),
        "sent": request.method not in ("GET", "HEAD"),
        "refusal": {"kept": kept, "words": kept_words(kept)},
    }
    return HttpResponse(render_to_string("503.html", context), status=HTTPStatus.SERVICE_UNAVAILABLE)


def _is_questionnaire(request: HttpRequest) -> bool:
    """Other forms may hold a password, which no page repeats."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.namespace == "respond"


def _json(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, "details": {}}, status=status)
