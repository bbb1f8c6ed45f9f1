"""A faulty scenario as it was probably meant, which shows what its first mistakes hide.

A misspelled key makes a required one seem to be missing, and the parts of a scenario are compared
only where each of them is valid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from simulate.errors import Problem
from simulate.scenario import yaml_source
from simulate.scenario.keys import candidates
from simulate.scenario.problems import (
    UNKNOWN,
    details_of,
    in_order,
    is_digits,
    path_in,
    path_of,
    place_of,
    problem_of,
    problems_of,
)
from simulate.scenario.yaml_source import Document, Path, dotted, value_at

if TYPE_CHECKING:
    from pydantic import ValidationError

_ROUNDS = 8
_MEANT = (
    r"write (?:a uniform over [^{]*: )?(\{[^{}]*\}|-?[\d.]+(?:-\d\d-\d\d)?)(?=$|[,;\s])"
    r"|did you mean (\w+)\?"
)
"""The value in a hint."""


def all_problems(
    error: ValidationError,
    document: Document,
    validate: Callable[[Document], ValidationError | None],
) -> list[Problem]:
    """The problems of a document, and those that they hide, in the order of the file.

    Unknown keys are read as those they resemble, and values as their hints say. What cannot be
    read is left out, and with it all problems that may come from its absence. `validate` gives the
    error of a changed document, None where there is none.
    """
    unknown = unknown_keys(error, document)
    found = problems_of(error, document, kind=UNKNOWN if unknown else "")
    further: ValidationError | None = error
    if unknown:
        meant = as_meant(document, unknown)
        if (further := validate(meant)) is not None:
            found += hidden_problems(further, meant, unknown, document)
        document = meant
    read, gone = set[Path](), set[Path]()
    for _ in range(_ROUNDS):
        if further is None or (tree := _repaired(further, document, read, gone)) is None:
            break
        document = Document(tree, document.keys, document.values)
        if (further := validate(document)) is not None:
            found += [
                problem_of(details, document)
                for details in details_of(further)
                if not _is_doubtful(details, document, read, gone)
            ]
    return in_order(found)


def _repaired(
    error: ValidationError, document: Document, read: set[Path], gone: set[Path]
) -> Any | None:
    """The tree with what is wrong read by its hint or left out; None where that cannot help.

    The paths of both are added to `read` and `gone`.
    """
    tree = document.tree
    for details in details_of(error):
        path, value = path_of(details, document), _value_in(problem_of(details, document).hint)
        if details["type"] != "missing" and value is not None and path not in read:
            read.add(path)
            tree = _changed(tree, path, value)
            continue
        path = path[:-1] if details["type"] == "missing" else path
        while path and (isinstance(path[-1], int) or path in gone):
            path = path[:-1]
        if not path:
            return None
        gone.add(path)
        tree = _changed(tree, path)
    return tree


def _value_in(hint: str) -> Any | None:
    """The value that a hint says to write; None where it names none, or two."""
    if " if " in hint or (match := re.match(_MEANT, hint)) is None:
        return None
    return yaml_source.parse(match[1] or match[2], "").tree


def _changed(tree: Any, path: Path, *value: Any) -> Any:
    """The tree with another value at a path, or nothing there."""
    if not path:
        return value[0]
    step, *rest = path
    if isinstance(tree, list):
        return [_changed(v, tuple(rest), *value) if i == step else v for i, v in enumerate(tree)]
    if not isinstance(tree, dict) or step not in tree:
        return tree  # what held it is gone
    if not rest and not value:
        return {key: part for key, part in tree.items() if key != step}
    return {**tree, step: _changed(tree[step], tuple(rest), *value)}


def _is_doubtful(details: Any, document: Document, read: set[Path], gone: set[Path]) -> bool:
    """Whether a problem may come from what was read by its hint, or is gone."""
    path, problem = path_of(details, document), problem_of(details, document)
    if details["type"] != "contradiction":
        if any(path[: len(one)] == one for one in read):
            return True
    elif path[:1] == ("correlations",) and any(dotted(one) in problem.message for one in read):
        return True  # a hint gives one number, where perhaps a range was meant
    if (
        path == ("losses",)
        and details["type"] == "missing"
        and any(one[0] == "force" for one in gone)
    ):
        return True  # two counts or days of supply need none
    names = {str(name) for one in gone for name in (one[0], one[-1])}
    said, near = f"{problem.message} {problem.hint}", any(path[:1] == one[:1] for one in gone)
    return near or any(re.search(rf"\b{re.escape(name)}\b", said) for name in names)


def unknown_keys(error: ValidationError, document: Document) -> dict[Path, str | None]:
    """Each unknown key, and the key that was probably meant, if one is similar and not in use."""
    found: dict[Path, str | None] = {}
    for details in details_of(error):
        if details["type"] == UNKNOWN:
            path = path_in(document.tree, details["loc"])
            paths = candidates(document.tree, details["loc"], path)
            outer, _, key = paths[0].rpartition(".") if len(paths) == 1 else ("", "", "")
            taken = {*value_at(document.tree, path[:-1]), *found.values()}
            in_place = outer == dotted(path[:-1]) and key and key not in taken
            found[path] = key if in_place else None
    return found


def hidden_problems(
    error: ValidationError, meant: Document, unknown: Mapping[Path, str | None], document: Document
) -> list[Problem]:
    """Further problems, found in the document `as_meant`.

    If a value does not fit the key that was guessed, the guess was wrong; it is not reported, nor
    is a number that a comma cut short: {size: 20-25,000} is size 20-25 and a key 000.
    """
    doubted = {*unknown, *_cut_short(unknown, document.tree)}
    values = document.values.items()
    guessed = {place for path, place in values if any(path[: len(key)] == key for key in doubted)}
    return in_order(
        problem_of(details, meant)
        for details in details_of(error)
        if details["type"] == "contradiction"
        or place_of(meant, path_in(meant.tree, details["loc"])) not in guessed
    )


def _cut_short(unknown: Iterable[Path], tree: Any) -> Iterator[Path]:
    """The keys before those that are the rest of a number."""
    for *outer, last in unknown:
        before: Path = ()
        for key in value_at(tree, outer):
            if is_digits(last) and key == last:
                yield before
            before = before if is_digits(key) else (*outer, key)


def as_meant(document: Document, unknown: Mapping[Path, str | None]) -> Document:
    """The document with unknown keys replaced by the ones that were meant, or left out."""

    def renamed(path: Path) -> Path | None:
        steps = [unknown.get(path[:end], step) for end, step in enumerate(path, start=1)]
        return None if None in steps else tuple(step for step in steps if step is not None)

    def rebuilt(tree: Any, path: Path) -> Any:
        if isinstance(tree, list):
            return [rebuilt(part, (*path, i)) for i, part in enumerate(tree)]
        if not isinstance(tree, dict):
            return tree
        parts = ((unknown.get((*path, key), key), key, part) for key, part in tree.items())
        return {new: rebuilt(part, (*path, key)) for new, key, part in parts if new is not None}

    keys, values = (
        {new: place for path, place in places.items() if (new := renamed(path)) is not None}
        for places in (document.keys, document.values)
    )
    return Document(rebuilt(document.tree, ()), keys, values)
