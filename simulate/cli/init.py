"""`simulate init`: a scenario to start from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simulate.cli import options
from simulate.errors import LimitError, ScenarioError

if TYPE_CHECKING:
    from simulate.scenario.answers import Answers
    from simulate.scenario.interview import Question

_LONGEST_ANSWER = 10_000


@click.command()
@click.argument("file", required=False, type=options.PATH)
@click.option("--interactive", is_flag=True, help="Ask for the claim, and write it down.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@options.debug
def init(file: str | None, *, interactive: bool, force: bool) -> None:
    """Write a commented scenario to start from, or print it where no file is named.

    \b
    Examples:
      simulate init claim.yaml
      simulate init --interactive my-claim.yaml
      simulate run claim.yaml

    With --interactive, questions lead through a claim; each answer is checked at once. The file is
    written after the last one, so that Ctrl-C leaves nothing behind. The questions go to
    standard error; the answers are read from standard input, one per line, and can come from a
    file.
    """
    from importlib.resources import files

    from simulate.report.folder import check_new, write_new

    if file is not None:
        check_new(file, force=force)
    starter = files("simulate.scenario").joinpath("starter.yaml")
    text = _interview() if interactive else starter.read_text(encoding="utf-8")
    if file is None:
        click.echo(text, nl=False)
        return
    write_new(file, text.encode(), force=force)
    edit = "" if interactive else "edit it, then "
    click.echo(f"wrote {file}; next: {edit}simulate run {file}")


def _interview() -> str:
    """Ask all questions; the file as text."""
    from simulate.scenario import interview
    from simulate.scenario.answers import document, loaded
    from simulate.scenario.warnings import possible_warnings

    answers: Answers = {}
    _say("Write numbers as 3800 or 0.5, dates as 2025-01-16. Each answer is checked.")
    _say("Enter accepts the value in [brackets].")
    while (question := interview.next_question(answers)) is not None:
        _say(f"\n{interview.explained(question, answers)}", hanging="")
        answers = _answered(question, answers)
    _say("")
    for warning in possible_warnings(loaded(answers).scenario):
        _say(f"warning: {warning}")
    return document(answers)


def _answered(question: Question, answers: Answers) -> Answers:
    """Ask one question until its answer is valid."""
    from simulate.scenario import interview

    usual = interview.usual(question, answers)
    prompt = f"{question.key} [{usual}]: " if usual else f"{question.key}: "
    while True:
        click.echo(prompt, err=True, nl=False)
        try:
            return interview.answered(answers, question, _line(question.key))
        except UnicodeDecodeError:
            _say("  the answer is not UTF-8; please type it again")
        except (ScenarioError, LimitError) as error:
            from simulate.cli.spelling import shell_text

            _say(shell_text(error))


def _line(key: str) -> str:
    """The next line of standard input, echoed where no terminal does so."""
    # Bytes, since the locale may lack some letters.
    data = b"" if sys.stdin is None else sys.stdin.buffer.readline(_LONGEST_ANSWER)
    if not data:
        click.echo(err=True)
        raise click.UsageError(
            f"standard input ended before {key} was answered; nothing was written"
        )
    if len(data) == _LONGEST_ANSWER:
        raise click.UsageError(f"the answer for {key} is too long; nothing was written")
    text = data.decode().rstrip("\r\n")
    if not sys.stdin.isatty():
        _say(text)
    return text


def _say(text: str, hanging: str = "  ") -> None:
    """Print on standard error, folded at 80 columns, with later lines indented by `hanging`."""
    from simulate.report.text.wording import visible

    for line in visible(text).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        click.echo(click.wrap_text(line.strip(), 80, indent, f"{indent}{hanging}"), err=True)
