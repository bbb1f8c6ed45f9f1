"""A hint for a text, a limit or anything else in a file is obeyed: it ends the problem."""

from __future__ import annotations

import re
import typing
from typing import Any

import pytest

from simulate.errors import Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.loader import load_mapping, load_text
from simulate.scenario.model import Scenario
from simulate.scenario.names import did_you_mean
from simulate.scenario.values import Block
from tests.cli.bad_files import CHECKED
from tests.scenario import test_dynamics as dynamics
from tests.scenario import test_ledger_mistakes as ledger_mistakes
from tests.scenario import test_stock_mistakes as stock_mistakes
from tests.scenario.hints import placed, problem_with, told

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


_WAY = r"(?:write (?=\S+$|\S+[;,])|write (?=\{|\w+: \")|cut it off with (?=m\w+: ))(.+?)(?:$|[;,] )"


def test_the_hints_of_all_bad_files() -> None:
    """Obeyed, a hint of the form "write X" or "cut it off with X" ends its problem."""
    obeyed_hints = 0
    files = [row.data.decode("utf-8", "replace") for row in CHECKED.values() if row.code == 3]
    others = (dynamics.REFUSED, ledger_mistakes.REFUSED, stock_mistakes.REFUSED)
    for text in (*files, *(row[0] for rows in others for row in rows.values())):
        with pytest.raises(ScenarioError) as caught:
            load_text(text, "f.yaml")
        for problem in caught.value.problems:
            way = re.match(_WAY, problem.hint)
            if way is None:
                continue
            obeyed_hints += 1
            fixed = obeyed(text, problem, way[1])
            try:
                load_text(fixed, "f.yaml")
            except ScenarioError as error:
                again = [found.message for found in error.problems]
                assert problem.message not in again, (problem.hint, fixed)
    assert obeyed_hints >= 20


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
    ("law", "hint"),
    [
        ("{distribution: metalog, p5: -100, p50: 10000, p95: 14000}", "give it other values"),
        ("{distribution: uniform, low: -9, high: 0.5}", "give it other values"),
        ("{distribution: uniform, low: -9, high: 90000}", "cut it off with min: 1"),
        ("{distribution: normal, mean: 9000, sd: 4000}", "cut it off with min: 1"),
    ],
)
def test_cutting_off_leaves_something(law: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_mapping(placed(yaml_source.parse(law, "f").tree, "force.size"))
    problem = caught.value.problems[0]
    assert problem.hint.startswith(hint)
    if hint.startswith("cut"):
        cut = f"{law[:-1]}, min: 1}}"
        load_mapping(placed(yaml_source.parse(cut, "f").tree, "force.size"))


@pytest.mark.parametrize(
    ("value", "place", "way"),
    [(30, "thresholds[0]", "0.3"), (95, "levels[0]", "0.95"), (45, "wounded.share", "0.45")],
)
def test_a_percentage_as_a_number(value: float, place: str, way: str) -> None:
    assert told(problem_with(value, place)) == (way,)
    load_mapping(placed(float(way), place))


@pytest.mark.parametrize(("rank", "way"), [(-1, "-0.999"), (1, "0.999"), (50, "0.5")])
def test_a_rank_correlation_of_one(rank: int, way: str) -> None:
    tree = placed({"distribution": "uniform", "low": 1e20, "high": 1e30}, "force.size")
    tree["losses"]["start"] = {
        "distribution": "uniform", "low": "2024-12-06", "high": "2024-12-09",
    }  # fmt: skip
    pair: dict[str, Any] = {"inputs": ["force.size", "losses.start"], "rank": rank}
    with pytest.raises(ScenarioError) as caught:
        load_mapping({**tree, "correlations": [pair]})
    assert told(caught.value.problems[0]) == (way,)
    load_mapping({**tree, "correlations": [{**pair, "rank": float(way)}]})


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


@pytest.mark.parametrize(
    ("block", "entry", "way"),
    [
        (
            "reinforcements",
            "{date: 2025-10-15, size: 2000000000, probability: 0.3}",
            "write size: {distribution: discrete, values: [0, 2000000000], weights: [0.7, 0.3]}",
        ),
        (
            "outflows",
            "{date: 2025-10-15, size: 4, probability: even}",
            "write size: {distribution: discrete, values: [0, 4], weights: [0.5, 0.5]}",
        ),
        (
            "inflow",
            "{amount: {distribution: uniform, low: 4, high: 5}, per: day, probability: 0.9}",
            "write amount: {distribution: mixture, components: [0, {...}], weights: [0.1, 0.9]}",
        ),
    ],
)
def test_what_may_not_come_is_a_distribution(block: str, entry: str, way: str) -> None:
    body = f"losses: {{rate: 4, per: day}}\nforce: {{size: 9e9, as_of: 2025-06-18}}\n{block}:\n- "
    with pytest.raises(ScenarioError) as caught:
        load_text(f"{body}{entry}\n")
    (problem,) = (p for p in caught.value.problems if "probability" in p.message)
    assert problem.hint.startswith(way)
    key, number = re.findall(r"write (\w+): (\{.*?\]\}$|\{.*\]\}(?=, with))", problem.hint)[0]
    law = re.findall(rf"{key}: (\{{[^}}]*\}}|\S+),", entry)[0]
    fixed = re.sub(", probability: [^}]*", "", entry).replace(law, number.replace("{...}", law))
    load_text(f"title: T\n{body}{fixed}\n")


def test_a_rate_beside_counts_is_pooled_as_what_it_adds_up_to() -> None:
    claims = "[{count: 300, as_of: 2025-01-16}, {rate: 9, per: day, as_of: 2025-01-16}]"
    losses = f"losses: {{start: 2024-12-06, claims: {claims}}}"
    with pytest.raises(ScenarioError) as caught:
        load_text(f"title: T\nforce: {{size: 4000}}\n{losses}\n")
    (hint,) = (p.hint for p in caught.value.problems if p.message.endswith("claims[1].rate"))
    assert hint.endswith("to pool it, write as count what it adds up to since then, without days")


@pytest.mark.parametrize(
    ("rate", "way"),
    [
        ("rate: 49.5, per: week", "count: 49.5, days: 7"),
        ("rate: 4.9, per: day", "count: 4.9, days: 1"),
        ("rate: {distribution: uniform, low: 40, high: 55}, per: year", "count: {...}, days: 365"),
        ("rate: 4.9", "count: 4.9, days: 1"),
    ],
)
def test_a_rate_among_claims_is_a_count_of_some_days(rate: str, way: str) -> None:
    body = "title: T\nforce: {size: 4000, as_of: 2025-09-01}\nlosses: {claims: [{%s}]}\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(body % rate)
    hints = {p.message.rpartition(".")[2]: p.hint for p in caught.value.problems}
    assert hints["rate"].startswith(f"write {way}")
    assert hints.get("per", "leave it out").startswith("leave it out")
    load_text(body % f"{way}, as_of: 2025-09-01".replace("{...}", "4"))


@pytest.mark.parametrize("pairs", ["[count, size]", "[[losses.count, force.size, 0.3]]"])
def test_correlations_without_their_keys(pairs: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(
            f"title: T\nforce: {{size: 9}}\nlosses: {{rate: 1, per: day, start: 2025-01-01}}\n"
            f"correlations: {pairs}\n"
        )
    way = "write each as {inputs: [losses.count, force.size], rank: 0.3}"
    assert {problem.hint for problem in caught.value.problems} == {way}


def test_an_input_without_its_block() -> None:
    names = ["force.size", "losses.count", "observed[0].losses"]
    assert did_you_mean("count", names) == "did you mean losses.count?"
    assert did_you_mean("days", ["pauses[0].days", "pauses[1].days"]).startswith("known here")
