"""Shares from weighted draws: normal cases in closed form, and the shares of resampled inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulate.analysis import sobol
from simulate.analysis.effects import Estimate, replicate_statistics
from simulate.analysis.mc_error import STUDENT_T
from simulate.analysis.weighted_draws import (
    MOST_WEIGHTED,
    variance_left,
    weighted_quantiles,
    weighted_ranks,
    weighted_share,
)
from simulate.engine.sampling.design import REPLICATES, design_for
from simulate.engine.sampling.points import METHODS
from simulate.scenario.arrays import Floats, Ints
from tests.cases import ALARM

WIDER = float(stats.t.ppf(1 - ALARM / 2, REPLICATES - 1)) / STUDENT_T[REPLICATES - 1]
"""From the half-width of a 95 % error bar to one that is left with the chance of an alarm."""

CLASSES = 1e-3
"""More than what Richardson's extrapolation leaves of the width of 32 classes of a normal input."""


def agrees(found: Estimate | None, truth: float, floor: float = CLASSES) -> bool:
    assert found is not None
    return abs(found.value - truth) <= WIDER * found.mc_error + floor


def of_ranks(correlation: float) -> float:
    """First-order share of the rank of a normal variable, from its correlation with the input."""
    return 6 / math.pi * math.asin(correlation**2 / 2)


def points(method: str, draws: int) -> tuple[Floats, Ints]:
    """Normal scores of two inputs, shape (2, n), and the replicate of each draw."""
    design = design_for(method, draws)
    parts = [
        next(METHODS[method](design, 0, ("losses.count", "force.size"), r, 0))
        for r in range(REPLICATES)
    ]
    replicate = np.repeat(np.arange(REPLICATES), parts[0].shape[1])
    return np.asarray(stats.norm.ppf(np.concatenate(parts, axis=1))), replicate


SLOPES, SEEN, ERROR = np.array([1.0, 0.6]), np.array([0.5, 1.0]), 0.5


def posterior() -> tuple[Floats, Floats, float]:
    """Covariances of two inputs and the answer, and sd of the answer, once SEEN.x is measured.

    The inputs are standard normal, the answer SLOPES.x; normal updating, as in Kalman's filter.
    """
    gain = SEEN / (SEEN @ SEEN + ERROR**2)
    covariance = np.eye(2) - np.outer(gain, SEEN)
    with_answer = covariance @ SLOPES
    return covariance, with_answer, float(np.sqrt(SLOPES @ with_answer))


def shares(
    inputs: Floats, answers: Floats, weights: Floats, replicate: Ints, classes: int
) -> tuple[Floats, Floats]:
    """Pseudo-values of first-order shares, and rank correlations, (replicates, inputs)."""
    weights = weights * (REPLICATES / weights.sum())
    ranks = weighted_ranks(answers, weights)[np.newaxis]
    places = [weighted_ranks(each, weights) for each in inputs]
    parts = []
    for r in range(REPLICATES):
        own = replicate == r
        of = [place[own] for place in places]
        parts.append(replicate_statistics(ranks[:, own], of, classes, weights[own]))
    variances = np.array([part.variances[0] for part in parts])
    found = [
        sobol.first_order_shares(
            np.array([part.sums[0, i] for part in parts]),
            np.array([part.counts[i] for part in parts]),
            variances,
        )
        for i in range(len(inputs))
    ]
    return np.array(found).T, np.array([part.correlations[0] for part in parts])


@pytest.mark.parametrize("method", METHODS)
def test_normal_inputs_that_a_report_makes_dependent(method: str) -> None:
    """Negative controls: the shares before the report, and those of independent inputs."""
    scores, replicate = points(method, 2**16)
    weights = np.exp(-0.5 * ((1.0 - SEEN @ scores) / ERROR) ** 2)
    first, orders = shares(scores, SLOPES @ scores, weights, replicate, MOST_WEIGHTED)
    covariance, with_answer, spread = posterior()
    for i in range(2):
        truth = with_answer[i] / math.sqrt(covariance[i, i]) / spread
        share, order = Estimate.of(first[:, i]), Estimate.of(orders[:, i])
        assert agrees(share, of_ranks(truth))
        assert agrees(order, 6 / math.pi * math.asin(truth / 2))
        before = SLOPES[i] / math.sqrt(SLOPES @ SLOPES)
        alone = SLOPES[i] * math.sqrt(covariance[i, i]) / spread
        assert not agrees(share, of_ranks(before))
        assert not agrees(share, of_ranks(alone))


