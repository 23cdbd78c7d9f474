"""Splitting a candidate that covers several technologies."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.exceptions import InvalidInput
from foundation.localized import Localized
from scanning.enums import CandidateStatus, DecisionAction
from scanning.models import Candidate, Decision, Evidence
from scanning.selectors.lineage import evidence_of
from scanning.services.findings import CONTENT_LANGUAGE
from scanning.services.mentions import mention
from scanning.services.review import OPEN, change, decide, held, refuse_promoted, snapshot

SPLIT = "split-1"
MOST_PARTS = 12


@transaction.atomic
def split(*, candidate: Candidate, names: list[str], actor, seen: int | None = None) -> Decision:
    """Replace one candidate by several. Each part gets the evidence that mentions it by name."""
    candidate = held(candidate, actor, seen)
    refuse_promoted(candidate)
    names = list(dict.fromkeys(" ".join(name.split())[:300] for name in names if name.strip()))
    if not 2 <= len(names) <= MOST_PARTS:
        raise InvalidInput(errors={"names": [_("Give between two and twelve names, one a line.")]})
    changed = change(candidate, OPEN, status=CandidateStatus.SPLIT)
    decision = decide(candidate, actor, DecisionAction.SPLIT, changed, note=", ".join(names)[:1000])
    evidence = evidence_of(candidate)
    for name in names:
        _part(candidate, name, evidence, actor)
    return decision


def _part(candidate: Candidate, name: str, evidence: list[Evidence], actor) -> None:
    rows = [row for each in evidence if (row := mention(name, each.document, each.weight))]
    yearly: dict[str, int] = {}
    for row in rows:
        if row.document.year:
            yearly[str(row.document.year)] = yearly.get(str(row.document.year), 0) + 1
    part = Candidate.objects.create(
        study=candidate.study,
        scan=candidate.scan,
        split_from=candidate,
        field=candidate.field,
        topic=candidate.topic,
        name=Localized({CONTENT_LANGUAGE.get(candidate.language, "en"): name}),
        mined_name=name,
        language=candidate.language,
        method=SPLIT,
        how={"split_from": candidate.mined_name},
        score=candidate.score,
        n_documents=len(rows),
        yearly=dict(sorted(yearly.items())),
        rank=candidate.rank,
    )
    for row in rows:
        row.candidate = part
    Evidence.objects.bulk_create(rows)
    decide(part, actor, DecisionAction.ADD, ({}, snapshot(part)))
