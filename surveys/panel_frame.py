"""What panel pages show of the study behind a panel, told to `experts.panel_nav`."""

from django.urls import reverse

from experts.models import Panel
from experts.panel_nav import OpenRound, PanelContext
from experts.permissions import capabilities_of
from surveys.enums import Anonymity, RoundStatus
from surveys.models import Study
from surveys.study_nav import sections_for


def panel_frame(panel: Panel) -> PanelContext | None:
    study = Study.objects.filter(panel=panel).first()
    if study is None:
        return None

    def tabs(user):
        study.may = capabilities_of(user, panel)
        return sections_for(study, "panel")

    return {
        "title": str(study.title),
        "url": reverse("surveys:study", args=[study.code]),
        "stream": study.stream,
        "tabs": tabs,
        "hides_pseudonyms": study.anonymity == Anonymity.FULL,
        "simulated": study.simulated,
        "locked": study.is_locked,
        "language": study.language,
        "open_round": _open_round(study),
    }


def _open_round(study: Study) -> OpenRound | None:
    found = study.rounds.filter(status=RoundStatus.OPEN).first()
    return {"number": found.number, "closes_at": found.closes_at} if found else None
