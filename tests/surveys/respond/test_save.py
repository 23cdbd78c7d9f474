import json
from copy import deepcopy
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Answer, Participation, Reason
from surveys.services.rounds import close_round
from tests.factories import make_open_round, make_study, owner_of
from tests.surveys.respond.conftest import first_round, open_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture(scope="module")
def opened(module_transaction):
    return first_round()


@pytest.fixture
def world(opened):
    return deepcopy(opened)


@pytest.fixture
def save(client, visit, world):
    """Post to the save endpoint; raw `body` or its parts."""

    def post(answers=(), reasons=(), *, round=1, body=None, client=client):
        body = {"round": round, "answers": list(answers), "reasons": list(reasons)} if body is None else body
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        url = reverse("respond:save", args=[world.study.code])
        return client.post(url, text, content_type="application/json")

    return post


def rating(world, number=7, **fields):
    return {
        "question": "importance",
        "technology": world.technologies[0].code,
        "value": {"number": number},
        "base_revision": 0,
        "sequence": 1,
        "cause": "",
    } | fields


def nothing_stored():
    return not Answer.objects.exists() and not Reason.objects.exists()


def test_answers_and_reasons_are_saved_together(save, world):
    reason = {
        "technology": world.technologies[0].code,
        "text": "Because",
        "stance": "for",
        "base_revision": 0,
    }
    told = save([rating(world)], [reason]).json()
    assert (told["answers"][0]["status"], told["answers"][0]["revision"]) == ("saved", 1)
    assert (told["reasons"][0]["status"], told["reasons"][0]["stance"]) == ("saved", "for")
    assert Answer.objects.get().number == 7
    assert Reason.objects.get().text == "Because"
    assert Participation.objects.get(member=world.members[0]).status == "started"


def test_fault_08_a_save_that_arrives_late_does_not_win(save, world):
    save([rating(world, 8, sequence=20, base_revision=None)])
    told = save([rating(world, 3, sequence=10, base_revision=None)]).json()
    assert (told["answers"][0]["status"], told["answers"][0]["value"]) == ("stale", {"number": 8.0})
    assert Answer.objects.get().number == 8


def test_fault_11_a_repeated_save_is_one_save(save, world):
    first, again = save([rating(world)]), save([rating(world)])
    assert first.json()["answers"][0]["status"] == "saved"
    assert again.json()["answers"][0] == first.json()["answers"][0] | {"status": "unchanged"}
    assert Answer.objects.get().revision == 1


def test_fault_11_a_repeated_reason_is_one_reason(save, world):
    reason = {"technology": world.technologies[0].code, "text": "Because", "base_revision": 0}
    statuses = [save(reasons=[reason]).json()["reasons"][0]["status"] for _each in range(2)]
    assert statuses == ["saved", "unchanged"]
    assert Reason.objects.get().revision == 1


def reason(world, text, sequence, base=None):
    code = world.technologies[0].code
    return {"technology": code, "text": text, "base_revision": base, "sequence": sequence}


def test_fault_08_a_reason_that_arrives_late_does_not_win(save, world):
    save(reasons=[reason(world, "New", 20)])
    told = save(reasons=[reason(world, "Old", 10)]).json()["reasons"][0]
    assert (told["status"], told["text"], told["revision"]) == ("stale", "New", 1)
    assert Reason.objects.get().text == "New"


def test_fault_08_a_reason_written_back_to_what_it_was_is_not_overtaken_by_what_was_between(save, world):
    save(reasons=[reason(world, "A", 1, 0)])
    assert save(reasons=[reason(world, "A", 3, 1)]).json()["reasons"][0]["status"] == "unchanged"
    assert save(reasons=[reason(world, "B", 2, 1)]).json()["reasons"][0]["status"] == "stale"
    assert Reason.objects.get().text == "A"


def test_what_confirms_a_reason_leaves_its_moderation_alone(save, world):
    save(reasons=[reason(world, "A", 1, 0)])
    Reason.objects.update(moderation="approved")
    save(reasons=[reason(world, "A", 2, 1)])
    assert list(Reason.objects.values_list("moderation", "client_sequence")) == [("approved", 2)]


