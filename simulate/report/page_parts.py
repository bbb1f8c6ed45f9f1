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


Role = Literal["plain", "small", "subject", "span", "quote"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; the span is the large line of dates, what comes before it its heading."""

    words: Words
    role: Role = "plain"
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


def table(
    caption: str, header: Iterable[str], rows: Iterable[Iterable[str]], *, wide: bool = False
) -> Table:
    """A table of cells that were made for any medium, line breaks in them become blanks."""
    cells = tuple(tuple(plain(cell) for cell in row) for row in rows)
    return Table(inert(caption), tuple(map(inert, header)), cells, wide=wide)


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
