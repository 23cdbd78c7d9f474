"""Few people are on no page and in no file, nor left over when one published figure is taken from another."""

import pytest

from consensus.attrition.rounds import answered, attrition_since
from consensus.counting.frame import frame_of
from consensus.dashboard.agreement import agreements
from consensus.dashboard.asked import read_asked
from consensus.dashboard.attrition import Attrition
from consensus.dashboard.indicators import Indicators
from consensus.dashboard.technology import history
from consensus.dashboard.weighting import weighted_rows
from consensus.exports.results import result_tables
from consensus.models import ItemResult, PanelResult
from consensus.selectors.results import StudyResults
from consensus.selectors.stability import movements
from consensus.services.compute import compute_round
from consensus.services.supplements import write_supplements
from delphi_platform.api.reading import results_of
from experts.enums import MemberStatus, Role
from surveys.enums import ParticipationStatus
from surveys.models import Answer, Participation, Study
from tests.consensus.worlds import answer, answer_all, close, make_panel_study, make_round
from tests.factories import give_role, owner_of

pytestmark = pytest.mark.django_db
BASES = ("basis_practice", "basis_theory", "basis_peers", "basis_intuition")


def foresight(sizes=(12,), **fields):
    options = {"template": "foresight", "extras": ["judgement_basis"], "technologies": 1}
    return make_panel_study(sizes, **options | fields)


def computed(round):
    computation = compute_round(round_id=close(round).pk)
    write_supplements(computation_id=computation.pk)
    return computation


def withdraw(study, place=-1):
    member = list(study.panel.members.order_by("pseudonym"))[place]
    member.status = MemberStatus.WITHDRAWN
    member.save()


