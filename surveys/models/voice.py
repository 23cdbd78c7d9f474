"""What experts say beyond their answers: votes on reasons, replies to them, proposals and reports of wording.

None of these rows carries the time when its author wrote it: a time beside a text gives people away.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experts.models import PanelMember, User
from foundation.codes import new_code
from foundation.localized import LocalizedField
from surveys.enums import Moderation, ProposalKind, ProposalStatus, VoteKind, WordingProblem
from surveys.models.answers import Reason
from surveys.models.protocol import Question
from surveys.models.rounds import Round
from surveys.models.study import Field
from surveys.models.technologies import Technology


class ReasonVote(models.Model):
    """In this round the member found a reason useful, or agrees with it and lets it speak for them."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reason_votes")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="reason_votes")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="votes")
    kind = models.CharField(max_length=8, choices=VoteKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member", "reason", "kind"], name="voted_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.reason_id}"


class Moderated(models.Model):
    """A text that others may see once a moderator has read it. The names are those of `Reason`."""

    moderation = models.CharField(max_length=10, choices=Moderation.choices, default=Moderation.PENDING)
    moderation_note = models.CharField(max_length=500, blank=True)
    moderated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    moderated_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Reply(Moderated):
    """One member's answer to another's reason, written in one round and shown from the next one on."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="replies")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="replies")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(_("reply"), max_length=2000, blank=True)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member", "reason"], name="one_reply_per_reason_and_round"
            ),
        ]

    def __str__(self):
        return self.text[:60]


class Proposal(Moderated):
    """A technology or a wording that a member proposes, or a wording that a member reports as unclear."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12, choices=ProposalKind.choices)
    technology = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    problem = models.CharField(max_length=20, choices=WordingProblem.choices, blank=True)
    name = LocalizedField(_("name"), max_length=300, blank=True)
    description = LocalizedField(_("description"), max_length=4000, blank=True)
    text = models.TextField(_("why"), max_length=2000, blank=True)
    field = models.ForeignKey(
        Field, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    language = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.WAITING)
    answer = models.TextField(_("answer to the proposer"), max_length=1000, blank=True)
    became = models.ForeignKey(
        Technology, null=True, blank=True, on_delete=models.SET_NULL, related_name="from_proposals"
    )
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.TECHNOLOGY, technology=None)
                | (~Q(kind=ProposalKind.TECHNOLOGY) & Q(technology__isnull=False)),
                name="proposal_is_about_an_entry_or_new",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProposalKind.FLAG) | ~Q(problem=""), name="flag_names_its_problem"
            ),
        ]

    def __str__(self):
        return str(self.name) or self.text[:60]

    @property
    def is_waiting(self) -> bool:
        return self.status == ProposalStatus.WAITING
