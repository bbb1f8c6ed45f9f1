"""What a picture editor would send back before print: words twice, half-empty or cut pictures."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import simulate
from simulate.api.sensitivity import Sensitivity
from simulate.report.document import SheetName
from simulate.report.figures.canvas import fitted
from simulate.report.figures.frame import SHEETS
from simulate.report.text.wording import medians_words
from tests.report.layout import faults, texts
from tests.texts import run_text

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


@pytest.mark.parametrize("sheet", ["phone", "3.5in"])
def test_a_column_says_whose_claims_are_the_first_and_the_last(sheet: SheetName) -> None:
    lines = [*sensitivity("kursk-claims").picture().draw(sheet).texts]
    lines.sort(key=lambda line: -line.get_position()[1])
    shown = " ".join(line.get_text() for line in lines)
    assert "Claim 2: President Zelensky. Claim 1: Joint Chiefs of Staff (South Korea)." in shown


def test_pictures_of_several_thresholds_have_captions_of_their_own() -> None:
    page = sensitivity("tanks-storage").page(verbose=True)
    pictures = [each for part in page.sections for each in part.blocks if each.kind == "picture"]
    captions = [each.caption for each in pictures]
    assert captions[0] == "Which input moves the date most, 100 % withdrawn."
    assert len({*captions}) == len(captions) == 3


@pytest.mark.parametrize("sheet", ["web", "7in", "3.5in"])
def test_print_shows_the_whole_question_of_every_scenario(sheet: SheetName) -> None:
    look = SHEETS[sheet]
    for file in sorted(CONFIGS.glob("*.yaml")):
        question = simulate.load(file).scenario.question
        lines = fitted(question, look.words, inches=look.inches, lines=look.most[1])
        assert " ".join(lines) == question


def test_a_picture_of_a_stock_begins_on_its_day() -> None:
    """What there was before is known to nobody: 829 were counted, and some were built since."""
    result = simulate.run(CONFIGS / "cruise-missiles-2022.yaml", draws=64, strength=True)
    figure, counted = result.picture("fan").draw("7in"), dt.date(2022, 11, 22)
    for axes in figure.axes:
        assert round(axes.get_xlim()[0]) == counted.toordinal()
    assert result.summary.strength is not None
    top = max(values[0] for values in result.summary.strength.present.values)
    assert figure.axes[0].get_ylim()[1] < top
    days = re.findall(r"^\d{4}-\d\d-\d\d", run_text(result.summary), re.MULTILINE)
    assert min(days) >= str(counted)


def test_what_is_used_up_begins_with_the_second_count() -> None:
    """Between both counts the stock falls, so a line at 0 would contradict it."""
    size = {"distribution": "uniform", "low": 36, "high": 39}
    counts = [{"date": "2022-02-01", "size": 113.5}, {"date": "2025-01-01", "size": size}]
    tree = {"title": "T", "wording": "fund", "unit": "billions", "force": {"counts": counts}}
    figure = simulate.run(tree, draws=64, strength=True).picture("fan").draw("7in")
    above, below = (np.asarray(axes.lines[0].get_xdata()) for axes in figure.axes)
    counted = dt.date(2025, 1, 1).toordinal()
    assert min(above) < counted - 1000
    assert min(below) == counted
    assert "Billions spent: from 1 January 2025, the second count, on." in texts(figure)


def test_of_one_date_what_is_left_is_drawn_alone() -> None:
    """What was used mirrors it; bands too narrow to be seen are not explained."""
    tree = {"title": "T", "wording": "stock", "force": {"size": 119, "as_of": "2022-11-18"}}
    rate = {"distribution": "uniform", "low": 3.07, "high": 3.09}
    result = simulate.run(
        {**tree, "losses": {"rate": rate, "per": "day"}}, draws=1024, strength=True
    )
    figure = result.picture("fan").draw("7in")
    assert len([axes for axes in figure.axes if axes.lines]) == 1
    words = " ".join(texts(figure))
    assert "Line: median of the simulations at the end of the day." in words
    assert "band" not in words


def test_losses_are_drawn_where_shares_are_of_them() -> None:
    """Else a picture of losses would have a title of who is present."""
    losses = {"rate": 92, "per": "day", "start": "2024-12-06"}
    tree = {"title": "T", "force": {"size": 12_000}, "losses": losses}
    figure = simulate.run(tree, draws=64, strength=True).picture("fan").draw("7in")
    assert {"Units present", "Units lost"} <= {*texts(figure)}


def test_a_later_count_has_its_date_once() -> None:
    file = CONFIGS / "cape-town-2018.yaml"
    figure = simulate.run(file, draws=64, strength=True).picture("fan").draw("7in")
    (words,) = re.findall("Published later: (.*?) percentile", " ".join(texts(figure)))
    assert words.startswith("3.4 per cent of capacity up to 16 April 2018, at the ")


MARCH, APRIL, END = dt.date(2025, 3, 8), dt.date(2025, 4, 18), dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ([MARCH, APRIL], "between early March and mid-April 2025, depending on the cause"),
        (
            [MARCH, None, dt.date(2025, 3, 18)],
            "between 8 and 18 March 2025, or not by 1 January 2026, depending on the cause",
        ),
        ([None, APRIL], "in mid-April 2025, or not by 1 January 2026, depending on the cause"),
        ([None, None], "not by 1 January 2026 in any case"),
        ([MARCH, MARCH], "on 8 March 2025 in any case"),
    ],
)
def test_a_title_names_the_medians_of_several(dates: list[dt.date | None], words: str) -> None:
    assert medians_words(dates, END, "cause") == f"median {words}"


@cache
def swept() -> simulate.SweepResult:
    grid = {"rate.strength_exponent": [0, 0.5, 2]}
    return simulate.sweep(CONFIGS / "tanks-storage.yaml", grid, draws=1024)


def test_a_sweep_names_its_input_in_full() -> None:
    figure = swept().plot(preset="print").figure
    assert not faults(figure)
    assert "response of the rate to the strength" in [t.replace("\n", " ") for t in texts(figure)]
    assert not any("…" in words for words in texts(figure))
    # Half of the width, at least, is for the picture.
    assert figure.axes[0].get_position().width > 0.5


def test_a_row_of_a_column_says_once_that_it_never_happens() -> None:
    drawing = swept().main_picture()
    assert drawing is not None
    shown = [words.strip() for words in texts(drawing.draw("3.5in"))]
    assert shown.count("not by 1 January 2032") == 1
    assert "response of the rate to the strength: 2" in shown
    assert not any("never 100 %" in words for words in shown)


def test_a_comparison_in_print_explains_its_errors() -> None:
    files = [CONFIGS / f"{name}.yaml" for name in ("kursk-isw", "kursk-nis")]
    drawing = simulate.compare(files, draws=256).picture()
    printed, page = (" ".join(texts(drawing.draw(sheet))) for sheet in ("7in", "page"))
    assert "(± " in printed
    assert "±: 95 % Monte Carlo error, in days." in printed
    assert "±" not in page


@pytest.mark.parametrize("sheet", ["phone", "3.5in"])
def test_a_column_does_not_run_a_letter_into_a_date(sheet: SheetName) -> None:
    files = [CONFIGS / f"{name}.yaml" for name in ("kursk-isw", "kursk-nis")]
    shown = texts(simulate.compare(files, draws=256).picture().draw(sheet))
    assert len([words for words in shown if words.startswith("A: ") and "2025" in words]) == 1


def test_a_card_has_no_errors_that_it_does_not_explain() -> None:
    shown = " ".join(texts(sensitivity("cape-town-2018").picture().draw("social")))
    other = " ".join(texts(sensitivity("kursk-claims").picture().draw("social")))
    assert "Knowing it would remove" in shown
    assert "Knowing it would remove" in other
    assert "±" not in shown + other


def test_a_back_test_names_who_counted_and_explains_what_it_draws() -> None:
    found = simulate.backtest(CONFIGS / "tanks-reference-2024.yaml", days=[30, 90])
    words = " ".join(texts(found.plot(preset="print").figure)).replace("\n", " ")
    assert "Counts in tank-losses.csv (General Staff of Ukraine) from 1 March 2022" in words
    assert "as that rate takes 30 or 90 days to lose" in words
    assert "Bands and brackets: 90 % block-bootstrap intervals." in words
    assert "front, unit: by a fixed amount" in words
    with pytest.raises(ValueError, match="preset must be 'web' or 'print'"):
        found.plot(preset="social")
