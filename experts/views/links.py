"""The personal link. GET only shows a button, because mail scanners open links; POST opens it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from experts import links
from experts.exceptions import LinkInvalid, LinkThrottled
from experts.headers import private_page
from experts.panel_nav import panel_context
from experts.services.invitations import open_link
from experts.throttle import LINK_FAILURES
from foundation.middleware import answer


@private_page
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.method == "POST":
            return _open(request, token)
        return _welcome(request, token)
    except LinkInvalid as refusal:
        return _refuse(request, refusal)


def _welcome(request: HttpRequest, token: str) -> HttpResponse:
    invitation = links.find(token)
    member = invitation.member
    with override(_language(request, member.language)):
        context = {
            "study": panel_context(member.panel)["title"],
            "member": member,
            "others": [each for each in links.opened_members(request) if each.panel_id == member.panel_id],
            "expires_at": invitation.expires_at,
        }
        return render(request, "experts/link.html", context)


def _language(request: HttpRequest, preferred: str) -> str:
    """The member's language, unless the visitor chose one in this browser."""
    from django.conf import settings
    from django.utils.translation import get_language

    return get_language() if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else preferred


def _open(request: HttpRequest, token: str) -> HttpResponse:
    invitation = open_link(token=token)
    links.remember(request, invitation)
    return redirect(links.landing_url(invitation.member))


def _refuse(request: HttpRequest, refusal: LinkInvalid) -> HttpResponse:
    from allauth.account.adapter import get_adapter

    if LINK_FAILURES.count(get_adapter().get_client_ip(request)):
        refusal = LinkThrottled()
    response = answer(request, refusal)
    response._has_been_logged = True  # Django would log the path, and the token with it
    if refusal.status == 429:
        response["Retry-After"] = str(LINK_FAILURES.seconds)
    return response


@private_page
def link_opened(request: HttpRequest) -> HttpResponse:
    """Where a link leads while nothing else was registered, and what this browser has open."""
    members = links.opened_members(request)
    rows = [
        {
            "member": member,
            "title": panel_context(member.panel)["title"],
            "url": links.landing_url(member),
        }
        for member in members
    ]
    return render(request, "experts/link_opened.html", {"rows": rows, "here": request.path})


@private_page
@require_POST
def forget_links(request: HttpRequest) -> HttpResponse:
    """“This is not my device”: the session lets go of every link; the links themselves stay good."""
    links.forget(request)
    messages.success(
        request, _("This browser has forgotten your link. To return, use the link in your e-mail.")
    )
    response = redirect("experts:link_opened")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
