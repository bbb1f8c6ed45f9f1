"""What would have happened: losses that have ended, and dates that begin before a source."""

from __future__ import annotations

import re
from typing import Any

import pytest

import simulate
from simulate.analysis.summary import Outcome, Summary
from simulate.report.text import comparison, sweep
from simulate.report.text.captions import finding, number_and_meaning, strength_finding
from simulate.report.text.citation import sentence
from simulate.report.text.mood import would
from simulate.report.text.news import news_sentence
from simulate.report.text.phrases import main_outcome
from tests.cases import uniform
from tests.report.test_news import said

# 125 in twelve days are 10.417 a day, and 505 of them 48.48 days: until the 49th, 31 July.
COUNT = {"count": 125, "start": "2025-06-13", "as_of": "2025-06-25"}
FORCE = {"size": 505, "as_of": "2025-06-13"}
FIRED: dict[str, Any] = {
    "title": "T",
    "unit": "interceptors",
    "wording": "stock",
    "horizon": "2040-01-01",
    "force": FORCE,
    "losses": {**COUNT, "count": uniform(100, 150), "ended": "2025-06-24"},
}


def run(**tree: Any) -> Summary:
    return simulate.run({**FIRED, **tree}, draws=4096, strength=True).summary


@pytest.fixture(scope="module")
def fired() -> Summary:
    return run()


@pytest.mark.parametrize(
    ("does", "how", "is_open", "is_past"),
    [
        ("be lost", "", "would be lost", "would have been lost"),
        ("be lost", "not", "would not be lost", "would not have been lost"),
        ("be 600", "still", "would still be 600", "would still have been 600"),
        ("fall to 600", "", "would fall to 600", "would have fallen to 600"),
        ("rise", "", "would rise", "would have risen"),
        ("take longer", "", "would take longer", "would have taken longer"),
        ("last", "", "would last", "would have lasted"),
        ("be lost", "already", *["would already have been lost"] * 2),
        ("fall to 9", "already", *["would already have fallen to 9"] * 2),
    ],
)
def test_verbs(fired: Summary, does: str, how: str, is_open: str, is_past: str) -> None:
    losses = {**FIRED["losses"], "ended": None}
    for summary, words in ((fired, is_past), (run(losses=losses), is_open)):
        assert would(main_outcome(summary), does, how) == words


@pytest.mark.parametrize(
    ("wording", "gone_on", "done"),
    [
        ("force", "Had the losses gone on at 10.4", "lost"),
        ("stock", "Had use gone on at 10.4", "used up"),
        ("fund", "Had spending gone on at 10.4", "spent"),
    ],
)
def test_losses_that_have_ended(wording: str, gone_on: str, done: str) -> None:
    tree: dict[str, Any] = {
        "force": FORCE,
        "losses": {**COUNT, "ended": "2025-06-24"},
        "wording": wording,
    }
    words = said(**tree, published=[{"label": "X: by August", "date": "2025-07-31"}])
    size = "505" if wording == "force" else "505 units"
    assert words == (
        f"{gone_on} units a day, the pace reported for 13 to 24 June 2025, the whole {wording} of "
        f"{size} would have been {done} by 31 July 2025. That is also the date X gave as “by "
        "August”."
    )


def test_a_pace_of_any_kind_would_have_gone_on() -> None:
    ended = {"ended": "2025-07-01"}
    rate = {"rate": 10, "per": "day", "source": "the ministry", **ended}
    assert said(force={**FORCE, "source": "analysts"}, losses=rate, wording="stock") == (
        "Had use gone on at 10 units a day from 13 June 2025 on, based on figures from the "
        "ministry and, for the size of the stock, from analysts, the whole stock of 505 units "
        "would have been used up by 2 August 2025."
    )
    claims = [{"count": n, "as_of": "2025-06-25"} for n in (120, 130)]
    losses = {"start": "2025-06-13", "claims": claims, **ended}
    assert said(force={"size": 505}, losses=losses).startswith(  # 50.5 and 46.6 days
        "By two reports that disagree, had the losses gone on, the whole force of 505 would have "
        "been lost either on 29 July ("
    )
    losses = {**losses, "pooling": "quantile"}
    assert said(force={"size": 505}, losses=losses).startswith(
        "Had the losses gone on at 10.4 units a day, the pace of two reports, the whole force of "
        "505 would have been lost by 31 July 2025"
    )
    counts = [{"size": 500, "date": "2025-06-01"}, {"size": 305, "date": "2025-06-21"}]  # 31.3 days
    assert said(force={"counts": counts}, losses=ended, wording="stock") == (
        "Had use gone on at 9.75 units a day, the pace between the counts of 1 and 21 June 2025, "
        "the rest of the stock, 305 of 500 units, would have been used up by 22 July 2025."
    )
    assert said(force={"lasts": 11, "as_of": "2025-06-25"}, losses=ended, wording="stock") == (
        "With 11 days of supply on 25 June 2025, had use gone on, the whole stock would have been "
        "used up by 6 July 2025."
    )


def test_use_that_would_have_gone_on_is_named_once() -> None:
    losses = {**COUNT, "ended": "2025-06-24"}
    for preset, lost, words in (
        ("stock", "fired", "Had use gone on at 10.4 units a day, "),
        ("force", "killed", "Had the losses gone on at 10.4 units killed a day, "),
    ):
        wording = {"preset": preset, "lost": lost}
        assert said(force=FORCE, losses=losses, wording=wording).startswith(words)


