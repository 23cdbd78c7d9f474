"""What the answers mean: computations, results, verdicts, frozen feedback, exports.

Statistics are stored as the JSON that `consensus.stats` results give of themselves (`as_dict()`), each with its
value, n used, n missing, method and, where undefined, the reason. Columns repeat only what lists sort by.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consensus.enums import ComputationStatus, ExportFormat, ExportKind, OpenBecause, SupplementKind
from experts.models import PanelGroup
from foundation.codes import new_code
from foundation.models import Job
from surveys.enums import VerdictKind
from surveys.models import Question, Round, Study, Technology


class Computation(models.Model):
    """One run of the statistics of a round. The current one is shown; older ones stay, with their hashes."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="computations")
    status = models.CharField(
        max_length=12, choices=ComputationStatus.choices, default=ComputationStatus.RUNNING
    )
    method = models.JSONField(default=dict, help_text=_("Quantile type, interval, seed, versions."))
    seed = models.BigIntegerField(default=0)
    input_hash = models.CharField(max_length=64, blank=True)
    result_hash = models.CharField(max_length=64, blank=True)
    n_members = models.PositiveIntegerField(default=0)
    n_participants = models.PositiveIntegerField(default=0)
    n_answers = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(status=ComputationStatus.CURRENT),
                name="one_current_computation_per_round",
            ),
        ]

    def __str__(self):
        return f"{self.round} {self.code}"


class ItemResult(models.Model):
    """Everything computed of one technology and one question, for the whole panel or one panel group."""

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="item_results")
    technology = models.ForeignKey(
        Technology, null=True, on_delete=models.PROTECT, related_name="item_results"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="item_results")
    group = models.ForeignKey(
        PanelGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="item_results"
    )
    n = models.PositiveIntegerField(help_text=_("Members who gave a value."))
    n_cannot_judge = models.PositiveIntegerField(default=0)
    n_missing = models.PositiveIntegerField(default=0, help_text=_("Asked, gave no answer."))
    values = models.JSONField(default=list, help_text=_("Distinct values, ascending."))
    counts = models.JSONField(default=list, help_text=_("How many members gave each value."))
    specials = models.JSONField(default=dict, help_text=_("How many gave each special answer."))
    median = models.FloatField(null=True)
    q1 = models.FloatField(null=True)
    q3 = models.FloatField(null=True)
    share = models.FloatField(null=True, help_text=_("Share in the protocol's agreement band."))
    statistics = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["computation", "technology", "question"],
                condition=Q(group=None),
                name="one_panel_result_per_item",
            ),
            models.UniqueConstraint(
                fields=["computation", "technology", "question", "group"],
                condition=Q(group__isnull=False),
                name="one_group_result_per_item",
            ),
        ]

    def __str__(self):
        return f"{self.technology} {self.question_id}"


class PanelResult(models.Model):
    """What is computed across technologies for one question: concordance, agreement among raters."""

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="panel_results")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="panel_results")
    group = models.ForeignKey(
        PanelGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="panel_results"
    )
    statistics = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.computation_id} {self.question_id}"


class StabilityResult(models.Model):
    """How the same members' answers moved from the previous round to this one."""

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="stability_results")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    previous_round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    n_pairs = models.PositiveIntegerField()
    unchanged = models.FloatField(null=True, help_text=_("Share of members who kept their answer."))
    statistics = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["computation", "technology", "question"], name="one_stability_result_per_item"
            ),
        ]

    def __str__(self):
        return f"{self.technology} {self.question_id}"


class Verdict(models.Model):
    """What the protocol's criteria say of one technology after one round, with the figures behind it."""

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="verdicts")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=20, choices=VerdictKind.choices)
    open_because = models.CharField(
        max_length=20, choices=OpenBecause.choices, blank=True, help_text=_("Why the verdict is open.")
    )
    is_stable = models.BooleanField(null=True, help_text=_("Unknown in the first round."))
    figures = models.JSONField(default=list, help_text=_("Each test: kind, measured, needed, passed."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["computation", "technology"], name="one_verdict_per_technology"),
        ]

    def __str__(self):
        return f"{self.technology}: {self.verdict}"


class FrozenFeedback(models.Model):
    """What the group's answers to one technology looked like at the end of a round, as later shown.

    Written once, by the computation that followed the closing; whatever is recomputed, this row stays.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="frozen_feedback")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="frozen_feedback")
    computation = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="frozen_feedback")
    payload = models.JSONField(
        help_text=_("By question key: figures, distribution, groups; and the reasons.")
    )
    hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "technology"], name="feedback_frozen_once"),
        ]

    def __str__(self):
        return f"{self.round_id} {self.technology_id}"


class Supplement(models.Model):
    """Figures beside a round's statistics that follow from the same answers: authority, attrition.

    One row of a kind for each computation, replaced when it is computed again.
    """

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="supplements")
    kind = models.CharField(max_length=12, choices=SupplementKind.choices)
    figures = models.JSONField(default=dict)
    result_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["computation", "kind"], name="one_supplement_of_a_kind"),
        ]

    def __str__(self):
        return f"{self.computation_id} {self.kind}"


class ExportFile(models.Model):
    """A finished or coming export. The file is handed out by a view that checks who asks, until it expires."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    format = models.CharField(max_length=6, choices=ExportFormat.choices)
    language = models.CharField(max_length=10, default="en")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="exports/%Y/%m/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind}.{self.format}"
