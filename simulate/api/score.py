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
from simulate.analysis.track_record import Entry, Outcome, Register, TrackRecord
from simulate.api.answer import Bundled
from simulate.api.result import Result
from simulate.api.run import RunOptions, run
from simulate.errors import Argument, Message, Problem, ScenarioError
from simulate.report.data import register as registers
from simulate.report.data import score as data
from simulate.report.data.files import Table
from simulate.report.document import Document
from simulate.report.pages.score import register_page, score_page
from simulate.report.text import phrases
from simulate.report.text import score as text
from simulate.report.text.wording import inert, prose_date
from simulate.scenario.loader import Runnable
from simulate.scenario.plain import DateLike, as_date, as_path, found, listed


class _Unpictured(Bundled):
    """An answer without a picture."""

    def main_picture(self) -> None:
        """No picture."""


@dataclass(frozen=True, repr=False)
class ScoreResult(_Unpictured, stem="score"):
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


@dataclass(frozen=True, repr=False)
class RegisterResult(_Unpictured, stem="register"):
    """The answer of `score_register`: a register, and the track record of its forecasts."""

    forecasts: Register
    record: TrackRecord

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the register."""
        return data.register_document(self.forecasts, self.record)

    def table(self) -> Table:
        """Each forecast.

        Its `id`, when it was `made_on`, the `title` and `digest` of the scenario, the `event` and
        its `threshold`; the `first` and the `last` date of the outcome and its `source`;
        `level_low` and `level_high`, the probabilities of an earlier and of a no later date;
        `crps_days` of the forecast, and `straight_line_crps_days`.
        """
        return data.register_table(self.forecasts)

    def page(self, *, verbose: bool = False) -> Document:  # noqa: ARG002  (it is always in full)
        """The whole answer."""
        return register_page(self.forecasts, self.record)

    def headlines(self) -> tuple[str, ...]:
        """How many forecasts, and their mean score."""
        lines = (
            text.count_words(len(self.forecasts.entries), self.record.n),
            text.mean_words(self.record),
        )
        return tuple(filter(None, lines))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The lines that are left out."""
        return self.forecasts.problems

    def _about(self) -> str:
        return f"RegisterResult of {self.forecasts.name}"


_MOST_LISTED = 5
"""Ids that a message lists."""


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
    return score_result(_run(forecast, options), resolution, threshold)


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


def register(
    forecast: Result | Runnable,
    file: str | os.PathLike[str],
    *,
    threshold: ThresholdLike | None = None,
    **options: Unpack[RunOptions],
) -> Entry:
    """Add a forecast to a register, to be scored once its outcome is known.

    Parameters
    ----------
    forecast, threshold, **options
        As in `score`.
    file : str or PathLike
        The register, whose name ends in .jsonl; it is created if it does not exist.

    Returns
    -------
    Entry
        The forecast with its `id`.

    Raises
    ------
    FileError
        If the file cannot be written or is no register.

    Examples
    --------
    >>> import simulate, tempfile
    >>> file = f"{tempfile.mkdtemp()}/forecasts.jsonl"
    >>> entry = simulate.register("configs/kursk-isw.yaml", file, draws=1024)
    >>> entry.record.event
    'Whole force (100 %) lost'
    """
    path = as_path(file, "file")
    return registers.add_forecast(path, record_of(_run(forecast, options), threshold))


