import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import get_resolver, reverse

from experts.enums import Role
from experts.models import Expert, FinishedImport, Invitation, MemberImport, User
from experts.services.accounts import give_role_to_address
from experts.services.invitations import invite
from experts.services.panels import add_members, create_group
from foundation.models import OutboxMail
from foundation.services.mail import LINK


@pytest.fixture
def addresses(panel, owner, member, invitation):
    """Every page of a panel and of a person, with codes that exist."""
    group = create_group(panel=panel, name={"en": "Industry"}, actor=owner)
    pending = MemberImport.objects.create(panel=panel, actor=owner, rows=[])
    FinishedImport.objects.create(code=pending.code, panel=panel, actor=owner)
    mail = OutboxMail.objects.create(kind="x", to_address="a@example.org", subject="s", text="t")
    known = {
        "code": panel.code,
        "member_code": member.code,
        "group_code": group.code,
        "import_code": pending.code,
        "invitation_code": invitation.code,
        "user_code": owner.code,
    }
    instead = {"expert": member.expert.code, "outbox": mail.code, "account": owner.code}
    found = {}
    for name, patterns in _patterns():
        if name in ("link", "link_opened", "forget_links"):
            continue
        given = {key: known[key] for key in patterns}
        for start, code in instead.items():
            if name.startswith(start) and "code" in given:
                given["code"] = code
        found[name] = reverse(f"experts:{name}", kwargs=given)
    return found


def _patterns():
    (experts,) = [each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "experts"]
    for each in experts.url_patterns:
        yield each.name, each.pattern.converters


ACTIONS = {
    "withdraw", "restore", "renew", "remove_group", "import_confirm", "send_invitations", "revoke",
    "role_removed", "outbox_retry", "revoke_api_token",
}  # fmt: skip
OWN = {"own_account", "api_tokens", "revoke_api_token"}
ADMINISTRATION = {
    "outbox", "outbox_mail", "outbox_retry", "accounts", "account_new", "account", "expert_copy", "expert_erase",
}  # fmt: skip


def test_visitors_are_asked_to_sign_in_everywhere(client, addresses):
    for name, address in addresses.items():
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, name
            assert response["Location"].startswith("/accounts/login/"), name


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.ANALYST])
def test_fault_19_every_address_is_404_for_those_who_do_not_manage_the_panel(
    client, addresses, make_user, with_role, panel, role
):
    client.force_login(with_role(role) if role else make_user())
    before = _state()
    for name, address in addresses.items():
        if name in OWN:
            continue
        for response in (client.get(address), client.post(address, {"change": "close", "name": "x"})):
            assert response.status_code == (
                405 if response.status_code == 405 and name in ACTIONS else 404
            ), name
    assert _state() == before


def _state():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Expert, Invitation, MemberImport, OutboxMail)
    ] + [list(User.objects.order_by("pk").values("pk", "is_active", "is_staff", "name"))]


def test_a_forbidden_panel_looks_exactly_like_one_that_does_not_exist(client, panel, make_user):
    client.force_login(make_user())
    texts = []
    for code in (panel.code, "zzzzzzzzzz"):
        response = client.get(f"/panels/{code}/")
        assert response.status_code == 404
        texts.append(response.content.decode().replace(code, "CODE"))
    import re

    first, second = (re.sub(r"[A-Za-z0-9]{64}", "", text) for text in texts)
    assert first == second


def test_owners_see_every_page_of_their_panel(client, owner, addresses):
    client.force_login(owner)
    for name, address in addresses.items():
        if name in ADMINISTRATION | ACTIONS:
            continue
        assert client.get(address).status_code == 200, name


def test_organisers_see_no_roles_page(client, with_role, panel):
    client.force_login(with_role(Role.ORGANISER))
    assert client.get(f"/panels/{panel.code}/").status_code == 200
    assert client.get(f"/panels/{panel.code}/roles/").status_code == 404
    assert "/roles/" not in client.get(f"/panels/{panel.code}/").content.decode()


def test_administration_is_for_administrators(client, owner, administrator, addresses):
    for name in ADMINISTRATION - ACTIONS:
        client.force_login(owner)
        assert client.get(addresses[name]).status_code == 404, name
        client.force_login(administrator)
        assert client.get(addresses[name]).status_code == 200, name


def test_codes_of_another_panel_do_not_open_here(client, owner, other_panel, addresses, panel):
    client.force_login(owner)
    for name, address in addresses.items():
        if f"/panels/{panel.code}/" in address:
            swapped = address.replace(panel.code, other_panel.code)
            assert client.get(swapped).status_code in (404, 405), name


