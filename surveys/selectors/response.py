"""Who has still to submit. People are counted and mailed; nothing here says what anybody answered."""

from experts.enums import MemberStatus
from experts.models import PanelMember
from experts.services.invitations import not_yet_invited
from surveys.enums import ParticipationStatus
from surveys.models import Round


def incomplete_members(round: Round):
    """Members who are asked in this round, can be reached and have not submitted."""
    submitted = round.participations.filter(status=ParticipationStatus.SUBMITTED).values("member_id")
    asked = PanelMember.objects.filter(
        participations__round=round, status=MemberStatus.ACTIVE, expert__isnull=False
    )
    return asked.exclude(pk__in=submitted)


def with_a_link(round: Round):
    """Those of them to whom a link was sent that works: the others are to be invited, not reminded."""
    return incomplete_members(round).exclude(pk__in=not_yet_invited(round.study.panel).values("pk"))
