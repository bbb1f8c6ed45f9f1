"""Results written earlier, read back and checked: `result.json` and `run.json`."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

from msgspec import Struct
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from simulate.errors import FileError
from simulate.report.data.json_document import SCHEMA_VERSION
from simulate.report.data.run_files import RESULT, RUN, claim_folders
from simulate.report.folder import reason, shown
from simulate.report.text.wording import inert
from simulate.scenario.folder import decode, read_bytes

LARGEST_RESULT = 512_000_000
"""A data file of 10 MB is up to 75 MB in `run.json`: five million values, a line each."""
DEEPEST = 64
MOST_PROBLEMS = 10

Tree = dict[str, Any]


def iso_date(value: Any) -> dt.date:
    """A date as JSON has it."""
    with contextlib.suppress(TypeError, ValueError):
        return dt.date.fromisoformat(value)
    raise ValueError("should be a date such as 2025-04-15")


class _Part(BaseModel):
    """What a new run needs of an old one; other keys are compared, not read."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Precision(_Part):
    asked_days: float = Field(gt=0)
    most_draws: int = Field(ge=1)


class _Sampling(_Part):
    draws: int = Field(ge=1)
    seed: int = Field(ge=0)
    method: str = Field(pattern=r"^\w+$")
    asked: int | None = Field(None, ge=1)
    precision: _Precision | None = None


class _Scenario(_Part):
    digest: str
    file: str
    overrides: list[str]


class PastRecord(_Scenario):
    """`run.json`, with the whole scenario."""

    schema_version: int = Field(ge=1)
    scenario: dict[str, Any]
    run: _Sampling


class _Run(_Sampling):
    stream: str
    versions: dict[str, str]


class _Quantile(_Part):
    level: float = Field(gt=0, lt=1)


class _By(_Part):
    date: Annotated[dt.date, BeforeValidator(iso_date)]


class _Outcome(_Part):
    quantiles: list[_Quantile]
    by: list[_By]


class PastResult(_Part):
    """`result.json`, or what `run --json` printed."""

    schema_version: int = Field(ge=1)
    scenario: _Scenario
    run: _Run
    outcomes: list[_Outcome]
    strength: dict[str, Any] | None = None


class PastRun(Struct, frozen=True):
    """A result and, where it is known, the record of its run with the whole scenario.

    `name` is the file of the result, safe to print; `tree` has all values of the result.
    """

    name: str
    tree: Tree
    result: PastResult
    record: PastRecord | None


def read_past_run(path: str | os.PathLike[str]) -> PastRun:
    """Read a result back, from what `simulate.reproduce` takes; see there."""
    target = Path(path)
    try:
        if target.is_dir():
            if not (target / RESULT).exists():
                below = next(iter(claim_folders(target)), None)
                hint = (
                    f"name a result below it, such as {shown(below)}"
                    if below
                    else "name the folder of a result, which holds it and run.json"
                )
                raise FileError(f"{shown(target)} holds no {RESULT}; {hint}")
            return _pair(target / RESULT, target / RUN)
        tree = _tree(target)
        if "outcomes" not in tree and isinstance(tree.get("scenario"), dict) and "digest" in tree:
            if not (beside := target.parent / RESULT).exists():
                missing = f"keep its result beside it, as {RESULT}"
                raise FileError(f"{shown(target)} is the record of a run alone; {missing}")
            return _pair(beside, target)
        if target.name == RESULT and target.with_name(RUN).exists():
            return _pair(target, target.with_name(RUN))
        return PastRun(shown(target), tree, _checked(PastResult, tree, target), None)
    except OSError as error:
        raise FileError(f"cannot read {shown(target)}: {reason(error)}") from error


def _pair(result: Path, record: Path) -> PastRun:
    tree = _tree(result)
    past = _checked(PastResult, tree, result)
    run = _checked(PastRecord, _tree(record), record)
    same = run.digest == past.scenario.digest and all(
        getattr(run.run, key) == getattr(past.run, key) for key in ("draws", "seed", "method")
    )
    if not same:
        raise FileError(
            f"{shown(record)} is the record of another run than {shown(result)}: "
            "digest, draws, seed or method differ"
        )
    return PastRun(shown(result), tree, past, run)


def _tree(path: Path) -> Tree:
    data = read_bytes(path, LARGEST_RESULT)
    try:
        text = decode(data, shown(path))
        tree = json.loads(text, parse_int=_finite, parse_float=_finite, parse_constant=_finite)
        too_deep = _is_deep(tree)
    except RecursionError:
        too_deep = True
    except ValueError as error:
        hint = "a result is the folder of a run, or its JSON document"
        raise FileError(f"{shown(path)} is not valid JSON ({error}); {hint}") from error
    if too_deep:
        raise FileError(f"{shown(path)} is nested too deeply to be a result")
    if isinstance(tree, list):
        _refuse(path, "it holds a list of several; take one of them, or its folder")
    if not isinstance(tree, dict):
        _refuse(path, "it holds a single value")
    return tree


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError(f"{text[:20]} is not a finite number")
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _is_deep(tree: Any) -> bool:
    level = [tree]
    for _ in range(DEEPEST):
        nested = [part for part in level if isinstance(part, dict | list)]
        level = [x for part in nested for x in (part.values() if isinstance(part, dict) else part)]
    return bool(level)


_M = TypeVar("_M", bound=_Part)


def _checked(model: type[_M], tree: Tree, path: Path) -> _M:
    version = tree.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise FileError(
            f"{shown(path)} has schema_version {version}, this version of simulate reads "
            f"{SCHEMA_VERSION}; use the version that wrote it"
        )
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found = list(problems(error))
        more = len(found) - MOST_PROBLEMS
        found[MOST_PROBLEMS:] = [f"and {more} more"] if more > 0 else []
        _refuse(path, "; ".join(found))


def problems(error: ValidationError) -> Iterator[str]:
    """`run.seed should be greater than or equal to 0, not -1`."""
    for details in error.errors(include_url=False):
        steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in details["loc"])
        name = inert("".join(steps).removeprefix("."))
        if details["type"] == "missing":
            yield f"{name} is missing"
            continue
        value = details["input"]
        given = "" if isinstance(value, dict | list) else f", not {json.dumps(value)[:40]}"
        rule = details["msg"].removeprefix("Input ").removeprefix("Value error, ")
        yield f"{name} {rule.partition(' or instance of ')[0]}{given}"


def _refuse(path: Path, why: str) -> NoReturn:
    raise FileError(f"{shown(path)} is not the result of a run: {why}")
