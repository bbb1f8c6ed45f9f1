"""What people write gets one answer in a file, in a setting and in the interview."""

from __future__ import annotations

import datetime as dt
import functools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.errors import Problem, ScenarioError
from simulate.scenario import yaml_source
from simulate.scenario.data_file import DataFolder
from simulate.scenario.interview import dialogue
from simulate.scenario.interview.document import Answers, loaded
from simulate.scenario.interview.questions import Question
from simulate.scenario.loader import LoadedScenario, Source, load_text
from simulate.scenario.notation import date_hint, is_nothing, number_hint
from tests.scenario.interviews import before
from tests.scenario.test_date_hints import PERIODS
from tests.scenario.test_hints import COUNTS, NOTHING

ANSWERS = {
    "title": "T",
    "wording": "force",
    "known": "count",
    "unit": "soldiers",
    "losses.count": "1e-9",
    "losses.start": "2000-12-06",
    "losses.as_of": "2090-01-16",
    "included": "no",
    "losses.source": "A",
    "force.size": "1e15",
    "force.source": "",
    "more": "published",
}
FILE = """\
title: T
unit: soldiers
losses:
  count: 1e-9
  as_of: 2090-01-16
  start: 2000-12-06
  source: A
force:
  size: 1e15
horizon: 2095-01-01
"""
DATA = DataFolder(Path())
TODAY = ["24 June 2025", "June 24, 2025", "05/06/2025", "20250624", "soon", "early March", *PERIODS]


def in_a_file(key: str, text: str) -> LoadedScenario:
    last = key.rpartition(".")[2]
    return load_text(re.sub(rf"(?m)^(  {last}): .*$", lambda match: f"{match[1]}: {text}", FILE))


def as_a_setting(key: str, text: str) -> LoadedScenario:
    document = yaml_source.parse(FILE, "f")
    return Source(document, DATA, "f").load(f"{key}={text}")


def in_the_interview(key: str, text: str) -> LoadedScenario:
    question, answers = asked(key)
    return loaded(dialogue.answered(answers, question, text, DATA), DATA)


@functools.cache
def asked(key: str) -> tuple[Question, Answers]:
    """The question for a key, and the answers to those before it."""
    return before(key, ANSWERS)


PLACES = {"file": in_a_file, "setting": as_a_setting, "interview": in_the_interview}


def answer(place: str, key: str, text: str) -> Problem | None:
    """What is said of a value, without its place; nothing if it is accepted."""
    try:
        PLACES[place](key, text)
    except ScenarioError as error:
        (problem,) = error.problems
        return Problem(problem.message, hint=problem.hint)
    return None


def as_typed(hint: str) -> str:
    """A hint with its ranges and rates as the interview writes them."""
    hint = re.sub(r" with per: (\w+)", r" a \1", hint)
    if not hint.endswith("the last day excluded"):  # typed, a range of days includes the last
        form = r"(?<=, high: )\d{4}-\d\d-\d\d"
        hint = re.sub(form, lambda day: str(dt.date.fromisoformat(day[0]) - dt.timedelta(1)), hint)
    hint = re.sub(r"\{distribution: uniform, low: (\S+), high: (\S+)\}", r"\1 to \2", hint)
    hint = re.sub(r"\{distribution: discrete, values: \[(\S+), (\S+)\],.*?\}", r"\1 or \2", hint)
    form = r"\{distribution: triangular, low: (\S+), mode: (\S+), high: (\S+)\}"
    return re.sub(form, r"\1, \2, \3", hint).partition("; with p5")[0]


def ways(hint: str) -> list[str]:
    """All that a hint says to write."""
    one = r"-?[\d.]+(?:-\d\d-\d\d)?"
    value = rf"(\{{.*?\}}|{one}, {one}, {one}|{one} to {one}|{one})(?![\w-])"
    return re.findall(rf"(?:write|such as|or|over [^:{{]+:) {value}", hint)


def check(key: str, text: str) -> None:
    found = {place: answer(place, key, text) for place in PLACES}
    assert found["file"] is not None
    assert found["file"] == found["setting"]
    hint = as_typed(found["file"].hint)
    if found["interview"] is None:  # a range as the interview writes it
        assert hint.removesuffix(", the last day excluded") == f"write {text}"
        del found["interview"]
    else:
        assert found["interview"] == found["file"]._replace(hint=hint)
    for place, problem in found.items():
        assert problem is not None
        for way in ways(problem.hint):
            assert answer(place, key, way) is None, (place, problem.hint, way)


@pytest.mark.parametrize("text", sorted({*COUNTS, *NOTHING["count"]} - {">600", "1.000"}))
def test_numbers(text: str) -> None:
    check("force.size", text)


@pytest.mark.parametrize("text", TODAY)
def test_dates(text: str) -> None:
    check("losses.start", text)


def test_the_answers_are_told_apart() -> None:
    """Another answer in one place is noticed."""
    with pytest.raises(AssertionError):
        check("losses.count", "2000")  # accepted
    file, typed = (answer(place, "force.size", "20-30") for place in ("file", "interview"))
    assert file is not None
    assert file != typed


def test_a_limit_that_yaml_reads_as_text() -> None:
    for place in PLACES:
        for text in (">600", ">= 600"):
            found = answer(place, "force.size", text)
            assert found is not None
            assert found.hint.startswith("write 600 for the limit itself")


def test_a_dot_for_thousands_is_read_alike() -> None:
    for load in PLACES.values():
        size = load("force.size", "12.000").scenario.force.size
        assert size is not None
        assert size.support == (12.0, 12.0)


FRAMES = [
    "about {}", "~{}", "more than {}", "{}+", "{} soldiers", "{} (killed and wounded)", "${}",
    "EUR {}", "{}k", "{} million", "up to {}", "{}-{}", "{} to {}", "{} a day", "{} per month",
    "30 % of {}", "{} or so", "{} years", "{}%",
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_numbers_in_frames(frame: str) -> None:
    texts = {
        frame.format(*(f"{n:,}".replace(",", separator) for n in (number, 2 * number)))
        for number in (7, 12055, 3800900)
        for separator in (",", " ", "'", "")
    }
    for text in sorted(texts):
        if answer("file", "force.size", text) is not None:
            check("force.size", text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["losses.source", "losses.url"])
@pytest.mark.parametrize("text", ["none", "n/a", "N/A", "unknown", "not given", "Not stated"])
def test_nothing_is_no_source(place: str, key: str, text: str) -> None:
    if place != "setting" and key == "losses.url":  # the interview takes it from the source
        found = load_text(FILE.replace("  source: A\n", f"  source: A\n  url: {text}\n"))
    else:
        found = PLACES[place](key, text)
    assert is_nothing(text)
    assert getattr(found.scenario.losses, key.rpartition(".")[2]) == ""


def test_a_source_is_kept() -> None:
    for text in ("nobody", "none of them", "A. Unknown", "not the army"):
        for load in PLACES.values():
            assert load("losses.source", text).scenario.losses.source == text


@given(st.text(max_size=70))
@settings(deadline=None)
def test_any_text_has_some_answer(text: str) -> None:
    for kind in ("count", "rate", "days", "share", "level", "factor", "growth", "number"):
        for ranges in (True, False):
            assert "None" not in number_hint(text, kind, ranges=ranges)
    assert date_hint(text, ranges=True)
