"""The whole cycle in a real Chromium, from corpus to verdict: organiser, three experts, analyst."""

import json
import re

import pytest

from consensus.models import Verdict
from experts.enums import Role
from experts.models import PanelRole
from surveys.enums import RoundStatus
from surveys.models import Answer, Round, Study, Technology
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TERMS = ("solid-state battery", "perovskite solar cell")
MEMBERS = (
    "name,email,group,language\n"
    "Ana One,ana@example.org,academia,en\n"
    "Bo Two,bo@example.org,industry,en\n"
    "程三,cheng@example.org,government,zh-hans\n"
)


@pytest.fixture
def person(browser, live_server):
    """A new visitor: a context of their own, English pages, complaints collected."""

    def _person(width=1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-US")
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.base = live_server.url
        return page

    return _person


def sign_in(page, user):
    page.goto(f"{page.base}/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", "a-long-password-1")
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "login" not in url)


def leave(page, button):
    """Press what leads to another page, and wait for that page: a new address must not cut a request off."""
    with page.expect_navigation():
        button.click()


def corpus(path):
    records = [
        {
            "id": f"{term}-{number}",
            "title": f"Progress of the {term} in year {2015 + number}",
            "abstract": f"We study the {term} under load. A {term} of this kind lasts longer.",
            "date": f"{2015 + number}-05-01",
        }
        for term in TERMS
        for number in range(1, 9)
    ]
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def create_study(page) -> Study:
    page.goto(f"{page.base}/studies/new/")
    page.check("input[name=template][value=agreement]")
    page.fill("[name=title_en]", "Storage and light")
    page.fill("[name=title_zh_hans]", "储能与光伏")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(r"/studies/[^/]{10}/$"))
    study = Study.objects.get()
    page.goto(f"{page.base}/studies/{study.code}/protocol/policies/")
    page.fill("[name=minimum_answers]", "3")
    page.fill("[name=minimum_group]", "3")  # a panel of three would otherwise never be shown its own answers
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(r"/protocol/$"))
    return study


def settled(page):
    """Wait until htmx has put the part that it asked for into the page."""
    page.wait_for_load_state()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    page.wait_for_timeout(200)


def scan_and_review(page, study, file):
    page.goto(f"{page.base}/studies/{study.code}/scan/")
    page.set_input_files("[name=file]", str(file))
    leave(page, page.locator("form[enctype] .btn-primary"))
    page.goto(f"{page.base}/studies/{study.code}/scan/")
    page.get_by_role("link", name="Scan this corpus").click()
    leave(page, page.locator("main form .btn-primary"))
    page.goto(f"{page.base}/studies/{study.code}/scan/board/")
    for term in TERMS:
        page.locator("a.split-item", has_text=re.compile(term, re.IGNORECASE)).first.click()
        page.wait_for_function(
            "term => document.getElementById('name')?.textContent.toLowerCase().includes(term)", arg=term
        )
        settled(page)
        with page.expect_response(lambda response: "/decide/" in response.url):
            page.locator("button[name=do][value=accept]").click()
        settled(page)
    page.goto(f"{page.base}/studies/{study.code}/scan/board/promote/")
    leave(page, page.locator("main form .btn-primary"))
    names = {name["en"].lower() for name in Technology.objects.values_list("name", flat=True)}
    assert {next((n for n in names if term in n), None) for term in TERMS} == names


def recruit(page, study, file):
    file.write_text(MEMBERS, encoding="utf-8")
    panel = f"{page.base}/panels/{study.panel.code}"
    page.goto(f"{panel}/import/")
    page.set_input_files("input[type=file]", str(file))
    page.locator("form[enctype] .btn-primary").click()
    leave(page, page.locator("form[action*=confirm] .btn-primary"))
    assert study.panel.members.count() == 3
    page.goto(f"{panel}/invitations/")
    leave(page, page.locator("form[action$='/send/'] .btn-primary"))


def links(page) -> dict[str, str]:
    """Each address's personal link, as the outbox shows it to the administrator."""
    found = {}
    for address in re.findall(r"[\w.]+@example\.org", MEMBERS):
        page.goto(f"{page.base}/outbox/?q={address}")
        leave(page, page.locator("main table tbody a").first)  # its subject is in the reader's language
        found[address] = re.search(r"/p/[\w-]+/", page.content())[0]
    return found


