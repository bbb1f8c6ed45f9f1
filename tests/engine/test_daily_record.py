"""Strength and losses along a walk by days: nobody appears or disappears, and the other roads."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import special

from simulate.scenario.arrays import Floats
from tests import slow_twin as twin
from tests.cases import COUNT, SIZE, scenario, uniform
from tests.engine.test_by_events import recorded
from tests.engine.test_daily import EVERYTHING, bounds, within
from tests.walks import COUNTINGS, Counting, Series, daily, departures, moved

# --- conservation ---

DAYS = 180.0


def back_by_then(claim: twin.Claim, before: Floats, after: Floats, losses: Floats) -> Floats:
    """Men back at the end of each step: of those lost evenly over each one before, Erlang's share.

    The integral of the distribution function of the delay, from `after` to `before` days of age.
    """
    ill = claim.wounded
    rate = ill.stages / ill.return_days

    def integral(age: Floats) -> Floats:
        age = np.maximum(age, 0.0)
        found = age * special.gammainc(ill.stages, rate * age)
        return np.asarray(found - ill.return_days * special.gammainc(ill.stages + 1, rate * age))

    now = after[:, np.newaxis]
    lengths = after - before
    whole = integral(now - before) - integral(now - after)
    share = np.where((lengths > 0) & (after <= now), whole, 0.0) / np.where(lengths > 0, lengths, 1)
    return ill.share * ill.return_share * np.asarray(share @ losses)


def imbalance(claim: twin.Claim, series: Series, *, returns: float = 1.0) -> float:
    """All sent, less the lost, plus those back, less the present: at most, of the force."""
    before, after = series.column("time", 0), series.column("time")
    lost, present = series.column("lost"), series.column("strength")
    losses = lost - series.column("lost", 0)
    first = twin.first_day(claim)
    came = [max(arrival.day, first) for arrival in claim.reinforcements]
    sizes = [arrival.size for arrival in claim.reinforcements]
    # A step ends before those arrive who come at its end.
    sent = claim.size + np.where(np.array(came) < after[:, np.newaxis], sizes, 0.0).sum(axis=1)
    back = returns * back_by_then(claim, before, after, losses)
    return float(np.abs(sent - lost + back - present).max() / claim.size)


@settings(max_examples=20, deadline=None)
@given(claim=departures(exponents=st.just(1.0) | st.floats(0.01, 1.5)))
def test_nobody_appears_or_disappears(claim: twin.Claim) -> None:
    """Day by day: those present are all sent, less the lost, plus those who are back.

    With an exponent, where losses count as even over a day.
    """
    claim = replace(claim, thresholds=(1.0,))
    first = twin.first_day(claim)
    shift = -min(first, 0.0)  # a record begins at 0
    claim = moved(claim, shift)
    series = Series(DAYS)
    found = daily(claim, until=DAYS, record=series)
    lost, present = series.column("lost"), series.column("strength")
    sent = claim.size + sum(arrival.size for arrival in claim.reinforcements)
    assert present.min() >= 0
    assert present.max() <= sent * (1 + 1e-12)
    assert (np.diff(lost) >= -1e-9 * claim.size).all()
    if not found.over.item():  # else more is claimed than there were, and taken as it is
        assert imbalance(claim, series) <= 1e-9


def test_the_balance_can_fail() -> None:
    claim = moved(EVERYTHING, 30.0)
    series = Series(DAYS)
    daily(claim, until=DAYS, record=series)
    assert imbalance(claim, series) <= 1e-9
    assert imbalance(claim, series, returns=1 + 1e-6) > 1e-9
    assert imbalance(replace(claim, size=claim.size * (1 + 1e-8)), series) > 1e-9


def test_a_record_joins_up_and_covers_every_day() -> None:
    claim = moved(EVERYTHING, 30.0)
    series = Series(DAYS)
    daily(claim, until=DAYS, record=series)
    for (_, end), (begin, _) in zip(series.steps, series.steps[1:], strict=False):
        assert end.time == begin.time
        assert end.lost <= begin.lost + 1e-9
        assert end.strength <= begin.strength  # some may arrive in between
    assert series.steps[0][0].time <= 0
    assert series.steps[-1][1].time >= DAYS
    assert all(after.time - before.time <= 1 for before, after in series.steps)


@pytest.mark.parametrize("counting", COUNTINGS)
def test_a_record_changes_no_first_passage(counting: Counting) -> None:
    claim = replace(moved(EVERYTHING, 30.0), counting=counting, thresholds=(0.2, 0.4, 0.6))
    series = Series(300.0)
    with_record = daily(claim, until=300.0, record=series).time
    without = daily(claim, until=300.0).time
    assert (without < 300).all()
    assert with_record.tolist() == without.tolist()


# --- the slow twin's series ---


def test_the_series_of_the_slow_twin() -> None:
    """Every day, in men: twice as many as the dates are allowed to be off by."""
    claim = moved(replace(EVERYTHING, thresholds=(1.0,)), 30.0)
    path = twin.walk(claim, step=0.05, days=250.0)
    series = Series(200.0)
    daily(claim, until=200.0, record=series)
    off = 2 * 2e-4 * claim.size
    days = series.column("time")
    walked = days <= 200.0
    worst = {}
    for name, exact in (("strength", path.present), ("lost", path.losses)):
        # Where somebody arrives a time stands twice; the record holds what was before.
        times, first = np.unique(path.times, return_index=True)
        at = np.interp(days, times, np.array(exact)[first])
        close = np.abs(days[:, np.newaxis] - np.array([50.25, 110.5])).min(axis=1) > 0.1
        close &= walked
        worst[name] = np.abs(at - series.column(name))[close].max()
    assert max(worst.values()) < off
    other = twin.walk(replace(claim, multiplier=1.11), step=0.05, days=250.0)
    assert abs(other.losses[-1] - path.losses[-1]) > 5 * off


# --- the straight line's record, and ends ---


taken_down = partial(recorded, n=128, parts=1)
MOMENTS = (0.0, 1.0, 12.0, 25.0, 41.0, 42.0, 80.0, 130.0, 200.0, 250.0)
EARLY = {"label": "truce", "date": "2024-12-26"}
LATE = {"label": "truce", "date": uniform("2025-01-20", "2025-03-01"), "probability": 0.5}
UNSURE = {"label": "truce", "date": uniform("2024-12-10", "2025-03-01"), "probability": 0.5}


@pytest.mark.parametrize("ends", [[], [EARLY], [LATE], [UNSURE, LATE | {"label": "peace"}]])
@pytest.mark.parametrize("as_of", ["2025-01-16", uniform("2025-01-05", "2025-01-25")])
@pytest.mark.parametrize(
    "road",
    [
        {"counting": "strength"},
        {"rate": {"drift": {"sd": 0, "correlation_days": 10}}},
        {"wounded": {"share": 1, "return_share": 1e-12, "return_days": 9}, "counting": "strength"},
        {"rotation": {"line_days": 900, "rest_days": 1, "return_intensity": 1}},
    ],
)
def test_the_record_of_the_straight_line(road: Any, as_of: Any, ends: list[Any]) -> None:
    """Where nothing departs from it; an end stops losses also before the day of the count.

    Where days do not end at midnight, what a record holds of the day on which a force runs out
    lies on a straight line down to nothing: less than a day's losses, in few draws.
    """
    straight = scenario(COUNT, SIZE, as_of=as_of, ends=ends)
    expected = taken_down(straight, *MOMENTS)
    found = taken_down(scenario(COUNT, SIZE, as_of=as_of, ends=ends, **road), *MOMENTS)
    for one, other in zip(found, expected, strict=True):
        off = np.abs(one - other)
        running_out = 0 if isinstance(as_of, str) else 3
        assert np.count_nonzero(off > 1e-9 * 12000) <= running_out
        assert off.max() < 100
    wrong = taken_down(scenario(COUNT, SIZE, as_of=as_of, ends=[EARLY]), *MOMENTS)
    assert ends == [EARLY] or np.abs(wrong[1] - found[1]).max() > 1


def test_after_an_end_men_still_return_and_arrive() -> None:
    wounded = {"share": 1, "return_share": 0.5, "return_days": 20, "stages": 1}
    arrival = {"date": "2025-03-01", "size": 700}
    for date in ("2024-12-26", "2025-02-14"):
        of = scenario(
            ends=[{"label": "truce", "date": date}],
            wounded=wounded,
            reinforcements=[arrival],
            counting="strength",
        )
        present, lost = taken_down(of, 20.0, 70.0, 84.0, 86.0, 400.0)
        assert (np.diff(lost[1:], axis=0) == 0).all()
        assert np.allclose(present[3] - present[2], 700, atol=100)
        assert np.allclose(present[4], 12700 - lost[4] / 2, atol=0.01)


def test_the_twin_is_where_the_walk_is() -> None:
    """The bounds of the dates hold for the case whose record is compared above."""
    low, high = bounds(EVERYTHING)
    assert daily(EVERYTHING, until=400.0).time.item() == within(low, high - low)
