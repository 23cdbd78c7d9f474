"""Where an opened personal link leads."""

from django.urls import reverse

from experts.models import PanelMember
from surveys.models import Study


def landing_of(member: PanelMember) -> str:
    """The questionnaire of the study that the panel answers."""
    code = Study.objects.filter(panel=member.panel_id).values_list("code", flat=True).first()
    return reverse("respond:welcome", args=[code]) if code else reverse("experts:link_opened")
