"""What has become part of a candidate: merged into it, directly or through others, and found again by later scans."""

from scanning.models import Candidate, Evidence


def merged_into(candidate: Candidate) -> list[Candidate]:
    """All that ended in this one, nearest first. One query for each step of the longest chain."""
    found: dict[int, Candidate] = {}
    ends = [candidate.pk]
    while ends:
        step = Candidate.objects.filter(merged_into__in=ends).exclude(pk__in=[candidate.pk, *found])
        rows = {row.pk: row for row in step.order_by("rank", "pk")}
        found |= rows
        ends = list(rows)
    return list(found.values())


def evidence_of(candidate: Candidate) -> list[Evidence]:
    """Its own passages and those of all that ended in it, one of each document, the heaviest first."""
    whole = [candidate.pk, *(row.pk for row in merged_into(candidate))]
    keys = Candidate.objects.filter(again_of__in=whole).values_list("pk", flat=True)
    rows = Evidence.objects.filter(candidate__in=[*whole, *keys]).select_related("document")
    best: dict[int, Evidence] = {}
    for row in rows.order_by("-weight", "pk"):
        best.setdefault(row.document_id, row)
    return list(best.values())
