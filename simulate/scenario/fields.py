"""What a scenario consists of: blocks of fields, each valid by itself."""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from simulate.errors import LimitError
from simulate.scenario.claims import Losses
from simulate.scenario.correlation import copula_matrix, nearest_correlation
from simulate.scenario.distributions import Quantity, When
from simulate.scenario.dynamics import End, Pause, Prelude, Rate, Reinforcement, Rotation, Wounded
from simulate.scenario.inputs import Input, Said, earliest_day, inputs_of, latest_day
from simulate.scenario.values import (
    DATE_SCHEMA,
    Block,
    Date,
    Day,
    Level,
    Line,
    Number,
    Share,
    Sourced,
    Text,
    Whole,
    fail,
    parse_date,
    shown,
)

DEFAULT_DRAWS = 131_072
DEFAULT_HORIZON_YEARS = 5
LONGEST_HORIZON_DAYS = 36_525
MOST_INPUTS = 500

FINEST_PRECISION = 1e-6
"""Days; times are rounded to this before they are counted."""

LARGEST_AMOUNT = 1e100
"""Above it, products and ratios of amounts could leave the range of floats."""


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    repeated = [value for value in values if values.count(value) > 1]
    if repeated:
        raise fail(f"must not repeat a value (found {shown(repeated[0])} twice)")
    return tuple(sorted(values))


def _horizon(value: Any) -> Any:
    """A date, or a number of days after the latest possible `losses.as_of`."""
    if isinstance(value, int | float) and not isinstance(value, bool | Day):
        if not 0 < value < math.inf:
            raise fail(f"must be a date or a positive number of days (found {shown(value)})")
        if value > LONGEST_HORIZON_DAYS:
            days = f"{value:,.10g} days" if value < 2**63 else shown(value)
            raise LimitError(too_far(days), at="horizon")
        return float(value)
    return parse_date(value)


def too_far(what: str) -> str:
    """The message for a horizon beyond the limit."""
    return f"horizon of {what} is beyond the limit of {LONGEST_HORIZON_DAYS:,} days"


T = TypeVar("T")
UpTo20 = Annotated[tuple[T, ...], Field(strict=False, max_length=20)]
UpTo50 = Annotated[tuple[T, ...], Field(strict=False, max_length=50)]
Shares = Annotated[UpTo20[Share], Field(min_length=1), AfterValidator(_distinct)]
Levels = Annotated[UpTo50[Level], Field(min_length=1), AfterValidator(_distinct)]
Dates = Annotated[tuple[Date, ...], Field(strict=False, max_length=100), AfterValidator(_distinct)]
Horizon = Annotated[
    dt.date | float,
    BeforeValidator(_horizon),
    PlainSerializer(lambda value: value.isoformat() if isinstance(value, dt.date) else value),
    WithJsonSchema({"anyOf": [DATE_SCHEMA, {"type": "number", "exclusiveMinimum": 0}]}),
]
DefaultHorizon = Annotated[Date | None, SkipJsonSchema()]


class Force(Sourced):
    """The force or stock that is used up."""

    size: Quantity = Field(
        description="All who were sent, those already lost included; with as_of, the strength "
        "present on that date."
    )
    as_of: When | None = Field(None, description="Date on which `size` was present.")


class Wording(Block):
    """The words for what runs out: "80 % of the force" is "lost"."""

    whole: Line = Field("force", description="What is depleted: force, stock, contingent.")
    lost: Line = Field("lost", description="What happens to it: lost, used up, killed or wounded.")


class Published(Sourced):
    """A date somebody published, to check against the result."""

    label: Line = Field(description="Who said it, for instance 'ISW: mid-April 2025'.")
    date: Date
    threshold: Share | None = Field(
        None, description="The threshold the date is about; all thresholds if left out."
    )


class Observed(Sourced):
    """A count published after the claim, to compare with the result, which does not use it."""

    has_inputs: ClassVar = False

    label: Line = Field(description="Who counted, for instance 'NIS, 30 April 2025'.")
    date: Date = Field(description="The day up to which they are counted, as losses.as_of.")
    losses: Quantity = Field(
        description="Cumulative losses since losses.start: a number, or a distribution for a range."
    )


class Correlation(Sourced):
    """Two inputs that tend to be high together."""

    inputs: Annotated[tuple[Line, Line], Field(strict=False)] = Field(
        description="Two names, such as losses.count and force.size."
    )
    rank: Annotated[Number, Field(gt=-1, lt=1)] = Field(description="Spearman's rank correlation.")
    repair: Literal["nearest"] | None = Field(
        None, description="Use the nearest possible matrix if the correlations are inconsistent."
    )


class Sampling(Block):
    """How many draws, from which stream of numbers."""

    draws: Annotated[Whole, Field(ge=1)] = Field(
        DEFAULT_DRAWS, description="Number of draws; rounded up to what the method needs."
    )
    seed: Annotated[Whole, Field(ge=0)] = Field(0, description="Any whole number from 0 up.")
    method: Literal["lattice", "sobol", "latin-hypercube", "random"] = Field(
        "lattice", description="How points are spread; lattice is the most precise."
    )
    precision: Annotated[Number, Field(ge=FINEST_PRECISION)] | None = Field(
        None,
        description="Days: draw until every reported date's Monte Carlo error (95 % half-width) "
        "is at most this; draws, if given, is then the upper limit.",
    )


