import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import Bands, Summary
from simulate.engine.strength import BINS
from simulate.report.document import SheetName
from simulate.report.figures import fan
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.style import GREEN, PRESENT, UPDATED
from tests.report import factory
from tests.report.layout import faults, inert_svg, texts


def fan_figure(summary: Summary) -> Figure:
    return fan.drawing(summary).draw("web")


def levels_only(base: Summary, *levels: float) -> Summary:
    strength = base.strength
    assert strength is not None
    rows = [strength.levels.index(level) for level in levels]

    def chosen(bands: Bands) -> Bands:
        return Bands(tuple(bands.values[k] for k in rows), tuple(bands.mc_errors[k] for k in rows))

    present, lost = chosen(strength.present), chosen(strength.lost)
    return replace(base, strength=replace(strength, levels=levels, present=present, lost=lost))


def without_width() -> Summary:
    base = levels_only(factory.strength(), 0.5)
    strength = base.strength
    assert strength is not None
    present, lost = (
        Bands(bands.values * 5, bands.mc_errors * 5) for bands in (strength.present, strength.lost)
    )
    five = replace(strength, levels=factory.LEVELS, present=present, lost=lost)
    return replace(base, strength=five)


def many_counts() -> Summary:
    labels = ("short", factory.HOSTILE_TITLES["long"])
    counts = (factory.later_count(labels[k % 2], 4000 + 40 * k, 4600 + 90 * k) for k in range(14))
    return replace(factory.strength(), observed=tuple(counts))


CASES: Mapping[str, Callable[[], Summary]] = {
    "flagship": factory.strength,
    "no counts": partial(factory.strength, counts=0),
    "by strength": partial(factory.strength, counting="strength"),
    "two days": partial(factory.strength, 2),
    "years": partial(factory.strength, 2000),
    "no width": without_width,
    "median only": lambda: levels_only(factory.strength(), 0.5),
    "no outer levels": lambda: levels_only(factory.strength(), 0.25, 0.5, 0.75),
    "many counts": many_counts,
    "long": lambda: factory.hostile(factory.HOSTILE_TITLES["long"]),
}


def test_the_same_run_gives_the_same_bytes() -> None:
    def drawn() -> bytes:
        summary = factory.strength()
        return figure_bytes(fan_figure(summary), "svg", fan.drawing(summary).alt)

    assert drawn() == drawn()


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_no_text_leaves_the_picture_or_covers_another(make: Callable[[], Summary]) -> None:
    assert not faults(fan_figure(make()))


@pytest.mark.parametrize("name", factory.HOSTILE_TEXTS)
def test_hostile_text_is_inert(name: str) -> None:
    summary = factory.hostile(factory.HOSTILE_TEXTS[name])
    figure = fan_figure(summary)
    assert not any(text.get_parse_math() for text in figure.findobj(Text))
    inert_svg(fan.drawing(summary))


def test_what_the_picture_says() -> None:
    shown = texts(fan_figure(factory.strength()))
    for part in (
        "Soldiers present",
        "Soldiers lost",
        "About 30 % lost",
        "median",
        "95 %",
        "1",
        "2",
        "Shares shown are of the median force before the losses, 11,000 soldiers.",
        "simulate 1.0.0 · scenario 0123456789ab · 2,048 simulations, seed 0",
        "Jan\n2025",
    ):
        assert part in shown, part
    words = " ".join(shown)
    assert "Count used: the ministry: 3,800 (3,200 to 4,400) soldiers up to 9 January 2025" in words
    assert "4,700 to 5,000 soldiers up to 30 January 2025, at the" in words


def test_axes_begin_at_nothing_and_end_where_nothing_changes() -> None:
    present, lost = fan_figure(factory.strength()).axes
    assert present.get_ylim()[0] == lost.get_ylim()[0] == 0
    assert present.get_xlim() == lost.get_xlim()
    # The slowest draws drawn are done on day 125: 10,000 lost at 80 a day.
    low, high = present.get_xlim()
    assert low == factory.ORIGIN.toordinal()
    long = fan_figure(factory.strength(300)).axes[0].get_xlim()[1]
    assert high <= low + 151 * 1.02 + 1
    assert long <= low + 301 * 1.02 + 1


def test_shares_are_drawn_where_they_are_counted() -> None:
    by_losses = fan_figure(factory.strength()).axes
    by_strength = fan_figure(factory.strength(counting="strength")).axes
    for (one, other), place in ((by_losses, 0.3 * 11000), (by_strength[::-1], 0.7 * 11000)):
        assert place in heights(other)
        assert place not in heights(one)


