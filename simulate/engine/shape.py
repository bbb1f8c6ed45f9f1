"""How a scenario departs from the straight line, and the road to its first passages."""

from __future__ import annotations

import datetime as dt
from typing import Literal, NamedTuple, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.engine.bent_line import Claim, Goal, Setting, Stock, bent_line, leading_to
from simulate.engine.broken_line import broken_line, refilled
from simulate.engine.clock import Clock, Pause, Step
from simulate.engine.draws import Value, Values
from simulate.engine.first_passage import Inflow, Passage, straight_line
from simulate.engine.past import Past
from simulate.engine.season import YEAR, Months, Season
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.model import Scenario
from simulate.scenario.own_past import Scale, scale_of
from simulate.scenario.stocks import DAYS_IN, Amount, Per

Road = Literal["straight", "bent", "drift", "events", "daily"]
"""How first passages are found: on the straight line, in closed form beyond it, in closed form but
for the path of a drift, from event to event, or day by day. Everything that depends on the cost of
a draw is a table by road."""


class Shape(Struct, frozen=True):
    """The form of a scenario, without its numbers.

    `stages` is 0 where nobody returns to duty; `minds_returns` says whether the dates depend on who
    does, `trends` whether the rate has a trend, `follows` whether it follows the strength. Periods
    of the stated rate, the trend and each inflow are in days. Where the rate has a season, `months`
    are the days on which calendar months begin, and `first_month` is the first of them, 0 for
    January. `scale` says how much the rate changes by `rate.reference`.
    """

    road: Road
    thresholds: tuple[float, ...]
    counting: Literal["casualties", "strength"]
    pauses: int
    reinforcements: int
    ends: tuple[str, ...]
    stages: int
    drifts: bool
    rotates: bool
    trends: bool
    minds_returns: bool
    follows: bool = False
    rate_days: float = 1.0
    trend_per: Per = "week"
    inflow_days: tuple[float, ...] = ()
    outflows: int = 0
    months: tuple[float, ...] = ()
    first_month: int = 0
    scale: Scale | None = None
    steps: int = 0

    @property
    def flows(self) -> bool:
        """Whether units come in or leave but by losses and arrivals."""
        return bool(self.inflow_days or self.outflows)

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """The shape of a scenario."""
        rate, wounded, per = scenario.rate, scenario.returning, scenario.losses.per
        trend = None if rate is None else rate.trend
        months, first_month = _months(scenario) if rate is not None and rate.by_month else ((), 0)
        return cls(
            road=_road(scenario),
            thresholds=scenario.thresholds,
            counting=scenario.counts_by,
            pauses=len(scenario.pauses),
            reinforcements=len(scenario.reinforcements),
            ends=tuple(end.label for end in scenario.ends),
            stages=wounded.stages if wounded is not None else 0,
            drifts=scenario.drifts,
            rotates=scenario.rotating is not None,
            trends=trend is not None,
            minds_returns=scenario.minds_returns,
            follows=scenario.follows_strength,
            rate_days=1.0 if per is None else DAYS_IN[per],
            trend_per="week" if trend is None else trend[1],
            inflow_days=tuple(DAYS_IN[inflow.per] for inflow in scenario.inflow),
            outflows=len(scenario.outflows),
            months=months,
            first_month=first_month,
            scale=scale_of(scenario),
            steps=0 if rate is None else len(rate.steps),
        )


def _road(scenario: Scenario) -> Road:
    """The shortest road to a scenario's first passages."""
    rate, rotates, returns = scenario.rate, scenario.rotating is not None, scenario.minds_returns
    flows = bool(scenario.inflow or scenario.outflows)
    # The integral of a season is known beforehand only where no trend bends it.
    seasonal = rate is not None and bool(rate.by_month and rate.trend)
    if scenario.drifts and not (rotates or returns or flows or seasonal):
        return "drift"
    if scenario.goes_by_days:
        return "daily"
    if scenario.is_straight or _is_straight_net(scenario):
        return "bent" if any(map(_is_lost, scenario.thresholds)) else "straight"
    bends = rate is not None and (
        rate.trend or rate.by_month or rate.steps or rate.strength_exponent
    )
    uneven = flows and bool(bends or scenario.pauses)
    return "events" if rotates or returns or seasonal or uneven else "bent"


def _is_straight_net(scenario: Scenario) -> bool:
    """Whether one inflow, or several that never change, alone bend the line of a stock."""
    even = all(inflow.begins is inflow.until is None for inflow in scenario.inflow)
    bends = (scenario.prelude, scenario.rate, scenario.returning, scenario.rotating)
    flows = (scenario.reinforcements, scenario.outflows, scenario.pauses)
    own = scenario.force.measured is not None and scenario.counting is None
    return own and (even or len(scenario.inflow) == 1) and not any((*bends, *flows))


def _is_lost(threshold: float) -> bool:
    return isinstance(threshold, Amount) and threshold.kind == "lost"


