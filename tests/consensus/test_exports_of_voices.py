"""What experts said to one another and about the list, as it leaves: counted, moderated, without author or order."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest

from consensus.enums import ExportFormat, ExportKind
from consensus.selectors.voices import proposals_told, threads, wordings_told
from consensus.services.supplements import write_supplements
from experts.enums import MemberStatus
from foundation.spreadsheet import safe
from surveys.enums import Moderation, Special
from surveys.models import Answer, Proposal, Reason, Reply
from surveys.services.discussion import reply, vote
from surveys.services.proposals import (
    accept_proposal,
    flag_wording,
    propose_technology,
    propose_wording,
    reject_proposal,
    withdraw_proposal,
)
from surveys.services.reasons import save_reason, withdraw_reason
from tests.consensus.test_exports import _own_files, dicts, export, tables  # noqa: F401
from tests.surveys.voice_world import AGAINST, FOR, OWN, VALUES, answer_all, approve, finish, make_world

pytestmark = pytest.mark.django_db
HOSTILE = "=HYPERLINK(1)"


def spoken(**round_fields):
    """Round 2 is over: six found one reason useful, two agree with another, two replied, one of them unread."""
    world = make_world(allows_proposals=True, **round_fields)
    for member in [m for m in world.members if m != world.members[5]][:6]:
        vote(round=world.second, member=member, reason=world.reasons[FOR].code, kind="useful", on=True)
    for member in world.members[1:3]:
        vote(round=world.second, member=member, reason=world.reasons[OWN].code, kind="agree", on=True)
    for place, text in ((1, "固态电池已经商用"), (2, "Not read yet")):
        reply(round=world.second, member=world.members[place], reason=world.reasons[FOR].code, text=text)
    approve(Reply.objects.get(text="固态电池已经商用"), world.owner)
    return world


def ended(world):
    for technology in world.technologies:
        answer_all(world.second, "agreement", technology, VALUES)
    finish(world.second)
    return world


def by_text(study):
    return {row["text"]: row for row in dicts(tables(study, ExportKind.RESULTS)["discussion"])}


def test_votes_are_counts_in_steps_and_never_say_who():
    world = ended(spoken())
    rows = by_text(world.study)
    assert set(rows) == {FOR, AGAINST, OWN}
    assert (rows[FOR]["votes_useful"], rows[FOR]["votes_agree"], rows[FOR]["replies"]) == (5, 0, 1)
    assert (rows[OWN]["votes_useful"], rows[OWN]["votes_agree"], rows[OWN]["replies"]) == (0, 0, 0)
    assert set(rows[FOR]) == {
        "round", "technology", "technology_name", "reason", "stance", "text", "votes_useful", "votes_agree", "replies",
    }  # fmt: skip


def test_fault_23_one_vote_more_below_the_next_step_changes_no_cell():
    world = ended(spoken())
    before = tables(world.study, ExportKind.RESULTS)["discussion"]
    world.second.status = "open"
    world.second.save()
    vote(round=world.second, member=world.members[6], reason=world.reasons[FOR].code, kind="useful", on=True)
    type(world.second).objects.filter(pk=world.second.pk).update(status="analysed")
    assert tables(world.study, ExportKind.RESULTS)["discussion"] == before


def test_replies_hang_on_their_reason_by_a_drawn_name():
    world = ended(spoken())
    found = tables(world.study, ExportKind.RESULTS)
    (told,) = dicts(found["replies"])
    assert (told["round"], told["text"]) == (2, "固态电池已经商用")
    assert told["reason"] == by_text(world.study)[FOR]["reason"]
    whole = json.dumps({name: found[name] for name in ("discussion", "replies")})
    for row in [*Reason.objects.all(), *Reply.objects.all()]:
        assert row.code not in whole


def test_nothing_of_an_open_round_leaves():
    world = spoken()
    flag_wording(
        round=world.second, member=world.members[0], technology=world.technologies[0].code, problem="jargon"
    )
    approve(Proposal.objects.get(), world.owner)
    save_reason(
        round=world.second,
        member=world.members[0],
        technology=world.technologies[0].code,
        text="Written this week",
    )
    approve(Reason.objects.get(text="Written this week"), world.owner)
    found = tables(world.study, ExportKind.RESULTS)
    assert "Written this week" not in json.dumps(found)
    assert {row["votes_useful"] for row in dicts(found["discussion"])} == {0}
    assert dicts(found["replies"]) == dicts(found["proposals"]) == dicts(found["wordings"]) == []


@pytest.mark.parametrize("how", ["rejected", "taken back", "member left"])
def test_a_reason_that_may_no_longer_be_read_leaves_an_empty_place_while_its_replies_stay(how):
    world = ended(spoken())
    reason = world.reasons[FOR]
    if how == "rejected":
        approve(reason, world.owner, decision="rejected")
    elif how == "taken back":
        withdraw_reason(reason=reason, member=reason.member)
    else:
        type(reason.member).objects.filter(pk=reason.member_id).update(status=MemberStatus.WITHDRAWN)
    found = tables(world.study, ExportKind.RESULTS)
    assert FOR not in json.dumps(found["discussion"])
    place = next(row for row in dicts(found["discussion"]) if row["text"] is None)
    assert (place["stance"], place["votes_useful"], place["replies"]) == (None, None, 1)
    assert [row["reason"] for row in dicts(found["replies"])] == [place["reason"]]
    assert AGAINST in json.dumps(found["discussion"])


def test_replies_of_members_who_left_stay_behind():
    world = ended(spoken())
    gone = Reply.objects.get(moderation=Moderation.APPROVED).member
    type(gone).objects.filter(pk=gone.pk).update(status=MemberStatus.WITHDRAWN)
    assert dicts(tables(world.study, ExportKind.RESULTS)["replies"]) == []


def proposed(world):
    first, second, third, fourth = world.members[:4]
    entry = propose_technology(
        round=world.second, member=first, name="地下储热", text="Heat, too", language="zh-hans"
    )
    propose_technology(round=world.second, member=second, name="Nobody read this")
    refused = propose_technology(round=world.second, member=third, name="Cold fusion")
    back = propose_technology(round=world.second, member=fourth, name="Taken back")
    code = world.technologies[0].code
    wording = propose_wording(round=world.second, member=first, technology=code, name=HOSTILE)
    flag = flag_wording(
        round=world.second, member=second, technology=code, problem="jargon", text="What is it?"
    )
    ended(world)
    withdraw_proposal(proposal=back, member=fourth)
    accept_proposal(proposal=entry, actor=world.owner, answer="Gladly")
    reject_proposal(proposal=refused, actor=world.owner, answer="Out of scope")
    for each in (wording, flag):
        approve(each, world.owner)
    return world


def test_proposals_leave_without_proposer_once_a_moderator_let_them_through():
    world = proposed(spoken())
    rows = {row["name"] or row["text"]: row for row in dicts(tables(world.study, "results")["proposals"])}
    assert set(rows) == {"地下储热", "Cold fusion", HOSTILE, "What is it?"}
    assert (rows["地下储热"]["status"], rows["地下储热"]["became"]) == ("accepted", "T03")
    assert (rows["Cold fusion"]["status"], rows["Cold fusion"]["answer"]) == ("rejected", "Out of scope")
    assert (rows["What is it?"]["kind"], rows["What is it?"]["problem"]) == ("flag", "jargon")
    assert set(rows["Cold fusion"]) == {
        "round", "kind", "technology", "technology_name", "question", "problem", "field", "name", "description",
        "text", "status", "answer", "became",
    }  # fmt: skip


def test_fault_23_no_person_code_or_time_is_in_any_of_these_tables():
    world = proposed(spoken())
    found = tables(world.study, ExportKind.RESULTS)
    said = json.dumps({name: found[name] for name in ("discussion", "replies", "proposals", "wordings")})
    for member in world.study.panel.members.select_related("expert"):
        for secret in (member.expert.name, member.expert.email, member.code, member.pseudonym):
            assert secret not in said
    for row in Proposal.objects.all():
        assert row.code not in said
    assert "202" not in said.replace("固态", "")  # no year, so no date


def test_wordings_tell_reports_and_who_could_not_judge_where_enough_answered():
    world = proposed(spoken())
    few, many = world.technologies
    rows = dicts(tables(world.study, ExportKind.RESULTS)["wordings"])
    assert [(row["technology"], row["reports"], row["problems"]) for row in rows] == [(few.key, 1, "jargon")]
    assert rows[0]["question"] is None
    assert many.key not in {row["technology"] for row in rows}


def unable(world, technology, n):
    """So many of the eight cannot judge in round 2; the others can."""
    for place, member in enumerate(world.members):
        part = {"special": Special.CANNOT_JUDGE, "number": None} if place < n else {"number": 4}
        Answer.objects.filter(round=world.second, member=member, technology=technology).update(**part)


@pytest.mark.parametrize(("n", "told"), [(2, [(8, 0.25)]), (4, []), (8, [(8, 1.0)])])
def test_shares_beside_which_few_gave_a_value_are_left_out(n, told):
    world = spoken()
    first, second = world.technologies
    for technology in (first, second):
        answer_all(world.second, "agreement", technology, VALUES)
    unable(world, first, n)
    finish(world.second)
    rows = dicts(tables(world.study, ExportKind.RESULTS)["wordings"])
    assert [(row["answered"], row["cannot_judge_share"]) for row in rows] == told
    assert {(row["technology"], row["question"]) for row in rows} <= {(first.key, "agreement")}


def test_what_the_pages_and_the_files_tell_is_read_in_one_place():
    world = proposed(spoken())
    found = tables(world.study, ExportKind.RESULTS)
    told = threads(world.study)
    assert len(told) == len(found["discussion"]["rows"])
    assert sum(len(each.replies) for each in told) == len(found["replies"]["rows"])
    assert len(proposals_told(world.study)) == len(found["proposals"]["rows"])
    assert len(wordings_told(world.study)) == len(found["wordings"]["rows"])


SHEETS = (
    "discussion",
    "replies",
    "proposals",
    "wordings",
    "indicators",
    "attrition",
    "completers",
    "what_if",
)


def test_every_format_brings_the_same_cells_back():
    """Read again from CSV and from a workbook: what JSON holds, with formulas led by an apostrophe in CSV."""
    world = proposed(spoken())
    write_supplements(computation_id=world.second.computations.get().pk)
    found = {name: table["rows"] for name, table in tables(world.study, ExportKind.RESULTS).items()}
    with export(world.study, "results", ExportFormat.CSV).file.open("rb") as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    with export(world.study, "results", ExportFormat.XLSX).file.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    for name in SHEETS:
        assert found[name], name
        text = archive.read(f"{name}.csv").decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))[1:]
        assert lines == [[_as_csv(cell) for cell in row] for row in found[name]]
        width = len(found[name][0])
        sheet = [
            list(row[:width]) for row in book[name].iter_rows(min_row=2, max_col=width, values_only=True)
        ]
        assert sheet == [[None if cell == "" else cell for cell in row] for row in found[name]]


def _as_csv(cell):
    cell = safe(cell)
    return "" if cell is None else str(int(cell) if isinstance(cell, bool) else cell)


def test_fault_26_proposals_cannot_run_in_a_spreadsheet():
    world = proposed(spoken())
    with export(world.study, "results", ExportFormat.CSV).file.open("rb") as file:
        text = zipfile.ZipFile(io.BytesIO(file.read())).read("proposals.csv").decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert f"'{HOSTILE}" in cells
    assert HOSTILE not in cells
    with export(world.study, "results", ExportFormat.XLSX).file.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    found = {cell.value: cell for row in book["proposals"].iter_rows() for cell in row if cell.value}
    assert found[HOSTILE].quotePrefix
    assert found[HOSTILE].data_type == "s"
    assert "地下储热" in found
    assert "固态电池已经商用" in {cell.value for row in book["replies"].iter_rows() for cell in row}
