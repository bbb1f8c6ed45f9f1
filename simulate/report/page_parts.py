"""What a page consists of, whatever it is written in: sections of paragraphs, tables and pictures.

All texts are plain. Those that write a page escape them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulate.report.wording import inert

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}'"
"""What more likely ends a sentence than an address."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address, which begins with http:// or https://."""

    words: str
    address: str


Words = tuple[str | Link, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; the span is the large line of dates, what comes before it its heading."""

    words: Words
    role: Literal["plain", "small", "subject", "span", "quote"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list without an order."""

    items: tuple[Words, ...]
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row names it. `wide` cells hold sentences."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    wide: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture yet to be drawn, with its caption and its description."""

    caption: str
    alt: str
    draw: Callable[[], Figure]
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Code:
    """A line for a shell."""

    text: str
    kind: Literal["code"] = "code"


Block = Paragraph | Listing | Table | Picture | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it; `name` is unique on the page."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole page."""

    title: str
    question: str
    sections: tuple[Section, ...]
    foot: str


def plain(text: str) -> Words:
    """Free text as it stands, without what a reader could not see."""
    shown = inert(text)
    return (shown,) if shown else ()


def linked(text: str) -> Words:
    """Free text in which addresses of the web become links."""
    return tuple(_linked(inert(text)))


def sourced(source: str, url: str) -> Words:
    """A source that leads to its address. An address of any other kind is shown as text."""
    words, address = inert(source), inert(url)
    if not address:
        return (words,) if words else ("no source given",)
    if not _ADDRESS.fullmatch(address):
        return (f"{words} ({address})",) if words else (address,)
    return (Link(words or address, address),)


def table(
    caption: str, header: Iterable[str], rows: Iterable[Iterable[str]], *, wide: bool = False
) -> Table:
    """A table of cells that were made for any medium, line breaks in them become blanks."""
    cells = tuple(tuple(plain(cell) for cell in row) for row in rows)
    return Table(caption, tuple(map(inert, header)), cells, wide)


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
