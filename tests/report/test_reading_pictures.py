"""What a reader needs of a picture: nothing empty, nothing in vain, nothing that misleads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text

import simulate
from simulate.report.document import SheetName
from simulate.report.figures.frame import SHEETS
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"
KINDS = ("histogram", "cdf", "dotplot", "fan")
SHOWN: tuple[SheetName, ...] = ("page", "phone", "social")


def stock(**more: Any) -> dict[str, Any]:
    """A stock of some 650 million, used up in some fifteen years."""
    size = {"distribution": "uniform", "low": 5.5e8, "high": 7.5e8}
    rate = {"distribution": "lognormal", "p5": 1.4e6, "p95": 9e6}
    return {
        "title": "A reserve",
        "unit": "barrels",
        "wording": "stock",
        "force": {"size": size, "as_of": "2026-01-01"},
        "losses": {"rate": rate, "per": "month"},
        "horizon": "2056-01-01",
        **more,
    }


def few() -> dict[str, Any]:
    """A stock of some 48, used up in two days."""
    size = {"distribution": "uniform", "low": 46, "high": 50}
    rate = {"distribution": "uniform", "low": 23, "high": 27}
    return stock(
        force={"size": size, "as_of": "2026-03-01"},
        losses={"rate": rate, "per": "day"},
        horizon="2026-04-01",
    )


def ended(labels: Sequence[str] = ("withdrawal",), chance: float = 0.9) -> dict[str, Any]:
    """A force that is withdrawn before it is lost in nine of ten simulations."""
    day = {"distribution": "uniform", "low": "2025-01-10", "high": "2025-03-01"}
    return {
        "title": "A force that is withdrawn",
        "force": {"size": {"distribution": "uniform", "low": 11_000, "high": 12_500}},
        "losses": {
            "start": "2024-12-06",
            "count": {"distribution": "uniform", "low": 3000, "high": 4400},
            "as_of": "2025-01-06",
        },
        "ends": [{"label": label, "date": day, "probability": chance} for label in labels],
        "horizon": "2025-04-20",
        "published": [{"label": "A long label of a newspaper", "date": "2025-04-15"}],
        "thresholds": [0.3, 1.0],
    }


def title(result: simulate.Result, kind: str, sheet: SheetName = "web") -> list[str]:
    """The bold lines at the top of a picture."""
    drawn = result.picture(kind).draw(sheet)
    return [text.get_text() for text in drawn.texts if text.get_fontweight() == "bold"]


@pytest.mark.parametrize("scenario", [stock, few, ended])
def test_extreme_scenarios(scenario: Any) -> None:
    result = simulate.run(scenario(), draws=1024, strength=True)
    for kind in KINDS:
        for sheet in SHOWN:
            assert not faults(result.picture(kind).draw(sheet)), (kind, sheet)


def test_numbers_of_titles_are_short() -> None:
    found = " ".join(title(simulate.run(stock(), draws=1024), "cdf"))
    assert re.search(r" at 1\.\d\d? to \d million barrels a month$", found)
    result = simulate.run(few(), draws=1024, strength=True)
    assert " ".join(title(result, "cdf")).endswith(" at 23 to 27 barrels a day")
    (line,) = title(result, "fan")
    assert line == "Barrels left would fall from 48 to none by about 2 March 2026"


@pytest.mark.parametrize("sheet", ["web", "phone"])
@pytest.mark.parametrize("name", ["kursk-isw", "kursk-campaign", "gas-storage-2022"])
def test_lines_of_titles_do_not_break_dates(name: str, sheet: SheetName) -> None:
    lines = title(simulate.run(CONFIGS / f"{name}.yaml", draws=1024), "cdf", sheet)
    assert len(lines) > 1 or (name, sheet) == ("gas-storage-2022", "web")
    assert not [line for line in lines if re.search(r"( early| late|\b\d\d?| if| at)$", line)]
    assert not [line for line in lines[1:] if re.match(r"20\d\d|all", line)]
    assert not re.search("\u00a0", "".join(lines))


@pytest.mark.parametrize("kind", ["histogram", "cdf"])
def test_a_gauge_shows_what_can_be_seen(kind: str) -> None:
    result = simulate.run(ended(), draws=4096)
    assert len(result.picture(kind, 1.0).draw("web").axes) == 2
    # At 30 % of the losses, the few that end before are said in a remark.
    figure = result.picture(kind, 0.3).draw("web")
    assert 0 < result.outcome(0.3).depleted_probability < 1
    assert len(figure.axes) == 1
    assert any(text.startswith("Not by 20 April 2025: ") for text in texts(figure))


def test_an_axis_does_not_pass_the_horizon() -> None:
    result = simulate.run(ended(), draws=1024)
    end = result.summary.horizon.toordinal() + 1
    for kind in ("histogram", "cdf"):
        for sheet in SHOWN:
            assert result.picture(kind, 1.0).draw(sheet).axes[0].get_xlim()[1] <= end + 3


def test_a_tornado_without_dates_shows_shares() -> None:
    several = ended(("withdrawal", "ceasefire", "exchange"), 0.6)
    found = simulate.sensitivity(simulate.load(several), draws=1024)
    for sheet in SHOWN:
        figure = found.picture().draw(sheet)
        assert not faults(figure)
        (axes,) = figure.axes
        assert axes.get_xlim()[0] == 0
        assert all(label.get_text().endswith(" %") for label in axes.get_xticklabels())
        bars = [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]
        assert bars == sorted(bars, reverse=True)
        assert max(bars) > 0.1


def test_many_thresholds_have_a_line_only_with_words() -> None:
    shares = [n / 20 for n in range(1, 21)]
    result = simulate.run(stock(thresholds=shares), draws=1024, strength=True)
    figure = result.picture("fan").draw("page")
    assert not faults(figure)
    axes = figure.axes[0]
    level = [line for line in axes.lines if np.array_equal(line.get_xdata(), (0, 1))]
    assert len(level) == len([text for text in axes.texts if text.get_text().endswith("used up")])
    assert 2 <= len(level) < 12


def test_few_bars_of_many_years_are_not_wider_than_needed() -> None:
    result = simulate.run(stock(), draws=1024)
    bars = result.picture("histogram").draw("web").axes[0].patches[0]
    assert isinstance(bars, StepPatch)
    assert len(bars.get_data()[0]) > 60


def test_no_words_are_small_on_a_telephone() -> None:
    result = simulate.run(CONFIGS / "kursk-update.yaml", draws=2048, strength=True)
    figures = [result.picture(kind).draw("phone") for kind in KINDS]
    # A page of 360 pixels has 318 for a picture; see `test_html_in_a_browser`.
    pixels = 318 / (72 * SHEETS["phone"].width)
    sizes = [
        float(each.get_fontsize()) * pixels
        for figure in figures
        for each in figure.findobj()
        if isinstance(each, Text) and each.get_text().strip()
    ]
    assert min(sizes) >= 11
