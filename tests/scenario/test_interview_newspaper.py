"""What a newspaper writes around a number: clauses, scales, seasons, parts of a month, nouns."""

from __future__ import annotations

import re

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.interview import dialogue, reading
from simulate.scenario.interview.document import event, loaded
from simulate.scenario.loader import load_text
from simulate.scenario.words import DOMAINS
from tests.scenario.interviews import COUNT, DATA, FUND, LEFT, STOCK, before

SOURCE = "The board, 3 May, https://a.org"
SEASON = STOCK | {"more": "season"}
INFLOW = COUNT | {"more": "inflow"}
MILLIONS = FUND | {"unit": "million pounds", "force.size": "14.6", "losses.rate": "1.4 a month"}
FORECAST = COUNT | {"more": "published", "losses.start": "2024-03-11", "losses.as_of": "2024-05-20"}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("losses.rate", "6 to 9 a week, with twice as many in the weeks of the big raids"),
        ("losses.rate", "6 a week, but more in winter"),
        ("losses.rate", "6 a week, then fewer"),
        ("losses.rate", "6 a week, rising in winter"),
        ("losses.rate", "6 a week, six in winter"),
        ("losses.source", "twice as many in the weeks of the big raids"),
        ("inflow.amount", "6 a week, until then fewer"),
        ("force.size", "250 on 3 January 2024, with more on the way"),
    ],
)
def test_a_clause_is_no_source(key: str, text: str) -> None:
    question, answers = before(key, STOCK)
    with pytest.raises(ScenarioError, match=r"source must be a name") as caught:
        dialogue.understood(answers, question, text, DATA)
    if key.startswith("losses"):
        assert re.search(r"wider range.*season, trend and pauses", str(caught.value), re.DOTALL)


def test_a_day_is_before_its_source() -> None:
    question, answers = before("losses.count", COUNT)
    for text in ("780, the officer, by mid-May", "780, the officer by 15 May 2024"):
        with pytest.raises(ScenarioError, match="hint: put the day before it"):
            dialogue.understood(answers, question, text, DATA)


@pytest.mark.parametrize(
    "source",
    [
        "two officials",
        "officials familiar with the matter",
        "more than ten officials",
        "the then minister",
        "Thomas More, by the Times",
        "according to the ministry",
        "an independent count of obituaries and hospital notices",
        "the navy, 3 May 2024",
        "officials, by the BBC, 22 January 2025",
        "the navy, quoted by the Sun on 3 May 2024",
    ],
)
def test_a_name_is_a_source(source: str) -> None:
    question, answers = before("losses.rate", STOCK)
    found = dialogue.understood(answers, question, f"6 to 9 a week, {source}", DATA)[1]
    assert found["losses.source"] == f'"{source.removeprefix("according to ")}"'


def test_the_verb_behind_a_name_is_no_part_of_it() -> None:
    question, answers = before("losses.rate", STOCK)
    found = dialogue.understood(answers, question, "6 to 9 a week, the auditor says", DATA)[1]
    assert found["losses.source"] == '"the auditor"'


@pytest.mark.parametrize(
    ("key", "text", "readings"),
    [
        ("inflow.amount", "400,000 a month", "400,000 pounds or 400,000 million"),
        ("inflow.amount", "400,000 pounds a month", "400,000 pounds or 400,000 million"),
        ("inflow.amount", "GBP 400 a month", "400 pounds or 400 million"),
        ("inflow.amount", "£400,000 a month", "400,000 pounds or 400,000 million"),
        ("losses.rate", "1,400,000 a month", "1,400,000 pounds or 1,400,000 million"),
        ("force.size", "14,600,000 on 1 January 2024", "14,600,000 pounds or 14,600,000 million"),
    ],
)
def test_a_number_far_beyond_the_scale_of_the_unit_has_two_readings(
    key: str, text: str, readings: str
) -> None:
    typed = MILLIONS | {"more": "inflow", "force.size": "14 to 15.5 on 2024-01-01"}
    question, answers = before(key, typed)
    with pytest.raises(ScenarioError, match=f"{re.escape(key)} can be {readings}") as caught:
        dialogue.understood(answers, question, text, DATA)
    small, large = re.findall(r"hint: write (.+) or (.+)$", str(caught.value))[0]
    number = re.findall(r"[\d,]{3,}", text)[0]
    for way, times in ((small, 1e-6), (large, 1.0)):
        found = dialogue.understood(answers, question, text.replace(number, way), DATA)
        size = float(number.replace(",", "")) * times
        assert re.search(rf"(?<![\d.]){size:.10g}(?![\d.])", found[0])


