"""YAML to plain values with places, and what is not let in."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.scanner import Scanner

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario.yaml_source import parse, resolve


def problem(text: str) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f.yaml")
    (found,) = caught.value.problems
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-3", -3),
        ("+5", 5),
        ("1_000", 1000),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("5.", 5.0),
        (".5", 0.5),
        ("1_000.5", 1000.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        (".inf", float("inf")),
        ("-.inf", float("-inf")),
    ],
)
def test_plain_scalars_that_are_values(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("no", "yes", "on", "off", "tRUE", "nan", "inf"),
        *("0755", "0o17", "0x10", "1,000", "12:30", "1e", "1__0", "_1", "1_", "1 000", "１"),
        *("2024-12-06", "20.1.2", "9" * 400, "1." + "0" * 400),
    ],
)
def test_plain_scalars_that_stay_text(text: str) -> None:
    assert resolve(text) == text
    assert isinstance(resolve(text), str)


@given(st.floats(allow_nan=False) | st.integers(-(10**300), 10**300))
def test_numbers_as_python_writes_them(value: float) -> None:
    if abs(value) != float("inf"):
        assert resolve(repr(value)) == value


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
@settings(max_examples=50, deadline=None)
def test_reads_what_another_reader_reads(tree: Any) -> None:
    """Against the parser's own construction, dates and the like aside."""
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(tree, stream)
    again = YAML(typ="safe", pure=True).load(stream.getvalue())

    def same(a: Any, b: Any) -> bool:
        if isinstance(b, dt.date | dt.datetime):
            return isinstance(a, str)
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
        if isinstance(a, list):
            return len(a) == len(b) and all(map(same, a, b))
        return bool(a == b)

    assert same(parse(stream.getvalue(), "f").tree, again)


def test_quoted_scalars_are_text() -> None:
    text = "a: '1'\nb: \"no\"\nc: |\n  1\nd: ''\n"
    assert parse(text, "f").tree == {"a": "1", "b": "no", "c": "1\n", "d": ""}


def test_places_of_keys_and_values() -> None:
    document = parse("# c\nforce:\n  size: {low: 1, high:   2}\nby: [2025-01-01,\n  3]\n", "f.yaml")

    def at(places: Any, *path: object) -> tuple[int, int]:
        place = places[path]
        assert place.file == "f.yaml"
        return place.line, place.column

    assert at(document.keys, "force") == (2, 1)
    assert at(document.values, "force") == (3, 3)
    assert at(document.keys, "force", "size") == (3, 3)
    assert at(document.values, "force", "size") == (3, 9)
    assert at(document.keys, "force", "size", "high") == (3, 18)
    assert at(document.values, "force", "size", "high") == (3, 26)
    assert at(document.values, "by", 0) == (4, 6)
    assert at(document.values, "by", 1) == (5, 3)
    assert document.values["by", 1].excerpt == "  3]"
    assert document.values[()].line == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: &x 1\n", 1, 4, "anchors such as &x are not allowed"),
        ("a: &x [*x]\n", 1, 4, "anchors such as &x"),
        ("a: 1\nb: *x\n", 2, 4, "aliases such as *x are not allowed"),
        ("a: !!python/object/apply:os.system [true]\n", 1, 4, "tags such as"),
        ("a: !!str 1\n", 1, 4, "tags such as"),
        ("a: !x 1\n", 1, 4, "tags such as !x"),
        ("a: {<<: {b: 1}}\n", 1, 5, "merge keys << are not allowed; see extends"),
        ("a: 1\n---\nb: 1\n", 2, 1, "a scenario is one document"),
        ("a: 1\n...\n---\nb: 1\n", 3, 1, "a scenario is one document"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, 'the key "a" is duplicated, first in line 1'),
        ("x:\n  a: 1\n  'a': 3\n", 3, 3, 'the key "a" is duplicated, first in line 2'),
        ("? [a]\n: 1\n", 1, 3, "a key must be a plain word"),
        ("? {a: 1}\n: 1\n", 1, 3, "a key must be a plain word"),
        ("a:\n\tb: 1\n", 2, 1, "a tab where only spaces are allowed"),
        ("a: b: c\n", 1, 5, "a second colon on this line makes it unreadable"),
        ('a: 1\nb: "\x01"\n', 2, 5, "the character U+0001 is not allowed"),
        ('a: 1\nb: "\\ud800"\n', 2, 4, "half of a surrogate pair is not a character"),
    ],
)
def test_what_a_scenario_must_not_hold(text: str, line: int, column: int, words: str) -> None:
    found = problem(text)
    assert (found.file, found.line, found.column) == ("f.yaml", line, column)
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: [1, 2\n", "a bracket is not closed"),
        ("a: [\n", "close each [ with ]"),
        ("a: {b: [1,\n", "close each [ with ]"),
        ("a: {b: 2\n", "a bracket is not closed"),
        ('a: "b\n', "a quotation mark is not closed"),
        ("a: 1\n  b: 2\n", 'put text that holds ": " in quotes'),
        ("a:\n    b: 1\n  c: 2\n", "check the indentation"),
        ("a: 1\nword\n", "write key: value, one on each line"),
    ],
)
def test_hints_for_what_cannot_be_read(text: str, hint: str) -> None:
    assert hint in problem(text).hint


