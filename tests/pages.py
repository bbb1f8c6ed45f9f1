"""Blocks of the manual that are made by runs; `python -m tests.test_readme` renews them."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

import simulate
from simulate.analysis.summary import Summary
from simulate.analysis.values import PublishedCheck
from simulate.cli import cli
from simulate.report.figures.files import figure_bytes
from simulate.report.pages.inputs import median_and_range
from simulate.report.text.citation import note, sentence
from simulate.report.text.headline import alt_text
from simulate.report.text.inputs import in_rows, per_words
from simulate.report.text.phrases import period_shares, published_when
from simulate.report.text.strength import observed_lines
from simulate.report.text.wording import percent, share

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
REFERENCE = ROOT / "configs" / "REFERENCE.md"
GALLERY = ROOT / "configs" / "README.md"
MANUAL = (README, REFERENCE, GALLERY)
PICTURE = ROOT / "configs" / "pictures" / "kursk-isw.svg"

_SCENARIO = re.compile(r"(<!-- scenario: (\S+) -->\n).*?(<!-- end of scenario -->\n)", re.DOTALL)
_FILE = re.compile(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```\n", re.DOTALL)
_SHELL = re.compile(r"(<!-- prints: (.+) -->\n```text\n)(?:.*\n)*?(```\n)")
_CITED = re.compile(r"(<!-- cited: (\S+) -->\n).*?(<!-- end of cited -->\n)", re.DOTALL)
_ANSWERS = re.compile(r"(<!-- answers -->\n```text\n)(.*?)(```\n)", re.DOTALL)
_ITS_CITATION = re.compile(r"(<!-- its citation -->\n```text\n).*?(```\n)", re.DOTALL)
_PICTURE = re.compile(r"(<!-- picture: (\S+) -->\n)!\[[^\n]*\]\((\S+)\)\n")


@cache
def result_of(file: Path) -> simulate.Result:
    return simulate.run(simulate.load(file))


def renewed(text: str) -> str:
    """A page with all that a run prints made anew."""
    text = _PICTURE.sub(_picture, text)
    text = _SCENARIO.sub(
        lambda m: f"{m[1]}{scenario_text(ROOT / 'configs' / m[2])}{m[3]}",
        text,
    )
    return _with_files(_with_answers(text))


def _picture(match: re.Match[str]) -> str:
    alt = alt_text(result_of(ROOT / match[2]).summary).translate({91: "\\[", 93: "\\]"})
    return f"{match[1]}![{alt}]({match[3]})\n"


def picture() -> bytes:
    """The picture of the front page."""
    result = result_of(ROOT / "configs" / "kursk-isw.yaml")
    return figure_bytes(result.plot().figure, "svg", alt_text(result.summary))


# --- the gallery ---


def scenario_text(file: Path) -> str:
    """Question, answer, checks, sources and command of one scenario."""
    result = result_of(file)
    scenario = result.loaded.scenario
    return "\n".join(
        [
            f"**{scenario.title}**",
            "",
            f"*{scenario.question}*",
            "",
            "\n>\n".join(f"> {line}" for line in result.headlines()),
            "",
            *_checks(result.summary, scenario.published),
            "```bash",
            f"simulate run configs/{file.name}",
            "```",
            "",
            "| input | value | source |",
            "|---|---|---|",
            *_inputs(result),
            "",
        ]
    )


def _checks(summary: Summary, published: tuple[Any, ...]) -> Iterator[str]:
    urls = {claim.label: claim.url for claim in published}
    found = False
    for outcome in summary.outcomes:
        for check in outcome.published:
            found = True
            yield f"- {_check(check, urls, f'{share(outcome.threshold)} {outcome.lost}')}"
    for line in observed_lines(summary):
        found = True
        yield f"- Counted later: {line}"
    if found:
        yield ""


def _check(check: PublishedCheck, urls: Mapping[str, str], event: str) -> str:
    label = f"[{check.label}]({urls[check.label]})" if urls[check.label] else check.label
    when = f"Published: {label} ({published_when(check)}): {event}"
    if check.period:
        return f"{when} in {', '.join(period_shares(check.period))}"
    return f"{when} by then in {percent(check.probability_by, check.mc_error)} of simulations"


def _inputs(result: simulate.Result) -> Iterator[str]:
    """A row for each input; the months of a season share one."""
    for name, items in in_rows(result.summary.inputs):
        first = items[0]
        if (url := _url(result.loaded.resolved, first.name)) is not None:
            source = _cell(first.source) + (f" [Read]({url})" if url else "")
            values = _cell(first.distribution) + per_words(first)
            if len(items) > 1:
                values = f"constant {median_and_range(items)}"
            yield f"| `{name}` | {values} | {source} |"


def _url(tree: Any, name: str) -> str | None:
    """The address at an input, or at what holds it; None for what is not in the file."""
    url = ""
    for step in re.findall(r"[^.\[\]]+", name):
        try:
            tree = tree[int(step) if step.isdigit() else step]
        except (KeyError, TypeError):
            return None
        url = (tree.get("url") if isinstance(tree, dict) else None) or url
    return url


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# --- a page that writes files and runs commands ---


def _with_files(text: str) -> str:
    """What commands print in a folder that holds the files shown on the page."""
    files = dict(_FILE.findall(text))
    if not files:
        return text
    with tempfile.TemporaryDirectory() as folder, chdir(folder), _terminal():
        for name, content in files.items():
            Path(name).write_text(content, encoding="utf-8")

        def printed(match: re.Match[str]) -> str:
            return f"{match[1]}{_told(match[2])}{match[3]}"

        def cited(match: re.Match[str]) -> str:
            summary = simulate.run(simulate.load(match[2])).summary
            return f"{match[1]}> {sentence(summary)}\n>\n> {note(summary)}\n{match[3]}"

        return _CITED.sub(cited, _SHELL.sub(printed, text))


# --- the way from a clone to a citation ---


def answers(text: str) -> str:
    """The dialogue that a page shows, which is also a file of answers."""
    shown = _ANSWERS.search(text)
    assert shown
    return shown[2]


def dialogue(said: str) -> str:
    """The lines of `init --interactive` that hold a question and its answer."""
    lines = re.findall(r"^[a-z_.]+(?: \[[^\]\n]*\])?:.*$", said, re.MULTILINE)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _with_answers(text: str) -> str:
    if not _ANSWERS.search(text):
        return text
    typed = answers(text)
    with tempfile.TemporaryDirectory() as folder, chdir(folder), _terminal():
        found = CliRunner().invoke(cli, ["init", "--interactive", "claim.yaml"], input=typed)
        assert found.exit_code == 0, found.output
        _, answer, *_ = _told("simulate run claim.yaml").split("\n\n")
        told = f"{answer}\n"
    text = _ANSWERS.sub(lambda m: f"{m[1]}{dialogue(found.stderr)}{m[3]}", text)
    return _ITS_CITATION.sub(lambda m: f"{m[1]}{told}{m[2]}", text)


def _told(command: str) -> str:
    """What a command prints; with `| head -N` the first N lines."""
    words, _, lines = command.partition(" | head -")
    found = CliRunner().invoke(cli, words.removeprefix("simulate ").split())
    assert found.exit_code == 0, found.output
    return "".join(found.output.splitlines(keepends=True)[: int(lines) if lines else None])


def _terminal() -> Any:
    return patch.dict(os.environ, {"COLUMNS": "80"})
