"""Counts published later: data to compare with, no input."""

from __future__ import annotations

import jsonschema
import pytest

from simulate.errors import ScenarioError
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import LoadedScenario, load_mapping
from simulate.scenario.yaml_source import parse

BASE = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: uniform, low: 3000, high: 4000}
  start: 2024-12-06
  as_of: 2025-01-16
horizon: 2026-01-01
"""
RANGE = "{distribution: uniform, low: 4700, high: 5000}"


def read(*counts: tuple[str, str], more: str = "") -> LoadedScenario:
    items = ", ".join(f"{{label: A, date: {date}, losses: {losses}}}" for date, losses in counts)
    return load_mapping(parse(f"{BASE}{more}observed: [{items}]\n", "f").tree)


def test_it_is_no_input_and_does_not_move_the_origin() -> None:
    plain, asked = read(), read(("2025-04-30", RANGE), ("2025-02-01", "4000"))
    assert asked.scenario.inputs == plain.scenario.inputs
    assert asked.scenario.uncertain == plain.scenario.uncertain
    assert asked.scenario.origin == plain.scenario.origin
    assert not any("observed" in item.name for item in asked.scenario.inputs)
    assert [item.losses.is_constant for item in asked.scenario.observed] == [False, True]


def test_it_belongs_to_the_digest_as_a_published_date_does() -> None:
    asked = read(("2025-04-30", RANGE))
    assert asked.digest != read().digest
    assert asked.resolved["observed"] == [
        {
            "label": "A",
            "date": "2025-04-30",
            "losses": {"distribution": "uniform", "low": 4700.0, "high": 5000.0},
        }
    ]
    assert load_mapping(asked.resolved).digest == asked.digest


def test_it_cannot_be_correlated_with() -> None:
    pair = "correlations: [{inputs: [losses.count, 'observed[0].losses'], rank: 0.5}]\n"
    with pytest.raises(ScenarioError, match="is not an uncertain input"):
        read(("2025-04-30", RANGE), more=pair)


@pytest.mark.parametrize("date", ["2024-12-06", "2026-01-01"])
def test_the_first_and_the_last_possible_date(date: str) -> None:
    assert read((date, "10")).scenario.observed[0].date.isoformat() == date


@pytest.mark.parametrize(
    ("date", "losses", "words"),
    [
        ("2024-12-05", "10", "2024-12-05 is before losses.start in every draw"),
        ("2026-01-02", "10", "2026-01-02 is after the horizon, 2026-01-01"),
        ("2025-02-01", "-1", r"observed\[0\].losses must be at least 0 \(found -1\)"),
        ("2025-02-01", "{distribution: normal, mean: 9, sd: 9}", "at least 0 in every draw"),
    ],
)
def test_contradictions(date: str, losses: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        read((date, losses))


def test_losses_may_begin_with_a_prelude() -> None:
    prelude = "prelude: {start: 2024-11-05, intensity: 0.1}\n"
    assert read(("2024-11-05", "10"), more=prelude).scenario.observed
    with pytest.raises(ScenarioError, match=r"before losses\.start"):
        read(("2024-11-04", "10"), more=prelude)


def test_the_schema_knows_it() -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    start = f"{BASE}observed: [{{label: A, date: 2025-04-30, losses: "
    for written, valid in ((RANGE, True), ("4700", True), ("2025-04-30", False), ("x", False)):
        tree = parse(f"{start}{written}}}]\n", "f").tree
        assert validator.is_valid(tree) is valid, written
    assert not validator.is_valid(parse(f"{BASE}observed: [{{label: A}}]\n", "f").tree)
    assert "published later" in json_schema()["properties"]["observed"]["description"]
