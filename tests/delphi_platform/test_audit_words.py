"""Every entry that the code writes into an audit trail can be read in words."""

import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from foundation.audit_words import words_of

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
