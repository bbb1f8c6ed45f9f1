"""Published dates and periods beside the sentence for a newspaper."""

from __future__ import annotations

import re

import pytest

from tests.cases import uniform
from tests.report.test_news import COUNT, said

MID_APRIL = {"date": "2025-04-15"}
LATE_MAY = {"from": "2025-05-18", "to": "2025-05-31"}
MARCH = {"from": "2025-03-10", "to": "2025-03-24"}
LATE_APRIL = {"from": "2025-04-16", "to": "2025-04-30"}


@pytest.mark.parametrize(
    ("label", "when", "words"),
    [
        (
            "ISW: mid-April 2025",
            MID_APRIL,
            "In 53 % {} by 15 April 2025, the date ISW gave as “mid-April 2025”.",
        ),
        ("The Post, 2 May", MID_APRIL, "In 53 % {} by 15 April 2025, the date The Post gave."),
        ("US document: soon", MID_APRIL, "{} by 15 April 2025, the published date (US document)."),
        ("Published", MID_APRIL, "{} by 15 April 2025, the published date."),
        ("ISW", LATE_APRIL, "{} in the period ISW gave, 16 to 30 April 2025, and in 53 % earlier."),
        (
            "The ministry: the end of April",
            LATE_APRIL,
            "gave as “the end of April” (16 to 30 April 2025), and in 53 % earlier.",
        ),
        (
            "ISW: by May",
            LATE_APRIL,
            "In 77 % {} by 30 April 2025, the end of the period ISW gave as “by May”.",
        ),
        (
            "ISW",
            LATE_MAY,
            "In practically all simulations it happens before {}, 18 to 31 May 2025.",
        ),
        (
            "ISW",
            MARCH,
            "In 95 % {} after the period ISW gave, 10 to 24 March 2025, and in 5 % in it.",
        ),
        ("ISW", {"date": "2024-12-31"}, "In no simulation does it happen by 31 December 2024, {}"),
        ("ISW", {"date": "2026-12-31"}, "In all simulations it happens by 31 December 2026, {}"),
        (
            "ISW: will last until mid-April",
            MID_APRIL,
            (
                "In 47 % of simulations it lasts until 15 April 2025, the date ISW gave as "
                "“will last until mid-April”."
            ),
        ),
        (
            "ISW: enough to reach January",
            {"date": "2024-12-31"},
            (
                "In all simulations it lasts until 31 December 2024, the date ISW gave as "
                "“enough to reach January”."
            ),
        ),
        (
            "ISW: until 2027",
            {"date": "2026-12-31"},
            (
                "In no simulation does it last until 31 December 2026, the date ISW gave as “until "
                "2027”."
            ),
        ),
        (
            "ISW: will not last until mid-April",
            MID_APRIL,
            "In 53 % {} by 15 April 2025, the date ISW gave as “will not last until mid-April”.",
        ),
        (
            "Enough Project: by mid-April",
            MID_APRIL,
            "In 53 % {} by 15 April 2025, the date Enough Project gave as “by mid-April”.",
        ),
    ],
)
def test_the_first_published_date_follows(label: str, when: dict[str, str], words: str) -> None:
    """16 April is 131 days after the start, which a count from 41 * 12,000 / 131 on reaches."""
    published = [{"label": label, **when}]
    losses = {**COUNT, "count": uniform(3000, 4600)}
    with_it = said(force={"size": 12000}, losses=losses, published=published)
    ends = "the date ISW gave." if words.endswith("{}") else "of simulations it happens"
    ends = "the period ISW gave" if when == LATE_MAY else ends
    assert with_it.endswith(words.format(ends))
    assert "nine simulations in ten fall between 24 March and 14 May. In " in with_it
    certain = said(force={"size": 12000}, losses=COUNT, published=published)
    assert " would be lost by 14 April 2025. That is " in certain
    assert "simulation" not in certain


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("analysts", "the date analysts gave"),
        ("Officials: mid-April", "the date officials gave as “mid-April”"),
        ("Ukrainian officials: soon", "the date Ukrainian officials gave"),
        ("the ministry", "the date the ministry gave"),
        ("The ministry, 2 May", "the date the ministry gave"),
        ("The Economist", "the date The Economist gave"),
        ("UK Ministry of Defence: April", "the date the UK Ministry of Defence gave as “April”"),
        ("a colonel: by March", "the date a colonel gave as “by March”"),
        ("a colonel, by March 2025", "the date a colonel gave as “by March 2025”"),
        (
            "a colonel: down to the reserve by March",
            "the date a colonel gave as “down to the reserve by March”",
        ),
        (
            "a colonel, down to the reserve by March",
            "the date a colonel gave as “down to the reserve by March”",
        ),
        ("an aid worker, midsummer", "the date an aid worker gave as “midsummer”"),
        ("an aid worker: by midsummer 2025", "the date an aid worker gave as “by midsummer 2025”"),
        ("the army: in two weeks", "the date the army gave as “in two weeks”"),
        ("the army: around 15 April", "the date the army gave as “around 15 April”"),
        ("the army: by 16 April", "the date the army gave as “by 16 April”"),
        ("the army: in the course of 2025", "the date the army gave as “in the course of 2025”"),
        ("the army: by 15 April 2025", "the date the army gave"),
        ("the army: 15 April", "the date the army gave"),
        ("the army: 22 January", "the date the army gave"),
        ("the army, report of 22 January 2025", "the date the army gave"),
        ("the army: a decision of the mayor", "the date the army gave"),
        ("the army: in 90 days", "the date the army gave as “in 90 days”"),
        ("the army: Q2 2025", "the date the army gave as “Q2 2025”"),
        ("the army, May 2 issue", "the date the army gave"),
        ("the army, April 2025", "the date the army gave"),
        ("Reuters: mid-April", "the date Reuters gave as “mid-April”"),
        ("ISW", "the date ISW gave"),
        ("A paper", "the date a paper gave"),
        ("one official: before summer", "the date one official gave as “before summer”"),
        ("this newspaper: before summer", "the date this newspaper gave as “before summer”"),
        ("Ministry: mid-April", "the date the Ministry gave as “mid-April”"),
        ("One America News", "the date One America News gave"),
        ("mid-April", "the published date (mid-April)"),
    ],
)
def test_who_gave_a_date_inside_a_sentence(label: str, words: str) -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    published = [{"label": label, **MID_APRIL}]
    found = said(force={"size": 12000}, losses=losses, published=published)
    assert found.endswith(f" by 15 April 2025, {words}.")


