"""Two results side by side."""

from __future__ import annotations

from typing import Any

import pytest

from simulate.analysis.differences import ABSENT, Differences

OLD: dict[str, Any] = {
    "outcomes": [{"median": {"day": 1.0, "date": "2025-01-01"}, "never": []}],
    "run": {"draws": 8, "versions": {"numpy": "1"}},
    "warnings": [],
}


def changed(**values: Any) -> dict[str, Any]:
    return {**OLD, **values}


def test_equal_trees_have_no_difference() -> None:
    found = Differences.of(OLD, OLD)
    assert found.n_values == 3
    assert not found.differences
    assert found.largest_days is None


def test_versions_are_no_values() -> None:
    assert not Differences.of(OLD, changed(run={"draws": 8, "versions": {}})).differences


@pytest.mark.parametrize(
    ("new", "path", "pair"),
    [
        (changed(warnings=["x"]), "warnings[0]", (ABSENT, "x")),
        (changed(run={"versions": {}}), "run.draws", (8, ABSENT)),
        (changed(run={"draws": True, "versions": {}}), "run.draws", (8, True)),
        (changed(more=None), "more", (ABSENT, None)),
        (changed(warnings=None), "warnings", ([], None)),
    ],
)
def test_each_difference_has_its_path(
    new: dict[str, Any], path: str, pair: tuple[Any, Any]
) -> None:
    (found,) = Differences.of(OLD, new).differences
    assert (found.path, found.old, found.new) == (path, *pair)


def test_true_is_not_one() -> None:
    assert Differences.of({"a": 1}, {"a": True}).differences
    assert not Differences.of({"a": 1}, {"a": 1.0}).differences


def test_the_largest_difference_in_days() -> None:
    new = changed(outcomes=[{"median": {"day": 3.5, "date": "2025-01-03"}, "never": [7]}])
    found = Differences.of(OLD, new)
    assert [d.path for d in found.differences] == [
        "outcomes[0].median.date",
        "outcomes[0].median.day",
        "outcomes[0].never[0]",
    ]
    assert found.largest_days == 2.5
    gone = changed(outcomes=[{"median": {"day": None, "date": "2025-01-01"}, "never": []}])
    assert Differences.of(OLD, gone).largest_days is None
