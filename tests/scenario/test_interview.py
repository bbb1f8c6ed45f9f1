"""A scenario file from answers: what is typed is judged at once, and what is written is valid."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulate
from simulate.errors import LimitError, ScenarioError
from simulate.scenario import interview, yaml_source
from simulate.scenario.answers import Value, document
from simulate.scenario.loader import LoadedScenario, load_text

COUNT = {
    "title": "A claim",
    "wording": "force",
    "unit": "soldiers",
    "known": "count",
    "losses.count": "3000 to 4200",
    "losses.as_of": "2024-12-26 to 2025-01-16",
    "losses.start": "2024-12-01, 2024-12-06, 2024-12-14",
    "losses.source": "A newspaper",
    "losses.url": "https://example.org/losses",
    "force.as_of": "",
    "force.size": "12000",
    "force.source": "A newspaper",
    "force.url": "https://example.org/force",
    "published.date": "2025-04-15",
    "published.label": "A newspaper",
    "horizon": "2026-01-01",
}
STOCK = {
    "title": "Vehicles",
    "wording": "stock",
    "unit": "vehicles",
    "known": "rate",
    "losses.rate": "200",
    "losses.per": "month",
    "losses.source": "",
    "force.as_of": "2026-01-22",
    "force.size": "3000",
    "force.floor": "600",
    "force.source": "",
    "inflow.amount": "75",
    "inflow.per": "month",
    "inflow.from": "2026-04-01",
    "published.date": "",
    "horizon": "2029-01-01",
}
FUND = STOCK | {
    "wording": "fund",
    "unit": "euros",
    "losses.rate": "410",
    "force.as_of": "",
    "losses.start": "2022-01-01",
    "force.size": "14200",
    "force.floor": "",
    "inflow.amount": "",
}


def asked(typed: Mapping[str, str] = COUNT, /, **changes: str) -> dict[str, Value]:
    """The answers, as they are kept, to all questions; each text typed answers one of them."""
    typed = dict(typed) | {key.replace("__", "."): value for key, value in changes.items()}
    answers: dict[str, Value] = {}
    while (question := interview.next_question(answers)) is not None:
        answers = interview.answered(answers, question, typed[question.key])
    return answers


def questions(typed: Mapping[str, str]) -> dict[str, str]:
    """What is said of each question of an interview, by its key."""
    answers, found = asked(typed), dict[str, str]()
    for n in range(len(answers)):
        known = dict(list(answers.items())[:n])
        question = interview.next_question(known)
        assert question is not None
        found[question.key] = interview.explained(question, known)
    return found


def written(typed: Mapping[str, str] = COUNT, /, **changes: str) -> LoadedScenario:
    return load_text(document(asked(typed, **changes)))


def refused(key: str, text: str, typed: Mapping[str, str] = COUNT) -> str:
    with pytest.raises(ScenarioError) as caught:
        asked(typed, **{key.replace(".", "__"): text})
    for problem in caught.value.problems:
        assert (problem.line, problem.excerpt) == (0, "")
    return str(caught.value)


def test_all_answers_are_in_the_file() -> None:
    scenario = written().scenario
    assert (scenario.title, scenario.unit) == ("A claim", "soldiers")
    assert scenario.losses.count is not None
    assert scenario.losses.count.describe() == "lognormal p5 3,000, p95 4,200"
    assert scenario.losses.law("as_of").describe() == "uniform low 2024-12-26, high 2025-01-16"
    assert scenario.start.describe().startswith("triangular low 2024-12-01, mode")
    assert scenario.losses.source == scenario.force.source == "A newspaper"
    assert scenario.losses.url == "https://example.org/losses"
    assert str(scenario.last_day) == "2026-01-01"
    assert [(one.label, str(one.date)) for one in scenario.published] == [
        ("A newspaper", "2025-04-15")
    ]


def test_an_interview_about_a_stock_with_floor_and_inflow() -> None:
    assert list(asked(STOCK)) == list(STOCK)
    scenario = written(STOCK).scenario
    assert (scenario.wording.preset, scenario.unit) == ("stock", "vehicles")
    assert scenario.counts_by == "strength"
    assert scenario.losses.start is None
    # 69 days at 200 a month until 1 April, then 125 a month, of 3,000 less the floor of 600.
    month = 365.2425 / 12
    assert days(STOCK) == pytest.approx(69 + (2400 * month - 69 * 200) / 125, abs=1e-6)


@pytest.mark.parametrize(
    ("floor", "inflow", "expected"),
    [("", "", 456.553125), ("", "75", 689.085), ("600", "", 365.2425)],
)
def test_floor_and_inflow_may_be_left_out(floor: str, inflow: str, expected: float) -> None:
    found = days(STOCK, force__floor=floor, inflow__amount=inflow)
    assert found == pytest.approx(expected, abs=1e-6)


def test_an_inflow_begins_with_the_stock_where_nothing_is_said() -> None:
    month = 365.2425 / 12
    assert days(STOCK, inflow__from="") == pytest.approx(2400 * month / 125, abs=1e-6)


def test_an_interview_about_a_fund_that_is_spent_from_a_day_on() -> None:
    assert set(asked(FUND)) == FUND.keys() - {"inflow.per", "inflow.from"}
    assert written(FUND).scenario.question.startswith("When would the whole fund be spent")
    month = 365.2425 / 12
    assert days(FUND) == pytest.approx(14200 * month / 410, abs=1e-6)
    flows = {"force__floor": "1000", "inflow__amount": "75", "inflow__from": ""}
    assert days(FUND, **flows) == pytest.approx(13200 * month / 335, abs=1e-6)


def test_a_count_beside_a_stock_of_a_date() -> None:
    """4,000 in 40 days; of 12,000 on 1 February all but 2,000, at 100 a day."""
    typed = COUNT | {"losses.count": "4000", "losses.as_of": "2025-01-15"}
    typed |= {"losses.start": "2024-12-06", "force.as_of": "2025-02-01", "force.floor": "2000"}
    typed |= {"inflow.amount": "20 to 30", "inflow.per": "day", "inflow.from": "2025-12-01"}
    # The origin is the first day of the losses, 57 days before the date of the stock.
    assert days(typed) == pytest.approx(57 + 100, abs=1e-6)
    assert written(typed).scenario.inflow[0].amount.describe() == "uniform low 20, high 30"


def days(typed: Mapping[str, str], /, **changes: str) -> float:
    """Days from the first date of a claim that is certain to the last of its stock."""
    day = simulate.run(written(typed, **changes), draws=64).quantile(0.5).day
    assert day is not None
    return day


@pytest.mark.parametrize("as_of", ["", "2026-01-22"])
@pytest.mark.parametrize("known", ["count", "rate"])
@pytest.mark.parametrize(
    ("wording", "own"),
    [
        ("force", {"lost", "loss", "force", "soldiers"}),
        ("stock", {"used up"}),
        ("fund", {"spent", "spending", "Spending"}),
    ],
)
def test_questions_and_comments_have_the_words_of_the_domain(
    wording: str, own: set[str], known: str, as_of: str
) -> None:
    typed = COUNT | STOCK | {"wording": wording, "known": known, "force.as_of": as_of}
    typed |= {"published.date": "2026-02", "horizon": "2030-01-01"}
    said = questions(typed)
    assert list(said)[:4] == ["title", "wording", "unit", "known"]
    del said["wording"]  # it names all three
    comments = re.findall("#.*", document(asked(typed)).partition("\nunit:")[2])
    for texts in (said.values(), comments):
        found = set(re.findall(r"lost|loss|force|soldiers|[Ss]pending|spent|used up", str(texts)))
        assert found <= own
    assert set(re.findall("lost|used up|spent", str(said.values()))) == own & {
        "lost",
        "used up",
        "spent",
    }


def test_the_unit_of_an_empty_line_depends_on_what_runs_out() -> None:
    units = [written(typed, unit="").scenario.unit for typed in (COUNT, STOCK, FUND)]
    assert units == ["soldiers", "units", "dollars"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-12-12", "2027-12-12", "2027-12-12"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2028-02-10 to 2028-02-20", "2028-02-10", "2028-02-20"),
        ("2027-12 to 2028-02", "2027-12-01", "2028-02-29"),
    ],
)
def test_what_was_published_may_be_a_period(text: str, first: str, last: str) -> None:
    typed = STOCK | {"published.date": text, "published.label": "A ministry"}
    (one,) = written(typed).scenario.published
    assert (str(one.first), str(one.last), one.label) == (first, last, "A ministry")


def test_what_may_be_left_empty() -> None:
    loaded = written(
        title="", unit="", losses__source="", force__source=" ", published__date="", horizon=""
    )
    scenario = loaded.scenario
    assert (scenario.title, scenario.unit, scenario.published) == ("My claim", "soldiers", ())
    assert (scenario.losses.source, scenario.losses.url) == ("", "")
    assert str(scenario.last_day) == "2030-01-16"


def test_the_usual_horizon_holds_the_published_date() -> None:
    assert str(written(published__date="2031-05-01", horizon="").scenario.last_day) == "2031-05-01"
    assert str(written(published__date="2031-05", horizon="").scenario.last_day) == "2031-05-31"


def test_the_usual_horizon_of_a_rate_follows_its_first_day() -> None:
    assert str(written(STOCK, horizon="").scenario.last_day) == "2031-01-22"
    assert str(written(FUND, horizon="").scenario.last_day) == "2027-01-01"


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
    ],
)
def test_no_number_or_day_of_the_claim_is_made_up(typed: dict[str, str], key: str) -> None:
    assert refused(key, "", typed) == f"{key} is required"


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("3800", "constant 3,800"),
        ("1e3", "constant 1,000"),
        ("3000 to 4200", "lognormal p5 3,000, p95 4,200"),
        ("3000, 3800, 4400", "triangular low 3,000, mode 3,800, high 4,400"),
    ],
)
def test_forms_of_a_number(text: str, law: str) -> None:
    count = written(losses__count=text).scenario.losses.count
    assert count is not None
    assert count.describe() == law


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("losses.count", "many", "for instance 3800, or 3000 to 4200"),
        ("losses.count", "0755", "write 755"),
        ("losses.count", "4200 to 3000", "p5 must be below p95"),
        ("losses.count", "3,000 to 4,200", "hint: write 3000 to 4200"),
        ("losses.count", "3000, 4200", "hint: write 3000 to 4200"),
        ("losses.count", "3000,3800,4400", "hint: write 3000, 3800, 4400"),
        ("losses.count", "1 to 2 to 3", "for instance 3800, or 3000 to 4200"),
        ("losses.count", "300,380,440", "write 300380440, without separators"),
        ("losses.count", "-5", "losses.count must be above 0"),
        ("losses.count", ".inf", "finite"),
        ("losses.count", "true", "must be a number"),
        ("losses.as_of", "30/06/2024", "write 2024-06-30"),
        ("losses.as_of", "24 June 2025", "write 2025-06-24"),
        ("losses.as_of", "June 2025", "write a uniform over the month: 2025-06-01 to 2025-07-01"),
        ("losses.as_of", "soon", "hint: use YYYY-MM-DD"),
        ("losses.count", "20-30", "write 20 to 30"),
        ("losses.count", "10k", "write 10000"),
        ("losses.count", "about 900", "write 900 for exactly that, or the limits it lies between"),
        ("losses.count", "30 % of 30,000", "write 9000"),
        ("losses.url", "https:/x.org", "write https://x.org"),
        ("losses.as_of", "2025-02-30", "is not a date of the calendar"),
        ("losses.as_of", "2025-01-16 to 2025-01-04", "low must be below high"),
        ("losses.start", "2025-02-01", "not before losses.as_of in any draw"),
        ("force.size", "-1", "force.size must be above 0"),
        ("force.size", "9000, 8000, 12000", "mode must lie between"),
        ("published.date", "April", "use YYYY-MM-DD"),
        ("horizon", "2024-12-01", "horizon is before losses.as_of"),
        ("horizon", "2025-02-01", "is after the horizon"),
        ("title", "x" * 2001, "longer than 2,000 characters"),
    ],
)
def test_what_is_asked_again(key: str, text: str, words: str) -> None:
    assert words in refused(key, text)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        (
            "wording",
            "water",
            "wording must be 'force', 'stock' or 'fund' (found the text \"water\")",
        ),
        ("known", "both", "known must be 'count' or 'rate' (found the text \"both\")"),
        ("losses.rate", "92 a day", "hint: write 92 (next answer: day)"),
        ("losses.rate", "80-100 a week", "hint: write 80 to 100 (next answer: week)"),
        ("losses.rate", "many", "for instance 92 (next answer: day), or 80 to 100"),
        ("losses.rate", "0", "losses.rate must be above 0"),
        ("losses.rate", "-5 to -3", "percentiles of this distribution must be above 0"),
        ("losses.per", "night", "losses.per must be 'day', 'week', 'month' or 'year'"),
        ("force.as_of", "June 2025", "write a uniform over the month: 2025-06-01 to 2025-07-01"),
        ("force.size", "0", "force.size must be above 0"),
        (
            "force.size",
            "92 a day",
            "losses.rate, or the amount of an inflow, takes 92 with per: day",
        ),
        ("force.floor", "3000", "force.floor is not below force.size in any draw"),
        ("inflow.amount", "75 a month", "inflow.amount must be a number"),
        ("inflow.amount", "75 a month", "hint: write 75 (next answer: month)"),
        ("inflow.amount", "-1", "inflow.amount must be at least 0"),
        ("inflow.per", "quarter", "inflow.per must be 'day', 'week', 'month' or 'year'"),
        ("inflow.from", "spring", "inflow.from must be a date"),
        ("published.date", "2028-02-20 to 2028-02-10", "published: to, 2028-02-10, is before from"),
        ("published.date", "early 2028", "published has a period as date"),
        ("published.date", "early 2028", "hint: write 2028-01-01 to 2028-04-30"),
        ("horizon", "2025-01-01", "horizon is before force.as_of"),
    ],
)
def test_what_is_asked_again_about_a_stock(key: str, text: str, words: str) -> None:
    assert words in refused(key, text, STOCK)


@pytest.mark.parametrize("text", ["Rate", " RATE "])
def test_a_choice_in_capitals(text: str) -> None:
    assert written(STOCK, known=text, losses__per="Month", wording="Stock") == written(STOCK)


def test_a_limit() -> None:
    with pytest.raises(LimitError, match="36,525 days"):
        asked(horizon="9999-12-31")


def test_a_count_at_the_end_of_the_calendar() -> None:
    days = {"losses__as_of": "9899-12-20", "losses__start": "9899-12-01"}
    assert str(written(**days, published__date="", horizon="").scenario.last_day) == "9904-12-20"


@pytest.mark.parametrize(
    "text",
    [
        'Losses: "3,800" # by \\January',
        "{'a': [1, 2]}",
        "- no",
        "伤亡 & *alias !tag %",
        "a\nb\ttab",
        "\x1b[31mred\x85\u2028\ufeff",
        "x" * 2000,
    ],
)
def test_text_comes_back_as_it_was_given(text: str) -> None:
    assert title_written(text) == text


def title_written(text: str) -> str:
    title = interview.QUESTIONS[0].read(text)
    return load_text(document({**asked(), "title": title})).scenario.title


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    assert title_written(text) == text


@pytest.mark.parametrize("text", ["3800", "1e3", "12.000", "+5", "1_000", ".5e1"])
def test_numbers_are_written_as_they_were_typed(text: str) -> None:
    assert f"  count: {text}\n" in document(asked(losses__count=text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_quoted(text: str) -> None:
    line = yaml_source.quoted(text)
    assert "\n" not in line
    assert yaml_source.parse(f"a: {line} # b", "f").tree == {"a": text}
