"""What other apps do with member rows, such as the column `fields`. Registered in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experts.importing.rows import MemberRow
from experts.models import Panel, PanelMember

Check = Callable[[Panel, Sequence[MemberRow]], dict[int, list[str]]]
AfterAll = Callable[[Panel, Sequence[tuple[PanelMember, MemberRow]]], None]

_checks: list[Check] = []
_after: list[AfterAll] = []


def register_row_check(check: Check) -> None:
    """`check(panel, rows)` returns reasons against rows by line number; any reason refuses the file."""
    _checks.append(check)


def register_after_import(after: AfterAll) -> None:
    """`after(panel, [(member, row), ...])` runs inside the import's transaction, once for the whole file."""
    _after.append(after)


def reasons_against(panel: Panel, rows: Sequence[MemberRow]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for check in _checks:
        for line, found in check(panel, rows).items():
            reasons.setdefault(str(line), []).extend(str(reason) for reason in found)
    return {line: found for line, found in reasons.items() if found}


def announce(panel: Panel, pairs: Sequence[tuple[PanelMember, MemberRow]]) -> None:
    for after in _after:
        after(panel, pairs)
