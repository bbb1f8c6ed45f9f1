"""Axes of dates whose labels can be read, and names that no line crosses or that say no key."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import StepPatch
from matplotlib.text import Text

import simulate
from simulate.report.document import Picture, SheetName
from simulate.report.pages.cells import labelled
from tests.cases import FUND_OF_ONE_DATE
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def run(name: str, draws: int = 1024) -> simulate.Result:
    return simulate.run(CONFIGS / f"{name}.yaml", draws=draws, strength=True)


def test_a_day_is_named_at_its_noon() -> None:
    """So the end of 8 April, at which it is published, lies between its name and the next."""
    axes = run("ventilators-ny-2020", 1024).picture("cdf").draw("social").axes[0]
    names = {
        label.get_text().split("\n")[0]: label.get_position()[0] for label in axes.get_xticklabels()
    }
    end = dt.date(2020, 4, 8).toordinal() + 1
    assert names["8 Apr"] < end < names["9 Apr"]
    assert end - names["8 Apr"] == names["9 Apr"] - end


@pytest.mark.parametrize("sheet", ["7in", "3.5in", "page", "phone"])
@pytest.mark.parametrize("name", ["buk-2023", "kursk-campaign", "fighting-vehicles-2026"])
def test_an_axis_has_several_dates_that_keep_apart(name: str, sheet: SheetName) -> None:
    axes = run(name, 1024).picture("histogram").draw(sheet).axes[0]
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert len(boxes) >= 3
    assert all(left.x1 + 5 < right.x0 for left, right in pairwise(boxes))


def test_a_published_line_at_the_beginning_is_beside_the_scale() -> None:
    axes = run("tanks-storage", 1024).picture("histogram").draw("7in").axes[0]
    line = dt.date(2026, 12, 31).toordinal() + 1
    low, high = axes.get_xlim()
    assert low + 0.01 * (high - low) < line < low + 0.03 * (high - low)


def test_the_axis_of_a_card_ends_with_the_dates_that_it_names() -> None:
    """Two of three published periods have no name on a card; the last is March 2025."""
    card, page = (
        run("internet-subsidy-2022", 1024).picture("histogram").draw(sheet).axes[0].get_xlim()[1]
        for sheet in ("social", "page")
    )
    assert card < dt.date(2025, 1, 31).toordinal() < dt.date(2025, 3, 31).toordinal() < page


def test_no_line_crosses_the_name_of_what_is_left() -> None:
    axes = run("s300-buk-2023", 1024).picture("fan").draw("7in").axes[0]
    name = next(text for text in axes.findobj(Text) if text.get_text() == "Missiles left")
    uprights = [line for line in axes.lines if len(np.unique(line.get_xdata())) == 1]
    assert max(line.get_window_extent().y1 for line in uprights) < name.get_window_extent().y0


def test_six_scenarios_have_two_pictures_on_a_page() -> None:
    """On one, letters would be of five points on paper."""
    six = simulate.compare([CONFIGS / "kursk-isw.yaml"] * 6, draws=256)
    blocks = (block for section in six.page().sections for block in section.blocks)
    drawn = [block for block in blocks if isinstance(block, Picture)]
    ends = [picture.caption.rpartition(", ")[2] for picture in drawn]
    assert ends == ["B and C.", "E and F."]
    made = [picture.drawing() for picture in drawn if picture.drawing]
    assert max(each.draw("page").get_figheight() for each in made) < 9.25 * 8 / 6


def test_the_day_of_publication_is_no_part_of_a_label() -> None:
    period = {"from": "2028-01-01", "to": "2028-12-31"}
    said = [
        {"label": "the office (CBO), 7 February: in 2028", **period},
        {"label": "A US official, June 17, 2025: soon", "date": "2028-03-01"},
    ]
    result = simulate.run({**FUND_OF_ONE_DATE, "published": said}, draws=1024)
    words = " ".join(texts(result.picture("histogram").draw("web"))).replace("\n", " ")
    assert "The office (CBO): in 2028" in words
    assert "A US official: soon, 1 March 2028" in words


def test_a_warning_names_inputs_in_words() -> None:
    result = run("kursk-isw", 1024)
    text = "losses.start can fall after losses.as_of; from 2024-11-05 (prelude.start); kursk.yaml"
    assert labelled(text, result.summary) == (
        "the day the losses began (losses.start) can fall after the day the count was made "
        "(losses.as_of); from 2024-11-05 (the day earlier losses began: prelude.start); kursk.yaml"
    )


def test_a_long_label_leaves_no_part_of_a_card_empty() -> None:
    """Two published dates: one at the beginning, and one whose label is over half as wide."""
    tree = {
        "title": "T",
        "force": {"size": {"distribution": "uniform", "low": 11000, "high": 13000}},
        "losses": {
            "count": {"distribution": "uniform", "low": 3500, "high": 4200},
            "start": "2024-12-06",
            "as_of": "2025-01-16",
        },
        "published": [
            {"label": "the Institute for the Study of War (ISW)", "date": "2025-04-15"},
            {"label": "a US official", "date": "2025-03-20"},
        ],
    }
    figure = simulate.run(tree, draws=2048).picture("histogram").draw("social")
    assert not faults(figure)
    (bars, *_) = (patch for patch in figure.axes[0].patches if isinstance(patch, StepPatch))
    low, high = figure.axes[0].get_xlim()
    assert bars.get_data()[1][-1] > high - 0.03 * (high - low)
