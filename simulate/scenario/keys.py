"""The keys of a scenario file: which are known where, and which one was probably meant."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from simulate.scenario.distributions import FAMILIES, Distribution
from simulate.scenario.fields import ScenarioFields
from simulate.scenario.names import INFLOWS, any_of, closest
from simulate.scenario.observed import Observed, ObservedFile
from simulate.scenario.values import Block
from simulate.scenario.yaml_source import Path, dotted, value_at

_NOT_WRITTEN = ("percentiles", "default_horizon", "points", "skipped", "without_count")
"""Fields that only the program writes."""

_ALIKE = (
    ("size", "amount", "count", "rate", "number", "quantity", "total", "pace"),
    ("losses", "count", "number"),
    ("start", "from", "since", "begin", "begins"),
    ("until", "to", "as_of", "end"),
    ("as_of", "date", "day", "on", "start", "from"),
    ("days", "lasts", "duration", "length"),
    ("label", "name", "who"),
)
"""Words of which a block knows one: which it is depends on the block."""

_OTHER_WORDS = {
    "floor": ("reserve", "minimum"),
    "by_month": ("season", "seasonal"),
    "trend_per_week": (_TRENDS := ("trend", "growth", "doubling")),
    "trend_per_month": _TRENDS,
    "trend_per_year": _TRENDS,
    "steps": ("step", "jump", "jumps", "changes"),
    "inflow": INFLOWS,
    "reinforcements": ("arrivals", "arrival", "deliveries"),
    "force": ("stock", "fund"),
}
"""Other words for a key, wherever it belongs."""

_TYPO = 0.85
"""Keys at least so similar, by the measure of difflib, differ by a slip."""

_MOST = 3
"""More keys than these are no hint."""


class _Place(NamedTuple):
    """Where the schema has a key: whether a block belongs there, and in an entry of a list."""

    path: str
    of_block: bool
    in_list: bool


def known_keys(tree: Any, loc: Iterable[Any]) -> list[str]:
    """The keys allowed at a location, found by walking the fields of the blocks."""
    block = _block_at(tree, loc)
    return [] if block is None else list(_fields(block))


def candidates(tree: Any, loc: Path, path: Path) -> tuple[str, ...]:
    """The paths of the keys that an unknown one may stand for, those of its own block first.

    `loc` is its location as pydantic has it, and `path` the part of that which is in the file.
    """
    block, within, name = _block_at(tree, loc[:-1]), dotted(path[:-1]), str(path[-1])
    if block is None:
        return ()
    fields, joint = _fields(block), f"{within}." if within else ""
    near = tuple(f"{joint}{close}" for close in (closest(name, fields),) if close)
    used, value = value_at(tree, path[:-1]), value_at(tree, path)
    slip = closest(name, fields, _TYPO)
    if issubclass(block, Distribution) or (slip and _fits(value, fields[slip].annotation)):
        return near
    groups = [[key for key in group if key in fields] for group in _ALIKE if name in group]
    unused = (keys for keys in groups if keys and not any(key in used for key in keys))
    here = [f"{joint}{key}" for key in next(unused, ()) if _fits(value, fields[key].annotation)]
    if here and any(isinstance(part, int) for part in loc):  # an entry of a list
        return tuple(here)
    words = [name, *(key for key, others in _OTHER_WORDS.items() if name in others)]
    away = [path for word in words for path in _away(word, value, at_top=not within)]
    if any(isinstance(part, int) for part in loc):  # another block's key of that name is no help
        away = [place for place in away if "." not in place]
    if any(place in tree and _is_block(tree[place]) != _is_block(value) for place in away):
        away = []  # `wording: {force: fleet}` beside a force is no force
    found = tuple(dict.fromkeys((*here, *away)))
    if 0 < len(found) <= _MOST:
        return found
    return () if any(groups) or name in _places() else near


def hint_for(tree: Any, loc: Path, path: Path) -> str:
    """What to write in place of an unknown key, or beside what; arguments as in `candidates`."""
    found = candidates(tree, loc, path)
    if len(found) == 1 and "." not in found[0] and len(path) > 1:
        return f"{found[0]} goes beside {path[0]}, not inside it"
    if found:
        return f"did you mean {any_of(found)}?"
    known = known_keys(tree, loc[:-1])
    return f"known here: {', '.join(known)}" if known else ""


def keys_for(name: str, value: object, *, in_lists: bool = True) -> list[str]:
    """Paths of the keys of this name that can hold such a value, in the blocks of a scenario.

    Entries of lists come in where there are no others, if `in_lists`.
    """
    places = [place for place in _places().get(name, ()) if place.path.count(".") == 1]
    fit = [place for place in places if place.of_block == _is_block(value)]
    outside = [place.path for place in fit if not place.in_list]
    return outside or [place.path for place in fit if in_lists]


def _away(name: str, value: object, *, at_top: bool) -> list[str]:
    """Where a key belongs that its block does not know; in entries of lists only from the top."""
    found = keys_for(name, value, in_lists=at_top)
    places = (place for place in _places().get(name, ()) if place.path.count(".") < 2)
    return found or [place.path for place in places if not place.in_list]


def _fits(value: object, annotation: Any) -> bool:
    """Whether a value is a block where one is wanted, and none elsewhere."""
    return _is_block(value) == (_own(annotation) is not None)


def _is_block(value: object) -> bool:
    """Whether a value can only be a block, or a list of them."""
    if isinstance(value, list):
        return any(map(_is_block, value))
    return isinstance(value, dict) and "distribution" not in value


@functools.cache
def _places() -> Mapping[str, list[_Place]]:
    """All places of each key of the schema, those nearest to the top first."""
    found: dict[str, list[_Place]] = {}
    walked = _walk(ScenarioFields, "", in_list=False)
    for name, place in sorted(walked, key=lambda named: named[1].path.count(".")):
        found.setdefault(name, []).append(place)
    return found


def _walk(block: type[Block], within: str, *, in_list: bool) -> Iterator[tuple[str, _Place]]:
    for name, field in _fields(block).items():
        inner, path = _own(field.annotation), f"{within}{name}"
        yield name, _Place(path, inner is not None, in_list)
        if inner is not None:
            yield from _walk(inner, f"{path}.", in_list=in_list or _is_list(field.annotation))


def _fields(block: type[Block]) -> dict[str, Any]:
    return {key: field for key, field in block.by_key().items() if key not in _NOT_WRITTEN}


def _block_at(tree: Any, loc: Iterable[Any]) -> type[Block] | None:
    block: type[Block] | None = ScenarioFields
    for part in loc:
        if isinstance(tree, list) or not isinstance(part, int):  # a file can replace a list
            tree = tree[part]
        if isinstance(part, int):
            continue
        block = _block_in(block.by_key()[part].annotation) if block else None
        if block is None or issubclass(block, Distribution):
            block = FAMILIES.get(str(tree.get("distribution"))) if isinstance(tree, dict) else None
    is_file = block is Observed and isinstance(tree, dict) and "file" in tree
    return ObservedFile if is_file else block


def _block_in(annotation: Any) -> type[Block] | None:
    """The block behind a field's annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    blocks = [_block_in(part) for part in typing.get_args(annotation)]
    return next((block for block in blocks if block), None)


def _own(annotation: Any) -> type[Block] | None:
    """The block behind a field's annotation, None for a distribution."""
    block = _block_in(annotation)
    return None if block is None or issubclass(block, Distribution) else block


def _is_list(annotation: Any) -> bool:
    parts = (typing.get_origin(annotation), *map(_is_list, typing.get_args(annotation)))
    return tuple in parts or True in parts
