"""How much a rate changes: as rates of a reference class have changed.

After the count the rate is r exp(kappa (0.22 Z + x(t)) - kappa^2 c(t)): kappa = k sqrt(nu / chi2)
with nu degrees of freedom, Z a standard normal number, and x an Ornstein-Uhlenbeck path from
x(0) = 0 with a stationary standard deviation of 0.40 and a correlation time of 90 days. The numbers
are fitted to forty series of real losses. The compensator c keeps the mean rate since the count
from growing with its spread; on the straight line the time T to lose H days' worth then nearly
follows P(T <= t) = t_nu(ln(t / H) / (k s(t))), with Student's distribution function t_nu.
"""

from collections.abc import Mapping
from typing import Literal, Self, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Factor
from simulate.scenario.values import Sourced, fail

ReferenceClass: TypeAlias = Literal["front", "unit"]

DIRECTION = 0.22
"""Standard deviation of the part of the log-rate that stays."""

SD, CORRELATION_DAYS = 0.40, 90.0
"""Of the path of the log-rate."""

SPREADS: Mapping[ReferenceClass, float] = {"front": 0.30, "unit": 0.45}
"""k s(90) of each class."""

DEGREES = 4
"""Degrees of freedom without a history of one's own, and the weight of what is known beforehand."""


_SHORTEST_DAYS = 0.01
"""Below, rounding errors would exceed what the path adds."""


class Reference(Sourced):
    """A rate that changes as rates like it have changed.

    The spread is that of a class of rates, one that is given, or that of the series' own past.
    """

    kind: ReferenceClass | None = Field(
        None,
        alias="class",
        description="What rates it is compared with: front, whole fronts; unit, single contingents "
        "or classes of equipment, which change more.",
    )
    sd: Factor | None = Field(
        None,
        description="In place of a class: standard deviation of the logarithm of the mean rate of "
        "90 days relative to the one before; front has 0.30, unit 0.45.",
    )
    series: bool = Field(
        default=False,
        description="Take the spread from the past of losses.series; a class beside it is what is "
        "assumed before that past is known.",
    )

    @property
    def prior(self) -> float:
        """The spread k of the class; 1 without one."""
        return 1.0 if self.kind is None else SPREADS[self.kind] / float(spread(90.0))

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        other = "class" if self.kind is not None else "series" if self.series else ""
        if self.sd is not None and other:
            hint = "sd is the spread itself; give sd, class, or series"
            raise fail(f"has both sd and {other}", hint=hint, at="sd")
        if self.sd is None and not other:
            hint = "give class: unit for one contingent or class of equipment, class: front for a "
            raise fail("needs class, sd or series", hint=f"{hint}whole front, or sd: 0.45")
        return self


def spread(days: Floats | float) -> Floats:
    """Standard deviation s of the logarithm of the mean rate over some days, for kappa = 1."""
    a = np.maximum(days, _SHORTEST_DAYS) / CORRELATION_DAYS
    of_the_path = SD**2 * _g(a) / a**2
    return np.sqrt(DIRECTION**2 + of_the_path)


def compensator(days: Floats | float) -> Floats:
    """What kappa^2 takes off the log-rate some days after the count."""
    a = np.asarray(days, dtype=np.float64) / CORRELATION_DAYS
    b = np.where(a > 0, a, 1.0)
    gone = -np.expm1(-b)
    found = SD**2 / 2.0 * (-np.expm1(-2.0 * b) - 2.0 * gone**2 / b + _g(b) / b**2)
    return np.where(a > 0, found, 0.0)


def _g(a: Floats) -> Floats:
    return 2.0 * a - 3.0 + 4.0 * np.exp(-a) - np.exp(-2.0 * a)
