"""Taking files and corpora away that no list rests on, and bringing them back.

What is removed leaves the pages at once. The uploaded file is kept; its documents are deleted when the next file is
imported, and are imported anew when it is brought back after that.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.enums import ACTIVE_JOBS
from foundation.exceptions import Refusal
from foundation.services.audit import record
from scanning.enums import ImportStatus
from scanning.exceptions import ListsRest
from scanning.models import Candidate, Corpus, CorpusFile, Evidence, Monitor, Scan
from scanning.services.corpora import request_import


def lists_on_file(corpus_file: CorpusFile) -> QuerySet[Scan]:
    """Scans and runs of monitors that read its corpus since it was uploaded."""
    return _lists(corpus_file.corpus).filter(created_at__gte=corpus_file.created_at)


def lists_on_corpus(corpus: Corpus) -> QuerySet[Scan]:
    return _lists(corpus)


def _lists(corpus: Corpus) -> QuerySet[Scan]:
    alive = Q(finished_at__isnull=False) | Q(job__status__in=ACTIVE_JOBS)
    return corpus.scans.filter(alive).select_related("monitor_run__monitor").order_by("-created_at", "-pk")


def cited_by(documents: Q) -> QuerySet[Candidate]:
    """Candidates that a person gave evidence of these documents."""
    rows = Evidence.objects.filter(documents)
    return Candidate.objects.filter(pk__in=rows.values("candidate")).order_by("pk")


def watched_by(corpus: Corpus) -> QuerySet[Monitor]:
    return corpus.monitors.kept()


@transaction.atomic
def remove_file(*, corpus_file: CorpusFile, actor) -> None:
    corpus = _held(corpus_file.corpus, actor)
    corpus_file = CorpusFile.objects.select_related("job").get(pk=corpus_file.pk)
    if corpus_file.removed_at:
        return
    _refuse_at_work([corpus_file])
    if lists_on_file(corpus_file).exists() or cited_by(Q(document__source_file=corpus_file)).exists():
        raise ListsRest
    CorpusFile.objects.filter(pk=corpus_file.pk).update(removed_at=timezone.now())
    _record(corpus, actor, "corpus.file_removed", target=corpus_file.name, file=corpus_file.code)


@transaction.atomic
def remove_corpus(*, corpus: Corpus, actor) -> None:
    corpus = _held(corpus, actor)
    if corpus.removed_at:
        return
    _refuse_at_work(list(corpus.files.kept().select_related("job")))
    if watched_by(corpus).exists():
        raise ListsRest(_("A monitor watches this corpus. Remove the monitor first."))
    if lists_on_corpus(corpus).exists() or cited_by(Q(document__corpus=corpus)).exists():
        raise ListsRest
    now = timezone.now()
    files = corpus.files.kept().update(removed_at=now)
    Corpus.objects.filter(pk=corpus.pk).update(removed_at=now)
    _record(corpus, actor, "corpus.removed", files=files)


@transaction.atomic
def bring_back_file(*, corpus_file: CorpusFile, actor) -> None:
    corpus = _held(corpus_file.corpus, actor)
    if corpus.removed_at:
        raise Refusal(_("This corpus was removed. Bring it back first."))
    if CorpusFile.objects.filter(pk=corpus_file.pk, removed_at__isnull=False).update(removed_at=None):
        corpus_file.refresh_from_db()
        _record(corpus, actor, "corpus.file_brought_back", target=corpus_file.name, file=corpus_file.code)
        _import_what_is_gone(corpus_file, actor)


@transaction.atomic
def bring_back_corpus(*, corpus: Corpus, actor) -> None:
    """With the files that were removed together with it."""
    corpus = _held(corpus, actor)
    if corpus.removed_at is None:
        return
    files = list(corpus.files.filter(removed_at=corpus.removed_at))
    Corpus.objects.filter(pk=corpus.pk).update(removed_at=None)
    CorpusFile.objects.filter(pk__in=[each.pk for each in files]).update(removed_at=None)
    _record(corpus, actor, "corpus.brought_back", files=len(files))
    for corpus_file in files:
        corpus_file.refresh_from_db()
        _import_what_is_gone(corpus_file, actor)


def _held(corpus: Corpus, actor) -> Corpus:
    require(actor, corpus.study.panel, Capability.REVIEW)
    rows = Corpus.objects.select_for_update(of=("self",)).select_related("study__panel")
    return rows.get(pk=corpus.pk)


def _refuse_at_work(files: list[CorpusFile]) -> None:
    if any(each.job and each.job.is_active for each in files):
        raise Refusal(_("A file is being imported. Stop the import or wait for its end first."))


def _import_what_is_gone(corpus_file: CorpusFile, actor) -> None:
    complete = corpus_file.documents.count() >= corpus_file.n_new
    if corpus_file.status == ImportStatus.IMPORTED and not complete:
        request_import(corpus_file=corpus_file, actor=actor, anew=True)


def _record(corpus: Corpus, actor, action: str, target: str = "", **detail) -> None:
    record(
        stream=corpus.study.stream,
        action=action,
        actor=actor,
        target=target or corpus.name,
        detail={"corpus": corpus.code, **detail},
    )
