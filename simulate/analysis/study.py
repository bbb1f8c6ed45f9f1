"""A scenario with the plans of all runs its answer takes, and the answer from their tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from simulate.analysis.precision import Promise


@dataclass(frozen=True, slots=True)
class Study:
    """What has to be run for one answer.

    Attributes
    ----------
    loaded : LoadedScenario
    plans : tuple of Plan
        That of the scenario itself, and where its losses are pooled from several sources, one
        without each of them.
    strength : bool
        Whether strength and losses by date are reported.
    promise : Promise, optional
        The precision asked for, which the number of draws was chosen by.
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
    """Prepare a scenario, sampled as `sampling` says.

    Where a precision is asked for, a pilot is run by the workers, to find the number of draws.

    Raises
    ------
    LimitError
        If more draws are asked for than the limit, or than the `most_draws` that are to be saved.
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
        # Imported here: most runs have a number of draws given.
        from simulate.analysis.precision import Promise, planned

        promise = Promise.of(sampling, plan, most_draws or MOST_DRAWS)
        plan = planned(scenario, plan, promise, workers)
    if most_draws is not None and plan.design.n_draws > most_draws:
        raise LimitError(too_many_to_save(plan.design.n_draws))
    if not scenario.losses.claims:
        return Study(loaded, (plan,), strength, promise)
    # Imported here: most scenarios have one count.
    from simulate.analysis.claims import plans_without

    return Study(loaded, (plan, *plans_without(scenario, plan)), strength, promise)


def answer(study: Study, tallies: Sequence[Tally], version: str) -> Summary:
    """Read the answer off the tallies of a study's plans.

    Parameters
    ----------
    study : Study
    tallies : sequence of Tally
        In the order of the study's plans.
    version : str
        Version of the program, for the record.
    """
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
