"""All that is wrong is listed at once, and nothing that only follows from it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulate.errors import ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.loader import load_mapping, load_text

CONFIGS = Path(__file__).parents[2] / "configs"

BASE = """\
title: T
force: {size: 12000}
losses:
  count: 3800
  as_of: 2025-01-16
  start: 2024-12-06
pauses: [{start: 2025-02-01, days: 20}]
by: [2025-03-01]
horizon: 2026-01-01
"""
OVER = "losses.count is above force.size in every simulation"
LATE = "by: 2031-03-01 is after the horizon, 2026-01-01"


def wrong(*changes: tuple[str, str]) -> list[str]:
    """The messages for a file with some texts replaced, in the order of the file."""
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    return [problem.message for problem in caught.value.problems]


def test_a_misspelled_key_hides_no_contradiction() -> None:
    found = wrong(("count: 3800", "cuont: 13800"), ("2025-03-01", "2031-03-01"))
    assert found == ["unknown key losses.cuont", OVER, LATE]


def test_misspelled_keys_and_values_together() -> None:
    found = wrong(
        ("count: 3800", "cuont: 13800"), ("days: 20", "days: ten"), ("[2025-03-01]", "[2025, 5]")
    )
    assert found == [
        "unknown key losses.cuont",
        'pauses[0].days must be a number (found the text "ten")',
        "by[0] must be a date (found 2025)",
        "by[1] must be a date (found 5)",
    ]


def test_a_number_that_may_be_a_range_can_be_correlated() -> None:
    pair = "correlations: [{inputs: [losses.count, losses.start], rank: 0.5}]"
    dates = "{distribution: uniform, low: 2024-12-01, high: 2024-12-09}"
    found = wrong(
        ("count: 3800", "count: about 900"),
        ("2024-12-06", dates),
        ("title: T", f"title: T\n{pair}"),
    )
    assert found == ['losses.count must be a number (found the text "about 900")']


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # Without the horizon, or the size, other rules would be broken.
        ("horizon: 2026-01-01", "horizon: soon", "horizon must be a date"),
        ("{size: 12000}", "{size: many}", "force.size must be a number"),
        ("{size: 12000}", "{}", "force.size is required"),
        ("count: 3800", "count: some", "losses.count must be a number"),
        ("as_of: 2025-01-16", "as_of: 05/06/2025", "losses.as_of must be a date"),
        ("title: T\n", "", "title is required"),
        ("[2025-03-01]", "[2025-03-01, 5]", "by[1] must be a date"),
    ],
)
def test_what_follows_from_leaving_something_out_is_no_problem(
    old: str, new: str, message: str
) -> None:
    (found,) = wrong((old, new))
    assert found.startswith(message)


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values that hold no others."""
    if not isinstance(tree, dict | list):
        yield path
        return
    for step, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from leaves(part, (*path, step))


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(tree)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", ["kursk-campaign", "gas-storage-2022"])
def test_one_value_without_meaning_is_one_problem(name: str) -> None:
    text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")
    tree = yaml_source.parse(text, name).tree
    found: dict[tuple[Any, ...], int] = {}
    for path in leaves(tree):
        try:
            load_mapping(replaced(tree, path, "?!"))
        except ScenarioError as error:
            found[path] = len(error.problems)
    assert len(found) > 20
    assert {path: n for path, n in found.items() if n > 1} == {}


def test_two_counts_of_the_stock_need_no_losses() -> None:
    counts = "counts: [{size: 9, date: 2024-01-01}, {size: 8, date: 2024-02-01}]"
    with pytest.raises(ScenarioError) as caught:
        load_text(f"title: T\nforce: {{size: 12000, {counts}}}\n")
    (problem,) = caught.value.problems
    assert problem.message == "force has both size and counts"
