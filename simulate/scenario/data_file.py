"""Columns of numbers or dates from CSV files beside a scenario."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from simulate.errors import SimulateError
from simulate.scenario.folder import decode, inside, read_bytes
from simulate.scenario.notation import as_number, number_hint
from simulate.scenario.values import ISO_DATE, fail, shown

LARGEST_DATA_FILE = 10_000_000

DELIMITERS = ",;\t"

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder of the data files; each is read once, even if it changes later."""

    path: Path
    _read: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """The content of one file; raises as `inside` and `read_bytes`."""
        if name not in self._read:
            self._read[name] = read_bytes(inside(self.path, name), LARGEST_DATA_FILE)
        return self._read[name]

    @property
    def files(self) -> tuple[str, ...]:
        """The files that have been read."""
        return tuple(str(self.path / name) for name in self._read)


def read_column(name: str, column: str, folder: DataFolder) -> tuple[float | str, ...]:
    """Read one column; dates stay text, empty cells are skipped.

    The header line shows what separates columns: commas, semicolons or tabs. With semicolons,
    numbers can have a decimal comma.

    Raises
    ------
    PydanticCustomError
        If the file cannot be used, a cell is neither a number nor a date, or a row is not as wide
        as the header; with the line.
    """
    try:
        text = decode(folder.read(name), name)
    except (SimulateError, ValueError) as error:
        raise fail(str(error), at="file") from error
    try:
        return tuple(_values(text, name, column))
    except csv.Error as error:
        raise fail(f"{name} is not a CSV file: {error}", at="file") from error


def _values(text: str, name: str, column: str) -> Iterator[float | str]:
    unquoted = re.sub(r'"[^"]*"', "", text)
    delimiter = max(DELIMITERS, key=unquoted.partition("\n")[0].count)  # the most frequent
    rows = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter)
    header = [cell.strip() for cell in next(rows, [])]
    if header.count(column) != 1:
        count = "no column" if column not in header else "more than one column"
        hint = f"its columns are {', '.join(header)}"[:200]
        raise fail(f'{name} has {count} "{column}"', hint=hint, at="column")
    at = header.index(column)
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        short = len(cells) < len(header)
        if short or any(cells[len(header) :]):
            message = f"has {_cells(cells)}, the header {_cells(header)}"
            found = number_hint(delimiter.join(cells)) if len(header) == 1 else ""
            hint = "" if short else found or f'quote a cell that holds "{delimiter}"'
            raise fail(f"{name} line {rows.line_num} {message}", hint=hint, at="file")
        cell = cells[at]
        if delimiter == ";" and _DECIMAL_COMMA.fullmatch(cell):
            cell = cell.replace(",", ".")
        if _NUMBER.fullmatch(cell):
            yield as_number(cell)
        elif ISO_DATE.fullmatch(cell):
            yield cell
        elif cell:
            message = f"{column} must be a number or a date (found {shown(cell)})"
            place = f"{name} line {rows.line_num}"
            raise fail(f"{place}: {message}", hint=number_hint(cell), at="file")


def _cells(cells: list[str]) -> str:
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
