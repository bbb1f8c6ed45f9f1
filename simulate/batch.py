"""Runs in parts: on several machines, or one after the other with rests between."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from simulate import __version__
from simulate.analysis.study import Study, study_of
from simulate.engine.design import Task
from simulate.engine.partial import Partial
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, advance
from simulate.engine.streams import STREAM
from simulate.engine.workforce import ALL_CORES, Workforce
from simulate.errors import FileError, LimitError
from simulate.report.atomic import atomic_write, remove_leftovers, shown
from simulate.report.part_file import PartFile, damaged, dumps, partials_of, read_part
from simulate.report.wording import inert
from simulate.result import Result, result_of
from simulate.scenario.loader import LoadedScenario, changed_sampling, load_mapping

_REST_SECONDS, _REST_PER_WRITING = 1.0, 20
"""A checkpoint is written every second, or more seldom where writing takes long."""


@dataclass(frozen=True)
class Order:
    """What is to be run: a scenario file, how it is sampled, and what is reported.

    `sampling` holds draws, seed and method, or a precision, with draws where they limit it.
    """

    loaded: LoadedScenario
    sampling: Mapping[str, Any]
    strength: bool = False

    @cached_property
    def studies(self) -> tuple[Study, ...]:
        """What has to be run: one study, or with `pooling: each` one for each claim."""
        scenario = self.loaded.scenario
        sampling = changed_sampling(scenario.sampling, self.sampling)
        return tuple(
            study_of(part, sampling, strength=self.strength) for _, part in self.loaded.parts()
        )

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans of all studies."""
        return tuple(plan for study in self.studies for plan in study.plans)

    def to_dict(self) -> dict[str, Any]:
        """The order as JSON types; orders that give the same result are equal."""
        return {
            "scenario": self.loaded.resolved,
            "file": self.loaded.file,
            "overrides": list(self.loaded.overrides),
            "digest": self.loaded.digest,
            "sampling": dict(self.sampling),
            "strength": self.strength,
            "stream": STREAM,
            "version": __version__,
        }

    def results(self, partials: Sequence[Partial]) -> list[Result]:
        """One result for each study, from all its plans, done to the end."""
        tallies = iter([partial.tally for partial in partials])
        return [result_of(study, [next(tallies) for _ in study.plans]) for study in self.studies]


def order_of(loaded: LoadedScenario, *, strength: bool = False, **sampling: Any) -> Order:
    """An order; what is given of a sampling takes the place of the scenario's own."""
    asked = {name: value for name, value in sampling.items() if value is not None}
    whole = changed_sampling(loaded.scenario.sampling, asked)
    named: dict[str, Any] = {"draws": whole.draws, "seed": whole.seed, "method": whole.method}
    if whole.precision is not None:
        named["precision"] = whole.precision
        if "draws" not in whole.model_fields_set:  # they are a limit beside a precision
            del named["draws"]
    return Order(loaded, named, strength)


# --- one part of several ---


def run_shard(
    order: Order,
    number: int,
    of: int,
    *,
    workforce: Workforce = ALL_CORES,
    progress: Progress | None = None,
) -> bytes:
    """Do one of several parts of an order, and give the content of its file.

    Parameters
    ----------
    order : Order
    number, of : int
        Which part, counted from 1, of how many.
    workforce : Workforce
        Who does it.
    progress : callable, optional
        Called as progress(draws done, draws of this part).

    Raises
    ------
    LimitError
        If the order has fewer tasks than there are to be parts.
    """
    plans = order.plans
    n_tasks = sum(len(plan.design.tasks) for plan in plans)
    if of > n_tasks:
        raise LimitError(
            f"a run of {plans[0].design.n_draws:,} draws can be cut in at most {n_tasks} parts; "
            f"asked for {of}"
        )
    # Dealt out in turn, so that every part gets its share of every plan.
    turns = count(1 - number)
    shares = [[task for task in plan.design.tasks if next(turns) % of == 0] for plan in plans]
    partials = [Partial.none(plan) for plan in plans]
    for _ in _advanced(plans, partials, shares, workforce, progress):
        pass
    return dumps(order.to_dict(), partials, shard=f"{number}/{of}")


def merge(files: Sequence[str | Path]) -> tuple[Order, list[Result]]:
    """Put the parts of a run together.

    Parameters
    ----------
    files : sequence of str or Path
        All parts, in any order.

    Returns
    -------
    order : Order
        What was run.
    results : list of Result
        One; with `pooling: each` one for each claim.

    Raises
    ------
    FileError
        If a file cannot be read, belongs to another run, holds what another one holds too, or
        something is missing.
    ScenarioError
        If the scenario in the files is not valid.
    """
    first, *others = [read_part(file) for file in files]
    order = _order_in(first)
    plans = order.plans
    whole = partials_of(first, plans)
    taken = [(first, [set(partial.done) for partial in whole])]
    for part in others:
        if unlike := _difference(part.order, order.to_dict()):
            raise FileError(
                f"{shown(part.name)} and {shown(first.name)} are parts of different runs: {unlike}"
            )
        partials = partials_of(part, plans)
        for earlier, sets in taken:
            if any(done & partial.done for done, partial in zip(sets, partials, strict=True)):
                raise FileError(
                    f"{shown(part.name)} and {shown(earlier.name)} hold the same draws; "
                    "name each part once"
                )
        taken.append((part, [set(partial.done) for partial in partials]))
        for partial, more in zip(whole, partials, strict=True):
            partial.merge(more)
    if any(len(p.done) < len(plan.design.tasks) for p, plan in zip(whole, plans, strict=True)):
        raise FileError(f"the parts do not make a whole run: {_missing([first, *others])}")
    return order, order.results(whole)


