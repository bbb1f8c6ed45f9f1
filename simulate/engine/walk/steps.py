"""One step of a walk: losses and returns on the way, and the events at its end."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from simulate.engine.draws import select
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.dynamics import NextSpells, Spell
from simulate.engine.walk.emptied import After, advance
from simulate.engine.walk.exact_record import ExactRecord
from simulate.engine.walk.pace import Pace, Step
from simulate.engine.walk.returning import Men, Stretch, first_fall, total
from simulate.engine.walk.walkers import ALMOST, State, Terms
from simulate.scenario.arrays import Floats, Ints, at_least

_RISES = 60  # rounds, each of which adds what came in until the round before
_TIE = 1e-7  # share of a strength by which the limit of a spell must differ from it
_INSTANT = 4.0  # spacings of a float below which a length of time counts as none
_ROUNDED = 1e-11  # days by which a step of the usual length may differ from it by rounding
_NOBODY = 1e-12  # share of the force below zero that is rounding


def _least(terms: Terms) -> Floats:
    """The strength at which nobody is left."""
    return np.minimum(terms.least, -_NOBODY * terms.size)


def worn_out(terms: Terms, state: State, pace: Pace, step: Step) -> None:
    """End steps where a spell has cost its share, in place.

    By days, a spell that may cost more than are present goes on: where men are lost as soon as they
    return, each handful would otherwise need a step of its own.
    """
    lost = state.lost + (state.strength - step.left)
    i = np.flatnonzero(lost >= state.spell_losses * ALMOST)
    missing = at_least(state.spell_losses[i] - state.lost[i], 0.0)
    present = state.strength[i] - terms.least
    enough = (missing <= present) & (present > 0)
    if pace.flow is not None:
        enough |= pace.flow.inflow[i] > 0
    i, missing = i.compress(enough), missing.compress(enough)
    if i.size:
        part = select(pace, i)
        when = np.clip(part.when_lost(missing), part.time, step.upto[i])
        _end(state, part, step, i, when)


def along(terms: Terms, state: State, pace: Pace, step: Step, stretch: Stretch) -> After:
    """Go along a stretch, and end steps in place where a spell has cost its share."""
    most, days = None, step.upto - state.time
    if terms.following is not None:
        most = at_least(state.spell_losses - state.lost, 0.0)
    seen = None
    if isinstance(terms.record, ExactRecord):
        seen = partial(terms.record.add, terms.number, state, step.upto)
    men = Men(state.strength, state.waiting)
    after = advance(stretch, men, days, _least(terms), most, seen=seen)
    i = np.flatnonzero(after.time < days)
    if i.size:
        _end(state, select(pace, i), step, i, state.time[i] + after.time[i])
    return after


def _end(state: State, pace: Pace, step: Step, i: Ints, when: Floats) -> None:
    """End the steps of draws `i`, whose pace is given, with their spells."""
    step.put(i, pace.step(when))
    # The remainder can take less time than a float resolves.
    time = state.time[i]
    at_once = i[when <= time + _INSTANT * np.spacing(np.abs(time))]
    state.spell_losses[at_once] = state.lost[at_once]


def take(
    terms: Terms, state: State, pace: Pace, step: Step, way: tuple[Stretch, After] | None
) -> None:
    """Take a step, perhaps along a stretch: losses, returns, inflows, and thresholds crossed."""
    if way is not None:
        stretch, after = way
        lost = state.lost + after.lost
        _cross(terms, state, _Way(pace, stretch, step.upto, step.left, lost))
        state.strength, state.waiting = after.men
        _arrived(terms, state, pace, step, lost)
        return
    losses, strength, passing = state.strength - step.left, step.left, None
    back: Floats | float = 0.0
    within: Floats | float = 0.0
    days = step.upto - state.time
    if terms.recovery is not None:
        whole = np.abs(days - 1.0) <= _ROUNDED
        passing = terms.usual
        if passing is None or not whole.all():
            passing = terms.recovery.passing(np.where(whole, 1.0, days))
        # The share of the step's own losses that is back at its end.
        within = np.maximum(terms.recovery.share * (1.0 - sum(passing.entered)), 0.0)
        waiting = passing.moved(state.waiting)
        back = total(state.waiting) - total(waiting)
    if pace.inflow is not None:
        gain = pace.inflow * days
        strength, back = strength + gain, back + gain
    if passing is not None:
        strength = step.left + (back + within * losses)
    unlimited, short = strength, np.flatnonzero(strength < terms.least)
    if short.size:
        strength, losses = strength.copy(), losses.copy()
        # At most all who are present or return within the step; no limit where all return at once.
        again, come = (np.broadcast_to(x, losses.shape)[short] for x in (within, back))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            most = np.maximum(state.strength[short] + come, 0.0) / (1.0 - again)
        losses[short] = np.fmin(losses[short], most)
        strength[short] = 0.0
    lost = state.lost + losses
    # Thresholds are interpolated up to where the step would lead, even below zero.
    _cross(terms, state, _Way(pace, None, step.upto, unlimited, lost))
    if terms.recovery is not None and passing is not None:
        passing.join(waiting, terms.recovery.share * losses)
        state.waiting = waiting
        felt = days > ROUNDING  # in less time the change is rounding alone
        coming = (back + within * losses) / np.where(felt, days, 1.0)
        if pace.inflow is not None:
            coming = coming - pace.inflow
        state.coming = np.where(felt, coming, state.coming)
    state.strength = strength
    if len(state.beyond):
        _go_on(terms, state, pace, step, losses)
    _arrived(terms, state, pace, step, lost)


def _go_on(terms: Terms, state: State, pace: Pace, step: Step, losses: Floats) -> None:
    """Add what would be lost beyond what is there, where the rate does not follow the strength."""
    i = np.flatnonzero((state.strength <= 0) & (terms.attrition.exponent == 0.0))
    if i.size:
        free = terms.attrition.rate[i] * (step.spent - pace.spent)[i]
        state.beyond = state.beyond.copy()  # the moment before the step is still to be recorded
        state.beyond[0, i] += np.maximum(free - losses[i], 0.0)


def _arrived(terms: Terms, state: State, pace: Pace, step: Step, lost: Floats) -> None:
    """The end of a step: its time and losses, and what came in meanwhile as sent."""
    if pace.inflow is not None:
        state.sent = state.sent + pace.inflow * (step.upto - state.time)
        state.target = terms.targets(state.sent, state.crossed)
    state.time, state.shown, state.spent = step.upto, step.shown, step.spent
    state.lost = lost


class _Way(NamedTuple):
    """How a step leads to its end: the pace, where men return the stretch, and the end's time.

    At the end `strength` is left, or along a stretch less, since nobody returns in it, and `lost`
    are lost.
    """

    pace: Pace
    stretch: Stretch | None
    upto: Floats
    strength: Floats
    lost: Floats


def _cross(terms: Terms, state: State, way: _Way) -> None:
    """Note which thresholds a step crosses, and when."""
    pace, upto = way.pace, way.upto
    for k, (by_losses, rise) in enumerate(zip(terms.by_losses, terms.rises, strict=True)):
        value, target = way.lost if by_losses else way.strength, state.target[k]
        if rise and pace.inflow is not None:
            value = value - rise * pace.inflow * (upto - state.time)
        if not by_losses and pace.flow is not None:
            value = pace.flow.lowest(value, rise, upto - state.time)
        hit = np.flatnonzero(value >= target if by_losses else value <= target)
        if terms.recount:
            hit = hit[upto[hit] > terms.since[hit]]
        if not hit.size:
            continue
        when = np.maximum(_when(terms, state, way, k, (hit, value[hit])), state.time[hit])
        # A remainder below the resolution of floats can still take months.
        there = when <= upto[hit] + ROUNDING
        hit = hit.compress(there)
        state.crossed[k, hit] = when.compress(there)
        state.target[k, hit] = terms.out_of_reach(k)


def _when(terms: Terms, state: State, way: _Way, k: int, hit: tuple[Ints, Floats]) -> Floats:
    """When the draws that seem to cross threshold number `k` in a step do, by its end's value."""
    i, end = hit
    rise, by_losses, time = terms.rises[k], terms.by_losses[k], state.time[i]
    days = way.upto[i] - time
    if way.stretch is not None and not by_losses:
        stretch, target = select(way.stretch, i), state.target[k, i]
        return time + first_fall(stretch, state.men(i), target, days)
    goal, pace = terms.goal_at(k, state.sent[i], i), select(way.pace, i)
    if way.stretch is not None:
        stretch = select(way.stretch, i)
        come = np.zeros_like(goal) if pace.inflow is None else rise * pace.inflow
        missing = (goal - state.lost[i], come)
        return time + _days_lost(stretch, state.men(i), days, missing, _least(terms)[i])
    even = terms.recovery is not None if pace.inflow is None else pace.flow is None
    if by_losses and (pace.inflow is None or not even):
        when = pace.when_lost(goal - state.lost[i], days)
    elif by_losses:
        when = pace.time + _share(state.lost[i], goal, end) * days
    elif pace.flow is not None:
        when = pace.time + pace.flow.days_until(goal, rise, days)
    elif even:
        # Those who return or come in do so nearly evenly.
        when = pace.time + _share(state.strength[i], goal, end) * days
        when = when if terms.recovery is not None else pace.when_left_net(goal, rise, when)
    else:
        when = pace.when_left(goal, days)
    return when


