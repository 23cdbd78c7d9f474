"""Pseudonyms: what peers see in place of a name. Stored neutral (`E07`), shown in the reader's language."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from experts.models import Panel

_random = secrets.SystemRandom()


def draw(panel: Panel, count: int) -> list[str]:
    """`count` free pseudonyms in random order, so that a number says nothing about who joined when.

    They come from a range at least twice as wide as the panel. The caller holds the panel's row.
    """
    taken = {number(name) for name in panel.members.values_list("pseudonym", flat=True)}
    width = 99
    while width < 2 * (len(taken) + count):
        width = width * 10 + 9
    free = [n for n in range(1, width + 1) if n not in taken]
    return [f"E{n:02d}" for n in _random.sample(free, count)]


def number(pseudonym: str) -> int | None:
    digits = pseudonym[1:]
    return int(digits) if pseudonym[:1] == "E" and digits.isdigit() else None


def display(pseudonym: str) -> str:
    """`E07` as "Expert 07" in the active language; other pseudonyms as they are."""
    if number(pseudonym) is None:
        return pseudonym
    return _("Expert %(number)s") % {"number": pseudonym[1:]}
