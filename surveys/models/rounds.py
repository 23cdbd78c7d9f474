from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.codes import new_code
from foundation.localized import LocalizedField
from surveys.enums import RoundScope, RoundStatus
from surveys.models.study import Study
from surveys.models.technologies import Technology


class Round(models.Model):
    """One wave of answers. Its powers are data on it, not conditions in views."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=RoundStatus.choices, default=RoundStatus.DRAFT)
    message = LocalizedField(_("message to experts"), max_length=2000, blank=True)
    scope = models.CharField(
        _("technologies"), max_length=10, choices=RoundScope.choices, default=RoundScope.ALL
    )
    shows_feedback = models.BooleanField(_("shows the group's earlier answers"), default=True)
    allows_discussion = models.BooleanField(
        _("experts may vote on reasons and reply to them"),
        default=True,
        help_text=_(
            "Where the protocol shows others' reasons. Votes and replies are shown in the next round."
        ),
    )
    allows_proposals = models.BooleanField(
        _("experts may propose entries and wordings"),
        default=False,
        help_text=_("Nothing proposed reaches the list before an organiser accepts it."),
    )
    allows_flags = models.BooleanField(_("experts may report unclear wording"), default=True)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    analysed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="round_number_once_in_study"),
            models.UniqueConstraint(
                fields=["study"], condition=Q(status=RoundStatus.OPEN), name="one_open_round_per_study"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return gettext("Round %(number)d") % {"number": self.number}

    @property
    def is_open(self) -> bool:
        return self.status == RoundStatus.OPEN


class RoundTechnology(models.Model):
    """A technology that is asked in a round, fixed when the round opens."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="round_technologies")
    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="round_technologies")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "technology"], name="technology_once_in_round"),
        ]

    def __str__(self):
        return f"{self.round}: {self.technology}"
