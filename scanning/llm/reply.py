"""What a server sent back as a completion: plain, or in the events of a stream that nobody asked for."""

import json
from dataclasses import dataclass

MOST_COUNTED = 10**9


@dataclass(frozen=True)
class Reply:
    """`text` is None where the model gave none: it refused, or called a tool."""

    text: str | None
    finish: str
    tokens_in: int
    tokens_out: int


def read_reply(content: bytes) -> Reply:
    """Raises ValueError for what is no completion."""
    try:
        text = content.decode("utf-8-sig").lstrip()
        if text.startswith(("data:", "event:", "id:", "retry:", ":")):
            return _streamed(text)
        return _plain(json.loads(text))
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no completion") from error


def _plain(document: dict) -> Reply:
    choice = document["choices"][0]
    text = _text(choice["message"].get("content"))
    return Reply(text, str(choice.get("finish_reason") or ""), *_usage(document))


def _streamed(text: str) -> Reply:
    """Server-sent events, each with a piece. One that was not closed is as good as cut off."""
    pieces: list[str] = []
    finish, counts, ended = "", (0, 0), False
    for line in text.splitlines():
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            ended = True
            break
        event = json.loads(data)
        counts = _usage(event) if event.get("usage") else counts
        for choice in event.get("choices") or []:
            if choice.get("index", 0) == 0:
                pieces.append(_text((choice.get("delta") or {}).get("content")) or "")
                finish = str(choice.get("finish_reason") or "") or finish
    if not (ended or finish):
        raise ValueError("the stream broke off")
    return Reply("".join(pieces) if any(pieces) else None, finish, *counts)


def _text(content) -> str | None:
    """Text, also in the parts that some servers make of it."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if part.get("type", "text") == "text"]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else None


def _usage(document: dict) -> tuple[int, int]:
    usage = document.get("usage") or {}
    return _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))


def _count(value) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < MOST_COUNTED else 0
