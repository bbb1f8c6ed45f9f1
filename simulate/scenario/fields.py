"""What a scenario consists of: blocks of fields, each valid by itself."""

import datetime as dt
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema

from simulate.scenario.claims import KnownLosses
from simulate.scenario.correlation import Correlation, copula_matrix, nearest_correlation
from simulate.scenario.distributions import Distribution
from simulate.scenario.dynamics import End, Pause, Prelude, Rate, Reinforcement, Rotation, Wounded
from simulate.scenario.horizon import DEFAULT_HORIZON_YEARS, Horizon
from simulate.scenario.inputs import (
    FURTHEST_LEVEL,
    Input,
    Said,
    earliest_day,
    inputs_of,
    latest_day,
)
from simulate.scenario.late import Late
from simulate.scenario.observed import Evidence, ObservedCounts, with_rows
from simulate.scenario.published import Published
from simulate.scenario.reference import Reference
from simulate.scenario.stocks import (
    Counting,
    Force,
    Inflow,
    Outflow,
    Threshold,
    counting_for,
    in_order,
    is_left,
)
from simulate.scenario.values import (
    Address,
    Authors,
    Block,
    Date,
    Level,
    Line,
    Number,
    Text,
    Whole,
    as_list,
)
from simulate.scenario.words import Part, Wording

DEFAULT_DRAWS = 131_072
MOST_INPUTS = 500

FINEST_PRECISION = 1e-6
"""Days; times are rounded to this before they are counted."""


def _counting(value: Counting | None, info: ValidationInfo) -> Counting | None:
    """None where it says what holds without it."""
    return None if value == counting_for(info.data) else value


