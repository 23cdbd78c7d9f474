"""The sources page: what the corpora hold by year and kind; tables whose columns a person names."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed, Refusal
from foundation.models import AuditEntry
from scanning.enums import ImportStatus
from scanning.models import Document
from scanning.selectors.volume import volume_of
from scanning.services.corpora import create_corpus, map_columns
from tests.factories import give_role
from tests.scanning import samples
from tests.scanning.conftest import rows

pytestmark = pytest.mark.django_db
ODD = "Kopf;Inhalt;Wann;Wer\nPerovskite cells;Text;2021;Hill Institute\n"


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def address(name, study, *codes):
    return reverse(f"scanning:{name}", args=[study.code, *codes])


def test_the_volume_is_counted_by_year_and_kind(study, corpus, upload, owner):
    upload(rows(12))
    name, content, _expected = samples.TABLES["uspto"]
    upload(content.encode(), name)
    upload([{"title": "Undated words on cells"}])
    other = create_corpus(study=study, actor=owner, name="Other")
    upload(samples.RSS.encode(), "news.xml", into=other)
    volume = volume_of(study)
    assert [(value, count) for _n, value, _label, count in volume.kinds] == [
        ("paper", 13),
        ("patent", 1),
        ("news", 1),
    ]
    assert (volume.total, volume.undated, volume.most) == (15, 1, 2)
    by_year = {year.label: year.counts for year in volume.years}
    assert (by_year["2005"], by_year["2015"], by_year["2024"]) == ([0, 1, 0], [2, 0, 0], [0, 0, 1])
    assert by_year["2010"] == [0, 0, 0]  # years without a document are there too
    assert [each[3] for each in volume_of(study, kind="patent").kinds] == [1]
    assert volume_of(study, corpus=other.code).total == 1


def test_the_same_work_from_two_databases_is_one_document(upload):
    upload(samples.json_bytes({"results": [samples.OPENALEX]}), "works.json")
    again = upload(samples.PUBMED_XML.encode(), "pubmed.xml")
    assert (again.n_new, again.n_updated) == (0, 1)
    document = Document.objects.get()
    assert (document.external_id, document.database) == ("10.5555/cell.1", "pubmed")


def test_nearly_the_same_title_is_one_document(upload):
    received = upload(
        [
            {"id": "a", "title": "The effect of heat on solid-state batteries for aircraft"},
            {"id": "b", "title": "Effects of the heat on solid state battery for aircrafts"},
            {"id": "c", "title": "The effect of cold on solid-state batteries for aircraft"},
            {"id": "d", "title": "The effect of solid-state batteries on heat for aircraft"},
        ]
    )
    assert (received.n_new, received.n_duplicates) == (3, 1)


def test_the_page_shows_the_volume_and_filters_it(page, study, upload):
    upload(rows(12))
    text = page.get(address("sources", study)).content.decode()
    assert "What the corpora hold" in text
    assert 'class="g g1"' in text
    assert (
        "No document of this kind" in page.get(address("sources", study), {"kind": "news"}).content.decode()
    )
    assert page.get(address("sources", study), {"kind": "'", "corpus": "'"}).status_code == 200


def test_a_refused_file_that_is_mended_goes_into_the_corpus_that_waits_for_it(
    page, study, corpus, upload, commit
):
    address = reverse("scanning:sources", args=[study.code])
    corpora = []
    for content in (b"{broken\n", b"{broken\n", b'{"title": "A flow cell"}\n'):
        file = SimpleUploadedFile("savedrecs.jsonl", content)
        with commit():
            page.post(address, {"file": file, "name": "Cells  of 2021", "kind": "paper"})
        text = page.get(address).content.decode()
        corpora.append(study.corpora.exclude(pk=corpus.pk).get())
    assert len(set(corpora)) == 1
    assert "Files of Cells of 2021" in text
    with commit():
        page.post(
            address,
            {"file": SimpleUploadedFile("b.jsonl", content), "name": "Cells of 2021", "kind": "paper"},
        )
    assert (
        study.corpora.filter(name="Cells of 2021").count() == 2
    )  # a corpus that holds something is another matter


def test_corpora_that_hold_nothing_stand_apart_and_upload_again_leads_back_to_them(
    page, study, corpus, upload
):
    file = upload(b"{broken\n")
    response = page.get(reverse("scanning:sources", args=[study.code]))
    assert (response.context["corpora"], response.context["empty"]) == ([], [corpus])
    again = f"{reverse('scanning:sources', args=[study.code])}?into={corpus.code}"
    assert again in page.get(reverse("scanning:file", args=[study.code, file.code])).content.decode()
    assert f'<option value="{corpus.code}" selected>' in page.get(again).content.decode()
    upload(b"{broken\n", run=False)
    assert page.get(reverse("scanning:sources", args=[study.code])).context["empty"] == []


def test_the_file_page_names_records_by_what_their_source_calls_them(page, study, upload):
    records = [{"title": "A flow cell", "abstract": "It flows."}, {"id": "W7", "title": "A fuel cell"}]
    file = upload(records)
    text = page.get(reverse("scanning:file", args=[study.code, file.code])).content.decode()
    assert "W7" in text
    assert "title:" not in text


@pytest.mark.parametrize(
    ("content", "found"),
    [(b'{"title": "A"}\n{broken\n', "{broken"), (b'[{"title": "A"},\n{"title": oops}]', "oops")],
)
def test_a_fault_shows_the_place_and_no_words_of_a_library(page, study, upload, content, found):
    file = upload(content)
    text = page.get(reverse("scanning:file", args=[study.code, file.code])).content.decode()
    assert found in text
    assert "Expecting" not in text
    assert "char " not in text


def test_an_unknown_table_is_read_once_a_person_said_what_its_columns_mean(
    page, study, corpus, upload, commit
):
    refused = upload(ODD.encode(), "odd.csv")
    assert refused.status == ImportStatus.REFUSED
    assert "Say what the columns mean" in page.get(address("file", study, refused.code)).content.decode()
    path = address("columns", study, refused.code)
    assert "Perovskite cells" in page.get(path).content.decode()
    assert page.post(path, {"column_2": "year"}).status_code == 400
    assert page.post(path, {"column_0": "title", "column_1": "title"}).status_code == 400
    meanings = {"column_0": "title", "column_1": "abstract", "column_2": "year", "column_3": "organisations"}
    with commit():
        assert page.post(path, meanings).status_code == 302
    document = Document.objects.get()
    assert (document.title, document.year, document.organisations) == (
        "Perovskite cells",
        2021,
        ["Hill Institute"],
    )
    assert AuditEntry.objects.filter(action="corpus.columns_mapped").exists()
    assert page.get(path).status_code == 404  # imported by now
    next_one = upload(ODD.replace("Perovskite", "Flow").encode(), "odd2.csv")
    assert (next_one.status, next_one.n_new) == (ImportStatus.IMPORTED, 1)
    as_sheet = samples.xlsx([line.split(";") for line in ODD.replace("Perovskite", "Fuel").splitlines()])
    assert upload(as_sheet, "odd.xlsx").n_new == 1


@pytest.mark.parametrize("content", [b"once upon a time\n", samples.pdf(""), b"%0 x", samples.zipped({})])
def test_what_is_no_table_has_no_columns_to_name(page, study, upload, content):
    refused = upload(content, "x.bin")
    assert "Say what the columns mean" not in page.get(address("file", study, refused.code)).content.decode()
    assert page.get(address("columns", study, refused.code)).status_code == 404


def test_columns_are_named_by_reviewers_and_only_before_the_import(study, owner, upload):
    refused = upload(ODD.encode(), "odd.csv")
    with pytest.raises(NotAllowed):
        map_columns(corpus_file=refused, actor=give_role(study, Role.ANALYST), mapping={"title": "Kopf"})
    for mapping in ({}, {"year": "Wann"}, {"title": ""}, {"title": "Kopf", "password": "Wer"}):
        with pytest.raises(InvalidInput):
            map_columns(corpus_file=refused, actor=owner, mapping=mapping)
    with pytest.raises(Refusal):
        map_columns(corpus_file=upload(rows(1)), actor=owner, mapping={"title": "Kopf"})


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_corpora(
    page, study, owner, upload, count, django_assert_max_num_queries
):
    for n in range(count):
        upload(rows(3, id=f"x{n}"), into=create_corpus(study=study, actor=owner, name=f"C{n}"))
    page.get(address("sources", study))
    with django_assert_max_num_queries(20):
        page.get(address("sources", study))


HOSTILE = "x<script>alert(1)</script>"


def test_fault_25_hostile_headers_and_cells_are_inert_on_the_columns_page(page, study, upload):
    refused = upload(f"{HOSTILE};Inhalt\n{HOSTILE};x\n".encode(), "odd.csv")
    text = page.get(address("columns", study, refused.code)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
