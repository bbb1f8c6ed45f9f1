"""Score a forecast whose outcome is known, at once or through a register."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from typing import Any, Unpack

from simulate.analysis.request import ThresholdLike, known_threshold
from simulate.analysis.score import (
    Assessment,
    Forecast,
    ForecastRecord,
    Resolution,
    assess,
    straight_day,
)
from simulate.api.answer import Bundled
from simulate.api.result import Result
from simulate.api.run import RunOptions, run
from simulate.errors import Problem, ScenarioError
from simulate.report.data import register as registers
from simulate.report.data import score as data
from simulate.report.data.files import Table
from simulate.report.document import Document
from simulate.report.pages.score import score_page
from simulate.report.text import phrases
from simulate.report.text import score as text
from simulate.report.text.wording import prose_date
from simulate.scenario.loader import Runnable
from simulate.scenario.plain import DateLike, as_date, listed


@dataclass(frozen=True, repr=False)
class ScoreResult(Bundled, stem="score"):
    """The answer of `score`; `assessment` holds everything reported, as plain values."""

    assessment: Assessment
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the scores."""
        return data.document(self.assessment)

    def table(self) -> Table:
        """Each score.

        The name of the `score`; the probability or the date that it is `of`; its value for the
        `forecast` and for the `straight_line`.
        """
        return data.table(self.assessment)

    def page(self, *, verbose: bool = False) -> Document:  # noqa: ARG002  (it is always in full)
        """The whole answer."""
        return score_page(self.assessment, self.warnings)

    def headlines(self) -> tuple[str, ...]:
        """The result line."""
        return (text.headline(self.assessment),)

    def _about(self) -> str:
        return f"ScoreResult of {self.assessment.record.title!r}"


def score(
    forecast: Result | Runnable,
    *,
    happened: DateLike | None = None,
    not_by: DateLike | None = None,
    between: tuple[DateLike, DateLike] | None = None,
    threshold: ThresholdLike | None = None,
    **options: Unpack[RunOptions],
) -> ScoreResult:
    """Score a forecast whose outcome is known.

    Parameters
    ----------
    forecast : Result, or what `run` takes
        A result, or a scenario, which is run first. With counts as evidence the forecast is the
        updated one.
    happened, not_by : date or str, optional
        The date of depletion, or one up to which there was none.
    between : pair of date or str, optional
        The first and the last date on which it may have been.
    threshold : float or mapping, optional
        One of the scenario's thresholds, such as 0.5 or {"left": 13.5}; by default the largest.
    **options
        For a scenario, as in `run`.

    Returns
    -------
    ScoreResult

    Raises
    ------
    ScenarioError
        If the outcome is not given once, has not come yet, or lies before the scenario begins.

    Examples
    --------
    >>> import simulate
    >>> found = simulate.score("configs/kursk-isw-point.yaml", happened="2025-04-30", draws=1024)
    >>> round(found.assessment.forecast.crps_days, 1)
    16.0
    """
    resolution = resolution_of(happened, not_by, between)
    return score_result(as_result(forecast, options), resolution, threshold)


def score_result(
    result: Result, resolution: Resolution, threshold: ThresholdLike | None = None
) -> ScoreResult:
    """Score a result, with a warning if it rests on reports later than the outcome."""
    scored = score_as(record_of(result, threshold), resolution)
    update = result.update
    latest = max((report.date for report in update.reports), default=None) if update else None
    if latest is None or latest <= resolution.known_on:
        return scored
    return replace(scored, warnings=(text.hindsight_words(resolution, latest),))


def score_as(record: ForecastRecord, resolution: Resolution) -> ScoreResult:
    """Score a forecast; see `score`."""
    if min(resolution.first, resolution.known_on) < record.origin:
        began = prose_date(record.origin)
        message = f"the outcome, {text.resolution_words(resolution)}, lies before the scenario"
        raise ScenarioError(Problem(message, hint=f"its first possible day is {began}"))
    return ScoreResult(assess(record, resolution))


def as_result(forecast: Result | Runnable, options: RunOptions) -> Result:
    """A result, or that of a scenario, which is run with these options."""
    if isinstance(forecast, str | os.PathLike) and os.fspath(forecast).endswith(registers.SUFFIX):
        raise TypeError(f"{os.fspath(forecast)} is a register; a forecast comes before its file")
    if not isinstance(forecast, Result):
        return run(forecast, **options)
    if options:
        raise TypeError(f"{', '.join(options)}: a result has been run; give its scenario instead")
    return forecast


def record_of(result: Result, threshold: ThresholdLike | None = None) -> ForecastRecord:
    """The forecast of a result.

    Where later reports are evidence it is the updated one, whose `event` says so.
    """
    result = result.updated or result
    plan, summary, scenario = result.plan, result.summary, result.loaded.scenario
    known = known_threshold(threshold, plan.thresholds)
    made = summary.run
    return ForecastRecord(
        title=summary.scenario.title,
        event=phrases.headed(*phrases.event(result.outcome(known)))
        + phrases.updated_words(summary),
        threshold=known,
        digest=summary.scenario.digest,
        stream=made.stream,
        program=phrases.program(summary),
        draws=made.draws,
        seed=made.seed,
        method=made.method,
        origin=summary.origin,
        horizon=summary.horizon,
        by=scenario.by,
        straight_day=straight_day(scenario, plan, known),
        forecast=Forecast.of(result.passages(known), made.draws),
    )


def resolution_of(
    happened: DateLike | None = None,
    not_by: DateLike | None = None,
    between: tuple[DateLike, DateLike] | None = None,
) -> Resolution:
    """The outcome, given in one of three ways; it must have come, and begin before it ends."""
    if sum(way is not None for way in (happened, not_by, between)) != 1:
        message = "an outcome is one of: happened, not by, between"
        raise ScenarioError(Problem(message, hint="give one of them, with its date or dates"))
    if not_by is not None:
        resolution = Resolution.not_by(as_date(not_by, "not_by"))
    else:
        name, dates = ("between", between) if happened is None else ("happened", [happened] * 2)
        days = [as_date(day, name) for day in listed(dates)]
        if len(days) != 2:
            message = f"between takes a first and a last date (found {len(days)})"
            raise ScenarioError(Problem(message))
        first, last = days
        resolution = Resolution(first, last)
        if last < first:
            message = f"the outcome ends on {last} before it begins on {first}"
            raise ScenarioError(Problem(message, hint="give the earlier date first"))
    if not_by is not None and resolution.known_on == registers.today():
        message = f"{resolution.known_on} is not over, so it can still happen by then"
        earlier = resolution.known_on - dt.timedelta(days=1)
        hint = f"a date means the end of its day; give {earlier}, or wait until tomorrow"
        raise ScenarioError(Problem(message, hint=hint))
    if resolution.known_on > registers.today():
        message = f"{resolution.known_on} has not come yet, so its outcome is not known"
        raise ScenarioError(Problem(message, hint=f"today is {registers.today()}"))
    return resolution
