import json

import pytest

from experts import links, tokens
from experts.enums import Role
from experts.exceptions import LinkNoLongerValid
from experts.models import Expert, Invitation, MemberImport
from experts.services.bank import copy_of, create_expert, edit_expert, erase_expert
from experts.services.invitations import send_invitations
from experts.services.panels import add_member
from experts.signals import expert_erased
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import AuditEntry, OutboxMail
from foundation.services.audit import broken_links
from foundation.services.mail import write_mail


@pytest.fixture
def person(make_expert):
    return make_expert(
        7,
        name="Pia Particular",
        email="Pia@Example.org",
        organisation="Rare Institute",
        notes="knows everybody",
    )


@pytest.fixture
def known_everywhere(person, panel, owner, member, django_capture_on_commit_callbacks):
    """A person who left traces wherever this app keeps any."""
    added = add_member(panel=panel, expert=person, actor=owner)
    with django_capture_on_commit_callbacks(execute=True):
        send_invitations(panel=panel, actor=owner, member_ids=[added.pk], message="Dear Pia Particular")
        send_invitations(panel=panel, actor=owner)
    write_mail(
        template="reminder",
        context={"name": person.name, "title": "x", "expires_at": added.joined_at},
        to_address=person.email.lower(),
        to_name=person.name,
        link_reference="",
    )
    MemberImport.objects.create(panel=panel, actor=owner, rows=[{"line": 2, "email": "pia@example.org"}])
    return added


def traces():
    """Every text stored by these apps, as one string."""
    from django.apps import apps

    rows = []
    for label in ("experts", "foundation"):
        for model in apps.get_app_config(label).get_models():
            rows += [str(list(row.values())) for row in model.objects.values()]
    return "\n".join(rows).lower()


def test_an_erased_person_leaves_no_trace_but_the_pseudonym(known_everywhere, person, administrator, member):
    assert all(word in traces() for word in ("pia", "rare institute", "knows everybody"))
    pseudonym = known_everywhere.pseudonym
    erase_expert(expert=person, actor=administrator)
    for word in ("pia", "particular", "rare institute", "knows everybody"):
        assert [line for line in traces().splitlines() if word in line] == []
    known_everywhere.refresh_from_db()
    assert (known_everywhere.expert, known_everywhere.pseudonym) == (None, pseudonym)


def test_erasure_takes_back_mails_and_links_of_this_person_alone(
    known_everywhere, person, administrator, member
):
    erase_expert(expert=person, actor=administrator)
    assert OutboxMail.objects.filter(status="queued").count() == 0
    assert OutboxMail.objects.exclude(text="").get().to_address == member.expert.email
    invitation = Invitation.objects.get(member=known_everywhere)
    with pytest.raises(LinkNoLongerValid):
        links.find(tokens.derive(invitation.nonce))
    assert links.find(tokens.derive(Invitation.objects.get(member=member).nonce)).member == member


def test_erasure_is_in_the_audit_trail_without_the_name(known_everywhere, person, administrator):
    code = person.code
    erase_expert(expert=person, actor=administrator)
    assert AuditEntry.objects.get(action="expert.erased").target == f"expert {code}"
    assert broken_links("platform") == []


def test_other_apps_hear_of_an_erasure(known_everywhere, person, administrator):
    heard = []

    def listen(sender, expert_code, member_ids, **kwargs):
        heard.append((expert_code, member_ids, Expert.objects.filter(code=expert_code).exists()))

    expert_erased.connect(listen)
    try:
        code = person.code
        erase_expert(expert=person, actor=administrator)
    finally:
        expert_erased.disconnect(listen)
    assert heard == [(code, [known_everywhere.pk], True)]


def test_only_administrators_erase(person, owner, panel):
    with pytest.raises(NotAllowed):
        erase_expert(expert=person, actor=owner)


def test_erasing_through_the_page_asks_first(client, administrator, person):
    client.force_login(administrator)
    page = client.get(f"/experts/{person.code}/erase/")
    assert "cannot be undone" in page.content.decode()
    assert Expert.objects.filter(pk=person.pk).exists()
    client.post(f"/experts/{person.code}/erase/")
    assert not Expert.objects.filter(pk=person.pk).exists()


def test_fault_24_a_persons_copy_is_complete_and_holds_no_usable_link(
    client, administrator, known_everywhere, person
):
    client.force_login(administrator)
    response = client.get(f"/experts/{person.code}/copy/")
    assert "no-store" in response["Cache-Control"]
    copy = json.loads(response.content)
    assert copy["expert"]["notes"] == "knows everybody"
    assert copy["memberships"][0]["pseudonym"] == known_everywhere.pseudonym
    assert len(copy["mails"]) == 2
    assert copy["invitations"][0]["status"] == "sent"
    assert (
        tokens.derive(Invitation.objects.get(member=known_everywhere).nonce) not in response.content.decode()
    )
    assert set(copy_of(person)) == set(copy)


def test_one_address_is_in_the_bank_once_whatever_its_case(owner, panel, person):
    with pytest.raises(InvalidInput) as refused:
        create_expert(actor=owner, name="Other", email="PIA@example.org")
    assert list(refused.value.errors) == ["email"]


def test_organisers_edit_the_people_of_their_panels_only(owner, panel, person, member):
    edit_expert(expert=member.expert, actor=owner, name="Renamed")
    with pytest.raises(NotAllowed):
        edit_expert(expert=person, actor=owner, name="Renamed")


def test_analysts_have_no_expert_bank(client, with_role, person):
    analyst = with_role(Role.ANALYST)
    client.force_login(analyst)
    assert client.get("/experts/").status_code == 404
    with pytest.raises(NotAllowed):
        create_expert(actor=analyst, name="N", email="n@example.org")


@pytest.mark.parametrize("name", ["Ann\r\nBcc: x@example.org", "Ann\x00", "\u202eevil"])
def test_fault_26_line_breaks_and_controls_are_refused_in_names(owner, panel, name):
    with pytest.raises(InvalidInput) as refused:
        create_expert(actor=owner, name=name, email="n@example.org")
    assert list(refused.value.errors) == ["name"]


def test_unknown_fields_cannot_be_set(owner, panel, member):
    with pytest.raises(InvalidInput):
        edit_expert(expert=member.expert, actor=owner, simulated=True)
