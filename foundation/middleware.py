"""Refusals become pages, parts or JSON in one place; the reader's stored language is honoured."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import page_not_found

from foundation.exceptions import InvalidInput, NotAllowed, Refusal, SignInNeeded


class RefusalMiddleware:
    """Answers a `Refusal` raised by a view, whatever asked: a person, htmx or a program."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No address has a NUL in it, and PostgreSQL takes none as a value: what was searched for is not there.
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, NotAllowed())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ValidationError):  # a service's last check, after the form's
            exception = InvalidInput(errors=_messages(exception))
        elif _is_about_nul(exception):
            exception = InvalidInput()
        return answer(request, exception) if isinstance(exception, Refusal) else None


def _is_about_nul(exception: Exception) -> bool:
    """PostgreSQL's driver refuses a NUL in any value; SQLite takes it and finds nothing."""
    return isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)


def _messages(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse(as_dict(refusal), status=refusal.status)
    elif isinstance(refusal, SignInNeeded):
        response = to_sign_in(request)
    elif getattr(request, "htmx", False):
        response = _part(request, refusal)
    elif isinstance(refusal, NotAllowed):  # exactly what an address that does not exist gets
        response = page_not_found(request, refusal)
    else:
        template = getattr(refusal, "template", "refusal.html")
        response = HttpResponse(
            render_to_string(template, {"refusal": refusal}, request), status=refusal.status
        )
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _part(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A message that the page shows beside its content, which stays as it is."""
    html = render_to_string("refusal_part.html", {"refusal": refusal}, request)
    headers = {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"}
    return HttpResponse(html, status=refusal.status, headers=headers)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in form and back to the page. htmx is told to load the form as a whole page."""
    htmx = getattr(request, "htmx", None)
    to_form = redirect_to_login(_page_of(request, htmx))
    return HttpResponse(headers={"HX-Redirect": to_form.url}) if htmx else to_form


def _page_of(request: HttpRequest, htmx) -> str:
    """Where a person who signs in wants to be: what a form or a part was sent from, not where it was sent."""
    if htmx:
        return htmx.current_url_abs_path or "/"
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, request.is_secure())
    return urlsplit(sent_from).path if ours and sent_from else "/"


def as_dict(refusal: Refusal) -> dict:
    """How programs are told: a stable code, a message for people, and what was wrong where."""
    told = {"code": refusal.code, "message": str(refusal.message)}
    if errors := getattr(refusal, "errors", None):
        told["errors"] = {str(key): [str(each) for each in messages] for key, messages in errors.items()}
    return told


def wants_json(request: HttpRequest) -> bool:
    if request.path_info.startswith("/api/"):
        return True
    if request.content_type == "application/json":
        return True
    return "application/json" in request.headers.get("Accept", "")


class LanguageMiddleware:
    """Language of the page: the visitor's explicit choice (a cookie), else what their account or link says."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if language := self._stored(request):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)

    def _stored(self, request: HttpRequest) -> str:
        cookies = request.COOKIES
        if settings.LANGUAGE_COOKIE_NAME in cookies or settings.SESSION_COOKIE_NAME not in cookies:
            return ""
        stored = getattr(request.user, "language", "") or request.session.get("language", "")
        return stored if stored in dict(settings.LANGUAGES) else ""
