"""A register of forecasts, which are scored once their outcomes are known."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, Unpack

from simulate.analysis.request import ThresholdLike
from simulate.analysis.score import ForecastRecord
from simulate.analysis.track_record import Entry, RecordedOutcome, Register, TrackRecord
from simulate.api.answer import Bundled
from simulate.api.result import Result
from simulate.api.run import RunOptions
from simulate.api.score import ScoreResult, as_result, record_of, resolution_of, score_as
from simulate.errors import Argument, Message, Problem, ScenarioError
from simulate.report.data import register as registers
from simulate.report.data import score as data
from simulate.report.data.files import Table
from simulate.report.document import Document
from simulate.report.pages.score import register_page
from simulate.report.text import score as text
from simulate.report.text.wording import inert
from simulate.scenario.loader import Runnable
from simulate.scenario.plain import DateLike, as_path, found


@dataclass(frozen=True, repr=False)
class RegisterResult(Bundled, stem="register"):
    """The answer of `score_register`: a register, and the track record of its forecasts."""

    forecasts: Register
    record: TrackRecord
    added: Entry | None = None
    """The one forecast that is shown, where it has just been added."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the register."""
        return data.register_document(self.forecasts, self.record, self._shown)

    def table(self) -> Table:
        """Each forecast.

        Its `id`, when it was `made_on`, the `title` and `digest` of the scenario, the `event` and
        its `threshold`; the `first` and the `last` date of the outcome and its `source`;
        `level_low` and `level_high`, the probabilities of an earlier and of a no later date;
        `crps_days` of the forecast, and `straight_line_crps_days`; the `p5`, `median` and `p95` of
        the forecast, empty beyond its horizon.
        """
        return data.register_table(self._shown)

    def page(self, *, verbose: bool = False) -> Document:  # noqa: ARG002  (it is always in full)
        """The whole answer."""
        return register_page(self.forecasts, self.record, self.added)

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

    @property
    def _shown(self) -> tuple[Entry, ...]:
        return (self.added,) if self.added else self.forecasts.entries

    def _about(self) -> str:
        return f"RegisterResult of {self.forecasts.name}"


_MOST_LISTED = 5
"""Ids that a message lists."""


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
        The forecast with its `id`. One of the same scenario and threshold is not added again: then
        `is_new` is false, and the entry is the earlier one.

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
    return registers.add_forecast(path, record_of(as_result(forecast, options), threshold))


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

    outcome = RecordedOutcome(resolution, source)
    entry = registers.add_outcome(path, chosen, outcome, correct=correct)
    scored = score_as(entry.record, resolution)
    has_source = entry.outcome is not None and entry.outcome.source
    return scored if has_source else replace(scored, warnings=(text.NO_SOURCE,))


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
