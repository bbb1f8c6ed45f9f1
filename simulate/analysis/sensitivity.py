"""Which input moves the date: variance shares, rank correlations and tornado, by threshold."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from simulate.analysis.drivers import Factor, factors_of
from simulate.analysis.effects import Effects, Part, effects_of, part_of
from simulate.analysis.inverse import DRAWS, Needed, PublishedTarget, needed, targets_of
from simulate.analysis.summarise import summarise
from simulate.analysis.summary import Summary
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import WORK, WORTH_THREADS, Progress, run_plan
from simulate.engine.workers import Workers
from simulate.errors import LimitError
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario

LEAST_DRAWS = 1024
MOST_DRAWS = 2**23
MOST_VALUES = 2**27
"""Most draws times uncertain inputs times thresholds, which are held in memory."""

UNASKED = {"closed": 2**20, "daily": 2**14}
"""Most draws where none are asked for, with a closed form and by days: all are worked out once for
each input."""

_SEARCH_RUNS = 16
"""Runs that the inverse question takes for an input, roughly."""


@dataclass(frozen=True)
class SensitivityResult:
    """The whole answer.

    `summary` is that of the run whose draws were used. `fewer` tells whether the draws are fewer
    than the scenario's own because they walk by days. `needed` answers the inverse question, from
    `needed_draws` draws.
    """

    summary: Summary
    thresholds: tuple[Effects, ...]
    needed: tuple[Needed, ...]
    needed_draws: int
    correlated: tuple[str, ...]
    rotates: bool
    fewer: bool


def analyse(
    loaded: LoadedScenario,
    sampling: Sampling,
    workers: Workers,
    version: str,
    *,
    asked: bool,
    most_searched: int | None = None,
    progress: Progress | None = None,
) -> SensitivityResult:
    """Work out which input moves the date.

    Parameters
    ----------
    loaded : LoadedScenario
    sampling : Sampling
    workers : Workers
    version : str
        Version of the program, for the record.
    asked : bool
        Whether the number of draws was asked for, and not only the scenario's own.
    most_searched : int, optional
        Only so many inputs, the most influential, are asked the inverse question, which takes most
        of the time by days.
    progress : callable, optional
        Called as progress(draws done, draws in all); each input counts the draws anew.

    Raises
    ------
    LimitError
        If more draws, or draws of so many inputs, are asked for than the limit.
    """
    plan, fewer = _plan(loaded, sampling, asked=asked)
    less = _with_draws(loaded, sampling, min(plan.design.asked, DRAWS[plan.shape.road]))
    factors, targets = factors_of(loaded.scenario, plan), targets_of(loaded.scenario)
    work = _Work(workers, plan, less, factors, targets, progress=progress)
    tally = run_plan(plan, workers)
    parts = work.parts()
    found = tuple(effects_of(plan, factors, parts, k) for k in range(len(plan.thresholds)))
    return SensitivityResult(
        summary=summarise(loaded, plan, tally, version),
        thresholds=found,
        needed=tuple(_in_order(work.needed(_first(found, most_searched)), targets, found)),
        needed_draws=less.design.n_draws,
        correlated=plan.correlated,
        rotates=plan.shape.rotates,
        fewer=fewer,
    )


class _Work:
    """Hands out the parts of the work, and counts what is done."""

    def __init__(
        self,
        workers: Workers,
        plan: Plan,
        less: Plan,
        factors: tuple[Factor, ...],
        targets: tuple[PublishedTarget, ...],
        *,
        progress: Progress | None,
    ) -> None:
        self._factors, self._targets = factors, targets
        self._workers, self._plan, self._less, self._progress = workers, plan, less, progress
        self._held = [factor for factor in factors if factor.law is not None and targets]
        self._per_replicate = plan.design.n_draws // plan.design.replicates * (len(factors) + 1)
        self._per_input = less.design.n_draws * _SEARCH_RUNS
        self._done = 0
        self._all = self._per_replicate * plan.design.replicates
        self._all += self._per_input * len(self._held)

    def parts(self) -> list[Part]:
        """What each replicate says, in their order."""
        found = {}
        for replicate, part in self._workers.each(
            partial(part_of, self._plan, self._factors),
            range(self._plan.design.replicates),
            worth_threads=self._worth_threads,
        ):
            found[replicate] = part
            self._count(self._per_replicate)
        return [found[replicate] for replicate in range(self._plan.design.replicates)]

    def needed(self, names: Container[str]) -> dict[str, tuple[Needed, ...]]:
        """The answers to the inverse question, by input, of those named."""
        found = {}
        held = [factor for factor in self._held if factor.name in names]
        for factor, answers in self._workers.each(
            partial(needed, self._less, self._targets),
            held,
            worth_threads=self._worth_threads,
        ):
            found[factor.name] = answers
            self._count(self._per_input)
        return found

    @property
    def _worth_threads(self) -> bool:
        return self._all * WORK[self._plan.shape.road] >= WORTH_THREADS

    def _count(self, draws: int) -> None:
        self._done += draws
        if self._progress is not None:
            self._progress(self._done, self._all)


def _first(found: Sequence[Effects], most: int | None) -> set[str]:
    """Names of the most influential inputs of the largest threshold, or of all."""
    ranked = max(found, key=lambda each: each.threshold).ranked
    inputs = [effect.name for effect in ranked if effect.kind == "input"]
    return set(inputs[:most])


def _in_order(
    answers: Mapping[str, tuple[Needed, ...]],
    targets: Sequence[PublishedTarget],
    found: Sequence[Effects],
) -> Iterator[Needed]:
    """All answers, by target, the most influential input first."""
    for place, target in enumerate(targets):
        of = next(each for each in found if each.threshold == target.threshold)
        for effect in of.ranked:
            if effect.name in answers:
                yield answers[effect.name][place]


def _plan(loaded: LoadedScenario, sampling: Sampling, *, asked: bool) -> tuple[Plan, bool]:
    """The plan, and whether it has fewer draws than the scenario's own."""
    scenario = loaded.scenario
    road = "daily" if not (scenario.is_straight or scenario.has_closed_form) else "closed"
    draws = sampling.draws if asked else min(sampling.draws, UNASKED[road])
    inputs = len(scenario.uncertain)
    most = min(MOST_DRAWS, MOST_VALUES // max(inputs * len(scenario.thresholds), 1))
    if draws > most:
        raise LimitError(
            f"{draws:,} draws are beyond the limit of {most:,} for the sensitivity of this "
            f"scenario, whose {inputs} uncertain inputs are all held in memory"
        )
    plan = _with_draws(loaded, sampling, max(draws, LEAST_DRAWS))
    return plan, draws < sampling.draws


def _with_draws(loaded: LoadedScenario, sampling: Sampling, draws: int) -> Plan:
    plan = plan_for(loaded.scenario, draws=draws, seed=sampling.seed, method=sampling.method)
    # What is compared with later counts has no part in this.
    return replace(plan, strength=None)
