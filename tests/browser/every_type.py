"""A study with every type of question over three rounds, for tests that look at all pages an expert can see."""

from types import SimpleNamespace

from surveys.enums import AskReason
from surveys.models import Proposal, Reason, Study, Technology
from surveys.services.answers import Change, save_answers
from surveys.services.reasons import moderate_reason, save_reason
from surveys.services.rounds import close_round, mark_analysed, open_round, plan_round
from surveys.services.submission import submit
from tests.factories import agreed, make_study, owner_of

NUMBERS = {1: (1, 6, 7, 7, 8, 8, 9), 2: (9, 5, 2, 3, 2, 4, 6), 3: (2, 5, 7, 7, 8, 7, 9)}  # by round
ONE_MIND = (8,) * 7
# As long as names get, and one word that no line can take.
NAMES = (
    ("Quantum sensing for medical imaging and diagnosis", "用于医学影像与诊断的量子传感技术"),
    ("Photoelectrochemicalwatersplittingnanostructuredcatalysis", "光电催化分解水纳米结构催化剂规模化制备"),
    ("Solid-state batteries", "固态电池"),
)
URL = "https://example.org/reports/2026/a-report-with-a-very-long-address-that-has-no-place-to-break.html"


def values(number):
    """One answer to each question for a technology; `number` is the rating from 1 to 9."""
    share = 40 + number
    return {
        "familiarity": {"number": 3},
        "importance": {"number": number},
        "readiness": {"number": min(number, 5)},
        "sectors": {"parts": {"1": 1, "2": 1, "other": 1}, "text": "Construction"},
        "obstacles": {"parts": {"1": 2, "2": 1, "3": 3}},
        "funding": {"parts": {"1": share, "2": 100 - share}},
        "position": {"parts": {"x": min(number, 7), "y": 3}},
        "preference": {"parts": {"1:2": 1, "1:3": 0, "1:4": -1, "2:3": 1, "2:4": 1, "3:4": 0}},
        "breakthrough": {"number": 1, "parts": {"certainty": 70}},
        "support": {"number": 1},
        "constraint": {"number": 2},
        "cost": {"number": 1000 * number},
        "share": {"number": 5 * number},
        "saving": {"number": 10 * number, "low": 10 * number - 5, "high": 10 * number + 5},
        "year_society": {"number": 2030 + number},
        "comment": {"text": f"What I read of it: {URL}"},
    }


ONCE = {"basis": {"parts": {"1": 1}}, "goals": {"parts": {"1": 1, "2": 2, "3": 3, "4": 4}}}


def make_survey():
    """The first round is open. The panel is simulated, which the first page says."""
    study = make_study(template="every_type", technologies=3, members=7)
    for technology, (english, chinese) in zip(study.technologies.order_by("position"), NAMES, strict=True):
        name = {"en": english, "zh-hans": chinese}
        Technology.objects.filter(pk=technology.pk).update(name=name)
    Study.objects.filter(pk=study.pk).update(simulated=True)
    study.questions.filter(key="importance").update(ask_reason=AskReason.OUTSIDE)
    study.refresh_from_db()
    survey = SimpleNamespace(study=study, owner=owner_of(study), member=_members(study)[0])
    survey.technologies = list(study.technologies.order_by("position"))
    return next_round(survey, 1)


def _members(study):
    return list(study.panel.members.order_by("pk"))


def next_round(survey, number):
    study = Study.objects.get(pk=survey.study.pk)
    planned = plan_round(study=study, actor=survey.owner, allows_proposals=True)
    survey.round = agreed(open_round(round=planned, actor=survey.owner))
    assert survey.round.number == number
    return survey


def asked(survey):
    return [t for t in survey.technologies if survey.round.round_technologies.filter(technology=t).exists()]


def answer_round(survey, *, own=True):
    """Everybody answers and submits: of one mind about the first technology, apart about the others."""
    for at, member in enumerate(_members(survey.study)):
        if member == survey.member and not own:
            continue
        for technology in asked(survey):
            numbers = ONE_MIND if technology == survey.technologies[0] else NUMBERS[survey.round.number]
            given = values(numbers[at])
            changes = [Change(key, technology.code, value) for key, value in given.items()]
            assert_saved(save_answers(round=survey.round, member=member, changes=changes))
            text = f"Because of what stands in {URL}"
            save_reason(
                round=survey.round, member=member, technology=technology.code, text=text, stance="for"
            )
        changes = [Change(key, None, value) for key, value in ONCE.items()]
        assert_saved(save_answers(round=survey.round, member=member, changes=changes))
        submit(round=survey.round, member=member)


def assert_saved(outcomes):
    assert {each.status for each in outcomes} <= {"saved", "unchanged"}, [each.errors for each in outcomes]


def finish_round(survey):
    """Close it, approve what was written, compute."""
    close_round(round=survey.round, actor=survey.owner)
    for reason in Reason.objects.filter(round=survey.round, moderation="pending"):
        moderate_reason(reason=reason, actor=survey.owner, decision="approved", seen_revision=reason.revision)
    mark_analysed(round_id=survey.round.pk)
    Proposal.objects.filter(moderation="pending").update(moderation="approved")
