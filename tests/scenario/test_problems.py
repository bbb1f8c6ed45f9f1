"""Messages: file, line, column, the line itself, a caret, a way out."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from simulate.errors import Problem, ScenarioError, SimulateError
from simulate.scenario.loader import load

BASE = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: lognormal, p5: 3000, p95: 4000}
  as_of: 2025-01-16
  start: 2024-12-06
"""
COUNT = "{distribution: lognormal, p5: 3000, p95: 4000}"


def messages(folder: Path, text: str) -> str:
    path = folder / "kursk.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value).replace(str(path), "kursk.yaml")


def test_the_form_of_a_message(tmp_path: Path) -> None:
    text = BASE.replace(
        COUNT, "\n" + "\n" * 8 + "    distribution: normal\n    mean: 3000\n    sd: -1"
    )
    assert text.splitlines()[14] == "    sd: -1"
    assert messages(tmp_path, text) == (
        "kursk.yaml:15:9: losses.count.sd must be greater than 0 (found -1)\n"
        "     15 |     sd: -1\n"
        "                  ^\n"
        "  hint: for a fixed number write a bare number instead of a distribution"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "title: T\n",
            "title: T\nthresholdz: [1]\n",
            (
                "kursk.yaml:2:1: unknown key thresholdz\n"
                "      2 | thresholdz: [1]\n"
                "          ^\n"
                "  hint: did you mean thresholds?"
            ),
        ),
        (
            "lognormal",
            "lognormel",
            (
                "kursk.yaml:4:25: losses.count: unknown distribution lognormel\n"
                "      4 |   count: {distribution: lognormel, p5: 3000, p95: 4000}\n"
                "                                  ^\n"
                "  hint: did you mean lognormal?"
            ),
        ),
        (
            "2025-01-16",
            "2025-02-30",
            (
                "kursk.yaml:5:10: losses.as_of: 2025-02-30 is not a date of the calendar\n"
                "      5 |   as_of: 2025-02-30\n"
                "                   ^\n"
                "  hint: use YYYY-MM-DD"
            ),
        ),
        (
            "{size: 12000}",
            "{size: 12000, sizex: 3}",
            (
                "kursk.yaml:2:22: unknown key force.sizex\n"
                "      2 | force: {size: 12000, sizex: 3}\n"
                "                               ^\n"
                "  hint: did you mean size?"
            ),
        ),
        (
            "12000",
            "1,2000",
            (
                "kursk.yaml:2:17: unknown key force.2000\n"
                "      2 | force: {size: 1,2000}\n"
                "                          ^\n"
                "  hint: a comma separates entries; write numbers without it"
            ),
        ),
        (
            "p5: 3000",
            "p5: 5000",
            (
                "kursk.yaml:4:40: losses.count: p5 must be below p95 (found 5000 and 4000)\n"
                "      4 |   count: {distribution: lognormal, p5: 5000, p95: 4000}\n"
                "                                                 ^"
            ),
        ),
        (
            "12000",
            "0755",
            (
                'kursk.yaml:2:15: force.size must be a number (found the text "0755")\n'
                "      2 | force: {size: 0755}\n"
                "                        ^\n"
                "  hint: write 755, without separators or leading zeros"
            ),
        ),
        (
            "  start: 2024-12-06\n",
            "",
            "kursk.yaml:3:1: losses.start is required\n      3 | losses:\n          ^",
        ),
        (
            "title: T\n",
            "title: T\nby: [2025-01-01, 2025-01-40]\n",
            (
                "kursk.yaml:2:18: by[1]: 2025-01-40 is not a date of the calendar\n"
                "      2 | by: [2025-01-01, 2025-01-40]\n"
                "                           ^\n"
                "  hint: use YYYY-MM-DD"
            ),
        ),
        (
            "title: T\n",
            f"title: {'x' * 2001}\n",
            (
                "kursk.yaml:1:8: title must not be longer than 2,000 characters\n"
                f"      1 | title: {'x' * 59}\n"
                "                 ^"
            ),
        ),
        (
            "title: T\n",
            "title: ''\n",
            "kursk.yaml:1:8: title must not be empty\n      1 | title: ''\n                 ^",
        ),
    ],
)
def test_messages(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in BASE
    assert messages(tmp_path, BASE.replace(old, new)) == message


def test_all_errors_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        "title: 5\n"
        "forcex: 3\n"
        "losses:\n"
        "  count: {distribution: mixture, components: [3000, {distribution: normal, sd: -1}]}\n"
        "  as_of: 20250116\n"
        "  start: {distribution: uniform, low: 2024-13-01, high: soon}\n"
        "sampling: {draws: 0, seed: 1.5}\n"
    )
    told = [line for line in messages(tmp_path, text).splitlines() if line.startswith("kursk")]
    assert [line.split(" ", 1)[0] for line in told] == [
        f"kursk.yaml:{place}:"
        for place in ("1:8", "2:1", "4:80", "5:10", "6:39", "6:57", "7:19", "7:28")
    ]
    assert "did you mean force?" in messages(tmp_path, text)
    assert "losses.count.components[1].sd must be greater than 0" in told[2]
    assert "losses.start.low: 2024-13-01 is not a date" in told[4]
    assert "losses.start.high must be a date" in told[5]