def test_shares_of_few_draws_are_not_biased_by_their_noise() -> None:
    """The mean over 64 seeds of an input without influence; negative control: all draws at once."""
    found, plain = [], []
    replicate = np.repeat(np.arange(REPLICATES), 128)
    for seed in range(64):
        rng = np.random.default_rng(seed)
        answers, weights = rng.normal(size=1024), rng.uniform(size=1024) ** 2
        idle = rng.normal(size=1024)
        found.append(shares(idle[np.newaxis], answers, weights, replicate, 16)[0].mean())
        ranks = weighted_ranks(answers, weights)
        place = weighted_ranks(idle, weights)
        sums, counts = sobol.class_sums(place, ranks - 0.5, 16, weights)
        plain.append((sums**2 / counts).sum() / weights.sum() * 12)
    error = float(stats.t.isf(ALARM / 2, 63)) / math.sqrt(64)
    assert abs(np.mean(found)) <= error * np.std(found, ddof=1)
    assert abs(np.mean(plain)) > error * np.std(plain, ddof=1)


def test_the_variance_left_by_walks_that_a_report_weighs() -> None:
    """y = x + w with w measured: Var(w | report) = 1 / (1 + 1 / error^2). Negative control: 1."""
    rng = np.random.default_rng(5)
    draws, walks = 2000, 64
    chance = rng.normal(size=(draws, walks))
    seen = rng.normal(scale=math.hypot(1.0, ERROR), size=(draws, 1))
    weights = np.exp(-0.5 * ((seen - chance) / ERROR) ** 2)
    answers = rng.normal(scale=3.0, size=(draws, 1)) + chance
    exact = 1 / (1 + 1 / ERROR**2)
    each = [variance_left(*pair) for pair in zip(answers[:, None], weights[:, None], strict=True)]
    error = float(stats.norm.isf(ALARM / 2)) * np.std(each, ddof=1) / math.sqrt(draws)
    found = variance_left(answers, weights)
    # Weights leave a bias of the order of one effective number, here some thirty walks.
    assert abs(found - exact) <= error + exact / 30
    assert variance_left(answers, np.ones_like(weights)) == pytest.approx(1.0, abs=0.03)
    assert variance_left(answers, np.zeros_like(weights)) == 0.0


def test_places_of_equal_weighted_values() -> None:
    """By hand: 1 and 4 of the weight below 5, the rest above."""
    values, weights = np.array([1.0, 2.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0, 4.0])
    assert weighted_ranks(values, weights).tolist() == pytest.approx([0.25, 0.75, 0.75, 0.25])


def test_a_replicate_in_which_no_draw_fits_has_no_variance() -> None:
    nothing = np.zeros(0)
    part = replicate_statistics(np.zeros((1, 0)), [nothing], 4, nothing)
    assert (part.variances.tolist(), part.correlations.tolist()) == ([0.0], [[0.0]])


def test_weighted_quantiles_and_shares_are_those_of_repeated_draws() -> None:
    rng = np.random.default_rng(3)
    values, times = rng.normal(size=800), rng.integers(1, 5, 800)
    replicate = np.repeat(np.arange(REPLICATES), 100)
    found = weighted_quantiles(values, times.astype(float), replicate, (0.05, 0.5, 0.95))
    repeated = np.sort(np.repeat(values, times))
    for (value, error), level in zip(found, (0.05, 0.5, 0.95), strict=True):
        assert value == repeated[math.ceil(level * repeated.size) - 1]
        assert error is not None
        # Beside it 800 draws leave about this much of a normal quantile, by the delta method.
        density = stats.norm.pdf(stats.norm.ppf(level))
        assert 0.2 < error / (1.96 * math.sqrt(level * (1 - level) / 650) / density) < 4
    share, error = weighted_share(values < 0.3, times.astype(float), replicate)
    assert share == pytest.approx(np.mean(repeated < 0.3))
    assert error > 0
    assert weighted_share(values < 9, times.astype(float), replicate) == pytest.approx((1, 0))
    beyond = weighted_quantiles(values, (values > 1.9).astype(float), replicate, (0.001,))
    assert beyond[0][1] is None
