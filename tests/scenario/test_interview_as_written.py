"""What a hint leaves no choice about is read, as journalists write it; anything else is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import loaded
from simulate.scenario.words import DOMAINS
from tests.scenario.interviews import (
    COUNT,
    DATA,
    FUND,
    LEFT,
    SERIES,
    STOCK,
    SUPPLY,
    before,
    questions,
    written,
)

HALF, JANUARY, DAY = "2025-01-01 to 2025-06-30", "2026-01-01 to 2026-01-31", "2025-06-18"
FLOW = COUNT | {"more": "report"}
FORECAST = STOCK | {"more": "published"}
ARRIVALS = STOCK | {"more": "arrivals"}
POINTS = STOCK | {"unit": "per cent of capacity"}
ABOUT_A_STOCK = STOCK | {
    "more": "inflow, trend, usable, shares",
    "trend": "0 a week",
    "force.usable": "0.9",
}


@pytest.mark.parametrize(
    ("typed", "key", "text", "read"),
    [
        (COUNT, "known", "pace", "rate"),
        (COUNT, "more", "Production and seasonal", "inflow and season"),
        (COUNT, "unit", "Euro", "euros"),
        (COUNT, "unit", "cruise missile", "cruise missiles"),
        (COUNT, "unit", "score cards", "score cards"),
        (COUNT, "losses.count", "6.4 billion", "6400000000"),
        (COUNT, "losses.count", "6.4bn", "6400000000"),
        (COUNT, "losses.count", "3,000 to 4,200", "3000 to 4200"),
        (COUNT, "losses.start", "9 November 2023", "2023-11-09"),
        (COUNT, "losses.start", "November 9, 2023", "2023-11-09"),
        (COUNT, "losses.start", "end of April 2023", "2023-04-30"),
        (COUNT, "losses.start", "start of March 2023", "2023-03-01"),
        (COUNT, "losses.start", "early March 2023", "2023-03-01 to 2023-03-10"),
        (COUNT, "losses.start", "the end of the summer of 2023", "2023-08-31"),
        (STOCK, "inflow.from", "July 2026", "2026-07-01"),
        (COUNT, "losses.start", "November 2023", "2023-11-01 to 2023-11-30"),
        (COUNT, "losses.source", "A list, https:/x.org", "A list, https://x.org"),
        (STOCK, "losses.rate", "350/night", "350 a day"),
        (STOCK, "force.size", "3,000 on 22 January 2026", "3000 on 2026-01-22"),
        (ABOUT_A_STOCK, "trend", "-2 per cent a month", "-0.02 a month"),
        (ABOUT_A_STOCK, "force.usable", "18 %", "0.18"),
        (FORECAST, "published", "2027, A ministry", "2027-01-01 to 2027-12-31, A ministry"),
        (STOCK | {"more": "horizon"}, "horizon", "2035", "2035-12-31"),
        (ABOUT_A_STOCK, "thresholds", "30 %, half, left 600", "0.3, 0.5, left 600"),
        # Sentences, as journalists write them.
        (COUNT, "wording", "soldiers", "force"),
        (COUNT, "known", "casualties", "count"),
        (COUNT, "known", "a csv file", "file"),
        (COUNT, "known", "strength on two dates", "left"),
        (COUNT, "known", "about 200 a month", "rate"),
        (COUNT, "more", "another source and a forecast", "report and published"),
        (COUNT, "losses.count", "3,800 soldiers", "3800"),
        (COUNT, "losses.count", "3,900 according to the NIS", "3900 according to the NIS"),
        (
            COUNT,
            "published",
            "ISW says in the first half of 2025",
            f"{HALF}, ISW: in the first half of 2025",
        ),
        (
            COUNT,
            "published",
            "The ministry: by mid-April 2025",
            "2025-04-15, The ministry: by mid-April 2025",
        ),
        (STOCK, "force.size", "3,000 left in January 2026", f"3000 left in {JANUARY}"),
        (STOCK, "force.size", "2,900 vehicles, 22 January 2026", "2900, 2026-01-22"),
        (LEFT, "force.counts[0]", "22,500, 7 October 2023", "22500, 2023-10-07"),
        (
            SUPPLY,
            "force.lasts",
            "ten to twelve days from 18 June 2025",
            f"10 to 12 days from {DAY}",
        ),
        (POINTS, "force.size", "24.4 % on 20 February 2018", "24.4 on 2018-02-20"),
        (POINTS, "losses.rate", "0.5 per cent a week", "0.5 a week"),
        (ABOUT_A_STOCK, "trend", "use falls by 2 per cent a month", "-0.02 a month"),
        (ABOUT_A_STOCK, "trend", "rising 2 % a month", "0.02 a month"),
        (ABOUT_A_STOCK, "trend", "grow by 3 per cent a month", "0.03 a month"),
        (
            ABOUT_A_STOCK,
            "trend",
            "growing by about 3 per cent a month",
            "0.027, 0.03, 0.033 a month",
        ),
        (ABOUT_A_STOCK, "trend", "to fall by about 3 % a month", "-0.033, -0.03, -0.027 a month"),
        (ABOUT_A_STOCK, "trend", "falling by 2 to 3 % a week", "-0.03 to -0.02 a week"),
        (ABOUT_A_STOCK, "trend", "falls by 2 or 3 % a month", "-0.03 or -0.02 a month"),
        (
            ABOUT_A_STOCK,
            "trend",
            "the board expects the monthly deficit to grow by 3 % a month",
            "0.03 a month",
        ),
        # 1.1 ** (1 / 6) - 1; 0.8 ** (365.2425 / 12 / 21) - 1; 3 ** (1 / 12) - 1
        (ABOUT_A_STOCK, "trend", "10 % in six months", "0.01589 a month"),
        # ln 0.5 x 30.436875 / 7, ln 2 / 2 and ln 0.5: the rate is that share after the time named.
        (ABOUT_A_STOCK, "trend", "use halves each week", "-3.014 a month"),
        (ABOUT_A_STOCK, "trend", "doubling every 2 months", "0.3466 a month"),
        (ABOUT_A_STOCK, "trend", "down 50 % a month", "-0.6931 a month"),
        (ABOUT_A_STOCK, "trend", "a tenth more over the past 6 months", "0.01589 a month"),
        (ABOUT_A_STOCK, "trend", "falls by 20 % in 3 weeks", "-0.3234 a month"),
        (
            ABOUT_A_STOCK,
            "trend",
            "200 % in a year until 9 May 2026",
            "0.09155 a month until 2026-05-09",
        ),
        (
            ABOUT_A_STOCK,
            "inflow.amount",
            "60 to 90 trucks a month from 1 April 2026 until 1 May 2026",
            "60 to 90 a month from 2026-04-01 until 2026-05-01",
        ),
        (COUNT, "losses.as_of", "as of 22 January", "2025-01-22"),
        (STOCK, "losses.rate", "1,000 in ten days, IISS", "100 a day, IISS"),
        (STOCK, "losses.rate", "6 or seven a day on average", "6 or 7 a day on average"),
        (
            FORECAST,
            "published",
            "by the end of 2027 (IISS)",
            "2027-12-31, IISS: by the end of 2027",
        ),
        (
            FLOW,
            "losses.claims[1].count",
            "1,000 over the past week, ISW",
            "1000 over the past week, ISW",
        ),
        (FLOW, "losses.claims[1].count", "1,000 a week", "1000 a week"),
        (ARRIVALS, "reinforcements", "400 million, 1 December 2026", "400000000, 2026-12-01"),
        (ARRIVALS, "reinforcements", "0 to 4 bn on 1 May 2026", "0 to 4000000000 on 2026-05-01"),
        # The year of another answer, or the one after.
        (ARRIVALS, "reinforcements", "100 promised for 9 May", "100 for 2026-05-09"),
        (
            ARRIVALS,
            "reinforcements",
            "220-260 on 14 June, donors",
            "220 to 260 on 2026-06-14, donors",
        ),
        (ARRIVALS, "reinforcements", "1.1 billion by 15 May", "1100000000 by 2026-05-15"),
        (COUNT, "losses.as_of", "16 January", "2025-01-16"),
        (COUNT, "losses.as_of", "31 December", "2024-12-31"),
        (COUNT, "published", "by the end of summer 2025", "2025-08-31: by the end of summer 2025"),
        (
            COUNT,
            "published",
            "before the end of the year 2025, A. B.",
            "2025-12-31, A. B.: before the end of the year 2025",
        ),
        (
            COUNT,
            "published",
            "the end of the year 2025",
            "2025-12-01 to 2025-12-31, the end of the year 2025",
        ),
        (COUNT, "published", "mid-April, ISW", "2025-04-11 to 2025-04-20, ISW: mid-April"),
        (COUNT, "published", "end of 2025, ISW", "2025-12-01 to 2025-12-31, ISW: end of 2025"),
        (COUNT, "published", "November 9, 2025, ISW", "2025-11-09, ISW"),
    ],
)
def test_what_a_hint_leaves_no_choice_about_is_read(
    typed: dict[str, str], key: str, text: str, read: str
) -> None:
    question, answers = before(key, typed)
    said, found = dialogue.understood(answers, question, text, DATA)
    again = dialogue.answered(answers, question, read, DATA)
    assert (said, found) == (read, again)


@pytest.mark.parametrize(
    ("typed", "key", "text", "words"),
    [
        (COUNT, "losses.count", "300,380,440", "thousands, or 300, 380, 440 for a range"),
        (STOCK, "losses.rate", "300,380,440 a day", "or 300, 380, 440 a day for a range"),
        (COUNT, "losses.start", "05/06/2024", "if the day comes first, or 2024-05-06 if"),
        (COUNT, "losses.start", "mid-April", "the year is missing"),
        (COUNT, "known", "cuont", "did you mean count?"),
        (FUND, "force.size", "12000 on 2 March", "the year is missing"),  # no other day is known
        (STOCK, "inflow.amount", "6 a month, rising to 10 a month from July", "one rate at a time"),
        (STOCK, "inflow.from", "then 10 a month from July", "answer until when this one holds"),
        (COUNT, "losses.count", "4,000 (incl. wounded)", "words that mean nothing here"),
        (ARRIVALS, "reinforcements", "100 in May (in two lots)", "words that mean nothing here"),
        (ARRIVALS, "reinforcements", "100 a month from May", "type back, and answer inflow"),
        (FORECAST, "published", "after July 2026, IISS", "after a day has no end"),
        (ABOUT_A_STOCK, "trend", "use rises by 2 %", "needs a share per week, month or year"),
        (STOCK, "force.floor", "the last 300, planners", "the question takes no source"),
        (STOCK, "force.floor", "the last bit", "for instance 3800"),
        (FUND, "losses.rate", "1.2 bn in the first half of 2023, the board", "and answer count"),
        (COUNT, "losses.as_of", "16 January, planners", 'not understood: "planners"'),
        (ABOUT_A_STOCK, "trend", "not growing by 3 % a month", "2 % a month, or -5 % a week"),
        (ABOUT_A_STOCK, "trend", "may grow by 3 % a month", "2 % a month, or -5 % a week"),
        (ABOUT_A_STOCK, "trend", "may double every month", "2 % a month, or -5 % a week"),
        (ABOUT_A_STOCK, "trend", "down 120 % a month", "2 % a month, or -5 % a week"),
        (ABOUT_A_STOCK, "trend", "soaring a month", "2 % a month, or -5 % a week"),
        (ABOUT_A_STOCK, "trend", "10 % since spring", "10 % in 6 months, which is about 1.6 % a m"),
        (COUNT, "losses.count", "1,000 in the past week", "answer rate to known, with back"),
        (FORECAST, "published", "by Ramadan, IISS", 'the text "by Ramadan"'),
        (FORECAST, "published", "by Ramadan 2027, IISS", "that feast is on another day each year"),
        (COUNT, "losses.count", "3,800 not counting prisoners", 'not understood: "not counting'),
        (COUNT, "losses.count", "3,800 excluding the wounded", 'not understood: "excluding'),
        (COUNT, "force.size", "30 April", "force.size must be a number"),
        (STOCK, "force.size", "500 left", 'not understood: "left"'),
        (COUNT, "losses.as_of", "9 November 2023", "losses.start is not before losses.as_of"),
    ],
)
def test_what_leaves_a_choice_is_refused(
    typed: dict[str, str], key: str, text: str, words: str
) -> None:
    question, answers = before(key, typed)
    with pytest.raises(ScenarioError, match=re.escape(words)):
        dialogue.understood(answers, question, text, DATA)


@pytest.mark.parametrize(
    ("key", "text", "read"),
    [
        ("rows", "It is the running total", "total"),
        ("losses.series.window", "two weeks", "14"),
    ],
)
def test_sentences_about_a_file(tmp_path: Path, key: str, text: str, read: str) -> None:
    rows = "".join(f"2025-01-{day:02},x,{day}\n" for day in range(1, 32))
    (tmp_path / "losses.csv").write_text(f"day,other,tank\n{rows}", encoding="utf-8")
    data, answers = DataFolder(tmp_path), dict[str, str]()
    while (question := dialogue.next_question(answers)) is not None and question.key != key:
        answers = dialogue.answered(answers, question, SERIES[question.key], data)
    assert question is not None
    assert dialogue.understood(answers, question, text, data)[0] == read


def test_a_season_may_be_separated_by_blanks() -> None:
    typed = STOCK | {"more": "season", "rate.by_month": " ".join("123456789129")}
    rate = written(typed).scenario.rate
    assert rate is not None
    assert [factor.support[0] for factor in rate.by_month] == [*map(int, "123456789129")]


def test_when_an_inflow_begins_and_ends_may_follow_it() -> None:
    typed = ABOUT_A_STOCK | {"more": "inflow"}
    del typed["inflow.from"]
    typed["inflow.amount"] = "75 a month from 2026-04-01 to 2026-05-31 until 2026-10-01, a union"
    (found,) = written(typed).scenario.inflow
    assert (found.begins and found.begins.describe()) == "uniform low 2026-04-01, high 2026-06-01"
    assert (found.until and found.until.describe()) == "constant 2026-10-01"
    assert found.source == "a union"


def test_the_source_may_follow_the_amount() -> None:
    together = {key: text for key, text in STOCK.items() if key != "inflow.source"}
    together["inflow.amount"] = "75 to 90 a month, the ministry, https://example.org/a"
    apart = STOCK | {"inflow.amount": "75 to 90 a month"}
    apart |= {"inflow.source": "the ministry, https://example.org/a"}
    assert written(together) == written(apart)
    assert "inflow.source" not in questions(together)
    assert written(STOCK, losses__rate="200 a month, IISS").scenario.losses.source == "IISS"
    force = written(STOCK, force__size="2800 to 3200 on 2026-01-22, IISS").scenario.force
    assert (force.source, force.as_of and force.as_of.describe()) == ("IISS", "constant 2026-01-22")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("many on 9 May 2026", 'reinforcements[0].size must be a number (found the text "many")'),
        ("many on 9 May", 'reinforcements[0].size must be a number (found the text "many")'),
        (
            "3,000 on 9 June, 10 July",
            'reinforcements has words that were not understood: "10 July"',
        ),
        ("100 in September 2024", "reinforcements[0] arrives before force.as_of"),
        ("1.1 billion some day", "reinforcements needs a date"),
    ],
)
def test_only_the_half_of_an_answer_that_is_wrong_is_reported(text: str, words: str) -> None:
    question, answers = before("reinforcements", ARRIVALS)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    (problem,) = caught.value.problems
    assert problem.message.startswith(words)
    assert "needs a date" not in words or problem.hint.startswith("write 1100000000 on 2025")


@pytest.mark.parametrize(
    ("typed", "key", "text", "read", "event"),
    [
        (
            COUNT,
            "losses.count",
            "600 killed and wounded, HUR",
            "600, HUR",
            ("", "killed or wounded"),
        ),
        (
            COUNT,
            "losses.count",
            "600 dead, wounded or missing",
            "600",
            ("", "killed, wounded or missing"),
        ),
        (
            COUNT,
            "losses.count",
            "3,000 to 4,000 men killed",
            "3000 to 4000",
            ("", "killed"),
        ),
        (COUNT, "losses.count", "600 lost", "600", ("", "")),
        (COUNT, "force.size", "a garrison of 12,000", "12000", ("garrison", "")),
        (
            COUNT,
            "force.size",
            "12,500-strong Contingent, ISW",
            "12500, ISW",
            ("contingent", ""),
        ),
        (COUNT, "force.size", "a herd of 12,000", "", ("", "")),
        (STOCK, "losses.rate", "60 fired a month", "60 a month", ("", "fired")),
        (
            FUND,
            "losses.rate",
            "2,000 handed out a month",
            "2000 a month",
            ("", "handed out"),
        ),
    ],
)
def test_what_happens_is_called_as_it_was_typed(
    typed: dict[str, str], key: str, text: str, read: str, event: tuple[str, str]
) -> None:
    question, answers = before(key, typed)
    if not read:
        with pytest.raises(ScenarioError, match='not understood: "a herd of"'):
            dialogue.understood(answers, question, text, DATA)
        return
    said, found = dialogue.understood(answers, question, text, DATA)
    assert said == read
    scenario = loaded(found, DATA).scenario
    usual = DOMAINS[scenario.wording.preset]
    assert scenario.wording.preset == typed["wording"]
    assert scenario.wording.event == (event[0] or usual.whole, event[1] or usual.lost)
    assert (
        f"whole {scenario.wording.event[0]} be {scenario.wording.event[1]} if" in scenario.question
    )
    back = reading.read_back(read, said, answers, found)
    assert back.endswith("".join(f'the sentences will say "{words}"' for words in event if words))


def test_a_trend_has_a_source() -> None:
    text = "10 % in six months, donors, https://example.org/x"
    question, answers = before("trend", ABOUT_A_STOCK)
    read, found = dialogue.understood(answers, question, text, DATA)
    assert read == "0.01589 a month, donors, https://example.org/x"
    rate = loaded(found, DATA).scenario.rate
    assert rate is not None
    assert (rate.source, rate.url) == ("donors", "https://example.org/x")
