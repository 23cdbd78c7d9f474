from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from experts import links, tokens
from experts.exceptions import LinkInvalid, LinkRequired
from experts.models import Invitation
from experts.services.invitations import invite, renew, revoke
from experts.services.panels import add_member, withdraw_member
from experts.throttle import LINK_FAILURES, FailureLimit
from foundation.exceptions import NotAllowed


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def address(invitation):
    return reverse("experts:link", args=[tokens.derive(invitation.nonce)])


class Request:
    """What `current_member` looks at."""

    def __init__(self, client):
        self.session = client.session


def test_a_mail_scanner_that_opens_the_link_consumes_nothing(client, address, invitation):
    for _visit in range(3):
        response = client.get(address)
        assert response.status_code == 200
    client.head(address)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.opened_at, invitation.last_used_at) == ("draft", None, None)
    assert links.SESSION_KEY not in client.session
    assert '<form method="post"' in response.content.decode()


def test_the_button_opens_a_session_and_leads_to_an_address_without_the_token(
    client, address, invitation, panel
):
    response = client.post(address)
    assert response.status_code == 302
    assert tokens.derive(invitation.nonce) not in response["Location"]
    assert links.current_member(Request(client), panel) == invitation.member
    assert tokens.derive(invitation.nonce) not in str(dict(client.session.items()))


def test_link_pages_are_kept_nowhere_and_send_no_path_on(client, address):
    for response in (client.get(address), client.post(address), client.get("/p/wrong/")):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert "script-src 'self'" in response["Content-Security-Policy"]


def test_opening_needs_the_csrf_token(address, invitation):
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    invitation.refresh_from_db()
    assert invitation.opened_at is None


def test_a_link_may_be_opened_again_on_another_device(client, address, panel, invitation):
    client.post(address)
    second = Client()
    second.post(address)
    assert links.current_member(Request(second), panel) == links.current_member(Request(client), panel)


def test_the_session_id_changes_when_a_link_is_opened(client, address):
    client.get(reverse("experts:link_opened"))
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(address)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize("method", ["get", "post"])
def test_revoked_expired_and_replaced_links_are_answered_alike(
    client, method, address, invitation, member, owner
):
    def page():
        response = getattr(client, method)(address)
        return response.status_code, response.content.decode().replace("csrfmiddlewaretoken", "")

    withdraw = []
    Invitation.objects.update(expires_at=timezone.now())
    withdraw.append(page())
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=9))
    revoke(invitation=invitation, actor=owner)
    withdraw.append(page())
    renew(member=member, actor=owner)
    withdraw.append(page())
    assert [status for status, _page in withdraw] == [410, 410, 410]
    for _status, text in withdraw:
        assert "Energy panel" not in text
        assert "Person" not in text
    assert links.SESSION_KEY not in client.session


def _without_csrf(text):
    import re

    return re.sub(r'(value="|X-CSRFToken": ")[A-Za-z0-9]{64}"', "", text)


def test_unknown_and_garbled_links_get_one_page_that_tells_nothing(client, invitation):
    texts = set()
    for token in ("A" * 43, "B" * 43):
        response = client.get(f"/p/{token}/")
        assert response.status_code == 404
        texts.add(_without_csrf(response.content.decode()).replace(token, ""))
    assert len(texts) == 1
    assert "Energy" not in texts.pop()


def test_sessions_end_with_the_invitation(client, address, panel, member, owner, invitation):
    client.post(address)
    assert links.current_member(Request(client), panel) == member
    revoke(invitation=invitation, actor=owner)
    with pytest.raises(LinkRequired):
        links.current_member(Request(client), panel)
    fresh = renew(member=member, actor=owner)
    client.post(reverse("experts:link", args=[tokens.derive(fresh.nonce)]))
    withdraw_member(member=member, actor=owner)
    with pytest.raises(LinkRequired):
        links.current_member(Request(client), panel)


def test_without_a_link_existing_and_missing_panels_are_refused_alike(client, panel):
    for each in (panel, None):
        with pytest.raises(LinkRequired):
            links.current_member(Request(client), each)


def test_a_link_opens_its_own_panel_and_no_other(client, address, panel, other_panel, invitation):
    client.post(address)
    with pytest.raises(NotAllowed):
        links.current_member(Request(client), other_panel)


