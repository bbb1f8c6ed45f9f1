"""What an answer consists of, whatever it is written in: sections of paragraphs, tables, pictures.

All texts are plain; those that write a document escape them. A cell of a table may hold line
breaks, and `SOFT_BREAK` where a narrow medium may break it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulate.report.text.wording import inert

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOFT_BREAK = "\v"

MARK = "~"
"""Stands before a date whose Monte Carlo error exceeds half a day."""

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}'"
"""What more likely ends a sentence than an address."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address, which begins with http:// or https://."""

    words: str
    address: str


Words = tuple[str | Link, ...]


Role = Literal["plain", "small", "subject", "span", "strong", "marked", "quote"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; the span is the large line of dates, what comes before it its heading."""

    words: Words
    role: Role = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list without an order. A terminal shows at most `lines` lines of each item."""

    items: tuple[Words, ...]
    role: Literal["plain", "warnings"] = "plain"
    lines: int | None = None
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row names it. `wide` cells hold sentences.

    The last `optional` columns are left out where there is no room for them. `notes` explain the
    columns of that name; those of the name "" the whole.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    optional: int = 0
    wide: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture in lines of characters, with its caption above and its legend below."""

    caption: str
    lines: tuple[str, ...]
    legend: tuple[str, ...] = ()


SheetName = Literal["web", "7in", "3.5in", "social"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure that can be drawn on any sheet, and its description in words."""

    draw: Callable[[SheetName], Figure]
    alt: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, composed only where it is shown, with its caption.

    `drawing` is for media that have figures, `sketch` for the others: in at most so many columns
    of characters, with block characters or without. A medium leaves out what it has no form of.
    """

    caption: str
    drawing: Callable[[], Drawing] | None
    sketch: Callable[[int, bool], Sketch] | None = None
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Code:
    """A line for a shell."""

    text: str
    kind: Literal["code"] = "code"


Block = Paragraph | Listing | Table | Picture | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it; `name` is unique in the document."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole answer. Where it is about several scenarios, `names` holds each with its letter."""

    title: str
    question: str
    sections: tuple[Section, ...]
    foot: str = ""
    names: tuple[tuple[str, str], ...] = ()


def sections(*contents: tuple[str, str, Iterable[Block]]) -> tuple[Section, ...]:
    """Sections by name, heading and blocks, without those that have nothing to say."""
    made = (Section(name, heading, tuple(blocks)) for name, heading, blocks in contents)
    return tuple(section for section in made if section.blocks)


def paragraph(text: str, role: Role = "plain") -> Paragraph:
    """A paragraph of our own words."""
    return Paragraph((text,), role)


def plain(text: str) -> Words:
    """Free text as it stands, without what a reader could not see."""
    shown = inert(text)
    return (shown,) if shown else ()


def linked(text: str) -> Words:
    """Free text in which addresses of the web become links."""
    return tuple(_linked(inert(text)))


def sourced(source: str, url: str) -> Words:
    """A source and its address, a link if it is one of the web, named by its host."""
    words, address = inert(source), inert(url)
    if not address:
        return (words or "no source given",)
    before, after = (f"{words} (", ")") if words else ("", "")
    if not _ADDRESS.fullmatch(address):
        return (f"{before}{address}{after}",)
    host = re.split(r"[/?#]", address.split("//", 1)[1], maxsplit=1)[0].rpartition("@")[2]
    return tuple(part for part in (before, Link(host or address, address), after) if part)


def sourced_name(name: str, url: str) -> Words:
    """A name that leads to an address, if it is one of the web."""
    address = inert(url)
    return (Link(name, address),) if _ADDRESS.fullmatch(address) else (name,)


def table(
    caption: str,
    header: Iterable[str],
    rows: Iterable[Sequence[str | Words]],
    *,
    notes: Iterable[tuple[str, str]] = (),
    optional: int = 0,
    wide: bool = False,
) -> Table:
    """A table of cells, each a text that is fit to be shown, or words."""
    cells = tuple(
        tuple((cell,) if isinstance(cell, str) and cell else tuple(cell) for cell in row)
        for row in rows
    )
    return Table(inert(caption), tuple(header), cells, tuple(notes), optional, wide)


def warned(texts: Iterable[str]) -> Iterator[Listing]:
    """Warnings as a list, nothing where there are none."""
    items = tuple(plain(text) for text in texts)
    if items:
        yield Listing(items, "warnings")


def on_one_line(text: str) -> str:
    """A cell without its line breaks."""
    return " ".join(text.split())


def _linked(text: str) -> Iterator[str | Link]:
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_AFTER_ADDRESS)
        if text[end : match.start()]:
            yield text[end : match.start()]
        yield Link(address, address)
        end = match.start() + len(address)
    if text[end:]:
        yield text[end:]
