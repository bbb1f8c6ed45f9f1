"""Turns validation errors into sentences that a reader of the file understands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from pydantic import ValidationError

from simulate.errors import LimitError, Problem
from simulate.scenario.keys import candidates, hint_for, keys_for, known_keys
from simulate.scenario.names import closest
from simulate.scenario.notation import is_nothing, number_hint
from simulate.scenario.spelling import write
from simulate.scenario.stocks import DAYS_IN
from simulate.scenario.values import ISO_DATE, Sourced, shown
from simulate.scenario.written_numbers import PERIODS
from simulate.scenario.yaml_source import Path, Place, YamlDocument, dotted, resolve, value_at

UNKNOWN = "extra_forbidden"
"""Pydantic's name for an unknown key."""

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
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}


class Fault(NamedTuple):
    """What pydantic finds wrong: its kind and place, and the same as a path and words of a file."""

    kind: str
    loc: Path
    path: Path
    problem: Problem


def problems_of(error: ValidationError, document: YamlDocument) -> list[Problem]:
    """One `Problem` for each error, in the order of the file."""
    return _in_order(faults_of(error, document))


def all_problems(
    error: ValidationError, document: YamlDocument, validate: Callable[[Any], object]
) -> list[Problem]:
    """The problems of a document, and those that its unknown keys hide, in the order of the file.

    A misspelled key makes a required one seem to be missing. Unknown keys are therefore read as
    those they resemble, or left out, and `validate` is called with that tree.
    """
    faults = faults_of(error, document)
    if unknown := [fault for fault in faults if fault.kind == UNKNOWN]:
        (meant, guessed), hidden = _as_meant(unknown, document), list[Fault]()
        try:
            validate(meant.tree)
        except ValidationError as further:
            hidden = faults_of(further, meant)
        except LimitError:
            pass  # reported once the rest is right
        # If a value does not fit the key that was guessed, the guess was wrong.
        faults = unknown + [
            fault
            for fault in hidden
            if fault.kind == "contradiction"
            or not any(fault.path[: len(path)] == path for path in guessed)
        ]
    return _in_order(faults)


def _as_meant(unknown: list[Fault], document: YamlDocument) -> tuple[YamlDocument, list[Path]]:
    """The document with unknown keys as those they resemble, or without; the paths of guesses."""
    tree, keys, values = deepcopy(document.tree), dict(document.keys), dict(document.values)
    guessed = list[Path]()
    for _, loc, path, _ in unknown:
        outer, block = path[:-1], value_at(tree, path[:-1])
        value, meant = block.pop(path[-1]), candidates(document.tree, loc, path)
        if is_digits(path[-1]):  # {size: 20-25,000} is size 20-25 and a key 000
            guessed.append(outer)
        key = meant[0].rpartition(".")[2] if len(meant) == 1 else ""
        if key and meant[0] == dotted((*outer, key)) and key not in block:
            block[key] = value
            guessed.append((*outer, key))
            for places in (keys, values):
                inside = [at for at in places if at[: len(path)] == path]
                places.update({(*outer, key, *at[len(path) :]): places[at] for at in inside})
    return YamlDocument(tree, keys, values), guessed


def _in_order(faults: Iterable[Fault]) -> list[Problem]:
    """Each problem once, in the order of the file."""
    found = dict.fromkeys(fault.problem for fault in faults)
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.column))


def is_digits(key: object) -> bool:
    """Whether a key begins as a number."""
    return re.match(r"\d", str(key)) is not None


def faults_of(error: ValidationError, document: YamlDocument) -> list[Fault]:
    """All errors, in pydantic's order."""
    return [
        _fault(details, document)
        for details in error.errors(include_url=False)
        # A list can count as too short only because some of its entries are wrong.
        if details["type"] != "too_short"
        or details["ctx"]["actual_length"] >= len(details["input"])
    ]


