"""A scenario with the plans of all runs that its answer takes, and that answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulate.analysis.precision import Promise, planned
from simulate.analysis.summarise import summarise
from simulate.analysis.summary import Summary
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import MOST_DRAWS, too_many_to_save
from simulate.engine.tally import Tally
from simulate.engine.workers import ALL_CORES, Workers
from simulate.errors import LimitError
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario


@dataclass(frozen=True, slots=True)
class Study:
    """The runs that one answer takes.

    Attributes
    ----------
    loaded : LoadedScenario
    plans : tuple of Plan
        One for the scenario itself, and if its losses are pooled from several sources, one without
        each of them.
    strength : bool
        Whether strength and losses by date are reported.
    promise : Promise, optional
        The precision by which the number of draws was chosen.
    """

    loaded: LoadedScenario
    plans: tuple[Plan, ...]
    strength: bool = False
    promise: Promise | None = None


def study_of(
    loaded: LoadedScenario,
    sampling: Sampling,
    *,
    strength: bool = False,
    workers: Workers = ALL_CORES,
    most_draws: int | None = None,
) -> Study:
    """Prepare a scenario; if the sampling sets a precision, a pilot run finds the draws needed.

    Raises
    ------
    LimitError
        If there are more draws than the limit, or than the `most_draws` that can be saved.
    """
    scenario = loaded.scenario
    plan = plan_for(
        scenario,
        draws=sampling.draws,
        seed=sampling.seed,
        method=sampling.method,
        strength=strength,
    )
    promise = None
    if sampling.precision is not None:
        promise = Promise.of(sampling, plan, most_draws or MOST_DRAWS)
        plan = planned(scenario, plan, promise, workers)
    if most_draws is not None and plan.design.n_draws > most_draws:
        raise LimitError(too_many_to_save(plan.design.n_draws))
    if not scenario.losses.claims:
        return Study(loaded, (plan,), strength, promise)
    # Most scenarios have one count and need none of this.
    from simulate.analysis.claims import plans_without

    return Study(loaded, (plan, *plans_without(scenario, plan)), strength, promise)


def answer(study: Study, tallies: Sequence[Tally], version: str) -> Summary:
    """The answer from the tallies of a study's plans, in their order."""
    loaded, (plan, *less) = study.loaded, study.plans
    tally, *rest = tallies
    summary = summarise(loaded, plan, tally, version, strength=study.strength)
    if study.promise is not None:
        summary = study.promise.judged(summary)
    if not loaded.scenario.losses.claims:
        return summary
    from simulate.analysis.claims import pooled_claims

    beside = tuple(zip(less, rest, strict=True))
    return replace(summary, pooled=pooled_claims(loaded.scenario, plan, tally, beside))
