"""Review in pairs, topics as people shape them, and backtests. Part of `scanning.models`: import it from there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.localized import LocalizedField
from foundation.models import Job
from scanning.append_only import AppendOnly
from scanning.enums import Judgement, RejectReason, TopicAction, TopicStatus
from surveys.models import Study


class ReviewPolicy(models.Model):
    """How candidates of a study are reviewed. A study without a row has the defaults."""

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="review_policy")
    blind = models.BooleanField(
        _("Two reviewers judge each candidate, neither knowing what the other says"), default=False
    )
    sign_off = models.BooleanField(
        _("A second person signs each wording before it goes to the technology list"), default=False
    )
    methods_off = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "review policies"

    def __str__(self):
        return str(self.study)


class Opinion(AppendOnly):
    """One reviewer's judgement of a candidate, hidden from the other until both have judged."""

    candidate = models.ForeignKey("scanning.Candidate", on_delete=models.CASCADE, related_name="opinions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200)
    judgement = models.CharField(max_length=10, choices=Judgement.choices)
    reject_reason = models.CharField(max_length=16, choices=RejectReason.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "reviewer"], name="opinion_once_per_reviewer"),
        ]

    def __str__(self):
        return f"{self.candidate_id} {self.judgement}"


class Topic(models.Model):
    """Candidates of one scan that occur in the same documents: a place on the map, shaped by people."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    scan = models.ForeignKey("scanning.Scan", on_delete=models.CASCADE, related_name="topics")
    name = LocalizedField(_("name"), max_length=200)
    mined_name = models.CharField(max_length=300, help_text=_("As the machine named it; never edited."))
    number = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=TopicStatus.choices, default=TopicStatus.ACTIVE)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=TopicStatus.MERGED) | Q(merged_into__isnull=False),
                name="merged_topic_names_its_target",
            ),
        ]

    def __str__(self):
        return str(self.name)


class TopicDecision(AppendOnly):
    """What a reviewer did with a topic. `before` holds what an undo restores. Never edited, never deleted."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=TopicAction.choices)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewer_label = models.CharField(max_length=200)
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
        return f"{self.topic_id} {self.action}"


class Backtest(models.Model):
    """A list made as of an earlier year, and what became of it in the years that were hidden."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    corpus = models.ForeignKey("scanning.Corpus", on_delete=models.CASCADE, related_name="backtests")
    params = models.JSONField(default=dict, help_text=_("cut, horizon, factor, top, language"))
    result = models.JSONField(default=dict)
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