def _fault(details: Any, document: YamlDocument) -> Fault:
    kind, loc, tree = details["type"], details["loc"], document.tree
    path = _path(details, tree)
    if kind == UNKNOWN:
        message, hint = f"unknown key {dotted(path)}", hint_for(tree, loc, path)
        if is_digits(path[-1]):  # {size: 12,000} is size 12 and a key 000
            hint = "a comma separates entries; write numbers without it"
        elif details["input"] is None and not hint.startswith("did"):  # {source: a, b}
            hint = "a comma separates entries; put a text that holds one in quotes"
        elif path[-1] == "probability" and path[0] in ("reinforcements", "outflows", "inflow"):
            hint = _may_not_come(path, tree) or hint
        elif path[:2] == ("losses", "claims") and path[-1] in ("rate", "per"):
            hint = _as_flow(path, tree)
    elif kind == "missing":
        message = f"{dotted(path)} is required"
        hint = "give day, week, month or year" if path[-1:] == ("per",) else ""
    else:
        message, hint = _message(details, details.get("ctx", {}))
        message = _joined(path_in(tree, loc), message)
        if loc[:1] == ("correlations",) and len(path) == 2:
            hint = hint or "write each as {inputs: [losses.count, force.size], rank: 0.3}"
        if hint.startswith(_BRACKETS) or (not hint and kind in _MAPPINGS):
            known = known_keys(tree, loc)
            if keys := [key for key in known if key not in Sourced.model_fields]:
                entry = "begin each entry with a dash; " if kind == "tuple_type" else ""
                hint = f"{entry}its keys are {', '.join(keys)}"
    place = _place_of(document, path, key=kind in (UNKNOWN, "missing"))
    return Fault(kind, loc, path, place.problem(message, hint))


_BRACKETS = "put a list in brackets"


