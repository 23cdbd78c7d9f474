"""One person into a panel, known to the expert bank or not."""

from django.db import transaction
from django.db.models.functions import Lower

from experts.enums import Capability
from experts.models import Expert, Panel, PanelGroup, PanelMember
from experts.permissions import require
from experts.services.bank import create_expert
from experts.services.panels import add_member


@transaction.atomic
def add_person(
    *, panel: Panel, actor, email: str, group: PanelGroup | None = None, stream: str = "", **values
) -> PanelMember:
    """Add whoever has this address; `values` make a bank entry when there is none, and change none that is."""
    require(actor, panel, Capability.MANAGE_PANEL)
    expert = Expert.objects.annotate(lower=Lower("email")).filter(lower=email.strip().lower()).first()
    if expert is None:
        expert = create_expert(actor=actor, email=email.strip(), **values)
    language = values.get("language") or expert.language
    return add_member(panel=panel, expert=expert, actor=actor, group=group, language=language, stream=stream)
