"""How intervals made from a series of counts would have fared at its past dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from simulate.analysis.past_forecasts import FOLLOWED, Cases, Predictive, laws
from simulate.errors import Problem, ScenarioError
from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts
from simulate.scenario.dynamics import Rate
from simulate.scenario.values import Day

DEFAULT_WINDOW, DEFAULT_DAYS = 41, (30, 90, 180)
MAIN_DAYS = 90

FEWEST_WINDOWS = 5
"""With fewer independent cases there is no judgement."""

PROBABILITIES = tuple(k / 10 for k in range(1, 10))
"""Of the intervals whose coverage is measured."""

PIT_BINS = 10
_STEP_DAYS = 7  # from one origin to the next, at least
_LAST_DAYS = 30  # of the projection that all are compared with
_SCORED_LEVELS = (np.arange(200) + 0.5) / 200
_RESAMPLES = 4000


class CoverageEstimate(Struct, frozen=True):
    """The share of cases whose outcome lay in the equal-tailed interval of that probability.

    `low` and `high` bound it with a probability of 90 % (block bootstrap); NaN if cases are too
    few for that.
    """

    probability: float
    covered: float
    low: float
    high: float


class MethodRecord(Struct, frozen=True):
    """How one method fared.

    `width_days` is the median width of its 90 % interval, not finite without an upper end,
    `crps_days` its mean score, and `crps_ratio` that score divided by the score of the last 30
    days' rate, NaN if that one never erred. `pit` are the shares of outcomes in each tenth of the
    forecast distribution.
    """

    method: str
    coverage: tuple[CoverageEstimate, ...]
    width_days: float
    crps_days: float
    crps_ratio: float
    pit: tuple[float, ...]

    def at(self, probability: float) -> CoverageEstimate:
        """The coverage of the interval of one of `PROBABILITIES`."""
        return next(each for each in self.coverage if each.probability == probability)


class LeadTimeRecord(Struct, frozen=True):
    """How all methods fared with so many days' losses to come.

    `independent` is the number of cases that would fit beside each other without overlap,
    `censored` the share of outcomes later than twice the days.
    """

    days: int
    origins: int
    independent: float
    first: dt.date
    last: dt.date
    censored: float
    methods: tuple[MethodRecord, ...]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough independent cases to judge."""
        return self.independent >= FEWEST_WINDOWS

    def of(self, method: str) -> MethodRecord:
        """The record of one method."""
        return next(each for each in self.methods if each.method == method)


class Backtest(Struct, frozen=True):
    """The track records of methods on one series, and the days ahead it was too short for.

    `wanted` are the days ahead that matter most: those to the scenario's median. `is_untested` says
    that the scenario's own rate block could not be tested, `source` who counted.
    """

    title: str
    file: str
    window: int
    first: dt.date
    last: dt.date
    records: tuple[LeadTimeRecord, ...]
    too_long: tuple[int, ...]
    warnings: tuple[str, ...]
    is_untested: bool = False
    wanted: int = MAIN_DAYS
    source: str = ""

    @property
    def main(self) -> LeadTimeRecord:
        """The record nearest to the days wanted, of those with enough cases if there are any."""
        judged = [record for record in self.records if record.is_enough] or self.records
        return min(judged, key=lambda record: abs(record.days - self.wanted))


def track_records(
    counts: Counts, window: int, days: Sequence[int], rate: Rate | None = None
) -> tuple[LeadTimeRecord, ...]:
    """How each method fared, for each number of days that the series is long enough for.

    An origin is a row of the series with two windows behind it, at least a week after the origin
    before. The outcome T is the number of days after it in which H days' worth at the rate of the
    window was lost; `days` are values of H. How a `rate` changes after the window is the method
    `OWN`, if that can be tested. A series too short for all of them is a `ScenarioError`.
    """
    tested = filter(None, (_cases(counts, window, each) for each in days))
    found = [_record(cases, dict(laws(counts, cases, rate)), counts) for cases in tested]
    if not found:
        need = max(2 * window, _LAST_DAYS) + FOLLOWED * min(days)
        message = f"the series spans {np.ptp(counts.days):.0f} days, too few for a back-test"
        hint = f"a window of {window} and {min(days)} days ahead need at least {need}"
        raise ScenarioError(Problem(message, hint=hint))
    return tuple(found)


def longest_judged(counts: Counts, window: int, most: int) -> int | None:
    """The most days ahead, up to `most`, with enough independent cases to judge."""
    for ahead in range(most, 0, -1):
        cases = _cases(counts, window, ahead)
        if cases is not None and _spacing(cases)[1] >= FEWEST_WINDOWS:
            return ahead
    return None


def _spacing(cases: Cases) -> tuple[float, float]:
    """Mean days between origins, and how many cases would fit beside each other."""
    (first, last), n = cases.origins[[0, -1]], cases.origins.size
    around = cases.window + cases.ahead
    step = (last - first) / (n - 1) if n > 1 else float(around)
    return float(step), max(float(n * step / around), 1.0)


