"""A hint for a text, or for any file of the list of bad ones, is obeyed."""

from __future__ import annotations

import re
import typing

import pytest

from simulate.errors import Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.loader import load_mapping, load_text
from simulate.scenario.model import Scenario
from simulate.scenario.values import Block
from tests.cli.bad_files import CHECKED, WALKED
from tests.scenario.hints import placed

TEXTS = [
    "@isw", '"Half" of it', "[Update] x", "{a} x", "'a' b", "*x y", "&x y", "!x y", "%x", "`x",
    "| x", "> x", "- x", "? x", ", x", "Losses: 2022", "a: b: c",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", ["block", "braces"])
def test_a_text_is_put_in_quotes(text: str, form: str) -> None:
    line = f"title: {text}\n" if form == "block" else "title: T\n"
    claim = ", source: X" if form == "block" else f", source: {text}, url: 'https://a.b'"
    days = "start: 2025-01-01, as_of: 2025-02-01"
    body = f"force: {{size: 12000}}\nlosses: {{count: 3, {days}{claim}}}\n"
    if form == "braces" and text in (", x", "a: b: c", "[Update] x", "{a} x"):
        pytest.skip("a comma or bracket ends the text, or it can be read in two ways")
    with pytest.raises(ScenarioError) as caught:
        load_text(line + body, "f.yaml")
    (problem,) = caught.value.problems
    key, value = re.fullmatch(r"write (title|source): (.+)", problem.hint).groups()  # type: ignore[union-attr]
    fixed = (line + body).replace(f"{key}: {text}", f"{key}: {value}")
    scenario = load_text(fixed, "f.yaml").scenario
    assert (scenario.title if key == "title" else scenario.losses.source) == text


def test_texts_are_known() -> None:
    found: set[str] = set()

    def walk(block: type[Block]) -> None:
        for name, field in block.model_fields.items():
            for part in (field.annotation, *typing.get_args(field.annotation)):
                for inner in (part, *typing.get_args(part)):
                    if isinstance(inner, type) and issubclass(inner, Block):
                        walk(inner)
            if field.annotation is str:
                found.add(name)

    walk(Scenario)
    assert found - {"file", "column"} <= set(yaml_source.TEXT_KEYS)


_WAY = r"(?:write (?=\S+$|\S+[;,])|write (?=\{|\w+: \")|cut it off with (?=m))(.+?)(?:$|[;,] )"
ROWS = {**CHECKED, **WALKED}


def test_the_hints_of_all_bad_files() -> None:
    """Obeyed, a hint of the form "write X" or "cut it off with X" ends its problem."""
    obeyed_hints = 0
    for text in (row.data.decode("utf-8", "replace") for row in ROWS.values() if row.code == 3):
        with pytest.raises(ScenarioError) as caught:
            load_text(text, "f.yaml")
        for problem in caught.value.problems:
            way = re.match(_WAY, problem.hint)
            if way is None or way[1] == "max":  # which maximum is for the reader to say
                continue
            obeyed_hints += 1
            fixed = obeyed(text, problem, way[1])
            try:
                load_text(fixed, "f.yaml")
            except ScenarioError as error:
                again = [found.message for found in error.problems]
                assert problem.message not in again, (problem.hint, fixed)
    assert obeyed_hints >= 8


def obeyed(text: str, problem: Problem, way: str) -> str:
    lines = text.splitlines()
    line = lines[problem.line - 1]
    start = problem.column - 1
    if problem.hint.startswith("cut"):
        end = start + line[start:].index("}")
        lines[problem.line - 1] = f"{line[:end]}, {way}{line[end:]}"
    elif re.match(r"\w+: ", way):
        key = way.split(":", maxsplit=1)[0]
        lines[problem.line - 1] = re.sub(rf"{key}: .*", lambda _: way, line)
    else:
        value = re.match(r"'[^']*'|\"[^\"]*\"|[^,}\]]+(?:,\d+)*", line[start:])
        assert value is not None
        lines[problem.line - 1] = f"{line[:start]}{way}{line[start + len(value[0]) :]}"
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https:/x.org/a", "write https://x.org/a"),
        ("www.x.org", "write https://www.x.org"),
        ("http//x.org", "write https://x.org"),
    ],
)
def test_an_address(url: str, hint: str) -> None:
    tree = placed(3800, "losses.claims[0].count")
    tree["force"]["url"] = url
    with pytest.raises(ScenarioError) as caught:
        load_mapping(tree)
    assert caught.value.problems[0].hint.startswith(hint)
    webs = ("https://x.org", "http://x.org/a?b", "doi:10.1000/182", "ftp://a.b/c")
    for good in ("", *webs, "page 3 of the report"):
        tree["force"]["url"] = good
        load_mapping(tree)
