"""Ask for more evidence: documents of the corpus that name a candidate and are not attached to it yet."""

from django.db import transaction
from django.db.models import Q

from scanning.enums import DecisionAction
from scanning.models import Candidate, Decision, Document, Evidence
from scanning.services.mentions import whole_mention
from scanning.services.review import decide, held, snapshot
from surveys.models import Study

MOST = 20
LOOKED_AT = 400
WEIGHT = 0.1  # after what the scan itself chose


@transaction.atomic
def fetch_evidence(*, candidate: Candidate, actor, seen: int | None = None) -> tuple[int, Decision | None]:
    """Attach up to twenty more documents. Returns how many, and the decision that says so."""
    candidate = held(candidate, actor, seen)
    rows = _found(candidate)
    if not rows:
        return 0, None
    for row in rows:
        row.candidate = candidate
    Evidence.objects.bulk_create(rows)
    same = snapshot(candidate)
    return len(rows), decide(candidate, actor, DecisionAction.EVIDENCE, (same, same), note=f"+{len(rows)}")


def _found(candidate: Candidate) -> list[Evidence]:
    names = names_of(candidate)
    rows: list[Evidence] = []
    for document in _documents(candidate, names)[:LOOKED_AT]:
        if row := whole_mention(names, document, WEIGHT):
            rows.append(row)
        if len(rows) == MOST:
            break
    return rows


def names_of(candidate: Candidate) -> list[str]:
    names = [candidate.mined_name, *candidate.name.values(), *candidate.variants]
    return list(dict.fromkeys(name for name in names if len(name) > 1))


def find_places_again(documents: list[Document]) -> None:
    """Documents were reworded by an import: mark the places in what they say now, none where the name is gone."""
    rows = Evidence.objects.filter(document__in=documents).select_related("candidate", "document")
    changed = list(rows)
    for row in changed:
        found = whole_mention(names_of(row.candidate), row.document, row.weight)
        row.part, row.start, row.end = (found.part, found.start, found.end) if found else ("abstract", 0, 0)
        row.passages = found.passages if found else []
    Evidence.objects.bulk_update(changed, ["part", "start", "end", "passages"], batch_size=200)


def _documents(candidate: Candidate, names: list[str]):
    """Newest first, of the scan's corpus, or of all corpora of the study for what a person added."""
    study: Study = candidate.study
    documents = Document.objects.visible().filter(corpus__study=study)
    if candidate.scan_id:
        documents = documents.filter(corpus__scans=candidate.scan_id)
    named = Q()
    for name in names[:8]:
        named |= Q(title__icontains=name) | Q(abstract__icontains=name)
    return documents.filter(named).exclude(evidence__candidate=candidate).order_by("-year", "pk")
