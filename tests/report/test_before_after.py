"""Pictures of an updated result: the finding after it, and both results named."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import Summary
from simulate.report.figures import style
from simulate.report.figures.frame import SHEETS
from simulate.report.text.captions import finding, strength_finding
from simulate.report.text.news import news_sentence
from simulate.report.text.phrases import main_outcome, undated
from simulate.report.text.update import reports_words
from simulate.report.text.wording import percent_cell, prose_date, short_date
from tests.report import factory
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"
REPORTS = [
    {"label": "First", "date": "2025-03-06", "losses": 7500, "evidence": True},
    {"label": "Second", "date": "2025-04-05", "losses": 9000, "evidence": True},
]


@cache
def campaign() -> simulate.Result:
    return simulate.run(CONFIGS / "kursk-update.yaml", draws=16_384, strength=True)


@cache
def straight(horizon: str = "2026-01-01") -> simulate.Result:
    return simulate.run(
        {
            "title": "A case",
            "force": {"size": 12000},
            "losses": {
                "count": {"distribution": "lognormal", "p5": 3000, "p95": 4000},
                "start": "2024-12-06",
                "as_of": "2025-01-16",
            },
            "horizon": horizon,
            "published": [{"label": "A paper", "date": "2025-04-15"}],
            "observed": REPORTS,
        },
        draws=8192,
    )


def title(summary: Summary) -> str:
    return finding(summary, main_outcome(summary))


def test_titles_state_what_is_found_after_the_reports() -> None:
    assert title(straight().summary) == (
        "After two later reports: whole force would be lost between mid-April and mid-May 2025"
    )
    summary = campaign().summary
    found = title(summary)
    start = "After three later reports: whole contingent would be killed or wounded by "
    assert found.startswith(f"{start}1 January 2026 in 1")
    assert ", down from 5" in found
    assert summary.strength is not None
    shown = strength_finding(summary, summary.strength)
    assert shown.startswith("After three later reports, soldiers present would fall from 11,")
    alone = replace(summary, update=None)
    assert "later reports" not in title(alone)
    assert "later reports" not in strength_finding(alone, summary.strength)


def test_the_sentence_of_an_update_comes_first() -> None:
    words = news_sentence(straight().summary)
    assert words.startswith("Weighed against two later reports, the whole force of ")
    assert (
        " would be lost by about 30 April 2025; nine simulations in ten fall between 13 April and "
        "18 May. In 8 % of simulations it happens by 15 April 2025, the date a paper gave. "
        "Before these reports, at about "
    ) in words
    late = news_sentence(straight("2025-05-03").summary)
    assert "; in 3" in late
    assert " of 100 simulations it does not happen by 3 May 2025. In 8 % " in late
    said = news_sentence(campaign().summary)
    assert said.startswith("Weighed against three later reports, the whole contingent of about ")
    assert " would not be killed or wounded by 1 January 2026 in 8" in said
    assert " of 100 simulations; in 3" in said
    assert "“withdrawal or end of the battle” comes first, in " in said
    assert "Before these reports, it would have happened between " in said
    alone = news_sentence(replace(campaign().summary, update=None))
    assert "report" not in alone.replace("the pace reported", "")
    assert news_sentence(factory.all_never()).endswith(" would not be lost by 1 January 2026.")


def test_reports_are_counted_in_words_and_named_without_their_date() -> None:
    update = campaign().summary.update
    assert update is not None
    counted = {
        n: reports_words(replace(update, reports=update.reports[:1] * n)) for n in (1, 9, 10)
    }
    assert counted == {1: "a later report", 9: "nine later reports", 10: "ten later reports"}
    date = update.reports[0].date
    assert undated(update.reports[0].label, date) == "Joint Chiefs of Staff (South Korea)"
    assert undated("27 March 2025", date) == "27 March 2025"


@pytest.mark.parametrize("kind", ["histogram", "cdf", "fan"])
def test_both_results_are_named_in_every_size(kind: str) -> None:
    for result in (campaign(), straight(), straight("2025-05-03")):
        if kind == "fan" and result.summary.strength is None:
            continue
        picture = result.picture(kind)
        for sheet in SHEETS:
            figure = picture.draw(sheet)
            shown = " ".join(texts(figure))
            if not (kind == "fan" and sheet == "social"):
                assert "before" in shown, sheet
                assert "after" in shown, sheet
            if kind != "fan":
                assert not faults(figure), sheet


def test_a_published_date_has_both_shares() -> None:
    shown = texts(straight().picture("histogram").draw("web"))
    result = straight()
    assert result.update is not None
    (check,) = result.update.outcomes[0].published
    after = percent_cell(check.probability_by, check.mc_error)
    assert after != "17.8 %"
    assert f"A paper: {prose_date(check.date)} (before: 17.8 % by then, after: {after})" in shown
    assert any(text.startswith("before: median 27 Apr 2025") for text in shown)
    assert any(text.startswith("after: 5 % by ") for text in shown)


def test_dots_are_those_after_the_reports_and_say_so() -> None:
    result = straight()
    picture = result.picture("dotplot")
    shown = " ".join(texts(picture.draw("web")))
    assert "after two later reports" in shown
    assert "After two later reports" in shown
    assert result.summary.updated is not None
    before, after = result.summary.outcomes[-1], result.summary.updated.outcomes[-1]
    for outcome, is_drawn in ((before, False), (after, True)):
        assert outcome.median.date is not None
        assert (f"median {short_date(outcome.median.date)}" in shown) is is_drawn
    # The middle fiftieths, 0.49 and 0.51, lie on both sides of the median after the reports.
    spots = sorted(
        np.asarray(line.get_xdata(), float)[0]
        for line in picture.draw("web").axes[0].lines
        if line.get_marker() == "o"
    )
    middle = result.summary.origin.toordinal() + (after.median.day or 0.0)
    step = spots[-1] - spots[0]
    assert len(spots) == 50
    assert spots[24] - 0.1 * step < middle < spots[25] + 0.1 * step


def test_one_result_has_one_colour() -> None:
    picture = simulate.run(CONFIGS / "kursk-isw.yaml", draws=1024).picture("cdf").draw("web")
    lines = {line.get_color() for axes in picture.axes for line in axes.lines}
    assert style.UPDATED not in lines
    updated = straight().picture("cdf").draw("web")
    assert style.UPDATED in {line.get_color() for axes in updated.axes for line in axes.lines}


def test_what_never_happened_before_an_update_is_said_in_words() -> None:
    stock = {
        "title": "T",
        "force": {"size": 1000, "as_of": "2025-01-01"},
        "losses": {"rate": 5, "per": "week"},
        "inflow": [{"amount": 6, "per": "week"}],
        "observed": [{"label": "r", "date": "2025-06-01", "losses": 100, "evidence": True}],
    }
    said = news_sentence(simulate.run(stock, draws=1024).summary)
    assert said.endswith("Before this report, it would not have happened by 1 January 2030.")
    assert "in no simulation" not in said
