"""Published and derived values, and what must hold for all parameters."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import integrate, stats

from simulate.scenario.distributions.metalog import Metalog
from simulate.scenario.distributions.positive import Lognormal
from tests.scenario.laws import of

ACCURACY = 1e-9
Z = float(stats.norm.ppf(0.95))

finite = st.floats(-1e6, 1e6)
width = st.floats(1e-3, 1e6)
levels = st.tuples(st.integers(1, 60), st.integers(5, 39)).map(lambda pair: (pair[0], sum(pair)))


def printed(value: str) -> object:
    """A value and half a unit of its last printed digit."""
    return pytest.approx(float(value), rel=0, abs=0.5 * 10.0 ** -len(value.partition(".")[2]))


def test_lognormal_of_two_percentiles() -> None:
    law = of("lognormal", p5=3000, p95=4000)
    assert isinstance(law, Lognormal)
    mu, sigma = law._native
    assert mu == pytest.approx(math.log(12e6) / 2, rel=ACCURACY)
    assert mu == printed("8.150208604")
    assert sigma == pytest.approx(math.log(4 / 3) / (2 * Z), rel=ACCURACY)
    assert sigma == printed(".087449141")
    assert law.expectation == printed("3477.3726")
    assert float(law.ppf(0.5)) == pytest.approx(math.sqrt(12e6), rel=ACCURACY)
    assert float(law.ppf(0.5)) == printed("3464.1016")
    wrong = of("lognormal", p10=3000, p90=4000)
    assert wrong.expectation != printed("3477.3726")


def test_pert() -> None:
    law = of("pert", low=10000, mode=11000, high=13000)
    assert law.expectation == pytest.approx(67000 / 6, rel=ACCURACY)
    for level, value in ((0.05, "10328.497"), (0.5, "11127.438"), (0.95, "12139.862")):
        assert float(law.ppf(level)) == printed(value)
    square, error = integrate.quad(
        lambda p: (float(law.ppf(p)) - 67000 / 6) ** 2, 0, 1, epsrel=1e-10, limit=500
    )
    variance = (67000 / 6 - 10000) * (13000 - 67000 / 6) / 7  # of a beta law with a + b = 6
    assert square == pytest.approx(variance, rel=ACCURACY, abs=error)
    assert math.sqrt(square) == printed("552.771")
    wrong = of("triangular", low=10000, mode=11000, high=13000)
    assert float(wrong.ppf(0.05)) != printed("10328.497")


def test_triangular() -> None:
    law = of("triangular", low=10000, mode=11000, high=13000)
    closed = (10000 + math.sqrt(150000), 13000 - math.sqrt(3e6), 13000 - math.sqrt(3e5))
    for level, exact, value in zip(
        (0.05, 0.5, 0.95), closed, ("10387.298", "11267.949", "12452.277"), strict=True
    ):
        assert float(law.ppf(level)) == pytest.approx(exact, rel=ACCURACY)
        assert float(law.ppf(level)) == printed(value)
    wrong = of("pert", low=10000, mode=11000, high=13000)
    assert float(wrong.ppf(0.05)) != printed("10387.298")


@pytest.mark.parametrize("family", ["normal", "logistic", "uniform", "student_t"])
@given(pair=levels, low=finite, gap=width)
@settings(max_examples=40, deadline=None)
def test_percentiles_given_are_percentiles_got(
    family: str, pair: tuple[int, int], low: float, gap: float
) -> None:
    p, q = pair
    more = {"df": 3} if family == "student_t" else {}
    law = of(family, **{f"p{p}": low, f"p{q}": low + gap}, **more)
    size = abs(low) + gap
    assert float(law.ppf(p / 100)) == pytest.approx(low, abs=ACCURACY * size)
    assert float(law.ppf(q / 100)) == pytest.approx(low + gap, abs=ACCURACY * size)


@pytest.mark.parametrize("family", ["lognormal", "weibull", "gamma"])
@given(pair=levels, low=width, ratio=st.floats(1.01, 50))
@settings(max_examples=40, deadline=None)
def test_positive_percentiles_given_are_percentiles_got(
    family: str, pair: tuple[int, int], low: float, ratio: float
) -> None:
    p, q = pair
    law = of(family, **{f"p{p}": low, f"p{q}": low * ratio})
    assert float(law.ppf(p / 100)) == pytest.approx(low, rel=ACCURACY)
    assert float(law.ppf(q / 100)) == pytest.approx(low * ratio, rel=ACCURACY)


@pytest.mark.parametrize("family", ["triangular", "pert"])
@given(pair=levels, low=finite, gap=width, at=st.floats(0.001, 0.999))
@settings(max_examples=40, deadline=None)
def test_percentiles_around_a_mode_are_got(
    family: str, pair: tuple[int, int], low: float, gap: float, at: float
) -> None:
    p, q = pair
    mode, high = low + at * gap, low + gap
    assume(low < mode < high)
    law = of(family, **{f"p{p}": low, f"p{q}": high, "mode": mode})
    # A float near low moves the probability by its spacing over the gap; so do the fitted ends.
    slack = 1e-12 + 16 * float(np.spacing(abs(low) + gap)) / gap
    assert float(law.cdf(low)) == pytest.approx(p / 100, abs=slack)
    assert float(law.sf(high)) == pytest.approx(1 - q / 100, abs=slack)


@given(mean=finite, sd=width, at=st.floats(-3, 2), wide=st.floats(0.1, 3), z=st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_truncation_renormalises(mean: float, sd: float, at: float, wide: float, z: float) -> None:
    low, high = mean + at * sd, mean + (at + wide) * sd
    free = of("normal", mean=mean, sd=sd)
    cut = of("normal", mean=mean, sd=sd, min=low, max=high)
    x = low + z * (high - low)
    fa, fb = float(free.cdf(low)), float(free.cdf(high))
    # Rounding x to a float moves its probability by up to the density times half a spacing.
    slack = 1e-12 + 8 * np.spacing(abs(mean) + 4 * sd) / sd / (fb - fa)
    assert float(cut.cdf(x)) == pytest.approx((float(free.cdf(x)) - fa) / (fb - fa), abs=slack)
    clipped = float(free.cdf(x))
    if fb - fa < 0.9 and 0.05 < z < 0.95:
        assert float(cut.cdf(x)) != pytest.approx(clipped, abs=1e-12) or slack > 1e-9


@given(
    steps=st.lists(st.floats(0.01, 100), min_size=1, max_size=5),
    first=finite,
    spots=st.sets(st.integers(1, 99), min_size=6, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_a_metalog_passes_its_percentiles_or_is_refused(
    steps: list[float], first: float, spots: set[int]
) -> None:
    values = first + np.cumsum([0.0, *steps])
    assume(bool(np.all(np.diff(values) > 0)))
    keys = dict(zip((f"p{p}" for p in sorted(spots)), values.tolist(), strict=False))
    try:
        law = of("metalog", **keys)
    except ValidationError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert "its quantiles would not increase" in told
        return
    for name, value in keys.items():
        # Six terms through close levels are an ill-conditioned system.
        assert float(law.ppf(float(name[1:]) / 100)) == pytest.approx(
            value, abs=1e-7 * (abs(first) + float(np.sum(steps)))
        )
    assert np.all(np.diff(law.ppf(np.linspace(1e-12, 1 - 1e-12, 501))) > 0)


def test_an_infeasible_metalog_is_refused_and_a_nearby_one_is_not() -> None:
    with pytest.raises(ValidationError, match="no metalog passes through these percentiles"):
        of("metalog", p5=1, p50=2, p95=90)
    assert isinstance(of("metalog", p5=1, p50=2, p95=4), Metalog)
    assert isinstance(of("metalog", p5=1, p50=2, p95=90, min=0), Metalog)


@pytest.mark.parametrize(
    ("family", "keys", "words"),
    [
        ("metalog", {"p5": 1}, "two to six percentiles"),
        ("metalog", {f"p{10 * i}": i for i in range(1, 8)}, "two to six percentiles"),
        ("metalog", {"p5": 2, "p95": 1}, "p5 must be below p95"),
        ("metalog", {"p5": 2, "p95": 3, "min": 2}, "min must be below all percentiles"),
        ("metalog", {"p5": 2, "p95": 3, "max": 3}, "max must be above all percentiles"),
        ("normal", {"mean": 1}, "needs mean and sd, or two percentiles"),
        ("normal", {"mean": 1, "sd": 0}, "greater than 0"),
        ("normal", {"mean": 1, "p5": 0, "p95": 2}, "has both mean and percentiles"),
        ("normal", {"p5": 0, "p50": 1, "p95": 2}, "has 3 percentiles"),
        ("normal", {"p95": 0, "p5": 1}, "p5 must be below p95"),
        ("normal", {"p0": 0, "p95": 1}, "Extra inputs are not permitted"),
        ("normal", {"percentiles": {"p5": 0, "p95": 1}}, "unknown key"),
        ("student_t", {"df": 0, "p5": 0, "p95": 1}, "greater than 0"),
        ("lognormal", {"p5": -1, "p95": 1}, "must be above 0"),
        ("lognormal", {"mu": 1, "sd": 1}, "needs mu and sigma, or mean and sd"),
        ("lognormal", {"p5": "2025-01-01", "p95": "2025-01-02"}, "needs after, the date"),
        ("triangular", {"low": 1, "mode": 4, "high": 3}, "mode must lie between low and high"),
        ("triangular", {"p10": 1, "mode": 4, "p90": 3}, "mode must lie between p10 and p90"),
        ("triangular", {"low": 3, "mode": 3, "high": 3}, "low must be below high"),
        ("uniform", {"low": 3, "high": 3}, "low must be below high"),
        ("beta", {"alpha": 1, "beta": 1, "low": 3, "high": 2}, "low must be below high"),
        ("uniform", {"low": 0, "high": 1, "min": 2}, "lies between min and max"),
        ("uniform", {"low": 0, "high": 1, "min": 0.6, "max": 0.5}, "min must be below max"),
        ("discrete", {"values": [1, 2], "weights": [1]}, "one weight for each of the 2 values"),
        ("discrete", {"values": [1, 2], "weights": [0, 0]}, "all zero"),
        ("discrete", {"values": [1, 2], "weights": [-1, 2]}, "greater than or equal to 0"),
        ("histogram", {"edges": [1, 1], "weights": [1]}, "edges must increase"),
        ("histogram", {"edges": [1, 2], "weights": [1, 1]}, "one weight for each of the 1 bins"),
        ("mixture", {"components": []}, "at least 1"),
        ("mixture", {"components": [1, 2], "weights": [1]}, "each of the 2 components"),
        ("binomial", {"trials": 2.5, "probability": 0.5}, "valid integer"),
        ("poisson", {"mean": 1e10}, "less than or equal to"),
        ("scipy", {"name": "os"}, "has no distribution 'os'"),
        ("scipy", {"name": "norm", "args": {"mu": 1}}, "does not take these arguments"),
        ("scipy", {"name": "norm", "args": {"scale": -1}}, "is not defined for these arguments"),
    ],
)
def test_what_is_no_distribution_is_refused(
    family: str, keys: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        of(family, **keys)
    assert words in str(caught.value)


def test_too_heavy_tails_have_no_mean() -> None:
    assert of("student_t", df=1, location=0, scale=1).expectation is None
    assert of("student_t", df=1, location=0, scale=1, min=0).expectation is None
    assert of("scipy", name="cauchy").expectation is None
    assert of("mixture", components=[1, of("student_t", df=1, p5=0, p95=1)]).expectation is None
    # The upper tail of the quantile function falls like q^(-s) with s = 2.3 and .23.
    assert of("metalog", p25=math.exp(-2.5), p75=math.exp(2.5), min=0).expectation is None
    assert of("metalog", p25=math.exp(-0.25), p75=math.exp(0.25), min=0).expectation is not None


def test_a_large_value_is_infinite_without_a_warning() -> None:
    assert of("lognormal", mu=1000, sigma=1).ppf(0.5) == math.inf
    assert of("weibull", shape=0.001, scale=1).isf(1e-16) == math.inf


def test_dates_are_days_with_the_instant_at_which_they_begin() -> None:
    law = of("uniform", low=dt.date(2024, 2, 28), high=dt.date(2024, 3, 1))
    low, high = law.support
    assert high - low == 2.0  # 2024 is a leap year
    assert low == (dt.date(2024, 2, 28) - dt.date(1970, 1, 1)).days
