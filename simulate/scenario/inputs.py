"""The uncertain numbers and dates of a scenario: their paths, laws, sources, days and limits."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, Self

from msgspec import Struct
from pydantic import ValidationError

from simulate.scenario.distributions import NOT_NEGATIVE, Distribution, Holds, Limits, held_by
from simulate.scenario.stocks import LARGEST_AMOUNT
from simulate.scenario.values import (
    CALENDAR,
    FIRST_DATE,
    LAST_DATE,
    Block,
    Contradiction,
    Day,
    Sourced,
    fail,
    reading,
    shown,
)

FURTHEST_LEVEL = 2.0**-53
"""No draw comes nearer to 0 or 1, so quantiles at this level are the furthest values possible."""

_NARROWER = {
    "pauses.days": NOT_NEGATIVE,
    # Of the log-rate; at 10 the rate of 90 days is often 20,000 times that of the 90 before.
    "rate.reference.sd": (0.0, 10.0),
}
"""Limits of single inputs, by their paths without numbers, in place of those of their fields."""

_ABOVE_ZERO = (
    "force.usable",
    "rate.drift.correlation_days",
    "rate.reference.sd",
    "wounded.return_days",
    "rotation.line_days",
    "rotation.at_loss_share",
)


class Said(NamedTuple):
    """What a file says about where a value comes from; each may be empty."""

    source: str = ""
    url: str = ""
    notes: str = ""

    def nearer(self, block: Sourced) -> Self:
        """What holds inside a block: its own words, or those of the blocks around it."""
        # A URL belongs to the source beside it.
        url = block.url or ("" if block.source else self.url)
        return type(self)(block.source or self.source, url, block.notes or self.notes)


NOT_SAID = Said()


class Input(Struct, frozen=True):
    """One uncertain number or date, named by its path in the file.

    Where each draw follows one of several claims, `followed` holds their laws, and `distribution`
    is the mixture of them. A rate is so much `per` unit of time. All values must lie within the
    `limits`. The `label` is that of the block it is in.
    """

    name: str
    distribution: Distribution
    said: Said = NOT_SAID
    followed: tuple[Distribution, ...] = ()
    per: str = ""
    limits: Limits | None = None
    label: str = ""

    @property
    def source(self) -> str:
        """Who published it, in words."""
        return self.said.source


def inputs_of(block: Block, prefix: str = "", said: Said = NOT_SAID) -> Iterator[Input]:
    """Every distribution in a block and the blocks within it, in the order of the fields."""
    for name, attribute, held in _fields_of(type(block)):
        value = getattr(block, attribute)
        parts = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for number, part in parts:
            path = f"{prefix}{name}" if number is None else f"{prefix}{name}[{number}]"
            here = said.nearer(part) if isinstance(part, Sourced) else said
            if isinstance(part, Distribution):
                per = getattr(block, "per", "") if held.kind == "rate" else ""
                label = getattr(block, "label", "")
                yield Input(path, part, here, per=per, limits=held.limits, label=label)
            elif isinstance(part, Block) and part.has_inputs:
                yield from inputs_of(part, f"{path}.", here)


@cache
def _fields_of(block: type[Block]) -> tuple[tuple[str, str, Holds], ...]:
    """The key of each field, its name in Python, and what it holds."""
    return tuple(
        (key, name, held_by(field.annotation, *field.metadata) or Holds())
        for (key, field), name in zip(block.by_key().items(), block.model_fields, strict=True)
    )


def earliest_day(item: Input) -> dt.date:
    """The earliest day that an input can be."""
    return _calendar_day(float(item.distribution.ppf(FURTHEST_LEVEL)), item.name)


def latest_day(distribution: Distribution, name: str) -> dt.date:
    """The latest day that a distribution can give."""
    return _calendar_day(float(distribution.isf(FURTHEST_LEVEL)), name)


def _calendar_day(day: float, name: str) -> dt.date:
    if Day.of(FIRST_DATE) <= day < Day.of(LAST_DATE) + 1.0:
        return Day(day).date
    hint = "cut it off with min and max"
    raise fail(f"{name} can fall outside {CALENDAR}", hint=hint, at=name)


def out_of_range(inputs: Iterable[Input]) -> Iterator[Contradiction]:
    """Inputs with values that they cannot have."""
    for item in inputs:
        key = re.sub(r"\[\d+\]", "", item.name)
        if key in _ABOVE_ZERO:
            yield from _above_zero(item.distribution, item.name)
        if (limits := _NARROWER.get(key, item.limits)) is not None:
            yield from within(item.distribution, *limits, item.name)


def not_too_large(law: Distribution, at: str) -> Iterator[Contradiction]:
    """A law whose values could leave the range of floats."""
    if not law.isf(FURTHEST_LEVEL) < LARGEST_AMOUNT:
        possible = cut_off(law, high=0.99 * LARGEST_AMOUNT)
        hint = "cut it off with max, the most it can be" if possible else ""
        yield Contradiction(at, f"{at} can be too large", hint)


def cut_off(law: Distribution, low: float = -math.inf, high: float = math.inf) -> str:
    """The hint to cut a law off, if some of it would be left."""
    if law.is_constant:
        return ""
    elsewhere = "give it other values or another family, with no value outside"
    needed = {"min": low} if law.support[0] < low else {}
    needed |= {"max": high} if law.support[1] > high else {}
    try:
        with reading("number"):
            written = law.model_dump(mode="json", exclude_none=True)
            cut = type(law).model_validate({**written, **needed})
    except ValidationError:
        return elsewhere
    if not low <= cut.support[0] <= cut.support[1] <= high:
        return elsewhere
    return f"cut it off with {' and '.join(f'{name}: {end:g}' for name, end in needed.items())}"


def _above_zero(law: Distribution, at: str) -> Iterator[Contradiction]:
    yield from not_too_large(law, at)
    if not law.ppf(FURTHEST_LEVEL) > 0:
        hint = cut_off(law, low=1.0 if law.support[1] > 1.0 else 0.001)
        yield Contradiction(at, f"{at} must be above 0 {_found(law)}", hint)


def within(law: Distribution, low: float, high: float, at: str) -> Iterator[Contradiction]:
    """A law of which a draw can lie outside `low` to `high`."""
    if high == math.inf:
        yield from not_too_large(law, at)
    least = max(law.support[0], float(law.ppf(FURTHEST_LEVEL)))
    most = min(law.support[1], float(law.isf(FURTHEST_LEVEL)))
    if not low <= least <= most <= high:
        wanted = f"between {low:g} and {high:g}" if high < math.inf else f"at least {low:g}"
        hint = cut_off(law, low, high)
        if law.is_constant and high == 1 < most <= 100:
            hint = "a share is 1 at most; 90 % is 0.9"
            if most >= 2:  # 1.2 need not be a percentage
                hint = f"write {most / 100:g}, a share instead of a percentage"
        yield Contradiction(at, f"{at} must be {wanted} {_found(law)}", hint)


def _found(law: Distribution) -> str:
    return f"(found {shown(law.support[0])})" if law.is_constant else "in every simulation"
