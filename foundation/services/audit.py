"""The audit trail: append-only, each entry chained by hash to the one before it."""

import hashlib
import json
from datetime import UTC

from django.db import transaction
from django.utils import timezone

from foundation.models import SYSTEM, AuditEntry, AuditHead
from foundation.prepared import Prepared

PLATFORM = "platform"


def canonical_json(value) -> str:
    """Serialise so that equal content always yields equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _entry_hash(entry: AuditEntry) -> str:
    return sha256(
        canonical_json(
            [
                entry.stream,
                entry.sequence,
                entry.at.astimezone(UTC).isoformat(),
                entry.actor_label,
                entry.action,
                entry.target,
                entry.detail,
                entry.previous_hash,
            ]
        )
    )


@transaction.atomic(savepoint=False)  # no change goes in without its entry, so there is nothing to go back to
def record(*, stream: str, action: str, actor=None, actor_label="", target="", detail=None) -> AuditEntry:
    """Append one entry. `actor_label` is kept as written, so that history survives erasure of the person."""
    head = _locked_head(stream)
    entry = AuditEntry(
        stream=stream,
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor if getattr(actor, "pk", None) else None,
        actor_label=actor_label or getattr(actor, "audit_label", "") or SYSTEM,
        action=action,
        target=str(target)[:200],
        detail=json.loads(canonical_json(detail or {})),
        previous_hash=head.hash,
    )
    entry.hash = _entry_hash(entry)
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


_HEAD = Prepared(lambda stream: AuditHead.objects.select_for_update().filter(stream=stream))


def _locked_head(stream: str) -> AuditHead:
    """Everybody who changes something in this stream waits here for the transaction of the one before."""
    if head := _HEAD.first(stream=stream):
        return head
    AuditHead.objects.get_or_create(stream=stream)
    return AuditHead.objects.select_for_update().get(stream=stream)


def broken_links(stream: str) -> list[int]:
    """Sequence numbers at which the chain does not verify; empty when it is whole."""
    broken, previous, expected = [], "", 1
    for entry in AuditEntry.objects.filter(stream=stream).order_by("sequence").iterator():
        whole = (
            entry.sequence == expected
            and entry.previous_hash == previous
            and entry.hash == _entry_hash(entry)
        )
        if not whole:
            broken.append(entry.sequence)
        previous, expected = entry.hash, entry.sequence + 1
    return broken
