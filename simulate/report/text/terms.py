"""What the terms in a table of effects mean, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulate.analysis.drivers import REFERENCE
from simulate.analysis.effects import Effect
from simulate.analysis.sensitivity import SensitivityResult
from simulate.report.text.sensitivity import name_words

_SOBOL_SHARES = (
    "total: share of the uncertainty (the variance of the date’s rank) that would remain if every "
    "other input were known. first: share that would disappear, on average, if this input alone "
    "were known. “never” is the last rank."
)
_UPDATED_SHARES = (
    "first: share of the variance of the updated date’s rank that would disappear, on average, "
    "if this input alone were known (first-order share); “never” is the last rank. The reports "
    "make inputs depend on each other: the share of one includes what it reveals about others, so "
    "shares do not add up; a share below 0 is Monte Carlo error."
)

_CHANCE = (
    " total: share of the variance that would remain if every input were known, from new walks of "
    "draws that fit the reports."
)


def explanations(report: SensitivityResult, shown: Sequence[Effect]) -> Iterator[str]:
    """One line for each term in a table of effects."""
    yield _UPDATED_SHARES if report.update else _SOBOL_SHARES
    yield "rank: from -1 to +1, above 0 where a larger value means a later date (rank correlation)."
    yield (
        "lowest, highest 10th: median date of the simulations with this input in its lowest or "
        "highest tenth. ±: 95 % Monte Carlo error."
    )
    kinds = {effect.kind for effect in shown}
    if report.correlated and not report.update:
        yield (
            f"{' and '.join(report.correlated)} are correlated: first includes what one reveals "
            "about the other, total only what remains given the other."
        )
    if "claim" in kinds:
        yield (
            "which claim: the claims with the earliest and the latest median. losses.count and "
            "losses.as_of: their position within the claim that a draw follows."
        )
    for walk in (effect for effect in shown if effect.kind == "walk"):
        ups = "random ups and downs day by day"
        ups = "its changes after the count, by chance" if walk.name == REFERENCE else ups
        spells = "It includes the values of later spells. " if report.rotates else ""
        share = ""
        if report.update:
            share = _CHANCE if walk.total else " Its share is not known: too few new walks fit."
        yield f"{name_words(walk, report.summary)}: {ups}. {spells}No source can settle it.{share}"
