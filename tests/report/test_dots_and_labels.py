"""Dots lie within their picture and can be counted; a label has the date that it stands for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.colors import to_hex

import simulate
from simulate.report.document import SheetName
from simulate.report.figures.canvas import house_style
from simulate.report.figures.frame import SHEETS
from simulate.report.figures.style import DOT, UPDATED
from simulate.report.text.strength import observed_lines
from tests.report.layout import faults, texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def run(name: str, *, update: bool = False) -> simulate.Result:
    return simulate.run(CONFIGS / f"{name}.yaml", draws=8192, update=update)


def dots(figure: Figure) -> list[tuple[float, float, str]]:
    """Left and right edge of each dot on the axis of dates, in inches, and its colour."""
    (axes, *_) = figure.axes
    found = []
    for line in axes.lines:
        if line.get_marker() == "o":
            x, _ = axes.transData.transform((np.asarray(line.get_xdata()).flat[0], 0.0))
            half = line.get_markersize() / 144
            edges = x / figure.dpi - half, x / figure.dpi + half
            found.append((*edges, to_hex(line.get_markeredgecolor())))
    return found


@pytest.mark.parametrize("sheet", ["page", "phone", "social"])
@pytest.mark.parametrize("name", ["fighting-vehicles-2026", "cruise-missiles-2022", "apnic-2011"])
def test_every_dot_is_whole(name: str, sheet: SheetName) -> None:
    figure = run(name).picture("dotplot").draw(sheet)
    found = dots(figure)
    assert len(found) == 50
    assert min(left for left, _, _ in found) >= 0
    assert max(right for _, right, _ in found) <= figure.get_size_inches()[0]


@pytest.mark.parametrize("name", ["gas-storage-2022", "kursk-campaign", "tanks-storage"])
def test_dots_of_a_card_can_be_counted(name: str) -> None:
    """Words above the dots that never happen must not make all of them small."""
    figure = run(name).picture("dotplot").draw("social")
    assert not faults(figure)
    assert min(right - left for left, right, _ in dots(figure)) > 0.14


def test_dots_after_later_reports_have_their_colour() -> None:
    result = run("kursk-update", update=True)
    colors = {color for *_, color in dots(result.picture("dotplot").draw("web"))}
    assert colors == {UPDATED.lower()}
    colors = {color for *_, color in dots(run("kursk-isw").picture("dotplot").draw("web"))}
    assert colors == {DOT.lower()}


@pytest.mark.parametrize("kind", ["fan", "histogram"])
@pytest.mark.parametrize("sheet", ["page", "phone", "social", "3.5in"])
def test_a_published_date_beyond_the_chart_is_written(kind: str, sheet: SheetName) -> None:
    """A date on the axis can be read from it; one beyond must be in the label, however long."""
    label = "Ministry of Supply and Procurement of the Federal Republic: about 400 days, after "
    scenario = {
        "title": "T",
        "force": {
            "size": {"distribution": "uniform", "low": 900, "high": 1100},
            "as_of": "2025-01-01",
        },
        "losses": {"rate": 10, "per": "day"},
        "horizon": "2032-12-31",
        "published": [{"label": f"{label}which no store would hold any", "date": "2031-05-12"}],
    }
    figure = simulate.run(scenario, draws=512, strength=True).picture(kind).draw(sheet)
    assert not faults(figure)
    shown = " ".join(texts(figure))
    assert "12 May 2031" in shown
    assert "→" in shown


@pytest.mark.parametrize("sheet", ["page", "phone", "social"])
def test_a_period_named_by_its_label_is_written_once(sheet: SheetName) -> None:
    shown = " ".join(texts(run("tanks-stored-2024").picture("histogram").draw(sheet)))
    assert "The Economist: second half of 2025 (42 % within)" in shown


def test_a_card_leaves_out_words_before_a_date() -> None:
    shown = " ".join(texts(run("tanks-stored-2024").picture("histogram").draw("social")))
    assert "IISS: 13 February 2027 (99.2 % of simulations by then)" in shown
    shown = " ".join(texts(run("apnic-2011").picture("histogram").draw("social")))
    assert "Geoff Huston, as quoted by Tony Hain: August 2011 (1 % within)" in shown


def covered(figure: Figure, place: int, words: str) -> list[int]:
    """How many lines of a panel enter each label that begins with these words."""
    figure.draw_without_rendering()
    axes = figure.axes[place]
    found = []
    for label in (text for text in axes.texts if text.get_text().startswith(words)):
        box = label.get_window_extent()
        curves = (axes.transData.transform(line.get_xydata()) for line in axes.lines)
        dense = (
            np.column_stack(
                [
                    np.interp(np.linspace(0, 1, 4000), np.linspace(0, 1, len(c)), part)
                    for part in c.T
                ]
            )
            for c in curves
            if len(c) > 5
        )
        inside = [
            (points[:, 0] > box.x0)
            & (points[:, 0] < box.x1)
            & (points[:, 1] > box.y0 + 2)
            & (points[:, 1] < box.y1 - 2)
            for points in dense
        ]
        found.append(sum(bool(each.any()) for each in inside))
    return found


def test_a_card_has_no_words_over_its_bands() -> None:
    """Nor has a page, where there is room for them beside the bands."""
    result = simulate.run(CONFIGS / "apnic-2011.yaml", draws=4096, strength=True)
    card, page = (result.picture("fan").draw(sheet) for sheet in ("social", "page"))
    assert covered(card, 0, "About 50 %") == [0]
    assert not any(covered(card, 0, ""))
    assert "down to 1 /8 block" in " ".join(texts(card))
    assert covered(page, 0, "Down to 1") == [0]
    assert covered(page, 0, "About 50 %") == [0]


def test_the_date_of_a_count_published_later_is_written_once() -> None:
    result = simulate.run(CONFIGS / "cape-town-2018.yaml", draws=1024, strength=True)
    shown = " ".join(texts(result.picture("fan").draw("page")))
    assert "Published later: 3.4 per cent of capacity up to 16 April 2018, at " in shown
    assert shown.count("16 April 2018") == 1
    (line,) = observed_lines(result.summary)
    assert line.startswith("3.4 per cent of capacity by 16 April 2018 fall at the ")


def test_an_axis_counts_what_the_title_counts() -> None:
    """14,200 million dollars are 14.2 billion in the title and beneath it."""
    result = simulate.run(CONFIGS / "internet-subsidy-2022.yaml", draws=1024, strength=True)
    figure = result.picture("fan").draw("page")
    assert " ".join(texts(figure)).count("Dollars left would fall from 14.2 billion to none") == 1
    for axes, name in zip(figure.axes, ("left", "spent"), strict=True):
        assert axes.get_title(loc="left") == f"Dollars {name}, billions"
        top = float(axes.get_yticklabels()[-1].get_text())
        assert top * 1000 == axes.get_yticks()[-1]


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("apnic-2011", "histogram", "Simulations per 4 days"),
        ("kursk-claims", "histogram", "Simulations per 2 days:"),
        ("apnic-2011", "cdf", "Simulations with the pool down to 1 /8 block by each date"),
        ("apnic-2011", "dotplot", "50 dots, each 2 % of simulations"),
    ],
)
def test_a_card_says_what_its_axis_or_dots_are(name: str, kind: str, words: str) -> None:
    figure = run(name).picture(kind).draw("social")
    assert texts(figure).count(words) == 1
    assert not faults(figure)
    inches = figure.axes[0].get_position().height * figure.get_size_inches()[1]
    assert inches > 1.0


@pytest.mark.parametrize("sheet", ["page", "phone", "social"])
@pytest.mark.parametrize("name", ["kursk-isw-point", "ventilators-ny-2020"])
def test_no_date_of_an_axis_touches_the_edge(name: str, sheet: SheetName) -> None:
    figure = run(name).picture("histogram").draw(sheet)
    with house_style():
        figure.draw_without_rendering()
        dates = [mark.get_window_extent() for mark in figure.axes[0].get_xticklabels()]
    assert len(dates) > 1
    edge = (SHEETS[sheet].width - SHEETS[sheet].margin / 2) * figure.dpi
    assert max(date.x1 for date in dates) <= edge + 0.5
