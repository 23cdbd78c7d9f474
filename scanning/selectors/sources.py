"""Corpora with what they hold."""

from django.db.models import Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery

from scanning.enums import ImportStatus
from scanning.models import Corpus, Document
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
