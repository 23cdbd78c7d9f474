"""Suggestions beside the mined text, each text with the passages that it rests on."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from foundation.localized import Localized
from scanning.enums import SuggestionKind, SuggestionStatus
from scanning.forms import WordingForm
from scanning.models import Candidate, Evidence, Suggestion
from scanning.selectors.board import candidates_of
from scanning.services.review import OPEN
from scanning.services.suggesting import passage
from scanning.services.suggestions import CLAIMS, wording_of
from surveys.models import Field

LABELS = {"description": _("Description"), "scope_note": _("Scope"), "why": _("Why it may matter")}


@dataclass(frozen=True)
class Cited:
    text: str
    language: str
    year: int | None


@dataclass(frozen=True)
class Claim:
    label: str
    texts: list[tuple[str, str]]
    cited: list[Cited]


@dataclass
class Shown:
    """One suggestion as the board shows it."""

    suggestion: Suggestion
    names: list[tuple[str, str]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    subject: Field | None = None
    into: Candidate | None = None
    parts: list[str] = field(default_factory=list)
    form: WordingForm | None = None
    open: bool = False


def suggestions_of(candidate: Candidate) -> list[Shown]:
    """The newest of each kind: what an earlier model or prompt said of it is superseded."""
    rows = list({row.kind: row for row in candidate.suggestions.order_by("-kind", "pk")}.values())
    if not rows:
        return []
    keys = {key for row in rows for key in _evidence(row.content)}
    evidence = Evidence.objects.filter(pk__in=keys).select_related("document").in_bulk()
    targets = {row.content["into"] for row in rows if row.kind == SuggestionKind.MERGE}
    into = {row.code: row for row in candidates_of(candidate.study).filter(code__in=targets)}
    fields = {row.code: row for row in candidate.study.fields.all()}
    for row in rows:
        row.candidate = candidate
    return [_shown(row, evidence, into, fields) for row in rows]


def _evidence(content: dict) -> list[int]:
    claims = [content.get(claim, {}).get("evidence", []) for claim in CLAIMS]
    return [*content.get("evidence", []), *(key for keys in claims for key in keys)]


def _shown(row: Suggestion, evidence, into, fields) -> Shown:
    content, candidate = row.content, row.candidate
    shown = Shown(row, open=row.status == SuggestionStatus.WAITING and _decidable(candidate))
    if row.kind == SuggestionKind.WORDING:
        shown.names = list(content["name"].items())
        shown.subject = fields.get(content.get("field"))
        shown.claims = [
            _claim(LABELS[claim], content[claim]["text"], content[claim]["evidence"], evidence)
            for claim in CLAIMS
            if claim in content
        ]
        if shown.open:
            shown.form = wording_form(row)
        return shown
    shown.into, shown.parts = into.get(content.get("into")), content.get("names", [])
    shown.claims = [_claim(_("Because"), content["because"], content["evidence"], evidence)]
    return shown


def _decidable(candidate: Candidate) -> bool:
    return candidate.status in OPEN and candidate.technology_id is None


def _claim(label, texts: dict, keys: list[int], evidence: dict[int, Evidence]) -> Claim:
    cited = [evidence[key] for key in keys if key in evidence]
    return Claim(
        label,
        list(texts.items()),
        [Cited(passage(row), row.document.language, row.document.year) for row in cited],
    )


def wording_form(suggestion: Suggestion, data=None) -> WordingForm:
    initial = wording_of(suggestion)
    initial["name"] = Localized(initial["name"])
    initial["field"] = initial["field"].code if initial["field"] else None
    study = suggestion.candidate.study
    return WordingForm(data, study=study, initial=initial, auto_id=f"{suggestion.code}_%s")
