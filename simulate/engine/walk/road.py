"""First passages of a scenario without a closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulate.engine.bent_line import leading_to
from simulate.engine.draws import Draws
from simulate.engine.first_passage import Inflow, Passage
from simulate.engine.shape import Shape, inflows_of, setting
from simulate.engine.strength import Recorder
from simulate.engine.walk.by_events import walk_by_events, worth_until
from simulate.engine.walk.dynamics import Dynamics, Noise, Recovery
from simulate.engine.walk.path import Path
from simulate.engine.walk.reference import path_of
from simulate.engine.walk.walkers import Moment
from simulate.scenario.arrays import Floats, Ints
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
    path = record = None
    if recorders and what.recovery is not None and what.drift is None and not what.daily:
        path = Path(recorders[0].times, claim.lowest, what.recovery)
    elif recorders:
        record = Interpolated(recorders, claim.lowest)
    passage = walk_by_events(
        claim,
        clock,
        exponent,
        arrivals,
        thresholds,
        counting=shape.counting,
        dynamics=what,
        until=np.broadcast_to(np.minimum(end, days), draws.n),
        record=path or record,
    )
    if path is not None:
        path.replay(recorders)
    return passage


class Interpolated:
    """Interpolates a walk at the moments of recorders with equal shares of the draws.

    The strength in a walk is counted from the draw's `floor` (n,).
    """

    def __init__(self, recorders: Sequence[Recorder], floor: Floats) -> None:
        self._recorders, self._floor, n = recorders, floor, floor.size
        times = np.asarray(recorders[0].times)
        self.last = float(times[-1])
        # For each day, the next moment after it begins and the index of a moment at its beginning.
        # Two more entries serve all days after the last moment and before the first.
        days = np.append(np.arange(self.last + 2.0), -1.0)
        self._next = np.append(times, np.inf)[np.searchsorted(times, days, "right")]
        self._moments = np.searchsorted(times, days)
        self._upto = np.arange(1, len(recorders) + 1) * (n // len(recorders))

    def next_after(self, time: Floats) -> Floats:
        """The next moment after each time, inf for none."""
        days = np.floor(time)
        np.minimum(np.maximum(days, -1.0, out=days), self.last + 1.0, out=days)
        found: Floats = self._next[days.astype(np.int64)]
        return found

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        """Pass on the draws that reach the moment they await."""
        index = np.flatnonzero(after.time >= awaited)
        if not index.size:
            return
        awaited, begun = awaited[index], before.time[index]
        present, lost = after.strength[index], after.lost[index]
        i = np.flatnonzero(after.time[index] > awaited)
        if i.size:
            at = index[i]
            part = (awaited[i] - begun[i]) / (after.time[at] - begun[i])
            present[i] = before.strength[at] + part * (present[i] - before.strength[at])
            lost[i] = before.lost[at] + part * (lost[i] - before.lost[at])
        number = number[index]
        present, lost = np.maximum(present, 0.0) + self._floor[number], np.maximum(lost, 0.0)
        moments, begin = self._moments[awaited.astype(np.int64)], 0
        for recorder, upto, end in zip(
            self._recorders, self._upto, np.searchsorted(number, self._upto), strict=True
        ):
            if end > begin:
                of_it = slice(begin, end)
                rows = number[of_it] - (upto - self._upto[0])
                recorder.note(moments[of_it], present[of_it], lost[of_it], rows=rows)
            begin = end


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
    minds_returns = shape.minds_returns or shape.drifts or shape.flows
    return Dynamics(recovery, drift, rotation, daily, inflows, shape.flows, minds_returns)
