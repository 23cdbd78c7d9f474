import csv
import io
import json
import re
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from consensus.enums import FORMATS, TABULAR, ExportFormat, ExportKind
from consensus.exports.base import Table
from consensus.exports.csv import CsvWriter
from consensus.exports.json import JsonWriter
from consensus.exports.xlsx import XlsxWriter
from consensus.models import ExportFile
from consensus.services.compute import compute_round
from consensus.services.exports import purge_exports, request_export, write_export
from experts.enums import MemberStatus, Role
from foundation.enums import JobStatus
from foundation.exceptions import NotAllowed
from foundation.models import AuditEntry, Job
from foundation.spreadsheet import looks_like_formula
from surveys.enums import Moderation
from surveys.models import Answer, Reason
from tests.consensus.worlds import answer, answer_all, close, make_panel_study, make_round
from tests.factories import give_role, make_user, owner_of

pytestmark = pytest.mark.django_db
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", " =1", "＝1+1"]


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }


def analysed_study(sizes=(7, 6), **fields):
    """Two rounds, computed: importance with ties, an open comment, years."""
    study = make_panel_study(sizes, template="foresight", technologies=2, **fields)
    members = sum(sizes)
    for number in (1, 2):
        round = make_round(study, number)
        for place, technology in enumerate(study.technologies.all()):
            answer_all(
                round, "importance", technology, [(i + place + number) % 9 + 1 for i in range(members)]
            )
            answer_all(round, "year_lab", technology, ["never", *[2030 + i for i in range(members - 1)]])
        compute_round(round_id=close(round).pk)
    return study


def export(study, kind, format="json", language="en"):
    row = request_export(study=study, actor=owner_of(study), kind=kind, format=format, language=language)
    write_export(export_id=row.pk)
    Job.objects.filter(pk=row.job_id).update(status=JobStatus.DONE)
    row.refresh_from_db()
    return row


def tables(study, kind, **options):
    with export(study, kind, **options).file.open("rb") as file:
        return json.load(file)["tables"]


def dicts(table):
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_answers_are_complete_and_the_same_member_has_the_same_name_in_every_round():
    study = analysed_study()
    rows = dicts(tables(study, ExportKind.ANSWERS)["answers"])
    stored = Counter(
        Answer.objects.values_list("round__number", "technology__key", "question__key", "number", "special")
    )
    got = Counter((r["round"], r["technology"], r["question"], r["value"], r["special"]) for r in rows)
    assert got == stored
    first = {r["pseudonym"]: r["value"] for r in rows if r["round"] == 1 and r["question"] == "importance"}
    second = {r["pseudonym"]: r["value"] for r in rows if r["round"] == 2 and r["question"] == "importance"}
    assert len(first) == 13
    assert {name: value % 9 + 1 for name, value in first.items()} == second


def test_fault_23_an_answers_export_names_nobody_and_gives_no_order_time_or_id():
    study = analysed_study()
    round = make_round(study, 3)
    for member in study.panel.members.all():
        comment = answer(round, member, "comment", study.technologies.first(), None)
        Answer.objects.filter(pk=comment.pk).update(text=f"free text of {member.pseudonym}")
    close(round)
    found = tables(study, ExportKind.ANSWERS)
    bare = json.dumps({"answers": found["answers"]})
    for member in study.panel.members.select_related("expert"):
        for secret in (
            member.expert.name,
            member.expert.email,
            member.expert.code,
            member.code,
            member.pseudonym,
        ):
            assert secret not in bare
    assert not re.search(r"20\d\d-\d\d-\d\d", bare)
    rows = dicts(found["answers"])
    assert set(rows[0]) == {
        "pseudonym", "panel_group", "round", "technology", "technology_name", "question", "value", "label", "low",
        "high", "special",
    }  # fmt: skip
    order = list(dict.fromkeys(r["pseudonym"] for r in rows))
    assert order == sorted(order)
    texts = dicts(found["texts"])
    assert len(texts) == 13
    assert set(texts[0]) == {"round", "technology", "technology_name", "question", "text"}
    assert [t["text"] for t in texts] != sorted(t["text"] for t in texts)


