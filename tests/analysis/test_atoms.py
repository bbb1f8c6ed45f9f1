"""Values that many draws share are given back themselves, and rank in the middle of their draws."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import simulate
from simulate.analysis.binned import Binned
from simulate.analysis.values import ObservedPoint, ValueQuantile
from simulate.api.result import Result
from simulate.engine.extremes import Extremes
from simulate.scenario.loader import load_mapping
from simulate.scenario.model import Scenario
from tests.cases import scenario

COUNTS, SIZES = [3000, 3700, 4100], [9100, 10400, 12700]
DAYS = 41
LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]


def atoms(values: list[int]) -> dict[str, Any]:
    return {"distribution": "discrete", "values": values}


def run(of: Scenario, **more: Any) -> Result:
    return simulate.run(load_mapping(of.model_dump(mode="json", exclude_unset=True)), **more)


def quantile(values: list[float], level: float) -> float:
    """Of equally likely values; levels here are far from the steps."""
    return sorted(values)[int(level * len(values))]


def found(quantiles: tuple[ValueQuantile, ...]) -> list[float]:
    assert all(each.mc_error == 0.0 for each in quantiles)
    return [float(str(each.value)) for each in quantiles]


def test_quantiles_of_rates_dates_and_strength_by_an_exact_sum() -> None:
    """Nine equally likely cases: each figure is that of one of them, to rounding."""
    asked = scenario(
        atoms(COUNTS),
        atoms(SIZES),
        horizon="2060-01-01",  # beyond ten years, where bins are wider than an hour
        observed=[{"label": "A", "date": "2025-02-01", "losses": 5000}],
    )
    summary = run(asked, strength=True).summary
    pairs = list(itertools.product(COUNTS, SIZES))
    rates = [count / DAYS for count, _ in pairs]
    assert found(summary.rate.quantiles) == pytest.approx(
        [quantile(rates, level) for level in LEVELS], rel=1e-12
    )
    assert summary.rate.mean == pytest.approx(np.mean(rates), rel=1e-4)  # equal shares of draws
    times = [DAYS * size / count for count, size in pairs]
    (answer,) = summary.outcomes
    for level, at in answer.quantiles:
        assert at.day == pytest.approx(quantile(times, level), rel=1e-12)
        assert at.mc_error_days == 0.0
    assert answer.restricted_mean_days == pytest.approx(np.mean(times), rel=1e-3)
    (check,) = summary.observed
    lost = [count / DAYS * 57 for count, _ in pairs]  # from 6 December up to 1 February
    assert found(check.simulated) == pytest.approx(
        [quantile(lost, level) for level in (0.05, 0.5, 0.95)], rel=1e-12
    )
    assert summary.strength is not None
    present, apart = summary.strength.present, 0
    for k, date in enumerate(summary.strength.dates):
        day = (date - asked.origin).days + 1.0
        left = [max(size - count / DAYS * day, 0.0) for count, size in pairs]
        for level, values, errors in zip(LEVELS, present.values, present.mc_errors, strict=True):
            off = abs(values[k] - quantile(left, level))
            assert off <= errors[k] + 1e-9
            apart += off > 1e-9
    # On few dates two of the nine values share a bin of 12 men: the error says so.
    assert 0 < apart < 0.05 * len(LEVELS) * len(summary.strength.dates)


def test_two_values_that_share_a_bin_lie_within_the_error_stated() -> None:
    """41 x 10300 / 3000 and 41 x 12700 / 3700 are 53 minutes apart, in bins of some hours."""
    asked = scenario(atoms([3000, 3700, 4100]), atoms([9100, 10300, 12700]), horizon="2060-01-01")
    times = sorted(
        41 * size / count for size in (9100, 10300, 12700) for count in (3000, 3700, 4100)
    )
    answer = run(asked, method="random").outcome()
    at = next(at for level, at in answer.quantiles if level == 0.75)
    exact = times[6]
    assert at.day is not None
    assert at.mc_error_days is not None
    assert 0 < abs(at.day - exact) <= at.mc_error_days <= times[6] - times[5] + 1e-9


def test_certain_inputs_give_the_very_day() -> None:
    """41 days x 12000 / 3800, with no error; the mean up to the horizon is that day as well."""
    answer = run(scenario()).outcome()
    for at in (answer.median, *(quantile.at for quantile in answer.quantiles)):
        assert at.day == pytest.approx(41 * 12000 / 3800, rel=1e-12)
        assert at.mc_error_days == 0.0
    assert answer.restricted_mean_days == pytest.approx(41 * 12000 / 3800, rel=1e-12)


def test_where_draws_do_not_share_values_nothing_changes() -> None:
    """Two values in a bin are no atom, one draw is none, and rounding does not hide one."""
    edges = np.arange(5.0)
    met = Extremes.empty(4)
    met.note(np.array([0, 0, 1, 2, 2, 2]), np.array([0.2, 0.3, 1.7, 2.5, 2.5 + 4e-16, 2.5]))
    law = Binned.with_atoms(
        edges,
        np.array([[2, 1, 3, 0]]),
        met,
        below=np.zeros(1, dtype=np.int64),
        draws=6,
        independent=True,
    )
    assert law.edges.tolist() == [0, 1, 2, 2.5, 2.5, 3, 4]
    assert law.counts.tolist() == [[2, 1, 0, 3, 0, 0]]
    assert [law.quantile(level) for level in (1 / 6, 0.5, 0.51, 1.0)] == [0.5, 2.0, 2.5, 2.5]
    assert (law.cdf(2.5, "left"), law.cdf(2.5), law.level(2.5)[0]) == (0.5, 1.0, 0.75)
    assert law.level(2.5 * (1 + 1e-15))[0] == 0.75
    assert law.daily.tolist() == [[2, 1, 3, 0]]


def test_an_event_at_midnight_is_not_by_the_day_before() -> None:
    """41 x 12000 / 4100 is day 120: 5 April begins with it."""
    answer = run(scenario(4100, by=["2025-04-04", "2025-04-05"])).outcome()
    assert answer.median.day == 120.0
    assert [by.probability for by in answer.by] == [0.0, 1.0]
    assert [edge.isoformat() for edge in answer.histogram.edges] == ["2025-04-05", "2025-04-06"]


# --- levels ---


def ledger(*claims: dict[str, Any]) -> list[float | None]:
    """Levels of the rates of claims."""
    of = {
        "title": "T",
        "force": {"size": 12000},
        "losses": {"start": "2024-12-06", "claims": list(claims)},
    }
    found = simulate.run(load_mapping(of), draws=8192).summary.pooled
    assert found is not None
    return [claim.rate_level for claim in found.claims]


def test_a_claim_that_every_draw_follows_is_in_the_middle() -> None:
    total = {"count": 3800, "as_of": "2025-01-16", "source": "A"}
    flow = {"count": 3800 / 41 * 7, "as_of": "2025-01-16", "days": 7, "source": "B"}
    assert ledger(total, flow) == [0.5, 0.5]
    less, more = flow | {"count": 600}, flow | {"count": 700}
    assert ledger(total, less, more) == [0.5, 0.0, 1.0]


def test_two_equal_claims_are_at_the_quartiles() -> None:
    one = {"count": 3800, "as_of": "2025-01-16", "source": "A"}
    other = {"count": 3000, "as_of": "2025-01-16", "source": "B"}
    assert ledger(one, other) == pytest.approx([0.75, 0.25], abs=1 / 1024)


def test_a_published_date_has_one_number() -> None:
    """An event at 11:22 of 14 April, in every draw: by the end of that day, not before it."""
    said = [{"label": "A", "date": date} for date in ("2025-04-13", "2025-04-14")]
    checks = run(scenario(published=said)).outcome().published
    assert [check.probability_by for check in checks] == [0.0, 1.0]


def test_the_count_itself_as_a_later_count_is_what_every_draw_has() -> None:
    """`observed` and `as_of` mean the beginning of their day; 92.7 a day more is above it."""
    later = [
        {"label": "A", "date": date, "losses": 3800}
        for date in ("2025-01-15", "2025-01-16", "2025-01-17")
    ]

    def point(of: simulate.Result, k: int) -> ObservedPoint:
        return of.summary.observed[k].reported[0]

    levels = [point(run(scenario(observed=later)), k).level for k in range(3)]
    assert levels == [1.0, 0.5, 0.0]