def exported(study, name):
    table = next(table for table in result_tables(study) if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def rated(familiarity, sizes=(12,)):
    """A computed round in which everybody rated importance, and these their familiarity."""
    study = foresight(sizes)
    round, technology = make_round(study), study.technologies.get()
    answer_all(round, "importance", technology, [9, 8, 7] * 4)
    answer_all(round, "familiarity", technology, familiarity)
    return study, computed(round)


def weighted_everywhere(study, computation) -> list[bool]:
    """Whether the weighting page, the results' file and the API have weighted figures."""
    results = StudyResults(study)
    asked = read_asked(results, {"question": "importance"})
    row = next(row for row in exported(study, "results") if row["question"] == "importance")
    payload = results_of(study, computation)["results"]
    item = next(row for row in payload if row["question"] == "importance")
    return [
        bool(weighted_rows(results, asked, list(study.technologies.all()))),
        row["weighted_n"] is not None or row["weighted_mean"] is not None,
        "weighted" in item["statistics"],
    ]


@pytest.mark.parametrize(
    ("familiarity", "shown"),
    [
        ([5] * 12, True),
        ([3] * 7 + [None] * 5, True),
        ([5] * 11 + [None], False),  # the difference is what one person had said
        ([5] * 4 + [None] * 8, False),
        ([5] + [1] * 6 + [None] * 5, False),  # seven people, and one of them counts as much as five others
    ],
)
def test_fault_23_weighted_figures_leave_nobody_or_enough_people_over(familiarity, shown):
    study, computation = rated(familiarity)
    assert weighted_everywhere(study, computation) == [shown] * 3


def test_fault_23_weighted_figures_of_an_older_version_without_effective_n_are_withheld():
    study, computation = rated([5] * 12)
    row = ItemResult.objects.get(question__key="importance", group=None)
    del row.statistics["weighted"]["n_effective"]
    row.save()
    assert weighted_everywhere(study, computation) == [False] * 3


def test_fault_23_the_api_withholds_what_the_pages_withhold():
    """Four gave a value and eight could not judge: twelve answers, and a distribution of four."""
    study = foresight()
    round, technology = make_round(study), study.technologies.get()
    answer_all(round, "importance", technology, [9] * 4 + ["cannot_judge"] * 8)
    found = results_of(study, computed(round))["results"]
    row = next(row for row in found if row["question"] == "importance")
    assert (row["suppressed"], row["n"], row["n_cannot_judge"], row["counts"]) == (True, None, None, [])


def test_fault_23_the_ends_of_few_estimates_are_no_figures_of_their_own():
    study = make_panel_study((12,), template="every_type", technologies=1)
    question = next(q for q in study.questions.all() if q.type == "estimate")
    round, technology = make_round(study), study.technologies.get()
    answer_all(round, question.key, technology, [50] * 12)
    first = Answer.objects.filter(round=round, question=question).first()
    Answer.objects.filter(pk=first.pk).update(low=10, high=90)
    found = results_of(study, computed(round))["results"]
    row = next(row for row in found if row["question"] == question.key)
    assert {"low", "high"} & set(row["statistics"]) == set()


# Attrition


STAY, LEAVE = [5, 5, 5, 4, 4, 5], [1, 2, 1, 1, 2, 1]


def two_rounds(first, second, sizes=(6, 6)):
    study = make_panel_study(sizes, technologies=1)
    technology, computations = study.technologies.get(), []
    for number, values in ((1, first), (2, second)):
        round = make_round(study, number)
        answer_all(round, "agreement", technology, values)
        computations.append(compute_round(round_id=close(round).pk))
    return study, technology, computations


def test_fault_23_attrition_after_a_withdrawal_is_no_difference_to_published_figures():
    study, technology, (_first, second) = two_rounds(
        [*STAY, *LEAVE, 3], [*STAY, *[None] * 6, None], sizes=(6, 7)
    )
    withdraw(study)
    found = attrition_since(frame_of(second.round))
    assert found["questions"]["agreement"]["items"] == {}
    assert found["verdicts"]["before"] == {}
    compute_round(round_id=second.round.study.rounds.get(number=1).pk)
    after = attrition_since(frame_of(second.round))
    assert technology.key in after["questions"]["agreement"]["items"]
    assert technology.key in after["verdicts"]["before"]


def test_fault_23_a_round_computed_again_hides_attrition_that_was_stored_before():
    study, technology, (first, second) = two_rounds([*STAY, *LEAVE, 3], [*STAY, *[None] * 7], sizes=(6, 7))
    write_supplements(computation_id=second.pk)

    def shown():
        results = StudyResults(study)
        found = Attrition(results, read_asked(results, {}))
        return [row.technology for row in found.items], [pair.technology for pair in found.before]

    assert shown() == ([technology], [technology])
    withdraw(study)
    compute_round(round_id=first.round_id)
    assert shown() == ([], [])


def test_fault_23_stored_attrition_and_positivity_follow_the_present_minimum():
    study, _technology, (_first, second) = two_rounds(STAY + LEAVE, STAY + [None] * 6)
    Participation.objects.filter(round=second.round, member__group__key="industry").update(
        status=ParticipationStatus.NOT_STARTED
    )
    for computation in (_first, second):
        write_supplements(computation_id=computation.pk)

    def shown():
        results = StudyResults(Study.objects.get(pk=study.pk))
        found = Attrition(results, read_asked(results, {}))
        rows = Indicators(results).panel_rows()
        return (
            len(found.items),
            len(found.together),
            len(found.before),
            len([row for row in found.response if row[0]]),
            len([row for row in rows if row.name and row.positivity]),
        )

    assert shown() == (1, 1, 1, 2, 4)
    Study.objects.filter(pk=study.pk).update(minimum_group=7)
    assert shown() == (0, 0, 0, 0, 0)


def test_fault_23_response_by_group_shows_no_single_drop_out():
    """Eleven of twelve came back: that is the panel's figure, whose group the twelfth is of is nobody's."""
    study, _technology, (first, second) = two_rounds(STAY + LEAVE, [*STAY, *LEAVE[:5], None])
    last = study.panel.members.order_by("pseudonym").last()
    Participation.objects.filter(round=second.round, member=last).update(
        status=ParticipationStatus.NOT_STARTED
    )
    for computation in (first, second):
        write_supplements(computation_id=computation.pk)
    results = StudyResults(study)
    found = Attrition(results, read_asked(results, {}))
    assert [(name, row["n"], row["came_back"]) for name, row in found.response] == [("", 12, 11)]
    later = [row for row in Indicators(results).panel_rows() if row.round.number == 2]
    assert [bool(row.positivity) for row in later] == [True, False, False, False, False]


def test_fault_23_response_by_group_is_told_to_who_manages_the_panel_and_in_no_file(client):
    study, _technology, (first, second) = two_rounds(STAY + LEAVE, [*STAY, *LEAVE[:5], None])
    for computation in (first, second):
        write_supplements(computation_id=computation.pk)
    address = f"/studies/{study.code}/results/"

    def groups(page, user):
        client.force_login(user)
        text = client.get(address + page).content.decode().split("came back")[-1].split("</table>")[0]
        return [str(group.name) in text for group in study.panel.groups.all()[:2]]

    observer = give_role(study, Role.ANALYST)
    assert groups("attrition/", owner_of(study)) == [True, True]
    assert groups("attrition/", observer) == [False, False]
    assert groups("data/attrition_response.csv", owner_of(study)) == [False, False]


def test_who_answered_composite_questions_only_did_answer():
    study = make_panel_study((6,), template="every_type", technologies=1)
    round = make_round(study)
    for member in study.panel.members.all():
        given = answer(round, member, "sectors", study.technologies.get(), 1)
        Answer.objects.filter(pk=given.pk).update(number=None, parts={"1": 1})
    assert len(answered(round)) == 6


# Authority


def basis(round, members, technology=None, keys=BASES):
    for member in members:
        for key in keys:
            answer(round, member, key, technology, 3)


def authority_rows(study):
    """Ca, Cs and Cr of the panel and of the technologies as the page has them."""
    results = StudyResults(study)
    stored = Indicators(results).stored[results.latest.pk]
    rows = [stored["panel"], *stored["groups"].values(), *stored["technologies"].values()]
    return [row and tuple(row[name] is not None for name in ("ca", "cs", "value")) for row in rows]


def test_fault_23_ca_leaves_no_single_person_over_from_the_published_basis():
    study = foresight((7, 6))
    round, members = make_round(study), list(study.panel.members.order_by("pseudonym"))
    answer_all(round, "familiarity", study.technologies.get(), [4] * 13)
    basis(round, members[:12])
    answer(round, members[12], BASES[0], None, 1)  # the only one whose practice is published and not in Ca
    computed(round)
    assert authority_rows(study)[0] == (False, True, False)
    assert authority_rows(study)[-1] == (False, True, False)


def test_fault_23_ca_of_a_technology_leaves_no_single_person_over_from_a_basis_asked_once():
    study = foresight((12,), technologies=2)
    first, second = study.technologies.order_by("position")
    round = make_round(study)
    basis(round, study.panel.members.all())
    answer_all(round, "familiarity", first, [4] * 12)
    answer_all(round, "familiarity", second, [4] * 11)
    computed(round)
    results = StudyResults(study)
    shown = Indicators(results).stored[results.latest.pk]["technologies"]
    assert {key: row["ca"] is not None for key, row in shown.items()} == {first.key: True, second.key: False}
    assert shown[second.key]["cs"] is not None


def test_fault_23_indicators_asked_for_after_a_withdrawal_are_no_difference():
    study = foresight((13,))
    round = make_round(study)
    basis(round, study.panel.members.all())
    answer_all(round, "familiarity", study.technologies.get(), [4] * 12 + [1])
    computation = compute_round(round_id=close(round).pk)
    withdraw(study)
    write_supplements(computation_id=computation.pk)
    assert authority_rows(study) == [None]
    again = compute_round(round_id=round.pk)
    write_supplements(computation_id=again.pk)
    assert authority_rows(study)[0] == (True, True, True)


# Agreement among raters


def coefficients_everywhere(study, computation, name) -> list[bool]:
    results = StudyResults(study)
    page = [name in row.figures for row in agreements(results, computation)]
    coordination = [row.w for row in Indicators(results).coordination()]
    payload = [name in row["statistics"] for row in results_of(study, computation)["panel"]]
    file = [row["statistic"] == name for row in exported(study, "agreement")]
    return [any(page) or (name == "kendall_w" and bool(coordination)), any(payload), any(file)]


def test_fault_23_coefficients_of_few_raters_are_shown_nowhere():
    study = make_panel_study((12,), technologies=2)
    round = make_round(study)
    for technology in study.technologies.all():
        answer_all(round, "agreement", technology, [1, 3, 5])
    computation = computed(round)
    for name in ("alpha", "percent_agreement", "kendall_w"):
        assert coefficients_everywhere(study, computation, name) == [False] * 3, name


def test_fault_23_w_of_the_few_who_rated_everything_is_withheld():
    study = make_panel_study((12,), technologies=2)
    first, second = study.technologies.order_by("position")
    round = make_round(study)
    answer_all(round, "agreement", first, [1, 2, 3, 4, 5, 5, 4, 3, None, None, None, None])
    answer_all(round, "agreement", second, [None] * 5 + [2, 3, 4, 5, 1, 2, 3])
    computation = computed(round)
    for name in ("kendall_w", "kendall_w_complete", "skillings_mack"):
        assert coefficients_everywhere(study, computation, name) == [False] * 3, name
    assert coefficients_everywhere(study, computation, "alpha") == [True] * 3


def test_fault_23_a_technology_that_few_rated_is_in_no_coefficient():
    """Pairs agree on 1 of 3 in the large one: a pair in the small one would show in the panel's share."""
    shares = []
    for few in ([1, 1], [1, 5]):
        study = make_panel_study((12,), technologies=2)
        first, second = study.technologies.order_by("position")
        round = make_round(study)
        answer_all(round, "agreement", first, [1, 2, 3, 4, 5, 5])
        answer_all(round, "agreement", second, few)
        computation = computed(round)
        stored = PanelResult.objects.get(computation=computation, question__key="agreement").statistics
        shares.append(stored["percent_agreement"]["value"])
        assert coefficients_everywhere(study, computation, "percent_agreement") == [True] * 3
    assert shares[0] == shares[1]


def test_fault_23_coefficients_follow_the_present_minimum():
    study = make_panel_study((12,), technologies=2)
    round = make_round(study)
    for technology in study.technologies.all():
        answer_all(round, "agreement", technology, [1, 2, 3, 4, 5, 5])
    computation = computed(round)
    assert coefficients_everywhere(study, computation, "alpha") == [True] * 3
    Study.objects.filter(pk=study.pk).update(minimum_group=7)
    study.refresh_from_db()
    assert coefficients_everywhere(study, computation, "alpha") == [False] * 3


# Stability


def stability_everywhere(study, computation) -> list[dict]:
    """What the API, the results' file and the selector of the charts have of the first technology's movement."""
    (payload,) = results_of(study, computation)["stability"]
    (row,) = exported(study, "stability")
    (moved,) = movements(study, [computation])
    return [
        payload["statistics"],
        {key: row[key] for key in ("net_change", "stuart_maxwell_p")},
        moved.statistics,
    ]


@pytest.mark.parametrize(
    ("once", "has_margins"), [([None], False), ([None] * 4, False), ([None] * 5, True), ([], True)]
)
def test_fault_23_who_answered_one_round_only_does_not_follow_from_those_who_answered_both(once, has_margins):
    """Net change comes from the answers of those who came twice: with all answers known, one more person's follows."""
    first = [5, 4, 4, 2, 1, 5, 5, 4, 3, 3, 4, 2, 5, 1]
    study, _technology, (_first, second) = two_rounds(first, first[: 14 - len(once)] + once, sizes=(7, 7))
    api, file, charts = stability_everywhere(study, second)
    assert ["net_change" in api, file["net_change"] is not None, "net_change" in charts] == [has_margins] * 3
    assert {"pitman_morgan", "mcnemar", "stuart_maxwell"} & set(api) == (
        {"pitman_morgan", "mcnemar", "stuart_maxwell"} if has_margins else set()
    )
    assert ("pe" in api["kappa"]) == has_margins
    assert api["unchanged"]["value"] == charts["unchanged"]["value"] == 1
    findings = [each for row in results_of(study, second)["verdicts"] for each in row["figures"]]
    assert any(finding["kind"] == "net_change" for finding in findings) == has_margins
    assert file["net_change"] == (0 if has_margins else None)


def test_fault_23_movements_of_few_are_no_finding():
    """Four answered twice: the verdict says that they were too few, and nothing of what they did."""
    few = [5, 5, 4, 4]
    study, _technology, (_first, second) = two_rounds(few + [3] * 6, few + [None] * 6 + [2] * 5, sizes=(8, 7))
    payload = results_of(study, second)
    assert payload["stability"] == []
    ((verdict,), (row,)) = payload["verdicts"], exported(study, "verdicts")[1:]
    assert (verdict["verdict"], verdict["open_because"]) == ("open", "stability_unknown")
    (told,) = [each for each in verdict["figures"] if each["gate"] == "stability"]
    assert told["too_few_for"] == 5
    assert {told["measured"], told["n"], told["interval"], told["passed"]} == {None}
    assert (
        "Fewer than 5 members answered in both rounds, so the rule on stability says nothing."
        in row["figures"]
    )
    assert row["open_because"] == "stability_unknown"


def test_fault_23_findings_on_few_answers_are_in_no_sentence_and_in_no_answer():
    study, _technology, (first, _second) = two_rounds([5, 5, 4], [5, 5, 4, 3, 3, 3], sizes=(7,))
    assert [row["figures"] for row in exported(study, "verdicts") if row["round"] == 1] == [""]
    assert [row["figures"] for row in results_of(study, first)["verdicts"]] == [[]]
    (judgement,) = [j for j in history(StudyResults(study), _technology) if j.round.number == 1]
    assert (judgement.sentences, judgement.withheld) == ([], True)
