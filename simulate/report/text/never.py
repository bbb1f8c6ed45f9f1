"""Why something does not happen: what outweighs the pace, as far as the draws show it."""

from __future__ import annotations

from simulate.report.text import amounts, causes, mood, pace, phrases, wording
from simulate.report.text.headline import Case
from simulate.report.text.rate import has, numbers, unit_of_time
from simulate.scenario.stocks import Amount, is_left

_MOST_REASONS = 3
_HIDDEN = 0.05
"""Share of simulations beyond a default horizon from which on the sentence names it."""


def not_happening(case: Case) -> str:
    """What follows `would not be lost`: by when, in how many simulations, and why.

    Without a day where the horizon has no part in it.
    """
    never, beyond = phrases.never_probability(case.outcome), _beyond_reach(case)
    where = f" {out_of(never)}" if never < 1 else " in any simulation"
    if never >= 1 and beyond:
        return f"{where}: {beyond}"
    by = f" {by_horizon(case)}" if causes.horizon_share(case.outcome) > 0 else ""
    if never >= 1 and phrases.is_fixed(case.summary):
        where = ""
    comma = "," if ", " in by and where else ""
    return f"{by}{comma}{where}{_why(case, is_certain=never >= 1)}"


def reports_apart(case: Case) -> str:
    """`at 14 to 29 troops a day, by two reports that disagree`, if their median gives no date.

    Else empty: dates are given by the median pace, or apart.
    """
    summary = case.summary
    claims = summary.pooled.claims if summary.pooled else ()
    found = [rates for one in claims if one.share and (rates := numbers(one.rates))]
    middles = sorted(rates[len(rates) // 2] for rates in found)
    has_median = case.middle is not None and case.middle.date is not None and not case.middle.gap
    if (has_median and not case.body) or case.clusters or len(middles) < 2:
        return ""
    overlap = max(low for low, *_ in found) <= min(high for *_, high in found)
    if overlap and case.outcome.depleted_probability > 0:
        return ""
    unit, (per, days) = phrases.label_words(summary.unit), unit_of_time(summary)
    low, high = (amounts.brief(float(f"{days * middles[k]:.2g}")) for k in (0, -1))
    reports = f"by {wording.in_words(pace.pooled(summary))} reports that disagree"
    said = f"at {low} to {high} {unit}{pace.deed(summary)} a {per}, {reports}", pace.changes(case)
    return ", ".join(filter(None, said)) if low != high else ""


def by_horizon(case: Case) -> str:
    """`by 1 January 2026`, with a word where nobody chose that day."""
    by = f"by {wording.prose_date(case.horizon)}"
    unchosen = case.summary.default_horizon and causes.horizon_share(case.outcome) > _HIDDEN
    return f"{by}, where the simulation ends by default" if unchosen else by


def out_of(share: float) -> str:
    """`in 42 of 100 simulations`, `in practically all simulations`."""
    if round(100 * share) == 100:
        return f"in {'all' if share >= 1 else 'practically all'} simulations"
    if round(100 * share) == 0:
        return "in under 1 of 100 simulations" if share > 0 else "in no simulation"
    return f"in {100 * share:.0f} of 100 simulations"


def _why(case: Case, *, is_certain: bool) -> str:
    """The reason for all of it, or how often each one applies."""
    never = [each for each in case.outcome.never if round(100 * each.probability) >= 1]
    found = [causes.reason(each.cause, case.summary, case.outcome) for each in never]
    if len(never) == 1 and never[0].cause == phrases.HORIZON_CAUSE:
        longer = _longer(case) if is_certain else ""
        return f"; {longer}" if longer else ""
    if len(found) <= 1:
        return "".join(f": {reason}" if is_certain else f", in which {reason}" for reason in found)
    end, of = causes.comes_first(case.outcome), " of 100" if is_certain else ""
    for k in range(len(found) - 1, 0, -1):
        if found[k - 1].endswith(end):
            found[k] = found[k].removesuffix(end)
    shares = [f"in {100 * each.probability:.0f}" for each in never]
    shares[0] += of
    pairs = zip(shares, found, strict=True)
    return f"; {', '.join(' '.join(pair) for pair in [*pairs][:_MOST_REASONS])}"


def _beyond_reach(case: Case) -> str:
    """`the force has only about 11,000`: that less is there than was to be lost; or empty."""
    at, laws = case.outcome.threshold, case.summary.laws
    size = pace.size_of(laws)
    more = has(laws, ("inflow[", "reinforcements[", "wounded."))
    if more or not size or not isinstance(at, Amount) or is_left(at) or size[-1] >= at:
        return ""
    had = "has" if case.outcome.mood == "open" else "had"
    return f"the {phrases.whole_words(case.outcome)} {had} only {amounts.extent(size)}"


def _longer(case: Case) -> str:
    """`at that pace it would take about 15 years`, where nothing changes the pace."""
    years = (_straight_days(case) or 0.0) / 365.25
    if years < 1:
        return ""
    shown = wording.counted(round(float(f"{years:.2g}")), "year")
    return f"at that pace it {mood.would(case.outcome, f'take about {shown}')}"


def _straight_days(case: Case) -> float | None:
    """Days that size and pace suggest, where nothing changes the pace or what is there."""
    summary, laws = case.summary, case.summary.laws
    changed = has(laws, (*pace.CHANGES, "inflow[", "prelude.", "force.floor"))
    apart = pace.pooled(summary) or summary.reference
    return None if changed or apart else pace.days_needed(case, laws)
