"""What the review board reads."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from scanning.enums import CandidateStatus
from scanning.models import Candidate, Opinion, Scan
from scanning.services.policies import REVIEWERS, policy_of
from scanning.services.review import BY_HAND
from surveys.models import Study

SORTS = {
    "rank": ("rank", "pk"),
    "growth": (F("growth").desc(nulls_last=True), "rank", "pk"),
    "documents": ("-n_documents", "rank", "pk"),
    "score": ("-score", "rank", "pk"),
}
PAGE = 40
CONFLICT, TO_SIGN = "conflict", "to_sign"
EXTRA = ("all", "promoted", CONFLICT, TO_SIGN)


@dataclass(frozen=True)
class Filter:
    """Which part of the queue a reviewer looks at; it travels in the address."""

    status: str = CandidateStatus.PENDING
    language: str = ""
    words: str = ""
    sort: str = "rank"
    scan: str = ""
    topic: str = ""

    @classmethod
    def of(cls, data) -> "Filter":
        status = data.get("status", CandidateStatus.PENDING)
        sort = data.get("sort", "rank")
        return cls(
            status=status if status in {*CandidateStatus.values, *EXTRA} else CandidateStatus.PENDING,
            language=data.get("language", "") if data.get("language") in ("en", "zh") else "",
            words=data.get("q", "").strip()[:100].replace("\0", ""),
            sort=sort if sort in SORTS else "rank",
            scan=data.get("scan", "")[:16].replace("\0", ""),
            topic=data.get("topic", "")[:16].replace("\0", ""),
        )

    def as_query(self) -> dict:
        plain = Filter()
        pairs = {
            "status": self.status,
            "language": self.language,
            "q": self.words,
            "sort": self.sort,
            "scan": self.scan,
            "topic": self.topic,
        }
        unset = {"status": plain.status, "language": "", "q": "", "sort": "rank", "scan": "", "topic": ""}
        return {name: value for name, value in pairs.items() if value != unset[name]}


def candidates_of(study: Study) -> QuerySet[Candidate]:
    return Candidate.objects.visible().filter(study=study)


def queue(study: Study, chosen: Filter, reviewer=None) -> QuerySet[Candidate]:
    rows = _in_state(candidates_of(study), study, chosen.status, reviewer)
    if chosen.language:
        rows = rows.filter(language=chosen.language)
    if chosen.scan:
        rows = rows.filter(Q(scan__code=chosen.scan) | Q(pk__in=_joined(scan__code=chosen.scan)))
    if chosen.topic:
        rows = rows.filter(Q(topic__code=chosen.topic) | Q(pk__in=_joined(topic__code=chosen.topic)))
    if chosen.words:
        rows = rows.filter(named_like(chosen.words))
    return rows.order_by(*SORTS[chosen.sort])


def _joined(**those) -> QuerySet:
    """What later scans found again, by those later ones."""
    return Candidate.objects.filter(**those).exclude(again_of=None).values("again_of")


def _in_state(rows: QuerySet[Candidate], study: Study, status: str, reviewer) -> QuerySet[Candidate]:
    if status == "all":
        return rows
    if status == "promoted":
        return rows.exclude(technology=None)
    if status == CONFLICT:
        return in_conflict(rows)
    if status == TO_SIGN:
        return to_sign(rows)
    rows = rows.filter(status=status)
    if status != CandidateStatus.PENDING:
        return rows
    policy = policy_of(study)
    if policy.methods_off:
        rows = rows.exclude(method__in=policy.methods_off)
    # Where two judge blind, what one has judged leaves that one's queue, whatever the other says.
    return rows.exclude(opinions__reviewer=reviewer) if policy.blind and reviewer else rows


def in_conflict(rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Pending although two have judged: they disagreed, or their decision was undone."""
    two = Opinion.objects.values("candidate").annotate(n=Count("pk")).filter(n__gte=REVIEWERS)
    return rows.filter(status=CandidateStatus.PENDING, pk__in=two.values("candidate"))


def to_sign(rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    accepted = rows.filter(status=CandidateStatus.ACCEPTED, technology=None, signed=False)
    return accepted.exclude(method=BY_HAND)


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
    rows = candidates_of(study)
    return counted | {
        "reviewed": counted["all"] - counted["pending"],
        CONFLICT: in_conflict(rows).count(),
        TO_SIGN: to_sign(rows).count(),
    }


def scans_of(study: Study) -> QuerySet[Scan]:
    """Scans that people started; those of monitors are on the monitors' pages."""
    return (
        Scan.objects.filter(corpus__study=study, watching=False)
        .select_related("corpus", "job", "created_by")
        .annotate(
            n_candidates=Count("candidates"),
            n_pending=Count(
                "candidates",
                filter=Q(candidates__status=CandidateStatus.PENDING, candidates__again_of=None),
            ),
        )
        .order_by("-created_at", "-pk")
    )
