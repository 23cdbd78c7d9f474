"""Moderation of what experts write: reasons, replies, proposals. One way for all, singly or many at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services.audit import record
from surveys.enums import MODERATED, Moderation
from surveys.exceptions import WrongState
from surveys.models import Proposal, Reason, Reply, Study

KINDS: dict[str, type[Reason] | type[Reply] | type[Proposal]] = {
    "reason": Reason,
    "reply": Reply,
    "proposal": Proposal,
}
Entry = Reason | Reply | Proposal


def new_state(study: Study) -> str:
    """Before a text is shown, or after: as the protocol says."""
    return Moderation.PENDING if study.moderate_reasons else Moderation.APPROVED


def state_after_edit(entry: Entry, study: Study) -> str:
    """Of an author whose text was kept back the next one is read first, whatever the protocol says.

    A text that was judged and then taken back does not get round that by being sent once more.
    """
    taken_back = entry.moderation == Moderation.WITHDRAWN and entry.moderated_at is not None
    kept_back = entry.moderation == Moderation.REJECTED or taken_back
    return Moderation.PENDING if entry.pk and kept_back else new_state(study)


@transaction.atomic
def moderate(*, entry: Entry, actor, decision: str, note: str = "", seen_revision: int) -> Entry:
    """Show a text to others, keep it back, or (pending) undo either.

    Refused when its author changed it after it was read, or took it back.
    """
    study = entry.round.study
    require(actor, study.panel, Capability.MODERATE)
    if decision not in MODERATED:
        raise InvalidInput
    model = type(entry)
    changed = (
        model.objects.filter(pk=entry.pk, revision=seen_revision)
        .exclude(moderation=Moderation.WITHDRAWN)
        .update(
            moderation=Moderation(decision),
            moderation_note=note.strip()[:500],
            moderated_by=actor,
            moderated_at=timezone.now(),
        )
    )
    if not changed:
        raise WrongState
    entry.refresh_from_db()
    kind = next(name for name, each in KINDS.items() if each is model)
    record(
        stream=study.stream,
        action=f"{kind}.{decision}",
        actor=actor,
        target=f"{kind} {entry.code}",
        detail={"note": entry.moderation_note, "revision": seen_revision},
    )
    return entry


def moderate_many(*, study: Study, actor, kind: str, seen: dict[str, int], decision: str) -> tuple[int, int]:
    """Decide on several texts as they were read. Returns how many were, and how many had changed meanwhile."""
    require(actor, study.panel, Capability.MODERATE)
    if kind not in KINDS:
        raise InvalidInput(_("Choose what to decide on."))
    entries = (
        KINDS[kind].objects.filter(round__study=study, code__in=seen).select_related("round__study__panel")
    )
    done = changed = 0
    for entry in entries:
        try:
            moderate(entry=entry, actor=actor, decision=decision, seen_revision=seen[entry.code])
        except WrongState:
            changed += 1
        else:
            done += 1
    return done, changed
