"""The mood of the verbs: what would happen, or would have happened, since it is past."""

from __future__ import annotations

from collections.abc import Sequence

from simulate.analysis.summary import Depletion
from simulate.scenario.words import perfect


def would(of: Depletion, does: str, how: str = "") -> str:
    """`would be lost`, `would not fall to 600`; `would have been lost` of what is past.

    What would `already` have happened is past as well.
    """
    is_past = of.mood != "open" or how == "already"
    return " ".join(filter(None, ("would", how, perfect(does) if is_past else does)))


def happens(of: Depletion, does: str = "happen", *, never: bool = False) -> str:
    """`happens`, `does not happen`; of what is past `would have happened`."""
    if of.mood != "open":
        return would(of, does, "not" if never else "")
    return f"does not {does}" if never else f"{does}s"


def supposed(of: Depletion, condition: str) -> str:
    """`had the losses gone on at about 92 soldiers a day`, where they have ended."""
    gone_on = f"had {of.words.the_losses} gone on"
    if of.mood != "ended":
        return condition
    if condition.startswith("at "):
        return f"{gone_on} {condition}"
    return ", ".join(filter(None, (condition, gone_on)))


def most_open(outcomes: Sequence[Depletion]) -> Depletion:
    """The outcome whose mood suits all of several: what may still happen in one is not past."""
    return next((each for each in outcomes if each.mood == "open"), outcomes[0])
