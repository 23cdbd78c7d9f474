import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from statsmodels.stats.multitest import multipletests

from consensus import stats
from consensus.enums import ComputationStatus
from consensus.jobs import request_missing_computations
from consensus.models import Computation, FrozenFeedback, ItemResult
from consensus.services.compute import compute_round
from experts.enums import MemberStatus
from foundation.models import AuditEntry, Job
from surveys.enums import RoundStatus, VerdictKind
from surveys.exceptions import WrongState
from surveys.models import Answer, Round
from surveys.services.rounds import close_round
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round

pytestmark = pytest.mark.django_db


def test_closing_computes_medians_quartiles_shares_and_verdicts():
    study = make_panel_study((6, 6))
    first, second = study.technologies.all()
    round = make_round(study)
    answer_all(round, "agreement", first, [5, 5, 4, 4, 4, 5, 5, 5, 4, 4, 2, "cannot_judge"])
    answer_all(round, "agreement", second, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1])
    computation = compute_round(round_id=close(round).pk)
    result = ItemResult.objects.get(computation=computation, technology=first, group=None)
    given = [5, 5, 4, 4, 4, 5, 5, 5, 4, 4, 2]
    assert (result.n, result.n_cannot_judge, result.n_missing) == (11, 1, 0)
    assert [result.q1, result.median, result.q3] == list(np.quantile(given, [0.25, 0.5, 0.75]))
    assert result.share == pytest.approx(10 / 11)
    assert (result.values, result.counts) == ([1, 2, 3, 4, 5], [0, 1, 0, 5, 5])
    verdicts = dict(computation.verdicts.values_list("technology_id", "verdict"))
    assert verdicts == {first.pk: VerdictKind.OPEN, second.pk: VerdictKind.OPEN}  # nothing is stable yet
    assert Round.objects.get(pk=round.pk).status == RoundStatus.ANALYSED
    assert Computation.objects.get().status == ComputationStatus.CURRENT


def figures(computation):
    """Everything computed, by names instead of database keys."""
    return {
        "items": list(
            computation.item_results.order_by("question__key", "technology__key", "group__key").values_list(
                "question__key", "technology__key", "group__key", "n", "median", "share", "statistics"
            )
        ),
        "panel": list(
            computation.panel_results.order_by("question__key").values_list("question__key", "statistics")
        ),
        "stability": list(
            computation.stability_results.order_by("question__key", "technology__key").values_list(
                "question__key", "technology__key", "n_pairs", "statistics"
            )
        ),
    }


def two_rounds(sizes=(6, 6), **fields):
    """A foresight study after two rounds with every kind of answer; both rounds closed, none computed."""
    study = make_panel_study(sizes, template="foresight", technologies=3, **fields)
    rng = np.random.default_rng(4)
    members = sum(sizes)
    rounds = []
    for number in (1, 2):
        round = make_round(study, number)
        for technology in study.technologies.all():
            answer_all(round, "familiarity", technology, rng.integers(1, 6, members).tolist())
            answer_all(round, "importance", technology, rng.integers(1, 10, members).tolist())
            answer_all(round, "constraint", technology, rng.integers(1, 8, members).tolist())
            years = rng.integers(2028, 2050, members).tolist()
            answer_all(round, "year_lab", technology, ["already", "never", "cannot_say", *years[3:]])
        rounds.append(close(round))
    return study, rounds


def test_medians_and_means_carry_intervals_without_a_draw():
    _study, rounds = two_rounds((6, 6))
    computation = compute_round(round_id=rounds[0].pk)
    question = computation.round.study.questions.get(key="importance")
    row = computation.item_results.filter(question=question, group=None).first()
    described = row.statistics["describe"]
    tally = stats.Tally(row.counts, row.values)
    for key, interval in {"median_ci": stats.median_interval, "mean_ci": stats.mean_interval}.items():
        found = interval(tally)
        assert described[key] == [found.ci_low, found.ci_high]
    assert computation.method["median_interval"] == "order statistics"
    assert computation.method["mean_interval"] == "student t"


