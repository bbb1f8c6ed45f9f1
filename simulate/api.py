"""The Python face of the program: load a scenario, run it, ask the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate import __version__
from simulate.analysis.binned import Binned
from simulate.analysis.outcomes import by_date, instant, interval, passages_of, with_interval
from simulate.analysis.study import Study, answer, study_of
from simulate.analysis.summary import ByDate, Instant, Interval, Outcome, Summary
from simulate.engine.design import MOST_SAVED
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, run_plan
from simulate.engine.tally import Tally
from simulate.engine.workforce import Workforce
from simulate.errors import Problem, ScenarioError, UnsupportedLevelError
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd
    from matplotlib.figure import Figure

    from simulate.analysis.curve import Curve
    from simulate.report.likelihood import Scale
    from simulate.report.presets import Picture


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
            raise UnsupportedLevelError(f"{n:,} draws are too few for the level {level:g}")
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
            `web`, `print` (7 inches wide) or, but for `fan`, `social` (a card).
        """
        from simulate.report.presets import sheet_of

        sheet = sheet_of(kind, preset)
        return self.picture(kind, threshold).draw(sheet)

    def picture(self, kind: str, threshold: float | None = None) -> Picture:
        """A picture to be drawn in any size, with its description."""
        from simulate.report.presets import date_picture

        outcome = self.outcome(threshold)
        return date_picture(kind, self.summary, outcome, lambda: self.curve(threshold))

    def curve(self, threshold: float | None = None) -> Curve:
        """The probability of depletion by date as a curve, and fifty equal shares of draws."""
        from simulate.analysis.curve import curve_of

        return curve_of(self._passages(threshold))

    def plot_strength(self) -> Figure:
        """Strength and losses by date as a Matplotlib figure, for a run with `strength=True`."""
        from simulate.report.fan_figure import fan_figure

        return fan_figure(self.summary)

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
        from simulate.report.draw_files import write_draws

        table = table_of(self.loaded.scenario, self.plan, self.summary)
        write_draws(file, table, force=force)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the result."""
        from simulate.report.json_document import document

        return document(self.summary)

    def to_dataframe(self) -> pd.DataFrame:
        """Percentile dates as a pandas table, a row for each threshold and level."""
        from simulate.report.data_frame import data_frame

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
        from simulate.report.cited import Style
        from simulate.report.cited_text import cited_as

        summary = with_interval(self.summary, self.plan, self.tally, _inside(interval, "interval"))
        return cited_as(form, summary, Style(threshold, interval, words, prose))

    def _repr_html_(self) -> str:
        from simulate.report.notebook import summary_html

        return summary_html(self.summary)

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
            raise ValueError(f"threshold {threshold:g} is not among the scenario's {ladder}")
        return ladder.index(threshold)


def load(file: str | Path, overrides: Iterable[str] = ()) -> LoadedScenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    file : str or Path
        A YAML file, or "-" for standard input.
    overrides : iterable of str
        Settings such as "losses.start=2024-12-01", typed like YAML.

    Raises
    ------
    ScenarioError
        Listing all that is wrong with the scenario.
    FileError, LimitError
        If a file cannot be read, or a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> claim = simulate.load("configs/kursk-isw-point.yaml")
    >>> claim.scenario.unit
    'soldiers'
    """
    return loader.load(file, overrides)


