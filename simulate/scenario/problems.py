"""Turns validation errors into sentences that a reader of the file understands."""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from operator import getitem
from typing import TYPE_CHECKING, Any

from simulate.errors import Problem
from simulate.scenario.distributions import FAMILIES, Distribution
from simulate.scenario.model import Scenario
from simulate.scenario.notation import is_nothing
from simulate.scenario.observed import Observed, ObservedFile
from simulate.scenario.values import ISO_DATE, Block, closest, did_you_mean, shown
from simulate.scenario.yaml_source import Document, Path, Place, resolve

if TYPE_CHECKING:
    from pydantic import ValidationError

UNKNOWN = "extra_forbidden"
"""Pydantic's name for an unknown key."""

_NOT_WRITTEN = ("percentiles", "default_horizon", "points")
"""Fields that no file contains."""

_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_EXACTLY = {
    "by_month": ("twelve factors, January first", ""),
    "counts": ("two counts", "give the last two, the earlier first"),
}
"""Lists of a fixed length."""

_MAPPINGS = ("model_type", "model_attributes_type", "mapping_type", "dict_type")
_KINDS = {
    **dict.fromkeys(_MAPPINGS, "a mapping of keys and values"),
    "tuple_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
}


def problems_of(error: ValidationError, document: Document, kind: str = "") -> list[Problem]:
    """One `Problem` for each error, or each of one kind, in the order of the file."""
    found = (each for each in _details(error) if kind in ("", each["type"]))
    return in_order(_problem(details, document) for details in found)


