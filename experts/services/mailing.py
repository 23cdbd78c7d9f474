"""The work of the jobs that mail personal links: write each mail once, then send it outside any transaction."""

from __future__ import annotations

from collections import Counter

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from experts import links
from experts.enums import InvitationStatus
from experts.models import Invitation, Panel
from experts.panel_nav import panel_context
from experts.services.invitations import NOTIFY_MEMBERS, SEND_INVITATIONS
from foundation.enums import MailStatus
from foundation.localized import LANGUAGES, localized
from foundation.models import Job, OutboxMail
from foundation.services import mail
from foundation.services.jobs import Progress, job_kind

CHUNK = 100


@job_kind(NOTIFY_MEMBERS, _("Mails to members"))
@job_kind(SEND_INVITATIONS, _("Invitations"))
def deliver(progress: Progress) -> dict:
    """Write and send the mail of every invitation in the job's parameters. Safe to run again at any point."""
    params = progress.params
    panel = Panel.objects.get(pk=params["panel"])
    counts: Counter[str] = Counter()
    connection = get_connection()
    ids = params["invitations"]
    for start in range(0, len(ids), CHUNK):
        for invitation in _usable(ids[start : start + CHUNK]):
            row = _write(panel, invitation, params)
            if row.status == MailStatus.QUEUED:
                mail.send(row, connection=connection)
                row.refresh_from_db(fields=["status"])
            counts[row.status] += 1
            progress.update(sum(counts.values()), len(ids) + 1)
    connection.close()
    forget_words(Job.objects.filter(pk=progress.job.pk))
    reached = sum(counts.values())
    return {**counts, "skipped": len(ids) - reached}


def forget_words(jobs: QuerySet[Job]) -> None:
    """Drop what organisers wrote into mails: it may name people, and the mails hold it as long as they need."""
    for job in jobs:
        job.params["context"] = {}
        job.save(update_fields=["params"])


def _usable(ids) -> list[Invitation]:
    found = Invitation.objects.filter(pk__in=ids).select_related("member__expert", "member__panel")
    return [invitation for invitation in found if links.is_usable(invitation)]


@transaction.atomic
def _write(panel: Panel, invitation: Invitation, params: dict) -> OutboxMail:
    """The invitation's mail in the outbox, and the note on the invitation: both or neither."""
    key = f"{params['key']}:{invitation.code}"
    written = OutboxMail.objects.filter(dedupe_key=key).first()
    if written is not None:
        return written
    expert, language = invitation.member.expert, invitation.member.language
    row = mail.write_mail(
        template=params["template"],
        context=mail_context(panel, params["context"], language)
        | {"name": expert.name, "expires_at": invitation.expires_at},
        to_address=expert.email,
        to_name=expert.name,
        language=language,
        stream=params["stream"],
        link_reference=invitation.code,
        dedupe_key=key,
    )
    _note(invitation, params["template"])
    return row


def _note(invitation: Invitation, template: str) -> None:
    now = timezone.now()
    rows = Invitation.objects.filter(pk=invitation.pk)
    rows.filter(status=InvitationStatus.DRAFT).update(status=InvitationStatus.SENT, sent_at=now)
    if template == "reminder":
        rows.update(reminders=F("reminders") + 1, reminded_at=now)


def mail_context(panel: Panel, extra: dict, language: str) -> dict:
    """What the templates of mails to members know of the study, and what the sender adds."""
    with override(language):
        about = panel_context(panel)
        title = str(about["title"])
    readable = {
        name: localized(value) if isinstance(value, dict) and set(value) <= set(LANGUAGES) else value
        for name, value in extra.items()
    }
    return {"title": title, "round": about["open_round"], **readable}
