"""Run again what a result says was run, and see whether the same comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate.analysis.differences import Differences
from simulate.api.result import Result
from simulate.api.run import load, run
from simulate.errors import FileError
from simulate.report.data.past_run import PastRun, read_past_run
from simulate.scenario.loader import LoadedScenario, load_mapping

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from simulate.engine.run import Progress


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came out of a run that was repeated.

    Attributes
    ----------
    name : str
        The file of the earlier result.
    comparison : Differences
        The earlier result beside that of now, value by value.
    result : Result
        That of now.
    versions : tuple of (str, str, str)
        Programs that changed: name, version then, version now.
    reasons : tuple of str
        Why results may differ; empty where nothing is known.
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


def reproduce(
    path: str | Path,
    scenario: str | Path | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Run again what a result says was run, and compare.

    Parameters
    ----------
    path : str or Path
        A folder that `simulate run --out` wrote, `result.json` or `run.json` in it, or a file with
        what `simulate run --json` printed.
    scenario : str or Path, optional
        The scenario file, where there is no `run.json`, which holds the scenario; in its place
        where there is one.
    workers, executor, progress : optional
        As in `run`.

    Raises
    ------
    FileError
        If a file cannot be read, is no result or belongs to another one.
    ScenarioError
        If the scenario is not valid.
    LimitError
        If a stated limit is passed.
    """
    past = read_past_run(path)
    loaded = _recorded(past) if scenario is None else _from_file(past, scenario)
    result = run(loaded, **past.sampling, workers=workers, executor=executor, progress=progress)
    new = result.to_dict()
    comparison, versions = Differences.of(past.tree, new), tuple(_versions(past.tree, new))
    reasons = () if not comparison.differences else tuple(_reasons(past.tree, new, versions))
    return Reproduction(past.name, comparison, result, versions, reasons)


def _recorded(past: PastRun) -> LoadedScenario:
    record = past.record
    if record is None:
        raise FileError(
            f"{past.name} does not hold its scenario: "
            "name the scenario file with --scenario, or keep run.json beside result.json"
        )
    loaded = load_mapping(record.scenario, record.file)
    return replace(loaded, overrides=tuple(record.overrides))


def _from_file(past: PastRun, file: str | Path) -> LoadedScenario:
    """The scenario of a file, changed and asked as the result says."""
    recorded, by, levels = past.result.scenario, past.result.by, past.result.levels
    loaded = load(file, recorded.overrides)
    if levels == set(loaded.scenario.levels):
        levels = set()
    if by - set(loaded.scenario.by) or levels:
        loaded = loaded.asking(by=by, levels=levels)
    parts = [part for _, part in loaded.parts()]
    if len(parts) > 1:
        # A result of one claim among several: that whose digest it has.
        parts = [part for part in parts if part.digest == recorded.digest]
        if not parts:
            raise FileError(f"{past.name} is of none of the claims in this scenario")
    return replace(parts[0], file=recorded.file)


def _versions(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    before, now = old["run"]["versions"], new["run"]["versions"]
    for name in now:
        if before.get(name) != now[name]:
            yield name, str(before.get(name, "not known")), now[name]


def _reasons(
    old: dict[str, Any], new: dict[str, Any], versions: tuple[tuple[str, str, str], ...]
) -> Iterator[str]:
    before, now = old["scenario"]["digest"], new["scenario"]["digest"]
    if before != now:
        yield (
            f"the scenario is another one: digest {before[:12]} then, {now[:12]} now "
            "(edited, or read differently by this version)"
        )
    if old["run"]["stream"] != new["run"]["stream"]:
        yield (
            f"the layout of random numbers changed: {old['run']['stream']} then, "
            f"{new['run']['stream']} now"
        )
    if versions:
        yield "the programs changed: " + ", ".join(
            f"{name} {then} then, {now} now" for name, then, now in versions
        )
    if before == now and not versions:
        yield (
            "scenario and programs are the same: the result was edited, or was worked out on "
            "another kind of processor"
        )
