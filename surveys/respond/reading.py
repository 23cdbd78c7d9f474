"""What a browser sends, read into changes: a page's plain form, or the JSON of its scripts.

Nothing is believed: unknown members are refused, every type is checked, and text never reaches a query that
cannot take it.
"""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.exceptions import InvalidInput, Refusal
from surveys.question_types import PARTS, Value
from surveys.respond.sheet import Cell, Entry
from surveys.services.answers import Change
from surveys.services.reasons import ReasonChange

LARGEST_BODY = 512 * 1024
MOST_ITEMS = 500
_CODE = re.compile(r"[A-Za-z0-9]{1,16}")
_KEY = re.compile(r"[\w-]{1,40}", re.ASCII)
_PART = re.compile(r"-?[A-Za-z0-9]{1,20}(:-?[0-9]{1,12})?")
MOST_PARTS = 100
NUMBERS = ("number", "low", "high")
_HIGHEST = 2**53


class Malformed(InvalidInput):
    code = "malformed"
    default_message = _("This request cannot be read.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    default_message = _("This is too much for one save.")


def read_save(request) -> tuple[int, list[Change], list[ReasonChange]]:
    """The round's number, the answers and the reasons of a save."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY or len(request.body) > LARGEST_BODY:
        raise TooLarge
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    _members(given, {"round", "answers", "reasons"})
    answers, reasons = given.get("answers", []), given.get("reasons", [])
    if not isinstance(answers, list) or not isinstance(reasons, list):
        raise Malformed
    if len(answers) + len(reasons) > MOST_ITEMS:
        raise TooLarge
    return (
        _whole(given.get("round"), required=True),
        [_answer(each) for each in answers],
        [_reason(each) for each in reasons],
    )


def _answer(given: Any) -> Change:
    _members(given, {"question", "technology", "value", "base_revision", "sequence", "cause"})
    technology = given.get("technology")
    return Change(
        question=_matching(_KEY, given.get("question")),
        technology=None if technology is None else _matching(_CODE, technology),
        value=_value(given.get("value")),
        base_revision=_whole(given.get("base_revision")),
        sequence=_whole(given.get("sequence", 0), required=True),
        cause=_string(given.get("cause", "")),
    )


def _reason(given: Any) -> ReasonChange:
    _members(given, {"technology", "text", "stance", "base_revision", "sequence"})
    return ReasonChange(
        technology=_matching(_CODE, given.get("technology")),
        text=_string(given.get("text", "")),
        stance=_string(given.get("stance", "")),
        base_revision=_whole(given.get("base_revision")),
        sequence=_whole(given.get("sequence", 0), required=True),
    )


def _value(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    _members(given, set(PARTS))
    for name, part in given.items():
        if name == "parts":
            _composite(part)
        else:
            _typed_as(part, (str,) if name in ("text", "special") else (str, int, float))
    return given


def _composite(given: Any) -> None:
    """A flat mapping of known-looking keys to numbers, never more of it than a question can ask."""
    if given is None:
        return
    if not isinstance(given, dict) or len(given) > MOST_PARTS:
        raise Malformed
    for key, part in given.items():
        _matching(_PART, key)
        _typed_as(part, (str, int, float))


def _typed_as(part: Any, wanted: tuple[type, ...]) -> None:
    if part is not None and (isinstance(part, bool) or not isinstance(part, wanted)):
        raise Malformed


def _members(given: Any, allowed: set[str]) -> None:
    if not isinstance(given, dict) or set(given) - allowed:
        raise Malformed


def _string(given: Any) -> str:
    if not isinstance(given, str):
        raise Malformed
    return given


def _matching(form: re.Pattern, given: Any) -> str:
    if not isinstance(given, str) or not form.fullmatch(given):
        raise Malformed
    return given


def _whole(given: Any, *, required: bool = False) -> int:
    if given is None and not required:
        return None  # type: ignore[return-value]
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _HIGHEST:
        raise Malformed
    return given


# --- The plain form ---------------------------------------------------------------------------------


def name_of(cell: Cell) -> str:
    """Name of the cell's main input; its other parts append to it."""
    return f"a.{cell.technology.code if cell.technology else ''}.{cell.question.key}"


def base_token(revision: int, value: Value) -> str:
    """What a page showed: the revision and the value, so that what was not touched is not sent back."""
    return f"{revision}|{json.dumps(value.as_dict(), sort_keys=True, ensure_ascii=False)}"


def read_cell(cell: Cell, post: QueryDict) -> Change | None:
    """The change that the form makes to this cell; None when the person did not touch it."""
    name = name_of(cell)
    if keeps(cell, post):
        revision = _shown(post.get(f"{name}.base", str(cell.revision)))[0]
        return Change(cell.question.key, _code(cell), cell.earlier.as_dict(), revision)
    if f"{name}.base" not in post:
        return None
    revision, shown = _shown(post[f"{name}.base"])
    given = typed(cell, post)
    cause = post.get(f"{name}.cause", cell.cause)[:40]  # the table asks for it only beside what was changed
    if post.get("clear") == name:
        given, cause = {}, ""
    given = _newer_part(given, shown)
    if _texts(given) == _texts(shown) and cause == cell.cause:
        return None
    return Change(cell.question.key, _code(cell), given, revision, cause=cause)


def keeps(cell: Cell, post: QueryDict) -> bool:
    """Whether the pressed button keeps the earlier answer: its own one, or one for all that is not answered anew."""
    keep = post.get("keep", "")
    if cell.earlier.is_empty or keep not in (name_of(cell), "all", f"row:{_code(cell)}"):
        return False
    return keep == name_of(cell) or not (cell.is_answered or typed(cell, post))


def typed(cell: Cell, post: QueryDict) -> dict[str, Any]:
    """The parts of the value as they were typed."""
    name, special = name_of(cell), ""
    kinds = cell.kind.parts
    main = post.get(name, "")
    if main in cell.kind.specials_of(cell.question):
        main, special = "", main
    special = special or post.get(f"{name}.special", "")
    given: dict[str, Any] = {"special": special}
    if "number" in kinds or "text" in kinds:
        given["number" if "number" in kinds else "text"] = main
    given |= {part: post.get(f"{name}.{part}", "") for part in ("low", "high") if part in kinds}
    given = {part: text for part, text in given.items() if text.strip()}
    if "parts" in kinds and (parts := _typed_parts(cell, post, name)):
        given["parts"] = parts
    return given


def in_text(cell: Cell, given: dict[str, Any]) -> str:
    """What was typed, for its author to keep."""
    kind, parts = cell.kind, given.get("parts", {})
    composed = (f"{kind.part_label(cell.question, key)}: {text}" for key, text in parts.items())
    return ", ".join([*(text for part, text in given.items() if part != "parts"), *composed])


def _typed_parts(cell: Cell, post: QueryDict, name: str) -> dict[str, str]:
    keys = cell.kind.part_keys(cell.question)
    return {key: text for key in keys if (text := post.get(f"{name}.p.{key}", "").strip())}


def _newer_part(given: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """Without scripts "never" stays chosen when a year is typed beside it: what was there before gives way."""
    if "special" not in given or len(given) == 1:
        return given
    if shown.get("special") == given["special"]:
        return {part: text for part, text in given.items() if part != "special"}
    rest = {part: text for part, text in given.items() if part != "special"}
    return {"special": given["special"]} if _texts(rest) == _texts(shown) else given


def _shown(token: str) -> tuple[int, dict[str, Any]]:
    revision, _bar, value = token.partition("|")
    try:
        shown = json.loads(value or "{}")
        return min(int(revision), 2**31 - 1), shown if isinstance(shown, dict) else {}
    except (ValueError, RecursionError):
        return 0, {}


def _texts(value: dict[str, Any]) -> dict[str, Any]:
    """Comparable: 7 and "7.0" are one number, line ends are one."""
    texts: dict[str, Any] = {}
    for part, each in value.items():
        if part == "parts" and isinstance(each, dict):
            texts[part] = {key: _number_text(str(number)) for key, number in each.items()}
        else:
            text = str(each).replace("\r\n", "\n").strip()
            texts[part] = _number_text(text) if part in NUMBERS else text
    return texts


def _number_text(text: str) -> str:
    with contextlib.suppress(ValueError):
        return repr(float(text))
    return text.strip()


def _code(cell: Cell) -> str | None:
    return cell.technology.code if cell.technology else None


def read_reason(entry: Entry, post: QueryDict) -> ReasonChange | None:
    name = f"r.{entry.technology.code}"
    if f"{name}.base" not in post:
        return None
    text = post.get(f"{name}.text", "").replace("\r\n", "\n")
    stance = post.get(f"{name}.stance", "")[:10]
    base = post[f"{name}.base"]
    return ReasonChange(
        entry.technology.code, text, stance, min(int(base), 2**31 - 1) if base.isdecimal() else 0
    )