def test_stability_tests_are_adjusted_over_the_technologies():
    study, rounds = two_rounds((6, 6))
    computation = compute_round(round_id=rounds[1].pk)
    rows = computation.stability_results.filter(question__key="importance").order_by("pk")
    assert len(rows) == study.technologies.count() == 3
    for name in ("wilcoxon", "stuart_maxwell", "spearman"):
        p_values = [row.statistics[name]["p_value"] for row in rows]
        adjusted = [row.statistics[name]["p_adjusted"] for row in rows]
        assert adjusted == pytest.approx(multipletests(p_values, method="fdr_bh")[1].tolist())
    assert computation.method["p_adjustment"]["method"] == "bh"


def test_recomputing_gives_equal_hashes_and_supersedes_the_old_run():
    _study, rounds = two_rounds()
    first = compute_round(round_id=rounds[1].pk)
    again = compute_round(round_id=rounds[1].pk)
    assert (first.input_hash, first.result_hash) == (again.input_hash, again.result_hash)
    assert figures(first) == figures(again)
    statuses = dict(Computation.objects.values_list("code", "status"))
    assert statuses == {first.code: ComputationStatus.SUPERSEDED, again.code: ComputationStatus.CURRENT}


@pytest.mark.parametrize("killed_at", range(1, 8))
def test_fault_02_a_run_killed_anywhere_is_finished_with_the_same_result(killed_at, monkeypatch):
    _study, rounds = two_rounds()
    clean = compute_round(round_id=rounds[1].pk)
    Computation.objects.filter(pk=clean.pk).update(status=ComputationStatus.SUPERSEDED)
    FrozenFeedback.objects.all().delete()

    class Killed(BaseException):
        pass

    class Dies:
        calls = 0

        def update(self, done, total, message=""):
            self.calls += 1
            if self.calls == killed_at:
                raise Killed

    with pytest.raises(Killed):
        compute_round(round_id=rounds[1].pk, progress=Dies())
    assert not Computation.objects.filter(status=ComputationStatus.CURRENT).exists()
    assert not FrozenFeedback.objects.exists()
    left = Computation.objects.get(status=ComputationStatus.RUNNING)
    rerun = compute_round(round_id=rounds[1].pk)
    assert rerun.pk == left.pk
    assert (rerun.input_hash, rerun.result_hash) == (clean.input_hash, clean.result_hash)
    assert figures(rerun) == figures(clean)


def test_a_run_is_not_taken_up_when_somebody_withdrew_meanwhile():
    study, rounds = two_rounds()

    class Dies:
        def update(self, done, total, message=""):
            if done == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute_round(round_id=rounds[0].pk, progress=Dies())
    study.panel.members.filter(pk=study.panel.members.first().pk).update(status=MemberStatus.WITHDRAWN)
    computation = compute_round(round_id=rounds[0].pk)
    assert Computation.objects.count() == 1
    assert max(computation.item_results.values_list("n", flat=True)) == 11


def test_a_withdrawal_during_the_run_starts_it_afresh(monkeypatch):
    study, rounds = two_rounds()

    class Withdraws:
        done = False

        def update(self, done, total, message=""):
            if done == 4 and not self.done:
                self.done = True
                one = study.panel.members.order_by("pseudonym").first()
                study.panel.members.filter(pk=one.pk).update(status=MemberStatus.WITHDRAWN)

    computation = compute_round(round_id=rounds[0].pk, progress=Withdraws())
    assert Computation.objects.count() == 1
    assert set(
        computation.item_results.filter(group=None, question__key="importance").values_list("n", flat=True)
    ) == {11}


def test_fault_15_a_late_withdrawal_leaves_the_frozen_feedback_as_it_was():
    study, rounds = two_rounds()
    compute_round(round_id=rounds[0].pk)
    before = list(FrozenFeedback.objects.order_by("pk").values())
    assert len(before) == 3
    gone = study.panel.members.order_by("pseudonym").last()
    study.panel.members.filter(pk=gone.pk).update(status=MemberStatus.WITHDRAWN)
    computation = compute_round(round_id=rounds[0].pk)
    assert list(FrozenFeedback.objects.order_by("pk").values()) == before
    result = computation.item_results.filter(question__key="importance", group=None).first()
    assert result.n == 11
    actions = AuditEntry.objects.filter(stream=study.stream).values_list("action", flat=True)
    assert [action for action in actions if action.startswith("round.")] == [
        "round.analysed",
        "round.computed",
        "round.recomputed",
    ]


