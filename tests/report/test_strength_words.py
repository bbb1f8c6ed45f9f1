import datetime as dt

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import ObservedCheck
from simulate.report.render.terminal import render
from simulate.report.text.strength import (
    claim_words,
    counted_from,
    fall_words,
    goes_on,
    observed_lines,
    round_dates,
)
from simulate.report.text.wrapping import cells
from simulate.scenario.words import DOMAINS
from tests.report import factory
from tests.report.layout import texts
from tests.texts import run_text


def check(low: float, high: float) -> ObservedCheck:
    base = factory.later_count("A", 4700, 5000)
    ends = zip(base.reported, (low, low, high), strict=True)
    return replace(base, reported=tuple(replace(at, level=level) for at, level in ends))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.31, 0.38, "fall at the 31st to 38th percentile of the simulated losses"),
        (0.31, 0.31, "fall at the 31st percentile of the simulated losses"),
        (0.0, 0.004, "fall below the 1st percentile of the simulated losses"),
        (0.996, 1.0, "fall above the 99th percentile of the simulated losses"),
        (0.0, 0.01, "fall at or below the 1st percentile of the simulated losses"),
        (0.99, 1.0, "fall at or above the 99th percentile of the simulated losses"),
        (0.0, 0.12, "reach from below the 1st to the 12th percentile of the simulated losses"),
        (0.92, 1.0, "reach from the 92nd to above the 99th percentile of the simulated losses"),
        (0.0, 1.0, "reach from below the 1st to above the 99th percentile of the simulated losses"),
    ],
)
def test_where_a_count_falls(low: float, high: float, words: str) -> None:
    assert fall_words(check(low, high), DOMAINS["force"]) == words


def test_a_count_in_a_sentence() -> None:
    (brief,) = observed_lines(factory.strength(), verbose=False)
    assert brief == "a later count, 30 Jan 2025: 4,700 to 5,000, at the 31st to 38th percentile"
    (line,) = observed_lines(factory.strength())
    assert line == (
        "a later count: 4,700 to 5,000 soldiers by 30 January 2025 "
        "fall at the 31st to 38th percentile of the simulated losses (± 0.2 points); "
        "simulated: median 5,400, 5th to 95th percentile 4,300 to 6,600"
    )


def test_a_count_used() -> None:
    strength = factory.strength().strength
    assert strength is not None
    (claim,) = strength.claims
    assert claim_words(claim, "soldiers") == (
        "the ministry: 3,800 (3,200 to 4,400) soldiers up to 9 January 2025 (4 to 15 January 2025)"
    )
    fixed = replace(claim, low=3800, high=3800, earliest=claim.date, latest=claim.date)
    assert claim_words(fixed, "tanks") == "the ministry: 3,800 tanks up to 9 January 2025"


@pytest.mark.parametrize("days", [2, 5, 40, 150, 900, 4000])
def test_round_dates_between_the_count_and_the_last_change(days: int) -> None:
    strength = factory.strength(days).strength
    assert strength is not None
    chosen = round_dates(strength)
    assert 1 <= len(chosen) <= 10
    assert chosen == sorted(set(chosen))
    assert chosen[-1] < days
    if days > 100:
        assert len(chosen) >= 4
        assert strength.dates[chosen[0]] >= strength.claims[0].date


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_the_table_fits(width: int, encoding: str) -> None:
    text = run_text(factory.strength(), width, encoding=encoding)
    assert max(cells(line) for line in text.splitlines()) <= width
    assert "lost P95" in text
    assert ("present P5  present P50" in text) == (width >= 80)
    assert "(? 0.2" not in text


def test_a_table_of_large_amounts_counts_millions() -> None:
    fund = {
        "title": "T",
        "wording": "fund",
        "unit": "euros",
        "force": {"size": 1.1e9, "as_of": "2025-09-15"},
        "losses": {"rate": {"distribution": "uniform", "low": 5e7, "high": 5.4e7}, "per": "week"},
    }
    result = simulate.run(fund, draws=1024, strength=True)
    lines = render(result.page(), 80)
    assert "Euros left and euros spent at the end of each date, in millions" in lines
    # 17 days at 50 to 54 million a week leave 969 to 979 million, on one line of the table.
    (row,) = (line for line in lines.splitlines() if line.startswith("2025-10-01"))
    assert 969 <= float(row.split()[1]) <= 979
    assert " 52,000,000 euros a week (as given)" in " ".join(
        run_text(result.summary, verbose=True).split()
    )


