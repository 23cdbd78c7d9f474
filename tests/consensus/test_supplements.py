"""Figures beside the statistics: written with a round's job, asked for later, never half or for a stale run."""

import pytest

from consensus.enums import ComputationStatus, SupplementKind
from consensus.jobs import COMPUTE_ROUND, SUPPLEMENTS, request_supplements
from consensus.models import Computation, Supplement
from consensus.selectors.supplements import without_supplements
from consensus.services.compute import compute_round
from consensus.services.supplements import write_supplements
from experts.enums import Role
from foundation.enums import JobStatus
from foundation.exceptions import NotAllowed
from foundation.models import Job
from foundation.services.jobs import run
from surveys.services.rounds import close_round
from tests.consensus.worlds import answer_all, close, make_panel_study, make_round
from tests.factories import give_role, make_user, owner_of

pytestmark = pytest.mark.django_db


def computed(study, number=1):
    round = make_round(study, number)
    answer_all(round, "agreement", study.technologies.first(), [5, 4, 5, 4, 5, 4])
    return compute_round(round_id=close(round).pk)


def kinds(computation) -> set[str]:
    return set(computation.supplements.values_list("kind", flat=True))


def test_the_job_of_a_closed_round_writes_them(django_capture_on_commit_callbacks):
    study = make_panel_study((6,))
    round = make_round(study)
    answer_all(round, "agreement", study.technologies.first(), [5, 4, 5, 4, 5, 4])
    with django_capture_on_commit_callbacks(execute=True):
        close_round(round=round, actor=owner_of(study))
    assert Job.objects.get(kind=COMPUTE_ROUND).status == JobStatus.DONE
    assert kinds(Computation.objects.get()) == {SupplementKind.AUTHORITY}  # nobody can have left yet


def test_writing_again_replaces_and_gives_the_same_hash():
    study = make_panel_study((6,))
    computed(study)
    computation = computed(study, 2)
    hashes = [
        sorted(row.result_hash for row in write_supplements(computation_id=computation.pk)) for _ in range(2)
    ]
    assert hashes[0] == hashes[1]
    assert kinds(computation) == {SupplementKind.AUTHORITY, SupplementKind.ATTRITION}
    assert Supplement.objects.count() == 2


def test_a_superseded_computation_gets_none():
    computation = computed(make_panel_study((6,)))
    Computation.objects.update(status=ComputationStatus.SUPERSEDED)
    assert write_supplements(computation_id=computation.pk) == []
    assert write_supplements(computation_id=0) == []


def test_rounds_analysed_before_are_made_up_for_on_request():
    study = make_panel_study((6,))
    computation = computed(study)
    assert without_supplements(study) == [computation]
    (job,) = request_supplements(study=study, actor=give_role(study, Role.ANALYST))
    assert request_supplements(study=study, actor=owner_of(study)) == [job]  # one run at a time
    run(job.pk)
    assert kinds(computation) == {SupplementKind.AUTHORITY}
    assert request_supplements(study=study, actor=owner_of(study)) == []


@pytest.mark.parametrize("role", [Role.MODERATOR, None])
def test_only_who_may_export_asks_for_them(role):
    study = make_panel_study((6,))
    computed(study)
    actor = give_role(study, role) if role else make_user("outsider")
    with pytest.raises(NotAllowed):
        request_supplements(study=study, actor=actor)
    assert not Job.objects.filter(kind=SUPPLEMENTS).exists()


def test_the_page_offers_to_compute_what_is_missing_and_comes_back(client):
    study = make_panel_study((6,))
    computed(study)
    client.force_login(owner_of(study))
    address = f"/studies/{study.code}/results/"
    assert "Compute them now" in client.get(f"{address}indicators/").content.decode()
    response = client.post(f"{address}supplements/", {"back": f"{address}indicators/"})
    assert response["Location"] == f"{address}indicators/"
    assert Job.objects.filter(kind=SUPPLEMENTS).count() == 1
    elsewhere = client.post(f"{address}supplements/", {"back": "https://example.org/"})
    assert elsewhere["Location"] == f"{address}indicators/"
    assert client.get(f"{address}supplements/").status_code == 405
