"""Corpora with what they hold, and monitors with how they stand."""

from collections.abc import Iterable

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Prefetch, QuerySet, Subquery

from scanning.models import Corpus, CorpusFile, Document, Monitor, MonitorRun, Scan
from surveys.models import Study


def corpora_of(study: Study) -> QuerySet[Corpus]:
    """Each corpus with its documents counted and the years they span; files come with it."""
    documents = Document.objects.visible().filter(corpus=OuterRef("pk")).order_by().values("corpus")

    def figure(expression):
        return Subquery(documents.annotate(figure=expression).values("figure"), output_field=IntegerField())

    return (
        study.corpora.kept()
        .annotate(
            n_documents=figure(Count("pk")), first_year=figure(Min("year")), last_year=figure(Max("year"))
        )
        .prefetch_related(Prefetch("files", CorpusFile.objects.kept().select_related("job")))
        .order_by("name")
    )


def empty_corpora(corpora: Iterable[Corpus]) -> list[Corpus]:
    """Those that hold nothing and wait for nothing: their files were refused or stopped."""
    return [
        each
        for each in corpora
        if not each.n_documents and not any(file.job and file.job.is_active for file in each.files.all())
    ]


def removed_corpora(study: Study) -> QuerySet[Corpus]:
    return study.corpora.filter(removed_at__isnull=False).order_by("-removed_at")


def corpus_to_fill(study: Study, name: str) -> Corpus | None:
    """A corpus of this name that holds nothing yet: a file that is mended and sent again belongs there."""
    named = study.corpora.kept().filter(name=" ".join(name.split())[:200]).select_related("study__panel")
    return named.filter(documents=None).order_by("pk").first()


def scanned_corpora(study: Study) -> QuerySet[Corpus]:
    """Corpora with a list of candidates, whose order a formula can change."""
    done = Scan.objects.filter(corpus=OuterRef("pk"), finished_at__isnull=False, watching=False)
    return study.corpora.kept().filter(Exists(done)).order_by("name")


def monitors_of(study: Study) -> QuerySet[Monitor]:
    """Kept monitors, each with its last run, the alerts of that run, and how the newest stands."""
    latest = MonitorRun.objects.filter(monitor=OuterRef("pk"), concluded_at__isnull=False).order_by("-number")
    newest = MonitorRun.objects.filter(monitor=OuterRef("pk")).order_by("-number")
    return (
        Monitor.objects.kept()
        .filter(corpus__study=study)
        .select_related("corpus")
        .annotate(
            last_number=Subquery(latest.values("number")[:1]),
            last_at=Subquery(latest.values("concluded_at")[:1]),
            last_alerts=Subquery(latest.values("alerts")[:1]),
            newest_state=Subquery(newest.values("scan__job__status")[:1]),
            newest_concluded=Subquery(newest.values("concluded_at")[:1]),
        )
        .order_by("name", "pk")
    )
