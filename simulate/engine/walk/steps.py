"""One step of a walk: losses and returns on the way, and the events at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from simulate.engine.bent_line import Attrition
from simulate.engine.clock import LONGEST, Clock
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.dynamics import NextSpells, Passing, Recovery, Spell
from simulate.engine.walk.emptied import advance
from simulate.engine.walk.returning import Stretch, first_fall, grown
from simulate.engine.walk.walkers import ALMOST, Men, State, Terms, select
from simulate.scenario.arrays import Floats, Ints

_TIE = 1e-7  # share of a strength by which the limit of a spell must differ from it
_INSTANT = 4.0  # spacings of a float below which a length of time counts as none
_ROUNDED = 1e-11  # days by which a step of the usual length may differ from it by rounding
_NOBODY = 1e-12  # share of the force below zero that is rounding
_SLOWEST, _FASTEST = 1e-200, 1e9  # stages passed a day: never, or at once


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
    each day, half count as present from the start.
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

    @classmethod
    def of(cls, terms: Terms, state: State) -> Self:
        """The pace at the present state of some draws."""
        base, spent, coming = state.base, state.spent, None
        if terms.recovery is not None:
            base, spent = state.strength, np.zeros_like(state.spent)
            if not terms.attrition.is_constant:
                # A draw at a constant rate gives the same bits alone and among others.
                coming = np.where(terms.attrition.exponent == 0.0, 0.0, state.coming)
        intensity = state.turn
        if terms.drift is not None:
            days = terms.day(state.time).astype(np.int64) % len(state.paces)
            intensity = intensity * np.take_along_axis(state.paces, days[np.newaxis], axis=0)[0]
        now = (state.time, state.shown, state.strength)
        return cls(*now, base, spent, coming, intensity, terms.clock, terms.attrition)

    def step(self, upto: Floats) -> Step:
        """The step to `upto`, which is not later than the next event."""
        base, shown = self._present(upto - self.time), self.clock.at(upto)
        with np.errstate(over="ignore"):
            spent = self.spent + np.minimum((shown - self.shown) * self.intensity, LONGEST)
        left = self.attrition.left_after(base, spent)
        if self.coming is not None:
            left = left + (self.strength - base)
        return Step(upto, shown, np.minimum(left, self.strength), spent)  # not above by rounding

    def when_lost(self, losses: Floats, days: Floats | float = 1.0) -> Floats:
        """When `losses` more are lost, in a step of `days`; inf for never."""
        return self.when_left(self.strength - np.maximum(losses, 0.0), days)

    def when_left(self, left: Floats, days: Floats | float = 1.0) -> Floats:
        """When the strength has fallen to `left` if nobody returns; inf for never."""
        base = self._present(days)
        if self.coming is not None:
            left = left + (base - self.strength)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            clock = (self.attrition.clock_for(base, left) - self.spent) / self.intensity
        return self.clock.when(self.shown + np.where(clock > 0, clock, 0.0))

    def _present(self, days: Floats | float) -> Floats:
        return self.base if self.coming is None else self.base + 0.5 * self.coming * days


def stretch_of(terms: Terms, state: State, step: Step) -> Stretch | None:
    """How losses and returns run in a step, where they do not go by days."""
    recovery, days = terms.recovery, step.upto - state.time
    if recovery is None or terms.daily:
        return None
    growth = terms.clock.growth if np.any(terms.clock.growth) else 0.0
    worth = grown(growth, days)
    rate = (state.strength - step.left) / np.where(worth > 0, worth, np.inf)
    with np.errstate(over="ignore", divide="ignore"):
        pace = np.clip(recovery.stages / recovery.mean_days, _SLOWEST, _FASTEST)
    return Stretch(rate, growth, recovery.share, pace)


def _least(terms: Terms) -> Floats:
    """The strength at which nobody is left."""
    return np.minimum(terms.least, -_NOBODY * terms.size)


def worn_out(terms: Terms, state: State, pace: Pace, step: Step, stretch: Stretch | None) -> Ints:
    """End steps where a spell has cost its share, in place; returns draws whose spell ends at once.

    By days, a spell that may cost more than are present goes on: where men are lost as soon as they
    return, each handful would otherwise need a step of its own.
    """
    total = state.lost + (state.strength - step.left)
    i = np.flatnonzero(total >= state.spell_losses * ALMOST)
    missing = np.maximum(state.spell_losses[i] - state.lost[i], 0.0)
    present = state.strength[i] - terms.least
    enough = (missing <= present) & (present > 0)
    part = select(pace, i)
    when = np.clip(part.when_lost(missing), part.time, step.upto[i])
    if stretch is not None and not enough.all():
        when[~enough] = _worn_late(terms, state, step, stretch, i[~enough])
        enough |= np.isfinite(when)
    if not enough.any():
        return i[:0]
    i, part, when = i[enough], select(part, np.flatnonzero(enough)), when[enough]
    step.put(i, part.step(when))
    # The remainder can take less time than a float resolves.
    return i[when <= part.time + _INSTANT * np.spacing(np.abs(part.time))]


def _worn_late(terms: Terms, state: State, step: Step, stretch: Stretch, i: Ints) -> Floats:
    """When spells of draws `i` have cost more than are present, as men return; inf for not yet."""
    found, some, men = np.full(i.size, np.inf), select(stretch, i), state.men(i)
    days, least = (step.upto - state.time)[i], _least(terms)[i]
    missing = np.maximum(state.spell_losses[i] - state.lost[i], 0.0)
    # Of all who wait no more than this share, or all, can return meanwhile.
    part = np.minimum(some.pace * days, 1.0)
    most = men.strength + part * _total(men.waiting) + some.inflow * days
    j = np.flatnonzero(missing * (1.0 - part * some.share) * ALMOST <= most)
    some, men, missing = select(some, j), select(men, j), missing[j]
    _, lost, time = advance(some, men, days[j], least[j], missing)
    enough = lost >= missing * ALMOST
    found[j[enough]] = (state.time[i[j]] + time)[enough]
    return found


def take(terms: Terms, state: State, pace: Pace, step: Step, stretch: Stretch | None) -> None:
    """Take a step: losses, returns and the thresholds crossed."""
    if stretch is not None:
        days, men = step.upto - state.time, Men(state.strength, state.waiting)
        end, losses, _ = advance(stretch, men, days, _least(terms))
        lost = state.lost + losses
        _cross(terms, state, pace, step, step.left if terms.by_strength else lost, stretch=stretch)
        state.time, state.shown, state.spent = step.upto, step.shown, step.spent
        state.strength, state.waiting, state.lost = end.strength, end.waiting, lost
        return
    losses, strength, passing = state.strength - step.left, step.left, None
    back: Floats | float = 0.0
    days = step.upto - state.time
    if terms.recovery is not None:
        passing = _passing(terms, terms.recovery, days)
        waiting = passing.move(state.waiting)
        back = _total(state.waiting) - _total(waiting)
        strength = strength + (back + passing.within * losses)
    unlimited, short = strength, np.flatnonzero(strength < terms.least)
    if short.size:
        strength, losses = strength.copy(), losses.copy()
        # At most all who are present or return within the step; no limit where all return at once.
        within = 0.0 if passing is None else np.broadcast_to(passing.within, losses.shape)[short]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            most = np.maximum((state.strength + back)[short], 0.0) / (1.0 - within)
        losses[short] = np.fmin(losses[short], most)
        strength[short] = 0.0
    lost = state.lost + losses
    # Thresholds are interpolated up to where the step would lead, even below zero.
    _cross(terms, state, pace, step, unlimited if terms.by_strength else lost, stretch=None)
    if passing is not None:
        passing.join(waiting, losses)
        state.waiting = waiting
        felt = days > ROUNDING  # in less time the change is rounding alone
        coming = (back + passing.within * losses) / np.where(felt, days, 1.0)
        state.coming = np.where(felt, coming, state.coming)
    state.time, state.shown, state.spent = step.upto, step.shown, step.spent
    state.strength, state.lost = strength, lost


def _passing(terms: Terms, recovery: Recovery, days: Floats) -> Passing:
    """Transitions over steps, computed once for those of a day."""
    odd = np.flatnonzero(np.abs(days - 1.0) > _ROUNDED)
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
    terms: Terms, state: State, pace: Pace, step: Step, value: Floats, *, stretch: Stretch | None
) -> None:
    """Note when a step that ends at a strength, or at losses, crosses thresholds.

    Along a stretch the strength is that without returns, the lowest possible.
    """
    hit = np.flatnonzero(value <= state.target if terms.by_strength else value >= state.target)
    while hit.size:
        time, days = state.time[hit], (step.upto - state.time)[hit]
        next_threshold, whole = state.next_threshold[hit], terms.shared(state.sent)[hit]
        goal = terms.goal(next_threshold, whole)
        if terms.by_strength and stretch is not None:
            some = select(stretch, hit)
            when = time + first_fall(some, state.men(hit), state.target[hit], days)
        elif terms.by_strength and terms.recovery is not None:
            # Those who return come nearly evenly.
            change = state.strength[hit] - value[hit]
            part = (state.strength[hit] - goal) / np.where(change > 0, change, 1.0)
            when = time + part * days
        elif terms.by_strength:
            when = select(pace, hit).when_left(goal, days)
        else:
            when = select(pace, hit).when_lost(goal - state.lost[hit], days)
        when = np.maximum(when, time)
        # A remainder below the resolution of floats can still take months.
        there = when <= step.upto[hit] + ROUNDING
        hit, when, next_threshold = hit[there], when[there], next_threshold[there]
        state.crossed[next_threshold, hit] = when
        state.next_threshold[hit] = next_threshold + 1
        state.target[hit] = target = terms.target(next_threshold + 1, whole[there])
        hit = hit[value[hit] <= target if terms.by_strength else value[hit] >= target]


# --- what happens at the end of a step ---


def happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, where they are due."""
    worn = state.lost >= state.spell_losses * ALMOST
    i = np.flatnonzero(worn | (state.time >= state.event))
    if not i.size:
        return
    time = state.time[i]
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
    """The next arrival, beginning or end of a spell or of all losses, for the draws `i`.

    With `edges` also the start and end of pauses, between which losses are even.
    """
    time, stop = state.time[i], terms.stop[i]
    event = np.minimum(state.spell_end[i], np.where(stop > time, stop, np.inf))
    pauses = terms.clock.pauses if terms.edges else ()
    edges = [edge[i] for pause in pauses for edge in (pause.start, pause.end)]
    for edge in (*edges, *terms.arrivals[:, i]):
        event = np.minimum(event, np.where(edge > time, edge, np.inf))
    return event


def _arrive(terms: Terms, state: State, i: Ints) -> None:
    arrived = terms.arrivals[:, i] <= state.time[i]
    gained = np.where(arrived, state.pending[:, i], 0.0).sum(axis=0)
    state.pending[:, i] = np.where(arrived, 0.0, state.pending[:, i])
    i, gained = i[gained > 0], gained[gained > 0]
    state.strength[i] += gained
    state.sent[i] += gained
    state.base[i], state.spent[i] = state.strength[i], 0.0
    state.target[i] = terms.target(state.next_threshold[i], terms.shared(state.sent)[i])


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
