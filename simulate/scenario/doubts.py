"""What can go wrong in some draws of a valid scenario, told without sampling."""

from __future__ import annotations

from collections.abc import Iterator

from simulate.scenario.correlation import rank_reached
from simulate.scenario.distributions import Distribution
from simulate.scenario.ledger import LossClaim, Losses
from simulate.scenario.model import FURTHEST_LEVEL, Scenario

_RANK_OFF = 0.01


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
        *correlation_doubts(scenario),
        *_of_a_stock(scenario),
        *_without_effect(scenario),
    )


def ledger_doubts(losses: Losses) -> tuple[str, ...]:
    """Sentences about what the claims of a ledger leave out of account."""
    return (*_unlike(losses), *_qualified(losses))


def course_doubts(scenario: Scenario) -> tuple[str, ...]:
    """Sentences about what makes depletion impossible."""
    found, rate = [], scenario.rate
    exponent = None if rate is None else rate.strength_exponent
    returns = scenario.wounded is not None and scenario.counting == "casualties"
    dies_out = exponent is not None and exponent.support[0] >= 1
    if dies_out and not returns and 1.0 in scenario.thresholds:
        found.append(
            "at a strength_exponent of 1 or more losses die out before the last are lost: a "
            "threshold of 1 is not reached after losses.as_of"
        )
    if rate is not None and rate.multiplier is not None and rate.multiplier.support[1] == 0:
        found.append("rate.multiplier is 0 in every draw: nothing is lost after losses.as_of")
    return tuple(found)


def correlation_doubts(scenario: Scenario) -> Iterator[str]:
    """Sentences about rank correlations that the inputs' values do not have."""
    names, matrix = scenario.copula
    items = {item.name: item for item in scenario.sampled}
    shares = scenario.losses.shares if scenario.losses.claims else (1.0,)
    for pair in scenario.correlations:
        first, second = (items[name] for name in pair.inputs)
        reached = rank_reached(
            first.followed or (first.distribution,),
            second.followed or (second.distribution,),
            matrix[names.index(first.name)][names.index(second.name)],
            shares,
        )
        if abs(reached - pair.rank) < _RANK_OFF:
            continue
        if any(each.repair for each in scenario.correlations):
            why = "the nearest possible correlations were taken"
        elif first.followed or second.followed:
            why = "which claim a draw follows has no part in it"
        else:
            why = "values that many draws share weaken it"
        yield (
            f"the rank correlation of {first.name} and {second.name} is {reached:.3f}, "
            f"not {pair.rank:g}: {why}"
        )


def _of_a_stock(scenario: Scenario) -> Iterator[str]:
    below = [share for share in scenario.thresholds if share < 1]
    if scenario.force.as_of is not None and below:
        yield (
            f"a threshold of {below[-1]:g} is a share of all there were at losses.start, more than "
            "the force.size that was left on force.as_of"
        )


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
