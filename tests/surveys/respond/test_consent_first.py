"""Before consent nothing of a member is stored, on no way in; and what they typed stays with them."""

import json

import pytest
from django.urls import reverse

from surveys.exceptions import ConsentRequired, TextChanged
from surveys.models import Answer, Bookmark, Participation, Proposal, Reason
from surveys.services.answers import Change, save_answers
from surveys.services.consent import consent, consent_hash
from surveys.services.proposals import flag_wording, propose_technology
from surveys.services.reasons import save_reason
from surveys.services.submission import submit
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link
from tests.surveys.respond.test_save import Hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    study = make_study(template="foresight", technologies=2, members=2)
    return make_open_round(study, consented=False, allows_proposals=True)


@pytest.fixture
def member(round):
    return round.study.panel.members.order_by("pk").first()


@pytest.fixture
def expert(client, round, member):
    open_link(client, member, owner_of(round.study))
    return client


@pytest.fixture
def code(round):
    return round.study.technologies.order_by("position").first().code


def address(round, name, *args):
    return reverse(f"respond:{name}", args=[round.study.code, *args])


def nothing_stored():
    kinds = (Answer, Reason, Proposal, Bookmark)
    return not any(kind.objects.exists() for kind in kinds)


def test_no_service_takes_anything_before_consent(round, member, code):
    about = {"round": round, "member": member}
    for call in (
        lambda: save_answers(**about, changes=[Change("importance", code, {"number": 5})]),
        lambda: save_reason(**about, technology=code, text="Because"),
        lambda: propose_technology(**about, name="New"),
        lambda: flag_wording(**about, technology=code, problem="other"),
        lambda: submit(**about),
    ):
        with pytest.raises(ConsentRequired):
            call()
    assert nothing_stored()


def test_the_scripts_save_is_refused_and_says_why(expert, round, code):
    answer = {
        "question": "importance",
        "technology": code,
        "value": {"number": 5},
        "base_revision": 0,
        "sequence": 1,
        "cause": "",
    }
    body = json.dumps({"round": 1, "answers": [answer], "reasons": []})
    response = expert.post(address(round, "save"), body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "consent_required")
    assert nothing_stored()


def test_a_plain_page_sent_before_consent_is_shown_and_can_be_sent_again(expert, round, member, code):
    page = address(round, "technology", code)
    sent = {
        "round": "1",
        "go": "stay",
        f"a.{code}.importance": "7",
        f"a.{code}.importance.base": "0|{}",
        f"r.{code}.text": "Two\nlines & <b>",
        f"r.{code}.base": "0",
    }
    refused = expert.post(page, sent)
    html = refused.content.decode()
    assert refused.status_code == 403
    assert "Two\nlines &amp; &lt;b&gt;</textarea>" in html
    assert "importance: 7" in html
    assert address(round, "welcome") in html
    assert nothing_stored()
    welcome = address(round, "welcome")
    expert.post(welcome, {"round": 1, "consent": expert.get(welcome).context["consent_hash"]})
    assert expert.post(page, Hidden.of(html)).status_code == 302
    assert (Answer.objects.get().number, Reason.objects.get().text) == (7, "Two\nlines & <b>")


def test_proposals_reports_and_flags_wait_for_consent_and_keep_their_text(expert, round, code):
    for name, args, fields in (
        ("contributions", (), {"name": "Geothermal storage"}),
        ("wording", (code,), {"what": "flag", "flag-problem": "other", "flag-text": "Geothermal storage"}),
    ):
        response = expert.post(address(round, name, *args), {"round": 1} | fields)
        assert response.status_code == 403
        assert "Geothermal storage</textarea>" in response.content.decode()
    assert expert.post(address(round, "flag", code), {"on": "1"}).status_code == 403
    assert nothing_stored()


def test_consent_names_the_text_that_was_read(expert, round, member):
    part = Participation.objects.get(round=round, member=member)
    with pytest.raises(TextChanged):
        consent(participation=part, shown="")
    response = expert.post(address(round, "welcome"), {"round": 1})
    assert response["Location"] == address(round, "welcome")
    part.refresh_from_db()
    assert part.consented_at is None
    consent(participation=part, shown=consent_hash(round.study))
    part.refresh_from_db()
    assert part.consented_at is not None
    assert part.consent_version.number == 1


def test_what_an_ended_session_sent_is_on_the_page_to_be_read(expert, round, code):
    expert.logout()
    page = expert.post(
        address(round, "technology", code),
        {"round": "1", f"r.{code}.text": "What I <meant>", f"r.{code}.base": "0"},
    )
    assert "What I &lt;meant&gt;</textarea>" in page.content.decode()
