"""Cuts at gaps and atoms, laws that SciPy only knows term by term, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from simulate.scenario.model import Scenario
from tests.hang_guard import hang_guard
from tests.scenario.laws import of


def uniform(low: float, high: float) -> dict[str, Any]:
    return {"distribution": "uniform", "low": low, "high": high}


@pytest.mark.parametrize(
    ("family", "keys"),
    [
        ("histogram", {"edges": [10, 11, 12, 13], "weights": [1, 0, 1], "min": 11, "max": 12}),
        ("mixture", {"components": [uniform(0, 1), uniform(2, 3)], "min": 1, "max": 2}),
        ("mixture", {"components": [uniform(0, 1), 0.5], "min": 1}),
        ("mixture", {"components": [1, 5], "min": 2, "max": 4}),
        ("uniform", {"low": 0, "high": 12000, "min": 12000}),
        ("uniform", {"low": 0, "high": 1, "max": 0}),
        ("triangular", {"low": 0, "mode": 0.5, "high": 1, "min": 1}),
        ("pert", {"low": 10000, "mode": 11000, "high": 12000, "min": 12000}),
        ("beta", {"alpha": 2, "beta": 2, "low": 0, "high": 1, "min": 1}),
        ("discrete", {"values": [1, 5], "min": 2, "max": 4}),
        ("poisson", {"mean": 3, "min": 2.1, "max": 2.9}),
    ],
)
def test_no_mass_between_min_and_max_is_refused(family: str, keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="no value of the distribution lies between"):
        of(family, **keys)


def test_an_atom_at_the_cut_is_kept() -> None:
    law = of("mixture", components=[uniform(0, 1), 1], min=1)
    assert law.is_constant
    assert law.support == (1.0, 1.0)
    assert of("histogram", edges=[0, 1, 2, 3], weights=[1, 0, 1], min=1).support == (1.0, 3.0)


@pytest.mark.parametrize(
    ("components", "weights", "mean"),
    [
        # .7 100 + .2 1500 + .1 100000
        ([100, uniform(1000, 2000), 100000], [0.7, 0.2, 0.1], 10370.0),
        # (.7 3 + .3 100000) / (1 - .7 e^-3): the count 0 is cut off
        (
            [{"distribution": "poisson", "mean": 3}, 100000],
            [0.7, 0.3],
            30002.1 / (1 - 0.7 * math.exp(-3)),
        ),
        # Within: (100 + 4) / 2 in half the draws; the outer cut leaves 100 and 6
        (
            [{"distribution": "mixture", "components": [100, 0.5]}, 6],
            [1, 1],
            (0.25 * 100 + 3) / 0.75,
        ),
    ],
)
def test_mean_of_a_truncated_mixture_with_atoms(
    components: list[Any], weights: list[float], mean: float
) -> None:
    law = of("mixture", components=components, weights=weights, min=1)
    assert law.expectation == pytest.approx(mean, rel=1e-12)
    uncut = of("mixture", components=components, weights=weights)
    assert law.ppf(0.999) == uncut.ppf(0.999)


@pytest.mark.parametrize("n", [3, 7, 10, 49])
def test_a_probability_of_exactly_k_in_n_belongs_to_the_kth_value(n: int) -> None:
    values = list(range(1, n + 5))
    levels = np.arange(1, n + 1) / n
    for law in (
        of("empirical", values=values, min=5),
        of("discrete", values=values, weights=[0.1] * (n + 4), min=5),
        of("mixture", components=values, min=5),
        of("scipy", name="randint", args={"low": 1, "high": n + 5}, min=5),
    ):
        np.testing.assert_array_equal(law.ppf(levels), values[4:])
        np.testing.assert_array_equal(
            law.ppf(levels + 1e-9 * (levels < 1)), [*values[5:], values[-1]]
        )
        np.testing.assert_array_equal(law.isf(levels - 1 / n), values[:3:-1])


def test_ends_of_what_is_left_are_values() -> None:
    law = of("discrete", values=[1, 2, 3, 4], weights=[1, 1, 1, 0], min=1.5, max=3.5)
    assert law.support == (2.0, 3.0)
    assert of("discrete", values=[1, 2, 3], weights=[0, 1, 0]).support == (2.0, 2.0)
    assert of("poisson", mean=1e-9, min=0.5).support[0] == 1.0


DISCRETE: list[tuple[str, dict[str, float], Any]] = [
    ("poisson", {"mu": 3.0}, stats.poisson(3.0)),
    ("binom", {"n": 5, "p": 0.5}, stats.binom(5, 0.5)),
    ("randint", {"low": 0, "high": 4}, stats.randint(0, 4)),
    ("bernoulli", {"p": 0.3}, stats.bernoulli(0.3)),
    ("zipf", {"a": 6.0}, stats.zipf(6.0)),
    ("skellam", {"mu1": 3, "mu2": 2}, stats.skellam(3, 2)),
    ("yulesimon", {"alpha": 11.0}, stats.yulesimon(11.0)),
    ("betabinom", {"n": 20, "a": 0.5, "b": 2}, stats.betabinom(20, 0.5, 2)),
]


@pytest.mark.parametrize(("name", "args", "twin"), DISCRETE, ids=[name for name, _, _ in DISCRETE])
def test_discrete_laws_of_scipy(name: str, args: dict[str, float], twin: Any) -> None:
    law = of("scipy", name=name, args=args)
    counts = np.arange(-60.0, 200.0)
    mass = twin.pmf(counts)
    upto = np.cumsum(mass)
    assert upto[-1] == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(law.cdf(counts), upto, atol=1e-9)
    np.testing.assert_allclose(law.cdf(counts + 0.99), upto, atol=1e-9)
    np.testing.assert_allclose(law.sf(counts), 1.0 - upto, atol=1e-9)
    middles = upto - 0.5 * mass
    told = mass > 1e-6
    np.testing.assert_array_equal(law.ppf(middles[told]), counts[told])
    np.testing.assert_array_equal(law.isf(1.0 - middles[told]), counts[told])
    assert law.support == tuple(float(end) for end in twin.support())
    assert law.expectation == pytest.approx(float(twin.mean()), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("zipf", {"a": 1.5}),
        ("zipf", {"a": 1.01}),
        ("yulesimon", {"alpha": 0.5}),
        ("logser", {"p": 0.99999}),
        ("betanbinom", {"n": 5, "a": 0.5, "b": 0.5}),
        ("poisson", {"mu": 1e17}),
    ],
)
def test_a_discrete_law_without_end_asks_for_max(name: str, args: dict[str, float]) -> None:
    with hang_guard():  # searching term by term for the end would take for ever
        with pytest.raises(ValidationError) as caught:
            of("scipy", name=name, args=args)
        (problem,) = caught.value.errors()
        assert "too far out" in problem["msg"]
        hint = problem["ctx"]["hint"]
        assert hint.startswith("cut it off with max: ")
        advised = float(hint.split()[-3])
        if name != "poisson":  # of which nothing is left there
            law = of("scipy", name=name, args=args, max=advised)
            x = law.ppf(np.linspace(0.0, 1.0, 1001))
            assert np.all(np.diff(x) >= 0)
            assert x[-1] == pytest.approx(advised, rel=1e-6)


def test_a_table_of_sums_is_cut_exactly() -> None:
    """Zipf with exponent 1.5, 1 to 4: weights k^-1.5."""
    law = of("scipy", name="zipf", args={"a": 1.5}, max=4)
    weight = np.arange(1.0, 5.0) ** -1.5
    np.testing.assert_allclose(law.cdf([1, 2, 3, 4]), np.cumsum(weight) / weight.sum(), rtol=1e-12)
    assert law.expectation == pytest.approx(
        float(np.arange(1, 5) @ weight / weight.sum()), rel=1e-12
    )


@pytest.mark.parametrize(
    ("family", "keys", "words"),
    [
        ("histogram", {"edges": [0, 1, 2], "weights": [0, 0], "min": 0.5}, "all zero"),
        ("logistic", {"p5": 5, "p95": 5, "min": 1}, "p5 must be below p95"),
        ("discrete", {"values": [1, 2], "weights": [1e308, 1e308]}, "must be at most 1e+100"),
        ("uniform", {"low": -1e308, "high": 1e308}, "must be at most 1e+100"),
        ("normal", {"p5": 1, "p05": 2}, "p5 and p05 are the same percentile"),
        ("metalog", {"p5": 1, "p50": 2, "p50.0": 3}, "p50 and p50.0 are the same percentile"),
        ("gamma", {"mean": 1e60, "sd": 1e-100}, "cannot be calculated"),
        ("scipy", {"name": "poisson", "args": {"mu": 3, "loc": 0.5}}, "whole number"),
    ],
)
def test_what_cannot_be_calculated_is_refused_in_words(
    family: str, keys: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        of(family, **keys)
    assert words in str(caught.value)


def test_extreme_shapes_give_numbers_without_a_warning() -> None:
    law = of("weibull", shape=11480, scale=1000, min=1)
    assert float(law.ppf(0.5)) == pytest.approx(1000 * math.log(2) ** (1 / 11480), rel=1e-12)
    assert of("weibull", shape=0.005, scale=1).expectation is None
    assert float(of("pert", low=2, mode=3.5, high=4.5).ppf(1e-300)) == pytest.approx(2.0)


@pytest.mark.parametrize(("p5", "p95"), [(8000, 13000), (7, 24000)])
def test_only_a_cut_that_leaves_a_law_is_advised(p5: int, p95: int) -> None:
    def load(**bounds: float) -> None:
        force = {"size": {**size, **bounds}}
        Scenario.model_validate({"title": "Metalogs", "force": force, "losses": losses})

    size = {"distribution": "metalog", "p5": p5, "p50": 12000, "p95": p95}
    losses = {"count": 3800, "start": "2024-12-06", "as_of": "2025-01-16"}
    with pytest.raises(ValidationError) as caught:
        load()
    if "cut it off with min: 1" in str(caught.value.errors()):
        assert p5 == 8000
        load(min=1)
    else:
        assert p5 == 7
        with pytest.raises(ValidationError, match="no metalog passes"):
            load(min=1)
