"""Message catalogues without gettext's programs: compile them, and say what is wrong with them."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")


def catalogues(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile each catalogue that is newer than its compiled twin. Returns those compiled."""
    compiled = []
    for source in catalogues(folder):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Written beside and moved: a running process never reads half a file.
            draft = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
            compiled.append(source)
    return compiled


def faults(source: Path) -> Iterator[str]:
    """What keeps a catalogue from being complete."""
    for entry in polib.pofile(str(source), check_for_duplicates=True):
        if entry.obsolete:
            yield f"{source}: obsolete entry {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"{source}: fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"{source}: not translated: {entry.msgid!r}"
        else:
            yield from (f"{source}: {fault}" for fault in _placeholder_faults(entry))


def _placeholder_faults(entry: polib.POEntry) -> Iterator[str]:
    """A placeholder that is lost or invented in translation breaks the page that fills it."""
    if not any(flag.endswith("-format") for flag in entry.flags):
        return
    allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    plural = bool(entry.msgid_plural)
    for text in entry.msgstr_plural.values() if plural else [entry.msgstr]:
        found = set(PLACEHOLDER.findall(text))
        # A plural form may leave the number out ("one expert"), but may not name another.
        if found - allowed or (not plural and allowed - found):
            yield f"placeholders differ: {entry.msgid!r} -> {text!r}"


def message_ids(source: Path) -> set[tuple[str, str, str]]:
    """Context, singular and plural of every living entry."""
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
        for entry in polib.pofile(str(source))
        if not entry.obsolete
    }
