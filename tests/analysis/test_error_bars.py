"""The stated Monte Carlo errors are honest, and even points are worth their name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace
from scipy import stats

from simulate.scenario.model import Scenario
from tests.cases import (
    ALARM,
    COUNT,
    DAYS,
    SIZE,
    UNCERTAIN_DATES,
    passages,
    plan,
    scenario,
    uncertain_dates_cdf,
    uniform,
)
from tests.exact import (
    lognormal,
    score_correlation,
    straight_line_cdf,
    straight_line_quantile,
)

METHODS = ("lattice", "sobol", "latin-hypercube", "random")
LEVELS = (0.05, 0.5, 0.95)
SEEDS = 200
DRAWS = 4096


class Exact(NamedTuple):
    days: tuple[float, ...]  # of the LEVELS
    by: float
    probability: float


RANK = 0.482584
PAIR = {"inputs": ["losses.count", "force.size"], "rank": RANK}


def lognormals(rank: float) -> dict[str, Any]:
    r = score_correlation(rank)
    laws = {"count": lognormal(3000, 4000), "size": lognormal(10000, 12000)}
    return {"days": DAYS, **laws, "correlation": r}


def closed_form(rank: float, by: float) -> Exact:
    laws = lognormals(rank)
    days = tuple(straight_line_quantile(level, **laws) for level in LEVELS)
    return Exact(days, by, straight_line_cdf(by, **laws))


DATES = Exact(
    days=(89.88780270666435, 115.24445958118353, 146.23985576692957),
    by=121.0,
    probability=0.6253796147610106,
)
"""By nested quadrature over the dates, count and size."""

CASES: dict[str, tuple[Scenario, Exact]] = {
    "both": (scenario(COUNT, SIZE), closed_form(0, 130.0)),
    "copula": (scenario(COUNT, SIZE, correlations=[PAIR]), closed_form(RANK, 130.0)),
    "dates": (scenario(COUNT, SIZE, **UNCERTAIN_DATES), DATES),
}


def covered(
    of: Scenario, method: str, truth: Exact, *, shrink: float = 1.0
) -> npt.NDArray[np.int64]:
    """In how many of the seeds the error bars hold the exact quantiles, and the exact P(by)."""
    ready = plan(of, method, DRAWS)
    hits = np.zeros(len(LEVELS) + 1, dtype=np.int64)
    for seed in range(SEEDS):
        law = passages(ready, seed)
        for i, (level, day) in enumerate(zip(LEVELS, truth.days, strict=True)):
            x, ((low,), (high,)) = law.quantile(level), law.error_bars([level])
            assert x is not None
            assert np.isfinite([low, high]).all()
            hits[i] += x - shrink * (x - low) <= day <= x + shrink * (high - x)
        hits[-1] += abs(law.cdf(truth.by) - truth.probability) <= shrink * law.cdf_error(truth.by)
    return hits


def test_exact_values_between_uncertain_dates() -> None:
    found = [uncertain_dates_cdf(t) for t in (*DATES.days, DATES.by)]
    assert found == pytest.approx([*LEVELS, DATES.probability], rel=0, abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", ["both", "dates"])
def test_95_percent_error_bars_cover_90_to_99_percent(case: str, method: str) -> None:
    """Chance of a false alarm in each of the four counts: .0016.

    That is of fewer than 180 or more than 198 hits in 200 with probability .95. The seeds are
    fixed, so a pass stays a pass until the numbers change.
    """
    of, truth = CASES[case]
    law = stats.binom(SEEDS, 0.95)
    assert law.cdf(179) + law.sf(198) < 0.0017
    hits = covered(of, method, truth)
    assert np.all((hits >= 0.90 * SEEDS) & (hits <= 0.99 * SEEDS)), hits


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_error_bars_of_half_the_length_are_found_out(method: str) -> None:
    of, truth = CASES["copula"]
    assert np.all(covered(of, method, truth, shrink=0.5) < 0.90 * SEEDS)


@pytest.mark.parametrize("method", METHODS)
def test_one_uncertain_input_is_never_promised_too_much(method: str) -> None:
    """Even points leave an error below a point there, and half a point is stated."""
    days = tuple(DAYS * 12000 / x for x in (3900.0, 3500.0, 3100.0))
    levels = (0.1, 0.5, 0.9)
    ready = plan(scenario(uniform(3000, 4000), 12000), method, DRAWS)
    hits = np.zeros(len(days), dtype=np.int64)
    for seed in range(SEEDS // 2):
        law = passages(ready, seed)
        hits += [abs(law.cdf(t) - p) <= law.cdf_error(t) for t, p in zip(days, levels, strict=True)]
    # Below 80 of 100 with probability .95: 2e-8.
    assert stats.binom(SEEDS // 2, 0.95).cdf(79) < ALARM
    assert np.all(hits >= 80), hits


def variances(of: Scenario, method: str, draws: int, seeds: int) -> npt.NDArray[np.float64]:
    """Variance between seeds of P5, P50 and P95."""
    ready = plan(of, method, draws)
    found = []
    for seed in range(seeds):
        law = passages(replace(ready, seed=seed))
        found.append([law.quantile(level) for level in LEVELS])
    return np.asarray(np.var(np.array(found, dtype=np.float64), axis=0, ddof=1))


def test_the_lattice_is_worth_many_times_its_draws() -> None:
    """Three uncertain inputs: a smaller variance on P5, P50 and P95 than random points have.

    The ratio of two sample variances over that of the variances follows F; were the lattice no
    better than five times, the measured ratio would pass with a chance of one in a million.
    """
    of = scenario(COUNT, SIZE, as_of=uniform("2025-01-04", "2025-01-16"))
    seeds = 60
    ratio = variances(of, "random", 131_072, seeds) / variances(of, "lattice", 131_072, seeds)
    bound = float(stats.f.ppf(1 - ALARM, seeds - 1, seeds - 1))
    assert np.all(ratio > 5 * bound), ratio
    plain = variances(of, "latin-hypercube", 16_384, seeds)
    assert not np.all(variances(of, "random", 16_384, seeds) / plain > 5 * bound)
