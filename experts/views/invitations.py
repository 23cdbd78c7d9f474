"""Invitations of one panel: who has a link, who opened it, what is being sent."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from experts.forms import SendForm
from experts.mail_preview import MailPreview, previews
from experts.models import Invitation
from experts.panel_nav import stream_of
from experts.selectors.members import counts, dress, members_of
from experts.services import invitations as services
from experts.views.common import one_of, page_of, panel_for, panel_page, signed_in
from foundation.models import Job

KINDS = (services.SEND_INVITATIONS, services.NOTIFY_MEMBERS)


@signed_in
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    return _page_with(request, panel, SendForm())


def _page_with(request: HttpRequest, panel, form: SendForm) -> HttpResponse:
    return panel_page(
        request,
        "experts/invitations.html",
        panel,
        "invitations",
        form=form,
        previews=_previews(panel, form),
        counts=counts(panel),
        waiting=services.not_yet_invited(panel).count(),
        job=_latest_job(panel),
        page=_page(request, panel),
        status=400 if form.errors else 200,
    )


def _previews(panel, form: SendForm) -> list[MailPreview]:
    return previews(
        panel=panel,
        template="invitation",
        readers=services.not_yet_invited(panel),
        message=form["message"].value() or "",
    )


def _page(request: HttpRequest, panel):
    page = page_of(request, members_of(panel).filter(Q(invitations__isnull=False)).distinct())
    dress(page.object_list)
    return page


def _latest_job(panel) -> Job | None:
    return Job.objects.filter(
        kind__in=KINDS, stream=stream_of(panel), dedupe_key__startswith=f"{panel.code}:"
    ).first()


@signed_in
def progress(request: HttpRequest, code: str) -> HttpResponse:
    """The state of the latest sending, asked for every two seconds while it runs."""
    panel = panel_for(request, code)
    job = _latest_job(panel)
    if request.htmx and (job is None or not job.is_active):
        return HttpResponse(headers={"HX-Refresh": "true"})  # who is invited has changed on the whole page
    return render(request, "experts/parts/sending.html", {"panel": panel, "job": job})


@signed_in
@require_POST
def send(request: HttpRequest, code: str) -> HttpResponse:
    panel = panel_for(request, code)
    form = SendForm(request.POST)
    if not form.is_valid() or "preview" in request.POST:
        return _page_with(request, panel, form)
    job = services.send_invitations(panel=panel, actor=request.user, message=form.cleaned_data["message"])
    text = ngettext(
        "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", job.total
    )
    messages.success(request, text % {"count": job.total})
    return redirect("experts:invitations", code)


@signed_in
@require_POST
def revoke(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    panel = panel_for(request, code)
    invitation = one_of(
        Invitation.objects.filter(member__panel=panel).select_related("member__panel"), code=invitation_code
    )
    services.revoke(invitation=invitation, actor=request.user)
    messages.success(request, _("The link no longer works. A new one can be sent at any time."))
    return redirect("experts:member", code, invitation.member.code)


@signed_in
@require_POST
def renew(request: HttpRequest, code: str, member_code: str) -> HttpResponse:
    """A new link, sent at once; the old one ends."""
    panel = panel_for(request, code)
    member = one_of(members_of(panel), code=member_code)
    services.renew(member=member, actor=request.user)
    services.send_invitations(panel=panel, actor=request.user, member_ids=[member.pk])
    messages.success(request, _("A new link is on its way. The old one no longer works."))
    return redirect("experts:member", code, member_code)
