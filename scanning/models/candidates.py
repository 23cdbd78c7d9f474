"""What a scan proposes, on what evidence, and what reviewers did with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.localized import LocalizedField
from scanning.append_only import AppendOnly
from scanning.enums import (
    CandidateStatus,
    DecisionAction,
    RejectReason,
)
from scanning.models.corpora import Document, Scan
from surveys.models import Field, Study, Technology


class CandidateQuerySet(models.QuerySet):
    def visible(self):
        """Candidates of complete scans that are not held back, and those added by hand. What a later scan found
        again is seen with the one that was there."""
        return self.filter(Q(scan=None) | Q(scan__finished_at__isnull=False), held=False, again_of=None)


class Candidate(models.Model):
    """A proposed technology: the machine's until a person accepted it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="candidates")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="candidates")
    field = models.ForeignKey(
        Field, null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates"
    )
    name = LocalizedField(_("name"), max_length=300)
    description = LocalizedField(_("description"), max_length=4000, blank=True)
    mined_name = models.CharField(max_length=300, help_text=_("As the machine found it; never edited."))
    language = models.CharField(max_length=10, default="en")
    topic = models.ForeignKey(
        "Topic", null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates"
    )
    method = models.CharField(max_length=60)
    model = models.CharField(
        max_length=100, blank=True, help_text=_("Language model that wrote of it; blank: none.")
    )
    prompt_version = models.CharField(max_length=40, blank=True)
    how = models.JSONField(default=dict, help_text=_("How it was found, for people and machines."))
    variants = models.JSONField(default=list)
    score = models.FloatField(default=0)
    score_parts = models.JSONField(default=dict)
    signals = models.JSONField(default=dict)
    growth = models.FloatField(null=True, blank=True, help_text=_("Of the signals, to sort by."))
    n_documents = models.PositiveIntegerField(default=0)
    yearly = models.JSONField(default=dict, help_text=_("Documents per year."))
    rank = models.PositiveIntegerField(default=0)
    held = models.BooleanField(
        default=False,
        help_text=_("Found by a monitor; not on the review board until a person puts it there."),
    )
    status = models.CharField(max_length=10, choices=CandidateStatus.choices, default=CandidateStatus.PENDING)
    signed = models.BooleanField(default=False, help_text=_("A second person stands by the wording."))
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    again_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="found_again",
        help_text=_("Was on the board already when a later scan found it: judged together."),
    )
    technology = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.PROTECT, related_name="candidates"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["study", "status", "rank"], name="candidate_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=CandidateStatus.MERGED) | Q(merged_into__isnull=False),
                name="merged_candidate_names_its_target",
            ),
        ]

    def __str__(self):
        return str(self.name)


class Evidence(models.Model):
    """A document that supports a candidate, with the passage to highlight."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="evidence")
    part = models.CharField(max_length=10, default="abstract", help_text=_("title or abstract"))
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    passages = models.JSONField(default=list, help_text=_("All places: part, start, end."))
    weight = models.FloatField(default=1)

    class Meta:
        ordering = ["-weight", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "document"], name="evidence_once_per_document"),
        ]

    def __str__(self):
        return f"{self.candidate_id} {self.document_id}"


class Decision(AppendOnly):
    """What a reviewer did with a candidate. Never edited, never deleted."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=DecisionAction.choices)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200)
    reject_reason = models.CharField(max_length=16, choices=RejectReason.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.candidate_id} {self.action}"
