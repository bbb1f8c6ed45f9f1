"""Wrong answers are refused with the reason and a way out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview import choices, dialogue, prompts
from tests.scenario.interviews import (
    COUNT,
    DATA,
    FUND,
    LEFT,
    SERIES,
    STOCK,
    SUPPLY,
    asked,
    before,
    written,
)


def refused(key: str, text: str, typed: Mapping[str, str] = COUNT) -> str:
    with pytest.raises(ScenarioError) as caught:
        asked(typed, DATA, **{key.replace(".", "__"): text})
    for problem in caught.value.problems:
        assert (problem.line, problem.excerpt) == (0, "")
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (COUNT, "losses.count"),
        (COUNT, "losses.as_of"),
        (COUNT, "losses.start"),
        (COUNT, "force.size"),
        (STOCK, "losses.rate"),
        (STOCK, "force.size"),
        (FUND, "losses.start"),
        (SUPPLY, "force.lasts"),
        (COUNT, "horizon"),
        (COUNT, "published"),
    ],
)
def test_no_number_or_day_of_the_claim_is_made_up(typed: dict[str, str], key: str) -> None:
    problem, _, hint = refused(key, "", typed).partition("\n")
    assert problem == f"{key} is required"
    assert ("leave it out" in hint) == ("." not in key)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("losses.count", "many", "for instance 3800, or 3000 to 4200"),
        ("losses.count", "0755", "write 755"),
        ("losses.count", "4200 to 3000", "low must be below high"),
        ("losses.count", "3,000 to 4,200", "hint: write 3000 to 4200"),
        ("losses.count", "3000, 4200", "hint: write 3000 to 4200"),
        ("losses.count", "3000,3800,4400", "hint: write 3000, 3800, 4400"),
        ("losses.count", "1 to 2 to 3", "for instance 3800, or 3000 to 4200"),
        ("losses.count", "440,380,300", "write 440380300, without separators"),
        ("losses.count", "-5", "losses.count must be above 0"),
        ("losses.count", ".inf", "finite"),
        ("losses.count", "true", "must be a number"),
        ("losses.as_of", "30/06/2024", "write 2024-06-30"),
        ("losses.as_of", "24 June 2025", "write 2025-06-24"),
        ("losses.as_of", "June 2025", "write a uniform over the month: 2025-06-01 to 2025-06-30"),
        ("losses.as_of", "soon", "hint: use YYYY-MM-DD"),
        ("losses.count", "20-30", "write 20 to 30"),
        ("losses.count", "10k", "write 10000"),
        ("losses.count", "about 900", "write 900 for exactly that, or the lowest, likeliest"),
        ("losses.count", "30 % of 30,000", "write 9000"),
        ("losses.source", "A list, https:/x.org", "write https://x.org"),
        ("losses.source", "3800", "losses.source must begin with a name"),
        ("losses.source", "2 per cent a month", "hint: begin with who published it"),
        ("losses.source", "about 90 a month", "losses.source must begin with a name"),
        ("losses.source", "2025-01-16", "losses.source must begin with a name"),
        ("unit", "3800", "unit must be a word for what is counted"),
        ("unit", "3,800 soldiers", "hint: leave out 3,800: soldiers, T-72 tanks"),
        ("unit", "2025-01-16", "unit must be a word"),
        ("unit", "Thousand", "hint: write thousand euros, for instance"),
        ("known", "pace", "hint: write rate"),
        ("known", "92 a day", "hint: write rate"),
        ("more", "Production", "hint: write inflow"),
        ("more", "100 a month", "hint: write inflow"),
        ("losses.count", "92 a day", "or the amount of an inflow, takes 92 a day"),
        ("force.size", "12,000 on 24 June 2025", "write 12000, without separators"),
        ("force.size", "12,000 on 24 June 2025", "write 2025-06-24"),
        ("losses.as_of", "2025-02-30", "is not a date of the calendar"),
        ("losses.as_of", "2025-01-16 to 2025-01-04", "low must be below high"),
        ("losses.start", "2025-02-01", "not before losses.as_of in any simulation"),
        ("losses.as_of", "2023-01-16", "the count must be later than the day the losses began"),
        ("force.size", "-1", "force.size must be above 0"),
        ("force.size", "9000, 8000, 12000", "mode must lie between"),
        ("published", "April", "use YYYY-MM-DD"),
        ("published", "15 April 2026, ISW", "write 2026-04-15"),
        ("published", "2027-04-15", "is after the horizon"),
        ("horizon", "2024-12-01", "horizon is before losses.as_of"),
        ("more", "inflow of", "more must be inflow"),
        ("more", "weather", "more must be inflow, arrivals, outflows, floor,"),
        ("title", "x" * 2001, "longer than 2,000 characters"),
    ],
)
def test_what_is_asked_again(key: str, text: str, words: str) -> None:
    assert words in refused(key, text)


def test_a_total_is_no_count_of_some_days() -> None:
    words = refused("observed", "1000 in the past week, a union", COUNT | {"more": "observed"})
    assert words == (
        'observed is a total since the first day (found the text "1000 in the past week")\n'
        "  hint: for a count of some days answer report to more"
    )


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        (
            "wording",
            "air",
            'wording must be force, stock or fund (found the text "air")',
        ),
        ("known", "both", "known must be count, rate, left, supply or file (found the text"),
        ("losses.rate", "92 casualties a day", "hint: write 92 a day; give what is counted"),
        ("losses.rate", "80-100 a week", "hint: write 80 to 100 a week"),
        ("losses.rate", "many", "for instance 92 a day, or 80 to 100 a day"),
        ("inflow.amount", "75 from 2026-04-01 until 2026-10-01", "hint: write 75 a day, or a week"),
        (
            "inflow.amount",
            "75 a fortnight until 2026-10-01",
            'text "75 a fortnight")\n  hint: write',
        ),
        (
            "inflow.amount",
            "75 a month until soon, a union",
            'inflow.until must be a date (found the text "soon")',
        ),
        ("losses.rate", "92", "hint: write 92 a day, or a week, month or year"),
        ("losses.rate", "92 a night", "hint: write 92 a day"),
        ("losses.rate", "2025-01-16", "losses.rate: 2025-01-16 is a date"),
        ("losses.rate", "16 January 2025", "hint: the question is how many a day, week, month"),
        ("losses.rate", "2000 to 2100", "hint: write 2000 to 2100 a day"),
        ("losses.rate", "0 a day", "losses.rate must be above 0"),
        ("losses.rate", "-5 to -3 a day", "losses.rate must be at least 0 in every simulation"),
        ("force.size", "3000 on June 2025", "a uniform over the month: 2025-06-01 to 2025-06-30"),
        ("force.size", "0 on 2026-01-22", "force.size must be above 0"),
        ("force.size", "92 a day", "losses.rate, or the amount of an inflow, takes 92 a day"),
        ("force.floor", "3000", "force.floor is not below force.size in any simulation"),
        ("inflow.amount", "75", "inflow.amount needs a unit of time"),
        ("inflow.amount", "75/month", "hint: write 75 a month"),
        ("inflow.amount", "-1 a month", "inflow.amount must be at least 0"),
        ("inflow.from", "spring", "inflow.from must be a date"),
        (
            "inflow.from",
            "from 2026-04-01 until 2026-03-01",
            "inflow.until is not after inflow.from",
        ),
        ("outflows", "400", "hint: write 400 on 2025-06-18, with the date you know"),
        ("outflows", "400 on 2025-05-01", "outflows[0] is taken before force.as_of"),
        ("rate.by_month", "1, 2, 3", "rate.by_month needs twelve factors"),
        ("trend", "2 % a month", "hint: write 0.02, a share instead of a percentage"),
        ("trend", "0.02 a month until July 2026", "a uniform over the month: 2026-07-01 to"),
        ("trend", "0.02 a month until 2025-07-01", "rate.trend_until is not after force.as_of"),
        ("trend", "2 %", "hint: write 2 % a month, or -5 % a week"),
        ("force.usable", "18 %", "write 0.18"),
        ("thresholds", "30 %", "write 0.3"),
        ("thresholds", "left 5000", "5,000 left is above"),
        ("pauses.days", "-1", "pauses.days must be at least 0"),
        ("pauses.intensity", "-1", "pauses.intensity must be at least 0"),
        ("ends.date", "2025-05-01", "ends is before losses.start"),
        ("ends.probability", "30 %", "hint: write 0.3"),
        ("observed", "400", "hint: write 400 on 2025-06-18, with the date you know"),
        ("observed", "400 on 2025-05-01, IISS", "is before force.as_of"),
        ("published", "2028-02-20 to 2028-02-10", "published: to, 2028-02-10, is before from"),
        ("published", "early 2028", "published has a period as date"),
        ("published", "early 2028", "hint: write 2028-01-01 to 2028-04-30"),
        ("horizon", "2025-01-01", "horizon is before force.as_of"),
    ],
)
def test_what_is_asked_again_about_a_stock(key: str, text: str, words: str) -> None:
    # Several reports of a rate cannot have a season, nothing used returns, and there is one end.
    others = ("report", "wounded", "prelude", "ended")
    topics = " ".join(topic for topic in choices.TOPICS if topic not in others)
    every = STOCK | {"more": topics, "horizon": "2029-01-01"}
    every |= {"reinforcements": "1 on 2026-02-01", "outflows": "1 on 2026-02-01"}
    every |= {"observed": "10 on 2026-02-01"}
    every |= {"pauses.start": "2026-03-01", "pauses.days": "3"}
    every |= {"ends.label": "A truce", "ends.date": "2028-01-01"}
    every |= {
        "force.usable": "0.9",
        "rate.by_month": ", ".join("123456789129"),
        "trend": "0 a week",
    }
    every |= {"thresholds": "1", "question": "When?", "published": "2027-01-01"}
    assert words in refused(key, text, every)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("losses.series.file", "none.csv", "cannot read"),
        ("losses.series.file", "losses.csv", 'must be a number (found the text "x")'),
        ("losses.series.file", "losses.csv, day, tanks", "its columns are day, other, tank"),
        ("rows", "both", "rows must be total or row"),
        ("losses.series.window", "2 weeks", "must be a whole number"),
        ("losses.series.window", "200", "hint: window can be up to 2 days"),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, key: str, text: str, words: str) -> None:
    rows = "day,other,tank\n2025-01-01,x,1\n2025-01-03,x,9\n"
    (tmp_path / "losses.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(words)):
        asked(SERIES | {"losses.series.window": "2", key: text}, DataFolder(tmp_path))


@pytest.mark.parametrize(
    ("typed", "more", "words"),
    [
        (STOCK, "floor, floor", "floor has been answered"),
        (SERIES | {"losses.series.window": "2"}, "report", "more must be inflow, arrivals,"),
        (FUND, "report", "need the date on which the whole was there"),
        (STOCK | {"losses.claims[1].count": "300"}, "report", "write 300 a day, or a week,"),
        (COUNT | {"losses.claims[1].count": "3900"}, "report", "losses.claims[1].as_of is requ"),
    ],
)
def test_what_cannot_be_wanted(
    tmp_path: Path, typed: dict[str, str], more: str, words: str
) -> None:
    rows = "day,other,tank\n2025-01-01,x,1\n2025-01-03,x,9\n"
    (tmp_path / "losses.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(words)):
        asked(typed | {"more": more}, DataFolder(tmp_path))


@pytest.mark.parametrize(
    ("days", "share"),
    [
        # The losses begin on any of 14 days; where both are alike, one order is as likely as the
        # other.
        ("2024-12-01 to 2024-12-14", "about 51 %"),
        ("2024-12-12 to 2025-01-14", ""),
        ("2024-12-15", ""),
    ],
)
def test_a_count_that_often_ends_before_its_first_day(days: str, share: str) -> None:
    typed = COUNT | {"losses.start": "2024-12-01 to 2024-12-14"}
    question, answers = before("losses.as_of", typed)
    if not share:
        assert dialogue.answered(answers, question, days, DATA)
        return
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, days, DATA)
    (problem,) = caught.value.problems
    assert problem.message == f"losses.start is not before losses.as_of in {share} of simulations"


def test_the_days_of_a_count_are_not_its_first_day() -> None:
    """From 13 to 24 June are 12 days; from any of them, half as many on average."""
    typed = COUNT | {"losses.start": "2025-06-13 to 2025-06-24"}
    said = refused("losses.as_of", "2025-06-24", typed)
    assert "type back and answer its first day, 13 June 2025" in said
    assert "losses.as_of" in asked(typed, losses__as_of="2025-06-25")


@pytest.mark.parametrize("text", ["600 on 2025-01-01", "2 billion in October 2025"])
def test_a_number_with_a_date_is_no_question(text: str) -> None:
    question, answers = before("question", COUNT | {"more": "question"})
    with pytest.raises(ScenarioError, match="question must be in words"):
        dialogue.understood(answers, question, text, DATA)
    assert dialogue.understood(answers, question, f"{text}?", DATA)


@pytest.mark.parametrize(
    ("typed", "key", "said"),
    [
        (LEFT, "force.counts[0]", "first count: "),
        (
            COUNT | {"more": "report", "losses.claims[1].count": "4000"},
            "losses.claims[1].as_of",
            "second report, day: ",
        ),
        (COUNT, "losses.count", "losses.count: "),
    ],
)
def test_a_prompt_names_an_entry_in_words(typed: dict[str, str], key: str, said: str) -> None:
    question, answers = before(key, typed)
    assert prompts.prompt(question, answers) == said
    assert prompts.keyed(f"{said}5") == prompts.keyed(f"{key}: 5") == (key, "5")


@pytest.mark.parametrize(
    ("floor", "level"),
    [
        ("600", "600"),
        ("600000000", "600 million"),
        ("500 to 700", "between 500 and 700"),
        ("1000000000, 1500000000, 2500000000", "between 1 and 2.5 billion"),
    ],
)
def test_the_question_names_what_cannot_be_used(floor: str, level: str) -> None:
    typed = STOCK | {"more": "floor", "force.floor": floor, "force.size": "9e9 on 2026-01-22"}
    said = f"When would the stock fall to {level} if the rate stayed the same?"
    assert written(typed).scenario.question == said


@pytest.mark.parametrize(
    ("shares", "event"),
    [
        ("0.5", "half of the stock be used up"),
        ("0.3, 0.5", "half of the stock be used up"),
        ("0.3", "30 % of the stock be used up"),
        ("0.5, 1, left 600", "the whole stock be used up"),
        ("left 600", "the stock fall to 600"),
        ("lost 5000", "5,000 be used up"),
    ],
)
def test_question_and_published_dates_are_about_the_threshold(shares: str, event: str) -> None:
    typed = STOCK | {"more": "shares", "thresholds": shares, "force.size": "9e9 on 2026-01-22"}
    assert written(typed).scenario.question == f"When would {event} if the rate stayed the same?"
    question, answers = before("published", typed | {"more": "shares, published"})
    assert f"By what date will {event} according to others" in dialogue.explained(question, answers)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("more", "no inflow but a floor"),
        ("more", "nothing but inflow"),
        ("wording", "no people"),
        ("known", "no rate"),
        ("force.size", "12,000, of whom half fought"),
        ("losses.count", "3,800, not counting prisoners"),
    ],
)
def test_words_that_deny_are_not_dropped(key: str, text: str) -> None:
    question, answers = before(key, COUNT)
    with pytest.raises(
        ScenarioError, match=f"^{key} (?:must be|has words that were not understood)"
    ):
        dialogue.understood(answers, question, text, DATA)
