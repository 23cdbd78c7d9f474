"""Summaries of reasons: what an organiser reads before approving, and what experts are shown."""

from dataclasses import dataclass

from django.db.models import Count, Q

from scanning.enums import SummaryStatus
from scanning.models import ReasonSummary
from scanning.services.reason_summaries import approved_reasons, standing_sentences
from surveys.models import Reason, Round, Study


@dataclass(frozen=True)
class Sentence:
    number: int
    texts: list[tuple[str, str]]
    reasons: list[Reason]
    stands: bool


@dataclass(frozen=True)
class Read:
    summary: ReasonSummary
    sentences: list[Sentence]


def summaries_of(round: Round, statuses):
    rows = ReasonSummary.objects.select_related("decided_by").filter(round=round, status__in=statuses)
    return rows.select_related("technology", "round").order_by("technology__key", "-created_at", "pk")


def read(rows: list[ReasonSummary]) -> list[Read]:
    """Each sentence with the reasons that it rests on, as they are now. Two queries, however many there are."""
    standing = standing_sentences(rows)
    cited = {code for row in rows for each in row.sentences for code, _revision in each["reasons"]}
    reasons = Reason.objects.in_bulk(cited, field_name="code")
    return [
        Read(
            row,
            [
                Sentence(
                    number,
                    list(each["text"].items()),
                    [reasons[code] for code, _revision in each["reasons"] if code in reasons],
                    stands,
                )
                for number, (each, stands) in enumerate(standing[row.pk])
            ],
        )
        for row in rows
    ]


def shown_summary(round: Round, technology) -> list[dict]:
    """The sentences that experts of this round see of earlier ones: approved before it opened, so that all see the
    same, and resting on reasons that still stand. The texts of the latest round that has a summary."""
    if not (round.shows_feedback and round.study.feedback_reasons):
        return []
    rows = ReasonSummary.objects.filter(
        round__study=round.study_id,
        round__number__lt=round.number,
        technology=technology,
        status=SummaryStatus.APPROVED,
    )
    if round.opened_at:
        rows = rows.filter(decided_at__lte=round.opened_at)
    latest = rows.order_by("-round__number").first()
    if latest is None:
        return []
    return [each["text"] for each, stands in standing_sentences([latest])[latest.pk] if stands]


def rounds_with_reasons(study: Study) -> list[Round]:
    """Rounds that are over and have approved reasons, latest first, with how many summaries wait for approval."""
    waiting = Count(
        "reason_summaries", filter=Q(reason_summaries__status=SummaryStatus.WAITING), distinct=True
    )
    rounds = study.rounds.filter(status__in=("closed", "analysed"), reasons__moderation="approved")
    return list(rounds.annotate(to_approve=waiting).order_by("-number"))


def reasons_in(round: Round) -> int:
    return approved_reasons(round).count()
