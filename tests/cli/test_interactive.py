"""`simulate init --interactive`: questions on stderr, answers from stdin, a file at the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulate.cli import cli
from simulate.cli.init import _as_it_stands
from simulate.errors import ScenarioError
from simulate.scenario.interview.document import document
from simulate.scenario.loader import load
from tests.scenario.interviews import DATA, asked
from tests.scenario.interviews import FUND as SPENDING

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
ANSWERS = (
    "A claim",
    "force",
    "count",
    "soldiers",
    "3000 to 4200",
    "A newspaper",
    "2024-12-06",
    "2024-12-26 to 2025-01-16",
    "12000",
    "",
    "",
)
RATE = (
    "Vehicles",
    "stock",
    "rate",
    "vehicles",
    "200 a month",
    "",
    "3000 on 2026-01-22",
    "",
    "",
    "inflow, floor, published",
    "75 a month",
    "",
    "2026-04-01",
    "600",
    "2027-07, A ministry",
)
FUND = ("", "fund", "rate", "", "410 a month", "", "14200", "", "2022-01-01", "")


def ask(*arguments: str, answers: tuple[str, ...] = ANSWERS) -> Result:
    text = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(cli, ["init", "--interactive", *arguments], input=text)


def test_a_file_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    found = ask(str(file))
    assert found.exit_code == 0
    assert found.stdout == f"wrote {file}; next: simulate run {file}\n"
    run = CliRunner().invoke(cli, ["run", str(file), "-q", "-n", "1k"])
    assert run.exit_code == 0
    assert run.stdout.startswith("Whole force (100 %) lost: ")


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (RATE, "Stock down to 600 vehicles: 18 July 2027"),
        (FUND, "Whole fund (100 %) spent: 20 November 2024"),
    ],
    ids=["stock", "fund"],
)
def test_a_rate_of_use(tmp_path: Path, answers: tuple[str, ...], line: str) -> None:
    file = tmp_path / "claim.yaml"
    found = ask(str(file), answers=answers)
    assert found.exit_code == 0, found.stderr
    assert max(map(len, found.stderr.splitlines())) <= 80
    run = CliRunner().invoke(cli, ["run", str(file), "-q", "-n", "1k"])
    assert run.stdout.startswith(line)


def test_without_a_name_the_file_is_all_there_is_on_stdout(tmp_path: Path) -> None:
    found = ask()
    file = tmp_path / "f.yaml"
    file.write_text(found.stdout, encoding="utf-8")
    assert load(file).scenario.title == "A claim"
    assert "losses.count: 3000 to 4200\n" in found.stderr


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("many", 'losses.count must be a number (found the text "many")'),
        ("9 to 3", "losses.count: low must be below high (found 9 and 3)"),
        ("", "losses.count is required"),
        ("1e101", "losses.count must be at most 1e+100"),
        (b"\xe9", "the answer is not UTF-8"),
    ],
)
def test_a_wrong_line_of_a_file(tmp_path: Path, wrong: str | bytes, words: str) -> None:
    typed = wrong if isinstance(wrong, bytes) else wrong.encode()
    lines = [line.encode() for line in ANSWERS]
    data = b"\n".join([*lines[:4], typed, *lines[5:], b""])
    found = CliRunner().invoke(cli, ["init", "--interactive", str(tmp_path / "f.yaml")], input=data)
    assert isinstance(found.exception, ScenarioError)
    (problem,) = found.exception.problems
    assert str(problem).startswith(f"line 5 of the answers, losses.count: {words}")
    assert not list(tmp_path.iterdir())


def test_what_is_typed_wrong_is_asked_again(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "simulate", "init", "--interactive", "f.yaml"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    os.close(theirs)
    answers = (*ANSWERS[:4], "many", "9 to 3", "several hundred", "", *ANSWERS[5:])
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    _, said = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, said
    text = said.decode()
    assert 'losses.count must be a number (found the text "many")' in text
    assert "losses.count: low must be below high (found 9 and 3)" in text
    assert text.count("\nlosses.count: ") == 3
    assert text.count('"back" returns to the question before') == 2
    # The limits in the hint are taken by an empty line.
    assert text.count("\nlosses.count [200 to 900]: ") == 1
    assert "low: 200, high: 900" in (tmp_path / "f.yaml").read_text(encoding="utf-8")


def test_how_an_answer_was_read_is_said() -> None:
    answers = (*ANSWERS[:6], "6 December 2024", *ANSWERS[7:])
    found = ask(answers=answers)
    assert found.stdout == ask().stdout
    assert found.stderr.count("read as ") == 1
    assert "losses.start: 6 December 2024\nread as 2024-12-06\n" in found.stderr


def test_back_returns_to_the_question_before() -> None:
    answers = ("back", "A mistake", "Back", *ANSWERS[:4], "9", "back", *ANSWERS[4:])
    found = ask(answers=answers)
    assert found.exit_code == 0, found.stderr
    assert found.stdout == ask().stdout


def test_after_back_the_answer_before_is_the_default() -> None:
    first = ("My own", "", "", "tanks")
    found = ask(answers=(*first, *["back"] * 4, *[""] * 4, *ANSWERS[4:]))
    assert found.stdout == ask(answers=(*first, *ANSWERS[4:])).stdout
    assert "title [My own]: " in found.stderr
    assert "unit [tanks]: " in found.stderr
    assert '"nothing" leaves it out' not in found.stderr


def test_after_back_a_topic_can_be_left_out() -> None:
    asks = (*ANSWERS[: len(ANSWERS) - 1], "published", "back", "nothing")
    found = ask(answers=asks)
    assert found.stdout == ask().stdout
    last = " ".join(found.stderr.split()).rpartition("published: back")[2]
    assert '"nothing" leaves it out. more [published]: ' in last


def test_the_result_is_shown_at_once() -> None:
    said = " ".join(ask(answers=RATE).stderr.split())
    # 456.55 days at 200 a month; with what comes in and the floor, later.
    first, second = re.findall(r"As it stands: (.+?\.)(?: |$)", said)
    assert first.startswith(
        "At 200 vehicles a month from 22 January 2026 on, the whole stock of 3,000 "
    )
    assert first.endswith("used up by 23 April 2027.")
    assert second.endswith("would fall from 3,000 to 600 vehicles on 18 July 2027.")
    assert said.index(first) < said.index("more:") < said.index(second)


def test_the_result_shown_is_that_of_a_run(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    said = " ".join(ask(str(file)).stderr.split())
    (shown,) = re.findall(r"As it stands: (At .+? fall between .+?\.)", said)
    assert shown in " ".join(CliRunner().invoke(cli, ["run", str(file)]).stdout.split())


def test_a_result_that_stays_the_same_is_shown_once() -> None:
    answers = (*ANSWERS[:-1], "question", "When?")
    assert ask(answers=answers).stderr.count("As it stands: ") == 1


def test_a_result_for_each_report() -> None:
    answers = (*ANSWERS[:-1], "report", "3000 to 3100, NIS", "2025-01-05", "each")
    said = " ".join(ask(answers=answers).stderr.split())
    assert len(re.findall(r"As it stands, by (?:A newspaper|NIS): At about ", said)) == 2


def test_a_stock_that_grows_never_runs_out() -> None:
    answers = ("", "stock", "left", "", "10 on 2025-01-01", "20 on 2025-02-01", "", "")
    said = " ".join(ask(answers=answers).stderr.split())
    stands = "As it stands: The whole stock of 20 units would not be used up: nothing is used up"
    assert f"{stands} between the two counts." in said


def test_doubts_are_told(tmp_path: Path) -> None:
    answers = (*ANSWERS[:6], "2024-12-01 to 2024-12-30", *ANSWERS[7:])
    found = ask(str(tmp_path / "f.yaml"), answers=answers)
    assert "warning: losses.start can fall after losses.as_of" in " ".join(found.stderr.split())


@pytest.mark.parametrize("n", [0, 3, 5, 8])
def test_answers_that_end_too_early(tmp_path: Path, n: int) -> None:
    found = ask(str(tmp_path / "f.yaml"), answers=ANSWERS[:n])
    key = {5: "losses.start", 8: "force.size"}.get(n, "losses.count")
    message = f"the answers end before {key} is answered; nothing was written"
    assert isinstance(found.exception, ScenarioError)
    assert str(found.exception) == message
    assert "Usage:" not in found.stderr
    assert not list(tmp_path.iterdir())


def test_the_end_of_the_answers_leaves_the_rest_at_its_default() -> None:
    assert ask(answers=ANSWERS[:-2]).stdout == ask().stdout
    typed = (*ANSWERS[:-1], "inflow", "75 a month")
    assert ask(answers=typed).stdout == ask(answers=(*typed, "", "", "")).stdout


def test_a_repeated_prompt_is_no_part_of_the_answer() -> None:
    said = ask().stderr
    prompts = re.findall(r"^[a-z_.]+(?: \[[^\]\n]*\])?:.*$", said, re.MULTILINE)
    assert prompts[0] == "title [My claim]: A claim"
    assert ask(answers=tuple(prompts)).stdout == ask().stdout
    without_defaults = (re.sub(r" \[.*?\]", "", prompt) for prompt in prompts)
    assert ask(answers=tuple(without_defaults)).stdout == ask().stdout


def test_the_prompts_of_several_entries() -> None:
    first = ("inflow, published", "1 a day", "", "", "", "2025-04-15, A", "inflow, published")
    typed = (*ANSWERS[:-1], *first, "2 a day, B", "2025-05-01", "2025-05, C", "")
    found = ask(answers=typed)
    prompts = re.findall(
        r"^(?:second [a-z]+(?:, [a-z]+)?|[a-z_.]+)(?: \[.*?\])?:.*$",
        found.stderr,
        re.MULTILINE,
    )
    assert [prompt.partition(":")[0] for prompt in prompts if "second" in prompt] == [
        "second inflow",
        "second inflow, period",
        "second published",
    ]
    assert ask(answers=tuple(prompts)).stdout == found.stdout


def test_a_line_with_a_key_answers_its_question_wherever_it_is(tmp_path: Path) -> None:
    keys = ("title", "wording", "known", "unit", "losses.count", "losses.source", "losses.start")
    named = [f"{key}: {text}" for key, text in zip(keys, ANSWERS, strict=False)]
    answers = (*reversed(named), "losses.as_of: 2025-01-16", "force.size: 12000")
    usual = ask(answers=(*ANSWERS[:7], "2025-01-16", "12000", "")).stdout
    assert ask(answers=answers).stdout == usual
    missing = ask(str(tmp_path / "f.yaml"), answers=answers[1:]).exception
    assert "the answers end before losses.start is answered; nothing" in str(missing)
    assert not list(tmp_path.iterdir())


def test_topics_are_asked_in_the_order_in_which_they_are_named() -> None:
    more = ("published, trend, floor, shares", "0 a month", "600", "0.5", "2025-05-01, ISW")
    found = ask(answers=(*ANSWERS[:-1], *more))
    assert found.exit_code == 0, found.stderr
    # What was published is last, since it is checked against the shares.
    keys = ("trend", "force.floor", "thresholds", "published")
    places = [found.stderr.index(f"\n{key}: ") for key in keys]
    assert places == sorted(places)


def test_a_line_with_a_topic_asks_about_it() -> None:
    lines = ("inflow: 75 a month", "inflow: 9 a week", "floor: 600")
    asked = ("inflow, inflow, floor", "75 a month", "", "", "", "9 a week", "", "", "600")
    expected = ask(answers=(*ANSWERS[:-1], *asked)).stdout
    assert ask(answers=(*lines, *ANSWERS[:-1])).stdout == expected
    assert ask(answers=(*ANSWERS[:-1], *lines)).stdout == expected


def test_lines_that_are_not_used_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    found = ask(str(file), answers=("title: B", *ANSWERS[1:], "title: C", "more"))
    assert isinstance(found.exception, ScenarioError)
    said = str(found.exception)
    assert [int(n) for n in re.findall(r"line (\d+) of the answers: ", said)] == [12, 13]
    assert "line 11 of the answers, an empty line, ended the questions" in said
    assert not file.exists()


def test_a_file_that_is_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("mine", encoding="utf-8")
    found = ask(str(file))
    assert "already exists" in str(found.exception)
    assert "title" not in found.stderr
    assert file.read_text(encoding="utf-8") == "mine"
    assert ask(str(file), "--force").exit_code == 0


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulate", "init", "--interactive", "f.yaml"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"A claim\n")
    process.stdin.flush()
    said = b""
    while b"wording [force]: " not in said:
        said += os.read(process.stderr.fileno(), 1000)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.split() == [b"interrupted"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("ending", "code"), [("", 130), ("\x04", 3)], ids=["Ctrl-C", "Ctrl-D"])
def test_what_was_typed_is_printed_if_the_interview_breaks_off(ending: str, code: int) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "simulate", "init", "--interactive"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    os.close(theirs)
    assert process.stderr
    typed = ("A mistake", "back", *ANSWERS[:6])
    os.write(ours, "".join(f"{line}\n" for line in typed).encode())
    said = b""
    while b"losses.start: " not in said:
        said += os.read(process.stderr.fileno(), 1000)
    if ending:
        os.write(ours, ending.encode())
    else:
        process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == code
    kept = rest.decode().split("\n\n")[-1].splitlines()[:6]
    assert kept[0] == "title: A claim"
    assert ask(answers=(*kept, *ANSWERS[6:])).stdout == ask().stdout


def test_a_question_mark_in_a_file_shows_help_and_answers_nothing(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    found = ask(str(file), answers=(*ANSWERS[:3], "?", *ANSWERS[3:]))
    assert found.exit_code == 0, found.stderr
    assert "The noun behind the numbers: men" in found.stderr
    assert load(file).scenario.unit == "soldiers"


def test_the_text_of_a_choice_is_a_column() -> None:
    said = ask().stderr
    line = "  inflow     what comes in evenly, so much a week or month: recruits or"
    assert f"{line}\n{13 * ' '}production\n" in said


def test_a_usual_end_that_hides_the_date_is_moved() -> None:
    """250 at 40 a year are gone after six years, and a default end is after five."""
    late = asked(
        SPENDING
        | {"losses.rate": "40 a year", "force.size": "250 on 2023-01-01", "losses.start": ""}
    )
    said, answers = _as_it_stands(late, DATA)
    assert "spent by 1 April 2029" in said
    assert said.endswith(" runs to 1 January 2033; horizon, an answer to more, changes that.")
    assert "horizon: 2033-01-01" in document(answers)
    # What comes in keeps up with the spending, so that no end is late enough.
    kept = late | {"inflow.amount": "40", "inflow.per": "year"}
    said, answers = _as_it_stands(kept, DATA)
    assert said.endswith(" would not be spent: at least as much comes in as is spent.")
    assert answers == kept
    chosen = late | {"horizon": "2026-01-01"}
    said, answers = _as_it_stands(chosen, DATA)
    assert "horizon to more" not in said
    assert answers == chosen
