"""The result of a run, to be asked from Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate._version import __version__
from simulate.analysis.binned import Binned
from simulate.analysis.outcomes import by_date, instant, interval, passages_of, with_interval
from simulate.analysis.study import Study, answer
from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import ByDate, Instant, Interval
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.errors import UnsupportedLevelError
from simulate.report.document import Drawing
from simulate.report.figures import cdf, dotplot, fan, histogram
from simulate.report.figures.files import sheet_of
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.numerals import exact

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulate.analysis.curve import Curve
    from simulate.report.text.likelihood import Scale


@dataclass(frozen=True)
class Result:
    """The answer of a run.

    `summary` holds all that is reported, as plain values; the methods read further numbers off
    the run's tally. Thresholds are shares of the force lost; where none is named, the largest of
    the scenario's is meant.
    """

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
        found = instant(self._passages(threshold), self.summary.origin, _inside(level, "level"))
        if found.missing == "too_few_draws":
            n = self.summary.run.draws
            raise UnsupportedLevelError(f"{n:,} draws are too few for the level {exact(level)}")
        return found

    def interval(self, probability: float = 0.9, threshold: float | None = None) -> Interval:
        """The equal-tailed interval that holds the share `probability` of draws."""
        passages = self._passages(threshold)
        return interval(passages, self.summary.origin, _inside(probability, "probability"))

    def probability_by(self, date: dt.date | str, threshold: float | None = None) -> ByDate:
        """Probability of depletion on or before a date."""
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
        return by_date(self._passages(threshold), self.summary.origin, day)

    def outcome(self, threshold: float | None = None) -> Outcome:
        """All that is reported for one threshold."""
        return self.summary.outcomes[self._index(threshold)]

    def plot(
        self, threshold: float | None = None, *, kind: str = "histogram", preset: str = "web"
    ) -> Figure:
        """A picture as a Matplotlib figure, free of any global state.

        Parameters
        ----------
        threshold : float, optional
            One of the scenario's thresholds.
        kind : str
            `histogram`, `cdf` or `dotplot`; `fan` for a run with `strength=True`.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card).
        """
        return self.picture(kind, threshold).draw(sheet_of(preset))

    def picture(self, kind: str, threshold: float | None = None) -> Drawing:
        """A picture to be drawn in any size, with its description."""
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
        return fan.drawing(self.summary).draw("web")

    def save_draws(self, file: str | Path, *, force: bool = False) -> None:
        """Save inputs and outcomes of each draw, worked out again one by one.

        Parameters
        ----------
        file : str or Path
            Ending in .csv, .npz or .parquet (for which pyarrow must be installed).
        force : bool
            Whether to replace a file that is there.

        Raises
        ------
        LimitError
            If the run has more than 10**7 draws.
        FileError
            If the file is there already or cannot be written, or its name ends otherwise.
        """
        from simulate.analysis.draw_table import table_of
        from simulate.report.data.draws import write_draws

        table = table_of(self.loaded.scenario, self.plan, self.summary)
        write_draws(file, table, force=force)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the result."""
        from simulate.report.data.json_document import document

        return document(self.summary)

    def to_dataframe(self) -> pd.DataFrame:
        """Percentile dates as a pandas table, a row for each threshold and level."""
        from simulate.report.data.data_frame import data_frame

        return data_frame(self.summary)

    def record(self) -> dict[str, Any]:
        """All that is needed to repeat the run, with the scenario itself, as JSON types."""
        from importlib import metadata

        run = self.summary.run
        return {
            "schema_version": 1,
            "scenario": self.loaded.resolved,
            "file": self.loaded.file,
            "overrides": list(self.loaded.overrides),
            "digest": self.loaded.digest,
            "run": {
                "draws": run.draws,
                "seed": run.seed,
                "method": run.method,
                "stream": run.stream,
                **({"asked": run.asked} if run.asked != run.draws else {}),
                **({"precision": run.precision.asked} if run.precision is not None else {}),
                **({"strength": True} if self.summary.strength is not None else {}),
                "versions": {
                    **run.versions,
                    **{name: metadata.version(name) for name in ("scipy", "matplotlib")},
                },
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
    ) -> str:
        """The sentence to cite, its note and a reference.

        Parameters
        ----------
        form : str
            "text", "markdown", "latex", "quarto" or "bibtex".
        threshold, interval, words, prose : optional
            Share of the force lost, probability of the interval, scale of words for probabilities
            ("icd203" or "ipcc"), and whether tables and variables write dates as prose does.
        """
        from simulate.report.render.citation import cited_as
        from simulate.report.text.cited import Style

        summary = with_interval(self.summary, self.plan, self.tally, _inside(interval, "interval"))
        return cited_as(form, summary, Style(threshold, interval, words, prose))

    def _repr_html_(self) -> str:
        from simulate.report.pages.run import run_page
        from simulate.report.render.html import fragment

        return fragment(run_page(self.summary))

    def __repr__(self) -> str:
        run, scenario = self.summary.run, self.summary.scenario
        return f"<Result of {scenario.title!r}: {run.draws:,} draws, seed {run.seed}>"

    def _passages(self, threshold: float | None) -> Binned:
        return passages_of(self.plan, self.tally, self._index(threshold))

    def _index(self, threshold: float | None) -> int:
        ladder = self.plan.thresholds
        if threshold is None:
            return len(ladder) - 1
        if threshold not in ladder:
            raise ValueError(f"threshold {exact(threshold)} is not among the scenario's {ladder}")
        return ladder.index(threshold)


def result_of(study: Study, tallies: Sequence[Tally]) -> Result:
    """The result of a study whose plans gave these tallies."""
    summary = answer(study, tallies, __version__)
    return Result(study.loaded, study.plans[0], tallies[0], summary)


def _inside(share: float, name: str) -> float:
    if not 0 < share < 1:
        raise ValueError(f"{name} must lie between 0 and 1")
    return share
