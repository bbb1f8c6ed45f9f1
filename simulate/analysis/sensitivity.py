"""Which input moves the date: variance shares, rank correlations and tornado, by threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct

from simulate.analysis.drivers import factors_of
from simulate.analysis.effects import Effects, effects_of, prior_bounds, replicate_effects
from simulate.analysis.inverse import DRAWS, Needed, needed, targets_of
from simulate.analysis.moved import (
    Likelier,
    Moved,
    bounds_after,
    likelier,
    moved_inputs,
)
from simulate.analysis.request import Request, by_road, plan_of
from simulate.analysis.study import summarise
from simulate.analysis.summary import Summary, Update
from simulate.analysis.weighted_draws import (
    WALKS,
    chosen_levels,
    n_chosen,
    new_walks,
    shares_of_chance,
    together,
    weighted_draws,
    weighted_parts,
)
from simulate.engine.plan import Plan
from simulate.engine.run import COST, WORTH_THREADS, whole
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

    With an `update` on later reports all is about the updated dates: only chance has a total share,
    and there is no inverse question; `moved` and `likelier` are what the reports say of inputs.
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
    """
    sampling = request.sampling(loaded)
    plan, own_draws = _plan(loaded, sampling, asked=request.draws is not None)
    if plan.evidence is not None:
        return _updated(loaded, request, plan, own_draws)
    less = plan_of(loaded, sampling, min(plan.design.asked, DRAWS[plan.road]))
    factors, targets = factors_of(loaded.scenario, plan), targets_of(loaded.scenario)
    searched = [factor for factor in factors if factor.law is not None and targets]
    replicates, per_input = range(plan.design.replicates), less.design.n_draws * _SEARCH_RUNS
    all_draws = plan.design.n_draws * (len(factors) + 1)
    work = _Work(request, plan, all_draws + per_input * len(searched))
    answered = work.each(
        partial(replicate_effects, plan, factors), replicates, all_draws // len(replicates)
    )
    tallies, parts = zip(*answered, strict=True)
    summary = summarise(loaded, plan, whole(plan, tallies))
    found = effects_of(plan, factors, parts, prior_bounds(factors))
    ranked = found[plan.thresholds.index(main_threshold(plan.thresholds))].ranked
    first = [effect.name for effect in ranked if effect.kind == "input"][:most_searched]
    searched = [factor for factor in searched if factor.name in first]
    answers = work.each(partial(needed, less, targets), searched, per_input)
    by_name = {factor.name: answer for factor, answer in zip(searched, answers, strict=True)}
    return SensitivityResult(
        summary=summary,
        thresholds=found,
        needed=tuple(
            by_name[effect.name][place]
            for place, target in enumerate(targets)
            for effect in found[plan.thresholds.index(target.threshold)].ranked
            if effect.name in by_name
        ),
        needed_draws=less.design.n_draws,
        correlated=plan.correlated,
        rotates=plan.shape.rotates,
        own_draws=own_draws,
    )


def _updated(
    loaded: LoadedScenario, request: Request, plan: Plan, own_draws: int
) -> SensitivityResult:
    """The answer about updated dates, from draws worked out once, and new walks of some."""
    factors, replicates = factors_of(loaded.scenario, plan), range(plan.design.replicates)
    n_walked = n_chosen(plan) * WALKS if any(each.kind == "walk" for each in factors) else 0
    per_replicate = plan.design.per_replicate
    work = _Work(request, plan, (per_replicate + n_walked) * len(replicates))
    replayed = work.each(partial(weighted_draws, plan), replicates, per_replicate)
    tallies, each = zip(*replayed, strict=True)
    summary = summarise(loaded, plan, whole(plan, tallies))  # refuses too few draws that fit
    draws = together(each)
    by_chance: list[list[float]] = []
    if n_walked:
        walk_again = partial(new_walks, plan, chosen_levels(plan, draws))
        by_chance = shares_of_chance(draws, work.each(walk_again, replicates, n_walked))
    parts, bounds = weighted_parts(plan, factors, draws), bounds_after(plan, factors, draws)
    return SensitivityResult(
        summary=summary.updated or summary,
        thresholds=effects_of(plan, factors, parts, bounds, by_chance),
        needed=(),
        needed_draws=0,
        correlated=plan.correlated,
        rotates=plan.shape.rotates,
        own_draws=own_draws,
        update=summary.update,
        moved=moved_inputs(loaded.scenario, plan, factors, draws),
        likelier=tuple(likelier(plan, factors, draws)),
    )


class _Work:
    """The work of an analysis, whose progress counts draws up to a total."""

    def __init__(self, request: Request, plan: Plan, total: int) -> None:
        self._request, self._total, self._done = request, total, 0
        self._cost = COST[plan.road]

    def each(
        self, function: Callable[[Item], Value], items: Sequence[Item], draws: int
    ) -> list[Value]:
        """The value of each item, in their order; each takes so many draws."""
        found = []
        for pair in self._request.at_work.each(
            function,
            items,
            worth_threads=self._total * self._cost >= WORTH_THREADS,
            short_calls=self._cost > 1,
        ):
            found.append(pair)
            self._done += draws
            if self._request.progress is not None:
                self._request.progress(self._done, self._total)
        return [value for _, value in sorted(found, key=lambda pair: items.index(pair[0]))]


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