@pytest.mark.parametrize(
    ("first", "last", "where"),
    [
        ("2024-01-01", "2024-12-31", "after"),
        ("2025-04-01", "2025-04-30", "in"),
        ("2025-04-15", "2025-04-30", "before"),
    ],
)
def test_a_single_date_is_compared_with_a_period(first: str, last: str, where: str) -> None:
    published = [{"label": "analysts", "from": first, "to": last}]
    found = said(force={"size": 12000}, losses=COUNT, published=published)
    assert f" by 14 April 2025. That is {where} the period analysts gave, " in found


@pytest.mark.parametrize(
    ("label", "when", "words"),
    [
        ("ISW", MID_APRIL, "That is before 15 April 2025, the date ISW gave."),
        ("ISW", {"date": "2025-04-13"}, "That is after 13 April 2025, the date ISW gave."),
        ("ISW", {"date": "2025-04-14"}, "That is also the date ISW gave."),
        (
            "planners: early spring",
            MARCH,
            "That is after the period planners gave as “early spring” (10 to 24 March 2025).",
        ),
        (
            "US document: spring",
            MARCH,
            "That is after the published period (US document: “spring”), 10 to 24 March 2025.",
        ),
    ],
)
def test_a_single_date_says_on_which_side_it_is(
    label: str, when: dict[str, str], words: str
) -> None:
    found = said(force={"size": 12000}, losses=COUNT, published=[{"label": label, **when}])
    assert found.endswith(f" would be lost by 14 April 2025. {words}")


def test_all_shares_of_a_period_are_named() -> None:
    """A count C gives 41 * 12,000 / C days: 109 by 4,514, 116 by 4,241, of 3,000 to 4,600."""
    published = [{"label": "ISW", "from": "2025-03-25", "to": "2025-03-31"}]
    losses = {**COUNT, "count": uniform(3000, 4600)}
    assert said(force={"size": 12000}, losses=losses, published=published).endswith(
        "In 78 % of simulations it happens after the period ISW gave, 25 to 31 March 2025, in 17 % "
        "in it and in 5 % earlier."
    )


def test_two_published_dates_are_both_named_and_more_are_counted() -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    published = [{"label": "ISW", **MID_APRIL}, {"label": "BBC", "date": "2026-12-31"}]
    both = said(force={"size": 12000}, losses=losses, published=published)
    assert re.search(
        r"by 15 April 2025, the date ISW gave\. In all simulations it happens by ", both
    )
    assert both.endswith("by 31 December 2026, the date BBC gave.")
    certain = said(force={"size": 12000}, losses=COUNT, published=published)
    assert certain.endswith(
        "That is before 15 April 2025, the date ISW gave, and before 31 December 2026, the date "
        "BBC gave."
    )
    others = [*published, {"label": "Third", "date": "2026-12-31"}]
    many = said(force={"size": 12000}, losses=losses, published=others)
    assert many.endswith("the date ISW gave. Two other dates were published.")
    assert "BBC" not in many


@pytest.mark.parametrize(
    ("label", "given"),
    [
        ("ISW, 6 January 2025: mid-April", "the date ISW gave on 6 January 2025 as “mid-April”."),
        ("ISW, an assessment: mid-April", "the date ISW gave as “mid-April”."),
        ("ISW, March 2025: within a year", "the date ISW gave as “within a year”."),
        ("ISW, 6 January 2025", "the date ISW gave."),
    ],
)
def test_words_are_quoted_also_behind_the_day_of_publication(label: str, given: str) -> None:
    losses = {**COUNT, "count": uniform(3000, 4600)}
    published = [{"label": label, **MID_APRIL}]
    assert said(force={"size": 12000}, losses=losses, published=published).endswith(given)


def test_a_long_name_is_whole_at_its_first_mention_and_short_at_the_second() -> None:
    label = "a spokesman for the General Staff: by mid-April"
    published = [{"label": label, **MID_APRIL}]
    losses = {**COUNT, "source": "A spokesman for the General Staff, on Friday"}
    words = said(force={"size": 12000}, losses=losses, published=published)
    assert "figures from a spokesman for the General Staff for" in words
    assert words.endswith(", the date the spokesman gave as “by mid-April”.")
    other = said(force={"size": 12000}, losses=COUNT, published=published)
    assert "the date a spokesman for the General Staff gave as" in other
