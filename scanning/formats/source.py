"""From bytes on disk to decoded text, with bounded memory: compression, encoding, NULs, endless lines."""

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scanning.formats.archives import ARCHIVES, container_of, text_member
from scanning.formats.base import MAX_LINE, Fault, FileFault, Sample
from scanning.formats.limits import limits

CHUNK = 1 << 20
SAMPLE_CHARACTERS = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What an XML declaration may say where the bytes do not show it.
_SAID = re.compile(rb"""\s*<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9_.:-]{1,40})["']""")
_DECLARED = {
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc-jp": "euc-jp",
    "euc-kr": "euc-kr",
}
_GB_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]")

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a first walk over the bytes found."""

    encoding: str
    compressed: bool
    lines: int
    sample: Sample
    container: str = ""


class Bounded(io.RawIOBase):
    """Reads a stream and refuses when it expands beyond what text would."""

    def __init__(self, inner: BinaryIO, size: int):
        self._inner, self._size, self._out, self._limits = inner, max(size, 1), 0, limits()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            raise FileFault(Fault(0, "damaged_gzip")) from error
        self._out += len(data)
        allowed = max(self._limits.free_bytes, self._limits.ratio * self._size)
        if self._out > min(allowed, self._limits.expanded_bytes):
            raise FileFault(Fault(0, "expands_too_much", f"> {self._out // 1024**2} MB"))
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _bytes(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The plain bytes of a file, and the file as it lies on disk (whose position tells how far we are)."""
    with open(path, "rb") as raw:
        head = raw.read(8)
        raw.seek(0)
        if head.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(Bounded(unpacked, path.stat().st_size), CHUNK), raw
        elif head.startswith(b"PK"):
            with text_member(path, raw) as unpacked:
                yield io.BufferedReader(Bounded(unpacked, path.stat().st_size), CHUNK), raw
        elif head.startswith(ARCHIVES):
            raise FileFault(Fault(0, "archive"))
        else:
            yield raw, raw


def inspect(path: Path, tick: Tick = lambda position: None, name: str = "") -> Inspection:
    """Walk the whole file once: its encoding, that all of it can be decoded, how many lines it has."""
    if container := container_of(path):
        return Inspection("", False, 0, Sample(name, "", container), container)
    with _bytes(path) as (stream, raw):
        compressed = stream is not raw
        head = stream.read(CHUNK)
        if compressed and head.startswith((*ARCHIVES, b"\x1f\x8b")):
            raise FileFault(Fault(0, "archive"))
        if head.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3")):
            raise FileFault(Fault(0, "binary"))
    tried = _encodings(head)
    for encoding in tried[:-1]:
        try:
            return _walk(path, encoding, tick, name)
        except FileFault as error:
            if error.fault.code != "encoding" or not _looks_like_gb(path):
                raise
    return _walk(path, tried[-1], tick, name)


def peek(path: Path, name: str = "") -> Sample:
    """The beginning of a file, without a walk over all of it; what cannot be decoded is replaced."""
    if container := container_of(path):
        return Sample(name, "", container)
    with _bytes(path) as (stream, _raw):
        head = stream.read(4 * SAMPLE_CHARACTERS)
    for encoding in (tried := _encodings(head)):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
            break
        except UnicodeDecodeError:
            text = head.decode(tried[0], "replace")
    return Sample(name, text[:SAMPLE_CHARACTERS])


def _encodings(head: bytes) -> list[str]:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return [encoding]
    even, odd = head[:4096:2].count(0), head[1:4096:2].count(0)
    enough = min(len(head), 4096) * 0.15
    if odd > enough and even < odd / 8:
        return ["utf-16-le"]
    if even > enough and odd < even / 8:
        return ["utf-16-be"]
    if (said := _SAID.match(head)) and (encoding := _DECLARED.get(said[1].decode("ascii").lower())):
        return [encoding]
    return ["utf-8", "gb18030"]


def _walk(path: Path, encoding: str, tick: Tick, name: str) -> Inspection:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, sample = 0, ""
    with _bytes(path) as (stream, raw):
        while True:
            data = stream.read(CHUNK)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                lines += error.object[: error.start].count(b"\n")
                seen = error.object[error.start : error.start + 4].hex(" ")
                raise FileFault(Fault(lines + 1, "encoding", seen)) from error
            if "\0" in text:
                raise FileFault(Fault(lines + 1 + text[: text.index("\0")].count("\n"), "nul"))
            if len(sample) < SAMPLE_CHARACTERS:
                sample += text[:SAMPLE_CHARACTERS]
            lines += text.count("\n")
            tick(raw.tell())
            if not data:
                break
        compressed = stream is not raw
    return Inspection(encoding, compressed, lines + 1, Sample(name, sample[:SAMPLE_CHARACTERS]))


def _looks_like_gb(path: Path) -> bool:
    """Whether bytes that are no UTF-8 read as GB18030 Chinese rather than as Latin-1 or damaged UTF-8.

    In GB text nearly all high bytes come in pairs of two high bytes; a Latin-1 letter is followed by ASCII.
    Damaged UTF-8 still holds many valid sequences.
    """
    with _bytes(path) as (stream, _raw):
        data = stream.read(8 * CHUNK)
    high = len(_HIGH.findall(data))
    if not high:  # the first high bytes come late: let the full decoding judge
        return True
    as_utf8 = data.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    whole = sum(1 for character in as_utf8 if character > "\u07ff") - broken
    pairs = len(_GB_PAIR.findall(data))
    return pairs * 2 >= high * 0.7 and whole < broken


class TextSource:
    """The decoded text of a file: `lines()` for records that are lines, `chunks()` for those that are not."""

    def __init__(self, text: io.TextIOWrapper, raw: BinaryIO, name: str = "", mapping: dict | None = None):
        self._text, self._raw, self.name, self.mapping = text, raw, name, mapping or {}
        self.line = 0

    def position(self) -> int:
        """Bytes of the file on disk that were read so far."""
        return self._raw.tell()

    def lines(self) -> Iterator[str]:
        """Lines with their line end as `\\n`; `self.line` is the number of the last one."""
        while line := self._text.readline(MAX_LINE + 1):
            self.line += 1
            if len(line) > MAX_LINE:
                raise FileFault(Fault(self.line, "line_too_long", f"> {MAX_LINE:,}"))
            yield line

    def chunks(self, size: int = CHUNK // 4) -> Iterator[str]:
        while text := self._text.read(size):
            yield text


class FileSource:
    """A file that is read as it lies on disk; its format reports how far it is."""

    def __init__(self, path: Path, name: str = "", mapping: dict | None = None):
        self.path, self.name, self.mapping = path, name, mapping or {}
        self.line, self.done = 0, 0.0

    def position(self) -> int:
        return int(self.done * self.path.stat().st_size)


@contextmanager
def open_source(path: Path, inspection: Inspection, name: str = "", mapping: dict | None = None):
    """Open a file that `inspect` has passed, for the format that its container or text calls for."""
    if inspection.container:
        yield FileSource(path, name, mapping)
    else:
        with open_text(path, inspection.encoding, name, mapping) as source:
            yield source


@contextmanager
def open_text(path: Path, encoding: str, name: str = "", mapping: dict | None = None) -> Iterator[TextSource]:
    with _bytes(path) as (stream, raw):
        text = io.TextIOWrapper(stream, encoding=encoding)
        try:
            yield TextSource(text, raw, name, mapping)
        finally:
            text.detach()
