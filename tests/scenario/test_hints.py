"""A hint for a number is obeyed: what to write is accepted, and means what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from simulate.errors import ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.distributions import Distribution
from simulate.scenario.loader import load_mapping
from simulate.scenario.model import Scenario
from simulate.scenario.notation import number_hint
from simulate.scenario.yaml_source import resolve
from tests.scenario.hints import placed, problem_with, told

COUNTS = {
    "about 900": {900.0, (810.0, 990.0)},
    "~900": {900.0, (810.0, 990.0)},
    "c. 900": {900.0, (810.0, 990.0)},
    "900 or so": {900.0, (810.0, 990.0)},
    "900 approx.": {900.0, (810.0, 990.0)},
    "900-ish": {900.0, (810.0, 990.0)},
    "about 15-20": {(15.0, 20.0)},
    "15..20": {(15.0, 20.0)},
    "20 ± 5": {(15.0, 25.0)},
    "3½": {3.5},
    "3 mln": {3e6},
    "perhaps 1,000": {1000.0, (900.0, 1100.0)},
    "nearly 1,000": {1000.0, (950.0, 1000.0)},
    "close to 1,000": {1000.0, (950.0, 1000.0)},
    "just under 1,000": {1000.0, (950.0, 1000.0)},
    "slightly fewer than 1,000": {1000.0, (950.0, 1000.0)},
    "just over 1,000": {1000.0, (1000.0, 1050.0)},
    "slightly more than 1,000": {1000.0, (1000.0, 1050.0)},
    "1,000-odd": {1000.0, (1000.0, 1100.0)},
    "well over 1,000": {1000.0},
    "several hundred": {(200.0, 900.0)},
    "dozens": {(24.0, 108.0)},
    "tens of thousands": {(20_000.0, 90_000.0)},
    "10k": {10_000.0},
    "1.5 million": {1.5e6},
    "1,5 Mio": {1.5e6},
    "half a million": {5e5},
    "2bn": {2e9},
    "more than 600": {600.0, (600.0, 660.0)},
    "at least 600": {600.0, (600.0, 660.0)},
    "600 at least": {600.0, (600.0, 660.0)},
    "600 tanks at the most": {600.0, (540.0, 600.0)},
    "over 600": {600.0, (600.0, 660.0)},
    "fewer than 600": {600.0, (540.0, 600.0)},
    ">600": {600.0, (600.0, 660.0)},
    "600+": {600.0, (600.0, 660.0)},
    "$37.5bn": {37.5e9},
    "EUR 3.2 million": {3.2e6},
    "20-30": {(20.0, 30.0)},
    "20 to 30": {(20.0, 30.0)},
    "20 or 30": {(20.0, 30.0)},
    "between 20 and 30": {(20.0, 30.0)},
    "5–10 million": {(5e6, 10e6)},
    "one to two million": {(1e6, 2e6)},
    "900 to 1.2 million": {(900.0, 1.2e6)},
    "3,000, 4,200": {(3000.0, 4200.0)},
    "3,000, 3,800, 4,400": {(3000.0, 4400.0)},
    "3000,3800,4400": {(3000.0, 4400.0)},
    "10k to 12k": {(10_000.0, 12_000.0)},
    "between 3,000 and 4,200": {(3000.0, 4200.0)},
    "300,380,440": {300_380_440.0, (300.0, 440.0)},
    "300,380,440 tanks": {300_380_440.0, (300.0, 440.0)},
    "440,380,300": {440_380_300.0},
    "300,000,450": {300_000_450.0},
    "1,234,567": {1_234_567.0},
    "30 % of 30,000": {9000.0},
    "half of 30,000": {15_000.0},
    "a third of 30,000": {10_000.0},
    "1 in 4 of 30,000": {7500.0},
    "4,000,000": {4e6},
    "4.000.000": {4e6},
    "3,800 soldiers": {3800.0},
    "3,800 (killed and wounded)": {3800.0},
    "3,800 killed, wounded or captured": {3800.0},
    "twelve": {12.0},
    "a dozen": {12.0},
    "twenty-five": {25.0},
    "twelve hundred": {1200.0},
    "three thousand eight hundred": {3800.0},
    "1.000": {1000.0, 1.0},
    "3 800": {3800.0},
    "3'800": {3800.0},
    "3800,5": {3800.5},
    "0755": {755.0},
}
DAYS = {
    "45 days": {45.0},
    "6 weeks": {42.0},
    "a fortnight": {14.0},
    "36 hours": {1.5},
    "3 months": {91.31},  # 91.310625
    "2 years": {730.5},
    "5-6 weeks": {(35.0, 42.0)},
    "20-30": {(20.0, 30.0)},
    "over 40": {40.0, (40.0, 44.0)},
}
SHARES = {
    "30%": {0.3},
    "30 per cent": {0.3},
    "30 % of the force": {0.3},
    "half": {0.5},
    "two thirds": {0.6667},
    "1 in 5": {0.2},
    "1/3": {0.3333},
    "80 of 120": {0.6667},
    "½": {0.5},
    "20-30 %": {(0.2, 0.3)},
    "about 40%": {0.4, (0.36, 0.44)},
    "0,25": {0.25},
}
FACTORS = {**SHARES, "150 %": {1.5}, "2x": {2.0}, "1.5 times": {1.5}}
# No way to write them is right in every place, or they are no number of this kind.
NOTHING = {
    "count": [
        "30%", "half", "500 left", "92 a day", "20-30 %", "30-20", "45 days", "many", "000",
        "two thirds", "80-100 a day", "1 mil", "1/3", "1e5e5 to 2e6e6",
    ],
    "days": ["30%", "1.5 million", "3,800 soldiers", "-5 days"],
    "share": [
        "500 left", "130 %", "50/50", "20-30", "3,800", "1,234", "-5 %", "30 % of 30,000", "0 %",
    ],
    "factor": ["500 left", "1,234", "-5 %", "92 a day", "3800 men"],
}  # fmt: skip
PLACES = {
    "count": [
        "force.size", "losses.claims[0].count", "losses.claims[1].count",
        "reinforcements[0].size", "observed[0].losses",
    ],
    "days": [
        "losses.claims[1].days", "wounded.return_days", "rotation.line_days",
        "rotation.rest_days", "pauses[0].days", "rate.drift.correlation_days",
    ],
    "share": [
        "wounded.share", "wounded.return_share", "rotation.at_loss_share",
        "ends[0].probability", "prelude.intensity", "thresholds[0]", "levels[0]",
    ],
    "factor": [
        "rate.multiplier", "rate.strength_exponent", "rate.drift.sd", "rotation.rest_intensity",
        "rotation.return_intensity", "pauses[0].intensity",
    ],
}  # fmt: skip
FORMS: dict[str, Any] = {"count": COUNTS, "days": DAYS, "share": SHARES, "factor": FACTORS}


def meant(scenario: Scenario, place: str) -> float | tuple[float, ...]:
    value: Any = scenario
    for key, index in re.findall(r"(\w+)(?<!\d\])|\[(\d+)\]", place):
        value = value[int(index)] if index else getattr(value, key)
    if not isinstance(value, Distribution):
        return float(value)
    low, high = value.support
    return float(low) if low == high else (float(low), float(high))


def at_places(forms: Mapping[str, Iterable[str]]) -> list[tuple[str, list[str]]]:
    """All forms of a kind at its first place; at the others, whose reader is the same, a third."""
    return [
        (place, [*forms[kind]][k % 3 :: 3] if k else [*forms[kind]])
        for kind, places in PLACES.items()
        for k, place in enumerate(places)
    ]


@pytest.mark.parametrize(("place", "texts"), at_places(FORMS))
def test_a_number_as_people_write_it(place: str, texts: list[str]) -> None:
    (kind,) = (kind for kind, places in PLACES.items() if place in places)
    for text in texts:
        values = FORMS[kind][text]
        ways = told(problem_with(text, place))
        if not ways:  # a range where only a single number may stand
            assert place in ("losses.claims[1].days", "thresholds[0]", "levels[0]")
            assert all(isinstance(value, tuple) for value in values)
        for way in ways:
            written = yaml_source.parse(way, "f").tree if way.startswith("{") else resolve(way)
            found = meant(load_mapping(placed(written, place)).scenario, place)
            assert any(found == pytest.approx(value) for value in values), (text, way)


@pytest.mark.parametrize(("place", "texts"), at_places(NOTHING))
def test_no_hint_is_better_than_a_wrong_one(place: str, texts: list[str]) -> None:
    for text in texts:
        assert not told(problem_with(text, place)), text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("92 a day", "write 92 with per: day"),
        ("92/day", "write 92 with per: day"),
        ("350 per night", "write 350 with per: day"),
        ("twelve daily", "write 12 with per: day"),
        ("410 m a month", "write 410000000 with per: month"),
        ("$1.2bn a quarter", "write 4800000000 with per: year"),
        ("2 an hour", "write 48 with per: day"),
        ("1.4 points a week", "write 1.4 with per: week; give what is counted as unit"),
        ("more than 350 a night", "write 350 with per: day for the limit itself"),
        ("92", "write 92, without quotes or brackets"),
        ("92 a head", ""),
        ("5 weeks", ""),
    ],
)
def test_a_rate(text: str, hint: str) -> None:
    assert number_hint(text, "rate") == hint
    is_rate = "per: " in hint
    assert ("losses.rate" in problem_with(text, "force.size").hint) == is_rate


def test_a_rate_is_obeyed() -> None:
    losses = {"rate": "92 a day", "start": "2024-12-06"}
    tree: dict[str, Any] = {"title": "T", "force": {"size": 12000}, "losses": losses}
    with pytest.raises(ScenarioError) as caught:
        load_mapping(tree)
    assert "write 92 with per: day" in [problem.hint for problem in caught.value.problems]
    load_mapping({**tree, "losses": {**losses, "rate": 92, "per": "day"}})


def test_a_range_of_rates() -> None:
    law = "{distribution: uniform, low: 80, high: 100}"
    assert number_hint("80-100 a day", "rate", ranges=True).startswith(
        f"write {law} with per: day;"
    )


def test_a_change_may_be_negative() -> None:
    assert told(problem_with("-2 %", "rate.trend_per_week")) == ("-0.02",)
    assert told(problem_with("-2 %", "rate.multiplier")) == ()


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("million dollars", "$410 million", "410"),
        ("million dollars", "$410,000,000", "410"),
        ("million dollars", "0.4 billion", "400"),
        ("billion kroner", "410 million", "0.41"),
        ("thousand tonnes", "2.5 million tonnes", "2500"),
        ("dollars", "$410 million", "410000000"),
        ("thousand tonnes", "2,500", "2500"),
    ],
)
@pytest.mark.parametrize("path", ["force.size", "losses.claims[0].count", "reinforcements[0].size"])
def test_a_number_in_multiples_of_the_unit(unit: str, text: str, number: str, path: str) -> None:
    tree = placed(text, path) | {"unit": unit}
    with pytest.raises(ScenarioError) as caught:
        load_mapping(tree)
    assert re.split("[,; ]", caught.value.problems[0].hint)[1] == number


def test_long_texts_are_no_numbers() -> None:
    assert number_hint("9" * 61, "count") == ""
