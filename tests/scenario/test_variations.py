"""Settings with several values: how they are split, combined and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulate.errors import LimitError, Problem, ScenarioError
from simulate.scenario.loader import LoadedScenario, load, read
from simulate.scenario.variations import Grid, split_values

BASE = """\
title: T
force: {size: 12000}
losses: {count: 3800, start: 2024-12-06, as_of: 2025-01-16}
"""

SPLIT = {
    "0,0.25, 0.5": ["0", "0.25", "0.5"],
    "2024-12-01,2024-12-06": ["2024-12-01", "2024-12-06"],
    "{distribution: uniform, low: 1, high: 2},12000": [
        "{distribution: uniform, low: 1, high: 2}",
        "12000",
    ],
    "[0.3, 1.0],[0.5]": ["[0.3, 1.0]", "[0.5]"],
    "{a: [1, {b: 2, c: 3}], d: 4},5": ["{a: [1, {b: 2, c: 3}], d: 4}", "5"],
    "'a, b',c": ["'a, b'", "c"],
    "'it''s, so',c": ["'it''s, so'", "c"],
    r'"say \", or",c': [r'"say \", or"', "c"],
    "{a: 'x}, y', b: 1},2": ["{a: 'x}, y', b: 1}", "2"],
    "soldier's,men's": ["soldier's", "men's"],
    "[1, 2": ["[1, 2"],
    "]1,2": ["]1", "2"],
    "": [""],
    "1,,2": ["1", "", "2"],
    "1,": ["1", ""],
}


RANGES = {
    "1400:1600:5": ("1400", "1450", "1500", "1550", "1600"),
    "0:0.3:4": ("0", "0.1", "0.2", "0.3"),
    "-1.5:1:2,7": ("-1.5", "1", "7"),
    "5:4:3": ("5", "4.5", "4"),
    "2024-12-01:2024-12-06:3": ("2024-12-01", "2024-12-03", "2024-12-06"),
    "12:30": ("12:30",),
    "https://example.org:80:3": ("https://example.org:80:3",),
    "a:b:3": ("a:b:3",),
}


@pytest.mark.parametrize(("listed", "values"), RANGES.items(), ids=RANGES)
def test_ranges(listed: str, values: tuple[str, ...]) -> None:
    """Dates in between are rounded to a day, halves to the even one: 1 + 2.5 days."""
    assert Grid.of([f"a={listed}"]).settings == (("a", values),)


NO_RANGES = ("1:2:1", "1:2:1000000000", "nan:5:3", "1:1e999:3", "2024-12-01:5:3", "5:2024-12-01:3")


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        *((listed, f"^{listed} is no range of 2 to 10,000 values") for listed in NO_RANGES),
        ("2024-02-30:2024-03-01:2", "no date 2024-02-30"),
    ],
)
def test_ranges_that_are_none(listed: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        Grid.of([f"a={listed}"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f.yaml"
    path.write_text(BASE, encoding="utf-8")
    return path


def digest(loaded: LoadedScenario) -> str:
    return loaded.digest


def problems(file: Path, *settings: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        Grid.of(settings).load(read(file), digest)
    return list(caught.value.problems)


@pytest.mark.parametrize("text", SPLIT)
def test_values_are_split_at_outer_commas(text: str) -> None:
    assert list(split_values(text)) == SPLIT[text]


def test_combinations_in_order_with_settings_in_their_places() -> None:
    grid = Grid.of(["a=1,2", "b=0", "c.d=x,y,z"])
    assert grid.n_cells == 6
    assert list(grid.cells())[:4] == [("1", "x"), ("1", "y"), ("1", "z"), ("2", "x")]
    assert grid.fixed == ("b=0",)
    assert grid.overrides(("2", "y")) == ("a=2", "b=0", "c.d=y")
    assert grid.words(("2", "y")) == "a=2, c.d=y"
    assert Grid.of([]).n_cells == 1
    assert list(Grid.of(["a=1"]).cells()) == [()]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["a="], "a=: its value is missing"),
        (["a=1,,2"], "a=1,,2: value 2 of 3 is missing"),
        (["a=1,"], "value 2 of 2 is missing"),
        (["a"], "a: a setting is name=value"),
        (["=1,2"], "a setting is name=value"),
        (["a=1,2", "a=3"], "a is duplicated"),
    ],
)
def test_settings_that_cannot_be_read(settings: list[str], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Grid.of(settings)
    assert words in str(caught.value)
    assert "hint:" in str(caught.value)


def test_too_many_combinations() -> None:
    hundred = ",".join(map(str, range(100)))
    assert Grid.of([f"a={hundred}", f"b={hundred}"]).n_cells == 10_000
    with pytest.raises(LimitError, match="10,100 combinations"):
        Grid.of([f"a={hundred}", f"b={hundred},100"])


def test_a_source_is_read_once_and_loads_what_a_file_does(file: Path) -> None:
    source = read(file)
    file.unlink()
    changed = source.load(["force.size=9000"])
    file.write_text(BASE, encoding="utf-8")
    assert changed.digest == load(file, ["force.size=9000"]).digest
    assert source.load().digest == load(file).digest != changed.digest


def test_a_problem_names_its_combination(file: Path) -> None:
    (found,) = problems(file, "force.size=9000,x", "horizon=2026-01-01")
    assert found.file == "force.size=x"
    assert "force.size must be a number" in found.message
    assert found.message.endswith("[with force.size=x]")


def test_a_problem_of_many_combinations_is_told_once(file: Path) -> None:
    (found,) = problems(file, "force.size=9000,x", "losses.count=1000,2000,3000")
    first = "[in 3 combinations, the first force.size=x, losses.count=1000]"
    assert found.message.endswith(first)


def test_a_problem_of_all_combinations_needs_no_list(file: Path) -> None:
    (found,) = problems(file, "unit=5", "force.size=9000,9500")
    assert "unit must be" in found.message
    assert "[" not in found.message
    (unknown,) = problems(file, "force.sizes=1,2,3")
    assert str(unknown).startswith("force.sizes=1: unknown key force.sizes\n")


def test_there_is_no_flood(file: Path) -> None:
    values = ",".join(f"x{number}" for number in range(500))
    assert len(problems(file, f"force.size={values}")) == 20


def test_what_else_is_checked_is_told_the_same_way(file: Path) -> None:
    def also(loaded: LoadedScenario) -> None:
        if loaded.scenario.force.stock[1].support[0] > 9000:
            raise ScenarioError(Problem("too large"))

    with pytest.raises(ScenarioError, match=r"too large \[with force.size=9500\]"):
        Grid.of(["force.size=9000,9500"]).load(read(file), also)
    Grid.of(["force.size=8000,9000"]).load(read(file), also)


def test_every_combination_is_loaded_in_order(file: Path) -> None:
    grid = Grid.of(["force.size=8000,9000"])
    alone = [load(file, [f"force.size={size}"]).digest for size in (8000, 9000)]
    assert grid.load(read(file), digest) == list(zip(grid.cells(), alone, strict=True))


@pytest.mark.parametrize(("letters", "shown"), [(54, "x" * 54), (55, "x" * 51 + "...")])
def test_a_long_setting_is_cut(letters: int, shown: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Grid.of(["x" * letters])
    assert caught.value.problems[0].message.startswith(f"{shown}: ")
