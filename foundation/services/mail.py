"""Outgoing mail: written to the outbox inside the transaction, sent after it by a job.

Bodies hold the placeholder `LINK`; the personal link is put in only when the mail leaves or is viewed, by the
resolver that the app owning the links registers. So no usable link is stored.
"""

from collections.abc import Callable
from datetime import timedelta
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from foundation.enums import MailStatus
from foundation.models import OutboxMail

LINK = "[[personal-link]]"
MAX_ATTEMPTS = 5
GIVE_UP_SENDING_AFTER = timedelta(minutes=10)  # longer than any SMTP time-out
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
    fields = {
        "kind": kind or template,
        "stream": stream,
        "to_address": to_address,
        "to_name": to_name,
        "language": language,
        "link_reference": link_reference,
        **render_mail(template=template, context=context, language=language),
    }
    if dedupe_key is None:
        return OutboxMail.objects.create(**fields)
    return OutboxMail.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)[0]


def render_mail(*, template: str, context: dict, language: str) -> dict[str, str]:
    """Subject, text and HTML of a mail as this reader gets it, with `LINK` where the personal link goes."""
    with override(language):
        context = {**context, "link": LINK, "language": language}
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", context).split())
        return {
            "subject": subject[:300],
            "text": render_to_string(f"mail/{template}.txt", context).strip(),
            "html": render_to_string(f"mail/{template}.html", context),
        }


def with_link(mail: OutboxMail, body: str) -> str:
    """The body with its personal link, or with a note that the link is no longer valid."""
    if LINK not in body:
        return body
    with override(mail.language):
        return body.replace(LINK, _resolver(mail.link_reference) if mail.link_reference else "")


def send(mail: OutboxMail, *, connection=None) -> bool:
    """Send one queued mail; compare-and-set, so that two workers never send it at once.

    It is SENDING while it leaves. A process that dies meanwhile leaves it so, and `reap` queues it again: a mail
    may then arrive twice, under one Message-ID, but is never lost and never called sent when it was not.
    """
    now = timezone.now()
    taken = OutboxMail.objects.filter(pk=mail.pk, status=MailStatus.QUEUED)
    if not taken.update(status=MailStatus.SENDING, tried_at=now, attempts=F("attempts") + 1):
        return False
    mail.refresh_from_db()
    mine = OutboxMail.objects.filter(pk=mail.pk, status=MailStatus.SENDING, tried_at=now)
    try:
        _message(mail, connection).send()
    except Exception as error:
        mine.update(**_after_failure(mail, error))
        return False
    mine.update(status=MailStatus.SENT, sent_at=timezone.now(), error="")
    return True


def _message(mail: OutboxMail, connection) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=with_link(mail, mail.text),
        to=[formataddr((mail.to_name, mail.to_address))],
        headers={"Message-ID": f"<{mail.code}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"},
        connection=connection,
    )
    if mail.html:
        message.attach_alternative(with_link(mail, mail.html), "text/html")
    return message


def _after_failure(mail: OutboxMail, error: Exception) -> dict:
    """Queued again until attempts run out. The error never repeats the body, which holds the link."""
    again = mail.attempts < MAX_ATTEMPTS
    return {
        "status": MailStatus.QUEUED if again else MailStatus.FAILED,
        "error": f"{type(error).__name__}: {error}"[:500],
    }


def post(mail: OutboxMail) -> None:
    """Send this mail as soon as the running transaction has committed."""
    from foundation.tasks import send_mail

    send_mail.delay_on_commit(mail.pk)


def reap() -> int:
    """Queue again what a dead process was sending. Returns how many."""
    silent = OutboxMail.objects.filter(
        status=MailStatus.SENDING, tried_at__lt=timezone.now() - GIVE_UP_SENDING_AFTER
    )
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=MailStatus.FAILED, error=f"interrupted in each of {MAX_ATTEMPTS} attempts"
    )
    return silent.update(status=MailStatus.QUEUED)


def send_queued(limit: int = 200) -> int:
    """Send what waits in the outbox and is due; returns how many left."""
    reap()
    waiting = OutboxMail.objects.filter(status=MailStatus.QUEUED).order_by("tried_at", "pk")[:limit]
    return sum(send(mail) for mail in list(waiting) if _is_due(mail))


def _is_due(mail: OutboxMail) -> bool:
    """Waits double: 1, 2, 4, 8 minutes after the first four attempts."""
    if mail.tried_at is None or mail.attempts == 0:
        return True
    return timezone.now() >= mail.tried_at + timedelta(minutes=2 ** (mail.attempts - 1))


def retry(*, mail: OutboxMail) -> bool:
    """Queue a failed mail once more, with all its attempts."""
    failed = OutboxMail.objects.filter(pk=mail.pk, status=MailStatus.FAILED)
    if not failed.update(status=MailStatus.QUEUED, attempts=0, error=""):
        return False
    post(mail)
    return True
