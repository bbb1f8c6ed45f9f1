"""What differs by the road to a date."""

from __future__ import annotations

from typing import TypeVar

from simulate.engine.shape import Road

T = TypeVar("T")


def by_road(*, straight: T, bent: T, walks: T) -> dict[Road, T]:
    """A value for each road; all that walk, from day to day or event to event, have the same."""
    return {"straight": straight, "bent": bent, "drift": walks, "events": walks, "daily": walks}
