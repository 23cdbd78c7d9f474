"""Fault 19: whoever has no part in a study asks for every address of it, with its real codes.

The addresses come from the URL configuration, so a new page is attacked from the day it exists. A new name of a
path part has to be given a real value here, else the test says so.
"""

from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from consensus.services.exports import request_export
from experts.importing.rows import MemberRow
from experts.models import FinishedImport
from experts.services.invitations import invite
from experts.services.member_import import keep_for_confirmation
from foundation.services.mail import write_mail
from scanning.models import Backtest, ReasonSummary, Suggestion, Topic
from scanning.recipe import Recipe
from scanning.services.corpora import create_corpus, receive_file
from scanning.services.monitoring import create_monitor
from scanning.services.review import add_by_hand
from scanning.services.scans import start_scan
from surveys.services.answers import Change, save_answers
from surveys.services.proposals import flag_wording
from surveys.services.reasons import save_reason
from surveys.services.rounds import close_round, open_round, plan_round
from surveys.services.studies import add_field
from tests.factories import make_open_round, make_study, make_user, owner_of

SECRET = "Secret subject"
METHODS = ("get", "post", "put")
# Pages of the platform itself. They may answer anybody, and must not know the study.
OPEN_TO_ALL = {
    "home",
    "set_theme",
    "style",
    "set_language",
    "experts:link_opened",
    "experts:forget_links",
    "api:schema",
}
OPEN_TO_ACCOUNTS = OPEN_TO_ALL | {
    "surveys:new_study",
    "experts:own_account",
    "experts:api_tokens",
    "api:studies",
}
OPEN_TO_ORGANISERS = OPEN_TO_ACCOUNTS | {
    "experts:bank",
    "experts:expert_new",
    "experts:expert",
    "scanning:corpora",
}
NOT_OURS = ("account_", "mfa_", "socialaccount_", "usersessions_", "headless", "admin:")
REFUSED = {401, 403, 404, 405}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }


@pytest.fixture
def codes(db, django_capture_on_commit_callbacks):
    """A study with one of everything, and the real values of all path parts."""
    with django_capture_on_commit_callbacks(execute=True):
        return _everything()


def _everything() -> dict:
    study = make_study(technologies=2, members=5)
    owner = owner_of(study)
    study.title = {"en": SECRET, "zh-hans": SECRET}
    study.save()
    field = add_field(study=study, actor=owner, key="field", name={"en": "Field"})
    first = make_open_round(study)
    technology, question = study.technologies.first(), study.questions.first()
    member = study.panel.members.first()
    save_answers(round=first, member=member, changes=[Change(question.key, technology.code, {"number": 4})])
    save_reason(round=first, member=member, technology=technology.code, text="Because")
    about = {"technology": technology.code, "problem": "leading", "text": SECRET}
    proposal = flag_wording(round=first, member=member, **about)
    close_round(round=first, actor=owner)
    corpus = create_corpus(study=study, actor=owner, name=SECRET)
    content = b'{"id": "1", "title": "On batteries", "abstract": "Solid-state batteries.", "year": 2020}\n'
    file = receive_file(corpus=corpus, actor=owner, file=ContentFile(content, name="c.jsonl"))
    invitation = invite(member=member, actor=owner)
    pending = keep_for_confirmation(
        panel=study.panel,
        rows=[MemberRow(line=2, name="A", email="a@example.org")],
        file_name="f",
        actor=owner,
    )
    FinishedImport.objects.create(code=pending.code, panel=study.panel, actor=owner, file_name=SECRET)
    candidate = add_by_hand(study=study, actor=owner, name=SECRET)
    suggestion = Suggestion.objects.create(
        candidate=candidate, kind="split", content={"names": [SECRET, "B"], "because": {}, "evidence": []}
    )
    summary = ReasonSummary.objects.create(
        round=study.rounds.first(),
        technology=technology,
        sentences=[{"text": {"en": SECRET}, "reasons": []}],
    )
    mail = write_mail(
        template="invitation", context={"title": SECRET, "name": "N"}, to_address="x@example.org"
    )
    return {
        "study": study,
        "corpus": corpus,
        "values": {
            "code": study.code,
            "number": 1,
            "round_number": 1,
            "kind": "consensus_in",
            "extra": "judgement_basis",
            "format": "json",
            "name": "ranges",
            "status": "finished",
            "question_code": question.code,
            "technology_code": technology.code,
            "key": technology.key,
            "entry_kind": "reason",
            "entry_code": study.rounds.first().reasons.first().code,
            "proposal_code": proposal.code,
            "field_code": field.code,
            "member_code": member.code,
            "group_code": study.panel.groups.first().code,
            "user_code": owner.code,
            "invitation_code": invitation.code,
            "import_code": pending.code,
            "corpus_code": corpus.code,
            "file_code": file.code,
            "candidate_code": candidate.code,
            "suggestion_code": suggestion.code,
            "summary_code": summary.code,
            "backtest_code": Backtest.objects.create(corpus=corpus, params={"cut": 2020}).code,
            "export_code": request_export(study=study, actor=owner, kind="results", format="csv").code,
            "mail": mail.code,
            "expert": member.expert.code,
        },
    }


