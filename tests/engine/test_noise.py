"""Random numbers beyond the columns of a block, and the drift they make."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

from simulate.engine.sampling.design import Segment, segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.sampling.streams import split_mix
from simulate.engine.strength import Seen
from simulate.engine.walk.dynamics import DAYS, Noise, later_uniforms
from simulate.scenario.arrays import Floats, Ints
from tests.cases import ALARM, plan, scenario

PLACE = (1, 0, 16384)


def numbers(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def test_the_published_sequence_of_split_mix() -> None:
    """The test vector of Vigna's reference implementation, seed 1234567."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    keys = np.full(5, 1234567, dtype=np.uint64)
    assert split_mix(keys, numbers(1, 2, 3, 4, 5)).tolist() == published
    assert split_mix(keys, numbers(2, 3, 4, 5, 6)).tolist()[:4] == published[1:]
    top = np.array([2**64 - 1, 0], dtype=np.uint64)  # wraps around
    assert len(set(split_mix(top, numbers(1, 1)).tolist())) == 2


def test_numbers_do_not_depend_on_who_else_is_asked_for() -> None:
    noise = Noise(5, (Segment(*PLACE, 100),))
    everybody = np.arange(100)
    for day in (0, 8, 800):
        whole = noise.normals(day, everybody)
        assert whole.shape == (DAYS, 100)
        for some in (numbers(3), numbers(0, 99), numbers(7, 50, 51), everybody[::3], numbers()):
            assert noise.normals(day, some).tolist() == whole[:, some].tolist()
    keys = noise.keys("rotation.line_days")
    whole_later = later_uniforms(keys, everybody, np.full(100, 4))
    assert later_uniforms(keys, numbers(7, 50), numbers(4, 4)).tolist() == [
        whole_later[7],
        whole_later[50],
    ]


def test_asking_again_gives_the_same_whatever_became_of_the_first_answer() -> None:
    noise = Noise(5, (Segment(*PLACE, 10),))
    first = noise.normals(16, np.arange(10))
    kept = first.copy()
    first *= 0
    assert noise.normals(16, np.arange(10)).tolist() == kept.tolist()


def test_other_seeds_places_days_and_names_give_other_numbers() -> None:
    everybody = np.arange(50)
    noises = [Noise(5, (Segment(*PLACE, 50),))]
    noises += [replace(noises[0], seed=6), replace(noises[0], seed=5 + 2**64)]
    noises += [
        replace(noises[0], segments=(Segment(*place, 50),))
        for place in ((2, 0, 16384), (1, 1, 16384))
    ]
    noises += [replace(noises[0], segments=(Segment(1, 0, 0, 50),))]
    drawn = [noise.normals(day, everybody) for noise in noises for day in (0, 8)]
    drawn += [
        later_uniforms(noise.keys(f"rotation.{name}"), everybody, np.full(50, spell))[np.newaxis]
        for noise in noises
        for name in ("line_days", "rest_days")
        for spell in (1, 2)
    ]
    values = np.concatenate([part.ravel() for part in drawn])
    assert np.unique(values).size == values.size


def test_days_and_draws_are_independent_normal_numbers() -> None:
    """Kolmogorov and Smirnov, and correlations of neighbours."""
    noise = Noise(0, (Segment(0, 0, 0, 500),))
    drawn = np.concatenate([noise.normals(day, np.arange(500)) for day in range(0, 80, DAYS)])
    assert stats.kstest(drawn.ravel(), "norm").pvalue > ALARM
    assert stats.kstest(1.1 * drawn.ravel(), "norm").pvalue < ALARM
    furthest = stats.norm.isf(ALARM / 6)
    for one, other in ((drawn[1:], drawn[:-1]), (drawn[:, 1:], drawn[:, :-1])):
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) * math.sqrt(one.size) < furthest
    keys = noise.keys("rotation.line_days")
    later = np.stack([later_uniforms(keys, np.arange(500), np.full(500, i)) for i in range(1, 41)])
    assert stats.kstest(later.ravel(), "uniform").pvalue > ALARM
    correlation = np.corrcoef(later[1:].ravel(), later[:-1].ravel())[0, 1]
    assert abs(correlation) * math.sqrt(later[1:].size) < furthest


