"""First passage by days, for what has no closed form: men who return, drift, rotation.

All draws walk together, a day at a time counted from their day of the count. Within a day losses
follow in closed form and those who recover pass through their stages; a draw to which something
happens during the day, an arrival or the end of a spell, walks that day in parts. Nothing is kept
but what the next day needs, and a draw that is done drops out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import (
    NOBODY,
    Attrition,
    Claim,
    Goal,
    on_the_way,
    sorted_arrivals,
)
from simulate.engine.clock import Clock
from simulate.engine.course import DAYS, Course, Rotation
from simulate.engine.first_passage import Passage
from simulate.engine.grid import ROUNDING
from simulate.engine.recovery import Passing
from simulate.engine.walkers import ALMOST, Record, State, Terms, taken

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INSTANT = 4.0
"""Steps of the float time that are no time at all."""

_WORTH_DROPPING = 8
"""One part in this many must be done before dropping them costs less than walking on."""


class _Step(NamedTuple):
    """A step to `upto`: what the clock shows then, its losses, and what it does to the wounded.

    At a constant rate the losses may be more than there are.
    """

    upto: Floats
    shown: Floats
    losses: Floats
    passing: Passing | None


def daily_walk(
    claim: Claim,
    clock: Clock,
    exponent: Floats,
    arrivals: Sequence[tuple[Floats, Floats]],
    thresholds: Sequence[float],
    *,
    counting: Literal["casualties", "strength"],
    course: Course,
    until: Floats,
    record: Record | None = None,
) -> Passage:
    """First passage where men return, the rate drifts or units rotate.

    Parameters
    ----------
    claim, clock, exponent, arrivals, thresholds, counting
        As in `bent_line`, with which it agrees where `course` is empty.
    course : Course
    until : ndarray, shape (n,)
        When a draw is given up: the end of the horizon, or an event that stops the losses.
    record : Record, optional
        Is shown every step of all draws from time 0 on, also of those that are done. Losses then
        stop at `until`.

    Returns
    -------
    Passage
        Times beyond `until` may be inf.
    """
    n = claim.count.size
    rate = claim.rate
    times, sizes = sorted_arrivals(arrivals, claim.early, n)
    goal = Goal(np.asarray(thresholds)[:, np.newaxis], claim.size, counting)
    crossed, sent = on_the_way(claim, times, sizes, goal)
    over = (claim.count > sent) & (rate > 0)
    recovery = course.recovery
    by_strength = counting == "strength"
    if recovery is not None and by_strength:
        crossed[:] = np.inf  # the claimed losses alone do not tell
    terms = Terms(
        number=np.arange(n),
        claim=claim,
        clock=clock,
        attrition=Attrition(rate, claim.size, exponent),
        arrivals=times,
        course=course,
        whole_day=None if recovery is None else recovery.passing(1.0),
        stop=np.full(n, np.inf) if record is None else until,
        until=until,
        ladder=tuple(thresholds),
        by_strength=by_strength,
        turns=course.rotation is not None
        or record is not None
        or (recovery is not None and bool(clock.pauses)),
    )
    before = _days_before(claim, course, record)
    state = _at_first(terms, sizes, crossed, before)
    found = np.full_like(crossed, np.inf)
    if record is None:
        terms, state = _kept(terms, state, rate > 0)
    for day in range(-before, 0):
        _walk_a_day(terms, state, day, record)
    terms = _count(terms, state, sent[terms.number])
    day = 0
    while state.time.size:
        _walk_some_days(terms, state, day, record)
        day += DAYS
        done = (state.time >= terms.until) | (state.rung == len(thresholds))
        if record is not None:
            done &= state.time >= record.last
        if done.all() or np.count_nonzero(done) > done.size // _WORTH_DROPPING:
            found[:, terms.number[done]] = state.crossed[:, done]
            terms, state = _kept(terms, state, ~done)
    found[:, rate <= 0] = np.inf
    return Passage(found, rate, found <= claim.as_of + ROUNDING, over)


def _kept(terms: Terms, state: State, which: npt.NDArray[np.bool_]) -> tuple[Terms, State]:
    index = np.flatnonzero(which)
    return taken(terms, index), taken(state, index)


def _days_before(claim: Claim, course: Course, record: Record | None) -> int:
    """Days to be walked before the count: from the first losses on where those lost return."""
    if record is None and course.recovery is None:
        return 0
    first = claim.early if record is None else 0.0
    return int(np.floor(np.max(claim.as_of - first, initial=0.0))) + 1


def _at_first(terms: Terms, sizes: Floats, crossed: Floats, before: int) -> State:
    """The draws before anything was lost."""
    n = terms.number.size
    size = terms.claim.size
    stages = terms.course.recovery.stages if terms.course.recovery is not None else 0
    spell = terms.course.rotation.first if terms.course.rotation is not None else None

    def filled(value: float) -> Floats:
        return np.full(n, value)

    looked_for = terms.by_strength and stages > 0
    rung = np.full(n, 0 if looked_for else len(terms.ladder))
    state = State(
        time=terms.claim.as_of - before,
        shown=filled(0.0),
        strength=size.copy(),
        lost=filled(0.0),
        sent=size.copy(),
        pending=sizes.copy(),
        waiting=np.zeros((stages, n)),
        recovering=filled(0.0),
        coming=filled(0.0),
        level=filled(0.0),
        pace=filled(1.0),
        turn=filled(1.0),
        spell=np.zeros(n, dtype=np.int64),
        line_days=filled(np.inf) if spell is None else spell.line_days.copy(),
        loss_share=filled(np.inf) if spell is None else spell.loss_share.copy(),
        rest_days=filled(0.0) if spell is None else spell.rest_days.copy(),
        rest_intensity=filled(0.0) if spell is None else spell.rest_intensity.copy(),
        on_line=np.ones(n, dtype=np.bool_),
        spell_end=filled(np.inf),
        spell_losses=filled(np.inf),
        event=filled(np.inf),
        rung=rung,
        target=_looked_for(terms, rung, size, size),
        crossed=crossed,
    )
    state.event = _next_event(terms, state)
    return state


def _count(terms: Terms, state: State, sent: Floats) -> Terms:
    """The day of the count: what was counted is lost, and the first spell begins."""
    claim = terms.claim
    state.time, state.shown = claim.as_of.copy(), np.zeros_like(sent)
    state.lost = np.where(terms.stop < claim.as_of, state.lost, claim.count)
    state.sent = sent
    if terms.course.recovery is None:
        state.strength = np.maximum(sent - state.lost, 0.0)
    state.pending = np.where(terms.arrivals <= claim.as_of, 0.0, state.pending)
    state.rung = np.isfinite(state.crossed).sum(axis=0)
    state.target = _looked_for(terms, state.rung, sent, claim.size)
    if terms.course.rotation is not None:
        _begin_spell(terms, state, np.ones_like(state.on_line))
    state.event = _next_event(terms, state)
    at_count = np.maximum(state.strength, NOBODY * claim.size)
    return replace(terms, attrition=replace(terms.attrition, at_count=at_count), counted=True)


def _walk_some_days(terms: Terms, state: State, day: int, record: Record | None) -> None:
    """Walk `DAYS` days after the count, the first of them number `day`."""
    drift = terms.course.drift
    normals = None if drift is None else drift.normals(day, terms.number)
    for i in range(DAYS):
        if drift is not None and normals is not None and day + i > 0:
            state.level *= drift.stay
            state.level += np.multiply(normals[i], drift.spread, out=normals[i])
            np.exp(state.level, out=state.pace)
        _walk_a_day(terms, state, day + i, record)


def _walk_a_day(terms: Terms, state: State, day: int, record: Record | None) -> None:
    """Walk to the end of a day, numbered from the day of the count."""
    tick = terms.claim.as_of + (day + 1)
    step = _next_step(terms, state, tick, terms.whole_day)
    busy = np.flatnonzero(_is_busy(terms, state, step))
    part = taken(state, busy) if busy.size else None
    before = state.moment
    _take(terms, state, step)
    if record is not None:
        quiet = np.setdiff1d(np.arange(tick.size), busy, assume_unique=True)
        record.note(taken(before, quiet), taken(state.moment, quiet))
    if part is not None:
        _walk_in_parts(taken(terms, busy), part, tick[busy], record)
        state.put(busy, part)


def _walk_in_parts(terms: Terms, state: State, tick: Floats, record: Record | None) -> None:
    """Walk to the end of a day from one event to the next."""
    recovery = terms.course.recovery
    while True:
        worn_out = _worn_out(terms, state)
        # Time is too coarse for what is missing: without this the walk would stand still.
        over = worn_out <= state.time + _INSTANT * np.spacing(np.abs(state.time))
        state.spell_losses = np.where(over, state.lost, state.spell_losses)
        upto = np.minimum(tick, np.minimum(state.event, worn_out))
        upto = np.maximum(upto, state.time)
        passing = None if recovery is None else recovery.passing(upto - state.time)
        before = state.moment
        _take(terms, state, _next_step(terms, state, upto, passing))
        if record is not None:
            record.note(before, state.moment)
        _happen(terms, state)
        if not np.any(state.time < tick):
            return


def _is_busy(terms: Terms, state: State, step: _Step) -> npt.NDArray[np.bool_] | bool:
    """To which draws something happens before a step is over."""
    if terms.counted and not (terms.turns or len(terms.arrivals)):
        return False
    busy = state.event <= step.upto
    if terms.course.rotation is not None:
        busy |= state.lost + step.losses >= state.spell_losses * ALMOST
    return busy


def _exposed(terms: Terms, state: State, upto: Floats) -> Floats:
    """The strength that suffers the losses of a step: half of those who return have come."""
    if terms.course.recovery is None or terms.attrition.is_constant:
        return state.strength
    return state.strength + 0.5 * state.coming * (upto - state.time)


def _intensity(terms: Terms, state: State) -> Floats | float:
    """Factor on the clock: drift and rotation."""
    drifts = terms.course.drift is not None
    if terms.turns:
        return state.turn * state.pace if drifts else state.turn
    return state.pace if drifts else 1.0


def _next_step(terms: Terms, state: State, upto: Floats, passing: Passing | None) -> _Step:
    """The step to a moment before which nothing else happens."""
    if not terms.counted:
        claimed = terms.claim.losses_at(np.minimum(upto, terms.stop))
        return _Step(upto, claimed, claimed - state.shown, passing)
    shown = terms.clock.at(upto)
    worth = shown - state.shown
    worth *= _intensity(terms, state)
    losses = terms.attrition.losses(_exposed(terms, state, upto), worth)
    return _Step(upto, shown, losses, passing)


def _take(terms: Terms, state: State, step: _Step) -> None:
    """Take the losses of a step off, let men return, note the thresholds crossed."""
    losses, passing = step.losses, step.passing
    strength = state.strength - losses
    lost = state.lost + losses
    if passing is not None:
        passing.move(state.waiting)
        back = state.recovering - _total(state.waiting)
        back += passing.within * losses
        strength += back
    # Thresholds are looked for on the way to where the step would lead, also below zero.
    _cross(terms, state, step, strength, lost)
    if strength.size and strength.min() < 0:
        short = np.flatnonzero(strength < 0)
        within = 0.0 if passing is None else np.broadcast_to(passing.within, lost.shape)[short]
        losses[short] += strength[short] / (1.0 - within)  # no more than there are
        lost[short] = state.lost[short] + losses[short]
        strength[short] = 0.0
    if passing is not None:
        passing.join(state.waiting, losses)
        state.recovering = _total(state.waiting)
        if not terms.attrition.is_constant:
            days = step.upto - state.time
            late = back / np.where(days > 0, days, 1.0)
            state.coming = np.where(days > 0, late, state.coming)
    state.time, state.shown, state.strength, state.lost = step.upto, step.shown, strength, lost


def _total(waiting: Floats) -> Floats:
    """Sum over the few stages; faster than a reduction along a short axis."""
    total: Floats = waiting[0].copy()
    for stage in waiting[1:]:
        total += stage
    return total


def _cross(terms: Terms, state: State, step: _Step, strength: Floats, lost: Floats) -> None:
    """Note when a step crosses thresholds."""
    value = strength if terms.by_strength else lost
    hit = np.flatnonzero(value <= state.target if terms.by_strength else value >= state.target)
    while hit.size:
        upto, when = step.upto[hit], _crossing(terms, state, step, strength, hit)
        # Next to nothing may be missing and yet take months: the last men, under an exponent.
        used_up = (strength[hit] <= 0) & (terms.attrition.exponent[hit] < 1)
        there = used_up | (when <= upto + ROUNDING)
        when = np.where(np.isinf(when), upto, when)
        hit, when = hit[there], when[there]
        rung, sent, size = state.rung[hit], state.sent[hit], terms.claim.size[hit]
        state.crossed[rung, hit] = when
        state.rung[hit] = rung + 1
        state.target[hit] = target = _looked_for(terms, rung + 1, sent, size)
        hit = hit[value[hit] <= target if terms.by_strength else value[hit] >= target]


def _crossing(terms: Terms, state: State, step: _Step, strength: Floats, hit: Ints) -> Floats:
    """When some draws reach their next threshold at the pace of a step, even if after its end."""
    begun, upto = state.time[hit], step.upto[hit]
    target = terms.target(state.rung[hit], state.sent[hit], terms.claim.size[hit])
    if terms.by_strength:
        missing, change = state.strength[hit] - target, state.strength[hit] - strength[hit]
    else:
        missing, change = target - state.lost[hit], step.losses[hit]
    if terms.counted and not (terms.by_strength and terms.course.recovery is not None):
        some, part = taken(terms, hit), taken(state, hit)
        clock = _clock_for(some, part, upto, np.maximum(missing, 0.0))
        when = some.clock.when(part.shown + clock)
    else:
        # The claimed losses fall evenly, and those who return nearly do.
        when = begun + missing / np.where(change > 0, change, 1.0) * (upto - begun)
    return np.maximum(when, begun)


def _looked_for(terms: Terms, rung: Ints, sent: Floats, size: Floats) -> Floats:
    """Where the next threshold is looked for."""
    target = terms.target(rung, sent, size)
    return target if terms.by_strength else target * ALMOST


def _clock_for(terms: Terms, state: State, upto: Floats, losses: Floats) -> Floats:
    """What the clock advances while there are these losses; inf where it takes for ever."""
    exposed = _exposed(terms, state, upto)
    with np.errstate(divide="ignore", invalid="ignore"):
        clock = terms.attrition.clock_for(exposed, losses) / _intensity(terms, state)
    return np.where(losses > 0, np.where(np.isnan(clock), np.inf, clock), 0.0)


def _happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, at the moment they are due."""
    if len(terms.arrivals):
        due = terms.arrivals <= state.time
        gained = np.where(due, state.pending, 0.0).sum(axis=0)
        state.pending[due] = 0.0
        state.strength, state.sent = state.strength + gained, state.sent + gained
        state.target = _looked_for(terms, state.rung, state.sent, terms.claim.size)
    if terms.course.rotation is not None and terms.counted:
        _turn(terms, state, terms.course.rotation)
    over = state.time >= terms.stop
    if over.any():
        state.turn[over] = 0.0
        state.spell_end[over] = state.spell_losses[over] = np.inf
    state.event = _next_event(terms, state)