@pytest.fixture
def addresses(codes, django_capture_on_commit_callbacks):
    """Every address as `(name, path)`."""
    owner = owner_of(codes["study"])
    with django_capture_on_commit_callbacks(execute=True):
        scan = start_scan(corpus=codes["corpus"], actor=owner, recipe=Recipe(min_documents=1))
        second = plan_round(study=codes["study"], actor=owner, scope="all")
        codes["study"].refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        open_round(round=second, actor=owner)
    topic = Topic.objects.create(scan=scan, name={"en": SECRET}, mined_name=SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        monitor = create_monitor(
            corpus=codes["corpus"],
            actor=owner,
            name=SECRET,
            recipe=Recipe(min_documents=1),
            schedule="weekly",
        )
    values = codes["values"] | {
        "scan_code": scan.code,
        "topic_code": topic.code,
        "monitor_code": monitor.code,
        "run_number": 1,
    }
    return [(name, reverse(name, kwargs=_real(name, parts, values))) for name, parts in routes()]


def routes(patterns=None, space=""):
    """Every name of the URL configuration with the names of its path parts."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLPattern):
            name = f"{space}{each.name}"
            if not name.startswith(NOT_OURS):
                yield name, {**each.pattern.converters, **each.pattern.regex.groupindex}
        else:
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from routes(each.url_patterns, inner)


def _real(name: str, parts, values: dict) -> dict:
    own = {
        "experts:outbox_mail": "mail",
        "experts:outbox_retry": "mail",
        "experts:expert": "expert",
        "experts:expert_copy": "expert",
        "experts:expert_erase": "expert",
        "experts:account": "user_code",
    }
    panel_pages = reverse("experts:panel", args=["x"])
    given = {}
    for part in parts:
        if part == "token":
            given[part] = "0" * 43
        elif part == "code" and name in own:
            given[part] = values[own[name]]
        else:
            assert part in values, f"give {part} of {name} a real value in this test"
            given[part] = values[part]
    if reverse(name, kwargs=given).startswith(panel_pages.removesuffix("x/")):
        given["code"] = values["panel"]
    return given


@pytest.fixture(autouse=True)
def panel_code(codes):
    codes["values"]["panel"] = codes["study"].panel.code


def offences(client, addresses, open_names):
    """Answers that are neither a refusal nor the way to the sign-in form, on pages that are not open."""
    client.raise_request_exception = False
    login = reverse("account_login")
    for name, path in addresses:
        for method in METHODS:
            response = getattr(client, method)(path)
            body = response.getvalue()
            to_login = response.status_code == 302 and response["Location"].startswith(login)
            right = name in open_names or response.status_code in REFUSED or to_login
            if response.status_code >= 500 or SECRET.encode() in body or not right:
                yield name, method, response.status_code


def test_fault_19_a_visitor_is_sent_to_sign_in_or_refused_on_every_route(addresses):
    assert len(addresses) > 80
    assert list(offences(Client(), addresses, OPEN_TO_ALL)) == []
    for name, path in addresses:
        if name.startswith(("surveys:", "scanning:", "consensus:", "experts:panel")):
            assert Client().get(path).status_code in (302, 405), name


def test_a_visitor_comes_back_after_signing_in(codes):
    path = reverse("surveys:rounds", args=[codes["study"].code])
    for asked in (path, path.replace(codes["study"].code, "nowhere")):
        response = Client().get(asked, {"page": "2"})
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_login')}?next={quote(asked + '?page=2')}"


def test_a_form_sent_without_a_session_leads_back_to_the_page_it_was_on(codes):
    path = reverse("surveys:moderate", args=[codes["study"].code, "reason", codes["values"]["entry_code"]])
    page = reverse("surveys:moderation", args=[codes["study"].code])
    mine = Client().post(path, headers={"referer": f"http://testserver{page}"})
    foreign = Client().post(path, headers={"referer": "https://evil.example/studies/"})
    assert mine["Location"] == f"{reverse('account_login')}?next={page}"
    assert foreign["Location"] == f"{reverse('account_login')}?next=/"


def test_a_part_asked_for_without_a_session_loads_the_sign_in_form_as_a_page(codes):
    page = reverse("surveys:round", args=[codes["study"].code, 1])
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}?a=1&b=2"}
    response = Client().get(page, {"part": "response"}, headers=headers)
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next={quote(page + '?a=1&b=2')}"


def test_a_program_is_told_to_sign_in(codes):
    path = reverse("surveys:study", args=[codes["study"].code])
    response = Client().get(path, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (401, "sign_in")


def test_fault_19_an_account_without_a_role_is_refused_on_every_route(addresses):
    client = Client()
    client.force_login(make_user("nobody"))
    assert list(offences(client, addresses, OPEN_TO_ACCOUNTS)) == []


def test_fault_19_the_organiser_of_another_study_is_refused_on_every_route(addresses):
    client = Client()
    client.force_login(owner_of(make_study()))
    assert list(offences(client, addresses, OPEN_TO_ORGANISERS)) == []


def test_fault_19_an_expert_of_another_study_is_refused_on_every_route(addresses, make_link):
    client = Client()
    client.post(make_link())
    assert client.session["personal_links"]
    assert list(offences(client, addresses, OPEN_TO_ALL)) == []


@pytest.fixture
def make_link():
    def make():
        from experts.links import address_of

        study = make_study()
        invitation = invite(member=study.panel.members.first(), actor=owner_of(study))
        return address_of(invitation).split("/", 3)[-1].join(["/", ""])

    return make


def test_fault_19_the_owner_reaches_the_same_pages(addresses, codes):
    """The addresses are real: otherwise the refusals above would say nothing."""
    client = Client()
    client.force_login(owner_of(codes["study"]))
    answers = {}
    for name, path in addresses:
        response = client.get(path)
        answers[name] = response.status_code
        response.getvalue()  # reads a download to its end and closes it
    missing = {
        name
        for name, status in answers.items()
        if status == 404 and not name.startswith(("respond:", "api:"))
    }
    administrators = {"experts:outbox", "experts:outbox_mail", "experts:outbox_retry", "experts:accounts"}
    administrators |= {
        "experts:account",
        "experts:account_new",
        "experts:expert_copy",
        "experts:expert_erase",
    }
    assert all(status < 500 for status in answers.values())
    # this study asks neither feasibility nor a year, and nothing once per round
    unasked = {"results:map", "results:timing", "surveys:preview_once"}
    assert missing <= administrators | unasked | {
        "experts:link",
        "scanning:candidate",
        "scanning:columns",
        "experts:revoke_api_token",
    }
    assert sum(status == 200 for status in answers.values()) > 45
