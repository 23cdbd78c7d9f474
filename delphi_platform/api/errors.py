"""One place that maps refusals to answers: `{"code", "message", "details"}`; outsiders are answered 404."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from foundation.exceptions import Refusal
from surveys.exceptions import Incomplete

HIDDEN = (Http404, PermissionDenied, exceptions.NotFound, exceptions.PermissionDenied)


def answer_for(error: Exception, context: dict) -> Response | None:
    if isinstance(error, Refusal):
        return _response(error.status, error.code, str(error.message), _details(error))
    if isinstance(error, HIDDEN):
        return _response(404, "not_found", _("There is nothing here for you."))
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        code = error.get_codes() if isinstance(error.get_codes(), str) else "invalid"
        kept = {name: value for name, value in response.headers.items() if name in ("Retry-After",)}
        kept |= {"WWW-Authenticate": "Bearer"} if response.status_code == 401 else {}
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        return _response(response.status_code, code, str(detail), headers=kept)
    return response


def _details(error: Refusal) -> dict:
    if isinstance(error, Incomplete):
        missing = error.details.get("missing", [])
        return {
            "missing": [
                {"kind": gap.kind, "technology": gap.technology, "question": gap.question} for gap in missing
            ]
        }
    errors = getattr(error, "errors", {})
    return {"errors": {str(field): _plain(messages) for field, messages in errors.items()}} if errors else {}


def _plain(messages) -> list[str]:
    return [str(each) for each in messages] if isinstance(messages, list | tuple) else [str(messages)]


def _response(status: int, code: str, message: str, details: dict | None = None, headers=None) -> Response:
    body = {"code": code, "message": message, "details": details or {}}
    return Response(body, status=status, headers=headers)
