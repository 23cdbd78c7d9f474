"""What a Delphi paper has to tell of the whole course: rounds and dates, verdicts of each, stability, the program."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from consensus.report.content import report_of
from consensus.report.credes import ITEMS
from experts.models import Invitation
from experts.services.invitations import invite
from experts.services.panels import withdraw_member
from surveys.enums import VerdictKind
from surveys.models import Study
from surveys.services.studies import edit_study
from tests.consensus.test_exports import _own_files  # noqa: F401
from tests.consensus.test_exports_of_supplements import finish
from tests.consensus.test_report import section, split_world, words
from tests.consensus.worlds import answer_all, make_panel_study, make_round
from tests.factories import owner_of

pytestmark = pytest.mark.django_db


def rows(text):
    return [line.split(" | ") for line in text.splitlines() if " | " in line]


def test_the_course_tells_every_step_with_its_date_in_order():
    study = split_world().study
    edit_study(study=study, actor=owner_of(study), minimum_answers=6, reason="Too few before")
    said = section(study, "Course of the study")
    steps = [step for _date, step, _what in rows(said)[1:]]
    for number in (1, 2):
        at = [steps.index(f"Round {number} {done}") for done in ("opened", "closed", "analysed")]
        assert at == sorted(at)
    assert "Protocol locked: version 1" in steps
    assert "Amendment: version 2" in steps
    told = {step: what for _date, step, what in rows(said)[1:]}
    assert study.protocol_versions.first().hash[:16] in told["Protocol locked: version 1"]
    assert "entries: 2" in told["Round 1 opened"]
    assert "answered:" in told["Round 1 closed"]
    assert "days since the round before closed: 0" in told["Round 2 opened"]
    assert str(VerdictKind.OPEN.label) in told["Round 1 analysed"]


def test_verdicts_are_told_after_each_round_and_of_each_entry():
    world = split_world()
    said = section(world.study, "Verdicts after each round")
    assert "Verdict | Round 1 | Round 2" in said
    assert f"{VerdictKind.STABLE_DISAGREEMENT.label} | 0 | 2" in said
    for technology in world.technologies:
        row = next(row for row in rows(said) if row[0].startswith(technology.key))
        assert row[1] == "Open (No earlier round to compare with)"
        assert "unchanged: 100" in row[3]


def test_stability_between_rounds_is_summed_up():
    said = section(split_world().study, "Verdicts after each round")
    assert (
        "Rounds 1 to 2: entries compared 2, of which stable 2; answers unchanged, median over entries: 100"
        in said
    )


def test_recruitment_is_told_in_numbers():
    study = split_world().study
    members = list(study.panel.members.all())
    for member in members[:3]:
        invite(member=member, actor=owner_of(study))
    Invitation.objects.update(status="sent", sent_at=study.created_at)
    Invitation.objects.filter(member=members[0]).update(status="opened", opened_at=study.created_at)
    withdraw_member(member=members[5], actor=owner_of(study))
    said = section(study, "Panel")
    assert "Invited by personal link | 3" in said
    assert "Opened their link | 1" in said
    assert "Withdrew | 1" in said


def test_the_version_of_the_program_stands_in_the_report():
    version = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]["version"]
    said = words(split_world().study)
    assert said.count(f"Delphi Platform {version}") >= 2


def test_the_report_says_where_the_charts_are():
    study = split_world().study
    assert f"/studies/{study.code}/results/" in section(study, "Results")


def test_credes_is_answered_item_by_item():
    said = section(split_world().study, "Reporting checklist (CREDES)")
    assert len(ITEMS) == 16
    assert [row[0] for row in rows(said)[1:]] == [str(number) for number in range(1, 17)]
    assert "%(" not in said


def test_a_panel_smaller_than_the_smallest_group_gets_its_report():
    study = make_panel_study((3,))
    first = make_round(study)
    for technology in study.technologies.all():
        answer_all(first, "agreement", technology, [4, 5, 5])
    finish(first)
    with override("en"):
        assert list(report_of(study))
    assert "Too few answers" in section(study, "Verdicts after each round") + section(study, "Results")


def test_no_verdict_of_few_people_is_told_entry_by_entry():
    study = make_panel_study((3,))
    Study.objects.update(minimum_answers=3)
    study.refresh_from_db()
    for number in (1, 2):
        asked = make_round(study, number)
        for technology in study.technologies.all():
            answer_all(asked, "agreement", technology, [5, 5, 5])
        finish(asked)
    said = section(study, "Verdicts after each round")
    for technology in study.technologies.all():
        row = next(row for row in rows(said) if row[0].startswith(technology.key))
        assert row[1:] == ["Too few answers to be shown"] * 2 + ["–"]


def test_the_chinese_report_tells_the_same_course():
    study = split_world().study
    told = {}
    for language in ("en", "zh-hans"):
        with override(language):
            told[language] = [type(block).__name__ for block in report_of(study)]
    assert told["en"] == told["zh-hans"]