def test_a_page_counts_on_from_the_highest_number_of_answers_and_reasons(save, visit, world):
    save(reasons=[reason(world, "A", 7_000, 0)])
    assert '"sequence":7000' in visit("technology", world.technologies[0].code).content.decode()


def test_fault_07_two_devices_one_reason(save, world):
    code = world.technologies[0].code
    save(reasons=[{"technology": code, "text": "One", "stance": "for", "base_revision": 0}])
    told = save(reasons=[{"technology": code, "text": "Two", "base_revision": 0}]).json()["reasons"][0]
    assert (told["status"], told["text"], told["stance"], told["revision"]) == ("conflict", "One", "for", 1)
    assert Reason.objects.get().text == "One"


def test_fault_09_a_closed_round_takes_nothing_and_says_so(save, world):
    close_round(round=world.round, actor=world.owner)
    response = save([rating(world)])
    assert (response.status_code, response.json()["code"]) == (409, "round_not_open")
    assert nothing_stored()


def test_a_page_of_an_earlier_round_never_writes_into_a_later_one(save, world):
    response = save([rating(world)], round=2)
    assert (response.status_code, response.json()["code"]) == (409, "round_not_open")
    assert nothing_stored()


def test_fault_13_without_a_session_the_way_back_is_told(save, world):
    response = save([rating(world)], client=Client())
    assert (response.status_code, response.json()["code"]) == (403, "link_required")
    assert nothing_stored()


def test_fault_13_a_page_sent_after_the_session_ended_can_be_sent_again(client, visit, world):
    code = world.technologies[0].code
    page = reverse("respond:technology", args=[world.study.code, code])
    sent = {
        "round": "1",
        "go": "stay",
        f"a.{code}.importance": "7",
        f"a.{code}.importance.base": "0|{}",
        f"r.{code}.text": 'Two\nlines, "quoted" & <b>',
        f"r.{code}.stance": "for",
        f"r.{code}.base": "0",
    }
    client.logout()
    refused = client.post(page, sent)
    assert refused.status_code == 403
    assert nothing_stored()
    kept = Hidden.of(refused.content.decode())
    assert {name: kept[name] for name in sent} == sent
    open_link(client, world.members[0], world.owner)
    assert client.post(page, kept).status_code == 302
    assert Answer.objects.get().number == 7
    assert Reason.objects.get().text == 'Two\nlines, "quoted" & <b>'


class Hidden(HTMLParser):
    """The hidden fields of a page."""

    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and attrs.get("type") == "hidden":
            self.fields[attrs["name"]] = attrs["value"]

    @classmethod
    def of(cls, html):
        parser = cls()
        parser.feed(html)
        return parser.fields


def test_fault_19_another_study_is_not_there(client, save, world):
    other = make_open_round(make_study(template="foresight"))
    url = reverse("respond:save", args=[other.study.code])
    body = json.dumps(
        {"round": 1, "answers": [rating(world, technology=other.study.technologies.first().code)]}
    )
    assert client.post(url, body, content_type="application/json").status_code == 404
    for name in ("welcome", "overview", "matrix", "review", "own_answers", "results", "receipt"):
        assert client.get(reverse(f"respond:{name}", args=[other.study.code])).status_code == 404
    assert nothing_stored()


def test_fault_19_a_technology_that_is_not_asked_is_not_there(client, save, world):
    other = make_study(template="foresight").technologies.first()
    world.round.assignments.filter(member=world.members[0], technology=world.technologies[2]).delete()
    for technology in (other, world.technologies[2]):
        assert save([rating(world, technology=technology.code)]).status_code == 404
        assert save(reasons=[{"technology": technology.code, "text": "x"}]).status_code == 404
        page = reverse("respond:technology", args=[world.study.code, technology.code])
        assert client.get(page).status_code == 404
    assert nothing_stored()