def _order_in(part: PartFile) -> Order:
    """The order that a file was written for."""
    found = part.order
    if found.get("version") != __version__ or found.get("stream") != STREAM:
        raise FileError(
            f"{shown(part.name)} was made by simulate {inert(str(found.get('version')))}, "
            f"stream {inert(str(found.get('stream')))}; this is {__version__}, {STREAM}"
        )
    try:
        loaded = replace(
            load_mapping(found["scenario"], found["file"]), overrides=tuple(found["overrides"])
        )
        order = order_of(loaded, strength=found["strength"], **found["sampling"])
        same = not _difference(found, order.to_dict())
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged(part.name) from error
    if not same:
        raise damaged(part.name)
    return order


def _difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """In what two orders differ, in words; empty where they give the same numbers."""
    for name in ("version", "stream", "digest", "scenario", "sampling", "strength"):
        ours, theirs = wanted[name], found.get(name)
        # As JSON gives it back.
        if theirs != json.loads(json.dumps(ours)):
            return _told(name, theirs, ours)
    return ""


def _told(name: str, theirs: Any, ours: Any) -> str:
    if name == "scenario":
        return "other dates or percentiles are asked for"
    if name == "strength":
        return "only one of them has --strength"
    if name == "sampling" and isinstance(theirs, dict):
        name = next(key for key in (*ours, *theirs) if theirs.get(key) != ours.get(key))
        theirs, ours = theirs.get(name), ours.get(name)
    if name == "digest":
        theirs, ours = str(theirs)[:12], ours[:12]
    return f"{name} {inert(str(theirs))[:40]} instead of {ours}"


def _missing(parts: Sequence[PartFile]) -> str:
    """Which parts are not there, by what the files say of themselves."""
    named = [re.fullmatch(r"(\d+)/(\d+)", part.shard) for part in parts]
    wholes = {match[2] for match in named if match}
    if len(wholes) != 1 or not all(named):
        return "some draws are missing"
    there = {int(match[1]) for match in named if match}
    left = [str(n) for n in range(1, int(wholes.pop()) + 1) if n not in there]
    told = ", ".join(left[:20]) + (" ..." if len(left) > 20 else "")
    return f"missing {told} of {len(left) + len(there)}"


# --- a run that can be gone on with ---


def run_kept(
    order: Order,
    path: str | Path,
    *,
    workforce: Workforce = ALL_CORES,
    progress: Progress | None = None,
) -> list[Result]:
    """Run an order, keep what is done in a file, and go on from there if it exists.

    The file stays when the run is done; whoever has the result may delete it.

    Parameters
    ----------
    order : Order
    path : str or Path
        Of the file; it is always a whole one, whatever happens.
    workforce : Workforce
        Who does it.
    progress : callable, optional
        Called as progress(draws done, draws in all).

    Returns
    -------
    list of Result
        One; with `pooling: each` one for each claim. The same whether or not there were rests.

    Raises
    ------
    FileError
        If the file is that of another run, or cannot be read or written.
    """
    target, plans = Path(path), order.plans
    partials = _begun(target, order, plans)
    shares = [plan.design.tasks for plan in plans]
    written, rest = time.monotonic(), _REST_SECONDS
    # Not in a `finally`: an interrupt may come while counts are being added.
    for _ in _advanced(plans, partials, shares, workforce, progress):
        now = time.monotonic()
        if now - written >= rest:
            atomic_write(target, dumps(order.to_dict(), partials))
            written = time.monotonic()
            rest = max(_REST_SECONDS, _REST_PER_WRITING * (written - now))
    atomic_write(target, dumps(order.to_dict(), partials))
    return order.results(partials)


def _begun(target: Path, order: Order, plans: Sequence[Plan]) -> list[Partial]:
    """How far the file says that an order is."""
    remove_leftovers(target)
    if not target.exists():
        partials = [Partial.none(plan) for plan in plans]
        # Written before anything is sampled, to see that it can be.
        atomic_write(target, dumps(order.to_dict(), partials))
        return partials
    part = read_part(target)
    if unlike := _difference(part.order, order.to_dict()):
        raise FileError(
            f"{shown(target)} is the checkpoint of another run: {unlike}; "
            "delete it or name another file"
        )
    return partials_of(part, plans)


def _advanced(
    plans: Sequence[Plan],
    partials: Sequence[Partial],
    shares: Sequence[Sequence[Task]],
    workforce: Workforce,
    progress: Progress | None,
) -> Iterator[None]:
    """Do a share of the tasks of each plan; pauses whenever all partial runs are whole ones."""
    draws = [len(tasks) * plan.design.points for plan, tasks in zip(plans, shares, strict=True)]
    for number, (plan, partial, tasks) in enumerate(zip(plans, partials, shares, strict=True)):
        for done in advance(plan, partial, tasks, workforce):
            if progress is not None:
                progress(sum(draws[:number]) + done * plan.design.points, sum(draws))
            yield