def test_counts_equal_those_of_pandas():
    study, rounds = two_rounds()
    gone = study.panel.members.order_by("pseudonym").first()
    study.panel.members.filter(pk=gone.pk).update(status=MemberStatus.WITHDRAWN)
    computation = compute_round(round_id=rounds[1].pk)
    table = pd.DataFrame(
        Answer.objects.filter(round=rounds[1])
        .exclude(member=gone)
        .values("question__key", "technology__key", "member__group__key", "number", "special")
    )
    checked = 0
    for result in computation.item_results.select_related("question", "technology", "group"):
        part = table[
            (table["question__key"] == result.question.key)
            & (table["technology__key"] == result.technology.key)
        ]
        if result.group:
            part = part[part["member__group__key"] == result.group.key]
        valued = part["number"].dropna()
        occupied = {value: n for value, n in zip(result.values, result.counts, strict=True) if n}
        assert occupied == valued.value_counts().to_dict()
        assert result.specials == part.loc[part["special"] != "", "special"].value_counts().to_dict()
        if result.question.key != "constraint" and len(valued):
            assert [result.q1, result.median, result.q3] == pytest.approx(
                np.quantile(valued, [0.25, 0.5, 0.75]).tolist()
            )
        checked += 1
    assert checked == 7 * 3 * 5 - 3 * 5  # questions but the comment, technologies, panel and four groups


def test_pairs_of_rounds_equal_those_of_pandas():
    _study, rounds = two_rounds()
    computation = compute_round(round_id=rounds[1].pk)
    table = pd.DataFrame(
        Answer.objects.filter(question__key="importance").values(
            "round__number", "technology__key", "member_id", "number"
        )
    ).pivot_table(index=["technology__key", "member_id"], columns="round__number", values="number")
    for result in computation.stability_results.filter(question__key="importance").select_related(
        "technology"
    ):
        part = table.loc[result.technology.key].dropna()
        assert result.n_pairs == len(part)
        assert result.unchanged == pytest.approx((part[1] == part[2]).mean())
        moved = (part[1].value_counts().sub(part[2].value_counts(), fill_value=0)).abs().sum() / (
            2 * len(part)
        )
        assert result.statistics["net_change"]["value"] == pytest.approx(moved)


def test_year_answers_that_are_no_year_are_shares_of_their_own():
    _study, rounds = two_rounds()
    computation = compute_round(round_id=rounds[0].pk)
    result = computation.item_results.filter(question__key="year_lab", group=None).first()
    assert (result.n, result.specials) == (9, {"already": 1, "never": 1, "cannot_say": 1})
    shares = result.statistics["specials"]
    assert {key: round(entry["value"], 4) for key, entry in shares.items()} == dict.fromkeys(
        ("already", "never", "cannot_say"), 0.0833
    )
    assert min(result.values) >= 2028


def test_familiarity_weights_stand_beside_unweighted_figures():
    study = make_panel_study((6,), template="foresight", technologies=2)
    technology = study.technologies.first()
    round = make_round(study)
    answer_all(round, "familiarity", technology, [5, 5, 1, 1, 1, None])
    answer_all(round, "importance", technology, [9, 9, 1, 1, 1, 1])
    computation = compute_round(round_id=close(round).pk)
    result = computation.item_results.get(question__key="importance", technology=technology, group=None)
    assert result.statistics["describe"]["mean"] == pytest.approx(22 / 6)
    weighted = result.statistics["weighted"]["describe"]
    assert weighted["n_used"] == 5
    assert weighted["mean"] == pytest.approx((2 * 9 * 1.0 + 3 * 1 * 0.2) / 2.6)


