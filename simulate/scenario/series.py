"""Counts of several dates from a CSV file: the losses of a window, and counts published later."""

import datetime as dt
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from msgspec import Struct, field
from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from simulate.errors import Problem, ScenarioError
from simulate.scenario.arrays import Floats
from simulate.scenario.data_file import LARGEST_DATA_FILE, DataFolder, Skipped, number_in, read_rows
from simulate.scenario.folder import read_bytes
from simulate.scenario.notation import number_hint
from simulate.scenario.values import (
    Contradiction,
    Date,
    Day,
    Line,
    Sourced,
    Whole,
    all_of,
    fail,
    nested,
    number_of,
    parse_date,
    shown,
)


def rounded(count: float) -> float:
    """A count between two rows, to six digits; whole numbers stay as they are."""
    return count if count.is_integer() else float(f"{count:.6g}")


COUNT_KEYS = ("count", "losses")
"""Keys that name a column of counts."""

Points = tuple[tuple[dt.date, float], ...]
"""Dates, each later than the one before, and the counts in the file."""


class CountFile(Sourced):
    """A CSV file with a date and a count in each row."""

    has_inputs: ClassVar = False

    file: Line = Field(description="CSV file, relative to the scenario file.")
    date: Line | None = Field(
        None,
        description="Name of its column of dates, written YYYY-MM-DD; the first column if left "
        "out. A count runs up to the beginning of its date.",
    )
    cumulative: bool = Field(
        default=True,
        description="Whether counts are cumulative. If false, each row counts from the row before; "
        "the first row then only says where counting begins.",
    )


def _read(value: Any, info: ValidationInfo) -> Any:
    """The rows of the file, unless they have been read before."""
    if isinstance(value, dict) and value:
        return tuple(sorted(value.items(), key=lambda point: str(point[0])))
    # Keys that are not valid are not in the data; the file is then refused in any case.
    count_key = next((key for key in COUNT_KEYS if key in info.data), None)
    if value or count_key is None or not {"file", "date", "cumulative"} <= info.data.keys():
        return value
    return read_points(info.data, count_key, info.context)


def _skipped(value: Any, info: ValidationInfo) -> Any:
    """As many rows of the file as were skipped for the reason that the field is named by."""
    folder, file = (info.context or {}).get("data"), info.data.get("file")
    found = folder.skipped.get(file) if folder is not None else None
    return value if found is None else getattr(found, str(info.field_name))


RowsSkipped = SkipJsonSchema[
    Annotated[
        int,
        # Only for a warning, and no part of the digest: these rows change nothing.
        Field(validate_default=True, description="Set by the program: rows that were skipped."),
        BeforeValidator(_skipped),
    ]
]


ReadPoints = SkipJsonSchema[
    Annotated[
        # A plain validator, since any other makes a plain float of 12.000, read as 12.
        tuple[tuple[Date, Annotated[float, PlainValidator(number_of("count").func)]], ...],
        Field(validate_default=True, description="Set by the program: what was read."),
        BeforeValidator(_read),
        PlainSerializer(lambda points: {date.isoformat(): count for date, count in points}),
    ]
]
"""The last field of a `CountFile`."""


class Series(CountFile):
    """The losses of the days before a date, from counts of several dates."""

    count: Line | None = Field(
        None, description="Name of its column of counts; the second column if left out."
    )
    window: Annotated[Whole, Field(ge=1)] = Field(
        description="Number of days before as_of whose losses are counted. losses.start is as_of "
        "less these days."
    )
    as_of: Date | None = Field(
        None,
        description="The day the window ends, as losses.as_of; the last date of the file if left "
        "out.",
    )
    points: ReadPoints = ()
    without_count: RowsSkipped = 0
    blank: RowsSkipped = 0

    @cached_property
    def counts(self) -> "Counts":
        """The counts of the file."""
        skipped = Skipped(self.without_count, self.blank)
        return Counts.of(self.points, cumulative=self.cumulative, skipped=skipped)

    @property
    def window_losses(self) -> dict[str, Any]:
        """The losses of the window as `count`, `as_of` and `start` of a scenario file."""
        said = {"source": self.source, "url": self.url, "notes": self.notes}
        values = {"count": self._lost(), "as_of": self._end, "start": self._start}
        return {
            name: {"distribution": "constant", "value": value, **said}
            for name, value in values.items()
        }

    @property
    def _end(self) -> dt.date:
        return self.as_of or self.points[-1][0]

    @property
    def _start(self) -> dt.date:
        return self._end - dt.timedelta(days=self.window)

    def _lost(self) -> float:
        start, end = self.counts.at([Day.of(self._start), Day.of(self._end)])
        return rounded(float(end - start))

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        first, last = self.points[0][0], self.points[-1][0]
        if first == last:
            hint = "the losses of a window need at least two counts"
            raise fail(f"{self.file} has only one row with a count", hint=hint, at="file")
        if not first < self._end <= last:
            message = f"{self._end} is outside {self.file}, which runs from {first} to {last}"
            raise fail(message, hint="name a date after the first and up to the last", at="as_of")
        most = (self._end - first).days
        if self.window > most:
            message = f"{self.file} begins only {most} days before {self._end}, on {first}"
            raise fail(message, hint=f"window can be up to {most} days", at="window")
        if not self._lost() > 0:
            message = f"{self.file} counts no losses from {self._start} to {self._end}"
            raise fail(message, hint="choose a longer window or another as_of", at="window")
        return self