def _may_not_come(path: Path, tree: Any) -> str:
    """How to write the probability that a number is not 0."""
    block = value_at(tree, path[:-1])
    key, share = "amount" if path[0] == "inflow" else "size", block["probability"]
    if isinstance(share, str | bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        share = 0.5
    size, weights = block.get(key), f"weights: [{1 - share:.10g}, {share:.10g}]"
    if isinstance(size, int | float):
        return f"write {key}: {{distribution: discrete, values: [0, {size:.15g}], {weights}}}"
    mixed = f"{{distribution: mixture, components: [0, {{...}}], {weights}}}"
    return f"write {key}: {mixed}, with the distribution of {key} for {{...}}"


def _as_flow(path: Path, tree: Any) -> str:
    """How a claim gives a rate."""
    claim = value_at(tree, path[:-1])
    if path[-1] == "per":
        return "leave it out; days, beside count, gives the time in which so many were lost"
    days = DAYS_IN.get(claim.get("per"), 1.0)
    amount = claim["rate"]
    written = f"{amount:.15g}" if isinstance(amount, int | float) else "{...}"
    said = f"write count: {written}, days: {days:g} and, as as_of, the day up to which it held"
    others = tree["losses"]["claims"]
    if any(isinstance(one, dict) and "count" in one and "days" not in one for one in others):
        said += (
            "; beside counts since losses.start it is only compared; to pool it, write as count "
        )
        said += "what it adds up to since then, without days"
    return said


def _path(details: Any, tree: Any) -> Path:
    """Where an error is: the key that is missing, or the value that is wrong."""
    if details["type"] == "missing":
        *outer, name = details["loc"]
        return (*path_in(tree, outer), name)
    parts = re.findall(r"[^.\[\]]+", details.get("ctx", {}).get("at", ""))
    at = (int(part) if part.isdigit() else part for part in parts)
    return path_in(tree, (*details["loc"], *at))


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
        hint = _as_a_block(details["loc"][-1], details["input"]) if details["loc"] else ""
        return f"must be {_KINDS[kind]} {found}", hint or _of_another_kind(kind, details["input"])
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
        choices = re.findall(r"'(\w+)'", context["expected"])
        return f"must be {context['expected']} {found}", _choice(details["input"], choices)
    return f"{details['msg'][:1].lower()}{details['msg'][1:]} {found}", ""


def _choice(found: Any, choices: list[str]) -> str:
    """Which word was meant, or for a period that is none of them which comes nearest."""
    word = str(found).lower().removesuffix("s")
    times, unit = PERIODS.get(word, (1, ""))
    if unit in choices and times != 1:
        return f"write {unit}, and {times} times the number"
    close = unit if unit in choices else closest(found, choices)
    if "force" in choices and not close and re.fullmatch("[A-Za-z -]+", str(found)):
        return f"write {{whole: {found}}}; with preset: stock it is used up, with fund spent"
    return f"did you mean {close}?" if close else ""


def _within_bounds(key: object, found: Any, kind: str, limit: float) -> str:
    """How to write a number beyond a bound whose meaning is clear."""
    if key in ("sd", "sigma", "scale") and kind == "greater_than":
        return "for a fixed number write a bare number instead of a distribution"
    if key == "rank" and abs(found) == 1:
        return f"write {0.999 * found:g}; at {found:g} one input would follow from the other"
    highest = 100 if kind == "less_than_equal" else 99.99
    is_share = limit == 1 and kind.startswith("less") and 2 <= found <= highest
    way = f"{found / 100:g}" if is_share else ""
    return way and write(way, ", a share instead of a percentage", of=shown(found))


def _of_another_kind(kind: str, found: Any) -> str:
    """How to write a list or a text, or that there is none."""
    if isinstance(found, str) and is_nothing(found):
        return "where there is none, leave the key out"
    if kind == "string_type" and isinstance(found, bool | list | dict):
        return "put it in quotes"
    if kind == "tuple_type" and isinstance(found, str | float | int):
        entries = [entry.strip() for entry in str(found).split(",")]
        numbers = (isinstance(resolve(one), int | float) for one in entries)
        dates = map(ISO_DATE.fullmatch, entries)
        plain = all(map(any, zip(numbers, dates, strict=True)))
        return f"{_BRACKETS}: [{found if plain and len(entries) < 9 else '...'}]"
    return "begin each entry of the list with a dash" if kind == "tuple_type" and found else ""


def _as_a_block(key: Any, found: Any) -> str:
    """How to write `inflow: 100 a month`, `losses: 92 a day`, `force: 12000` and `rate: 92`."""
    if key == "by_month" and isinstance(found, dict):
        return f"write {_EXACTLY[key][0]}: [1, 1, 1, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 1, 1, 1]"
    text = str(found) if isinstance(found, str | float | int) else ""
    if key in ("inflow", "losses", "rate"):
        amount, _, per = number_hint(text, "rate", ranges=True).way.partition(" with per: ")
        if amount and (per or key == "inflow"):
            unit = "" if per else ", or with another unit of time"
            pace = f"{amount}, per: {per or 'month'}"
            one = (
                f"inflow: [{{amount: {pace}}}]" if key == "inflow" else f"losses: {{rate: {pace}}}"
            )
            return f"write {one}{unit}"
    size = number_hint(text, "count").way
    if key == "force" and isinstance(found, str) and size:  # 12,000
        return f"write force: {{size: {size}}}"
    if isinstance(found, bool) or not isinstance(found, int | float):
        return ""
    if key == "force":
        return f"write force: {{size: {found:.15g}}}"
    places = ["losses.count", "losses.rate"] if key == "losses" else keys_for(str(key), found)
    return f"did you mean {' or '.join(places)}?" if places else ""


def _joined(path: Path, message: str) -> str:
    if not path:
        return message
    joint = " " if message.startswith(("must ", "needs ", "has ")) else ": "
    return f"{dotted(path)}{joint}{message}"


def path_in(tree: Any, loc: Iterable[Any]) -> Path:
    """The part of a location that is in the file; pydantic also names families."""
    path: list[str | int] = []
    for part in loc:
        entries = range(len(tree)) if isinstance(tree, list) else tree
        if isinstance(tree, dict | list) and part in entries:
            tree = tree[part]
            path.append(part)
    return tuple(path)


def _place_of(document: YamlDocument, path: Path, *, key: bool) -> Place:
    """The place of a value, or of its key; of the nearest block around it where it has none."""
    for end in range(len(path), -1, -1):
        for places in (document.keys, document.values) if key else (document.values,):
            if path[:end] in places:
                return places[path[:end]]
    return Place("", 0, 0, "")