@pytest.mark.parametrize(
    "text", ["0.4 a month", "£0.4 a month", "0.4 million a month", "400 thousand a month"]
)
def test_a_number_in_the_scale_of_the_unit(text: str) -> None:
    question, answers = before("inflow.amount", MILLIONS | {"more": "inflow"})
    assert dialogue.understood(answers, question, text, DATA)[1]["inflow.amount"] == "0.4"


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1, 1, 1, a third, a third, a third, a third, a third, a third, 1, 1, 1", "4-9: 0.3333"),
        ("0.33 from April to September", "4-9: 0.33"),
        ("a third between april and sept", "4-9: 0.3333"),
        ("2 in December; 0.5 from November to February", "11-2: 0.5"),
        ("0.5 in June", "6-6: 0.5"),
        ("june to august: half", "6-8: 0.5"),
        ("twice in winter", "12-2: 2"),
        ("0.5 from spring to the summer", "3-8: 0.5"),
        ("twice as much in August to October", "8-10: 2"),
        ("twice in August, September and October", "8-10: 2"),
        ("2 in August, September, and October", "8-10: 2"),
        ("half as many in june and july", "6-7: 0.5"),
        ("in the hurricane months of August to October that is twice as much", "8-10: 2"),
        ("triple in the summer months", "6-8: 3"),
        ("50 % more in winter", "12-2: 1.5"),
        ("20% less in July", "7-7: 0.8"),
        ("0.5 in June, 0.5 from July to August", "6-8: 0.5"),
        ("1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1", "8-10: 2"),
    ],
)
def test_a_season_in_words(text: str, months: str) -> None:
    question, answers = before("rate.by_month", SEASON)
    found = dialogue.understood(answers, question, text, DATA)[1]
    rate = loaded(found, DATA).scenario.rate
    assert rate is not None
    first, last, factor = re.findall(r"[\d.]+", months)
    n = (int(last) - int(first)) % 12 + 1
    inside = {(int(first) + i - 1) % 12 for i in range(n)}
    expected = [float(factor) if month in inside else 1.0 for month in range(12)]
    stated = float(found["losses.rate"]) / 200
    assert [law.support[0] * stated for law in rate.by_month] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        "0.3 to 0.4 from April to September",
        "about 0.35 from April to September",
        ", ".join([*3 * "1", *6 * ["0.3 to 0.4"], *"111"]),
    ],
)
def test_a_season_takes_ranges(text: str) -> None:
    question, answers = before("rate.by_month", SEASON)
    found = dialogue.understood(answers, question, text, DATA)[1]
    rate = loaded(found, DATA).scenario.rate
    assert rate is not None
    stated = float(found["losses.rate"]) / 200
    ends = [end * stated for law in rate.by_month for end in law.support]
    limits = (0.315, 0.385) if "about" in text else (0.3, 0.4)
    assert ends == pytest.approx([*6 * [1], *6 * limits, *6 * [1]], rel=1e-5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("in the warmer half of the year a third", "needs twelve numbers, or months"),
        ("0.3 until April", "must be a number and its months"),
        ("0.3 in mayoral months", "needs twelve numbers, or months"),
        ("1, 2, 3", "needs twelve factors"),
        ("so much in August to October", "must be a number and its months"),
    ],
)
def test_a_season_that_says_no_months(text: str, words: str) -> None:
    question, answers = before("rate.by_month", SEASON)
    with pytest.raises(ScenarioError, match=rf"rate\.by_month {words}") as caught:
        dialogue.understood(answers, question, text, DATA)
    assert len(caught.value.problems) == 1


def test_part_of_a_month_is_the_same_beside_a_number_and_alone() -> None:
    laws = []
    for count, day in (
        ("780", "mid-May 2024"),
        ("780", "by mid-May 2024"),
        ("780 by mid-May 2024", ""),
    ):
        typed = FORECAST | {"losses.count": count, "losses.as_of": day}
        _, answers = before("force.size", typed, understood=True)
        laws.append(answers["losses.as_of"])
    assert set(laws) == {"{distribution: uniform, low: 2024-05-11, high: 2024-05-21}"}


