"""What happens to walking draws at moments of their own: arrivals, changes of spell, the end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulate.engine.walk.dynamics import NextSpells, Spell
from simulate.engine.walk.walkers import ALMOST, State, Terms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_TIE = 1e-7
"""Share of a strength by which the limit of a spell must differ to count as another number."""


def happen(terms: Terms, state: State) -> None:
    """Arrivals, changes of spell, and the end of all losses, at the moment they are due."""
    due = state.time >= state.event
    if terms.following is not None:
        worn = state.lost >= state.spell_losses * ALMOST
        due |= worn
    i = np.flatnonzero(due)
    if not i.size:
        return
    time = state.time[i]
    if len(terms.arrivals):
        _arrive(terms, state, i, terms.arrivals[:, i] <= time)
    if terms.following is not None and terms.claim is None:
        over = worn[i] | (time >= state.spell_end[i])
        _turn(terms, state, terms.following, i[over])
    over = i[time >= terms.stop[i]]
    if over.size:
        state.turn[over] = 0.0
        state.spell_end[over] = state.spell_losses[over] = np.inf
    state.event[i] = next_event(terms, state, i)


def next_event(terms: Terms, state: State, i: Ints) -> Floats:
    """The next arrival, beginning or end of a spell or of all losses, for the draws `i`.

    Where men return also the edges of pauses, between which losses fall evenly.
    """
    time, stop = state.time[i], terms.stop[i]
    event = np.minimum(state.spell_end[i], np.where(stop > time, stop, np.inf))
    edges = [] if terms.claim is None else [terms.claim.early, terms.claim.start]
    if terms.recovery is not None:
        edges += [edge for pause in terms.clock.pauses for edge in (pause.start, pause.end)]
    for edge in (*(edge[i] for edge in edges), *terms.arrivals[:, i]):
        event = np.minimum(event, np.where(edge > time, edge, np.inf))
    return event


def _arrive(terms: Terms, state: State, i: Ints, due: Bools) -> None:
    arriving = np.where(due, state.pending[:, i], 0.0).sum(axis=0)
    i, gained = i[arriving > 0], arriving[arriving > 0]
    state.pending[:, i] = np.where(terms.arrivals[:, i] <= state.time[i], 0.0, state.pending[:, i])
    state.strength[i] += gained
    state.sent[i] += gained
    state.base[i], state.spent[i] = state.strength[i], 0.0
    whole = terms.shared(state.sent)[i]
    state.target[i] = terms.target(state.next_threshold[i], whole)


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
    limit, present = spell.loss_share * terms.size[i], state.strength[i]
    # A spell that costs all who are left ends with the last of them, not a moment before.
    limit = np.where(np.abs(limit - present) < _TIE * present, (1.0 + 2.0 * _TIE) * limit, limit)
    state.spell_losses[i] = state.lost[i] + limit
    state.rest_days[i], state.rest_intensity[i] = spell.rest_days, spell.rest_intensity
