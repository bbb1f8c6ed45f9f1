"""Tables as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from simulate.report.text.wording import inert

if TYPE_CHECKING:
    import pandas as pd

PAGE = "index.html"
"""The file name of an answer's page in a folder."""

Cell: TypeAlias = str | float | dt.date | None

NO_PANDAS = "this needs the package pandas: pip install 'simulate-depletion[pandas]'"

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

    def data_frame(self) -> pd.DataFrame:
        """The table for pandas, its dates as such."""
        pandas, rows = data_frames(), list(self.rows)
        frame: pd.DataFrame = pandas.DataFrame(rows, columns=list(self.header))
        for name, values in zip(self.header, zip(*rows, strict=True), strict=False):
            if {type(value) for value in values if value is not None} == {dt.date}:
                frame[name] = pandas.to_datetime(frame[name])
        return frame


def data_frames() -> Any:
    """The package pandas, or an `ImportError` that says how to install it."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(NO_PANDAS) from error
    return pd


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