def test_what_would_not_have_happened() -> None:
    tree: dict[str, Any] = {"losses": FIRED["losses"], "wording": "stock", "horizon": "2025-07-10"}
    words = said(force=FORCE, **tree)
    assert words.endswith(
        "the whole stock of 505 units would not have been used up by 10 July 2025 in any "
        "simulation."
    )
    some = said(**{**FIRED, "horizon": "2025-08-05"}, by=[])
    assert " simulations it would not have happened by 5 August 2025" in some
    more = said(force=FORCE, **tree, inflow=[{"amount": 310, "per": "month"}])
    assert "at least as much would have come in as was used up" in more
    assert "it would have taken longer" in more


def test_why_it_would_not_have_happened() -> None:
    """Of two days each in eight weeks, both are later than 36.5 days in (19.5 / 56)² of draws."""
    day = {"distribution": "uniform", "low": "2025-06-25", "high": "2025-08-20"}
    ends = [{"label": label, "date": day} for label in ("truce", "retreat")]
    losses = {**COUNT, "source": "CNN, 1 September 2025"}
    tree: dict[str, Any] = {"force": FORCE, "losses": losses, "wording": "stock"}
    words = said(**tree, ends=ends, horizon="2026-01-01")
    assert " would not have been used up in 88 of 100 simulations; in 4" in words
    assert re.search(r"in 4\d “truce” would have come first, in 4\d “retreat”\.$", words)
    tree["losses"]["ended"] = "2025-06-24"
    lost = said(**tree, thresholds=[{"lost": 900}])
    assert lost.endswith("in any simulation: the stock had only 505.")


def test_pictures_cards_and_papers_have_the_same_mood(fired: Summary) -> None:
    main = main_outcome(fired)
    whole = "Whole stock of interceptors would have been used up"
    assert finding(fired, main).startswith(f"{whole} between ")
    assert number_and_meaning(fired, main)[1].startswith(whole)
    assert sentence(fired).startswith("The whole stock (100 %) would have been used up between ")
    assert strength_finding(fired, fired.strength).startswith(  # type: ignore[arg-type]
        "Interceptors left would have fallen from 505 to none by about "
    )


def test_several_results_have_the_mood_of_what_may_still_happen() -> None:
    still = {**FIRED, "losses": {**FIRED["losses"], "ended": None}}
    for trees, words in (([FIRED, FIRED], "would have been"), ([FIRED, still], "would be")):
        found = simulate.compare(trees, draws=1024)
        assert words in comparison.finding(found.comparison, 1.0)
    grid = simulate.sweep(FIRED, {"force.size": [400, 500]}, draws=1024)
    assert "by which the whole stock (100 %) would have been used up:" in sweep.sentence(grid.sweep)
    assert sweep.finding(grid.sweep).startswith("Whole stock of interceptors would have been used")


def test_what_was_reached_before_the_end_needs_nothing_to_go_on() -> None:
    """Half of 505 at 8.3 to 12.5 a day takes 20 to 30 days from 13 June, until 13 July, all 40."""
    for ended, start in (("2025-07-12", "At"), ("2025-07-02", "Had use gone on at")):
        found = run(losses={**FIRED["losses"], "ended": ended}, thresholds=[0.5, 1])
        half, whole = (news_sentence(found, outcome) for outcome in found.outcomes)
        assert half.startswith(f"{start} about 10 interceptors a day, ")
        assert " would have been used up by about 7 July 2025" in half
    assert whole.startswith("Had use gone on at about 10 interceptors a day, ")


def test_strength_of_a_size_that_is_likeliest_at_an_end() -> None:
    size = {"distribution": "triangular", "low": 480, "mode": 480, "high": 505}
    found = run(force={"size": size, "as_of": "2025-06-13"})
    assert found.strength is not None
    assert " would have fallen from 480 to none" in strength_finding(found, found.strength)


def outcomes(**losses: Any) -> tuple[Outcome, ...]:
    return run(losses={**FIRED["losses"], **losses}).outcomes


def test_no_number_changes() -> None:
    with_end, without = outcomes(), outcomes(ended=None)
    assert [one.mood for one in (*with_end, *without)] == ["ended", "open"]
    assert with_end[0].quantiles == without[0].quantiles


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("CNN, 31 July 2025", "would be used up by 31 July"),  # it may happen on that day
        ("CNN, 1 August 2025", "would have been used up by 31 July"),
        ("U.S. officials, August 1, 2025", "would have been used up by 31 July"),
        ("CNN, 2025-08-01", "would have been used up by 31 July"),
        ("CNN, 1 May 2025; the ministry, 1 August 2025, of losses", "would have been used up by"),
        ("CNN, of the days up to 1 August 2025", "would be used up by"),
        ("CNN, 31 February 2026", "would be used up by"),
    ],
)
def test_dates_before_the_day_of_a_source(source: str, words: str) -> None:
    tree: dict[str, Any] = {"force": FORCE, "wording": "stock"}
    found = said(losses={**COUNT, "source": source}, **tree)
    assert words in found
    assert not found.startswith("Had")


def test_dates_before_a_claim_was_published() -> None:
    for day, words in (("2025-07-01", "would be lost"), ("2025-08-20", "would have been lost")):
        claims = [
            {"count": n, "as_of": "2025-06-25", "published": day, "source": f"source {n}"}
            for n in (120, 130)
        ]
        losses = {"start": "2025-06-13", "claims": claims}
        assert words in said(force={"size": 505}, losses=losses)
