"""Quantiles from tables: as exact as the law's own, and the same in any company."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special, stats

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Distribution, beta_shaped, tables
from simulate.scenario.distributions.beta_shaped import beta_ppf
from simulate.scenario.distributions.normal_quantile import normal_cdf
from simulate.scenario.distributions.tables import Curve, Function, Steps
from tests.scenario.laws import CASES, of

ACCURACY = 1e-12
"""Relative, of every quantile."""

N = 2**17


def some_levels(n: int = 10_000) -> Floats:
    """Levels of all sizes on both sides, like those of draws: odd multiples of 2**-53."""
    rng = np.random.default_rng(7)
    size = np.append(2.0 ** -rng.uniform(0.0, 53.0, n // 4), rng.random(n // 4))
    lower = (2.0 * np.floor(size * 2.0**52) + 1.0) * 2.0**-53
    lower = np.minimum(lower, 1.0 - 2.0**-53)
    edges = 2.0 ** -np.arange(1.0, 54.0)
    return np.concatenate([lower, 1.0 - lower, edges, 1.0 - edges])


LEVELS = some_levels()


def errors(found: Floats, exact: Floats) -> Floats:
    with np.errstate(all="ignore"):  # equal zeros and infinities
        return np.where(found == exact, 0.0, np.abs(found - exact) / np.abs(exact))


def worst_error(law: Distribution) -> float:
    """Of quantiles against those that are worked out for each level.

    Beyond 1/2 either function may be right: counted from the far end, digits are lost. Nor is a
    quantile wrong that meets its level better; SciPy's searches can miss by some 1e-12.
    """
    own = law._truncated
    worst = 0.0
    for found, same, other, tail in (
        (law.ppf, own.own_ppf, own.own_isf, law.cdf),
        (law.isf, own.own_isf, own.own_ppf, law.sf),
    ):
        x, exact = found(LEVELS), same(LEVELS)
        near = np.where(LEVELS > 0.5, errors(x, other(1.0 - LEVELS)), np.inf)
        better = np.abs(tail(x) - LEVELS) < np.abs(tail(exact) - LEVELS)
        worst = max(worst, float(np.minimum(errors(x, exact), near)[~better].max(initial=0.0)))
    return worst


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda power: 10.0**power)


# Their quantiles change sign nowhere or at 1/2: where a level is rounded, as between cuts, no
# relative accuracy is left next to zero.
laws = st.one_of(
    st.builds(partial(of, "gamma"), shape=powers(-2, 8), scale=powers(-3, 3)),
    st.builds(partial(of, "beta", low=0, high=3), alpha=powers(-1.5, 6), beta=powers(-1.5, 6)),
    st.builds(partial(of, "pert", low=0), mode=st.floats(0, 1), high=st.floats(1, 9)),
    st.builds(partial(of, "student_t", location=0), df=powers(-0.5, 6), scale=powers(-3, 3)),
)


@given(law=laws, cut=st.tuples(st.floats(1e-6, 0.999), st.booleans()) | st.none())
@settings(max_examples=50, deadline=None)
def test_quantiles_keep_their_accuracy(law: Distribution, cut: tuple[float, bool] | None) -> None:
    if cut is not None and law.support[0] == 0.0:
        level, lower = cut
        at = float(law.ppf(level))
        # Where quantiles round to an end of the law, nothing of it lies between the cuts.
        assume(law.support[0] < at < law.support[1])
        law = of(law.family_name(), **{**law.model_dump(), "min" if lower else "max": at})
    assert worst_error(law) <= ACCURACY


def test_where_both_functions_of_a_law_differ_each_is_kept() -> None:
    """Up to this cut the values are few floats below 3, whose distance to 3 has few digits."""
    law = of("beta", alpha=1, beta=10**-1.25, low=0, high=3, max=2.9999999999410054)
    own = law._truncated
    assert errors(own.own_ppf(LEVELS), own.own_isf(1.0 - LEVELS)).max() > ACCURACY
    assert errors(law.ppf(LEVELS), own.own_ppf(LEVELS)).max() <= ACCURACY


CLOSED: dict[str, tuple[Distribution, Function, Function]] = {
    "exponential": (
        of("gamma", shape=1, scale=2),
        lambda p: -2.0 * np.log1p(-p),
        lambda q: -2.0 * np.log(q),
    ),
    "square of a normal": (
        of("gamma", shape=0.5, scale=2),
        lambda p: special.ndtri(0.5 - 0.5 * p) ** 2,
        lambda q: special.ndtri(0.5 * q) ** 2,
    ),
    "power": (
        of("beta", alpha=0.25, beta=1, low=0, high=1),
        lambda p: p**4,
        lambda q: np.exp(4.0 * np.log1p(-q)),
    ),
    "mirrored power": (
        of("beta", alpha=1, beta=5, low=0, high=1),
        lambda p: -np.expm1(np.log1p(-p) / 5.0),
        lambda q: -np.expm1(np.log(q) / 5.0),
    ),
    "Cauchy": (
        of("student_t", df=1, location=0, scale=1),
        lambda p: -1.0 / np.tan(np.pi * p),
        lambda q: 1.0 / np.tan(np.pi * q),
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_quantiles_agree_with_closed_forms(name: str) -> None:
    law, ppf, isf = CLOSED[name]
    # Beyond 1/2 the closed form of the other tail keeps the digits, and 1 - p is exact.
    p = LEVELS[LEVELS < 0.5]
    assert errors(law.ppf(p), ppf(p)).max() <= ACCURACY
    assert errors(law.isf(p), isf(p)).max() <= ACCURACY
    assert errors(law.ppf(1.0 - p), isf(1.0 - (1.0 - p))).max() <= ACCURACY


SLOW = {name: case.law for name, case in CASES.items() if case.law.is_slow}


@pytest.mark.parametrize("family", ["beta", "pert", "gamma", "student_t", "scipy", "mixture"])
def test_slow_families_have_tables(family: str) -> None:
    assert family in {law.family_name() for law in SLOW.values()}


def counted(function: Function, calls: list[int]) -> Function:
    def counting(p: Floats) -> Floats:
        calls.append(p.size)
        return function(p)

    return counting


def test_few_quantiles_are_worked_out() -> None:
    """A table needs 17 in each of 384 segments, and one draw in 2**12 lies beyond it."""
    p = np.random.default_rng(1).random(N)
    for law in (of("gamma", shape=2, scale=1), of("pert", low=10, mode=11, high=13, min=10.5)):
        calls: list[int] = []
        own = law._truncated
        Curve(counted(own.own_ppf, calls), counted(own.own_isf, calls)).ppf(p)
        # Six standard deviations of a Poisson number with mean 32.
        assert sum(calls) <= 17 * 384 + 32 + 6 * 6


def fresh(law: Distribution) -> Distribution:
    """The same law without its tables."""
    copy = type(law).model_validate(law.model_dump())
    assert copy == law
    return copy


@pytest.mark.parametrize("law", [case.law for case in CASES.values()], ids=CASES)
def test_a_quantile_does_not_depend_on_its_company(law: Distribution) -> None:
    few = LEVELS[:: LEVELS.size // 40]
    for name in ("ppf", "isf"):
        together = getattr(law, name)(np.append(LEVELS, few))[-few.size :]
        one_by_one = fresh(law)
        alone = [float(getattr(one_by_one, name)(p)) for p in few.tolist()]
        assert np.array_equal(together, alone)
        turned = np.concatenate([few, LEVELS, few])[::-1].reshape(2, -1)
        backwards = getattr(fresh(law), name)(turned)
        assert np.array_equal(together, backwards.reshape(-1)[: -few.size - 1 : -1])
        copy = pickle.loads(pickle.dumps(law))  # noqa: S301  (our own bytes)
        assert np.array_equal(together, getattr(copy, name)(few))


def test_threads_that_share_a_law_get_the_same() -> None:
    law = of("pert", low=0, mode=1, high=4)
    expected = law.ppf(LEVELS)
    for _ in range(20):
        shared = fresh(law)
        with ThreadPoolExecutor(4) as pool:
            parts = pool.map(shared.ppf, np.array_split(LEVELS, 16))
            assert np.array_equal(np.concatenate(list(parts)), expected)


def kinked(at: float, size: float) -> Function:
    """Quantiles that jump at a level."""
    return lambda p: 1.0 + p + size * (p > at)


@pytest.mark.parametrize("at", [0.3, 0.25, np.nextafter(0.25, 1.0), 0.2499999, 0.0123, 0.4999])
@pytest.mark.parametrize("size", [1e-12, 1e-9, 1.0])
def test_quantiles_that_jump_keep_their_jump(at: float, size: float) -> None:
    own = kinked(at, size)
    near = at * (1.0 + np.linspace(-0.1, 0.1, 2001))
    levels = np.concatenate([LEVELS, near, np.nextafter(at, [0.0, 1.0]), [at]])
    table = Curve(own, lambda q: own(1.0 - q))
    assert errors(table.ppf(levels), own(levels)).max() <= tables._TOLERANCE


def test_without_its_checks_a_table_would_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_TOLERANCE", np.inf)
    own = kinked(0.3, 1e-9)
    table = Curve(own, lambda q: own(1.0 - q))
    assert errors(table.ppf(LEVELS), own(LEVELS)).max() > 100 * ACCURACY


def test_values_of_atoms_stay_as_they_are() -> None:
    law = of("mixture", components=[0.1, of("normal", mean=3, sd=1), of("uniform", low=0, high=1)])
    x = law.ppf(np.random.default_rng(3).random(N))
    # A third of the draws; six standard deviations.
    assert abs(np.count_nonzero(x == 0.1) - N / 3) <= 6 * np.sqrt(N * 2 / 9)


MANY = 2**13
"""More levels than values of any law here, so that a table is used."""

COUNTS: list[tuple[str, dict[str, Any]]] = [
    ("poisson", {"mean": 0.01}),
    ("poisson", {"mean": 3.5}),
    ("poisson", {"mean": 1e5}),
    ("binomial", {"trials": 12, "probability": 0.3}),
    ("binomial", {"trials": 10**6, "probability": 0.01}),
    ("binomial", {"trials": 3, "probability": 1}),
    ("negative_binomial", {"mean": 3, "size": 1.5}),
    ("scipy", {"name": "poisson", "args": {"mu": 3.0}}),
    ("scipy", {"name": "skellam", "args": {"mu1": 30, "mu2": 20}}),
    ("scipy", {"name": "betabinom", "args": {"n": 20, "a": 0.5, "b": 2}}),
]


@pytest.mark.parametrize(("family", "keys"), COUNTS)
def test_counts_are_the_smallest_that_reach_a_level(family: str, keys: dict[str, Any]) -> None:
    law: Any = of(family, **keys)
    k = np.unique(law.ppf(LEVELS))
    upto, beyond = law._standard_cdf(k), law._standard_sf(k)
    # Ties, what lies beside them, and enough levels for a table.
    p = np.concatenate([upto, np.nextafter(upto, 0.0), np.nextafter(upto, 1.0), LEVELS])
    p = np.resize(p[(p > 0.0) & (p < min(1.0, np.nextafter(upto[-1], 1.0)))], MANY)
    x = law._standard_ppf(p)
    assert np.all(law._standard_cdf(x) >= p)
    assert np.all(law._standard_cdf(x - 1.0) < p)
    q = np.concatenate([beyond, np.nextafter(beyond, 0.0), np.nextafter(beyond, 1.0), LEVELS])
    q = np.resize(q[(q > 0.0) & (q < 1.0)], MANY)
    y = law._standard_isf(q)
    assert np.all(law._standard_sf(y) <= q)
    assert np.all(law._standard_sf(y - 1.0) > q)


@pytest.mark.parametrize(("family", "keys"), COUNTS)
def test_counts_come_from_a_table(family: str, keys: dict[str, Any]) -> None:
    law: Any = of(family, **keys)
    searched = [step._searched for step in (law._lower, law._upper)]
    for step, search in zip((law._lower, law._upper), searched, strict=True):
        calls: list[int] = []
        step._searched = counted(search, calls)
        level = np.random.default_rng(2).random(MANY) + step._bottom
        assert np.array_equal(step.smallest(level), search(level))
        assert sum(calls) <= 4  # the ends of the table, and hardly a draw


@pytest.mark.parametrize("dip", [0.0, 0.015])
def test_a_function_that_falls_is_searched(dip: float) -> None:
    def rising(k: Floats) -> Floats:
        return np.asarray(k / 100.0 - dip * (k == 41.0))

    steps = Steps(rising, lambda p: 100.0 * p, 0.0, 100.0, 0.0)
    assert (steps._table is None) == (dip > 0.0)
    level = np.random.default_rng(2).random(1000)
    assert np.array_equal(steps.smallest(level), steps._searched(level))


@pytest.mark.parametrize("q", [1e-20, 1e-100])
def test_far_tails_of_discrete_laws_of_scipy(q: float) -> None:
    own, scipy = of("poisson", mean=3), of("scipy", name="poisson", args={"mu": 3.0})
    assert float(scipy.isf(q)) == float(own.isf(q))
    assert float(stats.poisson(3.0).sf(float(own.isf(q)))) <= q


@pytest.mark.parametrize(
    ("keys", "mean"),
    [
        ({"name": "poisson", "args": {"mu": 3.0}, "min": 1}, 3.0 / -np.expm1(-3.0)),
        ({"name": "geom", "args": {"p": 0.2}, "min": 4}, 3.0 + 5.0),  # without memory
        (
            {"name": "zipf", "args": {"a": 6.0}, "min": 2},
            (special.zeta(5.0) - 1.0) / (special.zeta(6.0) - 1.0),
        ),
    ],
)
def test_mean_of_a_discrete_law_of_scipy_cut_from_below(keys: dict[str, Any], mean: float) -> None:
    assert of("scipy", **keys).expectation == pytest.approx(mean, rel=1e-9)


# --- in the place of SciPy's functions ---


@pytest.mark.parametrize(
    ("a", "b"), [(0.1, 0.1), (0.2, 0.9), (1.0, 5.0), (5.0, 5.0), (3.4, 2.6), (28.5, 3.5)]
)
def test_beta_quantiles_are_those_of_scipy(
    a: float, b: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beta_shaped, "special", None)
    assert errors(beta_ppf(a, b, LEVELS), special.betaincinv(a, b, LEVELS)).max() < 1e-13
    # SciPy has none that far out: there the first term of the series is exact.
    far = np.array([1e-290, 1e-250])
    exact = np.power(a * float(special.beta(a, b)) * far, 1.0 / a)
    assert errors(beta_ppf(a, b, far), exact)[exact < 1e-20].max(initial=0.0) < 1e-12


def test_the_normal_distribution_function_is_that_of_scipy() -> None:
    """Rounding of z alone, and of its half square, makes an error of z^2 spacings."""
    z = np.linspace(-8.0, 8.0, 1001)
    assert errors(normal_cdf(z), special.ndtr(z)).max() < 1e-13
