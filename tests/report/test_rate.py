"""What the rate of a run rests on."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

import simulate
from simulate.analysis.inputs import input_summaries
from simulate.analysis.summary import Summary
from simulate.analysis.values import RateSummary, ValueQuantile
from simulate.report.text import rate
from simulate.report.text.pace import pace
from simulate.report.text.phrases import main_outcome
from simulate.report.text.rate import (
    basis_words,
    constant_words,
    counted_phrase,
    rate_phrase,
    rate_words,
)
from simulate.scenario.model import Scenario
from tests.cases import COUNT, UNCERTAIN_DATES, scenario, uniform
from tests.report import factory

COUNTS = [{"size": 22_500, "date": "2023-10-07"}, {"size": 10_500, "date": "2024-06-06"}]
FLOW = {"count": 1000, "as_of": "2024-12-27", "days": 7}
TOTAL = {"count": 3000, "as_of": "2025-01-10"}


def resting_on(of: Scenario) -> Summary:
    """A summary with the inputs of a scenario."""
    return replace(factory.flagship(2048), inputs=input_summaries(of))


def stock(losses: dict[str, Any] | None = None, inflow: Any = (), **force: Any) -> Scenario:
    tree = {"title": "a stock", "force": force, "horizon": "2030-01-01", "inflow": inflow}
    return Scenario.model_validate({**tree, **({"losses": losses} if losses else {})})


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (scenario(), "3,800 over 41 days"),
        (scenario(COUNT, **UNCERTAIN_DATES), "about 3,460 over about 35 days"),
        (scenario(uniform(3000, 4000)), "about 3,500 over 41 days"),
        (
            stock({"rate": 92, "per": "day", "start": "2024-12-06"}, size=12_000),
            "as given",
        ),
        (
            stock({"rate": 400, "per": "month"}, size=3000, as_of="2026-01-22"),
            "as given",
        ),
        (
            stock({"rate": uniform(2000, 3000), "per": "year"}, size=3000, as_of="2026-01-22"),
            "as given",
        ),
        (stock(counts=COUNTS), "22,500 on 7 October 2023, 10,500 on 6 June 2024, 243 days later"),
        (
            stock(counts=[{**COUNTS[0], "size": uniform(20_000, 25_000)}, COUNTS[1]]),
            "about 22,500 on 7 October 2023, 10,500 on 6 June 2024, 243 days later",
        ),
    ],
)
def test_the_basis_of_a_rate(of: Scenario, words: str) -> None:
    assert basis_words(resting_on(of)) == words


def test_the_days_between_two_counts_of_a_stock() -> None:
    period = "from force.counts[0].date up to but excluding force.counts[1].date"
    assert counted_phrase(input_summaries(stock(counts=COUNTS))) == f"243 days counted, {period}"


def test_what_came_in_belongs_to_the_basis() -> None:
    inflow = [{"amount": 20, "per": "day", "from": "2023-10-07"}]
    of = stock(counts=COUNTS, inflow=inflow)
    assert basis_words(resting_on(of)).endswith(
        "6 June 2024, 243 days later, and what came in between"
    )


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([TOTAL, {**TOTAL, "count": 3800}], "2 claims over 35 days"),
        # From 6 December to 10, 17 and 24 January.
        ([TOTAL, {**TOTAL, "as_of": "2025-01-17"}], "2 claims over 35 and 42 days"),
        (
            [TOTAL, {**TOTAL, "as_of": "2025-01-17"}, {**TOTAL, "as_of": "2025-01-24"}],
            "3 claims over 35 to 49 days",
        ),
        (
            [TOTAL, {**TOTAL, "as_of": {**UNCERTAIN_DATES["as_of"]}}],
            "2 claims over about 35 days",
        ),
        ([TOTAL, FLOW], "3,000 over 35 days"),
    ],
)
def test_claims_behind_a_rate(claims: list[dict[str, Any]], words: str) -> None:
    losses = {"start": "2024-12-06", "claims": claims}
    result = simulate.run(stock(losses, size=12_000), draws=1024)
    assert basis_words(result.summary) == words


def test_what_was_lost_before_the_first_day_is_no_part_of_the_pace() -> None:
    # 9,000 in 100 days at half the pace and 50 days at the full one: 90 a day.
    losses = {"count": 9000, "start": "2022-12-20", "as_of": "2023-02-08"}
    of = {"force": {"size": 50_000}, "losses": losses, "title": "T", "horizon": "2030-01-01"}
    prelude = {"start": "2022-09-11", "intensity": 0.5}
    result = simulate.run({**of, "prelude": prelude}, draws=1024)
    assert (
        basis_words(result.summary) == "about 4,500 over 50 days, of 9,000 since 11 September 2022"
    )
    claims = [{"count": n, "as_of": "2023-02-08"} for n in (9000, 9900)]  # no count of all
    of["losses"] = {"start": "2022-12-20", "claims": claims}
    result = simulate.run({**of, "prelude": prelude}, draws=1024)
    assert basis_words(result.summary) == "2 claims over 50 days"


def test_the_line_of_a_run() -> None:
    certain = RateSummary(3800 / 41, 0.0, (ValueQuantile(0.5, 3800 / 41, 0.0),))
    summary = replace(resting_on(scenario()), rate=certain)
    assert rate_words(summary) == "Loss rate: 92.7 soldiers a day (3,800 over 41 days)"


def test_a_rate_has_one_unit_of_time_everywhere() -> None:
    """8 in 41 days are 1.37 a week and 5.94 a month, the first unit below a year with two."""
    found = simulate.run(scenario(8, 40), draws=1024).summary
    assert rate_words(found) == "Loss rate: 5.94 units a month (8 over 41 days)"
    assert pace(found) == "at 5.94 units a month"


def test_days_of_supply_have_no_rate_of_their_own() -> None:
    assert not rate_words(resting_on(stock(lasts=11, as_of="2025-06-18")))


@pytest.mark.parametrize(
    ("count", "width", "held"),
    [
        # From 128.9 to 130.1 days after the start, a width of 0.014.
        (uniform(3780, 3820), "narrow", "hardly any case"),
        # Dates are 41 times 12,000 / C days after the start, the median 88 whole days ahead:
        # a width of 132.6 - 126.5 days is 0.07 of it, one of 159.7 - 108.8 days 0.58.
        # A part of .34 and of the .26 held at that width.
        (uniform(3700, 3900), "narrow", "about 5 % of cases"),
        # Between .34 and .68, .26 and .45.
        (uniform(3000, 4600), "narrow", "about 39 % of cases"),
        # (235.4 - 89.3) / 88 = 1.66, between 1.25 and 2.23: .63 and .76.
        (uniform(1900, 5700), "wide", "about 68 % of cases"),
        # From 74 to 273 days ahead or more, the median again 88: wider than 2.23.
        (uniform(950, 6650), "wide", "at least about 76 % of cases"),
    ],
)
def test_how_intervals_as_narrow_have_fared(count: Any, width: str, held: str) -> None:
    found = simulate.run(scenario(count, 12_000), draws=4096).summary
    said = constant_words(found, main_outcome(found))
    start = "Going by back-tests on 38 real series of losses, ranges this"
    assert said == f"{start} {width} at a constant rate hold the true date in {held}."


def test_what_was_back_tested_is_named_where_it_is_of_another_kind() -> None:
    found = simulate.run(scenario(uniform(3000, 4600), 12_000, wording="fund"), draws=4096).summary
    start = "Going by back-tests on 38 series of losses in war, none of a fund, "
    assert constant_words(found, main_outcome(found)).startswith(f"{start}ranges this narrow ")


# Half the logarithmic width of the 50, 80 or 90 % intervals of five methods (one spread for all, of
# three sizes; the classes front and unit), and the outcomes of 38 series that they held, in %.
HALF_WIDTHS = (0.169, 0.222, 0.243, 0.270, 0.333, 0.411, 0.461, 0.592, 0.640, 0.658, 0.959)
MEASURED = (27, 35, 38, 41, 49, 57, 62, 72, 74, 76, 87)
BOOTSTRAP = 2.5  # the smallest half of a block-bootstrap interval of such a share, 85 to 90 %


def test_the_shares_held_follow_from_back_tests() -> None:
    """How a rate changes, by one law fitted to them, added to an error as wide as the interval."""
    half, measured = np.array(HALF_WIDTHS), np.array(MEASURED)

    def misfit(scale: float) -> float:
        return float(np.abs(100 * (2 * stats.t(4, scale=scale).cdf(half) - 1) - measured).max())

    changes = stats.t(4, scale=0.465)
    assert misfit(0.465) < BOOTSTRAP < min(misfit(0.42), misfit(0.51))

    middles = (np.arange(100_000) + 0.5) / 100_000

    def share_held(width: float) -> float:
        ends = np.arcsinh(width / 2)
        errors = stats.norm.ppf(middles) * ends / stats.norm.ppf(0.95)
        return float((changes.cdf(ends - errors) - changes.cdf(-ends - errors)).mean())

    for width, held in rate._HELD[1:]:
        assert share_held(width) == pytest.approx(held, abs=0.005)  # rounded to whole per cent
    assert rate._HELD[-1][1] < share_held(3) < share_held(10) < share_held(100)  # at least


def test_a_single_date_is_not_called_an_interval() -> None:
    for more in ({}, {"rate": {"multiplier": 0.9}}):
        found = simulate.run(scenario(3800, 12_000, **more), draws=1024).summary
        said = constant_words(found, main_outcome(found))
        assert said.startswith("No input is uncertain, so every simulation gives this date. ")
        assert "interval" not in said


def test_a_single_day_has_hardly_ever_been_right() -> None:
    found = simulate.run(scenario(uniform(3799, 3801), 12_000), draws=4096).summary
    assert constant_words(found, main_outcome(found)).endswith(" in hardly any case.")


@pytest.mark.parametrize(
    "more",
    [
        {"rate": {"multiplier": 0.9}},
        {"pauses": [{"start": "2025-02-01", "days": 9}]},
        {"horizon": "2025-04-01"},
    ],
)
def test_nothing_is_said_of_a_rate_that_changes_or_an_open_end(more: dict[str, Any]) -> None:
    found = simulate.run(scenario(COUNT, 12_000, **more), draws=1024).summary
    assert constant_words(found, main_outcome(found)) == ""


def test_one_rounding_for_all_percentiles() -> None:
    """Where two claims leave the median uncertain by several, it is not rounded below the P5."""
    claims = [
        {"count": uniform(540, 660), "as_of": "2025-03-01", "source": "A"},
        {"count": 450, "as_of": "2025-03-02", "source": "B"},
    ]
    case = {"title": "two", "force": {"size": 3500}, "unit": "soldiers"}
    result = simulate.run(case | {"losses": {"start": "2025-02-10", "claims": claims}})
    text = rate_phrase(result.summary)
    median, low, high = re.findall(r"(?:median|P5|to P95) ([0-9.]+)", text)
    assert float(low) <= float(median) <= float(high)
