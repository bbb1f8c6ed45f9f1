"""One scenario over a grid of settings, every combination on the same random numbers."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulate.analysis.comparison import common_thresholds, one_result
from simulate.analysis.outcomes import by_date, instant, never_causes, passages_of
from simulate.analysis.shifts import Run, shifts
from simulate.analysis.summarise import summarise
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import ByDate, Instant, NeverCause, Quantile, Shift
from simulate.analysis.warnings import run_warnings
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import Progress, run_plan
from simulate.engine.workers import ALL_CORES, Workers
from simulate.errors import Problem, ScenarioError
from simulate.scenario.loader import LoadedScenario, Source, changed_sampling
from simulate.scenario.model import Scenario
from simulate.scenario.numerals import exact
from simulate.scenario.variations import Grid, Values

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Percentiles of every combination, beside the scenario's own."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What every combination reports, beside what its file says.

    `threshold` is the subject of the sweep, by default the largest that all combinations have;
    `sampling` overrides draws, seed and method.
    """

    by: tuple[dt.date, ...] = ()
    levels: tuple[float, ...] = ()
    threshold: float | None = None
    sampling: Mapping[str, Any] = field(default_factory=dict)

    def of(self, loaded: LoadedScenario) -> LoadedScenario:
        """The scenario with further dates and percentiles."""
        levels = {*LEVELS, *(self.levels or loaded.scenario.levels)}
        return loaded.asking(by=self.by, levels=levels)

    def check(self, loaded: LoadedScenario) -> None:
        """Refuse a scenario that cannot report this.

        Raises
        ------
        ScenarioError
        """
        one_result(loaded)
        changed_sampling(loaded.scenario.sampling, self.sampling)
        thresholds = loaded.scenario.thresholds
        if self.threshold is not None and self.threshold not in thresholds:
            missing = exact(self.threshold)
            message = f"{missing} is not among the thresholds, {', '.join(map(exact, thresholds))}"
            hint = f"choose one of them, or add --set thresholds=[{missing}]"
            raise ScenarioError(Problem(message, loaded.file, hint=hint))


@dataclass(frozen=True, slots=True)
class Row:
    """What is reported of one threshold in one combination.

    `never` has the causes for which draws are not depleted; `shift` is that of the median against
    the first combination, None where that does not have this threshold. `counting`, `whole` and
    `lost` are those of the combination, as in an outcome.
    """

    threshold: float
    counting: str
    whole: str
    lost: str
    quantiles: tuple[Quantile, ...]
    by: tuple[ByDate, ...]
    depleted_probability: float
    depleted_mc_error: float
    never: tuple[NeverCause, ...]
    shift: Shift | None

    def at(self, level: float) -> Instant:
        """The date at one of the levels."""
        return next(quantile.at for quantile in self.quantiles if quantile.level == level)


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination: the value of each swept setting, and a row for each threshold.

    `chosen` is the row of the threshold that the sweep is about, the same in all combinations.
    """

    values: Values
    digest: str
    origin: dt.date
    horizon: dt.date
    rows: tuple[Row, ...]
    chosen: Row
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """The answer of a sweep.

    `first` is the whole answer of the first combination, `main` its outcome for the threshold that
    the sweep is about.
    """

    grid: Grid
    first: Summary
    main: Outcome
    cells: tuple[Cell, ...]


def sweep_over(
    source: Source,
    grid: Grid,
    version: str,
    workers: Workers = ALL_CORES,
    *,
    asking: Asking | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run every combination of a grid, keeping only the first tally and the current one.

    Parameters
    ----------
    source : Source
        The scenario's file.
    grid : Grid
    version : str
        Version of the program, for the record.
    workers : Workers
    asking : Asking, optional
    progress : callable, optional
        Called as progress(draws done, draws in all), those of all combinations.

    Raises
    ------
    ScenarioError
        With the problems of all combinations, found before anything is sampled.
    LimitError
        If a stated limit is passed.
    """
    asking = asking or Asking()
    _refuse_sampling(grid)
    threshold = _threshold(source, grid, asking)
    loaded = ((values, asking.of(source.load(grid.overrides(values)))) for values in grid.cells())
    runs = (
        (values, one, _run(one, asking, workers, _part(progress, number, grid.n_cells)))
        for number, (values, one) in enumerate(loaded)
    )
    values, one, first = next(runs)
    summary = summarise(one, *first, version)
    return Sweep(
        grid=grid,
        first=summary,
        main=next(found for found in summary.outcomes if found.threshold == threshold),
        cells=(
            _cell(values, one, first, first, threshold),
            *(_cell(values, one, run, first, threshold) for values, one, run in runs),
        ),
    )


def _threshold(source: Source, grid: Grid, asking: Asking) -> float:
    """The threshold that the sweep is about; checks every combination."""
    found: list[tuple[float, ...]] = []

    def check(loaded: LoadedScenario) -> None:
        found.append(loaded.scenario.thresholds)
        asking.check(loaded)

    grid.check(source, check)
    names = (f"with {grid.words(cell)}" for cell in grid.cells())
    named = list(zip(names, found, strict=True))
    return asking.threshold or max(common_thresholds("combinations", named))


def _refuse_sampling(grid: Grid) -> None:
    for name, _ in grid.swept:
        if name.partition(".")[0] == "sampling":
            message = f"{name} cannot be swept: all combinations share their random numbers"
            raise ScenarioError(Problem(message, hint="use -n, --seed or --method, one for all"))


def _run(
    loaded: LoadedScenario, asking: Asking, workers: Workers, progress: Progress | None
) -> Run:
    sampling = changed_sampling(loaded.scenario.sampling, asking.sampling)
    plan = plan_for(
        loaded.scenario,
        draws=sampling.draws,
        seed=sampling.seed,
        method=sampling.method,
        observed=False,
    )
    return plan, run_plan(plan, workers, progress=progress)


def _part(progress: Progress | None, number: int, n: int) -> Progress | None:
    """Progress of one of `n` equal runs as a part of all."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, n * total)


def _cell(values: Values, loaded: LoadedScenario, run: Run, first: Run, threshold: float) -> Cell:
    scenario, (plan, tally) = loaded.scenario, run
    rows = tuple(_row(scenario, run, first, k) for k in range(len(plan.thresholds)))
    return Cell(
        values=values,
        digest=loaded.digest,
        origin=scenario.origin,
        horizon=scenario.last_day,
        rows=rows,
        chosen=next(row for row in rows if row.threshold == threshold),
        warnings=tuple(itertools.chain(*run_warnings(scenario, plan, tally))),
    )


def _row(scenario: Scenario, run: Run, first: Run, k: int) -> Row:
    """The report on threshold number `k`, far shorter than that of a single run."""
    plan, tally = run
    passages, threshold = passages_of(plan, tally, k), plan.thresholds[k]
    shared = [threshold] if threshold in first[0].thresholds else []
    return Row(
        threshold=threshold,
        counting=scenario.counting,
        whole=scenario.wording.whole,
        lost=scenario.wording.lost,
        quantiles=tuple(
            Quantile(level, instant(passages, scenario.origin, level)) for level in scenario.levels
        ),
        by=tuple(by_date(passages, scenario.origin, date) for date in scenario.by),
        depleted_probability=float(passages.cumulative[-1]) / passages.n,
        depleted_mc_error=passages.cdf_error(float(passages.edges[-1])),
        never=never_causes(plan.causes, tally.never[:, k], passages),
        shift=next(shifts(first, run, shared, (0.5,)), None),
    )
