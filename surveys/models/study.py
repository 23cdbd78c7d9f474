from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from experts.models import LANGUAGE_CHOICES, Panel, PanelMember, User
from foundation.codes import new_code
from foundation.localized import LocalizedField
from surveys.enums import Anonymity, Routing, StudyStatus, Unfamiliar
from surveys.validators import validate_expert_weights


class Study(models.Model):
    """One Delphi exercise, with its protocol, panel, technology list and rounds."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    title = LocalizedField(_("title"), max_length=200)
    purpose = LocalizedField(_("purpose"), max_length=4000, blank=True)
    welcome = LocalizedField(_("welcome text for experts"), max_length=6000, blank=True)
    worked_example = LocalizedField(_("worked example for experts"), max_length=4000, blank=True)
    perspective = LocalizedField(
        _("whose perspective to take"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Left empty, experts are told to answer for society as a whole and not for their employer."
        ),
    )
    consent = LocalizedField(_("consent text"), max_length=4000, blank=True)
    thanks = LocalizedField(_("thanks after submission"), max_length=2000, blank=True)
    item_label = LocalizedField(_("what one entry of the list is called"), max_length=60, blank=True)
    items_label = LocalizedField(_("what several entries are called"), max_length=60, blank=True)
    template = models.CharField(max_length=40, blank=True, editable=False)
    status = models.CharField(max_length=10, choices=StudyStatus.choices, default=StudyStatus.DRAFT)
    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="study")
    language = models.CharField(_("main language"), max_length=10, choices=LANGUAGE_CHOICES, default="en")
    simulated = models.BooleanField(_("simulated panel"), default=False)

    # Policies of the protocol
    anonymity = models.CharField(
        _("anonymity"), max_length=12, choices=Anonymity.choices, default=Anonymity.ORGANISERS
    )
    minimum_group = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, validators=[MinValueValidator(3), MaxValueValidator(50)]
    )
    quantile_type = models.PositiveSmallIntegerField(
        _("quantile definition"),
        default=7,
        choices=[
            (7, _("Type 7 (R, NumPy, Excel)")),
            (2, _("Type 2 (averaging, SAS)")),
            (6, _("Type 6 (SPSS, Minitab)")),
            (8, _("Type 8 (median-unbiased)")),
        ],
    )
    minimum_answers = models.PositiveSmallIntegerField(
        _("fewest answers for a verdict"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Of the whole panel, of each panel group that a rule names, and for stability of members who answered both "
            "rounds. On fewer nothing is decided."
        ),
    )
    routing = models.CharField(_("routing"), max_length=10, choices=Routing.choices, default=Routing.ALL)
    per_member = models.PositiveSmallIntegerField(
        _("technologies per member"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("With random blocks or fields: the draw gives each member at most so many."),
    )
    per_technology = models.PositiveSmallIntegerField(
        _("members asked per technology and panel group"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("With random blocks: at least so many, as far as the group is large enough."),
    )
    unfamiliar_rule = models.CharField(
        _("other questions for the unfamiliar"), max_length=10, choices=Unfamiliar.choices, blank=True
    )
    unfamiliar_at = models.FloatField(_("unfamiliar is who rates familiarity at most"), null=True, blank=True)
    feedback_median = models.BooleanField(_("feedback shows median and quartiles"), default=True)
    feedback_distribution = models.BooleanField(_("feedback shows the distribution"), default=True)
    feedback_groups = models.BooleanField(_("feedback shows panel groups"), default=False)
    feedback_reasons = models.BooleanField(_("feedback shows others' reasons"), default=True)
    expert_weights = models.JSONField(
        _("weights of familiarity and of the basis of judgement"),
        default=dict,
        blank=True,
        validators=[validate_expert_weights],
    )
    moderate_reasons = models.BooleanField(_("reasons are moderated before they are shown"), default=True)

    protocol_hash = models.CharField(max_length=64, blank=True, editable=False)
    protocol_locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unfamiliar_rule="") | models.Q(unfamiliar_at__isnull=False),
                name="unfamiliar_rule_has_its_limit",
            ),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def stream(self) -> str:
        """Name of the study's audit chain, also on its jobs and mails."""
        return f"study:{self.code}"

    @property
    def is_locked(self) -> bool:
        return bool(self.protocol_hash)


class ConsentVersion(models.Model):
    """A consent text as members were shown it. Never edited, never deleted: consents point at it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="consent_versions")
    number = models.PositiveSmallIntegerField()
    text = LocalizedField(max_length=4000)
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="consent_number_once"),
            models.UniqueConstraint(fields=["study", "hash"], name="consent_text_once"),
        ]

    def __str__(self):
        return f"{self.study}: consent {self.number}"


class Field(models.Model):
    """A node in the study's tree of subject fields."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="fields")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    key = models.SlugField(_("key"), max_length=40)
    name = LocalizedField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="field_key_once_in_study")]

    def __str__(self):
        return str(self.name)


class MemberField(models.Model):
    """A field that a panel member is asked about when the study routes by field."""

    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="member_fields")
    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="member_fields")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "field"], name="member_field_once")]

    def __str__(self):
        return f"{self.member}: {self.field}"
