"""The technology list, pasted: what is read of a line, shown first, added at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.exceptions import InvalidInput
from foundation.models import AuditEntry
from surveys.pasting import read_lines
from surveys.services.studies import add_field
from surveys.services.technologies import Entry, add_technologies
from tests.factories import make_study, owner_of

pytestmark = pytest.mark.django_db
ZH = "zh-hans"


@pytest.mark.parametrize(
    ("line", "name", "description"),
    [
        ("量子计算", {ZH: "量子计算"}, {}),
        ("量子计算 | 利用量子叠加的计算方式", {ZH: "量子计算"}, {ZH: "利用量子叠加的计算方式"}),
        ("量子计算\tQuantum computing", {ZH: "量子计算", "en": "Quantum computing"}, {}),
        ("Quantum computing | 量子计算", {ZH: "量子计算", "en": "Quantum computing"}, {}),
        (
            "Quantum computing｜Computes with qubits",
            {"en": "Quantum computing"},
            {"en": "Computes with qubits"},
        ),
        ("CRISPR|CRISPR|Cuts|剪切", {"en": "CRISPR", ZH: "CRISPR"}, {"en": "Cuts", ZH: "剪切"}),
        ("Laser||Light|", {"en": "Laser"}, {"en": "Light"}),
        ("17\t激光雷达\t测距", {ZH: "激光雷达"}, {ZH: "测距"}),
        ("（3）|激光雷达", {ZH: "激光雷达"}, {}),
        ("5G", {"en": "5G"}, {}),
        ("H2 | 氢能", {"en": "H2", ZH: "氢能"}, {}),
    ],
)
def test_names_and_descriptions_are_told_apart_by_their_language(line, name, description):
    (read,) = read_lines(line, {})
    assert (dict(read.entry.name), dict(read.entry.description)) == (name, description)


def test_headings_and_empty_lines_are_left_out_and_lines_without_a_name_reported():
    lines = read_lines("序号\t技术名称\n1\t激光雷达\n\n | |\n2\t\n", {})
    assert [(line.number, bool(line.entry)) for line in lines] == [(2, True), (5, False)]


def path(study):
    return reverse("surveys:many_technologies", args=[study.code])


def test_what_was_read_is_shown_before_it_is_added(client):
    study = make_study(technologies=0)
    add_field(study=study, actor=owner_of(study), key="energy", name={"en": "Energy", ZH: "能源"})
    client.force_login(owner_of(study))
    text = "1\t储能\t能源\n2\t激光雷达\t"
    page = client.post(path(study), {"lines": text})
    assert not study.technologies.exists()
    assert [entry.chinese for entry in page.context["entries"]] == ["储能", "激光雷达"]
    assert client.post(path(study), {"lines": text, "add": "1"}).status_code == 302
    listed = [(each.key, dict(each.name), str(each.field or "")) for each in study.technologies.all()]
    assert listed == [("T01", {ZH: "储能"}, "Energy"), ("T02", {ZH: "激光雷达"}, "")]
    entry = AuditEntry.objects.filter(stream=study.stream).latest("sequence")
    assert (entry.action, entry.detail["count"]) == ("study.technologies_added", 2)


def test_lines_that_cannot_be_added_are_named_and_none_is_added(client):
    study = make_study(technologies=1)
    client.force_login(owner_of(study))
    text = f"technology 1\nLaser\n\nLASER\n{'x' * 301}"
    page = client.post(path(study), {"lines": text, "add": "1"})
    assert page.status_code == 400
    assert page.context["form"].errors["lines"] == [
        "Line 1: T01 on the list already has this name.",
        "Line 4: The name is there twice.",
        "Line 5: At most 300 characters.",
    ]
    assert study.technologies.count() == 1
    with pytest.raises(InvalidInput):
        add_technologies(study=study, actor=owner_of(study), entries=[Entry({"en": "Technology 1"})])


def test_many_cost_as_many_queries_as_few():
    study = make_study(technologies=0)
    counts = []
    for part in (range(3), range(3, 53)):
        with CaptureQueriesContext(connection) as queries:
            entries = [Entry({"en": f"Entry {n}"}) for n in part]
            add_technologies(study=study, actor=owner_of(study), entries=entries)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
    assert study.technologies.count() == 53
