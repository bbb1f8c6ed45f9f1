"""The pace in a newspaper sentence: multipliers, trends, spells, arrivals that come too late."""

from __future__ import annotations

from typing import Any

import pytest

import simulate
from simulate.report.text.attribution import who
from simulate.report.text.news import news_sentence
from tests.cases import uniform

CLAIM: dict[str, Any] = {
    "force": {"size": 12_000},
    "losses": {"count": uniform(3000, 4600), "start": "2024-12-06", "as_of": "2025-01-16"},
}
SPRING = {"from": "2025-01-20", "to": "2026-06-30"}


def between(low: float, mode: float, high: float) -> dict[str, Any]:
    return {"distribution": "triangular", "low": low, "mode": mode, "high": high}


def said(**keys: Any) -> str:
    tree = {"title": "T", "horizon": "2030-01-01", **CLAIM, **keys}
    return news_sentence(simulate.run(tree, draws=4096).summary)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ({"multiplier": uniform(1.1, 1.3)}, "then at 110 to 130 % of that pace"),
        ({"multiplier": between(1.1, 1.2, 1.3)}, "then at about 120 % of that pace"),
        ({"multiplier": 10}, "then at 1,000 % of that pace"),
        ({"multiplier": 0.5}, "then at 50 % of that pace"),
        ({"multiplier": uniform(0.35, 1)}, "then at 35 to 100 % of that pace"),
        ({"trend_per_month": uniform(0, 0.032)}, "rising by up to 3.2 % a month"),
        ({"trend_per_month": uniform(-0.04, -0.02)}, "falling by 2 to 4 % a month"),
        ({"trend_per_year": 1.2}, "rising by about 120 % a year"),
        ({"trend_per_month": 0.013}, "rising by about 1.3 % a month"),
    ],
)
def test_percentages_are_plain_numbers(rate: dict[str, Any], words: str) -> None:
    assert f", {words}, the whole force" in said(rate=rate)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (1, "At 1 unit a month"),
        (between(0.9, 1, 1.1), "At about 1 unit a month"),
        (uniform(0.9, 1.1), "At 0.9 to 1.1 units a month"),
        (uniform(25, 40), "At 25 to 40 units a month"),
        (uniform(0, 40), "At up to 40 units a month"),
        (between(28, 32.5, 37), "At about 32 units a month"),  # 14 % either way
        (between(27, 32.5, 38), "At 27 to 38 units a month"),
        (uniform(1234.5, 1300), "At 1,234.5 to 1,300 units a month"),
        (uniform(8.333, 12.5), "At 8.33 to 12.50 units a month"),
        (uniform(27.5, 37.5), "At 27.5 to 37.5 units a month"),
        ({"distribution": "lognormal", "p5": 20, "p95": 40}, "At 20 to 40 units a month"),
        (between(1, 1, 1.1), "At just over 1 unit a month"),
    ],
)
def test_one_is_no_plural_and_a_wide_range_is_no_number(rate: Any, words: str) -> None:
    losses = {"rate": rate, "per": "month"}
    assert said(force={"size": 12, "as_of": "2025-01-01"}, losses=losses).startswith(words)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (uniform(9e3, 14500), "9,000 to 14,500"),
        (uniform(11e3, 13e3), "11,000 to 13,000"),
        (between(11e3, 12e3, 13e3), "about 12,000"),
        (between(9e3, 12e3, 14500), "9,000 to 14,500"),
        (between(11e3, 11e3, 12e3), "just over 11,000"),
        (between(11500, 12e3, 12e3), "just under 12,000"),
        (between(8e3, 12e3, 12e3), "8,000 to 12,000"),
        # Eleven thousand in eight cases of ten is no likeliest value with more above it.
        ({"distribution": "discrete", "values": [11e3, 12e3], "weights": [8, 2]}, "about 11,000"),
    ],
)
def test_a_stated_range_is_given_as_such(size: Any, words: str) -> None:
    """Without a most likely value, or too wide for "about"."""
    assert f"the whole force of {words} would be" in said(force={"size": size})


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("2025-02-21", "2025-03-01", "until late February 2025"),
        ("2025-02-01", "2025-02-10", "until early February 2025"),  # the last day, in a file
        ("2025-02-01", "2025-03-01", "until February 2025"),
        ("2025-02-02", "2025-02-11", "until about 6 February 2025"),
    ],
)
def test_words_for_a_time_are_no_single_day(low: str, high: str, words: str) -> None:
    until = {"distribution": "uniform", "low": low, "high": high}
    assert f"a month {words}, the whole" in said(
        rate={"trend_per_month": 0.05, "trend_until": until}
    )
    start = {"distribution": "uniform", "low": "2024-12-11", "high": "2024-12-21"}
    losses = {"count": 3800, "start": start, "as_of": "2025-01-16"}
    assert "reported for mid-December 2024 to 15 January 2025, " in said(losses=losses)


