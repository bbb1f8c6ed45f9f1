"""Columns of CSV files: what is read, and what is refused rather than dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulate.errors import ScenarioError
from simulate.scenario.distributions.data import Empirical
from simulate.scenario.loader import LoadedScenario, load
from simulate.scenario.warnings import possible_warnings


def loaded(folder: Path, table: str, column: str = "n") -> LoadedScenario:
    (folder / "data.csv").write_text(table, encoding="utf-8")
    (folder / "case.yaml").write_text(
        "title: T\nforce: {size: 1e5}\nlosses:\n  as_of: 2025-01-16\n  start: 2024-12-06\n"
        f"  count: {{distribution: empirical, file: data.csv, column: {column}}}\n",
        encoding="utf-8",
    )
    return load(folder / "case.yaml")


def values(folder: Path, table: str, column: str = "n") -> tuple[float, ...]:
    law = loaded(folder, table, column).scenario.losses.count
    assert isinstance(law, Empirical)
    return law.values


def refused(folder: Path, table: str, column: str = "n") -> str:
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, table, column)
    return str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        "n\n3800.5\n900\n",
        "\ufeffday,n\n2025-01-01,3800.5\n2025-01-02,900\n",
        "n,note\r\n3800.5,\r\n900,few\r\n",
        "n;day\n3800,5;2025-01-01\n900;2025-01-02\n",
        "n;day\n3800.5;2025-01-01\n+900,0;2025-01-02\n",
        "day\tn\n2025-01-01\t3800.5\n2025-01-02\t900\n",
        "n,note,,\n3800.5,a,,\n\n,,,\n900,b,,\n",  # a spreadsheet pads rows with empty cells
        'n,"a; b; c"\n3800.5,1\n900,"x;\ny"\n',
        "n\n\n3800.5\n900\n\n",
    ],
)
def test_forms_of_a_table(table: str, tmp_path: Path) -> None:
    assert values(tmp_path, table) == (3800.5, 900.0)


def test_a_separator_at_the_end_of_every_line(tmp_path: Path) -> None:
    assert values(tmp_path, "day;n;\n2025-01-01;3800;\n;;\n") == (3800.0,)


@pytest.mark.parametrize("table", ["day,n,\n2025-01-01,63,5\n", "n,,\n900,,\n63,5,\n"])
def test_a_decimal_comma_beside_a_column_without_a_name(table: str, tmp_path: Path) -> None:
    """Read as 63, the number would lose its digit without a word."""
    message = refused(tmp_path, table)
    line = table.count("\n")
    assert f"data.csv line {line}: 63,5 can be one number, or one and another" in message
    assert "hint: put semicolons between the columns, or name the last one" in message


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_of_twelve_months(mark: str, tmp_path: Path) -> None:
    ends = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    rows = [f"2025-{m:02}-{day};{100 * m},5" for m, day in enumerate(ends, start=1)]
    table = "\r\n".join([f"{mark}month end;n", *rows, ""])
    assert values(tmp_path, table) == tuple(100 * m + 0.5 for m in range(1, 13))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("n\n900\n3,800\n", "data.csv line 3 has 2 cells, the header 1 cell\n"),
        ("n\n900\n3,800\n", "hint: write 3800, without"),
        ("n\n3800,5\n", "hint: write 3800.5"),
        ("day,n\n2025-01-01,3,800\n", "line 2 has 3 cells, the header 2 cells\n"),
        ("day,n\n2025-01-01,3,800\n", "hint: quote a cell that holds"),
        ("day\tn\n2025-01-01\t3800,5\n", 'found the text "3800,5")'),
        ("n,day\n3800\n", "line 2 has 1 cell, the header 2 cells"),
        ("n,b\n1,2\n63,5,\n", "data.csv line 3 has 3 cells, the header 2 cells\n"),
        ("n,b\n63,5,\n", "a decimal comma need semicolons between the columns"),
        ("n;b\n63;5;\n", 'hint: end the row without ";", or the header with one'),
        ('n,day\n"3,800",2025-01-01\n', "hint: write 3800, without"),
        ("day;n\n2025-01-01;1.234,5\n", "hint: write 1234.5"),
        ('note,n\n"two\nlines",1\nthree,many\n', "line 4: n must be a number or a date"),
    ],
)
def test_what_is_refused(table: str, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, table)


def test_a_column_named_by_a_number(tmp_path: Path) -> None:
    table = "2023,2024\n1,3800\n2,900\n"
    assert "losses.count: column must be text (found 2024)" in refused(tmp_path, table, "2024")
    assert values(tmp_path, table, '"2024"') == (3800.0, 900.0)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("n\n12.000\n11.500\n", ("losses.count: 2 numbers such as 12.000 are read as 12",)),
        ("day;n\n2025-01-01;3,800\n", ("losses.count: a number such as 3.800 is read as 3.8",)),
        ("n\n0.125\n12.5\n1234.000\n12000\n", ()),
    ],
)
def test_three_decimals_in_a_count(table: str, told: tuple[str, ...], tmp_path: Path) -> None:
    found = possible_warnings(loaded(tmp_path, table).scenario)
    assert tuple(text.partition(";")[0] for text in found) == told