@pytest.mark.parametrize("key", ["force.size", "force.counts[0]"])
@pytest.mark.parametrize(
    "words", ["at the start of 2024", "at the beginning of 2024", "on 1 January 2024"]
)
def test_the_start_of_a_year_is_a_day(key: str, words: str) -> None:
    question, answers = before(key, LEFT if "counts" in key else STOCK)
    read, _ = dialogue.understood(answers, question, f"14.6 {words}", DATA)
    assert read == "14.6 on 2024-01-01"


@pytest.mark.parametrize(
    ("text", "others", "alone"),
    [
        ("on Christmas at best, the treasurer", "at best", "on Christmas, the treasurer"),
        ("will not exist by autumn, a deputy", "will not exist", "by autumn, a deputy"),
        ("a deputy: will not exist by autumn", "will not exist", "by autumn, a deputy"),
        ("spring 2025 at the earliest, A", "at the earliest", "spring 2025, A"),
    ],
)
def test_other_words_beside_a_published_day_are_named(text: str, others: str, alone: str) -> None:
    question, answers = before("published", FORECAST)
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, text, DATA)
    assert f'without other words (found the text "{others}")' in str(caught.value)
    assert f"write {alone}, if that" in str(caught.value)
    assert dialogue.understood(answers, question, alone, DATA)


@pytest.mark.parametrize(
    ("text", "domain", "whole"),
    [
        ("brigade", "force", "brigade"),
        ("the Brigade", "force", "brigade"),
        ("the 3rd Assault Brigade", "force", "3rd Assault Brigade"),
        ("reservoir", "stock", "reservoir"),
        ("a grant", "fund", "grant"),
        ("fund: the rental programme", "fund", "rental programme"),
        ("stock: the army's Iskander stock", "stock", "Iskander stock"),
        ("force: the whole contingent", "force", "contingent"),
        ("the entire brigade", "force", "brigade"),
        ("Stock: bridges", "stock", "bridges"),
        ("the northern army", "force", "northern army"),
    ],
)
def test_what_runs_out_by_its_name(text: str, domain: str, whole: str) -> None:
    question, answers = before("wording")
    read, found = dialogue.understood(answers, question, text, DATA)
    assert (read, found["wording"], found["wording.whole"]) == (domain, domain, f'"{whole}"')
    assert f'the sentences will say "{whole}"' in reading.read_back(text, read, answers, found)


def test_a_whole_is_one_thing_in_the_sentence() -> None:
    changes = {"wording": "missiles in store", "unit": "missiles"}
    _, answers = before("more", COUNT | changes, understood=True)
    assert event(answers, DOMAINS["stock"]) == ("the whole stock", "be used up")
    question, answers = before("force.size", COUNT | {"wording": "stock"})
    found = dialogue.understood(answers, question, "reserves of 12,000", DATA)[1]
    assert event(found, DOMAINS["stock"]) == ("the whole reserve", "be used up")


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("men killed or seriously wounded", "780"),
        ("men", "780 killed or seriously wounded by 20 May 2024"),
        ("men", "780 had been killed or seriously wounded by 20 May 2024"),
    ],
)
def test_what_happens_to_it_beside_the_unit_or_the_number(unit: str, count: str) -> None:
    _, answers = before(
        "losses.source", COUNT | {"unit": unit, "losses.count": count}, understood=True
    )
    assert answers["unit"] == '"men"'
    assert answers["wording.lost"] == '"killed or seriously wounded"'
    question, answers = before("losses.count", COUNT | {"unit": unit}, understood=True)
    said = "killed or seriously wounded" if " " in unit else "lost"
    assert dialogue.explained(question, answers).startswith(f"How many men were {said}? ")


def test_a_file_that_names_the_whole_as_its_wording() -> None:
    losses = "{rate: 9, per: day, start: 2024-03-11}"
    text = f"title: A\nunit: men\nwording: brigade\nlosses: {losses}\nforce: {{size: 900}}\n"
    with pytest.raises(ScenarioError, match=r"hint: write \{whole: brigade\}"):
        load_text(text)
    assert load_text(text.replace("brigade", "{whole: brigade}")).scenario.wording.event == (
        "brigade",
        "lost",
    )
    season = f"{text.replace('brigade', 'force')}rate: {{by_month: {{June: 2}}}}\n"
    with pytest.raises(ScenarioError, match=r"write twelve factors, January first: \[1, 1, 1, 0.4"):
        load_text(season)