MALFORMED = [
    "not json",
    "[]",
    "{}",
    '{"round": "1"}',
    '{"round": true, "answers": []}',
    '{"round": 1, "answers": {}}',
    '{"round": 1, "answers": [1]}',
    '{"round": 1, "status": "submitted"}',
    b"\xff\xfe",
    "[" * 100_000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_what_cannot_be_read_is_refused(save, body):
    response = save(body=body)
    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert nothing_stored()


@pytest.mark.parametrize(
    "wrong",
    [
        {"member": 2},
        {"submitted_at": "2020-01-01"},
        {"revision": 7},
        {"question": "a\u0000b"},
        {"question": 7},
        {"technology": "\u0000"},
        {"technology": ["x"]},
        {"value": [1]},
        {"value": {"number": [1]}},
        {"value": {"number": True}},
        {"value": {"id": 1}},
        {"value": {"text": 7}},
        {"base_revision": -1},
        {"base_revision": "0"},
        {"sequence": 2**63},
        {"sequence": 1.5},
        {"cause": None},
    ],
)
def test_mass_assignment_and_wrong_types_are_refused(save, world, wrong):
    assert save([rating(world) | wrong]).status_code == 400
    assert nothing_stored()


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("importance", {"number": 0}),
        ("importance", {"number": 10}),
        ("importance", {"number": 5.5}),
        ("importance", {"number": "1e400"}),
        ("importance", {"number": "NaN"}),
        ("importance", {"number": 5, "special": "cannot_judge"}),
        ("importance", {"special": "never"}),
        ("importance", {"text": "five"}),
        ("familiarity", {"special": "cannot_judge"}),
        ("constraint", {"number": 8}),
        ("year_lab", {"number": 1999}),
        ("year_lab", {"number": "soon"}),
        ("comment", {"text": "x" * 4001}),
    ],
)
def test_each_boundary_is_told_beside_its_answer_and_nothing_is_stored(save, world, question, value):
    told = save([rating(world, question=question, value=value)])
    assert told.status_code == 200
    assert told.json()["answers"][0]["status"] == "invalid"
    assert told.json()["answers"][0]["errors"]
    assert nothing_stored()


def test_one_refused_answer_does_not_hold_up_another(save, world):
    told = save([rating(world, 99), rating(world, 4, question="feasibility")]).json()["answers"]
    assert [each["status"] for each in told] == ["invalid", "saved"]


def test_a_megabyte_of_text_is_refused(save, world):
    response = save([rating(world, question="comment", value={"text": "x" * 1_000_000})])
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert nothing_stored()


def test_control_characters_are_dropped_and_line_ends_made_one(save, world):
    text = "a\u0000b\u0007\r\nc\ud800"
    save([rating(world, question="comment", value={"text": text})])
    assert Answer.objects.get().text == "ab\nc"


def test_fault_25_markup_in_a_reason_is_text(client, save, world):
    code = world.technologies[0].code
    save(reasons=[{"technology": code, "text": "</textarea><script>alert(1)</script>", "base_revision": 0}])
    html = client.get(reverse("respond:technology", args=[world.study.code, code])).content.decode()
    assert "<script>alert" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)" in html


def test_a_forged_request_is_refused(world):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        reverse("respond:save", args=[world.study.code]), "{}", content_type="application/json"
    )
    assert response.status_code == 403
    assert nothing_stored()


@pytest.mark.parametrize("technologies", [3, 20])
def test_a_save_costs_as_many_queries_for_many_answers_as_for_one(client, technologies):
    study = make_study(template="foresight", technologies=technologies)
    round = make_open_round(study)
    open_link(client, study.panel.members.first(), owner_of(study))
    codes = list(study.technologies.values_list("code", flat=True))
    answers = [
        {"question": key, "technology": code, "value": {"number": 5}, "base_revision": 0, "sequence": 1}
        for code in codes
        for key in ("importance", "feasibility")
    ]
    url = reverse("respond:save", args=[study.code])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        body = json.dumps({"round": round.number, "answers": answers})
        assert client.post(url, body, content_type="application/json").status_code == 200
    assert Answer.objects.count() == 2 * technologies
    told = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(told) <= 12, told