def run(
    scenario: LoadedScenario | Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    precision: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    strength: bool = False,
    saving: bool = False,
) -> Result:
    """Sample a scenario and summarise its depletion dates.

    Parameters
    ----------
    scenario : LoadedScenario or Scenario
        From `load`, or built in Python.
    draws, seed, method : optional
        Take the place of the scenario's own `sampling`.
    precision : float, optional
        Days: draw until the Monte Carlo error (95 % half-width) of every reported date is at most
        that; `draws` is then the most that is drawn. `summary.run.precision` tells whether it was
        reached, which is no error where it was not.
    workers : int, optional
        Threads; one for each core where left out. With an executor, how many workers it has.
    executor : concurrent.futures.Executor, optional
        Where the blocks are computed instead. The result does not depend on it.
    progress : callable, optional
        Called as progress(draws done, draws in all).
    strength : bool
        Whether to report the strength present and the losses by date as well.
    saving : bool
        Whether the draws are going to be saved: more than can be are then refused beforehand.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, or the scenario has `losses.pooling: each`,
        which `run_each` is for.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> result = simulate.run(simulate.load("configs/kursk-isw-point.yaml"), draws=1024)
    >>> result.quantile(0.5).date.isoformat()
    '2025-04-14'
    >>> result.probability_by("2025-04-13").probability
    0.0
    """
    loaded = scenario if isinstance(scenario, LoadedScenario) else LoadedScenario(scenario)
    if loaded.scenario.losses.is_each:
        raise ScenarioError(_ONE_RESULT)
    asked = {"draws": draws, "seed": seed, "method": method, "precision": precision}
    sampling = loader.changed_sampling(
        loaded.scenario.sampling, {k: v for k, v in asked.items() if v is not None}
    )
    workforce = Workforce(workers, executor)
    study = study_of(
        loaded,
        sampling,
        strength=strength,
        workforce=workforce,
        most_draws=MOST_SAVED if saving else None,
    )
    tallies = run_study(study, workforce, progress=progress)
    return result_of(study, tallies)


def run_study(
    study: Study, workforce: Workforce, *, progress: Progress | None = None
) -> list[Tally]:
    """The tallies of a study's plans."""
    stages = _stages(progress, len(study.plans))
    return [run_plan(plan, workforce, progress=next(stages)) for plan in study.plans]


def result_of(study: Study, tallies: Sequence[Tally]) -> Result:
    """The result of a study whose plans gave these tallies."""
    summary = answer(study, tallies, __version__)
    return Result(study.loaded, study.plans[0], tallies[0], summary)


def run_each(
    scenario: LoadedScenario | Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    precision: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Result, ...]:
    """Sample a scenario once for each of its claims, that claim alone.

    Parameters
    ----------
    scenario : LoadedScenario or Scenario
        With `losses.claims`, whatever its pooling.
    draws, seed, method, precision, workers, executor, progress : optional
        As in `run`; `progress` is called for one result after the other.

    Returns
    -------
    tuple of Result
        One for each claim that is a total, in the order of the file; one in all where the losses
        are a single count. All look as far as the same horizon.

    Raises
    ------
    ScenarioError, LimitError
        As in `run`.

    Examples
    --------
    >>> import simulate
    >>> results = simulate.run_each(simulate.load("configs/kursk-claims.yaml"), draws=1024)
    >>> [result.quantile(0.5).date.isoformat() for result in results][:3]
    ['2025-05-03', '2025-02-03', '2025-02-16']
    """
    loaded = scenario if isinstance(scenario, LoadedScenario) else LoadedScenario(scenario)
    return tuple(
        run(
            part,
            draws=draws,
            seed=seed,
            method=method,
            precision=precision,
            workers=workers,
            executor=executor,
            progress=progress,
        )
        for _, part in loaded.by_claim()
    )


_ONE_RESULT = Problem(
    "losses.pooling is each: there is one result for each claim",
    hint="use simulate.run_each, or set losses.pooling to linear or quantile",
)


def _stages(progress: Progress | None, n: int) -> Iterator[Progress | None]:
    """For each of `n` equal runs a callable that counts its draws as a part of all of them."""
    for stage in range(n):
        if progress is None:
            yield None
        else:
            yield partial(_counted, progress, stage, n)


def _counted(progress: Progress, stage: int, n: int, done: int, total: int) -> None:
    progress(stage * total + done, n * total)


def _inside(share: float, name: str) -> float:
    if not 0 < share < 1:
        raise ValueError(f"{name} must lie between 0 and 1")
    return share
