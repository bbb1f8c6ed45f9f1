"""What an answer consists of in any medium: sections of paragraphs, tables and pictures.

All texts are plain; each renderer escapes them. A table cell may hold line breaks, and `SOFT_BREAK`
where a narrow medium may break it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from simulate.report.text.wording import inert

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOFT_BREAK = "\v"

_ADDRESS = r"(?i)https?://[^\s<>\"“”]+"
# Within a text, punctuation at the end of an address probably belongs to the sentence.
_IN_TEXT = r"(?i)(https?://[^\s<>\"“”]+(?<![.,;:!?)\]}']))"


class Link(Struct, frozen=True):
    """Words that link to an address, which begins with http:// or https://."""

    words: str
    address: str


Words = tuple[str | Link, ...]
Role = Literal["plain", "small", "subject", "span", "strong", "marked", "quote"]


class Paragraph(Struct, frozen=True):
    """A paragraph; the role "span" is the large line of dates, "subject" the line above it."""

    words: Words
    role: Role = "plain"
    kind: Literal["paragraph"] = "paragraph"


class Listing(Struct, frozen=True):
    """A bulleted list. A terminal shows at most `lines` lines of each item."""

    items: tuple[Words, ...]
    role: Literal["plain", "warnings"] = "plain"
    lines: int | None = None
    kind: Literal["listing"] = "listing"


class Table(Struct, frozen=True):
    """A table; the first cell of each row names it. `wide` cells hold sentences.

    The last `optional` columns are omitted where they do not fit. `notes` pairs the name of a
    column with its explanation; the name "" means the whole table.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    optional: int = 0
    wide: bool = False
    kind: Literal["table"] = "table"


class Sketch(Struct, frozen=True):
    """A picture made of lines of text, with its caption above and its legend below."""

    caption: str
    lines: tuple[str, ...]
    legend: tuple[str, ...] = ()


SheetName = Literal["web", "7in", "3.5in", "social", "page", "phone"]


class Drawing(Struct, frozen=True):
    """A figure that can be drawn on any sheet, and its description in words."""

    draw: Callable[[SheetName], Figure]
    alt: str


class Picture(Struct, frozen=True):
    """A picture with its caption, composed only when it is shown.

    `drawing` is for media with figures; `sketch` for others takes a number of columns and whether
    block characters can be used. A medium omits a picture that has no form for it.
    """

    caption: str
    drawing: Callable[[], Drawing] | None
    sketch: Callable[[int, bool], Sketch] | None = None
    kind: Literal["picture"] = "picture"


class Code(Struct, frozen=True):
    """A line that is never wrapped, such as one for a shell."""

    text: str
    kind: Literal["code"] = "code"


Block = Paragraph | Listing | Table | Picture | Code
Blocks = Iterator[Block]


class Section(Struct, frozen=True):
    """A heading and the blocks below it; `name` is unique in the document.

    A page on a screen shows only the heading of a `folded` one until the reader opens it.
    """

    name: str
    heading: str
    blocks: tuple[Block, ...]
    folded: bool = False

    def holds(self, kind: str) -> bool:
        """Whether a block of that kind is in it."""
        return any(block.kind == kind for block in self.blocks)


class Document(Struct, frozen=True):
    """A whole answer. `names` pairs the letters and titles of several scenarios."""

    title: str
    question: str
    sections: tuple[Section, ...]
    foot: str = ""
    names: tuple[tuple[str, str], ...] = ()

    @property
    def pictures_first(self) -> tuple[Section, ...]:
        """The sections for a medium with figures: the first picture before the first table."""
        order = list(self.sections)
        table, picture = (
            next((k for k, section in enumerate(order) if section.holds(kind)), len(order))
            for kind in ("table", "picture")
        )
        if table < picture < len(order):
            order.insert(table, order.pop(picture))
        return tuple(order)

    def named(self, name: str) -> Document:
        """The same document, its title after the name of a file where there is one."""
        return replace(self, title=inert(f"{name}: {self.title}")) if name else self


def composed(
    title: str,
    *contents: tuple[str, str, Iterable[Block]],
    question: str = "",
    foot: str = "",
    names: Iterable[tuple[str, str]] = (),
    folded: Container[str] = (),
) -> Document:
    """A document of sections, each given as name, heading and blocks; empty ones are omitted."""
    made = (
        Section(name, heading, tuple(blocks), name in folded) for name, heading, blocks in contents
    )
    sections = tuple(section for section in made if section.blocks)
    return Document(title, question, sections, foot, tuple(names))


def paragraph(text: str, role: Role = "plain") -> Paragraph:
    """A paragraph of text that is already safe to show."""
    return Paragraph((text,), role)


def paragraphs(texts: Iterable[str], role: Role = "plain") -> Iterator[Paragraph]:
    """A paragraph for each text that is not empty."""
    return (paragraph(text, role) for text in texts if text)


def plain(text: str) -> Words:
    """Text from elsewhere, without invisible characters."""
    shown = inert(text)
    return (shown,) if shown else ()


def linked(text: str) -> Words:
    """Text from elsewhere, its web addresses turned into links."""
    parts = enumerate(re.split(_IN_TEXT, inert(text)))
    return tuple(Link(part, part) if place % 2 else part for place, part in parts if part)


def sourced(source: str, url: str) -> Words:
    """A source and its address; a web address becomes a link named after its host."""
    words, address = inert(source), inert(url)
    if not address:
        return (words or "no source given",)
    before, after = (f"{words} (", ")") if words else ("", "")
    if not re.fullmatch(_ADDRESS, address):
        return (f"{before}{address}{after}",)
    host = re.split(r"[/?#]", address.split("//", 1)[1], maxsplit=1)[0].rpartition("@")[2]
    return tuple(part for part in (before, Link(host or address, address), after) if part)


def sourced_name(name: str, url: str) -> Words:
    """A name, linked if its address is a web address."""
    address = inert(url)
    return (Link(name, address),) if re.fullmatch(_ADDRESS, address) else (name,)


def table(
    caption: str,
    header: Iterable[str],
    rows: Iterable[Sequence[str | Words]],
    *,
    notes: Iterable[tuple[str, str]] = (),
    optional: int = 0,
    wide: bool = False,
) -> Table:
    """A table whose cells are words, or texts that are safe to show."""
    cells = tuple(
        tuple((cell,) if isinstance(cell, str) and cell else tuple(cell) for cell in row)
        for row in rows
    )
    return Table(inert(caption), tuple(header), cells, tuple(notes), optional, wide)


def warned(texts: Iterable[str]) -> Iterator[Listing]:
    """Warnings as a list; nothing if there are none."""
    items = tuple(plain(text) for text in texts)
    if items:
        yield Listing(items, "warnings")


def on_one_line(text: str) -> str:
    """A cell without line breaks."""
    return " ".join(text.split())
