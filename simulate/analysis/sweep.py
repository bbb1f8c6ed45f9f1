"""One scenario over a grid of settings, every combination on the same random numbers."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from simulate.analysis.comparison import common_thresholds
from simulate.analysis.outcomes import Run, depletion, passages_of, shifts
from simulate.analysis.request import Request, ThresholdLike, known_threshold, plan_of
from simulate.analysis.study import summarise
from simulate.analysis.summary import Depletion, Outcome, Summary
from simulate.analysis.values import Instant, Shift
from simulate.analysis.warnings import run_warnings
from simulate.errors import Argument, Message, Problem, ScenarioError
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario, Source
from simulate.scenario.model import Scenario
from simulate.scenario.variations import Grid, Values

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Percentiles of every combination, beside the scenario's own."""

Combination: TypeAlias = tuple[Values, LoadedScenario, Sampling]


class Row(Depletion, frozen=True, kw_only=True):
    """The report on one threshold in one combination.

    `shift` is how the median moves from the first combination, None where that does not have this
    threshold.
    """

    shift: Shift | None

    def at(self, level: float) -> Instant:
        """The date at one of the levels."""
        return next(quantile.at for quantile in self.quantiles if quantile.level == level)


class Cell(Struct, frozen=True):
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


class Sweep(Struct, frozen=True):
    """The answer of a sweep.

    `first` is the whole answer of the first combination, `main` its outcome for the threshold that
    the sweep is about.
    """

    grid: Grid
    first: Summary
    main: Outcome
    cells: tuple[Cell, ...]


def combinations(
    source: Source,
    grid: Grid,
    request: Request,
    *,
    by: Iterable[dt.date] = (),
    levels: Collection[float] = (),
) -> list[Combination]:
    """The scenario of every combination, and how it is sampled.

    Raises
    ------
    ScenarioError
        With the problems of all combinations.
    LimitError
        If a stated limit is passed.
    """
    for name, _ in grid.swept:
        if name.partition(".")[0] == "sampling":
            message = f"{name} cannot be swept: all combinations share their random numbers"
            draws, seed, method = map(Argument, ("draws", "seed", "method"))
            hint = Message("use ", draws, ", ", seed, " or ", method, ", one for all")
            raise ScenarioError(Problem(message, hint=hint))

    def prepared(loaded: LoadedScenario) -> tuple[LoadedScenario, Sampling]:
        asked = loaded.asking(by=by, levels={*LEVELS, *(levels or loaded.scenario.levels)})
        return asked, request.sampling(loaded)

    return [(values, *found) for values, found in grid.load(source, prepared)]


def sweep_over(
    grid: Grid,
    cells: Sequence[Combination],
    request: Request,
    threshold: ThresholdLike | None = None,
) -> Sweep:
    """Run every combination of a grid, keeping only the first tally and the current one.

    The sweep is about a threshold, by default the largest that all `combinations` have. The
    progress of the request counts the draws of all of them.

    Raises
    ------
    ThresholdError
        If a combination does not have the threshold.
    LimitError
        If a stated limit is passed.
    """
    ladders = [(f"with {grid.words(cell)}", one.scenario.thresholds) for cell, one, _ in cells]
    threshold = known_threshold(threshold, common_thresholds("combinations", ladders))
    runs = (
        (values, one, _run(one, sampling, request.part(number, grid.n_cells)))
        for number, (values, one, sampling) in enumerate(cells)
    )
    values, one, first = next(runs)
    summary = summarise(one, *first)
    return Sweep(
        grid=grid,
        first=summary,
        main=next(found for found in summary.outcomes if found.threshold == threshold),
        cells=(
            _cell(values, one, first, first, threshold),
            *(_cell(values, one, run, first, threshold) for values, one, run in runs),
        ),
    )


def _run(loaded: LoadedScenario, sampling: Sampling, request: Request) -> Run:
    plan = plan_of(loaded, sampling)
    return plan, request.run(plan)


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
    plan, tally = run
    shared = {plan.thresholds[k]}.intersection(first[0].thresholds)
    shift = next(shifts(first, run, shared, (0.5,)), None)
    found = depletion(scenario, plan, k, passages_of(plan, tally, k), tally.never[:, k])
    return Row(**asdict(found), shift=shift)
