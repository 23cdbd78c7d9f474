"""A member's own flags on technologies: to come back to them. They are no answers and are written at any time."""

from experts.models import PanelMember
from surveys.exceptions import NotAssigned
from surveys.models import Assignment, Bookmark, Round


def set_bookmark(*, round: Round, member: PanelMember, technology: str, on: bool) -> bool:
    """Flag a technology that the member is asked about, or take the flag off. Twice is once."""
    assigned = Assignment.objects.filter(round=round, member=member, technology__code=technology)
    pk = assigned.values_list("technology_id", flat=True).first()
    if pk is None:
        raise NotAssigned
    if on:
        Bookmark.objects.bulk_create([Bookmark(member=member, technology_id=pk)], ignore_conflicts=True)
    else:
        Bookmark.objects.filter(member=member, technology_id=pk).delete()
    return on
