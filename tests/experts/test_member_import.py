import io

import pytest
from django.core.management import CommandError, call_command

from experts.importing import hooks
from experts.importing.reading import MAX_BYTES, MAX_ROWS
from experts.models import Expert, MemberImport, PanelMember
from experts.services.member_import import (
    confirm_import,
    import_members,
    keep_for_confirmation,
    preview,
    read_members,
)
from experts.services.panels import create_group
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.services.audit import broken_links

GOOD = """name,email,group,language,organisation,country,expertise,fields
Ann Arbor,ann@example.org,Industry,en,ACME,Norway,wind; storage,energy
李雷,li@example.cn,政府,zh-hans,能源研究院,中国,储能、电网,energy|materials
"""


def errors_of(panel, content):
    with pytest.raises(InvalidInput) as refused:
        read_members(panel=panel, content=content.encode() if isinstance(content, str) else content)
    return refused.value.errors


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("gb18030"),
        GOOD.encode("utf-16"),
        GOOD.replace("; ", "、").replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "semicolons", "tabs", "crlf"],
)
def test_files_of_every_usual_kind_are_read_alike(panel, content):
    ann, li = read_members(panel=panel, content=content)
    assert (ann.name, ann.email, ann.expertise, ann.fields) == (
        "Ann Arbor", "ann@example.org", ["wind", "storage"], ["energy"],
    )  # fmt: skip
    assert (li.name, li.group, li.language, li.expertise) == ("李雷", "政府", "zh-hans", ["储能", "电网"])
    assert li.fields == ["energy", "materials"]
    assert (ann.line, li.line) == (2, 3)


def test_a_western_eight_bit_file_is_read(panel):
    content = "name,email\nJosé Núñez García,jose@example.org\nBjörn Ångström,bjorn@example.org\n".encode(
        "cp1252"
    )
    assert [row.name for row in read_members(panel=panel, content=content)] == [
        "José Núñez García",
        "Björn Ångström",
    ]


def test_chinese_headings_are_understood(panel):
    (row,) = read_members(
        panel=panel, content="姓名,电子邮件,组别,语言\n王芳,wang@example.cn,学界,中文\n".encode()
    )
    assert (row.name, row.email, row.group, row.language) == ("王芳", "wang@example.cn", "学界", "zh-hans")


def test_a_workbook_is_read_like_a_csv(panel):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Name", "E-mail", "Group"])
    book.active.append(["Ann", "ann@example.org", "Industry"])
    stream = io.BytesIO()
    book.save(stream)
    (row,) = read_members(panel=panel, content=stream.getvalue())
    assert (row.line, row.name, row.group) == (2, "Ann", "Industry")


def test_every_problem_is_told_with_its_line(panel):
    errors = errors_of(
        panel,
        "name,email,language\n"
        ",no-name@example.org,en\n"
        "Ann,not an address,en\n"
        "\n"
        "Bob,bob@example.org,klingon\n"
        "Carl,BOB@example.org,en\n"
        '"Two\nlines",two@example.org,en\n'
        "=HYPERLINK(1),f@example.org,en\n"
        "Shorty\n",
    )
    assert sorted(errors, key=int) == ["2", "3", "5", "6", "7", "9", "10"]
    assert "name is missing" in errors["2"][0]
    assert "not an address" in errors["3"][0]
    assert "klingon" in errors["5"][0]
    assert "line 5" in errors["6"][0]
    assert "line break" in errors["7"][0]
    assert "formula" in errors["9"][0]
    assert "too few cells" in errors["10"][0]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('name,email\nAnn,a@example.org\n"open,b@example.org\n', "3"),
        ("name,email\nAnn,a@example.org\nB\x00b,b@example.org\n", "3"),
        ("name,phone\nAnn,1\n", "1"),
        ("name,email,E-Mail\nAnn,a@example.org,b@example.org\n", "1"),
    ],
    ids=["quote left open", "binary", "column missing", "column twice"],
)
def test_malformed_files_are_refused_at_their_line(panel, content, line):
    assert list(errors_of(panel, content)) == [line]


@pytest.mark.parametrize(
    "content",
    [b"", b" \n ", b"name,email\n", b"PK\x03\x04 broken", b"x" * (MAX_BYTES + 1)],
    ids=["empty", "blank", "heading only", "broken zip", "too large"],
)
def test_files_without_usable_rows_are_refused(panel, content):
    with pytest.raises(InvalidInput) as refused:
        read_members(panel=panel, content=content)
    assert str(refused.value)


def test_too_many_rows_are_refused(panel):
    lines = "".join(f"N,n{number}@example.org\n" for number in range(MAX_ROWS + 1))
    with pytest.raises(InvalidInput, match="20000"):
        read_members(panel=panel, content=f"name,email\n{lines}".encode())


