"""What departs from the straight line: prelude, rate, pauses, reinforcements, ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from simulate.scenario.distributions import Distribution, Quantity, When
from simulate.scenario.values import Line, Sourced

if TYPE_CHECKING:
    from simulate.scenario.model import Scenario


class Prelude(Sourced):
    """Smaller fighting before the losses began in earnest."""

    start: When = Field(description="The day the smaller fighting began.")
    intensity: Quantity = Field(description="Its rate of loss relative to the later one, 0 to 1.")


class Rate(Sourced):
    """How the rate of loss goes on after the day of the count."""

    multiplier: Quantity | None = Field(
        None, description="The later rate relative to the one behind the count; 1 where left out."
    )
    trend_per_week: Quantity | None = Field(
        None, description="Growth of the rate per week after the count; -0.05 falls by about 5 %."
    )
    strength_exponent: Quantity | None = Field(
        None,
        description="How the rate follows the strength present: 0 not at all, 1 in proportion.",
    )


class Pause(Sourced):
    """A period of less fighting."""

    start: When = Field(description="First day of the pause.")
    days: Quantity = Field(description="Its length.")
    intensity: Quantity | None = Field(
        None,
        description="Rate of loss during the pause relative to the one outside; 0 if left out.",
    )


class Reinforcement(Sourced):
    """Men or stock that arrive."""

    date: When = Field(description="The day of arrival.")
    size: Quantity = Field(description="How many arrive.")


class End(Sourced):
    """An event that stops the clock, such as a withdrawal or a ceasefire."""

    label: Line = Field(description="What it is; results name it as a cause of 'never'.")
    date: When = Field(description="The day it happens, if it does.")
    probability: Quantity | None = Field(
        None, description="Probability that it happens at all; certain where left out."
    )


class Contradiction(NamedTuple):
    """Something that cannot be meant: at which key, what, and a way out."""

    at: str
    message: str
    hint: str = ""


def contradictions(scenario: Scenario) -> Iterator[Contradiction]:
    """What is wrong between the dynamics and the rest of a scenario, judged by ranges."""
    start = scenario.losses.start
    if scenario.prelude is not None:
        if scenario.prelude.start.support[0] >= start.support[1]:
            yield Contradiction("prelude.start", "prelude.start is not before losses.start")
        yield from _within(scenario.prelude.intensity, 0.0, 1.0, "prelude.intensity")
    if scenario.rate is not None:
        for name in ("multiplier", "strength_exponent"):
            law = getattr(scenario.rate, name)
            if law is not None:
                yield from _within(law, 0.0, float("inf"), f"rate.{name}")
    yield from _pauses(scenario)
    for i, arrival in enumerate(scenario.reinforcements):
        at = f"reinforcements[{i}]"
        if arrival.date.support[1] < start.support[0]:
            yield Contradiction(
                f"reinforcements.{i}.date",
                f"{at} arrives before losses.start",
                "count it in force.size instead",
            )
        yield from _within(
            arrival.size, 0.0, float("inf"), f"{at}.size", f"reinforcements.{i}.size"
        )
    for i, end in enumerate(scenario.ends):
        if end.date.support[1] < start.support[0]:
            yield Contradiction(f"ends.{i}.date", f"ends[{i}] lies before losses.start")
        if end.probability is not None:
            yield from _within(
                end.probability, 0.0, 1.0, f"ends[{i}].probability", f"ends.{i}.probability"
            )
    if scenario.force.as_of is not None and (scenario.prelude or scenario.reinforcements):
        yield Contradiction(
            "force.as_of",
            "force.as_of cannot be combined with prelude or reinforcements",
            "give force.size as all who were sent at losses.start",
        )
    labels = [end.label for end in scenario.ends]
    for label in {label for label in labels if labels.count(label) > 1}:
        yield Contradiction("ends", f'two ends have the label "{label}"')


def _pauses(scenario: Scenario) -> Iterator[Contradiction]:
    for i, pause in enumerate(scenario.pauses):
        at = f"pauses[{i}]"
        yield from _within(pause.days, 0.0, float("inf"), f"{at}.days", f"pauses.{i}.days")
        if pause.intensity is not None:
            yield from _within(
                pause.intensity, 0.0, float("inf"), f"{at}.intensity", f"pauses.{i}.intensity"
            )
        if i:
            before = scenario.pauses[i - 1]
            if pause.start.support[0] < before.start.support[1] + before.days.support[1]:
                yield Contradiction(
                    f"pauses.{i}.start",
                    f"{at} can overlap the pause before it",
                    "list pauses in the order of time, with room between them",
                )
        if pause.start.support[1] < scenario.losses.as_of.support[0]:
            yield Contradiction(
                f"pauses.{i}.start",
                f"{at} begins before the day of the count; the rate behind the count holds it already",
            )


def _within(
    law: Distribution, low: float, high: float, name: str, at: str = ""
) -> Iterator[Contradiction]:
    lowest, highest = law.support
    if not low <= lowest <= highest <= high:
        wanted = f"between {low:g} and {high:g}" if high < float("inf") else f"at least {low:g}"
        yield Contradiction(
            at or name, f"{name} must be {wanted} in every draw", "cut it off with min and max"
        )