def heights(axes: Axes) -> list[float]:
    """Where the horizontal lines across the panel lie."""
    lines = [np.asarray(line.get_ydata(), dtype=np.float64) for line in axes.lines]
    return [float(y[0]) for y in lines if y.size == 2 and y[0] == y[1]]


def test_kinds_of_counts_differ_in_sign_and_colour() -> None:
    lost = fan_figure(factory.strength()).axes[1]
    signs = {
        line.get_marker(): to_hex(line.get_markeredgecolor()).upper()
        for line in lost.lines
        if line.get_marker() != "None"
    }
    assert set(signs) == {"o", "D"}
    assert signs["D"] == GREEN != signs["o"]


def test_a_count_far_away_is_listed_and_not_drawn() -> None:
    base = factory.strength()
    (check,) = base.observed
    far = replace(base, observed=(replace(check, date=factory.ORIGIN.replace(year=2028)),))
    shown = texts(fan_figure(far))
    assert "2" in shown
    assert "(after the dates drawn)" in " ".join(shown)
    assert fan_figure(far).axes[1].get_xlim() == fan_figure(base).axes[1].get_xlim()
    assert not any(line.get_marker() == "D" for line in fan_figure(far).axes[1].lines)


def test_one_line_or_too_few_draws_are_said() -> None:
    assert any(
        "At the end of the day, if every number is exact." in text
        for text in texts(fan_figure(without_width()))
    )
    few = " ".join(texts(fan_figure(levels_only(factory.strength(), 0.5))))
    assert "The simulations are too few for bands." in few
    assert "95 %" not in few


def test_the_description_gives_the_numbers() -> None:
    text = fan.drawing(factory.strength()).alt
    for part in (
        "from 2,048 draws",
        "Soldiers lost",
        "(5th to 95th percentile",
        "Count used: the ministry",
        "fall at the 31st to 38th percentile of the simulated losses (± 0.2 points)",
    ):
        assert part in text
    assert "9 more counts are listed" not in text
    assert "11 more counts are listed beneath it" in fan.drawing(many_counts()).alt
    assert "\n" not in fan.drawing(factory.hostile(factory.HOSTILE_TITLES["lines"])).alt
    assert len(fan.drawing(factory.hostile(factory.HOSTILE_TITLES["long"])).alt) < 2500


def test_a_run_without_strength_has_no_such_picture() -> None:
    with pytest.raises(ValueError, match="strength=True"):
        fan.drawing(factory.flagship(2048))


def test_marks_of_large_numbers_fit_the_margin() -> None:
    fund = {
        "title": "T",
        "wording": "fund",
        "force": {"size": 6.4e9, "as_of": "2027-03-01"},
        "losses": {"rate": {"distribution": "uniform", "low": 3e8, "high": 3.2e8}, "per": "month"},
        "horizon": "2030-01-01",
    }
    drawing = simulate.run(fund, draws=512, strength=True).picture("fan")
    figure = drawing.draw("web")
    labels = [label for axes in figure.axes for label in axes.get_yticklabels()]
    assert {"0", "2", "4", "6"} <= {label.get_text() for label in labels}
    assert all(axes.get_title(loc="left").endswith(", billions") for axes in figure.axes)
    assert all(label.get_window_extent().x0 >= 0 for label in labels)


MISSILES: dict[str, Any] = {
    "title": "T",
    "wording": "stock",
    "unit": "missiles",
    "force": {"size": 240, "as_of": "2024-06-14"},
    "losses": {"rate": {"distribution": "uniform", "low": 10, "high": 14}, "per": "day"},
}


def test_the_axis_ends_soon_after_depletion() -> None:
    # What arrives each month is used up at once, for years.
    scenario = {**MISSILES, "inflow": [{"amount": 40, "per": "month"}]}
    result = simulate.run(scenario, draws=2048, strength=True)
    summary, last = result.summary, result.outcome().intervals[2].high.day
    assert summary.strength is not None
    assert last is not None
    present, lost = fan_figure(summary).axes
    low, high = present.get_xlim()
    assert high - low == pytest.approx(1.15 * 1.02 * last)
    assert max(summary.strength.lost.values[-1]) > 1000 > lost.get_ylim()[1]
    assert not faults(fan_figure(summary))


def test_what_arrives_at_once_is_a_jump() -> None:
    fund = {
        "title": "T",
        "force": {"size": 1000, "as_of": "2025-09-15"},
        "losses": {"rate": 10, "per": "day"},
        "reinforcements": [{"date": "2025-11-20", "size": 400}],
    }
    axes = fan_figure(simulate.run(fund, draws=64, strength=True).summary).axes[0]
    day = dt.date(2025, 11, 20).toordinal()
    median = next(line for line in axes.lines if line.get_linewidth() == 2.0)
    points = zip(*(np.asarray(ends, float) for ends in median.get_data()), strict=True)
    # 66 days at 10 a day, then 400 more.
    assert [y for x, y in points if x == day] == pytest.approx([340, 740])


