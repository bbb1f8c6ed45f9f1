"""One step of a walk: losses and returns on the way, and the events at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from simulate.engine.bent_line import Attrition
from simulate.engine.clock import LONGEST, Clock
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.dynamics import NextSpells, Passing, Recovery, Spell
from simulate.engine.walk.inflow import Flow
from simulate.engine.walk.walkers import ALMOST, State, Terms, select
from simulate.scenario.arrays import Floats, Ints

_TIE = 1e-7  # share of a strength by which the limit of a spell must differ from it
_ROUNDS = 5  # of an iteration that starts with an error of some thousandths of a day
_INSTANT = 4.0  # spacings of a float below which a length of time counts as none
_ROUNDED = 1e-11  # days by which a step of the usual length may differ from it by rounding


class Step(NamedTuple):
    """A step to `upto`: what the clock shows then, and the strength left if nobody returns.

    At a constant rate that can be below zero; `spent` is as in `State`.
    """

    upto: Floats
    shown: Floats
    left: Floats
    spent: Floats

    def put(self, i: Ints, part: Step) -> None:
        """Replace the steps of some draws, in place."""
        for whole, some in zip(self, part, strict=True):
            whole[i] = some


@dataclass(frozen=True)
class Pace:
    """How losses run until the next event; arrays of shape (n,).

    The clock has advanced by `spent` since the strength was `base`. Of the `coming` men who return
    each day, or come in, half count as present from the start. Where `flow` is given, it is exact.
    """

    time: Floats
    shown: Floats
    strength: Floats
    base: Floats
    spent: Floats
    coming: Floats | None
    intensity: Floats
    clock: Clock
    attrition: Attrition
    inflow: Floats | None
    flow: Flow | None

    @classmethod
    def of(cls, terms: Terms, state: State) -> Self:
        """The pace at the present state of some draws."""
        base, spent, coming, flow = state.base, state.spent, None, None
        inflow = terms.inflow(state.time)
        if terms.recovery is not None or inflow is not None:
            base, spent = state.strength, np.zeros_like(state.spent)
            if not terms.attrition.is_constant:
                # A draw at a constant rate gives the same bits alone and among others.
                coming = state.coming if inflow is None else state.coming + inflow
                coming = np.where(terms.attrition.exponent == 0.0, 0.0, coming)
        intensity = state.turn
        if terms.drift is not None:
            days = terms.day(state.time).astype(np.int64) % len(state.paces)
            intensity = intensity * np.take_along_axis(state.paces, days[np.newaxis], axis=0)[0]
        if terms.season is not None:
            intensity = intensity * terms.season.factor(state.time)
        if inflow is not None and terms.exact:
            pace, growth = terms.clock.pace(state.time)
            flow = Flow(state.strength, terms.attrition.rate * intensity * pace, growth, inflow)
        return cls(
            time=state.time,
            shown=state.shown,
            strength=state.strength,
            base=base,
            spent=spent,
            coming=coming,
            intensity=intensity,
            clock=terms.clock,
            attrition=terms.attrition,
            inflow=inflow,
            flow=flow,
        )

    def step(self, upto: Floats) -> Step:
        """The step to `upto`, which is not later than the next event."""
        base, shown = self._present(upto - self.time), self.clock.at(upto)
        with np.errstate(over="ignore"):
            spent = self.spent + np.minimum((shown - self.shown) * self.intensity, LONGEST)
        left = self.attrition.left_after(base, spent)
        if self.coming is not None:
            left = left + (self.strength - base)
        if self.flow is not None:
            left = np.where(self.flow.absorbed, -self.flow.inflow * (upto - self.time), left)
        return Step(upto, shown, np.minimum(left, self.strength), spent)  # not above by rounding

    def when_lost(self, losses: Floats, days: Floats | float = 1.0) -> Floats:
        """When `losses` more are lost, in a step of `days`; inf for never."""
        if self.flow is not None:
            return self.time + self.flow.days_for(np.maximum(losses, 0.0))
        return self.when_left(self.strength - np.maximum(losses, 0.0), days)

    def when_left(self, left: Floats, days: Floats | float = 1.0) -> Floats:
        """When the strength has fallen to `left` if nobody returns; inf for never."""
        base = self._present(days)
        if self.coming is not None:
            left = left + (base - self.strength)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            clock = (self.attrition.clock_for(base, left) - self.spent) / self.intensity
        return self.clock.when(self.shown + np.where(clock > 0, clock, 0.0))

    def when_left_net(self, left: Floats | float, rise: float, guess: Floats) -> Floats:
        """When the strength has fallen to `left` with what comes in, which raises it, too."""
        if self.coming is None:
            return guess
        days = guess - self.time
        for _ in range(_ROUNDS):
            then = self.when_left(left - (1.0 - rise) * self.coming * days, days) - self.time
            days = np.where(np.isfinite(then), then, days)
        return np.where(self.attrition.exponent == 0.0, guess, self.time + days)

    def _present(self, days: Floats | float) -> Floats:
        return self.base if self.coming is None else self.base + 0.5 * self.coming * days


def worn_out(terms: Terms, state: State, pace: Pace, step: Step) -> Ints:
    """End steps where a spell has cost its share, in place; returns draws whose spell ends at once.

    A spell that may cost more than are present goes on: where men are lost as soon as they return,
    each handful would otherwise need a step of its own.
    """
    total = state.lost + (state.strength - step.left)
    i = np.flatnonzero(total >= state.spell_losses * ALMOST)
    missing = np.maximum(state.spell_losses[i] - state.lost[i], 0.0)
    present = state.strength[i] - terms.least
    enough = (missing <= present) & (present > 0)
    if pace.flow is not None:
        enough |= pace.flow.inflow[i] > 0
    if not enough.any():
        return i[:0]
    i, missing = i[enough], missing[enough]
    part = select(pace, i)
    when = np.clip(part.when_lost(missing), part.time, step.upto[i])
    step.put(i, part.step(when))
    # The remainder can take less time than a float resolves.
    return i[when <= part.time + _INSTANT * np.spacing(np.abs(part.time))]


def take(terms: Terms, state: State, pace: Pace, step: Step) -> None:
    """Take a step: losses, returns and inflows, and the thresholds crossed."""
    losses, strength, passing = state.strength - step.left, step.left, None
    back: Floats | float = 0.0
    days = step.upto - state.time
    if terms.recovery is not None:
        passing = _passing(terms, terms.recovery, days)
        waiting = passing.move(state.waiting)
        back = _total(state.waiting) - _total(waiting)
    if pace.inflow is not None:
        gain = pace.inflow * days
        strength, back = strength + gain, back + gain
    if passing is not None:
        strength = step.left + (back + passing.within * losses)
    unlimited, short = strength, np.flatnonzero(strength < terms.least)
    if short.size:
        strength, losses = strength.copy(), losses.copy()
        # At most all who are present or return within the step; no limit where all return at once.
        within = 0.0 if passing is None else np.broadcast_to(passing.within, losses.shape)[short]
        come = np.broadcast_to(back, losses.shape)[short]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            most = np.maximum(state.strength[short] + come, 0.0) / (1.0 - within)
        losses[short] = np.fmin(losses[short], most)
        strength[short] = 0.0
    lost = state.lost + losses
    # Thresholds are interpolated up to where the step would lead, even below zero.
    _cross(terms, state, pace, step.upto, (unlimited, lost))
    if passing is not None:
        passing.join(waiting, losses)
        state.waiting = waiting
        if terms.daily:
            felt = days > ROUNDING  # in less time the change is rounding alone
            coming = (back + passing.within * losses) / np.where(felt, days, 1.0)
            if pace.inflow is not None:
                coming = coming - pace.inflow
            state.coming = np.where(felt, coming, state.coming)
    state.time, state.shown, state.spent = step.upto, step.shown, step.spent
    state.strength, state.lost = strength, lost
    if pace.inflow is not None:
        state.sent = state.sent + gain
        state.target = terms.targets(state.sent, state.crossed)


def _passing(terms: Terms, recovery: Recovery, days: Floats) -> Passing:
    """Transitions over steps, computed once for those of the usual length."""
    odd = np.flatnonzero(np.abs(days - terms.stride) > _ROUNDED)
    if terms.usual is None or odd.size == days.size:
        return recovery.passing(days)
    if not odd.size:
        return terms.usual
    return terms.usual.but(odd, select(recovery, odd).passing(days[odd]), days.size)


def _total(waiting: Floats) -> Floats:
    """Sum over the few stages; faster than a reduction along a short axis."""
    total: Floats = waiting[0].copy()
    for stage in waiting[1:]:
        total += stage
    return total


def _cross(
    terms: Terms, state: State, pace: Pace, upto: Floats, ends: tuple[Floats, Floats]
) -> None:
    """Note when a step that ends at a strength and at losses crosses thresholds."""
    strength, lost = ends
    for k, (by_losses, rise) in enumerate(zip(terms.by_losses, terms.rises, strict=True)):
        value, target = lost if by_losses else strength, state.target[k]
        if rise and pace.inflow is not None:
            value = value - rise * pace.inflow * (upto - state.time)
        if not by_losses and pace.flow is not None:
            value = pace.flow.lowest(value, rise, upto - state.time)
        hit = np.flatnonzero(value >= target if by_losses else value <= target)
        if terms.recount:
            hit = hit[upto[hit] > terms.since[hit]]
        if not hit.size:
            continue
        goal, begun = terms.goal_at(k, state.sent[hit], hit), state.strength[hit]
        part, days = select(pace, hit), (upto - state.time)[hit]
        even = terms.recovery is not None if pace.inflow is None else part.flow is None
        if by_losses and (part.inflow is None or not even):
            when = part.when_lost(goal - state.lost[hit], days)
        elif by_losses:
            when = part.time + _share(state.lost[hit], goal, value[hit]) * days
        elif part.flow is not None:
            when = part.time + part.flow.days_until(goal, rise, days)
        elif even:
            # Those who return or come in do so nearly evenly.
            when = part.time + _share(begun, goal, value[hit]) * days
            when = when if terms.recovery is not None else part.when_left_net(goal, rise, when)
        else:
            when = part.when_left(goal, days)
        when = np.maximum(when, part.time)
        # A remainder below the resolution of floats can still take months.
        there = when <= upto[hit] + ROUNDING
        state.crossed[k, hit[there]] = when[there]
        state.target[k, hit[there]] = terms.out_of_reach(k)


def _share(begin: Floats, goal: Floats, end: Floats) -> Floats:
    """The part of an even way from one value to another after which it is at the goal."""
    change = begin - end
    return (begin - goal) / np.where(change == 0, 1.0, change)


# --- what happens at the end of a step ---


def happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, where they are due."""
    worn = state.lost >= state.spell_losses * ALMOST
    i = np.flatnonzero(worn | (state.time >= state.event))
    if not i.size:
        return
    time = state.time[i]
    if terms.recount:
        _recount(terms, state, i)
    if len(terms.arrivals):
        _arrive(terms, state, i)
    if terms.following is not None:
        _turn(terms, state, terms.following, i[worn[i] | (time >= state.spell_end[i])])
    over = i[time >= terms.stop[i]]
    if over.size:
        state.turn[over] = 0.0
        state.spell_end[over] = state.spell_losses[over] = np.inf
    state.event[i] = next_event(terms, state, i)


