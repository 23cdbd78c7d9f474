"""What there is to moderate, by kind and state. Nothing here reads who wrote it."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from surveys.enums import Moderation, ProposalStatus
from surveys.models import Proposal, Reason, Reply, Study

KIND_LABELS = {"reason": _("Reasons"), "reply": _("Replies"), "proposal": _("Proposals and reports")}


def entries_of(study: Study, kind: str) -> QuerySet:
    """Written texts of one kind, in the order of their codes."""
    rows: QuerySet
    if kind == "reason":
        rows = Reason.objects.exclude(text="").select_related("technology", "round")
    elif kind == "reply":
        rows = Reply.objects.exclude(text="").select_related("reason__technology", "round")
    else:
        rows = Proposal.objects.select_related("technology", "question", "field", "round")
    return rows.filter(round__study=study).exclude(moderation=Moderation.WITHDRAWN).order_by("code")


def counts_by_kind(rows: QuerySet) -> dict[str, int]:
    """How many of the rows are in each state. One query."""
    counted = rows.order_by().values("moderation").annotate(n=Count("pk"))
    return {row["moderation"]: row["n"] for row in counted}


def waiting_by_kind(study: Study) -> dict[str, int]:
    waiting = {"moderation": Moderation.PENDING}
    return {kind: entries_of(study, kind).filter(**waiting).count() for kind in KIND_LABELS}


def undecided_proposals(study: Study) -> QuerySet[Proposal]:
    """What waits for an organiser; a moderator's refusal or the author's own takes it out of the queue."""
    return Proposal.objects.filter(round__study=study, status=ProposalStatus.WAITING).exclude(
        moderation__in=(Moderation.REJECTED, Moderation.WITHDRAWN)
    )
