"""Strength and losses by date: moments, bins, and the straight line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, Self, TypeAlias

import numpy as np
from msgspec import Struct

from simulate.engine.draws import DrawBatch, select
from simulate.engine.extremes import Extremes
from simulate.engine.past import Past
from simulate.engine.shape import Shape, claim_of, past_of
from simulate.scenario.arrays import Floats, Ints, at_least, at_most

BINS = 1024
"""Bins of equal width from 0 to the top. A power of two, so that dividing is exact: a known size of
the force, which many draws share, then falls on an edge."""

COLUMNS = BINS + 2
"""One column before the bins for exactly 0, which many draws share, and one after them for the top
and above."""

MOST_MOMENTS = 400
_STEPS = (1, 2, 7, 14, 28, 56, 112)

_BLOCK = 2**14  # draws whose strength is computed at once; their numbers fit a core's cache
_PILOT_MOMENTS = 24
_TOP_LEVEL, _TOP_MARGIN = 0.99, 2.0

Rows: TypeAlias = slice | Ints
ALL = slice(None)


class StrengthGrid(Struct, frozen=True):
    """Moments and bins of a tally of strength and losses.

    `times` are whole days since the origin, ascending; time d + 1 is the end of the date
    origin + d, and time 0 the end of the date before the origin. With `losses_only` nobody wants to
    know the strength.
    """

    times: tuple[float, ...]
    top_present: float
    top_lost: float
    losses_only: bool = False


class Seen(NamedTuple):
    """Strength present and cumulative losses of k draws at a moment, not negative; shape (k,).

    `unlimited` are the losses that would go on beyond the whole force, where they do not depend on
    who is left.
    """

    present: Floats
    lost: Floats
    unlimited: Floats | None = None


class Recorder(Protocol):
    """Records the strength present and the losses of draws at moments."""

    @property
    def times(self) -> tuple[float, ...]:
        """The moments wanted, in days since the origin."""

    @property
    def losses_only(self) -> bool:
        """Whether the strength is not wanted, and may be given as if nobody returned."""

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, rows: Rows = ALL) -> None:
        """Record k draws.

        Parameters
        ----------
        moments : ndarray of int64, shape (k,), or int
            Indexes of `times`: one for all draws, or one for each.
        seen : Seen
        weight : int
            Number of draws that each represents.
        rows : slice or ndarray of int64, shape (k,)
            Which of the recorder's draws they are.
        """


class StrengthTally(Struct, frozen=True):
    """Counts of draws by replicate, moment and bin, and the extremes met in each bin.

    Attributes
    ----------
    grid : StrengthGrid
    present, lost : ndarray of int64, shape (replicates, moments, COLUMNS)
        Strength present and cumulative losses.
    present_met, lost_met : Extremes, shape (moments, COLUMNS)
    """

    grid: StrengthGrid
    present: Ints
    lost: Ints
    present_met: Extremes
    lost_met: Extremes

    @classmethod
    def empty(cls, replicates: int, grid: StrengthGrid) -> Self:
        """A tally of no draws."""
        moments = len(grid.times)
        return cls(
            grid=grid,
            present=np.zeros((replicates, moments, COLUMNS), dtype=np.int64),
            lost=np.zeros((replicates, moments, COLUMNS), dtype=np.int64),
            present_met=Extremes.empty(moments, COLUMNS),
            lost_met=Extremes.empty(moments, COLUMNS),
        )

    @property
    def times(self) -> tuple[float, ...]:
        """The moments, in days since the origin."""
        return self.grid.times

    @property
    def losses_only(self) -> bool:
        """Whether only losses are counted."""
        return self.grid.losses_only

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, rows: Rows = ALL) -> None:
        """Add draws to a tally of one replicate; see `Recorder.note`."""
        del rows  # a tally does not tell draws apart
        of_each = (
            (seen.present, self.present, self.present_met, self.grid.top_present),
            (seen.lost, self.lost, self.lost_met, self.grid.top_lost),
        )
        for values, counts, met, top in of_each[self.losses_only :]:
            keys = columns(values, top)
            if isinstance(moments, int):
                counts[0, moments] += np.bincount(keys, minlength=COLUMNS) * weight
                met[moments].note(keys, values)
                continue
            keys += moments * COLUMNS
            np.add.at(counts.reshape(-1), keys, weight)
            met.note(keys, values)


def columns(values: Floats, top: float) -> Ints:
    """Column of each value: 0 for nothing, then the bins, the last one for the top and above."""
    found = at_most(values / (top / BINS), BINS).astype(np.int64)
    found += values > 0
    return found


# --- which moments, which bins ---


def moments_for(first: int, last: int, extra: Iterable[int] = ()) -> tuple[float, ...]:
    """Moments from one whole day to another, ascending: at most 400, and the extra ones.

    Every day where that is enough, else every second, 7th, 14th, 28th, 56th or 112th; the last day
    is always among them.

    Examples
    --------
    >>> moments_for(0, 3)
    (0.0, 1.0, 2.0, 3.0)
    >>> moments_for(0, 500, extra=[131])[64:68]
    (128.0, 130.0, 131.0, 132.0)
    """
    # The whole steps, rounded up, and the first day.
    enough = (step for step in _STEPS if -(-(last - first) // step) + 1 <= MOST_MOMENTS)
    step = next(enough, _STEPS[-1])
    days = {*range(first, last + 1, step), last, *extra}
    return tuple(float(day) for day in sorted(days))


class PilotRecorder:
    """A recorder that keeps all draws at a few of the moments, to choose the bins."""

    def __init__(self, times: tuple[float, ...], *, losses_only: bool = False) -> None:
        self.losses_only = losses_only
        step = max(1, len(times) // _PILOT_MOMENTS)
        self.times = tuple(sorted({*times[::step], times[-1]}))
        self._noted: list[tuple[Ints, Floats, Floats]] = []

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, rows: Rows = ALL) -> None:
        """Keep draws; see `Recorder.note`."""
        del weight, rows  # quantiles of draws that all have the same weight
        self._noted.append((np.broadcast_to(moments, seen.lost.shape), *seen[:2]))

    def grid(self, times: tuple[float, ...]) -> StrengthGrid:
        """The bins for a tally at `times`.

        They reach up to the largest value met, unless that lies far out in a tail: then to where
        all levels of interest lie well inside.
        """
        moments, present, lost = (np.concatenate(part) for part in zip(*self._noted, strict=True))
        tops = _top(moments, present), _top(moments, lost)
        return StrengthGrid(times, *tops, losses_only=self.losses_only)


def _top(moments: Ints, values: Floats) -> float:
    largest = float(values.max())
    groups = (values[moments == moment] for moment in np.unique(moments))
    high = max(float(np.quantile(group, _TOP_LEVEL)) for group in groups)
    return min(largest, _TOP_MARGIN * high) or largest or 1.0


def share_out(
    recorders: Sequence[Recorder], n: int, number: Ints, moments: Ints | int, seen: Seen
) -> None:
    """Let recorders with equal shares of `n` draws record those of some numbers, ascending."""
    starts = np.arange(len(recorders) + 1) * (n // len(recorders))
    bounds = np.searchsorted(number, starts)
    for recorder, start, begin, end in zip(recorders, starts, bounds, bounds[1:], strict=False):
        if end > begin:
            some = slice(begin, end)
            when = moments if isinstance(moments, int) else moments[some]
            part = Seen._make(None if values is None else values[some] for values in seen)
            recorder.note(when, part, rows=number[some] - start)


# --- a stock counted twice ---


class _WithPast:
    """A recorder that sees what there was between two counts, not the second count alone.

    Its draws are those of `past` from number `first` on.
    """

    def __init__(self, recorder: Recorder, past: Past, first: int) -> None:
        self._recorder, self._past, self._first = recorder, past, first
        self.times, self.losses_only = recorder.times, recorder.losses_only

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, rows: Rows = ALL) -> None:
        """Pass draws on; see `Recorder.note`."""
        numbers = rows
        if isinstance(numbers, slice):
            numbers = np.arange(seen.present.size) + (numbers.start or 0)
        past, time = select(self._past, self._first + numbers), np.asarray(self.times)[moments]
        present = np.where(time < past.end, past.present(time), seen.present)
        self._recorder.note(moments, seen._replace(present=present), weight=weight, rows=rows)


def with_past(draws: DrawBatch, shape: Shape, recorders: Sequence[Recorder]) -> Sequence[Recorder]:
    """Recorders with equal shares of the draws; of a stock counted twice they see the past too."""
    if not recorders or recorders[0].losses_only:
        return recorders
    past, share = past_of(draws.values, shape, draws.n), draws.n // len(recorders)
    if past is None:
        return recorders
    return [_WithPast(recorder, past, i * share) for i, recorder in enumerate(recorders)]


# --- the straight line ---


def record_straight_line(draws: DrawBatch, shape: Shape, recorder: Recorder) -> None:
    """Record strength and losses on the straight line.

    Losses are 0 up to `losses.start` S, then C (t - S) / (A - S), never above all who were sent
    less the floor; the strength present is the rest. Of a stock they are recorded from its day on.
    A draw without a positive rate loses nothing, and after an end a draw no longer changes.
    """
    # Where all inputs are constant, one value serves all draws.
    claim = claim_of(draws.values, shape, max(map(np.size, draws.values.values())))
    n, end, most = claim.size.size, np.asarray(np.inf), claim.size - claim.lowest
    all_before = None if claim.stock is None else claim.before
    for first in range(0, n, _BLOCK):
        rows = slice(first, first + _BLOCK)
        sent, start, rate = claim.size[rows], claim.start[rows], claim.rate[rows]
        if draws.end_time is not None:
            end = draws.end_time[rows]
        for moment, time in enumerate(recorder.times):
            lost = np.minimum(time, end) - start
            lost *= rate
            unlimited = at_least(lost, 0.0)
            np.minimum(unlimited, most[rows], out=lost)
            present = sent - lost
            if all_before is not None:
                before = all_before[rows]
                lost, unlimited = np.maximum([lost - before, unlimited - before], 0.0)
            of_each = rows if n > 1 else ALL
            seen = Seen(present, lost, unlimited)
            recorder.note(moment, seen, weight=draws.n // n, rows=of_each)
