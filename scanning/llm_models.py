"""What a language model was asked and what it suggested. Part of `scanning.models`: import it from there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.models import Job
from scanning.enums import CallStatus, SuggestionKind, SuggestionStatus, SummaryStatus
from surveys.models import Round, Study, Technology


class ModelCall(models.Model):
    """One request to the model: what it cost and what became of it. Prompts and names of persons are not kept."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="model_calls")
    task = models.CharField(max_length=20)
    prompt_version = models.CharField(max_length=40)
    model = models.CharField(max_length=100)
    host = models.CharField(max_length=255)
    repair = models.BooleanField(default=False)
    request_hash = models.CharField(
        max_length=64, db_index=True, help_text=_("Equal requests are answered once.")
    )
    answer = models.JSONField(
        null=True, blank=True, help_text=_("As it came; checked again whenever it is used.")
    )
    faults = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=CallStatus.choices, default=CallStatus.BEGUN)
    error = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tokens = models.PositiveIntegerField(
        default=0, help_text=_("Counted against the budget: reserved while it runs, then used.")
    )
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["study", "created_at"], name="model_call_by_study")]

    def __str__(self):
        return f"{self.task} {self.code}"


class Suggestion(models.Model):
    """What a model proposes for one candidate. It changes nothing until a person accepts it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    candidate = models.ForeignKey("scanning.Candidate", on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=SuggestionKind.choices)
    content = models.JSONField(default=dict)
    call = models.ForeignKey(ModelCall, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=40)
    status = models.CharField(
        max_length=10, choices=SuggestionStatus.choices, default=SuggestionStatus.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "kind", "model", "prompt_version"],
                name="suggestion_once_per_model_and_prompt",
            ),
        ]

    def __str__(self):
        return f"{self.candidate_id} {self.kind}"


class ReasonSummary(models.Model):
    """The reasons about one technology in one round, in sentences that cite them. Shown when a person approved it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reason_summaries")
    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="reason_summaries")
    sentences = models.JSONField(default=list, help_text=_("Text, and code and revision of each reason."))
    n_reasons = models.PositiveIntegerField(default=0)
    call = models.ForeignKey(ModelCall, null=True, on_delete=models.SET_NULL, related_name="summaries")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=SummaryStatus.choices, default=SummaryStatus.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["technology", "-created_at", "-pk"]
        verbose_name_plural = "reason summaries"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "technology"],
                condition=Q(status=SummaryStatus.APPROVED),
                name="one_approved_summary",
            ),
            models.UniqueConstraint(
                fields=["round", "technology"],
                condition=Q(status=SummaryStatus.WAITING),
                name="one_waiting_summary",
            ),
        ]

    def __str__(self):
        return f"{self.round} {self.technology_id}"
