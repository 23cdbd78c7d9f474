"""Every type of question against what nobody should send it: by the page's form, by its scripts and by the API.

By form: 4xx, a message beside the field, what was typed still in it. By scripts: a refusal in words. By API: 4xx. And
nothing is stored.
"""

import html as markup
import json
import re
from copy import deepcopy

import pytest
from django.urls import reverse

from experts import tokens
from experts.services.invitations import invite
from surveys.models import Answer, Assignment, Proposal, Reason
from surveys.question_types import KINDS, PARTS
from surveys.services.rounds import close_round
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import open_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

LONG = "x" * 1_000_000
# Question, and the inputs of its form by what their names append: refused.
REFUSED = [
    *(("familiarity", {"": text}) for text in ("0", "6", "1.5", "abc", "cannot_judge", "never", "3\x00")),
    *(("importance", {"": text}) for text in ("0", "10", "-1", "1e400", "NaN", "٣٣", "never")),
    *(("readiness", {"": text}) for text in ("0", "6", "[1]", "true")),
    ("sectors", {".p.other": "1"}),
    ("sectors", {".p.1": "1", ".p.2": "1", ".p.3": "1", ".p.4": "1"}),
    ("sectors", {".p.1": "2"}),
    ("sectors", {".p.1": "on"}),
    ("sectors", {"": "y" * 301}),
    ("obstacles", {".p.1": "1", ".p.2": "1"}),
    ("obstacles", {".p.1": "4"}),
    ("obstacles", {".p.1": "0"}),
    ("obstacles", {".p.1": "first"}),
    ("funding", {".p.1": "99"}),
    ("funding", {".p.1": "101"}),
    ("funding", {".p.1": "-1", ".p.2": "101"}),
    ("funding", {".p.1": "50.5", ".p.2": "49.5"}),
    ("funding", {".p.1": "half", ".p.2": "half"}),
    ("position", {".p.x": "0", ".p.y": "1"}),
    ("position", {".p.x": "8"}),
    ("position", {".p.x": "left"}),
    ("preference", {".p.1:2": "2"}),
    ("preference", {".p.1:2": "0.5"}),
    ("breakthrough", {".p.certainty": "50"}),
    ("breakthrough", {"": "1", ".p.certainty": "101"}),
    ("breakthrough", {"": "2"}),
    ("support", {"": "2"}),
    ("support", {"": "yes"}),
    ("constraint", {"": "99"}),
    ("constraint", {"": "costs"}),
    ("cost", {"": "-0.01"}),
    ("cost", {"": "100000.01"}),
    ("cost", {"": "a lot"}),
    ("cost", {"": "1,2,3"}),
    ("cost", {"": "0x10"}),
    ("cost", {"": "5\x07"}),
    ("share", {"": "-1"}),
    ("share", {"": "100.5"}),
    ("share", {"": "half"}),
    ("saving", {".low": "1", ".high": "9"}),
    ("saving", {"": "5", ".low": "6"}),
    ("saving", {"": "5", ".high": "4"}),
    ("saving", {"": "101"}),
    ("saving", {"": "5", ".high": "lots"}),
    ("year_society", {"": "1000"}),
    ("year_society", {"": "2030.5"}),
    ("year_society", {"": "soon"}),
    ("year_society", {"": "2040", ".special": "never"}),
    ("comment", {"": "z" * 4001}),
    ("comment", {"": LONG}),
]
# At the very boundary, and written as people write: stored, as what.
TAKEN = [
    ("familiarity", {"": "1"}, {"number": 1}),
    ("importance", {"": "9"}, {"number": 9}),
    ("importance", {"": "cannot_judge"}, {"special": "cannot_judge"}),
    ("readiness", {"": "5"}, {"number": 5}),
    ("sectors", {"": "y" * 300}, {"parts": {"other": 1}, "text": "y" * 300}),
    ("obstacles", {".p.5": "3"}, {"parts": {"5": 3}}),
    ("funding", {".p.4": "１００"}, {"parts": {"1": 0, "2": 0, "3": 0, "4": 100}}),
    ("position", {".p.x": "1", ".p.y": "7"}, {"parts": {"x": 1, "y": 7}}),
    ("preference", {".p.1:2": "-1"}, {"parts": {"1:2": -1}}),
    ("breakthrough", {"": "0", ".p.certainty": "0"}, {"number": 0, "parts": {"certainty": 0}}),
    ("support", {"": "0"}, {"number": 0}),
    ("constraint", {"": "1"}, {"number": 1}),
    ("cost", {"": "0"}, {"number": 0}),
    ("cost", {"": "100,000"}, {"number": 100000}),
    ("share", {"": "99,9 %"}, {"number": 99.9}),
    ("share", {"": "１００％"}, {"number": 100}),
    ("saving", {"": "0", ".low": "0", ".high": "100"}, {"number": 0, "low": 0, "high": 100}),
    ("year_society", {"": "２０４０"}, {"number": 2040}),
    ("year_society", {".special": "already"}, {"special": "already"}),
    ("comment", {"": "a\x00b\x1bc\td\r\ne\u202e"}, {"text": "abc\td\ne\u202e"}),
    ("comment", {"": "z" * 4000}, {"text": "z" * 4000}),
]


