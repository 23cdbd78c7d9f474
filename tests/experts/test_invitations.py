from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.urls import reverse
from django.utils import timezone

from experts import links, tokens
from experts.exceptions import LinkInvalid, LinkNoLongerValid
from experts.models import Invitation
from experts.services.invitations import (
    invite,
    not_yet_invited,
    notify_members,
    open_link,
    remind,
    renew,
    revoke,
    send_invitations,
)
from experts.services.panels import add_member, add_members, withdraw_member
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry, Job, OutboxMail
from foundation.services.jobs import reap, run


@pytest.fixture
def members(panel, owner, make_expert):
    people = [(make_expert(n, language="zh-hans" if n == 2 else "en"), None, "") for n in (1, 2, 3)]
    return add_members(panel=panel, people=people, actor=owner)


def token_of(invitation):
    return tokens.derive(invitation.nonce)


def test_no_token_is_stored_and_the_hash_is_of_256_bits(invitation):
    token = token_of(invitation)
    assert len(token) == 43
    stored = " ".join(str(value) for value in Invitation.objects.values_list().get())
    assert token not in stored
    assert invitation.token_hash == tokens.hash_token(token)
    assert len(bytes.fromhex(invitation.nonce)) == 32


def test_inviting_twice_keeps_the_link(member, owner, invitation):
    assert invite(member=member, actor=owner) == invitation


