"""What notebooks show, read back by a parser of HTML, and results as pandas tables."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import Summary
from simulate.report.data.files import NO_PANDAS
from simulate.report.data.tables import data_frame, quantiles
from simulate.report.pages.run import run_page
from simulate.report.render.html import fragment
from simulate.report.text.headline import headline
from simulate.report.text.news import news_sentence
from simulate.report.text.wording import inert
from tests.cases import COUNT, SIZE, scenario
from tests.report import factory

FORBIDDEN = {"script", "style", "img", "iframe", "object", "embed", "link", "base", "form"}


class Reader(HTMLParser):
    """Collects texts and rows; fails at tags left open, and at all that could act or load."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.ids: list[str] = []
        self.feed(source)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in FORBIDDEN
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "src"
            if name in ("href", "xlink:href"):
                assert str(value).startswith(("https://", "http://") if tag == "a" else "#")
            if name == "id":
                self.ids.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def shown(summary: Summary) -> Reader:
    return Reader(fragment(run_page(summary)))


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_headline_and_percentiles_are_the_summarys(make: Callable[..., Summary]) -> None:
    summary = make()
    page = shown(summary)
    assert (news_sentence(summary) or headline(summary)) in page.texts
    assert len(page.ids) == len(set(page.ids))
    # Where no simulation gives a date, no table says so in every cell.
    is_dated = any(outcome.depleted_probability > 0 for outcome in summary.outcomes)
    dates = page.rows[1 : 1 + len(summary.outcomes)] if is_dated else []
    assert is_dated or not any("not by" in cell for row in page.rows for cell in row)
    for row, outcome in zip(dates, summary.outcomes if is_dated else (), strict=True):
        for cell, quantile in zip(row[1:], outcome.quantiles, strict=False):
            if quantile.at.date is not None:
                assert cell.lstrip("~") == quantile.at.date.isoformat()
            else:
                assert cell in ("not by " + summary.horizon.isoformat(), "too few draws")


@pytest.mark.parametrize("text", factory.HOSTILE_TEXTS.values(), ids=factory.HOSTILE_TEXTS)
def test_foreign_text_is_text(text: str) -> None:
    summary = factory.hostile(text)
    worded = replace(summary.outcomes[0], whole=text or "force", lost=text or "lost")
    page = shown(replace(summary, outcomes=(worded,)))
    assert inert(summary.scenario.title) in ["", *page.texts]


def test_results_of_one_notebook_share_no_names() -> None:
    one, other = shown(factory.flagship(2048)), shown(factory.with_never())
    assert not set(one.ids) & set(other.ids)


def test_each_answer_is_shown() -> None:
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], horizon=365)
    result = simulate.run(of, draws=2048)
    both = simulate.compare([of, of], draws=2048)
    effects = simulate.sensitivity(of, draws=2048)
    swept = simulate.sweep("configs/kursk-isw-point.yaml", ["force.size=10000,12000"], draws=1024)
    for answer in (result, both, effects, swept):
        page = Reader(answer._repr_html_())
        assert page.rows
        assert any("Monte Carlo" in text for text in page.texts)
        assert "<svg" in answer._repr_html_()


# --- pandas ---


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_the_table_of_percentiles_for_pandas(make: Callable[..., Summary]) -> None:
    summary = make()
    frame: Any = data_frame(summary)
    table = quantiles(summary)
    assert list(frame.columns) == list(table.header)
    assert pd.api.types.is_datetime64_any_dtype(frame["date"])
    assert frame["day"].dtype == frame["mc_error_days"].dtype == float
    found = zip(*(frame[name].tolist() for name in frame.columns), strict=True)
    for (*known, date, day, error, missing), row in zip(found, table.rows, strict=True):
        assert (*known, missing) == (*row[:2], row[5])
        assert (None if pd.isna(date) else date.date()) == row[2]
        assert (None if math.isnan(day) else day) == row[3]
        assert (None if math.isnan(error) else error) == row[4]


def test_an_error_bar_that_reaches_past_the_horizon_is_infinite() -> None:
    summary = factory.with_never()
    (first, *others) = summary.outcomes[0].quantiles
    endless = first._replace(at=replace(first.at, mc_error_days=None))
    outcome = replace(summary.outcomes[0], quantiles=(endless, *others))
    errors = data_frame(replace(summary, outcomes=(outcome,)))["mc_error_days"].tolist()
    assert errors[0] == math.inf
    assert errors[1] == others[0].at.mc_error_days
    assert others[-1].at.date is None
    assert math.isnan(errors[-1])


def test_a_result_gives_its_table_to_pandas() -> None:
    result = simulate.run(scenario(COUNT, SIZE), draws=1024)
    assert isinstance(result.to_dataframe(), pd.DataFrame)
    assert len(result.to_dataframe()) == len(result.outcome().quantiles)


def test_without_pandas_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=re.escape(NO_PANDAS)):
        data_frame(factory.flagship(2048))
