"""Records out of a stream of XML, one at a time: entities, document types of their own and endless elements refused.

`defusedxml` refuses declared entities and external references; what it cannot bound (depth, size) is bounded here.
"""

from collections.abc import Collection, Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from scanning.formats.base import MAX_LINE, Fault, FileFault

MAX_DEPTH = 200


class _Collector:
    """Builds only the elements that were asked for; namespaces are dropped from their names."""

    def __init__(self, wanted: Collection[str]):
        self.wanted = wanted
        self.done: list[tuple[int, Element]] = []
        self.parser = None
        self._open: list[Element] = []
        self._depth, self._size, self._line = 0, 0, 0

    def start(self, tag: str, attributes: dict) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FileFault(Fault(self._now(), "too_deep"))
        name = tag.rsplit("}", 1)[-1]
        if not self._open and name not in self.wanted:
            return
        element = Element(name, {key.rsplit("}", 1)[-1]: value for key, value in attributes.items()})
        if self._open:
            self._open[-1].append(element)
        else:
            self._line, self._size = self._now(), 0
        self._open.append(element)
        self._grow(len(name) + sum(map(len, attributes.values())) + 50)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self.done.append((self._line, element))

    def data(self, text: str) -> None:
        if not self._open:
            return
        self._grow(len(text))
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def close(self) -> None:
        return None

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MAX_LINE:
            raise FileFault(Fault(self._line, "record_too_long", f"> {MAX_LINE:,}"))

    def _now(self) -> int:
        return self.parser.CurrentLineNumber


def records(chunks: Iterable[str | bytes], wanted: Collection[str]) -> Iterator[tuple[int, Element]]:
    """Each outermost element with one of these names, and the line on which it begins."""
    collector = _Collector(frozenset(wanted))
    parser = DefusedXMLParser(target=collector, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    expat = collector.parser = parser.parser
    behind = 0
    for chunk in _from_first_tag(chunks):
        before = expat.CurrentByteIndex
        _feed(parser, chunk, expat)
        # Without progress the parser keeps what it was given: one endless tag must not fill the memory.
        behind = behind + len(chunk) if expat.CurrentByteIndex == before else 0
        if behind > MAX_LINE:
            raise FileFault(Fault(expat.CurrentLineNumber, "record_too_long", f"> {MAX_LINE:,}"))
        yield from collector.done
        collector.done.clear()
    _feed(parser, None, expat)
    yield from collector.done


def _from_first_tag(chunks: Iterable[str | bytes]) -> Iterator[str | bytes]:
    """Without the empty lines that some programs write above the declaration, where XML allows none."""
    begun = False
    for chunk in chunks:
        if not begun:
            chunk = chunk.lstrip()
            begun = bool(chunk)
        yield chunk


def _feed(parser: DefusedXMLParser, chunk: str | bytes | None, expat) -> None:
    try:
        parser.close() if chunk is None else parser.feed(chunk)
    except DefusedXmlException as error:
        raise FileFault(Fault(expat.CurrentLineNumber, "xml_entities", type(error).__name__)) from error
    except ParseError as error:
        raise FileFault(Fault(error.position[0], "xml_broken", str(error))) from error


_BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "td", "title", "sec", "list-item"})


def text_of(element: Element | None) -> str:
    """All text inside, markup of it dropped. What stands in a paragraph of its own is set off by a blank."""
    return "" if element is None else " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        yield " " if part.tag in _BLOCKS else ""
        yield from _texts(part)
        yield " " if part.tag in _BLOCKS else ""
        yield part.tail or ""


def first(element: Element, *names: str) -> str:
    """Text of the first element with one of these names that has any; own children come before what lies deeper."""
    for name in names:
        for found in (*element.findall(name), *element.iter(name)):
            if text := text_of(found):
                return text
    return ""


def every(element: Element, name: str) -> list[str]:
    return list(dict.fromkeys(text for found in element.iter(name) if (text := text_of(found))))
