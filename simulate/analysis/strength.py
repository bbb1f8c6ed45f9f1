"""Bands of strength and losses by date, and where counts published later fall in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.binned import Binned
from simulate.analysis.mc_error import centred, order_statistic_ranks, share_errors, supports
from simulate.analysis.summary import Bands, CountPoint, ObservedCheck, StrengthOverTime
from simulate.analysis.values import ObservedPoint, ValueQuantile
from simulate.analysis.weighted import Weighted
from simulate.engine.extremes import Extremes
from simulate.engine.plan import Plan
from simulate.engine.strength import BINS, StrengthTally
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import Distribution
from simulate.scenario.model import Scenario
from simulate.scenario.observed import Observed
from simulate.scenario.values import Day

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
RANGE = (0.05, 0.5, 0.95)
"""Points of the range of a published count."""

Claim = tuple[str, Distribution, Distribution]
"""Label, count and day of a published count."""


def strength_over_time(
    scenario: Scenario, plan: Plan, tally: StrengthTally, weighted: Weighted | None = None
) -> StrengthOverTime:
    """Bands of the strength present and of cumulative losses at the end of each date."""
    present, lost = (_series(plan, tally, row, weighted) for row in (0, 1))
    levels = tuple(level for level in LEVELS if supports(level, present.n))
    return StrengthOverTime(
        # That which ends at each moment.
        dates=tuple(scenario.origin + dt.timedelta(int(time) - 1) for time in tally.times),
        levels=levels,
        present=present.bands(levels),
        lost=lost.bands(levels),
        claims=tuple(count_point(*claim) for claim in claims_of(scenario)),
    )


def claims_of(scenario: Scenario) -> tuple[Claim, ...]:
    """The counts on which the scenario's losses are based, if they count from the same day."""
    losses, measured = scenario.losses, scenario.force.measured
    if measured is not None and measured[1].support[1] > scenario.start.support[0]:
        return ()
    if losses.count is None or losses.as_of is None:
        return tuple(
            (claim.source or name, claim.count, claim.as_of) for name, claim in losses.totals
        )
    label = losses.count.source or losses.source or "losses.count"
    return ((label, losses.count, losses.as_of),)


def count_point(label: str, count: Distribution, as_of: Distribution) -> CountPoint:
    """A published count as a point: medians with their 5th and 95th percentiles."""
    low, middle, high = (float(value) for value in count.ppf(RANGE))
    earliest, date, latest = (Day(value).date for value in as_of.ppf(RANGE))
    return CountPoint(label, date, earliest, latest, middle, low, high)


def observed_checks(
    scenario: Scenario, plan: Plan, tally: StrengthTally, weighted: Weighted | None = None
) -> tuple[ObservedCheck, ...]:
    """Where each count published later falls in the simulated losses of its date."""
    series, edges = _series(plan, tally, 1, weighted), _edges(tally, 1)

    def check(item: Observed) -> ObservedCheck:
        # The date means the beginning of its day, as for the count itself.
        moment = tally.times.index(float((item.date - scenario.origin).days))
        met = tally.lost_met[moment]
        lost = Binned.with_atoms(
            np.clip(edges, met.lowest.min(), met.highest.max()),
            tally.lost[:, moment],
            met,
            draws=series.draws,
            independent=series.independent,
            weighted=None if weighted is None else (weighted.lost[:, moment], weighted.weights),
        )
        levels = tuple(level for level in RANGE if supports(level, lost.n))
        simulated = series.at(moment).bands(levels)
        points = (0.5,) if item.losses.is_constant else RANGE
        return ObservedCheck(
            label=item.label,
            date=item.date,
            source=item.source,
            reported=tuple(_point(lost, point, float(item.losses.ppf(point))) for point in points),
            simulated=tuple(
                ValueQuantile(level, value, error)
                for level, (value,), (error,) in zip(levels, *simulated, strict=True)
            ),
        )

    return tuple(map(check, scenario.observed))


def _point(lost: Binned, point: float, losses: float) -> ObservedPoint:
    level, error = lost.level(losses)
    return ObservedPoint(point, losses, level, float(lost.shares(losses).mean()), error)


def _edges(tally: StrengthTally, row: int) -> Floats:
    width = (tally.grid.top_present, tally.grid.top_lost)[row] / BINS
    # The first column holds zeros only, the last one all values from the top on.
    return np.concatenate([[0.0], width * np.arange(BINS + 1), [np.inf]])