def next_event(terms: Terms, state: State, i: Ints) -> Floats:
    """The next arrival, beginning or end of a spell, an inflow, a month or of all losses.

    For the draws `i`. With `edges` also where pauses and the trend begin and end, between which the
    rate does not jump.
    """
    time, stop = state.time[i], terms.stop[i]
    event = np.minimum(state.spell_end[i], np.where(stop > time, stop, np.inf))
    edges = [edge[i] for edge in terms.clock.edges] if terms.edges else []
    edges += [edge[i] for inflow in terms.inflows for edge in inflow.edges]
    edges += [terms.since[i]] if terms.recount else []
    for edge in (*edges, *terms.arrivals[:, i]):
        event = np.minimum(event, np.where(edge > time, edge, np.inf))
    return event if terms.season is None else np.minimum(event, terms.season.next_edge(time))


def _arrive(terms: Terms, state: State, i: Ints) -> None:
    """What arrives joins, and what leaves, at most all there is, is lost."""
    arrived = terms.arrivals[:, i] <= state.time[i]
    moved = np.where(arrived, state.pending[:, i], 0.0)
    state.pending[:, i] = np.where(arrived, 0.0, state.pending[:, i])
    gained, leaves = np.maximum(moved, 0.0).sum(axis=0), -np.minimum(moved, 0.0).sum(axis=0)
    leaves[state.time[i] >= terms.stop[i]] = 0.0
    changed = (gained > 0) | (leaves > 0)
    i, gained, leaves = i[changed], gained[changed], leaves[changed]
    state.strength[i] += gained
    state.sent[i] += gained
    leaves = np.minimum(leaves, state.strength[i])
    state.strength[i] -= leaves
    state.lost[i] += leaves
    _restart(terms, state, i)
    _meet(terms, state, i[leaves > 0])


