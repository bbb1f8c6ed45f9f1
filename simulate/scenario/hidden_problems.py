"""A faulty scenario as it was probably meant, which shows what its first mistakes hide.

A misspelled key makes a required one seem to be missing, and the parts of a scenario are compared
only where each of them is valid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from simulate.errors import Problem
from simulate.scenario import yaml_source
from simulate.scenario.keys import candidates
from simulate.scenario.problems import (
    UNKNOWN,
    Fault,
    faults_of,
    in_order,
    is_digits,
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
    found, read, gone = list[Problem](), set[Path](), set[Path]()
    further: ValidationError | None = error
    for _ in range(_ROUNDS):
        if further is None:
            break
        faults = faults_of(further, document)
        unknown = [fault for fault in faults if fault.kind == UNKNOWN]
        certain = (one for one in unknown or faults if not _is_doubtful(one, read, gone))
        found += [fault.problem for fault in certain]
        if unknown:
            document = _without_unknown(unknown, document, read)
        elif (tree := _repaired(faults, document.tree, read, gone)) is not None:
            document = Document(tree, document.keys, document.values)
        else:
            break
        further = validate(document)
    return in_order(found)


def _without_unknown(unknown: list[Fault], document: Document, read: set[Path]) -> Document:
    """The document with its unknown keys as those they resemble, if not in use, or left out.

    If a value does not fit the key that was guessed, the guess was wrong; nor is what is beside the
    rest of a number a mistake: {size: 20-25,000} is size 20-25 and a key 000. Both are added to
    `read`.
    """
    tree, keys, values = document.tree, dict(document.keys), dict(document.values)
    for _, loc, path, _ in unknown:
        if is_digits(path[-1]):
            read.add(path[:-1])
        meant = candidates(document.tree, loc, path)
        outer, _, key = meant[0].rpartition(".") if len(meant) == 1 else ("", "", "")
        value, tree = value_at(tree, path), _changed(tree, path)
        if key and outer == dotted(path[:-1]) and key not in value_at(tree, path[:-1]):
            named = (*path[:-1], key)
            read.add(named)
            tree = _changed(tree, named, value)
            for places in (keys, values):
                inside = [at for at in places if at[: len(path)] == path]
                places.update({(*named, *at[len(path) :]): places[at] for at in inside})
    return Document(tree, keys, values)


def _repaired(faults: Iterable[Fault], tree: Any, read: set[Path], gone: set[Path]) -> Any | None:
    """The tree with what is wrong read by its hint or left out; None where that cannot help.

    The paths of both are added to `read` and `gone`.
    """
    for kind, _, path, problem in faults:
        value = _value_in(problem.hint)
        if kind != "missing" and value is not None and path not in read:
            read.add(path)
            tree = _changed(tree, path, value)
            continue
        holder = path[:-1] if kind == "missing" else path
        while holder and (isinstance(holder[-1], int) or holder in gone):
            holder = holder[:-1]
        if not holder:
            return None
        gone.add(holder)
        tree = _changed(tree, holder)
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
    if not isinstance(tree, dict) or (rest and step not in tree):
        return tree  # what held it is gone
    if not rest and not value:
        return {key: part for key, part in tree.items() if key != step}
    return {**tree, step: _changed(tree.get(step), tuple(rest), *value)}


def _is_doubtful(fault: Fault, read: set[Path], gone: set[Path]) -> bool:
    """Whether a problem may come from what was read by its hint, or is gone."""
    kind, _, path, problem = fault
    if kind != "contradiction":
        if any(path[: len(one)] == one for one in read):
            return True
    elif path[:1] == ("correlations",) and any(dotted(one) in problem.message for one in read):
        return True  # a hint gives one number, where perhaps a range was meant
    if path == ("losses",) and kind == "missing" and any(one[0] == "force" for one in gone):
        return True  # two counts or days of supply need none
    names = {str(name) for one in gone for name in (one[0], one[-1])}
    said, near = f"{problem.message} {problem.hint}", any(path[:1] == one[:1] for one in gone)
    return near or any(re.search(rf"\b{re.escape(name)}\b", said) for name in names)