def test_pseudonyms_need_the_servers_key(settings):
    study = analysed_study()
    before = {r["pseudonym"] for r in dicts(tables(study, ExportKind.ANSWERS)["answers"])}
    settings.SECRET_KEY = "another key of this server, long enough to be one"
    after = {r["pseudonym"] for r in dicts(tables(study, ExportKind.ANSWERS)["answers"])}
    assert not before & after


def test_answers_of_open_rounds_and_of_members_who_withdrew_are_not_exported():
    study = analysed_study()
    gone = study.panel.members.first()
    study.panel.members.filter(pk=gone.pk).update(status=MemberStatus.WITHDRAWN)
    open_round = make_round(study, 3)
    answer_all(open_round, "importance", study.technologies.first(), [9] * 13)
    rows = dicts(tables(study, ExportKind.ANSWERS)["answers"])
    assert {r["round"] for r in rows} == {1, 2}
    assert len({r["pseudonym"] for r in rows}) == 12


def test_small_groups_are_merged_in_answers_and_absent_from_results():
    study = analysed_study((8, 6, 2))
    groups = {r["pseudonym"]: r["panel_group"] for r in dicts(tables(study, ExportKind.ANSWERS)["answers"])}
    assert Counter(groups.values()) == {"academia": 8, "suppressed": 8}
    rows = dicts(tables(study, ExportKind.RESULTS)["results"])
    assert {r["panel_group"] for r in rows if r["question"] == "importance"} == {"all", "academia"}


def test_results_of_fewer_answers_than_the_minimum_are_suppressed():
    study = make_panel_study((8,), technologies=2)
    round = make_round(study)
    few, many = study.technologies.all()
    answer_all(round, "agreement", few, [1, 2, 3])
    answer_all(round, "agreement", many, [1, 2, 3, 4, 5, 5, 5, 5])
    compute_round(round_id=close(round).pk)
    found = tables(study, ExportKind.RESULTS)
    by_key = {r["technology"]: r for r in dicts(found["results"]) if r["panel_group"] == "all"}
    assert by_key[few.key]["note"] == "suppressed"
    assert by_key[few.key]["n"] is None
    assert by_key[few.key]["median"] is None
    assert by_key[many.key]["median"] == 4.5
    assert {r["technology"] for r in dicts(found["distributions"])} == {many.key}


def test_results_say_method_hashes_and_amendments():
    study = analysed_study()
    found = tables(study, ExportKind.RESULTS)
    book = dicts(found["codebook"])
    facts = {(r["part"], r["key"], r["item"]): r for r in book}
    assert "Type 7" in facts["method", "quantiles", "type"]["english"]
    assert facts["round", "2", "result_hash"]["english"] == (
        study.rounds.get(number=2).computations.get(status="current").result_hash
    )
    assert (
        facts["question", "importance", "text"]["chinese"]
        != facts["question", "importance", "text"]["english"]
    )
    explained = {r["key"] for r in book if r["part"] == "column"}
    used = {column for name, table in found.items() if name != "codebook" for column in table["columns"]}
    used |= {
        column
        for name, t in tables(study, "answers").items()
        if name != "codebook"
        for column in t["columns"]
    }
    assert used <= explained


def test_only_approved_reasons_are_exported_without_author():
    study = analysed_study()
    now = timezone.now()
    for member, moderation in zip(study.panel.members.all(), Moderation, strict=False):
        Reason.objects.create(
            round=study.rounds.first(), member=member, technology=study.technologies.first(), text=f"{moderation} text",
            moderation=moderation, created_at=now, updated_at=now,
        )  # fmt: skip
    rows = dicts(tables(study, ExportKind.RESULTS)["reasons"])
    assert [r["text"] for r in rows] == ["approved text"]
    assert set(rows[0]) == {"round", "technology", "technology_name", "stance", "text"}


