"""The administrators' list of accounts, and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from experts.forms import AccountForm, OwnAccountForm, told
from experts.models import User
from experts.permissions import require_administrator
from experts.selectors.bank import accounts_matching
from experts.services import accounts as services
from experts.views.common import one_of, page_of, signed_in
from foundation.exceptions import Refusal


@signed_in
def accounts(request: HttpRequest) -> HttpResponse:
    require_administrator(request.user, "accounts")
    text = request.GET.get("q", "")[:200]
    context = {"page": page_of(request, accounts_matching(text)), "q": text}
    template = "experts/parts/accounts.html" if request.htmx else "experts/accounts.html"
    return render(request, template, context)


@signed_in
def account_new(request: HttpRequest) -> HttpResponse:
    require_administrator(request.user, "create_account")
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_account(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(
                request, _("The account was made, and a mail to choose a password is on its way.")
            )
            return redirect("experts:accounts")
    return render(request, "experts/account_new.html", {"form": form})


CHANGES = {
    "close": {"active": False},
    "reopen": {"active": True},
    "administrator": {"administrator": True},
    "ordinary": {"administrator": False},
}


@signed_in
def account(request: HttpRequest, code: str) -> HttpResponse:
    require_administrator(request.user, "account")
    found = one_of(User.objects.all(), code=code)
    if request.method == "POST":
        return _change(request, found, request.POST.get("change", ""))
    held = found.panel_roles.select_related("panel")
    return render(request, "experts/account.html", {"account": found, "held": held})


def _change(request: HttpRequest, found: User, change: str) -> HttpResponse:
    if change == "erase":
        services.erase_account(user=found, actor=request.user)
        messages.success(request, _("The account was erased."))
        return redirect("experts:accounts")
    if change == "mail":
        services.send_account_mail(found)
        messages.success(request, _("A mail to choose a password is on its way."))
    elif change in CHANGES:
        services.set_account_state(user=found, actor=request.user, **CHANGES[change])
        messages.success(request, _("Saved."))
    return redirect("experts:account", found.code)


@signed_in
def own_account(request: HttpRequest) -> HttpResponse:
    form = OwnAccountForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        user = services.edit_own_account(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        response = redirect("experts:own_account")
        if user.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response
    held = request.user.panel_roles.select_related("panel")
    return render(request, "experts/own_account.html", {"form": form, "held": held})