def test_members_are_searched_filtered_and_paged_in_parts(client, owner, panel, make_expert):
    group = create_group(panel=panel, name={"en": "Industry"}, actor=owner)
    people = [(make_expert(n), group if n < 3 else None, "") for n in range(60)]
    add_members(panel=panel, people=people, actor=owner)
    client.force_login(owner)
    address = f"/panels/{panel.code}/"
    whole = client.get(address).content.decode()
    assert whole.count("<tr>") == 51
    part = client.get(address + "?page=2", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert part.count("<tr>") == 11
    assert client.get(address + "?group=industry").content.decode().count("<tr>") == 4
    assert client.get(address + "?q=person59@").content.decode().count("<tr>") == 2
    assert client.get(address + "?state=opened").content.decode().count("<tr>") == 0
    assert client.get(address + "?page=x&group=nonsense&status=%27--").status_code == 200


def test_the_members_page_asks_as_often_for_one_as_for_many(client, owner, panel, make_expert):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(owner)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/panels/{panel.code}/")
        return len(caught)

    first = add_members(panel=panel, people=[(make_expert(0), None, "")], actor=owner)
    invite(member=first[0], actor=owner)
    once = queries()
    for member in add_members(
        panel=panel, people=[(make_expert(n), None, "") for n in (1, 2, 3)], actor=owner
    ):
        invite(member=member, actor=owner)
    assert queries() == once


def test_members_stand_in_the_order_of_names_not_of_pseudonyms(client, owner, panel, make_expert):
    people = [(make_expert(n, name=name), None, "") for n, name in enumerate(["Zoe", "adam", "Mia"])]
    add_members(panel=panel, people=people, actor=owner)
    client.force_login(owner)
    text = client.get(f"/panels/{panel.code}/").content.decode()
    assert text.index("adam") < text.index("Mia") < text.index("Zoe")


def test_a_fully_anonymous_study_shows_no_pseudonym_beside_a_name(client, owner, panel, member, monkeypatch):
    from experts import panel_nav, pseudonyms

    client.force_login(owner)
    shown = pseudonyms.display(member.pseudonym)
    pages = [f"/panels/{panel.code}/", f"/panels/{panel.code}/members/{member.code}/"]
    assert all(shown in client.get(page).content.decode() for page in pages)
    monkeypatch.setattr(panel_nav, "_provider", lambda panel: {"hides_pseudonyms": True})
    for page in [*pages, f"/panels/{panel.code}/invitations/"]:
        text = client.get(page).content.decode()
        assert shown not in text
        assert member.pseudonym not in text


def test_upload_preview_and_confirmation(client, owner, panel):
    client.force_login(owner)
    file = SimpleUploadedFile("people.csv", b"name,email,group\nAnn,ann@example.org,Industry\n")
    response = client.post(f"/panels/{panel.code}/import/", {"file": file})
    assert response.status_code == 302
    text = client.get(response["Location"]).content.decode()
    assert "ann@example.org" in text
    assert Expert.objects.count() == 0
    client.post(response["Location"] + "confirm/")
    assert panel.members.get().expert.name == "Ann"
    assert client.post(response["Location"] + "confirm/").status_code == 404


def test_a_file_with_a_mistake_is_answered_with_the_line(client, owner, panel):
    client.force_login(owner)
    file = SimpleUploadedFile("people.csv", b"name,email\nAnn,nonsense\n")
    text = client.post(f"/panels/{panel.code}/import/", {"file": file}).content.decode()
    assert '<th scope="row" class="num">2</th>' in text
    assert MemberImport.objects.count() == 0


def test_pending_imports_belong_to_whoever_uploaded(client, panel, with_role, owner):
    pending = MemberImport.objects.create(panel=panel, actor=owner, rows=[])
    client.force_login(with_role(Role.ORGANISER))
    assert client.get(f"/panels/{panel.code}/import/{pending.code}/").status_code == 404


def test_invitations_are_sent_revoked_and_renewed_from_pages(
    client, owner, panel, member, django_capture_on_commit_callbacks
):
    from django.core import mail as outgoing

    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/panels/{panel.code}/invitations/send/", {"message": "Hello there"})
    assert "Hello there" in outgoing.outbox[0].body
    first = Invitation.objects.get()
    client.post(f"/panels/{panel.code}/invitations/{first.code}/revoke/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/panels/{panel.code}/members/{member.code}/renew/")
    assert len(outgoing.outbox) == 2
    assert list(Invitation.objects.order_by("pk").values_list("status", flat=True)) == ["revoked", "sent"]
    assert (
        "Last sending: 1 mail," in client.get(f"/panels/{panel.code}/invitations/progress/").content.decode()
    )


def test_sending_to_nobody_is_refused_with_a_page(client, owner, panel):
    client.force_login(owner)
    response = client.post(f"/panels/{panel.code}/invitations/send/")
    assert response.status_code == 400
    assert "can be invited" in response.content.decode()
    part = client.post(f"/panels/{panel.code}/invitations/send/", headers={"hx-request": "true"})
    assert part["HX-Retarget"] == "#messages"
    told = client.post(f"/panels/{panel.code}/invitations/send/", headers={"accept": "application/json"})
    assert told.json()["code"] == "invalid"


def test_add_edit_withdraw_and_take_back_a_member(client, owner, panel):
    client.force_login(owner)
    fields = {"email": "New@Example.org", "name": "New Person", "language": "zh-hans"}
    client.post(f"/panels/{panel.code}/members/new/", fields)
    member = panel.members.get()
    assert (member.expert.email, member.language) == ("new@example.org", "zh-hans")
    again = client.post(f"/panels/{panel.code}/members/new/", fields)
    assert "already in the panel" in again.content.decode()
    address = f"/panels/{panel.code}/members/{member.code}/"
    client.post(address + "withdraw/")
    assert panel.members.get().status == "withdrawn"
    client.post(address + "restore/")
    assert panel.members.get().status == "active"


def test_roles_are_given_and_taken_on_a_page(client, owner, panel, django_capture_on_commit_callbacks):
    from django.core import mail as outgoing

    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/panels/{panel.code}/roles/", {"email": "ana@example.org", "role": "analyst"})
    user = User.objects.get(email="ana@example.org")
    assert user.panel_roles.get().role == "analyst"
    assert outgoing.outbox[0].to == ["ana@example.org"]
    client.post(f"/panels/{panel.code}/roles/{user.code}/remove/")
    assert not user.panel_roles.exists()
    assert client.post(f"/panels/{panel.code}/roles/{owner.code}/remove/").status_code == 409


def test_fault_30_forms_set_nothing_that_is_not_theirs(client, owner, panel, administrator):
    client.force_login(owner)
    client.post(
        "/account/", {"name": "Me", "language": "en", "is_staff": "1", "is_superuser": "1", "email": "x@y.z"}
    )
    owner.refresh_from_db()
    assert (owner.name, owner.is_staff, owner.is_superuser, owner.email) == (
        "Me", False, False, "owner@example.org",
    )  # fmt: skip
    client.post(
        "/experts/new/",
        {"name": "N", "email": "n@example.org", "language": "en", "simulated": "1", "user": "1"},
    )
    expert = Expert.objects.get(email="n@example.org")
    assert (expert.simulated, expert.user) == (False, None)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "<svg onload=alert(1)>", "'\"><img src=x onerror=alert(1)>"]
)
def test_fault_25_markup_in_names_is_inert_on_every_page(
    client, administrator, owner, addresses, member, panel, name
):
    Expert.objects.update(name=name, organisation=name, country=name, expertise=[name])
    User.objects.update(name=name)
    type(panel).objects.update(name={"en": name})
    OutboxMail.objects.update(to_name=name, subject=name, text=name, html=f"<p>{name}</p>", error=name)
    MemberImport.objects.update(
        actor=administrator,
        file_name=name,
        rows=[{"line": 2, "name": name, "email": "x@example.org", "group": name, "organisation": name}],
    )
    client.force_login(administrator)
    for each, address in addresses.items():
        if each in ACTIONS | {"expert_copy"}:
            continue
        text = client.get(address).content.decode()
        for live in ("<script>alert", "<svg onload", "<img src=x"):
            assert live not in text, each


