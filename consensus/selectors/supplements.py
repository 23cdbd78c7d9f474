"""Reading the figures beside a round's statistics; small groups are kept back here, as in `results`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consensus.enums import SupplementKind
from consensus.models import Computation, Supplement
from consensus.selectors.results import analysed
from consensus.suppress import shown_groups
from surveys.models import Study


def supplements(computations: Sequence[Computation], kind: str) -> dict[int, dict[str, Any]]:
    """By computation, in one query."""
    rows = Supplement.objects.filter(computation__in=list(computations), kind=kind)
    return dict(rows.values_list("computation_id", "figures"))


def without_supplements(study: Study) -> list[Computation]:
    """Analysed rounds whose figures beside the statistics were never written: results of an older version."""
    found = analysed(study)
    known = supplements(found, SupplementKind.AUTHORITY)
    return [computation for computation in found if computation.pk not in known]


def authority_shown(figures: dict[str, Any], minimum: int) -> dict[str, Any]:
    """Without coefficients of fewer members than the minimum, and without groups that subtraction would reveal."""
    panel = figures["panel"]
    if panel is None or panel["n_basis"] < minimum:
        return figures | {"panel": None, "groups": {}, "technologies": {}}
    kept = set(figures["groups"])
    for count in ("n_used", "n_basis"):
        sizes = {key: row[count] for key, row in figures["groups"].items()}
        kept &= shown_groups(sizes, panel[count], minimum)
    return figures | {
        "groups": {key: row for key, row in figures["groups"].items() if key in kept},
        "technologies": {
            key: row for key, row in figures["technologies"].items() if row["n_basis"] >= minimum
        },
    }