def in_order(found: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in the order of the file."""
    return sorted(dict.fromkeys(found), key=lambda found: (found.file, found.line, found.column))


def unknown_keys(error: ValidationError, document: Document) -> dict[Path, str | None]:
    """Each unknown key, and the key that was probably meant, if one is similar and not in use."""
    found: dict[Path, str | None] = {}
    for details in _details(error):
        if details["type"] == UNKNOWN:
            path = _path_in(document.tree, details["loc"])
            meant = closest(path[-1], _known_keys(document.tree, details["loc"][:-1]))
            taken = {*functools.reduce(getitem, path[:-1], document.tree), *found.values()}
            found[path] = None if meant in taken else meant
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
        _problem(details, meant)
        for details in _details(error)
        if details["type"] == "contradiction"
        or _place(meant, _path_in(meant.tree, details["loc"])) not in guessed
    )


def _cut_short(unknown: Iterable[Path], tree: Any) -> Iterator[Path]:
    """The keys before those that are the rest of a number."""
    for *outer, last in unknown:
        before: Path = ()
        for key in functools.reduce(getitem, outer, tree):
            if _is_digits(last) and key == last:
                yield before
            before = before if _is_digits(key) else (*outer, key)


def _is_digits(key: object) -> bool:
    return re.match(r"\d", str(key)) is not None


def as_meant(document: Document, unknown: Mapping[Path, str | None]) -> Document:
    """The document with unknown keys replaced by the ones that were meant, or left out."""

    def renamed(path: Path) -> Path | None:
        new: Path = ()
        for end, step in enumerate(path, start=1):
            meant = unknown.get(path[:end], step)
            if meant is None:
                return None
            new = (*new, meant)
        return new

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


def _details(error: ValidationError) -> Iterator[Any]:
    return _flattened(error.errors(include_url=False), ())


def _flattened(errors: Iterable[Any], outer: tuple[Any, ...]) -> Iterator[Any]:
    """All errors, also those inside a distribution, with their paths in the file."""
    for details in errors:
        place, kind = (*outer, *details["loc"]), details["type"]
        if kind == "nested":
            yield from _flattened(details["ctx"]["errors"], place)
        # A list can count as too short only because some of its entries are wrong.
        elif kind != "too_short" or details["ctx"]["actual_length"] >= len(details["input"]):
            yield {**details, "loc": place}


def _problem(details: Any, document: Document) -> Problem:
    path = _path_in(document.tree, details["loc"])
    context = details.get("ctx", {})
    kind = details["type"]
    if kind == UNKNOWN:
        known = _known_keys(document.tree, details["loc"][:-1])
        name = f"unknown key {_dotted(path)}"
        hint = did_you_mean(path[-1], known, within=_dotted(path[:-1]))
        if _is_digits(path[-1]):  # {size: 12,000} is size 12 and a key 000
            hint = "a comma separates entries; write numbers without it"
        elif details["input"] is None and not hint.startswith("did"):  # {source: a, b}
            hint = "a comma separates entries; put a text that holds one in quotes"
        return _place(document, path, key=True).problem(name, hint)
    if kind == "missing":
        *outer, name = [part for part in details["loc"] if part != ""]
        missing = _dotted((*_path_in(document.tree, outer), name))
        place = _place(document, _path_in(document.tree, (*outer, name)), key=True)
        return place.problem(f"{missing} is required")
    message, hint = _message(details, context)
    inner = _path_in(document.tree, (*path, *_split(context.get("at", ""))))
    return _place(document, inner).problem(_joined(path, message), hint)


def _message(details: Any, context: Mapping[str, Any]) -> tuple[str, str]:  # noqa: PLR0911  (one return for each kind)
    """Message and hint for a value that breaks a rule."""
    kind, found = details["type"], f"(found {shown(details['input'])})"
    if "text" in context:
        return context["text"], context["hint"]
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        hint = _within_bounds(details["loc"][-1], details["input"], kind, context[name])
        return f"must be {words} {context[name]:,g} {found}", hint
    if kind in _KINDS:
        return f"must be {_KINDS[kind]} {found}", _of_another_kind(kind, details["input"])
    if details["loc"][-1] in _EXACTLY and kind in ("too_short", "too_long"):
        needed, hint = _EXACTLY[details["loc"][-1]]
        return f"needs {needed} (found {len(details['input'])})", hint
    if kind == "too_long" and isinstance(details["input"], str):
        return f"must not be longer than {context['max_length']:,} characters", ""
    if kind == "too_short":
        some = f"needs at least {context['min_length']} entries"
        return some if details["input"] else "must not be empty", ""
    if kind == "too_long":
        return f"must not have more than {context['max_length']} entries", ""
    if kind == "literal_error":
        close = closest(details["input"], re.findall(r"'(\w+)'", context["expected"]))
        return f"must be {context['expected']} {found}", f"did you mean {close}?" if close else ""
    return f"{details['msg'][:1].lower()}{details['msg'][1:]} {found}", ""


def _within_bounds(key: object, found: Any, kind: str, limit: float) -> str:
    """How to write a number beyond a bound whose meaning is clear."""
    if key in ("sd", "sigma", "scale") and kind == "greater_than":
        return "for a fixed number write a bare number instead of a distribution"
    if key == "rank" and abs(found) == 1:
        return f"write {0.999 * found:g}; at {found:g} one input would follow from the other"
    highest = 100 if kind == "less_than_equal" else 99.99
    is_share = limit == 1 and kind.startswith("less") and 2 <= found <= highest
    return f"write {found / 100:g}, a share instead of a percentage" if is_share else ""


def _of_another_kind(kind: str, found: Any) -> str:
    """How to write a list or a text, or that there is none."""
    if isinstance(found, str) and is_nothing(found):
        return "where there is none, leave the key out"
    if kind == "string_type" and isinstance(found, bool | list | dict):
        return "put it in quotes"
    if kind == "tuple_type" and isinstance(found, str | float | int):
        entries = str(found).split(",")
        plain = all(_is_plain(entry.strip()) for entry in entries)
        return f"put a list in brackets: [{found if plain and len(entries) < 9 else '...'}]"
    return "begin each entry of the list with a dash" if kind == "tuple_type" and found else ""


def _is_plain(text: str) -> bool:
    """Whether a text is a number or a date as a scenario writes it."""
    return isinstance(resolve(text), int | float) or ISO_DATE.fullmatch(text) is not None


def _joined(path: Path, message: str) -> str:
    if not path:
        return message
    joint = " " if message.startswith(("must ", "needs ", "has ")) else ": "
    return f"{_dotted(path)}{joint}{message}"


def _dotted(path: Path) -> str:
    steps = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(steps).removeprefix(".")


def _split(dotted: str) -> Path:
    parts = dotted.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts if part)


def _path_in(tree: Any, loc: Iterable[Any]) -> Path:
    """The part of a location that is in the file; pydantic also names families."""
    path: list[str | int] = []
    for part in loc:
        entries = range(len(tree)) if isinstance(tree, list) else tree
        if isinstance(tree, dict | list) and part in entries:
            tree = tree[part]
            path.append(part)
    return tuple(path)


def _place(document: Document, path: Path, *, key: bool = False) -> Place:
    """The place of a value, or of its key; of the nearest block around it where it has none."""
    for end in range(len(path), -1, -1):
        for places in (document.keys, document.values) if key else (document.values,):
            if path[:end] in places:
                return places[path[:end]]
    return Place("", 0, 0, "")


def _known_keys(tree: Any, loc: Iterable[Any]) -> list[str]:
    """The keys allowed at a location, found by walking the fields of the blocks."""
    block: type[Block] | None = Scenario
    for part in loc:
        if isinstance(tree, list) or not isinstance(part, int):  # a file can replace a list
            tree = tree[part]
        if isinstance(part, int):
            continue
        block = _block_in(block.by_key()[part].annotation) if block else None
        if block is None or issubclass(block, Distribution):
            block = FAMILIES.get(str(tree.get("distribution"))) if isinstance(tree, dict) else None
    if block is Observed and isinstance(tree, dict) and "file" in tree:
        block = ObservedFile
    return [name for name in block.by_key() if name not in _NOT_WRITTEN] if block else []


def _block_in(annotation: Any) -> type[Block] | None:
    """The block behind a field's annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    blocks = [_block_in(part) for part in typing.get_args(annotation)]
    return next((block for block in blocks if block), None)
