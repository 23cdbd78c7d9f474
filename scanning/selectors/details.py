"""One candidate with all that a reviewer judges it by."""

from dataclasses import dataclass

from scanning import how
from scanning.charts import Bar, KindRow, kind_rows, yearly_bars
from scanning.models import Candidate, Decision, Evidence
from scanning.selectors.board import candidates_of
from scanning.selectors.judging import Judging, judging_of
from scanning.selectors.lineage import merged_into
from scanning.services.undoing import last_decision
from surveys.models import Study

BEFORE, AFTER = 140, 260
SHOWN = 30


@dataclass(frozen=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True)
class Exhibit:
    """A supporting document with the places to highlight; `clipped` when the passage is not all of it."""

    evidence: Evidence
    title: list[Piece]
    passage: list[Piece]
    whole: list[Piece]
    clipped: bool
    from_merged: bool


@dataclass(frozen=True)
class Detail:
    candidate: Candidate
    exhibits: list[Exhibit]
    bars: list[Bar]
    found: list[str]
    again: list[Candidate]
    signals: list[str]
    score_parts: list[dict]
    similar: list[dict]
    merged: list[Candidate]
    parts: list[Candidate]
    decisions: list[Decision]
    undoable: Decision | None
    earlier: list[Candidate]
    seen: int
    is_quoted: bool
    is_composed: bool
    kinds: list[KindRow]
    judging: Judging


def find_candidate(study: Study, code: str) -> Candidate | None:
    """The candidate with this code; for one that was found again, the one that it joined."""
    joined = Candidate.objects.filter(study=study, code=code).values_list("again_of__code", flat=True).first()
    code = joined or code
    return (
        candidates_of(study)
        .select_related(
            "scan__corpus", "field", "topic", "technology", "merged_into", "split_from", "study__panel"
        )
        .filter(code=code)
        .first()
    )


def detail(candidate: Candidate, reader=None) -> Detail:
    merged = merged_into(candidate)
    decisions = list(candidate.decisions.select_related("undone_by", "reviewer"))
    whole = [candidate, *merged]
    again = list(Candidate.objects.filter(again_of__in=whole).select_related("scan__corpus").order_by("pk"))
    exhibits = _exhibits(candidate, merged, again)
    summary = candidate.scan.summary if candidate.scan else {}
    return Detail(
        candidate=candidate,
        exhibits=exhibits,
        bars=yearly_bars(candidate.yearly, summary.get("yearly_total", {}).get(candidate.language)),
        found=how.sentences(candidate),
        again=again,
        signals=how.signal_sentences(candidate),
        score_parts=how.score_parts(candidate),
        similar=_similar(candidate),
        merged=merged,
        parts=list(candidate.parts.all()),
        decisions=decisions,
        undoable=last_decision(candidate),
        earlier=_earlier(candidate),
        seen=len(decisions),
        is_quoted=is_quoted(candidate),
        is_composed=is_composed(candidate),
        kinds=kind_rows(candidate.signals.get("by_kind", {}), candidate.yearly),
        judging=judging_of(candidate, reader),
    )


def _exhibits(candidate: Candidate, merged: list[Candidate], again: list[Candidate]) -> list[Exhibit]:
    rows = (
        Evidence.objects.filter(candidate__in=[candidate, *merged, *again])
        .select_related("document")
        .order_by("-weight", "pk")
    )
    best: dict[int, Evidence] = {}
    for row in rows[: 4 * SHOWN]:
        if row.document_id not in best or row.candidate_id == candidate.pk:
            best.setdefault(row.document_id, row)
    others = {each.pk for each in merged}
    return [_exhibit(row, row.candidate_id in others) for row in list(best.values())[:SHOWN]]


def _exhibit(row: Evidence, from_merged: bool) -> Exhibit:
    places = row.passages or ([[row.part, row.start, row.end]] if row.end else [])
    abstract = row.document.abstract
    spans = [(start, end) for part, start, end in places if part == "abstract"]
    low, high = _window(abstract, spans)
    return Exhibit(
        evidence=row,
        title=pieces(row.document.title, [(start, end) for part, start, end in places if part == "title"]),
        passage=pieces(abstract, spans, low, high),
        whole=pieces(abstract, spans),
        clipped=(low, high) != (0, len(abstract)),
        from_merged=from_merged,
    )


def is_quoted(candidate: Candidate) -> bool:
    """Whether its description is still the sentence that the machine took from a document."""
    quoted = (candidate.how.get("description") or {}).get("text")
    return bool(quoted) and quoted in candidate.description.values()


def is_composed(candidate: Candidate) -> bool:
    """Whether its description is still what the machine made of the counts, for want of a sentence."""
    composed = candidate.how.get("composed")
    return bool(composed) and candidate.description == composed


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """From a little before the first place to a little after it, cut at blanks where there are some."""
    start, end = min(spans, default=(0, 0))
    low, high = max(0, start - BEFORE), min(len(text), end + AFTER)
    if low and (blank := text.find(" ", low, start)) > 0:
        low = blank + 1
    if high < len(text) and (blank := text.rfind(" ", end, high)) > 0:
        high = blank
    return low, high


def pieces(text: str, spans: list[tuple[int, int]], low: int = 0, high: int | None = None) -> list[Piece]:
    """The text between `low` and `high`, cut at the places to highlight. Templates escape each piece."""
    high = len(text) if high is None else min(high, len(text))
    result, at = [], low
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, high)
        if start >= end:
            continue
        if start > at:
            result.append(Piece(text[at:start], False))
        result.append(Piece(text[start:end], True))
        at = end
    if at < high:
        result.append(Piece(text[at:high], False))
    return result


def _similar(candidate: Candidate) -> list[dict]:
    """Neighbours found by the scan, with their candidate where one was proposed."""
    named = {other["name"]: other for other in candidate.how.get("similar", [])}
    rows = candidates_of(candidate.study).filter(scan=candidate.scan_id, mined_name__in=list(named))
    proposed = {row.mined_name: row for row in rows.exclude(pk=candidate.pk)} if named else {}
    return [other | {"candidate": proposed.get(name)} for name, other in named.items()]


def _earlier(candidate: Candidate) -> list[Candidate]:
    """What was decided of the same name in other scans of this study."""
    rows = candidates_of(candidate.study).filter(
        mined_name__iexact=candidate.mined_name, language=candidate.language
    )
    return list(rows.exclude(pk=candidate.pk).exclude(status="pending").select_related("scan__corpus")[:5])