def _next_event(terms: Terms, state: State) -> Floats:
    """The next arrival, beginning or end of a spell or of all losses.

    Where men return also the edges of pauses: the day they fall on is walked in parts, since losses
    do not fall evenly over it.
    """
    event = np.where(terms.stop > state.time, terms.stop, np.inf)
    if not terms.counted:
        for edge in (terms.claim.early, terms.claim.start):
            event = np.minimum(event, np.where(edge > state.time, edge, np.inf))
    if len(terms.arrivals):
        later = np.where(terms.arrivals > state.time, terms.arrivals, np.inf)
        event = np.minimum(event, later.min(axis=0))
    if terms.course.recovery is not None:
        for pause in terms.clock.pauses:
            for edge in (pause.start, pause.end):
                event = np.minimum(event, np.where(edge > state.time, edge, np.inf))
    return np.minimum(event, state.spell_end)


def _turn(terms: Terms, state: State, rotation: Rotation) -> None:
    """From the line to rest, and from rest to a new spell."""
    over = state.time >= state.spell_end
    over |= state.lost >= state.spell_losses * ALMOST
    resting, returning = over & state.on_line, over & ~state.on_line
    state.on_line[resting] = False
    state.turn[resting] = state.rest_intensity[resting]
    state.spell_end[resting] = state.time[resting] + state.rest_days[resting]
    state.spell_losses[resting] = np.inf
    i = np.flatnonzero(returning)
    if not i.size:
        return
    state.spell[i] += 1
    spell = rotation.following(state.spell[i], terms.number[i])
    state.line_days[i], state.loss_share[i] = spell.line_days, spell.loss_share
    state.rest_days[i], state.rest_intensity[i] = spell.rest_days, spell.rest_intensity
    state.turn[i] = spell.intensity
    _begin_spell(terms, state, returning)


def _begin_spell(terms: Terms, state: State, starting: npt.NDArray[np.bool_]) -> None:
    limit = state.lost + state.loss_share * terms.claim.size
    state.on_line = state.on_line | starting
    state.spell_end = np.where(starting, state.time + state.line_days, state.spell_end)
    state.spell_losses = np.where(starting, limit, state.spell_losses)


def _worn_out(terms: Terms, state: State) -> Floats:
    """When the losses of a spell reach their limit.

    Where nobody is left but those who come back and are lost at once, the day is walked through.
    """
    limited = np.isfinite(state.spell_losses) & (state.strength > 0)
    if not (terms.counted and limited.any()):
        return np.full(limited.size, np.inf)
    missing = np.where(limited, np.maximum(state.spell_losses - state.lost, 0.0), 0.0)
    clock = _clock_for(terms, state, state.time + 1.0, missing)
    when = terms.clock.when(state.shown + np.where(limited, clock, 0.0))
    return np.where(limited, when, np.inf)
