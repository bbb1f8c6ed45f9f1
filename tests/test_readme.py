"""README and reference show what the program does. `python -m tests.test_readme` renews them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

import simulate
from simulate.cli import cli
from simulate.report.render.terminal import render
from simulate.report.text.headline import headline
from simulate.scenario.distributions import FAMILIES
from simulate.scenario.model import Scenario
from tests import pages
from tests.texts import backtest_text, run_text, sensitivity_text, sweep_text

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent
CITED = 6  # commands of a citation that are shown
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))

_OUTPUT = re.compile(r"(<!-- output: run (\S+) -->\n```text\n).*?(```\n)", re.DOTALL)
_STRENGTH = re.compile(r"(<!-- strength: run (\S+) -->\n```text\n).*?(```\n)", re.DOTALL)
_COMPARE = re.compile(r"(<!-- compare: (.+) -->\n```text\n)(?:.*\n)*?(```\n)")
_SWEEP = re.compile(r"(<!-- sweep: (.+) -->\n```text\n)(?:.*\n)*?(```\n)")
_SENSITIVITY = re.compile(r"(<!-- sensitivity: (\S+) -->\n```text\n).*?(```\n)", re.DOTALL)
_CITE = re.compile(r"(<!-- cite: (\S+) -->\n```latex\n).*?(```\n)", re.DOTALL)
_BACKTEST = re.compile(r"(<!-- backtest: (\S+) -->\n```text\n).*?(```\n)", re.DOTALL)
_HEADLINE = re.compile(r"(<!-- headline: (\S+) (.+) -->\n).*\n")
_TABLE = re.compile(r"(<!-- scenarios -->\n).*?(<!-- end of scenarios -->\n)", re.DOTALL)


def manual() -> str:
    """README and reference."""
    return pages.README.read_text(encoding="utf-8") + pages.REFERENCE.read_text(encoding="utf-8")


def renewed(text: str) -> str:
    """A page with all that runs print made again."""

    def output(match: re.Match[str]) -> str:
        result = pages.result_of(ROOT / match[2])
        return f"{match[1]}{run_text(result.summary, 80)}{match[3]}"

    def strength(match: re.Match[str]) -> str:
        printed = run_text(simulate.run(simulate.load(ROOT / match[2]), strength=True).summary, 80)
        section = re.search(
            r"^.* present and .* at the end of each date\n(.+\n)+", printed, re.MULTILINE
        )
        assert section
        return f"{match[1]}{section[0]}{match[3]}"

    def compare(match: re.Match[str]) -> str:
        result = simulate.compare([ROOT / file for file in match[2].split()])
        return f"{match[1]}{render(result.page(), 80)}{match[3]}"

    def sweep(match: re.Match[str]) -> str:
        file, *settings = match[2].split()
        result = simulate.sweep(ROOT / file, settings)
        return f"{match[1]}{uncited(sweep_text(result.sweep))}{match[3]}"

    def sensitivity(match: re.Match[str]) -> str:
        page = sensitivity_text(simulate.sensitivity(simulate.load(ROOT / match[2])).report)
        shown = page.partition("\n\nWhere each comes from\n")[0]
        return f"{match[1]}{shown}\n{match[3]}"

    def cite(match: re.Match[str]) -> str:
        result = simulate.run(simulate.load(ROOT / match[2]))
        commands = result.cite("latex", prose=True).splitlines(keepends=True)
        shown = [line for line in commands if not line.startswith("%")][:CITED]
        return f"{match[1]}{''.join(shown)}{match[3]}"

    def table(match: re.Match[str]) -> str:
        rows = ["| file | title | answer |", "|---|---|---|"]
        for file in CONFIGS:
            result = pages.result_of(file)
            title = result.loaded.scenario.title
            answer = ". ".join(result.headlines())
            rows.append(f"| `configs/{file.name}` | {title} | {answer} |")
        return match[1] + "\n".join(rows) + "\n" + match[2]

    text = _CITE.sub(cite, _SENSITIVITY.sub(sensitivity, pages.renewed(text)))
    text = _SWEEP.sub(sweep, _COMPARE.sub(compare, text))
    text = _HEADLINE.sub(_answer, _BACKTEST.sub(_backtest, text))
    return _TABLE.sub(table, _STRENGTH.sub(strength, _OUTPUT.sub(output, text)))


def _backtest(match: re.Match[str]) -> str:
    result = simulate.backtest(ROOT / match[2], days=[90])
    shown = backtest_text(result.backtest).partition("\nWhat the words mean\n")[0]
    return f"{match[1]}{shown}{match[3]}"


def _answer(match: re.Match[str]) -> str:
    result = simulate.run(simulate.load(ROOT / match[2], match[3]))
    return f"{match[1]}> {headline(result.summary)}\n"


def uncited(printed: str) -> str:
    """A page without what stands at its end, the sentence to cite."""
    return printed.partition("\nTo cite\n")[0]


def test_what_runs_print_is_shown() -> None:
    text = manual()
    assert _OUTPUT.search(text)
    assert _STRENGTH.search(text)
    assert _COMPARE.search(text)
    assert _SWEEP.search(text)
    assert _SENSITIVITY.search(text)
    assert _CITE.search(text)
    assert _BACKTEST.search(text)
    assert _HEADLINE.search(text)
    assert _TABLE.search(text)
    assert renewed(text) == text


def test_the_front_page_is_short() -> None:
    assert len(pages.README.read_text(encoding="utf-8").splitlines()) <= 350


def test_the_scenarios_shown_are_valid(tmp_path: Path) -> None:
    days = [dt.date(2024, 11, 1) + dt.timedelta(days=i) for i in range(200)]
    rows = "\n".join(f"{day},{9000 + 7 * i}" for i, day in enumerate(days))
    (tmp_path / "losses.csv").write_text(f"date,tank\n{rows}\n", encoding="utf-8")
    for name, uncertain in (("scenario", 4), ("claims", 1), ("flows", 1), ("series", 0)):
        pattern = rf"<!-- {name} -->\n```yaml\n(.*?)```"
        block = re.search(pattern, manual(), re.DOTALL)
        assert block
        file = tmp_path / f"{name}.yaml"
        file.write_text(block[1], encoding="utf-8")
        assert len(simulate.load(file).scenario.uncertain) == uncertain


def test_the_python_shown_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", pages.README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102  (our own README)
    assert isinstance(names["result"], simulate.Result)


def test_every_key_and_family_is_named() -> None:
    text = pages.REFERENCE.read_text(encoding="utf-8")
    for name in [*FAMILIES, *Scenario.model_fields]:
        if name not in ("constant", "counting", "default_horizon", "force", "losses"):
            assert f"`{name}`" in text, name


def test_commands_and_options_are_named() -> None:
    """Each option by one of its spellings, as a word of its own within code."""
    text = manual()
    code = " ".join(re.findall(r"`[^`\n]+`|```bash\n.*?```", text, re.DOTALL))
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", code))
    for name in cli.list_commands(click.Context(cli)):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert f"| `simulate {name}" in text
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "debug":
                assert named & {*option.opts, *option.secondary_opts}, (name, option.opts)


def test_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {simulate.__version__}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{simulate.__version__}]" in changes
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "simulate/_version.py"


if __name__ == "__main__":
    for page in pages.MANUAL:
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
    pages.PICTURE.write_bytes(pages.picture())
