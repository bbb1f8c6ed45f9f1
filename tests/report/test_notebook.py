"""What notebooks show, read back by a parser of HTML, and results as pandas tables."""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

import simulate
from simulate.analysis.summary import Summary
from simulate.report.citation import headline
from simulate.report.data_frame import NEEDED, data_frame
from simulate.report.findings import title_words
from simulate.report.notebook import preformatted, summary_html
from tests.cases import COUNT, SIZE, scenario
from tests.report import factory

TAGS = {
    *("div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "pre"),
    *("figure", "figcaption", "svg", "rect", "line", "text"),
}
ATTRIBUTES = {
    *("style", "role", "aria-label", "viewbox", "x", "y", "width", "height", "fill", "stroke"),
    *("stroke-dasharray", "stroke-width", "x1", "x2", "y1", "y2", "font-size", "text-anchor"),
}


class Reader(HTMLParser):
    """Collects texts by tag; fails at tags left open, and at all that could act or load."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self.numbers: list[float] = []
        self.labels: list[str] = []
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
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            assert value is not None
            if name == "aria-label":
                self.labels.append(value)
            elif name == "style":
                assert "url" not in value
            elif name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2"):
                self.numbers.append(float(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1], data))
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(data)

    def handle_decl(self, decl: str) -> None:
        pytest.fail(decl)

    def handle_pi(self, data: str) -> None:
        pytest.fail(data)


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_headline_and_percentiles_are_the_summarys(make: Callable[..., Summary]) -> None:
    summary = make()
    page = Reader(summary_html(summary))
    assert ("strong", headline(summary)) in page.texts
    assert len(page.rows) == 1 + len(summary.outcomes)
    for row, outcome in zip(page.rows[1:], summary.outcomes, strict=True):
        for cell, quantile in zip(row[1:], outcome.quantiles, strict=False):
            if quantile.at.date is not None:
                assert cell.lstrip("~") == quantile.at.date.isoformat()
            else:
                assert cell in ("not by " + summary.horizon.isoformat(), "too few draws")
    assert all(math.isfinite(number) for number in page.numbers)
    assert all(-1 <= number <= 641 for number in page.numbers)


@pytest.mark.parametrize("text", factory.HOSTILE_TITLES.values(), ids=factory.HOSTILE_TITLES)
def test_foreign_text_is_text(text: str) -> None:
    summary = factory.hostile(text)
    worded = replace(summary.outcomes[0], whole=text or "force", lost=text or "lost")
    for one in (summary, replace(summary, outcomes=(worded,))):
        page = Reader(summary_html(one))
        assert ("p", title_words(one)) in page.texts
    assert Reader(preformatted(text)).texts in ([], [("pre", text)], [("pre", text.lstrip("\n"))])


def test_nothing_is_asked_for_from_elsewhere() -> None:
    for summary in (factory.flagship(), factory.hostile("<img src=http://x/y.png onerror=x()>")):
        source = summary_html(summary).replace(title_words(summary), "")
        assert "<script" not in source
        assert "<img" not in source
        assert "href" not in source


def test_never_is_drawn_and_named() -> None:
    page = Reader(summary_html(factory.with_never()))
    assert ("text", "never 31.8 %") in page.texts
    assert "31.8 % of draws never" in dict(page.texts)["figcaption"]
    certain = summary_html(factory.flagship())
    assert ">never" not in certain
    assert page.labels[0].startswith("Histogram of the simulated dates")


def test_no_draw_depleted_no_picture() -> None:
    page = Reader(summary_html(factory.all_never()))
    assert not page.labels
    assert page.rows[1][-1] == "100 %"


def test_each_answer_is_shown() -> None:
    of = scenario(COUNT, SIZE, thresholds=[0.3, 1.0], horizon=365)
    result = simulate.run(of, draws=2048)
    assert Reader(result._repr_html_()).rows
    both = simulate.compare([of, of], draws=2048)
    influences = simulate.sensitivity(of, draws=2048)
    swept = simulate.sweep("configs/kursk-isw-point.yaml", ["force.size=10000,12000"], draws=1024)
    for answer in (both, influences, swept):
        (tag, text), *_ = Reader(answer._repr_html_()).texts
        assert tag == "pre"
        assert "Monte Carlo" in text


# --- pandas ---


def test_a_table_of_percentiles() -> None:
    pytest.importorskip("pandas")
    summary = factory.with_never()
    frame: Any = data_frame(summary)
    assert list(frame.columns) == ["threshold", "level", "date", "day", "mc_error_days", "missing"]
    quantiles = summary.outcomes[0].quantiles
    assert frame["level"].tolist() == [quantile.level for quantile in quantiles]
    assert frame["day"][0] == quantiles[0].at.day
    assert frame["date"][0].date() == quantiles[0].at.date
    assert frame["date"].isna().tolist() == [quantile.at.date is None for quantile in quantiles]
    assert frame["missing"].tolist()[-1] == "beyond_horizon"


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_every_run_has_such_a_table(make: Callable[..., Summary]) -> None:
    pandas = pytest.importorskip("pandas")
    summary = make()
    frame: Any = data_frame(summary)
    assert len(frame) == sum(len(outcome.quantiles) for outcome in summary.outcomes)
    assert pandas.api.types.is_datetime64_any_dtype(frame["date"])
    assert frame["day"].dtype == frame["mc_error_days"].dtype == float


def test_without_pandas_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=NEEDED):
        data_frame(factory.flagship(2048))
