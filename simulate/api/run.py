"""The Python face of the program: load a scenario and run it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.analysis.study import Study, study_of
from simulate.api.result import Result, result_of
from simulate.engine.run import Progress, run_plan
from simulate.engine.sampling.design import MOST_SAVED
from simulate.engine.tally import Tally
from simulate.engine.workers import Workers
from simulate.errors import Problem, ScenarioError
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Executor


def load(file: str | Path, overrides: Settings = ()) -> LoadedScenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    file : str or Path
        A YAML file, or "-" for standard input.
    overrides : str, iterable of str, or mapping
        Settings: one text such as "losses.start=2024-12-01", whose value is read as YAML, several
        of them, or a mapping such as {"losses.start": dt.date(2024, 12, 1)}.

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
    scenario: Runnable,
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
    scenario : LoadedScenario, Scenario, str or Path
        From `load`, built in Python, or a file.
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
    loaded = loader.loaded(scenario)
    if loaded.scenario.losses.is_each:
        raise ScenarioError(_ONE_RESULT)
    asked = {"draws": draws, "seed": seed, "method": method, "precision": precision}
    sampling = loader.changed_sampling(
        loaded.scenario.sampling, {k: v for k, v in asked.items() if v is not None}
    )
    at_work = Workers(workers, executor)
    study = study_of(
        loaded,
        sampling,
        strength=strength,
        workers=at_work,
        most_draws=MOST_SAVED if saving else None,
    )
    tallies = run_study(study, at_work, progress=progress)
    return result_of(study, tallies)


def run_study(study: Study, at_work: Workers, *, progress: Progress | None = None) -> list[Tally]:
    """The tallies of a study's plans."""
    stages = _stages(progress, len(study.plans))
    return [run_plan(plan, at_work, progress=next(stages)) for plan in study.plans]


def run_each(
    scenario: Runnable,
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
    scenario : LoadedScenario, Scenario, str or Path
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
    loaded = loader.loaded(scenario)
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
