"""Dates and counts from a file or a table."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from msgspec import Struct
from pydantic_core import PydanticCustomError

from simulate.errors import Problem, ScenarioError
from simulate.scenario.arrays import Floats
from simulate.scenario.columns import dates, is_empty
from simulate.scenario.data_file import LARGEST_DATA_FILE, DataFolder, read_rows
from simulate.scenario.folder import read_bytes
from simulate.scenario.values import Day, fail

_LARGEST_FALL, _SMALL_FALL = 0.1, 10.0
"""A cumulative count that falls by a larger share, and by more than a few, has a mistake in it."""

Points = tuple[tuple[dt.date, float], ...]
"""Dates, each later than the one before, and the counts in the file."""


def rows_of(file: str, n: int, which: str, left_out: str) -> str:
    """What is said about rows that are left out; empty where there are none."""
    rows, are = ("row", "is") if n == 1 else ("rows", "are")
    return f"{n:,} {rows} of {file} {which} {are} {left_out}" if n else ""


class Counts(Struct, frozen=True, eq=False):
    """Cumulative counts that never fall, since corrections downwards are left out.

    `days` are days since 1970 and `totals` the highest count so far, both of shape (n,);
    `published` are the cumulative counts themselves, and `corrections` the sizes of their falls;
    `without_count` is the number of rows that were skipped.
    """

    days: Floats
    totals: Floats
    published: Floats
    corrections: Floats
    without_count: int = 0

    @classmethod
    def of(cls, points: Points, *, cumulative: bool, without_count: int = 0) -> Self:
        """The counts of a file; the first of those that count from row to row is left out."""
        days = np.array([Day.of(date) for date, _ in points])
        published = np.array([count for _, count in points], dtype=np.float64)
        if not cumulative:
            published = np.cumsum(published) - published[0]
        steps = np.diff(published)
        highest = np.maximum.accumulate(published)
        return cls(days, highest, published, -steps[steps < 0], without_count)

    def at(self, days: list[Day] | Floats) -> Floats:
        """Cumulative counts on days within the file, interpolated between its rows."""
        return np.interp(days, self.days, self.totals)

    def warnings(self, file: str) -> Iterator[str]:
        """What is said about rows that are skipped, and about cumulative counts that fall."""
        if said := rows_of(file, self.without_count, "without a count", "skipped"):
            yield said
        if (falls := self.corrections).size:
            largest = int(np.argmin(np.diff(self.published))) + 1
            often = "once" if falls.size == 1 else f"{falls.size} times"
            by = f"{'by' if falls.size == 1 else 'at most by'} {falls.max():,.10g}"
            by += f", on {Day(self.days[largest]).date}"
            kept = "the highest count so far is used until it is passed"
            yield f"the count in {file} falls {often}, {by}; {kept}"

    def reached(self, totals: Floats) -> Floats:
        """The days on which the count reaches totals above its first; infinity for never."""
        after = np.searchsorted(self.totals, totals)
        row = np.minimum(after, self.totals.size - 1)
        day, low = self.days[row - 1], self.totals[row - 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            reached = day + (self.days[row] - day) * (totals - low) / (self.totals[row] - low)
        return np.where(after < self.totals.size, reached, np.inf)


def read_points(
    keys: Mapping[str, Any], folder: DataFolder, count_key: str = "count"
) -> tuple[Points, int]:
    """Dates and counts in the order of time, and the number of rows without a count.

    `keys` are `file`, the names of the columns under `date` and `count_key`, and `cumulative`.
    Raises PydanticCustomError as `read_rows`, if a cell holds something else, a date is repeated,
    or no row has a count; with the line.
    """
    name = keys["file"]
    found = read_rows(name, {key: keys[key] for key in ("date", count_key)}, folder)
    with_count = [row for row in found.rows if not is_empty(row[1].text)]
    for cell, _ in with_count:
        if is_empty(cell.text):
            hint = "leave the row out if it holds totals"
            raise fail(f"{cell.place} has a count but no date", hint=hint, at="file")
    days = dates([cell for cell, _ in with_count])
    counts = found.numbers([cell for _, cell in with_count], count_key, "count")
    if not days:
        raise fail(f"{name} has no row with a count", hint="name another column", at="file")
    lines = [cell.place.removeprefix(f"{name} ") for cell, _ in with_count]
    rows = sorted(zip(days, counts, lines, strict=True), key=itemgetter(0))
    if keys["cumulative"]:
        _check_cumulative(name, rows)
    for (day, _, line), (other, _, next_line) in pairwise(rows):
        if day == other:
            both = f"{line.replace('line', 'lines')} and {next_line.removeprefix('line ')}"
            message = f"{name} has two counts for {day}, in {both}"
            raise fail(message, hint="keep one of them", at="file")
    return tuple((day, count) for day, count, _ in rows), len(found.rows) - len(rows)


def _check_cumulative(name: str, rows: Sequence[tuple[dt.date, float, str]]) -> None:
    """Refuse counts that cannot be cumulative: below 0, or falling far."""
    highest = rows[0]
    for row in rows:
        (date, count, line), (before, most, highest_line) = row, highest
        if count < 0:
            hint = "set cumulative: false if each row counts from the row before"
            raise fail(f"{name} {line}: a cumulative count is below 0", hint=hint, at="file")
        if most - count > max(_LARGEST_FALL * most, _SMALL_FALL):
            message = f"{name} {line}: the count falls from {most:,.10g} on {before}"
            message += f" ({highest_line}) to {count:,.10g} on {date}"
            hint = (
                f"correct the row that is wrong; if {most:,.10g} was revised, leave it out or "
                "revise the rows before it as well"
            )
            raise fail(message, hint=hint, at="file")
        if count >= most:
            highest = row


def checked_points(keys: Mapping[str, Any], folder: DataFolder) -> tuple[Points, int]:
    """As `read_points`, where no scenario is validated; raises `ScenarioError`."""
    try:
        return read_points(keys, folder)
    except PydanticCustomError as error:
        found = error.context or {}
        raise ScenarioError(Problem(found["text"], hint=found["hint"])) from None


def read_counts(
    source: str | os.PathLike[str] | PandasTable, columns: Sequence[str] = ()
) -> Counts:
    """The cumulative counts of a CSV file, or of a table of pandas, alone.

    `columns` names those of dates and of counts; they are the first and the second if left out.
    Raises ScenarioError as `read_points`; FileError or LimitError if the file cannot be read, or is
    too large.
    """
    name, data = _content(source)
    folder = DataFolder(Path(), {name: data})
    date, count = columns or (None, None)
    keys = {"file": name, "date": date, "count": count, "cumulative": True}
    points, without_count = checked_points(keys, folder)
    return Counts.of(points, cumulative=True, without_count=without_count)


class PandasTable(Protocol):
    """A table or a series of pandas."""

    index: Any

    def to_csv(self, *, index: bool) -> str:
        """The table as CSV."""


def _content(source: str | os.PathLike[str] | PandasTable) -> tuple[str, bytes]:
    """The name of the counts, and their CSV."""
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return path.name, read_bytes(path, LARGEST_DATA_FILE)
    is_numbered = type(source.index).__name__ == "RangeIndex"
    return "the table", source.to_csv(index=not is_numbered).encode()
