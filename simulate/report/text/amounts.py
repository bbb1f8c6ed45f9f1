"""Uncertain numbers in running text: as many digits as "about" bears, large ones in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulate.report.text import wording
from simulate.report.text.nouns import unit_of
from simulate.scenario.numerals import exact, stated_about

_THOUSAND = 1000
_NEAR = 0.15
"""How far both ends may be from the middle, as a share of it, for it to be "about" that."""


def middle(values: Sequence[float]) -> float:
    """The middle one."""
    return values[len(values) // 2]


def amount(values: Sequence[float]) -> str:
    """`3,800`, `about 3,400`: the middle one of increasing values."""
    if not values:
        return ""
    spread = max(values) - min(values)
    shown = stated_about(middle(values), spread)
    return f"about {shown.removesuffix('.0')}" if spread else shown


def is_wide(values: Sequence[float]) -> bool:
    """Whether the ends of increasing values are too far from the middle one for "about"."""
    center = middle(values)
    return max(values[-1] - center, center - values[0]) > _NEAR * center


def extent(values: Sequence[float]) -> str:
    """As `amount`, but `25 to 40`, `0.40 to 0.76`, `up to 70`, where the range is wide."""
    if not values or not is_wide(values):
        return amount(values)
    ends = [brief(values[0]), brief(values[-1])]
    if values[0] <= 0:
        return f"up to {ends[1]}"
    decimals = [end.partition(".")[2] for end in ends]
    if all(map(str.isdecimal, decimals)):  # as many in both
        most = max(map(len, decimals))
        ends = [end + "0" * (most - len(part)) for end, part in zip(ends, decimals, strict=True)]
    return " to ".join(ends)


def brief(value: float) -> str:
    """At most three digits of a number: `11,600`, `48`, `3.65 billion`."""
    name, unit = next(((n, u) for n, u in wording.LARGE.items() if value >= u), ("", 1.0))
    return f"{exact(float(f'{value / unit:.3g}'))} {name}".rstrip() if value > 0 else "none"


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
