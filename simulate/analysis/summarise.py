"""From a scenario and its tally to the summary of a run."""

from __future__ import annotations

import platform
from typing import TypedDict

import numpy as np

from simulate.analysis.binned import Binned, replicate_error
from simulate.analysis.inputs import input_summaries
from simulate.analysis.outcomes import outcome
from simulate.analysis.summary import (
    ObservedCheck,
    RateSummary,
    RunRecord,
    ScenarioRecord,
    StrengthOverTime,
    Summary,
)
from simulate.analysis.values import ValueQuantile
from simulate.analysis.warnings import run_warnings
from simulate.engine.extremes import Extremes
from simulate.engine.plan import Plan
from simulate.engine.sampling.streams import STREAM
from simulate.engine.tally import Tally
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario


class _ByDate(TypedDict, total=False):
    strength: StrengthOverTime
    observed: tuple[ObservedCheck, ...]


def summarise(
    loaded: LoadedScenario, plan: Plan, tally: Tally, version: str, *, strength: bool = False
) -> Summary:
    """Read all that is reported off a tally.

    Parameters
    ----------
    loaded : LoadedScenario
    plan : Plan
        The plan the tally comes from.
    tally : Tally
    version : str
        Version of the program, for the record.
    strength : bool
        Whether strength and losses by date are wanted; the tally must hold them.
    """
    scenario = loaded.scenario
    outcomes = tuple(outcome(scenario, plan, tally, k) for k in range(len(scenario.thresholds)))
    found = run_warnings(scenario, plan, tally, outcomes)
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
                "simulate": version,
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
        **_by_date(scenario, plan, tally, strength=strength),
    )


def _by_date(scenario: Scenario, plan: Plan, tally: Tally, *, strength: bool) -> _ByDate:
    """What is reported of strength and losses by date: nothing where they were not tallied."""
    if tally.strength is None:
        return {}
    from simulate.analysis.strength import claims_of, observed_checks, strength_over_time

    found: _ByDate = {"observed": observed_checks(scenario, plan, tally.strength)}
    if strength:
        claims = claims_of(scenario)
        found["strength"] = strength_over_time(scenario, plan, tally.strength, claims)
    return found


def rates_of(plan: Plan, tally: Tally) -> Binned:
    """The loss rates of a run, in units a day."""
    met = tally.rates_met
    return Binned.with_atoms(
        plan.rates.edges,
        tally.rates[:, 1:-1],
        Extremes(met.lowest[1:-1], met.highest[1:-1]),
        below=tally.rates[:, 0],
        draws=plan.design.n_draws // plan.design.replicates,
        independent=plan.design.method == "random",
    )


def rate_summary(rates: Binned, levels: tuple[float, ...]) -> RateSummary:
    """Quantiles of the loss rate; those among draws without a positive rate are left out."""
    quantiles = []
    for level in levels:
        value = rates.quantile(level) if rates.supports(level) else None
        if value is not None:
            quantiles.append(ValueQuantile(level, value, rates.half_width(level)))
    if int(rates.counts.sum()) < rates.n:  # some draws have no rate, or one beyond the bins
        return RateSummary(None, None, tuple(quantiles))
    means = rates.counts @ (0.5 * (rates.edges[1:] + rates.edges[:-1])) / rates.draws
    return RateSummary(float(means.mean()), replicate_error(means), tuple(quantiles))
