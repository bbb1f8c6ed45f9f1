"""Messages: file, line, column, the line itself, a caret, a way out."""

from __future__ import annotations

import pickle

import pytest

from simulate.errors import Problem, ScenarioError, SimulateError
from simulate.scenario.loader import load_text
from tests.scenario.mistakes import message, refused

BASE = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: lognormal, p5: 3000, p95: 4000}
  as_of: 2025-01-16
  start: 2024-12-06
"""
COUNT = "{distribution: lognormal, p5: 3000, p95: 4000}"


def test_the_form_of_a_message() -> None:
    text = BASE.replace(
        COUNT, "\n" + "\n" * 8 + "    distribution: normal\n    mean: 3000\n    sd: -1"
    )
    assert text.splitlines()[14] == "    sd: -1"
    assert message(text) == (
        "case.yaml:15:9: losses.count.sd must be greater than 0 (found -1)\n"
        "     15 |     sd: -1\n"
        "                  ^\n"
        "  hint: for a fixed number write a bare number instead of a distribution"
    )


MISTAKES = {
    "2:1: unknown key thresholdz": (
        BASE.replace("title: T\n", "title: T\nthresholdz: [1]\n"),
        "did you mean thresholds?",
    ),
    "4:25: losses.count: unknown distribution lognormel": (
        BASE.replace("lognormal", "lognormel"),
        "did you mean lognormal?",
    ),
    "4:25: losses.count: unknown distribution Gaussian": (
        BASE.replace("lognormal", "Gaussian"),
        "write normal",
    ),
    "5:10: losses.as_of: 2025-02-30 is not a date of the calendar": (
        BASE.replace("2025-01-16", "2025-02-30"),
        "use YYYY-MM-DD",
    ),
    "2:22: unknown key force.sizex": (
        BASE.replace("{size: 12000}", "{size: 12000, sizex: 3}"),
        "did you mean force.size?",
    ),
    "4:3: losses.count is required": (BASE.replace(COUNT, ""), ""),
    '2:8: force must be a mapping of keys and values (found the text "none")': (
        BASE.replace("{size: 12000}", "none"),
        "where there is none, leave the key out",
    ),
    "2:17: unknown key force.2000": (
        BASE.replace("12000", "1,2000"),
        "a comma separates entries; write numbers without it",
    ),
    "4:40: losses.count: p5 must be below p95 (found 5000 and 4000)": (
        BASE.replace("p5: 3000", "p5: 5000"),
        "",
    ),
    '2:15: force.size must be a number (found the text "0755")': (
        BASE.replace("12000", "0755"),
        "write 755, without separators or leading zeros",
    ),
    "3:1: losses.start is required": (BASE.replace("  start: 2024-12-06\n", ""), ""),
    "2:10: wording must be 'force', 'stock' or 'fund' (found the text \"stocks\")": (
        BASE.replace("title: T\n", "title: T\nwording: stocks\n"),
        "did you mean stock?",
    ),
    "2:18: by[1]: 2025-01-40 is not a date of the calendar": (
        BASE.replace("title: T\n", "title: T\nby: [2025-01-01, 2025-01-40]\n"),
        "use YYYY-MM-DD",
    ),
    "1:8: title must not be longer than 2,000 characters": (
        BASE.replace("title: T\n", f"title: {'x' * 2001}\n"),
        "",
    ),
    "2:10: author must be text (found 1)": (
        BASE.replace("title: T\n", "title: T\nauthor: [1, A]\n"),
        "put each name in quotes",
    ),
    '2:10: horizon must be a date or a number of days (found the text "2 years")': (
        BASE.replace("title: T\n", "title: T\nhorizon: 2 years\n"),
        "write 730.5, in days after the count, or a date as YYYY-MM-DD",
    ),
    '2:10: horizon must be a date (found the text "end of 2030")': (
        BASE.replace("title: T\n", "title: T\nhorizon: end of 2030\n"),
        "write 2030-12-31, its last day",
    ),
    '2:30: published[0].date must be a date (found the text "in six days")': (
        BASE.replace("title: T\n", "title: T\npublished: [{label: A, date: in six days}]\n"),
        "use YYYY-MM-DD: work out which day that is",
    ),
    "2:13: published[0] needs date, or from and to": (
        BASE.replace("title: T\n", "title: T\npublished: [{label: A}]\n"),
        "",
    ),
    "1:8: title must not be empty": (BASE.replace("title: T\n", "title: ''\n"), ""),
}


@pytest.mark.parametrize("said", MISTAKES)
def test_messages(said: str) -> None:
    text, hint = MISTAKES[said]
    refused(text, said, hint)


def test_all_errors_at_once_in_the_order_of_the_file() -> None:
    text = (
        "title: 5\n"
        "forcex: 3\n"
        "losses:\n"
        "  count: {distribution: mixture, components: [3000, {distribution: normal, sd: -1}]}\n"
        "  as_of: 20250116\n"
        "  start: {distribution: uniform, low: 2024-13-01, high: soon}\n"
        "sampling: {draws: 0, seed: 1.5}\n"
    )
    told = [line for line in message(text).splitlines() if line.startswith("case")]
    assert [line.split(" ", 1)[0] for line in told] == [
        f"case.yaml:{place}:"
        for place in ("1:8", "2:1", "4:80", "5:10", "6:39", "6:57", "7:19", "7:28")
    ]
    assert "did you mean force?" in message(text)
    assert "losses.count.components[1].sd must be greater than 0" in told[2]
    assert "losses.start.low: 2024-13-01 is not a date" in told[4]
    assert "losses.start.high must be a date" in told[5]


def test_a_mistake_in_a_nested_distribution_has_its_own_place() -> None:
    text = BASE.replace(
        COUNT,
        "{distribution: mixture, components: [1, {distribution: uniform, low: 2, high: 1}]}",
    )
    assert message(text).startswith(
        "case.yaml:4:79: losses.count.components[1]: low must be below high (found 2 and 1)"
    )


@pytest.mark.parametrize("value", ["'1,5 Mio'", "1.5 million"])
def test_a_mistake_in_a_long_list_has_its_own_place(value: str) -> None:
    values = "\n".join(f"    - {value if i == 437 else i + 1}" for i in range(500))
    text = BASE.replace(COUNT, f"\n    distribution: empirical\n    values:\n{values}")
    assert message(text.replace("12000", "1e9")).startswith(
        "case.yaml:444:7: losses.count.values[437] must be a number"
    )
    assert message(text.replace("12000", "1e9")).endswith("hint: write 1500000")


def test_keys_are_suggested_for_the_family_that_is_meant() -> None:
    text = BASE.replace(COUNT, "{distribution: gamma, shap: 2, scale: 3}")
    assert "hint: did you mean losses.count.shape?" in message(text)


def test_a_long_line_is_shown_around_the_caret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    excerpt = "x" * 300 + "!" + "y" * 300
    lines = str(Problem("wrong", "f", 1, 301, excerpt)).splitlines()
    assert lines[1][lines[2].index("^")] == "!"
    assert all(len(line) < 80 for line in lines)
    whole = "x" * 69
    assert str(Problem("wrong", "f", 1, 69, whole)).splitlines()[1].endswith(f" {whole}")
    monkeypatch.setenv("COLUMNS", "700")
    assert str(Problem("wrong", "f", 1, 301, excerpt)).splitlines()[1].endswith(f" {excerpt}")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("production: 3", "did you mean inflow?"),
        ("arrivals: [{date: 2025-02-01, size: 3}]", "did you mean reinforcements?"),
        ("inflow: 100 a month", "write inflow: [{amount: 100, per: month}]"),
        ("inflow: 1,200 per year", "write inflow: [{amount: 1200, per: year}]"),
        (
            "inflow: 80 to 100 a week",
            "write inflow: [{amount: {distribution: uniform, low: 80, high: 100}, per: week}]",
        ),
        ("inflow: 100", "write inflow: [{amount: 100, per: month}], or with another unit of time"),
    ],
)
def test_an_inflow_in_words(line: str, hint: str) -> None:
    assert message(f"{BASE}{line}\n").endswith(f"hint: {hint}")
    written = hint.removeprefix("write ").removesuffix(", or with another unit of time")
    if hint.startswith("write"):
        load_text(BASE + written)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("wrong"), "wrong"),
        (Problem("wrong", "f.yaml"), "f.yaml: wrong"),
        (Problem("wrong", "f.yaml", hint="do"), "f.yaml: wrong\n  hint: do"),
        (Problem("wrong", "f.yaml", 3, 2, "ab"), "f.yaml:3:2: wrong\n      3 | ab\n           ^"),
    ],
)
def test_a_problem_in_words(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_errors_know_their_exit_code_and_survive_another_process() -> None:
    error = ScenarioError(Problem("a"), Problem("b"))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert copy.problems == error.problems
    assert str(copy) == "a\nb"
    assert copy.exit_code == 3
    assert isinstance(copy, SimulateError)


def test_entries_that_are_wrong_do_not_make_a_list_too_short() -> None:
    wrong = message(BASE + "levels: [2]\n")
    assert "levels[0] must be less than 1" in wrong
    assert "entries" not in wrong
    assert "levels must not be empty" in message(BASE + "levels: []\n")
    short = BASE.replace(COUNT, "{distribution: histogram, edges: [1], weights: []}")
    assert "losses.count.edges needs at least 2 entries" in message(short)


def test_all_contradictions_are_reported_at_once() -> None:
    text = (
        "title: T\nforce: {size: 100}\n"
        "losses: {count: 200, start: 2025-02-01, as_of: 2025-01-01}\n"
        "ends: [{label: end, date: 2025-03-01, probability: 2}]\n"
    )
    found = [line for line in message(text).splitlines() if line.startswith("case.yaml")]
    assert [line.split(":")[1] for line in found] == ["3", "3", "4"]
    for words in ("above force.size", "not before losses.as_of", "between 0 and 1"):
        assert any(words in line for line in found)


NOT_A_SHARE = "a number of units is wanted, not a share: work out what it comes to"
RANGE = (
    "write {distribution: uniform, low: 850, high: 950}; with p5 and p95 in place of low and "
    "high, one value in ten lies outside"
)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("160 vehicles", "write 160; give what is counted as unit"),
        ("1,060 men", "write 1060; give what is counted as unit"),
        ("850-950", RANGE),
        ("850 to 950", RANGE),
        (
            "about 900",
            (
                "write 900 for exactly that, or the lowest, likeliest and highest value, such as "
                "{distribution: triangular, low: 810, mode: 900, high: 990}"
            ),
        ),
        (
            "nearly 900",
            (
                "write 900 for exactly that, or the lowest, likeliest and highest value, such as "
                "{distribution: triangular, low: 855, mode: 900, high: 900}"
            ),
        ),
        ("24.9%", f"{NOT_A_SHARE}; where the unit is per cent, write 24.9"),
        ("a third", NOT_A_SHARE),
        ("3k", "write 3000"),
        ("many", "for instance 3800, or {distribution: uniform, low: 3000, high: 4200}"),
    ],
)
def test_numbers_as_people_write_them(written: str, hint: str) -> None:
    said = message(BASE.replace("12000", f'"{written}"'))
    assert f'force.size must be a number (found the text "{written}")\n' in said
    assert said.partition("  hint: ")[2] == hint


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ("force: {inflow: 20}", "inflow goes beside force, not inside it"),
        ("force: {unit: tanks}", "unit goes beside force, not inside it"),
        ("force: {wounded: {share: 0.3}}", "wounded goes beside force, not inside it"),
        ("force: {rate: 92}", "did you mean force.size or losses.rate?"),
        ("force: {size: 12000, rate: 92}", "did you mean losses.rate?"),
        ("force: {size: 12000, date: 2024-12-01}", "did you mean force.as_of?"),
        ("force: {size: 12000, per: day}", "did you mean losses.per?"),
        ("force: {size: 12000, reserve: 300}", "did you mean force.floor?"),
        ("losses: {floor: 300}", "did you mean force.floor?"),
        ("losses: {from: 2024-12-06}", "did you mean losses.start?"),
        ("losses: {to: 2025-01-16}", "did you mean losses.as_of?"),
        ("losses: {amount: 92}", "did you mean losses.count or losses.rate?"),
        ("losses: {by_month: [1, 2]}", "did you mean rate.by_month?"),
        ("floor: 300", "did you mean force.floor?"),
        ("as_of: 2025-01-16", "did you mean force.as_of or losses.as_of?"),
        ("counts: [3, 4]", "did you mean force.counts?"),
        ("inflow: {rate: 20, per: day}", "did you mean inflow.amount?"),
        ("inflow: [{count: 20, per: day}]", "did you mean inflow[0].amount?"),
        ("inflow: {amount: 20, per: day, start: 2025-02-01}", "did you mean inflow.from?"),
        ("outflows: {amount: 20, date: 2025-02-01}", "did you mean outflows.size?"),
        ("reinforcements: {size: 20, as_of: 2025-02-01}", "did you mean reinforcements.date?"),
        ("rate: {season: [1, 2]}", "did you mean rate.by_month?"),
        (
            "rate: {growth: 0.1}",
            "did you mean rate.trend_per_week, rate.trend_per_month or rate.trend_per_year?",
        ),
        ("rate: {per: day}", "did you mean losses.per?"),
        ("rate: 92", "did you mean losses.rate?"),
        ("rate: 92 a day", "write losses: {rate: 92, per: day}"),
        ("losses: 92 a day", "write losses: {rate: 92, per: day}"),
        ("losses: 3800", "did you mean losses.count or losses.rate?"),
        ("force: 12000", "write force: {size: 12000}"),
        ("force: 12,000", "write force: {size: 12000}"),
        ("wording: {force: fleet}", "known here: preset, whole, lost"),
        ("wounded: 0.3", "its keys are share, return_share, return_days, stages"),
        ("rate: {drift: 0.3}", "its keys are sd, correlation_days"),
        ("pauses: [2025-02-01]", "its keys are start, days, intensity"),
        ("inflow: {amount: 20}", "give day, week, month or year"),
        ("inflow: {amount: 20, per: night}", "did you mean day?"),
        ("inflow: {amount: 20, per: months}", "did you mean month?"),
        ("inflow: {amount: 20, per: hour}", "write day, and 24 times the number"),
        ("inflow: {amount: 20, per: fortnight}", "write week, and 0.5 times the number"),
    ],
)
def test_a_key_in_the_wrong_place(change: str, hint: str) -> None:
    blocks = ("force: {size: 12000}", "losses: {count: 3000, as_of: 2025-01-16, start: 2024-12-06}")
    others = [block for block in blocks if not change.startswith(block.split(":")[0])]
    found = message("\n".join(["title: T", *others, change, ""]))
    assert f"  hint: {hint}" in found.splitlines()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("ends: 2025-03-01", "begin each entry with a dash; its keys are label, date, probability"),
        ("reinforcements: 3000", "begin each entry with a dash; its keys are date, size"),
        ("observed: [{label: a, date: 2025-02-01, count: 4}]", "did you mean observed[0].losses?"),
        (
            "outflows: [{date: 2025-03-01, size: 4, per: month}]",
            "known here: source, url, notes, date, size, label",
        ),
        ("thresholds: 1", "put a list in brackets: [1]"),
    ],
)
def test_a_hint_helps_with_entries_of_lists(line: str, hint: str) -> None:
    assert message(f"{BASE}{line}\n").endswith(f"hint: {hint}")
