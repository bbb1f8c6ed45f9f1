"""Files laid over each other, with the place of every value: `extends`, and overrides on top."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from msgspec.structs import replace

from simulate.errors import Argument, Message, Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.fields import LISTS
from simulate.scenario.folder import OutsideFolderError, decode, inside, read_bytes
from simulate.scenario.plain import found, listed, plain
from simulate.scenario.series import INSTEAD
from simulate.scenario.values import ISO_DATE, cut
from simulate.scenario.yaml_source import Place, YamlDocument

LARGEST_FILE = 1_000_000
LONGEST_CHAIN = 8
LONGEST_LABEL = 54
"""Characters of a setting in a message."""

_LARGEST_WHOLE = 1e15

_TOML = re.compile(r"\[[\w.\" -]+\]\s*|[\w-]+[ \t]*=.*")
"""The first line of a TOML file: the name of a table, or a key."""


def read(path: Path, name: str, chain: tuple[Path, ...] = ()) -> YamlDocument:
    """The mapping in a file, laid over those of the file it extends.

    Messages call the file `name`; `chain` are the files that extend it. Raises as `simulate.load`.
    """
    document = replace(parse(read_bytes(path, LARGEST_FILE), name), files=(str(path),))
    if "extends" not in document.tree:
        return document
    base, place = document.tree["extends"], document.values[("extends",)]
    if not isinstance(base, str):
        raise place.error("extends must be the name of a file")
    try:
        base_path = inside(path.parent, base)
    except OutsideFolderError as error:
        hint = "extends takes a file in the same folder or below"
        raise place.error(f"extends {error}", hint) from None
    chain = (*chain, path)
    if base_path.resolve() in [known.resolve() for known in chain]:
        circle = " -> ".join(known.name for known in (*chain, base_path))
        raise place.error(f"extends runs in a circle: {circle}")
    if len(chain) > LONGEST_CHAIN:
        raise place.error(f"extends runs through more than {LONGEST_CHAIN} files")
    return _merged(read(base_path, str(base_path), chain), document)


def parse(data: bytes, name: str) -> YamlDocument:
    """The mapping in the bytes of a file."""
    try:
        text = decode(data, name)
    except ValueError as error:
        raise ScenarioError(Problem(str(error))) from None
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if Path(name).suffix.lower() == ".toml" or _TOML.fullmatch(first):
        raise ScenarioError(Problem("a scenario cannot be TOML", name, hint="write YAML or JSON"))
    document = yaml_source.parse(text, name)
    if document.tree is None:
        raise ScenarioError(Problem("no scenario here; try `simulate init`", name))
    if not isinstance(document.tree, dict):
        place = document.values[()]
        raise place.error("a scenario is a mapping of keys and values")
    return document


def _merged(base: YamlDocument, over: YamlDocument) -> YamlDocument:
    """Merge mappings key by key; replace lists and distributions whole.

    One form of a block replaces the others, such as claims a single count.
    """
    keys, values = dict(base.keys), dict(base.values)

    def merge(below: Any, above: Any, path: yaml_source.Path) -> Any:
        if path == ("wording",) and isinstance(below, str):  # the name of its preset
            below = {"preset": below}
        both = isinstance(below, dict) and isinstance(above, dict)
        if not both or "distribution" in above:
            _forget(path, keys, values)
            return above
        gone = _replaced_by(above, _FORMS.get(path, ()))
        merged = {key: value for key, value in below.items() if key not in gone}
        for key, value in above.items():
            merged[key] = merge(merged[key], value, (*path, key)) if key in merged else value
        return merged

    tree = merge(base.tree, {k: v for k, v in over.tree.items() if k != "extends"}, ())
    return YamlDocument(
        tree, {**keys, **over.keys}, {**values, **over.values}, (*over.files, *base.files)
    )


def _forget(path: yaml_source.Path, *tables: dict[yaml_source.Path, Place]) -> None:
    """Delete the places of a value and of all within it."""
    for places in tables:
        for known in [known for known in places if known[: len(path)] == path]:
            del places[known]


_FORMS: Mapping[yaml_source.Path, tuple[tuple[str, ...], ...]] = {
    ("losses",): (("count", "as_of"), ("claims", "pooling"), ("rate", "per"), ("series",)),
    ("force",): (("size",), ("counts",), ("lasts",)),
}
"""The keys of each form of a block, of which a file holds one."""


def _replaced_by(block: Mapping[str, Any], forms: tuple[tuple[str, ...], ...]) -> set[str]:
    """Keys of the file below that the keys of a block replace: those of the other forms."""
    if "series" in block:
        return set(INSTEAD)
    here = [form for form in forms if any(key in block for key in form)]
    return {key for form in forms if here and form not in here for key in form}


Settings: TypeAlias = str | Iterable[str] | Mapping[str, Any]
"""One text such as "losses.start=2024-12-01", several of them, or a mapping of names to values."""


def as_texts(settings: Settings, *, swept: bool = False) -> tuple[str, ...]:
    """Settings as texts `name=value`.

    The part of a text after the equals sign is read as YAML. The values of a mapping are numbers,
    dates, text, lists and mappings of these, or distributions. With `swept`, a list holds several
    values of one setting. Raises TypeError if they are anything else.

    Examples
    --------
    >>> import datetime as dt
    >>> as_texts({"losses.count": 3800, "losses.start": dt.date(2024, 12, 1)})
    ('losses.count=3800', 'losses.start=2024-12-01')
    >>> as_texts({"force.size": [10000, 12000]}, swept=True)
    ('force.size=10000,12000',)
    """
    texts = tuple(settings if isinstance(settings, Mapping) else listed(settings))
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(
                'settings are a mapping such as {"losses.count": 3800} or texts such as '
                f'"losses.count=3800" (found {found(text)})'
            )
    if isinstance(settings, Mapping):
        pairs = [(plain(name, "a key of the settings"), settings[name]) for name in texts]
        return tuple(f"{name}={_value(name, value, swept=swept)}" for name, value in pairs)
    return texts


def _value(name: str, value: object, *, swept: bool) -> str:
    if swept:
        return ",".join(_value(name, each, swept=False) for each in listed(value))
    written = plain(value, name)
    if isinstance(written, str) and ISO_DATE.fullmatch(written):
        return written  # without quotes
    if isinstance(written, float) and not math.isfinite(written):
        return str(written).replace("nan", ".nan").replace("inf", ".inf")
    if isinstance(written, float) and written.is_integer() and abs(written) < _LARGEST_WHOLE:
        written = int(written)
    return json.dumps(written, ensure_ascii=False)  # JSON is YAML


def evidence_marks(document: YamlDocument) -> tuple[str, ...]:
    """The settings that make evidence of all counts under `observed`.

    Raises ScenarioError if there are none.
    """
    observed = document.tree.get("observed")
    if not observed:
        place = next(iter(document.values.values()), Place("", 0, 0, ""))
        message = "observed lists no counts to update the result on"
        hint = Message(
            "list counts published later under observed, or leave out ", Argument("update")
        )
        raise ScenarioError(Problem(message, place.file, hint=hint))
    if isinstance(observed, dict):
        return ("observed.evidence=true",)
    n = len(observed) if isinstance(observed, list) else 0
    return tuple(f"observed[{i}].evidence=true" for i in range(n))


_STEP = r"([^.\[\]]+)|\[(\d+)\]"


def overridden(document: YamlDocument, override: str) -> YamlDocument:
    """The document with one value set, as `name=value`."""
    name, equals, text = override.partition("=")
    label = Message(Argument("set", override))
    place = Place(Message(Argument("set", cut(override, LONGEST_LABEL))), 0, 0, "")
    found = re.findall(_STEP, name.strip())
    if len(found) > yaml_source.DEEPEST:
        raise place.limit(f"more than {yaml_source.DEEPEST} levels")
    if not equals or not found:
        hint = "for instance losses.count=3800"
        raise place.error("an override is name=value", hint)
    # No list has a nine-digit index, and Python refuses to read very long numbers.
    steps = tuple(int(index.lstrip("0")[:9] or 0) if index else word for word, index in found)
    if steps[0] in LISTS and steps[1:2] == (0,) and isinstance(document.tree.get(steps[0]), dict):
        steps = (steps[0], *steps[2:])  # a list that is written as its only entry
    value = yaml_source.parse(text, label).tree
    keys, values = dict(document.keys), dict(document.values)
    _forget(steps, keys, values)
    for end in range(1, len(steps) + 1):
        keys.setdefault(steps[:end], place)
    values[steps] = place
    return YamlDocument(_set(document.tree, steps, value, place), keys, values, document.files)


def _set(
    tree: Any, steps: yaml_source.Path, value: Any, place: Place, at: yaml_source.Path = ()
) -> Any:
    """The tree with a value at the end of some steps; `at` are those before them."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(tree, list) and not isinstance(step, int):
        # inflow.0.amount means inflow[0].amount, as may inflow.amount.
        meant = (*at, int(step[:9]), *rest) if step.isdecimal() else (*at, 0, *steps)
        hint = f"name one of its entries: {yaml_source.dotted(meant)}"
        raise place.error(f"{yaml_source.dotted(at)} is a list", hint)
    if isinstance(step, int):
        if not isinstance(tree, list) or step >= len(tree):
            last = f"the last is [{len(tree) - 1}]" if isinstance(tree, list) and tree else ""
            raise place.error(f"there is no entry [{step}] to set", last)
        return [
            _set(v, rest, value, place, (*at, i)) if i == step else v for i, v in enumerate(tree)
        ]
    if tree is not None and not isinstance(tree, dict):
        raise place.error(f"{step} cannot be set inside a single value")
    tree = tree or {}
    return {**tree, step: _set(tree.get(step), rest, value, place, (*at, step))}
