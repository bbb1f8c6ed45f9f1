"""What a picture editor would send back before print: words twice, half-empty or cut pictures."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import simulate
from simulate.api.sensitivity import Sensitivity
from simulate.report.document import SheetName
from simulate.report.figures.canvas import fitted
from simulate.report.figures.frame import SHEETS
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def sensitivity(name: str) -> Sensitivity:
    return simulate.sensitivity(CONFIGS / f"{name}.yaml", draws=1024)


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_tornado_says_once_what_both_ends_of_an_input_say(sheet: SheetName) -> None:
    answer = sensitivity("tanks-storage")
    ends = [(each.low, each.high) for each in answer.effects().ranked]
    alike = [low and high and not (low.median.date or high.median.date) for low, high in ends]
    shown = [each.replace("\n", " ") for each in texts(answer.picture().draw(sheet))]
    assert shown.count("either way: not by 1 Jan 2032") == sum(map(bool, alike)) > 1
    assert shown.count("high: not by 1 Jan 2032") == 1
    assert "low: not by 1 Jan 2032" not in shown


@pytest.mark.parametrize("name", ["cape-town-2018", "kursk-claims"])
@pytest.mark.parametrize("sheet", ["page", "7in", "social"])
def test_the_names_of_a_tornado_are_apart_from_the_labels_of_bars(
    name: str, sheet: SheetName
) -> None:
    figure = sensitivity(name).picture().draw(sheet)
    assert not faults(figure)
    (axes,) = figure.axes
    names = [label.get_window_extent().x1 for label in axes.get_yticklabels()]
    labels = [text.get_window_extent().x0 for text in axes.texts if ":" in text.get_text()]
    assert min(labels) - max(names) > 0.1 * figure.dpi


def test_a_tornado_names_the_unit_of_what_is_left() -> None:
    shown = " ".join(texts(sensitivity("cape-town-2018").picture().draw("page")))
    assert "Median date, down to 13.5 per cent of capacity, with each input" in shown


def test_a_tornado_of_one_input_is_as_tall_as_its_row() -> None:
    one, two = (
        sensitivity(name).picture().draw("7in") for name in ("cape-town-2018", "apnic-2011")
    )
    (axes,), (taller,) = one.axes, two.axes
    assert len(axes.get_yticks()) == 1
    assert axes.get_window_extent().height < taller.get_window_extent().height


@pytest.mark.parametrize("sheet", ["web", "7in", "3.5in"])
def test_print_shows_the_whole_question_of_every_scenario(sheet: SheetName) -> None:
    look = SHEETS[sheet]
    for file in sorted(CONFIGS.glob("*.yaml")):
        question = simulate.load(file).scenario.question
        lines = fitted(question, look.words, inches=look.inches, lines=look.most[1])
        assert " ".join(lines) == question


def test_what_is_used_up_begins_with_the_count_of_the_stock() -> None:
    """Before it the stock falls, so a line at 0 would contradict it."""
    file = CONFIGS / "cruise-missiles-2022.yaml"
    figure = simulate.run(file, draws=64, strength=True).picture("fan").draw("7in")
    above, below = (np.asarray(axes.lines[0].get_xdata()) for axes in figure.axes)
    counted = dt.date(2022, 11, 22).toordinal()
    assert min(above) < counted - 200
    assert min(below) == counted
    assert "Missiles used up: from 22 November 2022, the day of the count, on." in texts(figure)


def test_a_stock_counted_on_the_first_day_needs_no_such_words() -> None:
    file = CONFIGS / "gas-storage-2022.yaml"
    figure = simulate.run(file, draws=64, strength=True).picture("fan").draw("7in")
    assert not any("the day of the count" in words for words in texts(figure))
