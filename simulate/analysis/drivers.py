"""What the date of a draw depends on: inputs, the claim it follows, whether events happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from msgspec import Struct

from simulate.engine.plan import Plan
from simulate.engine.sampling.pool import CHOICE
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import Distribution
from simulate.scenario.model import Scenario

Kind = Literal["input", "claim", "event", "walk"]

WALK = "walk"
"""The random numbers of a walk by days, beyond the inputs."""

REFERENCE = "rate.reference"
"""The same where the rate changes as other rates have changed."""


class Factor(Struct, frozen=True):
    """One thing that differs from draw to draw.

    `name` is the path in the file of an input or of `rate.reference`, `losses.claim`,
    `ends[i].happens` or `walk`. An
    input with values has a `law`; if each draw follows one of several claims, the input is `pooled`
    and its law the mixture. `upto` has the cumulative probabilities, except the last, of a few
    cases known beforehand; an event's cases are that it does not happen and that it happens.
    """

    name: str
    kind: Kind
    source: str
    law: Distribution | None = None
    pooled: bool = False
    upto: tuple[float, ...] = ()
    cases: tuple[str, ...] = ()

    def ordered(self, levels: Floats) -> Floats:
        """The levels, oriented so that high means more: events happen at low ones."""
        return 1.0 - levels if self.kind == "event" else levels

    def middles(self, levels: Floats) -> Floats:
        """Mid-distribution function of the input's values at levels, shape (n,).

        Draws with the same value get the same rank, though their levels differ.
        """
        levels = self.ordered(levels)
        if self.upto:
            edges = np.array([0.0, *self.upto, 1.0])
            case = self.case(levels)
            return np.asarray((edges[case] + edges[case + 1]) / 2.0)
        if self.law is None or self.pooled:
            return levels
        below, upto = self.law.same_value(levels)
        return (below + upto) / 2.0

    def groups(self, levels: Floats, weights: Floats | None = None) -> list[Ints]:
        """Indexes of the draws of each case; without cases, of the lowest and the highest tenth."""
        levels = self.ordered(levels)
        if self.upto:
            case = self.case(levels)
            return [np.flatnonzero(case == k) for k in range(len(self.upto) + 1)]
        order = np.argsort(levels, kind="stable")
        counted = np.ones(levels.size) if weights is None else weights
        each = ((end, np.cumsum(counted[end])) for end in (order, order[::-1]))
        return [end[upto <= 0.1 * upto[-1]] for end, upto in each]

    def case(self, levels: Floats) -> Ints:
        """Numbers of the cases at ordered levels."""
        return np.searchsorted(np.array(self.upto), levels, side="right").astype(np.int64)


def factors_of(scenario: Scenario, plan: Plan) -> tuple[Factor, ...]:
    """All factors that differ from draw to draw, the columns of the points first."""
    found = {factor.name: factor for factor in _factors(scenario, plan)}
    columns = tuple(found[name] for name in plan.names if name in found)
    if scenario.reference is not None:
        return (*columns, Factor(REFERENCE, "walk", scenario.reference.source))
    redrawn = any(name.startswith("rotation.") for name in plan.columns)
    is_chance = plan.shape.drifts or (plan.shape.rotates and redrawn)
    return (*columns, Factor(WALK, "walk", "")) if is_chance else columns


def _factors(scenario: Scenario, plan: Plan) -> Iterator[Factor]:
    claims = scenario.losses.pooled_claims
    sources = "; ".join(dict.fromkeys(claim.source for _, claim in claims if claim.source))
    pooled = {item.name for item in scenario.pooled}
    for item in scenario.uncertain:
        source = sources if item.name in pooled else item.source
        yield Factor(item.name, "input", source, law=item.distribution, pooled=bool(item.followed))
    if plan.pool is not None:
        cases = tuple(
            f"claim {n}: {claim.source.strip()}".removesuffix(": ") for n, claim in claims
        )
        yield Factor(CHOICE, "claim", sources, upto=plan.pool.upto, cases=cases)
    for i, end in enumerate(scenario.ends):
        varies = f"ends[{i}].probability" in plan.columns
        probability = plan.constants.get(f"ends[{i}].probability", 1.0)
        if varies or 0.0 < probability < 1.0:
            upto = () if varies else (1.0 - probability,)
            yield Factor(f"ends[{i}].happens", "event", end.source, upto=upto, cases=(end.label,))