def _series(
    plan: Plan, tally: StrengthTally, row: int, weighted: Weighted | None = None
) -> BinnedStrength:
    counts, met = ((tally.present, tally.present_met), (tally.lost, tally.lost_met))[row]
    ends, design = ends_of(_edges(tally, row), counts, met), plan.design
    if weighted is None:
        return BinnedStrength(ends, counts, design.per_replicate, design.is_independent)
    sums = (weighted.present, weighted.lost)[row]
    return BinnedStrength(ends, sums, weighted.draws, independent=False, weights=weighted.weights)


def ends_of(edges: Floats, counts: Ints, met: Extremes) -> Floats:
    """Ends of the bins of a series, cut off at the extremes, and which bins are tight."""
    lowest, highest = met.lowest.min(axis=1), met.highest.max(axis=1)
    cut = np.clip(edges, lowest[:, np.newaxis], highest[:, np.newaxis])
    return np.stack(met.tight(counts.sum(axis=0), cut[:, :-1], cut[:, 1:]))


class BinnedStrength(Struct, frozen=True, dict=True):
    """The distributions of one quantity at many moments; `Binned` is that of one moment.

    `ends` are the lower and upper ends of the bins, ascending, and whether they are tight. A bin
    without width holds a value that many draws share, which interpolation then gives. All `draws`
    per replicate lie in the bins; `weights` as those of `Binned`.
    """

    ends: Floats  # (3, moments, bins)
    counts: Ints | Floats  # (replicates, moments, bins)
    draws: float
    independent: bool
    weights: Floats | None = None

    @property
    def n(self) -> float:
        """Draws of all replicates."""
        return self.draws * len(self.counts)

    @cached_property
    def by_replicate(self) -> Ints | Floats:
        """Draws below each edge, shape (replicates, moments, bins + 1)."""
        replicates, moments, bins = self.counts.shape
        below = np.zeros((replicates, moments, bins + 1), dtype=self.counts.dtype)
        np.cumsum(self.counts, axis=2, out=below[:, :, 1:])
        return below

    @cached_property
    def cumulative(self) -> Ints | Floats:
        """The same for all replicates together, shape (moments, bins + 1)."""
        return np.asarray(self.by_replicate.sum(axis=0))

    def at(self, moment: int) -> BinnedStrength:
        """The series of one moment alone."""
        one = slice(moment, moment + 1)
        return replace(self, ends=self.ends[:, one], counts=self.counts[:, one])

    def bands(self, levels: Iterable[float]) -> Bands:
        """Quantiles at each moment, and the half-widths of their error bars."""
        found = [self._band(level) for level in levels]
        return Bands(
            *(tuple(tuple(row.tolist()) for row in rows) for rows in zip(*found, strict=True))
        )

    def _band(self, level: float) -> tuple[Floats, Floats]:
        counts = np.full(self.ends.shape[1], level * self.n)
        values, k, share, _ = self._where(counts)
        if self.independent:
            low, high = order_statistic_ranks(int(self.n), level)
            bar = [np.full_like(counts, rank + 1.0) for rank in (low, high)]
        else:
            # Converted from the error of the share of draws below.
            shares = centred(self._counts(k, share) / self.draws, level, self.weights)
            error = share_errors(level, shares, self.draws)
            shifted = (level - error, level + error)
            # The sums of weighted draws round.
            bar = [np.clip(end * self.n, 0.5, self.cumulative[:, -1]) for end in shifted]
        lowest, highest = (self._where(end)[3][side] for side, end in enumerate(bar))
        return values, np.maximum(values - lowest, highest - values)

    def _where(self, counts: Floats) -> tuple[Floats, Ints, Floats, tuple[Floats, Floats]]:
        """Where the cumulative count of each moment first reaches a count.

        As (value, bin, share of the bin, range of the value).
        """
        k = np.count_nonzero(self.cumulative < counts[:, np.newaxis], axis=1)
        before, upto = (_pick(self.cumulative, index) for index in (k - 1, k))
        share = (counts - before) / (upto - before)
        low, high, tight = (_pick(ends, k - 1) for ends in self.ends)
        values = low + share * (high - low)
        return values, k, share, (np.where(tight, low, values), np.where(tight, high, values))

    def _counts(self, k: Ints, share: Floats) -> Floats:
        """Draws below a share of the bins that end with the edges `k`, by replicate."""
        before = _pick(self.by_replicate, k - 1)
        return np.asarray(before + share * (_pick(self.by_replicate, k) - before))


def _pick(array: Floats | Ints, index: Ints) -> Floats:
    """The element `index` of the last axis for each moment."""
    picked = np.take_along_axis(array, np.broadcast_to(index, array.shape[:-1])[..., None], axis=-1)
    return np.asarray(picked[..., 0], dtype=np.float64)
