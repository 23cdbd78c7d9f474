"""What an organiser is led to next, on the study's overview and on its rounds."""

import pytest
from django.urls import reverse

from experts.enums import InvitationStatus
from experts.models import Invitation
from experts.services.invitations import send_invitations
from surveys.enums import RoundStatus, StudyStatus
from surveys.services.rounds import close_round, plan_round
from surveys.services.studies import set_study_status
from tests.factories import make_open_round, make_study, owner_of

pytestmark = pytest.mark.django_db


def page(client, study, name="study", *args):
    client.force_login(owner_of(study))
    return client.get(reverse(f"surveys:{name}", args=[study.code, *args]))


def todo(client, study) -> str:
    return page(client, study).context["todo"].url


def test_each_stage_leads_to_the_next(client):
    study = make_study(technologies=0)
    assert todo(client, study) == reverse("surveys:technologies", args=[study.code])
    study = make_study()
    rounds = reverse("surveys:rounds", args=[study.code])
    assert todo(client, study) == rounds
    planned = plan_round(study=study, actor=owner_of(study))
    own = reverse("surveys:round", args=[study.code, planned.number])
    assert todo(client, study) == own


def test_an_open_round_leads_to_the_invitations_until_all_are_sent(client):
    opened = make_open_round()
    study, invitations = opened.study, reverse("experts:invitations", args=[opened.study.panel.code])
    assert todo(client, study) == invitations
    assert page(client, study, "round", 1).context["n_uninvited"] == 3
    send_invitations(panel=study.panel, actor=owner_of(study))
    Invitation.objects.update(status=InvitationStatus.SENT)
    assert todo(client, study) == reverse("surveys:round", args=[study.code, 1])
    assert page(client, study, "round", 1).context["n_uninvited"] == 0


def test_after_the_results_comes_the_next_round_or_the_end(client):
    opened = make_open_round()
    study = opened.study
    close_round(round=opened)
    study.rounds.update(status=RoundStatus.ANALYSED)
    steps = page(client, study).context["steps"]
    assert [step.done for step in steps[-2:]] == [True, False]
    assert page(client, study, "rounds").context["may_plan"]
    set_study_status(study=study, actor=owner_of(study), status=StudyStatus.FINISHED)
    assert page(client, study).context["todo"] is None
    shown = page(client, study, "rounds")
    assert not shown.context["may_plan"]
    assert reverse("surveys:plan_round", args=[study.code]) not in shown.content.decode()


def test_a_cancelled_edit_returns_to_its_round(client):
    study = make_study()
    plan_round(study=study, actor=owner_of(study))
    own = reverse("surveys:round", args=[study.code, 1])
    assert f'href="{own}">Cancel' in page(client, study, "edit_round", 1).content.decode()


def test_an_analysed_round_leads_to_its_results_then_to_the_next_round(client):
    opened = make_open_round()
    study = opened.study
    results, plan = (
        reverse("results:overview", args=[study.code]),
        reverse("surveys:plan_round", args=[study.code]),
    )
    close_round(round=opened)
    shown = page(client, study, "round", 1).content.decode()
    assert f'href="{results}">' not in shown.split("<main")[1]
    study.rounds.update(status=RoundStatus.ANALYSED)
    shown = page(client, study, "round", 1).content.decode().split("<main")[1]
    assert f'btn-primary" href="{results}"' in shown
    assert f'href="{plan}"' in shown
    assert results in [step.url for step in page(client, study).context["steps"]]
    set_study_status(study=study, actor=owner_of(study), status=StudyStatus.FINISHED)
    assert f'href="{plan}"' not in page(client, study, "round", 1).content.decode()


def test_an_earlier_round_does_not_offer_to_plan_what_is_planned(client):
    opened = make_open_round()
    close_round(round=opened)
    opened.study.rounds.update(status=RoundStatus.ANALYSED)
    plan_round(study=opened.study, actor=owner_of(opened.study))
    assert page(client, opened.study, "round", 1).context["following"] is None