def _workbook_with(name, data):
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def test_fault_27_zip_bombs_and_external_entities_are_refused_before_unpacking(panel):
    bomb = _workbook_with("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    assert len(bomb) < 200_000
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    for content, reason in ((bomb, "too large"), (_workbook_with("xl/workbook.xml", entity), "not accepted")):
        with pytest.raises(InvalidInput, match=reason):
            read_members(panel=panel, content=content)


def test_nothing_is_half_imported(panel, owner):
    rows = read_members(panel=panel, content=GOOD.encode())

    def fail(panel, pairs):
        raise InvalidInput("the last step failed")

    hooks.register_after_import(fail)
    try:
        with pytest.raises(InvalidInput):
            import_members(panel=panel, rows=rows, actor=owner)
    finally:
        hooks._after.remove(fail)
    assert (Expert.objects.count(), PanelMember.objects.count(), panel.groups.count()) == (0, 0, 0)


def test_import_makes_experts_members_and_groups(panel, owner):
    create_group(panel=panel, name={"en": "Industry", "zh-hans": "产业"}, actor=owner)
    rows = read_members(panel=panel, content=GOOD.encode())
    seen = preview(panel=panel, rows=rows)
    assert (seen.added, seen.new_groups) == (2, ["政府"])
    import_members(panel=panel, rows=rows, actor=owner)
    assert set(panel.members.values_list("expert__name", "language")) == {
        ("Ann Arbor", "en"),
        ("李雷", "zh-hans"),
    }
    assert panel.groups.count() == 2
    assert panel.members.get(expert__name="Ann Arbor").group.key == "industry"
    assert broken_links("platform") == []


def test_known_experts_are_linked_and_their_entries_left_alone(panel, owner, make_expert, member):
    known = make_expert(2, name="Dr Ann", email="Ann@Example.org", organisation="Old")
    content = f"name,email,organisation\nAnn,ann@example.org,New\nSomebody,{member.expert.email},New\n"
    rows = read_members(panel=panel, content=content.encode())
    seen = preview(panel=panel, rows=rows)
    assert [row.line for row in seen.known_experts] == [2]
    assert [row.line for row in seen.already_members] == [3]
    import_members(panel=panel, rows=rows, actor=owner)
    known.refresh_from_db()
    assert (known.name, known.organisation) == ("Dr Ann", "Old")
    assert panel.members.count() == 2
    assert import_members(panel=panel, rows=rows, actor=owner) == []


def test_hooks_get_the_column_fields_and_may_refuse_lines(panel, owner, monkeypatch):
    monkeypatch.setattr(hooks, "_after", [])
    monkeypatch.setattr(hooks, "_checks", [])
    got = []
    hooks.register_after_import(
        lambda panel, pairs: got.extend((member.expert.name, row.fields) for member, row in pairs)
    )
    hooks.register_row_check(
        lambda panel, rows: {row.line: ["no such field"] for row in rows if "x" in row.fields}
    )
    rows = read_members(panel=panel, content=b"name,email,fields\nAnn,ann@example.org,a;b\n")
    import_members(panel=panel, rows=rows, actor=owner)
    assert errors_of(panel, "name,email,fields\nBob,b@example.org,x\n") == {"2": ["no such field"]}
    assert got == [("Ann", ["a", "b"])]


def test_a_confirmed_import_happens_once(panel, owner):
    rows = read_members(panel=panel, content=GOOD.encode())
    pending = keep_for_confirmation(panel=panel, rows=rows, file_name="a.csv", actor=owner)
    again = MemberImport.objects.get()
    assert len(confirm_import(pending=pending, actor=owner)) == 2
    assert confirm_import(pending=again, actor=owner) == []
    assert MemberImport.objects.count() == 0


def test_only_those_who_manage_the_panel_import(panel, with_role, owner):
    rows = read_members(panel=panel, content=GOOD.encode())
    with pytest.raises(NotAllowed):
        import_members(panel=panel, rows=rows, actor=with_role("analyst"))
    assert Expert.objects.count() == 0


def test_a_thousand_rows_cost_no_query_each(panel, owner, django_assert_max_num_queries):
    lines = "".join(f"Name {n},n{n}@example.org\n" for n in range(1000))
    with django_assert_max_num_queries(60):
        rows = read_members(panel=panel, content=f"name,email\n{lines}".encode())
        import_members(panel=panel, rows=rows, actor=owner)
    assert panel.members.count() == 1000


def test_the_command_tells_lines_and_imports(panel, owner, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_text("name,email\nAnn,nonsense\n")
    with pytest.raises(CommandError, match=r"line 2: .*nonsense"):
        call_command("import_members", str(bad), panel=panel.code, actor=owner.email)
    good = tmp_path / "good.csv"
    good.write_text(GOOD, encoding="utf-8")
    call_command("import_members", str(good), panel=panel.code, actor=owner.email)
    assert "2 members added" in capsys.readouterr().out
