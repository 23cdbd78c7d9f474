"""The consensus report: what it says, in both languages, what it keeps back, and who gets it."""

import io
import re
import zipfile

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from consensus.enums import FORMATS, ExportFormat, ExportKind
from consensus.models import ExportFile
from consensus.report.blocks import Grid, Heading, Paragraph
from consensus.report.checklist import ENTRIES
from consensus.report.content import report_of
from consensus.services.exports import request_export
from experts.enums import MemberStatus, Role
from foundation.exceptions import InvalidInput
from surveys.enums import CriterionKind, TechnologyStatus
from surveys.models import Criterion, Technology
from surveys.services.rounds import open_round, plan_round
from surveys.services.studies import edit_study
from surveys.services.technologies import add_technology, edit_technology, set_technology_status
from tests.consensus.test_exports import _own_files, analysed_study, as_user, export, status_of  # noqa: F401
from tests.consensus.test_exports_of_supplements import finish, judged, left
from tests.consensus.test_exports_of_voices import ended, proposed, spoken
from tests.consensus.worlds import answer_all, make_panel_study, make_round
from tests.factories import give_role, make_user, owner_of
from tests.surveys.voice_world import AGAINST, FOR, approve

pytestmark = pytest.mark.django_db
HOSTILE = '<w:p/><script>alert(1)</script>&"=1+1'
SPLIT = [1, 1, 1, 1, 5, 5, 5, 5]


def words(study, language="en") -> str:
    """Everything that the document says, in order."""
    with export(study, ExportKind.REPORT, ExportFormat.DOCX, language).file.open("rb") as file:
        document = docx.Document(io.BytesIO(file.read()))
    said = []
    for block in document.iter_inner_content():
        rows = [[cell.text for cell in row.cells] for row in block.rows] if hasattr(block, "rows") else None
        said += [" | ".join(row) for row in rows] if rows else [block.text]
    return "\n".join(said)


def section(study, title, language="en") -> str:
    """What stands under one heading of the first level."""
    found, inside = [], False
    with override(language):
        for block in report_of(study):
            if isinstance(block, Heading) and block.level == 1:
                inside = block.text == title
            elif inside:
                found.append(block)
    return "\n".join(_text(block) for block in found)


def _text(block) -> str:
    if isinstance(block, Grid):
        return "\n".join(" | ".join(map(str, row)) for row in [block.header, *block.rows])
    return f"{block.lead}{block.text}" if isinstance(block, Paragraph) else block.text


def split_world():
    """Two rounds alike: the first entry is agreed, the second stably divided, with reasons on both sides."""
    world = spoken()
    Criterion.objects.get_or_create(
        study=world.study,
        kind=CriterionKind.STABILITY,
        defaults={
            "question": world.study.questions.first(),
            "expression": {"kind": "net_change", "op": "<", "threshold": 0.15},
        },
    )
    return ended(world)


def test_the_report_has_every_section_and_the_hash_of_the_protocol():
    study = split_world().study
    said = words(study)
    for title in (
        "Summary", "Study and protocol", "Amendments", "Panel", "Rounds and response", "Method",
        "Definition of consensus", "Results", "Stable disagreements", "Entries added, dropped and reworded",
        "Attrition", "Reporting checklist (ACCORD)", "Provenance",
    ):  # fmt: skip
        assert f"\n{title}\n" in said, title
    study.refresh_from_db()
    assert study.protocol_hash in said
    computation = study.rounds.get(number=2).computations.get(status="current")
    assert computation.result_hash in said
    assert "Type 7" in said
    assert "%(" not in said


def test_each_entry_has_its_verdict_in_words():
    world = split_world()
    said = section(world.study, "Results")
    for technology in world.technologies:
        row = next(line for line in said.splitlines() if line.startswith(technology.key))
        verdict = world.study.rounds.get(number=2).computations.get(status="current").verdicts
        assert str(verdict.get(technology=technology).get_verdict_display()) in row
        assert "needed: at least" in row


