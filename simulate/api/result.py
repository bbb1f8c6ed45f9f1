"""The result of a run."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from simulate.analysis import outcomes
from simulate.analysis.request import Request, ThresholdLike
from simulate.analysis.study import study
from simulate.analysis.summary import Outcome
from simulate.api.answer import Plot, plotted
from simulate.api.dated import Dated, inside
from simulate.errors import Problem, UpdateError
from simulate.report.data.files import PAGE, Table
from simulate.report.document import Document, Drawing
from simulate.report.pages.run import run_page
from simulate.report.text.headline import headline
from simulate.report.text.phrases import day_of_most
from simulate.report.text.update import updated_headline
from simulate.scenario.plain import as_path, as_whole, found, one_of
from simulate.scenario.values import Day

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulate.analysis.curve import CdfCurve
    from simulate.api.draws import Draws
    from simulate.report.text.likelihood import Scale


class Result(Dated):
    """The answer of a run.

    `summary` holds everything reported, as plain values; the methods compute further numbers
    from the run's tally. Thresholds are shares of the force lost. The default is the scenario's
    largest; one that it does not have raises a `ThresholdError`. `weighted` are the draws of
    updated dates, each as far as it fits the reports.
    """

    @classmethod
    def writes(cls, name: str) -> bool:
        """As `Answer`."""
        from simulate.report.data.run_files import FILE_NAMES

        return FILE_NAMES.fullmatch(name) is not None

    def plot(
        self,
        threshold: ThresholdLike | None = None,
        *,
        kind: str = "histogram",
        preset: str = "web",
        ax: Axes | None = None,
    ) -> Plot:
        """A picture, as a notebook shows it.

        Parameters
        ----------
        threshold : float or mapping, optional
            One of the scenario's thresholds, such as 0.5 or {"left": 13.5}.
        kind : str
            `histogram`, `cdf` or `dotplot`; `fan` for a run with `strength=True`.
        preset : str
            `web`, `print` (7 inches wide) or `social`, a card: that of a date which nine draws in
            ten give is the strength by date.
        ax : matplotlib.axes.Axes, optional
            Draw the histogram or the curve (`cdf`) on these axes alone, in their own style and on
            an axis of Matplotlib's dates, with a label for a legend.

        Returns
        -------
        Plot
            Its `figure` is a Matplotlib figure.

        Raises
        ------
        ValueError
            If there is no such kind or preset, or the kind cannot be drawn on `ax`.
        """
        from simulate.report.figures.files import sheet_of

        on_card = ax is None and sheet_of(preset) == "social"
        picture = (self.card if on_card else self.picture)(kind, threshold)
        if ax is None:
            return plotted(picture, preset)
        from matplotlib.axes import Axes

        from simulate.report.figures.on_axes import draw_on

        if not isinstance(ax, Axes):
            raise TypeError(f"ax must be Matplotlib axes (found {found(ax)})")
        draw_on(ax, kind, self.summary, self.outcome(threshold), self.curve(threshold))
        return Plot(cast("Figure", ax.figure), picture.alt, is_whole=False)

    def picture(self, kind: str, threshold: ThresholdLike | None = None) -> Drawing:
        """A picture to be drawn in any size, with its description."""
        from simulate.report.figures import cdf, dotplot, fan, histogram

        outcome = self.outcome(threshold)
        match one_of(kind, "kind", ("histogram", "cdf", "dotplot", "fan")):
            case "histogram":
                return histogram.drawing(self.summary, outcome)
            case "cdf":
                return cdf.drawing(self.summary, self.curve(threshold), outcome)
            case "dotplot":
                return dotplot.drawing(self.summary, self.curve(threshold), outcome)
        return fan.drawing(self.summary)

    def card(self, kind: str, threshold: ThresholdLike | None = None) -> Drawing:
        """The same for a card: strength over time in place of a date that most draws share."""
        if threshold is not None or not day_of_most(self.outcome()):
            return self.picture(kind, threshold)
        from simulate.report.figures import fan

        run, found = self.summary.run, self.summary
        if found.strength is None:
            request = Request(draws=run.asked, seed=run.seed, method=run.method)
            *_, found = study(self.loaded, request, strength=True)
        return fan.drawing(found)

    def curve(self, threshold: ThresholdLike | None = None) -> CdfCurve:
        """The probability of depletion by date as a curve, and fifty equal shares of draws."""
        from simulate.analysis.curve import curve_of

        return curve_of(self.passages(threshold))

    def plot_strength(self) -> Plot:
        """Strength and losses by date, for a run with `strength=True`."""
        return self.plot(kind="fan")

    def draws(self) -> Draws:
        """Inputs and outcomes of each draw as arrays, recomputed one by one.

        Returns
        -------
        Draws
            A mapping of names to arrays, and `to_dataframe()`.

        Raises
        ------
        LimitError
            If the run has more than 10**7 draws.

        Examples
        --------
        >>> import simulate
        >>> draws = simulate.run("configs/kursk-isw.yaml", draws=1024).draws()
        >>> int(draws["force.size"].mean().round(-2))
        11500
        >>> draws["date_100"].dtype
        dtype('<M8[D]')
        """
        from simulate.analysis.draw_table import table_of
        from simulate.api.draws import Draws

        self._check_before_update("draws")
        return Draws(table_of(self.loaded.scenario, self.plan, self.summary))

    def save_draws(self, file: str | os.PathLike[str], *, force: bool = False) -> None:
        """Save inputs and outcomes of each draw, recomputed one by one.

        Parameters
        ----------
        file : str or PathLike
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

        self._check_before_update("save_draws")
        table = table_of(self.loaded.scenario, self.plan, self.summary)
        write_draws(as_path(file, "file"), table, force=force)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the result."""
        from simulate.report.data.json_document import document

        return document(self.summary)

    def files(
        self, formats: Sequence[str] = ("svg", "png"), *, every: bool = False
    ) -> dict[str, bytes]:
        """The content of each file of the run, by its name.

        Parameters
        ----------
        formats : sequence of str
            Of the pictures: any of "svg", "png" and "pdf"; none for no pictures.
        every : bool
            Whether to draw those of all thresholds, with curve and dots, not only the main one.
        """
        from simulate.report.data.run_files import CITATION, run_files
        from simulate.report.render.html import html

        self._check_before_update("files")
        return {
            PAGE: html(self.page(verbose=True)).encode("utf-8"),
            CITATION: self.cite().encode("utf-8"),
            **run_files(self.summary, self.record(), formats, self.curve, every=every),
        }

    def table(self) -> Table:
        """Percentile dates, a row for each threshold and level.

        `date` is the one by which the share `level` of draws passes the `threshold`, `day` the same
        in days since `summary.origin`, `mc_error_days` its Monte Carlo error (95 % half-width);
        `missing` says why there is none, such as `beyond_horizon`.
        """
        from simulate.report.data.tables import quantiles

        return quantiles(self.summary)

    def to_dataframe(self) -> pd.DataFrame:
        """Percentile dates as a pandas table, whose columns `table` explains.

        `mc_error_days` is infinite where the error bar of a date reaches past the horizon.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        from simulate.report.data.tables import data_frame

        return data_frame(self.summary)

    def record(self) -> dict[str, Any]:
        """Everything needed to repeat the run, including the scenario, as JSON types."""
        from simulate.report.data.run_files import record

        self._check_before_update("record")
        return record(self.loaded, self.summary)

    def cite(
        self,
        form: str = "text",
        *,
        threshold: ThresholdLike | None = None,
        interval: float = 0.9,
        words: Scale | None = None,
        prose: bool = False,
        track_record: bool | int = False,
        only: Literal["", "news", "paper"] = "",
    ) -> str:
        """The sentence to cite, its note and a reference.

        Parameters
        ----------
        form : str
            "text", "markdown", "latex", "quarto", "bibtex", or "csl" for CSL-JSON.
        threshold, interval, words, prose : optional
            Share of the force lost, probability of the interval, scale of words for probabilities
            ("icd203" or "ipcc"), and whether tables and variables write dates as prose.
        track_record : bool or int
            Whether to say how intervals made this way would have fared in the past of the
            scenario's series, so many days ahead; True for the days to the median. A
            `ScenarioError` if it has none.
        only : str
            "news" for the sentence of a newspaper alone, "paper" for all but that; of text and
            Markdown.
        """
        # Imported here: only citations need the scales of words and all formats.
        from simulate.report.render.citation import cited_as
        from simulate.report.text.citation import Style

        probability = inside(interval, "interval")
        run = self.summary, self.plan, self.tally
        summary = outcomes.with_interval(*run, probability, self.weighted)
        fared = self._track_record(self.outcome(threshold), track_record) if track_record else ""
        year = dt.datetime.now(dt.UTC).year
        known = None if threshold is None else self.outcome(threshold).threshold
        style = Style(known, interval, words, prose, fared, only, year)
        return cited_as(form, summary, style)

    def page(self, *, verbose: bool = False) -> Document:
        """The whole answer; `verbose` shows all thresholds in full."""
        return run_page(self.summary, verbose=verbose)

    def headlines(self) -> tuple[str, ...]:
        """The result line, and the updated one where there is evidence."""
        return tuple(filter(None, (headline(self.summary), updated_headline(self.summary))))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to be careful about."""
        return self.summary.warnings

    def _about(self) -> str:
        run, scenario = self.summary.run, self.summary.scenario
        return f"Result of {scenario.title!r}: {run.draws:,} draws, seed {run.seed}"

    def _check_before_update(self, name: str) -> None:
        """Refuse what holds both the dates before an update and those after it."""
        if self.summary.is_updated:
            message = f"{name}: updated dates have none of their own"
            hint = f"take {name} of the result before the update, whose draws have weights"
            raise UpdateError(str(Problem(message, hint=hint)))

    def _track_record(self, outcome: Outcome, days: int) -> str:
        """How such intervals fared so many days ahead; for True as many as the median, or horizon.

        Or as many fewer as the series is long enough for.
        """
        from simulate.api.backtest import judged
        from simulate.report.text.backtest import TOO_SHORT, clause

        end = outcome.median.date or self.summary.horizon
        losses = self.loaded.scenario.losses
        ahead = 1 if losses.as_of is None else (end - Day(losses.as_of.support[0]).date).days
        ahead = max(ahead, 1) if days is True else as_whole(days, "track_record")
        found = judged(self.loaded, ahead)
        asked = () if days is True else ("the question was",)
        return TOO_SHORT if found is None else clause(found.backtest, ahead, *asked)
