"""The words that choose what is known and what else is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulate.errors import Problem, ScenarioError
from simulate.scenario.values import INFLOWS, closest, shown

KNOWN = {
    "count": "{w.losses} up to some day, such as 3800 by 16 January",
    "rate": "{w.losses} per day, week, month or year, such as 92 a day",
    "left": "what was left on two dates",
    "supply": "for how many days what is left will last",
    "file": "counts of several dates, in a CSV file",
}
KNOWN_TOO = {
    **dict.fromkeys(("pace", "speed", "per day"), "rate"),
    **dict.fromkeys(("total", "toll", "sum"), "count"),
    **dict.fromkeys(("remaining", "rest"), "left"),
    **dict.fromkeys(("days", "supplies"), "supply"),
    **dict.fromkeys(("csv", "table", "series"), "file"),
}
"""Other words for what is known."""
TOPICS = {
    "inflow": "what comes in evenly: {asked.inflow}",
    "arrivals": "what arrives at once on a date",
    "outflows": "what is taken at once on a date",
    "floor": "what cannot be used",
    "usable": "the share that can be used",
    "season": "how the rate differs from month to month",
    "trend": "how the rate grows or falls",
    "report": "another report of {w.the_losses}, by another source",
    "pauses": "a period in which the rate is lower",
    "ends": "what could end {w.the_losses}, such as a ceasefire",
    "observed": "counts published later, to compare with the result",
    "shares": "for which shares or amounts you want dates; now 30, 50 and 100 %",
    "question": "the question that the scenario answers, in words",
    "published": "when others say it will happen, to be checked",
    "horizon": "the last date that matters",
}
"""What is asked only where it is wanted; the names are answers to `more`."""
LISTS = {
    "inflow": "inflow",
    "arrivals": "reinforcements",
    "outflows": "outflows",
    "report": "losses.claims",
    "pauses": "pauses",
    "ends": "ends",
    "observed": "observed",
    "published": "published",
}
"""The topics that can be wanted more than once, and the lists of the file that they fill."""
TOPICS_TOO = {
    **dict.fromkeys((*INFLOWS, "supply"), "inflow"),
    **dict.fromkeys(("arrival", "reinforcements", "reinforcement", "deliveries"), "arrivals"),
    **dict.fromkeys(("outflow", "withdrawals", "payments"), "outflows"),
    **dict.fromkeys(("seasons", "seasonal"), "season"),
    **dict.fromkeys(("growth", "trends"), "trend"),
    **dict.fromkeys(("thresholds", "amounts"), "shares"),
    **dict.fromkeys(("reports", "claim", "claims", "source", "sources"), "report"),
    **dict.fromkeys(("pause", "breaks"), "pauses"),
    **dict.fromkeys(("end", "ceasefire", "truce"), "ends"),
    "reserve": "floor",
}
"""Other words for the topics."""


def offered(answers: Mapping[str, str]) -> Mapping[str, str]:
    """The topics that go with what is known."""
    others = () if answers.get("known") in ("count", "rate") else ("report",)
    return {topic: text for topic, text in TOPICS.items() if topic not in others}


def wanted(answers: Mapping[str, str]) -> Iterator[str]:
    """The topics in all answers to `more`, in their order."""
    return (topic for key in answers if key.startswith("more") for topic in answers[key].split())


def chosen(key: str, text: str, *choices: str, meant: str = "") -> str:
    """One of the choices; `meant` is the choice that another word for it means.

    Raises
    ------
    ScenarioError
        If the text is none of the choices.
    """
    if (found := text.lower()) in choices:
        return found
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
    near = closest(found, choices)
    hint = f"write {meant}" if meant else f"did you mean {near}?" if near else ""
    raise ScenarioError(Problem(f"{key} must be {listed} (found {shown(text)})", hint=hint))
