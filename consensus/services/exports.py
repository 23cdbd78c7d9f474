"""Exports: requested, written by a job, handed out for a while, removed."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import timedelta

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consensus.enums import FORMATS, ExportFormat, ExportKind
from consensus.exceptions import ExportExpired, ExportNotReady
from consensus.exports.registry import CONTENTS, COUNTS, WRITERS
from consensus.models import ExportFile
from experts.enums import Capability
from experts.permissions import require
from foundation.enums import ACTIVE_JOBS
from foundation.exceptions import InvalidInput
from foundation.localized import LANGUAGES
from foundation.services.audit import record
from foundation.services.jobs import Progress, request_job
from surveys.models import Study

EXPORT = "consensus.export"
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def request_export(*, study: Study, actor, kind: str, format: str, language: str = "en") -> ExportFile:
    """Ask for an export. The same one, still being written, is returned instead of a second."""
    require(actor, study.panel, Capability.EXPORT)
    kind, format = ExportKind(kind), ExportFormat(format)
    if format not in FORMATS[kind]:
        raise InvalidInput(errors={"format": [_("This content does not come in this format.")]})
    language = language if language in LANGUAGES else LANGUAGES[0]
    waiting = ExportFile.objects.filter(
        study=study, kind=kind, format=format, language=language, job__status__in=ACTIVE_JOBS
    ).first()
    if waiting is not None:
        return waiting
    export = ExportFile.objects.create(
        study=study,
        kind=kind,
        format=format,
        language=language,
        requested_by=actor,
        expires_at=timezone.now() + KEPT_FOR,
    )
    export.job = request_job(
        kind=EXPORT,
        params={"export_id": export.pk},
        label=f"{kind.value}.{format}",
        stream=study.stream,
        dedupe_key=f"export:{export.pk}",
        actor=actor,
    )
    export.save(update_fields=["job"])
    record(
        stream=study.stream,
        action="export.requested",
        actor=actor,
        target=f"export {export.code}",
        detail={"kind": kind, "format": format, "language": language},
    )
    return export


def write_export(*, export_id: int, progress: Progress | None = None) -> ExportFile | None:
    """Write the file. A second run finds it written, or writes the same bytes again."""
    export = ExportFile.objects.select_related("study__panel").filter(pk=export_id).first()
    if export is None or export.file:
        return export
    study, writer = export.study, WRITERS[export.format]()
    total = max(1, COUNTS[export.kind](study))

    def note(done: int) -> None:
        if progress is not None:
            progress.update(min(done, total), total)

    with tempfile.TemporaryFile() as target, override(export.language):
        writer.write(target, CONTENTS[export.kind](study), note)
        note(total)
        export.sha256, export.size = _measured(target)
        name = f"exports/{study.code}/{export.sha256[:24]}-{export.code}.{writer.suffix}"
        target.seek(0)
        export.file.name = default_storage.save(name, File(target))
    export.save(update_fields=["file", "sha256", "size"])
    return export


def _measured(target) -> tuple[str, int]:
    target.seek(0)
    digest = hashlib.file_digest(target, "sha256").hexdigest()
    return digest, target.tell()


def open_export(*, export: ExportFile, actor):
    """The file, for one download. Permission is asked each time: roles change while a file waits."""
    require(actor, export.study.panel, Capability.EXPORT)
    if export.expires_at <= timezone.now():
        raise ExportExpired
    if not export.file:
        raise ExportNotReady
    record(
        stream=export.study.stream,
        action="export.downloaded",
        actor=actor,
        target=f"export {export.code}",
        detail={"sha256": export.sha256},
    )
    return export.file.open("rb")


def download_name(export: ExportFile) -> str:
    """What the file is called on the reader's disk: study, content, day."""
    day = export.created_at.date().isoformat()
    return f"{export.study.code}-{export.kind}-{day}-{export.sha256[:8]}.{WRITERS[export.format]().suffix}"


def purge_exports() -> int:
    """Remove the files of exports that have expired; the rows stay as a record. Returns how many."""
    expired = ExportFile.objects.filter(expires_at__lte=timezone.now()).exclude(file="")
    for export in expired:
        export.file.delete(save=False)
        export.save(update_fields=["file"])
    return len(expired)
