"""Draws with one input, or the chance of the walk, resampled: pick-freeze samples.

A replicate's draws are held as levels of the inputs' own distributions, each uniform, correlated
where the scenario says so. Resampled numbers come from streams of their own, which leaves the draws
of a run unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np
from msgspec.structs import replace

from simulate.engine.draws import Values
from simulate.engine.evidence import ONE, Witness
from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.engine.run import TOGETHER, count, outcomes, recorder_of
from simulate.engine.sampling.design import BLOCK, Segment, segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.sampling.streams import side_by_side
from simulate.engine.tally import Tally
from simulate.scenario.arrays import Floats


def levels_of(plan: Plan, replicate: int) -> Floats:
    """Levels of all inputs in the draws of one replicate, shape (inputs, n)."""
    return plan.correlate(_points(plan, replicate, plan.names))


def redrawn(plan: Plan, replicate: int, levels: Floats, name: str) -> Floats:
    """The levels (inputs, n) with one input resampled, given all others.

    Notes
    -----
    A second column of the same lattice would be the first one shifted, not an independent copy. The
    new column therefore has a name without a dimension of the lattice: such columns are stratified,
    in random order. A correlated input is drawn from the conditional law of its score, given the
    values of the others rather than their scores, since an atom covers many scores; Kucherenko,
    Tarantola and Annoni (2012), Computer Physics Communications 183(4), 937-946, section 3.
    """

    def fresh(what: str = "") -> Floats:
        points: Floats = _points(plan, replicate, (f"{name} again{what}",))[0]
        return points

    mixed = levels.copy()
    mixed[plan.names.index(name)] = (
        _given_others(plan, levels, name, fresh) if name in plan.correlated else fresh()
    )
    return mixed


def places_of(plan: Plan, replicate: int) -> tuple[Segment, ...]:
    """Where the draws of a replicate take their random numbers beyond the points."""
    design = plan.design
    return tuple(
        place
        for shift in range(design.shifts)
        for first in design.blocks()
        for place in segments(replicate, shift, first, design.block_size(first))
    )


def passage_times(
    plan: Plan,
    levels: Floats,
    places: tuple[Segment, ...],
    *,
    held: Values | None = None,
    walk_again: bool = False,
    tally: Tally | None = None,
) -> Floats:
    """First passages in days since the origin (thresholds, n), inf for never, whatever the cause.

    Parameters
    ----------
    plan : Plan
    levels : ndarray, shape (inputs, n)
    places : tuple of Segment
        Of n draws.
    held : mapping of str to ndarray of shape (n,), optional
        Values that replace constants of the plan.
    walk_again : bool
        Take other random numbers beyond the points: another walk of the same inputs.
    tally : Tally, optional
        Of one replicate, to which the draws are added.
    """
    apart = _apart(plan, walk_again=walk_again)
    draws = apart.draws(levels, places, held)
    found = np.empty((len(plan.thresholds), draws.n))
    for rows, part in draws.parts(BLOCK):
        passage = apart.first_passage(part)
        found[:, rows] = _times(plan, passage)
        if tally is not None:
            count(plan, tally, passage, part.n)
    return found


def walked_again(plan: Plan, levels: Floats, place: Segment) -> tuple[Floats, Floats]:
    """First passages (thresholds, n) and weights (n,) of draws of another walk, given evidence.

    `levels` (inputs, n) are those of the inputs.
    """
    apart = _apart(plan, walk_again=True)
    draws = apart.draws(levels, (place,))
    witness = recorder_of(plan, plan.empty_tally(1), place.n)
    if not isinstance(witness, Witness):
        raise TypeError("the plan has no evidence")
    passage = apart.first_passage(draws, [witness])
    return _times(plan, passage), witness.weigh(place.n) / ONE


def _apart(plan: Plan, *, walk_again: bool) -> Plan:
    """The plan for levels, which are already correlated, with the same walks or others."""
    seed = plan.seed
    if walk_again:
        seed = int.from_bytes(hashlib.sha256(f"{seed} again".encode()).digest(), "little")
    return replace(plan, seed=seed, correlated=(), correlations=())


def _times(plan: Plan, passage: Passage) -> Floats:
    found = [
        np.where(outcomes(plan, passage, k) < plan.times.n_bins, time, np.inf)
        for k, time in enumerate(passage.time)
    ]
    return np.array(found)


def passages_of_each(plan: Plan, replicate: int, copies: Iterable[Floats]) -> Iterator[Floats]:
    """`passage_times` of several sets of levels, each with all draws of a replicate.

    Small sets are worked out together where their road is long, which is faster.
    """
    places = places_of(plan, replicate)
    at_once = max(1, TOGETHER[plan.road] // sum(place.n for place in places))
    copies = iter(copies)
    while together := list(islice(copies, at_once)):
        times = passage_times(plan, side_by_side(together), places * len(together))
        yield from np.split(times, len(together), axis=1)


def _points(plan: Plan, replicate: int, names: tuple[str, ...]) -> Floats:
    design, method = plan.design, METHODS[plan.design.method]
    return side_by_side(
        block
        for shift in range(design.shifts)
        for block in method(design, plan.seed, names, replicate, shift)
    )


def _given_others(plan: Plan, levels: Floats, name: str, fresh: Callable[[str], Floats]) -> Floats:
    # Brings scipy, as in `Plan.correlate`.
    from simulate.engine.sampling.copula import again_given_values

    own = levels[plan.correlated_rows]
    below, upto = zip(*(plan.same_value(levels, each) for each in plan.correlated), strict=True)
    return again_given_values(
        np.array(plan.correlations),
        plan.correlated.index(name),
        own,
        (np.minimum(below, own), np.maximum(upto, own)),
        fresh,
    )