def test_fault_21_a_session_entry_carried_to_another_panel_opens_nothing(
    client, address, other_panel, invitation
):
    client.post(address)
    session = client.session
    session[links.SESSION_KEY] = {other_panel.code: invitation.code}
    session.save()
    with pytest.raises(LinkRequired):
        links.current_member(Request(client), other_panel)


def test_one_browser_takes_part_in_two_panels(
    client, address, panel, other_panel, administrator, make_expert, member
):
    other = add_member(panel=other_panel, expert=make_expert(2), actor=administrator)
    client.post(address)
    second = invite(member=other, actor=administrator)
    client.post(reverse("experts:link", args=[tokens.derive(second.nonce)]))
    assert links.current_member(Request(client), panel) == member
    assert links.current_member(Request(client), other_panel) == other


def test_this_is_not_my_device_forgets_the_session_and_leaves_the_link(client, address, panel):
    client.post(address)
    key = client.session.session_key
    response = client.post(reverse("experts:forget_links"))
    assert "storage" in response["Clear-Site-Data"]
    assert client.session.session_key != key
    with pytest.raises(LinkRequired):
        links.current_member(Request(client), panel)
    assert client.post(address).status_code == 302


def test_forgetting_the_link_keeps_an_account_signed_in(client, address, owner):
    client.force_login(owner)
    client.post(address)
    client.post(reverse("experts:forget_links"))
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert client.session[links.SESSION_KEY] == {}


def test_the_welcome_page_speaks_the_members_language_unless_the_visitor_chose(client, address, member):
    type(member).objects.update(language="zh-hans")
    assert "能源专家组" in client.get(address).content.decode()
    client.cookies["django_language"] = "en"
    assert "Energy panel" in client.get(address).content.decode()


def test_after_opening_pages_speak_the_members_language(client, address, member):
    type(member).objects.update(language="zh-hans")
    client.post(address)
    response = client.get(reverse("experts:link_opened"))
    assert response["Content-Language"] == "zh-hans"


def test_current_member_asks_the_database_once(client, address, panel, django_assert_num_queries):
    client.post(address)
    request = Request(client)
    request.session.get("warm")
    with django_assert_num_queries(1):
        found = links.current_member(request, panel)
        assert found.expert.name
        assert found.panel == panel


def test_fault_20_guesses_from_one_address_are_throttled_and_genuine_links_are_not(client, address):
    answers = [
        client.get(f"/p/{tokens.derive(str(number))}/").status_code
        for number in range(LINK_FAILURES.per_address + 20)
    ]
    assert answers == [404] * LINK_FAILURES.per_address + [429] * 20
    refused = client.get("/p/nonsense/")
    assert refused["Retry-After"] == "600"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302


def test_fault_20_guesses_from_many_addresses_are_throttled_as_well(client, address, monkeypatch):
    from experts.views import links as pages

    monkeypatch.setattr(pages, "LINK_FAILURES", FailureLimit("links", per_address=30, in_all=60, seconds=600))
    statuses = [
        client.get(f"/p/{tokens.derive(str(number))}/", REMOTE_ADDR=f"10.0.0.{number}").status_code
        for number in range(80)
    ]
    assert statuses == [404] * 60 + [429] * 20
    assert client.post(address, REMOTE_ADDR="10.9.9.9").status_code == 302


def test_fault_20_ten_thousand_guesses_open_nothing(invitation):
    for number in range(10_000):
        with pytest.raises(LinkInvalid):
            links.find(tokens.derive(str(number)))
    assert links.find(tokens.derive(invitation.nonce)) == invitation


def test_the_token_is_in_no_log(client, address, invitation, caplog):
    import logging

    with caplog.at_level(logging.DEBUG):
        client.get(address)
        client.post(address)
        Invitation.objects.update(expires_at=timezone.now())
        client.get(address)
    assert tokens.derive(invitation.nonce) not in caplog.text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "<svg onload=alert(1)>", "javascript:alert(1)"]
)
def test_fault_25_markup_in_names_is_inert_on_the_welcome_page(client, address, member, name):
    type(member.expert).objects.update(name=name)
    text = client.get(address).content.decode()
    assert "<script>alert" not in text
    assert "<svg onload" not in text
    assert 'href="javascript' not in text
