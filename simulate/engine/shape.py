"""How a scenario departs from the straight line, and the road to its first passages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple, Self

import numpy as np

from simulate.engine.bent_line import Claim, Stock, leading_to
from simulate.engine.clock import Clock, Pause
from simulate.engine.sampling.design import Segment
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.model import Scenario

Values = Mapping[str, Floats | float]

Road = Literal["straight", "bent", "events", "daily"]
"""How first passages are found: on the straight line, in closed form beyond it, from event to
event, or day by day. Everything that depends on the cost of a draw is a table by road."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a scenario, without its numbers.

    `stages` is 0 where nobody returns to duty; `minds_returns` says whether the dates depend on who
    does.
    """

    road: Road
    counting: Literal["casualties", "strength"]
    pauses: int
    reinforcements: int
    ends: tuple[str, ...]
    stages: int
    drifts: bool
    rotates: bool
    minds_returns: bool

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """The shape of a scenario."""
        wounded = scenario.wounded
        road: Road = "bent"
        if scenario.goes_by_days:
            road = "daily"
        elif scenario.rotation is not None or scenario.minds_returns:
            road = "events"
        elif scenario.is_straight:
            road = "straight"
        return cls(
            road=road,
            counting=scenario.counting,
            pauses=len(scenario.pauses),
            reinforcements=len(scenario.reinforcements),
            ends=tuple(end.label for end in scenario.ends),
            stages=wounded.stages if wounded is not None else 0,
            drifts=scenario.drifts,
            rotates=scenario.rotation is not None,
            minds_returns=scenario.minds_returns,
        )


class Draws(NamedTuple):
    """Draws worked out together.

    `values` holds the inputs, a number where all draws agree; `seed` and `segments` give further
    random numbers. Where events can stop the clock, `end_time` (n,) is the first of them, inf
    for none, and `end` (n,) its number.
    """

    values: Values
    seed: int
    segments: tuple[Segment, ...]
    end_time: Floats | None
    end: Ints | None

    @property
    def n(self) -> int:
        """Number of draws."""
        return sum(segment.n for segment in self.segments)

    def parts(self, most: int) -> Iterator[tuple[slice, Draws]]:
        """Consecutive draws in whole segments: at most `most` of them, or one longer segment."""
        upto = np.cumsum([segment.n for segment in self.segments]).tolist()
        first = begun = 0
        while first < len(upto):
            last = max(bisect_right(upto, begun + most), first + 1)
            rows = slice(begun, upto[last - 1])
            yield rows, self._some(rows, self.segments[first:last])
            first, begun = last, rows.stop

    def _some(self, rows: slice, segments: tuple[Segment, ...]) -> Draws:
        values = {
            name: value[rows] if isinstance(value, np.ndarray) and value.size > 1 else value
            for name, value in self.values.items()
        }
        return self._replace(
            values=values,
            segments=segments,
            end_time=None if self.end_time is None else self.end_time[rows],
            end=None if self.end is None else self.end[rows],
        )


def claim_of(values: Values, n: int) -> Claim:
    """The claim of `n` draws, if its rate continues unchanged."""
    value = partial(_column, values, n)
    start = value("losses.start")
    claim = Claim(
        count=value("losses.count"),
        size=value("force.size"),
        start=start,
        as_of=value("losses.as_of"),
        early=np.minimum(value("prelude.start", start), start),
        early_intensity=value("prelude.intensity"),
    )
    if "force.as_of" not in values:
        return claim
    # Before the losses began the strength present is all who were sent.
    stock = Stock(claim.size, np.maximum(value("force.as_of"), start))
    return leading_to(claim, stock, np.maximum(stock.day - claim.as_of, 0.0), np.zeros(n))


def _column(values: Values, n: int, name: str, default: Floats | float = 0.0) -> Floats:
    return np.broadcast_to(np.asarray(values.get(name, default), dtype=np.float64), n)


def setting(
    values: Values, shape: Shape, n: int
) -> tuple[Claim, Clock, Floats, list[tuple[Floats, Floats]]]:
    """Claim, clock, strength exponent (n,) and arrivals of `n` draws, beyond the straight line."""
    value = partial(_column, values, n)
    claim, exponent = claim_of(values, n), value("rate.strength_exponent")
    pauses = [
        Pause(
            value(f"pauses[{i}].start"),
            value(f"pauses[{i}].start") + value(f"pauses[{i}].days"),
            value(f"pauses[{i}].intensity"),
        )
        for i in range(shape.pauses)
    ]
    clock = Clock(
        zero=claim.as_of,
        multiplier=value("rate.multiplier", 1.0),
        growth=value("rate.trend_per_week") / 7.0,
        pauses=pauses,
    )
    arrivals = [
        (value(f"reinforcements[{i}].date"), value(f"reinforcements[{i}].size"))
        for i in range(shape.reinforcements)
    ]
    if claim.stock is not None:
        worth = clock.at(np.maximum(claim.stock.day, claim.as_of))
        claim = leading_to(claim, claim.stock, worth, exponent)
    return claim, clock, exponent, arrivals


def first_end(values: Values, shape: Shape, n: int) -> tuple[Floats, Ints] | tuple[None, None]:
    """Time of the first event that stops the clock, inf for never, and its number."""
    if not shape.ends:
        return None, None
    times = []
    for i in range(len(shape.ends)):
        happens = values[f"ends[{i}].happens"] < values.get(f"ends[{i}].probability", 1.0)
        times.append(np.broadcast_to(np.where(happens, values[f"ends[{i}].date"], np.inf), n))
    return np.min(times, axis=0), np.argmin(times, axis=0)
