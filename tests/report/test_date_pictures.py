"""Histogram, curve and dotplot of real runs: nothing clipped, nothing covered, no text obeyed."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simulate
from simulate.errors import MissingLettersWarning
from simulate.report.document import SheetName
from simulate.report.figures import canvas, histogram, style
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.frame import SHEETS
from tests.report import factory
from tests.report.layout import faults, inert_svg, texts

CONFIGS = Path(__file__).parents[2] / "configs"
SHIPPED = sorted(path.stem for path in CONFIGS.glob("*.yaml") if path.stem != "kursk-campaign")
DATE_KINDS = ("histogram", "cdf", "dotplot")
NARROW_AND_CARD: tuple[SheetName, ...] = ("3.5in", "social")
ALONE = ("by=[]", "published=[]")
EDGES = {
    "no draw depleted": (("horizon=2025-01-17", "losses.count=100", *ALONE), 1024),
    "nearly all never": (("horizon=2025-01-20", *ALONE), 8192),
    "few depleted": (("horizon=2025-02-05", *ALONE), 1024),
    "already passed": (("thresholds=[0.05]", "published=[]"), 1024),
    "one draw": ((), 1),
    "twenty draws": ((), 20),
    "a hundred years": (
        ("horizon=2120-01-01", "losses.count={distribution: lognormal, p5: 30, p95: 4200}"),
        1024,
    ),
    "many dates": (("by=[2025-02-01, 2025-02-02, 2025-03-01, 2025-03-05, 2025-04-01]",), 1024),
}


@cache
def shipped(name: str) -> simulate.Result:
    loaded = simulate.load(CONFIGS / f"{name}.yaml")
    # An update needs more draws that fit the reports.
    return simulate.run(loaded, draws=4096 if name == "kursk-update" else 1024)


@cache
def edge(name: str) -> simulate.Result:
    settings, draws = EDGES[name]
    return simulate.run(simulate.load(CONFIGS / "kursk-isw.yaml", settings), draws=draws)


@cache
def titled(title: str) -> simulate.Result:
    loaded = simulate.load(CONFIGS / "wagner-killed.yaml")
    scenario = loaded.scenario.model_copy(update={"title": title, "question": title})
    return simulate.run(scenario, draws=1024)


def sheets(names: Iterable[str], name: str, kind: str) -> tuple[SheetName, ...]:
    """A column, and of the card and three that are hardly wider than each other one in turn."""
    columns: tuple[SheetName, ...] = ("phone", "3.5in")
    wide: tuple[SheetName, ...] = ("social", "web", "page", "7in")
    turn = [*names].index(name) + DATE_KINDS.index(kind)
    return columns[turn % 2], wide[turn % 4]


def test_each_sheet_is_tried() -> None:
    for kind in DATE_KINDS:
        assert {each for name in SHIPPED for each in sheets(SHIPPED, name, kind)} == {*SHEETS}


@pytest.mark.parametrize("kind", DATE_KINDS)
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_can_be_read_in_every_size(name: str, kind: str) -> None:
    picture = shipped(name).picture(kind)
    for sheet in sheets(SHIPPED, name, kind):
        assert not faults(picture.draw(sheet)), sheet


@pytest.mark.parametrize("kind", DATE_KINDS)
@pytest.mark.parametrize("name", EDGES)
def test_edge_cases_can_be_read_in_every_size(name: str, kind: str) -> None:
    picture = edge(name).picture(kind)
    for sheet in sheets(EDGES, name, kind):
        assert not faults(picture.draw(sheet)), sheet


@pytest.mark.parametrize("name", factory.ALL)
def test_synthetic_histograms_fit_a_column_and_a_card(name: str) -> None:
    summary = factory.ALL[name]()
    for sheet in NARROW_AND_CARD:
        assert not faults(histogram.drawing(summary).draw(sheet))


def test_the_check_of_the_layout_finds_faults() -> None:
    figure = Figure(figsize=(2, 2))
    figure.text(0.5, 0.5, "first")
    figure.text(0.52, 0.5, "second")
    figure.text(0.9, 0.1, "outside of it")
    assert sorted(faults(figure)) == ["'first' over 'second'", "outside: 'outside of it'"]


@pytest.mark.parametrize("kind", DATE_KINDS)
@pytest.mark.parametrize("name", ["tags", "marks", "letters", "2,000"])
def test_titles_are_inert_and_not_clipped(name: str, kind: str) -> None:
    title = factory.HOSTILE_TEXTS.get(name, "A long title of the longest length allowed. " * 45)
    picture = titled(title).picture(kind)
    for sheet in NARROW_AND_CARD:
        figure = picture.draw(sheet)
        assert not faults(figure), sheet
        assert all(text.get_parse_math() is False for text in figure.findobj(Text))
        assert figure.get_figheight() < 8
    inert_svg(picture, "3.5in")


@pytest.mark.parametrize(
    ("kind", "file"), [("histogram", "svg"), ("cdf", "png"), ("dotplot", "pdf")]
)
def test_the_same_run_gives_the_same_bytes(kind: str, file: str) -> None:
    """Each kind in one format: `test_figures` compares all formats of a histogram."""
    pictures = [simulate.run(CONFIGS / "kursk-isw.yaml", draws=1024).picture(kind) for _ in "ab"]
    one, two = (figure_bytes(each.draw("3.5in"), file, each.alt) for each in pictures)
    assert one == two


def test_letters_without_a_font_are_said_once() -> None:
    summary = factory.hostile("\U00012000")  # cuneiform
    drawing = histogram.drawing(summary)
    figure = drawing.draw("web")
    canvas._warn_of_missing_letters.cache_clear()
    with pytest.warns(MissingLettersWarning, match="package fonts-noto-cjk"):
        figure_bytes(figure, "png", drawing.alt)
    figure_bytes(figure, "svg", drawing.alt)  # would be an error here if it warned again
    canvas._warn_of_missing_letters.cache_clear()
    figure_bytes(figure, "svg", drawing.alt, letters="text")


def test_words_can_be_read_on_white() -> None:
    for color in (style.INK, style.GREY, style.BLUE, style.GREEN, style.VERMILION, *style.SOURCES):
        levels = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
        weights = (0.2126, 0.7152, 0.0722)  # WCAG 2.2, relative luminance
        assert 1.05 / (sum(map(operator.mul, weights, linear)) + 0.05) >= 4.5, color


def test_a_card_has_its_fixed_size_and_the_number() -> None:
    result = simulate.run(simulate.load(CONFIGS / "kursk-isw.yaml"), draws=65_536)
    for kind in DATE_KINDS:
        figure = result.plot(kind=kind, preset="social").figure
        assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 675)
        shown = texts(figure)
        assert "3 February to 13 April 2025" in shown
        look = {"histogram": " (darker)", "dotplot": " (filled)"}.get(kind, "")
        meaning = f"at about 130 soldiers a day: nine simulations in ten{look}"
        assert any(text.endswith(meaning) for text in shown), kind
        assert any(
            text.startswith("Sources: US Department of Defense; President Zelensky;")
            for text in shown
        )
        source = next(text for text in shown if text.startswith("simulate "))
        assert result.loaded.digest.rpartition(":")[2][:12] in source
        assert not any("kursk-isw.yaml" in text for text in shown)


def test_what_the_curve_says() -> None:
    shown = texts(shipped("wagner-killed").plot(kind="cdf").figure)
    by = shipped("wagner-killed").probability_by("2023-05-20").probability
    assert f"{100 * by:.0f} % by 20 May 2023" in shown
    assert any(text.startswith("not by 1 Jan 2024:\n") for text in shown)
    assert any(text.startswith("median ") for text in shown)
    assert any("95 % Monte Carlo error at most" in text for text in shown)
    narrow = texts(shipped("wagner-killed").picture("cdf").draw("3.5in"))
    assert "a" in narrow
    assert f"a: {100 * by:.0f} % by 20 May 2023" in narrow


def test_what_the_dots_say() -> None:
    result = edge("few depleted")
    never = result.curve().dots.count(None)
    depleted = result.outcome().depleted_probability
    assert abs(never / 50 - (1 - depleted)) <= 0.011
    figure = result.plot(kind="dotplot").figure
    assert any(text.startswith("50 dots, each 2 % of simulations") for text in texts(figure))
    crossed = [line for line in figure.axes[1].lines if line.get_marker() == "x"]
    assert len(crossed) == never
    assert f"{never} dots stand apart" in result.picture("dotplot").alt


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", ["kursk-isw", "kursk-isw-point", "s300-buk-2023"])
def test_there_are_fifty_dots_none_of_which_covers_another(name: str, sheet: SheetName) -> None:
    figure = shipped(name).picture("dotplot").draw(sheet)
    figure.draw_without_rendering()
    dots = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    places = [dot.get_transform().transform(dot.get_xydata())[0] for dot in dots]
    assert len(places) == 50
    size = dots[0].get_markersize() * figure.dpi / 72
    assert size > 0.05 * figure.dpi
    for k, (x, y) in enumerate(places):
        assert all(math.hypot(x - a, y - b) >= size for a, b in places[k + 1 :])


def test_descriptions_give_the_numbers() -> None:
    result = shipped("kursk-isw")
    check = result.outcome().published[0]
    by = f"{100 * check.probability_by:.1f} % of simulations are depleted by then"
    for kind in DATE_KINDS:
        assert by in result.picture(kind).alt
        assert result.cite().splitlines()[2][4:20].lower() in result.picture(kind).alt.lower()
    never = edge("few depleted")
    gap = f"{100 * (1 - never.outcome().depleted_probability):.0f} % of simulations that are never"
    assert gap in never.picture("cdf").alt
    assert "apart" in never.picture("dotplot").alt


def test_what_cannot_be_drawn_from_python() -> None:
    result = shipped("kursk-isw")
    with pytest.raises(ValueError, match="kind must be 'histogram', "):
        result.plot(kind="pie")
    with pytest.raises(ValueError, match="preset must be 'web', "):
        result.plot(preset="poster")
    with pytest.raises(ValueError, match="strength=True"):
        result.plot(kind="fan")
    figure = histogram.drawing(result.summary, result.outcome(0.3)).draw("web")
    assert texts(result.plot(0.3).figure) == texts(figure)
