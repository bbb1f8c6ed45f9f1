"""Counts published after the claim, one by one or from a file, and how much they are believed."""

import datetime as dt
from collections.abc import Iterable
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import SkipJsonSchema

from simulate.scenario.counts import rows_of
from simulate.scenario.distributions import Distribution, Quantity
from simulate.scenario.distributions.bounded import Constant
from simulate.scenario.notation import MORNING_AFTER, date_hint
from simulate.scenario.series import CountFile, rounded
from simulate.scenario.values import Block, Date, Day, Line, Number, Sourced, as_list, fail, shown

MOST_OBSERVED, MOST_EVIDENCE, MOST_BOUNDS = 500, 100, 10

_SetByTheProgram = SkipJsonSchema[tuple[str, ...]]
LogError = Annotated[Number, Field(ge=0, le=10)]


def _no_end(value: Any) -> Any:
    """Refuses the end of May, which is the beginning of 1 June; all else is left to `Date`."""
    hint = date_hint(value, ranges=True) if isinstance(value, str) else ""
    if MORNING_AFTER in hint:
        raise fail(f"must be a date (found {shown(value)})", hint=hint.partition(", or ")[0])
    return value


class Evidence(Block):
    """How far published counts may lie from the true losses.

    Standard deviations of their logarithms; .05 is about 5 %.
    """

    has_inputs: ClassVar = False

    error: Annotated[LogError, Field(ge=0.001)] = Field(
        0.05, description="Of each report alone; .05 is about 5 %."
    )
    source_bias: LogError = Field(
        0.10, description="Shared by all reports with the same `source`, which share information."
    )
    common_bias: LogError = Field(0.10, description="Shared by all reports.")


class _AsEvidence(Sourced):
    """How a count, or those of a file, enter the result."""

    qualifier: Literal["at_least", "more_than", "about"] | None = Field(
        None,
        description="The word before the published number. As evidence, at_least makes it a lower "
        "bound; the others are shown and change nothing.",
    )
    evidence: bool = Field(
        default=False,
        description="Whether the result is updated on it: each draw then counts by how well it "
        "fits. Else it is only compared with the result.",
    )


class Observed(_AsEvidence):
    """A count published after the claim, to compare with the result or to update it on."""

    has_inputs: ClassVar = False

    label: Line = Field(description="Who counted, for instance 'NIS, 30 April 2025'.")
    date: Annotated[Date, BeforeValidator(_no_end)] = Field(
        description="The day up to which they are counted, as losses.as_of."
    )
    losses: Quantity = Field(
        description="Cumulative losses since losses.start, or since force.as_of: a number, or a "
        "distribution for a range."
    )
    skipped: _SetByTheProgram = Field(
        (),
        strict=False,
        description="What was skipped in the file of which this is the first row used.",
    )


class ObservedFile(_AsEvidence, CountFile):
    """A file of counts; each row later than the claim's own count is one published later."""

    count_key: ClassVar = "losses"

    losses: Line | None = Field(
        None,
        description="Name of its column of losses; the second column if left out. What the file "
        "counts up to losses.start, or force.as_of, is subtracted.",
    )
    label: Line | None = Field(
        None, description="Who counted; the date is added. The name of the file if left out."
    )


def _entry(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    """A count, or a file of counts until `with_rows` takes its place."""
    if isinstance(value, dict) and "file" in value:
        return ObservedFile.model_validate(value, context=info.context)
    return handler(value)


ObservedCounts = Annotated[
    tuple[Annotated[Observed, WrapValidator(_entry)], ...],
    Field(strict=False, max_length=MOST_OBSERVED),
    BeforeValidator(as_list),
]


def with_rows(
    found: Iterable[Observed | ObservedFile],
    start: tuple[str, Distribution],
    counted: float,
    last: dt.date,
) -> tuple[Observed, ...]:
    """The counts with the rows of the files in their place.

    Those after `counted` are used, the latest instant of the scenario's own counts and of the stock
    in days since 1970, and up to `last`. `start` is the day from which losses count, with its path.
    Raises PydanticCustomError if a file has no such row, or there are too many of them.
    """
    entries: list[Observed] = []
    for i, item in enumerate(found):
        if isinstance(item, ObservedFile):
            entries += _later(item, start, counted, last, at=f"{i}.file")
        else:
            entries.append(item)
    if len(entries) > MOST_OBSERVED:
        message = f"has {len(entries):,} counts, of which {MOST_OBSERVED} can be compared"
        raise fail(message, hint="keep fewer rows in the file, for instance one a week")
    return tuple(entries)


def _later(
    file: ObservedFile, start: tuple[str, Distribution], counted: float, last: dt.date, at: str
) -> list[Observed]:
    """The rows after `counted` and up to `last`, with the losses since `start`."""
    before, begins = _before(file, start, at), start[1].support[1]
    label = file.label or PurePath(file.file).stem
    shared = {key: getattr(file, key) for key in _AsEvidence.model_fields}
    less = f", less the count of {Day(begins).date}" if before else ""
    found = [
        Observed(
            label=f"{label}, {date}{less}",
            date=date,
            losses=Constant(value=rounded(float(count))),
            **shared,
        )
        for (date, _), count in zip(file.points, file.counts.published - before, strict=True)
        if Day.of(date) > counted and date <= last
    ]
    if not found:
        message = f"no row of {file.file} is after the count and up to the horizon, {last}"
        raise fail(message, hint="correct the file, or leave it out", at=at)
    return [found[0].model_copy(update={"skipped": _skipped(file, last)}), *found[1:]]


def _skipped(file: ObservedFile, last: dt.date) -> tuple[str, ...]:
    """What was skipped in a file, other than the rows up to the scenario's own count."""
    later = sum(date > last for date, _ in file.points)
    said = (
        rows_of(file.file, file.without_count, "without a count", "skipped"),
        rows_of(file.file, later, f"after the horizon, {last},", "not compared"),
    )
    return tuple(filter(None, said))


def _before(file: ObservedFile, start: tuple[str, Distribution], at: str) -> float:
    """What the file counts up to the day from which losses count."""
    (since, law), counts = start, file.counts
    first, name, (earliest, latest) = counts.days[0], file.file, law.support
    if first > latest and file.cumulative and not counts.published[0]:
        message = f"{name} begins with 0 on {Day(first).date}, after {since}, {Day(latest).date}; "
        message += "what was lost between is not in it"
        hint = (
            f"add to each of its counts what was lost from {since} on, or let that be its first day"
        )
        raise fail(message, hint=hint, at=at)
    if first > earliest and file.cumulative:
        return 0.0
    if first > earliest:
        message = f"{name} begins after {since}; the losses between are not in it"
        raise fail(message, hint=f"add a row on {since}, with any count", at=at)
    low, high = np.interp([earliest, latest], counts.days, counts.published)
    if low != high:
        message = f"{name} reaches back to {since}, which is uncertain"
        raise fail(message, hint=f"leave out earlier rows, and count from {since}", at=at)
    return float(low)
