"""A foresight study in its second round, made for measuring: members with sessions, feedback, reasons, answers."""

from __future__ import annotations

import random
import secrets
import string
from dataclasses import dataclass

REASON = (
    "Pilot plants in two regions have run for three years without the losses that were feared; what is missing is"
    " not the process but the supply of membranes, and that depends on a decision about standards."
)


@dataclass(frozen=True)
class Browser:
    """What one member's browser holds, and what it may answer: all that the load driver knows of the study."""

    member: int
    cookie: str
    csrf: str
    token: str


@dataclass(frozen=True)
class World:
    study: str
    round: int
    round_number: int
    technologies: list[str]
    questions: list[str]
    browsers: list[Browser]


def make_world(*, members: int, technologies: int, reasons: int = 3, complete: bool = True) -> World:
    """Round 1 answered by all with `reasons` per technology, analysed; round 2 open, answered where `complete`."""
    from consensus.services.compute import compute_round
    from experts.models import PanelMember, User
    from surveys.models import Reason
    from surveys.services.rounds import close_round, open_round, plan_round
    from surveys.services.studies import create_study
    from surveys.services.technologies import add_technology

    draw = random.Random(1)
    owner = User.objects.create_user(email=f"bench-{secrets.token_hex(4)}@example.org", password="x" * 20)
    title = {"en": "Hydrogen and storage to 2045", "zh-hans": "氢能与储能2045"}
    study = create_study(actor=owner, template="foresight", title=title, moderate_reasons=False)
    _eighth_question(study)
    for place in range(1, technologies + 1):
        add_technology(
            study=study,
            actor=owner,
            name={
                "en": f"Solid oxide electrolysis at pressure, {place}",
                "zh-hans": f"加压固体氧化物电解{place}",
            },
            description={"en": "Electrolysis with steam at 20 bar and more, without a compressor behind it."},
        )
    from experts.models import Expert

    groups = list(study.panel.groups.all())
    persons = Expert.objects.bulk_create(
        [Expert(name=f"P {n}", email=f"p{n}-{secrets.token_hex(3)}@example.org") for n in range(members)],
        batch_size=500,
    )
    PanelMember.objects.bulk_create(
        [
            PanelMember(
                panel=study.panel, expert=person, pseudonym=f"E{n:05d}", group=groups[n % len(groups)]
            )
            for n, person in enumerate(persons)
        ],
        batch_size=500,
    )
    listed = list(study.technologies.order_by("position", "pk"))
    panel = list(study.panel.members.order_by("pk"))
    first = open_round(round=plan_round(study=study, actor=owner), actor=owner)
    _answer(first, panel, listed, draw)
    from django.utils import timezone

    now = timezone.now()
    Reason.objects.bulk_create(
        [
            Reason(
                round=first,
                member=member,
                technology=technology,
                text=f"{REASON} ({member.pseudonym})",
                stance=("for", "against", "")[n % 3],
                moderation="approved",
                created_at=now,
                updated_at=now,
            )
            for technology in listed
            for n, member in enumerate(panel[-reasons:] if reasons else [])
        ],
        batch_size=500,
    )
    close_round(round=first, actor=owner)
    compute_round(round_id=first.pk)
    second = open_round(round=plan_round(study=study, actor=owner, scope="all"), actor=owner)
    if complete:
        _answer(second, panel, listed, draw)
        _explain(second, panel, listed, now)
    second.participations.update(consented_at=now, language="en")
    _gather_statistics()
    return World(
        study.code,
        second.pk,
        second.number,
        [technology.code for technology in listed],
        _scales(study),
        _browsers(study, panel, owner),
    )


def _eighth_question(study) -> None:
    """The template asks seven; one more scale, before anything is locked."""
    from foundation.codes import new_code
    from surveys.models import Question

    more = study.questions.get(key="feasibility")
    more.pk, more.code, more.key, more.role = None, new_code(), "benefit", ""
    more.text = {"en": "How large would its benefit for industry be?", "zh-hans": "对产业的效益有多大？"}
    more.position = Question.objects.filter(study=study).count() + 1
    more.save(force_insert=True)


def _scales(study) -> list[str]:
    return list(study.questions.filter(type="scale", maximum=9).values_list("key", flat=True))


def _answer(round, panel, listed, draw: random.Random) -> None:
    from django.utils import timezone

    from surveys.models import Answer

    now, rows = timezone.now(), []
    for question in round.study.questions.all():
        if question.type == "text":
            continue
        low, high = (2028, 2050) if question.type == "year" else (1, int(question.maximum or 4))
        rows += [
            Answer(
                round=round,
                member=member,
                question=question,
                technology=technology,
                number=draw.randint(low, high),
                saved_at=now,
                client_sequence=1,
            )
            for member in panel
            for technology in listed
        ]
    Answer.objects.bulk_create(rows, batch_size=2000)


def _explain(round, panel, listed, now) -> None:
    """A protocol may ask for reasons of those outside the middle half; here everybody gave one."""
    from surveys.models import Reason

    Reason.objects.bulk_create(
        [
            Reason(round=round, member=member, technology=each, text="Seen.", created_at=now, updated_at=now)
            for member in panel
            for each in listed
        ],
        batch_size=2000,
    )


def _gather_statistics() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _browsers(study, panel, owner) -> list[Browser]:
    from django.contrib.sessions.backends.db import SessionStore

    from experts import tokens
    from experts.links import SESSION_KEY
    from experts.services.invitations import invite_members

    invitations = invite_members(panel=study.panel, member_ids=[member.pk for member in panel], actor=owner)
    letters = string.ascii_letters + string.digits
    found = []
    for invitation in invitations:
        session = SessionStore()
        session[SESSION_KEY] = {study.panel.code: invitation.code}
        session["language"] = "en"
        session.create()
        csrf = "".join(secrets.choice(letters) for _ in range(32))
        cookie = f"sessionid={session.session_key}; csrftoken={csrf}"
        found.append(Browser(invitation.member_id, cookie, csrf, tokens.derive(invitation.nonce)))
    return found
