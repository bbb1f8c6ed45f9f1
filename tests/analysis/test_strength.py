"""Bands of strength and losses where they are known exactly, and where later counts fall."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest

from simulate.analysis.binned import Binned
from simulate.analysis.strength import (
    LEVELS,
    BinnedStrength,
    claims_of,
    count_point,
    ends_of,
    observed_checks,
    strength_over_time,
)
from simulate.analysis.summary import ObservedCheck, StrengthOverTime
from simulate.engine.extremes import Extremes
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import run_plan
from simulate.engine.strength import BINS, COLUMNS, columns
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.bounded import Constant, Uniform
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day
from tests.cases import ALARM, COUNT, SIZE, scenario, uniform

RATE = 3800 / 41
START = dt.date(2024, 12, 6)


def over_time(of: Scenario, draws: int = 8192, method: str = "lattice") -> StrengthOverTime:
    plan = plan_for(of, draws=draws, seed=0, method=method, strength=True)
    tally = run_plan(plan, Workers(1)).strength
    assert tally is not None
    return strength_over_time(of, plan, tally)


def checks(of: Scenario, draws: int = 8192) -> tuple[ObservedCheck, ...]:
    plan = plan_for(of, draws=draws, seed=0, method="lattice")
    tally = run_plan(plan, Workers(1)).strength
    assert tally is not None
    return observed_checks(of, plan, tally)


def observed(*counts: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"label": date, "date": date, "losses": losses} for date, losses in counts]


def elapsed(found: StrengthOverTime) -> Floats:
    """Days from the start of the losses to the end of each date."""
    return np.array([(date - START).days + 1.0 for date in found.dates])


# --- bands ---


def test_with_constant_inputs_the_bands_are_the_line_itself() -> None:
    found = over_time(scenario())
    assert found.dates[0] == dt.date(2024, 12, 5)
    assert found.dates[-1] == dt.date(2025, 4, 14)
    lost = np.minimum(RATE * elapsed(found), 12000)
    for present_at, lost_at in zip(found.present.values, found.lost.values, strict=True):
        np.testing.assert_allclose(lost_at, lost, rtol=1e-12)
        np.testing.assert_allclose(present_at, 12000 - lost, rtol=1e-12, atol=1e-8)
        assert (present_at[0], present_at[-1]) == (12000.0, 0.0)
        assert (lost_at[0], lost_at[-1]) == (0.0, 12000.0)
    assert {error for errors in found.present.mc_errors for error in errors} == {0.0}


def gap(found: StrengthOverTime, low: float, high: float) -> float:
    """Largest distance of the strength present from that of a uniform force."""
    days = elapsed(found)
    exact = [np.maximum(low + level * (high - low) - RATE * days, 0) for level in found.levels]
    return float(np.abs(np.array(found.present.values) - exact).max())


def test_one_uncertain_force() -> None:
    found = over_time(scenario(3800, uniform(10000, 14000)))
    # One point in each of the 1024 equal strata of a replicate: shares are off by one in 1024 at
    # most, and between the edges of the bins both shares are straight lines. Only in the bin
    # beside zero a straight line does not end where the bin does.
    assert gap(found, 10000, 14000) <= 4000 / 1024 + 14000 / BINS / 2
    assert gap(found, 10000, 14100) > 4 * (4000 / 1024 + 14000 / BINS / 2)
    zero = np.array(found.present.values[0]) == 0.0
    # The 5th percentile of the force is 10,200: gone on day 110.05.
    assert elapsed(found)[zero].min() == 111.0


def test_strength_and_losses_of_a_known_force_mirror_each_other() -> None:
    found = over_time(scenario(COUNT, 12000))
    total = np.array(found.present.values) + np.array(found.lost.values[::-1])
    np.testing.assert_allclose(total, 12000, rtol=1e-9)
    np.testing.assert_allclose(found.present.mc_errors, found.lost.mc_errors[::-1], atol=1e-6)
    assert max(found.lost.values[-1]) == 12000.0


def test_random_draws_fall_around_the_exact_bands() -> None:
    """At each level the share of independent draws below is binomial."""
    size = uniform(10000, 14000)
    found = over_time(scenario(3800, size), draws=100_000, method="random")
    z = 7.0  # two sides, five levels, and 140 moments that are not independent of each other
    assert 5 * 140 * math.erfc(z / math.sqrt(2)) < ALARM
    days, bin_width = elapsed(found), 14000 / BINS
    for level, values in zip(found.levels, found.present.values, strict=True):
        exact = np.maximum(10000 + level * 4000 - RATE * days, 0)
        tolerance = z * 4000 * math.sqrt(level * (1 - level) / 100_000) + bin_width / 2
        np.testing.assert_allclose(values, exact, rtol=0, atol=tolerance)
    errors = np.array(found.present.mc_errors)[:, 5]
    expected = [1.96 * 4000 * math.sqrt(p * (1 - p) / 100_000) for p in LEVELS]
    np.testing.assert_allclose(errors, expected, rtol=0.2)


def test_the_bins_cost_a_small_part_of_their_width() -> None:
    """Quantiles of the tally against those of the very draws, sorted."""
    rng = np.random.default_rng(0)
    n = 2**17
    draws = np.maximum(12000 - rng.lognormal(9, 0.3, n), 0)
    top = float(draws.max())
    series = series_of(draws[np.newaxis], top)
    exact = np.quantile(draws, LEVELS, method="inverted_cdf")
    found = np.array(series.bands(LEVELS).values)[:, 0]
    # Inside a bin the draws are spread as by chance, so their order statistics stray from a
    # straight line as those of a uniform sample do (Brownian bridge, middle at its widest).
    width = top / BINS
    inside = n * np.diff(np.quantile(draws, [0.45, 0.55]))[0] ** -1 * 0.1 * width
    assert np.abs(found - exact).max() <= width * 5 * 0.5 / math.sqrt(inside)
    assert found[0] == 0.0


def series_of(
    draws: Floats, top: float, replicates: int = 8, *, random: bool = False
) -> BinnedStrength:
    """A series made by hand of draws of shape (moments, n)."""
    moments, n = draws.shape
    counts = np.zeros((replicates, moments, COLUMNS), dtype=np.int64)
    for r in range(replicates):
        for m in range(moments):
            counts[r, m] = np.bincount(columns(draws[m, r::replicates], top), minlength=COLUMNS)
    met = Extremes.empty(moments, COLUMNS)
    for m in range(moments):
        met.note(columns(draws[m], top) + m * COLUMNS, draws[m])
    edges = np.concatenate([[0.0], top / BINS * np.arange(BINS + 1), [np.inf]])
    return BinnedStrength(ends_of(edges, counts, met), counts, n // replicates, random)


@pytest.mark.parametrize("random", [True, False])
def test_many_moments_at_once_are_what_each_is_alone(random: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    rng = np.random.default_rng(1)
    draws = rng.normal([[5000.0], [6000.0]], [[300.0], [50.0]], (2, 40_000))
    series = series_of(draws, 8000.0, random=random)
    found = series.bands(LEVELS)
    for m in range(2):
        edges = np.asarray(8000 / BINS * np.arange(BINS + 1), dtype=np.float64)
        alone = Binned(
            edges=edges,
            counts=series.counts[:, m, 1:-1],
            below=series.counts[:, m, 0],
            draws=5000,
            independent=random,
        )
        for k, level in enumerate(LEVELS):
            assert found.values[k][m] == pytest.approx(alone.quantile(level), rel=1e-12)
            assert found.mc_errors[k][m] == pytest.approx(alone.half_widths([level]), rel=1e-6)


def test_levels_that_the_draws_do_not_support_are_left_out() -> None:
    of = scenario(COUNT, SIZE)
    assert over_time(of, draws=1).levels == (0.5,)
    assert over_time(of, draws=64).levels == (0.25, 0.5, 0.75)
    assert over_time(of, draws=128).levels == LEVELS


# --- counts ---


def test_the_count_as_a_point() -> None:
    (point,) = over_time(
        scenario(uniform(3000, 4000), as_of=uniform("2025-01-06", "2025-01-16"))
    ).claims
    assert point.label == "losses.count"
    assert (point.low, point.count, point.high) == (3050.0, 3500.0, 3950.0)
    days = (point.earliest, point.date, point.latest)
    assert [day.isoformat() for day in days] == ["2025-01-06", "2025-01-11", "2025-01-15"]
    named = claims_of(scenario({**COUNT, "source": "the ministry"}))
    assert named[0][0] == "the ministry"
    fixed = count_point("x", Constant(value=3.0), Constant(value=Day.of(START)))
    assert (fixed.low, fixed.high, fixed.earliest, fixed.latest) == (3.0, 3.0, START, START)


@pytest.mark.parametrize(
    ("as_of", "days", "points"),
    [("2025-01-26", 30, 0), ("2024-12-27", 60, 0), ("2024-12-06", 81, 1)],
)
def test_losses_of_a_stock_count_from_its_day(as_of: str, days: int, points: int) -> None:
    """At 30 a day; what was counted is drawn only if it counts from the same day."""
    stock = {"force": {"as_of": as_of}, "observed": observed(("2025-02-25", 1000))}
    wounded = {"share": 0.7, "return_share": 0.5, "return_days": 30}
    for more in ({}, {"rate": {"multiplier": 1}}, {"wounded": wounded}):
        of = scenario(1350, 8000, as_of="2025-01-20", **stock, **more)
        (check,) = checks(of)
        assert check.simulated[0].value == pytest.approx(30.0 * days, rel=1e-9)
        assert len(claims_of(of)) == points


def test_where_a_later_count_falls() -> None:
    # By then the whole force is lost in every draw, and it is uniform.
    late = "2025-12-01"
    of = scenario(
        3800,
        uniform(10000, 14000),
        observed=observed((late, 11000), (late, uniform(11000, 12000)), (late, 9000)),
    )
    fixed, range_, below = checks(of)
    (at,) = fixed.reported
    assert (at.point, at.losses) == (0.5, 11000.0)
    assert at.level == pytest.approx(0.25, abs=1 / 1024)
    assert at.probability == at.level
    assert 0 < at.mc_error < 2 / 1024
    assert [point.losses for point in range_.reported] == [11050.0, 11500.0, 11950.0]
    levels = [point.level for point in range_.reported]
    assert levels == pytest.approx([0.2625, 0.375, 0.4875], abs=1 / 1024)
    assert below.reported[0].level == below.reported[0].probability == 0.0
    simulated = {quantile.level: quantile.value for quantile in fixed.simulated}
    expected = {0.05: 10200, 0.5: 12000, 0.95: 13800}
    assert simulated == pytest.approx(expected, abs=4000 / 1024)


def test_a_count_that_many_draws_share() -> None:
    of = scenario(observed=observed(("2025-12-01", 12000), ("2025-12-01", 11999)))
    exactly, fewer = (check.reported[0] for check in checks(of))
    assert (exactly.level, exactly.probability) == (0.5, 1.0)
    assert (fewer.level, fewer.probability) == (0.0, 0.0)
    # The losses begin on 1 January in half of the draws only.
    of = scenario(
        as_of="2025-02-01",
        start={"distribution": "discrete", "values": ["2024-12-06", "2025-01-01"]},
        observed=observed(("2024-12-31", 0)),
    )
    (none,) = checks(of)[0].reported
    assert none.probability == pytest.approx(0.5, abs=1 / 1024)
    assert none.level == pytest.approx(0.25, abs=1 / 1024)


def test_a_later_count_changes_nothing_else() -> None:
    plain = scenario(COUNT, SIZE)
    asked = scenario(COUNT, SIZE, observed=observed(("2025-02-01", uniform(4000, 5000))))
    assert [item.name for item in asked.inputs] == [item.name for item in plain.inputs]
    runs = [run_plan(plan_for(of, draws=8192, seed=0, method="lattice")) for of in (plain, asked)]
    assert np.array_equal(runs[0].passages, runs[1].passages)
    assert Uniform(low=4000.0, high=5000.0) == asked.observed[0].losses
