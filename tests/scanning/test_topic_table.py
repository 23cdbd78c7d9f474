"""The topics as a table: figures of a topic, order, downloads, and the board filtered to one topic."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from experts.enums import Role
from scanning.models import Candidate, Topic
from scanning.selectors.topic_table import topic_rows
from scanning.services import topics as service
from tests.factories import give_role, make_study

from .test_topics import grouped

pytestmark = pytest.mark.django_db

BATTERY, GRAPH = "solid-state battery", "graph neural network"


def documents():
    """Batteries: ever more, first papers, then patents. Graphs: papers alone, ever fewer."""
    rows = grouped(60)
    for n, row in enumerate(rows):
        battery = n % 2 == 0
        row["kind"] = "patent" if battery and n >= 30 else "paper"
        row["year"] = 2010 + round(9 * (n / 58) ** 0.5) if battery else 2010 + (59 - n) ** 2 // 400
        row["source"] = f"Journal {n % 4}"
        row["title"] += f", part {n}"  # an equal title would be a duplicate
        row["countries"] = ["CN"] if battery else ["CN", "DE"]
    # Both kinds have documents in all years, or no lead could be told.
    fill = [
        {"id": f"f{year}{kind}{n}", "title": f"Other {year} {kind} {n}", "year": year, "kind": kind}
        for year in range(2010, 2020)
        for kind in ("paper", "patent")
        for n in range(5)
    ]
    return rows + fill


@pytest.fixture
def scan(scanned):
    return scanned(documents())


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def path(study):
    return reverse("scanning:topics", args=[study.code])


def row_of(scan, name):
    return next(row for row in topic_rows(scan) if name in {each.mined_name for each in row.candidates})


def test_a_topics_figures(scan):
    battery, graph = row_of(scan, BATTERY), row_of(scan, GRAPH)
    assert battery.share + graph.share == pytest.approx(1)
    assert battery.figures.volume == sum(row.n_documents for row in battery.candidates)
    assert graph.figures.growth < 0
    assert graph.novelty == 0
    assert battery.countries == pytest.approx(1)
    assert graph.countries == pytest.approx(2)
    assert battery.sources == pytest.approx(2)
    assert set(battery.kinds) == {"paper", "patent"}
    assert sum(battery.kinds.values()) == battery.figures.volume
    assert battery.kind_growth["patent"] > 0 > battery.kind_growth["paper"]
    assert graph.burst.start == 2010


def test_a_lead_needs_two_kinds_of_documents(scan):
    battery, graph = row_of(scan, BATTERY), row_of(scan, GRAPH)
    (lead,) = battery.leads
    assert (lead.first, lead.then) == ("paper", "patent")
    assert 2 < lead.years < 5
    assert graph.leads == ()


def test_candidates_in_no_topic_have_no_lead_in_common(scan, owner):
    service.delete_topic(topic=row_of(scan, BATTERY).topic, actor=owner)
    row = row_of(scan, BATTERY)
    assert (row.topic, row.leads, set(row.kinds)) == (None, (), {"paper", "patent"})


def test_older_scans_without_totals_by_kind_read_them_from_the_corpus(scan):
    fresh = row_of(scan, BATTERY).leads
    del scan.summary["kind_total"]
    assert row_of(scan, BATTERY).leads == fresh


def test_the_table_says_who_came_first_and_links_to_the_board(page, path, scan, study):
    text = page.get(path).content.decode()
    assert "Papers came first, Patents followed about" in text
    topic = Candidate.objects.get(mined_name=BATTERY).topic
    board = f"{reverse('scanning:board', args=[study.code])}?status=all&amp;topic={topic.code}"
    assert board in text


def test_the_board_keeps_to_the_topic(page, scan, study):
    topic = Candidate.objects.get(mined_name=BATTERY).topic
    answer = page.get(reverse("scanning:board", args=[study.code]), {"topic": topic.code})
    shown = {row.mined_name for row in answer.context["rows"]}
    assert shown == set(topic.candidates.values_list("mined_name", flat=True))
    assert f"topic={topic.code}" in answer.context["query"]
    assert str(topic.name) in answer.content.decode()
    assert page.get(reverse("scanning:board", args=[study.code]), {"topic": "nobody"}).status_code == 200


def test_every_column_sorts_both_ways_and_unknown_figures_stay_last(page, path, scan, owner):
    loose = Candidate.objects.get(mined_name=GRAPH)
    service.delete_topic(topic=loose.topic, actor=owner)
    for sort in ("name", "documents", "growth", "acceleration", "sources", "change", "countries", "burst"):
        up = page.get(path, {"sort": sort})
        assert 'aria-sort="ascending"' in up.content.decode()
        down = page.get(path, {"sort": f"-{sort}"})
        assert 'aria-sort="descending"' in down.content.decode()
        assert len(up.context["rows"]) == len(down.context["rows"]) == 2
    for sort in ("name", "-name"):
        assert page.get(path, {"sort": sort}).context["rows"][-1]["row"].topic is None
    growth = [each["row"].figures.growth for each in page.get(path, {"sort": "-growth"}).context["rows"]]
    assert growth == sorted(growth, reverse=True)
    assert page.get(path, {"sort": "pk"}).status_code == 200


def test_downloads_hold_the_figures_in_the_order_shown_and_are_inert(page, scan, study, owner):
    topic = Candidate.objects.get(mined_name=BATTERY).topic
    service.relabel_topic(topic=topic, actor=owner, name={"en": '=cmd|"/c calc"!A1'})
    path = reverse("scanning:topics_download", args=[study.code])
    answer = page.get(path, {"format": "csv", "sort": "-growth"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["topic"].startswith("'=")
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    first = rows[0]
    assert (first["first"], first["then"]) == ("paper", "patent")
    assert float(first["growth_log2"]) > float(rows[1]["growth_log2"])
    assert int(first["documents_paper"]) + int(first["documents_patent"]) == int(first["documents"])
    book = page.get(path, {"format": "xlsx", "sort": "-growth"})
    assert book["Content-Disposition"].endswith('.xlsx"')
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    table = list(sheet.iter_rows(values_only=True))
    assert list(table[0]) == list(first)
    cell = sheet.cell(2, 1)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert table[1][3] == int(first["documents"])


def test_who_may_not_review_sees_nothing(client, scan, study, path):
    client.force_login(give_role(study, Role.ANALYST))
    for address in (path, reverse("scanning:topics_download", args=[study.code])):
        assert client.get(address).status_code in (403, 404)


def test_another_studys_scan_is_404_and_no_scan_is_said(page, scan, owner):
    other = make_study(owner, technologies=0, members=0)
    path = reverse("scanning:topics", args=[other.code])
    assert page.get(path, {"scan": scan.code}).status_code == 404
    assert "No topics yet" in page.get(path).content.decode()
    assert page.get(reverse("scanning:topics_download", args=[other.code])).status_code == 404


def test_the_table_costs_the_same_whatever_its_size(page, path, scan, study, django_assert_max_num_queries):
    page.get(path)
    for extra in (0, 12):
        for n in range(extra):
            topic = Topic.objects.create(scan=scan, name={"en": f"T{n}"}, mined_name=f"T{n}", number=n + 9)
            Candidate.objects.create(
                study=study, scan=scan, topic=topic, name={"en": f"C{n}"}, mined_name=f"C{n}", rank=90 + n
            )
        with django_assert_max_num_queries(16):
            assert page.get(path).status_code == 200