T = TypeVar("T")
UpTo500 = Annotated[tuple[T, ...], Field(strict=False, max_length=500)]
Blocks = Annotated[UpTo500[Late[T]], BeforeValidator(as_list)]
Thresholds = Annotated[UpTo500[Threshold], Field(min_length=1), AfterValidator(in_order)]
Levels = Annotated[UpTo500[Level], Field(min_length=1), AfterValidator(in_order)]
Dates = Annotated[UpTo500[Date], AfterValidator(in_order)]


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
    author: Authors = Field("", description="Who made the scenario, for citations; or a list.")
    url: Address = Field("", description="Where the scenario or its result is published.")
    wording: Late[Wording] = Field(
        default_factory=Wording.model_construct, description="Words for the sentences."
    )
    force: Force
    losses: KnownLosses = Field(None, validate_default=True)
    thresholds: Thresholds = Field(
        (1.0,),
        description="Shares of the force lost whose dates are reported; also {left: 13.5}, what is "
        "left, and {lost: 5000}, losses in all; of a stock, those after its date.",
    )
    prelude: Late[Prelude] | None = Field(None, description="Smaller fighting before losses.start.")
    rate: Late[Rate] | None = Field(None, description="The rate after the count.")
    wounded: Late[Wounded] | None = Field(None, description="Losses of whom some return to duty.")
    rotation: Late[Rotation] | None = Field(
        None, description="Spells on the line and rests, in turn, after the count."
    )
    reinforcements: Blocks[Reinforcement] = Field(
        (), description="Arrivals of known date and size."
    )
    inflow: Blocks[Inflow] = Field(
        (), description="What comes in evenly, such as production, rain or recruits."
    )
    outflows: Blocks[Outflow] = Field((), description="Single losses of known date and size.")
    pauses: Blocks[Pause] = Field((), description="Periods of less fighting, in the order of time.")
    ends: Blocks[End] = Field(
        (), description="Events that stop the clock; the first one before depletion counts."
    )
    counting: Annotated[Counting | None, AfterValidator(_counting)] = Field(
        None,
        description="casualties: cumulative losses against all sent so far; strength: what is "
        "left of the force. Where left out, strength for a stock (force.as_of, counts, lasts, "
        "floor or usable, inflow, outflows, a threshold left), else casualties.",
    )
    horizon: Horizon | None = Field(
        None,
        description="Later dates are reported as 'not by'; a date, or days after the latest "
        "possible losses.as_of. Five years where left out.",
    )
    default_horizon: SkipJsonSchema[Date | None] = Field(
        None, description="Set by the program: the horizon of one claim of a file that sets none."
    )
    levels: Levels = Field(
        (0.05, 0.25, 0.5, 0.75, 0.95), description="Percentiles to report, as levels in (0, 1)."
    )
    by: Dates = Field((), description="Dates by which to report the probability of depletion.")
    published: Blocks[Published] = Field((), description="Published dates and periods to check.")
    observed: ObservedCounts = Field(
        (), description="Counts published later, to compare with the simulated losses."
    )
    evidence: Late[Evidence] = Field(
        default_factory=Evidence.model_construct,
        description="How far counts under observed that are evidence may lie from the losses.",
    )
    correlations: Annotated[tuple[Late[Correlation], ...], Field(strict=False)] = Field(
        (), description="Inputs that are not independent."
    )
    sampling: Sampling = Field(
        default_factory=Sampling.model_construct, description="How the draws are made."
    )

    @field_validator("observed")
    @classmethod
    def _read_observed(cls, found: ObservedCounts, info: ValidationInfo) -> ObservedCounts:
        if not {"force", "losses", "prelude", "horizon"} <= info.data.keys():
            return ()  # the scenario is refused in any case
        known = cls.model_construct(**info.data)
        days = (*known.runs_from, known.counted_from)
        counted = max(float(law.isf(FURTHEST_LEVEL)) for _, law in days)
        return with_rows(found, known.counted_from, counted, known.last_day)

    @cached_property
    def counts_by(self) -> Counting:
        """How thresholds are counted."""
        return self.counting or counting_for(dict(self))

    @property
    def part(self) -> Part:
        """What of the whole is depleted, if not all of it: what can be used, or is left."""
        if self.force.usable is not None:
            return "usable"
        counts = self.force.counts
        return "rest" if counts and counts[1].size.ppf(0.5) < counts[0].size.ppf(0.5) else ""

    @property
    def gone(self) -> str:
        """What has happened to a share that is no longer there, where others came or returned."""
        flows = self.inflow or self.reinforcements or self.returning or self.losses.net
        return "gone" if self.counts_by == "strength" and flows else self.wording.event[1]

    @property
    def is_straight(self) -> bool:
        """Whether losses grow in a straight line and nothing comes in."""
        bends = (self.prelude, self.rate, self.returning, self.rotating, self.reinforcements)
        flows = (self.inflow, self.outflows, self.pauses)
        return self.counting != "strength" and not any((*bends, *flows))

    @property
    def drifts(self) -> bool:
        """Whether the rate changes at random."""
        return self.rate is not None and (self.rate.drift or self.rate.reference) is not None

    @property
    def reference(self) -> Reference | None:
        """How the rate changes as other rates have changed."""
        return None if self.rate is None else self.rate.reference

    @property
    def follows_strength(self) -> bool:
        """Whether the rate follows the strength present."""
        return self.rate is not None and self.rate.strength_exponent is not None

    @property
    def returning(self) -> Wounded | None:
        """The wounded, None where nobody returns in any draw."""
        who = self.wounded
        shares = () if who is None else (who.share, who.return_share)
        return who if shares and all(share.support[1] > 0 for share in shares) else None

    @property
    def rotating(self) -> Rotation | None:
        """The rotation, None where neither spells nor rests change the rate."""
        return self.rotation if self.rotation is not None and self.rotation.changes else None

    @property
    def minds_returns(self) -> bool:
        """Whether men who return can move a date: not by casualties, whatever the strength."""
        by_strength = self.counts_by == "strength" or any(map(is_left, self.thresholds))
        return self.returning is not None and (self.follows_strength or by_strength)

    @property
    def goes_by_days(self) -> bool:
        """Whether the date can only be found day by day."""
        comes = self.returning is not None or bool(self.inflow)
        return self.drifts or (comes and self.follows_strength)

    @property
    def runs_from(self) -> tuple[tuple[str, Distribution], ...]:
        """The days from which the rate runs, each with its path: of the counts, or of the stock."""
        if self.losses.dates:
            return self.losses.dates
        start, measured = self.losses.start, self.force.measured
        own = () if start is None else (("losses.start", start),)
        return own if measured is None else (*own, measured)

    @property
    def since(self) -> tuple[str, float]:
        """The path of the day from which the rate runs, and the earliest instant it can be."""
        name = "losses.as_of" if self.losses.dates else self.runs_from[-1][0]
        return name, min(law.support[0] for _, law in self.runs_from)

    @property
    def start(self) -> Distribution:
        """The day on which losses began, or from which a rate runs."""
        return self.losses.start or self.runs_from[0][1]

    @property
    def counted_from(self) -> tuple[str, Distribution]:
        """The day from which losses count, with its path: of the stock, else their first."""
        if self.force.measured is not None:
            return self.force.measured
        if self.prelude is not None:
            return "prelude.start", self.prelude.start
        return "losses.start", self.start

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All numbers and dates that can be uncertain, in the order of the file."""
        return tuple(inputs_of(self))

    def said_of(self, name: str) -> Said:
        """Source, address and notes of the input with this path."""
        return next(item.said for item in (*self.inputs, *self.pooled) if item.name == name)

    @cached_property
    def pooled(self) -> tuple[Input, ...]:
        """What a draw takes from one of the claims, or from their average."""
        losses = self.losses
        if not losses.claims:
            return ()
        said = Said(", ".join(name for name, _ in losses.chosen))
        per = {"rate": "day"}
        return tuple(
            Input(f"losses.{key}", losses.law(key), said, losses.followed(key), per.get(key, ""))
            for key in losses.pooled
        )

    @cached_property
    def sampled(self) -> tuple[Input, ...]:
        """The inputs that a draw samples: all of them, with the claims pooled."""
        if not self.losses.claims:
            return self.inputs
        own = [item for item in self.inputs if not item.name.startswith("losses.claims")]
        first = sum(item.name.startswith("force.") for item in own)
        return (*own[:first], *self.pooled, *own[first:])

    @cached_property
    def uncertain(self) -> tuple[Input, ...]:
        """The sampled inputs that are not constant; each has a column of random numbers."""
        laws = ((item, item.followed or (item.distribution,)) for item in self.sampled)
        return tuple(item for item, each in laws if not all(law.is_constant for law in each))

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
        latest = max(latest_day(law, name) for name, law in self.runs_from)
        if self.horizon is not None:
            return latest + dt.timedelta(days=self.horizon)
        return latest.replace(day=min(latest.day, 28), year=latest.year + DEFAULT_HORIZON_YEARS)

    @cached_property
    def copula(self) -> tuple[tuple[str, ...], list[list[float]]]:
        """Names of the correlated inputs and the correlation matrix of their normal scores."""
        named = {name for pair in self.correlations for name in pair.inputs}
        names = tuple(item.name for item in self.sampled if item.name in named)
        matrix = copula_matrix([(*pair.inputs, pair.rank) for pair in self.correlations], names)
        if names and any(pair.repair for pair in self.correlations):
            matrix = nearest_correlation(matrix)
        return names, matrix.tolist()


LISTS = tuple(
    key
    for key, field in ScenarioFields.model_fields.items()
    if BeforeValidator(as_list) in field.metadata
)
"""Keys of lists of blocks, for which a single block may be written."""
