"""First passages of a scenario that has to be walked by days, a part of a block at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simulate.engine.course import Course, Drift, NextSpells, Rotation, Spell
from simulate.engine.daily import daily_walk
from simulate.engine.first_passage import Passage
from simulate.engine.noise import Noise, later_uniforms
from simulate.engine.recovery import Recovery
from simulate.engine.shape import Shape, Values, setting
from simulate.scenario.distributions import Distribution

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WALKED_AT_ONCE = 2**14
"""Draws that walk together: few enough for a core's cache, enough to make a call worth while. Part
of `stream-1`."""

_SPELL = ("line_days", "at_loss_share", "rest_days", "rest_intensity", "return_intensity")
_LEFT_OUT = {"line_days": np.inf, "at_loss_share": np.inf, "rest_intensity": 0.0}


def daily_passage(
    values: Values,
    laws: Mapping[str, Distribution],
    shape: Shape,
    thresholds: Sequence[float],
    *,
    until: Floats,
    seed: int,
    place: tuple[int, int, int],
) -> Passage:
    """First passages of draws whose rate drifts, who return to duty or rotate.

    Parameters
    ----------
    values : mapping
        The inputs of n draws; a number where all agree.
    laws : mapping
        Distributions of the uncertain inputs, for what is drawn anew with each spell.
    shape : Shape
    thresholds : sequence of float
    until : ndarray, shape (n,)
        Times after which nothing is asked.
    seed : int
    place : tuple of int
        Replicate, shift and number of the first point of the block.
    """
    parts = []
    for first in range(0, until.size, WALKED_AT_ONCE):
        some = slice(first, first + WALKED_AT_ONCE)
        part = {
            name: value[some] if isinstance(value, np.ndarray) else value
            for name, value in values.items()
        }
        n = until[some].size
        noise = Noise(seed, (*place[:2], place[2] + first), n)
        claim, clock, exponent, arrivals = setting(part, shape, n)
        walk = daily_walk(
            claim,
            clock,
            exponent,
            arrivals,
            thresholds,
            counting=shape.counting,
            course=course(part, laws, shape, noise),
            until=until[some],
        )
        parts.append(walk)
    return Passage(
        time=np.concatenate([part.time for part in parts], axis=1),
        rate=np.concatenate([part.rate for part in parts]),
        passed=np.concatenate([part.passed for part in parts], axis=1),
        over=np.concatenate([part.over for part in parts]),
    )


def course(values: Values, laws: Mapping[str, Distribution], shape: Shape, noise: Noise) -> Course:
    """What of a scenario has no closed form."""
    recovery = drift = rotation = None
    if shape.stages:
        share = values["wounded.share"] * values["wounded.return_share"]
        recovery = Recovery(share, values["wounded.return_days"], shape.stages)
    if shape.drifts:
        sd, days = values["rate.drift.sd"], values["rate.drift.correlation_days"]
        drift = Drift.of(sd, days, noise.normals)
    if shape.rotates:
        first = {name: _spell_value(values, name, noise.n) for name in _SPELL}
        spell = Spell(*(first[name] for name in _SPELL))
        rotation = Rotation(spell, _later_spells(spell, laws, noise))
    return Course(recovery, drift, rotation)


def _spell_value(values: Values, name: str, n: int) -> Floats:
    value = values.get(f"rotation.{name}", _LEFT_OUT.get(name))
    return np.broadcast_to(np.asarray(value, dtype=np.float64), n)


def _later_spells(first: Spell, laws: Mapping[str, Distribution], noise: Noise) -> NextSpells:
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
