"""Which results a member may see beside their own answers, and when."""

from __future__ import annotations

from surveys.enums import RoundStatus
from surveys.models import Round
from surveys.respond.visit import Visit


def shown_results(visit: Visit) -> Round | None:
    """The latest analysed round that this member answered, where the protocol lets the group's answers be seen.

    They are what the next round shows anyway. Where that round hides them, they stay hidden until it is over too.
    """
    analysed = [r for r in visit.rounds if r.status == RoundStatus.ANALYSED and r.pk in visit.participations]
    if not analysed or not (visit.study.feedback_median or visit.study.feedback_distribution):
        return None
    latest = analysed[-1]
    later = [r for r in visit.rounds if r.number > latest.number]
    return latest if all(r.shows_feedback for r in later) else None