@pytest.fixture(scope="module")
def opened(module_transaction):
    study = make_study(template="every_type", technologies=2, members=2)
    study.round = make_open_round(study)
    study.me, study.other = study.panel.members.order_by("pk")
    study.first, study.second = study.technologies.order_by("position")
    return study


@pytest.fixture
def survey(client, opened):
    study = deepcopy(opened)
    open_link(client, study.me, owner_of(study))
    return study


def cases_of(cases, key):
    """What the cases hold beside the key."""
    return [case[1] if len(case) == 2 else case[1:] for case in cases if case[0] == key]


def fields(technology, key, given):
    name = f"a.{technology.code}.{key}"
    return {"round": "1", f"{name}.base": "0|{}"} | {f"{name}{more}": text for more, text in given.items()}


def value_of(key, given):
    """The same as a program sends it: parts by name, all as text."""
    value: dict = {}
    for more, text in given.items():
        if more.startswith(".p."):
            value.setdefault("parts", {})[more[3:]] = text
        elif more:
            value[more[1:]] = text
        elif text in ("cannot_judge", "never"):
            value["special"] = text
        else:
            value["text" if key in ("comment", "sectors") else "number"] = text
    return value


def change(technology, key, value):
    return {"question": key, "technology": technology and technology.code, "value": value, "sequence": 1}


def post_form(client, survey, data, technology=None):
    code = (technology or survey.first).code
    return client.post(reverse("respond:technology", args=[survey.code, code]), data)


def save(client, survey, *answers, **more):
    body = json.dumps({"round": 1, "answers": list(answers)} | more)
    return client.post(reverse("respond:save", args=[survey.code]), body, content_type="application/json")


