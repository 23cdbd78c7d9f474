from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from foundation.enums import MailStatus
from foundation.models import OutboxMail
from foundation.services import mail


@pytest.fixture
def row(db):
    return OutboxMail.objects.create(
        kind="test", to_address="a@example.org", to_name="Ann", subject="Hello", text=f"Go: {mail.LINK}"
    )


def refuse_connection(self, messages):
    raise ConnectionRefusedError("no server")


def test_a_mail_is_sending_while_it_leaves_and_sent_afterwards(row, monkeypatch):
    seen = []
    real = EmailBackend.send_messages

    def look(self, messages):
        seen.append(OutboxMail.objects.get(pk=row.pk).status)
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    assert mail.send(row) is True
    row.refresh_from_db()
    assert (seen, row.status, row.attempts) == ([MailStatus.SENDING], MailStatus.SENT, 1)
    assert row.sent_at is not None


def test_a_mail_is_sent_once_however_often_it_is_tried(row):
    assert [mail.send(row), mail.send(row), mail.send_queued()] == [True, False, 0]
    assert len(outgoing.outbox) == 1


def test_what_a_killed_process_was_sending_is_queued_again(row, monkeypatch):
    def die(self, messages):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(KeyboardInterrupt):
            mail.send(row)
    row.refresh_from_db()
    assert row.status == MailStatus.SENDING
    assert mail.reap() == 0  # perhaps it is still at it
    OutboxMail.objects.update(tried_at=timezone.now() - timedelta(minutes=11))
    assert mail.send_queued() == 1
    assert len(outgoing.outbox) == 1


def test_both_copies_of_a_mail_sent_twice_have_one_message_id(row):
    mail.send(row)
    OutboxMail.objects.update(status=MailStatus.QUEUED)
    row.refresh_from_db()
    mail.send(row)
    assert len({each.extra_headers["Message-ID"] for each in outgoing.outbox}) == 1


def test_failures_are_tried_again_with_growing_waits_and_then_given_up(row, monkeypatch):
    monkeypatch.setattr(EmailBackend, "send_messages", refuse_connection)
    assert mail.send(row) is False
    row.refresh_from_db()
    assert (row.status, row.sent_at) == (MailStatus.QUEUED, None)
    assert "no server" in row.error
    mail.send_queued()
    row.refresh_from_db()
    assert row.attempts == 1  # not due yet
    for attempt in range(2, 6):
        OutboxMail.objects.update(tried_at=timezone.now() - timedelta(hours=1))
        mail.send_queued()
        row.refresh_from_db()
        assert row.attempts == attempt
    assert row.status == MailStatus.FAILED


def test_interruptions_count_as_attempts(row):
    OutboxMail.objects.update(
        status=MailStatus.SENDING, attempts=5, tried_at=timezone.now() - timedelta(hours=1)
    )
    assert mail.reap() == 0
    row.refresh_from_db()
    assert row.status == MailStatus.FAILED


def test_a_late_return_does_not_overwrite_what_was_decided_meanwhile(row, monkeypatch):
    def cancelled_meanwhile(self, messages):
        OutboxMail.objects.update(status=MailStatus.CANCELLED)
        raise ConnectionResetError("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", cancelled_meanwhile)
    mail.send(row)
    row.refresh_from_db()
    assert row.status == MailStatus.CANCELLED


def test_a_failed_mail_can_be_sent_again(row, django_capture_on_commit_callbacks):
    OutboxMail.objects.update(status=MailStatus.FAILED, attempts=5)
    with django_capture_on_commit_callbacks(execute=True):
        assert mail.retry(mail=row) is True
    row.refresh_from_db()
    assert row.status == MailStatus.SENT
    assert mail.retry(mail=row) is False


def test_line_breaks_in_a_name_cannot_add_headers(row):
    OutboxMail.objects.update(to_name="Ann\r\nBcc: all@example.org")
    row.refresh_from_db()
    mail.send(row)
    for each in outgoing.outbox:
        assert "Bcc" not in each.message()
        assert each.recipients() == [each.to[0]]
