"""One step of a walk: what is lost, who returns, which thresholds are crossed on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import Attrition
from simulate.engine.grid import ROUNDING
from simulate.engine.recovery import Passing
from simulate.engine.walkers import ALMOST, State, Terms, taken

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Step(NamedTuple):
    """A step to `upto`: what the clock shows then, its losses, and what it does to the wounded.

    At a constant rate the losses may be more than there are.
    """

    upto: Floats
    shown: Floats
    losses: Floats
    passing: Passing | None


def next_step(terms: Terms, state: State, upto: Floats, passing: Passing | None) -> Step:
    """The step to a moment before which nothing else happens."""
    if terms.claim is not None:
        claimed = terms.claim.losses_at(np.minimum(upto, terms.stop))
        return Step(upto, claimed, claimed - state.shown, passing)
    shown = terms.clock.at(upto)
    worth = shown - state.shown
    worth *= intensity_of(terms, state)
    losses = terms.attrition.losses(exposed_strength(terms, state, upto), worth)
    return Step(upto, shown, losses, passing)


def take(terms: Terms, state: State, step: Step) -> None:
    """Take the losses of a step off, let men return, note the thresholds crossed."""
    losses, passing = step.losses, step.passing
    strength = state.strength - losses
    lost = state.lost + losses
    if passing is not None:
        state.waiting = passing.move(state.waiting)
        waiting = _total(state.waiting)
        back = state.recovering - waiting
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
        state.recovering = waiting + passing.held * losses
        if not terms.attrition.is_constant:
            days = step.upto - state.time
            felt = days > ROUNDING  # in less the change of a sum is its rounding alone
            state.coming = np.where(felt, back / np.where(felt, days, 1.0), state.coming)
    state.time, state.shown, state.strength, state.lost = step.upto, step.shown, strength, lost


def _total(waiting: Floats) -> Floats:
    """Sum over the few stages; faster than a reduction along a short axis."""
    total: Floats = waiting[0].copy()
    for stage in waiting[1:]:
        total += stage
    return total


def _cross(terms: Terms, state: State, step: Step, strength: Floats, lost: Floats) -> None:
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
        rung, sent, size = state.rung[hit], state.sent[hit], terms.size[hit]
        state.crossed[rung, hit] = when
        state.rung[hit] = rung + 1
        state.target[hit] = target = looked_for(terms, rung + 1, sent, size)
        hit = hit[value[hit] <= target if terms.by_strength else value[hit] >= target]


def _crossing(terms: Terms, state: State, step: Step, strength: Floats, hit: Ints) -> Floats:
    """When some draws reach their next threshold at the pace of a step, even if after its end."""
    begun, upto = state.time[hit], step.upto[hit]
    target = terms.target(state.rung[hit], state.sent[hit], terms.size[hit])
    if terms.by_strength:
        missing, change = state.strength[hit] - target, state.strength[hit] - strength[hit]
    else:
        missing, change = target - state.lost[hit], step.losses[hit]
    if terms.counted and not (terms.by_strength and terms.recovery is not None):
        exposed = exposed_strength(terms, state, step.upto)[hit]
        intensity = np.broadcast_to(intensity_of(terms, state), strength.shape)[hit]
        losses = np.maximum(missing, 0.0)
        clock = clock_for(taken(terms.attrition, hit), exposed, losses, intensity)
        when = taken(terms.clock, hit).when(state.shown[hit] + clock)
    else:
        # The claimed losses fall evenly, and those who return nearly do.
        when = begun + missing / np.where(change > 0, change, 1.0) * (upto - begun)
    if terms.claim is not None:  # of a share too small for a float all is lost from the outset
        begun = np.maximum(begun, terms.claim.early[hit])
    return np.maximum(when, begun)


def looked_for(terms: Terms, rung: Ints, sent: Floats, size: Floats) -> Floats:
    """Where the next threshold is looked for."""
    target = terms.target(rung, sent, size)
    return target if terms.by_strength else target * ALMOST


def clock_for(
    attrition: Attrition, strength: Floats, losses: Floats, intensity: Floats | float
) -> Floats:
    """What the clock advances while there are these losses; inf where it takes for ever."""
    with np.errstate(divide="ignore", invalid="ignore"):
        clock = attrition.clock_for(strength, losses) / intensity
    return np.where(losses > 0, np.where(np.isnan(clock), np.inf, clock), 0.0)


def exposed_strength(terms: Terms, state: State, upto: Floats) -> Floats:
    """The strength that suffers the losses of a step: half of those who return have come."""
    if terms.recovery is None or terms.attrition.is_constant:
        return state.strength
    return state.strength + 0.5 * state.coming * (upto - state.time)


def intensity_of(terms: Terms, state: State) -> Floats | float:
    """Factor on the clock: drift and rotation."""
    drifts = terms.drift is not None
    if terms.turns:
        return state.turn * state.pace if drifts else state.turn
    return state.pace if drifts else 1.0
