"""What departs from the straight line: how the rate changes, who returns, what stops it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from simulate.scenario.distributions import Duration, Factor, Fraction, Growth, Size, When
from simulate.scenario.reference import Reference
from simulate.scenario.stocks import Per
from simulate.scenario.values import Line, Sourced, Whole, fail


class Prelude(Sourced):
    """Smaller fighting before the losses began in earnest."""

    start: When = Field(description="The day the smaller fighting began.")
    intensity: Fraction = Field(description="Its rate of loss relative to the later one, 0 to 1.")


class Drift(Sourced):
    """A rate that wanders up and down from day to day (Ornstein-Uhlenbeck process)."""

    sd: Factor = Field(
        description="Standard deviation of the rate's logarithm in the long run; 0.3 is about 30 %."
    )
    correlation_days: Duration = Field(
        description="Days over which the rate forgets where it was, to 1/e."
    )


class Step(Sourced):
    """A lasting change of the rate on a date."""

    date: When = Field(description="The day from which on the rate is another.")
    factor: Factor = Field(description="That rate relative to the one before; 1.25 is 25 % more.")


class Rate(Sourced):
    """The rate of loss after the day of the count."""

    multiplier: Factor | None = Field(
        None, description="The later rate relative to the one behind the count; 1 where left out."
    )
    trend_per_week: Growth | None = Field(
        None, description="Growth of the rate per week after the count; -0.05 falls by about 5 %."
    )
    trend_per_month: Growth | None = Field(
        None, description="The same per month, of 365.2425/12 days."
    )
    trend_per_year: Growth | None = Field(None, description="The same per year, of 365.2425 days.")
    trend_until: When | None = Field(
        None, description="The trend stops then, and the rate stays where it is."
    )
    by_month: Annotated[tuple[Factor, ...], Field(strict=False, min_length=12, max_length=12)] = (
        Field(
            (),
            description="Twelve factors of a season, January first, relative to their mean; a "
            "counted rate is measured against those of its own days.",
        )
    )
    steps: Annotated[tuple[Step, ...], Field(strict=False, max_length=500)] = Field(
        (), description="Lasting changes of the rate, each on a date; several multiply."
    )
    drift: Drift | None = Field(None, description="Random ups and downs of the rate.")
    reference: Reference | None = Field(
        None, description="Changes of the rate like those of other rates, or of its own past."
    )
    strength_exponent: Factor | None = Field(
        None,
        description="How the rate follows the strength present: 0 not at all, 1 in proportion.",
    )

    @property
    def trend(self) -> tuple[str, Per] | None:
        """The key of the trend and its unit of time; None without a trend."""
        return next(iter(self._trends), None)

    @property
    def _trends(self) -> list[tuple[str, Per]]:
        units: tuple[Per, ...] = ("week", "month", "year")
        named = [(f"trend_per_{per}", per) for per in units]
        return [(key, per) for key, per in named if getattr(self, key) is not None]

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        given = [key for key, _ in self._trends]
        if len(given) > 1:
            hint = "give one trend, per week, month or year"
            raise fail(f"has both {given[0]} and {given[1]}", hint=hint, at=given[1])
        if self.trend_until is not None and not given:
            hint = "give the trend that stops then, or leave trend_until out"
            raise fail("has trend_until but no trend", hint=hint, at="trend_until")
        return self


class Wounded(Sourced):
    """The wounded among the losses, some of whom return to duty and can be lost again."""

    share: Fraction = Field(description="Share of the losses that are wounded, 0 to 1.")
    return_share: Fraction = Field(description="Share of the wounded who return, 0 to 1.")
    return_days: Duration = Field(description="Mean days until they return.")
    stages: Annotated[Whole, Field(ge=1, le=20)] = Field(
        3,
        description="Spread of the days until return: 1 very wide (exponential), 20 narrow "
        "(Erlang distribution with so many stages).",
    )


class Rotation(Sourced):
    """Spells on the line and rests, in turn, from the day of the count on.

    Each spell and each rest draws its own values; the first spell keeps the reported rate.
    """

    line_days: Duration | None = Field(None, description="Length of a spell on the line.")
    at_loss_share: Fraction | None = Field(
        None,
        description="A spell also ends once it has cost this share of the force sent at first.",
    )
    rest_days: Duration = Field(description="Length of a rest, at least 1 day.")
    rest_intensity: Factor | None = Field(
        None, description="Rate of loss during a rest relative to the reported one; 0 if left out."
    )
    return_intensity: Factor = Field(
        description="Rate of loss in a later spell relative to the reported one."
    )

    @property
    def changes(self) -> bool:
        """Whether a spell or a rest changes the rate in any draw."""
        rest, spell = self.rest_intensity, self.return_intensity.support
        return rest is None or not rest.support == spell == (1.0, 1.0)


class Pause(Sourced):
    """A period of less fighting."""

    start: When = Field(description="First day of the pause.")
    days: Duration = Field(description="Its length.")
    intensity: Factor | None = Field(
        None,
        description="Rate of loss during the pause relative to the one outside; 0 if left out.",
    )


class Reinforcement(Sourced):
    """Men or stock that arrive."""

    date: When = Field(description="The day of arrival.")
    size: Size = Field(description="How many arrive.")


class End(Sourced):
    """An event that stops the clock, such as a withdrawal or a ceasefire."""

    label: Line = Field(description="What it is; results name it as a cause of 'never'.")
    date: When = Field(description="The day it happens, if it does.")
    probability: Fraction | None = Field(
        None, description="Probability that it happens at all; certain where left out."
    )
