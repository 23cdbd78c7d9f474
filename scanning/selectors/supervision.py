"""How the machine's proposals fared with the reviewers and with the panel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scanning.enums import CandidateStatus, DecisionAction, RejectReason
from scanning.models import Candidate, Decision, Scan
from scanning.selectors.board import candidates_of
from scanning.selectors.trial import Trial
from scanning.services.policies import policy_of
from scanning.services.review import BY_HAND
from scanning.textmining.agreement import Precision, edit_distance, edit_share, precision_at, wilson
from surveys.enums import Origin, TechnologyStatus, VerdictKind
from surveys.hooks import latest_verdicts
from surveys.models import Study

COLUMNS = (
    "pk",
    "scan_id",
    "method",
    "model",
    "prompt_version",
    "status",
    "language",
    "name",
    "mined_name",
    "rank",
    "how",
    "merged_into",
)


@dataclass
class MethodRow(Trial):
    """One method, with its model and prompt version where there is one."""

    method: str
    model: str
    prompt_version: str
    proposed: int = 0
    accepted: int = 0
    rejected: int = 0
    merged: int = 0
    split: int = 0
    reworded: int = 0
    edits: list[tuple[int, float]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    off: bool = False

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected + self.merged + self.split

    @property
    def kept(self) -> int:
        """Accepted. A merged one counts as decided, not as accepted."""
        return self.accepted

    def reason_list(self) -> list[tuple[str, int]]:
        labels = dict(RejectReason.choices)
        return [(str(labels.get(reason, reason)), n) for reason, n in self.reasons.most_common()]


def by_method(study: Study) -> list[MethodRow]:
    """Acceptance, edit distance and rejection reasons of what machines proposed; parts of a split are people's."""
    reasons = rejections(study)
    off = set(policy_of(study).methods_off)
    rows: dict[tuple[str, str, str], MethodRow] = {}
    for candidate in _proposed(study):
        key = (candidate.method, candidate.model, candidate.prompt_version)
        row = rows.setdefault(key, MethodRow(*key, off=candidate.method in off))
        row.proposed += 1
        _count(row, candidate, reasons)
    return sorted(rows.values(), key=lambda row: (row.method, row.model, row.prompt_version))


def _proposed(study: Study):
    rows = candidates_of(study).exclude(scan=None).filter(split_from=None).exclude(method=BY_HAND)
    return rows.only(*COLUMNS)


def _count(row: MethodRow, candidate: Candidate, reasons: dict[int, str]) -> None:
    if candidate.status == CandidateStatus.ACCEPTED:
        row.accepted += 1
        kept = candidate.name.get("en" if candidate.language == "en" else "zh-hans") or str(candidate.name)
        row.edits.append((edit_distance(candidate.mined_name, kept), edit_share(candidate.mined_name, kept)))
        row.reworded += candidate.mined_name != kept
    elif candidate.status == CandidateStatus.REJECTED:
        row.rejected += 1
        row.reasons[reasons.get(candidate.pk, "")] += 1
    elif candidate.status == CandidateStatus.MERGED:
        row.merged += 1
    elif candidate.status == CandidateStatus.SPLIT:
        row.split += 1


def rejections(study: Study) -> dict[int, str]:
    """The reason of each rejection that stands, by candidate."""
    rows = Decision.objects.filter(
        candidate__study=study, action=DecisionAction.REJECT, undone_by=None
    ).order_by("at", "pk")
    return dict(rows.values_list("candidate_id", "reject_reason"))


@dataclass(frozen=True)
class ScanPrecision:
    scan: Scan
    points: list[Precision]


def precision(study: Study, newest: int = 10) -> list[ScanPrecision]:
    """Of the first k places as the machine ordered them: how many of those judged were kept."""
    scans = list(
        Scan.objects.filter(corpus__study=study, finished_at__isnull=False, watching=False)
        .select_related("corpus")
        .order_by("-finished_at", "-pk")[:newest]
    )
    rows: dict[int, list[Candidate]] = {}
    for candidate in _listed(scans):
        rows.setdefault(candidate.scan_id, []).append(candidate)
    fates, result = Fates(study), []
    for scan in scans:
        found = sorted(rows.get(scan.pk, []), key=lambda row: row.how.get("mined_place", row.rank))
        points = precision_at([fates.kept(row.again_of_id or row.pk) for row in found])
        if any(point.judged for point in points):
            result.append(ScanPrecision(scan, points))
    return result


def _listed(scans: list[Scan]):
    """All that these scans listed, also what waited for review already."""
    rows = Candidate.objects.filter(scan__in=scans, held=False, split_from=None).exclude(method=BY_HAND)
    return rows.only(*COLUMNS, "again_of")


class Fates:
    """What became of candidates, followed through merges and splits. One query for all of a study."""

    def __init__(self, study: Study):
        rows = Candidate.objects.filter(study=study, held=False).order_by("pk")
        self.rows: dict[int, tuple[str, int | None]] = {}
        self.parts: dict[int, list[int]] = {}
        for pk, status, into, whole in rows.values_list("pk", "status", "merged_into", "split_from"):
            self.rows[pk] = (status, into)
            if whole:
                self.parts.setdefault(whole, []).append(pk)

    def kept(self, pk: int, passed: frozenset[int] = frozenset()) -> bool | None:
        """Kept: accepted, split with a kept part, or merged into a kept one. None: not judged yet."""
        status, into = self.rows.get(pk, ("", None))
        if pk in passed or status == CandidateStatus.PENDING:
            return None
        passed = passed | {pk}
        if status == CandidateStatus.MERGED and into:
            return self.kept(into, passed)
        if status == CandidateStatus.SPLIT:
            fates = [self.kept(part, passed) for part in self.parts.get(pk, [])]
            return True if True in fates else None if None in fates else False
        return status == CandidateStatus.ACCEPTED


@dataclass(frozen=True)
class OriginRow:
    """Technologies of one origin, and what the panel said of them."""

    origin: str
    label: str
    listed: int
    counts: list[int]
    judged: int
    final: int

    @property
    def share_in(self) -> float | None:
        return 100 * self.counts[0] / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        found = wilson(self.counts[0], self.judged)
        return (100 * found[0], 100 * found[1]) if found else None


def by_origin(study: Study) -> list[OriginRow]:
    """Verdicts by who proposed the technology; those with too few answers are not judged."""
    verdicts = latest_verdicts(study.pk)
    origins: dict[str, list[int]] = {}
    rows = study.technologies.filter(status=TechnologyStatus.ACTIVE).values_list("pk", "origin")
    for pk, origin in rows:
        origins.setdefault(origin, []).append(pk)
    return [
        _origin_row(origin, str(label), [verdicts.get(pk, "") for pk in origins[origin]])
        for origin, label in Origin.choices
        if origin in origins
    ]


def _origin_row(origin: str, label: str, verdicts: list[str]) -> OriginRow:
    counts = [verdicts.count(kind.value) for kind in VerdictKind]
    few = verdicts.count(VerdictKind.TOO_FEW)
    judged = sum(counts) - few
    return OriginRow(origin, label, len(verdicts), counts, judged, judged - verdicts.count(VerdictKind.OPEN))
