"""Warnings about a valid scenario that need no sampling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from simulate.scenario.claims import Losses
from simulate.scenario.correlation import rank_reached
from simulate.scenario.distributions import Distribution
from simulate.scenario.distributions.base import leaves
from simulate.scenario.distributions.parametric import FittedDistribution, by_level, level_of
from simulate.scenario.evidence import doubtful_updates
from simulate.scenario.model import Scenario
from simulate.scenario.notation import Ambiguous
from simulate.scenario.numerals import exact
from simulate.scenario.series import rounded
from simulate.scenario.stocks import DAYS_IN, Amount, is_left
from simulate.scenario.values import Day

RARE = 1e-6
"""There is no warning about what happens in a smaller share of the draws."""

About: TypeAlias = Literal["", "no rate", "over", "floor", "inflow"] | Amount


class ScenarioWarning(NamedTuple):
    """A sentence about what can be wrong.

    `about` names what a run counts: draws without a positive rate, with losses above the force,
    with a stock below its floor, with more coming in than is lost, or a threshold that the stock
    has passed.
    With `of_the_answer` the result itself can be wrong, and the sentence is printed before it.
    """

    text: str
    about: About = ""
    of_the_answer: bool = False


_NEVER = "such simulations are never depleted"
_TAIL = RARE**0.5
"""Level of each of two inputs that are rarely as far out together."""

_YEARS = range(1900, 2101)
_RANK_OFF = 0.01
_SEASON = 0.02
_NEARLY = 0.9
"""From this exponent up, less than one in 10,000 is left during two fifths of the time."""


def possible_warnings(scenario: Scenario) -> tuple[str, ...]:
    """All warnings as sentences; empty where nothing is doubtful."""
    return tuple(warning.text for warning in scenario_warnings(scenario))


def scenario_warnings(scenario: Scenario) -> tuple[ScenarioWarning, ...]:
    """All warnings about a scenario, those about the answer itself first."""
    losses = scenario.losses
    found = [*_of_numbers(scenario)]
    if losses.count is not None and losses.as_of is not None:
        found += _of_a_count(scenario, losses.count, losses.as_of, "losses")
    found += (*_of_the_stock(scenario), *_of_inflow(scenario))
    for name, claim in losses.totals:
        found += _of_a_count(scenario, claim.count, claim.as_of, name)
    found += map(ScenarioWarning, doubtful_updates(scenario))
    rest = [*_corrected(scenario), *_unlike(losses), *_qualified(losses)]
    for check in (
        _of_the_course,
        _of_a_season,
        correlation_warnings,
        _without_effect,
        _moved_percentiles,
    ):
        rest += check(scenario)
    of_the_answer = (warning._replace(of_the_answer=True) for warning in found)
    return (*of_the_answer, *_of_losses_in_all(scenario), *map(ScenarioWarning, rest))


def _of_numbers(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Counts whose dot was perhaps meant to separate thousands, and days meant as a year."""
    held: list[tuple[str, object]] = [(item.name, item.distribution) for item in scenario.inputs]
    held += [(f"observed[{i}].losses", count.losses) for i, count in enumerate(scenario.observed)]
    if (series := scenario.losses.series) is not None:
        held.append(("losses.series", series.points))
    for name, values in held:
        if numbers := list(_ambiguous(values)):
            n, one = len(numbers), numbers[0]
            several, are = ("a number", "is") if n == 1 else (f"{n} numbers", "are")
            text = f"{name}: {several} such as {one:.3f} {are} read as {one:g}"
            hint = "thousands are written without a separator"
            yield ScenarioWarning(f"{text}; {hint}")
    days = scenario.horizon
    if isinstance(days, float) and days in _YEARS:
        yield ScenarioWarning(
            f"horizon: {days:.0f} is read as {days:,.0f} days; write {days:.0f}-12-31 for a date"
        )


def _of_a_season(scenario: Scenario) -> Iterator[str]:
    """What a stated rate is outside its season, where that is perhaps the rate that is meant."""
    losses, rate = scenario.losses, scenario.rate
    if losses.rate is None or rate is None or not rate.by_month:
        return
    factors = [float(factor.ppf(0.5)) for factor in rate.by_month]
    usual = len(factors) / sum(factors) if any(factors) else 1.0
    if factors.count(1.0) >= len(factors) / 2 and abs(usual - 1) >= _SEASON:
        value = float(losses.rate.ppf(0.5)) * usual
        yield (
            f"losses.rate is the mean of the year; in months of factor 1 it is {usual:.3g} times "
            f"that, {value:.3g} a {losses.per}"
        )


def _ambiguous(values: object) -> Iterator[Ambiguous]:
    for value in leaves(values):
        if isinstance(value, Ambiguous):
            yield value
        elif isinstance(value, Distribution):
            yield from _ambiguous(vars(value))


