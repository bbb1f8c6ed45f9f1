"""Run a scenario, and summarise its tally."""

from __future__ import annotations

import datetime as dt
import platform

import numpy as np
from msgspec.structs import replace

from simulate._version import __version__
from simulate.analysis.inputs import input_summaries, reference_words
from simulate.analysis.outcomes import outcome, rate_summary, rates_of
from simulate.analysis.request import Request, check_weighted
from simulate.analysis.summary import RunRecord, ScenarioRecord, Summary
from simulate.analysis.warnings import is_open_ended, run_warnings
from simulate.engine.evidence import MOST_DRAWS as MOST_WEIGHTED
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.sampling.design import MOST_DRAWS, MOST_SAVED, too_many_to_save
from simulate.engine.sampling.streams import STREAM
from simulate.engine.tally import Tally
from simulate.errors import LimitError
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario
from simulate.scenario.stocks import main_threshold
from simulate.scenario.values import Day


def study(
    loaded: LoadedScenario, request: Request, *, strength: bool = False, saving: bool = False
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
    # Imported here and below: most runs have a number of draws, one count, and dates alone.
    if sampling.precision is not None:
        from simulate.analysis.precision import Promise, planned

        most = MOST_DRAWS if plan.evidence is None else MOST_WEIGHTED
        promise = Promise.of(sampling, plan, MOST_SAVED if saving else most)
        plan = planned(scenario, plan, promise, request.at_work)
    check_weighted(plan)
    if saving and plan.design.n_draws > MOST_SAVED:
        raise LimitError(too_many_to_save(plan.design.n_draws))
    less: tuple[Plan, ...] = ()
    if scenario.losses.claims:
        from simulate.analysis.claims import plans_without, pooled_claims

        less = plans_without(scenario, plan)
    n = 1 + len(less)
    tally, *rest = (request.part(k, n).run(one) for k, one in enumerate((plan, *less)))
    summary = summarise(loaded, plan, tally, strength=strength)
    if promise is not None:
        summary = promise.judged(summary)
    if scenario.losses.claims:
        beside = tuple(zip(less, rest, strict=True))
        found = pooled_claims(scenario, plan, tally, beside, summary.outcomes)
        summary = replace(summary, pooled=found)
    return plan, tally, summary


def _counted_until(scenario: Scenario) -> dt.date:
    """The day of the last count of losses or of what is left, each at its median."""
    measured = scenario.force.measured
    days = scenario.runs_from if measured is None else (*scenario.runs_from, measured)
    return Day(max(float(law.ppf(0.5)) for _, law in days)).date


def summarise(
    loaded: LoadedScenario, plan: Plan, tally: Tally, *, strength: bool = False
) -> Summary:
    """Summarise the tally of a plan; with `strength` it must hold strength and losses by date."""
    scenario = loaded.scenario
    outcomes = tuple(outcome(scenario, plan, tally, k) for k in range(len(scenario.thresholds)))
    main = plan.thresholds.index(main_threshold(plan.thresholds))
    found = run_warnings(scenario, plan, tally, outcomes[main].histogram)
    by_date = tally.strength
    summary = Summary(
        scenario=ScenarioRecord(
            title=scenario.title,
            question=scenario.question,
            notes=scenario.notes,
            file=loaded.file,
            digest=loaded.digest,
            overrides=loaded.overrides,
            author=scenario.author,
            url=scenario.url,
        ),
        run=RunRecord(
            draws=plan.design.n_draws,
            seed=plan.seed,
            method=plan.design.method,
            replicates=plan.design.replicates,
            stream=STREAM,
            versions={
                "simulate": __version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            asked=plan.design.asked,
        ),
        unit=scenario.unit,
        origin=scenario.origin,
        horizon=scenario.last_day,
        rate=rate_summary(rates_of(plan, tally), scenario.levels),
        outcomes=outcomes,
        inputs=input_summaries(scenario),
        reference=reference_words(scenario),
        warnings=(*found.of_the_answer, *found.others),
        n_serious=len(found.of_the_answer),
        default_horizon=is_open_ended(scenario),
        counted_until=_counted_until(scenario),
    )
    if by_date is None:
        return summary
    from simulate.analysis.strength import observed_checks, strength_over_time

    if strength:
        summary = replace(summary, strength=strength_over_time(scenario, plan, by_date))
    if tally.updated is None:
        return replace(summary, observed=observed_checks(scenario, plan, by_date))
    from simulate.analysis.update import updated, weigh

    if (weighing := weigh(loaded, plan, tally)) is None:
        return summary
    return replace(
        summary,
        observed=weighing.prior,
        update=updated(scenario, plan, tally, weighing, strength=strength),
        warnings=(*weighing.doubts, *summary.warnings),
        n_serious=len(weighing.doubts) + summary.n_serious,
    )