def test_the_table_ends_with_what_is_left() -> None:
    """52 at 9 a week are at 12 in May 2026; then all that comes in is used, and nothing changes."""
    stock = {
        "title": "T",
        "wording": "stock",
        "unit": "interceptors",
        "horizon": "2030-01-01",
        "force": {
            "size": {"distribution": "uniform", "low": 45, "high": 60},
            "as_of": "2026-03-15",
            "floor": 12,
        },
        "losses": {"rate": 9, "per": "week"},
        "inflow": [{"amount": 6, "per": "month"}],
    }
    strength = simulate.run(stock, draws=1024, strength=True).summary.strength
    assert strength is not None
    days = [strength.dates[k] for k in round_dates(strength)]
    assert len(days) >= 4
    assert days[-1] < dt.date(2026, 6, 1)


SUPPLY = {
    "title": "T",
    "wording": "stock",
    "unit": "shells",
    "force": {"size": 100, "as_of": "2026-03-15"},
    "losses": {"rate": 9, "per": "week"},
    "inflow": [{"amount": 6, "per": "month"}],
}


def bombs(**force: object) -> simulate.Result:
    """At 700 in 71 days and 90 more a month, 1,900 are down to 300 after 162.3 days: 22 July."""
    first = {"size": 2600, "date": "2024-12-01"}
    tree = {
        "title": "T",
        "wording": "stock",
        "unit": "guided bombs",
        "horizon": "2028-12-31",
        "force": {"counts": [first, {"size": 1900, "date": "2025-02-10"}], "floor": 300, **force},
        "inflow": [{"amount": 90, "per": "month"}],
    }
    return simulate.run(tree, draws=1024, strength=True)


def test_the_table_of_one_line_ends_with_the_answer() -> None:
    result = bombs()
    lines = render(result.page(), 80).splitlines()
    begin = next(k for k, line in enumerate(lines) if "at the end of each date" in line)
    assert lines[begin + 1].split() == ["date", "left", "used", "up"]
    end = next(k for k, line in enumerate(lines) if line.startswith("Guided bombs used up: from"))
    assert lines[end - 1].split()[:2] == ["2025-07-22", "300"]
    assert " ".join(lines[end : end + 2]) == (
        "Guided bombs used up: from 10 February 2025, the second count, on. Once the "
        "stock is down to 300 guided bombs, what comes in is used up at once."
    )


def test_the_table_does_not_end_before_the_median_date() -> None:
    """Losses that slow down as less is left go on when the figures hardly change any more."""
    uniform = {"distribution": "uniform", "low": 11_000, "high": 12_000}
    tree = {
        "title": "T",
        "force": {"size": uniform},
        "losses": {"count": 3500, "start": "2024-12-06", "as_of": "2025-01-16"},
        "rate": {"strength_exponent": 0.85},
        "counting": "strength",
    }
    summary = simulate.run(tree, draws=1024, strength=True).summary
    strength, median = summary.strength, summary.outcomes[-1].median.date
    assert strength is not None
    assert median is not None
    first, reached = (strength.dates[round_dates(strength, at)[-1]] for at in (None, median))
    assert first < median <= reached


def test_one_line_bends_where_it_does() -> None:
    """Weekly moments have days beside them on which the stock was counted or is used up."""
    strength = bombs().summary.strength
    assert strength is not None
    assert dt.date(2025, 1, 5) not in strength.dates
    (lost,) = set(strength.lost.values)
    (present,) = set(strength.present.values)
    at = strength.dates.index
    assert lost[at(dt.date(2025, 2, 9))] == 0 < lost[at(dt.date(2025, 2, 10))]
    assert present[at(dt.date(2025, 7, 22))] == 300 < present[at(dt.date(2025, 7, 21))]


def test_what_comes_in_is_said_to_be_used_only_where_it_is() -> None:
    uncertain = {"distribution": "uniform", "low": 290, "high": 310}
    said = "what comes in is used up at once."
    for result in (bombs(), bombs(floor=uncertain)):
        assert said in " ".join(render(result.page(), 80).split())
        assert said in " ".join(texts(result.plot_strength().figure))
    assert goes_on(factory.strength()) == ""
    alone = simulate.run({**SUPPLY, "inflow": []}, draws=1024, strength=True)
    assert goes_on(alone.summary) == counted_from(alone.summary) == ""
    with_inflow = simulate.run(SUPPLY, draws=1024, strength=True).summary
    assert goes_on(with_inflow).startswith("Once the whole stock is gone, what comes in")