def _of_the_course(scenario: Scenario) -> Iterator[str]:
    """Rates that make depletion impossible, or let fractions of a man decide its date."""
    rate, words, (since, _) = scenario.rate, scenario.wording.words, scenario.since
    exponent = None if rate is None else rate.strength_exponent
    returns = scenario.wounded is not None and scenario.counts_by == "casualties"
    least = 0.0 if exponent is None else exponent.support[0]
    to_the_last = 1.0 in scenario.thresholds and not returns
    if to_the_last and least >= 1:
        yield (
            f"at a strength_exponent of 1 or more {words.losses} {words.dies_out}: a "
            f"threshold of 1 is not reached after {since}"
        )
    elif to_the_last and least >= _NEARLY:
        yield (
            f"at a strength_exponent of {_NEARLY:g} or more fractions of {words.one} decide the "
            "date of a threshold of 1"
        )
    if rate is not None and rate.multiplier is not None and rate.multiplier.support[1] == 0:
        yield f"rate.multiplier is 0 in every simulation: nothing is {words.lost} after {since}"
    changes = ("multiplier", "drift") if scenario.reference is not None else ()
    if both := [f"rate.{key}" for key in changes if getattr(rate, key) is not None]:
        again = "change it again" if len(both) > 1 else "changes it again"
        yield f"rate.reference covers all changes of the rate; {' and '.join(both)} {again}"


def correlation_warnings(scenario: Scenario) -> Iterator[str]:
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
            why = "the choice of claim cannot be correlated"
        else:
            why = "values that many simulations share weaken it"
        yield (
            f"the rank correlation of {first.name} and {second.name} is {reached:.3f}, "
            f"not {pair.rank:g}: {why}"
        )


def _without_effect(scenario: Scenario) -> Iterator[str]:
    if scenario.rotation != scenario.rotating:
        yield "rotation changes nothing: losses go on at the same rate in every spell and rest"
    if scenario.wounded != scenario.returning:
        yield "wounded changes nothing: nobody returns in any simulation"
    elif scenario.wounded is not None and not scenario.minds_returns:
        yield "wounded changes no date as counted; with counting: strength it does"


def _moved_percentiles(scenario: Scenario) -> Iterator[str]:
    """Percentiles given for the law before the cut that are no longer true after it."""
    for item in scenario.inputs:
        law = item.distribution
        if not isinstance(law, FittedDistribution) or law.min is law.max is None:
            continue
        for name, x in by_level(law.percentiles).items():
            level = float(law.cdf(x))
            if abs(level - level_of(name)) >= 0.005:
                yield (
                    f"{item.name}: {name} holds before the cut by min or max; "
                    f"of what is left, {100 * level:.3g} % lie below it"
                )


def _of_a_count(
    scenario: Scenario, count: Distribution, as_of: Distribution, at: str
) -> Iterator[ScenarioWarning]:
    least, most = _furthest(count)
    if not least > 0:
        yield ScenarioWarning(f"{at}.count can be zero or negative; {_NEVER}", "no rate")
    if not _furthest(scenario.start)[1] < _furthest(as_of)[0]:
        yield ScenarioWarning(f"losses.start can fall after {at}.as_of; {_NEVER}", "no rate")
    if scenario.force.measured is None and most > _furthest(scenario.force.stock[1])[0]:
        yield ScenarioWarning(f"{at}.count can be above force.size", "over")


