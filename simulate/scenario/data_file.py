"""Columns of numbers or dates from CSV files beside a scenario."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.errors import SimulateError
from simulate.scenario.folder import OutsideFolderError, decode, inside, read_bytes
from simulate.scenario.values import fail, number_hint, shown

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_DATA_FILE = 10_000_000

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that data files stand in; each is read once, whatever becomes of it later."""

    path: Path
    _read: dict[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """The content of one file.

        Raises
        ------
        OutsideFolderError, FileError, LimitError
        """
        if name not in self._read:
            self._read[name] = read_bytes(inside(self.path, name), LARGEST_DATA_FILE)
        return self._read[name]


def read_column(name: str, column: str, folder: DataFolder) -> tuple[float | str, ...]:
    """Read one column; dates stay text, empty cells are passed over.

    Raises
    ------
    PydanticCustomError
        With the row where a cell is neither a number nor a date, or the reason why the file
        cannot be used.
    """
    try:
        text = decode(folder.read(name), name)
    except OutsideFolderError as error:
        raise fail("file", str(error), at="file") from error
    except (SimulateError, ValueError) as error:
        raise fail("file", str(error), at="file") from error
    try:
        return _column(csv.reader(io.StringIO(text), strict=True), name, column)
    except csv.Error as error:
        raise fail("file", f"{name} is not a CSV file: {error}", at="file") from error


def _column(rows: Reader, name: str, column: str) -> tuple[float | str, ...]:
    header = [cell.strip() for cell in next(rows, [])]
    if header.count(column) != 1:
        count = "no column" if column not in header else "more than one column"
        raise fail(
            "column",
            f'{name} has {count} "{column}"',
            hint=f"its columns are {', '.join(header)}"[:200],
            at="column",
        )
    at = header.index(column)
    values: list[float | str] = []
    for row in rows:
        cell = row[at].strip() if at < len(row) else ""
        if _NUMBER.fullmatch(cell):
            values.append(float(cell))
        elif _DATE.fullmatch(cell):
            values.append(cell)
        elif cell:
            raise fail(
                "cell",
                f"{name} row {rows.line_num}: {column} must be a number or a date "
                f"(found {shown(cell)})",
                hint=number_hint(cell),
                at="file",
            )
    return tuple(values)
