"""The dates of a run, before or after an update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Self, overload

from simulate.analysis import outcomes
from simulate.analysis.binned import Binned
from simulate.analysis.request import ThresholdLike, known_threshold
from simulate.analysis.summary import Outcome, Summary, Update
from simulate.analysis.values import ByDate, Instant, Interval
from simulate.analysis.weighted import Weighted
from simulate.api.answer import Answer
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.errors import Problem, ScenarioError, UnsupportedLevelError
from simulate.scenario.consistency import late
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.numerals import exact
from simulate.scenario.plain import DateLike, as_date, as_number, listed


@dataclass(frozen=True, repr=False)
class Dated(Answer):
    """An answer that holds the dates of a run; see `Result`."""

    loaded: LoadedScenario
    plan: Plan = field(compare=False)  # follows from scenario and summary
    tally: Tally = field(hash=False)
    summary: Summary
    weighted: Weighted | None = field(default=None, compare=False)  # follows from the tally

    @overload
    def quantile(self, level: float, threshold: ThresholdLike | None = None) -> Instant: ...
    @overload
    def quantile(
        self, level: Iterable[float], threshold: ThresholdLike | None = None
    ) -> tuple[Instant, ...]: ...
    def quantile(
        self, level: float | Iterable[float], threshold: ThresholdLike | None = None
    ) -> Instant | tuple[Instant, ...]:
        """The date by which the share `level` of draws is depleted, with its error.

        Parameters
        ----------
        level : float or iterable of float
            Between 0 and 1; 0.95 for the 95th percentile.
        threshold : float or mapping, optional
            One of the scenario's thresholds, such as 0.5 or {"left": 13.5}.

        Returns
        -------
        Instant or tuple of Instant
            One for each level. `date` and `day` (days since `summary.origin`) are None for a date
            beyond the horizon.

        Raises
        ------
        UnsupportedLevelError
            If the run has too few draws for a level.

        Examples
        --------
        >>> import simulate
        >>> result = simulate.run("configs/kursk-isw.yaml", draws=65_536)
        >>> [at.date.isoformat() for at in result.quantile([0.05, 0.5, 0.95])]
        ['2025-02-03', '2025-03-07', '2025-04-13']
        """
        passages = self.passages(threshold)
        if isinstance(level, Iterable):
            return tuple(self._instant(passages, each) for each in listed(level))
        return self._instant(passages, level)

    def _instant(self, passages: Binned, level: float) -> Instant:
        found = outcomes.instant(passages, self.summary.origin, inside(level, "level"))
        if found.missing == "too_few_draws":
            n = f"{self.summary.run.draws:,} draws"
            if self.weighted is not None:
                n += f" with an effective sample size of {passages.n:,.0f}"
            raise UnsupportedLevelError(f"{n} are too few for the level {exact(level)}")
        return found

    def interval(
        self, probability: float = 0.9, threshold: ThresholdLike | None = None
    ) -> Interval:
        """The equal-tailed interval that holds the share `probability` of draws.

        Parameters
        ----------
        probability : float
            Between 0 and 1.
        threshold : float or mapping, optional
            One of the scenario's thresholds.

        Returns
        -------
        Interval
            Its ends `low` and `high` are as those of `quantile`; where the draws are too few for
            them, their `missing` says so.

        Examples
        --------
        >>> import simulate
        >>> found = simulate.run("configs/kursk-isw.yaml", draws=65_536).interval(0.8)
        >>> found.low.date.isoformat(), found.high.date.isoformat()
        ('2025-02-08', '2025-04-06')
        """
        share = inside(probability, "probability")
        return outcomes.interval(self.passages(threshold), self.summary.origin, share)

    @overload
    def probability_by(  # type: ignore[overload-overlap]  # a text is a single date
        self, date: DateLike, threshold: ThresholdLike | None = None
    ) -> ByDate: ...
    @overload
    def probability_by(
        self, date: Iterable[DateLike], threshold: ThresholdLike | None = None
    ) -> tuple[ByDate, ...]: ...
    def probability_by(
        self, date: DateLike | Iterable[DateLike], threshold: ThresholdLike | None = None
    ) -> ByDate | tuple[ByDate, ...]:
        """Probability of depletion on or before a date.

        Parameters
        ----------
        date : date or str, or several
        threshold : float or mapping, optional
            One of the scenario's thresholds, such as 0.5 or {"left": 13.5}.

        Returns
        -------
        ByDate or tuple of ByDate
            One for each date.

        Raises
        ------
        ScenarioError
            If a date is after the horizon, up to which the probability is known.
        """
        passages, origin = self.passages(threshold), self.summary.origin
        days = [as_date(each) for each in listed(date)]
        if beyond := [*late(days, self.summary.horizon, "date")]:
            raise ScenarioError(*(Problem(one.text, hint=one.hint) for one in beyond))
        found = tuple(outcomes.by_date(passages, origin, day) for day in days)
        return found if isinstance(date, Iterable) and not isinstance(date, str) else found[0]

    def passages(self, threshold: ThresholdLike | None = None) -> Binned:
        """The first passages of a threshold, in days since the origin, by bin and replicate."""
        k = self._index(threshold)
        return outcomes.passages_of(self.plan, self.tally, k, self.weighted)

    def outcome(self, threshold: ThresholdLike | None = None) -> Outcome:
        """Everything reported for one threshold."""
        return self.summary.outcomes[self._index(threshold)]

    @property
    def update(self) -> Update | None:
        """How later reports change the result; None where no count under `observed` is evidence.

        `updated` is a result with the dates after them.
        """
        return self.summary.update

    @property
    def updated(self) -> Self | None:
        """The result with the updated dates in place of those before; None without evidence.

        Inputs and loss rate in it are the scenario's own. Draws, record and files belong to the
        result before the update; here they raise an `UpdateError`.

        Examples
        --------
        >>> import simulate
        >>> result = simulate.run("configs/kursk-update.yaml", draws=65_536)
        >>> later = result.updated
        >>> later.probability_by("2025-05-01").probability < 0.05
        True
        """
        after, sums = self.summary.updated, self.tally.updated
        if after is None or sums is None:
            return None
        return replace(self, summary=after, weighted=Weighted.of(sums))

    def _index(self, threshold: ThresholdLike | None) -> int:
        ladder = self.plan.thresholds
        return ladder.index(known_threshold(threshold, ladder))


def inside(share: Any, name: str) -> float:
    """The share, which must be one other than none and all."""
    number = as_number(share, name)
    if not 0 < number < 1:
        hint = f"; write {number / 100:g}" if 1 < number < 100 else ""
        raise ValueError(f"{name} must lie between 0 and 1 (found {number:g}){hint}")
    return number
