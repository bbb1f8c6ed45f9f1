"""Titles of pictures state what was found, and source lines name who is credited."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from matplotlib.text import Text
from msgspec.structs import replace

import simulate
from simulate.analysis.summary import Summary
from simulate.report.document import Table
from simulate.report.pages.strength import strength
from simulate.report.text.attribution import source_words, sources
from simulate.report.text.captions import (
    finding,
    number_and_meaning,
    question_words,
    strength_finding,
)
from simulate.report.text.news import news_sentence
from simulate.report.text.phrases import main_outcome
from simulate.report.text.wording import between_dates
from tests.cases import FUND_OF_ONE_DATE
from tests.report import factory

CONFIGS = Path(__file__).parents[2] / "configs"


def title(summary: Summary) -> str:
    return finding(summary, main_outcome(summary))


def test_findings_of_shipped_scenarios() -> None:
    isw = simulate.run(CONFIGS / "kursk-isw.yaml", strength=True).summary
    assert title(isw) == (
        "Whole force would be lost between early February and mid-April 2025 "
        "at about 130 soldiers a day"
    )
    assert isw.strength is not None
    shown = strength_finding(isw, isw.strength)
    assert shown == "Soldiers present would fall from 11,600 to none by about 7 March 2025"
    point = simulate.run(CONFIGS / "kursk-isw-point.yaml").summary
    assert title(point) == "Whole force would be lost on 14 April 2025 at 92.7 soldiers a day"
    claims = simulate.run(CONFIGS / "kursk-claims.yaml", draws=1024).summary
    assert title(claims).endswith("at the pace of six reports")


@pytest.mark.parametrize(
    ("size", "part", "words"),
    [
        (9800, {"floor": 2000}, "Euros left would fall from 9.8 billion to 2 billion by "),
        (980, {"floor": 200}, "Million euros left would fall from 980 to 200 by "),
        (9800, {"usable": 0.5}, "Usable euros left would fall from 4.9 billion to none by "),
        (980, {"usable": 0.5}, "Usable million euros left would fall from 490 to none by "),
    ],
)
def test_thousands_of_millions_are_billions(size: int, part: dict[str, float], words: str) -> None:
    fund = {
        "title": "T",
        "wording": "fund",
        "unit": "million euros",
        "force": {"size": size, "as_of": "2023-06-30", **part},
        "losses": {"rate": size / 10, "per": "month"},
    }
    summary = simulate.run(fund, draws=64, strength=True).summary
    assert summary.strength is not None
    assert strength_finding(summary, summary.strength).startswith(words)


def test_findings_without_a_date() -> None:
    assert title(factory.all_never()) == (
        "Whole force would not be lost by 1 January 2026 in any simulation"
    )
    found = title(factory.with_never())
    dates = "between early February and early October 2025"
    assert found.startswith(f"Whole force would be lost {dates}, if at all")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("2020-04-06", "2020-04-06", "on 6 April 2020"),
        ("2020-04-06", "2020-04-10", "between 6 and 10 April 2020"),
        ("2025-02-03", "2025-04-13", "between early February and mid-April 2025"),
        ("2024-12-21", "2025-01-31", "between late December 2024 and late January 2025"),
        ("2023-02-21", "2024-04-10", "between February 2023 and April 2024"),
        ("2031-09-30", "2038-11-25", "between 2031 and 2038"),
    ],
)
def test_dates_are_as_exact_as_they_are_close(low: str, high: str, words: str) -> None:
    first, last = map(dt.date.fromisoformat, (low, high))
    assert between_dates(first, last) == words


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("HUR, 6 January 2025", "Source: HUR"),
        ("Low: HUR, 6 January. High: judgement.", "Source: HUR"),
        (
            "Low: HUR, 6 January. High: NIS (South Korea), 13 January.",
            "Sources: HUR; NIS (South Korea)",
        ),
        (
            "p5: IISS, 2,900. p95: General Staff of Ukraine, claims.",
            "Sources: IISS; General Staff of Ukraine",
        ),
        ("Judgement: the spread.", "Source: Judgement: the spread."),
        (
            "St. Mary’s Hospital. Gov. Cuomo, 2 April 2020",
            "Sources: St. Mary’s Hospital; Gov. Cuomo",
        ),
        ("", "No source given"),
        ("the agency, 6 January 2025", "Source: the agency"),
        ("Low: HUR, 6 January. High: the ministry, 7 January.", "Sources: HUR; the ministry"),
        ("Low: HUR, 6 January. High: a rush to the last of the stock.", "Source: HUR"),
        (
            "the share returning: the medic; half wounded: my assumption",
            "Source: the medic",
        ),
        ("the count: Reuters; the size: the brigade", "Sources: Reuters; the brigade"),
        ("the ministry: about 300; the range is a judgement", "Source: the ministry"),
        ("Minister Umerov, 5 November; Joint Staff", "Sources: Minister Umerov; Joint Staff"),
        ("Count: the newspaper. Size: the ministry", "Sources: the newspaper; the ministry"),
        ("the same", "No source given"),
        ("the state auditor says", "Source: the state auditor"),
        ("the minister told parliament on Friday, 3 May", "Source: the minister"),
        ("the losses reported by the ministry", "Source: the losses reported by the ministry"),
    ],
)
def test_sources_are_credited_by_name(source: str, names: str) -> None:
    summary = factory.flagship(2048)
    summary = replace(summary, inputs=tuple(replace(i, source=source) for i in summary.inputs))
    assert sources(summary) == names


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["Congress", "the agency"], "Congress; the agency"),
        (["the ministry, 3 May", "Reuters", "the same"], "the ministry; Reuters"),
        (["The same; the range is a judgement", "the ministry", "as above"], "the ministry"),
        (["a relief agency", "The relief agency", "NIS"], "a relief agency; NIS"),
        (["Defence Minister Reznikov", "the minister"], "Defence Minister Reznikov"),
        (
            ["Minister Ruiz", "the minister", "Minister Soto"],
            "Minister Ruiz; the minister; Minister Soto",
        ),
        (["Reuters", "judgement"], "Reuters"),
        (["Reuters", "President Biden's order, 3 May"], "Reuters; President Biden's order"),
        (["Reuters", "ISW's own division of 3,800 by the days"], "Reuters"),
        (
            ["Reuters", "an independent tally of obituaries and of hospital lists"],
            "Reuters; an independent tally of obituaries and of hospital lists",
        ),
    ],
)
def test_a_source_in_lower_case_is_credited_beside_names(given: list[str], named: str) -> None:
    summary = factory.flagship(2048)
    inputs = tuple(replace(summary.inputs[0], source=source) for source in given)
    assert (
        sources(replace(summary, inputs=inputs)) == f"Source{'s' if ';' in named else ''}: {named}"
    )


def test_separate_clusters_are_both_named() -> None:
    claims = [
        {"count": 600, "as_of": "2025-03-01", "source": "the group"},
        {"count": 450, "as_of": "2025-03-02", "source": "the same group"},
    ]
    size = {"distribution": "uniform", "low": 3300, "high": 3700}
    losses = {"start": "2025-02-10", "claims": claims}
    summary = simulate.run(
        {"title": "T", "force": {"size": size}, "losses": losses}, draws=4096
    ).summary
    # At 600 in 19 days 25 May to 7 June, at 450 in 20 days 6 to 24 July; the outermost
    # twentieth of each, 0.6 and 0.9 days long, is left out.
    dates = "26 May to 7 June or 6 to 23 July 2025"
    assert number_and_meaning(summary, main_outcome(summary)) == (
        dates,
        "Whole force would be lost at the pace of two reports: 97 % of simulations",
    )
    when = "between 26 May and 7 June or between 6 and 23 July 2025"
    assert f"lost {when} in 97 % of simulations" in title(summary)
    assert sources(summary) == "Source: the group"


def test_pages_end_with_the_sources() -> None:
    page = simulate.run(CONFIGS / "kursk-isw-point.yaml").page()
    credited = "Sources: Institute for the Study of War; President Zelensky. simulate "
    assert page.foot.startswith(credited)


def test_a_source_without_a_name_is_itself() -> None:
    assert source_words("the interviewer") == "the interviewer"


@pytest.mark.parametrize(
    ("probability", "number", "meaning", "title"),
    [
        (
            0.3,
            "26 March to 2 May 2025",
            (
                "Whole force would be lost at 8 to 12 units a day: 65 % of simulations; not by 31 "
                "December 2026 in 30.0 % of simulations"
            ),
            (
                "Whole force would be lost between late March and early May 2025, if at all, at "
                "8 to 12 units a day"
            ),
        ),
        (
            0.12,
            "26 March to 2 May 2025",
            (
                "Whole force would be lost at 8 to 12 units a day: 82 % of simulations; not by 31 "
                "December 2026 in 12.0 % of simulations"
            ),
            (
                "Whole force would be lost between late March and early May 2025, if at all, at "
                "8 to 12 units a day"
            ),
        ),
        (
            0.8,
            "Not by 31 December 2026",
            (
                "Whole force would not be lost at 8 to 12 units a day: 80.0 % of simulations; "
                "26 March to 2 May 2025 in 19 % of simulations"
            ),
            "Whole force would not be lost by 31 December 2026 in 80.0 % of simulations",
        ),
    ],
)
def test_what_may_never_happen_is_not_nine_in_ten(
    probability: float, number: str, meaning: str, title: str
) -> None:
    """U(8, 12) a day: on the days 84 to 121 end 93 % of those with a date."""
    rate = {"distribution": "uniform", "low": 8, "high": 12}
    tree = {
        "title": "T",
        "horizon": "2026-12-31",
        "force": {"size": 1000, "as_of": "2025-01-01"},
        "losses": {"rate": rate, "per": "day"},
        "ends": [{"label": "ceasefire", "date": "2025-01-02", "probability": probability}],
    }
    summary = simulate.run(tree, draws=2**14).summary
    assert number_and_meaning(summary, main_outcome(summary)) == (number, meaning)
    assert finding(summary, main_outcome(summary)) == title


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("2026-12-31", "Units present would fall from 1,000 to 270 by 31 December 2026, the last "),
        ("2025-05-01", "Units present would fall from 1,000 to 880 by about "),
    ],
)
def test_the_last_day_simulated_is_no_finding(end: str, words: str) -> None:
    """At 1 a day most are left after 730 days; a ceasefire in May leaves 880."""
    tree = {
        "title": "T",
        "horizon": "2026-12-31",
        "force": {"size": 1000, "as_of": "2025-01-01"},
        "losses": {"rate": {"distribution": "uniform", "low": 0.9, "high": 1.1}, "per": "day"},
        "ends": [{"label": "ceasefire", "date": end}],
    }
    summary = simulate.run(tree, draws=512, strength=True).summary
    assert summary.strength is not None
    shown = strength_finding(summary, summary.strength)
    assert shown.startswith(words)
    assert ("2026" in shown) == ("2026" in words)
    (table,) = (block for block in strength(summary) if isinstance(block, Table))
    assert (table.rows[-1][0] == ("2026-12-31",)) == ("2026" in words)


STORED = " at about 6 tanks a day, with more coming in"


def test_a_rate_that_changes_is_no_condition() -> None:
    """The reference class says that the rate changes: no date rests on a constant one."""
    for name, words in (("reference", ""), ("stored", STORED)):
        summary = simulate.run(CONFIGS / f"tanks-{name}-2024.yaml", draws=1024).summary
        _, meaning = number_and_meaning(summary, main_outcome(summary))
        assert meaning.startswith(f"Whole stock of tanks would be gone{words}: ")


@pytest.mark.parametrize(
    ("inflow", "thresholds", "counted"),
    [
        ([{"amount": 10, "per": "month"}], [0.5], " Counted: strength, what is left."),
        ([{"amount": 10, "per": "month"}], [0.5, 1.0], ""),
        ([], [0.5], ""),
    ],
)
def test_a_question_of_losses_says_where_arrivals_replace_them(
    inflow: list[object], thresholds: list[float], counted: str
) -> None:
    tree = {
        "title": "T",
        "question": "When would half of the force be lost?",
        "force": {"size": 1000},
        "losses": {"count": 100, "start": "2025-02-10", "as_of": "2025-03-01"},
        "inflow": inflow,
        "thresholds": thresholds,
    }
    words = question_words(simulate.run(tree, draws=1024).summary)
    assert words == f"When would half of the force be lost?{counted}"


@pytest.mark.parametrize(
    ("wording", "beyond"), [("force", "more than are replaced"), ("fund", "more than comes in")]
)
def test_a_net_rate_is_called_one(wording: str, beyond: str) -> None:
    losses = {"rate": 100, "per": "day", "net": True, "start": "2025-04-01"}
    tree = {"title": "T", "wording": wording, "force": {"size": 5000, "as_of": "2025-03-01"}}
    summary = simulate.run({**tree, "losses": losses}, draws=1024).summary
    assert title(summary).endswith(f" at 100 units a day {beyond}")
    said = news_sentence(summary)
    assert said.startswith(f"At 100 units a day {beyond}, from 1 April 2025 on, the whole ")
    assert " would be gone by " in said


@pytest.mark.parametrize(
    ("a_day", "begins", "is_named"),
    [(0.9, "2025-03-01", False), (1.1, "2025-03-01", True), (50, "2025-06-01", False)],
)
def test_a_title_names_an_inflow_that_moves_the_date(
    a_day: float, begins: str, is_named: object
) -> None:
    """Of 100 lost a day, from one on; all are lost on the 50th day."""
    amount = {"distribution": "uniform", "low": a_day - 0.1, "high": a_day + 0.1}
    tree = {
        "title": "T",
        "force": {"size": 5000, "as_of": "2025-03-01"},
        "losses": {"rate": 100, "per": "day"},
        "inflow": [{"amount": amount, "per": "day", "from": begins}],
    }
    summary = simulate.run(tree, draws=1024).summary
    assert (", with more coming in" in title(summary)) == is_named


def test_the_line_begins_at_the_size_that_the_sentence_gives() -> None:
    """Each draw has a day of its own for the size, and is larger before it."""
    late_january = {"distribution": "uniform", "low": "2025-01-21", "high": "2025-02-01"}
    tree = {
        "title": "T",
        "wording": "stock",
        "force": {
            "size": {"distribution": "uniform", "low": 216, "high": 264},
            "as_of": late_january,
        },
        "losses": {"count": 130, "start": late_january, "as_of": "2025-04-02"},
    }
    summary = simulate.run(tree, draws=4096, strength=True).summary
    assert summary.strength is not None
    values = summary.strength.present.values[summary.strength.levels.index(0.5)]
    assert round(values[0]) > 240  # what is to be seen
    assert " would fall from 240 to none by about " in strength_finding(summary, summary.strength)


def test_the_only_date_needs_no_about() -> None:
    result = simulate.run(FUND_OF_ONE_DATE, draws=4096, strength=True)
    summary = result.summary
    assert summary.strength is not None
    assert " would fall from 410 to 50 by " in strength_finding(summary, summary.strength)
    fan, dots = (result.picture(kind).draw("web").findobj(Text) for kind in ("fan", "dotplot"))
    assert "Down to 50 million dollars" in {text.get_text() for text in fan}
    assert any(" would be down to 50 million dollars on " in text.get_text() for text in dots)