def _recount(terms: Terms, state: State, i: Ints) -> None:
    """On the day of the stock, it is what is present, whoever returned before."""
    i = i[state.time[i] == terms.since[i]]
    state.strength[i] = terms.size[i]
    _restart(terms, state, i)
    _meet(terms, state, i)


def _restart(terms: Terms, state: State, i: Ints) -> None:
    """Losses go on from another strength."""
    state.base[i], state.spent[i] = state.strength[i], 0.0
    state.target[:, i] = terms.targets(state.sent[i], state.crossed[:, i], i)


def _meet(terms: Terms, state: State, i: Ints) -> None:
    """Thresholds at which the draws `i` find themselves at once."""
    for k, by_losses in enumerate(terms.by_losses):
        target = state.target[k, i]
        there = i[state.lost[i] >= target if by_losses else state.strength[i] <= target]
        state.crossed[k, there] = state.time[there]
        state.target[k, there] = terms.out_of_reach(k)


def _turn(terms: Terms, state: State, following: NextSpells, over: Ints) -> None:
    """From the line to rest, and from rest to a new spell."""
    on_line = state.on_line[over]
    resting, i = over[on_line], over[~on_line]
    state.on_line[resting] = False
    state.turn[resting] = state.rest_intensity[resting]
    state.spell_end[resting] = state.time[resting] + state.rest_days[resting]
    state.spell_losses[resting] = np.inf
    if i.size:
        state.spell[i] += 1
        spell = following(state.spell[i], terms.number[i])
        state.turn[i] = spell.intensity
        begin_spell(terms, state, i, spell)


def begin_spell(terms: Terms, state: State, i: Ints, spell: Spell) -> None:
    """Begin a spell on the line, for the draws `i`."""
    state.on_line[i] = True
    state.spell_end[i] = state.time[i] + spell.line_days
    limit, present = spell.loss_share * terms.size[i], state.strength[i] - terms.least
    # A spell that costs all who are left ends with the last of them, not a moment before.
    limit = np.where(np.abs(limit - present) < _TIE * present, (1.0 + 2.0 * _TIE) * limit, limit)
    state.spell_losses[i] = state.lost[i] + limit
    state.rest_days[i], state.rest_intensity[i] = spell.rest_days, spell.rest_intensity
