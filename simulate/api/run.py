"""Run a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from simulate.analysis.request import Request
from simulate.analysis.study import study
from simulate.api.result import Result
from simulate.engine.run import Progress
from simulate.report.data.files import Table
from simulate.report.text.phrases import claim_words
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.overlay import Settings
from simulate.scenario.plain import as_flag, one_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd


EACH_FORMATS = ("text", "markdown", "bibtex")
"""Formats in which citations of several results can follow each other."""


class RunOptions(TypedDict, total=False):
    """Arguments of `run` beside the scenario."""

    set: Settings
    draws: int | None
    seed: int | None
    method: str | None
    precision: float | None
    workers: int | None
    executor: Executor | None
    progress: Progress | None
    update: bool


def run(
    scenario: Runnable,
    *,
    set: Settings = (),
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    precision: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    update: bool = False,
    strength: bool = False,
    saving: bool = False,
) -> Result:
    """Sample a scenario and summarise its depletion dates.

    Parameters
    ----------
    scenario : str, PathLike, mapping, Scenario or LoadedScenario
        A file, its keys and values, or what `load` returns.
    set : str, iterable of str, or mapping
        Changes of single values, such as {"force.size": 12000}; see `load`.
    draws, seed, method : optional
        Number of draws, seed and sampling method, in place of the scenario's own `sampling`.
    precision : float, optional
        Days: draw until the Monte Carlo error (95 % half-width) of every reported date, after an
        update of every updated one, is at most that; `draws` is then the limit. Missing the
        precision is no error: `summary.run.precision` says whether it was reached.
    workers : int, optional
        Threads, by default one for each core; with an executor, its number of workers.
    executor : concurrent.futures.Executor, optional
        Where to compute instead. The result does not depend on it.
    progress : callable, optional
        Called as progress(draws done, draws in all).
    update : bool
        Whether all counts under `observed` are evidence, on which the result is updated.
    strength : bool
        Whether to report the strength present and the losses by date as well.
    saving : bool
        Whether the draws will be saved; more draws than can be saved are then refused at once.

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
    >>> result = simulate.run("configs/kursk-isw-point.yaml", draws=1024)
    >>> result.quantile(0.5).date.isoformat()
    '2025-04-14'
    >>> result.probability_by("2025-04-13").probability
    0.0
    >>> smaller = simulate.run(
    ...     "configs/kursk-isw-point.yaml", set={"force.size": 10_000}, draws=1024
    ... )
    >>> smaller.quantile(0.5).date.isoformat()
    '2025-03-23'
    """
    request = Request(draws, seed, method, workers, executor, progress, precision)
    return run_as(
        request, loader.load(scenario, set, update=update), strength=strength, saving=saving
    )


def run_as(
    request: Request, loaded: LoadedScenario, *, strength: bool = False, saving: bool = False
) -> Result:
    """Run a scenario as requested; see `run`."""
    strength = as_flag(strength, "strength")
    return Result(loaded, *study(loaded, request, strength=strength, saving=saving))


class ClaimResults(tuple[Result, ...]):  # noqa: SLOT001  (tuples have no slots but empty ones)
    """The results of the claims of one scenario, in the order of the file.

    `numbers` are those of the claims in the file; 0 where the losses are a single count. `title`
    is that of the scenario.
    """

    numbers: tuple[int, ...]
    title: str

    @classmethod
    def of(cls, numbered: Iterable[tuple[int, Result]], title: str = "") -> ClaimResults:
        """The results of the claims of a scenario, with their numbers."""
        numbers, results = zip(*numbered, strict=True)
        made = cls(results)
        made.numbers, made.title = numbers, title
        return made

    def table(self) -> Table:
        """The table of each claim, one after the other, with the number of the `claim`."""
        tables = [one.table() for one in self]
        rows = (
            [n, *row] for n, each in zip(self.numbers, tables, strict=True) for row in each.rows
        )
        return Table(("claim", *tables[0].header), list(rows))

    def to_dataframe(self) -> pd.DataFrame:
        """The table for pandas; raises as that of `Result`."""
        return self.table().data_frame()

    def cite(self, form: str = "text", **style: Any) -> str:
        """The sentences of each claim below its source, one claim after the other.

        Parameters
        ----------
        form : str
            "text", "markdown" or "bibtex"; "latex" and "quarto" name the values of a single result.
        **style
            As in `Result.cite`.
        """
        from simulate.report.render.citation import cited_together

        if len(self) == 1:
            return self[0].cite(form, **style)
        one_of(form, "form", EACH_FORMATS)
        numbered = zip(self.numbers, self, strict=True)
        named = ((claim_words(n, one.summary), one.cite(form, **style)) for n, one in numbered)
        return cited_together(form, named)


def run_parts(request: Request, loaded: LoadedScenario) -> ClaimResults:
    """Run a scenario as requested, or one for each claim where its losses are not pooled."""
    parts = loaded.parts()
    numbered = (
        (number, run_as(request.part(place, len(parts)), part))
        for place, (number, part) in enumerate(parts)
    )
    return ClaimResults.of(numbered, loaded.scenario.title)


def run_each(
    scenario: Runnable,
    *,
    set: Settings = (),
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    precision: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ClaimResults:
    """Run a scenario once for each of its claims, with that claim alone.

    Parameters
    ----------
    scenario : str, PathLike, mapping, Scenario or LoadedScenario
        With `losses.claims`, whatever its pooling.
    set, draws, seed, method, precision, workers, executor, progress : optional
        As in `run`; `progress` starts again for each result.

    Returns
    -------
    ClaimResults
        A tuple with one `Result` for each claim that is a total, in the order of the file; a single
        one where the losses are a single count. All have the same horizon. Its `cite` has the
        sentences of all.

    Raises
    ------
    ScenarioError, LimitError
        As in `run`.

    Examples
    --------
    >>> import simulate
    >>> results = simulate.run_each("configs/kursk-claims.yaml", draws=1024)
    >>> [result.quantile(0.5).date.isoformat() for result in results][:3]
    ['2025-05-03', '2025-02-03', '2025-02-16']
    """
    request = Request(draws, seed, method, workers, executor, progress, precision)
    loaded = loader.load(scenario, set)
    numbered = ((number, run_as(request, part)) for number, part in loaded.by_claim())
    return ClaimResults.of(numbered, loaded.scenario.title)
