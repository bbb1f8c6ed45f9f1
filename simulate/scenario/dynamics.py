"""What departs from the straight line: prelude, rate, pauses, reinforcements, ends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from simulate.scenario.distributions import Distribution, Quantity, When
from simulate.scenario.values import Line, Sourced, shown

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


OTHER_CAUSES = ("horizon", "no positive loss rate")
"""Causes of "never" beside the labels of the ends."""


class Contradiction(NamedTuple):
    """Something that cannot be meant: at which key, what, and a way out."""

    at: str
    message: str
    hint: str = ""


def contradictions(scenario: Scenario) -> Iterator[Contradiction]:
    """What is wrong between the dynamics and the rest of a scenario, judged by ranges."""
    yield from _prelude(scenario)
    yield from _rate(scenario)
    yield from _pauses(scenario)
    yield from _reinforcements(scenario)
    yield from _ends(scenario)


def _prelude(scenario: Scenario) -> Iterator[Contradiction]:
    prelude = scenario.prelude
    if prelude is None:
        return
    if prelude.start.support[0] >= scenario.losses.start.support[1]:
        yield Contradiction(
            "prelude.start",
            "prelude.start is not before losses.start in any draw",
            "a prelude lasts from prelude.start to losses.start",
        )
    yield from _within(prelude.intensity, 0.0, 1.0, "prelude.intensity")


def _rate(scenario: Scenario) -> Iterator[Contradiction]:
    if scenario.rate is not None:
        for name in ("multiplier", "strength_exponent"):
            yield from _within(getattr(scenario.rate, name), 0.0, math.inf, f"rate.{name}")


def _pauses(scenario: Scenario) -> Iterator[Contradiction]:
    for i, pause in enumerate(scenario.pauses):
        at = f"pauses[{i}]"
        yield from _within(pause.days, 0.0, math.inf, f"{at}.days")
        yield from _within(pause.intensity, 0.0, math.inf, f"{at}.intensity")
        if pause.start.support[1] < scenario.losses.as_of.support[0]:
            yield Contradiction(
                f"{at}.start",
                f"{at} begins before losses.as_of",
                "the rate behind the count holds what happened before; leave the pause out",
            )
    for i, (before, after) in enumerate(itertools.pairwise(scenario.pauses)):
        if after.start.support[0] < before.start.support[1] + before.days.support[1]:
            yield Contradiction(
                f"pauses[{i + 1}].start",
                f"pauses[{i + 1}] can overlap the pause before it",
                "list pauses in the order of time, with room between them",
            )


def _reinforcements(scenario: Scenario) -> Iterator[Contradiction]:
    for i, arrival in enumerate(scenario.reinforcements):
        at = f"reinforcements[{i}]"
        yield from _within(arrival.size, 0.0, math.inf, f"{at}.size")
        if arrival.date.support[1] < scenario.losses.start.support[0]:
            yield Contradiction(
                f"{at}.date",
                f"{at} arrives before losses.start",
                "count it in force.size instead",
            )
    if scenario.force.as_of is not None and (scenario.prelude or scenario.reinforcements):
        yield Contradiction(
            "force.as_of",
            "force.as_of cannot be combined with prelude or reinforcements",
            "give force.size as all who were sent at losses.start",
        )


def _ends(scenario: Scenario) -> Iterator[Contradiction]:
    labels = [end.label for end in scenario.ends]
    for i, end in enumerate(scenario.ends):
        at = f"ends[{i}]"
        yield from _within(end.probability, 0.0, 1.0, f"{at}.probability")
        if end.date.support[1] < scenario.losses.start.support[0]:
            yield Contradiction(
                f"{at}.date",
                f"{at} lies before losses.start",
                "an end stops losses that have begun; correct its date or leave it out",
            )
        if end.label in labels[:i]:
            yield Contradiction(
                f"{at}.label",
                f'two ends have the label "{end.label}"',
                "results tell ends apart by their labels; give each its own",
            )
        if end.label in OTHER_CAUSES:
            yield Contradiction(
                f"{at}.label",
                f'the label "{end.label}" is what results call another cause of "never"',
                "name the event, such as withdrawal or ceasefire",
            )


def _within(law: Distribution | None, low: float, high: float, at: str) -> Iterator[Contradiction]:
    """Refuse values outside an interval; a law that is left out has none."""
    if law is not None and not low <= law.support[0] <= law.support[1] <= high:
        wanted = f"between {low:g} and {high:g}" if high < math.inf else f"at least {low:g}"
        if not law.is_constant:
            found, hint = "in every draw", "cut it off with min and max"
        else:
            value = law.support[0]
            found, hint = f"(found {shown(value)})", ""
            if 1 < value <= 100:
                hint = f"write {value / 100:g}, a share instead of a percentage"
        yield Contradiction(at, f"{at} must be {wanted} {found}", hint)
