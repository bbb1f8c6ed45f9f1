"""Names that are not known, and those that were probably meant."""

from __future__ import annotations

from collections.abc import Iterable

INFLOWS = (
    *("production", "output", "income", "revenue", "revenues", "inflows", "imports"),
    *("recruits", "recruitment", "recruiting", "contributions", "interest", "rain", "rainfall"),
)
"""Other words for an inflow."""


def closest(name: object, known: Iterable[str]) -> str | None:
    """The name that was probably meant, None where none is near."""
    names = list(known)
    if name in INFLOWS and "inflow" in names:
        return "inflow"
    from difflib import get_close_matches

    return next(iter(get_close_matches(str(name), names, n=1, cutoff=0.6)), None)


def did_you_mean(name: object, known: Iterable[str], within: str = "") -> str:
    """A hint for a name that is not known; `within` is the path of the block it is a key of."""
    names = list(known)
    if (close := closest(name, names)) is not None:
        return f"did you mean {f'{within}.{close}' if within else close}?"
    return f"known here: {', '.join(names)}" if names else ""
