"""One draw of a stock with flows, integrated numerically: the engine's slow twin.

Written from the equation alone,

    dS/dt = inflow(t) + returns(t) - loss(t), with jumps at arrivals and outflows, and S >= L
    loss(t) = r m trend(t) season(t) intensity(t) (S(t) / S(A)) ** kappa

piece by piece between the times at which something jumps, by an ODE solver of order 8 with a dense
solution on which crossings are found. While S is at L, which is 0, the floor or the stock below it,
no more is lost than comes in.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from simulate.engine.shape import Shape
from simulate.scenario.arrays import Floats
from simulate.scenario.stocks import DAYS_IN, Amount

_SCAN = 40
_TOUCH = 1e-8
_TIGHT: dict[str, Any] = {"method": "DOP853", "rtol": 1e-11, "atol": 1e-10, "dense_output": True}


@dataclass
class Path:
    """Crossings (inf for never), and strength and losses at the moments wanted.

    Also the losses that would go on beyond the whole force, at a rate that ignores the strength.
    """

    crossings: list[float]
    present: list[float]
    lost: list[float]
    unlimited: list[float]


class Twin:
    """A draw by the names of its inputs, as the engine has them, and the form of its scenario."""

    def __init__(self, values: Mapping[str, float], form: Shape) -> None:
        self.v, self.form = dict(values), form
        v = self.v
        factors = [v.get(f"rate.by_month[{i}]", 1.0) for i in range(12)]
        self.factors = [factor / (sum(factors) / 12) for factor in factors]
        self.floor = v.get("force.floor", 0.0)
        self.stock: float | None = v.get("force.as_of")
        self.size = v.get("force.size", 0.0)
        measured = "force.counts[0].size" in v
        if measured:
            self.size, self.stock = v["force.counts[1].size"], v["force.counts[1].date"]
        if "force.lasts" in v:
            self.size = v["force.lasts"]
        self.size *= v.get("force.usable", 1.0)
        self.lowest = min(self.floor, self.size)
        if "losses.count" in v:
            self.start, self.counted = v["losses.start"], v["losses.as_of"]
        else:
            self.start = (
                v["losses.start"] if self.stock is None else v.get("losses.start", self.stock)
            )
            self.counted = max(self.start, -math.inf if self.stock is None else self.stock)
        self.early = min(v.get("prelude.start", self.start), self.start)
        self.first = self.early if self.stock is None else self.stock
        if "losses.count" in v:
            self.rate = v["losses.count"] / (
                self.season_between(self.start, self.counted)
                + v.get("prelude.intensity", 0.0) * self.season_between(self.early, self.start)
            )
        elif measured:
            before, after = v["force.counts[0].date"], v["force.counts[1].date"]
            used = v["force.counts[0].size"] - v["force.counts[1].size"]
            used += sum([self.come_between(i, before, after) for i in self.inflows])
            used += sum([size for day, size in self.jumps() if before <= day < after])
            self.rate = used / self.season_between(before, after)
        elif "force.lasts" in v:
            self.rate = 1.0
        else:
            self.rate = v["losses.rate"] / form.rate_days
        self.rate = max(self.rate, 0.0)
        self.at_count = math.nan

    # --- what the calendar says ---

    def factor(self, day: float) -> float:
        edges = self.form.months
        if not edges or day >= edges[-1]:
            return 1.0
        month = max(bisect_right(edges, day) - 1, 0)
        return self.factors[(self.form.first_month + month) % 12]

    def season_between(self, begin: float, end: float) -> float:
        edges = [begin, *(edge for edge in self.form.months if begin < edge < end), end]
        days = ((high - low, (low + high) / 2) for low, high in pairwise(edges))
        return sum(self.factor(middle) * length for length, middle in days)

    @property
    def inflows(self) -> range:
        return range(len(self.form.inflow_days))

    def span(self, i: int) -> tuple[float, float]:
        measured = self.v.get("force.counts[0].date")
        own = self.counted if self.stock is None else self.first
        begin = self.v.get(f"inflow[{i}].from", own if measured is None else measured)
        return begin, self.v.get(f"inflow[{i}].until", math.inf)

    def pace(self, i: int) -> float:
        return self.v[f"inflow[{i}].amount"] / self.form.inflow_days[i]

    def come_between(self, i: int, begin: float, end: float) -> float:
        since, until = self.span(i)
        return self.pace(i) * max(min(end, until) - max(begin, since), 0.0)

    def inflow(self, day: float) -> float:
        spans = {i: self.span(i) for i in self.inflows}
        return sum(self.pace(i) for i, (since, until) in spans.items() if since <= day < until)

    def jumps(self) -> list[tuple[float, float]]:
        arriving = [f"reinforcements[{i}]" for i in range(self.form.reinforcements)]
        leaving = [f"outflows[{i}]" for i in range(self.form.outflows)]
        found = [(self.v[f"{name}.date"], self.v[f"{name}.size"]) for name in arriving]
        found += [(self.v[f"{name}.date"], -self.v[f"{name}.size"]) for name in leaving]
        # Without a day of its own the force holds who came before the first loss.
        return [(max(day, self.early) if self.stock is None else day, size) for day, size in found]

    def pauses(self) -> list[tuple[float, float, float]]:
        names = [f"pauses[{i}]" for i in range(self.form.pauses)]
        return [
            (
                self.v[f"{name}.start"],
                self.v[f"{name}.start"] + self.v[f"{name}.days"],
                self.v.get(f"{name}.intensity", 0.0),
            )
            for name in names
        ]

    # --- losses and the path ---

    def loss(self, day: float, inside: float, strength: float) -> float:
        """Losses a day; `inside` is a day in the same piece, which decides what holds."""
        if inside < self.early:
            return 0.0
        level = self.rate * self.factor(inside)
        if inside < self.start:
            return level * self.v.get("prelude.intensity", 0.0)
        if inside < self.counted:
            return level
        per = self.form.trend_per
        growth = self.v.get(f"rate.trend_per_{per}", 0.0) / DAYS_IN[per]
        until = max(self.v.get("rate.trend_until", math.inf), self.counted)
        level *= self.v.get("rate.multiplier", 1.0)
        level *= math.exp(growth * (min(day, until) - self.counted))
        level *= math.prod(p for begin, end, p in self.pauses() if begin <= inside < end)
        exponent = self.v.get("rate.strength_exponent", 0.0)
        return level * (max(strength, 0.0) / self.at_count) ** exponent if exponent else level

    def stages_after(self, stages: Floats, lost: float) -> Floats:
        """What each stage of the returning gains a day."""
        if not stages.size:
            return stages
        back = self.v["wounded.share"] * self.v["wounded.return_share"]
        through = stages * stages.size / self.v["wounded.return_days"]
        return np.append(lost * back, through[:-1]) - through

    def returns(self, stages: Floats) -> float:
        return stages[-1] * stages.size / self.v["wounded.return_days"] if stages.size else 0.0

    def walk(
        self, thresholds: tuple[float, ...], days: float, moments: tuple[float, ...] = ()
    ) -> Path:
        """The path until `days`."""
        edges = {self.early, self.start, self.counted, self.first, days, *self.form.months}
        edges |= {self.v.get("rate.trend_until", days), *(day for day, _ in self.jumps())}
        edges |= {edge for begin, end, _ in self.pauses() for edge in (begin, end)}
        edges |= {edge for i in self.inflows for edge in self.span(i)}
        edges |= set(moments)
        times = sorted(edge for edge in edges if min(self.early, self.first) <= edge <= days)
        # Strength, losses, all who were sent and the stages of those who will return.
        now = np.array([self.size, 0.0, self.size, *([0.0] * self.form.stages)])
        self.crossings = [math.inf] * len(thresholds)
        path, free, taken = Path(self.crossings, [], [], []), 0.0, 0.0
        for begin, end in zip(times, [*times[1:], days], strict=True):
            if begin == self.first:
                now[0], self.known = self.size, now[1]
                now[2] = self.size + now[1]
            if begin >= self.first:
                if begin in moments:
                    path.present.append(now[0])
                    path.lost.append(now[1] - self.known)
                    path.unlimited.append(free + taken - self.known)
                for day, size in sorted(self.jumps(), key=lambda jump: -jump[1]):
                    if day == begin:
                        moved = max(size, self.lowest - now[0])
                        now[0] += moved
                        now[1] -= min(moved, 0.0)
                        taken -= min(moved, 0.0)
                        now[2] += max(moved, 0.0)
                self.meet(begin, now, thresholds)
            if begin == self.counted:
                self.at_count = now[0]
            now = self.piece(begin, end, now, thresholds)
            if "rate.strength_exponent" not in self.v:
                free += quad(self.loss, begin, end, (0.5 * (begin + end), math.nan), epsabs=1e-10)[
                    0
                ]
        if self.rate == 0:
            path.crossings = [math.inf] * len(thresholds)
        return path

    def gaps(self, state: Floats, thresholds: tuple[float, ...]) -> list[float]:
        """How far each threshold is; not positive once it has been reached."""
        strength, lost, sent = state[:3]
        found = []
        for q in thresholds:
            if isinstance(q, Amount):
                found.append(strength - q if q.kind == "left" else q - (lost - self.known))
            elif self.form.counting == "strength":
                found.append(strength - (self.size - q * (self.size - self.floor)))
            else:
                found.append(q * (sent - self.known - self.floor) - (lost - self.known))
        return found

    def meet(self, day: float, state: Floats, thresholds: tuple[float, ...]) -> None:
        for k, gap in enumerate(self.gaps(state, thresholds)):
            if self.crossings[k] == math.inf and gap <= _TOUCH:
                self.crossings[k] = day

    def piece(self, begin: float, end: float, now: Floats, thresholds: tuple[float, ...]) -> Floats:
        """From one time to another, between which nothing jumps."""
        inside, counted = 0.5 * (begin + end), begin >= self.first
        inflow = self.inflow(inside) if counted else 0.0

        def income(state: Floats) -> float:
            return inflow + self.returns(state[3:])

        def falls(day: float, state: Floats) -> Floats:
            lost = self.loss(day, inside, state[0])
            gained = income(state)
            return np.array([gained - lost, lost, inflow, *self.stages_after(state[3:], lost)])

        def stays(_: float, state: Floats) -> Floats:
            lost = income(state)
            return np.array([0.0, lost, inflow, *self.stages_after(state[3:], lost)])

        def strength(_: float, state: Floats) -> float:
            return float(state[0] - self.lowest)

        def excess(day: float, state: Floats) -> float:
            return self.loss(day, inside, self.lowest) - income(state)

        for event in (strength, excess):
            vars(event).update(terminal=True, direction=-1)
        while begin < end:
            least = self.lowest
            empty = bool(counted and now[0] <= least and excess(begin, now) > 1e-9 * self.rate)
            events = (
                [excess] if empty else [strength] if max(now[0] - least, income(now)) > 0 else []
            )
            slopes = stays if empty else falls
            found: Any = solve_ivp(slopes, (begin, end), now, events=events * counted, **_TIGHT)
            if counted:
                self.scan(begin, float(found.t[-1]), found.sol, thresholds)
            now, begin = found.y[:, -1].copy(), float(found.t[-1])
            if counted and now[0] < least + 1e-9 and (empty or begin < end):
                now[0] = least
        return now

    def scan(
        self, begin: float, end: float, at: Callable[[float], Any], thresholds: tuple[float, ...]
    ) -> None:
        """Note what is crossed for the first time between two times."""
        days = np.linspace(begin, end, _SCAN)
        gaps = np.array([self.gaps(at(day), thresholds) for day in days])
        for k in range(len(thresholds)):
            gaps[-1, k] -= _TOUCH  # nothing is left but for rounding
            reached = np.flatnonzero(gaps[:, k] <= 0)
            if self.crossings[k] < math.inf or not reached.size:
                continue
            i = int(reached[0])
            if i == 0:
                self.crossings[k] = begin
                continue

            def gap(day: float, k: int = k) -> float:
                return self.gaps(at(day), thresholds)[k]

            self.crossings[k] = (
                end if gap(days[i]) > 0 else float(brentq(gap, *days[i - 1 : i + 1]))
            )
