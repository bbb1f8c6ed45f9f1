"""Days in words mean the same in every answer, seen from the days that are known already."""

from __future__ import annotations

import datetime as dt

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.days import in_figures, is_around
from simulate.scenario.interview.document import Known, known_days, loaded
from simulate.scenario.written_dates import between, days
from tests.scenario.interviews import COUNT, DATA, STOCK, before

WINTER = Known(dt.date(2025, 1, 20), dt.date(2024, 10, 1))
SPRING = Known(dt.date(2026, 3, 15), dt.date(2026, 3, 15))


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        # The start and the end of a period are days; its parts are thirds.
        ("losses.start", "at the start of October 2024", "2024-10-01"),
        ("losses.start", "the end of summer 2024", "2024-08-31"),
        ("losses.start", "mid-October", "2024-10-11 to 2024-10-20"),
        (
            "losses.start",
            "1 October 2024, 3 October, 5 October",
            "2024-10-01, 2024-10-03, 2024-10-05",
        ),
        ("losses.as_of", "by 20 January", "2025-01-20"),
        ("losses.as_of", "by the turn of the year", "2024-12-31"),
        ("losses.as_of", "the turn of the year 2023/24", "2023-12-31"),
        ("losses.start", "since the turn of the year", "2025-01-01"),
        ("inflow.amount", "9 a day since the turn of the year", "9 a day from 2025-01-01"),
        ("losses.as_of", "before 20 January", "2025-01-19"),
        ("losses.as_of", "by spring", "2025-02-28"),
        ("losses.claims[1].as_of", "until the end of January", "2025-01-31"),
        # By, before and until a season, a month or a year.
        ("published", "by the spring, an analyst", "2025-02-28, an analyst: by the spring"),
        ("published", "until summer, an official", "2025-05-31, an official: until summer"),
        ("published", "before 2027, an official", "2026-12-31, an official: before 2027"),
        ("published", "through April, ISW", "2025-04-30, ISW: through April"),
        ("published", "until Christmas at best, A", "2025-12-25, A: until Christmas at best"),
        ("published", "by the turn of the year, A", "2025-12-31, A: by the turn of the year"),
        (
            "published",
            "by spring at the latest, an analyst",
            "2025-05-31, an analyst: by spring at the latest",
        ),
        # What lasts into a period, or is not over before it, lasts until its first day.
        ("published", "into the spring, ISW", "2025-03-01, ISW: into the spring"),
        ("published", "not before April, ISW", "2025-04-01, ISW: not before April"),
        ("published", "not before 2 April, ISW", "2025-04-02, ISW: not before 2 April"),
        ("published", "ISW: well into 2026", "2026-01-01, ISW: well into 2026"),
        (
            "published",
            "it will last into the spring, an official",
            "2025-03-01, an official: it will last into the spring",
        ),
        (
            "published",
            "will not run out before the spring, an official",
            "2025-03-01, an official: will not run out before the spring",
        ),
        ("published", "by mid-April, ISW", "2025-04-15, ISW: by mid-April"),
        ("published", "by the start of April, ISW", "2025-04-01, ISW: by the start of April"),
        ("published", "before the end of April, ISW", "2025-04-30, ISW: before the end of April"),
        ("published", "in spring, ISW", "2025-03-01 to 2025-05-31, ISW: in spring"),
        ("published", "within three months, ISW", "2025-04-20, ISW: within three months"),
        ("published", "within two weeks, ISW", "2025-02-03, ISW: within two weeks"),
        (
            "published",
            "half gone by the spring, an analyst",
            "2025-02-28, an analyst: half gone by the spring",
        ),
        (
            "published",
            "at the latest by spring, an analyst",
            "2025-05-31, an analyst: at the latest by spring",
        ),
        (
            "published",
            "not beyond the autumn, an analyst",
            "2025-11-30, an analyst: not beyond the autumn",
        ),
        (
            "published",
            "no later than June, an analyst",
            "2025-06-30, an analyst: no later than June",
        ),
        (
            "published",
            "it will not last beyond June, an analyst",
            "2025-06-30, an analyst: it will not last beyond June",
        ),
        ("published", "until spring, an analyst", "2025-02-28, an analyst: until spring"),
        ("published", "by spring at best, an analyst", "2025-02-28, an analyst: by spring at best"),
        ("horizon", "the end of June at the latest", "2025-06-30"),
        # From a month is from its first day on; after it, from that of the next.
        (
            "inflow.amount",
            "1,200 a month since mid-December",
            "1,200 a month from 2024-12-11 to 2024-12-20",
        ),
        ("inflow.amount", "10 a month from July, a firm", "10 a month from 2025-07-01, a firm"),
        ("inflow.amount", "10 a month after July 2026", "10 a month from 2026-08-01"),
        (
            "inflow.amount",
            "6 a month until late July 2025",
            "6 a month until 2025-07-21 to 2025-07-31",
        ),
        ("inflow.amount", "6 a month through late July 2025", "6 a month until 2025-08-01"),
        ("inflow.amount", "six a month until July", "six a month until 2025-07-01"),
        ("inflow.amount", "6 a month through July", "6 a month until 2025-08-01"),
        ("inflow.from", "March until the end of April", "from 2025-03-01 until 2025-05-01"),
        ("inflow.from", "July 2026", "2026-07-01"),
        ("trend", "falls by 2 % a month until July", "falls by 2 % a month until 2025-07-01"),
        # Beside a number.
        ("losses.count", "3,100 by 20 January, monitors", "3,100 by 2025-01-20, monitors"),
        ("losses.count", "from 2000 to 2100", "from 2000 to 2100"),
        ("force.size", "1900, 2000", "1900, 2000"),
        ("force.size", "4.1 bn on 1 May, X, 3 May 2020", "4.1 bn on 2025-05-01, X, 3 May 2020"),
        (
            "reinforcements",
            "2 billion in March, but may not",
            "2 billion in 2025-03-01 to 2025-03-31, but may not",
        ),
        ("observed", "4,700 by 9 February, A", "4,700 by 2025-02-09, A"),
        ("force.counts[0]", "2,600 at the beginning of December", "2,600 on 2024-12-01"),
        ("horizon", "2027", "2027-12-31"),
        # Two meanings, or none.
        ("losses.start", "05/06/2024", "05/06/2024"),
        ("published", "winter 2025, X", "winter 2025, X"),
        (
            "published",
            "by the end of the year, an officer",
            "2025-12-31, an officer: by the end of the year",
        ),
        (
            "published",
            "an officer: before the end of next year",
            "2026-12-31, an officer: before the end of next year",
        ),
        (
            "published",
            "early next year, an officer",
            "2026-01-01 to 2026-04-30, an officer: early next year",
        ),
        (
            "published",
            "in the first half of this year, X",
            "2025-01-01 to 2025-06-30, X: in the first half of this year",
        ),
        (
            "published",
            "next year, the Man of the Year",
            "2026-01-01 to 2026-12-31, the Man of the Year: next year",
        ),
        ("published", "later this year, X", "later this year, X"),
        ("horizon", "the end of next year", "2026-12-31"),
        ("inflow.amount", "9 a month until the end of the year", "9 a month until 2026-01-01"),
        ("losses.count", "3,100 in the year, the Year of X", "3,100 in the year, the Year of X"),
        ("published", "by Christmas, an officer", "2025-12-25, an officer: by Christmas"),
        (
            "published",
            "by Christmas Day 2024, an officer",
            "2024-12-25, an officer: by Christmas Day 2024",
        ),
        (
            "published",
            "Christmas Eve 2025, an officer",
            "2025-12-24, an officer: Christmas Eve 2025",
        ),
        ("losses.as_of", "New Year\u2019s Eve", "2024-12-31"),
        ("losses.source", "X, 3 May 2020", "X, 3 May 2020"),
    ],
)
def test_days_in_words(key: str, text: str, read: str) -> None:
    assert in_figures(text, key, WINTER) == read
    assert in_figures(read, key, WINTER) == read  # which is the same again


