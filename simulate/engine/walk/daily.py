"""First passage by days, for what has no closed form: men who return, drift, rotation.

All draws walk together, a day at a time counted from their day of the count. Within a day losses
follow in closed form and those who recover pass through their stages; a draw to which something
happens during the day, an arrival or the end of a spell, walks that day in parts. Nothing is kept
but what the next day needs, and a draw that is done drops out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import (
    NOBODY,
    Attrition,
    Claim,
    Counting,
    Goal,
    on_the_way,
    sorted_arrivals,
)
from simulate.engine.clock import Clock
from simulate.engine.first_passage import Passage
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.dynamics import DAYS, Dynamics, Spell
from simulate.engine.walk.events import begin_spell, happen, happens_to, next_event, spell_exhausted
from simulate.engine.walk.steps import next_step, search_target, take
from simulate.engine.walk.walkers import Record, State, Terms, select

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INSTANT = 4.0
"""Steps of the float time that are no time at all."""

_MANY = 1e6
"""Times a force that no losses use up."""

_WORTH_DROPPING = 8
"""One part in this many must be done before dropping them costs less than walking on."""


def daily_walk(
    claim: Claim,
    clock: Clock,
    exponent: Floats,
    arrivals: Sequence[tuple[Floats, Floats]],
    thresholds: Sequence[float],
    *,
    counting: Counting,
    dynamics: Dynamics,
    until: Floats,
    record: Record | None = None,
) -> Passage:
    """First passage where men return, the rate drifts or units rotate.

    Parameters
    ----------
    claim, clock, exponent, arrivals, thresholds, counting
        As in `bent_line`, with which it agrees where `dynamics` is empty.
    dynamics : Dynamics
    until : ndarray, shape (n,)
        When a draw is given up: the end of the horizon, or an event that stops the losses.
    record : Record, optional
        Is shown every step of all draws from time 0 on, also of those that are done. Losses then
        stop at `until`.

    Returns
    -------
    Passage
        Times after `until` are inf.
    """
    n = claim.count.size
    rate = claim.rate
    times, sizes = sorted_arrivals(arrivals, claim.early, n)
    goal = Goal.of(claim, thresholds, counting)
    crossed, sent = on_the_way(claim, times, sizes, goal)
    over = (claim.count > sent) & (rate > 0)
    if dynamics.recovery is not None and goal.whole is not None:
        crossed[:] = np.inf  # the claimed losses alone do not tell
    attrition, stop = Attrition(rate, claim.size, exponent), None if record is None else until
    terms = _terms(claim, clock, attrition, goal, arrivals=times, dynamics=dynamics, stop=stop)
    before = _days_before(claim, dynamics, record)
    state = _at_first(terms, claim.size, sizes, crossed, claim.as_of - before)
    found = np.full_like(crossed, np.inf)
    if record is None:
        terms, state = _kept(terms, state, rate > 0)
    for day in range(-before, 0):
        _walk_a_day(terms, state, day, record)
    first = None if dynamics.rotation is None else select(dynamics.rotation.first, terms.number)
    terms = _count(terms, select(claim, terms.number), state, sent[terms.number], first)
    day = 0
    while state.time.size:
        _walk_some_days(terms, state, day, record)
        day += DAYS
        done = (state.time >= until[terms.number]) | (state.next_threshold == len(thresholds))
        if record is not None:
            done &= state.time >= record.last
        if done.all() or np.count_nonzero(done) > done.size // _WORTH_DROPPING:
            found[:, terms.number[done]] = state.crossed[:, done]
            terms, state = _kept(terms, state, ~done)
    found = np.maximum(found, claim.since)
    found[(found > until) | (rate <= 0)] = np.inf
    return Passage(found, rate, found <= claim.as_of + ROUNDING, over)


def worth_until(claim: Claim, clock: Clock, dynamics: Dynamics, until: Floats) -> Floats:
    """What the clock advances from the count to `until` (n,) at each draw's own intensity.

    Men are many enough, and the strength does not matter.
    """
    n = claim.count.size
    claim = replace(claim, size=_MANY * (claim.size + claim.count))
    none = np.empty((0, n))
    attrition, goal = Attrition(claim.rate, claim.size, np.zeros(n)), Goal(none, None)
    terms = _terms(claim, clock, attrition, goal, arrivals=none, dynamics=dynamics, stop=until)
    state = _at_first(terms, claim.size, none, none, claim.as_of)
    first = None if dynamics.rotation is None else dynamics.rotation.first
    terms, day = _count(terms, claim, state, claim.size, first), 0
    while (state.time < until).any():
        _walk_some_days(terms, state, day, None)
        day += DAYS
    return np.where(until > claim.as_of, state.spent, 0.0)


def _terms(
    claim: Claim,
    clock: Clock,
    attrition: Attrition,
    goal: Goal,
    *,
    arrivals: Floats,
    dynamics: Dynamics,
    stop: Floats | None,
) -> Terms:
    has_spells = dynamics.rotation is not None or stop is not None
    paused = dynamics.recovery is not None and bool(clock.pauses)
    return Terms(
        number=np.arange(claim.count.size),
        claim=claim,
        size=claim.size if claim.stock is None else claim.stock.size,
        whole=goal.whole,
        clock=clock,
        attrition=attrition,
        arrivals=arrivals,
        recovery=dynamics.recovery,
        drift=dynamics.drift,
        following=None if dynamics.rotation is None else dynamics.rotation.following,
        stop=np.full(claim.count.size, np.inf) if stop is None else stop,
        ladder=tuple(goal.thresholds[:, 0].tolist()),
        has_spells=has_spells,
        has_events=has_spells or bool(len(arrivals)) or paused,
    )


def _kept(terms: Terms, state: State, which: npt.NDArray[np.bool_]) -> tuple[Terms, State]:
    index = np.flatnonzero(which)
    return select(terms, index), select(state, index)


def _days_before(claim: Claim, dynamics: Dynamics, record: Record | None) -> int:
    """Days to be walked before the count: from the first losses on where those lost return."""
    if record is None and dynamics.recovery is None:
        return 0
    first = claim.early if record is None else 0.0
    return int(np.floor(np.max(claim.as_of - first, initial=0.0))) + 1


def _at_first(terms: Terms, size: Floats, sizes: Floats, crossed: Floats, time: Floats) -> State:
    """The draws before anything was lost."""
    n = terms.number.size
    stages = terms.recovery.stages if terms.recovery is not None else 0

    def filled(value: float) -> Floats:
        return np.full(n, value)

    # By casualties the claimed losses alone have told when thresholds were reached.
    next_threshold = np.full(n, 0 if terms.whole is not None and stages else len(terms.ladder))
    state = State(
        time=time,
        shown=filled(0.0),
        strength=size.copy(),
        lost=filled(0.0),
        sent=size.copy(),
        base=size.copy(),
        spent=filled(0.0),
        pending=sizes.copy(),
        waiting=np.zeros((stages, n)),
        recovering=filled(0.0),
        coming=filled(0.0),
        level=filled(0.0),
        pace=filled(1.0),
        turn=filled(1.0),
        spell=np.zeros(n, dtype=np.int64),
        rest_days=filled(0.0),
        rest_intensity=filled(0.0),
        on_line=np.ones(n, dtype=np.bool_),
        spell_end=filled(np.inf),
        spell_losses=filled(np.inf),
        event=filled(np.inf),
        next_threshold=next_threshold,
        target=search_target(terms, next_threshold, terms.shared(size)),
        crossed=crossed,
    )
    state.event = next_event(terms, state)
    return state


def _count(terms: Terms, claim: Claim, state: State, sent: Floats, first: Spell | None) -> Terms:
    """The day of the count: what was counted is lost, and the first spell begins."""
    state.time, state.shown = claim.as_of.copy(), np.zeros_like(sent)
    counted = (claim.rate > 0) & (terms.stop >= claim.as_of)
    state.lost, state.sent = np.where(counted, claim.count, state.lost), sent
    if terms.recovery is None:
        state.strength = np.maximum(sent - state.lost, 0.0)
    state.pending = np.where(terms.arrivals <= claim.as_of, 0.0, state.pending)
    state.next_threshold = np.isfinite(state.crossed).sum(axis=0)
    state.target = search_target(terms, state.next_threshold, terms.shared(sent))
    state.base, state.spent = state.strength.copy(), np.zeros_like(sent)
    if first is not None:
        begin_spell(terms, state, np.arange(sent.size), first)
    state.event = next_event(terms, state)
    at_count = np.maximum(state.strength, NOBODY * claim.size)
    return replace(terms, attrition=replace(terms.attrition, at_count=at_count), claim=None)


def _walk_some_days(terms: Terms, state: State, day: int, record: Record | None) -> None:
    """Walk `DAYS` days after the count, the first of them number `day`."""
    drift = terms.drift
    paces = None
    if drift is not None:
        levels = drift.levels(state.level, day, terms.number)
        state.level = levels[-1].copy()
        # One long call for all days: threads wait less for each other than in many short ones.
        paces = drift.paces(levels)
    for i in range(DAYS):
        if paces is not None:
            state.pace = paces[i]
        _walk_a_day(terms, state, day + i, record)


def _walk_a_day(terms: Terms, state: State, day: int, record: Record | None) -> None:
    """Walk to the end of a day, numbered from the day of the count."""
    tick = terms.clock.zero + (day + 1)
    step = next_step(terms, state, tick, terms.whole_day)
    is_busy = happens_to(terms, state, step)
    busy = np.flatnonzero(is_busy)
    part = select(state, busy) if busy.size else None
    before = state.moment
    take(terms, state, step)
    if record is not None:
        record.note(terms.number, before, state.moment, ~is_busy)
    if part is not None:
        _walk_in_parts(select(terms, busy), part, tick[busy], record)
        state.put(busy, part)


def _walk_in_parts(terms: Terms, state: State, tick: Floats, record: Record | None) -> None:
    """Walk to the end of a day from one event to the next."""
    recovery = terms.recovery
    while True:
        worn = spell_exhausted(terms, state)
        # Time is too coarse for what is missing: without this the walk would stand still.
        at_once = worn <= state.time + _INSTANT * np.spacing(np.abs(state.time))
        state.spell_losses = np.where(at_once, state.lost, state.spell_losses)
        upto = np.minimum(tick, np.minimum(state.event, worn))
        upto = np.maximum(upto, state.time)
        passing = None if recovery is None else recovery.passing(upto - state.time)
        before = state.moment
        take(terms, state, next_step(terms, state, upto, passing))
        if record is not None:
            record.note(terms.number, before, state.moment, np.ones_like(state.on_line))
        happen(terms, state)
        left = np.flatnonzero(state.time < tick)
        if not left.size:
            return
        if left.size < tick.size:
            # A draw that has arrived must not depend on how long the others take.
            part = select(state, left)
            _walk_in_parts(select(terms, left), part, tick[left], record)
            state.put(left, part)
            return