def test_a_stable_disagreement_comes_with_the_reasons_of_both_sides():
    world = split_world()
    said = section(world.study, "Stable disagreements")
    assert world.technologies[0].key in said
    assert f"In favour: “{FOR}”" in said
    assert f"Against: “{AGAINST}”" in said
    approve(world.reasons[AGAINST], world.owner, decision="rejected")
    assert AGAINST not in section(world.study, "Stable disagreements")


def test_changes_of_the_list_after_the_lock_are_told_with_their_reasons():
    world = split_world()
    study, owner = world.study, world.owner
    first, second = world.technologies
    edit_technology(technology=first, actor=owner, name={"en": "New words", "zh-hans": "技术1"})
    edit_technology(technology=second, actor=owner, name={"en": "Technology 2", "zh-hans": "仅中文改写"})
    set_technology_status(
        technology=second, actor=owner, status=TechnologyStatus.DROPPED, reason="Covered by another"
    )
    new = add_technology(study=study, actor=owner, name={"en": "Late entry", "zh-hans": "后加条目"})
    study.refresh_from_db()
    open_round(round=plan_round(study=study, actor=owner, scope="all"), actor=owner)
    said = section(study, "Entries added, dropped and reworded")
    assert f"{first.key} New words | reworded |" in said
    assert "before: Technology 1\n" in said
    assert "before: 技术2" in said  # a change in the other language is one, too
    assert f"{second.key} Technology 2 | dropped |" in said
    assert "Covered by another" in said
    assert f"{new.key} Late entry | added | Round 3 |" in said


def test_proposals_are_counted_by_what_became_of_them():
    world = proposed(spoken())
    said = section(world.study, "Entries added, dropped and reworded")
    assert "accepted 1, covered by another entry 0, not taken up 1" in said


def test_amendments_are_listed_with_who_when_and_why():
    study = split_world().study
    edit_study(study=study, actor=owner_of(study), minimum_answers=6, reason="Too few before")
    said = section(study, "Study and protocol")
    assert "Too few before" in said
    assert owner_of(study).audit_label in said
    assert "R2 | Departures from the protocol, and why | in part" in section(
        study, "Reporting checklist (ACCORD)"
    )


def test_attrition_is_told_with_verdicts_that_hang_on_it():
    said = section(left(), "Attrition")
    assert "1 | 2 | 12 | 6 | 50" in said
    assert "of 1 entries compared, drop-outs had answered differently on 1" in said
    assert "Over all entries together: p = 0.0" in said


def test_the_checklist_has_all_items_and_guesses_none():
    said = section(split_world().study, "Reporting checklist (ACCORD)")
    assert len(ENTRIES) == len({entry.number for entry in ENTRIES}) == 35
    rows = {line.split(" | ")[0]: line for line in said.splitlines() if line.count(" | ") == 3}
    assert set(rows) == {"Item", *(entry.number for entry in ENTRIES)}
    for number in ("T1", "I1", "M7", "M16", "O2", "O3"):
        assert rows[number].endswith("authors | To be completed by the authors.")
    assert "at least" in rows["M12"]
    assert "8 / 8" in rows["R3"]
    assert re.search(r"Of 35 items, (\d+) are filled from the platform, (\d+) in part, and (\d+)", said)


def test_fault_23_small_groups_are_in_no_table_of_the_report():
    study = judged((7, 6, 2))
    said = words(study)
    names = [str(group) for group in study.panel.groups.order_by("position")]
    panel = section(study, "Panel")
    assert f"{names[0]} | 7" in panel
    assert names[1] not in panel
    assert names[2] not in panel
    assert "Groups too small to be named | 8" in panel
    response = section(study, "Rounds and response")
    assert names[0] in response
    assert names[2] not in response
    assert f"{names[2]} |" not in said


def test_fault_23_figures_of_few_answers_are_not_in_the_report():
    study = make_panel_study((8,), technologies=2)
    round = make_round(study)
    few, many = study.technologies.order_by("position")
    answer_all(round, "agreement", few, [1, 2, 2])
    answer_all(round, "agreement", many, [4, 4, 5, 5, 5, 5, 5, 5])
    finish(round)
    rows = {
        line.split(" ")[0]: line for line in section(study, "Results").splitlines() if line.startswith("T")
    }
    assert rows[few.key].endswith("| 1 | – | – | – | Too few answers to be shown")
    assert "| 8 | 5" in rows[many.key]


