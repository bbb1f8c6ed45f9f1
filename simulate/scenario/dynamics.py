"""What departs from the straight line: prelude, rate, pauses, reinforcements, ends."""

from __future__ import annotations

from pydantic import Field

from simulate.scenario.distributions import Quantity, When
from simulate.scenario.values import Line, Sourced


class Prelude(Sourced):
    """Smaller fighting before the losses began in earnest."""

    start: When = Field(description="The day the smaller fighting began.")
    intensity: Quantity = Field(description="Its rate of loss relative to the later one, 0 to 1.")


class Rate(Sourced):
    """How the rate of loss goes on after the day of the count."""

    multiplier: Quantity | None = Field(
        None, description="The later rate relative to the one behind the count; 1 where left out."
    )
    trend_per_week: Quantity | None = Field(
        None, description="Growth of the rate per week after the count; -0.05 falls by about 5 %."
    )
    strength_exponent: Quantity | None = Field(
        None,
        description="How the rate follows the strength present: 0 not at all, 1 in proportion.",
    )


class Pause(Sourced):
    """A period of less fighting."""

    start: When = Field(description="First day of the pause.")
    days: Quantity = Field(description="Its length.")
    intensity: Quantity | None = Field(
        None,
        description="Rate of loss during the pause relative to the one outside; 0 if left out.",
    )


class Reinforcement(Sourced):
    """Men or stock that arrive."""

    date: When = Field(description="The day of arrival.")
    size: Quantity = Field(description="How many arrive.")


class End(Sourced):
    """An event that stops the clock, such as a withdrawal or a ceasefire."""

    label: Line = Field(description="What it is; results name it as a cause of 'never'.")
    date: When = Field(description="The day it happens, if it does.")
    probability: Quantity | None = Field(
        None, description="Probability that it happens at all; certain where left out."
    )
