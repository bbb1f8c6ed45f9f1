"""The tornado: its bars, their ends and names, and what stands in place of bars."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from matplotlib.text import Annotation
from msgspec.structs import replace

import simulate
from simulate.analysis.effects import Estimate, GroupMedian
from simulate.analysis.values import Instant
from simulate.report.document import Drawing, SheetName
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.tornado import drawing
from tests.report.layout import faults, texts
from tests.report.test_sensitivity_report import fixed, flagship, never, rich

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def tornado(name: str, draws: int = 1024) -> Drawing:
    return simulate.sensitivity(CONFIGS / f"{name}.yaml", draws=draws).picture()


@pytest.mark.parametrize("report", [flagship, rich, fixed, never])
def test_the_tornado_and_its_words(report: Any) -> None:
    of = report()
    alt = drawing(of).alt
    assert alt.startswith("Tornado of the median date")
    assert alt.endswith(".")
    one, two = (figure_bytes(drawing(of).draw("web"), "svg", alt) for _ in range(2))
    assert one == two
    assert b"<desc" in one
    width, height = drawing(of).draw("web").get_size_inches()
    assert (width, height < 12) == (8, True)


def test_the_longest_bar_comes_first() -> None:
    figure = drawing(flagship()).draw("web")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[0].startswith("day the count was made\n")
    # Every input has a bar to either side of the line, and a date beside each end.
    assert len(figure.axes[0].patches) == 2 * 4
    ends = [label.get_text() for label in figure.axes[0].texts]
    assert sum(end.startswith(("early: ", "late: ", "low: ", "high: ")) for end in ends) == 2 * 4
    assert "median 7 Mar 2025" in ends


def test_what_surely_matters_little_has_no_bar() -> None:
    of, main = flagship(), flagship().thresholds[-1]
    for error, bars in ((0.0005, 1), (0.01, 2)):
        small = replace(main.ranked[1], total=Estimate(0.005, error))
        found = replace(main, ranked=(main.ranked[0], small))
        figure = drawing(of, found).draw("web")
        assert len(figure.axes[0].get_yticklabels()) == bars
        assert sum("Left out: 1 input" in words for words in texts(figure)) == (bars == 1)
        assert ("number lost" in drawing(of, found).alt) == (bars == 2)


def test_ends_on_the_same_side_share_the_height() -> None:
    of, main = flagship(), flagship().thresholds[-1]
    low, high = (
        GroupMedian(f"{n} tenth", Instant(150.0, None, 0.1)) for n in ("lowest", "highest")
    )
    high = replace(high, median=Instant(151.0, None, 0.1))
    bent = replace(main.ranked[0], low=low, high=high)
    figure = drawing(of, replace(main, ranked=(bent,))).draw("web")
    (height,) = {round(patch.get_height(), 6) for patch in figure.axes[0].patches}  # type: ignore[attr-defined]  # rectangles
    assert height < 0.3


@pytest.mark.parametrize(
    ("error", "said"), [(0.1, "low: 3 Feb"), (3.0, "low: ~3 Feb"), (60.0, "low: ~Feb")]
)
def test_an_end_is_as_precise_as_its_error_allows(error: float, said: str) -> None:
    of, main = flagship(), flagship().thresholds[-1]
    date = dt.date(2025, 2, 3)
    day = (date - of.summary.origin).days + 0.5
    low = GroupMedian("lowest tenth", Instant(day, date, error))
    found = replace(main, ranked=(replace(main.ranked[0], low=low),))
    shown = drawing(of, found).draw("web").axes[0].texts
    (label,) = (one for one in shown if one.get_text().startswith("low:"))
    assert label.get_text().startswith(said)
    assert isinstance(label, Annotation)
    # At the end of the bar, not of a whisker of weeks.
    whisker = 0.0 if error == 60 else error
    assert label.xy[0] == pytest.approx(date.toordinal() + 0.5 - whisker, abs=1e-6)


@pytest.mark.parametrize("sheet", ["3.5in", "phone", "web", "social"])
@pytest.mark.parametrize("name", ["internet-subsidy-2022", "buk-2023", "cruise-missiles-2022"])
def test_bars_of_a_tornado_use_its_width(name: str, sheet: SheetName) -> None:
    figure = tornado(name).draw(sheet)
    assert not faults(figure)
    axes = figure.axes[0]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]  # type: ignore[attr-defined]
    reach = max(map(max, ends)) - min(map(min, ends))
    low, high = axes.get_xlim()
    # Labels such as "high: ~21 Jan" need up to 0.9 inches at either side of 2.9.
    assert reach / (high - low) > 0.3


def test_what_no_source_can_settle_is_the_finding_where_it_matters_most() -> None:
    shown = texts(tornado("tanks-reference-2024", 2048).draw("web"))
    assert "How the rate changes matters most, which no source can settle" in " ".join(shown)
    card = " ".join(texts(tornado("tanks-reference-2024", 2048).draw("social")))
    assert "Of what can be checked, the size of the stock matters most" in card


def test_a_certain_result_has_no_empty_axis() -> None:
    figure = tornado("kursk-isw-point").draw("web")
    assert "14 April 2025 in every simulation:\nno input is uncertain" in texts(figure)
    assert not figure.axes[0].axison


def test_a_date_that_no_uncertain_input_moves() -> None:
    # 700 of 7 a day are gone after 100 days; what comes on the day after cannot matter.
    late = {"size": {"distribution": "uniform", "low": 10, "high": 20}, "date": "2025-06-01"}
    one_date = {
        "title": "T",
        "force": {"size": 700, "as_of": "2025-01-01"},
        "losses": {"rate": 7, "per": "day"},
        "reinforcements": [late],
        "horizon": "2027-01-01",
    }
    shown = texts(simulate.sensitivity(one_date, draws=512).picture().draw("web"))
    assert any(
        words.endswith(" in every simulation:\nno uncertain input moves it") for words in shown
    )


def test_a_tornado_has_no_bar_to_a_median_between_clusters() -> None:
    """About 4,500 at 23.9 a day by one claim, 17.5 by the other: between August and October."""
    uniform = {"distribution": "uniform"}
    claims = [
        {"count": 1600, "as_of": "2025-04-11", "source": "A"},
        {"count": uniform | {"low": 900, "high": 1100}, "as_of": "2025-04-01", "source": "B"},
    ]
    garrison = {
        "title": "T",
        "force": {"size": uniform | {"low": 4050, "high": 4950}},
        "losses": {"pooling": "linear", "start": "2025-02-03", "claims": claims},
    }
    picture = simulate.sensitivity(garrison, draws=16_384).picture()
    figure = picture.draw("web")
    assert len(figure.axes[0].patches) == 2  # both halves of the bar of the claims
    said = "Without a bar: size of the force and number lost, whose median with a low or high value"
    assert said.partition(": ")[2] in " ".join(texts(figure))  # on one line
    assert "Left out" not in " ".join(texts(figure))
    assert said in picture.alt
