"""What one completed response of 60 answers costs the server, from the welcome page to the receipt."""

from __future__ import annotations

import json
from urllib.parse import quote

from bench.questionnaire.driver import Expert, Refused
from bench.questionnaire.server import Server
from bench.questionnaire.world import Browser, World

ANSWERS = 60
PAGES_BEFORE, PAGES_AFTER = ("welcome", "overview", "matrix"), ("review",)


def run(server: Server, world: World, browsers: list[Browser], address) -> None:
    """With saves of one answer each as a slow expert sends them, of three as a fast one's queue does, and of twenty: a
    page at a time, as a survey system without autosave gets them.
    """
    for place, at_once in enumerate((1, 3, 20)):
        some = browsers[place::3]
        before = server.cpu()
        for browser in some:
            _respond(Expert(server.port, browser.cookie, browser.csrf), world, browser, address, at_once)
        used = (server.cpu() - before) / len(some)
        print(
            f"a response of {ANSWERS} answers, {at_once} a save: {used:.2f} CPU s"
            "   (an established PHP survey system: 0.40-0.75)",
            flush=True,
        )


def _respond(expert: Expert, world: World, browser: Browser, address, at_once: int) -> None:
    for name in PAGES_BEFORE:
        _get(expert, address(world, name))
    asked = [(question, code) for code in world.technologies for question in world.questions][:ANSWERS]
    for start in range(0, len(asked), at_once):
        answers = [
            {
                "question": q,
                "technology": t,
                "value": {"number": start % 9 + 1},
                "sequence": 10**6 + start,
                "cause": "",
            }
            for q, t in asked[start : start + at_once]
        ]
        body = json.dumps({"round": world.round_number, "answers": answers, "reasons": []}).encode()
        _demand(expert.request("POST", address(world, "save"), body), 200)
    for name in PAGES_AFTER:
        _get(expert, address(world, name))
    form = f"round={world.round_number}&csrfmiddlewaretoken={quote(browser.csrf)}".encode()
    _demand(expert.request("POST", address(world, "submit"), form, "application/x-www-form-urlencoded"), 302)
    _get(expert, address(world, "receipt"))


def _get(expert: Expert, path: str) -> None:
    _demand(expert.request("GET", path), 200)


def _demand(answer: tuple[int, bytes], status: int) -> None:
    if answer[0] != status:
        raise Refused(f"{answer[0]}: {answer[1][:300]!r}")
