"""What differs between two results, as trees of plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from msgspec import Struct

ABSENT = object()
"""Marks a value missing from one of the trees."""

_NOT_COMPARED = frozenset({"run.versions"})


class Difference(Struct, frozen=True):
    """One value that differs, by its path, such as `outcomes[0].median.day`."""

    path: str
    old: Any
    new: Any

    @property
    def days(self) -> float | None:
        """Difference in days, for a day."""
        if not self.path.endswith((".day", ".days")):
            return None
        if not isinstance(self.old, int | float) or not isinstance(self.new, int | float):
            return None
        return abs(self.new - self.old)


class Differences(Struct, frozen=True):
    """Two results side by side, except for the versions of programs."""

    n_values: int
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, old: Mapping[str, Any], new: Mapping[str, Any]) -> Differences:
        """Compare two results."""
        pairs = list(_pairs(old, new, ""))
        return cls(len(pairs), tuple(pair for pair in pairs if not _same(pair.old, pair.new)))

    @property
    def largest_days(self) -> float | None:
        """The largest difference of a day, None where none differs."""
        return max((d.days for d in self.differences if d.days is not None), default=None)


def _pairs(old: Any, new: Any, path: str) -> Iterator[Difference]:
    """Every value of two trees, each with its counterpart."""
    if path in _NOT_COMPARED:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            inner = f"{path}.{key}" if path else key
            yield from _pairs(old.get(key, ABSENT), new.get(key, ABSENT), inner)
    elif isinstance(old, list) and isinstance(new, list):
        for i, (one, other) in enumerate(zip_longest(old, new, fillvalue=ABSENT)):
            yield from _pairs(one, other, f"{path}[{i}]")
    else:
        yield Difference(path, old, new)


def _same(old: Any, new: Any) -> bool:
    # True equals 1 in Python, but not in JSON.
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)
