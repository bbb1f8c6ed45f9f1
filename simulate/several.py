"""The Python face for several scenarios at once: compare them, or sweep one over a grid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import __version__
from simulate.analysis.comparison import Comparison, compare_scenarios
from simulate.analysis.sweep import Asking, Sweep, sweep_over
from simulate.engine.run import Progress
from simulate.engine.workforce import Workforce
from simulate.errors import Problem, ScenarioError
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.model import Sampling, Scenario
from simulate.scenario.settings import Settings, as_texts
from simulate.scenario.variations import Grid

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.figure import Figure

    from simulate.report.presets import Picture

NOTHING_SWEPT = Problem(
    "there is nothing to sweep: no setting has several values",
    hint="give one a list of values, such as force.size=10000,12000",
)


@dataclass(frozen=True)
class ComparisonResult:
    """The answer of `compare`; `comparison` holds all that is reported, as plain values."""

    comparison: Comparison

    def plot(self, threshold: float | None = None, *, preset: str = "web") -> Figure:
        """All histograms on one axis of dates, as a Matplotlib figure free of global state.

        Parameters
        ----------
        threshold : float, optional
            One of the thresholds that all scenarios have.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card of two scenarios).
        """
        from simulate.report.presets import sheet_of

        return self.picture(threshold).draw(sheet_of(preset))

    def picture(self, threshold: float | None = None) -> Picture:
        """All histograms for one threshold, to be drawn in any size, with their description."""
        from simulate.report.presets import comparison_picture

        return comparison_picture(self.comparison, threshold)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the comparison."""
        from simulate.report.comparison_files import document

        return document(self.comparison)

    def cite(self) -> str:
        """The sentences to cite, and their note."""
        from simulate.report.comparison_words import note, sentences

        return f"{sentences(self.comparison)}\n{note(self.comparison)}"

    def _repr_html_(self) -> str:
        from simulate.report.pages.comparison import comparison_page
        from simulate.report.render.html import fragment

        return fragment(comparison_page(self.comparison))

    def __repr__(self) -> str:
        titles = ", ".join(repr(one.scenario.title) for one in self.comparison.summaries)
        return f"<Comparison of {titles}>"


@dataclass(frozen=True)
class SweepResult:
    """The answer of `sweep`; `sweep` holds all that is reported, as plain values."""

    sweep: Sweep

    def plot(self) -> Figure:
        """Median and intervals of every combination, as a Matplotlib figure free of global state.

        Raises
        ------
        LimitError
            If there are more combinations than can be read.
        """
        from simulate.report.sweep_figure import sweep_figure

        return sweep_figure(self.sweep)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the sweep."""
        from simulate.report.sweep_files import document

        return document(self.sweep)

    def cite(self) -> str:
        """The sentence to cite, and its note."""
        from simulate.report.sweep_words import note, sentence

        return f"{sentence(self.sweep)}\n{note(self.sweep)}"

    def _repr_html_(self) -> str:
        from simulate.report.pages.sweep import sweep_page
        from simulate.report.render.html import fragment

        return fragment(sweep_page(self.sweep))

    def __repr__(self) -> str:
        title, n = self.sweep.first.scenario.title, len(self.sweep.cells)
        return f"<Sweep of {title!r}: {n:,} combinations>"


def compare(
    scenarios: Iterable[Runnable],
    *,
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Run scenarios on common random numbers and compare each with the first.

    Parameters
    ----------
    scenarios : iterable of LoadedScenario, Scenario, str or Path
        Two or more, files among them, with a threshold in common.
    draws, seed, method : optional
        Take the place of the first scenario's own `sampling`, which holds for all.
    workers, executor, progress : optional
        As in `simulate.run`.

    Returns
    -------
    ComparisonResult

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, there is no threshold in common, or a scenario
        has `losses.pooling: each`.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> names = ("kursk-isw", "kursk-nis")
    >>> both = [simulate.load(f"configs/{name}.yaml") for name in names]
    >>> against = simulate.compare(both, draws=8192).comparison.against[0]
    >>> round(next(s.days for s in against.shifts if (s.threshold, s.level) == (1.0, 0.5)))
    42
    """
    if isinstance(scenarios, str | Path | LoadedScenario | Scenario):  # a text is iterable too
        scenarios = [scenarios]
    loaded = [loader.loaded(each) for each in scenarios]
    asked = {"draws": draws, "seed": seed, "method": method}
    sampling = loader.changed_sampling(
        loaded[0].scenario.sampling if loaded else Sampling(),
        {k: v for k, v in asked.items() if v is not None},
    )
    return ComparisonResult(
        compare_scenarios(
            loaded, sampling, __version__, Workforce(workers, executor), progress=progress
        )
    )


def sweep(
    file: str | Path,
    settings: Settings,
    *,
    threshold: float | None = None,
    by: Iterable[dt.date] = (),
    levels: Iterable[float] = (),
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Run a scenario for every combination of values of some settings, on common random numbers.

    Parameters
    ----------
    file : str or Path
        A YAML file, or "-" for standard input.
    settings : str, iterable of str, or mapping
        Such as "force.size=10000,12000", values split at the commas outside brackets, braces and
        quotes, or {"force.size": [10000, 12000]}. One with a single value is the same everywhere.
    threshold : float, optional
        Share of the force that the sweep is about; the largest where left out.
    by : iterable of date
        Dates whose probability is wanted, beside the file's.
    levels : iterable of float
        Percentiles to report instead of the file's.
    draws, seed, method : optional
        Take the place of the scenario's own `sampling`.
    workers, executor, progress : optional
        As in `simulate.run`.

    Returns
    -------
    SweepResult

    Raises
    ------
    ScenarioError
        With the problems of all combinations, or if there is nothing to sweep.
    FileError, LimitError
        If a file cannot be read, or a stated limit is passed: 10,000 combinations among them.

    Examples
    --------
    >>> import simulate
    >>> result = simulate.sweep(
    ...     "configs/kursk-isw-point.yaml", ["force.size=10000,12000"], draws=1024
    ... )
    >>> [cell.chosen.at(0.5).date.isoformat() for cell in result.sweep.cells]
    ['2025-03-23', '2025-04-14']
    """
    grid = Grid.of(as_texts(settings, swept=True))
    if not grid.swept:
        raise ScenarioError(NOTHING_SWEPT)
    asked = {"draws": draws, "seed": seed, "method": method}
    asking = Asking(
        by=tuple(by),
        levels=tuple(levels),
        threshold=threshold,
        sampling={k: v for k, v in asked.items() if v is not None},
    )
    return SweepResult(
        sweep_over(
            loader.read(file),
            grid,
            __version__,
            Workforce(workers, executor),
            asking=asking,
            progress=progress,
        )
    )
