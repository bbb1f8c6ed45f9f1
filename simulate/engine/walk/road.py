"""First passages of a scenario without a closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from simulate.engine.bent_line import Claim, leading_to
from simulate.engine.draws import DrawBatch, select
from simulate.engine.first_passage import Inflow, Passage
from simulate.engine.shape import Shape, inflows_of, setting
from simulate.engine.strength import Recorder, share_out
from simulate.engine.walk.by_events import walk_by_events, worth_until
from simulate.engine.walk.dynamics import Dynamics, Noise, Recovery, Rotation
from simulate.engine.walk.exact_record import AtMoments, ExactRecord
from simulate.engine.walk.reference import path_of
from simulate.engine.walk.walkers import Moment
from simulate.scenario.arrays import Bools, Floats, Ints
from simulate.scenario.distributions import Distribution


def walk(
    draws: DrawBatch,
    laws: Mapping[str, Distribution],
    shape: Shape,
    *,
    days: float,
    recorders: Sequence[Recorder] = (),
) -> Passage:
    """First passages where the rate drifts, men return to duty or units rotate.

    Parameters
    ----------
    draws : DrawBatch
    laws : mapping
        Distributions of the uncertain inputs, which are drawn again for each spell.
    shape : Shape
    days : float
        Length of the horizon; later first passages are ignored.
    recorders : sequence of Recorder, optional
        Each records strength and losses of an equal share of the draws. After an event that stops
        the losses, men still return and arrive.
    """
    of, n, until = setting(draws.values, shape, draws.n), draws.n, draws.until(days)
    claim = of.claim
    inflows = inflows_of(draws.values, shape, claim)
    what = dynamics(draws, laws, shape, recorded=bool(recorders), inflows=inflows)
    if claim.stock is not None and (claim.stock.day > claim.as_of).any():
        # A first walk, up to the day of the stock, finds the force that leaves it.
        worth = worth_until(of, what, claim.stock.day)
        claim = leading_to(claim, claim.stock, worth, of.exponent)
        of = of._replace(claim=claim)
    if not recorders:
        return walk_by_events(of, what, until=until)
    times, recovery = recorders[0].times, what.recovery
    if recovery is None or what.drift is not None or what.daily:
        # Who rests or returns depends on who is left: there a force that is gone loses no more.
        record, goes_on = Interpolated(recorders, claim), recovery is None and not shape.rotates
        return walk_by_events(of, what, until=until, record=record, goes_on=goes_on)
    if shape.minds_returns or shape.flows or claim.lowest.any() or not recorders[0].losses_only:
        path = ExactRecord(times, claim, recovery)
        passage = walk_by_events(of, what, until=until, record=path)
        for number, moment, of_it in path.replay():
            share_out(recorders, n, number, moment, of_it)
        return passage
    # Who returns moves no date, and changes losses only once all who were sent are lost.
    record = Interpolated(recorders, claim, men_return=True)
    light, wanted = replace(what, recovery=None), of.thresholds
    more = of if wanted[-1] == 1.0 else of._replace(thresholds=(*wanted, 1.0))
    passage = walk_by_events(more, light, until=until, record=record)
    out = np.flatnonzero(record.unknown < len(times))
    if out.size:
        some = _of_some(what, out)
        path = ExactRecord(times, select(claim, out), select(recovery, out))
        given = select(of._replace(thresholds=()), out)
        walk_by_events(given, some, until=until[out], record=path)
        for number, moment, of_it in path.replay():
            i = np.flatnonzero(record.unknown[out[number]] <= moment)
            share_out(recorders, n, out[number[i]], moment, select(of_it, i))
    return passage._replace(time=passage.time[: len(wanted)], passed=passage.passed[: len(wanted)])


def _of_some(dynamics: Dynamics, index: Ints) -> Dynamics:
    """The dynamics of some draws, without drift."""
    rotation = dynamics.rotation
    if rotation is not None:
        first, following = select(rotation.first, index), rotation.following
        rotation = Rotation(first, lambda spell, number: following(spell, index[number]))
    return replace(dynamics, recovery=select(dynamics.recovery, index), rotation=rotation)


class Interpolated(AtMoments):
    """Interpolates a walk at the moments of recorders with equal shares of the draws.

    Where `men_return` beside the walk, it knows no losses once all who were sent are lost, at the
    last threshold. `unknown` (n,) is the first moment of each draw that is left out for it.
    """

    def __init__(
        self, recorders: Sequence[Recorder], claim: Claim, *, men_return: bool = False
    ) -> None:
        super().__init__(recorders[0].times, claim)
        self._recorders, self._men_return = recorders, men_return
        self.unknown = np.full(claim.size.size, self.times.size)
        self._next = np.append(self.times, np.inf)

    def wants(self, time: Floats, crossed: Floats) -> Bools:
        """Until the last moment, or until more is unknown."""
        wanted = time < self.last
        return wanted & ~np.isfinite(crossed[-1]) if self._men_return else wanted

    def next_after(self, time: Floats) -> Floats:
        """The next moment after each time, inf for none."""
        found: Floats = self._next[self.come_by(time)]
        return found

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        """Pass on the draws that reach the moment they await."""
        reached = after.time >= awaited
        if self._men_return:
            out = np.isfinite(after.crossed[-1])
            gone, reached = np.flatnonzero(out & np.isfinite(awaited)), reached & ~out
            moments = self.come_by(awaited[gone]) - 1
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
        seen = self.seen(number, present, lost, *(lost + more for more in beyond))
        share_out(self._recorders, self.unknown.size, number, self.come_by(awaited) - 1, seen)


def dynamics(
    draws: DrawBatch,
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
