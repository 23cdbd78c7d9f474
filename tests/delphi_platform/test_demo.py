"""The demo that `make run` loads: whole, labelled as simulated, and open to the person whose link it prints."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail

from consensus.models import Verdict
from delphi_platform.demo.load import load_demo
from surveys.enums import VerdictKind

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def facts(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    load_demo(say=lambda line: None)
    return json.loads((Path(tmp_path) / "demo.json").read_text(encoding="utf-8"))


def test_the_demo_is_whole_and_its_link_opens(facts, client):
    from surveys.models import Study

    study = Study.objects.get(code=facts["study"])
    assert study.simulated
    assert [round.status for round in study.rounds.order_by("number")] == ["analysed", "analysed", "open"]
    after_two = Verdict.objects.filter(computation__round__study=study, computation__round__number=2)
    decided = set(after_two.filter(computation__status="current").values_list("verdict", flat=True))
    assert {VerdictKind.CONSENSUS_IN, VerdictKind.CONSENSUS_OUT, VerdictKind.STABLE_DISAGREEMENT} <= decided
    assert mail.outbox == []  # nobody real is written to
    for name in ("expert_link", "tour_link"):
        client.logout()
        opened = client.post(urlsplit(facts[name]).path, follow=True)
        assert opened.status_code == 200, name
        assert opened.redirect_chain, name
    organiser = next(each for each in facts["accounts"] if each["role"].startswith("owner"))
    assert client.login(email=organiser["email"], password=organiser["password"])
    for path in (
        "",
        "results/",
        "results/indicators/",
        "results/attrition/",
        "scan/board/",
        "scan/map/",
        "proposals/",
    ):
        assert client.get(f"/studies/{study.code}/{path}").status_code == 200, path
