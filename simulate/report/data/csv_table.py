"""Tables as files that every program reads, and no spreadsheet takes for instructions."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from simulate.report.text.wording import inert

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

Cell: TypeAlias = str | float | dt.date | None


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV table in UTF-8, with line feeds, dots in numbers, and empty cells for None."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8")


def cell(value: Cell) -> str:
    """A value as text in a CSV table: no formula for a spreadsheet to run, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        # A spreadsheet would take such a text for a formula and run it.
        text = inert(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return repr(value)
