"""A rate that changes as rates have changed: its constants, a series' own past, and slips."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from simulate.analysis.inputs import reference_words
from simulate.errors import ScenarioError
from simulate.scenario.counts import Counts
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.own_past import Scale, own_past, scale_of
from simulate.scenario.reference import compensator, spread
from simulate.scenario.values import Day
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse
from tests.cases import scenario
from tests.scenario.series_case import load_series

FIRST = dt.date(2023, 1, 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(30, 0.276223999), (90, 0.319670451), (180, 0.330637293), (365, 0.314311397)],
)
def test_the_spread_of_mean_rates(days: float, expected: float) -> None:
    assert float(spread(days)) == pytest.approx(expected, abs=1e-9)
    assert float(spread(days + 0.01)) != pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("days", "expected"), [(30, 0.014306320), (90, 0.032135552), (180, 0.049183653)]
)
def test_the_compensator(days: float, expected: float) -> None:
    assert float(compensator(days)) == pytest.approx(expected, abs=1e-9)


def test_the_compensator_begins_at_zero() -> None:
    """At first it grows by 0.08 2/3 / 90 a day."""
    assert compensator(0.0) == 0
    np.testing.assert_allclose(compensator(np.array([0.1, 0.5])), [5.926e-5, 2.963e-4], rtol=0.01)


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        ({"class": "front"}, Scale(0.938466472, 4)),
        ({"class": "unit"}, Scale(1.407699708, 4)),
        ({"sd": 0.45}, Scale(None, 4)),
    ],
)
def test_the_scale_of_a_class(written: dict[str, object], scale: Scale) -> None:
    found = scale_of(scenario(rate={"reference": written}))
    assert found is not None
    assert found.k == (None if scale.k is None else pytest.approx(scale.k, abs=1e-9))
    assert found[1:] == scale[1:]


# --- a series' own past ---


def counts(*rates: tuple[int, float]) -> Counts:
    """Cumulative counts of stretches, each so many days at so much a day."""
    days = np.cumsum([0, *(days for days, _ in rates)])
    totals = np.cumsum([0, *(days * rate for days, rate in rates)])
    dates = (FIRST + dt.timedelta(int(day)) for day in days)
    return Counts.of(tuple(zip(dates, totals.tolist(), strict=True)), cumulative=True)


def past(of: Counts, window: int, days: int, left: float, prior: float = 1.0) -> Scale | None:
    return own_past(of, window, Day(of.days[0] + days), days_left=left, prior=prior)


def test_a_rate_that_never_changed_narrows_the_spread() -> None:
    """By hand: 4 parts of 1 and n parts of 0, with n = 1.44 * 365 / (W + h)."""
    found = past(counts((1000, 3.0)), 41, 1000, 50)
    n = 1.44 * 365 / 69
    assert found == pytest.approx((math.sqrt(4 / (4 + n)), 12, 28, n), abs=1e-12)


def test_one_change_by_hand() -> None:
    """84 days, W = 14, h = 28, the rate doubled on day 40.

    Origins are days 56, 49, 42, 35, 28, 21 and 14; n = (84 - 42) / 42 = 1.
    """
    changes = {
        56: math.log(20 / 20),
        49: math.log(20 / ((5 * 10 + 9 * 20) / 14)),
        42: math.log(20 / ((12 * 10 + 2 * 20) / 14)),
        35: math.log((5 * 10 + 23 * 20) / 28 / 10),
        28: math.log((12 * 10 + 16 * 20) / 28 / 10),
        21: math.log((19 * 10 + 9 * 20) / 28 / 10),
        14: math.log((26 * 10 + 2 * 20) / 28 / 10),
    }
    weights = {day: 0.5 ** ((84 - day) / 365) for day in changes}
    squares = sum(weights[day] * change**2 for day, change in changes.items())
    mean = squares / sum(weights.values()) / float(spread(28)) ** 2
    for prior in (1.0, 1.4):
        found = past(counts((40, 10.0), (44, 20.0)), 14, 84, 200, prior)
        k = math.sqrt((4 * prior**2 + mean) / 5)
        assert found == pytest.approx((k, 5, 28, 1.0), abs=1e-12)


def test_what_comes_after_the_count_is_not_used() -> None:
    wild = counts((40, 10.0), (44, 20.0), (100, 500.0))
    assert past(wild, 14, 84, 200) == past(counts((40, 10.0), (44, 20.0)), 14, 84, 200)


def test_changes_are_clipped_and_empty_stretches_left_out() -> None:
    """Of 84 days with losses only on the first 14: each change is from some to none, or unknown."""
    found = past(counts((14, 10.0), (70, 0.0)), 14, 84, 28)
    mean = 2.3**2 / float(spread(28)) ** 2
    assert found == pytest.approx((math.sqrt((4 + mean) / 5), 5, 28, 1.0), abs=1e-12)


@pytest.mark.parametrize(
    ("days", "left", "horizon"),
    [
        (1000, 27, 28),
        (1000, 56, 56),
        (1000, 89, 56),
        (1000, 90, 90),
        (1000, 500, 180),
        (441, 500, 90),  # two windows of 41 + 180 days need 442
        (442, 500, 180),
    ],
)
def test_the_days_over_which_changes_are_measured(days: int, left: float, horizon: int) -> None:
    found = past(counts((days, 3.0)), 41, days, left)
    assert found is not None
    assert found.days == horizon


def test_less_than_two_windows_are_too_few() -> None:
    assert past(counts((200, 3.0)), 41, 2 * 69 - 1, 90) is None
    assert past(counts((200, 3.0)), 41, 2 * 69, 90) is not None


TABLE = "date,tank\n2024-01-01,0\n2024-07-01,1820\n2025-01-16,5800\n2025-02-01,9000\n"
SERIES = "{file: losses.csv, count: tank, window: 41, as_of: 2025-01-16}"


def test_the_series_of_a_scenario(tmp_path: Path) -> None:
    """381 days with 20 a day at last: 820 of some 11,500 lost, so that h is 90 days."""
    more = "rate: {reference: {series: true, class: unit}}\n"
    of = load_series(tmp_path, SERIES, TABLE, more=more).scenario
    assert of.losses.series is not None
    counts = of.losses.series.counts
    as_of = Day.of(dt.date(2025, 1, 16))
    expected = own_past(counts, 41, as_of, days_left=534, prior=1.407699708)
    found = scale_of(of)
    assert found is not None
    assert expected is not None
    assert found == pytest.approx(expected, abs=1e-9)
    assert found.days == 90
    words = "series’ own past, 1.9 independent windows of 90 days, with class unit ("
    assert words in reference_words(of)


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ("", 0.5 * 11500 * 41 / 841 - 41),
        ("counting: strength\n", 0.5 * 11500 * 41 / 841 - 41),
    ],
)
def test_the_days_left_decide_the_horizon(tmp_path: Path, more: str, left: float) -> None:
    """At half the force they are 239: h is 90, as two windows of 221 days are not there."""
    more += "thresholds: [0.5, 0.1]\nrate: {reference: {series: true}}\n"
    of = load_series(tmp_path, SERIES, TABLE, more=more).scenario
    found = scale_of(of)
    assert found is not None
    assert left > 90
    assert found.days == 90
    near = load_series(
        tmp_path, SERIES, TABLE, "thresholds=[0.12]", more="rate: {reference: {series: true}}\n"
    )
    found = scale_of(near.scenario)
    assert found is not None
    assert found.days == 28


# --- words, warnings and slips ---


def test_what_a_class_means() -> None:
    words = reference_words(scenario(rate={"reference": {"class": "unit"}}))
    # exp(t 0.45), with the percentiles 95 and 75 of Student's t with 4 degrees of freedom,
    # 2.131847 and 0.740697
    assert words.startswith(
        "Reference: in nine simulations of ten the mean rate of the 90 days after the count is "
        "0.38 to 2.6 times the rate before, in half of them 0.72 to 1.4 times. The spread is "
        "from class unit (single contingents"
    )
    assert words.endswith(": k 1.41, 4 degrees of freedom.")
    same = reference_words(scenario(rate={"reference": {"sd": 0.45}}))
    assert same.partition("The spread")[0] == words.partition("The spread")[0]
    assert same.endswith("The spread is as given: k 1.41, 4 degrees of freedom.")
    assert reference_words(scenario()) == ""


def test_the_name_of_an_input() -> None:
    law = {"distribution": "uniform", "low": 0.3, "high": 0.6}
    of = scenario(rate={"reference": {"sd": law, "source": "a judgement"}})
    assert {item.name: item.source for item in of.uncertain} == {"rate.reference.sd": "a judgement"}


@pytest.mark.parametrize(
    ("beside", "ending"),
    [
        ({"multiplier": 0.8}, "rate.multiplier changes it again"),
        ({"drift": {"sd": 0.2, "correlation_days": 9}}, "rate.drift changes it again"),
        (
            {"multiplier": 0.8, "drift": {"sd": 0.2, "correlation_days": 9}},
            "rate.multiplier and rate.drift change it again",
        ),
    ],
)
def test_a_second_change_of_the_rate_is_allowed_with_a_warning(
    beside: dict[str, object], ending: str
) -> None:
    reference = {"class": "unit"}
    (warning,) = possible_warnings(scenario(rate={"reference": reference, **beside}))
    assert warning == f"rate.reference covers all changes of the rate; {ending}"
    assert not possible_warnings(scenario(rate={"reference": reference, "trend_per_week": 0.01}))


STRAIGHT = """\
title: A claim
force: {size: 12000}
losses: {count: 3800, as_of: 2025-01-16, start: 2024-12-06}
"""
VALIDATOR = jsonschema.Draft7Validator(json_schema())

SLIPS = {
    "{class: army}": ("must be 'front' or 'unit'", "", False),
    "{}": ("rate.reference needs class, sd or series", "class: unit", False),
    "{series: false}": ("rate.reference needs class, sd or series", "class: unit", False),
    "{sd: 0.3, class: unit}": ("has both sd and class", "give sd, class, or series", False),
    "{sd: 0.3, series: true}": ("has both sd and series", "give sd, class, or series", False),
    "{sd: 0}": ("rate.reference.sd must be above 0", "", True),
    "{sd: -0.3}": ("rate.reference.sd must be above 0", "", True),
    "{series: true}": ("needs losses.series, whose past it measures", "unit or front", True),
    "{spread: 0.3}": ("unknown key rate.reference.spread", "", False),
}


@pytest.mark.parametrize("written", SLIPS)
def test_slips(written: str) -> None:
    message, hint, by_schema = SLIPS[written]
    document = parse(f"{STRAIGHT}rate: {{reference: {written}}}\n", "f")
    with pytest.raises(ScenarioError) as caught:
        load_mapping(document.tree)
    assert message in str(caught.value)
    assert hint in str(caught.value)
    assert VALIDATOR.is_valid(document.tree) == by_schema


@pytest.mark.parametrize("written", ["{class: front}", "{sd: 0.3}"])
def test_what_is_valid(written: str) -> None:
    document = parse(f"{STRAIGHT}rate: {{reference: {written}}}\n", "f")
    assert VALIDATOR.is_valid(document.tree)
    found = load_mapping(document.tree).scenario
    again = {**document.tree, "rate": found.model_dump(mode="json", exclude_none=True)["rate"]}
    assert Scenario.model_validate(again) == found


def test_a_series_that_is_too_short(tmp_path: Path) -> None:
    """137 days; two windows of 41 and 28 days need 138."""
    table = "date,tank\n2024-09-01,0\n2025-01-16,5800\n"
    with pytest.raises(ScenarioError) as caught:
        load_series(tmp_path, SERIES, table, more="rate: {reference: {series: true}}\n")
    assert "rate.reference.series needs 138 days of losses.csv before as_of" in str(caught.value)
    assert "give rate.reference.class, unit or front, in its place" in str(caught.value)
    longer = table.replace("2024-09-01", "2024-08-31")
    load_series(tmp_path, SERIES, longer, more="rate: {reference: {series: true}}\n")
