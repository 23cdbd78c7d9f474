"""A questionnaire in a real Chromium: a study served live, members who open their links in browsers of their own."""

from __future__ import annotations

import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.urls import reverse

from experts import tokens
from experts.services.invitations import invite
from surveys.models import Answer, Participation
from surveys.services.rounds import close_round, mark_analysed, plan_round
from tests.factories import agreed, make_open_round, make_study, owner_of


@pytest.fixture
def survey(transactional_db):
    study = make_study(template="foresight", technologies=3, members=2)
    round = make_open_round(study)
    return SimpleNamespace(
        study=study,
        round=round,
        owner=owner_of(study),
        member=study.panel.members.order_by("pk").first(),
        technologies=list(study.technologies.order_by("position")),
    )


class Visitor:
    """One browser context with the member's link opened."""

    def __init__(self, page, base, survey):
        self.page, self.base, self.survey = page, base, survey

    def address(self, name, *args):
        return self.base + reverse(f"respond:{name}", args=[self.survey.study.code, *args])

    def open_link(self):
        """As somebody who has yet to agree, unless they did so on the page."""
        Participation.objects.filter(member=self.survey.member, consent_version=None).update(
            consented_at=None
        )
        token = tokens.derive(invite(member=self.survey.member, actor=self.survey.owner).nonce)
        self.page.goto(self.base + reverse("experts:link", args=[token]))
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(self.address("welcome"))

    def begin(self):
        self.open_link()
        self.page.locator("form.card button").click()
        self.ready()

    def ready(self):
        self.page.wait_for_selector("html[data-ready=respond]")

    def visit(self, name, *args):
        self.page.goto(self.address(name, *args))
        if name in ("technology", "matrix", "once", "review"):
            self.ready()

    def technology(self, at=0):
        self.visit("technology", self.survey.technologies[at].code)

    def question(self, key):
        return self.page.locator(f"[data-question={key}]")

    def rate(self, key, value):
        self.question(key).locator(f"label:has(input[value='{value}'])").click()

    def state(self, state):
        self.page.wait_for_selector(f"[data-save-state][data-state={state}]")

    def holds(self, key, part):
        """Wait until the page knows that this is stored. (`wait_for_function` needs what the policy forbids.)"""
        from playwright.sync_api import expect

        base = self.question(key).locator("input[type=hidden]")
        expect(base).to_have_value(re.compile(re.escape(part)), timeout=15_000)

    def kept(self):
        """How many answers wait in this browser."""
        return self.page.evaluate(
            """() => new Promise(done => { const r = indexedDB.open('delphi-answers', 1);
            r.onsuccess = () => { const a = r.result.transaction('pending').objectStore('pending').count();
              a.onsuccess = () => done(a.result); }; })"""
        )


@pytest.fixture
def browsing(browser, live_server, survey):
    """`with browsing() as open_browser: visitor = open_browser()`; complaints of the console fail the test."""

    @contextmanager
    def _browsing():
        complaints: list[str] = []
        opened = []

        def open_browser(**options):
            context = browser.new_context(
                **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | options
            )
            opened.append(context)
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return Visitor(page, live_server.url, survey)

        try:
            yield open_browser
        finally:
            for context in opened:
                context.close()
        assert complaints == []

    return _browsing


@pytest.fixture
def answers(survey):
    """What is stored of the member, by question key."""

    def _answers():
        rows = Answer.objects.filter(member=survey.member, round=survey.round).select_related("question")
        return {row.question.key: row.special or row.text or row.number for row in rows if row.revision}

    return _answers


@pytest.fixture
def next_round(survey):
    """Close round 1 and open round 2."""

    def _next():
        from surveys.services.rounds import open_round

        survey.round.refresh_from_db()
        if survey.round.is_open:
            close_round(round=survey.round, actor=survey.owner)
        mark_analysed(round_id=survey.round.pk)
        planned = plan_round(study=survey.study, actor=survey.owner, scope="all")
        survey.round = agreed(open_round(round=planned, actor=survey.owner))
        return survey.round

    return _next
