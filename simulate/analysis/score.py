"""Scores of a forecast whose outcome is known. Pure functions of a distribution and an outcome.

Smaller is better. Nothing is scored for the time of which nobody knows whether the event had
happened: after the last day known to be without it, and between two dates on one of which it did.
That is a threshold-weighted score whose weight is zero there (Allen, Ginsbourger and Ziegel 2023,
SIAM/ASA Journal on Uncertainty Quantification, doi 10.1137/22M1532184).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.binned import Binned, counts_at, quantiles_of
from simulate.analysis.outcomes import date_of
from simulate.analysis.summary import tails
from simulate.engine.plan import Plan
from simulate.engine.shape import bent, straight
from simulate.scenario.arrays import Floats
from simulate.scenario.model import Scenario

PROBABILITIES = (0.5, 0.8, 0.9)
"""Intervals that are scored."""

_KNOTS = 200


class Forecast(Struct, frozen=True, eq=False):
    """A distribution of first passages, in days since an origin.

    `counts` is the cumulative count of `n` draws below each of the `days`, linear between them and
    constant outside; two equal days are a jump. Draws above the last are never depleted.
    """

    days: Floats
    counts: Floats
    n: float

    @classmethod
    def of(cls, passages: Binned, draws: int) -> Self:
        """The distribution of binned draws, counted in shares of `draws`, also of weighted ones."""
        counts = passages.cumulative
        if passages.n != draws:
            counts = np.minimum(counts * (draws / passages.n), draws)
        return cls(passages.edges, counts, draws)

    @classmethod
    def certain(cls, day: float) -> Self:
        """A single day, infinite for never."""
        if math.isinf(day):
            return cls(np.zeros(2), np.zeros(2), 1)
        return cls(np.array([day, day]), np.array([0.0, 1.0]), 1)

    def __eq__(self, other: object) -> bool:
        # Arrays have no single truth value.
        if not isinstance(other, Forecast):
            return False
        pairs = ((self.days, other.days), (self.counts, other.counts))
        return self.n == other.n and all(np.array_equal(one, two) for one, two in pairs)

    def __hash__(self) -> int:
        return hash((len(self.days), self.n))

    def before(self, day: float) -> float:
        """Probability of depletion before an instant."""
        return float(counts_at(self.days, self.counts, day, "left")) / self.n

    def quantile(self, level: float) -> float:
        """The day at one level, infinite where it is never reached."""
        day = float(quantiles_of(self.days, self.counts, np.array([level * self.n]))[0])
        return math.inf if math.isnan(day) else day

    def thinned(self) -> Self:
        """At most 401 of the knots, the closest in the tails; F changes by less than 0.008."""
        rise = self.counts[-1] - self.counts[0]
        levels = self.counts[0] + rise * np.sin(np.linspace(0.0, np.pi / 2, _KNOTS)) ** 2
        upper = np.searchsorted(self.counts, levels)
        kept = sorted({*upper.tolist(), *np.maximum(upper - 1, 0).tolist(), self.days.size - 1})
        return replace(self, days=self.days[kept], counts=self.counts[kept])

    def square(self, low: float, high: float, *, rest: bool = False) -> float:
        """Integral of F squared between two days; with `rest` of 1 - F squared.

        F is linear from a to b over a width w, so that w (a^2 + ab + b^2) / 3 is exact.
        """
        if not low < high:
            return 0.0
        inner = slice(*np.searchsorted(self.days, [low, high], side="right").tolist())
        days = np.concatenate([[low], self.days[inner], [high]])
        first = counts_at(self.days, self.counts, low, "right")
        last = counts_at(self.days, self.counts, high, "left")
        f = np.concatenate([first[np.newaxis], self.counts[inner], last[np.newaxis]]) / self.n
        f = 1.0 - f if rest else f
        a, b = f[:-1], f[1:]
        return float((np.diff(days) * (a * a + a * b + b * b)).sum()) / 3.0


class CensoredOutcome(NamedTuple):
    """What is known of an outcome, in days since an origin.

    Not depleted before `low`, depleted from `high` on (infinite if that is not known), and nothing
    is scored after `end`.
    """

    low: float
    high: float
    end: float

    def scored(self, day: float) -> float:
        """Scored days up to an instant; the outcome, wherever it lies, has `low` of them."""
        return min(day, self.low) + max(min(day, self.end) - self.high, 0.0)


def crps(forecast: Forecast, known: CensoredOutcome) -> float:
    """Continuous ranked probability score, in days.

    Gneiting and Raftery (2007), Journal of the American Statistical Association 102, 359-378,
    section 4.2: the integral of (F(t) - 1{y <= t})^2, here over the days that are known.
    """
    start = min(float(forecast.days[0]), known.low)
    not_yet = forecast.square(start, known.low)
    return not_yet + forecast.square(known.high, known.end, rest=True)


def interval_score(forecast: Forecast, known: CensoredOutcome, probability: float) -> float:
    """Score of the equal-tailed interval, in days; Gneiting and Raftery (2007), equation 43.

    Its width, and 2 / alpha days for each day by which it misses the outcome.
    """
    low, high = (known.scored(forecast.quantile(level)) for level in tails(probability))
    missed = max(low - known.low, 0.0) + max(known.low - high, 0.0)
    return high - low + 2.0 / (1.0 - probability) * missed


class Resolution(Struct, frozen=True):
    """What happened: depletion from the beginning of `first` to the end of `last`.

    Without `last` there was none before `first`.
    """

    first: dt.date
    last: dt.date | None

    @classmethod
    def not_by(cls, date: dt.date) -> Self:
        """No depletion on or before a date."""
        return cls(date + dt.timedelta(days=1), None)

    @property
    def known_on(self) -> dt.date:
        """The day from whose end on it could be known."""
        return self.last or self.first - dt.timedelta(days=1)

    def days(self, origin: dt.date) -> tuple[float, float]:
        """Its beginning and its end in days since an origin, infinite for never."""
        end = math.inf if self.last is None else (self.last - origin).days + 1.0
        return float((self.first - origin).days), end

    def known(self, origin: dt.date, horizon: dt.date) -> CensoredOutcome:
        """What is scored; the middle of the day stands for an outcome on a single day."""
        low, high = self.days(origin)
        if self.first == self.last:
            low = high = low + 0.5
        end = (horizon - origin).days + 1.0
        return CensoredOutcome(min(low, end), high, end)


class IntervalScore(NamedTuple):
    """Score of an interval; `held` says whether the outcome's date lies in it, None if open."""

    probability: float
    score_days: float
    held: bool | None


