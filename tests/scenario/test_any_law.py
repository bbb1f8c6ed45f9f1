"""What holds for every family and all legal parameters, ordinary and extreme."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from simulate.scenario.distributions import FAMILIES, Distribution
from simulate.scenario.distributions.scipy_law import Scipy

EPS = float(np.finfo(float).eps)
LEVELS = np.concatenate([[0.0, 1e-100, 1e-12], np.linspace(0.001, 0.999, 37), [1 - 1e-12, 1.0]])

powers = st.floats(-200.0, 101.0).map(lambda power: 10.0**power)
sizes = st.one_of(st.floats(1e-3, 1e6), st.floats(1e-3, 1e3), powers)
places = st.one_of(
    st.floats(-1e6, 1e6), st.integers(-20, 20).map(float), powers, powers.map(float.__neg__)
)
degrees = st.floats(0.1, 1e4)
shares = st.one_of(st.floats(0.0, 1.0), st.floats(-20.0, 0.0).map(lambda power: 10.0**power))
weights = st.one_of(st.integers(0, 3).map(float), st.floats(0.0, 1.0), powers)


def increasing(n: int) -> st.SearchStrategy[list[float]]:
    """Distinct places, a few near each other."""
    apart = st.lists(places, min_size=n, max_size=n, unique=True).map(sorted)
    steps = st.tuples(places, st.lists(sizes, min_size=n - 1, max_size=n - 1))
    return apart | steps.map(lambda pair: np.cumsum([pair[0], *pair[1]]).tolist())


def percentiles(n: int) -> st.SearchStrategy[dict[str, float]]:
    levels = st.lists(st.integers(1, 99), min_size=n, max_size=n, unique=True).map(sorted)
    return st.tuples(levels, increasing(n)).map(
        lambda pair: {f"p{p}": x for p, x in zip(*pair, strict=True)}
    )


def keys(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


def ends(*names: str) -> st.SearchStrategy[dict[str, float]]:
    return increasing(len(names)).map(lambda xs: dict(zip(names, xs, strict=True)))


def weighted(name: str, items: Any, n: int) -> st.SearchStrategy[dict[str, Any]]:
    some = st.integers(1, n)
    return some.flatmap(
        lambda k: keys(**{name: items(k), "weights": st.lists(weights, min_size=k, max_size=k)})
    )


PARAMETERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "constant": keys(value=places),
    "uniform": ends("low", "high") | percentiles(2),
    "triangular": ends("low", "mode", "high"),
    "pert": ends("low", "mode", "high"),
    "beta": st.builds(dict.__or__, keys(alpha=sizes, beta=sizes), ends("low", "high")),
    "normal": keys(mean=places, sd=sizes) | percentiles(2),
    "logistic": keys(location=places, scale=sizes) | percentiles(2),
    "student_t": keys(df=degrees, location=places, scale=sizes)
    | st.builds(dict.__or__, keys(df=degrees), percentiles(2)),
    "lognormal": keys(mu=places, sigma=degrees) | keys(mean=sizes, sd=sizes) | percentiles(2),
    "gamma": keys(shape=sizes, scale=sizes) | keys(mean=sizes, sd=sizes) | percentiles(2),
    "weibull": keys(shape=sizes, scale=sizes) | percentiles(2),
    "metalog": st.integers(2, 4).flatmap(percentiles),
    "poisson": keys(mean=sizes),
    "binomial": keys(trials=st.integers(1, 10**9), probability=shares),
    "negative_binomial": keys(mean=sizes, size=degrees),
    "discrete": weighted("values", lambda k: st.lists(places, min_size=k, max_size=k), 5),
    "empirical": keys(values=st.lists(places, min_size=1, max_size=8)),
    "histogram": weighted("edges", lambda k: increasing(k + 1), 4),
    "scipy": st.one_of(
        keys(name=st.just("burr12"), args=keys(c=sizes, d=sizes)),
        keys(name=st.just("poisson"), args=keys(mu=sizes)),
        keys(name=st.just("zipf"), args=keys(a=sizes)),
        keys(name=st.just("yulesimon"), args=keys(alpha=sizes)),
        keys(name=st.just("logser"), args=keys(p=shares)),
        keys(name=st.just("skellam"), args=keys(mu1=degrees, mu2=degrees)),
        keys(name=st.just("bernoulli"), args=keys(p=shares)),
    ),
}


def test_every_family_is_tried() -> None:
    assert {*PARAMETERS, "mixture"} == set(FAMILIES)


@st.composite
def written(draw: st.DrawFn, depth: int = 1) -> dict[str, Any]:
    """A distribution as a file has it, legal or nearly so."""
    family = draw(st.sampled_from([*PARAMETERS, *["mixture"] * (2 * depth)]))
    if family == "mixture":
        parts = written(depth - 1)
        own = draw(weighted("components", lambda k: st.lists(parts, min_size=k, max_size=k), 3))
    else:
        own = draw(PARAMETERS[family])
    cuts = draw(st.sampled_from([{}, {}, {"min"}, {"max"}, {"min", "max"}]))
    return {"distribution": family, **own, **{name: draw(places) for name in sorted(cuts)}}


def made(keys: dict[str, Any]) -> Distribution | None:
    """The law, None where it is refused."""
    try:
        return FAMILIES[keys["distribution"]].model_validate(keys)
    except ValidationError as error:
        for problem in error.errors():
            assert problem["type"] != "value_error", problem  # words of our own, with their place
        return None


@given(keys=written())
@example(keys={"distribution": "lognormal", "mu": 717.0, "sigma": 1.0})
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_law_keeps_the_rules_or_is_refused(keys: dict[str, Any]) -> None:
    law = made(keys)
    if law is None:
        return
    x, y = law.ppf(LEVELS), law.isf(LEVELS)
    assert not np.isnan(x).any()
    assert not np.isnan(y).any()
    with np.errstate(invalid="ignore"):
        rise = np.diff(x) >= -8 * EPS * np.abs(x[1:])
        fall = np.diff(y) <= 8 * EPS * np.abs(y[1:])
    assert np.all(rise | (x[1:] == x[:-1])), x
    assert np.all(fall | (y[1:] == y[:-1])), y
    p, q = law.cdf(x), law.sf(x)
    assert np.all((p >= 0) & (p <= 1))
    # What changes where x moves by some floats; near a far end, by floats as large as that.
    low, high = law.support
    size = max(abs(low), abs(high)) if np.isfinite([low, high]).all() else np.abs(x)
    # What is cut off far out is worked out in floats as large as those of the whole law.
    whole = made({name: end for name, end in keys.items() if name not in ("min", "max")})
    bulk = np.abs([0.0] if whole is None else whole.ppf(np.array([0.01, 0.99])))
    size = np.maximum(size, bulk[np.isfinite(bulk)].max(initial=0.0))
    step = 64 * np.spacing(np.where(np.isfinite(x), size, 0.0))
    unwritable = np.abs(law.cdf(x + step) - law.cdf(x - step))
    assert np.all(np.abs(p + q - 1) <= 1e-9 + unwritable), p + q - 1
    told = (np.abs(x) > 1e-290) & (np.abs(x) < 1e290)  # neither 0 nor infinite by rounding
    with np.errstate(invalid="ignore"):  # both can be infinite
        told &= (x[-2] - x[2] > 1e-9 * np.abs(x)) | law.has_atoms  # and more than one float apart
    assert np.all(law.cdf(x + step)[told] >= LEVELS[told] - 1e-9)
    assert np.all(law.cdf(np.nextafter(x - step, -np.inf))[told] <= LEVELS[told] + 1e-9)
    assert law.describe()
    mean = law.expectation
    if np.isfinite([low, high]).all():
        # A sum over steps from below and one from above enclose the integral of what rises.
        steps = law.ppf(np.linspace(0.0, 1.0, 501))
        # Of counts no float tells the probability beyond a cut from nothing.
        slack = 1e-9 * max(abs(low), abs(high), 1.0 if law.has_atoms else 1e-30)
        assert mean is not None
        assert steps[:-1].mean() - slack <= mean <= steps[1:].mean() + slack
    elif mean is not None:
        assert low - 1e-9 * abs(low) <= mean <= high + 1e-9 * abs(high)


def test_the_arguments_of_a_law_have_one_order() -> None:
    """A run is written with sorted keys, and read again must say the same."""
    written = {"distribution": "scipy", "name": "lognorm", "args": {"scale": 12000, "s": 0.5}}
    law = Scipy.model_validate(written)
    assert (
        law.describe()
        == Scipy.model_validate({**written, "args": {"s": 0.5, "scale": 12000}}).describe()
    )
