"""One draw of the model's fourth section, walked in small steps: the engine's slow twin.

Written from the page alone. Days are floats since any one origin, counts are men. Between two
dates on which something changes the walk takes midpoint steps, whose error, as that of the linear
interpolation of a crossing, shrinks with the square of the step; only where an exponent between 0
and 1 brings the strength itself to zero it shrinks with the step.
"""

import math
from itertools import pairwise
from typing import Literal

from msgspec import Struct


class Prelude(Struct, frozen=True):
    """Smaller fighting before the start."""

    start: float
    intensity: float


class Wounded(Struct, frozen=True):
    """Those of the lost who come back, after an Erlang delay."""

    share: float
    return_share: float
    return_days: float
    stages: int = 1


class Arrival(Struct, frozen=True):
    """Men who arrive on a day."""

    day: float
    size: float


class Pause(Struct, frozen=True):
    """A dated period of smaller fighting."""

    start: float
    end: float
    intensity: float = 0.0


class Spell(Struct, frozen=True):
    """A time on the line and the rest after it, with the values this spell has drawn.

    Only the ``intensity`` of the first is known, not drawn: it is the present one.
    """

    intensity: float = 1.0
    line_days: float = math.inf
    at_loss_share: float = math.inf
    rest_days: float = 0.0
    rest_intensity: float = 0.0


class Claim(Struct, frozen=True):
    """Every value of one draw.

    ``size`` is the force sent by the start, or, with ``size_as_of``, the strength present on that
    day, of which thresholds are shares then. ``drift`` is the log of the factor on the first,
    second, ... day after ``as_of``; the last value stays. ``spells`` follow each other from
    ``as_of`` on; the last one goes on for ever.
    """

    start: float
    as_of: float
    count: float
    size: float
    size_as_of: float | None = None
    thresholds: tuple[float, ...] = (1.0,)
    counting: Literal["casualties", "strength"] = "casualties"
    prelude: Prelude | None = None
    multiplier: float = 1.0
    trend_per_week: float = 0.0
    drift: tuple[float, ...] = (0.0,)
    strength_exponent: float = 0.0
    wounded: Wounded = Wounded(share=0.0, return_share=0.0, return_days=1.0)
    reinforcements: tuple[Arrival, ...] = ()
    pauses: tuple[Pause, ...] = ()
    steps: tuple[tuple[float, float], ...] = ()
    spells: tuple[Spell, ...] = (Spell(),)


class Path(Struct, frozen=True):
    """When each threshold was crossed, inf for never, and all that was walked.

    The series are as of ``times``; where somebody arrives a time stands twice, before and after.
    """

    crossings: tuple[float, ...]
    times: tuple[float, ...]
    present: tuple[float, ...]
    recovering: tuple[float, ...]
    gone: tuple[float, ...]
    sent: tuple[float, ...]
    losses: tuple[float, ...]


def first_day(claim: Claim) -> float:
    """The day of the first loss."""
    return claim.start if claim.prelude is None else claim.prelude.start


def fighting(claim: Claim, day: float) -> float:
    """What the calendar says of a day's intensity, 1 being the fighting that is counted.

    The rate behind the count is what it is, so that a pause before the day of the count is in it.
    """
    if claim.prelude is not None and day < claim.start:
        return claim.prelude.intensity
    paused = [p.intensity for p in claim.pauses if claim.as_of <= day and p.start <= day < p.end]
    stepped = [factor for since, factor in claim.steps if max(since, claim.as_of) <= day]
    return math.prod(paused + stepped)


def rate_of(claim: Claim) -> float:
    """Losses on a day of full intensity, up to the count."""
    days = claim.as_of - claim.start
    if claim.prelude is not None:
        days += claim.prelude.intensity * (claim.start - claim.prelude.start)
    return claim.count / days