@pytest.mark.parametrize(
    "text",
    [
        "by Independence Day 2025, an officer",
        "by Easter in 2025, an officer",
        "an officer: by Independence Day in 2025",
        "an officer: Independence Day 2025",
        "an officer: by Easter, in 2025",
        "Easter, April 2025",
        "an officer: by June, in 2026",
        "Independence Day in 2025",
        "spring 2025 at the earliest, an officer",
        "April 2025, or May, an officer",
        "not gone by spring 2025, an officer",
        "gone by Easter in 2025, an officer",
    ],
)
def test_no_words_beside_a_day_are_dropped(text: str) -> None:
    """The year or month alone is not what was said."""
    assert in_figures(text, "published", WINTER) == text
    question, answers = before("published", COUNT)
    with pytest.raises(ScenarioError, match="published"):
        dialogue.understood(answers, question, text, DATA)


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        ("published", "1 June, X", "2026-06-01, X"),
        ("published", "1 March, X", "2027-03-01, X"),
        ("inflow.amount", "9 a day since December", "9 a day from 2025-12-01"),
        ("inflow.amount", "9 a day from December", "9 a day from 2025-12-01"),
        ("outflows", "9 on 1 December", "9 on 2026-12-01"),
        ("ends.date", "March", "2026-03-01 to 2026-03-31"),
    ],
)
def test_a_year_is_that_of_the_stock(key: str, text: str, read: str) -> None:
    assert in_figures(text, key, SPRING) == read
    assert in_figures(text, key, None) == text


