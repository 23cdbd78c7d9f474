"""Counts failures, never successes: a genuine link works behind an address from which others guess."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class FailureLimit:
    """At most `per_address` failures from one address, and `in_all` from everywhere, in `seconds`."""

    name: str
    per_address: int
    in_all: int
    seconds: int

    def _keys(self, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
        hashed = hashlib.sha256(address.encode()).hexdigest()[:32]
        return (
            (f"failures:{self.name}:{hashed}", self.per_address),
            (f"failures:{self.name}:all", self.in_all),
        )

    def count(self, address: str) -> bool:
        """Note one failure; True when there have been too many."""
        counted = [(self._increment(key), limit) for key, limit in self._keys(address)]  # each key, always
        return any(failures > limit for failures, limit in counted)

    def _increment(self, key: str) -> int:
        if cache.add(key, 1, self.seconds):
            return 1
        try:
            return cache.incr(key)
        except ValueError:  # expired between the two calls
            cache.set(key, 1, self.seconds)
            return 1


LINK_FAILURES = FailureLimit("links", per_address=30, in_all=2000, seconds=600)
