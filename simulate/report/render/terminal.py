"""A document as text for a terminal of any width and character set."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TextIO

from simulate.report import document
from simulate.report.document import SOFT_BREAK, on_one_line
from simulate.report.text.wording import MARK
from simulate.report.text.wrapping import cells, wrap

NARROWEST, WIDEST = 20, 100

_HEADING, _MARKED, _RESET = "\x1b[1m", "\x1b[33m", "\x1b[0m"
_STYLES = {"strong": _HEADING, "marked": _MARKED}

_PLAIN = {"±": "+/-", "“": '"', "”": '"', "’": "'", "…": "...", "\xa0": " "}
_BLOCKS = " ▁▂▃▄▅▆▇█▒─├┼┤"
_GAP = 2
_NARROWEST_NAME, _NAME_LINES = 16, 3
_TITLE_LINES, _NAMES_LINES = 4, 3
_AFTER_NUMBER = "  "


def print_document(answer: document.Document, *, file: TextIO | None = None) -> None:
    """Print a document to a stream (by default standard output), as wide as its terminal."""
    stream = sys.stdout if file is None else file
    page = _page_for(stream)
    _document(page, answer)
    stream.write(page.text())


def print_lines(lines: Iterable[str], *, file: TextIO | None = None) -> None:
    """Print lines that are never wrapped, in the character set of the stream."""
    stream = sys.stdout if file is None else file
    page = _page_for(stream, color=False)
    for line in lines:
        page.line(page.translated(line))
    stream.write(page.text())


def encoded(text: str, stream: TextIO) -> str:
    """A text in the character set of a stream, with plain signs or question marks where needed."""
    page = _page_for(stream, color=False)
    return page.translated(text).encode(page.encoding, "replace").decode(page.encoding)


def render(
    answer: document.Document, width: int = 80, *, color: bool = False, encoding: str = "utf-8"
) -> str:
    """The text that `print_document` prints: lines of at most `width` cells, which is 20 to 100.

    If the encoding has no block characters, pictures are drawn in ASCII; letters missing from it
    become question marks.
    """
    page = _Page(width, color=color, encoding=encoding)
    _document(page, answer)
    return page.text()


# --- what a document consists of ---


def _document(page: _Page, answer: document.Document) -> None:
    for letter, name in answer.names:
        page.paragraph(name, _HEADING, lines=_NAMES_LINES, first=f"{letter:2} ", indent="   ")
    if not answer.names:
        page.paragraph(answer.title, _HEADING, lines=_TITLE_LINES)
    page.paragraph(answer.question, lines=_TITLE_LINES)
    for section in answer.sections:
        if all(isinstance(one, document.Picture) and not one.sketch for one in section.blocks):
            continue  # there is nothing to print of it
        page.gap()
        # A caption replaces the heading.
        if not isinstance(section.blocks[0], document.Table | document.Picture):
            page.paragraph(section.heading, _HEADING)
        for block in section.blocks:
            _block(page, block)


def _block(page: _Page, block: document.Block) -> None:
    if isinstance(block, document.Paragraph):
        page.paragraph(_text(block.words), _STYLES.get(block.role, ""))
    elif isinstance(block, document.Listing):
        warns = block.role == "warnings"
        style, first, indent = (_MARKED, "- ", "  ") if warns else ("", "  ", "    ")
        for item in block.items:
            page.paragraph(_text(item), style, lines=block.lines, first=first, indent=indent)
    elif isinstance(block, document.Table):
        page.heading(block.caption)
        _table(page, block)
    elif isinstance(block, document.Picture):
        if block.sketch is not None:
            sketch = block.sketch(page.width, page.blocks)
            page.heading(sketch.caption)
            for line in sketch.lines:
                page.line(page.translated(line))
            for words in sketch.legend:
                page.paragraph(words)
    else:
        page.line(page.translated(block.text))


def _text(words: document.Words, *, addresses: bool = True) -> str:
    """Words with the addresses of their links, unless the words are part of the address."""

    def shown(part: str | document.Link) -> str:
        if isinstance(part, str):
            return part
        is_new = addresses and part.words not in part.address
        return f"{part.words} <{part.address}>" if is_new else part.words

    return "".join(map(shown, words))


def _table(page: _Page, table: document.Table) -> None:
    """A table where it fits the page, otherwise a list with the header beside each cell."""
    rows = [[page.translated(_text(cell, addresses=False)) for cell in row] for row in table.rows]
    columns = list(zip(map(page.translated, table.header), *rows, strict=True))
    needed = len(columns) - table.optional
    for separator in (" ", "\n"):
        broken = [[cell.replace(SOFT_BREAK, separator) for cell in column] for column in columns]
        chosen = _chosen(broken, needed, page.width)
        if chosen:
            names, *others = (broken[place] for place in chosen)
            room = page.width - sum(_GAP + max(map(_width, column)) for column in others)
            names = [_in_few_lines(page, name, room) for name in names]
            header, *below = zip(names, *others, strict=True)
            tallest = max(name.count("\n") for name in header)
            page.rows([["\n" * (tallest - name.count("\n")) + name for name in header], *below])
            break
    else:
        chosen = list(range(len(columns)))
        page.list(columns)
    headings = [on_one_line(name) for name in table.header]
    left_out = [name for place, name in enumerate(headings) if place not in chosen]
    notes = [text for name, text in table.notes if name not in left_out]
    if left_out:
        notes.append(f"Columns omitted: {', '.join(left_out)}; see --json or --out.")
    page.paragraph(page.translated(" ".join(notes)))


def _chosen(columns: Sequence[Sequence[str]], needed: int, width: int) -> list[int]:
    """Indices of the first `needed` columns and all others that fit; none if these are too wide.

    The first column can be broken into lines.
    """
    widths = [_GAP + max(map(_width, column)) for column in columns]
    first = min(widths[0], _GAP + _NARROWEST_NAME)
    room = width + _GAP - first - sum(widths[1:needed])
    if room < 0:
        return []
    chosen = list(range(needed))
    for place in range(needed, len(columns)):
        if widths[place] <= room:
            chosen.append(place)
            room -= widths[place]
    return chosen


def _in_few_lines(page: _Page, name: str, room: int) -> str:
    """`2  a long name`, its other lines indented below the first."""
    if _width(name) <= room:
        return name
    number, gap, rest = name.partition(_AFTER_NUMBER)
    if not gap:
        number, rest = "", name
    indent = " " * cells(number + gap)
    lines = page.wrapped(rest, room - len(indent), _NAME_LINES)
    return f"{number}{gap}" + f"\n{indent}".join(lines)


# --- lines ---


class _Page:
    """Lines of at most `width` cells in one encoding, collected into a text.

    All input is plain text: nothing is parsed as markup.
    """

    def __init__(self, width: int, *, color: bool, encoding: str) -> None:
        self.width = min(max(width, NARROWEST), WIDEST)
        self.encoding = encoding
        self.blocks = _encodable(_BLOCKS, encoding)
        self._color = color
        self._plain = str.maketrans(
            {sign: plain for sign, plain in _PLAIN.items() if not _encodable(sign, encoding)}
        )
        self._lines: list[str] = []

    def text(self) -> str:
        """The whole page; a character that the encoding lacks becomes a question mark."""
        text = "".join(f"{line}\n" for line in self._lines)
        return text.encode(self.encoding, "replace").decode(self.encoding)

    def translated(self, text: str) -> str:
        """The text with plain substitutes for signs that the encoding lacks."""
        return text.translate(self._plain)

    def line(self, text: str = "", style: str = "") -> None:
        """A line that fits."""
        self._lines.append(self._styled(text.rstrip(), style))

    def gap(self) -> None:
        """An empty line, unless the last one is empty."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str) -> None:
        """A heading after an empty line; nothing if it is empty."""
        if text:
            self.gap()
            self.paragraph(text, _HEADING)

    def paragraph(
        self,
        text: str,
        style: str = "",
        *,
        lines: int | None = None,
        first: str = "",
        indent: str = "",
    ) -> None:
        """A wrapped text, nothing if it is empty; cut with an ellipsis after `lines`.

        `first` precedes the first line, `indent`, at least as wide, all others.
        """
        if not text:
            return
        for number, line in enumerate(self.wrapped(text, self.width - len(indent), lines)):
            self.line((indent if number else first) + line, style)

    def wrapped(self, text: str, width: int, lines: int | None) -> list[str]:
        """A text in at most `lines` lines of at most `width` cells."""
        ellipsis = self.translated("…")
        return wrap(self.translated(on_one_line(text)), width, lines=lines, ellipsis=ellipsis)

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows of a table; a cell can have several lines."""
        made = [[cell.split("\n") for cell in row] for row in rows]
        widths = [
            max(cells(line) for cell in column for line in cell)
            for column in zip(*made, strict=True)
        ]
        for row in made:
            styles = [_MARKED if any(MARK in line for line in cell) else "" for cell in row]
            for parts in zip_longest(*row, fillvalue=""):
                padded = (
                    self._styled(part, style) + " " * (width - cells(part) + _GAP)
                    for part, style, width in zip(parts, styles, widths, strict=True)
                )
                self._lines.append("".join(padded).rstrip())

    def list(self, columns: Sequence[Sequence[str]]) -> None:
        """For each row, its cells below each other, each after the name of its column."""
        names, *rows = zip(*columns, strict=True)
        for row in rows:
            self.paragraph(f"{names[0]} {row[0]}")
            for name, cell in zip(names[1:], row[1:], strict=True):
                if cell:
                    style = _MARKED if MARK in cell else ""
                    self.paragraph(f"{name} {cell}", style, first="  ", indent="  ")

    def _styled(self, text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if self._color and style and text else text


def _page_for(stream: TextIO, *, color: bool | None = None) -> _Page:
    """An empty page in the width, colours and character set of a stream.

    Only terminals get colour, and none where the environment has `NO_COLOR` or `TERM=dumb`.
    """
    if color is None:
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        color = stream.isatty() and not plain
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return _Page(shutil.get_terminal_size((80, 24)).columns, color=color, encoding=encoding)


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _width(cell: str) -> int:
    return max(cells(line) for line in cell.split("\n"))
