"""Run a scenario, and read the answer off the tally."""

from __future__ import annotations

from dataclasses import replace

from simulate.analysis.precision import Promise, planned
from simulate.analysis.request import Request
from simulate.analysis.summarise import summarise
from simulate.analysis.summary import Summary
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import MOST_DRAWS, MOST_SAVED, too_many_to_save
from simulate.engine.tally import Tally
from simulate.errors import LimitError
from simulate.scenario.loader import LoadedScenario


def study(
    loaded: LoadedScenario,
    request: Request,
    *,
    strength: bool = False,
    saving: bool = False,
) -> tuple[Plan, Tally, Summary]:
    """Run a scenario; where its losses are pooled from claims, once more without each source.

    A pilot run finds the number of draws for a precision. `strength` reports strength and losses by
    date; `saving` says that the draws will be saved, for which there is a lower limit.
    """
    scenario, sampling = loaded.scenario, request.sampling(loaded)
    plan = plan_for(
        scenario,
        draws=sampling.draws,
        seed=sampling.seed,
        method=sampling.method,
        strength=strength,
    )
    promise = None
    if sampling.precision is not None:
        promise = Promise.of(sampling, plan, MOST_SAVED if saving else MOST_DRAWS)
        plan = planned(scenario, plan, promise, request.at_work)
    if saving and plan.design.n_draws > MOST_SAVED:
        raise LimitError(too_many_to_save(plan.design.n_draws))
    less: tuple[Plan, ...] = ()
    if scenario.losses.claims:
        # Imported here: most scenarios have one count.
        from simulate.analysis.claims import plans_without, pooled_claims

        less = tuple(plans_without(scenario, plan))
    n = 1 + len(less)
    tally, *rest = (request.part(k, n).run(one) for k, one in enumerate((plan, *less)))
    summary = summarise(loaded, plan, tally, strength=strength)
    if promise is not None:
        summary = promise.judged(summary)
    if scenario.losses.claims:
        beside = tuple(zip(less, rest, strict=True))
        summary = replace(summary, pooled=pooled_claims(scenario, plan, tally, beside))
    return plan, tally, summary
