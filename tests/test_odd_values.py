"""Odd values in the place of arguments and keys: the right value, or an error that names them."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulate

CONFIGS = Path(__file__).parents[1] / "configs"
POINT, FLAGSHIP = CONFIGS / "kursk-isw-point.yaml", CONFIGS / "kursk-isw.yaml"
TREE: dict[str, Any] = {
    "title": "a case",
    "force": {"size": 12_000},
    "losses": {"count": 3800, "as_of": "2025-01-16", "start": "2024-12-06"},
    "horizon": 400,
}


class _Colour(enum.Enum):
    RED = "red"


class _Number(enum.IntEnum):
    MANY = 12_000


_IN_ITSELF: dict[str, Any] = {}
_IN_ITSELF["a"] = _IN_ITSELF
_LIST: list[Any] = []
_LIST.append(_LIST)

NUMBERS = [
    *(np.int64(12_000), np.float32(12_000), np.longdouble(12_000), np.array(12_000.0)),
    *(Decimal(12_000), Fraction(24_000, 2), _Number.MANY, 12_000.0),
]
DATES = [
    *(dt.date(2024, 12, 6), dt.datetime(2024, 12, 6), pd.Timestamp("2024-12-06")),  # noqa: DTZ001
    *(np.datetime64("2024-12-06"), np.datetime64("2024-12-06", "ns"), np.str_("2024-12-06")),
]
ODD = [
    *(None, True, np.True_, math.nan, math.inf, -1, 1j, Decimal("NaN"), 10**5000),
    *(pd.NaT, pd.NA, np.datetime64("NaT"), dt.time(3), dt.timedelta(3), np.timedelta64(3, "D")),
    *(pd.Timedelta(3, "D"), pd.Period("2025-03"), pd.Series([1.5]), pd.DataFrame({"a": [1]})),
    *(
        {9000},
        np.ma.masked,
        b"9000",
        object(),
        re,
        _Colour.RED,
        _IN_ITSELF,
        _LIST,
        "\ud800",
        "",
        " ",
    ),
]


OTHERS = "not a date|is empty|32 levels|cannot read|is a folder|unknown key"
"""Messages about a value by itself."""


def _some(value: Any, other: int = 0) -> Any:
    return other if value is None else value


def _with(*steps: str) -> Callable[[Any], object]:
    """Load the case with a value at this key."""

    def load(value: Any) -> object:
        tree = copy.deepcopy(TREE)
        block = tree
        for step in steps[:-1]:
            block = block.setdefault(step, {})
        block[steps[-1]] = value
        return simulate.load(tree)

    return load


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[Any], object]]:
    """What takes a value, by a word that its messages have."""
    result = simulate.run(FLAGSHIP, draws=1024)
    past = simulate.backtest(CONFIGS / "tanks-reference-2024.yaml", days=90)
    register = tmp_path_factory.mktemp("register") / "forecasts.jsonl"
    simulate.register(result, register)
    few: dict[str, Any] = {"draws": 1024}
    swept = {"force.size": [10_000, 12_000]}

    def run(name: str) -> Callable[[Any], object]:
        return lambda value: simulate.run(POINT, **{**few, name: _some(value, 1)})

    return {
        "size": _with("force", "size"),
        "start": _with("losses", "start"),
        "thresholds": _with("thresholds"),
        "pauses": _with("pauses"),
        "sampling": _with("sampling"),
        "force.size": lambda value: simulate.load(POINT, {"force.size": value}),
        "losses.start": lambda value: simulate.load(POINT, {"losses.start": value}),
        "scenario|settings|a scenario": lambda value: simulate.compare([POINT, value], **few),
        "draws": run("draws"),
        "seed": run("seed"),
        "method": run("method"),
        "precision": run("precision"),
        "workers": run("workers"),
        "update": lambda value: simulate.run(POINT, **few, update=_some(value, 0)),
        "strength": lambda value: simulate.run(POINT, **few, strength=_some(value, 0)),
        "executor": run("executor"),
        "progress": lambda value: simulate.run(POINT, **few, progress=_some(value, 0)),
        "threshold": lambda value: simulate.sweep(POINT, swept, threshold=_some(value, 2), **few),
        "level": result.quantile,
        "probability": result.interval,
        "date": result.probability_by,
        "kind": lambda value: result.plot(kind=value),
        "preset": lambda value: result.plot(preset=value),
        "ax": lambda value: result.plot(ax=_some(value)),
        "form": result.cite,
        "words": lambda value: result.cite(words=_some(value, 0)),
        "only": lambda value: result.cite(only=_some(value, 0)),
        "days": past.record,
        "picture|kind": past.picture,
        "window": lambda value: simulate.backtest(series="none.csv", window=_some(value, 0)),
        "happened|outcome": lambda value: simulate.score(result, happened=value),
        "forecast": lambda value: simulate.record_outcome(register, value, happened="2026-01-01"),
    }


def _of(calls: dict[str, Callable[[Any], object]]) -> Iterator[tuple[str, Any, Exception]]:
    for name, call in calls.items():
        for value in ODD:
            try:
                call(value)
            except (simulate.SimulateError, TypeError, ValueError) as error:
                yield name, value, error


def test_odd_values_are_refused_by_name(calls: dict[str, Callable[[Any], object]]) -> None:
    """By our own message, which holds the argument's name, and not one of a package below."""
    refused = 0
    for name, value, error in _of(calls):
        refused += 1
        message = str(error)
        kind = type(value)
        assert re.search(rf"{name}|{OTHERS}", message, re.IGNORECASE), (
            f"{name} of {kind}: {message}"
        )
        frames = []
        trace = error.__traceback__
        while trace is not None:
            frames.append(trace.tb_frame.f_code.co_filename)
            trace = trace.tb_next
        assert "/simulate/" in frames[-1].replace("\\", "/"), f"{name} of {kind}: {message}"
    assert refused > 0.9 * len(calls) * len(ODD)


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_numbers_of_other_kinds_are_numbers(number: Any) -> None:
    plain = simulate.load(TREE).scenario
    assert _with("force", "size")(number) == simulate.LoadedScenario(plain)
    changed = simulate.load(POINT, {"force.size": number}).scenario
    assert changed == simulate.load(POINT, {"force.size": 12_000}).scenario
    assert simulate.run(POINT, draws=number).summary.run.asked == 12_000