def record_outcome(
    file: str | os.PathLike[str],
    forecast: str | Entry | ForecastRecord,
    *,
    happened: DateLike | None = None,
    not_by: DateLike | None = None,
    between: tuple[DateLike, DateLike] | None = None,
    source: str = "",
    correct: bool = False,
) -> ScoreResult:
    """Add the outcome of a forecast to its register, and score it.

    Parameters
    ----------
    file : str or PathLike
    forecast : str, Entry or ForecastRecord
        The id of the forecast, or its first digits; what `register` returns; or the `record` of
        either.
    happened, not_by, between : optional
        As in `score`.
    source : str
        Who says so; without it the answer has a warning.
    correct : bool
        Whether it may replace an outcome that it does not refine, which stays in the file.

    Returns
    -------
    ScoreResult

    Raises
    ------
    ScenarioError
        As in `score`, and if the outcome was known, or can have come, when the forecast was made;
        or if another one is known and `correct` is false.
    FileError
        If the file cannot be read or written, or holds no such forecast.

    Examples
    --------
    >>> import datetime as dt, simulate, tempfile
    >>> file = f"{tempfile.mkdtemp()}/forecasts.jsonl"
    >>> entry = simulate.register("configs/kursk-isw.yaml", file, draws=1024)
    >>> found = simulate.record_outcome(file, entry.id, happened=dt.date.today(), source="me")
    >>> found.assessment.record == entry.record
    True
    """
    resolution = resolution_of(happened, not_by, between)
    path, known = as_path(file, "file"), _known(forecast)
    if not isinstance(source, str):
        raise TypeError(f"source must be text (found {found(source)})")

    def chosen(register: Register) -> Entry:
        entry = _entry(register, known)
        score_as(entry.record, resolution)  # refuses what cannot be
        return entry

    outcome = Outcome(resolution, source)
    entry = registers.add_outcome(path, chosen, outcome, correct=correct)
    scored = score_as(entry.record, resolution)
    return scored if source else replace(scored, warnings=(text.NO_SOURCE,))


def _known(forecast: Any) -> str | ForecastRecord:
    """The id, or the beginning of one, or the record by which a forecast is found."""
    given = forecast.id if isinstance(forecast, Entry) else forecast
    if not isinstance(given, str | ForecastRecord):
        raise TypeError(f"forecast must be its id, as text (found {found(given)})")
    if given == "":
        hint = "give its first digits"
        raise ScenarioError(Problem("the id of the forecast is empty", hint=hint))
    return given


def _entry(register: Register, forecast: str | ForecastRecord) -> Entry:
    """The one forecast of a register with this id, or with this scenario and threshold."""
    found = register.named(forecast) if isinstance(forecast, str) else register.alike(forecast)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(entry.shown_id for entry in found)
        message = f"{register.name} holds {len(found)} such forecasts: {ids}"
        hint: str = Message("choose one, such as ", Argument("forecast", found[0].shown_id))
    elif isinstance(forecast, str):
        message = f"{register.name} holds no forecast whose id begins with '{inert(forecast)}'"
        ids = ", ".join(entry.shown_id for entry in register.entries[:_MOST_LISTED])
        hint = f"the first that it holds: {ids}" if ids else "it holds none"
    else:
        message = f"{register.name} does not hold this forecast"
        hint = (
            "a forecast is registered before its outcome is known, and so without an outcome; "
            "to score it all the same, score it without a register"
        )
    raise ScenarioError(Problem(message, hint=hint))


def score_register(file: str | os.PathLike[str]) -> RegisterResult:
    """Score all forecasts of a register whose outcome is known.

    Parameters
    ----------
    file : str or PathLike

    Returns
    -------
    RegisterResult

    Raises
    ------
    FileError
        If it cannot be read or is no register.

    Examples
    --------
    >>> import simulate, tempfile
    >>> file = f"{tempfile.mkdtemp()}/forecasts.jsonl"
    >>> _ = simulate.register("configs/kursk-isw.yaml", file, draws=1024)
    >>> len(simulate.score_register(file).to_dataframe())
    1
    """
    register = registers.read_register(as_path(file, "file"))
    return RegisterResult(register, TrackRecord.of(register.resolved))


def _run(forecast: Result | Runnable, options: RunOptions) -> Result:
    """A result, or that of a scenario, which is run with these options."""
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
    """The outcome, given in one of three ways.

    Raises
    ------
    ScenarioError
        If it is not given once, ends before it begins, or has not come yet.
    """
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
