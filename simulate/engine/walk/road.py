"""First passages of a scenario without a closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from msgspec.structs import replace

from simulate.engine.bent_line import Claim, leading_to
from simulate.engine.draws import Draws
from simulate.engine.first_passage import Inflow, Passage
from simulate.engine.shape import Shape, inflows_of, setting
from simulate.engine.strength import Recorder, share_out
from simulate.engine.walk.by_events import walk_by_events, worth_until
from simulate.engine.walk.dynamics import Dynamics, Noise, Recovery, Rotation
from simulate.engine.walk.path import Path
from simulate.engine.walk.reference import path_of
from simulate.engine.walk.walkers import Moment, select
from simulate.scenario.arrays import Bools, Floats, Ints
from simulate.scenario.distributions import Distribution


def walk(
    draws: Draws,
    laws: Mapping[str, Distribution],
    shape: Shape,
    thresholds: Sequence[float],
    *,
    days: float,
    recorders: Sequence[Recorder] = (),
) -> Passage:
    """First passages where the rate drifts, men return to duty or units rotate.

    Parameters
    ----------
    draws : Draws
    laws : mapping
        Distributions of the uncertain inputs, which are drawn again for each spell.
    shape : Shape
    thresholds : sequence of float or Amount
    days : float
        Length of the horizon; later first passages are ignored.
    recorders : sequence of Recorder, optional
        Each records strength and losses of an equal share of the draws. After an event that stops
        the losses, men still return and arrive.
    """
    claim, clock, exponent, arrivals = setting(draws.values, shape, draws.n)
    inflows = inflows_of(draws.values, shape, claim)
    what = dynamics(draws, laws, shape, recorded=bool(recorders), inflows=inflows)
    if claim.stock is not None and (claim.stock.day > claim.as_of).any():
        # A first walk, up to the day of the stock, finds the force that leaves it.
        worth = worth_until(claim, clock, what, claim.stock.day)
        claim = leading_to(claim, claim.stock, worth, exponent)
    end = np.inf if draws.end_time is None else draws.end_time
    until = np.broadcast_to(np.minimum(end, days), draws.n)
    given, n = (claim, clock, exponent, arrivals), draws.n
    walked = partial(walk_by_events, *given, counting=shape.counting, until=until)
    if not recorders:
        return walked(thresholds, dynamics=what)
    times, recovery = recorders[0].times, what.recovery
    if recovery is None or what.drift is not None or what.daily:
        # Who rests or returns depends on who is left: there a force that is gone loses no more.
        record, goes_on = Interpolated(recorders, claim), recovery is None and not shape.rotates
        return walked(thresholds, dynamics=what, record=record, goes_on=goes_on)
    if shape.minds_returns or shape.flows or claim.lowest.any() or not recorders[0].losses_only:
        path = Path(times, claim, recovery)
        passage = walked(thresholds, dynamics=what, record=path)
        for moment, of_it in enumerate(path.replay()):
            share_out(recorders, n, np.arange(n), moment, of_it)
        return passage
    # Who returns moves no date, and changes losses only once all who were sent are lost.
    record = Interpolated(recorders, claim, men_return=True)
    light = replace(what, recovery=None)
    passage = walked((*thresholds, 1.0), dynamics=light, record=record)
    out = np.flatnonzero(record.unknown < len(times))
    if out.size:
        some, path = _of_some(what, out), Path(times, select(claim, out), select(recovery, out))
        walk_by_events(
            *select(given, out),
            (),
            counting=shape.counting,
            dynamics=some,
            until=until[out],
            record=path,
        )
        for moment, of_it in enumerate(path.replay()):
            i = np.flatnonzero(record.unknown[out] <= moment)
            share_out(recorders, n, out[i], moment, select(of_it, i))
    return passage._replace(time=passage.time[:-1], passed=passage.passed[:-1])


def _of_some(dynamics: Dynamics, index: Ints) -> Dynamics:
    """The dynamics of some draws, without drift."""
    rotation = dynamics.rotation
    if rotation is not None:
        first, following = select(rotation.first, index), rotation.following
        rotation = Rotation(first, lambda spell, number: following(spell, index[number]))
    return replace(dynamics, recovery=select(dynamics.recovery, index), rotation=rotation)


class Interpolated:
    """Interpolates a walk at the moments of recorders with equal shares of the draws.

    The strength in a walk is counted from the floor of the draw's `claim`.
    Where `men_return` beside the walk, it knows no losses once all who were sent are lost, at the
    last threshold. `unknown` (n,) is the first moment of each draw that is left out for it.
    """

    def __init__(
        self, recorders: Sequence[Recorder], claim: Claim, *, men_return: bool = False
    ) -> None:
        self._recorders, self._men_return = recorders, men_return
        self._floor, self._before = claim.lowest, claim.before
        times = np.asarray(recorders[0].times)
        self.first, self.last = float(times[0]), float(times[-1])
        self.unknown = np.full(self._floor.size, times.size)
        # For each day, the next moment after it begins and the index of a moment at its beginning.
        # Two more entries serve all days after the last moment and before the first.
        days = np.append(np.arange(self.last + 2.0), -1.0)
        self._next = np.append(times, np.inf)[np.searchsorted(times, days, "right")]
        self._moments = np.searchsorted(times, days)

    def wants(self, time: Floats, crossed: Floats) -> Bools:
        """Until the last moment, or until more is unknown."""
        wanted = time < self.last
        return wanted & ~np.isfinite(crossed[-1]) if self._men_return else wanted

    def next_after(self, time: Floats) -> Floats:
        """The next moment after each time, inf for none."""
        days = np.floor(time)
        np.minimum(np.maximum(days, -1.0, out=days), self.last + 1.0, out=days)
        found: Floats = self._next[days.astype(np.int64)]
        return found

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        """Pass on the draws that reach the moment they await."""
        reached = after.time >= awaited
        if self._men_return:
            out = np.isfinite(after.crossed[-1])
            gone, reached = np.flatnonzero(out & np.isfinite(awaited)), reached & ~out
            moments = self._moments[awaited[gone].astype(np.int64)]
            self.unknown[number[gone]] = np.minimum(self.unknown[number[gone]], moments)
        index = np.flatnonzero(reached)
        if not index.size:
            return
        awaited, begun = awaited[index], before.time[index]
        ways = [(before.strength, after.strength), (before.lost, after.lost)]
        ways += zip(before.beyond, after.beyond, strict=True)
        rows = [end[index] for _, end in ways]
        i = np.flatnonzero(after.time[index] > awaited)
        if i.size:
            at = index[i]
            part = (awaited[i] - begun[i]) / (after.time[at] - begun[i])
            for row, (begin, _) in zip(rows, ways, strict=True):
                row[i] = begin[at] + part * (row[i] - begin[at])
        number, (present, lost, *beyond) = number[index], rows
        present, earlier = np.maximum(present, 0.0) + self._floor[number], self._before[number]
        moments = self._moments[awaited.astype(np.int64)]
        losses = (lost, *(lost + more for more in beyond))
        of_each = (present, *(np.maximum(row - earlier, 0.0) for row in losses))
        share_out(self._recorders, self._floor.size, number, moments, of_each)


def dynamics(
    draws: Draws,
    laws: Mapping[str, Distribution],
    shape: Shape,
    *,
    recorded: bool,
    inflows: Sequence[Inflow] = (),
) -> Dynamics:
    """What has no closed form; returns also count where they matter only to the record."""
    values, noise = draws.values, Noise(draws.seed, draws.segments)
    recovery = None
    if shape.stages and (recorded or shape.minds_returns):
        share = values["wounded.share"] * values["wounded.return_share"]
        recovery = Recovery(share, values["wounded.return_days"], shape.stages)
    drift = path_of(values, shape, noise)
    rotation = noise.rotation(values, laws) if shape.rotates else None
    # Where the rate follows a strength that depends on what comes, a day's losses count as even.
    daily = shape.follows and (recovery is not None or bool(shape.inflow_days))
    return Dynamics(recovery, drift, rotation, daily, inflows, shape.flows)
