"""One request to an OpenAI-compatible server: bounded in time and size, tried again where that can help."""

import email.utils
import random
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC

import httpx

from scanning.llm.config import Config
from scanning.llm.dialect import MISUNDERSTOOD, Dialect
from scanning.llm.errors import (
    BadAnswer,
    CutOff,
    Filtered,
    KeyUnusable,
    ModelError,
    Rejected,
    Unreachable,
)
from scanning.llm.guard import Resolver, judge
from scanning.llm.reply import Reply, read_reply

AGAIN = {408, 429, 500, 502, 503, 504}
CONNECT = 10.0
KEY = re.compile(r"[\x21-\x7e]+")
SHORTEST_KEY = 8

Wait = Callable[[float], None]


@dataclass(frozen=True)
class Completion:
    text: str
    tokens_in: int
    tokens_out: int
    attempts: int


class TryAgain(Exception):
    def __init__(self, error: Exception, after: float | None = None):
        super().__init__(str(error))
        self.error, self.after = error, after


class Client:
    def __init__(self, config: Config, *, wait: Wait = time.sleep, resolver: Resolver | None = None):
        self.config, self.wait, self.resolver = config, wait, resolver
        self.dialect = Dialect()
        self.attempts = 0

    def complete(self, *, messages: list[dict], schema: dict, name: str) -> Completion:
        """The model's answer as text. `attempts` counts what was sent, also when this raises."""
        self.attempts = 0
        most = self.config.max_output_tokens
        while True:
            body = self.dialect.body(
                model=self.config.model, messages=messages, most=most, schema=schema, name=name
            )
            try:
                return self._persist(body)
            except Rejected as refusal:
                if self.dialect.learn(refusal):
                    continue
                if too_much(refusal):
                    raise CutOff from refusal
                if will_not(refusal):
                    raise Filtered from refusal
                raise

    def _persist(self, body: dict) -> Completion:
        for attempt in range(1, self.config.attempts + 1):
            self.attempts += 1
            try:
                return self._read(self._send(body))
            except TryAgain as again:
                if attempt == self.config.attempts:
                    raise again.error from again
                self.wait(self._pause(attempt, again.after))
        raise Unreachable

    def _pause(self, attempt: int, asked: float | None) -> float:
        """What the server asked for, else doubling, with chance so that many do not come back together."""
        pause = asked if asked is not None else 2 ** (attempt - 1) * (0.75 + random.random() / 2)  # noqa: S311
        return min(pause, self.config.longest_wait)

    def _send(self, body: dict) -> bytes:
        config = self.config
        target = judge(
            config.endpoint,
            allowed=config.allowed_hosts,
            private=config.private_hosts,
            resolver=self.resolver,
        )
        headers = {"Host": target.host_header, "Accept-Encoding": "identity"}
        if config.key and not KEY.fullmatch(config.key):
            raise KeyUnusable
        if config.key:
            headers["Authorization"] = f"Bearer {config.key}"
        timeout = httpx.Timeout(config.timeout, connect=min(CONNECT, config.timeout))
        # trust_env off: a proxy or a .netrc of the environment would lead elsewhere than was judged.
        with (
            httpx.Client(
                trust_env=False, follow_redirects=False, timeout=timeout, verify=trusted(config.ca_file)
            ) as http,
            ended_after(config.deadline) as extensions,
        ):
            extensions |= {"sni_hostname": target.host} if target.scheme == "https" else {}
            request = http.build_request(
                "POST", target.url, json=body, headers=headers, extensions=extensions
            )
            try:
                response = http.send(request, stream=True)
                try:
                    content = self._content(response)
                finally:
                    response.close()
            except (httpx.TransportError, httpx.StreamError) as error:
                raise TryAgain(Unreachable()) from error
        return self._judged(response, content)

    def _content(self, response: httpx.Response) -> bytes:
        """The body as it comes, up to the limit. Packed bodies are refused: a small one may unpack without end."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise BadAnswer
        parts, size = [], 0
        for part in response.iter_raw():
            parts.append(part)
            size += len(part)
            if size > self.config.max_bytes:
                raise BadAnswer
        return b"".join(parts)

    def _judged(self, response: httpx.Response, content: bytes) -> bytes:
        status = response.status_code
        if status in AGAIN:
            error = Rejected(status=status) if status == 429 else Unreachable()
            raise TryAgain(error, _retry_after(response.headers.get("retry-after", "")))
        if status != 200:  # a redirect too: the key goes to no other address than the one configured
            raise Rejected(status=status, body=content[:2000].decode(errors="replace"))
        return content

    def _read(self, content: bytes) -> Completion:
        """The message of a completion. Half an answer, a refusal and what is no completion are bad answers."""
        try:
            reply = read_reply(content)
        except ValueError as error:
            raise TryAgain(BadAnswer()) from error
        if reply.finish == "length":
            raise self._told(CutOff(), reply)
        if reply.text is None or reply.finish == "content_filter":
            raise self._told(Filtered(), reply)
        if not reply.text.strip():
            raise TryAgain(self._told(BadAnswer(), reply))
        text = reply.text
        if len(self.config.key) >= SHORTEST_KEY:  # a server that gives it back must not show it to reviewers
            text = text.replace(self.config.key, "")
        return Completion(text, reply.tokens_in, reply.tokens_out, attempts=self.attempts)

    def _told(self, error: ModelError, reply: Reply) -> ModelError:
        """What the answer cost, though it is of no use. One that ran to its end took all that it might."""
        most = self.config.max_output_tokens if isinstance(error, CutOff) and reply.finish == "length" else 0
        error.used = (reply.tokens_in, reply.tokens_out or most)
        return error


# What servers say when a question is too long, or of things that they do not answer.
_TOO_MUCH = re.compile(
    r"context.?length|maximum context|too (?:long|many tokens)|input length", re.IGNORECASE
)
_WILL_NOT = re.compile(
    r"content.?filter|content.?(?:management )?policy|data.?inspection|inappropriate|sensitive|敏感|违规",
    re.IGNORECASE,
)


def too_much(refusal: Rejected) -> bool:
    status = refusal.details["status"]
    return status == 413 or (status in MISUNDERSTOOD and bool(_TOO_MUCH.search(refusal.body)))


def will_not(refusal: Rejected) -> bool:
    return refusal.details["status"] in MISUNDERSTOOD and bool(_WILL_NOT.search(refusal.body))


def trusted(ca_file: str) -> ssl.SSLContext | bool:
    """Whose certificates are believed: those of one own authority, or the usual ones."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else True


@contextmanager
def ended_after(seconds: float) -> Iterator[dict]:
    """Request extensions with which the connection ends after so long, whatever it is waiting for.

    Time-outs of reads begin anew with every byte: a server that trickles would hold the worker for days.
    """
    sockets: list[socket.socket] = []

    def notice(event: str, info: dict) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            sockets.append(info["return_value"].get_extra_info("socket"))

    def end() -> None:
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield {"trace": notice}
    finally:
        timer.cancel()


def _retry_after(value: str) -> float | None:
    """Seconds, or a date; nonsense counts as nothing said."""
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value, re.ASCII):
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)  # such dates are Greenwich's, wherever this runs
        return max(0.0, at.timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