def test_spells_and_pauses_slow_the_pace_together() -> None:
    rotation = {"line_days": 60, "rest_days": 60, "rest_intensity": 0, "return_intensity": 1}
    pauses = [{"start": "2025-02-01", "days": 400}]
    words = ", slowed as units are relieved in turn and by a pause, the whole force"
    assert words in said(rotation=rotation, pauses=pauses)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("fired", "At about 93 units fired a day, the pace reported"),
        ("handed out", "At about 93 units handed out a day, "),
        ("withdrawn", "At about 93 units withdrawn a day, "),
        ("lost", "At about 93 units a day, "),
        ("gone", "At about 93 units a day, "),
        ("killed or wounded", "At about 93 units a day, "),
    ],
)
def test_the_pace_has_the_verb_of_the_scenario(lost: str, words: str) -> None:
    assert said(wording={"lost": lost}).startswith(words)


@pytest.mark.parametrize(
    ("label", "more", "words"),
    [
        ("", {}, "with 9 a day coming in, "),
        ("the factory", {}, "with 9 a day from the factory, "),
        ("the factory", {"from": "2024-12-06"}, "with 9 a day from the factory, "),
        ("the factory", {"from": "2024-12-07"}, "from the factory as of 7 December 2024, "),
        ("payroll taxes", {"from": "2025-02-01"}, "with 9 a day from payroll taxes as of 1 Feb"),
        ("aid", {"until": "2025-03-01"}, "with 9 a day from aid until 1 March 2025, "),
        (
            "aid",
            {"from": "2025-02-01", "until": "2025-03-01"},
            "aid between 1 February 2025 and 1 ",
        ),
        (
            "2nd plant: new",
            {"from": "2025-02-01"},
            "with 9 a day coming in from 1 February 2025",
        ),
    ],
)
def test_an_inflow_comes_from_its_label(label: str, more: dict[str, Any], words: str) -> None:
    inflow = {"amount": 9, "per": "day", **({"label": label} if label else {}), **more}
    assert words in said(inflow=[inflow])


def test_what_comes_in_is_not_taken_for_a_slower_pace() -> None:
    """40 of 92.7 a day come back, so that the date is far later than 12,000 / 92.7 days."""
    words = said(inflow=[{"amount": 40, "per": "day"}], pauses=[{"start": "2025-02-01", "days": 9}])
    assert ", with a pause and 40 a day coming in, the whole force" in words
    half = said(rate={"multiplier": 0.5}, pauses=[{"start": "2025-02-01", "days": 9}])
    assert ", then at 50 % of that pace, with a pause, the whole force" in half
    falling = said(rate={"trend_per_week": -0.03}, pauses=[{"start": "2025-02-01", "days": 9}])
    assert ", falling by about 3 % a week, with a pause, the whole force" in falling
    two = [{"start": "2025-02-01", "days": 9}, {"start": "2025-03-01", "days": 9}]
    assert ", with pauses, the whole force" in said(pauses=two)


def test_an_uncertain_arrival_that_comes_too_late() -> None:
    late = {"date": "2029-06-26", "size": uniform(900, 1300)}
    assert "too early for the 900 to 1,300 due on 26 June 2029" in said(reinforcements=[late])


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("ISW", "In all simulations it happens in the period ISW gave, "),
        ("Projection by ISW", "in the published period (Projection by ISW), "),
        ("ISW: by early summer", "by 30 June 2026, the end of the period ISW gave"),
    ],
)
def test_a_period_that_holds_all(label: str, words: str) -> None:
    assert words in said(published=[{"label": label, **SPRING}])


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("local officials", "local officials"),
        ("two analysts, 3 May", "two analysts"),
        ("own estimate", ""),
        ("Pentagon documents dated 28 February, leaked", "the Pentagon documents"),
        ("15 documents dated 28 February", ""),
        ("rounding errors", ""),
        ("interviews by a group of local officials", ""),
        ("Own estimate", ""),
        ("Unknown", ""),
        ("Analysts", "analysts"),
        ("Local officials", "local officials"),
        ("Western officials", "Western officials"),
        ("Ukrainians", "Ukrainians"),
        ("Associated Partners", "Associated Partners"),
        ("according to the ministry", "the ministry"),
        ("From the ministry", "the ministry"),
        (
            "South Korea's National Intelligence Service",
            "South Korea's National Intelligence Service",
        ),
        ("according to Ukraine's General Staff", "Ukraine's General Staff"),
        ("General Staff", "the General Staff"),
        ("Officials of the army", "officials of the army"),
        ("Treasury", "the Treasury"),
        ("the state auditor says", "the state auditor"),
        ("officials said", "officials"),
        ("The minister has told parliament, 3 May", "the minister"),
        ("the same; the range is a judgement", ""),
        (
            "A spokesman for the Ukrainian General Staff, on Friday",
            "a spokesman for the Ukrainian General Staff",
        ),
        ("a count of obituaries that a group of volunteers keeps", "a count of obituaries"),
        (
            "a spokesman for the High Commissioner of the United Nations for all Refugees in Kyiv",
            "a spokesman for the High Commissioner of the United Nations for all Refugees",
        ),
    ],
)
def test_a_source_has_its_article_and_no_capital_of_its_own(source: str, name: str) -> None:
    assert who(source) == name


@pytest.mark.parametrize(
    ("intensity", "words"), [(0.5, ", with a pause,"), (1.25, ", with a spell at another pace,")]
)
def test_a_spell_at_a_higher_pace_is_no_pause(intensity: float, words: str) -> None:
    spell = {"start": "2025-01-20", "days": 10, "intensity": intensity}
    assert words in said(pauses=[spell])
