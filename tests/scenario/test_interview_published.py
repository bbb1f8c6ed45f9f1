"""What others published, in the words of a newspaper."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.days import in_figures
from simulate.scenario.interview.document import Known, document, loaded
from tests.scenario.interviews import COUNT, DATA, FUND, STOCK, before, questions, read, refused

WINTER = Known(dt.date(2025, 1, 20), dt.date(2024, 10, 1))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("a report by ISW: 15 April 2025", "a report by ISW"),
        ("15 April 2025 according to an officer", "an officer"),
        ("half of those in Kursk gone by the spring, ISW", "ISW: half of those in Kursk gone by"),
        ("an officer said by spring 2025", "an officer: by spring 2025"),
        ("in June 2025, an officer warned", "an officer: in June"),
        ("ISW said on 3 March 2025 that half is gone by June", "ISW, 3 March 2025: half is gone"),
        ("all of it by 1 June 2025, ISW: within weeks", "ISW: all of it within weeks"),
        ("it says all is gone by June, ISW", "ISW: it says all is gone by June"),
        ("the ministry says it lasts into the summer", "the ministry: it lasts into the summer"),
        ("half by 1 June 2025, ISW: by the summer", "ISW: by the summer"),
    ],
)
def test_a_name_may_be_on_either_side_of_a_day(text: str, label: str) -> None:
    question, answers = before("published", COUNT)
    found = dialogue.understood(answers, question, text, DATA)[1]
    (published,) = loaded(found, DATA).scenario.published
    assert published.label.startswith(label)


def test_after_has_no_end() -> None:
    with pytest.raises(ScenarioError, match="after a day has no end"):
        in_figures("after July 2026, X", "published", WINTER)
    # It is no day of anything else either, but may be the first of something.
    assert in_figures("after July 2026", "inflow.from", WINTER) == "2026-08-01"


def test_words_are_kept_where_no_day_of_the_month_was_named() -> None:
    read = {
        "by the spring, A": "2025-02-28, A: by the spring",
        "A: in mid-April": "2025-04-11 to 2025-04-20, A: in mid-April",
        "half gone by the spring, A": "2025-02-28, A: half gone by the spring",
        "by the end of April, A": "2025-04-30, A: by the end of April",
        "by Christmas, A": "2025-12-25, A: by Christmas",
        "by the spring": "2025-02-28: by the spring",
        "by 24 April 2025, A": "2025-04-24, A",
        "15 April, A": "2025-04-15, A",
        "2025-04, A": "2025-04-01 to 2025-04-30, A",
    }
    assert {text: in_figures(text, "published", WINTER) for text in read} == read
    assert [in_figures(each, "published", WINTER) for each in read.values()] == [*read.values()]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("within a year, ISW, 5 March 2025", "2026-03-05, ISW, 5 March 2025: within a year"),
        ("within a year (ISW, on 5 March 2025)", "2026-03-05, ISW, 5 March 2025: within a year"),
        ("ISW on 5 March 2025: within a year", "2026-03-05, ISW, 5 March 2025: within a year"),
        ("in 12 weeks, a report of 6 Jan", "2025-03-31, a report, 6 Jan: in 12 weeks"),
        ("in three months, ISW, March 2025", "2025-06-30, ISW, March 2025: in three months"),
        ("in three months, 6 January 2025", "2025-04-06, 6 January 2025: in three months"),
        ("within a year of March 2025, X", "2026-03-31, X: within a year of March 2025"),
        ("within a month of 5 May 2025, X", "2025-06-05, X: within a month of 5 May 2025"),
        ("within a year, X", "2026-01-20, X: within a year"),
        # The next spring after the publication, not after the count.
        ("by the spring, ISW, 3 June 2025", "2026-02-28, ISW, 3 June 2025: by the spring"),
        (
            "ISW (6 January 2025): mid-April 2025",
            "2025-04-11 to 2025-04-20, ISW, 6 January 2025: mid-April 2025",
        ),
        ("15 April 2025, ISW, January 6, 2025", "2025-04-15, ISW, January 6, 2025"),
        ("by the spring, the Man of the Year", "2025-02-28, the Man of the Year: by the spring"),
    ],
)
def test_the_day_of_publication_is_what_relative_words_are_seen_from(text: str, read: str) -> None:
    assert in_figures(text, "published", WINTER) == read
    assert in_figures(read, "published", WINTER) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("within a year, ISW, 5 March 2025", "counted from 5 March 2025"),
        ("within a year, ISW", "counted from 16 January 2025"),
        ("within a year of March 2025, ISW", "counted from 31 March 2025"),
        ("by April 2026, ISW, 5 March 2025", ""),
    ],
)
def test_the_day_from_which_a_time_is_counted_is_said(text: str, said: str) -> None:
    question, answers = before("published", COUNT | {"more": "published"})
    read, found = dialogue.understood(answers, question, text, DATA)
    back = reading.read_back(text, read, answers, found)
    assert back == "; ".join(filter(None, (f"read as {read}", said)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # The latest is the last day of it.
        ("by the summer of 2026 at the latest", "2026-08-31"),
        ("summer 2026 at the latest", "2026-08-31"),
        ("no later than the spring", "2025-05-31"),
        ("not later than 2026", "2026-12-31"),
        ("not beyond autumn", "2025-11-30"),
        ("by mid-May at the latest", "2025-05-20"),
        ("by the end of May at the latest", "2025-05-31"),
        ("before the summer at the latest", "2025-05-31"),
        ("by Christmas at the latest", "2025-12-25"),
        # At best, it is over before.
        ("until the summer at best", "2025-05-31"),
    ],
)
def test_a_limit_that_includes_a_period_ends_with_it(text: str, day: str) -> None:
    assert in_figures(f"{text}, ISW", "published", WINTER) == f"{day}, ISW: {text}"


@pytest.mark.parametrize("text", ["{}, ISW", "ISW: {}", "ISW says {}", "{} (ISW)", "{}; ISW"])
def test_a_published_day_with_two_meanings(text: str) -> None:
    """Only the day is said to be wrong, wherever its name is."""
    question, answers = before("published", COUNT | {"more": "published"})
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text.format("03/04/2025"), DATA)
    (problem,) = caught.value.problems
    assert problem.message == 'published.date must be a date (found the text "03/04/2025")'
    assert problem.hint.startswith("write 2025-04-03 if the day comes first")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("by Christmas, ISW; by Ramadan, BBC", "by Ramadan"),
        ("2025-04-15, ISW; some time before Ramadan, BBC", "some time before Ramadan"),
        ("by Christmas, ISW; in weeks, BBC; by June, a ministry", "in weeks"),
        ("in due course, ISW; by June, a ministry", "in due course"),
        ("2025-04-15, ISW; BBC", "BBC"),
    ],
)
def test_one_of_several_that_cannot_be_read_is_named(text: str, part: str) -> None:
    assert f'published.date must be a date (found the text "{part}")' in refused(
        COUNT, "published", text
    )


def test_an_empty_entry_between_two_is_left_out() -> None:
    found = read(COUNT, "published", "2025-04-15, ISW; ; 2025-05-01, BBC")[1]["published"]
    assert re.findall(r"label: \S+ date: [\d-]+", found) == [
        'label: "ISW", date: 2025-04-15',
        'label: "BBC", date: 2025-05-01',
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("early to mid-May, ISW", "from: 2025-05-01, to: 2025-05-20"),
        ("mid-to-late May, ISW", "from: 2025-05-11, to: 2025-05-31"),
        ("the end of March, ISW", "date: 2025-03-31"),
    ],
)
def test_parts_of_a_month_in_what_was_published(text: str, days: str) -> None:
    assert days in read(COUNT, "published", text)[1]["published"]


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        ("half by June, ISW", "0.5"),
        ("ISW: half by June", "0.5"),
        ("ISW says half will be gone by June", "0.5"),
        ("half of it by 1 June 2025, ISW: by the summer", "0.5"),
        ("a third by June, ISW", "0.3333"),
        ("ISW: a fifth by June", "0.2"),
        ("50 % by 2025-06-01, ISW", "0.5"),
        ("30 per cent gone by June, ISW", "0.3"),
        ("the first half of 2026, ISW", "1.0"),
        ("by June, ISW", "1.0"),
    ],
)
def test_what_was_published_about_a_share(text: str, threshold: str) -> None:
    question, answers = before("published", COUNT | {"more": "published"})
    said, found = dialogue.understood(answers, question, text, DATA)
    assert f"threshold: {threshold}}}" in found["published"]
    assert float(threshold) in loaded(found, DATA).scenario.thresholds
    words = {"0.5": "half", "0.3333": "a third", "0.2": "20 %", "0.3": "30 %"}
    share = f"compared with the date of {words.get(threshold, '')}"
    assert (share in reading.read_back(text, said, answers, found)) == (threshold != "1.0")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("6,000 lost by June, ISW", "leave out 6,000 if it is all"),
        ("not in June, ISW", "or a period in which, it happens"),
        ("it will not last into June, ISW", "or a period in which, it happens"),
    ],
)
def test_what_was_published_about_something_else_is_refused(text: str, hint: str) -> None:
    assert hint in refused(COUNT, "published", text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("by the new year, the minister", "2025-12-31, the minister: by the new year"),
        ("before the winter, an adviser", "2025-11-30, an adviser: before the winter"),
    ],
)
def test_the_end_of_a_year_and_the_beginning_of_a_winter(text: str, answer: str) -> None:
    assert read(COUNT, "published", text)[0] == answer


@pytest.mark.parametrize(
    ("text", "days"),
    [  # after 20 January 2025, or 3 November 2024
        ("in December or January, NAME", "2025-12-01 to 2026-01-31"),
        ("in December or January, NAME, 3 November 2024", "2024-12-01 to 2025-01-31"),
        ("in December 2024 or January 2025, NAME", "2024-12-01 to 2025-01-31"),
        ("in December or January 2026, NAME", "2025-12-01 to 2026-01-31"),
        ("between January and February 2026, NAME", "2026-01-01 to 2026-02-28"),
        ("NAME: in the spring or summer", "2025-03-01 to 2025-08-31"),
        ("it is gone in late December or early January, NAME", "2025-12-21 to 2026-01-10"),
    ],
)
def test_one_month_or_the_next_is_the_time_of_both(text: str, days: str) -> None:
    assert in_figures(text, "published", WINTER).startswith(f"{days}, NAME")
    assert in_figures("in December or January, NAME", "published", None)[:2] == "in"


@pytest.mark.parametrize(
    ("text", "time", "last"),
    [
        ("in little more than a month, NAME", "within a month", "16 February 2025"),
        ("NAME: in just over a month", "within a month", "16 February 2025"),
        ("in less than six weeks, NAME, 3 March 2025", "within six weeks", "14 April 2025"),
    ],
)
def test_a_time_without_its_end_is_offered_with_one(text: str, time: str, last: str) -> None:
    assert f"write {time}, which is by {last}" in refused(COUNT, "published", text)
    question, answers = before("published", COUNT | {"more": "published"})
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    offered = dialogue.suggestion(answers, question, text, caught.value, DATA)
    assert offered == read(COUNT, "published", re.sub("in .*? (?=(a|six) )", "within ", text))[0]


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("it may have to cut pay in May, A", True),
        ("by May or June, A", False),
        ("half of it will be gone by June 2025, A", False),  # of which it says what it is
    ],
)
def test_words_for_what_happens_may_be_of_another_event(text: str, is_said: object) -> None:
    question, answers = before("published", FUND | {"more": "published"})
    found, filled = dialogue.understood(answers, question, text, DATA)
    said = reading.read_back(text, found, answers, filled)
    assert ("compared with the date by which the whole fund will be spent" in said) == is_said


def test_what_is_wanted_after_all_is_left_out_by_nothing() -> None:
    typed = COUNT | {"more": "shares, pauses, published", "thresholds": "none"}
    question, answers = before("pauses.start", typed)
    usual = before("pauses.start", COUNT | {"more": "pauses, published"})[1]
    thresholds = [loaded(each, DATA).scenario.thresholds for each in (answers, usual)]
    assert thresholds[0] == thresholds[1]
    with pytest.raises(ScenarioError, match="type back until more is asked"):
        dialogue.answered(answers, question, "nothing", DATA)
    question, answers = before("published", COUNT)
    found = dialogue.answered(answers, question, "nothing", DATA)
    assert loaded(found, DATA).scenario.published == ()


def test_of_several_things_the_whole_is_all_of_them() -> None:
    typed = STOCK | {"wording": "stock: the interceptors", "more": "published"}
    question, answers = before("published", typed, understood=True)
    assert "will all of the interceptors be used up" in dialogue.explained(question, answers)
    assert "question: When would all of the interceptors be used up" in document(answers)


@pytest.mark.parametrize("text", ["by 2029, Robin Lamboll", "by the year 2029, Robin Lamboll"])
def test_by_a_year_can_be_before_it_or_in_it(text: str) -> None:
    said = refused(COUNT, "published", text)
    assert "hint: write before 2029, or by the end of 2029" in said
    for day, words in (("2028-12-31", "before 2029"), ("2029-12-31", "by the end of 2029")):
        found, _ = read(COUNT, "published", f"{words}, Robin Lamboll")
        assert found == f"{day}, Robin Lamboll: {words}"


@pytest.mark.parametrize(
    ("text", "days", "label"),
    [
        (
            "10 to 12 more days from 17 June 2025, a US official",
            "2025-06-27 to 2025-06-29",
            "a US official: 10 to 12 more days from 17 June 2025",
        ),
        (
            "another 10 to 12 days (from 17 June 2025)",
            "2025-06-27 to 2025-06-29",
            "another 10 to 12 days from 17 June 2025",
        ),
        (
            "within 10 to 12 days, a US official, 17 June 2025",
            "2025-06-27 to 2025-06-29",
            "a US official, 17 June 2025: within 10 to 12 days",
        ),
        (
            "it lasts another two to three weeks, A, 17 June 2025",
            "2025-07-01 to 2025-07-08",
            "A, 17 June 2025: it lasts another two to three weeks",
        ),
        ("ten more days from 17 June 2025, A", "2025-06-27", "A: ten more days from 17 June 2025"),
        ("ten days, A, 17 June 2025", "2025-06-27", "A, 17 June 2025: ten days"),
        ("three weeks from 17 June 2025, A", "2025-07-08", "A: three weeks from 17 June 2025"),
        ("within a year, A, 17 June 2025", "2026-06-17", "A, 17 June 2025: within a year"),
    ],
)
def test_days_from_a_day_are_so_many_days_later(text: str, days: str, label: str) -> None:
    found, _ = read(COUNT, "published", text)
    assert found.startswith(days)
    assert found.removeprefix(days).strip(",: ") == label


def test_the_question_says_what_the_date_is_for() -> None:
    typed = FUND | {"more": "published", "published": "2024-01-01"}
    assert "will the whole fund be spent" in questions(typed)["published"]
    half = questions(typed | {"more": "shares, published", "thresholds": "0.5"})["published"]
    assert "By what date will half of the fund be spent" in half
    text = "in August it would have to restrict itself to essential spending, FEMA"
    said = refused(FUND, "published", text)
    assert "write in August, FEMA, if that is the date asked for, not one of another event" in said