# --- the levels of the drift that losses show ---

DRAWS = 4096
SD, MEMORY = 0.3, 20.0


class Kept:
    """A recorder that keeps the losses at each moment; all draws come in their order."""

    losses_only = False

    def __init__(self, *times: float) -> None:
        self.times = times
        self.lost: dict[float, Floats] = {}

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, **_others: Any) -> None:
        assert weight == 1
        (moment,) = set(np.broadcast_to(moments, seen.lost.shape).tolist())
        self.lost[self.times[moment]] = seen.lost.copy()


@pytest.fixture(scope="module")
def levels() -> Floats:
    """Logarithms of the losses of 61 days in units of the rate, shape (61, DRAWS)."""
    drift = {"drift": {"sd": SD, "correlation_days": MEMORY}}
    ready = plan(scenario(3800, 1e6, rate=drift, horizon=80), draws=8)
    kept = Kept(*(41.0 + day for day in range(62)))
    points = next(METHODS["random"](ready.design, 0, ready.names, 0, 0))
    wide = np.broadcast_to(points[:, :1], (len(points), DRAWS))
    ready.first_passage(ready.draws(wide, segments(3, 0, 0, DRAWS)), [kept])
    lost = np.stack([kept.lost[time] for time in kept.times])
    return np.asarray(np.log(np.diff(lost, axis=0) * 41 / 3800))


def test_the_level_starts_at_zero(levels: Floats) -> None:
    np.testing.assert_allclose(levels[0], 0, atol=1e-9)


@pytest.mark.parametrize("day", [1, 5, 20, 60])
def test_the_spread_of_the_level(levels: Floats, day: int) -> None:
    """sd^2 (1 - phi^(2 day)), of which DRAWS sample squares are a chi-square number."""
    drawn = float(np.sum(levels[day] ** 2))
    low, high = stats.chi2(DRAWS).ppf(ALARM / 8), stats.chi2(DRAWS).isf(ALARM / 8)

    def fits(sd: float, memory: float) -> bool:
        variance = sd**2 * -math.expm1(-2 * day / memory)
        return bool(low <= drawn / variance <= high)

    assert fits(SD, MEMORY)
    assert not fits(1.15 * SD, MEMORY)
    assert not fits(SD, MEMORY / 3) or day > 20


@pytest.mark.parametrize("lag", [1, 10, 20])
def test_the_memory_of_the_level(levels: Floats, lag: int) -> None:
    """Correlations after 40 days, by Fisher's transformation normal with variance 1 / (n - 3)."""
    found = np.corrcoef(levels[40], levels[40 + lag])[0, 1]

    def fits(memory: float) -> bool:
        stay = math.exp(-lag / memory)
        start, end = (-math.expm1(-2 * day / memory) for day in (40, 40 + lag))
        exact = stay * math.sqrt(start / end)
        z = (math.atanh(found) - math.atanh(exact)) * math.sqrt(DRAWS - 3)
        return bool(abs(z) < stats.norm.isf(ALARM / 6))

    assert fits(MEMORY)
    assert not fits(1.3 * MEMORY)


@pytest.mark.parametrize("day", [1, 20, 60])
def test_half_of_the_rates_are_above_the_reported_one(levels: Floats, day: int) -> None:
    above = int(np.count_nonzero(levels[day] > 0))
    law = stats.binom(DRAWS, 0.5)
    low, high = law.ppf(ALARM / 6), law.isf(ALARM / 6)
    assert low <= above <= high
    # A drift that keeps the mean instead is below the median by half its variance.
    shifted = np.count_nonzero(levels[day] > np.var(levels[day]) / 2)
    assert day == 1 or not low <= shifted <= high


def test_levels_are_normal_and_draws_independent(levels: Floats) -> None:
    assert stats.kstest(levels[60] / SD / math.sqrt(-math.expm1(-6)), "norm").pvalue > ALARM
    neighbours = np.corrcoef(levels[60, 1:], levels[60, :-1])[0, 1]
    assert abs(neighbours) * math.sqrt(DRAWS) < stats.norm.isf(ALARM / 2)
