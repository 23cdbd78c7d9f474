"""The review board in a real browser: by keyboard alone, without a complaint of the Content-Security-Policy."""

import pytest
from django.utils import timezone

from scanning.enums import CandidateStatus
from scanning.models import Candidate, Corpus, Decision, Scan, Topic
from tests.factories import make_study, owner_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("Solid-state battery", "Perovskite cell", "Flow cell", "Flow battery")


@pytest.fixture
def board(browser, live_server, client):
    """A page on the board of a study with four candidates, signed in as its owner."""
    study = make_study(technologies=0, members=0)
    for rank, name in enumerate(NAMES, 1):
        Candidate.objects.create(
            study=study, name={"en": name}, mined_name=name, method="terms-en-1", rank=rank
        )
    client.force_login(owner_of(study))
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/studies/{study.code}/scan/board/")
    return page


def press(page, key, expected):
    """Press a key and wait for the candidate it leads to, whether htmx or the browser itself brought it."""
    page.keyboard.press(key)
    page.wait_for_function(
        "name => document.getElementById('name')?.textContent === name", arg=expected, timeout=10_000
    )
    page.wait_for_load_state()
    page.wait_for_timeout(200)  # a part that htmx brought answers to keys once it has settled


def test_a_reviewer_needs_no_mouse(board):
    press(board, "j", NAMES[1])
    press(board, "k", NAMES[0])
    press(board, "a", NAMES[1])
    board.keyboard.press("x")
    board.locator("#reject_reason").select_option("too_broad")
    board.keyboard.press("Escape")
    board.keyboard.press("x")
    board.locator("#reject_note").focus()
    press(board, "Enter", NAMES[2])
    board.keyboard.press("m")
    board.keyboard.type("Flow bat")  # letters typed into a field are no shortcuts
    board.wait_for_selector("#targets input[type=radio]")
    press(board, "Enter", NAMES[3])
    board.keyboard.press("e")
    board.keyboard.press("Control+a")
    board.keyboard.type("Redox flow battery")
    press(board, "Enter", "Redox flow battery")
    press(board, "u", NAMES[3])
    states = dict(Candidate.objects.values_list("mined_name", "status"))
    assert states == {
        NAMES[0]: CandidateStatus.ACCEPTED,
        NAMES[1]: CandidateStatus.REJECTED,
        NAMES[2]: CandidateStatus.MERGED,
        NAMES[3]: CandidateStatus.PENDING,
    }
    assert list(Decision.objects.values_list("action", flat=True)) == [
        "accept",
        "reject",
        "merge",
        "edit",
        "undo",
    ]
    assert "3 of 4 reviewed" in board.locator("#board").inner_text()
    assert board.complaints == []


def test_one_key_takes_back_a_slip_from_the_candidate_that_came_up_next(board):
    from playwright.sync_api import expect

    press(board, "a", NAMES[1])
    expect(board.locator(".board-last")).to_contain_text(NAMES[0])
    press(board, "u", NAMES[0])
    expect(board.locator(".board-last")).to_have_count(0)
    assert list(Decision.objects.values_list("action", flat=True)) == ["accept", "undo"]
    assert board.complaints == []


def test_single_keys_can_be_switched_off(board):
    board.keyboard.press("?")
    board.locator("[data-keys-switch]").uncheck()
    board.keyboard.press("Escape")
    board.keyboard.press("a")
    board.wait_for_timeout(300)
    assert not Decision.objects.exists()


@pytest.fixture
def mapped(browser, live_server, client):
    """The topic map of a finished scan with two topics of two candidates."""
    study = make_study(technologies=0, members=0)
    corpus = Corpus.objects.create(study=study, name="Corpus")
    scan = Scan.objects.create(corpus=corpus, finished_at=timezone.now())
    for number in range(2):
        topic = Topic.objects.create(scan=scan, name={"en": f"Topic {number}"}, mined_name=f"Topic {number}")
        for name in NAMES[2 * number : 2 * number + 2]:
            Candidate.objects.create(
                study=study, scan=scan, topic=topic, name={"en": name}, mined_name=name, n_documents=3
            )
    client.force_login(owner_of(study))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/studies/{study.code}/scan/map/")
    return page


def test_the_map_is_used_by_keyboard(mapped):
    nodes = mapped.locator("[data-node]")
    assert nodes.count() == 6
    assert mapped.locator('[data-node][tabindex="0"]').count() == 1  # one Tab enters, one leaves
    mapped.locator('[data-node][tabindex="0"]').focus()
    focused = "document.activeElement.getAttribute('href')"
    reached = [mapped.evaluate(focused)]
    for _step in range(7):
        mapped.keyboard.press("ArrowRight")
        reached.append(mapped.evaluate(focused))
    assert len(set(reached)) == 6  # every node, and no way out at the end
    mapped.keyboard.press("ArrowUp")
    assert "topic=" in mapped.evaluate(focused)
    mapped.keyboard.press("ArrowUp")
    assert mapped.evaluate(focused) == reached[0]
    whole = mapped.locator("[data-map]").get_attribute("viewBox")
    mapped.keyboard.press("+")
    assert mapped.locator("[data-map]").get_attribute("viewBox") != whole
    mapped.keyboard.press("0")
    assert [float(n) for n in mapped.locator("[data-map]").get_attribute("viewBox").split()] == [
        float(n) for n in whole.split()
    ]
    mapped.locator("a.map-topic").first.focus()
    mapped.keyboard.press("Enter")
    mapped.wait_for_selector("#side-title")
    mapped.locator("summary", has_text="Rename").click()
    mapped.locator("#side input[name=name_en]").fill("Storage")
    mapped.locator("button[value=relabel]").click()
    mapped.wait_for_selector("#side-title:text-is('Storage')")
    assert Topic.objects.filter(name__en="Storage").count() == 1
    assert mapped.complaints == []
