"""Values that are legal and extreme: an answer, never a warning; losses that never fall."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pydantic import ValidationError

from simulate.api.run import run
from tests import slow_twin as twin
from tests.cases import scenario, uniform
from tests.walks import Series, daily, departures

TINY = [0.0, 1e-300, 1e-9]
HUGE = [1e9, 1e50, 1e300]


def number(*usual: float, above: float = 0.0, below: float = math.inf) -> st.SearchStrategy[Any]:
    values = [v for v in (*usual, *TINY, *HUGE) if above <= v <= below]
    return st.one_of(
        st.sampled_from(values),
        st.lists(st.sampled_from(values), min_size=2, max_size=2, unique=True).map(
            lambda pair: uniform(min(pair), max(pair))
        ),
    )


SHARE, AMOUNT = number(0.5, 1.0, below=1), number(3800.0, below=9e99)
BLOCKS: dict[str, st.SearchStrategy[Any]] = {
    "rate": st.fixed_dictionaries(
        {},
        optional={
            "multiplier": number(0.5, 1.0),
            "trend_per_week": st.sampled_from([-1e300, -50.0, -1e-12, 0.05, 5.0, 1e5, 1e300]),
            "strength_exponent": number(0.5, 0.95, 1 - 1e-12, 1.0, 1.5),
            "drift": st.fixed_dictionaries(
                {"sd": number(0.3, 100.0), "correlation_days": number(0.1, 30.0, above=1e-300)}
            ),
        },
    ),
    "wounded": st.fixed_dictionaries(
        {
            "share": SHARE,
            "return_share": SHARE,
            "return_days": number(45.0, above=1e-300),
            "stages": st.sampled_from([1, 20]),
        }
    ),
    "rotation": st.fixed_dictionaries(
        {
            "line_days": number(10.0, above=1e-300),
            "rest_days": number(1.0, above=1),
            "return_intensity": number(1.0),
        },
        optional={"at_loss_share": number(0.1, above=1e-300, below=1), "rest_intensity": number()},
    ),
    "pauses": st.tuples(
        st.fixed_dictionaries(
            {"start": st.just("2025-01-20"), "days": number(5.0, below=9), "intensity": number(0.5)}
        )
    ).map(list),
    "reinforcements": st.tuples(
        st.fixed_dictionaries({"date": st.just("2025-02-15"), "size": AMOUNT})
    ).map(list),
}


@settings(max_examples=10, deadline=None)
@given(
    form=st.fixed_dictionaries({}, optional=BLOCKS),
    size=number(12000.0, above=1e-300, below=9e99),
    count=number(3800.0, above=1e-300, below=9e99),
    counting=st.sampled_from(["casualties", "strength"]),
    thresholds=st.sampled_from([[1.0], [1e-320, 0.5, 1.0], [1e-17, 1 - 1e-16]]),
)
def test_any_legal_value_gives_an_answer(
    form: dict[str, Any], size: Any, count: Any, counting: str, thresholds: list[float]
) -> None:
    """Warnings are errors here: no overflow, no division by nothing, no walk without end."""
    try:
        of = scenario(count, size, counting=counting, thresholds=thresholds, horizon=20, **form)
    except ValidationError:
        return  # such as losses above the force in every draw
    for outcome in run(of, draws=8, workers=1, strength=True).summary.outcomes:
        assert 0 <= sum(cause.probability for cause in outcome.never) <= 1 + 1e-9


def test_a_share_too_small_to_be_told_is_lost_with_the_first_man() -> None:
    """1 - 1e-17 is 1: the threshold is reached when losses begin, not a day before."""
    wounded = {"share": 0.7, "return_share": 0.5, "return_days": 1e9}
    prelude = {"start": "2024-11-01", "intensity": 0.2}
    of = scenario(thresholds=[1e-17, 1.0], counting="strength", wounded=wounded, prelude=prelude)
    first, _ = run(of, draws=1024, workers=1).summary.outcomes
    assert {q.at.date for q in first.quantiles} == {dt.date(2024, 11, 1)}


def test_dates_at_the_end_of_the_calendar() -> None:
    with pytest.raises(ValidationError, match="9999-12-31 lies outside the years 100 to 9899"):
        scenario(start="9999-12-01", as_of="9999-12-31", horizon=1)


@settings(max_examples=40, deadline=None)
@given(
    claim=departures(),
    multiplier=st.sampled_from([0.3, 1.0, 50.0, 1e9, 1e100]),
    trend=st.sampled_from([-0.1, 0.0, 0.2, 3.0]),
    returning=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_cumulative_losses_never_fall(
    claim: twin.Claim, multiplier: float, trend: float, returning: float
) -> None:
    """Nor is anybody present below zero, or lost who was never there."""
    wounded = replace(claim.wounded, return_share=returning)
    claim = replace(claim, multiplier=multiplier, trend_per_week=trend, wounded=wounded)
    seen = Series(400)
    daily(claim, until=300, record=seen)
    before, after = seen.column("lost", 0), seen.column("lost")
    assert np.all(after >= before)
    # On the day of the count what was walked is what was counted, but for rounding.
    assert np.all(before[1:] >= after[:-1] * (1 - 1e-12))
    assert np.all(seen.column("strength") >= 0)


def test_all_that_can_be_lost_in_the_end() -> None:
    """With w rho = .35 of the lost coming back each time, 12,000 make 12,000 / .65 losses."""
    wounded = twin.Wounded(share=0.7, return_share=0.5, return_days=45, stages=3)
    claim = twin.Claim(
        start=0, as_of=41, count=3000, size=12000, wounded=wounded, trend_per_week=0.2
    )
    seen = Series(1500)
    daily(claim, until=1500, record=seen)
    assert seen.column("lost")[-1] == pytest.approx(12000 / 0.65, rel=1e-6)
