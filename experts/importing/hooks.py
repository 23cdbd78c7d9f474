"""What other apps do with member rows, such as the column `fields`. Registered in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experts.importing.rows import MemberRow
from experts.models import Panel, PanelMember

Check = Callable[[Panel, Sequence[MemberRow]], dict[int, list[str]]]
AfterAll = Callable[[Panel, Sequence[tuple[PanelMember, MemberRow]]], None]

TakingPart = Callable[[Panel, Sequence[int]], set[int]]
Forget = Callable[[Panel, Sequence[int]], None]

_checks: list[Check] = []
_undoing: list[tuple[TakingPart, Forget]] = []
_after: list[AfterAll] = []


def register_row_check(check: Check) -> None:
    """`check(panel, rows)` returns reasons against rows by line number; any reason refuses the file."""
    _checks.append(check)


def register_after_import(after: AfterAll) -> None:
    """`after(panel, [(member, row), ...])` runs inside the import's transaction, once for the whole file."""
    _after.append(after)


def register_undo(*, taking_part: TakingPart, forget: Forget) -> None:
    """`taking_part(panel, ids)` returns the members who may not be taken out again, and locks the others' rows;
    `forget(panel, ids)` removes what belongs to members who never took part. Both inside one transaction."""
    _undoing.append((taking_part, forget))


def taking_part(panel: Panel, ids: Sequence[int]) -> set[int]:
    return {pk for asks, _forget in _undoing for pk in asks(panel, ids)}


def forget(panel: Panel, ids: Sequence[int]) -> None:
    for _asks, forgets in _undoing:
        forgets(panel, ids)


def reasons_against(panel: Panel, rows: Sequence[MemberRow]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for check in _checks:
        for line, found in check(panel, rows).items():
            reasons.setdefault(str(line), []).extend(str(reason) for reason in found)
    return {line: found for line, found in reasons.items() if found}


def announce(panel: Panel, pairs: Sequence[tuple[PanelMember, MemberRow]]) -> None:
    for after in _after:
        after(panel, pairs)
