"""Words that stay clear: of lines, of each other, of the scale, and of the end of a line."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import dist
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation

import simulate
from simulate.report.figures.canvas import house_style
from simulate.report.render.html import html
from tests.report.layout import faults
from tests.texts import undrawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulate.report.document import SheetName

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def run(name: str) -> simulate.Result:
    return simulate.run(CONFIGS / f"{name}.yaml", draws=4096, strength=True)


def drawn(name: str, kind: str, sheet: SheetName) -> Figure:
    figure = run(name).picture(kind).draw(sheet)
    FigureCanvasAgg(figure)
    with house_style():
        figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("sheet", ["7in", "page", "social"])
@pytest.mark.parametrize("kind", ["histogram", "cdf"])
def test_no_date_crosses_the_name_of_a_result(kind: str, sheet: SheetName) -> None:
    axes = drawn("kursk-update", kind, sheet).axes[0]
    names = [text for text in axes.texts if text.get_text() in ("before", "after")]
    assert len(names) == 2
    lines = [np.asarray(line.get_xdata(), float) for line in axes.lines]
    upright = {line[0] for line in lines if len({*line}) == 1}
    assert upright
    for name in names:
        box = name.get_window_extent()
        places = [axes.transData.transform((day, 0))[0] for day in upright]
        assert not [x for x in places if box.x0 < x < box.x1], name.get_text()


@pytest.mark.parametrize("sheet", ["7in", "page", "social"])
def test_words_above_a_gauge_do_not_touch_it(sheet: SheetName) -> None:
    gauge = drawn("kursk-update", "cdf", sheet).axes[1]
    (above,) = [text for text in gauge.texts if text.get_text().startswith("not by")]
    assert above.get_window_extent().y0 > gauge.get_window_extent().y1 + 1


@pytest.mark.parametrize("sheet", ["7in", "3.5in", "page", "phone"])
@pytest.mark.parametrize("name", ["kursk-update", "kursk-claims"])
def test_a_number_is_nearest_to_its_own_count(name: str, sheet: SheetName) -> None:
    """Two counts of successive days are near each other, and others near the scale."""
    axes = drawn(name, "fan", sheet).axes[1]
    numbers = [
        text for text in axes.texts if isinstance(text, Annotation) and text.get_text().isdecimal()
    ]
    assert len(numbers) >= 5
    points = [axes.transData.transform(number.xy) for number in numbers]
    for number, own in zip(numbers, points, strict=True):
        box, frame = number.get_window_extent(), axes.get_window_extent()
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        assert min(points, key=lambda point: dist(point, middle)) is own, number.get_text()
        assert frame.x0 < box.x0, number.get_text()
        assert frame.y0 < middle[1], number.get_text()


def test_a_low_picture_has_fewer_numbers_on_its_scale() -> None:
    assert not faults(run("tanks-reference-2024").picture("histogram").draw("social"))


@pytest.mark.parametrize(("name", "kind"), [("kursk-nis", "cdf"), ("cruise-missiles-2022", "fan")])
def test_a_telephone_has_room_for_four_dates(name: str, kind: str) -> None:
    shown = drawn(name, kind, "phone").axes[-1].get_xticklabels()
    boxes = sorted((label.get_window_extent().x0, label.get_window_extent().x1) for label in shown)
    assert len(boxes) >= 4
    assert all(left[1] + 4 < right[0] for left, right in pairwise(boxes))


def test_a_name_with_a_number_is_not_broken_at_its_hyphen() -> None:
    with undrawn():
        page = html(run("s300-buk-2023").page())
    assert 'Ukrainian <span class="whole">S-300</span> missiles, from' in page


@pytest.mark.parametrize(
    ("name", "word"), [("tanks-storage", "withdrawn"), ("ventilators-ny-2020", "handed out")]
)
def test_the_table_of_losses_says_what_the_picture_says(name: str, word: str) -> None:
    with undrawn():
        page = " ".join(html(run(name).page()).split())
    assert f">{word} P50</th>" in page
    assert not [text for text in ("lost P50", "used up P50") if text in page]
