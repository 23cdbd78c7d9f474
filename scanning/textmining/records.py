"""What the miner reads: one record of a corpus."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One document. `id` is the caller's own identifier and comes back in evidence.

    `language` is `en`, `zh` or None (then it is detected). `year` wins over `date` (ISO `YYYY-MM-DD`).
    Text may contain anything: it is only ever counted, never executed or rendered here.
    """

    id: str
    title: str
    text: str
    year: int | None = None
    date: str | None = None
    language: str | None = None
    kind: str = "paper"
    source: str = ""
    countries: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    def publication_year(self) -> int | None:
        """The year, from `year` or the first four characters of `date`; None when absent or implausible."""
        if self.year is not None:
            return self.year if 1500 <= self.year <= 2200 else None
        head = (self.date or "")[:4]
        if len(head) == 4 and head.isascii() and head.isdigit() and 1500 <= int(head) <= 2200:
            return int(head)
        return None
