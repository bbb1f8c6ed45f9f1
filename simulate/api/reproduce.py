"""Repeat a run from its result, and compare."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulate.analysis.differences import Differences
from simulate.analysis.request import Request
from simulate.api.result import Result
from simulate.api.run import run_as
from simulate.errors import Argument, FileError, Message
from simulate.report.data.past_run import PastRun, read_past_run
from simulate.report.text.reproduction import reasons, reproduced_words
from simulate.scenario.loader import LoadedScenario, load, load_mapping
from simulate.scenario.plain import as_path

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from simulate.engine.run import Progress


@dataclasses.dataclass(frozen=True, slots=True)
class Reproduction:
    """A run and its repetition.

    Attributes
    ----------
    name : str
        The file of the earlier result.
    comparison : Differences
        The earlier result beside the new one, value by value.
    result : Result
        The new one.
    versions : tuple of (str, str, str)
        Programs that changed: name, version then, version now.
    reasons : tuple of str
        Why results may differ; empty where they do not.
    """

    name: str
    comparison: Differences
    result: Result
    versions: tuple[tuple[str, str, str], ...]
    reasons: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every value is the same, whatever the versions of the programs."""
        return not self.comparison.differences

    def words(self) -> str:
        """What differs, in lines of text."""
        return reproduced_words(self.name, self.comparison, self.versions, self.reasons)


def reproduce(
    path: str | os.PathLike[str],
    scenario: str | os.PathLike[str] | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Repeat a run from its result, and compare.

    Parameters
    ----------
    path : str or PathLike
        The folder of a result (`Result.save`, `simulate run --out`), `result.json` or `run.json`
        in it, or a file with its JSON document (`Result.to_dict`, `simulate run --json`).
    scenario : str or PathLike, optional
        The scenario file; by default the scenario in `run.json`.
    workers, executor, progress : optional
        As in `run`.

    Returns
    -------
    Reproduction

    Raises
    ------
    FileError
        If a file cannot be read, holds no result or belongs to another run.
    ScenarioError
        If the scenario is not valid.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> result = simulate.run("configs/kursk-isw-point.yaml", draws=1024, seed=1)
    >>> _ = result.save(folder, formats=[])
    >>> simulate.reproduce(folder).identical
    True
    """
    return reproduce_as(
        Request(workers=workers, executor=executor, progress=progress), path, scenario
    )


def reproduce_as(
    request: Request, path: str | os.PathLike[str], scenario: str | os.PathLike[str] | None = None
) -> Reproduction:
    """Repeat a run as requested, but with its own draws, seed and method; see `reproduce`."""
    past = read_past_run(as_path(path, "path"))
    loaded = _recorded(past) if scenario is None else _from_file(past, scenario)
    run = past.result.run
    request = replace(request, draws=run.asked or run.draws, seed=run.seed, method=run.method)
    if (goal := run.precision) is not None:
        request = replace(request, draws=goal.most_draws, precision=goal.asked_days)
    result = run_as(request, loaded, strength=past.result.strength is not None)
    new = result.to_dict()
    before, now = run.versions, new["run"]["versions"]
    changed = [name for name in now if before.get(name) != now[name]]
    versions = tuple((name, before.get(name, "not known"), now[name]) for name in changed)
    comparison = Differences.of(past.tree, new)
    why = tuple(reasons(past.tree, new, versions)) if comparison.differences else ()
    return Reproduction(past.name, comparison, result, versions, why)


def _recorded(past: PastRun) -> LoadedScenario:
    record = past.record
    if record is None:
        raise FileError(
            Message(
                f"{past.name} does not hold its scenario: name the scenario file, as in ",
                Argument("scenario", "FILE.yaml"),
                ", or keep run.json beside result.json",
            )
        )
    return dataclasses.replace(
        load_mapping(record.scenario, record.file), overrides=tuple(record.overrides)
    )


def _from_file(past: PastRun, file: str | os.PathLike[str]) -> LoadedScenario:
    """The scenario of a file, with the settings, dates and percentiles of the result."""
    recorded, outcomes = past.result.scenario, past.result.outcomes
    by = {one.date for outcome in outcomes for one in outcome.by}
    levels = {one.level for outcome in outcomes for one in outcome.quantiles}
    loaded = load(file, recorded.overrides)
    if levels == set(loaded.scenario.levels):
        levels = set()
    if by - set(loaded.scenario.by) or levels:
        loaded = loaded.asking(by=by, levels=levels)
    parts = [part for _, part in loaded.parts()]
    if len(parts) > 1:
        # The result is that of one claim, which its digest identifies.
        parts = [part for part in parts if part.digest == recorded.digest]
        if not parts:
            raise FileError(f"{past.name} belongs to none of the claims in this scenario")
    return dataclasses.replace(parts[0], file=recorded.file)
