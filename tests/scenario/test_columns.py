"""Columns as spreadsheets write them: one rule for a whole column."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from simulate.errors import ScenarioError
from simulate.scenario.columns import Cell, dates, numbers
from simulate.scenario.loader import load
from simulate.scenario.values import Day
from tests.scenario.series_case import Load, load_series


def cells(*texts: str) -> list[Cell]:
    return [Cell(text, f"a.csv line {k}") for k, text in enumerate(texts, start=2)]


def read(*texts: str, delimiter: str = ";", has_commas: bool = False) -> list[float]:
    return numbers(cells(*texts), "n", "count", delimiter, has_commas=has_commas)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("975,0", "1.037,0"), [975.0, 1037.0]),
        (("975.0", "1,037.0"), [975.0, 1037.0]),
        (("5,5", "1.012"), [5.5, 1012.0]),
        (("5.5", "1,012"), [5.5, 1012.0]),
        (("998", "1.037.000"), [998.0, 1037000.0]),
        (("998", "1 037", "1\u202f040", "1'050"), [998.0, 1037.0, 1040.0, 1050.0]),
        (("-1 037,5", "+2"), [-1037.5, 2.0]),
        (("\u22121,037.5", "\u22122"), [-1037.5, -2.0]),
        (("0.125", "12.000"), [0.125, 12.0]),
        (("3800.5", "900,0"), [3800.5, 900.0]),
        (("1e3", ".5", "7."), [1000.0, 0.5, 7.0]),
        (("12.000", "13.500"), [12.0, 13.5]),
        (("12,000", "13,500"), [12.0, 13.5]),
        (("0", "12.000"), [0.0, 12.0]),
    ],
)
def test_numbers(texts: tuple[str, ...], expected: list[float]) -> None:
    assert read(*texts) == expected


def test_a_comma_between_commas_separates_thousands() -> None:
    assert read("975", "1,037", delimiter=",") == [975.0, 1037.0]
    assert read("1,037", "2,012", delimiter=",") == [1037.0, 2012.0]
    assert read("1,5", "2,0", delimiter=",") == [1.5, 2.0]


@pytest.mark.parametrize(
    ("texts", "delimiter", "has_commas", "wrong"),
    [
        (("975", "1.037"), ";", False, "line 3: 1.037"),
        (("975", "1.037"), ",", False, "line 3: 1.037"),
        (("1.037", "975"), ",", False, "line 2: 1.037"),
        (("975", "1,037"), ";", False, "line 3: 1,037"),
        (("975", "1,037"), "\t", False, "line 3: 1,037"),
        (("12.500",), ";", True, "line 2: 12.500"),
        (("12.500", "13,500"), ";", False, "line 2: 12.500"),
        (("12.500", "13,500"), ",", False, "line 2: 12.500"),
        (("3800.5", "900,0", "1.250"), ";", False, "line 4: 1.250"),
    ],
)
def test_numbers_with_two_meanings(
    texts: tuple[str, ...], delimiter: str, *, has_commas: bool, wrong: str
) -> None:
    with pytest.raises(PydanticCustomError, match=f"a.csv {wrong} can be read in two ways"):
        read(*texts, delimiter=delimiter, has_commas=has_commas)


def test_the_hint_is_obeyed() -> None:
    """Each way out that the refusal names gives the number that it says."""
    for texts in (("975", "1.037"), ("975", "1,037")):
        with pytest.raises(PydanticCustomError) as caught:
            read(*texts)
        assert caught.value.context is not None
        hint = caught.value.context["hint"]
        thousands, decimal = hint.removeprefix("write ").split(", or ")
        assert read("975", thousands) == [975.0, 1037.0]
        assert read("975", decimal.partition(" ")[0]) == [975.0, 1.037]


@pytest.mark.parametrize("text", ["many", "1,2,3", "12 34", "1.2.3", "1,00,000", "--5", "", "."])
def test_no_number(text: str) -> None:
    with pytest.raises(PydanticCustomError, match=r"a\.csv line 3: n must be a number"):
        read("5", text)


FIRST, SECOND = dt.date(2025, 9, 1), dt.date(2025, 9, 13)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2025-09-01", "2025-09-13"),
        ("01.09.2025", "13.9.2025"),
        ("09/01/2025", "9/13/2025"),
        ("01/09/2025", "13/09/2025"),
        ("01-09-2025", "13-09-2025"),
        ("2025/09/01", "2025/9/13"),
        ("20250901", "20250913"),
        ("1 September 2025", "13 Sep 2025"),
        ("2025-09-01 00:00:00", "2025-09-13T00:00"),
        ("09/01/2025 0:00", "9/13/2025 00:00"),
        ("2025-09-01T00:00:00Z", "2025-09-13 00:00:00+00:00"),
        ("2025-09-01", "13.09.2025"),
    ],
)
def test_dates(first: str, second: str) -> None:
    assert dates(cells(first, second)) == [FIRST, SECOND]


def test_a_day_with_the_number_of_its_month_needs_no_order() -> None:
    assert dates(cells("01/01/2025", "02/02/2025")) == [dt.date(2025, 1, 1), dt.date(2025, 2, 2)]


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (("01/09/2025", "08/09/2025"), "line 2: date 01/09/2025 can be 2025-09-01 or 2025-01-09"),
        (
            ("13/09/2025", "09/13/2025"),
            "13/09/2025 begins with the day, but 09/13/2025 in a.csv line 3 with",
        ),
        (("13/13/2025",), 'line 2: date must be a date .found the text "13/13/2025"'),
        (("2025-09-01 06:30",), "line 2: date must be a date"),
        (("2025-09-01T00:00:00+02:00",), "line 2: date must be a date"),
        (("30.02.2025",), "line 2: date must be a date"),
        (("1.9.25",), "line 2: date must be a date"),
        (("September 2025",), "line 2: date must be a date"),
    ],
)
def test_no_date_or_two(texts: tuple[str, ...], wrong: str) -> None:
    with pytest.raises(PydanticCustomError, match=wrong):
        dates(cells(*texts))


@pytest.mark.parametrize("text", ["Total", "grand total", "Sum:", "Gesamt", "Summe", "Всего"])
def test_a_row_of_totals(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="line 3: date must be a date") as caught:
        dates(cells("2025-09-01", text))
    assert (caught.value.context or {})["hint"] == "leave out the row of totals"
    with pytest.raises(PydanticCustomError) as caught:
        dates(cells("2025-09-01", "totally"))
    assert (caught.value.context or {})["hint"] == "use YYYY-MM-DD"


# --- in a scenario ---


@pytest.fixture
def series(tmp_path: Path) -> Load:
    return partial(load_series, tmp_path)


@pytest.mark.parametrize(
    "table",
    [
        "Datum;n\n01.09.2025;0,0\n08.09.2025;975,0\n13.10.2025;1.037,0\n",
        "sep=;\nDatum;n\n01.09.2025;0\n08.09.2025;975\n13.10.2025;1 037\n",
        'date,n\n09/01/2025,0\n09/08/2025,975\n10/13/2025,"1,037"\n',
        "date,n\n2025-09-01 00:00:00,0\n2025-09-08 00:00:00,975\n2025-10-13 00:00:00,1037\n",
        "date,n\n2025-09-01,0\n2025-09-08,975\n2025-09-15,n/a\n2025-10-13,1037\n",
        "date,n\n2025-10-13,1037\n2025-09-08,975\n2025-09-01,0\n",
    ],
)
def test_one_digest_for_all_forms(series: Load, table: str) -> None:
    """What was read decides, not how it was written."""
    plain = "date,n\n2025-09-01,0\n2025-09-08,975\n2025-10-13,1037\n"
    keys = "{file: losses.csv, window: 42}"
    assert series(keys, table).digest == series(keys, plain).digest


def test_a_column_of_dates_in_a_distribution(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("day;n\n13.09.2025;1\n01.10.2025;2\n", encoding="utf-8")
    start = "{distribution: empirical, file: days.csv, column: day}"
    text = f"title: T\nforce: {{size: 99}}\nlosses: {{count: 9, as_of: 2026-01-01, start: {start}}}"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    law = load(tmp_path / "case.yaml").scenario.losses.start
    assert law is not None
    assert [str(Day(value)) for value in law.support] == ["2025-09-13", "2025-10-01"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("date\tn\n".encode("utf-16"), "losses.csv is UTF-16"),
        ("date,größe\n".encode("cp1252"), "losses.csv is not UTF-8: byte 7 is 0xf6"),
        (b"PK\x03\x04\x14\x00", "losses.csv is a spreadsheet, not a CSV file"),
    ],
)
def test_other_files_of_a_spreadsheet(series: Load, tmp_path: Path, data: bytes, said: str) -> None:
    series("{file: losses.csv, window: 9}", "date,n\n2025-09-01,0\n2025-10-01,9\n")
    (tmp_path / "losses.csv").write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "case.yaml")
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.hint == 'save it as "CSV UTF-8"'


def test_a_number_beyond_all_bounds_has_its_line() -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read("12", "9" * 400)
    assert (caught.value.context or {})["text"].startswith("a.csv line 3: n is too large")


@pytest.mark.parametrize("text", ["1-Jan-25", "1 January 25"])
def test_a_year_of_two_digits_is_not_missing(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        dates(cells("2025-01-02", text))
    assert (caught.value.context or {})["hint"].endswith("a year has four digits")
