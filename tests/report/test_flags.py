"""Labels of vertical lines: near the end of an axis they are at the left of their lines."""

from __future__ import annotations

import pytest

import simulate
from simulate.report.document import SheetName
from simulate.report.figures.bars import bars
from simulate.report.figures.dates import span_of
from simulate.report.figures.flags import Pole, needed_end, rows, turned
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
    low, high = span_of(result.summary, outcome, bars(outcome.histogram, 120))
    # Its labels stretched it by a third before they could move.
    assert figure.axes[0].get_xlim()[1] <= high + 0.05 * (high - low)
