"""Days that are seen from the day of a claim, and the words of a newspaper around a number."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import Known, document
from simulate.scenario.interview.relative import check_yearly, with_years, within
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, before

MEN = COUNT | {
    "unit": "men",
    "losses.count": "410",
    "losses.start": "late September 2023",
    "losses.as_of": "15 February 2024",
    "force.size": "1900",
}
MILLIONS = FUND | {
    "unit": "million dollars",
    "losses.rate": "3 a week",
    "force.size": "212 on 1 July 2024",
    "losses.start": "",
}
DRONES = LEFT | {"force.counts[0]": "880 on 2024-12-01", "force.counts[1]": "640 on 2025-03-01"}


def understood(key: str, text: str, typed: dict[str, str] = MEN) -> dict[str, str]:
    """The answers after one to a question."""
    question, answers = before(key, typed, understood=True)
    return dialogue.understood(answers, question, text, DATA)[1]


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("by next spring", "date: 2025-02-28", "by next spring"),
        ("next spring", "from: 2025-03-01, to: 2025-05-31", "next spring"),
        ("by next year's spring", "date: 2025-02-28", "by next year's spring"),
        ("this summer", "from: 2024-06-01, to: 2024-08-31", "this summer"),
        ("next winter", "from: 2024-12-01, to: 2025-02-28", "next winter"),
        ("by the coming autumn", "date: 2024-08-31", "by the coming autumn"),
        ("next March", "from: 2025-03-01, to: 2025-03-31", "next March"),
        ("before the year is out", "date: 2024-12-31", "before the year is out"),
        ("before this year is over", "date: 2024-12-31", "before this year is over"),
        ("within the year", "date: 2024-12-31", "within the year"),
        ("by year's end", "date: 2024-12-31", "by year's end"),
        ("by the year-end", "date: 2024-12-31", "by the year-end"),
        ("within six weeks", "date: 2024-03-28", "within six weeks"),
        ("in a year's time", "date: 2025-02-15", "in a year's time"),
        ("during 2027", "from: 2027-01-01, to: 2027-12-31", "during 2027"),
        ("in the course of 2027", "from: 2027-01-01, to: 2027-12-31", "in the course of 2027"),
        ("within 2027", "from: 2027-01-01, to: 2027-12-31", "within 2027"),
        ("over the summer", "from: 2024-06-01, to: 2024-08-31", "over the summer"),
        ("gone during 2027", "from: 2027-01-01, to: 2027-12-31", "gone during 2027"),
        ("midsummer", "date: 2024-06-24", "midsummer"),
        ("by midsummer 2025", "date: 2025-06-24", "by midsummer 2025"),
        ("around midsummer 2025", "from: 2025-06-15, to: 2025-07-15", "around midsummer 2025"),
        ("until 'the summer of 2025'", "date: 2025-05-31", "until the summer of 2025"),
    ],
)
def test_words_that_are_relative_to_the_count(text: str, days: str, words: str) -> None:
    found = understood("published", f"{text}, a diplomat", MEN | {"more": "published"})
    label = f"a diplomat{words and ': '}{words}".replace("'", "\\'")
    assert found["published"] in (
        f'{{label: "{name}", {days}, threshold: 1.0}}' for name in (label, label.replace("\\", ""))
    )


@pytest.mark.parametrize("text", ["soon", "over 2000", "in the foreseeable future"])
def test_a_hint_names_words_that_can_be_read(text: str) -> None:
    with pytest.raises(ScenarioError, match=f'found the text "{text}"') as caught:
        understood("published", f"{text}, a diplomat", MEN | {"more": "published"})
    (problem,) = caught.value.problems
    ways = re.findall('"(.+?)"', problem.hint)
    assert ways == ["by the spring of 2025", "in 2027", "within six weeks"]
    for way in ways:
        assert understood("published", f"{way}, a diplomat", MEN | {"more": "published"})


def test_relative_words_need_a_day_that_is_known() -> None:
    question, _ = before("published", MEN | {"more": "published"}, understood=True)
    for text in ("by next spring, a diplomat", "a diplomat: before the year is out"):
        with pytest.raises(
            ScenarioError, match=r"the year is missing \(found[^)]*\)\s+hint: name it: .* by spring"
        ) as caught:
            dialogue.understood({"known": "file"}, question, text, DATA)
        assert "write spring" not in str(caught.value)


def test_a_hint_keeps_the_words_for_the_day() -> None:
    text, hint = (
        "at the earliest by next spring, a diplomat",
        "write by next spring, a diplomat, if",
    )
    with pytest.raises(ScenarioError, match=f"without other words .*\\s+hint: {hint}"):
        understood("published", text, MEN | {"more": "published"})


def test_who_gives_it_is_a_name() -> None:
    found = understood("published", "the auditor gives it until 2026", MEN | {"more": "published"})
    assert 'label: "the auditor: until 2026", date: 2025-12-31' in found["published"]


@pytest.mark.parametrize("year", [100, 1000, 9899])
@pytest.mark.parametrize("month", [1, 12])
def test_relative_words_at_the_ends_of_the_calendar_mean_nothing(year: int, month: int) -> None:
    day = dt.date(year, month, 31)
    known = Known(day, day)
    for text in ("next spring", "last winter", "next month", "last January", "this year"):
        assert with_years(text, known) == text
    if year > 9000:
        assert within("within 999 years", day) is None
    with pytest.raises(ScenarioError, match="comes once"):
        check_yearly("reinforcements", "60 each January", known)


@pytest.mark.parametrize("text", ["next mayor", "last decade", "this marching season"])
def test_other_words_are_no_months(text: str) -> None:
    assert with_years(text, Known(dt.date(2024, 2, 15), dt.date(2023, 9, 21))) == text


def test_a_first_day_may_be_relative_to_the_stock() -> None:
    rate, size = "12 a month since last October, the union", "1400 on 1 March 2024"
    typed = MILLIONS | {"unit": "officers", "losses.rate": rate, "force.size": size}
    assert before("more", typed, understood=True)[1]["losses.start"] == "2023-10-01"


def test_the_words_that_were_said_can_be_given_beside_a_day() -> None:
    text = "by the spring of 2025, a diplomat: by next spring"
    found = understood("published", text, MEN | {"more": "published"})
    label = "a diplomat: by next spring"
    assert found["published"] == f'{{label: "{label}", date: 2025-02-28, threshold: 1.0}}'
    text = "until Christmas, a diplomat: until Christmas at best"
    found = understood("published", text, MEN | {"more": "published"})
    assert 'label: "a diplomat: until Christmas at best", date: 2024-12-25' in found["published"]
    question, answers = before("published", MEN | {"more": "published"}, understood=True)
    text = "by the spring of 2025, a diplomat: by next spring"
    with pytest.raises(ScenarioError, match=f"they follow the name: {text}"):
        dialogue.understood(answers, question, "?", DATA)


@pytest.mark.parametrize(
    "lead", ["up to", "until", "through", "as of", "to", "up to and including"]
)
def test_the_last_day_of_a_count(lead: str) -> None:
    assert understood("losses.as_of", f"{lead} 15 February 2024")["losses.as_of"] == "2024-02-16"
    found = understood("losses.count", f"410 dead and wounded {lead} 15 February 2024")
    assert (found["losses.count"], found["losses.as_of"]) == ("410", "2024-02-16")


def test_from_one_day_to_another_is_no_last_day() -> None:
    found = understood("losses.count", "410 by 4 to 15 February 2024")
    assert found["losses.as_of"] == "{distribution: uniform, low: 2024-02-04, high: 2024-02-16}"


def test_the_file_says_the_last_day_that_was_typed() -> None:
    typed = MEN | {"more": "report", "losses.claims[1].count": "260 by the end of January 2024"}
    assert "# The count runs up to and including 15 February 2024, to" in document(
        understood("force.size", "1900")
    )
    _, found = before("losses.pooling", typed, understood=True)
    text = document(found)
    for last, as_of in (("15 February", "2024-02-16"), ("31 January", "2024-02-01")):
        assert re.search(rf"# Up to and including {last} 2024.\n +as_of: {as_of}", text)


@pytest.mark.parametrize(
    ("key", "text", "size"),
    [
        ("losses.count", "only 410", "410"),
        ("losses.count", "a total of 410", "410"),
        ("losses.count", "exactly 410, up to 15 February 2024", "410"),
        (
            "losses.count",
            "a little over 410",
            "{distribution: triangular, low: 410, mode: 410, high: 430}",
        ),
        ("force.size", "still had 1,900 on 1 March 2024", "1900"),
        ("force.size", "1,900 remained on 1 March 2024", "1900"),
        (
            "losses.count",
            "just over 410",
            "{distribution: triangular, low: 410, mode: 410, high: 430}",
        ),
        ("force.size", "with 1,900 men", "1900"),
        ("force.size", "still 1,900", "1900"),
        ("reinforcements", "a further 300 in April", "size: 300"),
        ("reinforcements", "another 300 men in April", "size: 300"),
        ("reinforcements", "300 more in April; another 200 in May", "size: 200"),
        ("reinforcements", "300 next month", "date: {distribution: uniform, low: 2024-03-01, "),
        ("inflow.amount", "another 25 to 40 a month", "low: 25, high: 40"),
    ],
)
def test_words_of_a_newspaper_around_a_number(key: str, text: str, size: str) -> None:
    more = {"reinforcements": "arrivals", "inflow.amount": "inflow"}.get(key, "")
    assert size in understood(key, text, MEN | {"more": more})[key]


@pytest.mark.parametrize(("text", "word"), [("another 410", "another"), ("410 more", "more")])
def test_words_that_change_a_total_are_named(text: str, word: str) -> None:
    with pytest.raises(ScenarioError, match=rf'the text "{word}"\)\s+hint: leave out {word}, if'):
        understood("losses.count", text)


@pytest.mark.parametrize(
    "text",
    [
        "60 million each January, the legislature",
        "60 million every January",
        "60 million a year in January",
        "60 million in January of each year",
        "each January 60 million",
    ],
)
def test_what_comes_each_year_is_listed(text: str) -> None:
    typed = MILLIONS | {"more": "arrivals"}
    with pytest.raises(ScenarioError, match=r"what comes once \(found") as caught:
        understood("reinforcements", text, typed)
    ways = str(caught.value).rpartition("matter: ")[2]
    ways, _, unknown = ways.rpartition("; ")
    assert unknown == "in January 2025 if the day is not known"
    assert ways == "60 million on 1 January 2025; 60 million on 1 January 2026"
    assert len(understood("reinforcements", ways, typed)["reinforcements"].split("\n")) == 2
    with pytest.raises(ScenarioError, match=f"answer arrivals to more, .*{ways}"):
        understood("inflow.amount", text, typed | {"more": "inflow"})


@pytest.mark.parametrize("lead", ["since", "from", "until"])
def test_a_day_behind_its_source_is_moved(lead: str) -> None:
    text = f"25 to 40 a month, the manufacturer, {lead} March 2026"
    with pytest.raises(ScenarioError, match="hint: put the day before it: ") as caught:
        understood("inflow.amount", text, DRONES | {"more": "inflow"})
    way = str(caught.value).rpartition("before it: ")[2]
    found = understood("inflow.amount", f"25 to 40 a month {way}", DRONES | {"more": "inflow"})
    assert found["inflow.source"] == '"the manufacturer"'
    assert "2026-03-01" in (found.get("inflow.from"), found.get("inflow.until"))


def test_the_first_day_of_an_inflow_between_two_counts_is_explained() -> None:
    typed = DRONES | {"more": "inflow", "inflow.amount": "25 to 40 a month, the maker"}
    question, answers = before("inflow.from", typed, understood=True)
    assert "between the counts too" in dialogue.explained(question, answers)
    with pytest.raises(ScenarioError, match="330 were used, not 240"):
        dialogue.understood(answers, question, "?", DATA)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("300 a month since December", "2023-12-01"),  # the count is of February 2024
        ("300 a month from March on", "2024-03-01"),
        ("300 a month since August", "2023-08-01"),  # seven weeks before, not half a year after
        ("300 a month since April", "2024-04-01"),  # April 2023 is before all that was counted
    ],
)
def test_the_year_of_what_comes_in_is_the_nearest(text: str, first: str) -> None:
    found = understood("inflow.amount", text, MEN | {"more": "inflow"})
    assert found["inflow.from"] == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "before the summer, X",
            "summer is June to August; the astronomical one begins on 21 June",
        ),
        ("X: by next spring", "spring is March to May; the astronomical one begins on 20 March"),
        ("by 31 May, X", ""),
        ("by June, the Fall commission", ""),
    ],
)
def test_how_a_season_is_read_is_said(text: str, said: str) -> None:
    question, answers = before("published", MEN | {"more": "published"}, understood=True)
    read, found = dialogue.understood(answers, question, text, DATA)
    shown = reading.read_back(text, read, answers, found)
    assert said in shown
    assert ("astronomical" in shown) == bool(said)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("losses.count", "2,300 by 20 November"),
        ("losses.count", "130 up to 1 April"),
        ("losses.count", "2,300 killed in March"),
        ("losses.start", "mid-April"),
    ],
)
def test_a_year_is_asked_for_or_that_of_the_title(key: str, text: str) -> None:
    question, answers = before(key, COUNT)
    answers["losses.rate"] = "2000"
    years = {"title: A claim": 0, "title: 2019 to 2021": 2019, "losses.source: T, 2024": 2024}
    for named, year in years.items():
        with pytest.raises(ScenarioError, match="the year is missing") as caught:
            dialogue.understood(answers | dict([named.split(": ")]), question, text, DATA)
        day = re.findall(r"(?:\d+ |mid-)?[A-Z]\w+$", text)[0]
        hint = f"write {day} {year}, with the year" if year else f"add its year to {day}"
        assert f"hint: {hint}" in str(caught.value)
    question, answers = before(key, COUNT | {"title": "The corps in 2024"})
    read, found = dialogue.understood(answers, question, text, DATA)
    assert "2024-" in read
    assert "the year is that of the title" in reading.read_back(text, read, answers, found)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("the last days of January 2025", "2025-01-25 to 2025-01-31"),
        ("first days of March 2024", "2024-03-01 to 2024-03-07"),
        ("the early days of March 2024", "2024-03-01 to 2024-03-07"),
        ("the last week of February 2024", "2024-02-23 to 2024-02-29"),
        # Dates that the churches publish.
        ("Easter 1961", "1961-04-02"),
        ("Easter Sunday 1943", "1943-04-25"),
        ("Easter 2000", "2000-04-23"),
        ("Easter 2025", "2025-04-20"),
    ],
)
def test_the_last_days_of_a_month_and_easter(text: str, read: str) -> None:
    question, answers = before("losses.start", COUNT | {"losses.count": "3000"})
    assert dialogue.understood(answers, question, text, DATA)[0] == read


def test_published_by_easter_and_in_a_hurricane_season() -> None:
    typed = MEN | {"more": "published"}
    assert (
        "date: 2024-03-31" in understood("published", "by Easter, a diplomat", typed)["published"]
    )
    with pytest.raises(ScenarioError, match="the hurricane season is June to November 2025"):
        understood("published", "the hurricane season of 2025, a watchdog", typed)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("lasts until next spring, the minister, 4 July 2024", "2025-02-28"),
        ("gone by mid-April, the minister, 4 July 2024", "2025-04-15"),
        ("gone in the summer, the minister, 4 May 2024", "2024-06-01 to 2024-08-31"),
        ("out within six months, the minister, 4 July 2024", "2025-01-04"),
        ("the minister: lasts until next spring, 4 July 2024", "2025-02-28"),
        ("the minister, 4 July 2024: lasts until next spring", "2025-02-28"),
        ("lasts until next spring, according to the minister, 4 July 2024", "2025-02-28"),
        ("lasts until next spring, the minister said on 4 July 2024", "2025-02-28"),
    ],
)
def test_the_time_is_in_the_clause_and_the_last_day_that_of_publication(
    text: str, read: str
) -> None:
    """Of a day after the clause, nothing else is meant than when it was said."""
    found = understood("published", text, MEN | {"more": "published"})["published"]
    when = "from: {}, to: {}".format(*read.split(" to ")) if " to " in read else f"date: {read}"
    assert found.startswith('{label: "the minister, 4 ')
    assert f", {when}," in found


def test_a_name_with_a_day_of_its_own_stands_before_a_time() -> None:
    found = understood("published", "A on 6 March, by spring 2026", MEN | {"more": "published"})
    assert found["published"].startswith('{label: "A, 6 March: by spring 2026", date: 2026-02-28')


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        # The count is of 1 October 2024 to 30 June 2025, from which 1 October 2025 is nearer.
        ("152 million when it opened on 1 October", "2024-10-01", ""),
        ("152 million on 1 September", "2025-09-01", "after the count, which ends on 30 June 2025"),
        ("152 million on 1 September 2025", "2025-09-01", ""),
        ("152 million on 1 July", "2025-07-01", ""),
    ],
)
def test_a_stock_of_the_first_day_that_was_counted(text: str, day: str, said: str) -> None:
    spent = {"losses.start": "1 October 2024", "losses.as_of": "30 June 2025"}
    question, answers = before("force.size", MEN | spent, understood=True)
    read, found = dialogue.understood(answers, question, text, DATA)
    assert found["force.as_of"] == day
    back = reading.read_back(text, read, answers, found)
    assert said in back
    assert ("after the count" in back) == (said != "")
