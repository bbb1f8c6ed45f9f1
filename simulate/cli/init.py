"""`simulate init`: a scenario to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulate.cli import options
from simulate.errors import LimitError, Problem, ScenarioError

if TYPE_CHECKING:
    from simulate.scenario.data_file import DataFolder
    from simulate.scenario.interview.document import Answers
    from simulate.scenario.interview.questions import Question
    from simulate.scenario.loader import LoadedScenario

    _Step = tuple[str, Answers]
    """A line that was answered, with its prompt, and all answers so far."""

_LONGEST_ANSWER = 10_000
_HIDDEN = 0.05
"""Share of simulations that go on to the end, up to which no later end is tried."""
_OFTEN = 2
"""After so many wrong answers to a question, how to return is said again."""


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

    With --interactive, questions lead through a claim; each answer is checked at once, and the
    result is shown as soon as it is known. The file is written after the last answer; Ctrl-C
    prints the answers so far, to be pasted into a new interview. The questions go to standard
    error; the answers are read from standard input, one per line. They can come from a file. A line
    with the prompt before it, or with a topic as in `inflow: 40 a month`, can be anywhere in it;
    the others follow the questions. The first wrong line, or one that answers no question, is
    reported and nothing is written; where the file ends, the remaining questions get their default
    answers.
    """
    from importlib.resources import files

    from simulate.report.folder import check_new, write_new

    if file is not None:
        check_new(file, force=force)
    starter = files("simulate.scenario").joinpath("starter.yaml")
    folder = Path(file).parent if file else Path()
    text = _interview(folder) if interactive else starter.read_text(encoding="utf-8")
    if file is None:
        click.echo(text, nl=False)
        return
    write_new(file, text.encode(), force=force)
    edit = "" if interactive else "edit it, then "
    click.echo(f"wrote {file}; next: {edit}simulate run {file}")


def _interview(folder: Path) -> str:
    """The answers to all questions as the text of a file, or what was typed before an error."""
    past: list[_Step] = [("", {})]
    try:
        return _asked(folder, past)
    except BaseException:
        # What comes from a file is still there; what was typed is not.
        if len(past) > 1 and sys.stdin is not None and sys.stdin.isatty():
            _say("\n\nAnswered so far; to go on, paste these lines into a new interview:\n")
            for line, _ in past[1:]:
                click.echo(line, err=True)
        raise


def _asked(folder: Path, past: list[_Step]) -> str:
    """Ask all questions, each step added to `past`; data files are in `folder`."""
    lines = _Lines()
    from simulate.scenario.data_file import DataFolder
    from simulate.scenario.interview.dialogue import explained, next_question
    from simulate.scenario.interview.document import document, loaded
    from simulate.scenario.warnings import possible_warnings

    data, shown = DataFolder(folder), ""
    typed: dict[str, str] = {}  # an answer is the default after `back`
    _say("Answer in figures, 3800 by 2025-01-16, or in words, about nine a week since mid-March.")
    _say('Enter accepts the value in [brackets]; "?" helps.')
    _say('"back" returns to the question before. Each answer is checked.')
    while True:
        answers = past[-1][1]
        if (question := next_question(answers)) is None:
            break
        if question.name == "more":
            now, answers = _as_it_stands(answers, data)
            if now != shown:
                _say(shown := now, hanging="")
        _say(f"\n{explained(question, answers)}", hanging="")
        if question.usual == "" and typed.get(question.key):
            _say('Enter keeps the answer in [brackets]; "nothing" leaves it out.')
        step = _answered(question, answers, data, lines, typed.get(question.key, ""))
        if step is not None:
            past.append(step)
            typed[question.key] = step[0].removeprefix(f"{question.name}:").strip()
        elif len(past) > 1:
            past.pop()
    _say("")
    if problems := [*lines.mistakes, *lines.unused()]:
        raise ScenarioError(*problems)
    for warning in possible_warnings(loaded(answers, data).scenario):
        _say(f"warning: {warning}")
    return document(answers)


def _as_it_stands(answers: Answers, data: DataFolder) -> tuple[str, Answers]:
    """What the answers so far mean, and the answers with a later end where the usual one hides it.

    It is one sentence, or one for each report.
    """
    from simulate.report.text.wording import prose_date
    from simulate.scenario.interview.dialogue import with_ends
    from simulate.scenario.interview.document import loaded

    found: list[tuple[float, str, Answers]] = []
    for ends in with_ends(answers, data):
        found.append((*_sentences(loaded(ends, data)), ends))
        if found[-1][0] <= _HIDDEN:
            break
    _, said, ends = next(one for one in found if one[0] <= found[-1][0] + _HIDDEN)
    if ends is not answers:
        last = prose_date(loaded(ends, data).scenario.last_day)
        said += f" The simulation runs to {last}; horizon, an answer to more, changes that."
    elif "ends by default" in said:
        said += " Answer horizon to more for later dates."
    return said, ends


def _sentences(loaded: LoadedScenario) -> tuple[float, str]:
    """The share of simulations that go on to the end, and a sentence for each report."""
    from simulate.api.run import run
    from simulate.report.text.causes import horizon_share
    from simulate.report.text.headline import headline
    from simulate.report.text.news import news_sentence

    hidden, said = 0.0, ""
    for number, part in loaded.parts():
        summary = run(part).summary
        hidden = max(hidden, *map(horizon_share, summary.outcomes))
        by = f", by {part.scenario.losses.sources[0][0]}" if number else ""
        said += f"\nAs it stands{by}: {news_sentence(summary) or headline(summary)}"
    return hidden, said


