"""Verdicts and rules about a panel group call it by its name, in the reader's language, on pages and in files."""

import pytest
from django.urls import reverse

from consensus.enums import ExportKind
from surveys.enums import CriterionKind
from tests.consensus.dashboard.conftest import analyse
from tests.consensus.test_exports import _own_files, dicts, tables
from tests.consensus.worlds import answer_all, make_panel_study, make_round
from tests.factories import owner_of

__all__ = ["_own_files"]  # a fixture: files are written to a folder of the test
pytestmark = pytest.mark.django_db
NAMES = {"en": "University people", "zh-hans": "高校学者"}
RULE = {"kind": "share", "band": [4, 5], "op": ">=", "threshold": 0.75}
SAID = {
    "en": "86 % rated 4–5, 95 % interval 49–97 %; needed: at least 75 %.",
    "zh-hans": "86%的作答位于4–5，95%区间为49–97%；要求不低于75%。",
}


@pytest.fixture
def study():
    """Of seven academics six agree, of six people in industry three."""
    found = make_panel_study((7, 6))
    found.panel.groups.filter(key="academia").update(name=NAMES)
    criterion = found.criteria.get(kind=CriterionKind.CONSENSUS_IN)
    criterion.expression = {"all": [RULE, RULE | {"group": "academia"}]}
    criterion.save()
    round = make_round(found)
    by_group = {"academia": [5, 5, 5, 4, 4, 4, 1], "industry": [5, 4, 4, 1, 1, 1]}
    members = found.panel.members.order_by("pseudonym").select_related("group")
    values = [by_group[member.group.key].pop() for member in members]
    for technology in found.technologies.all():
        answer_all(round, "agreement", technology, values)
    analyse(round)
    return found


@pytest.mark.parametrize("language", NAMES)
def test_on_the_pages_of_results_and_protocol(client, study, language):
    client.force_login(owner_of(study))
    client.cookies["django_language"] = language
    technology = study.technologies.first()
    for address in (
        reverse("results:overview", args=[study.code]),
        reverse("results:technology", args=[study.code, technology.code]),
    ):
        body = client.get(address).content.decode()
        assert NAMES[language] in body
        assert SAID[language] in body
        assert "academia:" not in body
        assert "academia：" not in body
    (rule,) = [
        each for each in client.get(f"/studies/{study.code}/protocol/").context["rules"] if each["words"]
    ][:1]
    assert NAMES[language] in rule["words"]
    assert "academia" not in rule["words"]


@pytest.mark.parametrize("language", NAMES)
def test_files_say_the_verdicts_figures_in_the_language_asked_for_and_none_of_single_groups(study, language):
    found = dicts(tables(study, ExportKind.RESULTS, language=language)["verdicts"])
    assert found
    for row in found:
        assert "69" in row["figures"]
        assert SAID[language] not in row["figures"]  # the figures of a single group
        assert NAMES[language] not in row["figures"]
        assert ("needed: at least 75 %" if language == "en" else "要求不低于75%") in row["figures"]
