"""First passages of a scenario that has to be walked by days, a part of a block at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import leading_to
from simulate.engine.first_passage import Passage
from simulate.engine.shape import Draws, Shape, Values, setting
from simulate.engine.strength import Recorder
from simulate.engine.walk.daily import daily_walk, worth_until
from simulate.engine.walk.daily_noise import Noise, later_uniforms
from simulate.engine.walk.dynamics import Drift, Dynamics, NextSpells, Rotation, Spell
from simulate.engine.walk.recovery import Recovery
from simulate.engine.walk.walkers import Moment
from simulate.scenario.distributions import Distribution

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WALKED_AT_ONCE = 2**16
"""Draws that walk together. With fewer, threads wait for each other between many short calls."""

Laws = Mapping[str, Distribution]

_SPELL = ("line_days", "at_loss_share", "rest_days", "rest_intensity", "return_intensity")
_LEFT_OUT = {"line_days": np.inf, "at_loss_share": np.inf, "rest_intensity": 0.0}


def walk(
    draws: Draws,
    laws: Laws,
    shape: Shape,
    thresholds: Sequence[float],
    *,
    days: float,
    recorders: Sequence[Recorder] = (),
) -> Passage:
    """First passages of draws whose rate drifts, who return to duty or rotate.

    Parameters
    ----------
    draws : Draws
    laws : mapping
        Distributions of the uncertain inputs, for what is drawn anew with each spell.
    shape : Shape
    thresholds : sequence of float
    days : float
        Length of the horizon, after which no first passage is looked for.
    recorders : sequence of Recorder, optional
        Take down strength and losses, each those of an equal share of the draws. From its end on,
        if it has one, a draw loses nothing more; men still return and arrive.
    """
    walks = []
    for rows, part in draws.parts(WALKED_AT_ONCE):
        record = Interpolated(recorders, rows.start, draws.n) if recorders else None
        claim, clock, exponent, arrivals = setting(part.values, shape, part.n)
        what = dynamics(part, laws, shape)
        if claim.stock is not None and (claim.stock.day > claim.as_of).any():
            # Walked twice: what comes down to the stock is known once its day is reached.
            worth = worth_until(claim, clock, what, claim.stock.day)
            claim = leading_to(claim, claim.stock, worth, exponent)
        end = np.inf if part.end_time is None else part.end_time
        walked = daily_walk(
            claim,
            clock,
            exponent,
            arrivals,
            thresholds,
            counting=shape.counting,
            dynamics=what,
            until=np.broadcast_to(np.minimum(end, days), part.n),
            record=record,
        )
        walks.append(walked)
    return Passage(
        time=np.concatenate([walked.time for walked in walks], axis=1),
        rate=np.concatenate([walked.rate for walked in walks]),
        passed=np.concatenate([walked.passed for walked in walks], axis=1),
        over=np.concatenate([walked.over for walked in walks]),
    )


class Interpolated:
    """A record of a walk that passes on what it meets at the moments of recorders.

    Each takes an equal share of all `n` draws; those that walk begin with number `first`.
    """

    def __init__(self, recorders: Sequence[Recorder], first: int, n: int) -> None:
        self._recorders = recorders
        times = recorders[0].times
        self.last = times[-1]
        self._times = np.asarray(times)
        # Two places for days before the first and after the last moment.
        self._moments = np.full(int(self.last) + 3, -1)
        self._moments[np.asarray(times, dtype=np.int64)] = range(len(times))
        self._upto = np.arange(1, len(recorders) + 1) * (n // len(recorders)) - first

    def note(self, number: Ints, before: Moment, after: Moment, which: Bools) -> None:
        """Pass on those of the draws that go past a moment between the ends of a step."""
        if not self._any_between(before.time, after.time):
            return
        days = np.clip(np.floor(after.time), -1.0, self.last + 1.0).astype(np.int64)
        past = (self._moments[days] >= 0) & (days > before.time) & which
        if not past.any():
            return
        index = np.flatnonzero(past)
        days, begun = days[index], before.time[index]
        share = (days - begun) / (after.time[index] - begun)
        present, lost = (
            np.maximum(one[index] + share * (other[index] - one[index]), 0.0)
            for one, other in ((before.strength, after.strength), (before.lost, after.lost))
        )
        moments, begin = self._moments[days], 0
        for recorder, end in zip(
            self._recorders, np.searchsorted(number[index], self._upto), strict=True
        ):
            if end > begin:
                rows = slice(begin, end)
                recorder.note(moments[rows], present[rows], lost[rows])
            begin = end

    def _any_between(self, begun: Floats, ended: Floats) -> bool:
        """Whether there is a moment from the first beginning of some steps to their last end."""
        if not begun.size:
            return False
        first, last = np.searchsorted(self._times, (begun.min(), ended.max()), "right")
        return bool(last > first)


def dynamics(draws: Draws, laws: Laws, shape: Shape) -> Dynamics:
    """What of a scenario has no closed form."""
    values, n = draws.values, draws.n
    noise = Noise(draws.seed, draws.segments)
    recovery = drift = rotation = None
    if shape.stages:
        share = values["wounded.share"] * values["wounded.return_share"]
        recovery = Recovery(share, values["wounded.return_days"], shape.stages)
    if shape.drifts:
        sd, days = values["rate.drift.sd"], values["rate.drift.correlation_days"]
        drift = Drift.of(sd, days, noise.normals)
    if shape.rotates:
        first = {name: _spell_value(values, name, n) for name in _SPELL}
        spell = Spell(*(first[name] for name in _SPELL))
        rotation = Rotation(spell, _later_spells(spell, laws, noise))
    return Dynamics(recovery, drift, rotation)


def _spell_value(values: Values, name: str, n: int) -> Floats:
    value = values.get(f"rotation.{name}", _LEFT_OUT.get(name))
    return np.broadcast_to(np.asarray(value, dtype=np.float64), n)


def _later_spells(first: Spell, laws: Laws, noise: Noise) -> NextSpells:
    """Values drawn anew with each spell; the column of the intensity serves the first return."""
    keys = {name: noise.keys(f"rotation.{name}") for name in _SPELL if f"rotation.{name}" in laws}

    def following(spell: Ints, number: Ints) -> Spell:
        values = []
        for name, of_first in zip(_SPELL, first, strict=True):
            value = of_first[number]
            if name in keys:
                law = laws[f"rotation.{name}"]
                drawn = law.ppf(later_uniforms(keys[name], number, spell))
                value = np.where(spell == 1, value, drawn) if name == _SPELL[-1] else drawn
            values.append(value)
        return Spell(*values)

    return following
