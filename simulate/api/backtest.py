"""Test methods on the past of a series of counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulate.analysis.backtest import (
    DEFAULT_DAYS,
    DEFAULT_WINDOW,
    MAIN_DAYS,
    Backtest,
    LeadTimeRecord,
    longest_judged,
    track_records,
)
from simulate.analysis.past_forecasts import OWN, given_keys
from simulate.analysis.request import Request
from simulate.analysis.study import study
from simulate.api.answer import Bundled, Plot, plotted
from simulate.errors import Argument, Message, Problem, ScenarioError
from simulate.report.data import backtest as data
from simulate.report.data.files import Table
from simulate.report.document import Document, Drawing
from simulate.report.figures.backtest import drawing
from simulate.report.pages.backtest import backtest_page
from simulate.report.text.backtest import headlines
from simulate.report.text.phrases import main_outcome
from simulate.scenario import loader
from simulate.scenario.counts import Counts, PandasTable, read_counts
from simulate.scenario.dynamics import Rate
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.overlay import Settings
from simulate.scenario.plain import as_path, as_whole, listed, one_of
from simulate.scenario.series import Series
from simulate.scenario.values import Day

_FEW = 1024
"""Draws that say how far ahead the median is."""


@dataclass(frozen=True, repr=False)
class BacktestResult(Bundled, stem="backtest"):
    """The answer of a back-test; `backtest` holds everything reported, as plain values."""

    backtest: Backtest

    def record(self, days: int) -> LeadTimeRecord:
        """How the methods fared so many days ahead.

        Raises
        ------
        ValueError
            If that was not tested.
        """
        ahead = as_whole(days, "days")
        for record in self.backtest.records:
            if record.days == ahead:
                return record
        tested = ", ".join(str(record.days) for record in self.backtest.records)
        raise ValueError(f"{ahead} days ahead were not tested; {tested} were")

    def plot(self, *, preset: str = "web") -> Plot:
        """Coverage and levels of outcomes, as a notebook shows them.

        Parameters
        ----------
        preset : str
            `web` or `print` (7 inches wide); it is too tall for a card.
        """
        return plotted(self.main_picture(), one_of(preset, "preset", ("web", "print")))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the answer."""
        return data.document(self.backtest)

    def table(self) -> Table:
        """The coverage of each interval of each method.

        How many `days` ahead; the number of past forecasts, `origins`, as how many `independent`
        ones they count, and the share `censored` by the end of the series; the `method`. The
        `probability` of the interval, and the share `covered`, with the ends `low` and `high` of
        its 90 % interval. For the method, `width_days` of its 90 % interval, `crps_days`, and that
        by the one of the straight line, `crps_ratio`.
        """
        return data.table(self.backtest)

    def main_picture(self) -> Drawing:
        """Coverage and levels of outcomes."""
        return drawing(self.backtest)

    def picture(self, kind: str) -> Drawing:
        """`coverage` or, the histogram of outcome levels, `pit` alone."""
        return drawing(self.backtest, [one_of(kind, "kind", ("coverage", "pit"))])

    def page(self, *, verbose: bool = False) -> Document:  # noqa: ARG002  (it is always in full)
        """The whole answer."""
        return backtest_page(self.backtest)

    def headlines(self) -> tuple[str, ...]:
        """A result line for each number of days ahead."""
        return headlines(self.backtest)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to be careful about."""
        return self.backtest.warnings

    def _about(self) -> str:
        n = max(record.origins for record in self.backtest.records)
        return f"BacktestResult of {self.backtest.title!r}: {n:,} past cases"


def backtest(
    scenario: Runnable | None = None,
    *,
    set: Settings = (),
    series: str | os.PathLike[str] | PandasTable | None = None,
    columns: Iterable[str] = (),
    window: int | None = None,
    days: int | Iterable[int] = DEFAULT_DAYS,
) -> BacktestResult:
    """Test on a series of counts how intervals made at its past dates would have fared.

    Parameters
    ----------
    scenario : str, PathLike, mapping, Scenario or LoadedScenario, optional
        With `losses.series`.
    set : str, iterable of str, or mapping
        Changes of single values of the scenario; see `load`.
    series : str, PathLike or DataFrame, optional
        In place of a scenario, a CSV file, or a table or series of pandas, with dates in its first
        column (or its index) and cumulative counts in its second.
    columns : iterable of str, optional
        The names of these two columns, if they are others.
    window : int, optional
        Days before each date whose losses give the rate; by default the scenario's, or 41.
    days : int or iterable of int
        How many days ahead: each forecast is of the date by which this many days' losses, at the
        rate of the window, have occurred.

    Returns
    -------
    BacktestResult

    Raises
    ------
    ScenarioError
        If the scenario has no series, the series is too short, or a number is not possible.
    FileError, LimitError
        If a file cannot be read, or is too large.
    TypeError
        Unless either a scenario or a series is given.

    Examples
    --------
    >>> import simulate
    >>> found = simulate.backtest("configs/tanks-reference-2024.yaml", days=[90])
    >>> round(found.record(90).of("reference").at(0.9).covered, 1)
    0.9
    """
    days = [as_whole(each, "days") for each in listed(days)]
    window = None if window is None else as_whole(window, "window")
    if scenario is None and series is not None:
        given = series if hasattr(series, "to_csv") else as_path(series, "series")
        name = Path(given).name if isinstance(given, str | os.PathLike) else "a table"
        counts = read_counts(given, _columns(columns))
        names = (name, f"Back-test of {name}", "")
        return _tested(counts, names, window or DEFAULT_WINDOW, days)
    if scenario is None or series is not None:
        raise TypeError("a back-test takes either a scenario or a series")
    if listed(columns):
        raise TypeError("columns goes with series; a scenario names those of its own")
    loaded = loader.load(scenario, set)
    found = loaded.scenario
    if (own := found.losses.series) is None:
        other = Message(", or name a CSV file of counts: ", Argument("series", "FILE.csv"))
        raise _without_series(other)
    window = own.window if window is None else window
    names = (own.file, found.title, own.source or "")
    # A single number of days needs no choice.
    wanted = _to_median(loaded, own) if len(days) > 1 else MAIN_DAYS
    return _tested(own.counts, names, window, days, found.rate, wanted=wanted)


def _columns(columns: Iterable[str]) -> Sequence[str]:
    names = listed(columns)
    if len(names) not in (0, 2) or not all(isinstance(name, str) for name in names):
        hint = "give the names of the column of dates and of that of counts"
        raise ScenarioError(Problem(f"columns takes two names (found {len(names)})", hint=hint))
    return names


def _to_median(loaded: LoadedScenario, series: Series) -> int:
    """Days from the end of the window to the median, or to the horizon, by a small run."""
    *_, summary = study(loaded, Request(draws=_FEW))
    end = main_outcome(summary).median.date or summary.horizon
    return (end - (series.as_of or series.points[-1][0])).days


def judged(loaded: LoadedScenario, ahead: int) -> BacktestResult | None:
    """The back-test so many days ahead, or as many fewer as the series can judge, if any."""
    if (series := loaded.scenario.losses.series) is None:
        raise _without_series()
    most = longest_judged(series.counts, series.window, ahead)
    return None if most is None else backtest(loaded, days=[most])


def _without_series(file: str = "") -> ScenarioError:
    """The refusal of a scenario without counts; `file` is another way to name some."""
    others = "; what other series have shown: README, “How much to believe it”"
    such = ", as configs/tanks-reference-2024.yaml does"
    hint = Message("write losses.series in the scenario", such, file, others)
    return ScenarioError(Problem("the scenario has no losses.series to test on", hint=hint))


def _tested(
    counts: Counts,
    names: tuple[str, str, str],
    window: int,
    days: Sequence[int],
    rate: Rate | None = None,
    *,
    wanted: int = MAIN_DAYS,
) -> BacktestResult:
    """Test on counts; `names` are the file's, the title, and who counted."""
    asked = sorted(set(days))
    if not asked:
        raise ScenarioError(Problem("days lists no number of days"))
    file, title, source = names
    records = track_records(counts, window, asked, rate)
    tested = {record.days for record in records}
    return BacktestResult(
        Backtest(
            title=title,
            file=file,
            window=window,
            first=Day(counts.days[0]).date,
            last=Day(counts.days[-1]).date,
            records=records,
            wanted=wanted,
            source=source,
            too_long=tuple(each for each in asked if each not in tested),
            warnings=tuple(counts.warnings(file)),
            is_untested=bool(given_keys(rate))
            and not any(method.method == OWN for method in records[0].methods),
        )
    )
