"""Labels that stand beside vertical lines like flags on poles, on as few rows as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pole:
    """A vertical line at `x` whose label, `width` inches wide, stands at its right."""

    x: float
    width: float


def needed_end(poles: Sequence[Pole], start: float, end: float, inches: float) -> float:
    """Where an axis that starts at `start` and is `inches` long must end for all labels to fit.

    At least `end`; the labels keep their width in inches while the axis is stretched.
    """
    ends = (start + (pole.x - start) / max(1 - pole.width / inches, 0.3) for pole in poles)
    return max([end, *ends])


def rows(poles: Sequence[Pole], units_per_inch: float) -> list[int]:
    """Row of each label, counted upwards from 0, so that no label touches another label or a line.

    Each line reaches up to its own label, so a label must be above all whose lines it would cross.
    """
    order = sorted(range(len(poles)), key=lambda index: poles[index].x, reverse=True)
    found = [0] * len(poles)
    for place, index in enumerate(order):
        pole = poles[index]
        crossed = [
            found[other]
            for other in order[:place]
            if poles[other].x <= pole.x + pole.width * units_per_inch
        ]
        found[index] = max(crossed, default=-1) + 1
    return found