@pytest.mark.parametrize(
    ("kind", "format"), [(kind, format) for kind in ExportKind for format in FORMATS[kind]]
)
def test_every_format_holds_the_same_rows_and_is_the_same_file_each_time(kind, format):
    study = analysed_study()
    first, again = export(study, kind, format), export(study, kind, format)
    assert first.pk != again.pk
    assert first.sha256 == again.sha256
    if (
        format == ExportFormat.DOCX
    ):  # no rows to be counted: tests/consensus/test_report.py reads what it says
        return
    expected = {name: len(table["rows"]) for name, table in tables(study, kind).items()}
    with first.file.open("rb") as file:
        assert _lengths(format, file.read()) == expected


def _lengths(format, content):
    if format == ExportFormat.JSON:
        return {name: len(table["rows"]) for name, table in json.loads(content)["tables"].items()}
    if format == ExportFormat.XLSX:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        return {sheet.title: sum(1 for _row in sheet.iter_rows()) - 1 for sheet in book}
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name.removesuffix(".csv"): len(list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))))
        - 1
        for name in archive.namelist()
    }


def dangerous_table():
    return Table("t", ("=header", "n", "flag"), iter([(text, -5, True) for text in DANGEROUS]))


def test_fault_26_csv_neutralises_formulas_in_texts_and_headers_and_leaves_numbers():
    target = io.BytesIO()
    CsvWriter().write(target, [dangerous_table()], lambda done: None)
    content = zipfile.ZipFile(target).read("t.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["'=header", "n", "flag"]
    assert len(rows) == 1 + len(DANGEROUS)
    for text, number, flag in rows[1:]:
        assert text.startswith("'")
        assert not looks_like_formula(text)
        assert (number, flag) == ("-5", "1")
    assert not set("\x00\t") & set(content)


def test_fault_26_xlsx_types_formulas_as_quoted_text_and_numbers_as_numbers():
    target = io.BytesIO()
    XlsxWriter().write(target, [dangerous_table()], lambda done: None)
    sheet = openpyxl.load_workbook(target).active
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=header", "s")
    assert sheet["A1"].quotePrefix
    for line in range(2, 2 + len(DANGEROUS)):
        text, number, flag = (sheet.cell(line, place) for place in (1, 2, 3))
        assert text.data_type == "s"
        assert text.quotePrefix
        assert (number.value, number.data_type) == (-5, "n")
        assert (flag.value, flag.data_type) == (True, "b")


def test_json_keeps_types_and_texts():
    target = io.BytesIO()
    JsonWriter().write(target, [Table("t", ("a", "b"), iter([("=1", 2.5), (None, True)]))], lambda done: None)
    assert json.loads(target.getvalue()) == {
        "tables": {"t": {"columns": ["a", "b"], "rows": [["=1", 2.5], [None, True]]}}
    }


def test_a_table_longer_than_a_sheet_goes_on_in_the_next():
    writer, target = XlsxWriter(), io.BytesIO()
    writer.most_rows = 3
    writer.write(target, [Table("answers", ("n",), ((n,) for n in range(7)))], lambda done: None)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["answers", "answers 2", "answers 3"]
    values = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert values == list(range(7))
    assert {sheet["A1"].value for sheet in book} == {"n"}


def test_names_come_in_the_language_asked_for():
    study = analysed_study()
    names = {r["technology_name"] for r in dicts(tables(study, "results", language="zh-hans")["results"])}
    assert names == {"技术1", "技术2"}


# --- who may -------------------------------------------------------------------------------------


def as_user(client, user):
    client.force_login(user)
    return client


def status_of(client, address):
    response = client.get(address)
    b"".join(response)  # reading a file to its end closes it
    return response.status_code


def test_a_download_is_not_stored_by_anyone_and_is_audited(client):
    study = analysed_study()
    row = export(study, "results", "csv")
    response = as_user(client, owner_of(study)).get(
        reverse("consensus:download", args=[study.code, row.code])
    )
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert f"{study.code}-results" in response["Content-Disposition"]
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert AuditEntry.objects.filter(stream=study.stream, action="export.downloaded").count() == 1


@pytest.mark.parametrize("format", TABULAR)
@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.ANALYST, 200), (Role.MODERATOR, 404), (None, 404)]
)
def test_fault_22_only_those_who_may_export_reach_any_export_address(client, role, status, format):
    study = analysed_study((7,))
    row = export(study, "answers", format)
    user = (
        give_role(study, role)
        if role and role != Role.OWNER
        else owner_of(study)
        if role
        else make_user("stranger")
    )
    as_user(client, user)
    addresses = [
        reverse("consensus:exports", args=[study.code]),
        reverse("consensus:export_row", args=[study.code, row.code]),
        reverse("consensus:download", args=[study.code, row.code]),
    ]
    assert [status_of(client, address) for address in addresses] == [status] * 3


