"""Scenario files to scenarios: `extends`, overrides, validation, digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.data_file import DataFolder
from simulate.scenario.fields import Sampling
from simulate.scenario.folder import (
    OutsideFolderError,
    decode,
    inside,
    read_bytes,
    read_standard_input,
)
from simulate.scenario.model import DATES_ONLY, Scenario
from simulate.scenario.settings import Settings, as_texts
from simulate.scenario.values import LONGEST_TEXT
from simulate.scenario.yaml_source import Document, Place

LARGEST_FILE = 1_000_000
LONGEST_CHAIN = 8

_ASKED = ("sampling", "by", "levels")


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A scenario and where it came from.

    `digest` is the SHA-256 of what the resolved scenario assumes, so it does not change with
    comments, the order of keys, `extends`, the file's name, or what is asked of the run
    (`sampling`, `by`, `levels`), which citations name beside it.
    """

    scenario: Scenario
    file: str = ""
    overrides: tuple[str, ...] = ()

    @property
    def resolved(self) -> dict[str, Any]:
        """The scenario as plain values, everything left at its default left out."""
        return self.scenario.model_dump(mode="json", exclude_defaults=True)

    def asking(self, *, by: Iterable[dt.date] = (), levels: Iterable[float] = ()) -> LoadedScenario:
        """The same scenario, asked for further dates and, where given, for other percentiles."""
        by, levels = set(by), sorted(set(levels))
        if not by and not levels:
            return self
        asked: dict[str, Any] = {"by": sorted(by.union(self.scenario.by))}
        if levels:
            asked["levels"] = levels
        fields = {name: getattr(self.scenario, name) for name in Scenario.model_fields}
        document = Document({**fields, **asked})
        with _reported(document):
            scenario = Scenario.model_validate(document.tree, context=DATES_ONLY)
        return replace(self, scenario=scenario)

    def by_claim(self) -> tuple[tuple[int, LoadedScenario], ...]:
        """For each claim that is a total its number and a scenario of its own, with all flows.

        A scenario with a single count is its own, under the number 0.
        """
        # A claim without a source keeps the number it has here where it stands alone.
        claims = [
            claim
            if claim.source.strip()
            else claim.model_copy(update={"source": f"claim {number}"})
            for number, claim in enumerate(self.scenario.losses.claims, start=1)
        ]
        flows = [claim for claim in claims if not claim.is_total]
        parts = tuple(
            (number, replace(self, scenario=self._titled(number).following(claim, *flows)))
            for number, claim in enumerate(claims, start=1)
            if claim.is_total
        )
        return parts or ((0, self),)

    def parts(self) -> tuple[tuple[int, LoadedScenario], ...]:
        """What is run: the scenario itself, under the number 0, or one for each of its claims."""
        return self.by_claim() if self.scenario.losses.is_each else ((0, self),)

    def _titled(self, number: int) -> Scenario:
        """The scenario with the claim that is followed named in the title."""
        source = self.scenario.losses.claims[number - 1].source.strip()
        title = f"{self.scenario.title}, claim {number}{f': {source}' if source else ''}"
        fields = {name: getattr(self.scenario, name) for name in Scenario.model_fields}
        return Scenario.model_construct(**{**fields, "title": title[:LONGEST_TEXT]})

    @property
    def digest(self) -> str:
        """SHA-256 in 64 hexadecimal digits."""
        assumed = {k: v for k, v in self.resolved.items() if k not in _ASKED}
        text = json.dumps(assumed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


Runnable: TypeAlias = LoadedScenario | Scenario | str | Path
"""What can be run: a file is loaded first."""


def changed_sampling(sampling: Sampling, values: Mapping[str, Any]) -> Sampling:
    """The sampling with other values of some keys.

    A number of draws is a limit beside a precision. One that was not meant as such, since there
    was no precision beside it, is dropped where there comes one.

    Raises
    ------
    ScenarioError
        If a value is not possible.
    """
    kept = sampling.model_dump(exclude_unset=True)
    if sampling.precision is None and "precision" in values:
        kept.pop("draws", None)
    document = Document({**kept, **values})
    with _reported(document):
        return Sampling.model_validate(document.tree)


def loaded(scenario: Runnable) -> LoadedScenario:
    """A scenario with where it came from: a file is loaded first.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if isinstance(scenario, LoadedScenario):
        return scenario
    if isinstance(scenario, Scenario):
        return LoadedScenario(scenario)
    if isinstance(scenario, str | Path):
        return load(scenario)
    raise TypeError(
        "a scenario is a file's path, what simulate.load returns or a Scenario "
        f"(found {type(scenario).__name__})"
    )


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
        Listing everything that is wrong with the scenario.
    FileError, LimitError
        If a file cannot be read, or a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> claim = simulate.load("configs/kursk-isw-point.yaml")
    >>> claim.scenario.unit
    'soldiers'
    """
    return read(file).load(overrides)


def read(file: str | Path) -> Source:
    """Read a scenario file and those it extends; "-" is standard input.

    Raises
    ------
    ScenarioError, FileError, LimitError
        As `load`, of what can be told without the settings that are laid over the file.
    """
    if str(file) == "-":
        document = _parse(read_standard_input(LARGEST_FILE), "-")
        return Source(document, DataFolder(Path()), "-")
    path = Path(file)
    document = _extended(_read(path, str(file)), path.parent, [path])
    return Source(document, DataFolder(path.parent), path.name)


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read, to be loaded with one set of overrides or with many.

    `data` are the files beside it; what was read of them once is not read again.
    """

    document: Document
    data: DataFolder
    name: str

    def load(self, overrides: Settings = ()) -> LoadedScenario:
        """The scenario with some values set; raises as `simulate.scenario.loader.load`."""
        overrides, document = as_texts(overrides), self.document
        for override in overrides:
            document = _overridden(document, override)
        return LoadedScenario(_validated(document, self.data), self.name, overrides)


def load_text(text: str, name: str = "") -> LoadedScenario:
    """Validate a scenario that is not in a file; raises as `load`."""
    return Source(_parse(text.encode(), name), DataFolder(Path()), name).load()


def load_mapping(tree: Mapping[str, Any], file: str = "") -> LoadedScenario:
    """Validate a scenario given as plain values, for instance from a JSON result."""
    return LoadedScenario(_validated(Document(dict(tree)), DataFolder(Path())), file, ())


def _validated(document: Document, data: DataFolder) -> Scenario:
    context = {"data": data}
    try:
        return Scenario.model_validate(document.tree, context=context)
    except LimitError as error:
        if (place := document.values.get((error.at,))) is None:
            raise
        raise LimitError(str(place.problem(str(error)))) from None
    except ValidationError as error:
        from simulate.scenario import problems

        unknown = problems.unknown_keys(error, document)
        if not unknown:
            raise ScenarioError(*problems.problems_of(error, document)) from None
        # A misspelled key hides what else is wrong: without it a required one is missing, and what
        # the parts of the scenario say of each other has not been looked at.
        found = problems.problems_of(error, document, kind=problems.UNKNOWN)
        meant = problems.as_meant(document, unknown)
        try:
            Scenario.model_validate(meant.tree, context=context)
        except ValidationError as further:
            found += problems.hidden_problems(further, meant, unknown, document)
        except LimitError:
            pass  # told once the keys are right
        raise ScenarioError(*problems.in_order(found)) from None


@contextmanager
def _reported(document: Document) -> Iterator[None]:
    """Turn what the validation finds into problems at their places in the document."""
    try:
        yield
    except ValidationError as error:
        from simulate.scenario.problems import problems_of

        raise ScenarioError(*problems_of(error, document)) from None


def _read(path: Path, name: str) -> Document:
    return _parse(read_bytes(path, LARGEST_FILE), name)


def _parse(data: bytes, name: str) -> Document:
    try:
        text = decode(data, name)
    except ValueError as error:
        raise ScenarioError(Problem(str(error))) from None
    document = yaml_source.parse(text, name)
    if document.tree is None:
        raise ScenarioError(Problem("no scenario here; try `simulate init`", name))
    if not isinstance(document.tree, dict):
        place = document.values[()]
        raise ScenarioError(place.problem("a scenario is a mapping of keys and values"))
    return document


def _extended(document: Document, folder: Path, chain: list[Path]) -> Document:
    """Lay the file over the one it extends."""
    if "extends" not in document.tree:
        return document
    base_name, place = document.tree["extends"], document.values[("extends",)]
    if not isinstance(base_name, str):
        raise ScenarioError(place.problem("extends must be the name of a file"))
    try:
        base_path = inside(folder, base_name)
    except OutsideFolderError as error:
        hint = "extends takes a file in the same folder or below"
        raise ScenarioError(place.problem(f"extends {error}", hint)) from None
    seen = [path.resolve() for path in chain]
    if base_path.resolve() in seen:
        cycle = " -> ".join(path.name for path in [*chain, base_path])
        raise ScenarioError(place.problem(f"extends runs in a circle: {cycle}"))
    if len(chain) > LONGEST_CHAIN:
        raise ScenarioError(place.problem(f"extends runs through more than {LONGEST_CHAIN} files"))
    base = _read(base_path, str(base_path))
    return _merged(_extended(base, base_path.parent, [*chain, base_path]), document)


def _merged(base: Document, over: Document) -> Document:
    """Mappings are merged key by key; a list, and a mapping that names a family, is replaced.

    So are claims by a single count, and a single count by claims.
    """
    keys, values = dict(base.keys), dict(base.values)

    def merge(below: Any, above: Any, path: yaml_source.Path) -> Any:
        both = isinstance(below, dict) and isinstance(above, dict)
        if not both or "distribution" in above:
            for places in (keys, values):
                for known in [p for p in places if p[: len(path)] == path]:
                    del places[known]
            return above
        if path == ("losses",):
            below = {key: value for key, value in below.items() if key not in _replaced_by(above)}
        return {
            **below,
            **{
                key: merge(below[key], value, (*path, key)) if key in below else value
                for key, value in above.items()
            },
        }

    tree = merge(base.tree, {k: v for k, v in over.tree.items() if k != "extends"}, ())
    return Document(tree, {**keys, **over.keys}, {**values, **over.values})


def _replaced_by(losses: Mapping[str, Any]) -> tuple[str, ...]:
    """What else a file says of the losses that falls with what it says in these keys."""
    if "claims" in losses:
        return ("count", "as_of")
    return ("claims", "pooling") if "count" in losses or "as_of" in losses else ()


_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def _overridden(document: Document, override: str) -> Document:
    """Set one value, given as `name=value`."""
    name, equals, text = override.partition("=")
    label = f"--set {override}"
    place = Place(label if len(label) <= 60 else label[:57] + "...", 0, 0, "")
    found = _STEP.findall(name.strip())
    if len(found) > yaml_source.DEEPEST:
        raise LimitError(str(place.problem(f"more than {yaml_source.DEEPEST} levels")))
    # No list is as long as a number of nine digits says, and longer ones Python may not read.
    steps = [int(index.lstrip("0")[:9] or 0) if index else word for word, index in found]
    if not equals or not steps:
        raise ScenarioError(
            place.problem("an override is name=value", "for instance losses.count=3800")
        )
    value = yaml_source.parse(text, label).tree
    keys = {path: p for path, p in document.keys.items() if path[: len(steps)] != tuple(steps)}
    values = {path: p for path, p in document.values.items() if path[: len(steps)] != tuple(steps)}
    for end in range(1, len(steps) + 1):
        keys.setdefault(tuple(steps[:end]), place)
    values[tuple(steps)] = place
    return replace(
        document, tree=_set(document.tree, steps, value, place), keys=keys, values=values
    )


def _set(tree: Any, steps: list[str | int], value: Any, place: Place) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(tree, list) or step >= len(tree):
            raise ScenarioError(place.problem(f"there is no entry [{step}] to set"))
        return [_set(v, rest, value, place) if i == step else v for i, v in enumerate(tree)]
    if tree is not None and not isinstance(tree, dict):
        raise ScenarioError(place.problem(f"{step} cannot be set inside a single value"))
    tree = tree or {}
    return {**tree, step: _set(tree.get(step), rest, value, place)}
