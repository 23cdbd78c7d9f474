"""The outbox: every mail as it was written. Links in it are resolved only where the page is switched on for that."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from experts.headers import private_page
from experts.mail_preview import safe_html
from experts.permissions import require_administrator
from experts.views.common import one_of, page_of, signed_in
from foundation.enums import MailStatus
from foundation.models import OutboxMail
from foundation.services import mail as services


@signed_in
def outbox(request: HttpRequest) -> HttpResponse:
    require_administrator(request.user, "outbox")
    status, text = request.GET.get("status", ""), request.GET.get("q", "")[:200].strip()
    rows = OutboxMail.objects.defer("text", "html")
    if status in MailStatus.values:
        rows = rows.filter(status=status)
    if text:
        rows = rows.filter(to_address__icontains=text) | rows.filter(subject__icontains=text)
    context = {"page": page_of(request, rows), "status": status, "q": text, "statuses": MailStatus.choices}
    template = "experts/parts/outbox.html" if request.htmx else "experts/outbox.html"
    return render(request, template, context)


@private_page
@signed_in
def outbox_mail(request: HttpRequest, code: str) -> HttpResponse:
    require_administrator(request.user, "outbox")
    found = one_of(OutboxMail.objects.all(), code=code)
    context = {"mail": found, "text": _shown(found, found.text), "html": safe_html(_shown(found, found.html))}
    return render(request, "experts/outbox_mail.html", context)


def _shown(found: OutboxMail, body: str) -> str:
    """With the usable link only where mails go nowhere else; elsewhere it belongs to its reader alone."""
    if settings.OUTBOX_PAGE:
        return services.with_link(found, body)
    return body.replace(services.LINK, _("(personal link, not shown here)"))


@signed_in
@require_POST
def outbox_retry(request: HttpRequest, code: str) -> HttpResponse:
    require_administrator(request.user, "outbox")
    if services.retry(mail=one_of(OutboxMail.objects.all(), code=code)):
        messages.success(request, _("The mail is queued again."))
    return redirect("experts:outbox_mail", code)