def _months(scenario: Scenario) -> tuple[tuple[float, ...], int]:
    """When the calendar months up to the horizon begin, in days since the origin, and the first."""
    first, last = (12 * day.year + day.month - 1 for day in (scenario.origin, scenario.last_day))
    begins = (dt.date(month // 12, month % 12 + 1, 1) for month in range(first, last + 2))
    return tuple(float((day - scenario.origin).days) for day in begins), first % 12


class _Basis(NamedTuple):
    """What a claim rests on, as in `straight_line`; the last three may be None."""

    losses: Value
    size: Value
    start: Value
    as_of: Value
    size_as_of: Value | None
    rate: Value | None
    floor: Value | None


def _basis(values: Values, shape: Shape, season: Season | None = None) -> _Basis:
    """The basis of a claim, with numbers where all draws agree."""
    size, day = values.get("force.size", 0.0), values.get("force.as_of")
    rate: Value | None = None
    if "force.lasts" in values:
        size, rate = values["force.lasts"], 1.0
    elif "force.counts[1].size" in values:
        size, day = values["force.counts[1].size"], values["force.counts[1].date"]
        rate = _measured(values, shape, season)
    elif "losses.rate" in values:
        rate = values["losses.rate"] / shape.rate_days
    # Without a day of their own the losses run from that of the stock.
    start = values["losses.start"] if day is None else values.get("losses.start", day)
    as_of = values.get("losses.as_of", start if day is None else np.maximum(start, day))
    size = size * values.get("force.usable", 1.0)
    losses, floor = values.get("losses.count", 0.0), values.get("force.floor")
    return _Basis(losses, size, start, as_of, day, rate, floor)


def _measured(values: Values, shape: Shape, season: Season | None) -> Value:
    """Losses a day between two counts of the stock, whatever came in between."""
    (before, begin), (after, end) = (
        [values[f"force.counts[{i}].{name}"] for name in ("size", "date")] for i in range(2)
    )
    used = before - after
    for inflow in _inflows(values, shape, begin):
        used = used + inflow.between(begin, end)
    for day, size in _arrivals(values, shape):
        used = used + np.where((day >= begin) & (day < end), size, 0.0)
    days = end - begin if season is None else season.between(begin, end)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(days > 0, used / days, 0.0)


def past_of(values: Values, shape: Shape, n: int) -> Past | None:
    """The past of `n` draws, None where the stock was not counted twice."""
    if "force.counts[0].size" not in values:
        return None
    season = season_of(values, shape, n)
    begin, end = (values[f"force.counts[{i}].date"] for i in range(2))
    inflows = _inflows(values, shape, begin)
    return Past(
        _wide(_basis(values, shape, season).size, n),
        _wide(begin, n),
        _wide(end, n),
        _wide(_measured(values, shape, season), n),
        [Inflow(*(_wide(value, n) for value in inflow)) for inflow in inflows],
        [(_wide(day, n), _wide(size, n)) for day, size in _arrivals(values, shape)],
        season,
    )


def _inflows(values: Values, shape: Shape, first: Value) -> list[Inflow]:
    """The inflows, none before `first`."""
    return [
        Inflow(
            values[f"inflow[{i}].amount"] / days,
            np.maximum(values.get(f"inflow[{i}].from", first), first),
            values.get(f"inflow[{i}].until", np.inf),
        )
        for i, days in enumerate(shape.inflow_days)
    ]


def _arrivals(values: Values, shape: Shape) -> list[tuple[Value, Value]]:
    """Days and sizes of reinforcements, then of outflows as negative sizes."""
    arriving = [f"reinforcements[{i}]" for i in range(shape.reinforcements)]
    leaving = [f"outflows[{i}]" for i in range(shape.outflows)]
    found = [(values[f"{name}.date"], values[f"{name}.size"]) for name in arriving]
    return found + [(values[f"{name}.date"], -values[f"{name}.size"]) for name in leaving]


def season_of(values: Values, shape: Shape, n: int) -> Season | None:
    """The season of `n` draws, None where the rate has none."""
    if not shape.months:
        return None
    factors = [values[f"rate.by_month[{i}]"] for i in range(YEAR)]
    if max(map(np.size, factors)) > 1:
        factors = [np.broadcast_to(factor, n) for factor in factors]
    return Season.of(np.array(factors, dtype=np.float64), Months(shape.months, shape.first_month))


def straight(values: Values, shape: Shape, *, days: float = np.inf) -> Passage:
    """First passages on the straight line; `days` is the length of the horizon."""
    basis, inflow = _basis(values, shape), None
    if shape.inflow_days and basis.size_as_of is not None:
        first, *others = _inflows(values, shape, basis.size_as_of)
        inflow = first._replace(pace=first.pace + sum(other.pace for other in others))
    passage = straight_line(
        *basis[:4],
        shape.thresholds,
        size_as_of=basis.size_as_of,
        rate=basis.rate,
        floor=basis.floor,
        inflow=inflow,
    )
    if inflow is None or not np.any(np.greater(inflow.since, days)):
        return passage
    goal, horizon = Goal(shape.thresholds, passage.rate), np.full(passage.time.shape[1:], days)
    return passage._replace(refilled=refilled(goal, [inflow], horizon, lambda _: passage.rate))


def bent(values: Values, shape: Shape, *, days: float = np.inf) -> Passage:
    """First passages in closed form beyond the straight line; one where all draws agree.

    `days` is the length of the horizon.
    """
    of = setting(values, shape, max(map(np.size, values.values())))
    if not shape.flows:
        return bent_line(of)
    return broken_line(of, inflows_of(values, shape, of.claim), horizon=days)


def claim_of(values: Values, shape: Shape, n: int) -> Claim:
    """The claim of `n` draws, if its rate continues unchanged."""
    claim = _claim(values, shape, n)
    if claim.stock is None:
        return claim
    later = np.maximum(claim.days(claim.as_of, claim.stock.day), 0.0)
    return leading_to(claim, claim.stock, later, np.zeros(n))


def _claim(values: Values, shape: Shape, n: int) -> Claim:
    """The claim of `n` draws; with a stock, without the force that leads to it."""
    season = season_of(values, shape, n)
    basis = _basis(values, shape, season)
    start = _wide(basis.start, n)
    claim = Claim(
        count=_wide(basis.losses, n),
        size=_wide(basis.size, n),
        start=start,
        as_of=_wide(basis.as_of, n),
        early=np.minimum(_wide(values.get("prelude.start", start), n), start),
        early_intensity=_wide(values.get("prelude.intensity", 0.0), n),
        stated=None if basis.rate is None else _wide(basis.rate, n),
        season=season,
        floor=None if basis.floor is None else _wide(basis.floor, n),
    )
    if claim.stated is not None:
        claim = replace(claim, count=claim.rate * claim.worth(claim.as_of))
    if basis.size_as_of is None:
        return claim
    return replace(claim, stock=Stock(claim.size, _wide(basis.size_as_of, n)))


def _wide(value: Value, n: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), n)


def setting(values: Values, shape: Shape, n: int) -> Setting:
    """The setting of `n` draws. What arrived before a stock was counted is in it."""

    def value(name: str, default: Value = 0.0) -> Floats:
        return _wide(values.get(name, default), n)

    per = shape.trend_per
    claim, exponent = _claim(values, shape, n), value("rate.strength_exponent")
    pauses = [
        Pause(
            value(f"pauses[{i}].start"),
            value(f"pauses[{i}].start") + value(f"pauses[{i}].days"),
            value(f"pauses[{i}].intensity"),
        )
        for i in range(shape.pauses)
    ]
    steps = [
        Step(value(f"rate.steps[{i}].date"), value(f"rate.steps[{i}].factor"))
        for i in range(shape.steps)
    ]
    clock = Clock(
        zero=claim.as_of,
        multiplier=value("rate.multiplier", 1.0),
        growth=_wide(values.get(f"rate.trend_per_{per}", 0.0) / DAYS_IN[per], n),
        pauses=pauses,
        steps=steps,
        until=value("rate.trend_until") if "rate.trend_until" in values else None,
        season=None if shape.trends else claim.season,
    )
    arrivals = [(_wide(day, n), _wide(size, n)) for day, size in _arrivals(values, shape)]
    if claim.stock is not None:
        counted = claim.stock.day
        arrivals = [(day, np.where(day < counted, 0.0, size)) for day, size in arrivals]
        worth = clock.at(np.maximum(counted, claim.as_of))
        claim = leading_to(claim, claim.stock, worth, exponent)
    return Setting(claim, clock, exponent, arrivals, shape.thresholds, shape.counting)


def inflows_of(values: Values, shape: Shape, claim: Claim) -> list[Inflow]:
    """The inflows of a claim's draws, from the day of the stock or of the count where not said."""
    n, first = claim.count.size, claim.as_of if claim.stock is None else claim.stock.day
    found = _inflows(values, shape, claim.early if claim.stock is None else first)
    inflows = []
    for i, inflow in enumerate(found):
        since = inflow.since if f"inflow[{i}].from" in values else first
        inflows.append(Inflow(*(_wide(value, n) for value in inflow._replace(since=since))))
    return inflows


def first_end(values: Values, shape: Shape, n: int) -> tuple[Floats, Ints] | tuple[None, None]:
    """Time of the first event that stops the clock, inf for never, and its number."""
    if not shape.ends:
        return None, None
    times = []
    for i in range(len(shape.ends)):
        happens = values[f"ends[{i}].happens"] < values.get(f"ends[{i}].probability", 1.0)
        times.append(np.broadcast_to(np.where(happens, values[f"ends[{i}].date"], np.inf), n))
    return np.min(times, axis=0), np.argmin(times, axis=0)
