import numpy as np
import pytest

from consensus.enums import ComputationStatus
from consensus.models import Computation, ItemResult
from consensus.services.compute import compute_round
from surveys.enums import RoundStatus, VerdictKind
from surveys.models import Round
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
