"""From a tally to what is reported about its thresholds, their shifts and the loss rate."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from msgspec.structs import asdict, replace

from simulate.analysis.binned import Binned, known, quantiles_of
from simulate.analysis.inputs import unusable
from simulate.analysis.mc_error import mean_with_error, replicate_errors
from simulate.analysis.summary import Depletion, Outcome, Summary, tails
from simulate.analysis.values import (
    ByDate,
    Chance,
    DateHistogram,
    Instant,
    Interval,
    NeverCause,
    PeriodCheck,
    PublishedCheck,
    Quantile,
    RateSummary,
    Shift,
    ValueQuantile,
)
from simulate.analysis.weighted import Weighted
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.ended import mood_of
from simulate.scenario.model import Scenario
from simulate.scenario.published import Published
from simulate.scenario.values import Day

Run: TypeAlias = tuple[Plan, Tally]

INTERVAL_LEVELS = (0.05, 0.5, 0.95)
"""Percentiles whose shifts are always reported."""

PROBABILITIES = (0.5, 0.8, 0.9, 0.95)
"""Coverage intervals that every result reports."""

LEAST_GAP_DAYS = 0.5
"""A gap is reported if it leaves a date uncertain by more than this."""

_ENDS = INTERVAL_LEVELS[0], INTERVAL_LEVELS[-1]
_BIN_DAYS = (1, 2, 7, 14, 28, 56, 112, 224, 448, 896)
_BULK_BINS, _MOST_BINS = 120, 400


def passages_of(plan: Plan, tally: Tally, k: int, weighted: Weighted | None = None) -> Binned:
    """The first passages of threshold number `k`, in days since the origin."""
    bins = plan.times.edges, tally.passages[:, k], tally.times_met[k, : plan.times.n_bins]
    if weighted is None:
        design = plan.design
        draws, independent = design.per_replicate, design.is_independent
        return Binned.with_atoms(*bins, draws=draws, independent=independent)
    sums = weighted.passages[:, k], weighted.weights
    found = Binned.with_atoms(*bins, draws=weighted.draws, independent=False, weighted=sums)
    if weighted.never[:, k].any():
        return found
    # All of them, whatever the rounding of the sums.
    return replace(found, draws=float(found.cumulative[-1]) / found.replicates)


def instant(passages: Binned, origin: dt.date, level: float) -> Instant:
    """The quantile at `level` as a date, or the reason why there is none."""
    return instants(passages, origin, [level])[level]


def instants(passages: Binned, origin: dt.date, levels: Iterable[float]) -> dict[float, Instant]:
    """The same for several levels at once, which takes hardly longer than for one."""
    found = {level: Instant(None, None, None, "too_few_draws") for level in levels}
    some = [level for level in found if passages.supports(level)]
    days, errors = passages.quantiles(some), passages.half_widths(some)
    for level, *figures in zip(some, days.tolist(), errors.tolist(), strict=True):
        day, error = map(known, figures)
        wide = error is None or error > LEAST_GAP_DAYS
        gap = _gap(passages, origin, level) if wide else None
        if day is None:
            found[level] = Instant(None, None, None, "beyond_horizon", gap)
        else:
            found[level] = Instant(day, date_of(origin, day), error, gap=gap)
    return found


def _gap(passages: Binned, origin: dt.date, level: float) -> tuple[dt.date, dt.date | None] | None:
    found = passages.gap(level)
    if found is None:
        return None
    low, high = found
    return date_of(origin, low), None if math.isinf(high) else date_of(origin, high)


def date_of(origin: dt.date, day: float) -> dt.date:
    """The calendar day on which an event at `day` falls, rounded to a millionth of a day."""
    return origin + dt.timedelta(days=math.floor(round(day, 6)))


def interval(passages: Binned, origin: dt.date, probability: float) -> Interval:
    """The equal-tailed coverage interval."""
    low, high = tails(probability)
    at = instants(passages, origin, (low, high))
    return Interval("equal-tailed", probability, at[low], at[high])


def shortest_intervals(
    passages: Binned, origin: dt.date, probabilities: Sequence[float]
) -> Iterator[Interval]:
    """The shortest coverage intervals, as far as the draws support them."""
    some = [p for p in probabilities if passages.supports((1.0 - p) / 2.0)]
    for probability, ends in zip(some, passages.shortest(some), strict=True):
        if ends is not None:
            low, high = (Instant(day, date_of(origin, day), error) for day, error in ends)
            yield Interval("shortest", probability, low, high)


def by_date(passages: Binned, origin: dt.date, date: dt.date) -> ByDate:
    """Probability of depletion on or before `date`."""
    end = (date - origin).days + 1.0
    return ByDate(date, passages.cdf(end, "left"), passages.cdf_error(end, "left"))


def published_check(passages: Binned, origin: dt.date, item: Published) -> PublishedCheck:
    """Where a published date or period falls."""
    _, probability, error = by_date(passages, origin, item.last)
    period = None
    if item.date is None:
        first, end = (item.first - origin).days, (item.last - origin).days + 1.0
        period = PeriodCheck(
            item.first,
            item.last,
            before=Chance(passages.cdf(first, "left"), passages.cdf_error(first, "left")),
            within=Chance(*passages.between(first, end)),
            after=Chance(1.0 - probability, error),
        )
    return PublishedCheck(item.label, item.last, probability, error, period)


def histograms(runs: Sequence[tuple[Binned, dt.date]]) -> tuple[DateHistogram, ...]:
    """One histogram for each run, given by its first passages and its origin.

    They share their bins, a day, a week or longer: the finest width that shows most draws in few.
    """
    start = min(origin for _, origin in runs)
    found = [((origin - start).days, passages.daily.sum(axis=0)) for passages, origin in runs]
    daily = np.zeros((len(runs), max(first + days.size for first, days in found)))
    for row, (first, days) in zip(daily, found, strict=True):
        row[first : first + days.size] = days
    total = daily.sum(axis=0)
    occupied = np.flatnonzero(total)
    if not occupied.size:
        return (DateHistogram((), ()),) * len(runs)
    first, last = int(occupied[0]), int(occupied[-1])
    upto = np.cumsum(total)
    bulk = np.searchsorted(upto, [0.01 * upto[-1], 0.99 * upto[-1]])
    core, whole = bulk[1] - bulk[0], last - first
    few = (w for w in _BIN_DAYS if core / w <= _BULK_BINS and whole / w <= _MOST_BINS)
    width = next(few, _BIN_DAYS[-1])
    starts = np.arange(first, last + 1, width)
    counts = np.add.reduceat(daily[:, : last + 1], starts, axis=1)
    edges = tuple(start + dt.timedelta(days=int(day)) for day in [*starts, starts[-1] + width])
    return tuple(
        DateHistogram(edges, tuple((row / passages.n).tolist()))
        for row, (passages, _) in zip(counts, runs, strict=True)
    )


def in_bins_of(
    histogram: DateHistogram, daily: Floats, origin: dt.date, n: float
) -> tuple[float, ...]:
    """Shares of `n` draws, given by day from `origin` on, in bins that hold all of them."""
    starts = [(edge - origin).days for edge in histogram.edges[:-1]]
    return tuple((np.add.reduceat(daily, starts) / n).tolist()) if starts else ()


def depletion(
    scenario: Scenario,
    plan: Plan,
    k: int,
    passages: Binned,
    never: Ints | Floats,
    *,
    at: Mapping[float, Instant] | None = None,
) -> Depletion:
    """When, and with what probability, threshold number `k` is passed.

    `never` has the draws without a date by replicate and cause; `at` the dates of the scenario's
    levels, where they are known.
    """
    at = at or instants(passages, scenario.origin, scenario.levels)
    (whole, lost), words = scenario.wording.event, scenario.wording.words
    if scenario.counting is None:  # what counts by default needs no mention
        words = words._replace(by_level="")
    return Depletion(
        threshold=plan.thresholds[k],
        counting=scenario.counts_by,
        depleted_probability=float(passages.cumulative[-1]) / passages.n,
        depleted_mc_error=passages.cdf_error(float(passages.edges[-1])),
        never=tuple(
            NeverCause(cause, *passages.share_of(row))
            for cause, row in zip(plan.causes, never.T, strict=True)
            if row.any()
        ),
        quantiles=tuple(Quantile(level, at[level]) for level in scenario.levels),
        by=tuple(by_date(passages, scenario.origin, date) for date in scenario.by),
        whole=whole,
        part=scenario.part,
        lost=lost,
        gone=scenario.gone,
        words=words,
        unit=scenario.unit,
        unusable=unusable(scenario),
        net=bool(scenario.losses.net),
        mood=mood_of(scenario, *(at[level].date if level in at else None for level in _ENDS)),
    )


def outcome(
    scenario: Scenario, plan: Plan, tally: Tally, k: int, weighted: Weighted | None = None
) -> Outcome:
    """All that is reported about threshold number `k`; of `weighted` draws no shortest interval."""
    passages, origin = passages_of(plan, tally, k, weighted), scenario.origin
    counts = tally if weighted is None else weighted
    passed, never = counts.passed[:, k], counts.never[:, k]
    tailed = {p: tails(p) for p in PROBABILITIES}
    # Several intervals and percentiles can share a level.
    levels = itertools.chain(scenario.levels, [0.5], *tailed.values())
    at = instants(passages, origin, levels)
    mean, mean_error = mean_with_error(passages.means)
    prior = passages if weighted is None else passages_of(plan, tally, k)
    (histogram,) = histograms([(prior, origin)])
    if weighted is not None:
        shares = in_bins_of(histogram, passages.daily.sum(axis=0), origin, passages.n)
        histogram = DateHistogram(histogram.edges, shares)
    return Outcome(
        **asdict(depletion(scenario, plan, k, passages, never, at=at)),
        already_passed_probability=float(passed.sum()) / passages.n,
        already_passed_mc_error=passages.share_of(passed)[1],
        restricted_mean_days=mean,
        restricted_mean_mc_error_days=mean_error,
        median=at[0.5],
        intervals=(
            *(Interval("equal-tailed", p, at[low], at[high]) for p, (low, high) in tailed.items()),
            *(() if weighted else shortest_intervals(passages, origin, PROBABILITIES)),
        ),
        published=tuple(
            published_check(passages, origin, item)
            for item in scenario.published
            if item.threshold in (None, scenario.thresholds[k])
        ),
        histogram=histogram,
    )


def with_interval(
    summary: Summary, plan: Plan, tally: Tally, probability: float, weighted: Weighted | None = None
) -> Summary:
    """The summary of a run, with the equal-tailed interval of that probability in each outcome.

    `weighted` are the draws of an updated summary.
    """

    def with_it(outcomes: Sequence[Outcome], weighted: Weighted | None = None) -> Iterator[Outcome]:
        for k, one in enumerate(outcomes):
            equal_tailed = [each for each in one.intervals if each.kind == "equal-tailed"]
            if any(math.isclose(each.probability, probability) for each in equal_tailed):
                yield one
                continue
            found = interval(passages_of(plan, tally, k, weighted), summary.origin, probability)
            yield replace(one, intervals=(*one.intervals, found))

    update = summary.update
    if update is not None and tally.updated is not None:
        after = with_it(update.outcomes, Weighted.of(tally.updated))
        update = replace(update, outcomes=tuple(after))
    return replace(summary, outcomes=tuple(with_it(summary.outcomes, weighted)), update=update)


def shifts(
    before: Run, after: Run, thresholds: Iterable[float], levels: Iterable[float]
) -> Iterator[Shift]:
    """Shifts of percentile dates between runs with the same thresholds and replicates."""
    levels = tuple(levels)
    origin, other = Day(before[0].origin).date, Day(after[0].origin).date
    later = (other - origin).days
    for threshold in thresholds:
        old, new = passages_at(before, threshold), passages_at(after, threshold)
        old_at, new_at = instants(old, origin, levels), instants(new, other, levels)
        for level, error in zip(levels, _shift_errors(old, new, levels).tolist(), strict=True):
            first, second = old_at[level], new_at[level]
            if first.day is None or second.day is None:
                yield Shift(threshold, level, first, second, None, None)
                continue
            # In this order, equal days on two origins are exactly a whole number of days apart.
            days = later + (second.day - first.day)
            yield Shift(threshold, level, first, second, days, known(error))


def passages_at(run: Run, threshold: float) -> Binned:
    """The first passages of a threshold, in days since the run's origin, updated if they are."""
    plan, tally = run
    weighted = None if tally.updated is None else Weighted.of(tally.updated)
    return passages_of(plan, tally, plan.thresholds.index(threshold), weighted)


def _shift_errors(before: Binned, after: Binned, levels: Sequence[float]) -> Floats:
    """Monte Carlo errors of differences of quantiles, from the replicates' differences.

    NaN where a replicate lacks the quantile.
    """
    old, new = (
        np.stack(
            [
                quantiles_of(of.edges, one, np.array(levels) * size)
                for one, size in zip(of.by_replicate, of.sizes.tolist(), strict=True)
            ],
            axis=-1,
        )
        for of in (before, after)
    )
    return replicate_errors((new - old).T)


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
    some = [level for level in levels if rates.supports(level)]
    found = zip(rates.quantiles(some).tolist(), rates.half_widths(some).tolist(), strict=True)
    quantiles = [
        ValueQuantile(level, value, known(error))
        for level, (value, error) in zip(some, found, strict=True)
        if not math.isnan(value)
    ]
    if int(rates.counts.sum()) < rates.n:  # some draws have no rate or lie outside the bins
        return RateSummary(None, None, tuple(quantiles))
    return RateSummary(*mean_with_error(rates.means), tuple(quantiles))
