"""Expert indicators of a round: authority, positivity; and what small groups keep to themselves."""

import pytest

from consensus.analysis.authority import authority
from consensus.analysis.positivity import positivity
from consensus.counting.expert_weights import familiarity_method, preset_table, weight_table
from consensus.counting.frame import frame_of
from consensus.models import ItemResult
from consensus.selectors.supplements import Basis, Published, authority_shown
from consensus.services.compute import compute_round
from surveys.enums import ParticipationStatus
from surveys.models import Participation
from surveys.services.studies import edit_study
from tests.consensus.worlds import answer, answer_all, close, make_panel_study, make_round
from tests.factories import owner_of

pytestmark = pytest.mark.django_db
BASES = ("basis_practice", "basis_theory", "basis_peers", "basis_intuition")


def foresight(sizes, **fields):
    return make_panel_study(sizes, **{"template": "foresight", "extras": ["judgement_basis"]} | fields)


def bases(round, members, influences):
    for member in members:
        for key, influence in zip(BASES, influences, strict=True):
            answer(round, member, key, None, influence)


def test_cr_is_the_mean_of_basis_and_familiarity_as_papers_compute_it():
    study = foresight((6,), technologies=1)
    technology, members = study.technologies.get(), list(study.panel.members.order_by("pseudonym"))
    round = make_round(study)
    bases(round, members[:3], (3, 3, 3, 3))  # .5 + .3 + .1 + .1
    bases(round, members[3:], (1, 2, 1, 1))  # .3 + .2 + .1 + .1
    answer_all(round, "familiarity", technology, [5, 5, 5, 4, 3, 2])
    found = authority(frame_of(close(round)))
    row = found["technologies"][technology.key]
    assert (row["n_used"], row["n_basis"], row["n_missing"]) == (6, 6, 0)
    assert row["ca"] == pytest.approx((3 * 1.0 + 3 * 0.7) / 6)
    assert row["cs"] == pytest.approx((3 * 1 + 0.8 + 0.6 + 0.4) / 6)
    assert row["value"] == pytest.approx((row["ca"] + row["cs"]) / 2)
    assert row["acceptable"]
    assert found["panel"]["value"] == pytest.approx(row["value"])


def test_each_technology_has_the_basis_of_those_who_judged_it():
    study = foresight((6,), technologies=2)
    first, second = study.technologies.all()
    members = list(study.panel.members.order_by("pseudonym"))
    round = make_round(study)
    bases(round, members[:3], (3, 3, 3, 3))
    bases(round, members[3:], (1, 1, 1, 1))
    answer_all(round, "familiarity", first, [5, 5, 5, None, None, None])
    answer_all(round, "familiarity", second, [None, None, None, 1, 1, 1])
    found = authority(frame_of(close(round)))["technologies"]
    assert found[first.key]["ca"] == pytest.approx(1)
    assert found[second.key]["ca"] == pytest.approx(0.6)


def test_familiarity_counts_also_of_those_who_gave_no_basis():
    """Else what one person without a basis had said would follow from the published counts of familiarity."""
    study = foresight((7,), technologies=1)
    technology, members = study.technologies.get(), list(study.panel.members.order_by("pseudonym"))
    round = make_round(study)
    bases(round, members[:6], (3, 3, 3, 3))
    answer(round, members[6], BASES[0], None, 3)
    answer_all(round, "familiarity", technology, [5, 5, 5, 5, 5, 5, 1])
    found = authority(frame_of(close(round)))
    row = found["technologies"][technology.key]
    assert (row["n_used"], row["n_basis"], row["n_missing"]) == (7, 6, 1)
    assert row["cs"] == pytest.approx((6 + 0.2) / 7)
    assert (found["panel"]["n_used"], found["panel"]["n_basis"]) == (7, 6)