def test_fault_22_a_role_taken_away_ends_access_to_files_already_made(client):
    study = analysed_study((7,))
    row = export(study, "answers", "csv")
    analyst = give_role(study, Role.ANALYST)
    address = reverse("consensus:download", args=[study.code, row.code])
    assert status_of(as_user(client, analyst), address) == 200
    study.panel.roles.filter(user=analyst).delete()
    assert client.get(address).status_code == 404


def test_fault_22_an_export_is_not_reached_through_another_study(client):
    study, other = analysed_study((7,)), make_panel_study((2,))
    row = export(study, "answers", "csv")
    as_user(client, owner_of(other))
    assert client.get(reverse("consensus:download", args=[other.code, row.code])).status_code == 404


def test_expired_files_are_refused_and_removed(client):
    study = analysed_study((7,))
    row = export(study, "results", "csv")
    ExportFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    address = reverse("consensus:download", args=[study.code, row.code])
    assert as_user(client, owner_of(study)).get(address).status_code == 410
    path = row.file.path
    assert purge_exports() == 1
    row.refresh_from_db()
    assert not row.file
    with pytest.raises(FileNotFoundError):
        Path(path).stat()


def test_who_may_not_export_cannot_request_one():
    study = make_panel_study((2,))
    with pytest.raises(NotAllowed):
        request_export(study=study, actor=give_role(study, Role.MODERATOR), kind="results", format="csv")
    assert not ExportFile.objects.exists()


def test_the_page_asks_for_an_export_shows_its_progress_and_then_the_file(
    client, django_capture_on_commit_callbacks
):
    study = analysed_study((7,))
    as_user(client, owner_of(study))
    address = reverse("consensus:exports", args=[study.code])
    assert b"No export yet" in client.get(address).content
    with django_capture_on_commit_callbacks() as later:
        response = client.post(address, {"kind": "results", "format": "xlsx", "language": "en"})
    assert response.status_code == 302
    assert b"hx-trigger" in client.get(address).content
    for callback in later:
        callback()
    page = client.get(address).content.decode()
    row = ExportFile.objects.get()
    assert row.job.status == "done"
    assert reverse("consensus:download", args=[study.code, row.code]) in page
    assert "hx-trigger" not in page


def test_asking_twice_while_it_is_written_gives_one_export():
    study = analysed_study((7,))
    first = request_export(study=study, actor=owner_of(study), kind="results", format="csv")
    assert request_export(study=study, actor=owner_of(study), kind="results", format="csv") == first


def test_writing_an_export_twice_leaves_one_file():
    study = analysed_study((7,))
    row = export(study, "results", "csv")
    before = row.file.name
    assert write_export(export_id=row.pk).file.name == before


def test_an_unknown_export_is_left_alone():
    assert write_export(export_id=0) is None
