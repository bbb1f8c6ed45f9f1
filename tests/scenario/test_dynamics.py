"""Prelude, rate, pauses, reinforcements and ends as a file writes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import simulate
from simulate.engine.pilot_run import plan_for
from simulate.engine.tally import HORIZON, INFLOW, NO_RATE
from simulate.scenario.consistency import OTHER_CAUSES
from simulate.scenario.loader import load, load_mapping, load_text
from simulate.scenario.model import Scenario
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.yaml_source import parse
from tests.scenario.dynamics import FULL, STRAIGHT, WALKED, changed


def scenario(text: str = FULL) -> Scenario:
    return load_mapping(parse(text, "f").tree).scenario


def test_every_input_is_named() -> None:
    names = """
        force.size losses.count losses.as_of losses.start prelude.start prelude.intensity
        rate.multiplier rate.trend_per_week rate.strength_exponent
        reinforcements[0].date reinforcements[0].size
        reinforcements[1].date reinforcements[1].size
        pauses[0].start pauses[0].days pauses[0].intensity pauses[1].start pauses[1].days
        ends[0].date ends[0].probability ends[1].date ends[1].probability ends[2].date
    """
    assert [item.name for item in scenario().inputs] == names.split()


def test_every_input_of_a_walk_is_named() -> None:
    walked = scenario(WALKED)
    names = """
        rate.drift.sd rate.drift.correlation_days
        wounded.share wounded.return_share wounded.return_days
        rotation.line_days rotation.at_loss_share rotation.rest_days rotation.return_intensity
    """
    assert [item.name for item in walked.inputs][4:] == names.split()
    assert walked.wounded is not None
    assert walked.wounded.stages == 4
    default = scenario(changed("  stages: 4\n", "", WALKED)).wounded
    assert default is not None
    assert default.stages == 3


def test_the_uncertain_ones_have_a_source_and_a_column() -> None:
    full = scenario()
    sources = {item.name: item.source for item in full.uncertain}
    assert sources["rate.multiplier"] == "the staff"
    assert sources["rate.trend_per_week"] == "the series"
    names = """
        prelude.intensity rate.multiplier rate.trend_per_week reinforcements[1].date
        pauses[1].start pauses[1].days ends[0].date ends[0].probability
    """
    assert list(sources) == names.split()
    plan = plan_for(full, draws=1024, seed=0, method="lattice")
    assert set(sources) < set(plan.names)
    assert set(plan.names) - set(sources) == {f"ends[{i}].happens" for i in range(3)}
    assert plan.causes == (NO_RATE, "withdrawal", "ceasefire", "peace", HORIZON)


def test_inputs_of_the_dynamics_may_be_correlated_and_overridden(tmp_path: Path) -> None:
    pair = "correlations: [{inputs: [rate.multiplier, ends[0].probability], rank: 0.4}]"
    quoted = pair.replace("ends[0].probability", '"ends[0].probability"')
    assert scenario(FULL + quoted).copula[0] == ("rate.multiplier", "ends[0].probability")
    path = tmp_path / "case.yaml"
    path.write_text(FULL, encoding="utf-8")
    found = load(path, ["ends[1].probability=0.25", "pauses[0].days=3"]).scenario
    assert found.ends[1].probability is not None
    assert found.ends[1].probability.support == (0.25, 0.25)
    assert found.pauses[0].days.support == (3, 3)


def test_only_what_departs_from_it_bends_the_line() -> None:
    assert scenario(STRAIGHT).is_straight
    assert scenario(STRAIGHT + "ends: [{label: peace, date: 2025-06-01}]\n").is_straight
    for line in (
        "prelude: {start: 2024-11-01, intensity: 0.1}",
        "rate: {multiplier: 1.2}",
        "reinforcements: [{date: 2025-02-01, size: 800}]",
        "pauses: [{start: 2025-02-01, days: 10}]",
        "counting: strength",
    ):
        assert not scenario(f"{STRAIGHT}{line}\n").is_straight
        assert not scenario(f"{STRAIGHT}{line}\n").goes_by_days
    assert scenario(WALKED).goes_by_days


def test_the_first_day_is_the_earliest_of_all_dates() -> None:
    assert scenario(STRAIGHT).origin == dt.date(2024, 12, 6)
    assert scenario().origin == dt.date(2024, 11, 1)


def test_it_survives_the_way_to_plain_values_and_back() -> None:
    loaded = load_mapping(parse(FULL, "f").tree)
    again = load_mapping(loaded.resolved)
    assert again.scenario == loaded.scenario
    assert again.digest == loaded.digest
    other = load_mapping(parse(changed("probability: 0.1", "probability: 0.11"), "f").tree)
    assert other.digest != loaded.digest


def test_labels_that_are_taken_are_those_of_the_tally() -> None:
    """The scenario comes before the engine and cannot ask it."""
    assert set(OTHER_CAUSES) == {HORIZON, NO_RATE, INFLOW}


WOUNDED = "wounded: {share: 0.7, return_share: 0.5, return_days: 45}\n"


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


def test_wounded_without_effect_are_told() -> None:
    (told,) = possible_warnings(scenario(STRAIGHT + WOUNDED))
    assert told.startswith("wounded changes no date, only the strength")
    assert simulate.run(scenario(STRAIGHT + WOUNDED), draws=8192).summary.warnings == (told,)


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
