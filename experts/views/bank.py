"""The expert bank: for administrators, and for organisers of any panel."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from experts.forms import ExpertForm, told
from experts.models import Expert
from experts.permissions import is_administrator, may_organise, panels_of, refuse, require_administrator
from experts.selectors.bank import countries, experts_matching
from experts.services.bank import copy_of, create_expert, edit_expert, erase_expert, may_edit
from experts.views.common import one_of, page_of, signed_in
from foundation.exceptions import Refusal


def organisers_only(view):
    @signed_in
    def wrapped(request: HttpRequest, *args, **kwargs):
        if not may_organise(request.user):
            refuse(request.user, "platform", "expert_bank")
        return view(request, *args, **kwargs)

    return wrapped


@organisers_only
def bank(request: HttpRequest) -> HttpResponse:
    text, country = request.GET.get("q", "")[:200], request.GET.get("country", "")[:80]
    context = {"page": page_of(request, experts_matching(text, country)), "q": text, "country": country}
    if request.htmx and not request.htmx.boosted:
        return render(request, "experts/parts/bank.html", context)
    return render(request, "experts/bank.html", {**context, "countries": countries()})


@organisers_only
def expert_new(request: HttpRequest) -> HttpResponse:
    form = ExpertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            expert = create_expert(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, _("%(name)s is in the expert bank.") % {"name": expert.name})
            return redirect("experts:bank")
    return render(request, "experts/expert_new.html", {"form": form})


@organisers_only
def expert(request: HttpRequest, code: str) -> HttpResponse:
    found = one_of(Expert.objects.all(), code=code)
    editable = may_edit(request.user, found)
    form = ExpertForm(request.POST or None, instance=one_of(Expert.objects.all(), code=code))
    if request.method == "POST" and form.is_valid():
        edit_expert(expert=found, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("experts:expert", code)
    visible = found.memberships.filter(panel__in=panels_of(request.user)).select_related("panel", "group")
    context = {"expert": found, "form": form, "editable": editable, "memberships": visible}
    return render(request, "experts/expert.html", context | {"administrator": is_administrator(request.user)})


@signed_in
def expert_copy(request: HttpRequest, code: str) -> HttpResponse:
    """All that is kept about a person, for their right of access."""
    require_administrator(request.user, "expert_copy")
    found = one_of(Expert.objects.all(), code=code)
    response = JsonResponse(copy_of(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="expert-{found.code}.json"'
    response["Cache-Control"] = "no-store, private"
    return response


@signed_in
def expert_erase(request: HttpRequest, code: str) -> HttpResponse:
    require_administrator(request.user, "erase_expert")
    found = one_of(Expert.objects.all(), code=code)
    if request.method == "POST":
        erase_expert(expert=found, actor=request.user)
        messages.success(request, _("The person was erased. Answers stay under their pseudonym."))
        return redirect("experts:bank")
    context = {"expert": found, "memberships": found.memberships.select_related("panel")}
    return render(request, "experts/expert_erase.html", context)
