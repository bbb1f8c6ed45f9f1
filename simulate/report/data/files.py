"""Tables as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from simulate.report.text.wording import inert

PAGE = "index.html"
"""The file name of an answer's page in a folder."""

Cell: TypeAlias = str | float | dt.date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Table(NamedTuple):
    """The names of the columns, and rows of raw values; every format is made from these."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]

    def csv(self) -> bytes:
        """The table as CSV in UTF-8, with line feeds, decimal points, and empty cells for None."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerows(map(_csv_cell, row) for row in (self.header, *self.rows))
        return buffer.getvalue().encode("utf-8")


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        text = inert(value)
        # A spreadsheet would run it as a formula.
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return repr(value)