def test_thresholds_are_named_where_the_bands_are_not() -> None:
    fund = {**MISSILES, "force": {**MISSILES["force"], "floor": 50}}
    figure = fan_figure(simulate.run(fund, draws=512, strength=True).summary)
    (words,) = (text for text in figure.findobj(Text) if text.get_text() == "Down to 50 missiles")
    assert words.get_horizontalalignment() == "left"


def test_large_numbers_are_in_words() -> None:
    fund = {**MISSILES, "force": {**MISSILES["force"], "size": 3.2e9}}
    alt = fan.drawing(simulate.run(fund, draws=512, strength=True).summary).alt
    assert "left 3.2 billion" in alt
    assert not re.search(r"\d,\d{3},\d{3}", alt)


def test_an_arrival_on_a_day_after_an_update() -> None:
    """The step of what arrives is in the lines before and after later reports alike."""
    result = simulate.run(
        {
            "title": "T",
            "unit": "tanks",
            "force": {"size": 3000, "as_of": "2025-01-01"},
            "losses": {
                "rate": {"distribution": "uniform", "low": 180, "high": 220},
                "per": "month",
            },
            "reinforcements": [{"date": "2025-03-01", "size": 300}],
            "observed": [{"label": "r", "date": "2025-06-01", "losses": 1000, "evidence": True}],
            "horizon": "2028-01-01",
        },
        draws=2048,
        strength=True,
    )
    present = result.plot_strength().figure.axes[0]
    day = dt.date(2025, 3, 1).toordinal()
    for color in (PRESENT, UPDATED):
        lines = [line for line in present.get_lines() if line.get_color() == color]
        (bold,) = (line for line in lines if line.get_linewidth() == 2.0)
        at = [
            y
            for x, y in zip(*(np.asarray(each) for each in bold.get_data()), strict=True)
            if x == day
        ]
        assert len(at) == 2
        assert at[1] - at[0] == pytest.approx(300)


def test_a_curve_bends_at_the_dates_that_are_quoted() -> None:
    """48 at 4.5 to 5.5 a week, with months to come: one date a week does for the others."""
    rate = {"distribution": "uniform", "low": 4.5, "high": 5.5}
    reserve = {
        "title": "T",
        "wording": "stock",
        "force": {"size": 64, "as_of": "2024-10-01", "floor": 16},
        "losses": {"rate": rate, "per": "week"},
        "inflow": [{"amount": 12, "per": "month", "from": "2025-01-01"}],
    }
    summary = simulate.run(reserve, draws=4096, strength=True).summary
    found, outcome = summary.strength, summary.outcomes[0]
    assert found is not None
    assert (found.dates[2] - found.dates[1]).days == 7
    quoted = {each.at.date for each in outcome.quantiles if each.level in found.levels}
    assert len(quoted) == 5
    assert quoted <= {*found.dates}
    median = found.present.values[found.levels.index(0.5)]
    assert outcome.median.date is not None
    # 67 days leave 64 - 67 * 5 / 7 = 16.14, 68 only the 16, each in a bin of that width.
    at, width = found.dates.index(outcome.median.date), 64 / BINS
    assert median[at] <= 16 + width < 16.14 - width <= median[at - 1]


@pytest.mark.parametrize("sheet", ["page", "phone"])
def test_long_words_of_a_panel_are_broken_and_not_cut(sheet: SheetName) -> None:
    size = {"distribution": "uniform", "low": 4300, "high": 4700}
    garrison = {
        "title": "T",
        "unit": "militiamen",
        "wording": {"lost": "killed, wounded or captured"},
        "force": {"size": size},
        "losses": {"count": 1600, "start": "2025-02-03", "as_of": "2025-04-11"},
    }
    figure = simulate.run(garrison, draws=512, strength=True).picture("fan").draw(sheet)
    shown = [" ".join(words.split()) for words in texts(figure)]
    assert "Militiamen killed, wounded or captured" in [*shown, *titles(figure)]
    # In a column the name of the panel says it.
    assert f"About 100 %{'' if sheet == 'phone' else ' killed, wounded or captured'}" in shown
    assert not faults(figure)


def titles(figure: Figure) -> list[str]:
    return [" ".join(axes.get_title(loc="left").split()) for axes in figure.axes]
