"""What a picture says in words and what it shows agree, on every sheet."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulate
from simulate.analysis.comparison import compare_claims
from simulate.analysis.effects import Estimate
from simulate.api.claims import claims_files
from simulate.report.document import SheetName
from simulate.report.figures.bars import moments, shaded
from simulate.report.figures.canvas import balanced, fitted, text_width
from simulate.report.figures.fan import drawing as fan
from simulate.report.figures.histogram import drawing
from simulate.report.render.html import html
from simulate.report.text.calendar import ticks
from simulate.report.text.captions import finding, number_and_meaning
from simulate.report.text.comparison import names, orders_of
from simulate.report.text.headline import case_of
from simulate.report.text.sensitivity import share_words
from simulate.report.text.strength import band
from simulate.report.text.wording import rough_date
from simulate.report.text.wrapping import shorten
from tests.report import factory
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"
SHEETS: tuple[SheetName, ...] = ("web", "page", "phone", "3.5in", "social")


@cache
def apart(first: float = 0.5) -> simulate.Result:
    """3,600 at about 80 or at about 29 a day: in March or from late May on."""
    claims = [
        {
            "count": {"distribution": "uniform", "low": low, "high": high},
            "as_of": "2025-02-10",
            "weight": weight,
            "source": source,
        }
        for low, high, weight, source in (
            (700, 900, first, "The ministry"),
            (250, 330, 1 - first, "The group"),
        )
    ]
    losses = {"start": "2025-01-31", "pooling": "linear", "claims": claims}
    tree = {"title": "T", "horizon": "2026-01-01", "force": {"size": 3600}, "losses": losses}
    return simulate.run(tree, draws=4096, strength=True)


def test_title_number_lines_and_shade_have_the_same_dates() -> None:
    """Where many simulations have no date, those of the others are all that is named."""
    summary = factory.with_never()
    outcome = summary.outcomes[-1]
    days = case_of(summary, outcome).days
    assert days is not None
    dark = shaded(summary, outcome)
    assert dark is not None
    assert (dark.first, dark.last) == (days.first.toordinal(), days.last.toordinal() + 1)
    number, meaning = number_and_meaning(summary, outcome, "darker")
    assert number == "Early February to early October 2025"  # 4 February to 5 October, as above
    assert f": {dark.part} of simulations (darker); " in meaning
    shown = texts(drawing(summary, outcome).draw("web"))
    title = finding(summary, outcome)
    for date, words in ((days.first, f"{dark.part} from "), (days.last, "to ")):
        line = next(text for text in shown if text.startswith(words) and text[-4:] == "2025")
        assert line.endswith(f"{date.day} {date:%b} {date.year}")
        assert rough_date(date, 200).removesuffix(" 2025") in title
    assert not any(text.startswith(("5 % by", "95 % by")) for text in shown)
    # Of an interval with both ends, nothing takes the place.
    assert case_of(factory.flagship()).days is None


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_look_is_explained(sheet: SheetName) -> None:
    summary = factory.with_never()
    for kind, look in (("histogram", "darker"), ("dotplot", "filled")):
        if kind == "histogram":
            figure = drawing(summary).draw(sheet)
        else:
            result = simulate.run(CONFIGS / "kursk-isw.yaml", draws=1024)
            figure = result.picture("dotplot").draw(sheet)
        assert any(look in text for text in texts(figure)), kind
        assert not faults(figure)


def test_no_median_between_clusters() -> None:
    """Half of the draws on each side: no day between has any; with six tenths before, one has."""
    for first, marked in ((0.5, False), (0.6, True)):
        summary = apart(first).summary
        case = case_of(summary)
        assert len(case.clusters) == 2
        assert case.is_between != marked
        roles = [role for _, role, *_ in moments(summary, case.outcome)]
        assert ("median" in roles) == marked
        figure = fan(summary).draw("web")
        assert any("Line: median" in text for text in texts(figure)) == marked
        solid = [line for line in figure.axes[0].lines if line.get_linewidth() == 2.0]
        assert len(solid) == marked
    # A card shades no days that its number leaves out.
    assert shaded(summary, case.outcome, on_card=True) is None
    assert shaded(summary, case.outcome) is not None


@pytest.mark.parametrize("kind", ["histogram", "cdf", "dotplot"])
@pytest.mark.parametrize("sheet", ["web", "social"])
def test_a_certain_date_is_written_once(kind: str, sheet: SheetName) -> None:
    result = simulate.run(CONFIGS / "kursk-isw-point.yaml", draws=64)
    figure = result.picture(kind).draw(sheet)
    marks = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    said = [words for words in texts(figure) if re.search("14 Apr", words) and words not in marks]
    assert len(said) == 1


def test_dots_of_a_certain_date_are_on_its_day() -> None:
    result = simulate.run(CONFIGS / "kursk-isw-point.yaml", draws=64)
    axes = result.picture("dotplot").draw("web").axes[0]
    dots = [np.asarray(line.get_xdata()).flat[0] for line in axes.lines if line.get_marker() == "o"]
    day = dt.date(2025, 4, 14).toordinal()
    assert day < sum(dots) / len(dots) < day + 1


def test_nothing_is_drawn_where_nothing_moves_the_date() -> None:
    found = simulate.sensitivity(CONFIGS / "kursk-isw-point.yaml", draws=1024)
    assert not [name for name in found.files() if name.startswith("tornado")]
    found = simulate.sensitivity(CONFIGS / "kursk-isw.yaml", draws=1024)
    assert "tornado.svg" in found.files()


def test_a_smaller_share_never_looks_larger() -> None:
    """18.74 % and, with an error of two points, 18.6 %: 19 % and 19 %, not 18.7 % above 19 %."""
    below = share_words(Estimate(0.186, 0.02))
    assert (share_words(Estimate(0.1874, 0.001)), below) == ("18.7 %", "19 %")
    assert share_words(Estimate(0.1874, 0.001), below) == "19 %"
    assert share_words(Estimate(0.1874, 0.001), "18.6 %") == "18.7 %"


def test_the_page_of_claims_counts_the_same_draws_as_a_comparison() -> None:
    path = CONFIGS / "kursk-claims.yaml"
    each = simulate.load(path, {"losses.pooling": "each"})
    results = simulate.run_each(each, draws=1024)
    page = compare_claims(
        [one.summary for one in results],
        [(one.plan, one.tally) for one in results],
        results.numbers,
    )
    plot = simulate.compare(each, draws=1024).comparison
    for one, other in zip(page.against, plot.against, strict=True):
        assert orders_of(one, 1.0)["shared"].chances == orders_of(other, 1.0)["shared"].chances
    shown = claims_files(results, ())["index.html"].decode()
    assert "if the two are independent" not in shown


@pytest.mark.parametrize("sheet", ["social", "phone"])
def test_no_name_of_a_scenario_is_cut(sheet: SheetName) -> None:
    pairs = [("buk-2023", "s300-buk-2023"), ("kursk-isw", "kursk-claims")]
    for pair in pairs:
        of = simulate.compare([CONFIGS / f"{name}.yaml" for name in pair], draws=1024)
        assert not any("…" in text for text in texts(of.picture().draw(sheet)))
    assert names(of.comparison)[1] == ("in “the conflicting totals of December and January pooled”")


def test_names_leave_out_what_titles_share() -> None:
    trees: list[dict[str, Any]] = [
        {
            "title": f"{what}, from the document of {28 if n else 27} days{' and more' * 9 * n}",
            "force": {"size": 3000},
            "losses": {"start": "2025-01-01", "as_of": "2025-02-01", "count": 900},
        }
        for n, what in ((0, "Long"), (0, "Short"), (1, "Long"))
    ]
    alike = simulate.compare(trees[:2], draws=64).comparison
    assert names(alike) == ["in “Long”", "in “Short”"]
    long = simulate.compare(trees[1:], draws=64).comparison
    assert names(long) == ["in A", "in B"]


def test_bars_of_a_compared_card_can_be_seen() -> None:
    """A certain date beside a range: own scales, and published dates for which no room is."""
    pair = [CONFIGS / f"{name}.yaml" for name in ("kursk-isw-point", "kursk-nis")]
    figure = simulate.compare(pair, draws=1024).picture().draw("social")
    for axes in figure.axes:
        bars = [patch.get_window_extent().height for patch in axes.patches if patch.get_fill()]
        assert max(bars) / figure.dpi >= 0.2
    assert not faults(figure)


def test_a_card_names_as_many_sources_as_fit() -> None:
    result = simulate.run(CONFIGS / "kursk-campaign.yaml", draws=256)
    (line,) = (t for t in texts(result.picture("cdf").draw("social")) if t.startswith("Sources: "))
    assert re.search(r"; [^;]+ and \d more$", line)
    assert "…" not in line


def test_a_card_names_a_publisher_whole() -> None:
    result = simulate.run(CONFIGS / "gas-storage-2022.yaml", draws=256)
    shown = texts(result.picture("cdf").draw("social"))
    assert any(text.startswith("Federal Network Agency: 2.5 months, 15 January") for text in shown)


def test_a_cut_has_no_comma_before_it() -> None:
    assert shorten("one, two, three", 10) == "one, two…"
    assert shorten("one; two; three", 6) == "one…"


@pytest.mark.parametrize("inches", [2.5, 3.3, 4.4, 6.8])
def test_no_last_line_is_a_single_word(inches: float) -> None:
    text = "On what date would the registry have come down to its last block, had it gone on as "
    for words in (f"{text}in the two months before February 2011?", f"{text}before?", text):
        lines = balanced(words, 9.5, inches=inches, lines=8)
        assert len(lines) == len(fitted(words, 9.5, inches=inches, lines=8))
        widths = [text_width(line, 9.5) for line in lines]
        assert len(lines) == 1 or widths[-1] >= 0.35 * max(widths)
        assert max(widths) <= inches


def test_an_axis_has_two_dates_where_it_can() -> None:
    """About 300 days of 2023, 12 days of April and 43 of a summer in the width of a telephone."""
    for first, days, most in (
        (dt.date(2023, 2, 25), 300.0, 3),
        (dt.date(2020, 4, 2), 11.0, 4),
        (dt.date(2021, 6, 10), 43.2, 3),
    ):
        low = first.toordinal() + 0.7
        found = ticks(low, low + days, most)
        assert 2 <= len(found) <= most
        gaps = [b.day - a.day for a, b in pairwise(found)]
        assert max(gaps) - min(gaps) <= 3


def test_a_picture_of_levels_says_what_its_line_is() -> None:
    table = simulate.backtest(CONFIGS / "tanks-reference-2024.yaml", days=[30])
    for kind, word, other in (("pit", "grey line", "Bands"), ("coverage", "Bands", "grey line")):
        shown = " ".join(texts(table.picture(kind).draw("web")))
        assert word in shown
        assert other not in shown


def test_an_error_of_rounding_is_no_number() -> None:
    strength = factory.strength().strength
    assert strength is not None
    k = strength.levels.index(0.5)
    values = tuple((4e-16, *row[1:]) for row in strength.lost.values)
    row = band(strength.lost._replace(values=values), strength, 0.5)
    assert row is not None
    assert row[1] == (0.0, *strength.lost.values[k][1:])


def test_the_letter_of_a_scenario_is_apart_from_its_title() -> None:
    """A page shows several blanks as one: "A North Korean contingent" begins with an article."""
    pair = [CONFIGS / f"{name}.yaml" for name in ("kursk-isw", "kursk-nis")]
    of = simulate.compare(pair, draws=256)
    assert "A: North Korean contingent in Kursk" in " ".join(texts(of.picture().draw("phone")))
    assert ">A: North Korean contingent in Kursk, " in html(of.page())
