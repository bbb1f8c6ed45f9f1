"""Phrases about a sensitivity analysis that terminal, picture and files share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import takewhile

from simulate.analysis.clusters import gap_around
from simulate.analysis.drivers import REFERENCE, WALK
from simulate.analysis.effects import Effect, Effects, Estimate, GroupMedian
from simulate.analysis.inverse import Needed, PublishedTarget
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant
from simulate.report.text import inputs, phrases
from simulate.report.text.headline import case_of
from simulate.report.text.never import not_happening
from simulate.report.text.update import reports_words
from simulate.report.text.wording import (
    grouped,
    inert,
    instant_quoted,
    listed,
    not_by,
    percent,
    percent_places,
    points,
    prose_date,
    prose_pair,
    prose_period,
    share,
)
from simulate.scenario.stocks import main_threshold

MINOR = 0.01
"""Inputs with a smaller total share are only named unless `-v` shows all, and have no bar."""

WALK_WORDS = {WALK: "chance from day to day", REFERENCE: "how the rate changes"}
"""The words for random numbers beyond the inputs, by the name of the effect."""

_ALL = 0.9995
"""A larger share is all of it to one decimal of a percentage."""

_ROUGH = 0.05
"""With a larger error, first shares do not say whether inputs act together."""

_OFTEN = {"day": "daily ", "week": "weekly ", "month": "monthly ", "year": "yearly "}

_DECIDING = re.compile(
    r"force\.size$|losses\.(count|rate)$|inflow\[\d+\]\.amount$|ends\[\d+\]\.date$"
)
"""Inputs that most often decide whether anything ends at all."""

_ERROR = r" \(± [^)]*\)"
_UNSETTLED = "which no source can settle"
_NONE = "No single input decides"


def main_effects(report: SensitivityResult) -> Effects:
    """The effects on the largest threshold."""
    main = main_threshold(found.threshold for found in report.thresholds)
    return next(found for found in report.thresholds if found.threshold == main)


def outcome_of(report: SensitivityResult, found: Effects) -> Outcome:
    """The outcome of the run at the same threshold."""
    return phrases.outcome_of(report.summary, found.threshold)


def name_words(effect: Effect, summary: Summary) -> str:
    """What has an effect, in words."""
    if effect.kind == "event":
        return f"whether {phrases.label_words(effect.label)} happens"
    chance = "which claim" if effect.kind == "claim" else WALK_WORDS.get(effect.name)
    return chance or inputs.input_words(effect.name, summary)


def the_name(effect: Effect, summary: Summary) -> str:
    """`name_words` as the subject of a sentence."""
    return f"{'the ' if effect.kind == 'input' else ''}{name_words(effect, summary)}"


def named_cell(effect: Effect, summary: Summary) -> str:
    """`name_words` for a table, with the path of an input below it."""
    words = name_words(effect, summary)
    return f"{words}\n({inert(effect.name)})" if effect.kind == "input" else words


def target_words(target: PublishedTarget) -> str:
    """Who published a date, and the period whose middle it is, if any."""
    label = phrases.label_words(target.label)
    if target.period is None:
        return label
    days = prose_period(*target.period)
    return f"{label}, the middle of {'that' if days in label else days}"


def passed_over(report: SensitivityResult, answers: Sequence[Needed]) -> str:
    """Why no value makes a date the median, though one carries the median across it; or empty."""
    target = answers[0].target
    dates = phrases.outcome_of(report.summary, target.threshold).histogram
    gap = gap_around(dates, target.date)
    if gap is None or all(each.value is None for each in answers):
        return ""
    low, high = gap
    ends = prose_pair(low, high, "and") if high else f"{prose_date(low)} and “never”"
    return (
        f"No value of an input would do so: hardly a simulation falls between {ends}, and the "
        "median passes over all of these days at once."
    )


def share_words(estimate: Estimate, below: str = "") -> str:
    """`61 %`, `61.3 %` where the error allows; a zero is never negative.

    A smaller share that is printed `below` with fewer digits never looks larger.
    """
    shown = f"{100 * estimate.value:.{percent_places(estimate.mc_error)}f}"
    if below and float(shown) < float(below.partition(" ")[0]):
        shown = f"{100 * estimate.value:.0f}"
    return f"{shown.removeprefix('-') if float(shown) == 0 else shown} %"


def share_with_error(estimate: Estimate) -> str:
    """`61.3 % (± 0.4)`, the error in percentage points."""
    return f"{share_words(estimate)} (± {points(estimate.mc_error)})"


def case_words(case: GroupMedian) -> str:
    """What the draws at one end of a tornado bar have in common."""
    words = {"does not happen": "if it does not happen", "happens": "if it happens"}
    return words.get(case.name, phrases.label_words(case.name))


def is_minor(effect: Effect) -> bool:
    """Whether its share is below `MINOR` even with its error added, or too small to be known."""
    own = decides(effect)
    if own is None:
        return False
    unknown = effect.total is None and own.value <= own.mc_error
    return unknown or own.value + own.mc_error < MINOR


def decides(effect: Effect) -> Estimate | None:
    """How much an effect matters: its total share, or after an update, without one, its first."""
    return effect.first_order if effect.total is None else effect.total


def headline(report: SensitivityResult, found: Effects | None = None) -> str:
    """The answer: how far what matters most moves the median, then its share."""
    found = main_effects(report) if found is None else found
    dates = _in_dates(found, report.summary)
    shares = _in_shares(found, report.summary, named=not dates)
    said = f"{dates} {shares}".lstrip()
    if not report.update:
        return said
    return f"After {reports_words(report.update)}, {said[:1].lower()}{said[1:]}"


def _in_dates(found: Effects, summary: Summary) -> str:
    """`What matters most is ...: in the lowest tenth of its values the median is ...`."""
    known = _by_first_order(found)
    if not known or known[0][1].value <= known[0][1].mc_error:
        return ""
    first, *close = known[0][0], *_alike(known)
    if first.low is None or first.high is None:
        return ""
    if first.low.median.date is None and first.high.median.date is None:
        return ""
    medians = _two_dates(first.low.median, first.high.median, summary.horizon)
    names = [the_name(each, summary) for each in (first, *close)]
    what = f"{'are' if close else 'is'} {listed(names)}"
    ends = [case_words(case) for case in (first.low, first.high)]
    if first.kind == "input":
        ends = [f"in the lowest tenth of {names[0] if close else 'its values'}", "in the highest"]
    elif first.kind == "claim":
        ends = [f"by {end.replace(': ', ', ', 1)}," for end in ends]
    most = "most by itself" if _beside(found, first, summary) else "most"
    moved = f"{ends[0]} the median is {medians[0]}, {ends[1]} {medians[1]}"
    return f"What matters {most} {what}: {moved}."


def _two_dates(low: Instant, high: Instant, horizon: dt.date) -> tuple[str, str]:
    """Two moments in running text, the year once if it is the same."""
    first, last = (instant_quoted(at, horizon) for at in (low, high))
    if low.date is not None and high.date is not None and low.date.year == high.date.year:
        first = first.rpartition(" ")[0]
    return first, last


def _in_shares(found: Effects, summary: Summary, *, named: bool = True) -> str:
    """What to check first, by its name unless that has been said."""
    known = _by_first_order(found)
    if ends_alike(found, summary):
        return _why_alike(found, summary)
    if not found.ranked:
        return "No input is uncertain: every simulation gives the same date."
    if not known:
        by_chance = f"{the_name(found.ranked[0], summary)} alone decides, {_UNSETTLED}"
        return f"No input moves this date: {by_chance}."
    (first, own), *_ = known
    close = _alike(known)
    names = listed([the_name(each, summary) for each in (first, *close)])
    removed = "all" if own.value >= _ALL else share_with_error(own)
    removed += _of_what(summary)
    if own.value <= own.mc_error:
        said = f"{_NONE}: knowing any one of them would remove almost nothing"
    elif close:
        most = f"{names} decide most: " if named else ""
        any_of = "any one of them" if len(close) > 1 else "either"
        said = f"{most}knowing {any_of} would remove about {removed}"
    else:
        most = f"{names} decides most: " if named else ""
        said = f"{most}knowing it would remove {removed}, so check it first"
    return f"{phrases.capitalised(said)}{_beside(found, first, summary)}."


def _of_what(summary: Summary) -> str:
    return f" of the uncertainty{' that is left' if summary.is_updated else ''}"


def ends_alike(found: Effects, summary: Summary) -> bool:
    """Whether no simulation gives a date, or all give the same one though inputs are uncertain."""
    if phrases.outcome_of(summary, found.threshold).depleted_probability <= 0:
        return True
    # The walk has no share after an update, whatever the dates.
    known = [each for each in found.ranked if each.kind != "walk" or not summary.is_updated]
    return bool(known) and decides(known[0]) is None


def has_picture(found: Effects, summary: Summary) -> bool:
    """Whether there is anything to draw: an uncertain input, and dates that differ."""
    return bool(found.ranked) and not ends_alike(found, summary)


def _why_alike(found: Effects, summary: Summary) -> str:
    """Why no input has a share, and the fixed values behind that."""
    case = case_of(summary, phrases.outcome_of(summary, found.threshold))
    lead = "No uncertain input moves this date" if found.ranked else "No input is uncertain"
    if case.outcome.depleted_probability > 0:
        return f"{lead}: every simulation gives the same one."
    said = [f"{lead}. {phrases.capitalised(case.would_not)}"]
    said[0] += not_happening(case)
    fixed = [each for each in summary.inputs if _DECIDING.search(each.name)]
    fixed = [each for each in fixed if inputs.is_fixed(each)]
    if fixed:
        names = listed([f"the {inputs.input_words(each.name, summary)}" for each in fixed])
        one = "a single date" if fixed[0].name.endswith("date") else "a single number"
        many = "are single values; give them ranges to see what they do"
        does = many if len(fixed) > 1 else f"is {one}; give it a range to see what it does"
        said.append(f"{phrases.capitalised(names)} {does}")
    return f"{'. '.join(said)}."


def finding(report: SensitivityResult, found: Effects) -> str:
    """What to check first, as the title of a picture: `Day the count was made matters most`."""
    summary, known = report.summary, _by_first_order(found)
    if not found.ranked:
        return "No input is uncertain"
    if not known:
        return "No input moves the date"
    (first, own), *_ = known
    if own.value <= own.mc_error:
        return _NONE
    if chance := _by_chance(found, first, summary):
        name = phrases.capitalised(the_name(chance, summary))
        return f"{name} matters most, {_UNSETTLED}"
    names = _subjects((first, *_alike(known)), summary)
    return f"{phrases.capitalised(listed(names))} matter{'s' if len(names) == 1 else ''} most"


def _by_chance(found: Effects, first: Effect, summary: Summary) -> Effect | None:
    """What nobody can check, if it matters more than the most influential input."""
    # After an update the walk alone has a total share, and stands last.
    top = found.ranked[-1 if summary.is_updated else 0]
    return top if top.kind == "walk" and _beside(found, first, summary) else None


def _subjects(effects: Sequence[Effect], summary: Summary) -> list[str]:
    """What matters, as subjects of a title: `the weekly spending`, `the choice of claim`."""
    per = {item.name: _OFTEN.get(item.per or "", "") for item in summary.inputs}
    return [
        "the choice of claim"
        if each.kind == "claim"
        else the_name(each, summary).replace("the ", f"the {per.get(each.name, '')}", 1)
        for each in effects
    ]


def _alike(known: Sequence[tuple[Effect, Estimate]]) -> list[Effect]:
    """Up to two more inputs that decide about as much as the most influential one."""
    (_, own), *others = known

    def is_alike(pair: tuple[Effect, Estimate]) -> bool:
        share = pair[1]
        is_close = own.value - share.value <= own.mc_error + share.mc_error
        return is_close and share.value > max(MINOR, share.mc_error)

    return [each for each, _ in takewhile(is_alike, others)][:2]  # none is passed over


def number_and_meaning(report: SensitivityResult, found: Effects) -> tuple[str, str]:
    """The number of a card and its meaning: how much the most influential input decides.

    A card, which says nowhere what `±` is, has no errors.
    """
    whole = phrases.headed(*phrases.event(outcome_of(report, found)))
    said = _in_shares(found, report.summary, named=False).removesuffix(".")
    for first, own in _by_first_order(found)[:1]:
        if _by_chance(found, first, report.summary):
            it = the_name(first, report.summary)
            removed = f"{share_words(own)}{_of_what(report.summary)}"
            said = f"Of what can be checked, {it} matters most: knowing it would remove {removed}"
        if own.value > own.mc_error:
            return finding(report, found), f"{whole}. {re.sub(_ERROR, '', said)}"
    said = _in_shares(found, report.summary).removesuffix(".")
    number, _, meaning = said.partition(": ")
    return number, f"{whole}. {phrases.capitalised(meaning) or phrases.drawn(report.summary)}"


def _by_first_order(found: Effects) -> list[tuple[Effect, Estimate]]:
    """The inputs, most influential first, without chance, which nobody can check."""
    known = [(each, each.first_order) for each in found.ranked if each.first_order is not None]
    return sorted(known, key=lambda pair: pair[1].value, reverse=True)


def _beside(found: Effects, first: Effect, summary: Summary) -> str:
    """An input whose total share exceeds that of the most influential single one, if any.

    After an update only chance has a total share.
    """
    walk = found.ranked[-1].total if summary.is_updated else None
    if walk and first.first_order and walk.value > first.first_order.value:
        return f"; {share_with_error(walk)} is due to chance from day to day, {_UNSETTLED}"
    top = found.ranked[0]
    if top is first or top.total is None or first.total is None:
        return ""
    if top.total.value - first.total.value <= top.total.mc_error + first.total.mc_error:
        return ""
    ending = f", {_UNSETTLED}" if top.kind == "walk" else ""
    total = share_words(top.total)
    return f"; {the_name(top, summary)} has the largest total share, {total}{ending}"


def together_words(found: Effects) -> str:
    """Whether inputs act separately; empty where that is not known."""
    total = found.together
    if total is None or len(found.ranked) == 1:
        return ""
    rest = "the rest is due to inputs acting together"
    if total.value - total.mc_error > 1.0:
        rest = "more than 100 %, since correlated inputs share what they decide"
    elif total.value + total.mc_error >= 1.0:
        rest = "within the error all of it: the inputs act separately"
        if total.mc_error > _ROUGH:
            rest = "this is too rough to say whether inputs act together"
    return f"The shares under “first” add up to {share_with_error(total)}; {rest}."


def minor_words(minor: Sequence[Effect], summary: Summary) -> str:
    """The inputs that are only named."""
    names = ", ".join(name_words(each, summary) for each in minor)
    small = f"Total share below {share(MINOR)}"
    what = "Share no larger than its error" if summary.is_updated else small
    return f"{what}: {names}. In full: -v." if names else ""


def run_words(report: SensitivityResult) -> str:
    """The draws behind the figures."""
    words = f"{phrases.drawn(report.summary)}, {phrases.sampled(report.summary)}."
    if report.own_draws:
        words += (
            " All draws are computed once for each input, so there are fewer than the scenario’s "
            f"own {grouped(report.own_draws)}; -n {report.own_draws} takes as many."
        )
    return words


def never_words(report: SensitivityResult, found: Effects) -> str:
    """`; not by 1 January 2026 in 42 % of simulations`, or `, as in 86 % of them`."""
    outcome = outcome_of(report, found)
    shown = percent(1 - outcome.depleted_probability, outcome.depleted_mc_error)
    if outcome.depleted_probability == 1:
        return ""
    if outcome.median.missing == "beyond_horizon":
        return f", as in {shown} of them"
    return f"; {not_by(report.summary.horizon)} in {shown} of simulations"