class BrierScore(NamedTuple):
    """Squared error of a probability: of depletion on or before a date (Brier 1950)."""

    date: dt.date
    probability: float
    happened: bool
    score: float


class Score(Struct, frozen=True):
    """The scores of one forecast.

    The outcome lies between the levels `low` and `high`; where its end is not known, `high` is 1.
    """

    low: float
    high: float
    crps_days: float
    intervals: tuple[IntervalScore, ...]
    by: tuple[BrierScore, ...]

    @property
    def level(self) -> float:
        """The middle of the two levels; on a single day the mid-distribution function."""
        return 0.5 * (self.low + self.high)


def score(
    forecast: Forecast,
    resolution: Resolution,
    origin: dt.date,
    horizon: dt.date,
    by: Iterable[dt.date] = (),
) -> Score:
    """Score a forecast from `origin` to the end of `horizon`.

    The probabilities at the dates `by` have Brier scores, as far as the outcome is known there.
    """
    known, (begin, finish) = resolution.known(origin, horizon), resolution.days(origin)
    ended = finish > known.end
    return Score(
        low=forecast.before(min(begin, known.end)),
        high=1.0 if ended else forecast.before(finish),
        crps_days=crps(forecast, known),
        intervals=tuple(
            IntervalScore(p, interval_score(forecast, known, p), _held(forecast, known, p))
            for p in PROBABILITIES
        ),
        by=tuple(_brier(forecast, known, origin, by)),
    )


