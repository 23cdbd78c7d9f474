"""The protocol: locked with a hash when round 1 opens; any later change is an amendment with a reason."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services.audit import SYSTEM, canonical_json, record, sha256
from surveys.enums import RoundStatus
from surveys.exceptions import ProtocolLocked
from surveys.models import ProtocolVersion, Study

POLICY_FIELDS = (
    "anonymity",
    "minimum_group",
    "quantile_type",
    "minimum_answers",
    "routing",
    "feedback_median",
    "feedback_distribution",
    "feedback_groups",
    "feedback_reasons",
    "moderate_reasons",
)
# Came after the first locked protocols: they enter the snapshot only where they are set, so that older hashes hold.
LATER_POLICY_FIELDS = (
    "expert_weights",
    "per_member",
    "per_technology",
    "unfamiliar_rule",
    "unfamiliar_at",
    "perspective",
    "consent",
)
LATER_QUESTION_FIELDS = ("settings",)
QUESTION_FIELDS = (
    "key",
    "type",
    "role",
    "asked_per",
    "text",
    "help",
    "minimum",
    "maximum",
    "low_label",
    "high_label",
    "unit",
    "required",
    "allow_cannot_judge",
    "ask_reason",
    "show_feedback",
    "position",
)


def snapshot(study: Study) -> dict:
    """Everything that is fixed before round 1, as plain data in a fixed order."""
    return {
        "study": study.code,
        "title": dict(study.title),
        "purpose": dict(study.purpose),
        "policies": {field: getattr(study, field) for field in POLICY_FIELDS}
        | {
            field: value
            for field in LATER_POLICY_FIELDS
            if (value := getattr(study, field)) or (value == 0 and value is not False)
        },
        "groups": [{"key": group.key, "name": dict(group.name)} for group in study.panel.groups.all()],
        "questions": [
            {field: getattr(question, field) for field in QUESTION_FIELDS}
            | {field: value for field in LATER_QUESTION_FIELDS if (value := getattr(question, field))}
            | {
                "choices": [
                    {"value": choice.value, "key": choice.key, "label": dict(choice.label)}
                    for choice in question.choices.all()
                ]
            }
            for question in study.questions.prefetch_related("choices")
        ],
        "criteria": [
            {"kind": criterion.kind, "question": criterion.question.key, "rule": criterion.expression}
            for criterion in study.criteria.select_related("question").order_by("kind")
        ],
    }


def _content_hash(study: Study) -> str:
    return sha256(canonical_json(snapshot(study)))


def lock_protocol(*, study: Study, actor) -> ProtocolVersion:
    """Write version 1. Called by the opening of round 1, inside its transaction."""
    return _write_version(study=study, actor=actor, number=1, reason="")


def _write_version(*, study: Study, actor, number: int, reason: str) -> ProtocolVersion:
    content = snapshot(study)
    version = ProtocolVersion.objects.create(
        study=study,
        number=number,
        snapshot=content,
        hash=sha256(canonical_json(content)),
        reason=reason,
        locked_by=actor if getattr(actor, "pk", None) else None,
        locked_by_label=getattr(actor, "audit_label", SYSTEM),
        locked_at=timezone.now(),
    )
    study.protocol_hash = version.hash
    study.protocol_locked_at = study.protocol_locked_at or version.locked_at
    study.save(update_fields=["protocol_hash", "protocol_locked_at", "updated_at"])
    record(
        stream=study.stream,
        action="protocol.locked" if number == 1 else "protocol.amended",
        actor=actor,
        target=f"protocol {number}",
        detail={"hash": version.hash, "reason": reason},
    )
    return version


@contextmanager
def protocol_change(*, study: Study, actor, reason: str = ""):
    """Surround every change of the protocol: free before the lock, an amendment with a reason after it."""
    with transaction.atomic():
        require(actor, study.panel, Capability.EDIT_STUDY)
        locked = Study.objects.select_for_update().get(pk=study.pk)
        if locked.is_locked and not reason.strip():
            raise ProtocolLocked
        before = _content_hash(locked) if locked.is_locked else ""
        yield
        if not locked.is_locked:
            return
        study.refresh_from_db()
        # Compared with before, not with the lock: of a study that was locked when a snapshot held less, a change
        # outside the protocol would else pass for an amendment.
        if _content_hash(study) == before:
            return
        number = study.protocol_versions.count() + 1
        _write_version(study=study, actor=actor, number=number, reason=reason.strip())


def refuse_if_answered(question) -> None:
    """A question that has answers keeps its type and scale: the answers would change their meaning."""
    if question.pk and question.answers.exists():
        raise InvalidInput(_("This question has answers. Its type, scale and options can no longer change."))


def refuse_while_asked(study: Study, words=None) -> None:
    """What is asked does not change under the hands of those who answer. Needs the lock of `protocol_change`."""
    if study.rounds.filter(status=RoundStatus.OPEN).exists():
        raise InvalidInput(
            words
            or _(
                "A round is open. Questions are added, removed, moved or given another scale between rounds."
            )
        )
