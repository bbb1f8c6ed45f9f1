"""What is refused of a series, each with its place and a way out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import jsonschema
import pytest
from pydantic_core import PydanticCustomError

from simulate.errors import ScenarioError
from simulate.scenario.data_file import DataFolder, read_rows
from simulate.scenario.json_schema import json_schema
from simulate.scenario.series import INSTEAD
from simulate.scenario.yaml_source import parse
from tests.scenario.series_case import SERIES, Load, load_series


@pytest.fixture
def read(tmp_path: Path) -> Load:
    return partial(load_series, tmp_path)


HEAD = "date,n\n2025-01-01,5\n"
PLAIN = "{file: losses.csv, window: 41}"
TWO = f"{HEAD}2025-03-03,9\n"
REFUSED: dict[str, tuple[str, str, str, str]] = {
    "one row": (HEAD, PLAIN, "has only one row with a count", "at least two counts"),
    "no rows": ("date,n\n", PLAIN, "has no row with a count", "name another column"),
    "counts without numbers": (f"{HEAD}2025-02-02,\n", PLAIN, "only one row", "two counts"),
    "an empty file": ("", PLAIN, "losses.csv is empty", ""),
    "an empty file, with columns": (
        "",
        "{file: losses.csv, date: day, count: n, window: 41}",
        "losses.csv is empty",
        "",
    ),
    "one column": ("date\n2025-01-01\n", PLAIN, "only one column, and count none", "are date"),
    "no header": ("2025-01-01,5\n2025-03-03,9\n", PLAIN, "no header line", "names of the columns"),
    "a date twice": (
        f"{TWO}2025-01-01,6\n",
        PLAIN,
        "two counts for 2025-01-01, in lines 2 and 4",
        "keep one of them",
    ),
    "text": (
        f"{HEAD}2025-03-03,many\n",
        PLAIN,
        "line 3: count must be a number",
        "",
    ),
    "thousands after smaller numbers": (
        f"{HEAD}2025-02-02,975\n2025-03-03,1.037\n",
        PLAIN,
        "losses.csv line 4: 1.037 can be read in two ways; does the dot separate thousands?",
        "write 1037, or 1.0370 if it is a decimal point, and all others alike",
    ),
    "a dot beside decimal commas": (
        "date;n;km\n2025-01-01;5;0,5\n2025-03-03;12.012;0,75\n",
        PLAIN,
        "losses.csv line 3: 12.012 can be read in two ways",
        "write 12012, or 12.0120",
    ),
    "a tenfold slip": (
        f"{HEAD}2025-02-02,4000\n2025-02-09,42000\n2025-03-03,4400\n",
        PLAIN,
        "losses.csv line 5: the count falls from 42,000 on 2025-02-09 (line 4) to 4,400 on 2025-03",
        "correct the row that is wrong",
    ),
    "a wide row": (f"{HEAD}2025-03-03,1,200\n", PLAIN, "line 3 has 3 cells, the header 2", "quote"),
    "a narrow row": (f"{HEAD}2025-03-03\n", PLAIN, "line 3 has 1 cell, the header 2 cells", ""),
    "day and month in either order": (
        "date,n\n01/01/2025,5\n03/04/2025,9\n",
        PLAIN,
        "losses.csv line 3: date 03/04/2025 can be 2025-04-03 or 2025-03-04, since no day",
        "write YYYY-MM-DD",
    ),
    "both orders": (
        "date,n\n31/01/2025,5\n04/30/2025,9\n03/04/2025,9\n",
        PLAIN,
        "losses.csv line 2: date 31/01/2025 begins with the day, but 04/30/2025 in losses",
        "write YYYY-MM-DD",
    ),
    "another form of date": (
        f"{HEAD}3.3.25,9\n",
        PLAIN,
        'line 3: date must be a date (found the text "3.3.25")',
        "use YYYY-MM-DD",
    ),
    "a time of day": (f"{HEAD}2025-03-03 12:00,9\n", PLAIN, "line 3: date", "write 2025-03-03"),
    "no date of the calendar": (
        f"{HEAD}2025-02-30,9\n",
        PLAIN,
        "line 3: date 2025-02-30",
        "",
    ),
    "a count without a date": (f"{HEAD},9\n", PLAIN, "line 3 has a count but no date", ""),
    "a negative total": (f"{HEAD}2025-03-03,-9\n", PLAIN, "count is below 0", "cumulative: false"),
    "nothing lost": (f"{HEAD}2025-03-03,5\n", PLAIN, "no losses from 2025-01-21 to 2025", "longer"),
    "nothing lost after a fall": (
        f"{HEAD}2025-01-19,1000\n2025-01-20,950\n2025-03-03,990\n",
        PLAIN,
        "no losses from 2025-01-21",
        "correct the row from which the count falls, or choose a longer window",
    ),
    "a long window": (
        TWO,
        "{file: losses.csv, window: 62}",
        "begins only 61 days before 2025-03-03, on 2025-01-01",
        "window can be up to 61 days",
    ),
    "window 0": (TWO, "{file: losses.csv, window: 0}", "window must be at least 1 (found 0)", ""),
    "window -5": (TWO, "{file: losses.csv, window: -5}", "must be at least 1 (found -5)", ""),
    "half a day": (TWO, "{file: losses.csv, window: 9.5}", "must be a whole number", ""),
    "no window": (TWO, "{file: losses.csv}", "losses.series.window is required", ""),
    "as_of too late": (
        TWO,
        "{file: losses.csv, window: 9, as_of: 2025-03-04}",
        "2025-03-04 is outside losses.csv, which runs from 2025-01-01 to 2025-03-03",
        "after the first and up to the last",
    ),
    "as_of the first date": (
        TWO,
        "{file: losses.csv, window: 9, as_of: 2025-01-01}",
        "2025-01-01 is outside losses.csv",
        "after the first",
    ),
    "no such count": (TWO, f"{PLAIN[:-1]}, count: tank}}", 'no column "tank"', "are date, n"),
    "no such date": (TWO, f"{PLAIN[:-1]}, date: day}}", 'no column "day"', "are date, n"),
    "no such file": (TWO, "{file: loses.csv, window: 9}", "cannot read", ""),
    "another folder": (TWO, "{file: ../losses.csv, window: 9}", "leads out of the", ""),
    "a misspelled key": (
        TWO,
        "{file: losses.csv, windw: 9}",
        "series.windw",
        "mean losses.series.window?",
    ),
    "a number as a name": (TWO, f"{PLAIN[:-1]}, count: 2}}", "count must be text", "in quotes"),
    "a bare name": (TWO, "losses.csv", "must be a mapping of keys and values", ""),
}


@pytest.mark.parametrize(("table", "series", "said", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(read: Load, table: str, series: str, said: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(series, table)
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert said in problem.message
    assert hint in problem.hint


def test_a_large_file(read: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulate.scenario.data_file.LARGEST_DATA_FILE", 50)
    with pytest.raises(ScenarioError, match=r"losses\.csv is larger than the limit"):
        read(SERIES)


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "count": "3800",
        "as_of": "2025-01-16",
        "start": "2024-12-06",
        "claims": "[{count: 1, as_of: 2025-01-16}]",
        "pooling": "linear",
        "rate": "92",
        "per": "day",
    }.items(),
)
def test_keys_beside_a_series(read: Load, name: str, value: str) -> None:
    assert name in INSTEAD
    with pytest.raises(ScenarioError) as caught:
        read(SERIES, more=f"  {name}: {value}\n")
    (problem,) = caught.value.problems
    assert problem.message == f"losses has both series and {name}"
    assert problem.hint == INSTEAD[name]
    assert problem.line == 5


def test_the_schema_knows_it() -> None:
    schema = json_schema()
    validator = jsonschema.Draft7Validator(schema)

    def is_valid(losses: str) -> bool:
        return bool(
            validator.is_valid(parse(f"title: T\nforce: {{size: 9}}\nlosses: {losses}", "f").tree)
        )

    assert is_valid(f"{{series: {SERIES}}}")
    assert is_valid("{series: {file: a.csv, window: 7, cumulative: false, source: A}}")
    assert not is_valid("{series: {file: a.csv}}")
    assert not is_valid("{series: {file: a.csv, window: 0}}")
    assert not is_valid(f"{{series: {SERIES}, start: 2024-12-06}}")
    assert not is_valid(f"{{series: {SERIES}, count: 3, as_of: 2025-01-16}}")
    assert not is_valid("{count: 3, as_of: 2025-01-16}")
    fields = schema["definitions"]["Series"]["properties"]
    assert "points" not in fields
    assert all("description" in field for field in fields.values())


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("date,n,n\n2025-01-01,1,2\n2025-01-09,3,4\n")
    keys = {"date": "date", "count": "n"}
    with pytest.raises(PydanticCustomError, match='more than one column "n"') as caught:
        read_rows("a.csv", keys, DataFolder(tmp_path))
    hint = "give each a name of its own; its columns are date, n, n"
    assert (caught.value.context or {})["hint"] == hint
