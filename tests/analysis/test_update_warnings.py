"""What an update is warned about, and when it is refused."""

from __future__ import annotations

from typing import Any

import pytest

import simulate
from simulate.engine.evidence import MOST_DRAWS
from simulate.errors import UpdateError
from tests.analysis.reports import CONFLICTING, errors, multiplier, report
from tests.cases import AS_OF, COUNT, START, scenario, uniform


def test_few_draws_are_warned_about() -> None:
    result = simulate.run(scenario(3800, **CONFLICTING), draws=2**15)
    first, third, second = result.warnings[:3]
    assert "the report “R of 2025-03-27” conflicts with the scenario: 5,000 is below" in first
    assert "17 %" in second
    assert "rate.reference or rate.drift" in second
    assert "effective sample size" in third
    assert third.endswith("the simulated losses count since 2024-12-06 (losses.start)")
    assert "more draws" not in third
    assert result.summary.n_serious >= 3


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(UpdateError) as caught:
        simulate.run(scenario(3800, **CONFLICTING), draws=4096)
    assert caught.value.exit_code == simulate.UnsupportedLevelError.exit_code
    words = str(caught.value)
    assert words.startswith("the report “R of 2025-03-27” conflicts with the scenario")
    assert "at least 100 are needed" in words
    assert "hint: widen what the scenario assumes or the error of the reports" in words
    assert "hint: more draws" not in words


def test_more_draws_are_advised_without_a_conflict() -> None:
    """In the middle, but with an error of .1 %: one draw in some hundred fits."""
    exact = {"observed": [report(7500)], "evidence": errors(0.001)}
    of = scenario(3800, rate=multiplier(0.4), **exact)
    with pytest.raises(UpdateError) as caught:
        simulate.run(of, draws=2048)
    words = str(caught.value)
    assert "conflicts" not in words
    assert "hint: more draws: about 262,144; or widen what" in words


def test_no_draw_fits() -> None:
    with pytest.raises(UpdateError, match="effective sample size 0 of 8,192") as caught:
        simulate.run(scenario(COUNT, observed=[report(10**8)]), draws=8192)
    assert "is above all simulated losses" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "since"),
    [
        ({}, "2024-12-06 (losses.start)"),
        ({"prelude": {"start": "2024-11-05", "intensity": 0.1}}, "2024-11-05 (prelude.start)"),
        (
            {
                "force": {"size": 12000, "as_of": AS_OF},
                "losses": {"rate": uniform(80, 100), "per": "day"},
            },
            f"{AS_OF} (force.as_of)",
        ),
    ],
)
def test_a_conflict_says_since_when_losses_count(change: dict[str, Any], since: str) -> None:
    of = {"title": "A", "force": {"size": 12000}, "observed": [report(10**8)]}
    losses = {"count": 3800, "start": START, "as_of": AS_OF}
    with pytest.raises(UpdateError) as caught:
        simulate.run({**of, "losses": losses, "horizon": "2026-12-31", **change}, draws=1024)
    assert str(caught.value).endswith(f"the simulated losses count since {since}")


def test_more_draws_than_weights_can_count() -> None:
    with pytest.raises(simulate.LimitError, match="for an update"):
        simulate.run(scenario(COUNT, observed=[report(7500)]), draws=2 * MOST_DRAWS)


@pytest.mark.parametrize(
    ("losses", "qualifier", "conflict"),
    [(7500, None, False), (5000, None, True), (11000, None, True), (5000, "at_least", False),
     (10500, "at_least", True)],
)  # fmt: skip
def test_conflicts(losses: float, qualifier: str | None, *, conflict: bool) -> None:
    """A bound far below the simulated losses contradicts nobody."""
    of = scenario(COUNT, observed=[report(losses, qualifier=qualifier)], evidence=errors(0.2))
    found = simulate.run(of, draws=2**14).warnings
    assert any("conflicts with" in warning for warning in found) == conflict


@pytest.mark.parametrize(
    ("low", "high", "conflict"),
    [(1, 7500, False), (1, 5000, True), (7500, 40000, False), (20000, 40000, True),
     (1, 40000, False)],
)  # fmt: skip
def test_a_range_conflicts_where_all_of_it_does(low: float, high: float, *, conflict: bool) -> None:
    counts = [report(uniform(low, high))]
    of = scenario(COUNT, observed=counts, evidence=errors(2.0))
    found = simulate.run(of, draws=2**14).warnings
    assert any("conflicts with" in warning for warning in found) == conflict


def test_many_conflicts_are_counted() -> None:
    dates = [f"2025-03-{day:02}" for day in range(1, 9)]
    many = [report(11500, date) for date in dates]
    of = scenario(COUNT, observed=many, evidence=errors(0.3))
    found = [one for one in simulate.run(of, draws=2**13).warnings if " conflict" in one]
    assert len(found) == 4
    assert found[-1] == "5 more reports conflict with the scenario"
    with pytest.raises(UpdateError, match="2025-03-06 100 %, 2 more\n") as caught:
        simulate.run(scenario(COUNT, observed=[report(10**8, date) for date in dates]), draws=1024)
    assert str(caught.value).count(" conflict") == 4


@pytest.mark.parametrize(
    ("rate", "warned"),
    [
        (multiplier(0.2), True),
        ({"multiplier": 1.2}, False),
        ({**multiplier(0.2), "drift": {"sd": 0.2, "correlation_days": 30}}, False),
        ({"reference": {"class": "front"}}, False),
    ],
)
def test_a_rate_that_never_changes(rate: dict[str, Any], *, warned: bool) -> None:
    of = scenario(3800, observed=[report(7500)], rate=rate, evidence=errors(0.2))
    found = simulate.run(of, draws=2**13).warnings
    assert any("rate.multiplier that never changes" in each for each in found) == warned
