"""What the review board reads."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from scanning.enums import CandidateStatus
from scanning.models import Candidate, Scan
from surveys.models import Study

SORTS = {
    "rank": ("rank", "pk"),
    "growth": (F("growth").desc(nulls_last=True), "rank", "pk"),
    "documents": ("-n_documents", "rank", "pk"),
    "score": ("-score", "rank", "pk"),
}
PAGE = 40


@dataclass(frozen=True)
class Filter:
    """Which part of the queue a reviewer looks at; it travels in the address."""

    status: str = CandidateStatus.PENDING
    language: str = ""
    words: str = ""
    sort: str = "rank"
    scan: str = ""

    @classmethod
    def of(cls, data) -> "Filter":
        status = data.get("status", CandidateStatus.PENDING)
        sort = data.get("sort", "rank")
        return cls(
            status=status
            if status in {*CandidateStatus.values, "all", "promoted"}
            else CandidateStatus.PENDING,
            language=data.get("language", "") if data.get("language") in ("en", "zh") else "",
            words=data.get("q", "").strip()[:100].replace("\0", ""),
            sort=sort if sort in SORTS else "rank",
            scan=data.get("scan", "")[:16].replace("\0", ""),
        )

    def as_query(self) -> dict:
        plain = Filter()
        pairs = {
            "status": self.status,
            "language": self.language,
            "q": self.words,
            "sort": self.sort,
            "scan": self.scan,
        }
        unset = {"status": plain.status, "language": "", "q": "", "sort": "rank", "scan": ""}
        return {name: value for name, value in pairs.items() if value != unset[name]}


def candidates_of(study: Study) -> QuerySet[Candidate]:
    return Candidate.objects.visible().filter(study=study)


def queue(study: Study, chosen: Filter) -> QuerySet[Candidate]:
    rows = candidates_of(study)
    if chosen.status == "promoted":
        rows = rows.exclude(technology=None)
    elif chosen.status != "all":
        rows = rows.filter(status=chosen.status)
    if chosen.language:
        rows = rows.filter(language=chosen.language)
    if chosen.scan:
        rows = rows.filter(scan__code=chosen.scan)
    if chosen.words:
        rows = rows.filter(named_like(chosen.words))
    return rows.order_by(*SORTS[chosen.sort])


def named_like(words: str) -> Q:
    return (
        Q(name__en__icontains=words)
        | Q(**{"name__zh-hans__icontains": words})
        | Q(mined_name__icontains=words)
    )


def merge_targets(candidate: Candidate, words: str) -> list[Candidate]:
    rows = candidates_of(candidate.study).filter(
        status__in=(CandidateStatus.PENDING, CandidateStatus.ACCEPTED)
    )
    if words:
        return list(rows.exclude(pk=candidate.pk).filter(named_like(words)).order_by("rank", "pk")[:12])
    similar = [other["name"] for other in candidate.how.get("similar", [])]
    return list(
        rows.exclude(pk=candidate.pk)
        .filter(scan=candidate.scan_id, mined_name__in=similar)
        .order_by("rank")[:12]
    )


def progress(study: Study) -> dict[str, int]:
    """How far the review is: candidates by state, all, and those decided."""
    counted = candidates_of(study).aggregate(
        all=Count("pk"),
        promoted=Count("pk", filter=Q(technology__isnull=False)),
        waiting=Count("pk", filter=Q(status=CandidateStatus.ACCEPTED, technology=None)),
        **{status.value: Count("pk", filter=Q(status=status)) for status in CandidateStatus},
    )
    return counted | {"reviewed": counted["all"] - counted["pending"]}


def scans_of(study: Study) -> QuerySet[Scan]:
    """Scans that people started; those of monitors are on the monitors' pages."""
    return (
        Scan.objects.filter(corpus__study=study, watching=False)
        .select_related("corpus", "job", "created_by")
        .annotate(
            n_candidates=Count("candidates"),
            n_pending=Count("candidates", filter=Q(candidates__status=CandidateStatus.PENDING)),
        )
        .order_by("-created_at", "-pk")
    )