def test_each_of_two_counts_has_its_source() -> None:
    typed = LEFT | {"force.counts[0]": "2,100 left on 20 March 2020, the governor"}
    question, answers = before("force.counts[1]", typed, understood=True)
    read, found = dialogue.understood(answers, question, "1,450 left by 27 March, officials", DATA)
    assert read == "1450 left by 2020-03-27, officials"
    force = loaded(found, DATA).scenario.force
    assert force.source == "the governor; officials"
    _, found = dialogue.understood(answers, question, "1,450 on 27 March, the governor", DATA)
    assert found["force.source"] == '"the governor"'


def test_the_morning_of_a_day_is_that_day() -> None:
    question, answers = before("force.size", STOCK)
    read, _ = dialogue.understood(answers, question, "900 on the morning of 2 May 2025", DATA)
    assert read == "900 on 2025-05-02"


@pytest.mark.parametrize("what", ["in payroll taxes", "from donations"])
def test_what_comes_in_has_a_name(what: str) -> None:
    question, answers = before("inflow.amount", STOCK)
    _, found = dialogue.understood(answers, question, f"5 a week {what}, the board", DATA)
    assert found["inflow.label"] == f'"{what.partition(" ")[2]}"'
    assert "inflow.from" not in found


@pytest.mark.parametrize(
    ("text", "source", "url"),
    [
        ("the same", "The board, 3 May", "https://a.org"),
        ("As above", "The board, 3 May", "https://a.org"),
        ("same as above; a guess", "The board, 3 May; a guess", "https://a.org"),
        ("the same, on page 2", "The board, on page 2", ""),
        ("the same, https://b.org", "The board, 3 May", "https://b.org"),
        ("the same office", "the same office", ""),
    ],
)
def test_the_same_is_the_source_named_before(text: str, source: str, url: str) -> None:
    question, answers = before("force.source", COUNT | {"losses.source": SOURCE})
    _, found = dialogue.understood(answers, question, text, DATA)
    force = loaded(found, DATA).scenario.force
    assert (force.source, force.url) == (source, url)
    question, answers = before("force.size", COUNT | {"losses.source": SOURCE})
    _, found = dialogue.understood(answers, question, f"12000, {text}", DATA)
    assert loaded(found, DATA).scenario.force.source == source


def test_the_same_needs_a_source_before_it() -> None:
    question, answers = before("force.source", COUNT | {"losses.source": "not given"})
    with pytest.raises(ScenarioError, match=r"no source was named before"):
        dialogue.understood(answers, question, "the same", DATA)


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        (
            "By the end of June 2025, $61 to 64 million had been paid out, the auditor",
            "$61 to 64 million had been paid out by the end of June 2025, the auditor",
        ),
        ("Up to June 30, 2025, 3,000, the ministry", "3,000 up to June 30, 2025, the ministry"),
        (
            "By 16 May 2025, 3,000 killed, wounded and missing, according to ISW",
            "3,000 killed, wounded and missing by 16 May 2025, according to ISW",
        ),
        (
            "By 16 May 2025, 300 killed and 2,700 wounded, ISW",
            "300 killed and 2,700 wounded by 16 May 2025, ISW",
        ),
    ],
)
def test_a_day_before_the_number_is_read_as_one_behind_it(text: str, behind: str) -> None:
    question, answers = before("losses.count", COUNT)
    read, found = dialogue.understood(answers, question, text, DATA)
    assert (read, found) == dialogue.understood(answers, question, behind, DATA)
    assert found["losses.as_of"] in ("2025-07-01", "2025-05-17")  # the day after the last
    assert found["losses.source"] in ('"the auditor"', '"the ministry"', '"ISW"')


def test_the_hint_for_another_noun_can_be_typed() -> None:
    question, answers = before("wording")
    with pytest.raises(ScenarioError) as caught:
        dialogue.understood(answers, question, "a programme", DATA)
    for kind in ("force", "stock", "fund"):
        assert f"{kind}: a programme (" in str(caught.value)
        found = dialogue.understood(answers, question, f"{kind}: a programme", DATA)[1]
        assert (found["wording"], found["wording.whole"]) == (kind, '"programme"')
