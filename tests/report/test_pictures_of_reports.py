"""Pictures of scenarios as newspapers report them: sources, quoted dates, narrow sizes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import simulate
from simulate.report.document import Drawing, SheetName
from simulate.report.figures.axis import place
from simulate.report.figures.bars import bars
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.dates import MOST_BARS, bars_and_span
from simulate.report.figures.frame import SHEETS
from simulate.report.figures.style import PUBLISHED
from simulate.report.pages.run import run_page
from simulate.report.render.html import html
from simulate.report.text.captions import finding as finding_of_one
from simulate.report.text.captions import number_and_meaning, sources_and_program
from simulate.report.text.comparison import finding
from simulate.report.text.phrases import equal_tailed
from simulate.report.text.wording import MARK, MARKED
from tests.report.layout import faults, texts
from tests.texts import undrawn

CONFIGS = Path(__file__).parents[2] / "configs"
UNIFORM = {"distribution": "uniform"}
OFFICER, COUNT = (
    "the brigade's press officer",
    "an independent count of obituaries and hospital notices",
)
BRIGADE: dict[str, Any] = {
    "title": "The brigade that went into the line in March",
    "unit": "men",
    "force": {"size": {**UNIFORM, "low": 2880, "high": 3520}, "source": "the brigade"},
    "losses": {
        "start": "2024-03-11",
        "claims": [
            {"count": 780, "as_of": "2024-05-16", "source": OFFICER},
            {
                "count": {**UNIFORM, "low": 950, "high": 1200},
                "as_of": "2024-05-21",
                "source": COUNT,
            },
        ],
    },
    "published": [{"label": "a deputy: by autumn", "from": "2024-09-01", "to": "2024-11-30"}],
}


@cache
def brigade() -> simulate.Result:
    return simulate.run(BRIGADE, draws=4096)


@pytest.mark.parametrize("sheet", ["phone", "3.5in", "social"])
def test_a_long_name_in_a_legend_has_several_lines(sheet: SheetName) -> None:
    figure = brigade().picture("histogram").draw(sheet)
    assert not faults(figure)
    assert f"50 %: {COUNT}" in " ".join(texts(figure)).replace("  ", " ")


def test_a_source_is_cut_only_where_its_line_ends() -> None:
    summary = brigade().summary
    shown = " ".join(texts(brigade().picture("histogram").draw("web")))
    assert f"Sources: the brigade; {OFFICER}; {COUNT}" in shown
    assert f"{COUNT}. simulate " in sources_and_program(summary)
    one = {"count": 780, "as_of": "2024-05-16", "start": "2024-03-11", "source": "long " * 30}
    long = {**BRIGADE, "force": {"size": 3200}, "losses": one}
    assert "long… simulate " in sources_and_program(simulate.run(long, draws=64).summary)


STOCK: dict[str, Any] = {
    "title": "Interceptors of the air force",
    "unit": "interceptors",
    "wording": {"preset": "stock", "lost": "fired"},
    "force": {"size": {**UNIFORM, "low": 225, "high": 275}, "source": "a leaked document"},
    "losses": {
        "rate": {**UNIFORM, "low": 6, "high": 9},
        "per": "week",
        "start": "2024-02-20",
        "source": "counts of launches",
    },
    "rate": {"multiplier": {**UNIFORM, "low": 1.25, "high": 1.5}},
    "inflow": [{"amount": 20, "per": "month", "from": "2024-06-01", "source": "an ally"}],
    "published": [
        {"label": "officials: empty by the end of the summer", "date": "2024-09-22"},
    ],
}


@cache
def stock() -> simulate.Result:
    return simulate.run(STOCK, draws=4096)


@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
@pytest.mark.parametrize("sheet", ["phone", "3.5in"])
def test_in_a_column_labels_do_not_stretch_an_axis(kind: str, sheet: SheetName) -> None:
    for result in (brigade(), stock()):
        figure = result.picture(kind).draw(sheet)
        assert not faults(figure)
        _, _, (low, high) = bars_and_span(result.summary, result.outcome(), None, MOST_BARS, ())
        # Labels at the right of their lines stretched it by two thirds.
        assert figure.axes[0].get_xlim()[1] <= high + 0.05 * (high - low)


@pytest.mark.parametrize("name", ["internet-subsidy-2022", "tanks-reference-2024"])
def test_bars_on_the_axis_are_drawn(name: str) -> None:
    result = simulate.run(CONFIGS / f"{name}.yaml", draws=4096)
    outcome = result.outcome()
    marked = date_flags(outcome, SHEETS["web"])
    drawn, _, (low, high) = bars_and_span(result.summary, outcome, None, MOST_BARS, marked)
    plain = bars(outcome.histogram, MOST_BARS, result.summary.horizon)
    assert drawn is not None
    assert plain is not None
    # A published date makes the axis longer than the bars; those there were said to be outside.
    assert drawn.outside < plain.outside
    for date, share in zip(outcome.histogram.edges, outcome.histogram.probability, strict=False):
        if share and low + drawn.span <= date.toordinal() < high - drawn.span:
            assert drawn.edges[0] <= date.toordinal() < drawn.edges[-1]
    assert low <= drawn.edges[0]
    assert drawn.edges[-1] <= high
    assert sum(drawn.probability) + drawn.outside == pytest.approx(outcome.depleted_probability)


@pytest.mark.parametrize("sheet", ["phone", "web", "social"])
def test_no_dot_is_on_the_other_side_of_an_end_of_the_interval(sheet: SheetName) -> None:
    for result in (stock(), brigade()):
        axes = result.picture("dotplot").draw(sheet).axes[0]
        interval = equal_tailed(result.outcome(), 0.9)
        assert interval is not None
        low, high = (place(result.summary.origin, end) for end in (interval.low, interval.high))
        assert low is not None
        assert high is not None
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        if sheet == "social" and result is brigade():  # clusters leave out days of the interval
            assert sum(dot.get_markerfacecolor() == "white" for dot in dots) == 0
            continue
        inside = [low < np.asarray(dot.get_xdata()).item() < high for dot in dots]
        assert inside == [dot.get_markerfacecolor() != "white" for dot in dots]
        # P5, 7 %, ..., P95
        assert (len(dots), sum(inside)) == (50, 46)


def test_bars_of_a_tornado_are_in_the_order_of_their_shares() -> None:
    report = simulate.sensitivity(CONFIGS / "kursk-claims.yaml", draws=1024)
    labels = [label.get_text() for label in report.picture().draw("web").axes[0].get_yticklabels()]
    shares = [float(re.findall(r"([\d.]+) %", label)[-1]) for label in labels]
    assert len(shares) > 3
    assert shares == sorted(shares, reverse=True)


@cache
def each_claim(n: int = 2) -> Drawing:
    losses = {**BRIGADE["losses"], "pooling": "each"}
    third = {**losses["claims"][0], "count": 900, "source": "a ministry"}
    losses = {**losses, "claims": [*losses["claims"], third][:n]}
    whole: dict[str, Any] = {**BRIGADE, "losses": losses}
    return simulate.compare(whole, draws=1024).picture()


@pytest.mark.parametrize("sheet", ["phone", "3.5in", "web", "social"])
def test_claims_are_compared_by_their_numbers_with_the_published_date(sheet: SheetName) -> None:
    figure = each_claim().draw(sheet)
    assert not faults(figure)
    shown = " ".join(texts(figure))
    assert "Claim 1: " in shown
    who = r"\s+\(a[^()]+\)"
    named = rf"days\s+earlier\s+(By|by)\s+claim\s+2({who})?\s+than\s+by\s+claim\s+1({who})?"
    assert re.search(named, shown)
    assert "if the two" not in shown
    assert BRIGADE["title"] in shown or sheet in ("phone", "social")
    # The published period is a line in each panel, named once or more.
    assert "A deputy: by autumn" in shown
    for axes in figure.axes[:2]:
        dotted = [line for line in axes.lines if line.get_color() == PUBLISHED]
        assert dotted
    bars = [min(axes.get_position().height for axes in figure.axes[:2]) * figure.get_figheight()]
    assert min(bars) > 0.3


def test_more_claims_are_not_called_scenarios() -> None:
    shown = " ".join(texts(each_claim(3).draw("web")))
    assert "depending on the claim" in shown
    assert "Claim 3 against claim 1: " in shown


def test_files_with_one_title_are_the_first_and_the_second_scenario(tmp_path: Path) -> None:
    for k, name in enumerate(("one.yaml", "two.yaml")):
        text = (CONFIGS / "kursk-isw-point.yaml").read_text()
        (tmp_path / name).write_text(text.replace("11000", str(11_000 + 500 * k)))
    found = simulate.compare([tmp_path / "one.yaml", tmp_path / "two.yaml"], draws=64)
    title = finding(found.comparison, 1.0)
    assert title.endswith("in the second scenario (two) than in the first scenario (one)") or (
        "in the first scenario (one) and the second scenario (two)" in title
    )


def test_a_published_date_has_its_date_and_its_words() -> None:
    said = "Officials: empty by the end of the summer, 22 September 2024"
    shown = texts(stock().picture("histogram").draw("phone"))
    assert any(words.startswith("a: Officials: empty by the end of the summer,") for words in shown)
    shown = texts(stock().picture("fan" if stock().summary.strength else "cdf").draw("web"))
    assert any(words.replace("\n", " ").startswith(said) for words in shown)
    short = {**STOCK, "published": [{"label": "officials", "date": "2024-09-22"}]}
    for sheet in ("web", "social"):
        shown = texts(simulate.run(short, draws=1024).picture("histogram").draw(sheet))
        assert any(words.startswith("Officials: 22 September 2024 (") for words in shown)


@pytest.mark.parametrize(
    ("unit", "subject"),
    [
        ("interceptors", "Whole stock of interceptors"),
        ("tonnes", "Whole stock"),
        ("TWh", "Whole stock"),
    ],
)
def test_a_title_says_of_what_the_stock_is(unit: str, subject: str) -> None:
    result = simulate.run({**STOCK, "unit": unit}, draws=1024)
    title = " ".join(texts(result.picture("histogram").draw("web")))
    assert f"{subject} would be" in title.replace("  ", " ")
    assert finding_of_one(result.summary, result.outcome()).startswith(f"{subject} would be ")
    assert number_and_meaning(result.summary, result.outcome())[1].startswith(
        f"{subject} would be "
    )


COUNTED: dict[str, Any] = {
    **STOCK,
    "title": "Two counts",
    "force": {"counts": [{"size": 880, "date": "2024-12-01"}, {"size": 640, "date": "2025-03-01"}]},
    "losses": {},
    "rate": {},
    "inflow": [],
    "published": [],
    "thresholds": [0.3, 1.0],
}


def test_what_is_left_begins_with_the_first_count() -> None:
    result = simulate.run(COUNTED, draws=64, strength=True)
    figure = result.picture("fan").draw("web")
    assert "Shares shown are of the second count, 640 interceptors." in texts(figure)
    first = dt.date(2024, 12, 1).toordinal()
    assert first <= min(np.asarray(figure.axes[0].lines[0].get_xdata())) < first + 7


def test_a_single_date_of_uncertain_inputs_is_that_of_all_simulations() -> None:
    one = {**COUNTED, "inflow": [{"amount": {**UNIFORM, "low": 25, "high": 40}, "per": "month"}]}
    result = simulate.run(one, draws=1024)
    assert number_and_meaning(result.summary, result.outcome())[1].endswith(": all simulations")


def test_labels_of_a_tornado_are_off_its_whiskers() -> None:
    report = simulate.sensitivity(CONFIGS / "kursk-campaign.yaml", draws=2048)
    figure = report.picture().draw("web")
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    # Some inputs move the median to one side only, and so have two halves of a bar.
    assert len({round(bar.get_height(), 3) for bar in axes.patches}) == 2  # type: ignore[attr-defined]
    places = [axes.transData.transform(line.get_xydata()) for line in axes.lines]
    whiskers = [each for each in places if each[0, 1] == pytest.approx(each[-1, 1])]
    assert len(whiskers) > 20
    for words in axes.texts:
        box = words.get_window_extent()
        for (left, y), (right, _) in whiskers:
            across = left < box.x1 + 3 and right > box.x0 - 3
            assert not (across and box.y0 < y < box.y1), words.get_text()


def test_a_mark_is_explained_below_the_table_that_has_it() -> None:
    # With so many draws only ends of shortest intervals are uncertain by more than half a day.
    summary = simulate.run(BRIGADE, draws=32_768).summary
    with undrawn():
        page = html(run_page(summary, verbose=True))
    page = re.sub("<style.*?</style>", "", page, flags=re.DOTALL)
    parts = re.split("(?=<table)", page)
    assert sum(MARKED in part for part in parts) == 1
    for part in parts:
        table, _, _ = part.partition("</table>")
        assert (MARKED in part) == (MARK in table)


def test_a_printed_picture_is_on_one_page_with_its_caption() -> None:
    style = (Path(simulate.__file__).parent / "report" / "render" / "page.css").read_text()
    (tall,) = re.findall(r"max-height: ([\d.]+)cm", style)
    # US letter, less margins and the caption; a lower one would make small words of many panels.
    assert float(tall) <= 27.9 - 3 - 1.3


def test_a_card_of_two_names_the_published_date_that_both_have() -> None:
    found = []
    for date in ("2024-09-22", "2024-10-22"):
        other = {**STOCK, "title": "Others", "published": [{"label": "a paper", "date": date}]}
        one = {**STOCK, "published": [{"label": "a paper", "date": "2024-09-22"}]}
        figure = simulate.compare([one, other], draws=1024).picture().draw("social")
        assert not faults(figure)
        found.append([words for words in texts(figure) if words.startswith("A paper: ")])
    assert found == [["A paper: 22 September 2024"], []]