def _days_lost(
    stretch: Stretch, men: Men, days: Floats, missing: tuple[Floats, Floats], least: Floats
) -> Floats:
    """Days until `missing` are lost, which become more a day, while men return."""
    now, more = missing
    passed = np.zeros_like(days)
    for _ in range(_RISES if more.any() else 1):
        wanted = now + more * passed
        passed = np.minimum(stretch.when_lost(wanted), days)
        i = np.flatnonzero(wanted > men.strength)  # perhaps nobody is left before
        late = select((stretch, men, days, least, wanted), i)
        passed[i] = advance(*late).time
    return passed


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
        # `compress` is far faster than a mask as an index.
        over = i.compress(worn[i] | (time >= state.spell_end[i]))
        _turn(terms, state, terms.following, over)
    over = i.compress(time >= terms.stop[i])
    if over.size:
        state.turn[over] = 0.0
        state.spell_end[over] = state.spell_losses[over] = np.inf
    state.event[i] = next_event(terms, state, i)


def next_event(terms: Terms, state: State, i: Ints) -> Floats:
    """The next arrival, beginning or end of a spell, an inflow, a month or of all losses.

    For the draws `i`. With `edges` also where pauses, steps and the trend begin and end, between
    which the rate does not jump.
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
    time = state.time[i]
    due = np.zeros(i.size, dtype=np.bool_)
    for arrival, size in zip(terms.arrivals, state.pending, strict=True):
        due |= (arrival[i] <= time) & (size[i] != 0)
    i, time = i.compress(due), time.compress(due)
    arrived = terms.arrivals[:, i] <= time
    moved = np.where(arrived, state.pending[:, i], 0.0)
    state.pending[:, i] = np.where(arrived, 0.0, state.pending[:, i])
    gained, leaves = np.maximum(moved, 0.0).sum(axis=0), -np.minimum(moved, 0.0).sum(axis=0)
    leaves[time >= terms.stop[i]] = 0.0
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
    state.strength[i] = terms.size[i] - terms.floor[i]
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
    resting, i = over.compress(on_line), over.compress(~on_line)
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
