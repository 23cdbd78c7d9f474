"""Run as a program of its own: text and properties of one PDF as JSON. It limits its own memory and time.

Imports nothing of ours, so that it starts at once and a hostile file meets as little as possible.
"""

import json
import logging
import re
import resource
import sys


def main(path: str, pages: int, characters: int, memory: int, seconds: int) -> dict:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fault": "locked"}
    if len(reader.pages) > pages:
        return {"fault": "too_many_pages"}
    parts, size = [], 0
    for page in reader.pages:
        text = page.extract_text() or ""
        parts.append(text)
        size += len(text)
        if size > characters:
            break
    return {"text": readable("\n".join(parts))[:characters], "properties": properties_of(reader)}


def readable(text: str) -> str:
    """Words that a line break cut are joined; lone surrogates cannot be written as JSON text."""
    text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
    return text.encode("utf-8", "ignore").decode("utf-8")


def properties_of(reader) -> dict:
    found = reader.metadata or {}
    made = re.match(r"D:(\d{4})(\d{2})(\d{2})", str(found.get("/CreationDate", "")))
    return {
        "title": readable(str(found.get("/Title", "") or "")),
        "date": "-".join(made.groups()) if made else "",
    }


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(main(sys.argv[1], *map(int, sys.argv[2:6]))))
    except MemoryError:
        sys.stderr.write("memory")
        sys.exit(3)
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}"[:200])
        sys.exit(1)
