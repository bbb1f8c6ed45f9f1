"""Results written earlier, read back: `result.json` and `run.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from simulate.errors import FileError
from simulate.report.data.run_files import RESULT, RUN
from simulate.report.folder import reason, shown
from simulate.scenario.folder import decode, read_bytes

LARGEST_RESULT = 512_000_000
"""A data file of 10 MB is up to 75 MB in `run.json`: five million values, a line each."""
DEEPEST = 64

Tree = dict[str, Any]

_TEXT, _WHOLE = (str,), (int,)
_OF_RESULT: dict[str, tuple[type, ...]] = {
    "schema_version": _WHOLE,
    "scenario.digest": _TEXT,
    "scenario.file": _TEXT,
    "scenario.overrides": (list,),
    "run.draws": _WHOLE,
    "run.seed": _WHOLE,
    "run.method": _TEXT,
    "run.stream": _TEXT,
    "run.versions": (dict,),
    "outcomes": (list,),
}
_OF_RECORD: dict[str, tuple[type, ...]] = {
    "scenario": (dict,),
    "digest": _TEXT,
    "file": _TEXT,
    "overrides": (list,),
    "run.draws": _WHOLE,
    "run.seed": _WHOLE,
    "run.method": _TEXT,
}


@dataclass(frozen=True, slots=True)
class PastRun:
    """A result and, where it is known, the record of its run with the whole scenario.

    `name` is the file of the result, fit to be printed.
    """

    name: str
    result: Tree
    record: Tree | None

    @property
    def sampling(self) -> Tree:
        """Arguments of a run that repeats it; a number of draws is that asked for."""
        run = self.result["run"]
        found = {key: run[key] for key in ("seed", "method")}
        found["draws"] = run.get("asked", run["draws"])
        if "precision" in run:
            found["precision"] = run["precision"]["asked_days"]
            found["draws"] = run["precision"]["most_draws"]
        return {**found, "strength": "strength" in self.result}


def read_past_run(path: str | os.PathLike[str]) -> PastRun:
    """Read a result back.

    Parameters
    ----------
    path
        A folder that `simulate run --out` wrote, `result.json` or `run.json` in it, or a file with
        what `simulate run --json` printed.

    Raises
    ------
    FileError
        If a file cannot be read or is no such result, or both files are not of the same run.
    LimitError
        If a file is larger than 512 MB.
    """
    target = Path(path)
    try:
        return _read(target)
    except OSError as error:
        raise FileError(f"cannot read {shown(target)}: {reason(error)}") from error


def _read(target: Path) -> PastRun:
    if target.is_dir():
        if not (target / RESULT).exists():
            hint = "name a folder that `simulate run --out` wrote"
            raise FileError(f"{shown(target)} holds no {RESULT}; {hint}")
        return _pair(target / RESULT, target / RUN)
    tree = _tree(target)
    if "outcomes" not in tree and isinstance(tree.get("scenario"), dict) and "digest" in tree:
        return _pair(target.parent / RESULT, target)
    if target.name == RESULT and target.with_name(RUN).exists():
        return _pair(target, target.with_name(RUN))
    return PastRun(shown(target), _result(tree, target), None)


def _pair(result: Path, record: Path) -> PastRun:
    past, run = _result(_tree(result), result), _tree(record)
    _check(run, _OF_RECORD, record)
    _texts(run["overrides"], "overrides", record)
    same = run["digest"] == past["scenario"]["digest"] and all(
        run["run"][key] == past["run"][key] for key in ("draws", "seed", "method")
    )
    if not same:
        raise FileError(
            f"{shown(record)} is the record of another run than {shown(result)}: "
            "digest, draws, seed or method differ"
        )
    return PastRun(shown(result), past, run)


def _result(tree: Tree, path: Path) -> Tree:
    _check(tree, _OF_RESULT, path)
    _texts(tree["scenario"]["overrides"], "scenario.overrides", path)
    run = tree["run"]
    for name, least in (("draws", 1), ("seed", 0)):
        if run[name] < least:
            _refuse(path, f"run.{name} is {run[name]}")
    if run.get("asked", 1) is True or not isinstance(run.get("asked", 1), int):
        _refuse(path, "run.asked is not a whole number")
    if "precision" in run:
        _check(run, {"precision.asked_days": (int, float), "precision.most_draws": _WHOLE}, path)
    for i, outcome in enumerate(tree["outcomes"]):
        if not isinstance(outcome, dict):
            _refuse(path, f"outcomes[{i}] is not a mapping")
    return tree


def _tree(path: Path) -> Tree:
    """The JSON object of a file."""
    data = read_bytes(path, LARGEST_RESULT)
    try:
        tree = json.loads(decode(data, shown(path)), parse_constant=_no_number)
    except RecursionError as error:
        raise FileError(f"{shown(path)} is nested too deeply to be a result") from error
    except ValueError as error:
        hint = "a result is a folder of `run --out`, or what `run --json` printed"
        raise FileError(f"{shown(path)} is not valid JSON ({error}); {hint}") from error
    if isinstance(tree, list):
        _refuse(path, "it holds a list of several; take one of them, or a folder of --out")
    if not isinstance(tree, dict):
        _refuse(path, "it holds a single value")
    if _is_deep([tree]):
        raise FileError(f"{shown(path)} is nested too deeply to be a result")
    return tree


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _is_deep(level: list[Any]) -> bool:
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return False
    return True


def _parts(whole: Any) -> Iterable[Any]:
    parts = whole.values() if isinstance(whole, dict) else whole
    return [part for part in parts if isinstance(part, dict | list)]


def _check(tree: Tree, wanted: dict[str, tuple[type, ...]], path: Path) -> None:
    """Refuse a tree that lacks one of these values, or has one of another type there."""
    for name, kinds in wanted.items():
        value: Any = tree
        for key in name.split("."):
            if not isinstance(value, dict) or key not in value:
                _refuse(path, f"{name} is missing")
            value = value[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            _refuse(path, f"{name} is of the wrong type")


def _texts(values: list[Any], name: str, path: Path) -> None:
    if not all(isinstance(value, str) for value in values):
        _refuse(path, f"{name} holds something other than text")


def _refuse(path: Path, why: str) -> NoReturn:
    raise FileError(f"{shown(path)} is no result of `simulate run`: {why}")