def test_a_mistake_in_a_nested_distribution_has_its_own_place(tmp_path: Path) -> None:
    text = BASE.replace(
        COUNT,
        "{distribution: mixture, components: [1, {distribution: uniform, low: 2, high: 1}]}",
    )
    assert messages(tmp_path, text).startswith(
        "kursk.yaml:4:79: losses.count.components[1]: low must be below high (found 2 and 1)"
    )


def test_keys_are_suggested_for_the_family_that_is_meant(tmp_path: Path) -> None:
    text = BASE.replace(COUNT, "{distribution: gamma, shap: 2, scale: 3}")
    assert "hint: did you mean shape?" in messages(tmp_path, text)


def test_a_long_line_is_shown_around_the_caret() -> None:
    excerpt = "x" * 300 + "!" + "y" * 300
    lines = str(Problem("wrong", "f", 1, 301, excerpt)).splitlines()
    assert lines[1][lines[2].index("^")] == "!"
    assert all(len(line) < 80 for line in lines)


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


def test_entries_that_are_wrong_do_not_make_a_list_too_short(tmp_path: Path) -> None:
    wrong = messages(tmp_path, BASE + "levels: [2]\n")
    assert "levels[0] must be less than 1" in wrong
    assert "entries" not in wrong
    assert "levels must not be empty" in messages(tmp_path, BASE + "levels: []\n")
    short = BASE.replace(COUNT, "{distribution: histogram, edges: [1], weights: []}")
    assert "losses.count.edges needs at least 2 entries" in messages(tmp_path, short)


def test_all_contradictions_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "title: T\nforce: {size: 100}\n"
        "losses: {count: 200, start: 2025-02-01, as_of: 2025-01-01}\n"
        "ends: [{label: end, date: 2025-03-01, probability: 2}]\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as raised:
        load(file)
    told = [problem.message for problem in raised.value.problems]
    assert [problem.line for problem in raised.value.problems] == [3, 3, 4]
    for words in ("above force.size", "not before losses.as_of", "between 0 and 1"):
        assert any(words in message for message in told)


def test_a_comma_in_a_number_between_braces(tmp_path: Path) -> None:
    file = tmp_path / "comma.yaml"
    file.write_text(
        "title: T\nforce: {size: 12,000}\n"
        "losses: {count: 200, start: 2025-01-01, as_of: 2025-02-01}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match="write numbers without it"):
        load(file)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("160 vehicles", "write 160; give what is counted as unit"),
        ("1,060 men", "write 1060; give what is counted as unit"),
        ("850-950", "write {distribution: uniform, low: 850, high: 950}"),
        ("850 to 950", "write {distribution: uniform, low: 850, high: 950}"),
        (
            "about 900",
            "write 900 for exactly that, or the limits it lies between, such as {}".format(
                "{distribution: uniform, low: 810, high: 990}"
            ),
        ),
        ("5 %", "a number of units is wanted, not a share: work out what it comes to"),
        ("3k", "write 3000"),
        ("many", None),
    ],
)
def test_numbers_as_people_write_them(written: str, hint: str | None, tmp_path: Path) -> None:
    said = messages(tmp_path, BASE.replace("12000", f'"{written}"'))
    assert f'force.size must be a number (found the text "{written}")\n' in said
    assert said.partition("  hint: ")[2] == (hint or "")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("10 January 2025", "write 2025-01-10"),
        ("Jan 5, 2025", "write 2025-01-05"),
        ("January 5, 2025", "write 2025-01-05"),
        ("05.01.2025", "write 2025-01-05"),
        ("32.01.2025", "use YYYY-MM-DD"),
        ("soon", "use YYYY-MM-DD"),
    ],
)
def test_dates_as_people_write_them(written: str, hint: str, tmp_path: Path) -> None:
    said = messages(tmp_path, BASE.replace("2024-12-06", f'"{written}"'))
    assert said.partition("  hint: ")[2] == hint