def test_nobody_is_named_beside_an_answer():
    world = split_world()
    gone = world.members[7]
    type(gone).objects.filter(pk=gone.pk).update(status=MemberStatus.WITHDRAWN)
    said = words(world.study)
    for member in world.study.panel.members.select_related("expert"):
        for secret in (member.expert.name, member.expert.email, member.code, member.pseudonym):
            assert secret not in said


def test_the_report_is_whole_in_chinese():
    world = split_world()
    said = words(world.study, "zh-hans")
    assert "研究" in said
    assert "技术1" in said
    assert FOR in said


def test_fault_25_hostile_names_are_inert_in_the_document():
    study = analysed_study((7,))
    Technology.objects.filter(study=study).update(name={"en": HOSTILE})
    type(study).objects.filter(pk=study.pk).update(title={"en": HOSTILE}, purpose={"en": HOSTILE})
    study.refresh_from_db()
    with export(study, ExportKind.REPORT, ExportFormat.DOCX).file.open("rb") as file:
        content = file.read()
    assert b"<script>" not in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    assert HOSTILE in "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)


def test_a_study_without_a_round_has_a_report_that_says_so():
    said = words(make_panel_study((6,)))
    assert "No round has been analysed yet." in said
    assert "The protocol is not locked yet: no round has been opened." in said


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.ORGANISER, 200), (Role.ANALYST, 200), (Role.MODERATOR, 404), (None, 404)],
)
def test_fault_22_only_those_who_may_export_reach_the_report(client, role, status):
    study = analysed_study((7,))
    row = export(study, ExportKind.REPORT, ExportFormat.DOCX)
    as_user(client, give_role(study, role) if role else make_user("stranger"))
    for name in ("export_row", "download"):
        assert status_of(client, reverse(f"consensus:{name}", args=[study.code, row.code])) == status
    answer = client.post(reverse("consensus:exports", args=[study.code]), {"report": "1", "language": "en"})
    assert answer.status_code == (302 if status == 200 else 404)


def test_the_download_is_a_word_document_that_no_cache_keeps(client):
    study = analysed_study((7,))
    row = export(study, ExportKind.REPORT, ExportFormat.DOCX)
    response = as_user(client, owner_of(study)).get(
        reverse("consensus:download", args=[study.code, row.code])
    )
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert "no-store" in response["Cache-Control"]
    assert ".docx" in response["Content-Disposition"]
    response.getvalue()


@pytest.mark.parametrize(
    ("kind", "format"),
    [(kind, format) for kind in ExportKind for format in ExportFormat if format not in FORMATS[kind]],
)
def test_content_comes_in_its_own_formats_only(kind, format):
    study = make_panel_study((2,))
    with pytest.raises(InvalidInput):
        request_export(study=study, actor=owner_of(study), kind=kind, format=format)
    assert not ExportFile.objects.exists()


def test_the_page_writes_a_report_in_the_language_asked_for(client, django_capture_on_commit_callbacks):
    study = analysed_study((7,))
    address = reverse("consensus:exports", args=[study.code])
    as_user(client, owner_of(study))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"report": "1", "language": "zh-hans"}).status_code == 302
    row = ExportFile.objects.get()
    assert (row.kind, row.format, row.language, row.job.status) == ("report", "docx", "zh-hans", "done")
    refused = client.post(address, {"report": "1", "language": "xx"})
    assert refused.status_code == 400
    assert ExportFile.objects.count() == 1


@pytest.mark.parametrize("more", [1, 10])
def test_the_number_of_queries_does_not_grow_with_the_list(more):
    counts = []
    for size in (2, 2 + more):
        study = make_panel_study((7,), template="foresight", technologies=size)
        round = make_round(study)
        for technology in study.technologies.all():
            answer_all(round, "importance", technology, [1, 5, 9, 9, 9, 9, 9])
        finish(round)
        with CaptureQueriesContext(connection) as queries:
            list(report_of(study))
        counts.append(len(queries))
    assert counts[0] == counts[1]