def _of_the_stock(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Stocks that can be too small, or grow."""
    force, at, (least, _) = scenario.force, scenario.force.at_hand, _at_hand(scenario)
    rate = scenario.losses.rate
    if rate is not None and not _furthest(rate)[0] > 0:
        yield ScenarioWarning(f"losses.rate can be zero; {_NEVER}", "no rate")
    if force.floor is not None and _furthest(force.floor)[1] >= least:
        text = f"force.floor can be above {at}; in such simulations all is already gone"
        # Without a date of the stock, what was lost before the count can pass a threshold too.
        yield ScenarioWarning(text, "floor" if force.measured else "")
    for threshold in scenario.thresholds:
        if is_left(threshold) and threshold > least:
            text = f"{at} can be below {exact(threshold)}; such simulations have already passed it"
            passed: About = threshold if force.measured and isinstance(threshold, Amount) else ""
            yield ScenarioWarning(text, passed)
        if is_left(threshold) and force.floor and threshold < _furthest(force.floor)[1]:
            yield ScenarioWarning(
                f"force.floor can be above {exact(threshold)}, and what is below it cannot be "
                f"used; give more, or cut the floor off with max: {threshold:.10g}"
            )
    start, day = scenario.losses.start, force.as_of
    if scenario.losses.by_rate and start and day and start.ppf(0.5) - day.ppf(0.5) >= 1:
        _, lost = scenario.wording.event
        text = f"nothing is {lost} between force.as_of and losses.start, from which the rate holds"
        yield ScenarioWarning(f"{text}; leave losses.start out if it holds from force.as_of on")
    yield from _before_the_window(scenario)
    if force.counts:
        first, second = force.counts
        if _furthest(second.size)[1] >= _furthest(first.size)[0] and not scenario.inflow:
            yield ScenarioWarning(f"the stock can grow between force.counts; {_NEVER}", "no rate")
        if _furthest(first.date)[1] >= _furthest(second.date)[0]:
            text = f"force.counts[0].date can fall on or after force.counts[1].date; {_NEVER}"
            yield ScenarioWarning(text, "no rate")


def _before_the_window(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """What a series counts between the day of the stock and its window, which nobody subtracts."""
    force, series = scenario.force, scenario.losses.series
    if series is None:
        return
    stock_day = -np.inf if force.as_of is None else force.as_of.support[0]
    start = Day.of(series.start)
    known, at_start = series.counts.at(np.array([min(stock_day, start), start]))
    if at_start > known:
        yield ScenarioWarning(
            f"{series.file} counts {rounded(at_start - known):,.10g} before its window begins on "
            f"{series.start}, and these are not taken off the force; give force.size as it stood "
            f"that day, with force.as_of: {series.start}"
        )


def _at_hand(scenario: Scenario) -> tuple[float, float]:
    """The smallest and largest usable stock that is not rare."""
    (_, size), usable = scenario.force.stock, scenario.force.usable
    (least, most), part = _furthest(size), (1.0, 1.0) if usable is None else _furthest(usable)
    return least * part[0], most * part[1]


def _of_losses_in_all(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Losses that a stock cannot bear, into which nothing comes."""
    at, (least, most) = scenario.force.at_hand, _at_hand(scenario)
    _, lost = scenario.wording.event
    if scenario.reinforcements or scenario.inflow or scenario.wounded:
        return
    for threshold in scenario.thresholds:
        if not isinstance(threshold, Amount) or is_left(threshold):
            continue
        amount = exact(threshold)
        if threshold > most:
            more = f"{amount} {lost} is above {at} in every simulation"
            yield ScenarioWarning(f"{more}, and nothing comes in")
        elif threshold > least:
            text = f"{at} can be below {amount}; in such simulations so much is never {lost}"
            yield ScenarioWarning(text)


def _of_inflow(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Stocks into which as much comes as is lost, or days of supply come."""
    flows = ("inflow", "reinforcements", "outflows")
    found = [key for key in flows if getattr(scenario, key)]
    if found and scenario.force.lasts is not None:
        listed = f"{' and '.join(found)} {'is' if found == ['inflow'] else 'are'}"
        units = "to give units instead, state the stock with force.size and as_of, and losses.rate"
        yield ScenarioWarning(f"{listed} read in days of supply, as force.lasts is; {units}")
    (_, lost), (least, most) = scenario.wording.event, _growth(scenario)
    if least >= 0:
        level = scenario.wording.words.level
        yield ScenarioWarning(
            f"at least as much comes in as is {lost}: the {level} does not shrink"
        )
    elif most >= 0:
        yield ScenarioWarning(f"at least as much can come in as is {lost}; {_NEVER}", "inflow")


def _growth(scenario: Scenario) -> tuple[float, float]:
    """The least and the most by which a stock grows in a day while nothing changes its flows."""
    losses, flows = scenario.losses, scenario.inflow
    law, days = losses.count, 0.0
    if losses.by_rate:
        law, days = losses.law("rate"), DAYS_IN[losses.per or "day"]
    elif losses.as_of is not None and losses.as_of.is_constant and scenario.start.is_constant:
        days = losses.as_of.support[0] - scenario.start.support[0]
    bends = (scenario.rate, scenario.rotation, scenario.outflows)
    changes = any(bends) or any(flow.begins or flow.until for flow in flows)
    if not flows or changes or law is None or not days > 0:
        return -np.inf, -np.inf
    ends = np.array([_TAIL, 1.0 - _TAIL])
    comes = sum(flow.amount.ppf(ends) / DAYS_IN[flow.per] for flow in flows)
    least, most = (comes * (1.0 + 1e-12) - law.ppf(ends)[::-1] / days).tolist()
    return least, most


def _corrected(scenario: Scenario) -> Iterator[str]:
    if (series := scenario.losses.series) is not None:
        yield from (f"losses.series: {text}" for text in series.counts.warnings(series.file))
    yield from (f"observed: {text}" for count in scenario.observed for text in count.skipped)


def _unlike(losses: Losses) -> Iterator[str]:
    """Totals of the killed and totals of all losses do not estimate the same number."""
    kinds: dict[str, list[str]] = {}
    for name, claim in losses.totals:
        kinds.setdefault(claim.counts, []).append(claim.source or name)
    if len(kinds) > 1 and not losses.is_each:
        listed = "; ".join(f"{kind}: {', '.join(dict.fromkeys(by))}" for kind, by in kinds.items())
        yield f"claims that count unlike things are pooled ({listed})"


def _qualified(losses: Losses) -> Iterator[str]:
    for name, claim in (*losses.totals, *losses.flows):
        if claim.qualifier is None or not claim.count.is_constant:
            continue
        said = f"“{claim.qualifier.replace('_', ' ')} {claim.count.support[0]:,.10g}”"
        taken = f"the lower bound {said} is taken as the count itself"
        if claim.qualifier == "about":
            taken = f"{said} is taken as exactly that; a distribution would say how far off"
        yield f"{claim.source or name}: {taken}"


def _furthest(law: Distribution) -> tuple[float, float]:
    """The smallest and largest value that is not rare."""
    return float(law.ppf(RARE)), float(law.isf(RARE))