def open_round(page, study, number):
    page.goto(f"{page.base}/studies/{study.code}/rounds/plan/")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(rf"/rounds/{number}/$"))
    page.get_by_role("link", name="Open the round").click()
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(rf"/rounds/{number}/$"))
    assert Round.objects.get(study=study, number=number).status == RoundStatus.OPEN


def close_round(page, study, number):
    page.goto(f"{page.base}/studies/{study.code}/rounds/{number}/")
    page.get_by_role("link", name="Close the round").click()
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(rf"/rounds/{number}/$"))
    assert Round.objects.get(study=study, number=number).status == RoundStatus.ANALYSED


def begin(page, link, study):
    """Open the personal link, press its button, agree: the token leaves the address bar."""
    page.goto(f"{page.base}{link}")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(rf"/r/{study.code}/"))
    assert link not in page.url
    agree(page, study)


def agree(page, study):
    """Each round begins with its own welcome page, which says what is new in it."""
    page.goto(f"{page.base}/r/{study.code}/")
    leave(page, page.locator("main form .btn-primary").first)


def rate(page, study, technology, number, reason=""):
    page.goto(f"{page.base}/r/{study.code}/t/{technology.code}/")
    page.locator(f".rating-point:has(input[value='{number}'])").first.click()
    if reason:
        page.locator("textarea").filter(visible=True).last.fill(reason)
        page.locator("textarea").filter(visible=True).last.blur()
    page.wait_for_function("() => document.querySelector('[data-save-state][data-state=saved]')")


def hand_in(page, study):
    page.goto(f"{page.base}/r/{study.code}/review/")
    page.locator("form[data-submit] .btn-primary").click()
    page.wait_for_url(re.compile("/receipt/"))


def test_from_corpus_to_verdict(person, tmp_path):
    organiser, analyst = person(), person()
    account = make_user("organiser", is_staff=True)
    sign_in(organiser, account)
    study = create_study(organiser)
    scan_and_review(organiser, study, corpus(tmp_path / "corpus.jsonl"))
    recruit(organiser, study, tmp_path / "members.csv")
    battery, cell = sorted(study.technologies.all(), key=lambda t: "perovskite" in str(t.name).lower())
    experts = dict(zip(("ana", "bo", "cheng"), (person(), person(360), person()), strict=True))
    personal = {address.split("@")[0]: link for address, link in links(organiser).items()}

    open_round(organiser, study, 1)
    for name, first, second in (("ana", 5, 2), ("bo", 4, 3), ("cheng", 4, 5)):
        page = experts[name]
        begin(page, personal[name], study)
        rate(page, study, battery, first, reason="Plants are being built." if name == "ana" else "")
        rate(page, study, cell, second)
        hand_in(page, study)
    assert Answer.objects.filter(round__number=1, number__isnull=False).count() == 6
    close_round(organiser, study, 1)
    organiser.goto(f"{organiser.base}/studies/{study.code}/moderation/")
    leave(organiser, organiser.locator("button[value=approved]"))

    open_round(organiser, study, 2)
    for page in experts.values():
        agree(page, study)
    page = experts["bo"]
    page.goto(f"{page.base}/r/{study.code}/t/{battery.code}/")
    shown = page.locator("main").inner_text()
    assert "Plants are being built." in shown
    assert "Ana" not in page.content()
    assert page.locator("svg.histogram").count() >= 1
    for name, first, second in (("ana", 5, 2), ("bo", 5, 2), ("cheng", 4, 5)):
        rate(experts[name], study, battery, first, reason="As before; the figures moved me.")
        rate(experts[name], study, cell, second, reason="Stability in the field is unproven.")
        hand_in(experts[name], study)
    close_round(organiser, study, 2)
    verdicts = dict(
        Verdict.objects.filter(computation__round__number=2).values_list("technology__code", "verdict")
    )
    assert set(verdicts) == {battery.code, cell.code}

    colleague = make_user("analyst")
    PanelRole.objects.create(panel=study.panel, user=colleague, role=Role.ANALYST)
    sign_in(analyst, colleague)
    analyst.goto(f"{analyst.base}/studies/{study.code}/results/")
    text = analyst.locator("main").inner_text()
    assert str(battery.name["en"]) in text
    assert analyst.goto(f"{analyst.base}/panels/{study.panel.code}/").status == 404
    analyst.goto(f"{analyst.base}/studies/{study.code}/exports/")
    assert [p.complaints for p in (organiser, *experts.values())] == [[], [], [], []]