def test_an_earlier_answer_that_is_later_moves_no_year() -> None:
    typed = STOCK | {"more": "inflow, published", "inflow.from": "from 2026-04-01 until 2026-07-01"}
    question, answers = before("published", typed)
    assert known_days(answers) == Known(stock := dt.date(2026, 1, 22), stock, is_stock=True)
    found = dialogue.understood(answers, question, "1 June, X", DATA)[1]
    (published,) = loaded(found, DATA).scenario.published
    assert str(published.date) == "2026-06-01"


def test_losses_begin_before_their_count() -> None:
    typed = COUNT | {"losses.count": "3,100 by 20 January 2025"}
    question, answers = before("losses.start", typed, understood=True)
    found = dialogue.understood(answers, question, "the start of October", DATA)[1]
    assert loaded(found, DATA).scenario.start.describe() == "constant 2024-10-01"


def test_a_word_that_only_looks_like_a_month() -> None:
    for text in ("9 a month, may not come", "9 a month, the mayor", "9 a month, Marines"):
        assert in_figures(text, "inflow.amount", WINTER) == text


@pytest.mark.parametrize("key", ["force.size", "force.counts[1]", "force.lasts"])
def test_a_stock_at_the_end_of_a_period_is_that_of_the_next_morning(key: str) -> None:
    ends = {
        "at the end of 2023": "on 2024-01-01",
        "by the end of September 2024": "by 2024-10-01",
        "at the end of the summer of 2024": "on 2024-09-01",
        "at the start of 2024": "on 2024-01-01",
        "on 31 December 2023": "on 2023-12-31",
    }
    for text, read in ends.items():
        assert in_figures(f"3000 {text}, A", key, WINTER) == f"3000 {read}, A"
    assert in_figures("3000 at the end of 2023", "losses.count", WINTER) == "3000 on 2023-12-31"


