"""Names that are not known, those that were probably meant, and what no text holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

INFLOWS = (
    *("production", "output", "income", "revenue", "revenues", "inflows", "imports"),
    *("recruits", "recruitment", "recruiting", "contributions", "interest", "rain", "rainfall"),
)
"""Other words for an inflow."""


def has_surrogate(text: str) -> bool:
    """Whether a text holds half of a surrogate pair, which no file can."""
    return not text.isascii() and re.search(r"[\ud800-\udfff]", text) is not None


def closest(name: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The name that was probably meant, None where none is near by the measure of difflib."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(name), list(known), n=1, cutoff=cutoff)), None)


def any_of(names: Iterable[str]) -> str:
    """Names as a choice: `a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """A hint for a name that is not known."""
    names = list(known)
    inside = [one for one in names if one.endswith(f".{name}")]  # of count, losses.count
    if (close := inside[0] if len(inside) == 1 else closest(name, names)) is not None:
        return f"did you mean {close}?"
    return f"known here: {', '.join(names)}" if names else ""
