"""First passage from event to event, for what has no closed form from the count on.

Each draw goes from one event of its own to the next: arrivals and outflows, the ends of spells and
rests, the edges of inflows, months and pauses, and, where the rate drifts or follows a strength
that depends on what comes, the end of every day. Between two events the equation of `broken_line`
has a closed form and those who recover pass through their stages. Only at a rate that follows the
strength is an inflow split, half before and half after a day's losses, and the error extrapolated:
strength is then right to a hundred-thousandth of the stock, but for the last of it. Only
what the next step needs is kept, and finished draws drop out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from msgspec.structs import replace

from simulate.engine.bent_line import NOBODY, Attrition, Claim, Goal, Setting, on_the_way
from simulate.engine.broken_line import refilled
from simulate.engine.clock import LONGEST, Clock, Pause
from simulate.engine.draws import select
from simulate.engine.first_passage import Passage
from simulate.engine.walk import steps
from simulate.engine.walk.dynamics import DAYS, Dynamics, by_days, paces
from simulate.engine.walk.exact_record import ExactRecord
from simulate.engine.walk.pace import Pace, stretch_of
from simulate.engine.walk.walkers import Record, Recording, State, Terms, worth_dropping
from simulate.scenario.arrays import Floats
from simulate.scenario.stocks import Amount

_NEVER = 1e9  # days after which every walk ends


def walk_by_events(
    setting: Setting,
    dynamics: Dynamics,
    *,
    until: Floats,
    record: Recording | None = None,
    goes_on: bool = False,
) -> Passage:
    """First passage where men return, the rate drifts, units rotate or flows meet other changes.

    Parameters
    ----------
    setting : Setting
        A season of the clock is taken from the claim.
    dynamics : Dynamics
        Where it is empty, the result is as of `bent_line`.
    until : ndarray, shape (n,)
        When a draw ends: at the horizon, or at an event that stops the losses.
    record : Recording, optional
        Records every step of all draws from time 0 on, even after their last threshold. Losses
        then stop at `until`.
    goes_on : bool
        Whether to record what would be lost beyond the whole force as well.

    Returns
    -------
    Passage
        Times after `until` are inf.
    """
    claim, goal, inflows = setting.claim, setting.goal, dynamics.inflows
    n, begin = claim.count.size, np.minimum(claim.early, claim.since)
    times, sizes = setting.arrivals_since(begin)
    crossed, sent = on_the_way(claim, times, np.maximum(sizes, 0.0), goal)
    terms = _terms(setting, goal, times=times, dynamics=dynamics)
    end = np.minimum(until, _NEVER)
    # Strength on the claimed path also depends on who returned, came in or left.
    walked = [not by_losses or dynamics.flows for by_losses in terms.by_losses]
    if dynamics.walks:
        crossed[walked] = np.inf
    if record is None:
        terms = replace(terms, end=end + 1.0)  # a threshold reached at the end is not missed
    else:
        terms = replace(terms, end=np.maximum(end, record.last), stop=until, record=record)
    earlier = dynamics.walks
    if record is not None:  # the count says nothing of losses that ended before
        earlier |= bool((np.minimum(until, record.first) <= claim.as_of).any())
    first = begin if record is None else np.minimum(begin, 0.0)
    days = np.floor(np.max(claim.as_of - first, initial=0.0)) + 1.0
    state = _at_first(terms, claim.size, sizes, crossed, claim.as_of - days)
    state.beyond = np.zeros((int(goes_on), n))
    for k, by_walk in enumerate(walked):
        if not (by_walk and dynamics.walks):
            state.target[k] = terms.out_of_reach(k)
    found = np.full_like(crossed, np.inf)
    counted, some = claim, np.flatnonzero(claim.rate > 0)
    if record is None and some.size < n:
        terms, counted = select((terms, claim), some)
        state.keep(some)
    if earlier:
        claimed = _claimed(terms, counted)
        state.event = steps.next_event(claimed, state, np.arange(state.time.size))
        _walk_until(claimed, state, counted.as_of)
    terms = _count(terms, counted, state, sent[terms.number], dynamics)
    filled = None
    if inflows:
        filled, last = np.zeros(crossed.shape, dtype=np.bool_), until[terms.number]
        loss = _lasting_loss(terms, state.sent, last)
        filled[:, terms.number] = refilled(terms.goal, terms.inflows, last, loss)
    _walk_on(terms, state, end, found)
    found[np.maximum(found, claim.since) > until] = np.inf
    return setting.passage(found, inflows)._replace(refilled=filled)


def _walk_on(terms: Terms, state: State, end: Floats, found: Floats) -> None:
    """Walk until `end`, or until all thresholds are `found`, and as long as is recorded."""
    day = 0
    while state.time.size:
        _walk_some(terms, state, day)
        day += DAYS
        done = (state.crossed < np.inf).all(axis=0)
        done |= state.time >= end[terms.number]
        if terms.record is not None:
            done &= ~terms.record.wants(state.time, state.crossed)
        i = np.flatnonzero(done)  # far faster as an index than the mask
        if worth_dropping(done):
            found[:, terms.number[i]] = select(state.crossed, i)
            left = np.flatnonzero(~done)
            terms = select(terms, left)
            state.keep(left)
        else:  # nothing happens any more to those still carried
            state.turn[i] = 0.0
            state.spell_end[i] = state.spell_losses[i] = state.event[i] = np.inf


def _lasting_loss(terms: Terms, sent: Floats, horizon: Floats) -> Callable[[float], Floats]:
    """Losses a day at a threshold, by which `refilled` judges the inflows.

    At the rate of the horizon, without season, pauses, drift and rests; if its trend still rises,
    at the greatest. A rate that follows the strength is that at the threshold: shares of all sent
    rise for ever.
    """
    clock, goal, attrition = replace(terms.clock, pauses=()), terms.goal, terms.attrition
    highest = np.inf if clock.until is None else np.maximum(clock.until, horizon)
    pace, _ = clock.pace(np.where(clock.growth > 0, highest, horizon))

    def loss(q: float) -> Floats:
        of_stock = isinstance(q, Amount) or goal.whole is not None
        level = np.maximum(goal.left_at(q, sent), 0.0) if of_stock else np.inf
        with np.errstate(invalid="ignore", over="ignore"):
            followed: Floats = (level / attrition.at_count) ** attrition.exponent
            return attrition.rate * pace * followed

    return loss


def worth_until(setting: Setting, dynamics: Dynamics, until: Floats) -> Floats:
    """What the clock advances from the count to `until` (n,) at each draw's own intensity.

    The strength has no influence and no lower limit.
    """
    claim = setting.claim
    none, setting = np.empty((0, until.size)), setting._replace(exponent=np.zeros(until.size))
    dynamics = replace(dynamics, recovery=None, inflows=(), flows=False)
    terms = _terms(setting, Goal((), None), times=none, dynamics=dynamics)
    terms = replace(terms, end=until, least=-LONGEST)
    state = _at_first(terms, claim.size, none, none, claim.as_of)
    terms, day = _count(terms, claim, state, claim.size, dynamics), 0
    while (state.time < until).any():
        _walk_some(terms, state, day)
        day += DAYS
    return np.where(until > claim.as_of, state.spent, 0.0)


def _terms(setting: Setting, goal: Goal, *, times: Floats, dynamics: Dynamics) -> Terms:
    claim, n = setting.claim, setting.claim.count.size
    return Terms(
        number=np.arange(n),
        size=claim.size if claim.stock is None else claim.stock.size,
        goal=goal,
        zero=claim.as_of,
        since=claim.since,
        clock=replace(setting.clock, season=None),
        season=claim.season,
        attrition=Attrition(claim.rate, claim.size, setting.exponent, claim.lowest),
        arrivals=times,
        inflows=list(dynamics.inflows),
        recovery=dynamics.recovery,
        drift=dynamics.drift,
        following=None if dynamics.rotation is None else dynamics.rotation.following,
        stop=np.broadcast_to(np.inf, n),
        end=np.broadcast_to(np.inf, n),
        floor=claim.lowest,
        least=0.0,
        edges=dynamics.recovery is not None or bool(dynamics.inflows),
        daily=dynamics.daily or dynamics.drift is not None,
        exact=dynamics.recovery is None and not dynamics.daily,
        recount=dynamics.recovery is not None and claim.stock is not None,
    )


def _claimed(terms: Terms, claim: Claim) -> Terms:
    """Terms up to the count: the losses of the claim, whatever the strength."""
    prelude = Pause(claim.early, claim.start, claim.early_intensity)
    none = np.zeros_like(claim.early)
    clock = Clock(claim.early, none + 1.0, none, [prelude])
    attrition = replace(terms.attrition, exponent=none)
    return replace(terms, clock=clock, attrition=attrition, drift=None, edges=True)


def _at_first(terms: Terms, size: Floats, sizes: Floats, crossed: Floats, time: Floats) -> State:
    """The draws before anything was lost."""
    n = terms.number.size
    stages = terms.recovery.stages if terms.recovery is not None else 0
    zeros = {name: np.zeros(n) for name in ("shown", "lost", "spent", "coming")}
    never = {name: np.full(n, np.inf) for name in ("spell_end", "spell_losses", "event")}
    return State(
        time=time,
        strength=size - terms.floor,
        sent=size.copy(),
        base=size - terms.floor,
        pending=sizes.copy(),
        waiting=np.zeros((stages, n)),
        level=np.zeros(n) if terms.drift is None else terms.drift.begin(n),
        paces=np.ones((1, n)),
        turn=np.ones(n),
        spell=np.zeros(n, dtype=np.int64),
        rest_days=np.zeros(n),
        rest_intensity=np.zeros(n),
        on_line=np.ones(n, dtype=np.bool_),
        target=terms.targets(size, crossed),
        crossed=crossed,
        beyond=np.zeros((0, n)),
        **zeros,
        **never,
    )


def _count(terms: Terms, claim: Claim, state: State, sent: Floats, dynamics: Dynamics) -> Terms:
    """The day of the count: what was counted is lost, and the first spell begins."""
    n = sent.size
    state.time, state.shown = claim.as_of.copy(), np.zeros(n)
    counted = (claim.rate > 0) & (terms.stop >= claim.as_of)
    if not dynamics.flows:
        state.lost, state.sent = np.where(counted, claim.count, state.lost), sent.copy()
        state.beyond[:, counted] = 0.0
    if not dynamics.walks:
        state.strength = np.maximum(sent - state.lost - terms.floor, 0.0)
    state.pending = np.where(terms.arrivals <= claim.as_of, 0.0, state.pending)
    state.target = terms.targets(state.sent, state.crossed)
    state.base, state.spent = state.strength.copy(), np.zeros(n)
    at_count = np.maximum(state.strength + terms.floor, NOBODY * claim.size)
    terms = replace(terms, attrition=replace(terms.attrition, at_count=at_count))
    if dynamics.rotation is not None:
        first = select(dynamics.rotation.first, terms.number)
        steps.begin_spell(terms, state, np.arange(n), first)
    state.event = steps.next_event(terms, state, np.arange(n))
    return terms


def _walk_some(terms: Terms, state: State, day: int) -> None:
    """Walk one step after the count, or with drift `DAYS` days from day number `day` on."""
    drift = terms.drift
    if drift is None:
        _step(terms, state, terms.end)
        return
    state.level, levels = by_days(drift, state.level, day, terms.number)
    # One long call for all days: threads wait less for each other than in many short ones.
    state.paces = paces(levels)
    _walk_until(terms, state, np.minimum(terms.zero + (day + DAYS), terms.end))


def _walk_until(terms: Terms, state: State, end: Floats) -> None:
    """Walk each draw to its own time."""
    part, of_part, index = state, terms, np.arange(end.size)
    while index.size:
        _step(of_part, part, end[index])
        there = part.time >= end[index]
        if there.any():
            if part is not state:
                done = np.flatnonzero(there)
                state.put(index[done], select(part, done))
            left = np.flatnonzero(~there)
            part, of_part, index = select(part, left), select(of_part, left), index[left]


def _step(terms: Terms, state: State, end: Floats) -> None:
    """Walk to the next event of each draw."""
    upto = np.minimum(state.event, end)
    if terms.daily:
        upto = np.minimum(upto, terms.zero + (terms.day(state.time) + 1.0))
    series = None if isinstance(terms.record, ExactRecord) else cast("Record | None", terms.record)
    awaited = None if series is None else series.next_after(state.time)
    if awaited is not None and not terms.daily:
        upto = np.minimum(upto, awaited)
    upto = np.maximum(upto, state.time)
    pace = Pace.of(terms, state)
    if pace.flow is not None:
        days, empty = pace.flow.lasts(upto - state.time)
        upto = np.where(days < upto - state.time, state.time + days, upto)
    step = pace.step(upto)
    if pace.flow is not None:
        # Exactly nothing is left, of which no rounding makes a little again.
        step.left[empty] = -(pace.flow.inflow * (upto - state.time))[empty]
    stretch, way = stretch_of(terms, state, pace, step), None
    if stretch is not None:
        way = stretch, steps.along(terms, state, pace, step, stretch)
    elif terms.following is not None:
        steps.worn_out(terms, state, pace, step)
    before = state.moment
    steps.take(terms, state, pace, step, way)
    if series is not None and awaited is not None:
        series.note(terms.number, before, state.moment, awaited)
    steps.happen(terms, state)
