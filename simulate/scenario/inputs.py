"""The uncertain numbers and dates of a scenario: their paths, laws, sources and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, Self

from msgspec import Struct

from simulate.scenario.distributions import Distribution, Holds, Limits, held_by
from simulate.scenario.values import CALENDAR, FIRST_DATE, LAST_DATE, Block, Day, Sourced, fail

FURTHEST_LEVEL = 2.0**-53
"""No draw comes nearer to 0 or 1, so quantiles at this level are the furthest values possible."""


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
    `limits`.
    """

    name: str
    distribution: Distribution
    said: Said = NOT_SAID
    followed: tuple[Distribution, ...] = ()
    per: str = ""
    limits: Limits | None = None

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
                yield Input(path, part, here, per=per, limits=held.limits)
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
