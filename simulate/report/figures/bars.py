"""What pictures and sketches of a histogram show: its bars, and the moments marked in it.

Far tails are cut, and days are joined into wider bars.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary, tails
from simulate.analysis.values import DateHistogram
from simulate.report.text.headline import case_of
from simulate.report.text.phrases import capitalised, equal_tailed
from simulate.report.text.wording import level_label, percent, share

PROBABILITY = 0.9
"""Of the interval that is marked."""

TAIL, LATE = 0.0025, 0.01
"""Share of the depleted draws that a picture may cut at either end (and says so), and at the end
where others are never depleted."""

_HIGHEST = 0.9525
"""Share of all draws that is drawn at least, if so many are depleted: those up to P95."""

ROUNDING = 1e-9
"""A smaller share outside the bars is an error of rounding."""

_SPANS = (1, 2, 3, 4, 7, 14, 28, 56, 91, 112, 182, 224, 364, 448, 728, 896, 1456)
_SPAN_WORDS = {1: "day", 7: "week"}


class Bars(Struct, frozen=True):
    """Bar i holds the days edges[i] <= day < edges[i + 1], as proleptic Gregorian ordinals.

    `span` is the usual width in days; `before` and `after` are the probabilities cut off.
    """

    edges: tuple[int, ...]
    probability: tuple[float, ...]
    span: int
    before: float
    after: float

    @property
    def outside(self) -> float:
        """The probability cut off."""
        return self.before + self.after

    @property
    def heights(self) -> tuple[float, ...]:
        """Probability per `span` days, so that a narrower last bar is not drawn too low."""
        return tuple(
            mass * self.span / (end - start)
            for (start, end), mass in zip(pairwise(self.edges), self.probability, strict=True)
        )

    @property
    def span_words(self) -> str:
        """`day`, `week`, `3 days`, `4 weeks`."""
        if self.span in _SPAN_WORDS:
            return _SPAN_WORDS[self.span]
        return f"{self.span // 7} weeks" if self.span % 7 == 0 else f"{self.span} days"


def bars(histogram: DateHistogram, most: int, horizon: dt.date | None = None) -> Bars | None:
    """The part of a histogram to draw, in at most `most` bars; None if no draw is depleted.

    The last bar ends with the horizon, if given, unless it would become the tallest; less than
    half a bar is joined with the one before it.
    """
    edges = [edge.toordinal() for edge in histogram.edges]
    mass = list(histogram.probability)
    total = math.fsum(mass)
    if total <= 0:
        return None
    late = TAIL if 1 - total < ROUNDING else LATE
    late = total - max((1 - late) * total, min((1 - TAIL) * total, _HIGHEST))
    first, last = _core(mass, TAIL * total, late)
    size = _group_size(edges[first : last + 1], most)
    starts = list(range(first, last, size))
    # Empty bins make the last bar as wide as the others: a narrower one would be too high.
    width = edges[1] - edges[0]
    edges += [edges[-1] + width * k for k in range(1, size)]
    found = _joined(edges, [*mass, *[0.0] * (size - 1)], [*starts, starts[-1] + size])
    if horizon is None or horizon.toordinal() + 1 >= found.edges[-1]:
        return found
    inner, end = found.edges[:-1], horizon.toordinal() + 1
    if len(inner) > 1 and end - inner[-1] < found.span / 2:
        inner = inner[:-1]
    cut = in_bars_of(histogram, replace(found, edges=(*inner, end)))
    return cut if cut.heights[-1] <= max(found.heights) else found


def drawn_bars(
    summary: Summary, outcome: Outcome, after: Outcome | None, most: int
) -> tuple[Bars | None, Bars | None]:
    """The bars of an outcome and of what later reports make of it, where there are some."""
    one, end = outcome.histogram, summary.horizon
    if after is not None:
        other = after.histogram
        pairs = zip(one.probability, other.probability, strict=True)
        both = bars(DateHistogram(one.edges, tuple(0.5 * (a + b) for a, b in pairs)), most, end)
        if both is not None:
            return in_bars_of(one, both), in_bars_of(other, both)
    return bars(one, most, end), None


def outside_words(drawn: Bars | None, then: Bars | None = None) -> list[str]:
    """A sentence on the draws outside the bars, if there are any; of two results, the most."""
    most = max((found.outside for found in (drawn, then) if found), default=0.0)
    if most < ROUNDING:
        return []
    return [capitalised(f"{percent(most, 0)} of simulations fall outside the dates drawn.")]


class Shaded(NamedTuple):
    """The days from `first` to `last` that a picture shades, in words of two forms.

    `part` is the share of simulations in place of an interval without an upper end; or empty.
    """

    first: float
    last: float
    words: str
    part: str = ""


def shaded(summary: Summary, outcome: Outcome, *, on_card: bool = False) -> Shaded | None:
    """The interval, or the days in its place; None if nothing is known.

    None on a card too if its number is clusters, which leave out days of the interval.
    """
    case = case_of(summary, outcome)
    if on_card and case.clusters:
        return None
    if one := case.days:
        part = percent(one.probability)
        first, last = one.first.toordinal(), one.last.toordinal() + 1.0
        return Shaded(first, last, f"{part} of simulations", part)
    interval, origin = equal_tailed(outcome, PROBABILITY), summary.origin.toordinal()
    if interval is None or interval.low.day is None:
        return None
    high = interval.high.day
    last = summary.horizon.toordinal() + 1.0 if high is None else origin + high
    return Shaded(origin + interval.low.day, last, f"the {share(PROBABILITY)} simulation interval")


def moments(summary: Summary, outcome: Outcome) -> Iterator[tuple[str, str, float, dt.date]]:
    """The median and the ends of the interval, where they are dates within the horizon.

    A median that lies anywhere in a gap between dates, between clusters of them, or anywhere up to
    "never", is left out.

    Each has a name, a role (`median`, `low`, `high`, or `all` if the whole interval is one date),
    the days since the origin, and the date.
    """
    interval = equal_tailed(outcome, PROBABILITY)
    low, high = (level_label(level) for level in tails(PROBABILITY))
    middle = outcome.median
    is_open = middle.gap is not None or middle.mc_error_days is None
    is_open = is_open or case_of(summary, outcome).is_between
    found = [] if is_open else [("median", "median", middle)]
    if interval is not None:
        found += [(low, "low", interval.low), (high, "high", interval.high)]
        if interval.low.date is not None and interval.low.date == interval.high.date:
            found = [(f"{low} to {high}", "all", interval.low)]
    for name, role, at in found:
        if at.day is not None and at.date is not None:
            yield name, role, at.day, at.date


def within(histogram: DateHistogram, drawn: Bars, low: float, high: float) -> Bars:
    """The bars with those that were cut although an axis from `low` to `high` has room for them."""
    first, last, span = drawn.edges[0], drawn.edges[-1], drawn.span
    pairs = zip(histogram.edges, histogram.probability, strict=False)  # the last edge is an end
    known = [edge.toordinal() for edge, share in pairs if share > 0]
    before = range(first - span, math.ceil(max(low, known[0] - span + 1)) - 1, -span)
    # A last bar that ends with the horizon is the last.
    is_whole = last - drawn.edges[-2] == span
    after = range(last + span, math.floor(min(high, known[-1] + span)) + 1, span)
    edges = (*reversed(before), *drawn.edges, *(after if is_whole else ()))
    return in_bars_of(histogram, replace(drawn, edges=edges)) if edges != drawn.edges else drawn


def in_bars_of(histogram: DateHistogram, drawn: Bars) -> Bars:
    """A histogram in the bars chosen for another with the same bins."""
    edges = [edge.toordinal() for edge in histogram.edges]
    bounds = [min(bisect_left(edges, edge), len(edges) - 1) for edge in drawn.edges]
    return replace(
        _joined(edges, histogram.probability, bounds), edges=drawn.edges, span=drawn.span
    )


def _joined(edges: Sequence[int], mass: Sequence[float], bounds: Sequence[int]) -> Bars:
    """One bar from each of the bins `bounds` up to the next."""
    return Bars(
        edges=tuple(edges[index] for index in bounds),
        probability=tuple(math.fsum(mass[a:b]) for a, b in pairwise(bounds)),
        span=edges[bounds[1]] - edges[bounds[0]],
        before=math.fsum(mass[: bounds[0]]),
        after=math.fsum(mass[bounds[-1] :]),
    )


def _core(mass: Sequence[float], tail: float, late: float) -> tuple[int, int]:
    """First bin, and end (exclusive), after at most `tail` and `late` are cut."""
    first, cut = 0, mass[0]
    while cut < tail or mass[first] == 0:
        first += 1
        cut += mass[first]
    last, cut = len(mass), mass[-1]
    while cut < late or mass[last - 1] == 0:
        last -= 1
        cut += mass[last - 1]
    return first, last


def _group_size(edges: Sequence[int], most: int) -> int:
    """How many bins make one bar; a round number of days where there is one."""
    count, width = len(edges) - 1, edges[1] - edges[0]
    needed = math.ceil(count / most)
    sizes = (span // width for span in _SPANS if span % width == 0)
    return next((size for size in sizes if size >= needed), needed)
