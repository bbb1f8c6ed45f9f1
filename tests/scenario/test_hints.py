"""A hint for a number or a date is obeyed: what to write is accepted, and means what was meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from simulate.errors import ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.distributions import Distribution
from simulate.scenario.loader import load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.notation import date_hint, number_hint
from simulate.scenario.yaml_source import resolve
from tests.scenario.hints import FULL, placed, problem_with, told

COUNTS = {
    "about 900": {900.0, (810.0, 990.0)},
    "~900": {900.0, (810.0, 990.0)},
    "c. 900": {900.0, (810.0, 990.0)},
    "900 or so": {900.0, (810.0, 990.0)},
    "900 approx.": {900.0, (810.0, 990.0)},
    "900-ish": {900.0, (810.0, 990.0)},
    "about 15-20": {(15.0, 20.0)},
    "15..20": {(15.0, 20.0)},
    "20 ± 5": {(15.0, 25.0)},
    "3½": {3.5},
    "3 mln": {3e6},
    "perhaps 1,000": {1000.0, (900.0, 1100.0)},
    "nearly 1,000": {1000.0, (900.0, 1000.0)},
    "close to 1,000": {1000.0, (900.0, 1000.0)},
    "just under 1,000": {1000.0, (900.0, 1000.0)},
    "slightly fewer than 1,000": {1000.0, (900.0, 1000.0)},
    "up to 1,000": {1000.0, (900.0, 1000.0)},
    "as many as 1,000": {1000.0, (900.0, 1000.0)},
    "just over 1,000": {1000.0, (1000.0, 1100.0)},
    "slightly more than 1,000": {1000.0, (1000.0, 1100.0)},
    "1,000-odd": {1000.0, (1000.0, 1100.0)},
    "well over 1,000": {1000.0},
    "several hundred": {(200.0, 900.0)},
    "dozens": {(24.0, 108.0)},
    "tens of thousands": {(20_000.0, 90_000.0)},
    "10k": {10_000.0},
    "1.5 million": {1.5e6},
    "1,5 Mio": {1.5e6},
    "half a million": {5e5},
    "2bn": {2e9},
    "more than 600": {600.0},
    "at least 600": {600.0},
    "over 600": {600.0},
    "fewer than 600": {600.0},
    ">600": {600.0},
    "600+": {600.0},
    "$37.5bn": {37.5e9},
    "EUR 3.2 million": {3.2e6},
    "20-30": {(20.0, 30.0)},
    "20 to 30": {(20.0, 30.0)},
    "20 or 30": {(20.0, 30.0)},
    "between 20 and 30": {(20.0, 30.0)},
    "5–10 million": {(5e6, 10e6)},
    "one to two million": {(1e6, 2e6)},
    "900 to 1.2 million": {(900.0, 1.2e6)},
    "3,000, 4,200": {(3000.0, 4200.0)},
    "3,000, 3,800, 4,400": {(3000.0, 4400.0)},
    "3000,3800,4400": {(3000.0, 4400.0)},
    "10k to 12k": {(10_000.0, 12_000.0)},
    "between 3,000 and 4,200": {(3000.0, 4200.0)},
    "300,380,440": {300_380_440.0, (300.0, 440.0)},
    "300,380,440 tanks": {300_380_440.0, (300.0, 440.0)},
    "440,380,300": {440_380_300.0},
    "300,000,450": {300_000_450.0},
    "1,234,567": {1_234_567.0},
    "30 % of 30,000": {9000.0},
    "half of 30,000": {15_000.0},
    "a third of 30,000": {10_000.0},
    "1 in 4 of 30,000": {7500.0},
    "4,000,000": {4e6},
    "4.000.000": {4e6},
    "3,800 soldiers": {3800.0},
    "3,800 (killed and wounded)": {3800.0},
    "3,800 killed, wounded or captured": {3800.0},
    "twelve": {12.0},
    "a dozen": {12.0},
    "twenty-five": {25.0},
    "twelve hundred": {1200.0},
    "three thousand eight hundred": {3800.0},
    "1.000": {1000.0, 1.0},
    "3 800": {3800.0},
    "3'800": {3800.0},
    "3800,5": {3800.5},
    "0755": {755.0},
}
DAYS = {
    "45 days": {45.0},
    "6 weeks": {42.0},
    "a fortnight": {14.0},
    "36 hours": {1.5},
    "3 months": {91.31},  # 91.310625
    "2 years": {730.5},
    "5-6 weeks": {(35.0, 42.0)},
    "20-30": {(20.0, 30.0)},
    "over 40": {40.0},
}
SHARES = {
    "30%": {0.3},
    "30 per cent": {0.3},
    "30 % of the force": {0.3},
    "half": {0.5},
    "two thirds": {0.6667},
    "1 in 5": {0.2},
    "1/3": {0.3333},
    "½": {0.5},
    "20-30 %": {(0.2, 0.3)},
    "about 40%": {0.4, (0.36, 0.44)},
    "0,25": {0.25},
}
FACTORS = {**SHARES, "150 %": {1.5}, "2x": {2.0}, "1.5 times": {1.5}}
# No way to write them is right in every place, or they are no number of this kind.
NOTHING = {
    "count": [
        "30%", "half", "500 left", "92 a day", "20-30 %", "30-20", "45 days", "many", "000",
        "two thirds", "80-100 a day", "1 mil", "1/3", "1e5e5 to 2e6e6",
    ],
    "days": ["30%", "1.5 million", "3,800 soldiers", "-5 days"],
    "share": [
        "500 left", "130 %", "50/50", "20-30", "3,800", "1,234", "-5 %", "30 % of 30,000", "0 %",
    ],
    "factor": ["500 left", "1,234", "-5 %", "92 a day", "3800 men"],
}  # fmt: skip
PLACES = {
    "count": [
        "force.size", "losses.claims[0].count", "losses.claims[1].count",
        "reinforcements[0].size", "observed[0].losses",
    ],
    "days": [
        "losses.claims[1].days", "wounded.return_days", "rotation.line_days",
        "rotation.rest_days", "pauses[0].days", "rate.drift.correlation_days",
    ],
    "share": [
        "wounded.share", "wounded.return_share", "rotation.at_loss_share",
        "ends[0].probability", "prelude.intensity", "thresholds[0]", "levels[0]",
    ],
    "factor": [
        "rate.multiplier", "rate.strength_exponent", "rate.drift.sd", "rotation.rest_intensity",
        "rotation.return_intensity", "pauses[0].intensity",
    ],
}  # fmt: skip
FORMS: dict[str, Any] = {"count": COUNTS, "days": DAYS, "share": SHARES, "factor": FACTORS}


def meant(scenario: Scenario, place: str) -> float | tuple[float, ...]:
    value: Any = scenario
    for key, index in re.findall(r"(\w+)(?<!\d\])|\[(\d+)\]", place):
        value = value[int(index)] if index else getattr(value, key)
    if not isinstance(value, Distribution):
        return float(value)
    low, high = value.support
    return float(low) if low == high else (float(low), float(high))


def at_places(forms: Mapping[str, Iterable[str]]) -> list[tuple[str, list[str]]]:
    """All forms of a kind at its first place; at the others, whose reader is the same, a third."""
    return [
        (place, [*forms[kind]][k % 3 :: 3] if k else [*forms[kind]])
        for kind, places in PLACES.items()
        for k, place in enumerate(places)
    ]


@pytest.mark.parametrize(("place", "texts"), at_places(FORMS))
def test_a_number_as_people_write_it(place: str, texts: list[str]) -> None:
    (kind,) = (kind for kind, places in PLACES.items() if place in places)
    for text in texts:
        values = FORMS[kind][text]
        ways = told(problem_with(text, place))
        if not ways:  # a range where only a single number may stand
            assert place in ("losses.claims[1].days", "thresholds[0]", "levels[0]")
            assert all(isinstance(value, tuple) for value in values)
        for way in ways:
            written = yaml_source.parse(way, "f").tree if way.startswith("{") else resolve(way)
            found = meant(load_mapping(placed(written, place)).scenario, place)
            assert any(found == pytest.approx(value) for value in values), (text, way)


@pytest.mark.parametrize(("place", "texts"), at_places(NOTHING))
def test_no_hint_is_better_than_a_wrong_one(place: str, texts: list[str]) -> None:
    for text in texts:
        assert not told(problem_with(text, place)), text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("92 a day", "write 92 with per: day"),
        ("92/day", "write 92 with per: day"),
        ("350 per night", "write 350 with per: day"),
        ("twelve daily", "write 12 with per: day"),
        ("410 m a month", "write 410000000 with per: month"),
        ("$1.2bn a quarter", "write 4800000000 with per: year"),
        ("2 an hour", "write 48 with per: day"),
        ("1.4 points a week", "write 1.4 with per: week; give what is counted as unit"),
        ("more than 350 a night", "write 350 with per: day for the limit itself"),
        ("92", "write 92, without quotes or brackets"),
        ("92 a head", ""),
        ("5 weeks", ""),
    ],
)
def test_a_rate(text: str, hint: str) -> None:
    assert number_hint(text, "rate") == hint
    is_rate = "per: " in hint
    assert ("losses.rate" in problem_with(text, "force.size").hint) == is_rate


def test_a_rate_is_obeyed() -> None:
    losses = {"rate": "92 a day", "start": "2024-12-06"}
    tree: dict[str, Any] = {"title": "T", "force": {"size": 12000}, "losses": losses}
    with pytest.raises(ScenarioError) as caught:
        load_mapping(tree)
    assert "write 92 with per: day" in [problem.hint for problem in caught.value.problems]
    load_mapping({**tree, "losses": {**losses, "rate": 92, "per": "day"}})


def test_a_range_of_rates() -> None:
    law = "{distribution: uniform, low: 80, high: 100}"
    assert number_hint("80-100 a day", "rate", ranges=True).startswith(
        f"write {law} with per: day;"
    )


def test_a_change_may_be_negative() -> None:
    assert told(problem_with("-2 %", "rate.trend_per_week")) == ("-0.02",)
    assert told(problem_with("-2 %", "rate.multiplier")) == ()


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("million dollars", "$410 million", "410"),
        ("million dollars", "$410,000,000", "410"),
        ("million dollars", "0.4 billion", "400"),
        ("billion kroner", "410 million", "0.41"),
        ("thousand tonnes", "2.5 million tonnes", "2500"),
        ("dollars", "$410 million", "410000000"),
        ("thousand tonnes", "2,500", "2500"),
    ],
)
@pytest.mark.parametrize("path", ["force.size", "losses.claims[0].count", "reinforcements[0].size"])
def test_a_number_in_multiples_of_the_unit(unit: str, text: str, number: str, path: str) -> None:
    tree = placed(text, path) | {"unit": unit}
    with pytest.raises(ScenarioError) as caught:
        load_mapping(tree)
    assert re.split("[,; ]", caught.value.problems[0].hint)[1] == number


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("24 June 2025", "2025-06-24"),
        ("24th June, 2025", "2025-06-24"),
        ("Jun 24, 2025", "2025-06-24"),
        ("24.6.2025", "2025-06-24"),
        ("05.01.2025", "2025-01-05"),
        ("24/06/2025", "2025-06-24"),
        ("06/24/2025", "2025-06-24"),
        ("2025/06/24", "2025-06-24"),
        ("20250624", "2025-06-24"),
        ("2025-06-24 12:30", "2025-06-24"),
        ("about 24 June 2025", "2025-06-24"),
        ("as of the 24th of June 2025", "2025-06-24"),
        ("Sept 5, 2025", "2025-09-05"),
    ],
)
def test_a_date_as_people_write_it(text: str, date: str) -> None:
    assert date_hint(text) == f"write {date}"
    assert problem_with(text, "losses.claims[0].as_of").hint == f"write {date}"


@pytest.mark.parametrize(
    ("text", "key", "day"),
    [
        ("2026-10", "from", "2026-10-01 if it begins with the month"),
        ("October 2026", "until", "2026-11-01 if it ends with the month"),
        ("early 2026", "until", "2026-05-01 if it ends with that third of the year"),
        ("24 June 2026", "until", "2026-06-24"),
    ],
)
def test_the_edge_of_an_inflow(text: str, key: str, day: str) -> None:
    inflow = {"amount": 75, "per": "month", key: text}
    with pytest.raises(ScenarioError) as caught:
        load_mapping({**yaml_source.parse(FULL, "f").tree, "inflow": [inflow]})
    (problem,) = caught.value.problems
    assert problem.message == f'inflow[0].{key} must be a date (found the text "{text}")'
    assert problem.hint.startswith(f"write {day}")


PERIODS = {
    "2025-02": ("2025-02-01", "2025-03-01"),
    "February 2025": ("2025-02-01", "2025-03-01"),
    "Feb. 2025": ("2025-02-01", "2025-03-01"),
    "December 2024": ("2024-12-01", "2025-01-01"),
    "mid-January 2025": ("2025-01-11", "2025-01-21"),
    "by mid-January 2025": ("2025-01-11", "2025-01-21"),
    "early January 2025": ("2025-01-01", "2025-01-11"),
    "late Feb 2025": ("2025-02-21", "2025-03-01"),
    "late 2024": ("2024-09-01", "2025-01-01"),
    "in the first week of February 2025": ("2025-02-01", "2025-02-08"),
    "third week of February 2025": ("2025-02-15", "2025-02-22"),
    "last week of January 2025": ("2025-01-25", "2025-02-01"),
    "some time in February 2025": ("2025-02-01", "2025-03-01"),
    "as of mid-January 2025": ("2025-01-11", "2025-01-21"),
    "spring 2025": ("2025-03-01", "2025-06-01"),
    "winter 2024/25": ("2024-12-01", "2025-03-01"),
    "Q1 2025": ("2025-01-01", "2025-04-01"),
    "first quarter of 2025": ("2025-01-01", "2025-04-01"),
    "2025 H1": ("2025-01-01", "2025-07-01"),
    "2025": ("2025-01-01", "2026-01-01"),
    "2025-01-04 to 2025-01-16": ("2025-01-04", "2025-01-16"),
    "4 to 16 January 2025": ("2025-01-04", "2025-01-17"),
    "4-16 January 2025": ("2025-01-04", "2025-01-17"),
    "January 4-16, 2025": ("2025-01-04", "2025-01-17"),
    "between January and March 2025": ("2025-01-01", "2025-04-01"),
}
"""The first day of each, and the day after its last; of what is written as in a file, the last."""


def one_way(value: Any) -> str:
    """The only thing to write for a date, which is accepted."""
    (way,) = told(problem_with(value, "reinforcements[0].date"))
    load_mapping(placed(yaml_source.parse(way, "f").tree, "reinforcements[0].date"))
    return way


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("before the end of 2025", "2025-12-31"),
        ("by the end of April 2025", "2025-04-30"),
        ("no later than the end of 2025", "2025-12-31"),
        ("by spring 2025", "2025-02-28"),
        ("until April 2025", "2025-03-31"),
    ],
)
def test_a_limit_is_a_day(text: str, day: str) -> None:
    """A period would turn an agreement into a contradiction."""
    assert problem_with(text, "published[0].date").hint == f"write {day}"
    load_mapping(placed(day, "published[0].date"))


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_where_a_date_is_wanted(text: str) -> None:
    low, high = PERIODS[text]
    assert one_way(text) == f"{{distribution: uniform, low: {low}, high: {high}}}"
    # What was published can be a period, from its first day to its last.
    if text == "2025-02":
        load_mapping(placed(text, "published[0].date"))
        return
    last = dt.date.fromisoformat(high) - dt.timedelta("to 2025-" not in text)
    hint = f"write from: {low} and to: {last} in place of date"
    assert problem_with(text, "published[0].date").hint == hint
    load_mapping(placed({"label": "P", "from": low, "to": str(last)}, "published[0]"))
    # A single date cannot.
    (day,) = told(problem_with(text, "observed[0].date"))
    assert day == str(last)
    load_mapping(placed(day, "observed[0].date"))


def test_other_forms_of_a_period() -> None:
    assert one_way(2025) == one_way("2025")
    assert one_way(["2025-01-04", "2025-01-16"]) == one_way("2025-01-04 to 2025-01-16")
    assert one_way("1 Jan 2025, 6 Jan 2025, 14 Jan 2025") == (
        "{distribution: triangular, low: 2025-01-01, mode: 2025-01-06, high: 2025-01-14}"
    )
    law = "{{distribution: uniform, low: {}, high: {}}}".format
    assert told(problem_with("end of February 2025", "reinforcements[0].date")) == (
        "2025-03-01",
        law("2025-02-21", "2025-03-01"),
    )
    assert told(problem_with("winter 2025", "reinforcements[0].date")) == (
        law("2024-12-01", "2025-03-01"),
        law("2025-12-01", "2026-03-01"),
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("end of November 2024", "2024-12-01"),
        ("by the end of 2024", "2025-01-01"),
        ("up to and including 30 November 2024", "2024-12-01"),
        ("through November 2024", "2024-12-01"),
    ],
)
def test_a_count_to_the_end_of_a_day_runs_to_the_next_morning(text: str, day: str) -> None:
    hint = problem_with(text, "losses.claims[0].as_of").hint
    assert hint.startswith(f"write {day}, the morning after")
    assert problem_with(text, "observed[0].date").hint == f"write {day}, the morning after"


@pytest.mark.parametrize(
    "text", ["soon", "202511", "Q7 2025", "2025-02-30", "32.01.2025", "x" * 99]
)
def test_no_date(text: str) -> None:
    assert date_hint(text, ranges=True) == "use YYYY-MM-DD"


@pytest.mark.parametrize("text", ["30 June", "early March", "end of May", "spring"])
def test_a_date_without_its_year(text: str) -> None:
    assert date_hint(text, ranges=True) == "use YYYY-MM-DD; the year is missing"


def test_a_date_that_may_mean_two() -> None:
    day_first, month_first = "2025-06-05", "2025-05-06"
    for text, first, second in (
        ("05/06/2025", day_first, month_first),
        ("06/05/2025", month_first, day_first),
    ):
        found = problem_with(text, "reinforcements[0].date").hint
        assert found == f"write {first} if the day comes first, or {second} if the month does"


def test_long_texts_are_no_numbers() -> None:
    assert number_hint("9" * 61, "count") == ""