class Counts(Struct, frozen=True, eq=False):
    """Cumulative counts that never fall, since corrections downwards are left out.

    `days` are days since 1970 and `totals` the highest count so far, both of shape (n,);
    `published` are the cumulative counts themselves, and `corrections` the sizes of their falls;
    `skipped` are the rows that were.
    """

    days: Floats
    totals: Floats
    published: Floats
    corrections: Floats
    skipped: Skipped = field(default_factory=Skipped)

    @classmethod
    def of(cls, points: Points, *, cumulative: bool, skipped: Skipped | None = None) -> Self:
        """The counts of a file; the first of those that count from row to row is left out."""
        days = np.array([Day.of(date) for date, _ in points])
        published = np.array([count for _, count in points], dtype=np.float64)
        if not cumulative:
            published = np.cumsum(published) - published[0]
        steps = np.diff(published)
        highest = np.maximum.accumulate(published)
        return cls(days, highest, published, -steps[steps < 0], skipped or Skipped())

    def at(self, days: list[Day] | Floats) -> Floats:
        """Cumulative counts on days within the file, interpolated between its rows."""
        return np.interp(days, self.days, self.totals)

    def reached(self, totals: Floats) -> Floats:
        """The days on which the count reaches totals above its first; infinity for never."""
        after = np.searchsorted(self.totals, totals)
        row = np.minimum(after, self.totals.size - 1)
        day, low = self.days[row - 1], self.totals[row - 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            reached = day + (self.days[row] - day) * (totals - low) / (self.totals[row] - low)
        return np.where(after < self.totals.size, reached, np.inf)


def read_points(keys: Mapping[str, Any], count_key: str, context: Any) -> Points:
    """Read dates and counts in the order of time; rows with an empty count are skipped.

    Their number is put into the folder's `skipped`.

    Parameters
    ----------
    keys : mapping
        `file`, the names of the columns under `date` and `count_key`, and `cumulative`.
    count_key : str
    context
        Of the validation.

    Raises
    ------
    PydanticCustomError
        As `read_rows`, if a cell holds something else, a date is repeated, or no row has a
        count; with the line.
    """
    name, folder = keys["file"], (context or {}).get("data") or DataFolder(Path())
    columns = {key: keys[key] for key in ("date", count_key)}
    found: dict[dt.date, tuple[int, float]] = {}
    without_count = 0
    for line, (day, cell) in read_rows(name, columns, folder):
        place = f"{name} line {line}"
        if not cell:
            without_count += 1
            continue
        date, count = _date_in(day, place), number_in(cell)
        if count is None:
            message = f"{place}: {count_key} must be a number (found {shown(cell)})"
            raise fail(message, hint=number_hint(cell, "count"), at="file")
        if count < 0 and keys["cumulative"]:
            hint = "set cumulative: false if each row counts from the row before"
            raise fail(f"{place}: a cumulative count is below 0", hint=hint, at="file")
        if date in found:
            message = f"{name} has two counts for {date}, in lines {found[date][0]} and {line}"
            raise fail(message, hint="keep one of them", at="file")
        found[date] = (line, count)
    if not found:
        raise fail(f"{name} has no row with a count", hint="name another column", at="file")
    folder.skipped[name] = folder.skipped[name]._replace(without_count=without_count)
    return tuple((date, found[date][1]) for date in sorted(found))


def _date_in(cell: str, place: str) -> dt.date:
    if not cell:
        raise fail(f"{place} has a count but no date", at="file")
    try:
        return parse_date(cell)
    except PydanticCustomError as error:
        found = error.context or {}
        raise fail(f"{place}: date {found['text']}", hint=found["hint"], at="file") from error


def read_counts(file: str | os.PathLike[str]) -> Counts:
    """The counts of a CSV file alone: dates in its first column, cumulative counts in its second.

    Raises
    ------
    ScenarioError
        As `read_points`.
    FileError, LimitError
        If the file cannot be read, or is too large.
    """
    path = Path(file)
    folder = DataFolder(path.parent, {path.name: read_bytes(path, LARGEST_DATA_FILE)})
    keys = {"file": path.name, "date": None, "count": None, "cumulative": True}
    try:
        points = read_points(keys, "count", {"data": folder})
    except PydanticCustomError as error:
        found = error.context or {}
        raise ScenarioError(Problem(found["text"], hint=found["hint"])) from None
    return Counts.of(points, cumulative=True, skipped=folder.skipped[path.name])


# --- losses.series ---

INSTEAD = {
    "count": "leave count out; the series gives it",
    "as_of": "write it as losses.series.as_of",
    "start": "leave start out; it is window days before losses.series.as_of",
    "claims": "give either series or claims",
    "pooling": "leave pooling out; only claims are pooled",
    "rate": "give either series or rate",
    "per": "leave per out; it belongs to rate",
}
"""The keys of `losses` that a series replaces, and what to do with them."""


def with_series(losses: Any, context: Any) -> Any:
    """The keys of `losses` with count, as_of and start from its series, where it has one.

    Raises
    ------
    PydanticCustomError
        If the series is not valid, or one of these keys is given as well.
    """
    if not isinstance(losses, dict) or (given := losses.get("series")) is None:
        return losses
    # A scenario that the program wrote has the rows in it, beside the count and its days.
    is_read = isinstance(given, Series) or (isinstance(given, dict) and given.get("points"))
    if not is_read and (others := [name for name in INSTEAD if losses.get(name) is not None]):
        raise all_of(
            Contradiction(name, f"has both series and {name}", INSTEAD[name]) for name in others
        )
    try:
        series = Series.model_validate(given, context=context)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise nested({**one, "loc": ("series", *one["loc"])} for one in found) from None
    return {**losses, "series": series, **series.window_losses}
