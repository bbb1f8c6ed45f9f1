"""The page of a terminal: paragraphs, tables and lists that fit its width and its character set."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulate.report.wording import inert
from simulate.report.wrapping import cells, wrap

HEADING = "bold"
MARKED = "yellow"
MARK = "~"
SOFT_BREAK = "\v"

_PLAIN = {"±": "+/-", "“": '"', "”": '"', "’": "'", "…": "...", "\xa0": " "}
_BLOCKS = " ▁▂▃▄▅▆▇█▒─├┼┤"
_GAP = 2


def encodable(text: str, encoding: str) -> bool:
    """Whether a terminal with that encoding can show every character of the text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


NARROWEST, WIDEST = 20, 100


def page_for(stream: TextIO, *, width: int | None = None, color: bool | None = None) -> Page:
    """An empty page as wide, as colourful and in the character set that a stream bears.

    Colour goes to terminals only, unless the environment holds `NO_COLOR` or `TERM=dumb`.
    """
    if color is None:
        color = (
            stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )
    columns = shutil.get_terminal_size((80, 24)).columns if width is None else width
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return Page(min(max(columns, NARROWEST), WIDEST), color=color, encoding=encoding)


def encoded(text: str, stream: TextIO) -> str:
    """A text as a stream can bear it: plain signs, else question marks, for those it lacks."""
    page = page_for(stream, color=False)
    return page.translated(text).encode(page.encoding, "replace").decode(page.encoding)


class Page:
    """Collects lines of at most `width` cells in the given encoding, and turns them into one text.

    What is handed in is plain text: nothing is parsed as markup.
    """

    def __init__(self, width: int, *, color: bool, encoding: str) -> None:
        self.width = width
        self.encoding = encoding
        self.blocks = encodable(_BLOCKS, encoding)
        self._plain = str.maketrans(
            {sign: plain for sign, plain in _PLAIN.items() if not encodable(sign, encoding)}
        )
        self._buffer = io.StringIO()
        # An empty environment: NO_COLOR and COLUMNS must not decide again what the caller decided.
        self._console = Console(
            file=self._buffer,
            width=width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def text(self) -> str:
        """All that was put on the page; a character that the encoding lacks is a question mark."""
        lines = [line.rstrip() for line in self._buffer.getvalue().splitlines()]
        return ("\n".join(lines) + "\n").encode(self.encoding, "replace").decode(self.encoding)

    def line(self, text: str = "", style: str = "") -> None:
        """One line that is known to fit."""
        self._console.print(
            Text(text.rstrip(), style=style), no_wrap=True, overflow="ignore", crop=False
        )

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

        `first` stands before the first line, `indent`, at least as wide, before the others.
        """
        if not text:
            return
        plain = self.translated(text)
        ellipsis = self.translated("…")
        for number, line in enumerate(
            wrap(plain, self.width - len(indent), lines=lines, ellipsis=ellipsis)
        ):
            self.line((indent if number else first) + line, style)

    def heading(self, text: str) -> None:
        """A line that begins a section, set off by an empty one."""
        self.line()
        self.paragraph(text, HEADING)

    def grid(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table; where it is too wide for the page, a list with the header beside each cell.

        A cell may hold line breaks, and `SOFT_BREAK` where one may be put if the table is too wide.
        """
        names = [self.translated(name) for name in header]
        table = [[self.translated(cell) for cell in row] for row in rows]
        for separator in (" ", "\n"):
            broken = [[cell.replace(SOFT_BREAK, separator) for cell in row] for row in table]
            if self._fits([names, *broken]):
                self._table(names, broken)
                return
        self._list(names, table)

    def _fits(self, rows: Sequence[Sequence[str]]) -> bool:
        widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
        return sum(widths) + _GAP * (len(widths) - 1) <= self.width

    def _table(self, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="")
        for name in names:
            table.add_column(Text(name), no_wrap=True)
        for row in rows:
            table.add_row(*(Text(cell, style=_style(cell)) for cell in row))
        self._console.print(table)

    def _list(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        names = [" ".join(name.split()) for name in header]
        for row in rows:
            self.paragraph(f"{names[0]} {' '.join(row[0].split())}".strip())
            for name, cell in zip(names[1:], row[1:], strict=True):
                if cell:
                    self.paragraph(
                        f"{name} {' '.join(cell.split())}", _style(cell), first="  ", indent="  "
                    )

    def translated(self, text: str) -> str:
        """The text with signs that the encoding lacks written plainly."""
        return text.translate(self._plain)


def _width(cell: str) -> int:
    return max(cells(line) for line in cell.split("\n"))


def _style(cell: str) -> str:
    return MARKED if MARK in cell else ""


def warnings_section(page: Page, warnings: Sequence[str], heading: str = "Warnings") -> None:
    """A list of warnings under a heading; nothing where there are none."""
    if warnings:
        page.heading(heading)
    for warning in warnings:
        page.paragraph(inert(warning), MARKED, first="- ", indent="  ")
