"""Published periods in every answer."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import simulate
from simulate.report.data import tables
from simulate.report.document import SheetName, composed
from simulate.report.pages.assumptions import published
from simulate.report.render.terminal import render
from simulate.report.text.wording import prose_period
from tests.cases import FUND_OF_ONE_DATE, SIZE, scenario
from tests.report.layout import faults, texts
from tests.report.readers import yaml_of

PUBLISHED = [
    {"label": "ISW: mid-April", "from": "2025-04-10", "to": "2025-04-20"},
    {"label": "A paper", "date": "2025-05"},
]
SHARES = "84.4 % of simulations before, 15.1 % within, 0.6 % after or never"
"""The exact shares are 84.38, 15.05 and 0.57 %."""


@cache
def result() -> simulate.Result:
    return simulate.run(scenario(size=SIZE, published=PUBLISHED, by=["2025-04-20"]), draws=8192)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2025-04-10", "2025-04-20", "10 to 20 April 2025"),
        ("2025-03-28", "2025-04-04", "28 March to 4 April 2025"),
        ("2025-12-28", "2026-01-04", "28 December 2025 to 4 January 2026"),
        ("2025-02-01", "2025-02-28", "February 2025"),
        ("2025-02-01", "2025-02-27", "1 to 27 February 2025"),
        ("2025-02-28", "2025-02-28", "28 February 2025"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2023-01-01", "2024-12-31", "2023 to 2024"),
        ("2024-01-01", "2024-12-30", "1 January to 30 December 2024"),
        ("2024-01-02", "2024-12-31", "2 January to 31 December 2024"),
        ("2024-10-01", "2024-12-31", "October to December 2024"),
        ("2024-12-01", "2025-01-31", "December 2024 to January 2025"),
    ],
)
def test_the_days_of_a_period(first: str, last: str, words: str) -> None:
    assert prose_period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == words


def test_a_period_is_one_sentence_everywhere() -> None:
    page = " ".join(render(result().page(), 100).split())
    said = (
        "In 84 % of simulations it happens before the period ISW gave as “mid-April” "
        "(10 to 20 April 2025), in "
    )
    assert f"{said}15 % in it and in 1 % later." in page
    assert "ISW: mid-April (10 to 20 April 2025): " not in page  # once is enough
    more = " ".join(render(result().page(verbose=True), 100).split())
    assert "ISW: mid-April (10 to 20 April 2025): 84.4 % (± 0.1) before, 15.1 %" in more
    assert "by 20 April 2025: 99.4 %" in page
    citation = result().cite()
    assert f"The published period “ISW: mid-April” (10 to 20 April 2025): {SHARES}." in citation
    assert f"(10 to 20 April 2025): {SHARES}" in result().picture("histogram").alt
    worded = result().cite(words="ipcc")
    assert "15.1 % within, unlikely (0 to 33 %) on the IPCC scale; 0.6 % after or never" in worded
    named = yaml_of(result().cite("quarto"))["published_1"]
    assert [named[key] for key in ("period", "before", "within", "after", "probability")] == [
        *("10 to 20 April 2025", "84.4 %", "15.1 %", "0.6 %", "99.4 %")
    ]


def test_a_period_in_json_and_tables() -> None:
    first, month = result().to_dict()["outcomes"][0]["published"]
    assert (first["from"], first["to"], first["date"]) == ("2025-04-10", *["2025-04-20"] * 2)
    assert (month["from"], month["to"]) == ("2025-05-01", "2025-05-31")
    table = tables.published(result().summary)
    assert table is not None
    row = dict(zip(table.header, next(iter(table.rows)), strict=True))
    assert row["within"] == first["within"]["probability"]
    assert row["within_mc_error"] == first["within"]["mc_error"] > 0
    steps = [one for one in tables.hubverse(result().summary).rows if one[3] == "cdf"]
    counted = result().summary.counted_until
    assert counted is not None
    start = (dt.date(2025, 4, 10) - counted).days
    assert [one[5] for one in steps if one[4] == start] == [
        pytest.approx(first["before"]["probability"], abs=1e-12)
    ]


def test_a_run_with_dates_only_keeps_its_keys_and_files() -> None:
    plain = simulate.run(
        scenario(size=SIZE, published=[{"label": "A", "date": "2025-04-15"}]), draws=1024
    )
    (check,) = plain.to_dict()["outcomes"][0]["published"]
    assert set(check) == {"label", "date", "probability_by", "mc_error"}
    assert "published.csv" not in plain.files(())
    assert "published.csv" in result().files(())


@pytest.mark.parametrize("sheet", ["web", "3.5in", "social"])
@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
def test_a_period_is_a_band(kind: str, sheet: SheetName) -> None:
    figure = result().picture(kind).draw(sheet)
    assert not faults(figure)
    patches = (patch for axes in figure.axes for patch in axes.patches)
    bands = (one for one in patches if isinstance(one, Rectangle) and one.get_zorder() == 0.4)
    ends = [(band.get_x(), band.get_x() + band.get_width()) for band in bands]
    first = float(dt.date(2025, 4, 10).toordinal())
    if sheet != "social":
        assert ends[0] == (first, first + 11)
        assert any("ISW: mid-April" in text for text in texts(figure))
        assert any("10 to 20 April 2025 (15 % within)" in text for text in texts(figure))
        lines = [np.asarray(line.get_xdata()) for axes in figure.axes for line in axes.lines]
        assert {first, first + 11} <= {days[0] for days in lines if set(days) == {days[0]}}


@pytest.mark.parametrize("sheet", ["web", "3.5in", "7in", "social"])
@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
def test_what_is_far_from_the_bars_is_named_at_the_edge(kind: str, sheet: SheetName) -> None:
    far = [
        {"label": "officials", "from": "2024-02-10", "to": "2024-02-20"},
        {"label": "the auditor", "date": "2026-02-01"},
    ]
    run = simulate.run(scenario(size=SIZE, published=far), draws=1024)
    figure = run.picture(kind).draw(sheet)
    assert not faults(figure)
    words = " ".join(texts(figure))
    if sheet == "3.5in":
        assert "← a" in words
        assert "b →" in words
        assert "a: Officials, 10 to 20 February 2024 (0 % within)" in words
    else:
        assert "← Officials: 10 to 20 February 2024 (0 % " in words
        assert "The auditor: 1 February 2026 (100 % by then) →" in words


@pytest.mark.parametrize(("named", "thresholds", "said"), [(0, 2, 2), (1, 2, 1), (0, 1, 0)])
def test_dates_without_a_threshold(named: int, thresholds: int, said: int) -> None:
    own: dict[str, object] = {"threshold": 1.0} if named else {}
    dates = [*PUBLISHED, {"label": "A channel", "date": "2025-04-15", **own}]
    of = scenario(size=SIZE, published=dates, thresholds=[0.5, 1.0][-thresholds:])
    run = simulate.run(of, draws=1024)
    page = composed("T", ("published", "Published", published(of, run.summary)))
    text = " ".join(render(page, 100).split())
    assert text.count("The scenario names no threshold for") == said
    assert ("no threshold for ISW: mid-April; A paper: all are shown." in text) == (said > 0)


def test_what_would_make_the_middle_of_a_period_the_median() -> None:
    effects = simulate.sensitivity(scenario(size=SIZE, published=PUBLISHED), draws=2048)
    page = " ".join(render(effects.page(), 100).split())
    assert "What would make the middle of 10 to 20 April 2025, 15 April 2025, the median" in page
    assert "Published: ISW: mid-April, the middle of 10 to 20 April 2025" in page
    needed = effects.to_dict()["needed"][0]
    assert (needed["date"], needed["from"], needed["to"]) == (
        *("2025-04-15", "2025-04-10", "2025-04-20"),
    )


@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
@pytest.mark.parametrize(
    ("first", "last", "drawn", "said"),
    [
        # The bars are 37 days from 17 March: near is from 8 February on, all from 2 January.
        ("2025-01-25", "2025-02-15", True, "A: 25 January to 15 February 2025 ("),
        ("2024-11-01", "2025-02-15", False, "← A: 1 November 2024 to 15 February 2025 ("),
        ("2025-04-10", "2025-12-31", False, " % within) →"),
    ],
)
def test_a_period_is_whole_or_says_where_it_goes(
    kind: str, first: str, last: str, *, drawn: bool, said: str
) -> None:
    dates = [{"label": "A", "from": first, "to": last}]
    of = scenario(size=SIZE, published=dates)
    figure = simulate.run(of, draws=2048).picture(kind).draw("web")
    assert not faults(figure)
    assert any(said in text for text in texts(figure))
    low, high = figure.axes[0].get_xlim()
    days = [dt.date.fromisoformat(day).toordinal() for day in (first, last)]
    assert (low <= days[0] and days[1] < high) == drawn


def test_labels_of_lines_are_explained_once() -> None:
    web, card = (result().picture("histogram").draw(sheet) for sheet in ("web", "social"))
    key = "Lines: 5 %, half and 95 % of simulations get there by then."
    assert key in texts(web)
    assert key not in texts(card)
    assert any(text.startswith("half of simulations by ") for text in texts(card))


def test_a_long_label_is_its_name_not_half_a_sentence() -> None:
    dates = [
        {
            "label": f"the auditors: before the end of the {'long, ' * 10}year of the war",
            "date": "2025-05-31",
        },
        {"label": "the press: in May", "date": "2025-05-30"},
    ]
    shown = texts(simulate.run(scenario(size=SIZE, published=dates), draws=2048).plot().figure)
    assert any(text.startswith("The auditors: 31 May 2025 (") for text in shown)
    assert any(text.startswith("The press: in May, 30 May 2025 (") for text in shown)


def test_an_input_that_moves_nothing() -> None:
    period = {"label": "ISW: March to June 2025", "from": "2025-03-01", "to": "2025-06-30"}
    fund = {**FUND_OF_ONE_DATE, "published": [period]}
    result = simulate.run(fund, draws=1024)
    answer = " ".join(render(result.page(), 100).split())
    assert "That is in the period ISW gave, March to June 2025." in answer
    assert "No uncertain input moves the date, so every simulation gives this date. " in answer
    assert "In all simulations" not in answer
    assert "“ISW: March to June 2025”: 0 % of" in result.cite()
    page = render(simulate.sensitivity(fund, draws=1024).page(), 100)
    assert "No uncertain input moves this date" in page
    assert "What would make" not in page  # a date that nobody published


def test_the_label_of_a_promise_says_what_is_gone_by_then() -> None:
    said = "the director: the money will last until the beginning of next summer"
    promise = {"label": said, "date": "2025-05-31"}
    limit = {"label": "the director: by June", "date": "2025-05-31"}
    for check in (promise, limit):
        of = scenario(size=SIZE, published=[check])
        shown = texts(simulate.run(of, draws=2048).picture("histogram").draw("web"))
        (label,) = (text for text in shown if text.startswith("The director: "))
        assert " by then)" in label
        assert (" % gone by then)" in label) == (check is promise)


def test_a_card_with_two_labels_keeps_each_on_one_line() -> None:
    long = "a spokesman for the budget committee of the senate: {}"
    checks = [
        {"label": long.format("by early June"), "date": "2025-06-10"},
        {"label": long.format("by the end of the year"), "date": "2025-12-31"},
    ]
    for n in (1, 2):
        of = scenario(size=SIZE, published=checks[:n])
        card = simulate.run(of, draws=2048, strength=True).picture("fan").draw("social")
        (two,) = {"\n" in text for text in texts(card) if text.startswith("A spokesman for")}
        assert two == (n == 1)
