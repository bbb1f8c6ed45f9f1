"""A scenario file from answers: what is typed is judged at once, and what is written is valid."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulate
from simulate.errors import LimitError
from simulate.scenario import yaml_source
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview.document import document
from simulate.scenario.interview.questions import FIRST
from simulate.scenario.loader import load_text
from simulate.scenario.stocks import Amount
from tests.scenario.interviews import (
    COUNT,
    FUND,
    LEFT,
    MONTH,
    SERIES,
    STOCK,
    SUPPLY,
    asked,
    days,
    questions,
    written,
)


@pytest.mark.parametrize("typed", [COUNT, STOCK, FUND, LEFT, SUPPLY])
def test_every_question_is_answered_once(typed: dict[str, str]) -> None:
    assert list(questions(typed)) == list(typed)


def test_all_answers_are_in_the_file() -> None:
    scenario = written().scenario
    assert (scenario.title, scenario.unit) == ("A claim", "soldiers")
    assert scenario.losses.count is not None
    assert scenario.losses.count.describe() == "uniform low 3,000, high 4,200"
    assert scenario.losses.law("as_of").describe() == "uniform low 2024-12-26, high 2025-01-17"
    assert scenario.start.describe().startswith("triangular low 2024-12-01, mode")
    assert scenario.losses.source == scenario.force.source == "A newspaper"
    assert scenario.losses.url == "https://example.org/losses"
    assert str(scenario.last_day) == "2026-01-01"
    assert [(one.label, str(one.date), one.threshold) for one in scenario.published] == [
        ("A newspaper", "2025-04-15", 1.0)
    ]


# --- what can be known ---


def test_a_stock_of_a_date_at_a_rate_with_floor_and_inflow() -> None:
    scenario = written(STOCK).scenario
    assert (scenario.wording.preset, scenario.unit) == ("stock", "vehicles")
    assert scenario.counts_by == "strength"
    assert scenario.losses.start is None
    # 69 days at 200 a month until 1 April, then 125 a month, of 3,000 less the floor of 600.
    assert days(STOCK) == pytest.approx(69 + (2400 * MONTH - 69 * 200) / 125, abs=1e-6)


@pytest.mark.parametrize(
    ("more", "typed", "expected"),
    [
        ("", {}, 456.553125),
        ("inflow", {}, 689.085),
        ("inflow", {"inflow.from": "from 2026-04-01 until 2026-10-01"}, 525.178125),
        ("inflow", {"inflow.amount": "75 a month from 2026-04-01 until 2026-10-01"}, 525.178125),
        ("floor", {}, 365.2425),
        ("usable", {"force.usable": "0.18"}, 82.179563),
        ("outflows", {"outflows": "400 on 2026-05-01"}, 395.679375),
        ("trend", {"trend": "-0.02 a week until 2026-07-01"}, 678.30647),
    ],
)
def test_topics_by_reference_values(more: str, typed: dict[str, str], expected: float) -> None:
    found = days(STOCK | typed | {"more": more})
    assert found == pytest.approx(expected, abs=1e-6)


def test_two_counts_and_days_of_supply() -> None:
    # From 7 October: 243 days to the second count, and 212.625 more.
    assert days(LEFT) == pytest.approx(243 + 212.625, abs=1e-6)
    assert days(SUPPLY) == pytest.approx(11, abs=1e-6)
    assert written(SUPPLY).scenario.unit == "days of supply"
    ranges = written(SUPPLY, force__lasts="10 to 12 days on 2025-06-18").scenario.force
    assert ranges.lasts is not None
    assert ranges.lasts.describe() == "uniform low 10, high 12"


def test_a_season() -> None:
    factors = "1.9, 1.7, 1.4, 1.0, .6, .4, .35, .35, .5, .8, 1.3, 1.7"
    typed = {"losses.rate": "950 a year", "force.size": "245.4 on 2022-06-23", "more": "season"}
    found = days(STOCK | typed | {"rate.by_month": factors})
    assert found == pytest.approx(153.806081, abs=1e-6)


def test_a_trend_and_an_arrival() -> None:
    typed = STOCK | {"more": "trend and arrivals", "trend": "-0.02 a week"}
    typed |= {"reinforcements": "300 on 2026-03-01; 10 to 20 on 2026-04-01"}
    scenario = written(typed).scenario
    assert scenario.rate is not None
    assert scenario.rate.trend_per_week is not None
    assert scenario.rate.trend_per_week.support[0] == -0.02
    assert [arrival.size.describe() for arrival in scenario.reinforcements] == [
        "constant 300",
        "uniform low 10, high 20",
    ]
    assert scenario.question == "When would the whole stock be gone?"  # net of what arrives


def test_counts_from_a_file_in_the_folder_of_the_scenario(tmp_path: Path) -> None:
    first = dt.date(2025, 1, 1)
    rows = "".join(f"{first + dt.timedelta(i)};x;{10 + 5 * i}\n" for i in range(60))
    (tmp_path / "losses.csv").write_text(f"day;other;tank\n{rows}", encoding="utf-8")
    file = tmp_path / "f.yaml"
    file.write_text(document(asked(SERIES, DataFolder(tmp_path))), encoding="utf-8")
    result = simulate.run(file, draws=64)
    # From 20 January, the first day of the window, to 1 March, and 200 days of 5.
    assert result.quantile(0.5).day == pytest.approx(40 + 200, abs=1e-6)
    series = result.loaded.scenario.losses.series
    assert series is not None
    assert (series.window, series.cumulative, series.url) == (40, True, "https://example.org/x")


def test_rows_that_count_from_the_row_before(tmp_path: Path) -> None:
    rows = "day,tank\n2025-01-01,4\n2025-01-02,4\n2025-01-03,3\n"
    (tmp_path / "losses.csv").write_text(rows, encoding="utf-8")
    changes = {"losses__series__file": "losses.csv", "losses__series__window": "2"}
    answers = asked(SERIES, DataFolder(tmp_path), rows="row", **changes)
    assert "    cumulative: false\n" in document(answers)


def test_a_fund_that_is_spent_from_a_day_on() -> None:
    assert written(FUND).scenario.question.startswith("When would the whole fund be spent")
    assert days(FUND) == pytest.approx(14200 * MONTH / 410, abs=1e-6)
    flows = {"more": "floor, inflow", "force.floor": "1000", "inflow.amount": "75 a month"}
    assert days(FUND | flows) == pytest.approx(13200 * MONTH / 335, abs=1e-6)


def test_a_count_beside_a_stock_of_a_date() -> None:
    """4,000 in 40 days; of 12,000 on 1 February all but 2,000, at 100 a day."""
    typed = COUNT | {"losses.count": "4000", "losses.as_of": "2025-01-14"}
    typed |= {"losses.start": "2024-12-06", "force.size": "12000 on 2025-02-01"}
    typed |= {"more": "floor, inflow", "force.floor": "2000"}
    typed |= {"inflow.amount": "20 to 30 a day", "inflow.from": "2025-12-01"}
    # The origin is the first day of the losses, 57 days before the date of the stock.
    assert days(typed) == pytest.approx(57 + 100, abs=1e-6)
    assert written(typed).scenario.inflow[0].amount.describe() == "uniform low 20, high 30"


def test_a_range_of_days_includes_the_last() -> None:
    text = document(asked(losses__as_of="2025-01-13 to 2025-01-15"))
    assert "as_of: {distribution: uniform, low: 2025-01-13, high: 2025-01-16}\n" in text
    assert "every moment from low to the beginning of high, the day after the last" in text.lower()
    one = written(losses__as_of="2025-01-13 to 2025-01-13").scenario.losses.law("as_of")
    assert one.describe() == "uniform low 2025-01-13, high 2025-01-14"


# --- the day a count runs up to ---


@pytest.mark.parametrize(
    ("published", "horizon"), [("2031-05-01", "2031-05-01"), ("2031-05", "2031-05-31")]
)
def test_the_usual_horizon_holds_the_published_date(published: str, horizon: str) -> None:
    assert str(written(more="published", published=published).scenario.last_day) == horizon


# --- words ---


def test_what_was_left_of_a_stock_is_one_question() -> None:
    said = {typed["wording"]: questions(typed)["force.size"] for typed in (COUNT, STOCK, FUND)}
    assert said["force"].startswith("How large was the force? ")
    assert said["stock"].startswith("How many vehicles were left, and on which day? ")
    assert said["fund"].startswith("How many euros were left, and on which day? ")


@pytest.mark.parametrize("size", ["3000", "3000 on 2026-01-22"])
@pytest.mark.parametrize("known", ["count", "rate"])
@pytest.mark.parametrize(
    ("wording", "own"),
    [
        ("force", {"lost", "loss", "force", "soldiers"}),
        ("stock", {"used up"}),
        ("fund", {"spent", "spending", "Spending"}),
    ],
)
def test_questions_and_comments_have_the_words_of_the_domain(
    wording: str, own: set[str], known: str, size: str
) -> None:
    typed = COUNT | FUND | {"wording": wording, "known": known, "force.size": size}
    typed |= {"losses.as_of": "2024-12-26 to 2025-01-16", "losses.count": "1000"}
    typed |= {"more": "shares, floor", "thresholds": "0.5, 1", "force.floor": "10"}
    typed |= {"losses.start": "2024-12-01"}
    said = questions(typed)
    assert list(said)[:4] == ["title", "wording", "known", "unit"]
    del said["wording"]  # it names all three
    said = {key: text.replace("lost 5000", "") for key, text in said.items()}
    comments = re.findall("#.*", document(asked(typed)).partition("\nunit:")[2])
    for texts in (said.values(), comments):
        found = set(re.findall(r"lost|loss|force|soldiers|[Ss]pending|spent|used up", str(texts)))
        assert found <= own
    assert set(re.findall("lost|used up|spent", str(said.values()))) == own & {
        "lost",
        "used up",
        "spent",
    }


def test_the_unit_of_an_empty_line_depends_on_what_runs_out() -> None:
    units = [written(typed, unit="").scenario.unit for typed in (COUNT, STOCK, FUND)]
    assert units == ["soldiers", "units", "dollars"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-12-12", "2027-12-12", "2027-12-12"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2028-02-10 to 2028-02-20", "2028-02-10", "2028-02-20"),
        ("2027-12 to 2028-02", "2027-12-01", "2028-02-29"),
    ],
)
@pytest.mark.parametrize("label", ["", ", A ministry", ": A ministry", " A ministry"])
def test_what_was_published_may_be_a_period(text: str, first: str, last: str, label: str) -> None:
    typed = STOCK | {"more": "published", "published": f"{text}{label}"}
    (one,) = written(typed).scenario.published
    assert (str(one.first), str(one.last)) == (first, last)
    assert one.label == ("A ministry" if label else "Published")


@pytest.mark.parametrize(
    ("text", "thresholds", "checked"),
    [
        ("0.5, 1, left 600", "0.5 1 left", 1.0),
        ("All, lost 50", "1 lost", 1.0),
        ("left 600, Lost 50", "left lost", None),
        ("600 left, 50 lost", "left lost", None),
    ],
)
def test_shares_and_amounts(text: str, thresholds: str, checked: float | None) -> None:
    typed = STOCK | {"more": "shares, published", "thresholds": text, "published": "2027-01"}
    scenario = written(typed).scenario
    found = [at.kind if isinstance(at, Amount) else f"{at:g}" for at in scenario.thresholds]
    assert " ".join(found) == thresholds
    assert scenario.published[0].threshold == checked


def test_what_may_be_left_empty() -> None:
    loaded = written(title="", unit="", losses__source="", force__source=" ", more="nothing else")
    scenario = loaded.scenario
    assert (scenario.title, scenario.unit, scenario.published) == ("My claim", "soldiers", ())
    assert (scenario.losses.source, scenario.losses.url) == ("", "")
    assert scenario.horizon is None
    assert str(scenario.last_day) == "2030-01-17"


def test_a_question_of_ones_own() -> None:
    changed = written(more="question", question="When: 5 #?").scenario
    assert changed.question == "When: 5 #?"


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("3800", "constant 3,800"),
        ("1e3", "constant 1,000"),
        ("3000 to 4200", "uniform low 3,000, high 4,200"),
        ("0 to 400", "uniform low 0, high 400"),
        ("3000, 3800, 4400", "triangular low 3,000, mode 3,800, high 4,400"),
    ],
)
def test_forms_of_a_number(text: str, law: str) -> None:
    count = written(losses__count=text).scenario.losses.count
    assert count is not None
    assert count.describe() == law


@pytest.mark.parametrize("text", ["Rate", " RATE "])
def test_a_choice_in_capitals(text: str) -> None:
    rate = "200 per Month"
    assert written(STOCK, known=text, losses__rate=rate, wording="Stock") == written(STOCK)


def test_a_limit() -> None:
    with pytest.raises(LimitError, match="36,525 days"):
        asked(horizon="9999-12-31")


def test_a_count_at_the_end_of_the_calendar() -> None:
    days = {"losses__as_of": "9899-12-19", "losses__start": "9899-12-01"}
    assert str(written(**days, more="").scenario.last_day) == "9904-12-20"


@pytest.mark.parametrize(
    "text",
    [
        'Losses: "3,800" # by \\January',
        "{'a': [1, 2]}",
        "- no",
        "伤亡 & *alias !tag %",
        "a\nb\ttab",
        "\x1b[31mred\x85\u2028\ufeff",
        "x" * 2000,
    ],
)
def test_text_comes_back_as_it_was_given(text: str) -> None:
    assert title_written(text) == text


ANSWERED = asked()


def title_written(text: str) -> str:
    title = FIRST[0].read(text, {})
    return load_text(document({**ANSWERED, **title})).scenario.title


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    assert title_written(text) == text


@pytest.mark.parametrize("text", ["3800", "1e3", "12.000", "+5", "1_000", ".5e1"])
def test_numbers_are_written_as_they_were_typed(text: str) -> None:
    assert f"  count: {text}\n" in document(asked(losses__count=text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_quoted(text: str) -> None:
    line = yaml_source.quoted(text)
    assert "\n" not in line
    assert yaml_source.parse(f"a: {line} # b", "f").tree == {"a": text}
