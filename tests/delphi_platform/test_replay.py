"""A real two-round elicitation, played through the services and checked against plain pandas and SciPy."""

import os
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from scipy import stats as scipy_stats

from consensus.models import FrozenFeedback, ItemResult, PanelResult, StabilityResult, Verdict
from surveys.models import Answer, Study

DATA = os.environ.get("DELPHI_DATA_DIR")
FILE = Path(DATA or ".") / "two_round_elicitation" / "estimates.csv"
needs_data = [pytest.mark.realdata, pytest.mark.skipif(not DATA, reason="DELPHI_DATA_DIR is unset")]
IN, OUT = (60, 100), (0, 40)


def run(file: Path) -> str:
    out = StringIO()
    call_command("replay_elicitation", str(file), stdout=out)
    return out.getvalue()


def in_band(values: pd.Series, band: tuple[int, int]) -> float:
    return float(values.between(*band).mean())


def key_of(result) -> str:
    """The file's number of the claim, from its name."""
    return result.technology.name["en"].removeprefix("Claim ")


@pytest.mark.django_db(transaction=True)
class TestTheReplay:
    pytestmark = needs_data

    def test_every_figure_equals_an_independent_computation(self):
        said = run(FILE)
        assert "Round 1: 625 estimates, Analysed" in said
        assert "Round 2: 625 estimates, Analysed" in said
        estimates = pd.read_csv(FILE, dtype={"item": str, "expert": str})
        study = Study.objects.get()
        assert Answer.objects.filter(round__study=study).count() == len(estimates) == 1250
        self.locations(study, estimates)
        self.groups(study, estimates)
        self.stability(study, estimates)
        self.concordance(study, estimates)
        self.verdicts(study, estimates)
        self.feedback(study, estimates)

    def results(self, study, **fields):
        found = ItemResult.objects.filter(computation__round__study=study, **fields)
        return found.select_related("technology", "group", "computation__round")

    def locations(self, study, estimates):
        found = list(self.results(study, group=None))
        assert len(found) == 50
        for result in found:
            number = result.computation.round.number
            rows = estimates[(estimates["round"] == number) & (estimates["item"] == key_of(result))]
            for column, figures in (
                ("best", result.statistics["describe"]),
                ("lower", result.statistics["low"]),
                ("upper", result.statistics["high"]),
            ):
                values = rows[column]
                expected = np.quantile(values, [0.25, 0.5, 0.75])  # NumPy's default is type 7
                assert [figures["q1"], figures["median"], figures["q3"]] == pytest.approx(expected)
                assert figures["mean"] == pytest.approx(values.mean())
                assert figures["sd"] == pytest.approx(values.std(ddof=1))
                assert figures["iqr"] == pytest.approx(expected[2] - expected[0])
            assert (result.n, result.n_cannot_judge, result.n_missing) == (25, 0, 0)
            assert (result.q1, result.median, result.q3) == pytest.approx(
                np.quantile(rows["best"], [0.25, 0.5, 0.75])
            )
            assert result.share == pytest.approx(in_band(rows["best"], IN))
            low, high = wilson(result.share, 25)
            assert result.statistics["share"]["ci_low"] == pytest.approx(low)
            assert result.statistics["share"]["ci_high"] == pytest.approx(high)

    def groups(self, study, estimates):
        found = list(self.results(study, group__isnull=False))
        assert len(found) == 250
        for result in found:
            rows = estimates[
                (estimates["round"] == result.computation.round.number)
                & (estimates["item"] == key_of(result))
                & (estimates["group"] == result.group.name["en"])
            ]
            assert result.n == len(rows) == 5
            assert result.median == pytest.approx(rows["best"].median())

    def stability(self, study, estimates):
        found = StabilityResult.objects.filter(computation__round__study=study).select_related("technology")
        assert found.count() == 25
        wide = estimates.pivot_table(index=["item", "expert"], columns="round", values="best")
        for result in found:
            pairs = wide.loc[key_of(result)]
            first, second = pairs[1], pairs[2]
            figures = result.statistics
            assert result.n_pairs == 25
            assert result.unchanged == pytest.approx((first == second).mean())
            moved = (first.value_counts().sub(second.value_counts(), fill_value=0)).abs().sum() / 2 / 25
            assert figures["net_change"]["value"] == pytest.approx(moved)
            rho = scipy_stats.spearmanr(first, second)
            assert figures["spearman"]["value"] == pytest.approx(rho.statistic)
            cv = [values.std(ddof=1) / values.mean() for values in (first, second)]
            assert figures["cv_change"]["value"] == pytest.approx(cv[1] - cv[0])
            iqr = [scipy_stats.iqr(values) for values in (first, second)]
            assert figures["convergence_rate"]["value"] == pytest.approx(1 - iqr[1] / iqr[0])
            # Zeros by Pratt, normal approximation: what SciPy computes without its faulty exact branch.
            z = scipy_stats.wilcoxon(second, first, zero_method="pratt", method="asymptotic").zstatistic
            assert abs(figures["wilcoxon"]["z"]) == pytest.approx(abs(z), rel=1e-6)

    def concordance(self, study, estimates):
        found = PanelResult.objects.filter(computation__round__study=study, group=None)
        assert found.count() == 2
        for result in found.select_related("computation__round"):
            rows = estimates[estimates["round"] == result.computation.round.number]
            matrix = rows.pivot_table(index="expert", columns="item", values="best")
            ranks = matrix.rank(axis=1)
            m, n = matrix.shape
            s = ((ranks.sum() - m * (n + 1) / 2) ** 2).sum()
            ties = sum(sum(t**3 - t for t in row.value_counts()) for _expert, row in ranks.iterrows())
            assert result.statistics["kendall_w"]["value"] == pytest.approx(
                12 * s / (m**2 * (n**3 - n) - m * ties)
            )

    def verdicts(self, study, estimates):
        found = Verdict.objects.filter(computation__round__study=study).select_related(
            "technology", "computation__round"
        )
        assert found.count() == 50
        for verdict in found:
            item = key_of(verdict)
            assert verdict.verdict == expected_verdict(estimates, item, verdict.computation.round.number)

    def feedback(self, study, estimates):
        frozen = FrozenFeedback.objects.filter(round__study=study, round__number=1).select_related(
            "technology"
        )
        assert frozen.count() == 25
        for row in frozen:
            shown = row.payload["questions"]["probability"]
            values = estimates[(estimates["round"] == 1) & (estimates["item"] == key_of(row))]["best"]
            assert shown["median"] == pytest.approx(values.median())


