"""A hint for a date is obeyed: what to write is accepted, and means what was meant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from simulate.errors import ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.loader import load_mapping
from simulate.scenario.notation import date_hint, period_hint
from tests.scenario.hints import FULL, placed, problem_with, told


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


def test_the_turn_of_one_year_is_at_either_end_of_it() -> None:
    assert date_hint("the turn of the year 2024/25") == "write 2024-12-31"
    assert "name both years" in date_hint("the turn of the year 2024")
    assert date_hint("by the new year of 2023") == date_hint("new year 2023") == "write 2023-01-01"
    assert "another day each year" in date_hint("chinese new year 2023")


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
        ("no later than June 2025", "2025-06-30"),
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


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("before the winter of 2026", "write 2025-11-30, or 2026-11-30"),  # one of two winters
        ("by winter 2026", "write 2025-11-30, or 2026-11-30"),
        ("no later than winter 2026", "write 2026-02-28, or 2027-02-28"),
        ("before the spring of 2026", "write 2026-02-28"),
    ],
)
def test_a_limit_is_a_day_before_the_period(text: str, hint: str) -> None:
    assert period_hint(text, "date") == hint
