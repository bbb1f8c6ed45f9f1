"""Shares from weighted draws: normal cases in closed form, and the shares of resampled inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulate.analysis.effects import Estimate
from simulate.analysis.given_data import (
    Ranking,
    first_order_shares,
    jackknife,
    product,
    standardised,
)
from simulate.analysis.mc_error import STUDENT_T
from simulate.analysis.sobol import n_classes
from simulate.engine.sampling.design import REPLICATES, design_for
from simulate.engine.sampling.points import METHODS
from simulate.scenario.arrays import Floats, Ints
from tests.cases import ALARM

WIDER = float(stats.t.ppf(1 - ALARM / 2, REPLICATES - 1)) / STUDENT_T[REPLICATES - 1]
"""From the half-width of a 95 % error bar to one that is left with the chance of an alarm."""

CLASSES = 5e-4
"""What Richardson's extrapolation leaves of the width of the classes; it is far smaller."""


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


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("draws", [2**12, 2**16])
def test_normal_inputs_that_a_report_makes_dependent(method: str, draws: int) -> None:
    """Negative controls: the shares before the report, and those of independent inputs."""
    scores, replicate = points(method, draws)
    weights = np.exp(-0.5 * ((1.0 - SEEN @ scores) / ERROR) ** 2)
    effective = weights.sum() ** 2 / (weights**2).sum()
    answers, inputs = Ranking.of(SLOPES @ scores), [Ranking.of(each) for each in scores]
    classes = [each.classes(weights, n_classes(round(effective))) for each in inputs]

    def figures(weights: Floats) -> Floats:
        weights = weights / weights.sum()
        ranks = standardised(answers.middles(weights), weights)
        return np.array(
            [
                (
                    first_order_shares(own, ranks[np.newaxis], weights)[0],
                    product(weights * ranks, standardised(each.middles(weights), weights)),
                )
                for each, own in zip(inputs, classes, strict=True)
            ]
        )

    found = jackknife(figures, weights, replicate)
    covariance, with_answer, spread = posterior()
    for i in range(2):
        truth = with_answer[i] / math.sqrt(covariance[i, i]) / spread
        share, order = (Estimate.of(found[:, i, j]) for j in range(2))
        floor = CLASSES if draws > 2**12 else 4e-3  # 64 classes, and tails of few draws
        assert agrees(share, of_ranks(truth), floor)
        assert agrees(order, 6 / math.pi * math.asin(truth / 2))
        if draws > 2**12:
            before = SLOPES[i] / math.sqrt(SLOPES @ SLOPES)
            alone = SLOPES[i] * math.sqrt(covariance[i, i]) / spread
            assert not agrees(share, of_ranks(before))
            assert not agrees(share, of_ranks(alone))
        else:
            assert share.mc_error < 0.1
