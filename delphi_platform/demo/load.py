"""Load the demo: accounts, study, panel, two analysed rounds, a third open one, a scan to review."""

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.test.utils import override_settings

from delphi_platform.demo.clock import days_ago
from delphi_platform.demo.people import (
    account_facts,
    create_accounts,
    create_demo_study,
    create_fields,
    create_list,
    create_panel,
)
from delphi_platform.demo.rounds import World, answer, asked_technologies, close_and_compute, open_next
from delphi_platform.demo.showcase import load_showcase
from delphi_platform.demo.voice import speak
from delphi_platform.replay import finish_jobs
from experts.links import address_of
from experts.services.invitations import invite, send_invitations
from scanning.models import Candidate
from scanning.recipe import Recipe
from scanning.services.corpora import create_corpus, receive_file
from scanning.services.monitoring import create_monitor
from scanning.services.opinions import give_opinion
from scanning.services.policies import set_policy
from scanning.services.scans import start_scan
from surveys.demo.content import CORPUS, LATE_NEWS, DemoContent, load_content
from surveys.demo.simulate import simulate_round
from surveys.models import Participation, Study

SEED = 2040
# The demo's people are invented: their mails fill the outbox page and go nowhere, whatever the server sends with.
KEPT = "django.core.mail.backends.dummy.EmailBackend"


@override_settings(EMAIL_BACKEND=KEPT)
def load_demo(say: Callable[[str], None] = print) -> Study:
    content = load_content()
    accounts = create_accounts()
    with days_ago(75):
        study = create_demo_study(content, accounts)
        owner = accounts["organiser"]
        fields = create_fields(study, owner, content)
        world = World(
            study=study,
            owner=owner,
            moderator=accounts["moderator"],
            members=create_panel(study, owner, content, fields),
            technologies=create_list(study, owner, content, fields),
        )
        say("  study, list and simulated panel")
        _scan(world, say)
    _play(world, content, say)
    _tour, tour_link = load_showcase(accounts, say)
    _write_facts(world, _expert_link(world), tour_link)
    return study


def _play(world: World, content: DemoContent, say) -> None:
    intros = {plan["number"]: plan["intro"] for plan in content.study["rounds"]}
    previous = None
    for number, opened, closed in ((1, 63, 42), (2, 35, 14), (3, 6, None)):
        with days_ago(opened):
            round = open_next(world, scope="all" if number < 3 else "undecided", message=intros[number])
            if number == 1:
                send_invitations(panel=world.study.panel, actor=world.owner, stream=world.study.stream)
                finish_jobs(world.study)
        simulated = simulate_round(
            content, number, seed=SEED, previous=previous, technologies=asked_technologies(world, round)
        )
        with days_ago(opened - 3 if closed is None else (opened + closed) / 2):
            answer(world, round, simulated)
            speak(world, content, round)
        if closed is not None:
            with days_ago(closed):
                close_and_compute(world, round)
        previous = simulated
        say(f"  round {number}: {len(simulated.answers)} simulated answers")


def _scan(world: World, say) -> None:
    """Import the invented corpus, then later news under a monitor's eye; mine it; decide on some candidates."""
    corpus = create_corpus(study=world.study, actor=world.owner, name="Demo corpus (invented)")
    _receive(world, corpus, CORPUS)
    create_monitor(
        corpus=corpus,
        actor=world.owner,
        name="Energy watch",
        recipe=Recipe(limit=60, min_documents=2),
        schedule="weekly",
        on_upload=True,
        mail=False,
    )
    finish_jobs(world.study)
    _receive(world, corpus, LATE_NEWS)
    start_scan(corpus=corpus, actor=world.owner, recipe=Recipe(limit=80, min_documents=2))
    finish_jobs(world.study)
    _review(world)
    say(f"  scan: {Candidate.objects.visible().filter(study=world.study).count()} candidates")


def _receive(world: World, corpus, path: Path) -> None:
    with path.open("rb") as lines:
        receive_file(corpus=corpus, actor=world.owner, file=File(lines, name=path.name))
    finish_jobs(world.study)


def _review(world: World) -> None:
    """Two reviewers judge the first dozen blind: mostly alike, twice not. What they accepted is signed by it."""
    waiting = list(Candidate.objects.visible().filter(study=world.study).order_by("rank")[:12])
    set_policy(study=world.study, actor=world.owner, blind=True, sign_off=True)
    for place, candidate in enumerate(waiting):
        kept = place < 8
        for reviewer, accepts in ((world.owner, kept), (world.moderator, kept and place not in (6, 7))):
            give_opinion(
                candidate=candidate,
                actor=reviewer,
                judgement="accept" if accepts else "reject",
                reason="" if accepts else ("too_broad" if kept else "duplicate"),
                note="Well supported" if accepts else "",
            )
    set_policy(study=world.study, actor=world.owner, blind=False)


def _expert_link(world: World) -> str:
    """The link of a member who answered before, and of whom nothing has come yet in the open round."""
    parts = Participation.objects.filter(round__study=world.study)
    before = parts.filter(round__number=2, status="submitted").values("member_id")
    waiting = parts.filter(
        round__number=3, status="not_started", member__language="en", member_id__in=before
    ).select_related("member__panel", "round")
    part = max(waiting, key=lambda part: part.round.assignments.filter(member=part.member).count())
    return address_of(invite(member=part.member, actor=world.owner))


def _write_facts(world: World, link: str, tour_link: str) -> None:
    """Written last: its presence says that the whole demo is there."""
    facts = {"study": world.study.code, "accounts": account_facts(), "expert_link": link}
    facts["tour_link"] = tour_link
    path = Path(settings.VAR_DIR) / "demo.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
