"""Where the values of an input must lie."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from simulate.scenario.distributions import NOT_NEGATIVE, Distribution
from simulate.scenario.inputs import FURTHEST_LEVEL, Input
from simulate.scenario.stocks import LARGEST_AMOUNT
from simulate.scenario.values import Contradiction, reading, shown

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
