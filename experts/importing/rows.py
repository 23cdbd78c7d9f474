"""Rows of a member table: headings recognised, each row checked, reasons given by line number."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experts.importing.reading import Row
from experts.validators import single_line
from foundation.exceptions import InvalidInput

HEADINGS = {
    "name": ("name", "full name", "姓名", "名字", "专家", "专家姓名"),
    "email": ("email", "e-mail", "mail", "email address", "邮箱", "电子邮件", "电子邮箱", "邮件"),
    "group": ("group", "panel group", "stakeholder group", "组", "组别", "分组", "群组"),
    "language": ("language", "lang", "语言"),
    "organisation": (
        "organisation",
        "organization",
        "affiliation",
        "institution",
        "单位",
        "机构",
        "工作单位",
    ),
    "country": ("country", "国家", "国家/地区"),
    "expertise": ("expertise", "keywords", "专长", "专业", "研究方向"),
    "fields": ("fields", "field", "subject fields", "领域", "学科领域"),
}
_COLUMN = {heading: column for column, headings in HEADINGS.items() for heading in headings}
LANGUAGES = {
    "": "",
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
    **dict.fromkeys(
        ("zh", "zh-hans", "zh-cn", "chinese", "simplified chinese", "中文", "简体中文"), "zh-hans"
    ),
}
LIMITS = {"name": 150, "email": 254, "group": 40, "organisation": 200, "country": 80}
SEPARATOR = re.compile(r"[;；|、]")
FORMULA = re.compile(r"[=+@\-]")
MAX_ERRORS = 200


@dataclass
class MemberRow:
    """One person of the file. `fields` is for the app that knows the study's fields."""

    line: int
    name: str = ""
    email: str = ""
    group: str = ""
    language: str = ""
    organisation: str = ""
    country: str = ""
    expertise: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    as_dict = asdict


def parse_rows(table: list[Row]) -> list[MemberRow]:
    """All rows, or InvalidInput with every reason by line number: a file is used whole or not at all."""
    if not table:
        raise InvalidInput(_("The file is empty."))
    (head_line, heading), *body = table
    columns = _columns(head_line, heading)
    if not body:
        raise InvalidInput(_("The file has headings only."))
    errors: dict[str, list[str]] = {}
    rows = [_row(line, cells, columns, errors) for line, cells in body]
    _note_doubles(rows, errors)
    if errors:
        raise invalid(errors)
    return rows


def invalid(errors: dict[str, list[str]]) -> InvalidInput:
    ordered = sorted(errors.items(), key=lambda item: int(item[0]))
    return InvalidInput(
        ngettext(
            "Nothing was imported: %(count)d line needs attention.",
            "Nothing was imported: %(count)d lines need attention.",
            len(errors),
        )
        % {"count": len(errors)},
        errors=dict(ordered[:MAX_ERRORS]),
    )


def _columns(line: int, heading: list[str]) -> dict[str, int]:
    """Position of each known column. Unknown columns are left alone, a doubled or missing one is refused."""
    found: dict[str, int] = {}
    problems = []
    for position, text in enumerate(heading):
        column = _COLUMN.get(" ".join(text.lower().split()))
        if column in found:
            problems.append(_("The column “%(column)s” is there twice.") % {"column": column})
        elif column:
            found[column] = position
    problems += [
        _("The column “%(column)s” is missing.") % {"column": column}
        for column in ("name", "email")
        if column not in found
    ]
    if problems:
        raise invalid({str(line): problems})
    return found


def _row(line: int, cells: list[str], columns: dict[str, int], errors: dict[str, list[str]]) -> MemberRow:
    values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    problems = [*_surplus(cells, columns), *_problems(values)]
    if problems:
        errors[str(line)] = problems
    return MemberRow(
        line=line,
        **{key: values.get(key, "") for key in ("name", "group", "organisation", "country")},
        email=values["email"].lower(),
        language=LANGUAGES.get(values.get("language", "").lower(), ""),
        expertise=_list(values.get("expertise", "")),
        fields=_list(values.get("fields", "")),
    )


def _surplus(cells: list[str], columns: dict[str, int]) -> list[str]:
    if len(cells) <= max(columns.values()):
        missing = [name for name in ("name", "email") if columns[name] >= len(cells)]
        return [_("The line has too few cells.")] if missing else []
    return []


def _problems(values: dict[str, str]) -> list[str]:
    found = []
    if not values["name"]:
        found.append(_("The name is missing."))
    elif FORMULA.match(values["name"]):
        found.append(_("The name begins like a formula."))
    try:
        validate_email(values["email"])
    except ValidationError:
        found.append(_("“%(text)s” is not an e-mail address.") % {"text": values["email"][:80]})
    if values.get("language", "").lower() not in LANGUAGES:
        found.append(_("Unknown language “%(text)s”: use en or zh-hans.") % {"text": values["language"][:20]})
    for column, text in values.items():
        if len(text) > LIMITS.get(column, 2000):
            found.append(_("The column “%(column)s” is too long.") % {"column": column})
        try:
            single_line(text)
        except ValidationError:
            found.append(
                _("The column “%(column)s” holds a line break or control character.") % {"column": column}
            )
    return found


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in SEPARATOR.split(text) if part.strip()))


def _note_doubles(rows: list[MemberRow], errors: dict[str, list[str]]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if not row.email:
            continue
        if row.email in first:
            text = _("The address %(email)s is already in line %(line)d.")
            errors.setdefault(str(row.line), []).append(text % {"email": row.email, "line": first[row.email]})
        else:
            first[row.email] = row.line