class ScenarioFields(Block):
    """The fields of a scenario, and what follows from them; `Scenario` checks them as a whole."""

    title: Line = Field(description="Shown on every result.")
    question: Text = Field("", description="The question the scenario answers, in words.")
    unit: Line = Field("units", description="What is counted, in the plural: soldiers, tanks.")
    notes: Text = Field("", description="Free text, copied into reports.")
    wording: Wording = Field(default_factory=Wording, description="Words for the sentences.")
    force: Force
    losses: Losses
    thresholds: Shares = Field(
        (1.0,), description="Shares of the force lost whose dates are reported."
    )
    prelude: Prelude | None = Field(None, description="Smaller fighting before losses.start.")
    rate: Rate | None = Field(None, description="The rate after the count.")
    wounded: Wounded | None = Field(None, description="Losses of whom some return to duty.")
    rotation: Rotation | None = Field(
        None, description="Spells on the line and rests, in turn, after the count."
    )
    reinforcements: UpTo50[Reinforcement] = Field(
        (), description="Arrivals of known date and size."
    )
    pauses: UpTo50[Pause] = Field((), description="Periods of less fighting, in the order of time.")
    ends: UpTo20[End] = Field(
        (), description="Events that stop the clock; the first one before depletion counts."
    )
    counting: Literal["casualties", "strength"] = Field(
        "casualties",
        description="casualties: cumulative losses against all sent so far; strength: what is "
        "left of the force.",
    )
    horizon: Horizon | None = Field(
        None,
        description="Later dates are reported as 'not by'; a date, or days after the latest "
        "possible losses.as_of. Five years where left out.",
    )
    default_horizon: DefaultHorizon = Field(
        None, description="Set by the program: the horizon of one claim of a file that sets none."
    )
    levels: Levels = Field(
        (0.05, 0.25, 0.5, 0.75, 0.95), description="Percentiles to report, as levels in (0, 1)."
    )
    by: Dates = Field((), description="Dates by which to report the probability of depletion.")
    published: UpTo50[Published] = Field((), description="Published dates to check.")
    observed: UpTo50[Observed] = Field(
        (), description="Counts published later, to compare with the simulated losses."
    )
    correlations: Annotated[tuple[Correlation, ...], Field(strict=False)] = Field(
        (), description="Inputs that are not independent."
    )
    sampling: Sampling = Field(default_factory=Sampling, description="How the draws are made.")

    @property
    def is_straight(self) -> bool:
        """Whether losses grow in a straight line."""
        bends = (self.prelude, self.rate, self.wounded, self.rotation, self.reinforcements)
        return self.counting == "casualties" and not any((*bends, self.pauses))

    @property
    def drifts(self) -> bool:
        """Whether the rate drifts at random."""
        return self.rate is not None and self.rate.drift is not None

    @property
    def minds_returns(self) -> bool:
        """Whether men who return can move a date.

        Counted by casualties, at a rate that ignores the strength, they cannot.
        """
        return self.wounded is not None and (self._follows or self.counting == "strength")

    @property
    def goes_by_days(self) -> bool:
        """Whether the date can only be found day by day."""
        return self.drifts or (self.wounded is not None and self._follows)

    @property
    def _follows(self) -> bool:
        """Whether the rate follows the strength present."""
        return self.rate is not None and self.rate.strength_exponent is not None

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All numbers and dates that can be uncertain, in the order of the file."""
        return tuple(inputs_of(self))

    def said_of(self, name: str) -> Said:
        """Source, address and notes of the input with this path."""
        return next(item.said for item in self.inputs if item.name == name)

    @cached_property
    def pooled(self) -> tuple[Input, ...]:
        """The count and day of a draw, where they are pooled from claims."""
        losses = self.losses
        if not losses.claims:
            return ()
        said = Said(", ".join(name for name, _ in losses.totals))
        return (
            Input("losses.count", losses.count_law, said, losses.followed("count")),
            Input("losses.as_of", losses.as_of_law, said, losses.followed("as_of")),
        )

    @cached_property
    def sampled(self) -> tuple[Input, ...]:
        """The inputs that a draw samples: all of them, with the claims pooled."""
        if not self.losses.claims:
            return self.inputs
        own = [item for item in self.inputs if not item.name.startswith("losses.claims")]
        first = [item.name for item in own].index("losses.start")
        return (*own[:first], *self.pooled, *own[first:])

    @cached_property
    def uncertain(self) -> tuple[Input, ...]:
        """The sampled inputs that are not constant; each has a column of random numbers."""
        return tuple(item for item in self.sampled if item.has_column)

    @cached_property
    def origin(self) -> dt.date:
        """The earliest date that any input can take; times are counted from its midnight."""
        return min(earliest_day(item) for item in self.inputs if item.distribution.axis == "date")

    @cached_property
    def last_day(self) -> dt.date:
        """The horizon as a date, the last day that is included."""
        if isinstance(self.horizon, dt.date):
            return self.horizon
        if self.horizon is None and self.default_horizon is not None:
            return self.default_horizon
        latest = max(latest_day(law, name) for name, law in self.losses.dates)
        if self.horizon is not None:
            return latest + dt.timedelta(days=self.horizon)
        return latest.replace(day=min(latest.day, 28), year=latest.year + DEFAULT_HORIZON_YEARS)

    @cached_property
    def copula(self) -> tuple[tuple[str, ...], list[list[float]]]:
        """Names of the correlated inputs and the correlation matrix of their normal scores."""
        named = {name for pair in self.correlations for name in pair.inputs}
        names = tuple(item.name for item in self.sampled if item.name in named)
        pairs = [(*pair.inputs, pair.rank) for pair in self.correlations]
        matrix = copula_matrix(pairs, names)
        if names and any(pair.repair for pair in self.correlations):
            matrix = nearest_correlation(matrix)
        return names, matrix.tolist()