@pytest.mark.parametrize("date", DATES, ids=repr)
def test_dates_of_other_kinds_are_dates(date: Any) -> None:
    plain = simulate.load(TREE).scenario
    assert _with("losses", "start")(date) == simulate.LoadedScenario(plain)
    changed = simulate.load(POINT, {"losses.start": date}).scenario
    assert changed == simulate.load(POINT, {"losses.start": "2024-12-06"}).scenario
    result = simulate.run(POINT, draws=1024)
    assert result.probability_by(date) == result.probability_by("2024-12-06")
    assert simulate.score(result, not_by=date) == simulate.score(result, not_by="2024-12-06")


@pytest.mark.parametrize("number", [math.nan, -math.inf, Decimal("Infinity")], ids=repr)
def test_numbers_are_finite(number: Any) -> None:
    expected = r"force\.size must be a finite number \(found (nan|-?inf)\)"
    for load in (_with("force", "size"), lambda n: simulate.load(POINT, {"force.size": n})):
        with pytest.raises(simulate.ScenarioError, match=expected):
            load(number)


def test_a_moment_of_the_day_is_no_date_of_a_scenario() -> None:
    noon = np.datetime64("2024-12-06T12:00")
    with pytest.raises(simulate.ScenarioError, match=r"losses\.start is a moment"):
        _with("losses", "start")(noon)


def test_single_values_are_lists_of_one() -> None:
    swept = {"force.size": [10_000, 12_000]}
    one = simulate.sweep(POINT, swept, by="2025-04-15", levels=0.1, draws=1024)
    assert one == simulate.sweep(POINT, swept, by=["2025-04-15"], levels=[0.1], draws=1024)


def test_an_amount_as_threshold() -> None:
    stock = {"size": 3000, "as_of": "2026-01-22"}
    tree = {"title": "a stock", "force": stock, "losses": {"rate": 200, "per": "month"}}
    result = simulate.run({**tree, "thresholds": [1, {"left": 600}]}, draws=1024)
    assert result.quantile(0.5, {"left": 600}) == result.quantile(0.5, result.plan.thresholds[1])
    assert result.quantile(0.5, {"left": 600}) != result.quantile(0.5)
    with pytest.raises(simulate.ThresholdError, match=r"\{left: 500\} is not among"):
        result.quantile(0.5, {"left": 500})


def test_a_client_of_dask_is_no_executor() -> None:
    class Client:
        def get_executor(self) -> None: ...

    with pytest.raises(TypeError, match=r"such as client\.get_executor\(\) \(found Client\)"):
        simulate.run(POINT, draws=1024, executor=Client())  # type: ignore[arg-type]
