"""Pages for what came too late or has no place any more: nothing is written, and the text stays with its author."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.exceptions import NotAllowed
from surveys.respond.typed import Typed, as_text, typed_texts
from surveys.respond.views.pages import page_context
from surveys.respond.visit import Visit


def late(request: HttpRequest, visit: Visit, typed: list[Typed] | None = None) -> HttpResponse:
    """The round closed while the page was open."""
    typed = typed_texts(visit, request.POST) if typed is None else typed
    return render(request, "respond/late.html", page_context(visit, typed=as_text(typed)), status=409)


def gone(request: HttpRequest, visit: Visit, typed: list[Typed] | None = None) -> HttpResponse:
    """The page is not this member's any more. Who sent no text is told nothing: there is no such page."""
    typed = typed_texts(visit, request.POST) if typed is None else typed
    if request.method != "POST" or not typed:
        raise NotAllowed
    return render(request, "respond/gone.html", page_context(visit, typed=as_text(typed)), status=409)
