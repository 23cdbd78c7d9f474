"""Corpora and the files that are received for them."""

import hashlib
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput, Refusal
from foundation.models import Job
from foundation.services import jobs
from foundation.services.audit import record
from scanning.enums import DocumentKind, ImportStatus
from scanning.formats.columns import ALIASES
from scanning.models import Corpus, CorpusFile
from surveys.models import Study

IMPORT = "scanning.import_file"


@transaction.atomic
def create_corpus(*, study: Study, actor, name: str) -> Corpus:
    require(actor, study.panel, Capability.REVIEW)
    name = " ".join(str(name).split())
    if not name:
        raise InvalidInput(errors={"name": [_("Give the corpus a name.")]})
    corpus = Corpus(study=study, name=name[:200], created_by=actor)
    corpus.save()
    record(stream=study.stream, action="corpus.created", actor=actor, target=corpus.name)
    return corpus


def receive_file(
    *, corpus: Corpus, actor, file: File, name: str = "", kind: str = DocumentKind.PAPER, format: str = ""
) -> CorpusFile:
    """Keep an uploaded file (it is never served) and ask for its import. Its name is a label, not a path."""
    study = corpus.study
    require(actor, study.panel, Capability.REVIEW)
    if corpus.removed_at:
        raise Refusal(_("This corpus was removed. Bring it back first."))
    name = PurePosixPath((name or file.name or "corpus").replace("\\", "/")).name[:255]
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise InvalidInput(errors={"file": [_("The file is larger than this platform accepts.")]})
    if not file.size:
        raise InvalidInput(errors={"file": [_("The file is empty.")]})
    digest = _hash(file)
    corpus_file = CorpusFile(
        corpus=corpus,
        name=name,
        kind=DocumentKind(kind),
        format=format,
        size=file.size,
        sha256=digest,
    )
    # The stored name is drawn, so that nothing of an uploaded name reaches the file system.
    corpus_file.file.save(f"{corpus_file.code}.data", file, save=False)
    with transaction.atomic():
        corpus_file.save()
        record(
            stream=study.stream,
            action="corpus.file_received",
            actor=actor,
            target=name,
            detail={"corpus": corpus.code, "sha256": digest, "size": file.size},
        )
        request_import(corpus_file=corpus_file, actor=actor)
    return corpus_file


def request_import(*, corpus_file: CorpusFile, actor, anew: bool = False) -> Job:
    """Ask for the import of a file; asked twice, it is done once. `anew`: its documents were deleted since."""
    corpus = corpus_file.corpus
    require(actor, corpus.study.panel, Capability.REVIEW)
    if corpus_file.removed_at:
        raise Refusal(_("This file was removed. Bring it back first."))
    if corpus_file.status == ImportStatus.IMPORTED and not anew:
        raise Refusal(_("This file has been imported already."))
    job = jobs.request_job(
        kind=IMPORT,
        params={"file": corpus_file.pk},
        label=corpus_file.name,
        stream=corpus.study.stream,
        dedupe_key=f"file:{corpus_file.code}",
        actor=actor,
    )
    # Not save(): with an eager queue the job may have run already and written its own columns.
    CorpusFile.objects.filter(pk=corpus_file.pk).update(job=job, status=ImportStatus.WAITING, errors=[])
    corpus_file.refresh_from_db()
    return job


@transaction.atomic
def map_columns(*, corpus_file: CorpusFile, actor, mapping: dict[str, str]) -> None:
    """Remember for the corpus what the columns of its tables mean, and read this file once more."""
    corpus = corpus_file.corpus
    require(actor, corpus.study.panel, Capability.REVIEW)
    if corpus_file.status == ImportStatus.IMPORTED:
        raise Refusal(_("This file has been imported already."))
    unknown = set(mapping) - set(ALIASES)
    if unknown or not {"title", "abstract"} & set(mapping) or not all(mapping.values()):
        raise InvalidInput(errors={"columns": [_("Say which column holds the title or the abstract.")]})
    corpus.column_map = {field: " ".join(str(header).split())[:200] for field, header in mapping.items()}
    corpus.save(update_fields=["column_map"])
    CorpusFile.objects.filter(pk=corpus_file.pk).update(format="")
    record(
        stream=corpus.study.stream,
        action="corpus.columns_mapped",
        actor=actor,
        target=corpus.name,
        detail={"corpus": corpus.code, "columns": corpus.column_map},
    )
    request_import(corpus_file=corpus_file, actor=actor)


def cancel_import(*, corpus_file: CorpusFile, actor) -> None:
    require(actor, corpus_file.corpus.study.panel, Capability.REVIEW)
    if corpus_file.job:
        jobs.cancel(job=corpus_file.job)


def _hash(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
