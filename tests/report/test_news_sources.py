"""The newspaper sentence by sources: who counted, and dates and paces of those who disagree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import uniform
from tests.report.test_news import RATE, STOCK, said

GROUP = {"count": {"distribution": "lognormal", "p5": 540, "p95": 660}, "as_of": "2025-03-01"}
MINISTRY = {"count": 450, "as_of": "2025-03-02", "source": "the ministry"}


def test_sources_that_disagree_have_a_date_each() -> None:
    """3,500 at 597 in 19 days are lost 111 days from 10 February, at 450 in 20 days 155 days."""
    claims = [{**GROUP, "source": "The monitoring group, 1 March"}, MINISTRY]
    losses = {"start": "2025-02-10", "claims": claims}
    words = said(force={"size": uniform(3300, 3700)}, losses=losses)
    assert words == (
        "At about 31 units a day, based on figures from the monitoring group, the whole force of "
        "3,300 to 3,700 would be lost by about 1 June 2025; at about 22 a day, based on figures "
        "from the ministry, by about 15 July; nine simulations in ten fall between 22 May and 22 "
        "July."
    )
    # A single source of both says nothing by itself, and close counts are one cluster.
    same = {"start": "2025-02-10", "claims": [GROUP, MINISTRY | {"source": ""}]}
    assert said(force={"size": uniform(3300, 3700)}, losses=same) == (
        "By two reports that disagree, the whole force of 3,300 to 3,700 would be lost either "
        "between 20 May and 21 June (47 % of simulations) or between 6 and 23 July 2025 (49 %)."
    )
    close = {**losses, "claims": [claims[0], {**MINISTRY, "count": 600}]}
    assert said(force={"size": uniform(3300, 3700)}, losses=close).startswith(
        "At about 30 units a day, the pace of two reports, the whole force of 3,300 to 3,700 "
        "would be lost by about "
    )


def test_sources_whose_dates_run_into_one_another_have_a_date_each() -> None:
    """No gap parts the dates, yet 3,200 at 1,075 in 71 days last 211 days, at 780 in 66 days 271.

    From 11 March that is 8 October and 7 December. A third of the draws closer, they have one date.
    """
    ministry = {"count": 780, "as_of": "2024-05-16", "source": "the ministry"}
    group = {"count": uniform(950, 1200), "as_of": "2024-05-21", "source": "the group"}
    losses = {"start": "2024-03-11", "claims": [ministry, group]}
    force = {"size": uniform(2880, 3520)}
    assert said(force=force, losses=losses).startswith(
        "At about 15 units a day, based on figures from the group, the whole force of 2,880 to "
        "3,520 would be lost by about 8 October 2024; at about 12 a day, based on figures from the "
        "ministry, by about 6 December; nine simulations in "
    )
    close = {**losses, "claims": [{**ministry, "count": 900}, group]}
    assert said(force=force, losses=close).startswith("At about 14 units a day, the pace of two ")


def test_a_pace_by_source_keeps_the_scale_of_its_unit() -> None:
    claims = [
        {"count": count, "as_of": "2024-12-01", "source": source}
        for count, source in ((185, "the agency"), (85, "the ministry"))
    ]
    tree: dict[str, Any] = {
        "force": {"size": 410, "as_of": "2024-07-01"},
        "losses": {"start": "2024-07-01", "claims": claims},
    }
    words = said(**tree, unit="million dollars", wording="fund")
    assert words.startswith("At about 8.5 million dollars a week, based on figures from the agency")
    assert "; at about 3.9 million a week, based on figures from the ministry" in words


def test_the_dates_of_sources_are_their_own_medians() -> None:
    """Also where the bins of the histogram are wide, and the medians are those of all their draws.

    3,150 at 41 days lose 12,000 in 156 days, on 11 May; 65 in 41 days need 7,569.
    """
    group = {"count": uniform(3000, 3300), "as_of": "2025-01-16", "source": "the group"}
    slow = {"count": uniform(60, 70), "as_of": "2025-01-16", "source": "the ministry"}
    losses = {"start": "2024-12-06", "claims": [group, slow]}
    tree: dict[str, Any] = {"force": {"size": 12000}, "losses": losses}
    assert (
        "would be lost by about 11 May 2025; at about 11 a week, based on figures from the "
        in said(**tree, horizon="2060-01-01")
    )
    # By 2040 most draws of the ministry's have no date, so there is none to print.
    assert "ministry" not in said(**tree, horizon="2040-01-01")


def test_the_source_of_two_counts_is_named() -> None:
    counts = [{"size": 120, "date": "2024-01-31"}, {"size": 84, "date": "2024-05-03"}]
    for source, pace in (
        ("the minister, 3 May", "based on figures from the minister for"),
        (
            "Minister of Defence Ruiz (Chile), 3 May",
            "based on figures from Minister of Defence Ruiz (Chile) for",
        ),
        ("my notes", "the pace between the counts of"),
    ):
        words = said(wording="stock", force={"counts": counts, "source": source})
        assert f", {pace} 31 January and 3 May 2024, the" in words


def test_a_rate_names_its_source_and_its_first_day() -> None:
    stated = {**RATE, "source": "the board, 2 February"}
    words = said(wording="fund", force=STOCK, losses=stated)
    assert words.startswith(
        "At 200 units a month from 22 January 2026 on, based on figures from the board, the whole "
        "fund of 3,000 units would be spent by "
    )
    assert " on, based" not in said(wording="fund", force=STOCK, losses={**RATE, "source": "notes"})
    begun = {**stated, "start": "2026-01-22"}
    assert said(wording="fund", force={"size": 3000}, losses=begun).startswith(
        "At 200 units a month, based on figures from the board, the whole "
    )


def test_what_has_passed_names_the_reports_it_is_weighed_against() -> None:
    """Both sources count more than a third of the force; a median pace is that of neither."""
    losses = {"start": "2025-02-10", "claims": [{**GROUP, "source": "A"}, MINISTRY]}
    tree: dict[str, Any] = {"force": {"size": uniform(1200, 1300)}, "losses": losses}
    tree["thresholds"] = [0.3]
    already = "0 % of the force of 1,200 to 1,300 would already have been lost "
    assert said(**tree).startswith(f"3{already}")
    report = {"label": "r", "date": "2025-04-01", "losses": 1100, "evidence": True}
    words = said(**tree, observed=[report], evidence={"error": 0.6, "source_bias": 0.3})
    assert words.startswith(f"Weighed against a later report, 3{already}")


@pytest.mark.parametrize(
    ("whole", "of_pace", "of_size", "words"),
    [
        (
            "stock",
            "A US official",
            "analysts",
            "a US official and, for the size of the stock, from",
        ),
        ("missiles in store", "CNN", "ISW", "CNN and, for the size of the stock, from ISW, "),
        ("water in the dams", "CNN", "ISW", "CNN and, for the size of the stock, from ISW, "),
        # The same in short, none, or one whom nobody would take for the source of the size.
        ("stock", "CNN, 27 July 2025", "CNN, 3 May 2025", "CNN, the whole stock of 3,000 units"),
        ("stock", "Kyiv Post", "Kyiv", "Kyiv Post and, for the size of the stock, from Kyiv, the"),
        ("stock", "CNN", "", "CNN, the whole stock"),
        ("arsenal", "CNN", "ISW", "CNN and, for the size of the arsenal, from ISW, "),
        ("US Reserve", "CNN", "ISW", "CNN and, for the size of the stock, from ISW, "),
        ("stock", "", "CNN", "At 200 units a month from 22 January 2026 on, the whole stock"),
    ],
)
def test_a_size_is_not_credited_to_others(
    whole: str, of_pace: str, of_size: str, words: str
) -> None:
    wording = {"preset": "stock", "whole": whole}
    force, losses = {**STOCK, "source": of_size}, {**RATE, "source": of_pace}
    found = said(force=force, losses=losses, wording=wording)
    assert words in found
