"""Prelude, rate, pauses, reinforcements and ends as a file writes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import jsonschema
import pytest

from simulate.engine.pilot_run import plan_for
from simulate.engine.tally import HORIZON, INFLOW, NO_RATE
from simulate.scenario.consistency import OTHER_CAUSES
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import load, load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.yaml_source import parse
from tests.scenario.dynamics import FULL, STRAIGHT, WALKED, changed
from tests.scenario.mistakes import message, refused

VALIDATOR = jsonschema.Draft7Validator(json_schema())


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


REFUSED = {
    "prelude after the start": (
        changed("start: 2024-11-01", "start: 2024-12-06"),
        "4:18: prelude.start is not before losses.start in any simulation",
        "a prelude lasts from prelude.start to losses.start",
    ),
    "prelude above 1": (
        changed("high: 0.3", "high: 1.3"),
        "4:41: prelude.intensity must be between 0 and 1 in every simulation",
        "cut it off with max: 1",
    ),
    "prelude in percent": (
        changed("{distribution: uniform, low: 0.1, high: 0.3}", "30"),
        "4:41: prelude.intensity must be between 0 and 1 (found 30)",
        "write 0.3, a share instead of a percentage",
    ),
    "negative multiplier": (
        changed("{distribution: lognormal, p5: 0.8, p95: 1.25}", "-0.5"),
        "7:15: rate.multiplier must be at least 0 (found -0.5)",
    ),
    "multiplier that can be negative": (
        changed("lognormal, p5: 0.8, p95: 1.25", "normal, mean: 1, sd: 0.2"),
        "7:15: rate.multiplier must be at least 0 in every simulation",
        "cut it off with min: 0",
    ),
    "negative exponent": (
        changed("strength_exponent: 0.5", "strength_exponent: -1"),
        "9:22: rate.strength_exponent must be at least 0 (found -1)",
    ),
    "negative arrival": (
        changed("size: 800", "size: -800"),
        "11:30: reinforcements[0].size must be at least 0 (found -800)",
    ),
    "arrival before the start": (
        changed("date: 2025-02-01", "date: 2024-12-05"),
        "11:12: reinforcements[0] arrives before losses.start",
        "count it in force.size instead",
    ),
    "pauses that overlap": (
        changed("days: 10", "days: 41"),
        "15:12: pauses[1] can overlap the pause before it",
        "list pauses in order of time, without overlap",
    ),
    "pauses in the wrong order": (
        changed("start: 2025-01-20", "start: 2025-04-20"),
        "15:12: pauses[1] can overlap the pause before it",
        "list pauses in order of time, without overlap",
    ),
    "pause before the count": (
        changed("start: 2025-01-20", "start: 2025-01-15"),
        "14:13: pauses[0] begins before losses.as_of (found 2025-01-15)",
        (
            "write 2025-01-16, with the 9 days left from then on; "
            "the count already includes what happened before"
        ),
    ),
    "pause over before the count": (
        changed("start: 2025-01-20", "start: 2024-12-05"),
        "14:13: pauses[0] begins before losses.as_of (found 2024-12-05)",
        "the count already includes what happened before; leave the pause out",
    ),
    "pause of a negative length": (
        changed("low: 5, high: 15", "low: -5, high: 15"),
        "16:11: pauses[1].days must be at least 0 in every simulation",
        "cut it off with min: 0",
    ),
    "pause with a negative intensity": (
        changed("intensity: 0.2", "intensity: -0.2"),
        "14:46: pauses[0].intensity must be at least 0 (found -0.2)",
    ),
    "end before the start": (
        changed("date: 2025-05-01", "date: 2024-12-05"),
        "21:30: ends[1] is before losses.start",
        "an end stops losses that have begun; correct its date, or leave it out",
    ),
    "probability above 1": (
        changed("probability: 0.1", "probability: 10"),
        "21:55: ends[1].probability must be between 0 and 1 (found 10)",
        "write 0.1, a share instead of a percentage",
    ),
    "probability that can be above 1": (
        changed("low: 0.2, high: 0.5", "low: 0.2, high: 1.01"),
        "20:18: ends[0].probability must be between 0 and 1 in every simulation",
        "cut it off with max: 1",
    ),
    "two ends of one label": (
        changed("label: peace", "label: ceasefire"),
        '22:13: two ends have the label "ceasefire"',
        "results identify ends by their labels; give each its own",
    ),
    "a label that is taken": (
        changed("label: peace", "label: horizon"),
        '22:13: results use the label "horizon" for another cause of "never"',
        "name the event, such as withdrawal or ceasefire",
    ),
    "a label like the words for another cause": (
        changed("label: peace", "label: inflow exceeds use"),
        '22:13: results use the label "inflow exceeds use" for another cause of "never"',
        "name the event, such as withdrawal or ceasefire",
    ),
    "negative drift": (
        changed("sd: 0.3", "sd: -0.3", WALKED),
        "5:15: rate.drift.sd must be at least 0 (found -0.3)",
    ),
    "drift without memory": (
        changed("correlation_days: 20", "correlation_days: 0", WALKED),
        "5:38: rate.drift.correlation_days must be above 0 (found 0)",
    ),
    "memory that can be none": (
        changed(
            "correlation_days: 20",
            "correlation_days: {distribution: uniform, low: -1, high: 9}",
            WALKED,
        ),
        "5:38: rate.drift.correlation_days must be above 0 in every simulation",
        "cut it off with min: 1",
    ),
    "wounded above all": (
        changed("high: 0.8", "high: 1.1", WALKED),
        "7:10: wounded.share must be between 0 and 1 in every simulation",
        "cut it off with max: 1",
    ),
    "more return than were wounded": (
        changed("return_share: 0.5", "return_share: 50", WALKED),
        "8:17: wounded.return_share must be between 0 and 1 (found 50)",
        "write 0.5, a share instead of a percentage",
    ),
    "return at once": (
        changed("return_days: 45", "return_days: 0", WALKED),
        "9:16: wounded.return_days must be above 0 (found 0)",
    ),
    "rotation without an end of spells": (
        changed(
            "  at_loss_share: 0.1\n",
            "",
            changed("  line_days: {distribution: uniform, low: 10, high: 40}\n", "", WALKED),
        ),
        "12:3: rotation needs line_days or at_loss_share",
        "say what ends a spell on the line: its length, or the losses it may cost",
    ),
    "spell without length": (
        changed("low: 10, high: 40", "low: -1, high: 40", WALKED),
        "12:14: rotation.line_days must be above 0 in every simulation",
        "cut it off with min: 1",
    ),
    "spell that costs more than all": (
        changed("at_loss_share: 0.1", "at_loss_share: 10", WALKED),
        "13:18: rotation.at_loss_share must be between 0 and 1 (found 10)",
        "write 0.1, a share instead of a percentage",
    ),
    "no rest": (
        changed("{distribution: uniform, low: 5, high: 15}", "0", WALKED),
        "14:14: rotation.rest_days must be at least 1 in every simulation",
        "where there is no rest, leave rotation out",
    ),
    "a rest that can be short": (
        changed("low: 5, high: 15", "low: 0.5, high: 15", WALKED),
        "14:14: rotation.rest_days must be at least 1 in every simulation",
        "cut it off with min: 1",
    ),
    "negative return": (
        changed("lognormal, p5: 0.1, p95: 1.2", "normal, mean: 1, sd: 0.5", WALKED),
        "15:21: rotation.return_intensity must be at least 0 in every simulation",
        "cut it off with min: 0",
    ),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_contradictions_are_refused_with_their_place(row: tuple[str, ...]) -> None:
    refused(*row)
    # A relation between values is beyond a schema.
    assert not list(VALIDATOR.iter_errors(parse(row[0], "f").tree))


NEARLY = {
    "prelude just before the start": changed("start: 2024-11-01", "start: 2024-12-05"),
    "prelude as strong as the rest": changed("high: 0.3", "high: 1"),
    "no losses after the count": changed("{distribution: lognormal, p5: 0.8, p95: 1.25}", "0"),
    "arrival on the first day": changed("date: 2025-02-01", "date: 2024-12-06"),
    "pauses next to each other": changed("days: 10", "days: 40"),
    "pause from the day of the count": changed("start: 2025-01-20", "start: 2025-01-16"),
    "end on the first day": changed("date: 2025-05-01", "date: 2024-12-06"),
    "certain end": changed("probability: 0.1", "probability: 1"),
    "drift of no spread": changed("sd: 0.3", "sd: 0", WALKED),
    "all are wounded and return": changed("high: 0.8", "high: 1", WALKED).replace("0.5", "1"),
    "one stage": changed("stages: 4", "stages: 1", WALKED),
    "20 stages": changed("stages: 4", "stages: 20", WALKED),
    "a rest of a day": changed("low: 5, high: 15", "low: 1, high: 15", WALKED),
    "rotation by days": changed("  at_loss_share: 0.1\n", "", WALKED),
    "spells of the whole force": changed("at_loss_share: 0.1", "at_loss_share: 1", WALKED),
    "no fighting after the first rest": changed(
        "{distribution: lognormal, p5: 0.1, p95: 1.2, source: the series}", "0", WALKED
    ),
    "strength on a date, and wounded": changed(
        "size: 12000", "size: 12000, as_of: 2025-01-01", WALKED
    ),
    "strength on a date, and arrivals": changed("size: 12000", "size: 12000, as_of: 2025-01-01"),
    "strength on a date, and rotation": changed(
        "size: 12000", "size: 12000, as_of: 2025-01-01", WALKED[: WALKED.index("wounded:")]
    ),
    "end that never happens": changed("probability: 0.1", "probability: 0"),
}


@pytest.mark.parametrize("text", NEARLY.values(), ids=NEARLY)
def test_what_only_just_holds_is_accepted(text: str) -> None:
    scenario(text)
    assert not list(VALIDATOR.iter_errors(parse(text, "f").tree))


BROKEN = {
    "unknown key": changed("multiplier:", "multiplyer:"),
    "number for a date": changed("date: 2025-05-01", "date: 5"),
    "date for a number": changed("size: 800", "size: 2025-01-01"),
    "pause without a length": changed(", days: 10", ""),
    "arrival without a size": changed(", size: 800", ""),
    "end without a label": changed("label: ceasefire, ", ""),
    "end without a date": changed("date: 2025-05-01, ", ""),
    "prelude without an intensity": changed(
        ", intensity: {distribution: uniform, low: 0.1, high: 0.3}", ""
    ),
    "text for a probability": changed("probability: 0.1", "probability: likely"),
    "text for a list": changed("ends:", "ends: never\nnotes: |"),
    "no stages": changed("stages: 4", "stages: 0", WALKED),
    "half stages": changed("stages: 4", "stages: 2.5", WALKED),
    "21 stages": changed("stages: 4", "stages: 21", WALKED),
    "uncertain stages": changed(
        "stages: 4", "stages: {distribution: uniform, low: 1, high: 3}", WALKED
    ),
    "drift without a memory": changed(", correlation_days: 20", "", WALKED),
    "wounded without a delay": changed("  return_days: 45\n", "", WALKED),
    "a date for a length": changed("return_days: 45", "return_days: 2025-03-01", WALKED),
    "another way of counting": changed("counting: strength", "counting: bodies"),
    "a law of dates for a number": changed("low: 5, high: 15", "low: 2025-01-01, high: 2025-02-01"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_the_schema_refuses_what_the_program_refuses(text: str) -> None:
    assert list(VALIDATOR.iter_errors(parse(text, "f").tree))
    assert message(text).startswith("case.yaml:")


def test_the_schema_accepts_it_all() -> None:
    assert not list(VALIDATOR.iter_errors(parse(FULL, "f").tree))


def test_an_unknown_key_is_told_from_its_neighbours() -> None:
    found = message(changed("multiplier:", "multiplyer:"))
    assert "unknown key rate.multiplyer" in found
    assert "did you mean rate.multiplier?" in found


def test_labels_that_are_taken_are_those_of_the_tally() -> None:
    """The scenario comes before the engine and cannot ask it."""
    assert set(OTHER_CAUSES) == {HORIZON, NO_RATE, INFLOW}
