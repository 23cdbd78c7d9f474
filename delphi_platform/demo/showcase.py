"""A second, small demo study that asks every type of question once: simulated, labelled, one round to look back at."""

from __future__ import annotations

import random
from collections.abc import Callable

from delphi_platform.demo.clock import days_ago
from delphi_platform.replay import agree, finish_jobs
from experts.enums import Role
from experts.links import address_of
from experts.models import Expert, PanelMember, User
from experts.services.invitations import invite
from experts.services.panels import add_members
from experts.services.roles import set_role
from surveys.enums import AskedPer
from surveys.models import Question, Round, Study, Technology
from surveys.question_types import kind_of
from surveys.services.answers import Change, save_answers
from surveys.services.rounds import close_round, open_round, plan_round
from surveys.services.studies import create_study
from surveys.services.submission import submit
from surveys.services.technologies import add_technology

SEED = 14
MEMBERS = 18
TITLE = {"en": "Every type of question: a tour", "zh-hans": "全部题型：导览"}
LIST = [
    ({"en": "Care robots for the home", "zh-hans": "家庭护理机器人"}, 0.75),
    ({"en": "Heat storage in salt caverns", "zh-hans": "盐穴储热"}, 0.5),
    ({"en": "Translation earpieces", "zh-hans": "翻译耳机"}, 0.85),
]
OTHERS = ["Space", "Education", "博物馆", "Logistics"]


def load_showcase(accounts: dict[str, User], say: Callable[[str], None] = print) -> tuple[Study, str]:
    """The study, and a link of a member who has answered the first round but not yet the second."""
    owner = accounts["organiser"]
    with days_ago(20):
        study = create_study(actor=owner, template="every_type", title=TITLE, simulated=True)
        set_role(panel=study.panel, user=accounts["analyst"], role=Role.ANALYST, actor=owner)
        listed = [(add_technology(study=study, actor=owner, name=name), lean) for name, lean in LIST]
        members = _members(study, owner)
        first = open_round(round=plan_round(study=study, actor=owner, scope="all"), actor=owner)
        _answer(first, members, listed, random.Random(SEED))  # noqa: S311 - the demo draws no secret
    with days_ago(9):
        close_round(round=first, actor=owner)
        finish_jobs(study)
        second = plan_round(study=study, actor=owner, scope="all", shows_feedback=True)
        second = open_round(round=second, actor=owner)
    _answer(second, members[: MEMBERS // 2], listed, random.Random(SEED + 1))  # noqa: S311
    say(f"  tour of question types: {study.questions.count()} questions, {len(members)} simulated members")
    return study, address_of(invite(member=members[-1], actor=owner))


def _members(study: Study, owner: User) -> list[PanelMember]:
    groups = list(study.panel.groups.all())
    people = []
    for number in range(1, MEMBERS + 1):
        expert, _created = Expert.objects.get_or_create(
            email=f"tour{number}@example.org",
            defaults={"name": f"Simulated person {number}", "language": "en", "simulated": True},
        )
        people.append((expert, groups[number % 2], "en"))
    return add_members(panel=study.panel, people=people, actor=owner)


def _answer(
    round: Round, members: list[PanelMember], listed: list[tuple[Technology, float]], drawn: random.Random
) -> None:
    questions = list(round.study.questions.prefetch_related("choices"))
    for member in members:
        person = _Person(drawn)
        changes = [
            Change(question.key, None, value)
            for question in questions
            if question.asked_per == AskedPer.ROUND and (value := person.says(question, 0.5))
        ]
        changes += [
            Change(question.key, technology.code, value)
            for technology, lean in listed
            for question in questions
            if question.asked_per == AskedPer.TECHNOLOGY and (value := person.says(question, lean))
        ]
        agree(round, member)
        outcomes = save_answers(round=round, member=member, changes=changes, language=member.language)
        if refused := [outcome for outcome in outcomes if outcome.status != "saved"]:
            raise ValueError(f"the simulation gave an answer that the platform refuses: {refused[0]}")
        submit(round=round, member=member)


class _Person:
    """Leans towards the panel's view, with noise of its own."""

    def __init__(self, drawn: random.Random):
        self.drawn = drawn

    def level(self, lean: float) -> float:
        return min(1.0, max(0.0, self.drawn.gauss(lean, 0.17)))

    def says(self, question: Question, lean: float) -> dict | None:
        if question.allow_cannot_judge and not question.required and self.drawn.random() < 0.05:
            return {"special": "cannot_judge"}
        return getattr(self, question.type)(question, self.level(lean))

    def scale(self, question, level):
        low, high = kind_of(question).bounds(question)
        return {"number": round(low + level * (high - low))}

    def number(self, question, level):
        return {"number": round(50 + 900 * level, -1)}

    def percent(self, question, level):
        return {"number": round(100 * level, -1)}

    def estimate(self, question, level):
        best = round(5 + 20 * level)
        return {
            "low": best - self.drawn.randint(1, 5),
            "number": best,
            "high": best + self.drawn.randint(1, 12),
        }

    def year(self, question, level):
        if self.drawn.random() < 0.1:
            return {"special": "never"}
        return {"number": 2046 - round(14 * level)}

    def yes_no(self, question, level):
        return {"number": int(level > 0.5)}

    def certainty(self, question, level):
        return {"number": int(level > 0.5), "parts": {"certainty": round(40 + 120 * abs(level - 0.5), -1)}}

    def choice(self, question, level):
        return {"number": self._by_liking(question)[0]}

    def multiple(self, question, level):
        chosen = self._by_liking(question)[: self.drawn.randint(1, 3)]
        if self.drawn.random() < 0.12:
            return {"parts": {str(chosen[0]): 1, "other": 1}, "text": self.drawn.choice(OTHERS)}
        return {"parts": {str(value): 1 for value in chosen}}

    def ranking(self, question, level):
        order = self._by_liking(question)[: kind_of(question).places(question)]
        return {"parts": {str(value): place for place, value in enumerate(order, 1)}}

    def allocation(self, question, level):
        order, shares = self._by_liking(question), [45, 30, 15, 10]
        return {"parts": {str(value): share for value, share in zip(order, shares, strict=True)}}

    def plane(self, question, level):
        low, high = kind_of(question).bounds(question)
        across = self.scale(question, level)["number"]
        up = round(min(high, max(low, self.drawn.gauss(high + low - across, 1.1))))
        return {"parts": {"x": across, "y": up}}

    def pairwise(self, question, level):
        order = [str(value) for value in self._by_liking(question)]
        return {
            "parts": {
                f"{one}:{other}": 1 if order.index(one) < order.index(other) else -1
                for one, other in (key.split(":") for key in kind_of(question).part_keys(question))
            }
        }

    def text(self, question, level):
        return None

    def _by_liking(self, question) -> list[int]:
        """The options in this person's order: the first ones are liked by most."""
        scored = [
            (choice.value + self.drawn.gauss(0, 1.3), choice.value) for choice in question.choices.all()
        ]
        return [value for _score, value in sorted(scored)]
