"""What must hold of scenarios walked by days, draw by draw with common random numbers.

Everything holds where spells end by days: rests then do not depend on what is lost. It holds as
well where they end by losses alone: who loses men faster is never behind in the order of spells.
Where both can end them it does not: a spell that began earlier can end, by its length, just before
days of strong fighting; `test_what_does_not_hold` shows it. With an exponent those who return or
arrive are lost faster, so that only the strength keeps the order.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.engine.pilot_run import plan_for
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import SEGMENT
from simulate.engine.sampling.points import METHODS
from simulate.engine.shape import Shape
from simulate.engine.workers import Workers
from simulate.scenario.arrays import Floats
from simulate.scenario.model import Scenario
from tests.cases import AS_OF, START, plan, scenario, uniform

POINTS = 64
COUNT, SIZE = uniform(3000, 4000), uniform(10000, 12000)
WOUNDED = {
    "share": uniform(0.5, 0.9),
    "return_share": 0.6,
    "return_days": uniform(10, 60),
    "stages": 2,
}
DRIFT = {"drift": {"sd": uniform(0.1, 0.5), "correlation_days": 20}}
BY_DAYS = {
    "line_days": uniform(5, 40),
    "rest_days": uniform(2, 20),
    "rest_intensity": 0.1,
    "return_intensity": uniform(0.3, 1.5),
}
BY_LOSSES = {**BY_DAYS, "at_loss_share": 0.05}
ARRIVAL = {"date": "2025-02-10", "size": 1500}
PAUSE = {"start": "2025-02-20", "days": 12, "intensity": 0.2}


def _times(of: Scenario) -> Floats:
    ready = plan_for(of, draws=8 * POINTS, seed=0, method="random")
    points = next(METHODS["random"](ready.design, 0, ready.names, 0, 0))
    time = ready.first_passage(ready.draws(points)).time
    end = float(ready.times.days)
    return np.where(time < end, time, np.inf)


def times(count: Any = COUNT, size: Any = SIZE, **more: Any) -> Floats:
    """First passages of 64 draws, shape (thresholds, draws); inf beyond the horizon."""
    return _times(scenario(count, size, **{"horizon": 300, **more}))


def not_before(later: Floats, sooner: Floats, slack: float = 1e-6) -> bool:
    """Whether dates are not before others, draw by draw; a millionth of a day is rounding."""
    return bool(np.all(later >= sooner - slack))


ROADS: dict[str, dict[str, Any]] = {
    "drift": {"rate": DRIFT},
    "rotation": {"rotation": BY_DAYS},
    "returns": {"wounded": WOUNDED, "rotation": {**BY_DAYS, "return_intensity": 1}},
    "all": {"rate": DRIFT, "wounded": WOUNDED, "rotation": BY_DAYS, "reinforcements": [ARRIVAL]},
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_more_force_is_never_earlier(road: dict[str, Any], counting: str) -> None:
    """At a rate of its own: losses are the same, and more of them are wanted."""
    few = times(size=uniform(10000, 12000), counting=counting, **road)
    more = times(size=uniform(10500, 12500), counting=counting, **road)
    assert not_before(more, few)
    assert np.isfinite(few).mean() > 0.2
    assert not not_before(few, more)


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_more_losses_are_never_later(road: dict[str, Any]) -> None:
    """By casualties: the losses of every day grow with the count."""
    few = times(uniform(3000, 4000), **road)
    more = times(uniform(3100, 4100), **road)
    assert not_before(few, more)
    assert not not_before(more, few)


@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_force_and_spells_by_losses(counting: str) -> None:
    """Spells of a share of the force grow with it: they end later and rests come later."""
    alone = {name: value for name, value in BY_LOSSES.items() if name != "line_days"}
    road: dict[str, Any] = {"rotation": alone, "counting": counting, "rate": DRIFT}
    assert not_before(times(size=uniform(10500, 12500), **road), times(**road))
    assert not_before(times(**road), times(uniform(3100, 4100), **road))


def test_what_does_not_hold() -> None:
    """More losses save the force: the second spell begins earlier and ends before the storm.

    First spells of 1200 men end on days 53.9 and 52.7, second ones of 20 days on 103.9 and 102.7.
    """
    rotation = {"at_loss_share": 0.1, "line_days": 20, "rest_days": 30, "return_intensity": 0.3}
    storm = {"start": "2025-03-19", "days": 10, "intensity": 100}  # from day 103 on
    road: dict[str, Any] = {"rotation": rotation, "pauses": [storm], "thresholds": [0.51]}
    fewer, more = times(3800, 12000, **road), times(4200, 12000, **road)
    assert ((fewer > 103) & (fewer < 104)).all()
    assert (more > 130).all()


@pytest.mark.parametrize("days", [1, 365, -1000])
@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_a_shift_of_every_date(road: dict[str, Any], days: int) -> None:
    """The same bits: times count from the first day."""

    def shifted(date: str) -> str:
        return (dt.date.fromisoformat(date) + dt.timedelta(days=days)).isoformat()

    moved = {**road, "start": shifted(START), "as_of": shifted(AS_OF)}
    moved["pauses"] = [{**PAUSE, "start": shifted("2025-02-20")}]
    if "reinforcements" in road:
        moved["reinforcements"] = [{**ARRIVAL, "date": shifted("2025-02-10")}]
    assert times(**moved).tolist() == times(pauses=[PAUSE], **road).tolist()


@pytest.mark.parametrize("factor", [2.0**-10, 1024.0])
@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_another_unit(factor: float, counting: str) -> None:
    """Counts and force by a power of two: the same bits."""

    def scaled(low: float, high: float) -> Any:
        return uniform(low * factor, high * factor)

    road: dict[str, Any] = {"wounded": WOUNDED, "rotation": BY_LOSSES, "counting": counting}
    road["rate"] = {**DRIFT, "strength_exponent": 0.5}
    plain = times(reinforcements=[ARRIVAL], thresholds=[0.4, 0.7], **road)
    other = times(
        scaled(3000, 4000),
        scaled(10000, 12000),
        reinforcements=[{**ARRIVAL, "size": 1500 * factor}],
        thresholds=[0.4, 0.7],
        **road,
    )
    assert other.tolist() == plain.tolist()
    assert np.isfinite(plain).any()
    assert other.tolist() != times(thresholds=[0.4, 0.7], **road).tolist()


@settings(max_examples=12, deadline=None)
@given(
    counting=st.sampled_from(["casualties", "strength"]),
    exponent=st.sampled_from([0, 0, 0.5, 1]),
    share=st.floats(0.05, 1),
    mean=st.floats(5, 100),
    stages=st.integers(1, 5),
)
def test_returns_never_bring_the_date_forward(
    counting: str, exponent: float, share: float, mean: float, stages: int
) -> None:
    """By casualties only at a rate of its own; those back raise one that follows the strength.

    With an exponent the strength of a day is off by the square of the step, about 1e-3 days.
    """
    exponent = 0 if counting == "casualties" else exponent
    road: dict[str, Any] = {"rotation": BY_DAYS, "counting": counting, "thresholds": [0.5]}
    road["rate"] = {**DRIFT, "strength_exponent": exponent} if exponent else DRIFT
    returning = {"share": share, "return_share": 0.7, "return_days": mean, "stages": stages}
    plain, back = times(**road), times(wounded=returning, **road)
    assert not_before(back, plain, 1e-2 if exponent else 1e-6)
    if counting == "strength":
        assert (back > plain + 0.01).any()


@pytest.mark.parametrize("road", ["drift", "rotation", "returns"])
@pytest.mark.parametrize("counting", ["casualties", "strength"])
def test_arrivals_and_pauses_never_bring_the_date_forward(road: str, counting: str) -> None:
    """At a rate of its own."""
    case = {**ROADS[road], "counting": counting, "thresholds": [0.5, 0.9]}
    plain = times(**case)
    for later in (times(reinforcements=[ARRIVAL], **case), times(pauses=[PAUSE], **case)):
        assert not_before(later, plain, 1e-3)
        assert (later > plain + 1).any()


def test_every_draw_has_one_fate() -> None:
    """In whole numbers, for every threshold and replicate."""
    ends = [
        {"label": "peace", "date": uniform("2025-03-01", "2025-06-01"), "probability": 0.4},
        {"label": "withdrawal", "date": "2025-01-01", "probability": 0.2},
    ]
    of = scenario(
        {"distribution": "normal", "mean": 3000, "sd": 2000},
        SIZE,
        ends=ends,
        thresholds=[0.3, 0.6, 1.0],
        counting="strength",
        horizon=150,
        **ROADS["all"],
    )
    ready = plan(of, draws=1024)
    tally = run_plan(ready, Workers(1))
    fates = tally.passages.sum(axis=2) + tally.never.sum(axis=2)
    assert (fates == ready.design.n_draws // ready.design.replicates).all()
    assert (tally.never >= 0).all()
    assert (tally.never.sum(axis=(0, 1)) > 0).all()  # every cause occurs


# --- which road ---

CLOSED: dict[str, dict[str, Any]] = {
    "wounded by casualties": {"wounded": WOUNDED},
    "strength": {"counting": "strength"},
    "everything but": {
        "rate": {"multiplier": 1.1, "trend_per_week": 0.01, "strength_exponent": 0.5},
        "reinforcements": [ARRIVAL],
        "pauses": [PAUSE],
        "prelude": {"start": "2024-11-01", "intensity": 0.2},
        "counting": "strength",
    },
}
WALKED: dict[str, dict[str, Any]] = {
    "wounded and exponent": {"wounded": WOUNDED, "rate": {"strength_exponent": 0.5}},
    "rotation and drift": {"rotation": BY_DAYS, "rate": DRIFT},
}
BY_EVENTS: dict[str, dict[str, Any]] = {
    "rotation": {"rotation": BY_DAYS},
    "rotation by strength": {"rotation": BY_LOSSES, "counting": "strength"},
    "rotation and wounded by casualties": {"rotation": BY_DAYS, "wounded": WOUNDED},
    "rotation and exponent": {"rotation": BY_LOSSES, "rate": {"strength_exponent": 0.5}},
    "wounded by strength": {"wounded": WOUNDED, "counting": "strength"},
    "rotation and wounded by strength": {
        "rotation": BY_DAYS,
        "wounded": WOUNDED,
        "counting": "strength",
    },
}


@pytest.mark.parametrize("blocks", BY_EVENTS.values(), ids=BY_EVENTS)
def test_from_event_to_event_where_nothing_happens_daily(blocks: dict[str, Any]) -> None:
    assert Shape.of(scenario(COUNT, SIZE, **blocks)).road == "events"


@pytest.mark.parametrize("blocks", CLOSED.values(), ids=CLOSED)
def test_the_closed_form_is_taken_where_it_is_exact(blocks: dict[str, Any]) -> None:
    assert Shape.of(scenario(COUNT, SIZE, **blocks)).road == "bent"


@pytest.mark.parametrize("more", [{}, {"wounded": WOUNDED}])
def test_a_change_of_time_where_drift_alone_needs_days(more: dict[str, Any]) -> None:
    assert Shape.of(scenario(COUNT, SIZE, rate=DRIFT, **more)).road == "drift"


@pytest.mark.parametrize("blocks", WALKED.values(), ids=WALKED)
def test_a_walk_where_it_is_not(blocks: dict[str, Any]) -> None:
    assert Shape.of(scenario(COUNT, SIZE, **blocks)).road == "daily"
    shape = Shape.of(scenario(COUNT, SIZE, **blocks))
    assert shape.stages == (2 if "wounded" in blocks else 0)
    assert shape.rotates == ("rotation" in blocks)
    assert shape.drifts == ("drift" in blocks.get("rate", {}))
    ends = [{"label": "peace", "date": "2025-06-01"}]
    assert Shape.of(scenario(COUNT, SIZE, ends=ends)).road == "straight"


def test_returns_are_nothing_to_casualties() -> None:
    """The closed form leaves them out, with a drift as well."""
    still = {"drift": {"sd": 0, "correlation_days": 5}}
    closed, walked = times(wounded=WOUNDED), times(wounded=WOUNDED, rate=still)
    np.testing.assert_allclose(walked, times(), rtol=0, atol=1e-9)
    np.testing.assert_allclose(closed, times(), rtol=0, atol=1e-9)


# --- further random numbers of a scenario ---


def test_the_first_return_is_the_column_of_its_input() -> None:
    """Later ones are drawn anew, so that a lattice serves the return that matters most."""
    rotation = {"line_days": 5, "rest_days": 5, "return_intensity": uniform(0.5, 1.5)}
    case: dict[str, Any] = {"rotation": rotation, "thresholds": [0.385, 0.41]}
    ready = plan_for(scenario(3800, 12000, **case), draws=8 * POINTS, seed=0, method="random")
    points = next(METHODS["random"](ready.design, 0, ready.names, 0, 0))
    first, second = ready.first_passage(ready.draws(points)).time
    # 463 men in the first spell; the second begins on day 51 and the third on day 61.
    rate = 3800 / 41
    expected = 51 + (0.385 * 12000 - 3800 - 5 * rate) / rate / (0.5 + points[0])
    reached = expected < 56
    assert reached.sum() > 40
    np.testing.assert_allclose(first[reached], expected[reached], rtol=0, atol=1e-9)
    third = (second > 61) & (second < 66)
    assert third.sum() > 10
    left = 0.41 * 12000 - 3800 - 5 * rate * (1 + 0.5 + points[0])
    intensity = (left / rate / (second - 61))[third]
    assert not np.isclose(intensity, 0.5 + points[0][third], atol=1e-6).any()
    assert ((intensity > 0.5 - 1e-9) & (intensity < 1.5 + 1e-9)).all()


def test_parts_of_a_block_have_numbers_of_their_own() -> None:
    """Draws that walk together are part of a block; the next ones do not repeat their noise."""
    n = 4 * SEGMENT
    of = scenario(rate={"drift": {"sd": 0.3, "correlation_days": 9}}, thresholds=[0.35])
    ready = plan_for(of, draws=8, seed=0, method="random")
    points = np.empty((len(ready.names), n))
    time = ready.first_passage(ready.draws(points)).time[0]
    assert time.size == n
    assert np.unique(time).size == n