def wilson(share: float, n: int) -> tuple[float, float]:
    z = scipy_stats.norm.ppf(0.975)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def expected_verdict(estimates: pd.DataFrame, item: str, number: int) -> str:
    """The template's rule by hand: stable first, then three quarters in one of the bands."""
    rounds = {n: rows["best"] for n, rows in estimates[estimates["item"] == item].groupby("round")}
    if number == 1:
        return "open"
    cv = [rounds[n].std(ddof=1) / rounds[n].mean() for n in (1, 2)]
    if abs(cv[1] - cv[0]) > 0.2:
        return "open"
    if in_band(rounds[2], IN) >= 0.75:
        return "consensus_in"
    return "consensus_out" if in_band(rounds[2], OUT) >= 0.75 else "stable_disagreement"


@pytest.mark.django_db
def test_a_malformed_file_is_refused_with_line_numbers_and_nothing_is_stored(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(
        "round,item,expert,group,best,lower,upper\n"
        "1,100,ana,A,50,40,60\n"
        "1,100,bo,A,many,40,60\n"
        "1,100,cy,A,50,60,70\n"
    )
    with pytest.raises(CommandError) as refused:
        run(file)
    assert "line 3" in str(refused.value)
    assert "line 4: needs 0 <= lower <= best <= upper <= 100" in str(refused.value)
    assert not Study.objects.exists()


@pytest.mark.django_db
def test_a_file_without_the_columns_is_refused(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("round,item\n1,2\n")
    with pytest.raises(CommandError, match="best, expert, group, lower, upper"):
        run(file)
