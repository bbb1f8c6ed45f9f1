"""Run a scenario over a grid of settings, on common random numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulate.analysis.request import Request, ThresholdLike
from simulate.analysis.sweep import Sweep, combinations, sweep_over
from simulate.api.answer import Bundled, Plot, plotted
from simulate.engine.run import Progress
from simulate.errors import Problem, ScenarioError
from simulate.report.data import sweep as data
from simulate.report.data.files import Table
from simulate.report.document import Document, Drawing
from simulate.report.figures.sweep import drawing
from simulate.report.pages.sweep import sweep_page
from simulate.report.text import sweep as text
from simulate.scenario import loader
from simulate.scenario.loader import Runnable
from simulate.scenario.overlay import Settings, as_texts
from simulate.scenario.plain import DateLike, as_date, as_number, listed, one_of
from simulate.scenario.variations import Grid

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, repr=False)
class SweepResult(Bundled, stem="sweep"):
    """The answer of `sweep`; `sweep` holds everything reported, as plain values."""

    sweep: Sweep

    def plot(self, *, preset: str = "web") -> Plot:
        """Median and intervals of every combination, as a notebook shows them.

        Parameters
        ----------
        preset : str
            `web` or `print` (7 inches wide); a card has no room for it.

        Raises
        ------
        LimitError
            If there are too many combinations to read.
        """
        return plotted(drawing(self.sweep), one_of(preset, "preset", ("web", "print")))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the sweep."""
        return data.document(self.sweep)

    def table(self) -> Table:
        """Each combination and threshold.

        The number of the `combination`, its settings, and the `threshold`. For each percentile
        `p5`, `p5_day` (days since the combination's origin) and `p5_mc_error_days`. How the median
        moves from the first combination: `median_shift_days` and `median_shift_mc_error_days`. For
        each date of `by` the probability, such as `by_2025-04-15`, and `by_2025-04-15_mc_error`.
        The probability of `never` up to the `horizon`, with `never_mc_error`; and the scenario's
        `digest`. Where later reports are evidence, all are the updated figures, empty where too few
        draws fit them.
        """
        return data.table(self.sweep)

    def main_picture(self) -> Drawing | None:
        """The picture, unless there are too many combinations to read."""
        return drawing(self.sweep) if len(self.sweep.cells) <= text.MOST_DRAWN else None

    def cite(self) -> str:
        """The sentence to cite, and its note."""
        return f"{text.sentence(self.sweep)}\n{text.note(self.sweep)}"

    def page(self, *, verbose: bool = False) -> Document:
        """The whole answer; `verbose` shows how to cite it."""
        return sweep_page(self.sweep, verbose=verbose)

    def headlines(self) -> tuple[str, ...]:
        """The result line."""
        return (text.headline(self.sweep),)

    @property
    def warnings(self) -> Iterable[str]:
        """Each warning once, with the combinations that it holds for."""
        return text.warnings(self.sweep)

    def _about(self) -> str:
        title, n = self.sweep.first.scenario.title, len(self.sweep.cells)
        return f"SweepResult of {title!r}: {n:,} combinations"


def sweep(
    scenario: Runnable,
    settings: Settings,
    *,
    threshold: ThresholdLike | None = None,
    by: DateLike | Iterable[DateLike] = (),
    levels: float | Iterable[float] = (),
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
    scenario : str, PathLike, mapping, Scenario or LoadedScenario
        A file, its keys and values, or what `load` returns.
    settings : str, iterable of str, or mapping
        Such as "force.size=10000,12000", values split at the commas outside brackets, braces and
        quotes, or {"force.size": [10000, 12000]}. One with a single value is the same everywhere.
    threshold : float or mapping, optional
        Share of the force that the sweep is about; by default the largest that all combinations
        have.
    by : date or str, or several
        Dates for which to report a probability, beside the file's.
    levels : float or iterable of float
        Percentiles to report instead of the file's.
    draws, seed, method, workers, executor, progress : optional
        As in `simulate.run`.

    Returns
    -------
    SweepResult

    Raises
    ------
    ScenarioError
        With the problems of all combinations, or if there is nothing to sweep.
    ThresholdError
        If a combination does not have the threshold.
    FileError, LimitError
        If a file cannot be read, or a stated limit is passed: 10,000 combinations among them.
    UpdateError
        If later reports are evidence, and in no combination enough draws fit them.

    Examples
    --------
    >>> import simulate
    >>> result = simulate.sweep(
    ...     "configs/kursk-isw-point.yaml", {"force.size": [10_000, 12_000]}, draws=1024
    ... )
    >>> [cell.chosen.at(0.5).date.isoformat() for cell in result.sweep.cells]
    ['2025-03-23', '2025-04-14']
    """
    grid = Grid.of(as_texts(settings, swept=True))
    if not grid.swept:
        message = "there is nothing to sweep: no setting has several values"
        hint = 'give one a list of values, such as {"force.size": [10000, 12000]}'
        raise ScenarioError(Problem(message, hint=hint))
    request = Request(draws, seed, method, workers, executor, progress)
    dates = [as_date(date, "by") for date in listed(by)]
    shares = {as_number(level, "levels") for level in listed(levels)}
    cells = combinations(loader.read(scenario), grid, request, by=dates, levels=shares)
    return SweepResult(sweep_over(grid, cells, request, threshold))