def test_the_outbox_shows_links_only_where_it_is_meant_to(client, administrator, invitation):
    mail = OutboxMail.objects.create(
        kind="invitation",
        to_address="a@example.org",
        subject="Hello",
        text=f"Go to {LINK}",
        html=f'<p style="color:red"><a href="{LINK}" onclick="x()">Go</a></p>',
        link_reference=invitation.code,
    )
    client.force_login(administrator)
    with override_settings(OUTBOX_PAGE=True):
        shown = client.get(f"/outbox/{mail.code}/")
    assert "/p/" in shown.content.decode()
    assert "onclick" not in shown.content.decode()
    assert "style=" not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    with override_settings(OUTBOX_PAGE=False):
        hidden = client.get(f"/outbox/{mail.code}/").content.decode()
    assert "/p/" not in hidden
    assert LINK not in hidden


def test_language_of_the_account_is_honoured_until_the_visitor_chooses(client, owner):
    owner.language = "zh-hans"
    owner.save()
    client.force_login(owner)
    assert client.get("/account/")["Content-Language"] == "zh-hans"
    client.post("/i18n/setlang/", {"language": "en"})
    assert client.get("/account/")["Content-Language"] == "en"


def test_htmx_of_a_visitor_whose_sign_in_expired_loads_the_sign_in_page(client, panel):
    response = client.get(f"/panels/{panel.code}/", headers={"hx-request": "true"})
    assert response["HX-Redirect"].startswith("/accounts/login/?next=")


def test_give_role_needs_the_right_to(panel, with_role):
    from foundation.exceptions import NotAllowed

    with pytest.raises(NotAllowed):
        give_role_to_address(
            panel=panel, email="x@example.org", role="owner", actor=with_role(Role.ORGANISER)
        )
    assert not User.objects.filter(email="x@example.org").exists()