def _cases(counts: Counts, window: int, ahead: int) -> Cases | None:
    begin = counts.days[0] + max(2 * window, _LAST_DAYS)
    rows = counts.days[(counts.days >= begin) & (counts.days <= counts.days[-1] - FOLLOWED * ahead)]
    origins = np.array(list(_spaced(rows)))
    lost = counts.at(origins) - counts.at(origins - window)
    origins, lost = origins[lost > 0], lost[lost > 0]
    if not origins.size:
        return None
    outcomes = counts.reached(counts.at(origins) + lost * ahead / window) - origins
    return Cases(ahead, window, origins, lost, outcomes, counts.days[-1] - origins)


def _spaced(days: Floats) -> Iterator[float]:
    following = -np.inf
    for day in days:
        if day >= following:
            yield day
            following = day + _STEP_DAYS


# --- scores ---


def _record(cases: Cases, laws: Mapping[str, Predictive], counts: Counts) -> LeadTimeRecord:
    first, last = cases.origins[[0, -1]]
    around, (step, independent) = cases.window + cases.ahead, _spacing(cases)
    lately = counts.at(cases.origins) - counts.at(cases.origins - _LAST_DAYS)
    with np.errstate(divide="ignore"):
        projected = cases.lost * cases.ahead / cases.window / (lately / _LAST_DAYS)
    yardstick, block = _crps(projected[:, np.newaxis], cases), int(np.ceil(around / step))
    return LeadTimeRecord(
        days=cases.ahead,
        origins=cases.origins.size,
        independent=independent,
        first=Day(first).date,
        last=Day(last).date,
        censored=float(np.mean(cases.outcomes > cases.end)),
        methods=tuple(_method(name, law, cases, block, yardstick) for name, law in laws.items()),
    )


def _method(name: str, law: Predictive, cases: Cases, block: int, yardstick: float) -> MethodRecord:
    tails = (1 - np.array(PROBABILITIES)) / 2
    inside = _shares_below(law, cases, 1 - tails) - _shares_below(law, cases, tails)
    bounds = _block_bootstrap(inside, block)
    shares = zip(PROBABILITIES, inside.mean(axis=0), *bounds, strict=True)
    below = _shares_below(law, cases, np.arange(1, PIT_BINS) / PIT_BINS).mean(axis=0)
    low, high = law.ppf(np.array([0.05, 0.95])).T
    with np.errstate(invalid="ignore"):  # without an upper end the width is infinite, or unknown
        width = float(np.median(high - low))
    score = _crps(law.ppf(_SCORED_LEVELS), cases)
    return MethodRecord(
        method=name,
        coverage=tuple(CoverageEstimate(*map(float, share)) for share in shares),
        width_days=width,
        crps_days=score,
        crps_ratio=score / yardstick if yardstick > 0 else float("nan"),
        pit=tuple(np.diff(below, prepend=0.0, append=1.0).tolist()),
    )


def _shares_below(law: Predictive, cases: Cases, levels: Floats) -> Floats:
    """How much of each case (n, m) lies below levels (m,) of its forecast distribution.

    A case whose outcome came is 0 or 1. One that is still open when the series ends is spread
    evenly over the levels above the one reached by then.
    """
    is_open = np.isinf(cases.outcomes)
    reached = law.cdf(np.where(is_open, cases.known, cases.outcomes))[:, np.newaxis]
    left = np.maximum(1 - reached, 1e-300)
    spread = np.clip((levels - reached) / left, 0.0, 1.0)
    return np.where(is_open[:, np.newaxis], spread, reached <= levels)


def _crps(quantiles: Floats, cases: Cases) -> float:
    """Mean continuous ranked probability score in days, days after `end` left out.

    Quantiles of shape (n or 1, m) are at the levels (i + 1/2)/m. With both the forecast and the
    outcome capped at the end, the score is the threshold-weighted one (Allen, Ginsbourger and
    Ziegel 2023), here as the mean of quantile scores (Gneiting and Raftery 2007).
    """
    m = quantiles.shape[1]
    levels = (np.arange(m) + 0.5) / m
    ends, outcomes = (
        np.minimum(each, cases.end) for each in (quantiles, cases.outcomes[:, np.newaxis])
    )
    return float(np.mean(2 * ((outcomes < ends) - levels) * (ends - outcomes)))


def _block_bootstrap(values: Floats, block: int) -> tuple[Floats, Floats]:
    """90 % interval of the means of columns of (n, m), rows resampled in blocks (Künsch 1989)."""
    n, m = values.shape
    if n < 2 * block:
        return np.full(m, np.nan), np.full(m, np.nan)
    rng = np.random.default_rng(1)
    needed = -(-n // block)
    starts = rng.integers(0, n - block + 1, (_RESAMPLES, needed))
    lengths = np.full(needed, block)
    lengths[-1] = n - block * (needed - 1)
    sums = np.concatenate([np.zeros((1, m)), np.cumsum(values, axis=0)])
    means = (sums[starts + lengths] - sums[starts]).sum(axis=1) / n
    return tuple(np.quantile(means, (0.05, 0.95), axis=0))
