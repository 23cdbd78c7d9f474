"""API tokens of one's own account: made, shown once, revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from experts.services.api_tokens import create_token, revoke_token

MOST = 20


@login_required
@never_cache
def api_tokens(request: HttpRequest) -> HttpResponse:
    shown = ""
    name = request.POST.get("name", "").strip()
    if request.method == "POST" and name and request.user.api_tokens.filter(revoked_at=None).count() < MOST:
        _token, shown = create_token(user=request.user, name=name)
    context = {"tokens": request.user.api_tokens.filter(revoked_at=None), "shown": shown}
    return render(request, "experts/api_tokens.html", context)


@login_required
@require_POST
def revoke_api_token(request: HttpRequest, code: str) -> HttpResponse:
    revoke_token(token=get_object_or_404(request.user.api_tokens, code=code), actor=request.user)
    messages.success(request, _("The token no longer works."))
    return redirect("experts:api_tokens")
