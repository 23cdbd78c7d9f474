"""Experts who send requests at once over kept connections. Raw sockets: the driver shares the server's processors."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain


class Refused(Exception):
    """The server answered with a status that was not wanted."""


@dataclass
class Expert:
    """One browser on one connection."""

    port: int
    cookie: str
    csrf: str
    timeout: float = 30.0
    socket: socket.socket | None = None

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send it and read the answer; raises OSError when the connection breaks, and then nothing is known."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            f"X-CSRFToken: {self.csrf}\r\nAccept-Language: en\r\n"
        )
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(head.encode() + b"\r\n" + body)
            return self._answer()
        except OSError:
            self.close()
            raise

    def _answer(self) -> tuple[int, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end].lower(), data[end + 4 :]
        status = int(head.split(b" ", 2)[1])
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        parts, have = [body], len(body)
        while have < length:
            parts.append(self._more())
            have += len(parts[-1])
        if b"connection: close" in head:
            self.close()
        return status, b"".join(parts)

    def _more(self) -> bytes:
        data = self.socket.recv(65536) if self.socket else b""
        if not data:
            raise ConnectionResetError("closed by the server")
        return data

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = None


@dataclass
class Saver:
    """One expert's autosave of the same answers again and again, and what the server acknowledged of it."""

    expert: Expert
    path: str
    round: int
    technologies: list[str]
    question: str
    revisions: dict[str, int]
    acknowledged: int = 1
    sequence: int = 1

    def save(self) -> None:
        """One save. If its answer is lost on the way, the next call sends the same once more, as a browser does."""
        self.take(*self.ask())

    def ask(self) -> tuple[int, bytes]:
        if self.sequence == self.acknowledged:
            self.sequence += 1
        return self.expert.request("POST", self.path, self._body())

    def take(self, status: int, told: bytes) -> None:
        """What the server said of the last request; anything but a whole save is raised."""
        if status != 200:
            raise Refused(f"{status}: {told[:300]!r}")
        outcomes = json.loads(told)["answers"]
        if not {each["status"] for each in outcomes} <= {"saved", "unchanged"}:
            raise Refused(
                str(next(each for each in outcomes if each["status"] not in ("saved", "unchanged")))
            )
        for technology, outcome in zip(self.technologies, outcomes, strict=True):
            self.revisions[technology] = outcome["revision"]
        self.acknowledged = self.sequence

    @staticmethod
    def number(sequence: int) -> int:
        return sequence % 9 + 1

    def _body(self) -> bytes:
        answers = [
            {
                "question": self.question,
                "technology": technology,
                "value": {"number": self.number(self.sequence)},
                "base_revision": self.revisions.get(technology, 0),
                "sequence": self.sequence,
                "cause": "",
            }
            for technology in self.technologies
        ]
        return json.dumps({"round": self.round, "answers": answers, "reasons": []}).encode()


@dataclass
class Load:
    """What came of it: seconds of each answered request, and what went wrong."""

    seconds: float
    times: list[float]
    errors: list[str]

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def hammer(acts: list[Callable[[], None]], *, seconds: float, most: int = 10**9, retry: bool = False) -> Load:
    """All acts at once, each in a thread of its own, again and again until the time or the number is over.

    With `retry` a broken connection is tried again after a moment, as a browser's queue does.
    """
    start, times, errors = threading.Barrier(len(acts) + 1), [[] for _ in acts], [[] for _ in acts]
    until = [0.0]

    def run(at: int) -> None:
        start.wait()
        while time.perf_counter() < until[0] and len(times[at]) < most:
            began = time.perf_counter()
            try:
                acts[at]()
            except OSError as error:
                if not retry:
                    errors[at].append(repr(error))
                    return
                time.sleep(0.02)
            except Refused as refused:
                errors[at].append(str(refused))
                return
            else:
                times[at].append(time.perf_counter() - began)

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    until[0] = began + seconds
    start.wait()
    for thread in threads:
        thread.join()
    return Load(time.perf_counter() - began, [*chain(*times)], [*chain(*errors)])