def send(client, survey, *answers, **more):
    token = tokens.derive(invite(member=survey.me, actor=owner_of(survey)).nonce)
    body = json.dumps({"round": 1, "answers": list(answers)} | more)
    return client.post(
        reverse("api:answers", args=[survey.code]),
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def block(page, code, key):
    """The part of the page that is about one question."""
    start = page.index(f'id="a-{code}-{key}"')
    return page[start : page.index("data-errors", start) + 4_000 + len(LONG)]


def is_typed_back(part, given):
    """Whether each typed text is in its input again; radios and boxes can show none but their own values."""
    return all(
        markup.escape(text.replace("\x00", "")) in part
        for more, text in given.items()
        if re.search("[a-z]{3}", text) and more != ".special" and text not in ("cannot_judge", "never", "on")
    )


def test_every_type_is_among_the_cases(survey):
    typed = dict(survey.questions.values_list("key", "type"))
    for cases in (REFUSED, TAKEN):
        assert {typed[case[0]] for case in cases} == set(KINDS)


KEYS = sorted({key for key, _given in REFUSED})


@pytest.mark.parametrize("key", KEYS)
def test_a_form_is_shown_back_with_a_message_beside_the_field(client, survey, key):
    code, typed = survey.first.code, survey.questions.get(key=key).type
    beside = re.compile(rf'id="a-{code}-{key}-errors" data-errors>\s*<ul class="errorlist"><li>([^<]{{9,}})')
    for given in cases_of(REFUSED, key):
        response = post_form(client, survey, fields(survey.first, key, given))
        page = response.content.decode()
        assert response.status_code == 422, given
        assert beside.search(page), given
        if typed in ("number", "percent", "estimate", "year", "text", "allocation"):
            assert is_typed_back(block(page, code, key), given), given
        assert not Answer.objects.exists()


@pytest.mark.parametrize("key", KEYS)
def test_scripts_and_programs_are_told_and_nothing_is_stored(client, survey, key):
    for given in cases_of(REFUSED, key):
        answer = change(survey.first, key, value_of(key, given))
        said = save(client, survey, answer)
        if said.status_code == 200:
            told = said.json()["answers"][0]
            assert told["status"] == "invalid", given
            assert told["errors"][0].endswith("."), given
        else:
            assert said.status_code in (400, 413), given
        assert 400 <= send(client, survey, answer).status_code < 500, given
        assert not Answer.objects.exists()


@pytest.mark.parametrize("key", KEYS)
def test_boundaries_are_taken_in_each_way(client, survey, key):
    def kept():
        row = Answer.objects.get(technology=survey.first)
        found = {part: getattr(row, part) for part in PARTS}
        Answer.objects.all().delete()
        return {part: each for part, each in found.items() if each not in (None, "")}

    for given, stored in cases_of(TAKEN, key):
        assert post_form(client, survey, fields(survey.first, key, given)).status_code == 302
        assert kept() == stored
        answer = change(survey.first, key, value_of(key, given))
        assert save(client, survey, answer).json()["answers"][0]["status"] == "saved"
        assert kept() == stored
        plain = change(survey.first, key, stored)  # a program sends numbers as numbers
        assert send(client, survey, plain).status_code == 200
        assert kept() == stored


GOOD = {key: given for key, given, _stored in TAKEN}
STORED = {key: stored for key, _given, stored in TAKEN}
WRONG_TYPES = [
    True,
    [1],
    {"number": [5]},
    {"number": {"a": 1}},
    {"number": True},
    {"low": True},
    {"parts": {"1": True}},
    {"special": 1},
    "5",
    5,
]


@pytest.mark.parametrize("key", KEYS)
def test_a_wrong_type_is_refused_for_every_type_of_question(client, survey, key):
    for value in WRONG_TYPES:
        answer = change(survey.first, key, value)
        said = save(client, survey, answer)
        assert said.status_code >= 400 or said.json()["answers"][0]["status"] == "invalid", value
        assert said.status_code < 500, value
        assert 400 <= send(client, survey, answer).status_code < 500, value
        assert not Answer.objects.exists()


@pytest.mark.parametrize("key", KEYS)
def test_what_is_not_this_members_is_refused_for_every_type(client, survey, key):
    """A technology of another study, and one that only the other member is asked about."""
    foreign = make_study(template="every_type").technologies.first()
    Assignment.objects.filter(member=survey.me, technology=survey.second).delete()
    for technology in (foreign, survey.second):
        answer = change(technology, key, STORED[key])
        given = fields(technology, key, GOOD[key])
        assert 400 <= save(client, survey, answer).status_code < 500
        assert 400 <= send(client, survey, answer).status_code < 500
        assert post_form(client, survey, given, technology).status_code in (404, 409)
        beside = post_form(client, survey, given)  # on a page that is the member's own
        assert beside.status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("key", KEYS)
def test_a_closed_round_stores_no_type_and_shows_what_came(client, survey, key):
    close_round(round=survey.round)
    answer = change(survey.first, key, STORED[key])
    assert save(client, survey, answer).status_code == 409
    assert send(client, survey, answer).status_code == 409
    late = post_form(client, survey, fields(survey.first, key, GOOD[key]))
    assert late.status_code == 409
    assert str(survey.questions.get(key=key)) in markup.unescape(late.content.decode())
    assert not Answer.objects.exists()


def test_a_reason_is_held_to_the_same(client, survey):
    code = survey.first.code

    def reason(text, stance=""):
        return {"technology": code, "text": text, "stance": stance, "sequence": 1}

    for text, stance in (("y" * 4001, ""), (LONG, ""), ("fine", "sideways")):
        given = {"round": "1", f"r.{code}.base": "0", f"r.{code}.text": text, f"r.{code}.stance": stance}
        response = post_form(client, survey, given)
        assert response.status_code == 422
        page = response.content.decode()
        assert re.search(rf'id="r-{code}-errors" data-errors>\s*<ul class="errorlist"><li>[^<]+', page)
        assert text in page
        said = save(client, survey, reasons=[reason(text, stance)])
        assert said.status_code in (400, 413) or said.json()["reasons"][0]["status"] == "invalid"
        assert 400 <= send(client, survey, reasons=[reason(text, stance)]).status_code < 500
    assert not Reason.objects.exclude(text="").exists()
    clean = {"round": "1", f"r.{code}.base": "0", f"r.{code}.text": "a\x00b\x1b\r\nc"}
    assert post_form(client, survey, clean).status_code == 302
    assert Reason.objects.get().text == "ab\nc"


def test_names_that_no_page_sends_break_nothing(client, survey):
    code = survey.first.code
    strange = {
        "round": "1",
        f"a.{code}.importance.base": "not|json",
        f"a.{code}.importance": "5",
        f"a.{code}.importance.cause": "\x00" * 50,
        f"a.{code}.cost.base": '9999999999999999999999|{"number": {"a": []}}',
        f"a.{code}.cost": "5",
        f"a.{code}.importance.p.\x00": "1",
        "a..\x00.base": "0|{}",
        "keep": "\x00",
        "clear": "a." + "9" * 500,
        "voice": "agree:\x00:1",
        "go": "language:xx\x00",
        f"reply.{'9' * 50}": "to nobody",
    }
    response = post_form(client, survey, strange)
    assert 300 <= response.status_code < 500


VOICES = [
    ("contributions", {"name": "", "text": "Only why"}),
    ("contributions", {"name": "n" * 301}),
    ("contributions", {"name": "Fine", "text": LONG}),
    ("contributions", {"name": "Fine", "description": "a\x00b"}),
    ("wording", {"what": "wording", "wording-name": "Technology 1", "wording-text": "The same words"}),
    ("wording", {"what": "wording", "wording-name": "n" * 301}),
    ("wording", {"what": "wording", "wording-description": LONG}),
    ("wording", {"what": "flag", "flag-text": "No problem chosen"}),
    ("wording", {"what": "flag", "flag-problem": "nonsense", "flag-text": "Something"}),
    ("wording", {"what": "flag", "flag-problem": "double_barrelled", "flag-text": LONG}),
    ("wording", {"what": "flag", "flag-problem": "double_barrelled", "flag-question": "foreign"}),
]


def test_proposals_and_reports_are_held_to_the_same(client, survey):
    type(survey.round).objects.filter(pk=survey.round.pk).update(allows_proposals=True)
    for name, given in VOICES:
        args = [survey.code] if name == "contributions" else [survey.code, survey.first.code]
        response = client.post(reverse(f"respond:{name}", args=args), {"round": "1"} | given)
        page = response.content.decode()
        assert response.status_code == 422, given
        assert "errorlist" in page, given
        for field, text in given.items():
            assert field == "what" or text.replace("\x00", "") in page.replace("\x00", ""), field
    assert not Proposal.objects.exists()
