"""One scenario over a grid of settings, every combination on the same random numbers."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from simulate.analysis.comparison import common_thresholds
from simulate.analysis.outcomes import Run, depletion, passages_of, shifts
from simulate.analysis.request import Request, ThresholdLike, known_threshold, plan_of
from simulate.analysis.study import summarise
from simulate.analysis.summary import Depletion, Outcome, Summary
from simulate.analysis.update import Weighing, weigh
from simulate.analysis.values import ByDate, Instant, Shift
from simulate.analysis.warnings import run_warnings
from simulate.errors import Argument, Message, Problem, ScenarioError, UpdateError
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario, Source
from simulate.scenario.model import Scenario
from simulate.scenario.variations import Grid, Values

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Percentiles of every combination, beside the scenario's own."""

Combination: TypeAlias = tuple[Values, LoadedScenario, Sampling]


class Row(Depletion, frozen=True, kw_only=True):
    """The report on one threshold in one combination.

    `shift` is how the median moves from the first combination with an answer, None where that does
    not have this threshold.
    """

    shift: Shift | None

    def at(self, level: float) -> Instant:
        """The date at one of the levels."""
        return next(quantile.at for quantile in self.quantiles if quantile.level == level)


class SweepCell(Struct, frozen=True):
    """One combination: the value of each swept setting, and a row for each threshold.

    `chosen` is the row of the threshold that the sweep is about, the same in all combinations.
    Where later reports are evidence, the dates are updated on them, and `effective` is the
    effective sample size; where that is too small, `refused` says so, and there are no figures.
    """

    values: Values
    digest: str
    origin: dt.date
    horizon: dt.date
    rows: tuple[Row, ...]
    chosen: Row
    warnings: tuple[str, ...]
    effective: float | None = None
    refused: str = ""


class Sweep(Struct, frozen=True):
    """The answer of a sweep.

    `first` is the whole answer of the first combination that has one, `main` its outcome for the
    threshold that the sweep is about.
    """

    grid: Grid
    first: Summary
    main: Outcome
    cells: tuple[SweepCell, ...]


def combinations(
    source: Source,
    grid: Grid,
    request: Request,
    *,
    by: Iterable[dt.date] = (),
    levels: Collection[float] = (),
) -> list[Combination]:
    """The scenario of every combination, and how it is sampled, or all problems in one error."""
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
    """Run every combination of a grid, keeping only two tallies, the current one and the first.

    The sweep is about a threshold, by default the largest that all `combinations` have. The
    progress of the request counts the draws of all of them.
    """
    ladders = [(f"with {grid.words(cell)}", one.scenario.thresholds) for cell, one, _ in cells]
    threshold = known_threshold(threshold, common_thresholds("combinations", ladders))
    found: list[SweepCell] = []
    first: Run | None = None
    for number, combination in enumerate(cells):
        _, one, sampling = combination
        plan = plan_of(one, sampling)
        run = plan, request.part(number, grid.n_cells).run(plan)
        weighing = weigh(one, *run)
        if first is None and not (weighing and weighing.refused):
            first, summary = run, summarise(one, *run)
        found.append(_cell(combination, run, weighing, first, threshold))
    if first is None:
        raise UpdateError(found[0].refused)
    return Sweep(
        grid=grid,
        first=summary,
        main=next(each for each in summary.outcomes if each.threshold == threshold),
        cells=tuple(found),
    )


def _cell(
    combination: Combination,
    run: Run,
    weighing: Weighing | None,
    first: Run | None,
    threshold: float,
) -> SweepCell:
    (values, loaded, _), (plan, tally) = combination, run
    scenario = loaded.scenario
    rows = tuple(_row(scenario, run, weighing, first, k) for k in range(len(plan.thresholds)))
    doubts = weighing.doubts if weighing else ()
    return SweepCell(
        values=values,
        digest=loaded.digest,
        origin=scenario.origin,
        horizon=scenario.last_day,
        rows=rows,
        chosen=next(row for row in rows if row.threshold == threshold),
        warnings=(*doubts, *itertools.chain(*run_warnings(scenario, plan, tally))),
        effective=weighing and weighing.effective,
        refused=weighing.refused if weighing else "",
    )


def _row(scenario: Scenario, run: Run, weighing: Weighing | None, first: Run | None, k: int) -> Row:
    (plan, tally), weighted = run, weighing and weighing.weighted
    never = (tally if weighted is None else weighted).never[:, k]
    passages = passages_of(plan, tally, k, weighted)
    if weighing and weighing.refused:  # the figures are those before the update
        nothing = dict.fromkeys(scenario.levels, Instant(None, None, None, "too_few_draws"))
        found = depletion(scenario, plan, k, passages, never, at=nothing)
        unknown = {"depleted_probability": math.nan, "depleted_mc_error": math.nan, "never": ()}
        by = tuple(ByDate(date, math.nan, math.nan) for date in scenario.by)
        return Row(**{**asdict(found), **unknown, "by": by}, shift=None)
    found = depletion(scenario, plan, k, passages, never)
    shared = {plan.thresholds[k]}.intersection(first[0].thresholds if first else ())
    shift = next(shifts(first, run, shared, (0.5,)), None) if first else None
    return Row(**asdict(found), shift=shift)
