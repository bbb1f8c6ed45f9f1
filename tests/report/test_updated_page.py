"""The page and the files of a run with an update: no number before it without saying so."""

from __future__ import annotations

from functools import cache

import simulate
from simulate.report.data import tables
from simulate.report.text.citation import note
from simulate.report.text.phrases import main_outcome
from simulate.report.text.precision import advised_dates, precision_phrase
from simulate.report.text.rate import rate_words
from simulate.report.text.wording import error_days
from tests.analysis.reports import TWO, report
from tests.cases import COUNT, SIZE, scenario
from tests.texts import run_text


@cache
def both() -> simulate.Result:
    of = scenario(COUNT, SIZE, observed=TWO, published=[{"label": "P", "date": "2025-04-15"}])
    return simulate.run(of, draws=2**12, strength=True)


def test_intervals_and_strength_are_shown_before_and_after() -> None:
    page = " ".join(run_text(both().summary, verbose=True).split())
    for words in (
        "Simulation intervals, 100 % lost, before later reports",
        "Simulation intervals, 100 % lost, after later reports",
        "at the end of each date, before later reports",
        "at the end of each date, after later reports",
        "mean up to the horizon, days after 6 December 2024",
        "Loss rate, before later reports: ",
    ):
        assert words in page
    # The one table of shares has both.
    assert page.count("Shares of simulations, 100 % lost") == 1
    plain = run_text(simulate.run(scenario(COUNT, SIZE), draws=1024).summary, verbose=True)
    assert "later reports" not in plain


def test_the_rows_of_strength_have_both() -> None:
    summary = both().summary
    assert summary.update is not None
    assert summary.update.strength is not None
    table = tables.strength(summary)
    assert table is not None
    assert table.header[-2:] == ("updated", "updated_mc_error")
    after = summary.update.strength
    day, level = len(after.dates) - 1, after.levels.index(0.5)
    expected = after.lost.values[level][day], after.lost.mc_errors[level][day]
    rows = {row[:3]: row[3:] for row in table.rows}
    found = rows["lost", after.dates[day], 0.5]
    assert found[2:] == expected
    assert found[:2] != expected


def test_errors_are_those_of_the_updated_dates_too() -> None:
    """A report that leaves few draws: the dates after it are far less certain."""
    summary = simulate.run(scenario(COUNT, SIZE, observed=[report(9500)]), draws=2**12).summary
    assert summary.update is not None
    after = [q.at.mc_error_days or 0.0 for q in summary.update.outcomes[-1].quantiles]
    before = [q.at.mc_error_days or 0.0 for q in summary.outcomes[-1].quantiles]
    assert max(after) > 1.5 * max(before)
    advised = [date.at.mc_error_days or 0.0 for date in advised_dates(summary, ())]
    assert max(advised) == max(*after, *before)
    main = main_outcome(summary)
    assert summary.updated is not None
    assert f"at most {error_days(max(after))} days" in note(summary, main, 0.9)


def test_a_precision_names_the_dates_it_covers() -> None:
    result = simulate.run(scenario(COUNT, SIZE, observed=TWO), precision=2, draws=2**20)
    words = precision_phrase(result.summary)
    assert "reached" in words
    assert words.endswith("The precision is that of the dates after the update.")
    assert result.updated is not None
    later = precision_phrase(result.updated.summary)
    assert later == words
    plain = simulate.run(scenario(COUNT, SIZE), precision=2, draws=2**20).summary
    assert "update" not in precision_phrase(plain)
    assert "later reports" not in rate_words(plain)
