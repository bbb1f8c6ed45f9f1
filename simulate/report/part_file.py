"""Files that hold a part of a run: what checkpoints keep and shards hand over."""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simulate.engine.partial import Partial
from simulate.engine.plan import Plan
from simulate.errors import FileError
from simulate.report.atomic import reason, shown

FORMAT = "simulate part of a run"
SCHEMA_VERSION = 1

_LARGEST = 2**30
_KINDS = {"i": "<i8", "f": "<f8"}


@dataclass(frozen=True, slots=True)
class PartFile:
    """The content of such a file.

    Attributes
    ----------
    name : str
        Of the file.
    order : mapping
        What was to be run, as JSON types.
    shard : str
        Such as "3/16"; empty for a checkpoint.
    plans : sequence
        How far each of the plans is, still packed.
    """

    name: str
    order: Mapping[str, Any]
    shard: str
    plans: Sequence[Any]


def dumps(order: Mapping[str, Any], partials: Sequence[Partial], *, shard: str = "") -> bytes:
    """The content of a file.

    Parameters
    ----------
    order : mapping
        What is to be run, as JSON types.
    partials : sequence of Partial
        How far each of the plans is.
    shard : str
        Such as "3/16".
    """
    tree = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "order": order,
        "shard": shard,
        "plans": [
            {
                "done": sorted(partial.done),
                "counts": {name: _packed(array) for name, array in partial.tally.arrays().items()},
            }
            for partial in partials
        ],
    }
    return (json.dumps(tree, allow_nan=False, sort_keys=True) + "\n").encode("ascii")


def read_part(path: str | os.PathLike[str]) -> PartFile:
    """Read a file of this kind; what its plans hold is looked at by `partials_of`.

    Raises
    ------
    FileError
        If there is none, or it is not of this kind.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise FileError(f"cannot read {shown(path)}: {reason(error)}") from error
    try:
        tree = json.loads(data) if len(data) <= _LARGEST else None
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise FileError(
            f"{shown(path)} does not hold a part of a run, as --shard or --checkpoint write it"
        )
    if tree.get("schema_version") != SCHEMA_VERSION:
        raise FileError(f"{shown(path)} was written by another version of the program")
    order, plans, shard = tree.get("order"), tree.get("plans"), tree.get("shard")
    if not (isinstance(order, dict) and isinstance(plans, list) and isinstance(shard, str)):
        raise damaged(path)
    return PartFile(os.fspath(path), order, shard, plans)


def partials_of(part: PartFile, plans: Sequence[Plan]) -> list[Partial]:
    """How far each plan is, by a file that was written for the same order.

    Raises
    ------
    FileError
        If the file is damaged.
    """
    try:
        return [_partial(found, plan) for found, plan in zip(part.plans, plans, strict=True)]
    except (TypeError, ValueError, KeyError, AttributeError, zlib.error, binascii.Error) as error:
        raise damaged(part.name) from error


def _partial(found: Any, plan: Plan) -> Partial:
    partial = Partial.none(plan)
    tasks = [(replicate, shift) for replicate, shift in found["done"]]
    partial.done.update(tasks)
    counts = partial.tally.arrays()
    if len(tasks) != len(partial.done) or not partial.done.issubset(plan.design.tasks):
        raise ValueError("tasks that the plan does not have")
    if counts.keys() != found["counts"].keys():
        raise ValueError("other counts")
    for name, array in counts.items():
        _unpack(found["counts"][name], array)
    if int(partial.tally.rates.sum()) != len(tasks) * plan.design.points:
        raise ValueError("not the draws of these tasks")
    return partial


def _packed(array: np.ndarray[Any, Any]) -> str:
    # Most counts are zero: the quickest compression does.
    data = array.astype(_KINDS[array.dtype.kind], copy=False).tobytes()
    return base64.b64encode(zlib.compress(data, 1)).decode("ascii")


def _unpack(text: str, out: np.ndarray[Any, Any]) -> None:
    kind = np.dtype(_KINDS[out.dtype.kind])
    opened = zlib.decompressobj()
    data = opened.decompress(base64.b64decode(text, validate=True), out.nbytes + 1)
    if len(data) != out.nbytes or not opened.eof:
        raise ValueError("not as long as it should be")
    out[...] = np.frombuffer(data, kind).reshape(out.shape)


def damaged(path: str | os.PathLike[str]) -> FileError:
    """The error for a file that is of this kind, but cannot be right."""
    return FileError(f"{shown(path)} is damaged: delete it and run that part again")
