"""Counts of several dates from a CSV file: the losses of a window, and counts published later."""

import datetime as dt
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from simulate.scenario.counts import Counts, read_points
from simulate.scenario.data_file import DataFolder
from simulate.scenario.distributions.bounded import Constant
from simulate.scenario.values import (
    Date,
    Day,
    Line,
    Number,
    Sourced,
    Whole,
    fail,
)


def rounded(count: float) -> float:
    """A count between two rows, to six digits; whole numbers stay as they are."""
    return count if count.is_integer() else float(f"{count:.6g}")


class CountFile(Sourced):
    """A CSV file with a date and a count in each row."""

    has_inputs: ClassVar = False
    count_key: ClassVar = "count"
    """The key that names the column of counts."""

    file: Line = Field(description="CSV file, relative to the scenario file.")
    date: Line | None = Field(
        None,
        description="Name of its column of dates, YYYY-MM-DD or another form that can only be "
        "one day; the first column if left out. A count runs up to the beginning of its date.",
    )
    cumulative: bool = Field(
        default=True,
        description="Whether counts are cumulative. If false, each row counts from the row before; "
        "the first row then only says where counting begins.",
    )

    points: SkipJsonSchema[
        Annotated[
            tuple[tuple[Date, Number], ...],
            BeforeValidator(lambda points: tuple(sorted(dict(points).items()))),
            PlainSerializer(lambda points: {date.isoformat(): count for date, count in points}),
        ]
    ] = Field((), description="Set by the program: what was read.")
    without_count: SkipJsonSchema[int] = Field(
        0, description="Set by the program: rows that were skipped."
    )

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Self:
        if self.points:
            return self  # they have been read before
        folder = (info.context or {}).get("data") or DataFolder(Path())
        points, without_count = read_points(dict(self), folder, self.count_key)
        return self.model_copy(update={"points": points, "without_count": without_count})

    @cached_property
    def counts(self) -> Counts:
        """The counts of the file."""
        return Counts.of(self.points, cumulative=self.cumulative, without_count=self.without_count)


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

    @property
    def window_losses(self) -> dict[str, Constant]:
        """The losses of the window as `count`, `as_of` and `start` of a scenario file."""
        said = {key: getattr(self, key) for key in Sourced.model_fields}
        values: dict[str, Any] = {"count": self._lost(), "as_of": self._end, "start": self.start}
        return {name: Constant(value=value, **said) for name, value in values.items()}

    @property
    def _end(self) -> dt.date:
        return self.as_of or self.points[-1][0]

    @property
    def start(self) -> dt.date:
        """The day its window begins."""
        return self._end - dt.timedelta(days=self.window)

    def _lost(self) -> float:
        start, end = self.counts.at([Day.of(self.start), Day.of(self._end)])
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
            message = f"{self.file} counts no losses from {self.start} to {self._end}"
            hint = "choose a longer window or another as_of"
            if self.counts.corrections.size:
                hint = f"correct the row from which the count falls, or {hint}"
            raise fail(message, hint=hint, at="window")
        return self


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
