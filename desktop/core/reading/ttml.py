"""TTML, IMSC and DFXP: the paragraphs that have times; styles and regions are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree

from desktop.core.i18n import mark
from desktop.core.reading.blocks import NO_TEXT, Block, placed
from desktop.core.reading.notes import Notes, NotRead
from desktop.core.transcript import Segment, Transcript

NAME = "ttml"

_HEAD = 10_000
_SPACES = re.compile(r"[ \t\r\n]+")
_PARAGRAPH = re.compile(r"<!--.*?-->|(<(?:[\w.-]+:)?p[\s/>])", re.DOTALL)
_LINE_END = "\x00"  # stands in no XML
_EDGES = ("begin", "end")
_CLOCK = re.compile(r"(\d+):(\d+):(\d+)(?:\.(\d+)|:(\d+)(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_SECONDS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}


def looks_like(text: str, _name: str) -> bool:
    """Whether it is XML whose first elements have that of TTML among them."""
    return text.lstrip()[:1] == "<" and re.search(r"<(?:\w+:)?tt[\s>]", text[:_HEAD]) is not None


def read(text: str, notes: Notes) -> Transcript:
    """The paragraphs, each a segment of its own. Raises NotRead where it is no XML."""
    # The declaration names the encoding of the bytes; this is text already. Entities that a file defines itself are
    # how a small file becomes a huge one: none is needed here.
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if "<!ENTITY" in body:
        raise NotRead(mark("it defines entities of its own"))
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise NotRead(str(error)) from error
    try:
        return _transcript(root, text, notes)
    except RecursionError as error:
        raise NotRead(mark("its elements are nested too deep")) from error


def _transcript(root: ElementTree.Element, text: str, notes: Notes) -> Transcript:
    clock = _Clock(root)
    agents = {_own(one, "id"): "".join(one.itertext()).strip() for one in root.iter() if _tag(one) == "agent"}
    where = [text.count("\n", 0, found.start()) + 1 for found in _PARAGRAPH.finditer(text) if found[1]]
    cues = []
    for line, (paragraph, begin) in zip(where, _paragraphs(root, Fraction(0), clock), strict=False):
        lines = _lines(paragraph)
        if not lines:
            notes.add(line, NO_TEXT)
            continue
        start, end = _times(paragraph, clock)
        is_timed = start is not None and end is not None
        block = Block(
            line,
            _ms(begin + start) if start is not None and is_timed else None,
            _ms(begin + end) if end is not None else 0,
            raw_times=" ".join(f"{name}={_own(paragraph, name)}" for name in _EDGES if _own(paragraph, name)),
        )
        agent = _own(paragraph, "agent")
        cues.append((block, Segment(0, 0, "\n".join(lines), speaker=agents.get(agent) or agent)))
    return Transcript(placed(cues, notes), language=_own(root, "lang").partition("-")[0])


class _Clock:
    """How the file counts time."""

    def __init__(self, root: ElementTree.Element) -> None:
        multiplier = (_own(root, "frameRateMultiplier") or "1 1").replace(":", " ").split()
        rate = Fraction(_whole(_own(root, "frameRate"), 30))
        if len(multiplier) == 2 and all(one.isdecimal() and int(one) for one in multiplier):
            rate *= Fraction(int(multiplier[0]), int(multiplier[1]))
        self._frame = 1 / rate
        self._tick = Fraction(1, _whole(_own(root, "tickRate"), 1))

    def seconds(self, written: str) -> Fraction | None:
        """A time; none where it cannot be read."""
        written = written.strip()
        if clock := _CLOCK.fullmatch(written):
            hours, minutes, seconds, fraction, frames = clock.groups()
            whole = Fraction((int(hours) * 60 + int(minutes)) * 60 + int(seconds))
            return whole + Fraction(f"0.{fraction or 0}") + int(frames or 0) * self._frame
        if offset := _OFFSET.fullmatch(written):
            unit = {"f": self._frame, "t": self._tick, **_SECONDS}[offset[2]]
            return Fraction(offset[1]) * unit
        return None


def _times(paragraph: ElementTree.Element, clock: _Clock) -> tuple[Fraction | None, Fraction | None]:
    start, end, lasts = (clock.seconds(_own(paragraph, name)) for name in (*_EDGES, "dur"))
    if start is not None and lasts is not None and end is None:
        end = start + lasts
    return start, end


def _paragraphs(
    element: ElementTree.Element, begin: Fraction, clock: _Clock
) -> Iterator[tuple[ElementTree.Element, Fraction]]:
    """All paragraphs, with the time that those around them begin at: theirs count from there."""
    for child in element:
        if _tag(child) == "p":
            yield child, begin
        else:
            yield from _paragraphs(child, begin + (clock.seconds(_own(child, "begin")) or 0), clock)


def _lines(paragraph: ElementTree.Element) -> list[str]:
    """Its text; line breaks in the source are spaces as in HTML."""
    text = "".join(_texts(paragraph))
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split(_LINE_END))
    return [line for line in lines if line]


def _texts(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if _tag(child) == "br":
            yield _LINE_END
        elif _tag(child) not in ("metadata", "set"):
            yield from _texts(child)
        yield child.tail or ""


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _own(element: ElementTree.Element, name: str) -> str:
    """An attribute, in whatever namespace: there are three generations of them."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isdecimal() and 0 < len(written) < 12 and int(written) else otherwise


def _ms(seconds: Fraction) -> int:
    return round(seconds * 1000)
