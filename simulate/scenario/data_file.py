"""Columns of CSV files beside a scenario."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from simulate.errors import SimulateError
from simulate.scenario.folder import decode, inside, read_bytes
from simulate.scenario.notation import as_number, number_hint
from simulate.scenario.values import ISO_DATE, fail, shown

LARGEST_DATA_FILE = 10_000_000

DELIMITERS = ",;\t"

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)


class Skipped(NamedTuple):
    """How many rows were skipped: those without a count, and blank ones between others."""

    without_count: int = 0
    blank: int = 0

    def text(self, file: str) -> str:
        """A sentence about them; empty where there are none."""
        rows, are = ("row", "is") if sum(self) == 1 else ("rows", "are")
        if not self.blank:
            n = self.without_count
            return f"{n:,} {rows} of {file} without a count {are} skipped" if n else ""
        if not self.without_count:
            return f"{self.blank:,} blank {rows} of {file} {are} skipped"
        each = f"{self.without_count:,} without a count and {self.blank:,} blank"
        return f"{sum(self):,} {rows} of {file} {are} skipped, {each}"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder of the data files; each is read once, even if it changes later.

    `skipped` has the rows of a file that were skipped when it was last read as counts.
    """

    path: Path
    _read: dict[str, bytes] = field(default_factory=dict)
    skipped: dict[str, Skipped] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """The content of one file; raises as `inside` and `read_bytes`."""
        if name not in self._read:
            self._read[name] = read_bytes(inside(self.path, name), LARGEST_DATA_FILE)
        return self._read[name]

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file that has been read, in hexadecimal digits."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self._read.items()}

    @property
    def files(self) -> tuple[str, ...]:
        """The files that have been read."""
        return tuple(str(self.path / name) for name in self._read)


def read_column(name: str, column: str, folder: DataFolder) -> tuple[float | str, ...]:
    """Read one column; dates stay text, empty cells are skipped.

    Raises
    ------
    PydanticCustomError
        As `read_rows`, and if a cell is neither a number nor a date.
    """
    rows = read_rows(name, {"column": column}, folder)
    return tuple(_value(cell, column, f"{name} line {line}") for line, (cell,) in rows if cell)


def read_rows(
    name: str, columns: Mapping[str, str | None], folder: DataFolder
) -> Iterator[tuple[int, list[str]]]:
    """Read some columns row by row.

    The header line shows what separates columns: commas, semicolons or tabs. With semicolons,
    numbers can have a decimal comma; 1.012 is then refused, since it can be 1012.

    Parameters
    ----------
    name : str
        The file.
    columns : mapping
        For each key of the scenario that names a column, the name; None for the column in the
        key's place, the first for the first key.
    folder : DataFolder

    Yields
    ------
    tuple
        The number of the line, from 1, and the cells, numbers with a decimal point. Blank rows
        are skipped, and those between others counted in the folder's `skipped`.

    Raises
    ------
    PydanticCustomError
        If the file cannot be used, lacks a column, or a row is not as wide as the header; with the
        line.
    """
    try:
        text = decode(folder.read(name), name)
    except (SimulateError, ValueError) as error:
        raise fail(str(error), at="file") from error
    blank = 0
    folder.skipped[name] = Skipped()
    try:
        for line, cells in _rows(text, name, columns):
            if cells:
                folder.skipped[name] = Skipped(blank=blank)
                yield line, cells
            else:
                blank += 1
    except csv.Error as error:
        raise fail(f"{name} is not a CSV file: {error}", at="file") from error


def number_in(cell: str) -> float | None:
    """The number in a cell, None if it holds something else."""
    return as_number(cell) if _NUMBER.fullmatch(cell) else None


def _value(cell: str, column: str, place: str) -> float | str:
    if (number := number_in(cell)) is not None:
        return number
    if ISO_DATE.fullmatch(cell):
        return cell
    message = f"{place}: {column} must be a number or a date (found {shown(cell)})"
    raise fail(message, hint=number_hint(cell), at="file")


def _rows(
    text: str, name: str, columns: Mapping[str, str | None]
) -> Iterator[tuple[int, list[str]]]:
    """The lines and their cells, none of a blank one."""
    unquoted = re.sub(r'"[^"]*"', "", text)
    delimiter = max(DELIMITERS, key=unquoted.partition("\n")[0].count)  # the most frequent
    rows = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter)
    commas = delimiter == ";" and any(
        _DECIMAL_COMMA.fullmatch(cell.strip(' "')) for cell in re.split(r"[;\r\n]", text)
    )
    header = [cell.strip() for cell in next(rows, [])]
    places = [_place(header, name, key, columns[key], k) for k, key in enumerate(columns)]
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            yield rows.line_num, []
            continue
        if len(cells) != len(header):
            message = f"has {_cells(cells)}, the header {_cells(header)}"
            hint = _too_wide(cells, len(header), delimiter)
            raise fail(f"{name} line {rows.line_num} {message}", hint=hint, at="file")
        chosen = [cells[place] for place in places]
        for place in places:
            number, after = delimiter.join(cells[place : place + 2]), header[place + 1 :]
            # The header ends with columns without a name, which spreadsheets leave empty.
            if after and not any(after) and _DECIMAL_COMMA.fullmatch(number):
                wrong = f"{number} can be one number, or one and another without a column name"
                hint = "put semicolons between the columns, or name the last one in the header"
                raise fail(f"{name} line {rows.line_num}: {wrong}", hint=hint, at="file")
        if commas:
            for cell in filter(_THOUSANDS.fullmatch, chosen):
                wrong = f"{cell} can be read in two ways beside numbers with a decimal comma"
                hint = f"write {cell.replace('.', '')}, or {cell.replace('.', ',')}"
                raise fail(f"{name} line {rows.line_num}: {wrong}", hint=hint, at="file")
            chosen = [c.replace(",", ".") if _DECIMAL_COMMA.fullmatch(c) else c for c in chosen]
        yield rows.line_num, chosen


def _place(header: list[str], name: str, key: str, column: str | None, default: int) -> int:
    """The place of a column in the header."""
    hint = f"its columns are {', '.join(header)}"[:200]
    if column is None:
        if default >= len(header):
            wrong = f"has only one column, and {key} none" if header else "is empty"
            raise fail(f"{name} {wrong}", hint=hint if header else "", at="file")
        if ISO_DATE.fullmatch(header[default]):
            hint = "begin it with the names of the columns, for instance date,count"
            raise fail(f"{name} has no header line", hint=hint, at="file")
        return default
    if header.count(column) != 1:
        count = "no column" if column not in header else "more than one column"
        raise fail(f'{name} has {count} "{column}"', hint=hint, at=key)
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
