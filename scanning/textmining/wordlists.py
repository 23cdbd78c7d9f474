"""Word lists kept as text files beside the code: blank-separated words, lines starting with # are notes."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "wordlists"


def words(name: str) -> frozenset[str]:
    """The words of one list."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
