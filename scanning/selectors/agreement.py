"""How reviewers who judged blind agree. Only candidates that both have judged are counted: nothing is given away."""

from __future__ import annotations

from dataclasses import dataclass

from scanning.models import Opinion
from scanning.services.policies import REVIEWERS
from scanning.textmining.agreement import Agreement, agreement
from surveys.models import Study


@dataclass(frozen=True)
class PairRow:
    one: str
    other: str
    found: Agreement


@dataclass(frozen=True)
class ReviewerAgreement:
    n: int
    alike: int
    pairs: list[PairRow]

    @property
    def percent(self) -> float | None:
        return 100 * self.alike / self.n if self.n else None


def reviewer_agreement(study: Study) -> ReviewerAgreement:
    """Share judged alike over all candidates, and Cohen's kappa of each pair of reviewers."""
    judged: dict[int, list[tuple[tuple, str]]] = {}
    rows = Opinion.objects.filter(candidate__study=study).select_related("reviewer")
    for opinion in rows.order_by("candidate_id", "at", "pk"):
        who = (str(opinion.reviewer or opinion.reviewer_label), opinion.reviewer_id or 0)
        judged.setdefault(opinion.candidate_id, []).append((who, opinion.judgement))
    pairs: dict[tuple, list[tuple[str, str]]] = {}
    for opinions in judged.values():
        if len(opinions) == REVIEWERS:
            (one, first), (other, second) = sorted(opinions)
            pairs.setdefault((one, other), []).append((first, second))
    found = [PairRow(one[0], other[0], agreement(both)) for (one, other), both in sorted(pairs.items())]
    everything = [pair for both in pairs.values() for pair in both]
    return ReviewerAgreement(len(everything), sum(one == other for one, other in everything), found)