def test_unanimity_is_computed_like_any_other_result():
    study = make_panel_study((6,))
    for number in (1, 2):
        round = make_round(study, number)
        for technology in study.technologies.all():
            answer_all(round, "agreement", technology, [5] * 6)
        computation = compute_round(round_id=close(round).pk)
    result = computation.item_results.filter(group=None).first()
    assert result.statistics["agreement"]["value"] == 1
    panel = computation.panel_results.get().statistics
    assert panel["percent_agreement"]["value"] == 1
    assert panel["alpha"]["undefined_reason"] == "no_variance"
    assert set(computation.verdicts.values_list("verdict", "is_stable")) == {(VerdictKind.CONSENSUS_IN, True)}


def test_a_round_without_answers_is_computed_too():
    study = make_panel_study((6,), template="foresight")
    computation = compute_round(round_id=close(make_round(study)).pk)
    assert set(computation.verdicts.values_list("verdict", flat=True)) == {VerdictKind.TOO_FEW}
    missing = computation.item_results.filter(group=None).values_list("n", "n_missing", "median")
    assert set(missing) == {(0, 6, None)}
    payload = FrozenFeedback.objects.first().payload
    assert set(map(str, payload["questions"].values())) == {"{'too_few': True}"}


def test_answers_saved_but_not_submitted_count_and_blanks_are_missing():
    study = make_panel_study((6,))
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.first(), [4, None, 5, "cannot_judge", None, 3])
    computation = compute_round(round_id=close(round).pk)
    result = computation.item_results.get(technology=study.technologies.first(), group=None)
    assert (result.n, result.n_cannot_judge, result.n_missing) == (3, 1, 2)
    assert (computation.n_members, computation.n_answers) == (6, 4)


def test_the_number_of_queries_does_not_grow_with_technologies(django_assert_max_num_queries):
    def queries(technologies):
        study = make_panel_study((6,), technologies=technologies)
        round = make_round(study)
        for technology in study.technologies.all():
            answer_all(round, "agreement", technology, [1, 2, 3, 4, 5, 5])
        close(round)
        with django_assert_max_num_queries(100) as captured:
            compute_round(round_id=round.pk)
        return len(captured)

    assert queries(2) == queries(12)


def test_closing_through_the_service_runs_the_job(django_capture_on_commit_callbacks):
    study = make_panel_study((6,))
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.first(), [4, 4, 5, 5, 4, 3])
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round)
    job = Job.objects.get()
    assert (job.kind, job.status, job.percent) == ("consensus.compute_round", "done", 100)
    assert job.result["result_hash"] == Computation.objects.get().result_hash
    assert Round.objects.get(pk=round.pk).status == RoundStatus.ANALYSED


def test_an_open_round_is_not_computed():
    round = make_round(make_panel_study((6,)))
    with pytest.raises(WrongState):
        compute_round(round_id=round.pk)
    assert not Computation.objects.exists()


def test_rounds_that_were_closed_but_never_computed_are_asked_for_once():
    round = close(make_round(make_panel_study((6,))))
    assert request_missing_computations() == 1
    assert Job.objects.get().params == {"round_id": round.pk}
    assert request_missing_computations() == 0


def test_the_command_recomputes_a_round_and_refuses_an_open_one(capsys):
    study = make_panel_study((6,))
    round = make_round(study)
    with pytest.raises(CommandError, match="not closed"):
        call_command("recompute_round", round.code)
    call_command("recompute_round", close(round).code)
    assert Computation.objects.get().result_hash in capsys.readouterr().out


def test_figures_without_an_interval_of_their_own_get_one_by_resampling_with_the_rounds_seed():
    _study, rounds = two_rounds((6, 6))
    computation = compute_round(round_id=rounds[0].pk)
    rows = computation.item_results.filter(question__key="importance", group=None)
    for row in rows:
        held = row.statistics
        for name in ("agreement", "consensus", "rand_ucla"):
            assert held[name]["ci_low"] <= held[name]["ci_high"]
            assert "multinomial bootstrap" in held[name]["ci_method"]
        low, high = held["describe"]["iqr_ci"]
        assert low <= held["describe"]["iqr"] <= high
    grouped = computation.item_results.filter(question__key="importance", group__key="academia").first()
    assert "ci_low" not in grouped.statistics["agreement"]
    assert computation.method["resampled_counts_draws"] == 400
    assert set(computation.method["resampled_counts_of"]) == {"agreement", "consensus", "iqr", "rand_ucla"}