def test_every_member_counts_once_in_the_panels_coefficient():
    study = foresight((6,), technologies=2)
    first, second = study.technologies.all()
    members = list(study.panel.members.order_by("pseudonym"))
    round = make_round(study)
    bases(round, members, (3, 3, 3, 3))
    answer_all(round, "familiarity", first, [5, 5, 5, 5, 5, 1])
    answer_all(round, "familiarity", second, [None, None, None, None, None, 5])
    panel = authority(frame_of(close(round)))["panel"]
    assert panel["cs"] == pytest.approx((5 * 1 + (0.2 + 1) / 2) / 6)


def test_the_studys_own_weights_are_used_for_cs_and_for_weighted_results():
    study = foresight((6,), technologies=1)
    own = preset_table("familiarity_nine_to_one").as_dict()
    edit_study(study=study, actor=owner_of(study), expert_weights=own)
    technology = study.technologies.get()
    round = make_round(study)
    bases(round, study.panel.members.all(), (3, 3, 3, 3))
    answer_all(round, "familiarity", technology, [5, 5, 5, 1, 1, 1])
    answer_all(round, "importance", technology, [9, 9, 9, 1, 1, 1])
    computation = compute_round(round_id=close(round).pk)
    frame = frame_of(round)
    assert weight_table(study).preset == "familiarity_nine_to_one"
    assert authority(frame)["technologies"][technology.key]["cs"] == pytest.approx(0.5)
    row = ItemResult.objects.get(computation=computation, question__key="importance", group=None)
    assert row.statistics["weighted"]["describe"]["mean"] == pytest.approx((3 * 0.9 * 9 + 3 * 0.1) / 3)
    assert computation.method["familiarity_weights"] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    study.expert_weights = {}
    assert familiarity_method(study.questions.get(key="familiarity")) == "linear"


def test_a_study_without_the_questions_says_which_it_lacks():
    bare = make_panel_study((6,), technologies=1)
    assert authority(frame_of(close(make_round(bare))))["lacks"] == ["no_basis", "no_familiarity"]
    part = make_panel_study((6,), technologies=1, template="foresight")
    found = authority(frame_of(close(make_round(part))))
    assert (found["lacks"], found["panel"], found["technologies"]) == (["no_basis"], None, {})


def test_without_any_answer_the_coefficient_is_undefined_with_a_reason():
    study = foresight((6,), technologies=1)
    found = authority(frame_of(close(make_round(study))))
    assert found["panel"]["value"] is None
    assert found["panel"]["undefined_reason"] == "no_answers"


def test_fault_23_groups_and_technologies_of_few_members_are_kept_back():
    study = foresight((6, 6, 2), technologies=2)
    first, second = study.technologies.all()
    round = make_round(study)
    bases(round, study.panel.members.all(), (3, 3, 3, 3))
    answer_all(round, "familiarity", first, [5] * 14)
    answer_all(round, "familiarity", second, [5] * 4)
    figures = authority(frame_of(close(round)))
    basis, published = Basis.of(list(study.questions.order_by("position"))), Published({})
    shown = authority_shown(figures, 5, basis, published)
    assert set(shown["technologies"]) == {first.key}
    assert len(shown["groups"]) == 1  # the two of the third group are no remainder of a subtraction
    assert authority_shown(figures, 15, basis, published)["panel"] is None


def test_positivity_is_returned_of_sent_by_round_and_group():
    study = foresight((6, 6), technologies=1)
    round = make_round(study)
    parts = Participation.objects.filter(round=round).order_by("member__pseudonym")
    silent = [part.pk for part in parts[:2]]
    parts.filter(pk__in=silent).update(status=ParticipationStatus.NOT_STARTED)
    parts.filter(pk=parts[5].pk).update(status=ParticipationStatus.SUBMITTED)
    found = positivity(frame_of(close(round)))
    assert (found["panel"]["sent"], found["panel"]["returned"], found["panel"]["submitted"]) == (12, 10, 1)
    first, second = (found["groups"][group.key]["value"] for group in study.panel.groups.all()[:2])
    assert (first, second) == (pytest.approx(4 / 6), 1)