class Walker:
    """Where the walk has come to."""

    def __init__(self, claim: Claim, sent: float) -> None:
        self.claim = claim
        self.rate, self.force = rate_of(claim), claim.size
        self.now = first_day(claim)
        self.sent = self.present = sent
        self.gone = self.losses = 0.0
        self.stages = [0.0] * claim.wounded.stages
        self.at_count = math.nan  # the strength on the day of the count, known from then on
        self.spell, self.on_line, self.spell_end, self.spell_limit = 0, True, math.inf, math.inf
        self.crossings = [math.inf] * len(claim.thresholds)
        self.series = [self.row()]

    def row(self) -> tuple[float, ...]:
        recovering = sum(self.stages)
        return self.now, self.present, recovering, self.gone, self.sent, self.losses

    def level(self, day: float) -> float:
        """All of the rate that stays the same between two changes."""
        claim, counted = self.claim, self.rate * fighting(self.claim, day)
        if day < claim.as_of:
            return counted
        spell = claim.spells[self.spell]
        turn = spell.intensity if self.on_line else spell.rest_intensity
        drift = claim.drift[min(int(day - claim.as_of), len(claim.drift) - 1)]
        return counted * claim.multiplier * math.exp(drift) * turn

    def slopes(self, day: float, level: float, state: list[float]) -> list[float]:
        """What present, gone, losses and each stage gain a day."""
        claim, ill, rate = self.claim, self.claim.wounded, level
        if self.now >= claim.as_of:
            rate *= math.exp(claim.trend_per_week * (day - claim.as_of) / 7)
            if claim.strength_exponent:
                rate *= (max(state[0], 0.0) / self.at_count) ** claim.strength_exponent
        into = rate * ill.share * ill.return_share
        through = [into, *(men * ill.stages / ill.return_days for men in state[3:])]
        return [through[-1] - rate, rate - into, rate, *(a - b for a, b in pairwise(through))]

    def after(self, h: float) -> list[float]:
        """One midpoint step, not yet taken."""
        level = self.level(self.now + h / 2)
        state = [self.present, self.gone, self.losses, *self.stages]
        half = [y + h / 2 * d for y, d in self.paired(state, self.now, level, state)]
        if half[0] <= 0:  # the last men, who might otherwise be approached for ever
            half = state
        return [y + h * d for y, d in self.paired(state, self.now + h / 2, level, half)]

    def paired(
        self, state: list[float], day: float, level: float, at: list[float]
    ) -> list[tuple[float, float]]:
        return list(zip(state, self.slopes(day, level, at), strict=True))

    def missing(self) -> list[float]:
        """How far each threshold is; not positive once it has been crossed."""
        if self.claim.counting == "strength" or self.claim.size_as_of is not None:
            return [self.present - (1 - q) * self.force for q in self.claim.thresholds]
        return [q * self.sent - self.losses for q in self.claim.thresholds]

    def advance(self, then: float) -> None:
        """One step, cut short on the day the losses of a spell reach their limit."""
        before, ahead, then = self.now, self.missing(), min(then, self.spell_end)
        state = self.after(then - before)
        worn_out = state[2] >= self.spell_limit
        if worn_out:
            then = before + (then - before) * (self.spell_limit - self.losses) / (
                state[2] - self.losses
            )
            state = self.after(then - before)
        self.now = then
        self.present, self.gone, self.losses, *self.stages = state
        self.series.append(self.row())
        for i, (far, left) in enumerate(zip(ahead, self.missing(), strict=True)):
            if self.crossings[i] == math.inf and left <= 0:
                self.crossings[i] = before + (then - before) * far / (far - left)
        if worn_out or then == self.spell_end:
            self.turn()

    def turn(self) -> None:
        """From the line to rest, or from rest into the next spell."""
        if self.on_line:
            self.on_line, self.spell_limit = False, math.inf
            self.spell_end = self.now + self.claim.spells[self.spell].rest_days
        else:
            self.spell += 1
            self.begin_spell()

    def begin_spell(self) -> None:
        self.on_line, self.spell_end, self.spell_limit = True, math.inf, math.inf
        if self.spell + 1 < len(self.claim.spells):  # the last one does not end
            spell = self.claim.spells[self.spell]
            self.spell_end = self.now + spell.line_days
            self.spell_limit = self.losses + spell.at_loss_share * self.force

    def arrive(self) -> None:
        """Whatever happens at this instant."""
        new = sum(r.size for r in self.claim.reinforcements if r.day == self.now)
        if new:
            self.sent, self.present = self.sent + new, self.present + new
            self.series.append(self.row())
        if self.now == self.claim.as_of:
            self.at_count = self.present
            self.begin_spell()


def march(walker: Walker, last: float, step: float) -> None:
    """Walk until ``last``, or the day on which every threshold has been crossed."""
    claim = walker.claim
    stops = {claim.start, claim.as_of, last, *(r.day for r in claim.reinforcements)}
    stops |= {since for since, _ in claim.steps}
    stops |= {day for pause in claim.pauses for day in (pause.start, pause.end)}
    stops |= {claim.as_of + i for i in range(1, len(claim.drift))}
    for stop in sorted(day for day in stops if walker.now <= day <= last):
        while walker.now < stop and math.inf in walker.crossings:
            walker.advance(min(walker.now + step, stop))
        if walker.now == stop:
            walker.arrive()


def sent_at_first(claim: Claim, step: float) -> float:
    """The force before any reinforcement; by trial and error, where it is known on a day only."""
    if claim.size_as_of is None:
        return claim.size

    def present(sent: float) -> float:
        walker = Walker(claim, sent)
        march(walker, max(claim.size_as_of or claim.start, claim.start), step)
        return walker.present

    low = high = claim.size
    while present(high) < claim.size:
        high += claim.size
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if present(middle) < claim.size else (low, middle)
    return high


def walk(claim: Claim, *, step: float, days: float) -> Path:
    """Walk until ``days``, or the day on which every threshold has been crossed."""
    walker = Walker(claim, sent_at_first(claim, step))
    march(walker, days, step)
    return Path(tuple(walker.crossings), *zip(*walker.series, strict=True))
