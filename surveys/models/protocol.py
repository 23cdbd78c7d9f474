from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from experts.models import User
from foundation.codes import new_code
from foundation.localized import LocalizedField
from surveys.enums import AskedPer, AskReason, CriterionKind, QuestionRole, QuestionType
from surveys.models.study import Study


class Question(models.Model):
    """Asked per technology, or once per round."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(
        _("key"), max_length=40, help_text=_("Column name in exports: small letters, digits, underscore.")
    )
    type = models.CharField(_("type"), max_length=12, choices=QuestionType.choices)
    role = models.CharField(_("role"), max_length=20, choices=QuestionRole.choices, blank=True)
    asked_per = models.CharField(
        _("asked"), max_length=12, choices=AskedPer.choices, default=AskedPer.TECHNOLOGY
    )
    text = LocalizedField(_("question"), max_length=1000)
    help = LocalizedField(_("help"), max_length=2000, blank=True)
    minimum = models.FloatField(_("lowest value"), null=True, blank=True)
    maximum = models.FloatField(_("highest value"), null=True, blank=True)
    low_label = LocalizedField(_("label of the low end"), max_length=80, blank=True)
    high_label = LocalizedField(_("label of the high end"), max_length=80, blank=True)
    unit = LocalizedField(_("unit"), max_length=40, blank=True)
    settings = models.JSONField(
        _("settings of the type"),
        default=dict,
        blank=True,
        help_text=_("Limits, number of places, points, axes: what only this type of question has."),
    )
    required = models.BooleanField(_("required"), default=False)
    allow_cannot_judge = models.BooleanField(_("“cannot judge” is offered"), default=True)
    ask_reason = models.CharField(
        _("reason"), max_length=10, choices=AskReason.choices, default=AskReason.NEVER
    )
    show_feedback = models.BooleanField(_("the group's answers are shown in the next round"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="question_key_once_in_study"),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gt=F("minimum")),
                name="question_maximum_above_minimum",
            ),
        ]

    def __str__(self):
        return str(self.text)


class Choice(models.Model):
    """A labelled value: an option of a choice question, or the label of a point on a scale."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    value = models.IntegerField(_("value"))
    key = models.SlugField(_("key"), max_length=40, blank=True)
    label = LocalizedField(_("label"), max_length=200)

    class Meta:
        ordering = ["question", "value"]
        constraints = [models.UniqueConstraint(fields=["question", "value"], name="choice_value_once")]

    def __str__(self):
        return str(self.label)


class Criterion(models.Model):
    """A rule of the protocol, as data: an expression tree that `consensus.stats.rules` evaluates."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=16, choices=CriterionKind.choices)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="criteria")
    expression = models.JSONField(_("rule"))

    class Meta:
        ordering = ["study", "kind", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["study", "kind"], name="one_criterion_of_a_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}"


class ProtocolVersion(models.Model):
    """The protocol as it was locked (number 1) or amended (2 and on). Never edited, never deleted."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="protocol_versions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    locked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    locked_by_label = models.CharField(max_length=200)
    locked_at = models.DateTimeField()

    class Meta:
        ordering = ["study", "number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="protocol_version_once"),
        ]

    def __str__(self):
        return f"{self.study}: protocol {self.number}"
