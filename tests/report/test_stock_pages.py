"""What pages say of stocks and flows: pooled flows, seasons, units of time, the mean."""

from __future__ import annotations

import re
from typing import Any

import pytest

import simulate
from simulate.analysis.inputs import describe_inputs
from simulate.api.report import report_text
from simulate.api.result import Result
from simulate.report.document import Document
from simulate.report.pages.claims import side_by_side
from simulate.report.pages.inputs import inputs_page
from simulate.report.pages.run import run_page
from simulate.report.render.terminal import render
from simulate.scenario.loader import LoadedScenario, load_mapping
from simulate.scenario.words import DOMAINS

UNIFORM = {"distribution": "uniform"}
STOCK = {"title": "T", "unit": "tons", "force": {"size": 3000, "as_of": "2026-01-22"}}
RATE = {"losses": {"rate": 2400, "per": "year"}}
SEASON = [1.9, 1.7, 1.4, 1, 0.6, 0.4, 0.35, 0.35, 0.5, 0.8, 1.3, 1.7]
INFLOW = [{"amount": {**UNIFORM, "low": 0, "high": 50}, "per": "month"}]
FLOWS = [
    {"count": 150, "as_of": "2025-12-31", "days": 30, "source": "A"},
    {"count": 210, "as_of": "2026-01-31", "days": 30, "source": "B"},
]


def loaded(**keys: Any) -> LoadedScenario:
    return load_mapping({**STOCK, **keys})


def run(**keys: Any) -> Result:
    return simulate.run(loaded(**keys), draws=1024)


def plain(document: Document) -> str:
    return " ".join(render(document, 200, color=False).split())


def described(of: LoadedScenario) -> str:
    return plain(inputs_page("T", describe_inputs(of.scenario), DOMAINS["stock"], unit="tanks"))


def report(result: Result) -> str:
    return report_text(result, ".md").replace("\\", "")


# --- flows ---


def test_flows_alone_are_pooled_as_the_rate() -> None:
    result = run(losses={"claims": FLOWS})
    page = plain(run_page(result.summary, verbose=True))
    assert "a given period; it is pooled as the rate." in page
    assert "compared" not in page
    assert "tons a day (2 claims)" in page
    assert "(8 replicates), 2 claims pooled linearly." in page
    assert "see losses.rate" in report(result)


def test_flows_beside_a_total_are_compared() -> None:
    total = {"count": 300, "as_of": "2026-01-22"}
    result = run(losses={"start": "2025-12-01", "claims": [total, *FLOWS]})
    assert "a given period; it is compared, not pooled." in plain(
        run_page(result.summary, verbose=True)
    )
    assert "none, compared only" in report(result)


@pytest.mark.parametrize("total", [(), ({"count": 300, "as_of": "2026-01-22"},)])
def test_only_flows_beside_totals_are_compared_side_by_side(total: tuple[Any, ...]) -> None:
    claims = [*total, *total, *FLOWS]
    of = loaded(losses={"start": "2025-12-01", "pooling": "each", "claims": claims})
    numbered = [(n, simulate.run(part, draws=1024).summary) for n, part in of.parts()]
    page = plain(side_by_side(numbered, "T"))
    assert page.count("Flow, compared and not pooled") == (2 if total else 0)


# --- seasons ---


def test_a_certain_season_has_one_entry() -> None:
    keys = {**RATE, "rate": {"by_month": SEASON, "source": "S"}}
    months = "January 1.9, February 1.7, March 1.4, April 1, May 0.6, June 0.4, July 0.35, "
    months += "August 0.35, September 0.5, October 0.8, November 1.3, December 1.7"
    page = described(loaded(**keys))
    assert f"rate.by_month constant {months} source: S" in page
    assert "by_month[" not in page
    result = run(**keys)
    text = report(result)
    assert f"| season (rate.by_month) | fixed | {months} | none, fixed | S |" in text
    assert re.search(r"Taken as certain: [^.]*\.[^\n]* rate\.by_month\.\n", text)
    assert "by_month[" not in text
    page = plain(run_page(result.summary, verbose=True))
    assert "Loss rate: 2,400 tons a year on average over the year" in page
    assert "(as given)" not in page


def test_the_months_of_an_uncertain_season_have_names() -> None:
    keys = {**RATE, "rate": {"by_month": [{**UNIFORM, "low": 1, "high": 3}, *SEASON[1:]]}}
    page = described(loaded(**keys))
    assert "rate.by_month[0] (January) uniform low 1, high 3" in page
    assert "rate.by_month[11] (December) constant 1.7" in page
    text = report(run(**keys))
    assert "| season, January (rate.by_month[0]) | uniform low 1, high 3 | 2 (1.1 to 2.9) |" in text
    assert "| season, July (rate.by_month[6]) | fixed | 0.35 |" in text


def test_a_rate_without_a_season_is_no_mean() -> None:
    assert "average over the year" not in plain(run_page(run(**RATE).summary, verbose=True))


# --- units of time ---


def test_rates_have_their_unit_of_time_in_the_table_of_a_report() -> None:
    text = report(run(**RATE, inflow=INFLOW))
    assert "| loss rate (losses.rate) | fixed | 2,400 a year |" in text
    assert "| uniform low 0, high 50 | 25 (2.5 to 47.5) a month |" in text


# --- the mean up to the horizon ---

EARLIER = [{**INFLOW[0], "from": "2020-01-01"}]
CERTAIN = {**RATE, "horizon": "2030-01-01"}


def test_the_mean_counts_from_the_day_of_the_stock() -> None:
    """3,000 at 2,400 a year last 456.6 days, whatever other date the scenario names."""
    for inflow in ([], [{"amount": 0, "per": "day", "from": "2020-01-01"}]):
        page = plain(run_page(run(**CERTAIN, inflow=inflow).summary, verbose=True))
        assert "(restricted mean): 456.6 days (± 0) after 22 January 2026" in page
        assert "earliest date" not in page


def test_where_the_day_of_the_stock_is_uncertain_the_mean_names_what_it_counts_from() -> None:
    force = {"size": 3000, "as_of": {**UNIFORM, "low": "2026-01-20", "high": "2026-01-25"}}
    page = plain(run_page(run(**CERTAIN, force=force, inflow=EARLIER).summary, verbose=True))
    assert "after 1 January 2020, the earliest date in the scenario" in page


def test_where_losses_begin_on_a_date_the_mean_counts_from_there() -> None:
    losses = {"count": 300, "start": "2025-12-01", "as_of": "2026-01-22"}
    page = plain(run_page(run(force={"size": 3000}, losses=losses).summary, verbose=True))
    assert "after 1 December 2025" in page
    assert "earliest date" not in page
