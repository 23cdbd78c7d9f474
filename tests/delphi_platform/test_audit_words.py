"""Every entry that the code writes into an audit trail can be read in words."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from experts.enums import Role
from foundation.audit_words import target_in_words, words_of
from foundation.services.audit import record
from surveys.services.rounds import plan_round
from tests.factories import give_role, make_study, owner_of

APPS = ("experts", "surveys", "consensus", "scanning")
LITERAL = re.compile(r'"([a-z]+\.[a-z_]+)"')
WRITES = re.compile(r"action=|_record\(|record\(")


def literals() -> set[str]:
    found = set()
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app / "services").glob("*.py"):
            for line in path.read_text(encoding="utf-8").splitlines():
                if WRITES.search(line):
                    found |= set(LITERAL.findall(line))
    return found


def test_every_action_has_words_in_both_languages():
    actions = literals()
    assert len(actions) > 60
    assert {action for action in actions if words_of(action) == action} == set()
    with override("zh-hans"):
        english = re.compile("[a-z]")
        assert {words_of(action) for action in actions if english.search(words_of(action))} == set()


def test_an_unknown_action_keeps_its_code():
    assert words_of("planet.exploded") == "planet.exploded"


@pytest.mark.django_db
def test_the_page_names_accounts_while_they_exist_and_says_targets_in_words(client):
    study = make_study()
    owner = owner_of(study)
    second = give_role(study, Role.OWNER, name="second")
    second.name = "Second Owner"
    second.save(update_fields=["name"])
    plan_round(study=study, actor=second)
    record(stream=study.stream, action="round.analysed", target="round 1")
    client.force_login(owner)
    address = reverse("surveys:audit", args=[study.code])
    page = client.get(address).content.decode()
    assert "Second Owner" in page
    assert "The platform itself" in page
    assert "Round 1</td>" in page
    second.delete()
    page = client.get(address).content.decode()
    assert "Second Owner" not in page
    assert second.audit_label in page


def test_a_target_that_is_a_name_stays_as_it_is():
    with override("zh-hans"):
        assert target_in_words("round 2") == "轮次 2"
        assert target_in_words("T1 Solid-state batteries") == "T1 Solid-state batteries"
        assert target_in_words("round") == "round"
