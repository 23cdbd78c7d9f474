"""What reviewers decide about one candidate. Every decision is a row that is never changed again.

States change by compare-and-set: of two reviewers deciding at once the second is told what the first did.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.localized import localized
from foundation.services.audit import record
from scanning.enums import CandidateStatus, DecisionAction, RejectReason
from scanning.exceptions import AlreadyDecided, JudgedByTwo
from scanning.models import Candidate, Decision
from scanning.services.policies import REVIEWERS, policy_of
from surveys.models import Field, Study

OPEN = (CandidateStatus.PENDING, CandidateStatus.ACCEPTED)
BY_HAND = "by-hand-1"
_MACHINE_WRITTEN = ["scan", "mined_name", "how", "variants", "score_parts", "signals", "yearly"]
SNAPSHOT = (
    "status",
    "name",
    "description",
    "field_id",
    "model",
    "prompt_version",
    "signed",
    "merged_into_id",
    "technology_id",
)


def snapshot(candidate: Candidate) -> dict:
    """What a decision may change, as it is now."""
    values = {name: getattr(candidate, name) for name in SNAPSHOT}
    return {name: dict(value) if isinstance(value, dict) else value for name, value in values.items()}


def held(candidate: Candidate, actor, seen: int | None = None) -> Candidate:
    """The candidate as it is now, locked until the transaction ends, for somebody who may review it.

    `seen` is how many decisions the reviewer knew of; when there are more by now, the page was out of date.
    """
    require(actor, candidate.study.panel, Capability.REVIEW)
    fresh = Candidate.objects.visible().select_for_update(of=("self",)).filter(pk=candidate.pk).first()
    if fresh is None or (seen is not None and fresh.decisions.count() != seen):
        raise AlreadyDecided(candidate=candidate.code)
    return fresh


def change(candidate: Candidate, allowed: tuple, **values) -> tuple[dict, dict]:
    """Compare-and-set: write `values` if the status is still as it was and one of `allowed`."""
    before = snapshot(candidate)
    unchanged = Candidate.objects.filter(
        pk=candidate.pk, status=candidate.status, technology_id=candidate.technology_id
    )
    if candidate.status not in allowed or not unchanged.update(**values):
        raise AlreadyDecided(candidate=candidate.code)
    for name, value in values.items():
        setattr(candidate, name, value)
    return before, snapshot(candidate)


def decide(candidate: Candidate, actor, action: str, changed: tuple[dict, dict], **details) -> Decision:
    """Append the decision and the audit entry that goes with it."""
    before, after = changed
    differing = [name for name in SNAPSHOT if before.get(name) != after.get(name)]
    decision = Decision.objects.create(
        candidate=candidate,
        action=action,
        reviewer=actor,
        reviewer_label=actor.audit_label,
        before={name: before.get(name) for name in differing},
        after={name: after.get(name) for name in differing},
        at=timezone.now(),
        **details,
    )
    record(
        stream=candidate.study.stream,
        action=f"candidate.{action}",
        actor=actor,
        target=f"{candidate.code} {candidate.name}",
        detail={
            "before": decision.before,
            "after": decision.after,
            "note": decision.note,
            "reason": decision.reject_reason,
        },
    )
    return decision


@transaction.atomic
def accept(*, candidate: Candidate, actor, note: str = "", seen: int | None = None) -> Decision:
    candidate = held(candidate, actor, seen)
    refuse_alone(candidate)
    changed = change(candidate, (CandidateStatus.PENDING,), status=CandidateStatus.ACCEPTED)
    return decide(candidate, actor, DecisionAction.ACCEPT, changed, note=note[:1000])


@transaction.atomic
def reject(
    *, candidate: Candidate, actor, reason: str = "", note: str = "", seen: int | None = None
) -> Decision:
    if reason not in RejectReason.values:
        raise InvalidInput(errors={"reason": [_("Choose a reason from the list.")]})
    candidate = held(candidate, actor, seen)
    refuse_promoted(candidate)
    refuse_alone(candidate)
    changed = change(candidate, OPEN, status=CandidateStatus.REJECTED, signed=False)
    return decide(candidate, actor, DecisionAction.REJECT, changed, reject_reason=reason, note=note[:1000])


@transaction.atomic
def edit(
    *,
    candidate: Candidate,
    actor,
    name,
    description=None,
    field: Field | None = None,
    seen: int | None = None,
    suggested_by: dict | None = None,
) -> Decision | None:
    """Change the wording. What the machine called it stays in `mined_name`. None when nothing differs.

    `suggested_by` names the model and prompt version whose words the reviewer took over.
    """
    candidate = held(candidate, actor, seen)
    refuse_promoted(candidate)
    values = {"name": localized(name), "description": localized(description), "field": field}
    if field is not None and field.study_id != candidate.study_id:
        raise InvalidInput(errors={"field": [_("This field belongs to another study.")]})
    values |= suggested_by or {}
    for attribute in ("name", "description"):
        model_field = Candidate._meta.get_field(attribute)
        model_field.clean(values[attribute], candidate)
    if all(getattr(candidate, key) == value for key, value in values.items()):
        return None
    reworded = candidate.name != values["name"] or candidate.description != values["description"]
    signed = candidate.signed and not reworded  # who signed has not seen other words
    changed = change(candidate, OPEN, **values, signed=signed)
    return decide(candidate, actor, DecisionAction.EDIT, changed)


@transaction.atomic
def merge(
    *, candidate: Candidate, into: Candidate, actor, note: str = "", seen: int | None = None
) -> Decision:
    """Say that two candidates mean the same. The target shows the evidence of both."""
    # Both are locked, always in the same order: of two who merge them into each other the second is told.
    both = Candidate.objects.select_for_update(of=("self",)).filter(pk__in=(candidate.pk, into.pk))
    list(both.order_by("pk").values_list("pk", flat=True))
    candidate = held(candidate, actor, seen)
    refuse_promoted(candidate)
    target = Candidate.objects.visible().filter(pk=into.pk, study=candidate.study_id).first()
    if target is None or target.pk == candidate.pk:
        raise InvalidInput(errors={"into": [_("Choose another candidate of this study.")]})
    if target.status not in OPEN:
        raise AlreadyDecided(_("The candidate to merge into is no longer open."), candidate=target.code)
    changed = change(candidate, OPEN, status=CandidateStatus.MERGED, merged_into=target)
    return decide(candidate, actor, DecisionAction.MERGE, changed, note=note[:1000])


@transaction.atomic
def add_by_hand(*, study: Study, actor, name, description=None, field=None, note: str = "") -> Candidate:
    """A reviewer proposes a technology that no scan found. It is accepted: a person wrote it."""
    require(actor, study.panel, Capability.REVIEW)
    name = localized(name)
    _refuse_same_name(study, name)
    candidate = Candidate(
        study=study,
        name=name,
        description=localized(description),
        field=field,
        mined_name=name.text("en")[:300],
        language="en" if name.get("en") else "zh",
        method=BY_HAND,
        status=CandidateStatus.ACCEPTED,
    )
    candidate.full_clean(exclude=_MACHINE_WRITTEN)
    candidate.save()
    changed = ({}, snapshot(candidate))
    decide(candidate, actor, DecisionAction.ADD, changed, note=note[:1000])
    return candidate


def _refuse_same_name(study: Study, name: dict) -> None:
    """A name that is open on the board is decided there; a form sent twice adds once."""
    wanted = {(language, " ".join(text.casefold().split())) for language, text in name.items() if text}
    rows = Candidate.objects.visible().filter(study=study, status__in=OPEN)
    for code, known in rows.values_list("code", "name"):
        if wanted & {(language, " ".join(text.casefold().split())) for language, text in known.items()}:
            raise InvalidInput(
                errors={"name": [_("A candidate of this name is open on the review board.")]}, candidate=code
            )


def accept_many(*, candidates, actor, accept=accept) -> tuple[int, int]:
    """Accept each that is still to be reviewed. Returns how many were accepted and how many were not."""
    accepted = skipped = 0
    for candidate in candidates:
        try:
            accept(candidate=candidate, actor=actor)
            accepted += 1
        except AlreadyDecided:
            skipped += 1
    return accepted, skipped


def refuse_promoted(candidate: Candidate) -> None:
    if candidate.technology_id:
        raise AlreadyDecided(
            _("This candidate is on the technology list. Undo its promotion first, or edit it there."),
            candidate=candidate.code,
        )


def refuse_alone(candidate: Candidate) -> None:
    """Where two judge independently, nobody decides a pending candidate before both have."""
    if (
        candidate.status == CandidateStatus.PENDING
        and policy_of(candidate.study).blind
        and candidate.opinions.count() < REVIEWERS
    ):
        raise JudgedByTwo(candidate=candidate.code)
