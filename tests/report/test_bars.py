import datetime as dt
import math
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace

from simulate.analysis.summary import Summary
from simulate.analysis.values import DateHistogram
from simulate.report.figures.bars import LATE, TAIL, Bars, bars, in_bars_of, moments
from simulate.report.figures.flags import Pole, needed_end, rows
from simulate.report.text.calendar import ticks
from tests.report import factory

START = dt.date(2025, 1, 1)


def histogram(*mass: float, width: int = 1) -> DateHistogram:
    edges = tuple(START + dt.timedelta(days=width * index) for index in range(len(mass) + 1))
    return DateHistogram(edges, mass)


def some(found: Bars | None) -> Bars:
    assert found is not None
    return found


@pytest.mark.parametrize("most", [1, 5, 60, 1000])
@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_bars_lose_no_probability(make: Callable[[], Summary], most: int) -> None:
    outcome = make().outcomes[-1]
    found = bars(outcome.histogram, most)
    if found is None:
        assert outcome.depleted_probability == 0
        return
    total = math.fsum(found.probability) + found.before + found.after
    assert total == pytest.approx(outcome.depleted_probability, abs=1e-12)
    depleted = outcome.depleted_probability
    assert found.before <= TAIL * depleted
    assert found.after <= (TAIL if depleted == 1 else LATE) * depleted
    drawn = depleted - found.after
    assert drawn > 0.95 or found.after == pytest.approx(0, abs=LATE * depleted)
    assert len(found.probability) <= most
    assert list(found.edges) == sorted(set(found.edges))


def test_no_mass_no_bars() -> None:
    assert bars(histogram(0.0, 0.0), 10) is None


def test_bars_are_a_round_number_of_days() -> None:
    found = some(bars(histogram(*[0.01] * 100), 30))
    assert found.span == 4
    assert found.span_words == "4 days"
    assert some(bars(histogram(*[0.01] * 100), 20)).span_words == "week"
    assert some(bars(histogram(*[0.01] * 100, width=7), 30)).span_words == "4 weeks"


def test_bars_end_with_the_horizon() -> None:
    weeks = histogram(0.2, 0.2, 0.2, 0.2, 0.02, width=7)
    end = START + dt.timedelta(days=28)  # the last day; two more would make half a bar
    found = some(bars(weeks, 10, end))
    assert found.edges[-2:] == ((START + dt.timedelta(days=21)).toordinal(), end.toordinal() + 1)
    assert found.heights == pytest.approx([0.2, 0.2, 0.2, 0.22 * 7 / 8])
    later = START + dt.timedelta(days=32)
    found = some(bars(weeks, 10, later))
    assert (len(found.heights), found.edges[-1]) == (5, later.toordinal() + 1)
    assert found.heights[-1] == pytest.approx(0.02 * 7 / 5)
    assert in_bars_of(weeks, found) == found
    # Unless it would become the tallest.
    assert (
        some(bars(histogram(0.1, 0.9, width=7), 10, START + dt.timedelta(days=10))).edges[-1]
        == (START + dt.timedelta(days=14)).toordinal()
    )


def test_the_last_bar_is_as_wide_as_the_others() -> None:
    """Two dates 62 days apart, the first twice as likely, are a tall bar and one half as tall."""
    found = some(bars(histogram(2 / 3, *[0.0] * 61, 1 / 3), 32))
    assert found.span == 2
    assert set(np.diff(found.edges)) == {2}
    assert (found.heights[0], found.heights[-1]) == pytest.approx((2 / 3, 1 / 3))
    tens = some(bars(histogram(*[0.1] * 10), 4))
    assert tens.heights == pytest.approx([0.3, 0.3, 0.3, 0.1])
    assert in_bars_of(histogram(*[0.1] * 10), tens) == tens


@pytest.mark.parametrize("days", [1, 5, 14, 40, 100, 365, 800, 2000, 10_000, 36_500])
@pytest.mark.parametrize("most", [2, 5, 8])
def test_ticks_are_few_round_and_inside(days: int, most: int) -> None:
    low, high = START.toordinal() - 0.5, START.toordinal() + days + 0.25
    marks = ticks(low, high, most)
    assert len(marks) <= most
    assert days < 14 or marks
    assert all(low <= mark.day <= high for mark in marks)
    assert [mark.day for mark in marks] == sorted({mark.day for mark in marks})
    if marks:
        assert str(dt.date.fromordinal(marks[0].day).year) in marks[0].label


def test_ticks_name_the_year_where_it_changes() -> None:
    low, high = dt.date(2024, 11, 1).toordinal(), dt.date(2025, 3, 2).toordinal()
    assert [mark.label for mark in ticks(low, high, most=5)] == [
        "Nov\n2024",
        "Dec",
        "Jan\n2025",
        "Feb",
        "Mar",
    ]


def test_flags_touch_no_pole_and_no_flag() -> None:
    poles = [Pole(0.0, 2.0), Pole(1.0, 2.0), Pole(1.5, 0.2), Pole(9.0, 1.0)]
    levels = rows(poles, units_per_inch=1.0)
    assert levels == [2, 1, 0, 0]
    for left, level in zip(poles, levels, strict=True):
        for right, other in zip(poles, levels, strict=True):
            if left.x < right.x <= left.x + left.width:
                assert level > other


def test_the_axis_makes_room_for_the_last_flag() -> None:
    end = needed_end([Pole(9.5, 2.0)], start=0.0, end=10.0, inches=6.0)
    assert (end - 9.5) / (end / 6.0) >= 2.0 - 1e-9
    assert needed_end([], start=0.0, end=10.0, inches=6.0) == 10.0


def test_a_median_whose_date_is_open_is_not_marked() -> None:
    """Anywhere in a gap, or anywhere up to "never", which its error bar reaches."""
    summary = next(iter(factory.ALL.values()))()
    outcome = summary.outcomes[-1]
    median = outcome.median
    assert median.date is not None
    assert median.mc_error_days is not None
    for at, marked in (
        (median, True),
        (replace(median, gap=(median.date, None)), False),
        (replace(median, gap=(median.date, median.date)), False),
        (replace(median, mc_error_days=None), False),
    ):
        roles = [role for _, role, *_ in moments(summary, replace(outcome, median=at))]
        assert ("median" in roles) == marked
