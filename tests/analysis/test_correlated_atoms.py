"""Correlated inputs of which many draws share a value: what is known then is the value alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy import stats

import simulate
from simulate.analysis.effects import Estimate
from simulate.analysis.mc_error import STUDENT_T
from simulate.engine.pick_freeze import levels_of, redrawn
from simulate.engine.sampling.design import REPLICATES
from tests.cases import ALARM, plan, scenario, uniform

WIDER = float(stats.t.ppf(1 - ALARM / 2, REPLICATES - 1)) / STUDENT_T[REPLICATES - 1]

VALUES = {
    "force.size": (10000.0, 12000.0),
    "losses.count": (3000.0, 4000.0),
    "rate.multiplier": (0.7, 1.6),
}


def discrete(*values: float) -> dict[str, Any]:
    return {"distribution": "discrete", "values": list(values)}


def case(ranks: Mapping[tuple[str, str], float], **more: Any) -> Any:
    pairs = [{"inputs": list(pair), "rank": rank} for pair, rank in ranks.items()]
    size, count, multiplier = (discrete(*values) for values in VALUES.values())
    rate = (
        {"rate": {"multiplier": multiplier}} if any("rate.multiplier" in p for p in ranks) else {}
    )
    return scenario(count, size, correlations=pairs, horizon=2000, **(rate | more))


def exact(ranks: Mapping[tuple[str, str], float]) -> dict[str, tuple[float, float]]:
    """First-order and total shares by a sum over all cells.

    Normal scores of correlation r have the same sign with probability 1/2 + asin(r) / pi, and three
    of them have signs s with probability (1 + the sum of s_i s_j 2/pi asin(r_ij)) / 8 (Sheppard).
    """
    names = sorted({name for pair in ranks for name in pair})
    r = {frozenset(pair): 2 * math.sin(math.pi * rank / 6) for pair, rank in ranks.items()}
    cells = list(itertools.product((0, 1), repeat=len(names)))
    weight, days = {}, {}
    for cell in cells:
        at = {name: VALUES[name][i] for name, i in zip(names, cell, strict=True)}
        together = sum(
            (2 * cell[i] - 1)
            * (2 * cell[j] - 1)
            * (2 / math.pi)
            * math.asin(r.get(frozenset((names[i], names[j])), 0.0))
            for i, j in itertools.combinations(range(len(names)), 2)
        )
        weight[cell] = (1 + together) / 2 ** len(names)
        left = at["force.size"] - at["losses.count"]
        pace = at["losses.count"] / 41 * at.get("rate.multiplier", 1.0)
        days[cell] = round(left / pace, 6)
    rank = {
        cell: sum(
            w * ((days[c] < days[cell]) + (days[c] == days[cell]) / 2) for c, w in weight.items()
        )
        for cell in cells
    }

    def between(*known: int) -> float:
        """Variance of the mean rank, given some of the inputs."""
        groups: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        for cell in cells:
            groups.setdefault(tuple(cell[i] for i in known), []).append(cell)
        return math.fsum(
            sum(weight[c] * (rank[c] - 0.5) for c in group) ** 2 / sum(weight[c] for c in group)
            for group in groups.values()
        )

    everything = tuple(range(len(names)))
    whole = between(*everything)
    return {
        name: (between(i) / whole, 1 - between(*(j for j in everything if j != i)) / whole)
        for i, name in enumerate(names)
    }


TWO = {("losses.count", "force.size"): 0.9}
THREE = {
    ("losses.count", "force.size"): 0.8,
    ("losses.count", "rate.multiplier"): 0.6,
    ("force.size", "rate.multiplier"): 0.7,
}


def test_the_two_valued_case_by_hand() -> None:
    """Ranks .0344 (10,000 and 4,000), .2844 and .7156 (alike), .9656, with .0688, .4312 and so on.

    Their variance is .069921. Given a size, .8624 x .1376 x .6812^2 of it are left; given a count
    .8624 x .1376 x .25^2.
    """
    assert exact(TWO)["losses.count"][1] == pytest.approx(0.05507 / 0.069921, abs=2e-4)
    assert exact(TWO)["force.size"][1] == pytest.approx(0.007417 / 0.069921, abs=2e-4)


@pytest.mark.parametrize("ranks", [TWO, THREE], ids=["two", "three"])
def test_shares_are_those_of_the_exact_sum(ranks: Mapping[tuple[str, str], float]) -> None:
    found = simulate.sensitivity(case(ranks), draws=131_072).effects()
    truth = exact(ranks)
    assert {effect.name for effect in found.ranked} == set(truth)
    for effect in found.ranked:
        first, total = truth[effect.name]
        for estimate, right in ((effect.first_order, first), (effect.total, total)):
            assert estimate is not None
            assert abs(estimate.value - right) <= WIDER * estimate.mc_error + 2e-4
            assert WIDER * estimate.mc_error < 0.07


def test_given_the_hidden_scores_the_shares_would_be_others() -> None:
    """The negative control: 0.637 of the count, as its own score alone would have it."""
    total = simulate.sensitivity(case(TWO), draws=131_072).effects().ranked[0].total
    assert total is not None
    assert abs(total.value - 0.637) > 2 * WIDER * total.mc_error


def test_what_is_drawn_again_has_the_law_it_had_given_the_others() -> None:
    """Atoms, steps and a continuous law together: the joint law of the values stays."""
    mixed = {
        "distribution": "mixture",
        "components": [discrete(3500), uniform(3000, 4500)],
        "weights": [0.5, 0.5],
    }
    of = plan(
        scenario(
            mixed,
            discrete(*VALUES["force.size"], 14000),
            as_of=uniform("2025-01-10", "2025-01-30"),
            rate={"multiplier": discrete(0.7, 1.6)},
            horizon=4000,
            correlations=[
                {"inputs": ["force.size", "losses.count"], "rank": 0.7},
                {"inputs": ["force.size", "losses.as_of"], "rank": 0.5},
                {"inputs": ["force.size", "rate.multiplier"], "rank": -0.6},
                {"inputs": ["losses.count", "rate.multiplier"], "rank": -0.5},
            ],
        ),
        method="random",
        draws=2**16,
    )
    sets = [
        (levels, redrawn(of, r, levels, "force.size"))
        for r in range(of.design.replicates)
        for levels in [levels_of(of, r)]
    ]
    before, after = (np.concatenate(each, axis=1) for each in zip(*sets, strict=True))
    own = of.names.index("force.size")
    others = [i for i in range(len(of.names)) if i != own]
    assert np.array_equal(before[others], after[others])
    # Normal scores of a Gaussian copula have the same second moments again: of n products with a
    # variance of at most 2, each mean is off by 5 standard errors with a chance below 1e-6.
    tolerance = 5 * math.sqrt(4 / after.shape[1])
    for i in others:
        middles = _middles(of, before, i)
        first, again = (
            float(np.mean(stats.norm.ppf(levels[own]) * middles)) for levels in (before, after)
        )
        assert abs(again - first) < tolerance
        # The negative control: drawn by itself it has none of the correlation.
        assert abs(first) > tolerance


def _middles(of: Any, levels: Any, i: int) -> Any:
    below, upto = of.same_value(levels, of.names[i])
    return (below + upto) / 2 - 0.5


def test_a_share_is_never_above_the_whole() -> None:
    """Of a single input the share is all; its estimate from few draws came to 102 %."""
    for seed in range(6):
        found = simulate.sensitivity(scenario(uniform(3000, 4000)), draws=1024, seed=seed)
        (effect,) = found.effects().ranked
        for share in (effect.total, effect.first_order, found.effects().together):
            assert share is not None
            assert 1 - 4 * share.mc_error - 1e-3 < share.value <= 1
    assert Estimate.of_shares(np.full(8, 1.1)) == Estimate(1.0, 0.0)
