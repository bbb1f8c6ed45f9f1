"""Columns of CSV files beside a scenario."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, field

from simulate.errors import SimulateError
from simulate.scenario.columns import Cell, dates, is_date, is_empty, is_number, numbers
from simulate.scenario.folder import decode, inside, read_bytes
from simulate.scenario.notation import number_hint
from simulate.scenario.values import fail, shown
from simulate.scenario.written_numbers import Kind

LARGEST_DATA_FILE = 10_000_000

DELIMITERS = ",;\t"

_SEP = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)


class DataFolder(Struct, frozen=True):
    """The folder of the data files; each is read once, even if it changes later.

    `anywhere` lets absolute paths lead out of it, for scenarios that are in no file.
    """

    path: Path
    _read: dict[str, bytes] = field(default_factory=dict)
    anywhere: bool = False

    def read(self, name: str) -> bytes:
        """The content of one file; raises as `inside` and `read_bytes`."""
        if name not in self._read:
            is_free = self.anywhere and Path(name).is_absolute()
            path = Path(name) if is_free else inside(self.path, name)
            self._read[name] = read_bytes(path, LARGEST_DATA_FILE)
        return self._read[name]

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file that has been read, in hexadecimal digits."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self._read.items()}

    @property
    def files(self) -> tuple[str, ...]:
        """The files that have been read."""
        return tuple(str(self.path / name) for name in self._read)


class Rows(NamedTuple):
    """The rows of a file, each with its cells of some columns, and how it writes numbers."""

    rows: list[tuple[Cell, ...]]
    delimiter: str
    has_commas: bool

    def numbers(self, cells: list[Cell], key: str, kind: Kind) -> list[float]:
        """The numbers in cells of one column; raises as `columns.numbers`."""
        return numbers(cells, key, kind, self.delimiter, has_commas=self.has_commas)


def read_column(name: str, column: str, folder: DataFolder) -> tuple[float | str, ...]:
    """Read one column of numbers or of dates, which are text; empty cells are skipped.

    Raises PydanticCustomError as `read_rows`, and if a cell is neither a number nor a date.
    """
    found = read_rows(name, {"column": column}, folder)
    cells = [cell for (cell,) in found.rows if not is_empty(cell.text)]
    if cells and is_date(cells[0].text) and not is_number(cells[0].text):
        return tuple(date.isoformat() for date in dates(cells, column))
    for cell in cells:
        if not is_number(cell.text):
            message = f"{cell.place}: {column} must be a number or a date"
            hint = number_hint(cell.text)
            raise fail(f"{message} (found {shown(cell.text)})", hint=hint, at="file")
    return tuple(found.numbers(cells, column, "number"))


def read_rows(name: str, columns: Mapping[str, str | None], folder: DataFolder) -> Rows:
    """Read some columns of a file row by row.

    `columns` has the name for each key of the scenario that names one; None for the column in the
    key's place. The header line shows what separates them: commas, semicolons or tabs; so does a
    line `sep=;` above it, which spreadsheets write. Blank rows at the end are none. Raises
    PydanticCustomError if the file cannot be used, lacks a column, or a row is not as wide as the
    header; with the line.
    """
    try:
        data = folder.read(name)
    except (SimulateError, ValueError) as error:
        raise fail(str(error), at="file") from error
    try:
        text = decode(data, name)
    except ValueError as error:
        is_workbook = data.startswith(_WORKBOOKS)
        message = f"{name} is a spreadsheet, not a CSV file" if is_workbook else str(error)
        raise fail(message, hint='save it as "CSV UTF-8"', at="file") from error
    try:
        return _rows(text, name, columns)
    except csv.Error as error:
        raise fail(f"{name} is not a CSV file: {error}", at="file") from error


def _rows(text: str, name: str, columns: Mapping[str, str | None]) -> Rows:
    first = _SEP.match(text)
    unquoted = re.sub(r'"[^"]*"', "", text)
    # The most frequent character of the header, if no line above it names one.
    delimiter = first[1] if first else max(DELIMITERS, key=unquoted.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter)
    if first:
        next(lines)
    header = [cell.strip() for cell in next(lines, [])]
    places = [_place(header, name, key, columns[key], k) for k, key in enumerate(columns)]
    found = list[tuple[Cell, ...]]()
    for row in lines:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            cells = [""] * len(header)
        place = f"{name} line {lines.line_num}"
        if len(cells) != len(header):
            message = f"{place} has {_cells(cells)}, the header {_cells(header)}"
            raise fail(message, hint=_too_wide(cells, len(header), delimiter), at="file")
        for k in places:
            number, after = delimiter.join(cells[k : k + 2]), header[k + 1 :]
            # The header ends with columns without a name, which spreadsheets leave empty.
            if after and not any(after) and _DECIMAL_COMMA.fullmatch(number):
                wrong = f"{number} can be one number, or one and another without a column name"
                hint = "put semicolons between the columns, or name the last one in the header"
                raise fail(f"{place}: {wrong}", hint=hint, at="file")
        found.append(tuple(Cell(cells[k], place) for k in places))
    while found and not any(cell.text for cell in found[-1]):
        found.pop()
    commas = delimiter == ";" and any(
        _DECIMAL_COMMA.fullmatch(cell.strip(' "')) for cell in re.split(r"[;\r\n]", text)
    )
    return Rows(found, delimiter, commas)


def _place(header: list[str], name: str, key: str, column: str | None, default: int) -> int:
    """The place of a column in the header."""
    if not header:
        raise fail(f"{name} is empty", at="file")
    hint = f"its columns are {', '.join(header)}"[:200]
    if column is None:
        if default >= len(header):
            raise fail(f"{name} has only one column, and {key} none", hint=hint, at="file")
        if is_date(header[default]):
            hint = "begin it with the names of the columns, for instance date,count"
            raise fail(f"{name} has no header line", hint=hint, at="file")
        return default
    if header.count(column) != 1:
        count = "no column" if column not in header else "more than one column"
        own = f"give each a name of its own; {hint}" if column in header else hint
        raise fail(f'{name} has {count} "{column}"', hint=own, at=key)
    return header.index(column)


def _too_wide(cells: list[str], columns: int, delimiter: str) -> str:
    """What to do with a row that is wider than the header."""
    if len(cells) < columns:
        return ""
    if any(cells[columns:]):
        found = number_hint(delimiter.join(cells)) if columns == 1 else ""
        return found or f'quote a cell that holds "{delimiter}"'
    # With decimal commas, `63,5,` can be one number and an empty cell as well as two numbers.
    hint = f'end the row without "{delimiter}", or the header with one'
    commas = "; numbers with a decimal comma need semicolons between the columns"
    return hint + (commas if delimiter == "," else "")


def _cells(cells: list[str]) -> str:
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
