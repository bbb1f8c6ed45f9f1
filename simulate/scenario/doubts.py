"""What can go wrong in some draws of a valid scenario, told without sampling."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.scenario.distributions import Distribution
from simulate.scenario.ledger import LossClaim, Losses
from simulate.scenario.model import FURTHEST_LEVEL, Scenario

_NEARLY = 0.9
"""Strength exponent from which two fifths of the time go by with less than one in 10,000 left."""


def possible_doubts(scenario: Scenario) -> tuple[str, ...]:
    """Sentences about what the ranges of the inputs allow; empty where nothing is doubtful."""
    losses = scenario.losses
    found: list[str] = []
    if losses.count is not None and losses.as_of is not None:
        found += _of_a_count(scenario, losses.count, losses.as_of, "losses")
    for name, claim in losses.totals:
        found += _of_a_count(scenario, claim.count, claim.as_of, name)
    return (
        *found,
        *ledger_doubts(losses),
        *course_doubts(scenario),
        *_without_effect(scenario),
    )


def ledger_doubts(losses: Losses) -> tuple[str, ...]:
    """Sentences about what the claims of a ledger leave out of account."""
    return (*_unlike(losses), *_qualified(losses))


def course_doubts(scenario: Scenario) -> tuple[str, ...]:
    """Sentences about what makes depletion impossible, or its date a matter of fractions."""
    found, rate = [], scenario.rate
    exponent = None if rate is None else rate.strength_exponent
    returns = scenario.wounded is not None and scenario.counting == "casualties"
    least = 0.0 if exponent is None else exponent.support[0]
    to_the_last = 1.0 in scenario.thresholds and not returns
    if to_the_last and least >= 1:
        found.append(
            "at a strength_exponent of 1 or more losses die out before the last are lost: a "
            "threshold of 1 is not reached after losses.as_of"
        )
    elif to_the_last and least >= _NEARLY:
        found.append(
            f"at a strength_exponent of {_NEARLY:g} or more fractions of a man decide the date of "
            "a threshold of 1"
        )
    if rate is not None and rate.multiplier is not None and rate.multiplier.support[1] == 0:
        found.append("rate.multiplier is 0 in every draw: nothing is lost after losses.as_of")
    return tuple(found)


def _without_effect(scenario: Scenario) -> Iterator[str]:
    bent = scenario.rate is not None and scenario.rate.strength_exponent is not None
    if scenario.wounded is not None and scenario.counting == "casualties" and not bent:
        yield (
            "wounded changes no date, only the strength: losses are counted by casualties, and "
            "the rate does not follow the strength"
        )


def _of_a_count(
    scenario: Scenario, count: Distribution, as_of: Distribution, at: str
) -> Iterator[str]:
    losses, force = scenario.losses, scenario.force
    least, most = _furthest(count)
    if not least > 0:
        yield f"{at}.count can be zero or negative; such draws are never depleted"
    if not _furthest(losses.start)[1] < _furthest(as_of)[0]:
        yield f"losses.start can fall after {at}.as_of; such draws are never depleted"
    if force.as_of is None and most > _furthest(force.size)[0]:
        yield f"{at}.count can be above force.size"


def _unlike(losses: Losses) -> Iterator[str]:
    """Totals of the killed and of all losses are no opinions about one number."""
    kinds: dict[str, list[str]] = {}
    for name, claim in losses.totals:
        kinds.setdefault(claim.counts, []).append(claim.source or name)
    if len(kinds) > 1 and not losses.is_each:
        told = "; ".join(f"{kind}: {', '.join(dict.fromkeys(by))}" for kind, by in kinds.items())
        yield f"claims that count unlike things are pooled ({told})"


def _qualified(losses: Losses) -> Iterator[str]:
    for name, claim in (*losses.totals, *losses.flows):
        if claim.qualifier is not None and claim.count.is_constant:
            yield f"{claim.source or name}: {_taken_literally(claim)}"


def _taken_literally(claim: LossClaim) -> str:
    number = f"{claim.count.support[0]:,.10g}"
    if claim.qualifier == "about":
        return f'"about {number}" is taken as exactly that; a distribution would say how far off'
    words = "at least" if claim.qualifier == "at_least" else "more than"
    return f'the lower bound "{words} {number}" is taken as the count itself'


def _furthest(law: Distribution) -> tuple[float, float]:
    """The smallest and largest value any draw comes near."""
    return float(law.ppf(FURTHEST_LEVEL)), float(law.isf(FURTHEST_LEVEL))
