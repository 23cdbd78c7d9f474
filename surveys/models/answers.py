from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experts.models import PanelMember, User
from foundation.codes import new_code
from surveys.enums import ChangeCause, Moderation, ParticipationStatus, Special, Stance
from surveys.models.protocol import Question
from surveys.models.rounds import Round
from surveys.models.study import ConsentVersion
from surveys.models.technologies import Technology


class Participation(models.Model):
    """One member's part in one round. Saving locks this row, so that one person's writes are in order."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="participations")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="participations")
    status = models.CharField(
        max_length=12, choices=ParticipationStatus.choices, default=ParticipationStatus.NOT_STARTED
    )
    revision = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.ForeignKey(
        ConsentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="one_participation_per_round"),
        ]

    def __str__(self):
        return f"{self.member} in {self.round}"


class Assignment(models.Model):
    """A technology that this member is asked about in this round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="assignments")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="assignments")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member", "technology"], name="assigned_once"),
        ]

    def __str__(self):
        return f"{self.member}: {self.technology}"


class Bookmark(models.Model):
    """A technology that a member flagged for themselves. No answer: nobody else reads it, nothing counts it."""

    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="bookmarks")
    technology = models.ForeignKey(Technology, on_delete=models.CASCADE, related_name="bookmarks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "technology"], name="bookmarked_once")]

    def __str__(self):
        return f"{self.member}: {self.technology}"


class Answer(models.Model):
    """One member, one round, one question, one technology: a value, or an explicit special answer.

    `number` is the rating, the year, the amount or the chosen option's value; `low` and `high` go with an
    estimate; `parts` holds a number for each option, axis or pair of a composite answer; `special` says
    "cannot judge" and its kin, and then there is no value at all.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    technology = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    number = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    text = models.TextField(blank=True)
    parts = models.JSONField(null=True, blank=True)
    special = models.CharField(max_length=12, choices=Special.choices, blank=True)
    change_cause = models.CharField(max_length=16, choices=ChangeCause.choices, blank=True)
    revision = models.PositiveIntegerField(default=1)
    client_sequence = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member", "technology", "question"],
                condition=Q(technology__isnull=False),
                name="one_answer_per_technology_question",
            ),
            models.UniqueConstraint(
                fields=["round", "member", "question"],
                condition=Q(technology__isnull=True),
                name="one_answer_per_round_question",
            ),
            models.CheckConstraint(
                condition=Q(special="")
                | Q(number__isnull=True, low__isnull=True, high__isnull=True, text="", parts__isnull=True),
                name="value_or_special_not_both",
            ),
        ]
        indexes = [
            # Counting a question reads this index alone, where the database has such scans.
            models.Index(
                fields=["round", "question", "technology", "member"],
                include=["number", "special"],
                name="answer_counts",
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.question_id} {self.technology_id}"


class Reason(models.Model):
    """Free text that a member gives for an answer, shown to others without identity after moderation."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reasons")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="reasons")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="reasons")
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="reasons"
    )
    text = models.TextField(_("reason"), max_length=4000)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    language = models.CharField(max_length=10, blank=True)
    moderation = models.CharField(max_length=10, choices=Moderation.choices, default=Moderation.PENDING)
    moderation_note = models.CharField(max_length=500, blank=True)
    moderated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    moderated_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    client_sequence = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["technology", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member", "technology"], name="one_reason_per_technology_and_round"
            ),
        ]

    def __str__(self):
        return self.text[:60]
