"""What a reviewer does with a suggestion. Accepting one makes the same decision that the reviewer's own form makes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.localized import Localized, localized
from foundation.services.audit import record
from scanning.enums import SuggestionKind, SuggestionStatus
from scanning.exceptions import AlreadyDecided
from scanning.models import Candidate, Suggestion
from scanning.services import review
from scanning.services.splitting import split
from surveys.models import Field

CLAIMS = ("description", "scope_note", "why")


def wording_of(suggestion: Suggestion) -> dict:
    """Name, description and field as accepting would write them. A language that was not suggested stays."""
    candidate, content = suggestion.candidate, suggestion.content
    written = localized(candidate.name) | content["name"]
    texts: dict[str, list[str]] = {}
    for claim in CLAIMS:
        for language, text in content.get(claim, {}).get("text", {}).items():
            texts.setdefault(language, []).append(text)
    description = localized(candidate.description) | {
        language: "\n\n".join(parts) for language, parts in texts.items()
    }
    field = Field.objects.filter(study=candidate.study_id, code=content.get("field") or "-").first()
    return {
        "name": Localized(written),
        "description": Localized(description),
        "field": field or candidate.field,
    }


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, actor, seen: int | None = None) -> None:
    candidate = suggestion.candidate
    _settle(suggestion, actor, SuggestionStatus.ACCEPTED)
    if suggestion.kind == SuggestionKind.WORDING:
        review.edit(
            candidate=candidate,
            actor=actor,
            seen=seen,
            suggested_by=_author(suggestion),
            **wording_of(suggestion),
        )
    elif suggestion.kind == SuggestionKind.MERGE:
        _merge(suggestion, actor, seen)
    else:
        split(candidate=candidate, names=suggestion.content["names"], actor=actor, seen=seen)


@transaction.atomic
def edit_suggestion(
    *, suggestion: Suggestion, actor, name, description=None, field=None, seen: int | None = None
) -> None:
    """Accept a wording as the reviewer rewrote it."""
    if suggestion.kind != SuggestionKind.WORDING:
        raise InvalidInput(_("Only a wording can be edited."))
    _settle(suggestion, actor, SuggestionStatus.EDITED)
    review.edit(
        candidate=suggestion.candidate,
        actor=actor,
        name=name,
        description=description,
        field=field,
        seen=seen,
        suggested_by=_author(suggestion),
    )


@transaction.atomic
def reject_suggestion(*, suggestion: Suggestion, actor) -> None:
    _settle(suggestion, actor, SuggestionStatus.REJECTED)


def _author(suggestion: Suggestion) -> dict:
    return {"model": suggestion.model, "prompt_version": suggestion.prompt_version}


def _merge(suggestion: Suggestion, actor, seen) -> None:
    candidate = suggestion.candidate
    target = Candidate.objects.filter(study=candidate.study_id, code=suggestion.content["into"]).first()
    if target is None:
        raise AlreadyDecided(candidate=candidate.code)
    review.merge(candidate=candidate, into=target, actor=actor, seen=seen)


def _settle(suggestion: Suggestion, actor, status: str) -> None:
    """Compare-and-set, and the audit entry: of two reviewers the second is told."""
    candidate = suggestion.candidate
    require(actor, candidate.study.panel, Capability.REVIEW)
    waiting = Suggestion.objects.filter(pk=suggestion.pk, status=SuggestionStatus.WAITING)
    changed = waiting.update(
        status=status, decided_by=actor, reviewer_label=actor.audit_label, decided_at=timezone.now()
    )
    if not changed:
        raise AlreadyDecided(candidate=candidate.code)
    suggestion.refresh_from_db(fields=["status", "decided_by", "reviewer_label", "decided_at"])
    record(
        stream=candidate.study.stream,
        action=f"suggestion.{status}",
        actor=actor,
        target=f"{candidate.code} {candidate.name}",
        detail={
            "suggestion": suggestion.code,
            "kind": suggestion.kind,
            "model": suggestion.model,
            "prompt": suggestion.prompt_version,
        },
    )
