"""The law that averages several laws at the same probability."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulate.scenario.distributions import Distribution
from simulate.scenario.distributions.bounded import Constant, Uniform
from simulate.scenario.distributions.mixture import Mixture, QuantileAverage
from simulate.scenario.distributions.unbounded import Normal
from tests.scenario.test_ledger import losses

LEVELS = np.array([1e-9, 0.001, 0.05, 0.3, 0.5, 0.75, 0.95, 0.999])
FAMILIES: list[Distribution] = [
    Normal(mean=3.0, sd=2.0),
    Uniform(low=-1.0, high=4.0),
    Constant(value=2.0),
    Mixture(components=(Constant(value=1.0), Uniform(low=2.0, high=3.0))),
    Normal(mean=-5.0, sd=0.5, max=-4.5),
]
averages = st.lists(
    st.tuples(st.sampled_from(FAMILIES), st.floats(0.01, 10.0)), min_size=1, max_size=4
)


def average(parts: list[tuple[Distribution, float]]) -> QuantileAverage:
    laws, weights = zip(*parts, strict=True)
    return QuantileAverage(components=laws, weights=weights)


def test_the_average_of_normal_laws_is_a_normal_law() -> None:
    law = average([(Normal(mean=0.0, sd=1.0), 1.0), (Normal(mean=10.0, sd=3.0), 3.0)])
    twin = stats.norm(7.5, 2.5)
    nearby = stats.norm(7.5, math.hypot(0.25, 0.75 * 3))  # what a sum would have
    np.testing.assert_allclose(law.ppf(LEVELS), twin.ppf(LEVELS), rtol=1e-12)
    np.testing.assert_allclose(law.isf(LEVELS), twin.isf(LEVELS), rtol=1e-12)
    x = twin.ppf(LEVELS)
    np.testing.assert_allclose(law.cdf(x), twin.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(law.sf(x), twin.sf(x), rtol=1e-9)
    assert law.expectation == pytest.approx(7.5, rel=1e-12)
    assert not np.allclose(law.ppf(LEVELS), nearby.ppf(LEVELS), rtol=1e-3)


@settings(max_examples=30, deadline=None)
@given(parts=averages, x=st.floats(-8.0, 8.0))
def test_its_cdf_belongs_to_its_quantiles(
    parts: list[tuple[Distribution, float]], x: float
) -> None:
    """P(X <= x) is the largest p whose quantile is not above x, jumps included."""
    law = average(parts)
    p, q = float(law.cdf(x)), float(law.sf(x))
    assert p + q == pytest.approx(1.0, abs=1e-9)
    assert p < 1e-9 or law.ppf(p - 1e-9) <= x + 1e-6
    assert p > 1 - 1e-9 or law.ppf(p + 1e-9) >= x - 1e-6


@settings(max_examples=60, deadline=None)
@given(parts=averages, seed=st.randoms(use_true_random=False), factor=st.floats(0.001, 1000.0))
def test_neither_order_nor_scale_of_the_claims_matters(
    parts: list[tuple[Distribution, float]], seed: object, factor: float
) -> None:
    shuffled = [(law, weight * factor) for law, weight in parts]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = average(parts), average(shuffled)
    np.testing.assert_allclose(one.ppf(LEVELS), other.ppf(LEVELS), rtol=1e-9, atol=1e-9)
    assert one.expectation == pytest.approx(other.expectation, abs=1e-9)


def test_a_jump_belongs_to_the_value_it_leads_to() -> None:
    """Half the average of 1 or 2 and 1 or 4 lies on 1, the other half on 3."""
    steps = [Mixture(components=(Constant(value=1.0), Constant(value=x))) for x in (2.0, 4.0)]
    law = average([(step, 1.0) for step in steps])
    x = np.array([0.999, 1.0, 2.999, 3.0])
    np.testing.assert_allclose(law.cdf(x), [0.0, 0.5, 0.5, 1.0], atol=1e-12)
    np.testing.assert_allclose(law.sf(x), [1.0, 0.5, 0.5, 0.0], atol=1e-12)
    between = average([(Constant(value=1.0), 1.0), (Constant(value=4.0), 1.0)])
    np.testing.assert_array_equal(between.cdf([2.499, 2.5, 3.0]), [0.0, 1.0, 1.0])
    np.testing.assert_array_equal(between.sf([2.499, 2.5, 3.0]), [1.0, 0.0, 0.0])


def test_it_lies_between_its_components_and_may_be_a_date() -> None:
    law = losses().law("as_of")
    assert isinstance(law, QuantileAverage)
    assert law.axis == "date"
    days = [claim.as_of.ppf(LEVELS) for _, claim in losses().totals]
    assert np.all(np.minimum.reduce(days) <= law.ppf(LEVELS))
    assert np.all(law.ppf(LEVELS) <= np.maximum.reduce(days))
    assert average([(Constant(value=1.0), 1.0), (Constant(value=4.0), 2.0)]).is_constant
