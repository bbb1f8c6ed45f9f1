"""The outcome of repeating a run, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from simulate.analysis.differences import ABSENT, Differences
from simulate.report.text.wording import grouped, inert
from simulate.report.text.wrapping import shorten
from simulate.scenario.numerals import number

MOST_SHOWN = 20

_CELLS = 60

Versions: TypeAlias = tuple[tuple[str, str, str], ...]


def reproduced_words(
    name: str, comparison: Differences, versions: Versions, reasons: tuple[str, ...]
) -> str:
    """That all values are the same and which programs changed, or what differs and why."""
    found, largest = comparison.differences, comparison.largest_days
    if not found:
        changed = (inert(f"{program} was {then}, is {now}") for program, then, now in versions)
        same = f"identical: all {grouped(comparison.n_values)} values of {name} reproduced"
        return "\n  ".join((same, *changed))
    of = f"{grouped(len(found))} of {grouped(comparison.n_values)} values of {name} differ"
    days = "" if largest is None else f", days by up to {number(largest)}"
    lines = [f"not identical: {of}{days}"]
    # Dates and probabilities before the many edges and bins of pictures.
    for each in sorted(found, key=lambda one: ".histogram." in one.path)[:MOST_SHOWN]:
        path = shorten(inert(each.path), _CELLS)
        lines.append(f"  {path}: {_value(each.old)} -> {_value(each.new)}")
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
    then_stream, stream = old["run"]["stream"], new["run"]["stream"]
    if then_stream != stream:
        yield f"the layout of random numbers changed: {then_stream} then, {stream} now"
    if old["schema_version"] != new["schema_version"]:
        yield "the layout of results changed"
    if versions:
        changed = (f"{name} {then} then, {current} now" for name, then, current in versions)
        yield f"the programs changed: {', '.join(changed)}"
    elif before == now:
        yield (
            "scenario and programs are the same: the result was edited, or was computed on "
            "another kind of processor"
        )


def _value(value: Any) -> str:
    if value is ABSENT:
        return "(absent)"
    return shorten(inert(json.dumps(value, ensure_ascii=False)), _CELLS)
