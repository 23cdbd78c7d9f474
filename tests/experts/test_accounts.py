import re

import pytest
from django.core import mail as outgoing
from django.core.cache import cache
from django.core.management import CommandError, call_command

from experts.exceptions import LastOwner
from experts.models import User
from experts.services.accounts import create_account, erase_account, set_account_state
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry, OutboxMail


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def created(administrator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return create_account(email="New@Example.org", name="Nia New", actor=administrator)


def address_in(mail):
    return re.search(r"https?://\S+(/accounts/password/reset/key/\S+)", mail.body).group(1)


def test_a_new_account_chooses_its_password_by_a_mailed_link_that_works_once(client, created):
    assert created.email == "new@example.org"
    assert not created.has_usable_password()
    address = address_in(outgoing.outbox[0])
    page = client.get(address, follow=True)
    client.post(
        page.request["PATH_INFO"], {"password1": "brand new passphrase", "password2": "brand new passphrase"}
    )
    created.refresh_from_db()
    assert created.check_password("brand new passphrase")
    client.logout()
    again = client.get(address, follow=True)
    assert "password1" not in again.content.decode()


def test_no_password_link_is_stored(created):
    row = OutboxMail.objects.get()
    key = address_in(outgoing.outbox[0]).rsplit("/", 2)[-2]
    assert key not in row.text
    assert key not in row.html


def test_a_forgotten_password_goes_through_the_outbox(client, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": owner.email})
    assert OutboxMail.objects.get().kind == "password"
    assert address_in(outgoing.outbox[0])


def test_nobody_registers_unless_the_site_is_open(client, db, settings):
    fields = {"email": "me@example.org", "password1": "long enough pass", "password2": "long enough pass"}
    client.post("/accounts/signup/", fields)
    assert User.objects.count() == 0
    settings.OPEN_REGISTRATION = True
    client.post("/accounts/signup/", fields)
    assert User.objects.count() == 1


def test_sign_in_with_the_address_in_any_case(client, owner):
    client.post("/accounts/login/", {"login": "OWNER@example.org", "password": "correct horse battery"})
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_guessed_passwords_are_throttled(client, owner):
    for _attempt in range(12):
        client.post("/accounts/login/", {"login": owner.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": owner.email, "password": "correct horse battery"})
    assert "_auth_user_id" not in client.session


def test_an_address_has_one_account(administrator, created):
    with pytest.raises(InvalidInput):
        create_account(email="NEW@example.org", actor=administrator)


def test_only_administrators_make_accounts(owner):
    with pytest.raises(NotAllowed):
        create_account(email="x@example.org", actor=owner)


def test_closing_an_account_ends_its_sessions(client, administrator, owner):
    client.force_login(owner)
    assert client.get("/account/").status_code == 200
    set_account_state(user=owner, actor=administrator, active=False)
    assert client.get("/account/").status_code == 302


def test_nobody_closes_or_erases_their_own_account(administrator):
    with pytest.raises(InvalidInput):
        set_account_state(user=administrator, actor=administrator, administrator=False)
    with pytest.raises(InvalidInput):
        erase_account(user=administrator, actor=administrator)


def test_erasing_an_account_leaves_its_code_in_the_trail_and_no_name(created, administrator):
    label = created.audit_label
    set_account_state(user=created, actor=administrator, administrator=True)
    create_account(email="third@example.org", actor=created, notify=False)
    erase_account(user=created, actor=administrator)
    entry = AuditEntry.objects.get(actor_label=label)
    assert entry.actor is None
    assert "Nia" not in str(list(AuditEntry.objects.values()) + list(OutboxMail.objects.values()))


def test_the_last_owner_of_a_panel_is_not_erased(owner, panel, administrator):
    with pytest.raises(LastOwner):
        erase_account(user=owner, actor=administrator)


def test_the_command_makes_accounts(db, monkeypatch, capsys):
    monkeypatch.setenv("ACCOUNT_PASSWORD", "a passphrase from outside")
    call_command("create_account", "boss@example.org", "--administrator", "--password-from", "env")
    boss = User.objects.get()
    assert boss.is_staff
    assert boss.check_password("a passphrase from outside")
    with pytest.raises(CommandError, match="email"):
        call_command("create_account", "Boss@example.org")
    with pytest.raises(CommandError, match="email"):
        call_command("create_account", "no address")


def test_account_pages_change_state_and_make_accounts(client, administrator, owner):
    client.force_login(administrator)
    client.post("/people/new/", {"email": "x@example.org", "language": "en"})
    assert User.objects.filter(email="x@example.org").exists()
    client.post(f"/people/{owner.code}/", {"change": "close"})
    owner.refresh_from_db()
    assert owner.is_active is False
    assert client.post(f"/people/{administrator.code}/", {"change": "erase"}).status_code == 400
