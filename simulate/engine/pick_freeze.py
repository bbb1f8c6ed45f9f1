"""Draws of which one input, or the chance of the walk, is drawn anew: pick-freeze samples.

A replicate's draws are held as levels of the inputs' own distributions, uniform each by itself and
correlated where the scenario says so. The numbers drawn anew come from streams of their own, so
the draws that a run makes stay what they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simulate.engine.plan import Plan
from simulate.engine.run import TOGETHER
from simulate.engine.sampling.design import BLOCK, Segment, segments
from simulate.engine.sampling.points import METHODS
from simulate.engine.shape import Draws, Values, first_end

Floats = npt.NDArray[np.float64]


def levels_of(plan: Plan, replicate: int) -> Floats:
    """Levels of all inputs in the draws of one replicate, shape (inputs, n)."""
    points = _points(plan, replicate, plan.names)
    if not plan.correlated:
        return points
    from simulate.engine.sampling.copula import correlate

    return correlate(points, _rows(plan), np.linalg.cholesky(np.array(plan.correlations)))


def redrawn(plan: Plan, replicate: int, levels: Floats, name: str) -> Floats:
    """The levels with those of one input drawn anew, given all others, shape (inputs, n).

    Parameters
    ----------
    plan : Plan
    replicate : int
    levels : ndarray, shape (inputs, n)
        From `levels_of`.
    name : str
        Of the input.

    Notes
    -----
    A second column of the same lattice would be the first one shifted, and no independent copy of
    it. The new column therefore takes a name without a dimension of the lattice: such columns are
    stratified, in random order. Correlated inputs are drawn from the conditional law of their
    score, given the values of the others and not their scores, of which an atom hides many;
    Kucherenko, Tarantola and Annoni (2012), Computer Physics Communications 183(4), 937-946,
    section 3.
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
    """Where the draws of a replicate take random numbers beyond the points from."""
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
) -> Floats:
    """First passages at levels of the inputs, inf for never, whatever the cause.

    Parameters
    ----------
    plan : Plan
    levels : ndarray, shape (inputs, n)
    places : tuple of Segment
        Of n draws.
    held : mapping of str to ndarray of shape (n,), optional
        Values of inputs that are constants of the plan, in their place.
    walk_again : bool
        Take other random numbers beyond the points: another walk of the same inputs.

    Returns
    -------
    ndarray, shape (thresholds, n)
        Days since the origin.
    """
    # Levels are correlated already.
    apart = replace(plan, correlated=(), correlations=())
    draws = apart.draws(levels, places)
    if held is not None:
        draws = _holding(apart, draws, held)
    if walk_again:
        draws = draws._replace(seed=_another(plan.seed))
    found = np.empty((len(plan.thresholds), draws.n))
    for rows, part in draws.parts(BLOCK):
        passage = apart.first_passage(part)
        time = np.broadcast_to(passage.time, (len(plan.thresholds), part.n))
        never = plan.times.bins(time) >= plan.times.n_bins
        if passage.end_time is not None:
            never |= passage.end_time <= time
        found[:, rows] = np.where(never, np.inf, time)
    return found


def passages_of_each(plan: Plan, replicate: int, copies: Iterable[Floats]) -> Iterator[Floats]:
    """`passage_times` of several sets of levels, each of all draws of a replicate.

    Small sets are worked out together where their road is long, which is faster.
    """
    places = places_of(plan, replicate)
    at_once = max(1, TOGETHER[plan.shape.road] // sum(place.n for place in places))
    together: list[Floats] = []
    for copy in copies:
        together.append(copy)
        if len(together) == at_once:
            yield from _times_of(plan, together, places)
            together = []
    if together:
        yield from _times_of(plan, together, places)


def _holding(plan: Plan, draws: Draws, held: Values) -> Draws:
    values = {**draws.values, **held}
    end_time, end = first_end(values, plan.shape, draws.n) if plan.shape.ends else (None, None)
    return draws._replace(values=values, end_time=end_time, end=end)


def _times_of(plan: Plan, copies: list[Floats], places: tuple[Segment, ...]) -> list[Floats]:
    levels = copies[0] if len(copies) == 1 else np.concatenate(copies, axis=1)
    return np.split(passage_times(plan, levels, places * len(copies)), len(copies), axis=1)


def _points(plan: Plan, replicate: int, names: tuple[str, ...]) -> Floats:
    design, method = plan.design, METHODS[plan.design.method]
    blocks = [
        block
        for shift in range(design.shifts)
        for block in method(design, plan.seed, names, replicate, shift)
    ]
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)


def _rows(plan: Plan) -> list[int]:
    return [plan.names.index(name) for name in plan.correlated]


def _given_others(plan: Plan, levels: Floats, name: str, fresh: Callable[[str], Floats]) -> Floats:
    from simulate.engine.sampling.copula import again_given_values

    own = levels[_rows(plan)]
    below, upto = zip(*(plan.same_value(levels, each) for each in plan.correlated), strict=True)
    return again_given_values(
        np.array(plan.correlations),
        plan.correlated.index(name),
        own,
        (np.minimum(below, own), np.maximum(upto, own)),
        fresh,
    )


def _another(seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} again".encode()).digest(), "little")
