"""Corpora with what they hold, and monitors with how they stand."""

from django.db.models import Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery

from scanning.enums import ImportStatus
from scanning.models import Corpus, Document, Monitor, MonitorRun
from surveys.models import Study


def corpora_of(study: Study) -> QuerySet[Corpus]:
    """Each corpus with its documents counted and the years they span; files come with it."""
    seen = Q(source_file=None) | Q(source_file__status=ImportStatus.IMPORTED)
    documents = Document.objects.filter(seen, corpus=OuterRef("pk")).order_by().values("corpus")

    def figure(expression):
        return Subquery(documents.annotate(figure=expression).values("figure"), output_field=IntegerField())

    return (
        study.corpora.annotate(
            n_documents=figure(Count("pk")), first_year=figure(Min("year")), last_year=figure(Max("year"))
        )
        .prefetch_related("files__job")
        .order_by("name")
    )


def monitors_of(study: Study) -> QuerySet[Monitor]:
    """Kept monitors, each with its last run and the alerts of that run."""
    latest = MonitorRun.objects.filter(monitor=OuterRef("pk"), concluded_at__isnull=False).order_by("-number")
    return (
        Monitor.objects.kept()
        .filter(corpus__study=study)
        .select_related("corpus")
        .annotate(
            last_number=Subquery(latest.values("number")[:1]),
            last_at=Subquery(latest.values("concluded_at")[:1]),
            last_alerts=Subquery(latest.values("alerts")[:1]),
        )
        .order_by("name", "pk")
    )
