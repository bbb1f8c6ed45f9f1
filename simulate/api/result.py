"""The result of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.analysis import outcomes
from simulate.analysis.binned import Binned
from simulate.analysis.request import known_threshold
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import ByDate, Instant, Interval
from simulate.api.answer import Answer
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.errors import UnsupportedLevelError
from simulate.report.data import json_document, run_files, tables
from simulate.report.document import Document, Drawing
from simulate.report.pages.run import run_page
from simulate.report.text.citation import Style
from simulate.report.text.headline import headline
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.numerals import exact
from simulate.scenario.values import Day

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulate.analysis.curve import Curve
    from simulate.report.text.likelihood import Scale


@dataclass(frozen=True)
class Result(Answer):
    """The answer of a run.

    `summary` holds everything reported, as plain values; the methods compute further numbers
    from the run's tally. Thresholds are shares of the force lost. The default is the scenario's
    largest; one that it does not have raises a `ThresholdError`.
    """

    file_names = run_files.FILE_NAMES
    loaded: LoadedScenario
    plan: Plan
    tally: Tally
    summary: Summary

    def quantile(self, level: float, threshold: float | None = None) -> Instant:
        """The date by which the share `level` of draws is depleted, with its error.

        Parameters
        ----------
        level : float
            Between 0 and 1; 0.95 for the 95th percentile.
        threshold : float, optional
            One of the scenario's thresholds.

        Raises
        ------
        UnsupportedLevelError
            If the run has too few draws for this level.
        """
        passages = self._passages(threshold)
        found = outcomes.instant(passages, self.summary.origin, _inside(level, "level"))
        if found.missing == "too_few_draws":
            n = self.summary.run.draws
            raise UnsupportedLevelError(f"{n:,} draws are too few for the level {exact(level)}")
        return found

    def interval(self, probability: float = 0.9, threshold: float | None = None) -> Interval:
        """The equal-tailed interval that holds the share `probability` of draws."""
        inside = _inside(probability, "probability")
        return outcomes.interval(self._passages(threshold), self.summary.origin, inside)

    def probability_by(self, date: dt.date | str, threshold: float | None = None) -> ByDate:
        """Probability of depletion on or before a date."""
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
        return outcomes.by_date(self._passages(threshold), self.summary.origin, day)

    def outcome(self, threshold: float | None = None) -> Outcome:
        """Everything reported for one threshold."""
        return self.summary.outcomes[self._index(threshold)]

    def plot(
        self, threshold: float | None = None, *, kind: str = "histogram", preset: str = "web"
    ) -> Figure:
        """A picture as a Matplotlib figure without global state.

        Parameters
        ----------
        threshold : float, optional
            One of the scenario's thresholds.
        kind : str
            `histogram`, `cdf` or `dotplot`; `fan` for a run with `strength=True`.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card).
        """
        from simulate.report.figures.files import sheet_of

        return self.picture(kind, threshold).draw(sheet_of(preset))

    def picture(self, kind: str, threshold: float | None = None) -> Drawing:
        """A picture to be drawn in any size, with its description."""
        from simulate.report.figures import cdf, dotplot, fan, histogram

        outcome = self.outcome(threshold)
        if kind == "histogram":
            return histogram.drawing(self.summary, outcome)
        if kind == "cdf":
            return cdf.drawing(self.summary, self.curve(threshold), outcome)
        if kind == "dotplot":
            return dotplot.drawing(self.summary, self.curve(threshold), outcome)
        if kind == "fan":
            return fan.drawing(self.summary)
        raise ValueError(f"{kind!r} is none of histogram, cdf, dotplot and fan")

    def curve(self, threshold: float | None = None) -> Curve:
        """The probability of depletion by date as a curve, and fifty equal shares of draws."""
        from simulate.analysis.curve import curve_of

        return curve_of(self._passages(threshold))

    def plot_strength(self) -> Figure:
        """Strength and losses by date as a Matplotlib figure, for a run with `strength=True`."""
        return self.plot(kind="fan")

    def save_draws(self, file: str | Path, *, force: bool = False) -> None:
        """Save inputs and outcomes of each draw, recomputed one by one.

        Parameters
        ----------
        file : str or Path
            Ending in .csv, .npz or .parquet (for which pyarrow must be installed).
        force : bool
            Whether to replace an existing file.

        Raises
        ------
        LimitError
            If the run has more than 10**7 draws.
        FileError
            If the file exists or cannot be written, or its name ends otherwise.
        """
        from simulate.analysis.draw_table import table_of
        from simulate.report.data.draws import write_draws

        table = table_of(self.loaded.scenario, self.plan, self.summary)
        write_draws(file, table, force=force)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the result."""
        return json_document.document(self.summary)

    def files(self, formats: Sequence[str] = ("svg", "png")) -> dict[str, bytes]:
        """The content of each file of the run, by its name."""
        return run_files.run_files(self.summary, self.record(), formats, self.curve)

    def to_dataframe(self) -> pd.DataFrame:
        """Percentile dates as a pandas table, a row for each threshold and level."""
        return tables.data_frame(self.summary)

    def record(self) -> dict[str, Any]:
        """Everything needed to repeat the run, including the scenario, as JSON types."""
        from importlib import metadata  # slow to import

        run = self.summary.run
        drawn_with = {name: metadata.version(name) for name in ("scipy", "matplotlib")}
        return {
            "schema_version": json_document.SCHEMA_VERSION,
            "scenario": self.loaded.resolved,
            "file": self.loaded.file,
            "overrides": list(self.loaded.overrides),
            "digest": self.loaded.digest,
            **({"data_files": dict(found)} if (found := self.loaded.data_digests) else {}),
            "run": {
                **{name: getattr(run, name) for name in ("draws", "seed", "method", "stream")},
                **({"asked": run.asked} if run.asked != run.draws else {}),
                **({"precision": run.precision.asked} if run.precision is not None else {}),
                **({"strength": True} if self.summary.strength is not None else {}),
                "versions": {**run.versions, **drawn_with},
            },
            "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }

    def cite(
        self,
        form: str = "text",
        *,
        threshold: float | None = None,
        interval: float = 0.9,
        words: Scale | None = None,
        prose: bool = False,
        track_record: bool = False,
    ) -> str:
        """The sentence to cite, its note and a reference.

        Parameters
        ----------
        form : str
            "text", "markdown", "latex", "quarto" or "bibtex".
        threshold, interval, words, prose : optional
            Share of the force lost, probability of the interval, scale of words for probabilities
            ("icd203" or "ipcc"), and whether tables and variables write dates as prose.
        track_record : bool
            Whether to say how intervals made this way would have fared in the past of the
            scenario's series; a `ScenarioError` if it has none, or one too short.
        """
        # Imported here: only citations need the scales of words and all formats.
        from simulate.report.render.citation import cited_as

        inside = _inside(interval, "interval")
        summary = outcomes.with_interval(self.summary, self.plan, self.tally, inside)
        fared = self._track_record(self.outcome(threshold)) if track_record else ""
        return cited_as(form, summary, Style(threshold, interval, words, prose, fared))

    def page(self, *, verbose: bool = False) -> Document:
        """The whole answer; `verbose` shows all thresholds in full."""
        return run_page(self.summary, verbose=verbose)

    def headlines(self) -> tuple[str, ...]:
        """The result line."""
        return (headline(self.summary),)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to be careful about."""
        return self.summary.warnings

    def __repr__(self) -> str:
        run, scenario = self.summary.run, self.summary.scenario
        return f"<Result of {scenario.title!r}: {run.draws:,} draws, seed {run.seed}>"

    def _passages(self, threshold: float | None) -> Binned:
        return outcomes.passages_of(self.plan, self.tally, self._index(threshold))

    def _track_record(self, outcome: Outcome) -> str:
        """How such intervals fared as many days ahead as the median, or the horizon, is.

        Or as many fewer as the series is long enough for.
        """
        from simulate.api.backtest import judged
        from simulate.report.text.backtest import clause

        end = outcome.median.date or self.summary.horizon
        losses = self.loaded.scenario.losses
        ahead = 1 if losses.as_of is None else (end - Day(losses.as_of.support[0]).date).days
        return clause(judged(self.loaded, max(ahead, 1)).backtest, max(ahead, 1))

    def _index(self, threshold: float | None) -> int:
        ladder = self.plan.thresholds
        return ladder.index(known_threshold(threshold, ladder))


def _inside(share: float, name: str) -> float:
    if not 0 < share < 1:
        raise ValueError(f"{name} must lie between 0 and 1")
    return share
