"""From a scenario and its tally to the summary of a run."""

from __future__ import annotations

import platform

import numpy as np

from simulate._version import __version__
from simulate.analysis.binned import Binned, mean_with_error
from simulate.analysis.inputs import input_summaries
from simulate.analysis.outcomes import outcome
from simulate.analysis.strength import observed_checks, strength_over_time
from simulate.analysis.summary import RateSummary, RunRecord, ScenarioRecord, Summary
from simulate.analysis.values import ValueQuantile
from simulate.analysis.warnings import run_warnings
from simulate.engine.plan import Plan
from simulate.engine.sampling.streams import STREAM
from simulate.engine.tally import Tally
from simulate.scenario.loader import LoadedScenario


def summarise(
    loaded: LoadedScenario, plan: Plan, tally: Tally, *, strength: bool = False
) -> Summary:
    """Summarise the tally of a plan; with `strength` it must hold strength and losses by date."""
    scenario = loaded.scenario
    outcomes = tuple(outcome(scenario, plan, tally, k) for k in range(len(scenario.thresholds)))
    found, by_date = run_warnings(scenario, plan, tally), tally.strength
    return Summary(
        scenario=ScenarioRecord(
            title=scenario.title,
            question=scenario.question,
            notes=scenario.notes,
            file=loaded.file,
            digest=loaded.digest,
            overrides=loaded.overrides,
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
        warnings=(*found.of_the_answer, *found.others),
        n_serious=len(found.of_the_answer),
        default_horizon=scenario.horizon is None,
        strength=strength_over_time(scenario, plan, by_date) if by_date and strength else None,
        observed=observed_checks(scenario, plan, by_date) if by_date else (),
    )


def rates_of(plan: Plan, tally: Tally) -> Binned:
    """The loss rates of a run, in units a day."""
    return Binned.with_atoms(
        plan.rates.edges,
        tally.rates[:, 1:-1],
        tally.rates_met[1:-1],
        draws=plan.design.per_replicate,
        independent=plan.design.is_independent,
        below=tally.rates[:, 0],
    )


def rate_summary(rates: Binned, levels: tuple[float, ...]) -> RateSummary:
    """Quantiles of the loss rate, except those among draws without a positive rate."""
    quantiles = []
    for level in levels:
        value = rates.quantile(level) if rates.supports(level) else None
        if value is not None:
            quantiles.append(ValueQuantile(level, value, rates.half_width(level)))
    if int(rates.counts.sum()) < rates.n:  # some draws have no rate or lie outside the bins
        return RateSummary(None, None, tuple(quantiles))
    return RateSummary(*mean_with_error(rates.means), tuple(quantiles))
