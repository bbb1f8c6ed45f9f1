"""Which input moves the date: variance shares, rank correlations and tornado, by threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct

from simulate.analysis.drivers import factors_of
from simulate.analysis.effects import Effects, effects_of, part_of, prior_bounds, weighted_parts
from simulate.analysis.inverse import DRAWS, Needed, needed, targets_of
from simulate.analysis.moved import (
    Likelier,
    Moved,
    bounds_after,
    likelier,
    moved_inputs,
    together,
    weighted_draws,
)
from simulate.analysis.request import Request, plan_of
from simulate.analysis.roads import by_road
from simulate.analysis.study import summarise
from simulate.analysis.summary import Summary, Update
from simulate.engine.plan import Plan
from simulate.engine.run import COST, WORTH_THREADS, run_plan
from simulate.engine.shape import Shape
from simulate.errors import LimitError
from simulate.scenario.evidence import evidence_of
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.stocks import main_threshold

Item = TypeVar("Item")
Value = TypeVar("Value")

LEAST_DRAWS = 1024
MOST_DRAWS = 2**23
MOST_VALUES = 2**27
"""Most draws times uncertain inputs times thresholds, which are held in memory."""

MOST_BY_DEFAULT = by_road(straight=2**20, bent=2**20, walks=2**14)
"""Most draws unless a number is given: all are computed once for each input."""

_SEARCH_RUNS = 16
"""Rough number of runs that the inverse question takes for an input."""


class SensitivityResult(Struct, frozen=True):
    """The whole answer.

    `summary` describes the run that supplied the draws; `own_draws` are the scenario's own where
    these are fewer, because each takes long, else 0. `needed` answers the inverse question for
    each date, the most influential input first, from `needed_draws` draws.

    With an `update` on later reports all is about the updated dates: there are no total shares, and
    no inverse question; `moved` and `likelier` are what the reports say about each input.
    """

    summary: Summary
    thresholds: tuple[Effects, ...]
    needed: tuple[Needed, ...]
    needed_draws: int
    correlated: tuple[str, ...]
    rotates: bool
    own_draws: int
    update: Update | None = None
    moved: tuple[Moved, ...] = ()
    likelier: tuple[Likelier, ...] = ()


def analyse(
    loaded: LoadedScenario, request: Request, *, most_searched: int | None = None
) -> SensitivityResult:
    """Work out which input moves the date.

    If the request sets no number of draws, the scenario's own is a limit; its progress counts the
    draws once for each input. The inverse question, which takes most of the time by days, is
    answered for the `most_searched` inputs that matter most for the largest threshold, by default
    for all.

    Raises
    ------
    LimitError
        If there are more draws than the limit.
    UpdateError
        If later reports are evidence and too few draws fit them.
    """
    sampling = request.sampling(loaded)
    plan, own_draws = _plan(loaded, sampling, asked=request.draws is not None)
    less = plan_of(loaded, sampling, min(plan.design.asked, DRAWS[plan.road]))
    factors, is_updated = factors_of(loaded.scenario, plan), plan.evidence is not None
    targets = () if is_updated else targets_of(loaded.scenario)
    replicates = range(plan.design.replicates)
    searched = [factor for factor in factors if factor.law is not None and targets]
    per_replicate = plan.design.per_replicate * (1 if is_updated else len(factors) + 1)
    per_input = less.design.n_draws * _SEARCH_RUNS
    total = per_replicate * len(replicates) + per_input * len(searched)
    done = 0

    def each(function: Callable[[Item], Value], items: Sequence[Item], draws: int) -> list[Value]:
        """The value of each item, in their order."""
        nonlocal done
        pairs = []
        worth_threads = total * COST[plan.road] >= WORTH_THREADS
        for item, value in request.at_work.each(
            function, items, worth_threads=worth_threads, short_calls=COST[plan.road] > 1
        ):
            pairs.append((item, value))
            done += draws
            if request.progress is not None:
                request.progress(done, total)
        return [value for _, value in sorted(pairs, key=lambda pair: items.index(pair[0]))]

    moved: tuple[Moved, ...] = ()
    chances: tuple[Likelier, ...] = ()
    if is_updated:
        replayed = each(partial(weighted_draws, plan), replicates, per_replicate)
        tally, draws = together(plan, replayed)
        summary = summarise(loaded, plan, tally)  # refuses too few draws that fit
        parts = weighted_parts(plan, factors, draws)
        bounds = bounds_after(plan, factors, draws)
        moved = moved_inputs(loaded.scenario, plan, factors, draws)
        chances = tuple(likelier(plan, factors, draws))
    else:
        summary = summarise(loaded, plan, run_plan(plan, request.at_work))
        parts = each(partial(part_of, plan, factors), replicates, per_replicate)
        bounds = prior_bounds(factors)
    found = tuple(effects_of(plan, factors, parts, k, bounds) for k in range(len(plan.thresholds)))
    ranked = found[plan.thresholds.index(main_threshold(plan.thresholds))].ranked
    first = [effect.name for effect in ranked if effect.kind == "input"][:most_searched]
    searched = [factor for factor in searched if factor.name in first]
    answers = each(partial(needed, less, targets), searched, per_input)
    by_name = {factor.name: answer for factor, answer in zip(searched, answers, strict=True)}
    return SensitivityResult(
        summary=summary.updated or summary,
        thresholds=found,
        needed=tuple(
            by_name[effect.name][place]
            for place, target in enumerate(targets)
            for effect in found[plan.thresholds.index(target.threshold)].ranked
            if effect.name in by_name
        ),
        needed_draws=0 if is_updated else less.design.n_draws,
        correlated=plan.correlated,
        rotates=plan.shape.rotates,
        own_draws=own_draws,
        update=summary.update,
        moved=moved,
        likelier=chances,
    )


def _plan(loaded: LoadedScenario, sampling: Sampling, *, asked: bool) -> tuple[Plan, int]:
    """The plan, and the scenario's own draws where it has fewer, else 0."""
    scenario = loaded.scenario
    draws = sampling.draws
    if not asked and not evidence_of(scenario):
        draws = min(draws, MOST_BY_DEFAULT[Shape.of(scenario).road])
    inputs = len(scenario.uncertain)
    most = min(MOST_DRAWS, MOST_VALUES // max(inputs * len(scenario.thresholds), 1))
    if draws > most:
        raise LimitError(
            f"{draws:,} draws are beyond the limit of {most:,} for the sensitivity of this "
            f"scenario, whose {inputs} uncertain inputs are all held in memory"
        )
    plan = plan_of(loaded, sampling, max(draws, LEAST_DRAWS))
    return plan, sampling.draws if draws < sampling.draws else 0
