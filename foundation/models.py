"""What every app stands on: the audit chain, background jobs and outgoing mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.audit_words import target_in_words, words_of
from foundation.codes import new_code
from foundation.enums import ACTIVE_JOBS, JobStatus, MailStatus
from foundation.job_titles import title_of

SYSTEM = "system"  # who acted where nobody did


class AuditEntry(models.Model):
    """One change, chained by hash to the one before it in the same stream. Never edited, never deleted."""

    stream = models.CharField(max_length=60, help_text=_("What the chain is about, such as study:abc."))
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="audit_one_entry_per_place"),
        ]

    def __str__(self):
        return f"{self.stream}#{self.sequence} {self.action}"

    @property
    def words(self) -> str:
        return words_of(self.action)

    @property
    def about(self) -> str:
        return target_in_words(self.target)

    @property
    def who(self) -> str:
        """The account's name while it exists; then, as for members, what the entry itself keeps."""
        if self.actor:
            return str(self.actor)
        return gettext("The platform itself") if self.actor_label == SYSTEM else self.actor_label


class AuditHead(models.Model):
    """The end of one stream's chain. Writers lock this row, so that two never append to the same entry."""

    stream = models.CharField(max_length=60, primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.stream}#{self.sequence}"


class Job(models.Model):
    """A long piece of work: the truth about its progress and outcome, whatever happens to the queue."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=60, help_text=_("Name of the task that does the work."))
    label = models.CharField(max_length=200, blank=True)
    stream = models.CharField(max_length=60, blank=True, db_index=True)
    dedupe_key = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=JobStatus.choices, default=JobStatus.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    lease = models.CharField(max_length=40, blank=True, help_text=_("Which run holds the job now."))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="job_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                condition=Q(status__in=ACTIVE_JOBS) & ~Q(dedupe_key=""),
                name="job_one_active_per_key",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.code} ({self.status})"

    @property
    def title(self) -> str:
        return f"{title_of(self.kind)} · {self.label}" if self.label else title_of(self.kind)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE_JOBS

    @property
    def percent(self) -> int | None:
        """Progress from 0 to 100, or None while the size of the work is unknown."""
        return min(100, int(100 * self.done / self.total)) if self.total else None


class OutboxMail(models.Model):
    """A mail as it was written. Personal links are not in it: they are put in when it leaves or is viewed."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    stream = models.CharField(max_length=60, blank=True, db_index=True)
    kind = models.CharField(max_length=60)
    dedupe_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    to_address = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    link_reference = models.CharField(
        max_length=60, blank=True, help_text=_("Code of the personal link that replaces the placeholder.")
    )
    status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "created_at"], name="mail_by_status")]

    def __str__(self):
        return f"{self.kind} to {self.to_address}"
