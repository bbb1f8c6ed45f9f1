"""A scenario file from answers: what is typed is judged at once, and what is written is valid."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.errors import LimitError, ScenarioError
from simulate.scenario import interview, yaml_source
from simulate.scenario.loader import LoadedScenario, load_text

ANSWERS = {
    "title": "A claim",
    "unit": "soldiers",
    "losses.count": "3000 to 4200",
    "losses.as_of": "2024-12-26 to 2025-01-16",
    "losses.start": "2024-12-01, 2024-12-06, 2024-12-14",
    "losses.source": "A newspaper",
    "losses.url": "https://example.org/losses",
    "force.size": "12000",
    "force.source": "A newspaper",
    "force.url": "https://example.org/force",
    "published.date": "2025-04-15",
    "published.label": "A newspaper",
    "horizon": "2026-01-01",
}


def asked(**changes: str) -> dict[str, interview.Value]:
    """The answers, as they are kept, to all that is asked."""
    typed = ANSWERS | {key.replace("__", "."): value for key, value in changes.items()}
    answers: dict[str, interview.Value] = {}
    while (question := interview.next_question(answers)) is not None:
        answers = interview.answered(answers, question, typed[question.key])
    return answers


def written(**changes: str) -> LoadedScenario:
    return load_text(interview.document(asked(**changes)))


def refused(key: str, text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        asked(**{key.replace(".", "__"): text})
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


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("losses.count", "losses.count is required"),
        ("losses.as_of", "losses.as_of is required"),
        ("losses.start", "losses.start is required"),
        ("force.size", "force.size is required"),
    ],
)
def test_no_number_or_day_of_the_claim_is_made_up(key: str, words: str) -> None:
    assert refused(key, "").startswith(words)


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
    return load_text(interview.document({**asked(), "title": title})).scenario.title


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back(text: str) -> None:
    assert title_written(text) == text


@pytest.mark.parametrize("text", ["3800", "1e3", "12.000", "+5", "1_000", ".5e1"])
def test_numbers_are_written_as_they_were_typed(text: str) -> None:
    assert f"  count: {text}\n" in interview.document(asked(losses__count=text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_quoted(text: str) -> None:
    line = yaml_source.quoted(text)
    assert "\n" not in line
    assert yaml_source.parse(f"a: {line} # b", "f").tree == {"a": text}
