"""Scenario files to scenarios: `extends`, overrides, validation, digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

from msgspec import Struct
from pydantic import ValidationError, ValidationInfo, model_validator

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario import overlay
from simulate.scenario.consistency import late
from simulate.scenario.data_file import DataFolder
from simulate.scenario.fields import Dates, Levels, Sampling
from simulate.scenario.folder import read_standard_input
from simulate.scenario.model import Scenario
from simulate.scenario.overlay import Settings
from simulate.scenario.plain import as_date, as_flag, as_number, listed, plain
from simulate.scenario.problems import all_problems, problems_of
from simulate.scenario.values import LONGEST_TEXT, Block, all_of
from simulate.scenario.written_numbers import UNIT
from simulate.scenario.yaml_source import YamlDocument

B = TypeVar("B", bound=Block)


class _Asked(Block):
    """What a run reports about a valid scenario; the context of the validation is its last day."""

    by: Dates
    levels: Levels

    @model_validator(mode="after")
    def _check_horizon(self, info: ValidationInfo[dt.date]) -> Self:
        if found := tuple(late(self.by, info.context)):
            raise all_of(found)
        return self


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A scenario and where it came from.

    `digest` is the SHA-256 of what the resolved scenario assumes, so it does not change with
    comments, the order of keys, `extends`, the file's name, `author` and `url`, or what the run
    reports (`sampling`, `by`, `levels`), which citations name beside it. `read_files` are the paths
    of all files that it was read from: the scenario's, those that it extends, and those with its
    data; `data_digests` has the SHA-256 of each of the latter by its name.
    """

    scenario: Scenario
    file: str = ""
    overrides: tuple[str, ...] = ()
    read_files: tuple[str, ...] = field(default=(), compare=False, repr=False)
    data_digests: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __repr__(self) -> str:
        of = f" from {self.file}" if self.file else ""
        return f"<LoadedScenario {self.scenario.title!r}{of}>"

    @property
    def resolved(self) -> dict[str, Any]:
        """The scenario as plain values, without what is left at its default."""
        return self.scenario.model_dump(mode="json")

    def asking(
        self, *, by: Iterable[dt.date | str] = (), levels: Iterable[float] = ()
    ) -> LoadedScenario:
        """The same scenario with more dates in `by` and, where given, other percentiles."""
        by = {as_date(date, "by") for date in listed(by)}
        levels = sorted({as_number(level, "levels") for level in listed(levels)})
        if not by and not levels:
            return self
        scenario = self.scenario
        tree = {"by": sorted(by.union(scenario.by)), "levels": levels or scenario.levels}
        asked = _valid(_Asked, tree, scenario.last_day)
        # The rest has been checked, and does not depend on these two.
        return replace(self, scenario=scenario.model_copy(update=dict(asked)))

    def by_claim(self) -> tuple[tuple[int, LoadedScenario], ...]:
        """The number of each claim that is pooled, and a scenario of it alone, with other flows.

        A scenario with a single count is its own, under the number 0.
        """
        losses, parts = self.scenario.losses, []
        # A claim without a source keeps the number it has here, also where it is alone.
        named = {
            n: claim if claim.source.strip() else claim.model_copy(update={"source": f"claim {n}"})
            for n, claim in enumerate(losses.claims, start=1)
        }
        pooled = dict(losses.pooled_claims)
        flows = [claim for n, claim in named.items() if n not in pooled]
        for n, claim in pooled.items():
            source = claim.source.strip()
            title = f"{self.scenario.title}, claim {n}{f': {source}' if source else ''}"
            part = self.scenario.following(named[n], *flows, title=title[:LONGEST_TEXT])
            parts.append((n, replace(self, scenario=part)))
        return tuple(parts) or ((0, self),)

    def parts(self) -> tuple[tuple[int, LoadedScenario], ...]:
        """What is run: the scenario itself, under the number 0, or one for each of its claims."""
        return self.by_claim() if self.scenario.losses.is_each else ((0, self),)

    @property
    def digest(self) -> str:
        """SHA-256 in 64 hexadecimal digits."""
        reported = ("author", "url", "sampling", *_Asked.model_fields)
        assumed = {k: v for k, v in self.resolved.items() if k not in reported}
        if "default_horizon" in assumed:  # who chose the horizon changes nothing
            assumed.setdefault("horizon", assumed.pop("default_horizon"))
        for block in (assumed.get("losses", {}).get("series", {}), *assumed.get("observed", ())):
            for key in ("without_count", "skipped"):  # rows that change nothing
                block.pop(key, None)
        text = json.dumps(assumed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


Runnable: TypeAlias = LoadedScenario | Scenario | Mapping[str, Any] | str | os.PathLike[str]
"""What can be run: a file's path, or the keys and values of one, are loaded first."""


def changed_sampling(sampling: Sampling, values: Mapping[str, Any]) -> Sampling:
    """The sampling with other values of some keys.

    Beside a precision, the number of draws is an upper limit. Where the sampling has no precision
    and `values` gives one, its number of draws was not meant as a limit, and is dropped. Raises
    ScenarioError if a value is not allowed.
    """
    if not values:
        return sampling
    kept = sampling.model_dump(exclude_unset=True)
    if sampling.precision is None and "precision" in values:
        kept.pop("draws", None)
    tree = {**kept, **{name: plain(value, name) for name, value in values.items()}}
    return _valid(Sampling, tree)


def load(
    scenario: Runnable,
    set: Settings = (),  # noqa: A002  (as in simulate.run)
    *,
    update: bool = False,
) -> LoadedScenario:
    """Read and validate a scenario.

    Parameters
    ----------
    scenario : str, PathLike, mapping, Scenario or LoadedScenario
        A YAML file, "-" for standard input, or the same keys and values as a mapping: numbers,
        dates (`datetime.date` or text), text, lists and mappings of these. Data files that a
        mapping names lie in the current folder.
    set : str, iterable of str, or mapping
        Changes of single values: one text such as "losses.start=2024-12-01", whose value is read
        as YAML, several of them, or a mapping such as {"losses.start": dt.date(2024, 12, 1)}.
    update : bool
        Whether all counts under `observed` are evidence, on which the result is updated.

    Returns
    -------
    LoadedScenario

    Raises
    ------
    ScenarioError
        Listing everything that is wrong with the scenario, each with its key and, in a file, its
        line.
    FileError, LimitError
        If a file cannot be read, or a stated limit is passed.
    TypeError
        If it is no scenario at all, or a mapping holds something else.

    Examples
    --------
    >>> import simulate
    >>> claim = simulate.load("configs/kursk-isw-point.yaml")
    >>> claim.scenario.unit
    'soldiers'
    >>> missiles = {
    ...     "title": "A stock of missiles",
    ...     "unit": "missiles",
    ...     "force": {"size": 3000, "as_of": "2026-01-22"},
    ...     "losses": {
    ...         "rate": {"distribution": "uniform", "low": 150, "high": 250},
    ...         "per": "month",
    ...     },
    ... }
    >>> simulate.load(missiles).scenario.force.size.value
    3000.0
    >>> simulate.load({**missiles, "units": "missiles"})
    Traceback (most recent call last):
    simulate.errors.ScenarioError: unknown key units
      hint: did you mean unit?
    """
    overrides, update = overlay.as_texts(set), as_flag(update, "update")
    changed = bool(overrides) or update
    if not changed and isinstance(scenario, LoadedScenario):
        return scenario
    if not changed and isinstance(scenario, Scenario):
        return LoadedScenario(scenario)
    return read(scenario).load(overrides, update=update)


def read(scenario: Runnable) -> Source:
    """What a scenario is read from, with the files that it extends. Raises as `load`."""
    if isinstance(scenario, Scenario):
        scenario = LoadedScenario(scenario)
    if isinstance(scenario, LoadedScenario):
        document = YamlDocument(scenario.resolved, files=scenario.read_files)
        return Source(document, DataFolder(Path()), scenario.file, scenario)
    if isinstance(scenario, Mapping):
        if "extends" in scenario:
            hint = "load that file and change values of it: simulate.load(FILE, set={...})"
            raise ScenarioError(Problem("extends is for files, not for a mapping", hint=hint))
        folder = DataFolder(Path.cwd(), anywhere=True)
        return Source(YamlDocument(plain(scenario, "")), folder, "")
    if not isinstance(scenario, str | os.PathLike):
        raise TypeError(
            "a scenario is a file's path, a mapping of its keys, what simulate.load returns or a "
            f"Scenario (found {type(scenario).__name__}"
            f"{', which has one: .loaded' * hasattr(scenario, 'loaded')})"
        )
    if str(scenario) == "-":
        document = overlay.parse(read_standard_input(overlay.LARGEST_FILE), "-")
        return Source(document, DataFolder(Path.cwd()), "-")
    path = Path(scenario)
    return Source(overlay.read(path, str(scenario)), DataFolder(path.parent), path.name)


class Source(Struct, frozen=True):
    """A scenario as it was read, to be loaded with one set of overrides or with many.

    `data` is the folder of the files beside it, each of which is read once; `before` is what it
    was, if it has been loaded before.
    """

    document: YamlDocument
    data: DataFolder
    name: str
    before: LoadedScenario | None = None

    def load(self, overrides: Settings = (), *, update: bool = False) -> LoadedScenario:
        """The scenario with some values set; parameters and errors as in `load`."""
        overrides, document = overlay.as_texts(overrides), self.document
        for override in overrides:
            document = overlay.overridden(document, override)
        if update:
            marks = overlay.evidence_marks(document)
            overrides += marks
            for mark in marks:
                document = overlay.overridden(document, mark)
        scenario = _validated(document, self.data)
        files, digests = (*document.files, *self.data.files), self.data.digests
        if self.before is not None:
            overrides = (*self.before.overrides, *overrides)
            digests = {**self.before.data_digests, **digests}
        return LoadedScenario(scenario, self.name, overrides, files, digests)


def load_text(text: str, name: str = "") -> LoadedScenario:
    """Validate a scenario that is not in a file; raises as `load`."""
    return Source(overlay.parse(text.encode(), name), DataFolder(Path()), name).load()


def load_mapping(tree: Mapping[str, Any], file: str = "") -> LoadedScenario:
    """Validate a scenario given as plain values, for instance from a JSON result."""
    return LoadedScenario(_validated(YamlDocument(dict(tree)), DataFolder(Path())), file, ())


def _validated(document: YamlDocument, data: DataFolder) -> Scenario:
    validate = partial(Scenario.model_validate, context={"data": data})
    unit = document.tree.get("unit") if isinstance(document.tree, dict) else None
    token = UNIT.set(unit if isinstance(unit, str) else "")  # hints count in it
    try:
        return validate(document.tree)
    except LimitError as error:
        if (place := document.values.get((error.at,))) is None:
            raise
        raise place.limit(str(error)) from None
    except ValidationError as error:
        raise ScenarioError(*all_problems(error, document, validate)) from None
    finally:
        UNIT.reset(token)


def _valid(block: type[B], tree: Mapping[str, Any], context: object = None) -> B:
    try:
        return block.model_validate(tree, context=context)
    except ValidationError as error:
        raise ScenarioError(*problems_of(error, YamlDocument(tree))) from None
