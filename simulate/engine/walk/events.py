"""What happens to walking draws at moments of their own: arrivals, changes of spell, the end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulate.engine.walk.dynamics import NextSpells, Spell
from simulate.engine.walk.steps import (
    Step,
    search_target,
    when_lost,
)
from simulate.engine.walk.walkers import ALMOST, State, Terms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_TIE = 1e-7
"""Share of a strength by which the limit of a spell must differ from it to be told from it."""


def happens_to(terms: Terms, state: State, step: Step) -> Bools:
    """To which draws something happens before a step is over."""
    if terms.counted and not terms.has_events:
        return np.zeros(state.time.size, dtype=np.bool_)
    busy = state.event <= step.upto
    if terms.following is not None:
        busy |= state.lost + step.losses >= state.spell_losses * ALMOST
    return busy


def happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, at the moment they are due."""
    worn = state.lost >= state.spell_losses * ALMOST
    if not (worn | (state.event <= state.time)).any():
        return  # mostly so at the end of a day, and nothing below would change
    arriving = np.where(terms.arrivals <= state.time, state.pending, 0.0)
    if arriving.any():
        state.pending = state.pending - arriving
        gained = arriving.sum(axis=0)
        state.strength, state.sent = state.strength + gained, state.sent + gained
        state.base = np.where(gained > 0, state.strength, state.base)
        state.spent = np.where(gained > 0, 0.0, state.spent)
        state.target = search_target(terms, state.next_threshold, terms.shared(state.sent))
    if terms.following is not None and terms.counted:
        _turn(terms, state, terms.following, worn | (state.time >= state.spell_end))
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
    edges = [] if terms.claim is None else [terms.claim.early, terms.claim.start]
    if terms.recovery is not None:
        edges += [edge for pause in terms.clock.pauses for edge in (pause.start, pause.end)]
    for edge in edges:
        event = np.minimum(event, np.where(edge > state.time, edge, np.inf))
    if len(terms.arrivals):
        later = np.where(terms.arrivals > state.time, terms.arrivals, np.inf)
        event = np.minimum(event, later.min(axis=0))
    return np.minimum(event, state.spell_end)


def _turn(terms: Terms, state: State, following: NextSpells, over: Bools) -> None:
    """From the line to rest, and from rest to a new spell, where a spell or a rest is over."""
    resting, i = np.flatnonzero(over & state.on_line), np.flatnonzero(over & ~state.on_line)
    state.on_line[resting] = False
    state.turn[resting] = state.rest_intensity[resting]
    state.spell_end[resting] = state.time[resting] + state.rest_days[resting]
    state.spell_losses[resting] = np.inf
    if not i.size:
        return
    state.spell[i] += 1
    spell = following(state.spell[i], terms.number[i])
    state.turn[i] = spell.intensity
    begin_spell(terms, state, i, spell)


def begin_spell(terms: Terms, state: State, i: Ints, spell: Spell) -> None:
    """Begin a spell on the line, for the draws `i`."""
    state.on_line[i] = True
    state.spell_end[i] = state.time[i] + spell.line_days
    limit, present = spell.loss_share * terms.size[i], state.strength[i]
    # A spell that costs all who are left ends with the last of them, not a moment before.
    limit = np.where(np.abs(limit - present) < _TIE * present, (1.0 + 2.0 * _TIE) * limit, limit)
    state.spell_losses[i] = state.lost[i] + limit
    state.rest_days[i], state.rest_intensity[i] = spell.rest_days, spell.rest_intensity


def spell_exhausted(terms: Terms, state: State) -> Floats:
    """When the losses of a spell reach their limit; inf where fewer are left than that takes.

    Where those who come back are lost at once, their losses are looked at by the day: else the walk
    would go from one handful to the next.
    """
    missing = np.maximum(state.spell_losses - state.lost, 0.0)
    limited = (missing <= state.strength) & (state.strength > 0)
    if not (terms.counted and limited.any()):
        return np.full(limited.size, np.inf)
    missing = np.where(limited, missing, 0.0)
    return np.where(limited, when_lost(terms, state, state.time + 1.0, missing), np.inf)