def test_the_morning_of_a_stock_is_said() -> None:
    typed = COUNT | {"known": "left", "force.counts[0]": "3200 at the end of 2023"}
    question, answers = before("force.counts[0]", typed)
    for text, is_said in (("3200 at the end of 2023", True), ("3200 on 31 December 2023", False)):
        read, found = dialogue.understood(answers, question, text, DATA)
        said = reading.read_back(text, read, answers, found)
        assert ("the evening of a day is the morning of the next" in said) is is_said
    assert found["force.counts[0]"] == "{size: 3200, date: 2023-12-31}"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2025-06-24", "constant 2025-06-25"),
        ("by 24 June", "constant 2025-06-25"),
        ("before 24 June", "constant 2025-06-24"),
        ("until the end of June", "constant 2025-07-01"),
        ("by July", "constant 2025-07-01"),
        ("2025-06-20 to 2025-06-24", "uniform low 2025-06-20, high 2025-06-25"),
        ("20 June 2025, 21 June 2025, 24 June 2025", "triangular low 2025-06-21, mode 2025-06-22"),
    ],
)
def test_a_count_includes_its_last_day(text: str, end: str) -> None:
    """That is said in the question, and not asked."""
    typed = COUNT | {"losses.start": "2025-06-13", "losses.as_of": text, "more": ""}
    question, answers = before("losses.as_of", typed)
    found = dialogue.understood(answers, question, text, DATA)[1]
    assert loaded(found, DATA).scenario.losses.law("as_of").describe().startswith(end)
    assert "That day is included" in dialogue.explained(question, answers)
    following = dialogue.next_question(found)
    assert following is not None
    assert following.key == "force.size"


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        ("losses.start", "around 6 December 2024", "2024-12-03 to 2024-12-09"),
        ("losses.start", "ca. 2024-12-06", "2024-12-03 to 2024-12-09"),
        ("losses.as_of", "about 20 January", "2025-01-17 to 2025-01-23"),
        ("force.size", "12000 around 6 December", "12000 around 2024-12-03 to 2024-12-09"),
        (
            "inflow.amount",
            "ten a month from around 6 July",
            "ten a month from 2025-07-03 to 2025-07-09",
        ),
        ("published", "around 6 May, ISW", "2025-05-03 to 2025-05-09, ISW: around 6 May"),
        # A day that is a limit or has to be a single one, and parts of a month.
        ("losses.as_of", "by about 20 January", "2025-01-20"),
        ("horizon", "around 6 May 2026", "2026-05-06"),
        ("observed", "4700 around 6 May, NIS", "4700 around 2025-05-06, NIS"),
        ("losses.start", "around mid-October", "2024-10-11 to 2024-10-20"),
        (
            "losses.start",
            "about 1 May 2024, 3 May 2024, 9 May 2024",
            "2024-05-01, 2024-05-03, 2024-05-09",
        ),
    ],
)
def test_around_a_day_is_three_days_either_way(key: str, text: str, read: str) -> None:
    assert in_figures(text, key, WINTER) == read


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("3800 around the 6th of December 2024", True),
        ("3800, ca. 6.12.2024", True),
        ("3800 about December 6 2024", True),
        ("about 3800 on 3 to 9 December 2024", False),
        ("3800 around the first week of December 2024", False),
    ],
)
def test_only_the_spread_of_a_day_is_shown(text: str, *, is_said: bool) -> None:
    assert is_around(text, "3800 on 2024-12-03 to 2024-12-09") == is_said


def test_the_spread_of_a_day_is_shown() -> None:
    question, answers = before("losses.start")
    text = "around 6 December 2024"
    read, found = dialogue.understood(answers, question, text, DATA)
    shown = reading.read_back(text, read, answers, found)
    assert "read as 2024-12-03 to 2024-12-09; around a day is three days either way" in shown
    law = "uniform low 2024-12-03, high 2024-12-10"
    assert loaded(found, DATA).scenario.start.describe() == law
    exact, found = dialogue.understood(answers, question, "2024-12-03 to 2024-12-09", DATA)
    assert "around" not in reading.read_back("2024-12-03 to 2024-12-09", exact, answers, found)


@pytest.mark.parametrize("text", ["9999-12-31", "31 December 9999", "1/1/9999 to 31/12/9999"])
def test_the_last_day_of_all_is_no_date(text: str) -> None:
    assert days(text) == ()
    assert not between(text)