def test_what_resembles_the_forbidden_is_let_in() -> None:
    tree = parse('a: "&x"\nb: x*y\nc: "<<"\nd: a!b\n"<<": 1\n', "f").tree
    assert tree == {"a": "&x", "b": "x*y", "c": "<<", "d": "a!b", "<<": 1}


def lines(n: int) -> str:
    return "".join(f"k{i}: 1\n" for i in range(n))


def test_limits_are_where_they_are_said_to_be() -> None:
    parse("a: " + "[" * 31 + "]" * 31, "f")
    with pytest.raises(LimitError, match="f:1:35: more than 32 levels"):
        parse("a: " + "[" * 32 + "]" * 32, "f")
    parse("[" + "1," * 19_999 + "]", "f")
    with pytest.raises(LimitError, match="more than 50,000 values"):
        parse("[" + "1," * 50_000 + "]", "f")


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{b}: &{b}\n  <<: [{', '.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


REFUSED_EARLY = {
    "aliases": BOMB,
    "merges": MERGE_BOMB,
    "itself": "a: &a [*a]\n",
    "tag": "a: !!python/object/apply:os.system ['exit']\n",
    "second document": lines(3) + "---\n" + lines(20_000),
    "lists": "[" * 100_000,
    "mappings": "{a: " * 100_000,
    "dashes": "- " * 100_000,
}


@pytest.mark.parametrize("text", REFUSED_EARLY.values(), ids=REFUSED_EARLY)
def test_refuses_after_few_tokens_and_without_memory(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, fetched = Scanner.fetch_more_tokens, 0

    def counted(scanner: Scanner) -> Any:
        nonlocal fetched
        fetched += 1
        return fetch(scanner)

    monkeypatch.setattr(Scanner, "fetch_more_tokens", counted)
    tracemalloc.start()
    with pytest.raises((ScenarioError, LimitError)):
        parse(text, "f")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 < fetched < 1500  # the scanner looks 1,024 characters ahead for the end of a key
    assert peak < 100e6


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_separator_within_a_text_shifts_no_excerpt(sign: str, end: str) -> None:
    """YAML 1.2 ends lines at line feeds and carriage returns alone."""
    text = end.join([f'a: "b{sign}c"', "d: *e", ""])
    with pytest.raises(ScenarioError) as caught:
        parse(text, "f")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.excerpt) == (2, 4, "d: *e")


def test_a_character_that_is_not_allowed_behind_a_separator() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse('a: "b\u2028c"\nd: \x07\n', "f")
    assert caught.value.problems[0][1:4] == ("f", 2, 4)
