"""Uncertain numbers in running text: as many digits as "about" bears, large ones in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from simulate.report.text import wording
from simulate.scenario.nouns import unit_of
from simulate.scenario.numerals import exact, stated_about

_THOUSAND = 1000
_STATED = 6
"""Digits of a number that is given as it was stated."""
_NEAR = 0.15
"""How far both ends may be from the middle, as a share of it, for it to be "about" that."""


def middle(values: Sequence[float]) -> float:
    """The median of increasing values."""
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def amount(values: Sequence[float]) -> str:
    """`3,800`, `about 3,400`: the middle one of increasing values."""
    if not values:
        return ""
    spread = max(values) - min(values)
    shown = stated_about(middle(values), spread)
    return f"about {shown.removesuffix('.0')}" if spread else shown


def is_wide(values: Sequence[float]) -> bool:
    """Whether the ends of increasing values are too far from the middle one for "about".

    Two values with none between them are a range.
    """
    center = middle(values)
    if len(values) == 2:
        return values[0] < values[1]
    return max(values[-1] - center, center - values[0]) > _NEAR * center


def extent(values: Sequence[float]) -> str:
    """As `amount`, but `25 to 40`, `0.40 to 0.76`, `up to 70`, where the range is wide.

    What is likeliest at one of its ends is `just over` or `just under` that.
    """
    if not values or not is_wide(values):
        return _beside_an_end(values) or amount(values)
    # The ends of a range are those of a source, unless they are the result of a division.
    is_stated = not values[2:] and all(round(each, 2) == each for each in values)
    digits = _STATED if is_stated else 3
    ends = [brief(values[0], digits), brief(values[-1], digits)]
    if values[0] <= 0:
        return f"up to {ends[1]}"
    decimals = [end.partition(".")[2] for end in ends]
    if all(map(str.isdecimal, decimals)):  # as many in both
        most = max(map(len, decimals))
        ends = [end + "0" * (most - len(part)) for end, part in zip(ends, decimals, strict=True)]
    return " to ".join(ends)


def _beside_an_end(values: Sequence[float]) -> str:
    """`just over 410`, `just under 500`: one of the ends is also all that lies between them."""
    if not values[3:] or values[1] < values[-2] or values[0] == values[-1]:
        return ""
    return f"just {'over' if values[0] == values[1] else 'under'} {brief(values[1], _STATED)}"


def bare(shown: str) -> str:
    """A number without `about` or `just over`."""
    return re.sub(r"^(?:about|just \w+) ", "", shown)


def brief(value: float, digits: int = 3) -> str:
    """At most so many digits of a number: `11,600`, `48`, `3.65 billion`."""
    name, unit = next(((n, u) for n, u in wording.LARGE.items() if value >= u), ("", 1.0))
    return f"{exact(float(f'{value / unit:.{digits}g}'))} {name}".rstrip() if value > 0 else "none"


def percent(share: float) -> str:
    """`1.3 %`, `103 %`: two digits, or whole ones."""
    return f"{exact(float(f'{100 * share:.{3 if share >= 1 else 2}g}'))} %"


def percents(values: Sequence[float]) -> str:
    """`about 55 %`, `30 to 120 %`, `up to 3.2 %`, of increasing shares."""
    if not is_wide(values):
        return f"{'about ' if values[0] < values[-1] else ''}{percent(middle(values))}"
    low = f"{percent(values[0]).removesuffix(' %')} to" if values[0] > 0 else "up to"
    return f"{low} {percent(values[-1])}"


def figure(
    values: Sequence[float], unit: str, said: Callable[[Sequence[float]], str] = amount
) -> tuple[str, str]:
    """`amount` or `extent`, from a million on in words, and the rest of the unit.

    `about 6.4 billion`, `dollars`; `about 1`, `tank`.
    """
    size, _, rest = unit.partition(" ")
    units, of = (wording.LARGE[size], rest) if size in wording.LARGE and rest else (1.0, unit)
    value = middle(values) * units
    name = next((name for name, least in wording.LARGE.items() if value >= least), "")
    if not name or value < _THOUSAND * units:
        plain = f"{said(values)}{f' {size}' if of != unit else ''}"
        return plain, unit_of(plain, of)
    shown = [each * units / wording.LARGE[name] for each in values]
    if shown[0] != shown[-1]:
        return f"{said(shown)} {name}", of
    rounded = exact(float(f"{shown[0]:.3g}"))
    is_exact = float(rounded.replace(",", "")) == shown[0]
    return f"{'' if is_exact else 'about '}{rounded} {name}", of
