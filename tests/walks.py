"""Draws of the slow twin as the two roads beyond the straight line take them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from simulate.engine.bent_line import Claim, Setting, bent_line
from simulate.engine.clock import Clock, Pause, Step
from simulate.engine.first_passage import Passage
from simulate.engine.time_change import drifting_line
from simulate.engine.walk.by_events import walk_by_events
from simulate.engine.walk.dynamics import (
    DAYS,
    Dynamics,
    NextSpells,
    OrnsteinUhlenbeck,
    Recovery,
    Rotation,
    Spell,
)
from simulate.engine.walk.walkers import Moment, Record
from simulate.scenario.arrays import Bools, Floats, Ints
from tests import slow_twin as twin

Counting: TypeAlias = Literal["casualties", "strength"]
COUNTINGS: tuple[Counting, ...] = ("casualties", "strength")


def column(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def setting(claims: Sequence[twin.Claim]) -> Setting:
    """All claims as the draws of one call; they have equally many pauses and arrivals."""
    preludes = [claim.prelude or twin.Prelude(claim.start, 0.0) for claim in claims]
    as_of = column(claim.as_of for claim in claims)
    pauses = zip(*(claim.pauses for claim in claims), strict=True)
    arrivals = zip(*(claim.reinforcements for claim in claims), strict=True)
    return Setting(
        claim=Claim(
            count=column(claim.count for claim in claims),
            size=column(claim.size for claim in claims),
            start=column(claim.start for claim in claims),
            as_of=as_of,
            early=column(prelude.start for prelude in preludes),
            early_intensity=column(prelude.intensity for prelude in preludes),
        ),
        clock=Clock(
            zero=as_of,
            multiplier=column(claim.multiplier for claim in claims),
            growth=column(claim.trend_per_week / 7 for claim in claims),
            pauses=[
                Pause(
                    column(pause.start for pause in each),
                    column(pause.end for pause in each),
                    column(pause.intensity for pause in each),
                )
                for each in pauses
            ],
            steps=[
                Step(column(day for day, _ in each), column(factor for _, factor in each))
                for each in zip(*(claim.steps for claim in claims), strict=True)
            ],
        ),
        exponent=column(claim.strength_exponent for claim in claims),
        arrivals=[(column(r.day for r in each), column(r.size for r in each)) for each in arrivals],
        thresholds=claims[0].thresholds,
        counting=claims[0].counting,
    )


def dynamics(claims: Sequence[twin.Claim]) -> Dynamics:
    """What of the claims has no closed form; nothing where they have none of it."""
    recovery = drift = rotation = None
    wounded = [claim.wounded for claim in claims]
    if any(one.share * one.return_share for one in wounded):
        recovery = Recovery(
            column(one.share * one.return_share for one in wounded),
            column(one.return_days for one in wounded),
            wounded[0].stages,
        )
    if any(claim.drift != (0.0,) for claim in claims):
        drift = OrnsteinUhlenbeck(0.0, 1.0, lambda day, number: given_levels(claims, day, number))
    if any(len(claim.spells) > 1 for claim in claims):
        first = spell_number(claims, np.zeros(len(claims), dtype=np.int64), np.arange(len(claims)))
        rotation = Rotation(first, given_spells(claims))
    follows = any(claim.strength_exponent for claim in claims)
    daily = drift is not None or (recovery is not None and follows)
    return Dynamics(recovery, drift, rotation, daily=daily)


def given_levels(claims: Sequence[twin.Claim], day: int, number: Ints) -> Floats:
    """The levels themselves, for a path that forgets all and takes each normal number as it is."""
    paths = [claims[i].drift for i in number.tolist()]
    rows = [[path[min(day + i, len(path) - 1)] for path in paths] for i in range(DAYS)]
    return np.array(rows, dtype=np.float64).reshape(DAYS, number.size)


def given_spells(claims: Sequence[twin.Claim]) -> NextSpells:
    return lambda spell, number: spell_number(claims, spell, number)


def spell_number(claims: Sequence[twin.Claim], spell: Ints, number: Ints) -> Spell:
    """The terms of spells; the last one of a claim does not end."""
    found = []
    for which, i in zip(spell.tolist(), number.tolist(), strict=True):
        spells = claims[i].spells
        last = replace(spells[-1], line_days=math.inf, at_loss_share=math.inf)
        found.append(astuple(spells[which] if which < len(spells) - 1 else last))
    intensity, days, share, rest, at_rest = (column(part) for part in zip(*found, strict=True))
    return Spell(days, share, rest, at_rest, intensity)


def bent(*claims: twin.Claim) -> Passage:
    """The closed form of all claims as the draws of one call."""
    return bent_line(setting(claims))


def daily(
    *claims: twin.Claim,
    until: float | Sequence[float] = math.inf,
    record: Record | None = None,
) -> Passage:
    """The walk by days of all claims as the draws of one call."""
    return walk_by_events(
        setting(claims),
        dynamics(claims),
        until=np.broadcast_to(np.asarray(until, dtype=np.float64), len(claims)),
        record=record,
    )


def drifting(*claims: twin.Claim, until: float | Sequence[float]) -> Passage:
    """The change of time of all claims as the draws of one call."""
    drift = dynamics(claims).drift or OrnsteinUhlenbeck(
        0.0, 0.0, lambda _, number: np.zeros((DAYS, number.size))
    )
    return drifting_line(
        setting(claims),
        drift,
        until=np.broadcast_to(np.asarray(until, dtype=np.float64), len(claims)),
    )


def moved(claim: twin.Claim, days: float) -> twin.Claim:
    """The same claim some days later."""
    return replace(
        claim,
        start=claim.start + days,
        as_of=claim.as_of + days,
        prelude=claim.prelude and replace(claim.prelude, start=claim.prelude.start + days),
        pauses=tuple(replace(p, start=p.start + days, end=p.end + days) for p in claim.pauses),
        reinforcements=tuple(replace(r, day=r.day + days) for r in claim.reinforcements),
    )


class Series:
    """A record of one draw: both ends of every step."""

    def __init__(self, last: float) -> None:
        self.first, self.last = -np.inf, last
        self.steps: list[tuple[Moment, Moment]] = []

    def wants(self, time: Floats, _: Floats) -> Bools:
        return time < self.last

    def next_after(self, time: Floats) -> Floats:
        return np.floor(time) + 1.0

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        assert awaited.size == number.size
        assert number.size == before.time.size <= 1
        if number.size:
            self.steps.append((Moment(*map(np.copy, before)), Moment(*map(np.copy, after))))

    def column(self, name: str, end: int = 1) -> Floats:
        return np.array([getattr(step[end], name).item() for step in self.steps])


@st.composite
def claims(
    draw: st.DrawFn,
    *,
    exponents: st.SearchStrategy[float] | None = None,
    countings: tuple[Counting, ...] = COUNTINGS,
    pauses: int | None = None,
    arrivals: int | None = None,
) -> twin.Claim:
    """Everything that has a closed form at once."""
    if exponents is None:
        exponents = st.sampled_from([0.0, 1.0]) | st.floats(0, 1.5)
    start = draw(st.floats(-20, 20))
    prelude = draw(st.none() | st.builds(twin.Prelude, st.floats(-80, -21), st.floats(0, 1)))
    first = start if prelude is None else prelude.start
    edge, stretches = start, []
    for _ in range(draw(st.integers(0, 3)) if pauses is None else pauses):
        begin = edge + draw(st.floats(0, 60))
        edge = begin + draw(st.floats(0, 30))
        intensity = draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1))
        stretches.append(twin.Pause(begin, edge, intensity))
    at = st.builds(twin.Arrival, st.floats(first, 200), st.floats(0, 5000))
    n = draw(st.integers(0, 4)) if arrivals is None else arrivals
    exponent = draw(exponents)
    return twin.Claim(
        start=start,
        as_of=draw(st.floats(30, 70)),
        count=draw(st.floats(500, 6000)),
        size=draw(st.floats(5000, 20000)),
        # What an exponent leaves of the last men is not for small steps.
        thresholds=(draw(st.floats(0.05, 0.95 if exponent else 1.0)),),
        counting=draw(st.sampled_from(countings)),
        prelude=prelude,
        multiplier=draw(st.just(1.0) | st.floats(0.2, 2)),
        trend_per_week=draw(st.just(0.0) | st.floats(-0.15, 0.1)),
        strength_exponent=exponent,
        pauses=tuple(stretches),
        reinforcements=tuple(draw(st.lists(at, min_size=n, max_size=n))),
    )


@st.composite
def departures(draw: st.DrawFn, /, *, stages: int | None = None, **form: Any) -> twin.Claim:
    """Everything at once: also men who return, drift and rotation by days and by losses."""
    claim: twin.Claim = draw(claims(**form))
    # Long lists of numbers are beyond what a search for counter-examples can shorten.
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stay, sd = math.exp(-1 / draw(st.floats(3, 60))), draw(st.sampled_from([0.0, 0.2, 0.5]))
    levels = [0.0]
    for normal in rng.standard_normal(draw(st.integers(1, 400))).tolist():
        levels.append(stay * levels[-1] + sd * math.sqrt(1 - stay**2) * normal)
    by_days, by_losses = draw(st.sampled_from([(True, False), (False, True), (True, True)]))
    spells = [
        twin.Spell(
            intensity=rng.uniform(0, 2) if i else 1.0,
            line_days=rng.uniform(1, 40) if by_days else math.inf,
            at_loss_share=rng.uniform(0.005, 0.2) if by_losses else math.inf,
            rest_days=rng.uniform(1, 20),
            rest_intensity=rng.uniform(0, 0.5) if rng.random() < 0.5 else 0.0,
        )
        for i in range(draw(st.integers(1, 20)))
    ]
    wounded = twin.Wounded(
        share=draw(st.floats(0.1, 1)),
        return_share=draw(st.floats(0.1, 1)),
        return_days=draw(st.floats(8, 90)),
        stages=draw(st.integers(1, 5)) if stages is None else stages,
    )
    return replace(claim, wounded=wounded, drift=tuple(levels), spells=tuple(spells))
