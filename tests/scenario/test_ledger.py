"""Several claims as a file writes them, and how they are pooled."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulate.errors import ScenarioError
from simulate.scenario.distributions import Distribution, Mixture, Normal, Uniform
from simulate.scenario.distributions.bounded import Constant
from simulate.scenario.distributions.quantile_average import QuantileAverage
from simulate.scenario.doubts import ledger_doubts, possible_doubts
from simulate.scenario.json_schema import json_schema
from simulate.scenario.ledger import MOST_CLAIMS, Losses
from simulate.scenario.loader import LoadedScenario, load, load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.yaml_source import parse

VALIDATOR = jsonschema.Draft7Validator(json_schema())

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
LEVELS = np.array([1e-9, 0.001, 0.05, 0.3, 0.5, 0.75, 0.95, 0.999])


def changed(old: str, new: str, text: str = FULL) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def loaded(text: str = FULL) -> LoadedScenario:
    return load_mapping(parse(text, "f").tree)


def scenario(text: str = FULL) -> Scenario:
    return loaded(text).scenario


def losses(text: str = FULL) -> Losses:
    return scenario(text).losses


def message(folder: Path, text: str) -> str:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).replace(str(path), "case.yaml")


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
    assert isinstance(found.count_law, Normal)
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
    assert (two.source, two.count_law.support[0], two.pooling) == ("kept", 3500.0, "quantile")
    assert (three.source, three.count_law.support[0], three.claims) == ("kept", 3500.0, ())
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
        assert own.count_law == whole.scenario.losses.claims[number - 1].count
        assert len(own.flows) == 1
        again = load_mapping(part.resolved)
        assert again.digest == part.digest
        assert again.scenario.origin == part.scenario.origin
    assert [number for number, _ in whole.parts()] == [1, 2, 4]
    assert loaded().parts()[0][0] == 0


# --- what is refused ---

COUNT_3800 = "{count: 3800, as_of: 2025-01-04, counts: killed}"
REFUSED = {
    "count beside claims": (
        changed("  pooling: quantile", "  count: 3000"),
        "case.yaml:5:10: losses has both count and claims",
        "give either claims, or count and as_of; each claim has its own count",
    ),
    "date beside claims": (
        changed("  pooling: quantile", "  as_of: 2025-01-01"),
        "case.yaml:5:10: losses has both as_of and claims",
        "give either claims, or count and as_of; each claim has its own as_of",
    ),
    "pooling without claims": (
        (
            "title: T\nforce: {size: 9}\n"
            "losses: {start: 2024-12-06, count: 3, as_of: 2025-01-01, pooling: linear}"
        ),
        "case.yaml:3:67: losses has pooling but no claims",
        "list the counts under claims, or leave pooling out",
    ),
    "no claims": (
        "title: T\nforce: {size: 9}\nlosses: {start: 2024-12-06, claims: []}",
        "case.yaml:3:37: losses.claims must not be empty",
        "list at least one claim, or give count and as_of instead",
    ),
    "flows only": (
        (
            "title: T\nforce: {size: 9}\n"
            "losses: {start: 2024-12-06, claims: [{count: 3, as_of: 2025-01-01, days: 7}]}"
        ),
        "case.yaml:3:37: losses needs a total among its claims: a flow says how fast, not how many",
        "give at least one claim without days",
    ),
    "a weight for a flow": (
        changed("days: 7", "days: 7\n      weight: 1"),
        "case.yaml:18:15: losses has a weight in claims[2], which is a flow and never pooled",
        "leave out weight, or days if it is a total",
    ),
    "weight zero": (
        changed("weight: 2", "weight: 0"),
        "case.yaml:12:15: losses.claims[0].weight must be greater than 0 (found 0)",
        "",
    ),
    "negative days": (
        changed("days: 7", "days: -7"),
        "case.yaml:17:13: losses.claims[2].days must be greater than 0 (found -7)",
        "",
    ),
    "uncertain days": (
        changed("days: 7", "days: {distribution: uniform, low: 5, high: 7}"),
        "case.yaml:17:13: losses.claims[2].days must be a number (found a mapping)",
        "",
    ),
    "another kind": (
        changed("counts: killed", "counts: dead"),
        (
            "case.yaml:14:48: losses.claims[1].counts must be 'all', 'killed', 'wounded' or "
            "'captured' (found the text \"dead\")"
        ),
        "",
    ),
    "another word": (
        changed("qualifier: about", "qualifier: roughly"),
        (
            "case.yaml:11:18: losses.claims[0].qualifier must be 'at_least', 'more_than' or "
            "'about' (found the text \"roughly\")"
        ),
        "",
    ),
    "a slip": (
        changed("weight: 2", "weights: 2"),
        "case.yaml:12:7: unknown key losses.claims[0].weights",
        "did you mean weight?",
    ),
    "published before": (
        changed("published: 2025-01-13", "published: 2025-01-05"),
        "case.yaml:10:18: losses.claims[0].published, 2025-01-05, is before as_of in every draw",
        "as_of is the day the count runs up to, published the day it was said",
    ),
    "as_of at the start": (
        changed("as_of: 2025-01-04", "as_of: 2024-12-06"),
        "case.yaml:14:28: losses.claims[1].as_of is not after losses.start in any draw",
        "",
    ),
    "a flow before the start": (
        changed("as_of: 2024-12-27", "as_of: 2024-12-06"),
        "case.yaml:16:14: losses.claims[2].as_of is not after losses.start in any draw",
        "",
    ),
    "as_of after the horizon": (
        changed("horizon: 2026-01-01", "horizon: 2025-01-07"),
        "case.yaml:19:28: losses.claims[3].as_of is after the horizon, 2025-01-07, in every draw",
        "make the horizon later, or leave the claim out",
    ),
    "outside the calendar": (
        changed("as_of: 2025-01-09", "as_of: {distribution: normal, mean: 2025-01-09, sd: 999999}"),
        "case.yaml:19:28: losses.claims[3].as_of can fall outside the years 1 to 9999",
        "cut it off with min and max",
    ),
    "above the force": (
        changed("count: 3800", "count: 12001"),
        "case.yaml:14:15: losses.claims[1].count is above force.size in every draw",
        "force.size is all who were sent; for the strength present on a date give force.as_of",
    ),
    "no losses": (
        changed("count: 3800", "count: 0"),
        "case.yaml:14:15: losses.claims[1].count must be above 0",
        "",
    ),
    "a correlation of one claim": (
        FULL + "correlations: [{inputs: ['losses.claims[0].count', force.size], rank: 0.5}]\n",
        "case.yaml:21:25: losses.claims[0].count is not an uncertain input",
        "all claims share their random numbers: name losses.count or losses.as_of",
    ),
    "a correlation of the choice": (
        changed("{distribution: uniform, low: 2025-01-06, high: 2025-01-13}", "2025-01-06")
        + "correlations: [{inputs: [losses.as_of, force.size], rank: 0.5}]\n",
        "case.yaml:21:25: losses.as_of is not an uncertain input",
        "it is fixed in every claim; which claim a draw follows cannot be correlated",
    ),
}
STRUCTURE = {
    "count beside claims",
    "date beside claims",
    "pooling without claims",
    "no claims",
    "weight zero",
    "negative days",
    "uncertain days",
    "another kind",
    "another word",
    "a slip",
}


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_are_told_with_their_place(tmp_path: Path, name: str) -> None:
    text, said, hint = REFUSED[name]
    lines = message(tmp_path, text).splitlines()
    assert lines[0] == said
    assert lines[3:] == ([f"  hint: {hint}"] if hint else [])
    # Relations between values are beyond a schema.
    assert bool(list(VALIDATOR.iter_errors(parse(text, "f").tree))) == (name in STRUCTURE)


NEARLY = {
    "published on the day": changed("published: 2025-01-13", "published: 2025-01-06"),
    "a day after the start": changed("as_of: 2025-01-04", "as_of: 2024-12-07"),
    "up to the horizon": changed("horizon: 2026-01-01", "horizon: 2025-01-09"),
    "the whole force": changed("count: 3800", "count: 12000"),
    "half a day": changed("days: 7", "days: 0.5"),
}


@pytest.mark.parametrize("text", NEARLY.values(), ids=NEARLY)
def test_what_only_just_holds_is_accepted(text: str) -> None:
    scenario(text)
    assert not list(VALIDATOR.iter_errors(parse(text, "f").tree))


@pytest.mark.parametrize("more", [0, 1])
def test_the_number_of_claims_is_limited(tmp_path: Path, more: int) -> None:
    one = f"    - {COUNT_3800}\n"
    head = "title: T\nforce: {size: 12000}\nlosses:\n  start: 2024-12-06\n  claims:\n"
    text = head + one * (MOST_CLAIMS + more)
    if more:
        assert "must not have more than 50 entries" in message(tmp_path, text)
    else:
        assert len(losses(text).shares) == MOST_CLAIMS


# --- doubts ---


def test_unlike_counts_are_doubted_where_they_are_pooled() -> None:
    said = "claims that count unlike things are pooled"
    pooled = [text for text in ledger_doubts(losses()) if text.startswith(said)]
    assert pooled == [f"{said} (all: one service; killed: losses.claims[1])"]
    for text in (changed("quantile", "each"), changed(", counts: killed", "")):
        assert not any(found.startswith(said) for found in ledger_doubts(losses(text)))
    a_flow = changed("days: 7", "days: 7\n      counts: wounded", changed(", counts: killed", ""))
    assert not any(found.startswith(said) for found in ledger_doubts(losses(a_flow)))


@pytest.mark.parametrize(
    ("qualifier", "said"),
    [
        ("at_least", 'the lower bound "at least 4,000" is taken as the count itself'),
        ("more_than", 'the lower bound "more than 4,000" is taken as the count itself'),
        ("about", '"about 4,000" is taken as exactly that; a distribution would say how far off'),
    ],
)
def test_a_qualified_number_that_is_fixed_is_doubted(qualifier: str, said: str) -> None:
    text = changed("weight: 0.5", f"weight: 0.5, qualifier: {qualifier}")
    assert f"one service: {said}" in ledger_doubts(losses(text))
    assert f"one service: {said}" in possible_doubts(scenario(text))
    # With a distribution the word has been given a meaning.
    assert not any("taken" in found for found in ledger_doubts(losses()))


def test_what_a_claim_allows_is_doubted_by_its_name() -> None:
    text = changed("p5: 2700, p95: 3300", "mean: 3000, sd: 1500")
    text = changed(
        "start: 2024-12-06", "start: {distribution: normal, mean: 2024-12-06, sd: 5}", text
    )
    found = possible_doubts(scenario(text))
    assert "losses.claims[0].count can be zero or negative; such draws are never depleted" in found
    assert "losses.claims[0].count can be above force.size" in found
    assert (
        "losses.start can fall after losses.claims[1].as_of; such draws are never depleted" in found
    )


# --- the quantile average ---

FAMILIES: list[Distribution] = [
    Normal(mean=3.0, sd=2.0),
    Uniform(low=-1.0, high=4.0),
    Constant(value=2.0),
    Mixture(components=(Constant(value=1.0), Uniform(low=2.0, high=3.0))),
    Normal(mean=-5.0, sd=0.5, max=-4.5),
]
averages = st.lists(
    st.tuples(st.sampled_from(FAMILIES), st.floats(0.01, 10.0)), min_size=1, max_size=4
)


def average(parts: list[tuple[Distribution, float]]) -> QuantileAverage:
    laws, weights = zip(*parts, strict=True)
    return QuantileAverage(components=laws, weights=weights)


def test_the_average_of_normal_laws_is_a_normal_law() -> None:
    law = average([(Normal(mean=0.0, sd=1.0), 1.0), (Normal(mean=10.0, sd=3.0), 3.0)])
    twin = stats.norm(7.5, 2.5)
    nearby = stats.norm(7.5, math.hypot(0.25, 0.75 * 3))  # what a sum would have
    np.testing.assert_allclose(law.ppf(LEVELS), twin.ppf(LEVELS), rtol=1e-12)
    np.testing.assert_allclose(law.isf(LEVELS), twin.isf(LEVELS), rtol=1e-12)
    x = twin.ppf(LEVELS)
    np.testing.assert_allclose(law.cdf(x), twin.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(law.sf(x), twin.sf(x), rtol=1e-9)
    assert law.expectation == pytest.approx(7.5, rel=1e-12)
    assert not np.allclose(law.ppf(LEVELS), nearby.ppf(LEVELS), rtol=1e-3)


@settings(max_examples=30, deadline=None)
@given(parts=averages, x=st.floats(-8.0, 8.0))
def test_its_cdf_belongs_to_its_quantiles(
    parts: list[tuple[Distribution, float]], x: float
) -> None:
    """P(X <= x) is the largest p whose quantile is not above x, jumps included."""
    law = average(parts)
    p, q = float(law.cdf(x)), float(law.sf(x))
    assert p + q == pytest.approx(1.0, abs=1e-9)
    assert p < 1e-9 or law.ppf(p - 1e-9) <= x + 1e-6
    assert p > 1 - 1e-9 or law.ppf(p + 1e-9) >= x - 1e-6


@settings(max_examples=60, deadline=None)
@given(parts=averages, seed=st.randoms(use_true_random=False), factor=st.floats(0.001, 1000.0))
def test_neither_order_nor_scale_of_the_claims_matters(
    parts: list[tuple[Distribution, float]], seed: object, factor: float
) -> None:
    shuffled = [(law, weight * factor) for law, weight in parts]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = average(parts), average(shuffled)
    np.testing.assert_allclose(one.ppf(LEVELS), other.ppf(LEVELS), rtol=1e-9, atol=1e-9)
    assert one.expectation == pytest.approx(other.expectation, abs=1e-9)


def test_a_jump_belongs_to_the_value_it_leads_to() -> None:
    """Half the average of 1 or 2 and 1 or 4 lies on 1, the other half on 3."""
    steps = [Mixture(components=(Constant(value=1.0), Constant(value=x))) for x in (2.0, 4.0)]
    law = average([(step, 1.0) for step in steps])
    x = np.array([0.999, 1.0, 2.999, 3.0])
    np.testing.assert_allclose(law.cdf(x), [0.0, 0.5, 0.5, 1.0], atol=1e-12)
    np.testing.assert_allclose(law.sf(x), [1.0, 0.5, 0.5, 0.0], atol=1e-12)
    between = average([(Constant(value=1.0), 1.0), (Constant(value=4.0), 1.0)])
    np.testing.assert_array_equal(between.cdf([2.499, 2.5, 3.0]), [0.0, 1.0, 1.0])
    np.testing.assert_array_equal(between.sf([2.499, 2.5, 3.0]), [1.0, 0.0, 0.0])


def test_it_lies_between_its_components_and_may_be_a_date() -> None:
    law = losses().as_of_law
    assert isinstance(law, QuantileAverage)
    assert law.axis == "date"
    days = [claim.as_of.ppf(LEVELS) for _, claim in losses().totals]
    assert np.all(np.minimum.reduce(days) <= law.ppf(LEVELS))
    assert np.all(law.ppf(LEVELS) <= np.maximum.reduce(days))
    assert average([(Constant(value=1.0), 1.0), (Constant(value=4.0), 2.0)]).is_constant
