"""One code for each country, however a database writes it, and the countries of postal addresses."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

_AFTER = re.compile(r"\s*(?:Electronic address:|E-?mail:).*$|\s*\S+@\S+\.\S+$", re.IGNORECASE | re.DOTALL)
_EDGES = " .;,()[]\"'"


@cache
def _codes() -> dict[str, str]:
    """Names and codes, in lower case, to the codes of ISO 3166."""
    found: dict[str, str] = {}
    for line in Path(__file__).with_name("countries.txt").read_text("utf-8").splitlines():
        code, _blank, names = line.partition(" ")
        found |= {name.strip(): code for name in (*names.split(","), code.lower())}
    return found


@lru_cache(maxsize=4096)
def code_of(name: str) -> str:
    """The code of a country that is known by this name; any other name as it is."""
    return _codes().get(name.strip(_EDGES).casefold(), name)


@lru_cache(maxsize=4096)
def _last_of(part: str) -> str:
    """The country at the end of an address. Two letters are a code in a column of countries, a state in an address."""
    text = part.strip(_EDGES).casefold()
    for name in (text, text.rpartition(" ")[2]):
        if name in _codes() and (len(name) > 2 or name in ("uk", "us")):
            return _codes()[name]
    return ""


def in_addresses(addresses: Iterable[str]) -> list[str]:
    """Countries with which these addresses end, each once: "Dept Phys, Zurich, Switzerland." """
    found = (
        _last_of(_AFTER.sub("", address).rpartition(",")[2][-60:]) for address in addresses if "," in address
    )
    return list(dict.fromkeys(filter(None, found)))
