"""Outgoing mail: written to the outbox inside the transaction, sent after it by a job.

Bodies hold the placeholder `LINK`; the personal link is put in only when the mail leaves or is viewed, by the
resolver that the app owning the links registers. So no usable link is stored.
"""

from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from foundation.enums import MailStatus
from foundation.models import OutboxMail

LINK = "[[personal-link]]"
MAX_ATTEMPTS = 5
_resolver: Callable[[str], str] = lambda reference: ""  # noqa: E731


def register_link_resolver(resolver: Callable[[str], str]) -> None:
    """Tell the outbox how to turn a link's reference into an address."""
    global _resolver
    _resolver = resolver


def write_mail(
    *,
    template: str,
    context: dict,
    to_address: str,
    to_name: str = "",
    language: str = "en",
    kind: str = "",
    stream: str = "",
    link_reference: str = "",
    dedupe_key: str | None = None,
) -> OutboxMail:
    """Render `mail/<template>.{subject,text,html}` in the reader's language and put it in the outbox."""
    with override(language):
        context = {**context, "link": LINK, "language": language}
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", context).split())
        text = render_to_string(f"mail/{template}.txt", context).strip()
        html = render_to_string(f"mail/{template}.html", context)
    fields = {
        "template": template,
        "kind": kind or template,
        "stream": stream,
        "to_address": to_address,
        "to_name": to_name,
        "language": language,
        "subject": subject[:300],
        "text": text,
        "html": html,
        "link_reference": link_reference,
    }
    fields.pop("template")
    if dedupe_key is None:
        return OutboxMail.objects.create(**fields)
    return OutboxMail.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)[0]


def with_link(mail: OutboxMail, body: str) -> str:
    """The body with its personal link, or with a note that the link is no longer valid."""
    return body.replace(LINK, _resolver(mail.link_reference) if mail.link_reference else "")


def send(mail: OutboxMail) -> bool:
    """Send one queued mail; compare-and-set, so that two workers never send it twice."""
    if not OutboxMail.objects.filter(pk=mail.pk, status=MailStatus.QUEUED).update(
        status=MailStatus.SENT, sent_at=timezone.now(), attempts=mail.attempts + 1
    ):
        return False
    message = EmailMultiAlternatives(
        subject=mail.subject, body=with_link(mail, mail.text), to=[_addressee(mail)]
    )
    if mail.html:
        message.attach_alternative(with_link(mail, mail.html), "text/html")
    try:
        message.send()
    except Exception as error:
        retry = MailStatus.QUEUED if mail.attempts + 1 < MAX_ATTEMPTS else MailStatus.FAILED
        OutboxMail.objects.filter(pk=mail.pk).update(status=retry, sent_at=None, error=str(error)[:500])
        return False
    return True


def _addressee(mail: OutboxMail) -> str:
    from email.utils import formataddr

    return formataddr((mail.to_name, mail.to_address))


def send_queued(limit: int = 200) -> int:
    """Send what waits in the outbox; returns how many left."""
    waiting = OutboxMail.objects.filter(status=MailStatus.QUEUED).order_by("pk")[:limit]
    return sum(send(mail) for mail in list(waiting))
