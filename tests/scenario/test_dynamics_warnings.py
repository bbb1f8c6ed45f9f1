"""What is doubtful about rates, returns, percentiles and the horizon."""

from __future__ import annotations

import pytest

import simulate
from simulate.scenario.loader import load_mapping, load_text
from simulate.scenario.model import Scenario
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse
from tests.scenario.dynamics import STRAIGHT

WOUNDED = "wounded: {share: 0.7, return_share: 0.5, return_days: 45}\n"


def scenario(text: str) -> Scenario:
    return load_mapping(parse(text, "f").tree).scenario


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("rate: {strength_exponent: 1}\n", "losses die out before the last are lost"),
        ("rate: {strength_exponent: 0.9}\n", "fractions of a man decide"),
        ("rate: {multiplier: 0}\n", "nothing is lost after losses.as_of"),
    ],
)
def test_what_makes_depletion_impossible_or_doubtful_is_told(more: str, words: str) -> None:
    (told,) = possible_warnings(scenario(STRAIGHT + more))
    assert words in told
    assert told in simulate.run(scenario(STRAIGHT + more), draws=8192).summary.warnings


def test_a_stated_rate_with_a_season_is_that_of_the_year() -> None:
    """Nine ones and three twos have the mean 1.25."""
    keys = {
        "title": "T",
        "force": {"size": 200, "as_of": "2024-07-01"},
        "losses": {"rate": {"distribution": "uniform", "low": 3.75, "high": 5}, "per": "week"},
        "rate": {"by_month": [1] * 7 + [2] * 3 + [1] * 2},
    }
    (said,) = possible_warnings(load_mapping(keys).scenario)
    assert said == (
        "losses.rate is the mean of the year; in months of factor 1 it is 0.8 times that, "
        "3.5 a week"
    )
    keys["rate"] = {"by_month": [0.8] * 7 + [1.6] * 3 + [0.8] * 2}  # against the year already
    assert not possible_warnings(load_mapping(keys).scenario)


def test_wounded_without_effect_are_told() -> None:
    (told,) = possible_warnings(scenario(STRAIGHT + WOUNDED))
    assert told == "wounded changes no date as counted; with counting: strength it does"
    assert simulate.run(scenario(STRAIGHT + WOUNDED), draws=8192).summary.warnings == (told,)


@pytest.mark.parametrize(
    "more",
    [
        "wounded: {share: 0, return_share: 0.5, return_days: 45}\n",
        "rotation: {line_days: 9, rest_days: 9, rest_intensity: 1, return_intensity: 1}\n",
    ],
)
def test_a_block_that_changes_nothing(more: str) -> None:
    (told,) = possible_warnings(scenario(STRAIGHT + more))
    assert told.startswith(f"{more.partition(':')[0]} changes nothing: ")


@pytest.mark.parametrize(
    ("law", "told"),
    [
        # Of a normal law with median 2505 and 1.6449 sd = 2495, 16.07 % lie below 1000.
        ("{distribution: normal, p5: 10, p95: 5000, min: 1000}", ("p5 holds", "p95 holds")),
        ("{distribution: normal, p5: 3000, p95: 4000, min: 1}", ()),
        ("{distribution: lognormal, p5: 3000, p95: 4000, max: 4600}", ()),  # to P95.06
    ],
)
def test_percentiles_that_a_cut_moves_are_doubted(law: str, told: tuple[str, ...]) -> None:
    doubts = possible_warnings(scenario(STRAIGHT + f"rate: {{multiplier: {law}}}\n"))
    assert [words in warning for words, warning in zip(told, doubts, strict=True)] == [True] * len(
        told
    )
    if told:
        assert "of what is left, 94 % lie below it" in doubts[1]


@pytest.mark.parametrize(
    "more",
    [
        "rate: {strength_exponent: 0.8}\n",
        "rate: {strength_exponent: 0.95}\nthresholds: [0.5]\n",
        "rate: {strength_exponent: 1}\nthresholds: [0.5]\n",
        "rate: {multiplier: {distribution: uniform, low: 0, high: 1}}\n",
        WOUNDED + "counting: strength\n",
        WOUNDED + "rate: {strength_exponent: 1}\n",
    ],
)
def test_what_can_deplete_the_force_is_not_doubted(more: str) -> None:
    assert possible_warnings(scenario(STRAIGHT + more)) == ()


@pytest.mark.parametrize(
    ("horizon", "doubtful"), [("2026", True), ("900", False), ("2026-12-31", False)]
)
def test_days_that_were_perhaps_meant_as_a_year(horizon: str, doubtful: bool) -> None:  # noqa: FBT001  (pytest fills it in)
    loaded = load_text(
        f"title: T\nforce: {{size: 12000}}\nlosses: {{count: 3800, start: 2024-12-06, "
        f"as_of: 2025-01-16}}\nhorizon: {horizon}\n"
    )
    warned = "horizon: 2026 is read as 2,026 days" in " ".join(possible_warnings(loaded.scenario))
    assert warned == doubtful
