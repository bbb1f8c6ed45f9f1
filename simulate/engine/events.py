"""What happens to walking draws at moments of their own: arrivals, changes of spell, the end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulate.engine.course import Rotation
from simulate.engine.steps import (
    Step,
    clock_for,
    exposed_strength,
    intensity_of,
    looked_for,
)
from simulate.engine.walkers import ALMOST, State, Terms

Floats = npt.NDArray[np.float64]


def happens_to(terms: Terms, state: State, step: Step) -> npt.NDArray[np.bool_]:
    """To which draws something happens before a step is over."""
    if terms.counted and not terms.has_events:
        return np.zeros(state.time.size, dtype=np.bool_)
    busy = state.event <= step.upto
    if terms.course.rotation is not None:
        busy |= state.lost + step.losses >= state.spell_losses * ALMOST
    return busy


def happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, at the moment they are due."""
    if len(terms.arrivals):
        due = terms.arrivals <= state.time
        gained = np.where(due, state.pending, 0.0).sum(axis=0)
        state.pending[due] = 0.0
        state.strength, state.sent = state.strength + gained, state.sent + gained
        state.target = looked_for(terms, state.rung, state.sent, terms.claim.size)
    if terms.course.rotation is not None and terms.counted:
        _turn(terms, state, terms.course.rotation)
    over = state.time >= terms.stop
    if over.any():
        state.turn[over] = 0.0
        state.spell_end[over] = state.spell_losses[over] = np.inf
    state.event = next_event(terms, state)


def next_event(terms: Terms, state: State) -> Floats:
    """The next arrival, beginning or end of a spell or of all losses.

    Where men return also the edges of pauses: the day they fall on is walked in parts, since losses
    do not fall evenly over it.
    """
    event = np.where(terms.stop > state.time, terms.stop, np.inf)
    edges = [] if terms.counted else [terms.claim.early, terms.claim.start]
    if terms.course.recovery is not None:
        edges += [edge for pause in terms.clock.pauses for edge in (pause.start, pause.end)]
    for edge in edges:
        event = np.minimum(event, np.where(edge > state.time, edge, np.inf))
    if len(terms.arrivals):
        later = np.where(terms.arrivals > state.time, terms.arrivals, np.inf)
        event = np.minimum(event, later.min(axis=0))
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
    begin_spell(terms, state, returning)


def begin_spell(terms: Terms, state: State, starting: npt.NDArray[np.bool_]) -> None:
    """Begin a spell on the line with the terms at hand, for the draws that start one."""
    limit = state.lost + state.loss_share * terms.claim.size
    state.on_line = state.on_line | starting
    state.spell_end = np.where(starting, state.time + state.line_days, state.spell_end)
    state.spell_losses = np.where(starting, limit, state.spell_losses)


def worn_out(terms: Terms, state: State) -> Floats:
    """When the losses of a spell reach their limit.

    Where nobody is left but those who come back and are lost at once, the day is walked through.
    """
    limited = np.isfinite(state.spell_losses) & (state.strength > 0)
    if not (terms.counted and limited.any()):
        return np.full(limited.size, np.inf)
    missing = np.where(limited, np.maximum(state.spell_losses - state.lost, 0.0), 0.0)
    exposed = exposed_strength(terms, state, state.time + 1.0)
    clock = clock_for(terms.attrition, exposed, missing, intensity_of(terms, state))
    when = terms.clock.when(state.shown + np.where(limited, clock, 0.0))
    return np.where(limited, when, np.inf)
