"""What a picture editor would send back: keys without marks, labels over lines, empty axes."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

import simulate
from simulate.api.report import report_text
from simulate.report.document import SheetName
from simulate.report.figures import fan_panel, histogram, style
from simulate.report.figures.axis import date_axis
from simulate.report.figures.canvas import fitted
from simulate.report.figures.frame import SHEETS
from simulate.report.render.html import html
from simulate.report.text.amounts import extent
from simulate.report.text.attribution import sources
from simulate.report.text.captions import number_and_meaning, strength_finding
from simulate.report.text.comparison import names
from simulate.report.text.headline import span
from simulate.report.text.phrases import main_outcome
from simulate.report.text.sweep import plain_value
from tests.report.layout import faults, texts
from tests.texts import undrawn

CONFIGS = Path(__file__).parents[2] / "configs"
COLUMNS: tuple[SheetName, ...] = ("3.5in", "phone")


@cache
def run(name: str, draws: int = 1024, *, update: bool = False) -> simulate.Result:
    return simulate.run(CONFIGS / f"{name}.yaml", draws=draws, strength=True, update=update)


@pytest.mark.parametrize("name", ["cruise-missiles-2022", "fighting-vehicles-2026", "apnic-2011"])
@pytest.mark.parametrize("sheet", COLUMNS)
def test_a_column_explains_the_letters_it_shows_from_the_left(name: str, sheet: SheetName) -> None:
    figure = run(name).picture("cdf").draw(sheet)
    shown = [text.get_text().strip("← →") for text in figure.axes[0].texts]
    letters = [words for words in shown if re.fullmatch("[a-h]", words)]
    keys = [words[0] for words in texts(figure) if re.match("[a-h]: ", words)]
    assert letters
    assert sorted(keys) == sorted(letters)
    places = {text.get_text().strip("← →"): text.xy[0] for text in figure.axes[0].texts}  # type: ignore[attr-defined]
    along = [places[key] for key in sorted(keys)]
    assert along == sorted(along)


@pytest.mark.parametrize("sheet", COLUMNS)
def test_no_line_of_a_foot_ends_before_a_number(sheet: SheetName) -> None:
    for name in ("apnic-2011", "gas-storage-2022"):
        for words in texts(run(name).picture("histogram").draw(sheet)):
            assert not words.endswith("seed")
            assert words.strip() not in {"0", "%"}


@pytest.mark.parametrize("sheet", SHEETS)
def test_strength_marks_published_dates(sheet: SheetName) -> None:
    picture = run("kursk-isw").picture("fan")
    shown = texts(picture.draw(sheet))
    if SHEETS[sheet].is_narrow:
        assert "a" in shown
        assert "a: ISW: mid-April 2025" in shown
    else:
        assert "ISW: mid-April 2025" in shown
    assert "Published date, ISW: mid-April 2025 (15 April 2025): " in picture.alt


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", ["kursk-campaign", "kursk-claims", "tanks-storage"])
def test_words_of_thresholds_cover_nothing(name: str, sheet: SheetName) -> None:
    assert not faults(run(name).picture("fan").draw(sheet))


def test_words_of_thresholds_are_off_the_lines() -> None:
    figure = run("kursk-campaign").picture("fan").draw("web")
    figure.draw_without_rendering()
    axes = figure.axes[1]
    (label,) = [text for text in axes.texts if text.get_text().startswith("About 50 %")]
    box = label.get_window_extent()
    for line in axes.lines:
        points = axes.transData.transform(line.get_xydata())
        if line.get_linestyle() == "--" and len(points) > 5:
            beside = (points[:, 0] > box.x0) & (points[:, 0] < box.x1)
            inside = beside & (points[:, 1] > box.y0 + 2) & (points[:, 1] < box.y1 - 2)
            assert not inside.any()


def test_a_line_enters_a_box_or_not() -> None:
    rising = ([0.0, 10.0], [0.0, 10.0])
    assert fan_panel._crosses(rising, (4, 6, 4, 6))
    assert fan_panel._crosses(rising, (4, 4.1, 3, 9))
    assert not fan_panel._crosses(rising, (4, 6, 7, 9))
    assert not fan_panel._crosses(rising, (11, 12, 0, 20))
    assert fan_panel._crosses(([5.0, 5.0], [0.0, 9.0]), (4, 6, 7, 8))


def test_an_updated_card_of_strength_has_the_updated_dates() -> None:
    result = run("cape-town-2018", 8192, update=True)
    assert result.summary.updated is not None
    number, _ = number_and_meaning(result.summary.updated, main_outcome(result.summary.updated))
    for kind in ("fan", "histogram", "cdf", "dotplot"):
        figure = result.picture(kind).draw("social")
        assert number in texts(figure)
        assert not faults(figure)


def test_the_last_missile_is_none() -> None:
    # From those left on the day of the count, not from those before the first one counted.
    shown = " ".join(texts(run("buk-2023", 4096).picture("fan").draw("web")))
    assert "Missiles left would fall from 101 to none by" in shown


def two_humps() -> simulate.Result:
    claims = [
        {"count": 600, "as_of": "2025-03-01", "source": "the group"},
        {"count": 450, "as_of": "2025-03-02", "source": "the same group"},
    ]
    size = {"distribution": "uniform", "low": 3300, "high": 3700}
    losses = {"start": "2025-02-10", "claims": claims}
    return simulate.run({"title": "T", "force": {"size": size}, "losses": losses}, draws=4096)


def test_two_clusters_are_in_the_descriptions_and_the_large_line() -> None:
    result = two_humps()
    dates = "26 May to 7 June or 6 to 23 July 2025"  # as derived in `test_captions`
    for kind in ("histogram", "cdf", "dotplot"):
        first, _, second = dates.partition(" or ")
        alt = result.picture(kind).alt
        assert f"lost: either {first} (48 % of simulations) or {second} (49 %);" in alt
    assert span(result.summary) == dates
    words = {text.get_text() for text in result.picture("histogram").draw("web").findobj(Text)}
    assert not any("median" in each for each in words)
    assert any(each.startswith("Lines: 5 % and 95 % of") for each in words)
    assert "either" not in histogram.drawing(run("kursk-isw").summary).alt


@pytest.mark.parametrize(
    ("name", "credited"),
    [
        ("wagner-convicts", "Sources: Olga Romanova; US government; US Army FM 8-55"),
        ("internet-subsidy-2022", "Source: Institute for Local Self-Reliance"),
        (
            "kursk-isw-point",
            "Sources: Institute for the Study of War; President Zelensky",
        ),
    ],
)
def test_sources_are_names_and_each_is_credited_once(name: str, credited: str) -> None:
    assert sources(run(name).summary) == credited


def test_an_abbreviation_is_no_second_source() -> None:
    shown = sources(run("kursk-nis").summary)
    assert "National Intelligence Service (South Korea)" in shown
    assert "NIS" not in shown


def test_headings_of_a_page_are_unique() -> None:
    with undrawn():
        page = html(run("kursk-claims").page(verbose=True))
    headings = re.findall("<h2[^>]*>(.*?)</h2>", page)
    assert len(headings) > 5
    assert len(set(headings)) == len(headings)


def test_a_sweep_has_numbers_and_dates_in_words() -> None:
    grid = {"force.size": [10000, 12000], "losses.start": ["2024-12-01", "2024-12-06"]}
    swept = simulate.sweep(CONFIGS / "kursk-isw.yaml", grid, draws=256)
    shown = texts(swept.plot().figure)
    assert {"10,000", "12,000", "1 Dec 2024", "6 Dec 2024"} < set(shown)
    assert not any("2024-12-01" in words or "10000" in words for words in shown)


def test_values_of_a_sweep_in_words() -> None:
    assert list(map(plain_value, ("10000", "3800", "2024-12-01", "0.25", "x"))) == [
        "10,000",
        "3,800",
        "1 Dec 2024",
        "0.25",
        "x",
    ]


def lightness(color: str) -> float:
    """CIE L*, from 0 to 100."""
    levels = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    luminance = sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16)


def test_neighbours_differ_without_colours() -> None:
    # A difference of 10 is about four times what a reader notices side by side.
    for one, other in pairwise(style.SOURCES):
        assert abs(lightness(one) - lightness(other)) > 10, (one, other)
    assert abs(lightness(style.LOW_INPUT) - lightness(style.HIGH_INPUT)) > 10
    assert abs(lightness(style.HISTOGRAM) - lightness(style.HISTOGRAM_INTERVAL)) > 10
    # Where the difference is smaller hatches differ.
    for pairs in (style.SCENARIOS, style.CAUSES):
        assert len({hatch for _, hatch in pairs}) == len(pairs)


@pytest.mark.parametrize("name", ["cruise-missiles-2022", "kursk-campaign", "wagner-convicts"])
def test_questions_are_whole_in_a_column(name: str) -> None:
    shown = texts(run(name).picture("histogram").draw("3.5in"))
    assert not [words for words in shown if words.endswith("…")]


def reserve(**inflow: float) -> dict[str, Any]:
    uniform = {"distribution": "uniform"}
    return {
        "title": "T",
        "wording": "stock",
        "unit": "tonnes",
        "force": {"size": 500, "as_of": "2025-01-01"},
        "losses": {"rate": uniform | {"low": 10, "high": 12}, "per": "week"},
        "inflow": {"amount": uniform | inflow, "per": "week"},
        "horizon": "2027-01-01",
    }


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_never_happens_is_said_in_place_of_a_picture(sheet: SheetName) -> None:
    never = reserve(low=14, high=20)
    figure = simulate.sensitivity(never, draws=512).picture().draw(sheet)
    said = "Not by 1 January 2027 in any simulation:\nno uncertain input moves it"
    assert said in texts(figure)
    assert not any("Left out" in words for words in texts(figure))
    result = simulate.run(never, draws=512)
    for kind in ("histogram", "dotplot"):
        figure = result.picture(kind).draw(sheet)
        assert not faults(figure)
        assert not any("filled inside" in words for words in texts(figure))


def test_the_axis_ends_where_nearly_all_dates_are() -> None:
    result = simulate.run(reserve(low=0, high=14), draws=4096)
    outcome = main_outcome(result.summary)
    assert 0.05 < 1 - outcome.depleted_probability < 0.95
    (axes, *_) = result.picture("histogram").draw("web").axes
    upto = np.cumsum(outcome.histogram.probability) / outcome.depleted_probability
    last = outcome.histogram.edges[int(np.searchsorted(upto, 0.99)) + 1].toordinal()
    first = outcome.histogram.edges[0].toordinal()
    # A bar beyond the last one cut, and a hundredth of the axis.
    assert axes.get_xlim()[1] < last + 0.05 * (last - first)


def test_a_card_of_what_mostly_never_happens_has_dates() -> None:
    result = simulate.run(reserve(low=4, high=16), draws=4096)
    assert main_outcome(result.summary).depleted_probability < 0.5
    number, meaning = number_and_meaning(result.summary, main_outcome(result.summary))
    assert number == "Not by 1 January 2027"
    assert " would not be gone at 10 to 12 tonnes a week, with more coming in: " in meaning
    assert re.search(r": [\d.]+ % of simulations; .* 202\d in \d+ % of ", meaning)


def test_a_picture_begins_with_what_was_left_on_the_day_of_the_count() -> None:
    ward = {
        "title": "T",
        "unit": "beds",
        "wording": "stock",
        "force": {"size": 64, "as_of": "2025-02-10"},
        "losses": {"count": 40, "start": "2025-02-01", "as_of": "2025-02-10"},
    }
    summary = simulate.run(ward, draws=64, strength=True).summary
    assert summary.strength is not None
    assert strength_finding(summary, summary.strength).startswith(
        "Beds left would fall from 64 to none by "
    )


def test_the_large_line_of_an_updated_page_is_that_after_the_update() -> None:
    result = run("cape-town-2018", 4096, update=True)
    assert result.summary.updated is not None
    assert span(result.summary.updated) != span(result.summary)
    with undrawn():
        text = report_text(result)
    plain = re.sub('<span class="whole">([^<]*)</span>', r"\1", text)
    assert f'class="span" dir="auto">{span(result.summary.updated)}</p>' in plain


def test_a_date_in_words_is_whole_on_a_page() -> None:
    with undrawn():
        page = report_text(run("kursk-isw", 1024))
    answer = page.partition("<figure")[0]
    assert '<span class="whole">mid-April 2025</span>' in answer
    assert re.search(r'<span class="whole">\d{1,2} March 2025</span>', answer)


def test_a_percentage_in_a_heading_is_whole() -> None:
    with undrawn():
        page = html(run("ventilators-ny-2020", 1024).page(verbose=True))
    headings = re.findall("<h2[^>]*>(.*?)</h2>", page)
    named = [heading for heading in headings if "%" in heading]
    assert named
    assert all(re.search('<span class="whole">[^<]*%</span>', heading) for heading in named)


@pytest.mark.parametrize("sheet", ["phone", "3.5in"])
def test_an_axis_of_dates_has_two_at_least(sheet: SheetName) -> None:
    figure = Figure(figsize=(3, 2))
    axes = figure.add_axes((0.1, 0.1, 0.3, 0.8))
    for begin in range(738_900, 739_300, 19):
        for days in (30, 80, 300, 1000, 5000):
            date_axis(axes, begin, begin + days, SHEETS[sheet])
            assert len(axes.get_xticks()) >= 2


def test_words_of_a_share_keep_off_the_median_of_a_narrow_fan() -> None:
    """On the left the bands are low; the words are there."""
    figure = run("kursk-campaign", 1024).picture("fan").draw("phone")
    lower = figure.axes[1]
    found = (text for text in lower.texts if text.get_text() == "About\n100 %")
    words = next(text for text in found if isinstance(text, Annotation))
    assert words.xy[0] == lower.get_xlim()[0]


def test_no_line_parts_a_number_from_its_unit() -> None:
    text = "Dollars left would fall from 14.2 billion to none, at 0.40 to 0.76 million a week"
    for inches in (1.2, 1.5, 1.8, 2.2, 2.6, 3.0):
        lines = fitted(text, 9.0, inches=inches, lines=12)
        assert not any(re.search(r"\d$|\bto$", line) and line[-1].isdigit() for line in lines)


def test_both_ends_of_a_range_have_as_many_decimals() -> None:
    assert extent([0.4, 0.6, 0.76]) == "0.40 to 0.76"
    assert extent([2.5, 7.0, 40.0]) == "2.5 to 40"
    assert extent([25.0, 30.0, 40.0]) == "25 to 40"


def test_long_titles_that_differ_at_the_end_are_no_files() -> None:
    tree = simulate.load("configs/kursk-isw.yaml").scenario
    title = "The same words, " * 15
    both = [tree.model_copy(update={"title": f"{title}{end}"}) for end in ("low", "high")]
    found = simulate.compare(both, draws=64).comparison
    assert names(found) == ["in “low”", "in “high”"]
