"""Several claims as a file writes them, and how they are pooled."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.claims import Losses
from simulate.scenario.distributions.unbounded import Normal
from simulate.scenario.loader import LoadedScenario, load, load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse

FULL = """\
title: Four claims
force: {size: {distribution: uniform, low: 10000, high: 12000}}
losses:
  start: 2024-12-06
  pooling: quantile
  source: the block
  claims:
    - count: {distribution: normal, p5: 2700, p95: 3300}
      as_of: {distribution: uniform, low: 2025-01-06, high: 2025-01-13}
      published: 2025-01-13
      qualifier: about
      weight: 2
      source: one service
    - {count: 3800, as_of: 2025-01-04, counts: killed}
    - count: {distribution: uniform, low: 1000, high: 1100, source: a speech}
      as_of: 2024-12-27
      days: 7
      qualifier: more_than
    - {count: 4000, as_of: 2025-01-09, weight: 0.5, source: one service}
horizon: 2026-01-01
"""


def changed(old: str, new: str, text: str = FULL) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def loaded(text: str = FULL) -> LoadedScenario:
    return load_mapping(parse(text, "f").tree)


def scenario(text: str = FULL) -> Scenario:
    return loaded(text).scenario


def losses(text: str = FULL) -> Losses:
    return scenario(text).losses


# --- names, sources, what is drawn ---


def test_every_claim_names_its_inputs_and_sources() -> None:
    found = {item.name: item.source for item in scenario().inputs}
    assert list(found) == [
        "force.size",
        "losses.start",
        *(f"losses.claims[{i}].{name}" for i in range(4) for name in ("count", "as_of")),
    ]
    assert found["losses.claims[0].count"] == "one service"
    assert found["losses.claims[1].count"] == "the block"
    assert found["losses.claims[2].count"] == "a speech"


def test_totals_are_kept_apart_from_flows() -> None:
    assert [name for name, _ in losses().totals] == [f"losses.claims[{i}]" for i in (0, 1, 3)]
    assert [name for name, _ in losses().flows] == ["losses.claims[2]"]
    assert losses().shares == pytest.approx([4 / 7, 2 / 7, 1 / 7], rel=1e-15)


@pytest.mark.parametrize("pooling", ["linear", "quantile", "each"])
def test_draws_take_the_pooled_names(pooling: str) -> None:
    found = scenario(changed("quantile", pooling))
    names = ["force.size", "losses.count", "losses.as_of", "losses.start"]
    assert [item.name for item in found.sampled] == names
    assert [item.name for item in found.uncertain] == names[:3]
    followed = found.sampled[1].followed
    assert len(followed) == (0 if pooling == "quantile" else 3)


def test_a_column_is_there_only_for_what_a_claim_leaves_open() -> None:
    fixed = changed("{distribution: uniform, low: 2025-01-06, high: 2025-01-13}", "2025-01-06")
    linear = changed("quantile", "linear", fixed)
    assert [item.name for item in scenario(linear).uncertain] == ["force.size", "losses.count"]
    # Averages of fixed days are a fixed day, too.
    assert [item.name for item in scenario(fixed).uncertain] == ["force.size", "losses.count"]


def test_a_single_total_is_not_pooled() -> None:
    claim = "{count: {distribution: normal, p5: 2700, p95: 3300}, as_of: 2025-01-06}"
    flow = "{count: 9, as_of: 2025-01-06, days: 2}"
    claims = f"claims: [{claim}, {flow}]"
    text = f"title: T\nforce: {{size: 12000}}\nlosses: {{start: 2024-12-06, {claims}}}"
    found = scenario(text).losses
    assert isinstance(found.law("count"), Normal)
    assert found.followed("count") == ()
    assert found.shares == (1.0,)


def test_days_are_counted_from_the_earliest_claim_and_up_to_the_latest() -> None:
    early = "{distribution: normal, mean: 2025-01-09, sd: 5, min: 2024-12-01}"
    text = changed("as_of: 2025-01-09", f"as_of: {early}").replace("horizon: 2026-01-01\n", "")
    found = scenario(text)
    assert found.origin == dt.date(2024, 12, 1)
    assert found.last_day > dt.date(2030, 1, 13)
    assert scenario(changed("2026-01-01", "100")).last_day == dt.date(2025, 4, 23)


@pytest.mark.parametrize("factor", [0.2, 3.0, 1e-300, 1e300])
def test_scaling_all_weights_changes_nothing(factor: float) -> None:
    text = FULL
    for old, weight in (("weight: 2", 2), ("counts: killed", 1), ("weight: 0.5", 0.5)):
        key = f"{old}, " if old == "counts: killed" else ""
        text = changed(old, f"{key}weight: {weight * factor!r}", text)
    assert losses(text).shares == pytest.approx(losses().shares, rel=1e-15)
    uneven = changed("weight: 2", "weight: 3")
    assert losses(uneven).shares != pytest.approx(losses().shares, rel=1e-3)


# --- the same on all ways ---


def test_it_survives_the_way_to_plain_values_and_back() -> None:
    first = loaded()
    again = load_mapping(first.resolved)
    assert again.scenario == first.scenario
    assert again.digest == first.digest
    assert loaded(changed("weight: 2", "weight: 3")).digest != first.digest
    assert loaded(changed("days: 7", "days: 8")).digest != first.digest
    assert loaded(changed("quantile", "linear")).digest != first.digest
    assert first.asking(by=[dt.date(2025, 3, 1)]).digest == first.digest


def test_the_default_written_out_is_the_default() -> None:
    text = changed("  pooling: quantile\n", "")
    written = changed("quantile", "linear").replace("counts: killed", "counts: killed, weight: 1")
    assert loaded(written).digest == loaded(text).digest


def test_one_value_of_a_claim_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(FULL, encoding="utf-8")
    found = load(path, ["losses.claims[1].weight=6", "losses.pooling=each"]).scenario.losses
    assert found.shares == pytest.approx([2 / 8.5, 6 / 8.5, 0.5 / 8.5])
    assert found.is_each
    with pytest.raises(ScenarioError, match=r"there is no entry \[4\] to set"):
        load(path, ["losses.claims[4].weight=6"])


def test_claims_take_the_place_of_a_count_in_the_file_below(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "title: T\nforce: {size: 12000}\n"
        "losses: {start: 2024-12-06, count: 3000, as_of: 2025-01-01, source: kept}\n"
    )
    (tmp_path / "two.yaml").write_text(
        "extends: one.yaml\nlosses:\n  pooling: quantile\n"
        "  claims: [{count: 3000, as_of: 2025-01-01}, {count: 4000, as_of: 2025-01-09}]\n"
    )
    (tmp_path / "three.yaml").write_text(
        "extends: two.yaml\nlosses: {count: 3500, as_of: 2025-01-05}\n"
    )
    two, three = (load(tmp_path / f"{name}.yaml").scenario.losses for name in ("two", "three"))
    assert (two.source, two.law("count").support[0], two.pooling) == ("kept", 3500.0, "quantile")
    assert (three.source, three.law("count").support[0], three.claims) == ("kept", 3500.0, ())
    (tmp_path / "four.yaml").write_text("extends: two.yaml\nlosses: {count: 3500}\n")
    with pytest.raises(ScenarioError, match=r"losses\.as_of is required"):
        load(tmp_path / "four.yaml")


def test_each_claim_as_a_scenario_of_its_own() -> None:
    relative = changed("2026-01-01", "100").replace(
        "force:", "correlations: [{inputs: [losses.as_of, force.size], rank: 0.5}]\nforce:"
    )
    whole = loaded(changed("quantile", "each", relative))
    parts = dict(whole.by_claim())
    assert list(parts) == [1, 2, 4]
    assert [part.scenario.title for part in parts.values()] == [
        "Four claims, claim 1: one service",
        "Four claims, claim 2",
        "Four claims, claim 4: one service",
    ]
    assert {part.scenario.last_day for part in parts.values()} == {whole.scenario.last_day}
    assert [len(part.scenario.correlations) for part in parts.values()] == [1, 0, 0]
    assert len({part.digest for part in parts.values()}) == 3
    for number, part in parts.items():
        own = part.scenario.losses
        assert own.law("count") == whole.scenario.losses.claims[number - 1].count
        assert len(own.flows) == 1
        again = load_mapping(part.resolved)
        assert again.digest == part.digest
        assert again.scenario.origin == part.scenario.origin
    assert [number for number, _ in whole.parts()] == [1, 2, 4]
    assert loaded().parts()[0][0] == 0


# --- doubts ---


def test_unlike_counts_are_doubted_where_they_are_pooled() -> None:
    said = "claims that count unlike things are pooled"
    pooled = [text for text in possible_warnings(scenario()) if text.startswith(said)]
    assert pooled == [f"{said} (all: one service; killed: losses.claims[1])"]
    for text in (changed("quantile", "each"), changed(", counts: killed", "")):
        assert not any(found.startswith(said) for found in possible_warnings(scenario(text)))
    a_flow = changed("days: 7", "days: 7\n      counts: wounded", changed(", counts: killed", ""))
    assert not any(found.startswith(said) for found in possible_warnings(scenario(a_flow)))


@pytest.mark.parametrize(
    ("qualifier", "said"),
    [
        ("at_least", "the lower bound “at least 4,000” is taken as the count itself"),
        ("more_than", "the lower bound “more than 4,000” is taken as the count itself"),
        ("about", "“about 4,000” is taken as exactly that; a distribution would say how far off"),
    ],
)
def test_a_qualified_number_that_is_fixed_is_doubted(qualifier: str, said: str) -> None:
    text = changed("weight: 0.5", f"weight: 0.5, qualifier: {qualifier}")
    assert f"one service: {said}" in possible_warnings(scenario(text))
    # With a distribution the word has been given a meaning.
    assert not any("taken" in found for found in possible_warnings(scenario()))


def test_what_a_claim_allows_is_doubted_by_its_name() -> None:
    text = changed("p5: 2700, p95: 3300", "mean: 3000, sd: 1500")
    text = changed(
        "start: 2024-12-06", "start: {distribution: normal, mean: 2024-12-06, sd: 20}", text
    )
    found = possible_warnings(scenario(text))
    assert (
        "losses.claims[0].count can be zero or negative; such simulations are never depleted"
        in found
    )
    assert "losses.claims[0].count can be above force.size" in found
    assert (
        "losses.start can fall after losses.claims[1].as_of; such simulations are never depleted"
        in found
    )
