"""Counts of a corpus's chunks, kept between scans."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scanning.models import Corpus, Scan


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
