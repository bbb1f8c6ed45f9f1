"""The linear pool of several claims: each draw follows one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import Distribution
from simulate.scenario.model import Scenario

CHOICE = "losses.claim"
"""The column that chooses the claim."""


class LinearPool(Struct, frozen=True):
    """The claims, one of which each draw follows.

    All claims share one column of random numbers for an input, which a draw puts into the quantile
    function of its claim: points of fewer dimensions are spread more evenly. `upto` has the
    cumulative shares of all claims but the last, `laws` each input's law in each claim, `groups`
    the number of each claim's group of sources, if there are several; days are counted from
    `origin`.
    """

    upto: tuple[float, ...]
    laws: Mapping[str, tuple[Distribution, ...]]
    origin: float
    groups: tuple[int, ...] = ()

    @classmethod
    def of(cls, scenario: Scenario, origin: float) -> Self | None:
        """The pool of a scenario, None where all draws share one law."""
        laws = {item.name: item.followed for item in scenario.sampled if item.followed}
        if not laws:
            return None
        upto = np.cumsum(scenario.losses.shares)[:-1]
        found = scenario.losses.groups
        of = {number: g for g, (_, numbers) in enumerate(found) for number in numbers}
        groups = tuple(of[number] for number, _ in scenario.losses.pooled_claims)
        return cls(tuple(upto.tolist()), laws, origin, groups if len(found) > 1 else ())

    def follow(self, values: Mapping[str, Floats | float]) -> dict[str, Floats | float]:
        """The values, with levels of the pooled inputs turned into values, shape (n,)."""
        choice = np.searchsorted(self.upto, values[CHOICE], side="right")
        followed = dict(values)
        for name, laws in self.laws.items():
            shift = self.origin if laws[0].axis == "date" else 0.0
            followed[name] = _chosen(laws, values.get(name), choice) - shift
        return followed

    def group(self, values: Mapping[str, Floats | float]) -> Ints:
        """The group of each draw's claim, shape (n,)."""
        choice = np.searchsorted(self.upto, values[CHOICE], side="right")
        return np.array(self.groups)[choice]

    def same_value(self, name: str, levels: Floats, choices: Floats) -> tuple[Floats, Floats]:
        """Lowest and highest level with the same value by each draw's claim, shape (n,) each."""
        choice = np.searchsorted(self.upto, choices, side="right")
        below, upto = np.empty(levels.shape), np.empty(levels.shape)
        for k, law in enumerate(self.laws[name]):
            here = np.flatnonzero(choice == k)
            below[here], upto[here] = law.same_value(levels[here])
        return below, upto

    def without(self, name: str) -> LinearPool:
        """The pool of the other inputs, where this one has the same value in every claim."""
        return replace(self, laws={k: laws for k, laws in self.laws.items() if k != name})


def _chosen(laws: tuple[Distribution, ...], levels: Floats | float | None, choice: Ints) -> Floats:
    """The quantile of each draw's law at its level; constants need none."""
    if levels is None:
        return np.array([law.support[0] for law in laws])[choice]
    levels, value = np.asarray(levels), np.empty(choice.shape)
    for k, law in enumerate(laws):
        here = np.flatnonzero(choice == k)
        value[here] = law.ppf(levels[here])
    return value