def test_an_expired_invitation_is_replaced(member, owner, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    again = invite(member=member, actor=owner)
    invitation.refresh_from_db()
    assert again != invitation
    assert invitation.status == "revoked"


def test_an_invitation_cannot_end_in_the_past(member, owner):
    with pytest.raises(InvalidInput):
        invite(member=member, actor=owner, expires_at=timezone.now() - timedelta(days=1))


def test_a_changed_server_key_revokes_links_that_were_mailed(invitation, settings):
    token = token_of(invitation)
    settings.SECRET_KEY = "another key, drawn after a leak"
    with pytest.raises(LinkInvalid):
        links.find(token)


def test_sending_reaches_everybody_once_in_their_language(
    panel, owner, members, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = send_invitations(panel=panel, actor=owner, message="Please answer <b>soon</b>.")
    job.refresh_from_db()
    assert (job.status, job.result["sent"], job.result["skipped"]) == ("done", 3, 0)
    assert sorted(each.to[0] for each in outgoing.outbox) == [
        "Person 1 <person1@example.org>",
        "Person 2 <person2@example.org>",
        "Person 3 <person3@example.org>",
    ]
    chinese = next(each for each in outgoing.outbox if "person2" in each.to[0])
    assert "能源专家组" in chinese.subject
    html = chinese.alternatives[0][0]
    assert "&lt;b&gt;soon" in html
    assert set(Invitation.objects.values_list("status", flat=True)) == {"sent"}
    assert not not_yet_invited(panel).exists()


def test_each_mail_carries_the_readers_own_link_and_the_outbox_carries_none(
    panel, owner, members, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_invitations(panel=panel, actor=owner)
    for invitation in Invitation.objects.select_related("member__expert"):
        address = links.address_of(invitation)
        carrying = [each.to[0] for each in outgoing.outbox if address in each.body]
        assert len(carrying) == 1
        assert invitation.member.expert.email in carrying[0]
        assert not OutboxMail.objects.filter(text__contains=token_of(invitation)).exists()
        assert not OutboxMail.objects.filter(html__contains=token_of(invitation)).exists()


def test_sending_again_mails_only_those_not_invited_yet(
    panel, owner, members, make_expert, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_invitations(panel=panel, actor=owner)
        add_member(panel=panel, expert=make_expert(4), actor=owner)
        send_invitations(panel=panel, actor=owner)
    assert len(outgoing.outbox) == 4
    with pytest.raises(InvalidInput):
        send_invitations(panel=panel, actor=owner)


def test_a_double_click_makes_one_job(panel, owner, members):
    first = send_invitations(panel=panel, actor=owner)
    assert send_invitations(panel=panel, actor=owner) == first
    assert Job.objects.count() == 1


def test_a_killed_sending_job_goes_on_without_doubling(panel, owner, members, monkeypatch):
    from experts.services import mailing

    job = send_invitations(panel=panel, actor=owner)
    real, calls = mailing.mail.send, []

    def die_at_second(row, **kwargs):
        calls.append(row)
        if len(calls) == 2:
            raise KeyboardInterrupt  # not an Exception: leaves as a killed process does
        return real(row, **kwargs)

    monkeypatch.setattr(mailing.mail, "send", die_at_second)
    with pytest.raises(KeyboardInterrupt):
        run(job.pk)
    Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert reap() == 1
    run(job.pk)
    job.refresh_from_db()
    assert job.status == "done"
    assert len(outgoing.outbox) == 3
    assert len({each.to[0] for each in outgoing.outbox}) == 3
    assert OutboxMail.objects.count() == 3


def test_the_withdrawn_are_not_mailed_even_after_the_job_was_queued(panel, owner, members):
    job = send_invitations(panel=panel, actor=owner)
    withdraw_member(member=members[0], actor=owner)
    run(job.pk)
    job.refresh_from_db()
    assert len(outgoing.outbox) == 2
    assert job.result["skipped"] == 1


def test_reminders_carry_the_same_link_once_for_each_occasion(
    panel, owner, members, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_invitations(panel=panel, actor=owner)
    link = links.address_of(Invitation.objects.get(member=members[0]))
    outgoing.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for _attempt in range(2):
            remind(panel=panel, actor=owner, member_ids=[members[0].pk], key="round 1, day 7")
    assert len(outgoing.outbox) == 1
    assert link in outgoing.outbox[0].body
    assert Invitation.objects.get(member=members[0]).reminders == 1


def test_members_of_other_panels_cannot_be_mailed(
    panel, other_panel, owner, members, administrator, make_expert
):
    foreign = add_member(panel=other_panel, expert=make_expert(9), actor=administrator)
    with pytest.raises(InvalidInput):
        remind(panel=panel, actor=owner, member_ids=[foreign.pk])
    with pytest.raises(NotAllowed):
        remind(panel=other_panel, actor=owner, member_ids=[foreign.pk])


def test_notifications_print_two_language_context_for_each_reader(
    panel, owner, members, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        notify_members(
            panel=panel,
            actor=owner,
            member_ids=[each.pk for each in members],
            template="reminder",
            key="round:abc:opened",
            context={"message": {"en": "Round two is open.", "zh-hans": "第二轮已开放。"}},
        )
    bodies = {each.to[0].split()[1]: each.body for each in outgoing.outbox}
    assert "Round two is open." in bodies["1"]
    assert "第二轮已开放。" in bodies["2"]


def test_revoking_ends_the_link_and_takes_back_what_is_still_queued(panel, owner, members):
    from foundation.services.mail import write_mail

    invitation = invite(member=members[0], actor=owner)
    row = write_mail(
        template="reminder",
        context={"title": "x", "name": "y", "expires_at": invitation.expires_at},
        to_address="person1@example.org",
        link_reference=invitation.code,
    )
    revoke(invitation=invitation, actor=owner)
    row.refresh_from_db()
    assert row.status == "cancelled"
    with pytest.raises(LinkNoLongerValid):
        links.find(token_of(invitation))


def test_renewing_gives_a_new_link_and_ends_the_old_one(member, owner, invitation):
    fresh = renew(member=member, actor=owner)
    assert links.find(token_of(fresh)).member == member
    with pytest.raises(LinkNoLongerValid):
        links.find(token_of(invitation))


def test_opening_is_noted_and_may_be_repeated(invitation):
    first = open_link(token=token_of(invitation))
    again = open_link(token=token_of(invitation))
    assert first.status == "opened"
    assert again.opened_at == first.opened_at
    assert again.last_used_at > first.last_used_at
    assert AuditEntry.objects.filter(action="link.opened").count() == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 42 + "=", "../../etc", "é" * 43, "A" * 5000])
def test_garbled_and_guessed_tokens_open_nothing(invitation, token):
    with pytest.raises(LinkInvalid) as refused:
        links.find(token)
    assert refused.value.status == 404


def test_expired_links_and_links_of_the_withdrawn_open_nothing(member, owner, invitation):
    token = token_of(invitation)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkNoLongerValid) as refused:
        open_link(token=token)
    assert refused.value.status == 410
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    withdraw_member(member=member, actor=owner)
    with pytest.raises(LinkNoLongerValid):
        open_link(token=token)


def test_fault_30_links_in_mails_come_from_the_setting_alone(
    panel, owner, members, client, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://delphi.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/panels/{panel.code}/invitations/send/", headers={"host": "evil.example"})
        client.logout()
        client.post("/accounts/password/reset/", {"email": owner.email}, headers={"host": "evil.example"})
    assert len(outgoing.outbox) == 4
    for each in outgoing.outbox:
        whole = each.body + str(each.alternatives)
        assert "evil.example" not in whole
        assert "https://delphi.example/" in whole


def test_the_invitation_is_shown_with_its_words_before_it_is_sent(client, panel, member, owner):
    client.force_login(owner)
    page = client.post(
        reverse("experts:send_invitations", args=[panel.code]),
        {"message": "Please <b>help</b>.", "preview": "1"},
    )
    (shown,) = page.context["previews"]
    assert (shown.language, shown.readers) == (member.language, 1)
    assert "Please &lt;b&gt;help&lt;/b&gt;." in shown.html
    assert member.expert.name in shown.html
    assert page.context["form"]["message"].value() == "Please <b>help</b>."
    assert not OutboxMail.objects.exists()


def test_words_that_are_too_long_come_back_with_the_form(client, panel, member, owner):
    client.force_login(owner)
    page = client.post(reverse("experts:send_invitations", args=[panel.code]), {"message": "x" * 2001})
    assert page.status_code == 400
    assert page.context["form"].errors
    assert not OutboxMail.objects.exists()


def test_while_invitations_leave_the_page_does_not_ask_to_send_them(client, panel, owner, members):
    client.force_login(owner)
    page = f"/panels/{panel.code}/invitations/"
    send = f"{page}send/"
    assert send in client.get(page).content.decode()
    job = send_invitations(panel=panel, actor=owner)
    assert job.is_active
    text = client.get(page).content.decode()
    assert send not in text
    assert "not been invited yet" not in text
    assert "progress/" in text


def test_when_they_have_left_the_page_is_drawn_anew(
    client, panel, owner, members, django_capture_on_commit_callbacks
):
    client.force_login(owner)
    progress, htmx = f"/panels/{panel.code}/invitations/progress/", {"HX-Request": "true"}
    with django_capture_on_commit_callbacks(execute=True):
        job = send_invitations(panel=panel, actor=owner)
        assert "HX-Refresh" not in client.get(progress, headers=htmx)
    job.refresh_from_db()
    assert not job.is_active
    assert client.get(progress, headers=htmx)["HX-Refresh"] == "true"