def _held(forecast: Forecast, known: CensoredOutcome, probability: float) -> bool | None:
    """Whether the dates of the interval hold the outcome's; None where that is not known."""
    low, high = (_whole(forecast.quantile(level)) for level in tails(probability))
    low = min(low, known.end)  # an interval of "never" alone begins at the horizon
    if low <= known.low and known.high <= high + 1.0:
        return True
    return False if known.high <= low or high + 1.0 <= known.low else None


def _whole(day: float) -> float:
    """The beginning of the calendar day, rounded as in `outcomes.date_of`."""
    return day if math.isinf(day) else float(math.floor(round(day, 6)))


def _brier(
    forecast: Forecast, known: CensoredOutcome, origin: dt.date, dates: Iterable[dt.date]
) -> Iterator[BrierScore]:
    for date in dates:
        end = (date - origin).days + 1.0
        if known.low < end < known.high:
            continue
        probability, happened = forecast.before(end), end >= known.high
        yield BrierScore(date, probability, happened, (probability - happened) ** 2)


class ForecastRecord(Struct, frozen=True, kw_only=True):
    """A forecast, with all that is needed to score it and to repeat it.

    `event` says in words what it is about; `straight_day` is where the straight line through the
    medians of the inputs ends, in days since `origin`, infinite for never.
    """

    title: str
    event: str
    threshold: float
    digest: str
    stream: str
    program: str
    draws: int
    seed: int
    method: str
    origin: dt.date
    horizon: dt.date
    by: tuple[dt.date, ...]
    straight_day: float
    forecast: Forecast

    def __repr__(self) -> str:
        known = (self.date_at(level) or f"not by {self.horizon}" for level in (0.05, 0.5, 0.95))
        dates = ", ".join(map(str, known))
        return f"<ForecastRecord of {self.title!r}: {self.event}\n P5, P50, P95: {dates}>"

    @property
    def straight_date(self) -> dt.date | None:
        """The date at which the straight line ends; None for never, or beyond the horizon."""
        return self._date(self.straight_day)

    def date_at(self, level: float) -> dt.date | None:
        """The date at one level; None beyond the horizon."""
        return self._date(self.forecast.quantile(level))

    def _date(self, day: float) -> dt.date | None:
        known = day < (self.horizon - self.origin).days + 1.0
        return date_of(self.origin, day) if known else None


class Assessment(Struct, frozen=True):
    """A forecast and its outcome: its scores, and those of the straight line as a single date."""

    record: ForecastRecord
    resolution: Resolution
    forecast: Score
    straight: Score


def assess(record: ForecastRecord, resolution: Resolution) -> Assessment:
    """Score a forecast and the straight line beside it."""
    frame = (resolution, record.origin, record.horizon, record.by)
    certain = Forecast.certain(record.straight_day)
    return Assessment(record, resolution, score(record.forecast, *frame), score(certain, *frame))


_STOCK_AND_FLOWS = ("force.", "losses.", "reinforcements[", "inflow[", "outflows[")


def straight_day(scenario: Scenario, plan: Plan, threshold: float) -> float:
    """Where the straight line through the medians of all inputs reaches a threshold.

    In days since the plan's origin, infinite for never. What comes in or leaves at once counts;
    changes of the rate, pauses, returns and events that end the losses are left out.
    """
    values = {}
    for item in scenario.sampled:
        law = item.distribution
        median = float(law.support[0] if law.is_constant else law.ppf(0.5))
        values[item.name] = median - plan.origin if law.axis == "date" else median
    shape = replace(plan.shape, thresholds=(threshold,))
    if plan.road == "straight":
        return float(straight(values, shape).time[0, 0])
    level = {name: x for name, x in values.items() if name.startswith(_STOCK_AND_FLOWS)}
    return float(bent(level, replace(shape, pauses=0, steps=0, months=(), stages=0)).time[0, 0])
