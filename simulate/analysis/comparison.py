"""Scenarios side by side on common random numbers: shifts, and which date comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.mc_error import replicate_errors, share_errors
from simulate.analysis.outcomes import INTERVAL_LEVELS, Run, histograms, passages_at, shifts
from simulate.analysis.request import Request, check_one_result, plan_of
from simulate.analysis.study import summarise
from simulate.analysis.summary import Summary
from simulate.analysis.values import Chance, DateHistogram, Shift
from simulate.engine.paired import run_jointly
from simulate.errors import Argument, LimitError, Message, Problem, ScenarioError
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.stocks import place, written
from simulate.scenario.values import Day

MOST = 60
LETTERS = tuple(
    (ascii_uppercase[k // 26 - 1] if k >= 26 else "") + ascii_uppercase[k % 26] for k in range(MOST)
)
"""Names of the scenarios: A, the reference, to Z, then AA to BH."""


class Order(Struct, frozen=True):
    """Which of two scenarios passes a threshold on an earlier day, draw by draw.

    The four probabilities sum to one. `neither` holds the draws that pass it in neither scenario
    by the earlier of the two horizons, which applies to the other three as well. With `shared`
    draws, an input of the same name has the same random number in both scenarios; with
    `independent` draws, every date of one meets every date of the other.
    """

    threshold: float
    draws: Literal["shared", "independent"]
    reference_first: Chance
    other_first: Chance
    same_day: Chance
    neither: Chance

    @property
    def chances(self) -> tuple[Chance, Chance, Chance, Chance]:
        """All four, in the order of the fields."""
        return self.reference_first, self.other_first, self.same_day, self.neither


class Against(Struct, frozen=True):
    """One scenario against the reference.

    `number` is its place among the scenarios, `horizon` the earlier of the two. The shifts lead
    from the reference to it, by threshold and then by level; `orders` has two for each
    threshold, of shared and of independent draws, or only the latter where reports update a result.
    """

    number: int
    horizon: dt.date
    shifts: tuple[Shift, ...]
    orders: tuple[Order, ...]


class Comparison(Struct, frozen=True):
    """Scenarios over the same draws, the first of them the reference.

    `summaries` hold the answer of each by itself, after the update if later reports are evidence
    in it; `thresholds` are those that all have, and for
    each of them `histograms` has one a scenario, in the same bins; `levels` are those of the
    shifts. `names` are letters, or the numbers of claims.
    """

    summaries: tuple[Summary, ...]
    thresholds: tuple[float, ...]
    levels: tuple[float, ...]
    against: tuple[Against, ...]
    histograms: tuple[tuple[DateHistogram, ...], ...]
    names: tuple[str, ...] = LETTERS


def compare_scenarios(scenarios: Sequence[LoadedScenario], request: Request) -> Comparison:
    """Run two scenarios or more side by side and compare each with the first.

    What the request leaves open is taken from the first.
    """
    if len(scenarios) > MOST:
        raise LimitError(
            f"{len(scenarios)} scenarios are beyond the limit of {MOST} in one comparison"
        )
    if len(scenarios) < 2:
        raise ScenarioError(
            Problem("a comparison takes two scenarios or more", hint="name a second one")
        )
    ladders = [one.scenario.thresholds for one in scenarios]
    thresholds = common_thresholds("scenarios", list(zip(LETTERS, ladders, strict=False)))
    sampling = request.sampling(scenarios[0])
    for one in scenarios:
        check_one_result(one)
    runs, orders = _runs(scenarios, sampling, thresholds, request)
    levels = {*INTERVAL_LEVELS, *(q for one in scenarios for q in one.scenario.levels)}
    found = [summarise(one, *run) for one, run in zip(scenarios, runs, strict=True)]
    return _joined(found, runs, orders, thresholds, sorted(levels))


def compare_claims(
    summaries: Sequence[Summary], runs: Sequence[Run], numbers: Sequence[int]
) -> Comparison:
    """Compare the claims of one scenario by their numbers, each of which has been run by itself.

    What comes first is counted in the same draws as by `compare_scenarios`; of independent dates
    only where the runs have not as many draws.
    """
    main = summaries[0].outcomes
    levels = {*INTERVAL_LEVELS, *(quantile.level for quantile in main[0].quantiles)}
    thresholds = tuple(sorted((each.threshold for each in main), key=place))
    plans, orders = [plan for plan, _ in runs], None
    if all(plan.design == plans[0].design for plan in plans):
        orders = list(run_jointly(plans, thresholds).orders.swapaxes(0, 1))
    joined = _joined(summaries, runs, orders, thresholds, sorted(levels))
    return replace(joined, names=tuple(f"claim {number}" for number in numbers))


def _joined(
    summaries: Sequence[Summary],
    runs: Sequence[Run],
    orders: Sequence[Ints] | None,
    thresholds: tuple[float, ...],
    levels: Sequence[float],
) -> Comparison:
    against = tuple(
        Against(
            number=number,
            horizon=min(summaries[0].horizon, summaries[number].horizon),
            shifts=tuple(shifts(runs[0], run, thresholds, levels)),
            orders=tuple(
                _orders(runs[0], run, thresholds, None if orders is None else orders[number - 1])
            ),
        )
        for number, run in enumerate(runs[1:], start=1)
    )
    return Comparison(
        summaries=tuple(found.updated or found for found in summaries),
        thresholds=thresholds,
        levels=tuple(levels),
        against=against,
        histograms=tuple(
            histograms([(passages_at(run, at), Day(run[0].origin).date) for run in runs])
            for at in thresholds
        ),
    )


def _runs(
    scenarios: Sequence[LoadedScenario],
    sampling: Sampling,
    thresholds: Sequence[float],
    request: Request,
) -> tuple[list[Run], list[Ints] | None]:
    """Runs of all scenarios, and by other scenario the orders of its draws and the reference's.

    Draws that later reports give weights are in no order with others.
    """
    plans = [plan_of(one, sampling) for one in scenarios]
    if any(plan.evidence for plan in plans):
        parts = (request.part(k, len(plans)).run(plan) for k, plan in enumerate(plans))
        return list(zip(plans, parts, strict=True)), None
    joint = run_jointly(plans, thresholds, request.at_work, progress=request.progress)
    return list(zip(plans, joint.tallies, strict=True)), list(joint.orders.swapaxes(0, 1))


def common_thresholds(what: str, named: Sequence[tuple[str, Sequence[float]]]) -> tuple[float, ...]:
    """Those common to named lists of thresholds, ascending; a `ScenarioError` without any."""
    common = sorted(set.intersection(*(set(each) for _, each in named)), key=place)
    if not common:
        # Each list once: a sweep has up to a thousand, of which few differ.
        first = {tuple(thresholds): name for name, thresholds in reversed(named)}
        lists = ", ".join(
            f"{name} [{', '.join(map(written, thresholds))}]"
            for thresholds, name in list(reversed(first.items()))[:MOST]
        )
        # All of them, so that what was published for one of its own keeps its threshold.
        every = sorted({at for _, thresholds in named for at in thresholds}, key=place)
        hint = Argument("set", {"thresholds": [getattr(at, "plain", at) for at in every[:MOST]]})
        raise ScenarioError(
            Problem(
                f"the {what} have no threshold in common: {lists}",
                hint=Message("give all of them the same, such as ", hint),
            )
        )
    return tuple(common)


def _orders(
    reference: Run, other: Run, thresholds: Sequence[float], counts: Ints | None
) -> Iterator[Order]:
    """Which comes first; counts of shared draws have the shape (replicates, thresholds, 4)."""
    design = reference[0].design
    draws = design.per_replicate
    for k, threshold in enumerate(thresholds):
        if counts is not None:
            shares = counts[:, k] / draws
            chances = [
                Chance(p, float(share_errors(p, column, draws, independent=design.is_independent)))
                for p, column in zip(shares.mean(axis=0).tolist(), shares.T, strict=True)
            ]
            yield Order(threshold, "shared", *chances)
        yield _independent(threshold, *_by_day(threshold, reference, other))


def _by_day(threshold: float, *runs: Run) -> Iterator[Floats]:
    """Shares of the draws of each run by calendar day, the last column for never.

    Shape (replicates, days + 1), the days those up to the earliest horizon. A row sums to what the
    replicate weighs.
    """
    start = int(min(plan.origin for plan, _ in runs))
    days = int(min(plan.origin + plan.times.days for plan, _ in runs)) - start
    for run in runs:
        passages = passages_at(run, threshold)
        daily, first = passages.daily, int(run[0].origin) - start
        shares = np.zeros((passages.replicates, days + 1))
        end = max(min(first + daily.shape[1], days), first)
        shares[:, first:end] = daily[:, : end - first] / passages.draws
        shares[:, -1] = passages.sizes / passages.draws - shares[:, :-1].sum(axis=1)
        yield shares


def _independent(threshold: float, reference: Floats, other: Floats) -> Order:
    """The order of independent dates: every date of one run meets every date of the other."""

    def chances(one: Floats, two: Floats) -> Floats:
        # Later than a day: all but those up to it. Never is later than any day.
        first = (one * (1.0 - np.cumsum(two, axis=-1)))[..., :-1].sum(axis=-1)
        second = (two * (1.0 - np.cumsum(one, axis=-1)))[..., :-1].sum(axis=-1)
        same = (one * two)[..., :-1].sum(axis=-1)
        found = np.stack([first, second, same, one[..., -1] * two[..., -1]])
        # Rounding leaves tiny remainders in sums of shares.
        return np.where(np.abs(found) < 1e-12, 0.0, np.where(found > 1 - 1e-12, 1.0, found))

    values = chances(reference.mean(axis=0), other.mean(axis=0)).tolist()
    each = (shares / shares.sum(axis=1, keepdims=True) for shares in (reference, other))
    errors = replicate_errors(chances(*each).T).tolist()
    return Order(threshold, "independent", *map(Chance, values, errors))
