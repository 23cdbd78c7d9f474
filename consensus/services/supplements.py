"""Figures beside a round's statistics: written with the round, or asked for later on the pages that show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from consensus.analysis.authority import authority
from consensus.analysis.positivity import positivity
from consensus.attrition.rounds import attrition_since
from consensus.counting.frame import Frame, frame_of
from consensus.enums import ComputationStatus, SupplementKind
from consensus.models import Computation, Supplement
from foundation.services.audit import canonical_json, sha256
from foundation.services.jobs import Progress

Maker = Callable[[Frame], dict[str, Any] | None]
MAKERS: dict[str, Maker] = {
    SupplementKind.AUTHORITY: lambda frame: authority(frame) | {"positivity": positivity(frame)},
    SupplementKind.ATTRITION: attrition_since,
}


def write_supplements(*, computation_id: int, progress: Progress | None = None) -> list[Supplement]:
    """Compute and store every kind. A computation that was superseded meanwhile is left alone."""
    computation = Computation.objects.select_related("round__study__panel").filter(pk=computation_id).first()
    if computation is None:
        return []
    frame = frame_of(computation.round)
    written = []
    for place, (kind, make) in enumerate(MAKERS.items()):
        figures = make(frame)
        if figures is not None:
            written += _store(computation, kind, figures)
        if progress is not None:
            progress.update(place + 1, len(MAKERS))
    return written


@transaction.atomic
def _store(computation: Computation, kind: str, figures: dict[str, Any]) -> list[Supplement]:
    current = Computation.objects.select_for_update().filter(
        pk=computation.pk, status=ComputationStatus.CURRENT
    )
    if not current.exists():
        return []
    row, _created = Supplement.objects.update_or_create(
        computation=computation,
        kind=kind,
        defaults={"figures": figures, "result_hash": sha256(canonical_json(figures))},
    )
    return [row]
