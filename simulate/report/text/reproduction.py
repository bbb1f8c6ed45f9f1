"""The outcome of repeating a run, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from simulate.analysis.differences import ABSENT, Difference, Differences
from simulate.report.text.wording import grouped, inert
from simulate.report.text.wrapping import shorten
from simulate.scenario.numerals import number

MOST_SHOWN = 20

_CELLS = 60

Versions: TypeAlias = tuple[tuple[str, str, str], ...]


def same_words(name: str, comparison: Differences, versions: Versions) -> str:
    """All values are the same; the programs that have changed are listed."""
    same = f"identical: all {grouped(comparison.n_values)} values of {name} reproduced"
    changed = [inert(f"{program} was {then}, is {now}") for program, then, now in versions]
    return "\n".join([same, *(f"  {line}" for line in changed)])


def different_words(name: str, comparison: Differences, reasons: tuple[str, ...]) -> str:
    """The values that differ, by how much, and possible reasons."""
    found, largest = comparison.differences, comparison.largest_days
    of = f"{grouped(len(found))} of {grouped(comparison.n_values)} values of {name} differ"
    days = "" if largest is None else f", days by up to {number(largest)}"
    lines = [f"not identical: {of}{days}"]
    lines += [f"  {_line(difference)}" for difference in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"  ... and {grouped(len(found) - MOST_SHOWN)} more")
    lines += [f"possible reason: {inert(reason)}" for reason in reasons]
    return "\n".join(lines)


def reasons(old: dict[str, Any], new: dict[str, Any], versions: Versions) -> Iterator[str]:
    """Why two results, each as a JSON document, may differ."""
    before, now = old["scenario"]["digest"], new["scenario"]["digest"]
    if before != now:
        yield (
            f"the scenario has changed: digest {before[:12]} then, {now[:12]} now "
            "(edited, or read differently by this version)"
        )
    if old["run"]["stream"] != new["run"]["stream"]:
        yield (
            f"the layout of random numbers changed: {old['run']['stream']} then, "
            f"{new['run']['stream']} now"
        )
    if old["schema_version"] != new["schema_version"]:
        yield "the layout of results changed"
    if versions:
        yield "the programs changed: " + ", ".join(
            f"{name} {then} then, {now} now" for name, then, now in versions
        )
    if before == now and not versions:
        yield (
            "scenario and programs are the same: the result was edited, or was computed on "
            "another kind of processor"
        )


def _line(difference: Difference) -> str:
    path = shorten(inert(difference.path), _CELLS)
    return f"{path}: {_value(difference.old)} -> {_value(difference.new)}"


def _value(value: Any) -> str:
    if value is ABSENT:
        return "(absent)"
    return shorten(inert(json.dumps(value, ensure_ascii=False)), _CELLS)
