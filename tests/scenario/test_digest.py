"""The digest of a scenario: of what it assumes, however it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simulate.scenario.loader import load, load_mapping
from tests.scenario.files import BASE, Write

SAME = {
    "comments": BASE.replace("\n", "  # a remark\n"),
    "order": "".join(reversed(BASE.splitlines(keepends=True)[:2]))
    + "".join(BASE.splitlines(keepends=True)[2:]),
    "block style": BASE.replace(
        "force: {size: 12000, source: the ministry}",
        "force:\n  source: 'the ministry'\n  size: 1.2e4",
    ),
    "defaults": BASE + "unit: units\ncounting: casualties\n",
    "sampling": BASE + "sampling: {draws: 1000, seed: 9, method: random}\n",
    "by": BASE + "by: [2025-04-15]\n",
    "levels": BASE + "levels: [0.1, 0.9]\n",
    "wording": BASE + "wording: force\n",
    "wording in full": BASE + "wording: {preset: force, whole: force, lost: lost}\n",
    "order of thresholds": BASE.replace("[0.5, 1.0]", "[1.0, 0.5]"),
}
OTHER = {
    "title": BASE.replace("A claim", "Another claim"),
    "source": BASE.replace("the ministry", "a ministry"),
    "size": BASE.replace("12000", "12001"),
    "percentile": BASE.replace("4000", "4001"),
    "family": BASE.replace("lognormal", "normal"),
    "level of a percentile": BASE.replace("p95", "p90"),
    "date": BASE.replace("2024-12-06", "2024-12-07"),
    "threshold": BASE.replace("0.5", "0.6"),
    "horizon": BASE + "horizon: 2026-01-01\n",
    "truncation": BASE.replace("p95: 4000", "p95: 4000, max: 9000"),
    "correlation": BASE + "correlations: [{inputs: [losses.count, losses.as_of], rank: 0.1}]\n",
    "force date": BASE.replace("size: 12000", "size: 12000, as_of: 2025-01-01"),
}


def digest(path: Path) -> str:
    return load(path).digest


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_digest_stays(write: Write, text: str) -> None:
    assert digest(write(text, "a.yaml")) == digest(write(BASE, "b.yaml"))


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_the_digest_follows_every_assumption(write: Write, text: str) -> None:
    assert digest(write(text, "a.yaml")) != digest(write(BASE, "b.yaml"))


def test_the_words_of_a_preset_are_those_of_its_name(write: Write) -> None:
    named = load(write(BASE + "wording: stock\n"))
    in_full = load(write(BASE + "wording: {preset: stock, whole: stock, lost: used up}\n"))
    assert named.resolved == in_full.resolved
    assert named.scenario.wording.event == ("stock", "used up")
    changed = load(write(BASE + "wording: {preset: fund, whole: reserve}\n")).scenario.wording
    assert changed.event == ("reserve", "spent")
    assert changed.words.rate == "spending"
    write(BASE + "wording: stock\n", "stock.yaml")
    above = load(write("extends: stock.yaml\nwording: {lost: fired}\n")).scenario.wording
    assert (above.preset, above.event) == ("stock", ("stock", "fired"))
    as_before = load(write(BASE + "wording: {whole: stock, lost: used up}\n")).scenario.wording
    assert as_before.words.rate == "loss rate"
    assert load_mapping(named.resolved) == replace(named, file="", read_files=())


def test_the_digest_is_of_the_resolved_scenario(write: Write) -> None:
    expected = digest(write(BASE, "base.yaml"))
    assert digest(write("extends: base.yaml\n")) == expected
    path = write(BASE.replace("12000", "9999"))
    assert load(path, ["force.size=12000"]).digest == expected
    assert len(expected) == 64
