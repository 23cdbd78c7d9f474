"""What scanning reads, and its readings: corpora, files, documents, scans."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.models import Job
from scanning.enums import (
    DocumentKind,
    ImportStatus,
)
from surveys.models import Study


class DocumentQuerySet(models.QuerySet):
    def visible(self):
        """Documents of files whose import is complete and that nobody removed."""
        return self.filter(
            Q(source_file=None) | Q(source_file__status=ImportStatus.IMPORTED, source_file__removed_at=None)
        )


class KeptQuerySet(models.QuerySet):
    def kept(self):
        """Those that nobody removed."""
        return self.filter(removed_at=None)


class Corpus(models.Model):
    """A collection of documents that scans of one study read."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="corpora")
    name = models.CharField(_("name"), max_length=200)
    formula = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Weights that order its candidates; empty: those of the recipe."),
    )
    column_map = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What the columns of its tables mean, as a person said: field, header."),
    )
    import_turn = models.CharField(
        max_length=40, blank=True, editable=False, help_text=_("Lease of the job that imports now.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "corpora"

    def __str__(self):
        return self.name


class CorpusFile(models.Model):
    """One imported file: what was read of it, and what was refused, with line numbers."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    file = models.FileField(upload_to="corpora/%Y/%m/", blank=True)
    format = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=DocumentKind.choices, default=DocumentKind.PAPER)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=ImportStatus.choices, default=ImportStatus.WAITING)
    n_read = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_updated = models.PositiveIntegerField(default=0)
    n_duplicates = models.PositiveIntegerField(default=0)
    n_gaps = models.PositiveIntegerField(
        default=0, help_text=_("Records kept though a date or an identifier of theirs could not be read.")
    )
    n_left_out = models.PositiveIntegerField(default=0, help_text=_("Records without any text."))
    errors = models.JSONField(default=list, help_text=_("Line number and reason."))
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name


class Document(models.Model):
    """One record of a corpus."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="documents")
    source_file = models.ForeignKey(
        CorpusFile, null=True, on_delete=models.SET_NULL, related_name="documents"
    )
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=DocumentKind.choices, default=DocumentKind.PAPER)
    source = models.CharField(max_length=120, blank=True)
    database = models.CharField(max_length=20, blank=True, help_text=_("Whose export it came from."))
    title = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    countries = models.JSONField(default=list, blank=True)
    organisations = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=40, help_text=_("Of the normalised title."))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["corpus", "external_id"], name="document_once_in_corpus"),
        ]
        indexes = [
            models.Index(fields=["corpus", "year"], name="document_by_year"),
            models.Index(fields=["corpus", "fingerprint"], name="document_by_fingerprint"),
        ]

    def __str__(self):
        return self.title[:80] or self.external_id

    @property
    def named(self) -> bool:
        """Whether the identifier is the source's own, not one made from the title."""
        return not self.external_id.startswith("title:")


class Scan(models.Model):
    """One run of the mining recipe over a corpus, with everything needed to run it again."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="scans")
    recipe = models.JSONField(default=dict)
    method = models.CharField(max_length=60, blank=True)
    summary = models.JSONField(default=dict, help_text=_("Documents read, years, durations, memory."))
    network = models.JSONField(default=dict, help_text=_("Names and which of them share documents."))
    watching = models.BooleanField(
        default=False, help_text=_("Run by a monitor: its candidates are held back.")
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.corpus} {self.code}"


class CountedChunk(models.Model):
    """What mining counted in one stretch of documents. The key is a hash of all that the counts depend on: the
    documents' texts, the recipe's reading rules and the program that read them. A row that is not counted yet waits
    for the scan that planned it last, or for its helpers."""

    corpus = models.ForeignKey(Corpus, on_delete=models.CASCADE, related_name="counted_chunks")
    key = models.CharField(max_length=64)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.SET_NULL, related_name="+")
    first = models.PositiveBigIntegerField(help_text=_("Key of its first document."))
    last = models.PositiveBigIntegerField(help_text=_("Key of its last document."))
    size = models.PositiveIntegerField(help_text=_("Documents in it."))
    data = models.BinaryField(default=b"")
    counted_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=100, blank=True, help_text=_("Who is counting it now."))
    held_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["corpus", "key"], name="chunk_counted_once"),
        ]
        indexes = [models.Index(fields=["scan", "first"], name="chunks_to_count")]

    def __str__(self):
        return f"{self.corpus_id} {self.first}-{self.last}"
