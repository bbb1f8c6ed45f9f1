"""Labels of vertical lines: near the end of an axis they are at the left of their lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from matplotlib.text import Text
from msgspec.structs import replace

import simulate
from simulate.report.document import SheetName
from simulate.report.figures.bars import bars
from simulate.report.figures.date_lines import date_flags
from simulate.report.figures.dates import span_of
from simulate.report.figures.flags import Pole, needed_end, rows, strip, turned
from simulate.report.figures.frame import SHEETS
from tests.report.layout import faults


def test_only_the_last_labels_move_to_the_left() -> None:
    poles = [Pole(10, 1.0), Pole(60, 1.0), Pole(97, 2.0), Pole(95, 1.0)]
    assert needed_end(poles, 0, 100, 10) > 115
    found = turned(poles, 0, 100, 10, beside=(0, 0))
    assert [pole.left for pole in found] == [False, False, True, True]
    assert needed_end(found, 0, 100, 10) == 100
    # The last label covers the line before it, and so is above that line's label.
    assert rows(found, 10) == [0, 0, 1, 0]


def test_labels_stay_where_they_cannot_move() -> None:
    poles = [Pole(5, 9.5), Pole(97, 9.9)]
    # Each would cover the line of the other.
    assert rows([poles[0], Pole(97, 9.9, left=True)], 10) is None
    assert turned(poles, 0, 100, 10, beside=(0, 0)) == poles
    # A label that reaches over what is beside the axis need not move.
    assert turned([Pole(95, 1.0)], 0, 100, 10, beside=(0, 1.0)) == [Pole(95, 1.0)]


@pytest.mark.parametrize("sheet", ["web", "page", "social"])
@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
def test_an_axis_ends_with_its_dates(kind: str, sheet: SheetName) -> None:
    result = simulate.run("configs/kursk-isw.yaml", draws=2048)
    outcome = result.outcome()
    figure = result.picture(kind).draw(sheet)
    assert not faults(figure)
    marked = date_flags(outcome, SHEETS[sheet])
    low, high = span_of(result.summary, marked, bars(outcome.histogram, 120))
    # Its labels stretched it by a third before they could move.
    assert figure.axes[0].get_xlim()[1] <= high + 0.05 * (high - low)


def test_a_label_of_two_lines_takes_two_rows() -> None:
    """The first label crosses the line of the second, and so is above both lines of its label."""
    poles = [Pole(10, 4.0), Pole(30, 1.0, lines=2)]
    assert rows(poles, 10) == [2, 0]
    one = [replace(pole, lines=1) for pole in poles]
    assert strip([2, 0], poles, 9.0) - strip([1, 0], one, 9.0) == pytest.approx(9.0 * 0.025)


@pytest.mark.parametrize("kind", ["histogram", "fan"])
def test_a_long_label_has_a_second_line_before_words_are_left_out(kind: str) -> None:
    who = "a spokesman for the General Staff of the Ukrainian army: by Easter"
    tree = {
        "title": "T",
        "force": {"size": {"distribution": "uniform", "low": 11000, "high": 13000}},
        "losses": {"count": 3800, "start": "2024-12-06", "as_of": "2025-01-16"},
        "published": [{"label": who, "date": "2025-04-20"}],
    }
    figure = simulate.run(tree, draws=2048, strength=True).picture(kind).draw("social")
    words = [each.get_text() for each in figure.findobj(Text) if "spokesman" in each.get_text()]
    label = next(each for each in words if not each.startswith("Source"))
    assert " ".join(label.split("\n")).startswith(f"A{who[1:]}, 20 April 2025")
    assert label.count("\n") == 1
    assert not faults(figure)


def test_labels_that_meet_between_lines_take_either_order() -> None:
    """Three long labels at the right, of which the first reaches just over the line at the left.

    The label of that line cannot be above the second, which is above the first.
    """
    places = [(0.55, 1.2), (1.98, 1.3), (3.52, 1.31), (3.64, 3.1), (4.75, 3.17), (5.47, 2.94)]
    poles = [Pole(x, width) for x, width in places]
    found = turned(poles, 0.0, 5.9, 5.9, (0.5, 0.0))
    assert needed_end(found, 0.0, 5.9, 5.9) == 5.9
    levels = rows(found, 1.0)
    assert levels is not None
    boxes = sorted((level, *pole.span(1.0)) for level, pole in zip(levels, found, strict=True))
    assert all(a[0] < b[0] or a[2] <= b[1] for a, b in pairwise(boxes))
    for level, pole in zip(levels, found, strict=True):
        low, high = pole.span(1.0)
        crossed = [k for k, each in enumerate(found) if low < each.x < high and each is not pole]
        assert all(level > levels[k] for k in crossed)