def _answered(
    question: Question, answers: Answers, data: DataFolder, lines: _Lines, before: str
) -> _Step | None:
    """Ask one question until its answer is valid, None for `back`; a file has one chance.

    The usual answer is the one given before, if there was one.
    """
    from simulate.cli.spelling import shell_text
    from simulate.scenario.interview import dialogue, prompts, reading

    default, n_refused = before, 0
    while True:
        text: str | None = ""
        click.echo(prompts.prompt(question, answers, default), err=True, nl=False)
        try:
            text = lines.answer(question)
            if text is None:
                break
            text = text.strip() or default
            if text.lower() == "back":
                return None
            read, found = dialogue.understood(answers, question, text, data)
        except (ScenarioError, LimitError) as error:
            if not sys.stdin.isatty() and text != "?":
                return _without(question, answers, data, lines, error)
            _say(shell_text(error))
            default = dialogue.suggestion(answers, question, text or "", error, data) or before
            n_refused += 1
            if n_refused == _OFTEN:
                _say('"back" returns to the question before.')
        else:
            if said := reading.read_back(text, read, answers, found):
                _say(said)
            return f"{question.name}: {text}", found
    if prompts.usual(question, answers) is None:
        message = f"the answers end before {question.name} is answered; nothing was written"
        raise ScenarioError(*lines.mistakes, Problem(message))
    return f"{question.name}:", dialogue.answered(answers, question, "", data)


def _without(
    question: Question,
    answers: Answers,
    data: DataFolder,
    lines: _Lines,
    error: ScenarioError | LimitError,
) -> _Step:
    """The step after a wrong line of a file, where the lines that follow can still be judged."""
    from simulate.scenario.interview import dialogue, prompts

    place = f"line {lines.number} of the answers, {prompts.called(question.name)}"
    problems = getattr(error, "problems", (Problem(error.message),))
    lines.mistakes += [one._replace(file=place) for one in problems]
    if (skipped := dialogue.left_out(answers, question, data)) is None:
        raise ScenarioError(*lines.mistakes) from None
    return f"{question.name}:", skipped


class _Lines:
    """The lines of standard input, each for one question."""

    def __init__(self) -> None:
        self.number = 0
        """That of the line that was answered last."""
        self.mistakes: list[Problem] = []
        """What is wrong in a file, beside what else may be."""
        self._n_read = 0
        self._was_empty = False
        self._kept: list[tuple[int, str, str]] = []

    def answer(self, question: Question) -> str | None:
        """The line for a question; None at the end.

        In a file, a line that begins with the key of another question is kept for that one.
        """
        from simulate.scenario.interview.prompts import is_for, keyed, topics_of

        kept = next((line for line in self._kept if is_for(line[1], question)), None)
        if kept is not None:
            self._kept.remove(kept)
            self.number = kept[0]
            return _echoed(kept[2])
        while (line := self._line()) is not None:
            key, text = keyed(line)
            if is_for(key, question):
                self.number, self._was_empty = self._n_read, not text.strip()
                return _echoed(text)
            if sys.stdin.isatty():
                hint = f"answer {question.name} first"
                raise ScenarioError(Problem(f"the line answers {key}", hint=hint))
            self._kept.append((self._n_read, key, text))
        wanted = topics_of(key for _, key, _ in self._kept) if question.name == "more" else ""
        if wanted:
            return _echoed(wanted)
        click.echo(err=True)
        return None

    def unused(self) -> list[Problem]:
        """A problem for each line of a file that answers no question."""
        numbered = [(number, key) for number, key, _ in self._kept]
        # The end of what is typed or piped may be far.
        if sys.stdin is not None and not sys.stdin.isatty() and sys.stdin.buffer.seekable():
            rest = enumerate(sys.stdin.buffer, self._n_read + 1)
            numbered += [(number, "") for number, data in rest if data.strip()]
        ended = f"line {self.number} of the answers, an empty line, ended the questions"
        hint = f"{ended if self._was_empty else 'all questions were answered'}; nothing was written"
        return [
            Problem(
                f"{key or 'this'} answers no question", f"line {number} of the answers", hint=hint
            )
            for number, key in numbered
        ]

    def _line(self) -> str | None:
        # Bytes, since the locale may lack some letters.
        data = b"" if sys.stdin is None else sys.stdin.buffer.readline(_LONGEST_ANSWER)
        if not data:
            return None
        self._n_read += 1
        self.number = self._n_read
        if len(data) == _LONGEST_ANSWER:
            raise ScenarioError(Problem("the answer is too long"))
        try:
            return data.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise ScenarioError(Problem("the answer is not UTF-8")) from None


def _echoed(text: str) -> str:
    """A text, printed where no terminal has done so."""
    from simulate.report.text.wording import visible

    if not sys.stdin.isatty():
        click.echo(visible(text), err=True)
    return text


def _say(text: str, hanging: str = "  ") -> None:
    """Print on standard error, folded."""
    from simulate.cli.spelling import folded
    from simulate.report.text.wording import visible

    click.echo(folded(visible(text), hanging), err=True)
