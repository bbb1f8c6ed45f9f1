"""The Gaussian copula: the dependence asked for, and nothing else changed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from simulate.engine.sampling.copula import correlate
from simulate.engine.sampling.design import Design
from simulate.engine.sampling.points import METHODS
from simulate.scenario.correlation import copula_matrix
from tests.cases import ALARM, COUNT, SIZE, plan, scenario

RANK = 0.482584
N = 2**16


def factor(*pairs: tuple[str, str, float]) -> npt.NDArray[np.float64]:
    """Cholesky factor for inputs a, b, c, as many as there are in the pairs."""
    names = sorted({name for pair in pairs for name in pair[:2]})
    return np.linalg.cholesky(copula_matrix(pairs, names)).astype(np.float64)


def uniforms(k: int) -> npt.NDArray[np.float64]:
    return next(METHODS["random"](Design("random", 1, N), 0, list("abcdefg")[:k], 0, 0))


def test_rank_correlation_of_one_half_in_normal_scores() -> None:
    assert copula_matrix([("a", "b", RANK)], "ab")[0, 1] == pytest.approx(0.5, abs=5e-7)
    assert 2 * math.sin(math.pi * RANK / 6) == pytest.approx(0.5, abs=5e-7)


@pytest.mark.parametrize("rank", [RANK, -0.9, 0.05])
def test_the_rank_correlation_asked_for_is_found(rank: float) -> None:
    u = correlate(uniforms(2), [0, 1], factor(("a", "b", rank)))
    found = 12 * float(np.mean((u[0] - 0.5) * (u[1] - 0.5)))
    # Hoeffding: N independent terms between -3 and 3.
    tolerance = math.sqrt(18 * math.log(2 / ALARM) / N)
    assert abs(found - rank) < tolerance
    for other in (rank + 0.15, 0.8 * rank - 0.05 - 0.1 * math.copysign(1, rank)):
        assert abs(found - other) > tolerance


def test_margins_stay_uniform() -> None:
    u = correlate(uniforms(3), [0, 1, 2], factor(("a", "b", RANK), ("b", "c", -0.5)))
    # Dvoretzky, Kiefer and Wolfowitz, with Massart's constant
    tolerance = math.sqrt(math.log(2 / ALARM) / (2 * N))
    for row in u:
        assert stats.kstest(row, "uniform").statistic < tolerance
        assert stats.kstest(row**1.1, "uniform").statistic > tolerance
        assert np.all((row > 0) & (row < 1))


def test_the_first_input_and_the_uncorrelated_keep_their_numbers() -> None:
    before = uniforms(4)
    kept = before.copy()
    cholesky = factor(("a", "b", RANK))
    after = correlate(before, [1, 3], cholesky)
    assert np.array_equal(before, kept)
    assert np.array_equal(after[[0, 2]], before[[0, 2]])
    # There and back through the normal distribution: a few roundings near one.
    np.testing.assert_allclose(after[1], before[1], rtol=0, atol=1e-14)
    assert not np.array_equal(after[3], before[3])


def test_uncorrelated_is_the_identity() -> None:
    before = uniforms(2)
    np.testing.assert_allclose(correlate(before, [0, 1], np.eye(2)), before, rtol=0, atol=1e-14)


def test_ends_of_the_unit_interval_stay_inside() -> None:
    ends = np.array([[2.0**-53, 1 - 2.0**-53, 2.0**-53], [2.0**-53, 1 - 2.0**-53, 1 - 2.0**-53]])
    for r in (0.999, -0.999):
        u = correlate(ends, [0, 1], np.array([[1.0, 0.0], [r, math.sqrt(1 - r * r)]]))
        assert np.all((u >= 2.0**-53) & (u <= 1 - 2.0**-53))


def test_a_correlation_of_two_inputs_leaves_a_third_alone() -> None:
    correlated = ({"inputs": ["losses.count", "force.size"], "rank": RANK},)
    alone = scenario(COUNT, SIZE)
    both = scenario(COUNT, SIZE, correlations=correlated)
    block = next(METHODS["lattice"](plan(alone).design, 0, plan(alone).names, 0, 0))
    before, after = plan(alone).values(block), plan(both).values(block)
    first, second = plan(both).correlated
    np.testing.assert_allclose(after[first], before[first], rtol=1e-12)
    ranks = [stats.rankdata(np.asarray(after[name])) for name in (first, second)]
    scores = [stats.norm.ppf(rank / (block.shape[1] + 1)) for rank in ranks]
    # A lattice spreads pairs more evenly than chance; the spread of r in chance alone is
    # (1 - r^2) / sqrt(n), and 4.9 of it are passed with probability 1e-6.
    found = float(stats.pearsonr(*scores).statistic)
    assert abs(found - 0.5) < 4.9 * 0.75 / math.sqrt(block.shape[1])
    assert abs(found - RANK) < abs(found - 0.3)
