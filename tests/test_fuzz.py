"""Scenarios that nobody wrote, from the vocabulary: each is answered, or refused on purpose.

A few in every run of the tests; thousands with --hypothesis-profile=search.
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulate
from simulate.analysis.inputs import describe_inputs
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import load_mapping, read
from simulate.scenario.warnings import possible_warnings
from tests.hang_guard import hang_guard
from tests.texts import run_text

Tree = Any
Steps = tuple[str | int, ...]
Values = st.SearchStrategy[Tree]

CONFIGS = sorted((Path(__file__).parents[1] / "configs").glob("*.yaml"))
SCHEMA = json_schema()
FEW = settings.default.max_examples // 4 if settings.default is not None else 25

BASE = {
    "title": "t",
    "force": {"size": 12000},
    "losses": {"count": 3800, "as_of": "2025-01-16", "start": "2024-12-06"},
    "horizon": 400,
}
NEITHER = ("title", "force", "losses", "sampling", "extends", "horizon", "wording")
"""Keys of a scenario that are not made up here."""

USUAL = {
    "count": 3800,
    "size": 12000,
    "losses": 5000,
    "share": 0.7,
    "return_share": 0.5,
    "return_days": 45,
    "intensity": 0.3,
    "trend_per_week": 0.03,
    "sd": 0.4,
    "correlation_days": 20,
    "strength_exponent": 0.7,
    "line_days": 20,
    "at_loss_share": 0.1,
    "rest_days": 10,
    "rest_intensity": 0.2,
    "days": 10,
    "probability": 0.5,
    "rank": 0.6,
}
EXTREME = [0.0, -1.0, 1e-300, 1e-17, 1e-9, 1e-3, 1 - 1e-12, 1e6, 1e12, 1e30, 1e99, 1e308]


def mostly(usual: Values, rare: Values) -> Values:
    """One of two strategies, the second in about one case of sixteen."""
    return st.integers(0, 15).flatmap(lambda k: rare if k == 15 else usual)


DAYS = st.dates(dt.date(2024, 12, 1), dt.date(2026, 3, 1)).map(str)
DATES = mostly(DAYS, st.sampled_from(["0100-01-01", "1950-01-01", "9899-12-31"]))
LEVELS = ("p0.1", "p5", "p50", "p95", "p99.9")


def numbers(name: str) -> Values:
    """A plausible value of a key, times a factor, now and then an extreme one."""
    usual = USUAL.get(name, 1.0)
    near = st.sampled_from([0.2, 0.5, 0.9, 1.0, 1.0, 1.3, 2.0]).map(lambda factor: usual * factor)
    return mostly(near, st.sampled_from(EXTREME))


@st.composite
def laws(draw: st.DrawFn, name: str, *, dates: bool = False, depth: int = 0) -> Tree:
    """A distribution about a plausible value."""
    points = DATES if dates else numbers(name)
    low, middle, high = sorted(draw(st.lists(points, min_size=3, max_size=3)))
    spread = draw(st.sampled_from([1e-9, 0.1, 1.0, 10.0, 1e6])) * (
        1.0 if dates else USUAL.get(name, 1)
    )
    weights = draw(
        st.lists(st.sampled_from([0.0, 0.3, 1.0, 1.0, 2.0, 1e-300, 1e308]), min_size=2, max_size=2)
    )
    named = draw(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2, unique=True))
    family = draw(st.sampled_from([name for name in _FAMILIES if depth < 2 or name != "mixture"]))
    parts: dict[str, Tree] = {
        "uniform": {"low": low, "high": high},
        "triangular": {"low": low, "mode": middle, "high": high},
        "pert": {"low": low, "mode": middle, "high": high},
        "beta": {
            "low": low,
            "high": high,
            "alpha": draw(st.sampled_from([0.01, 1, 40])),
            "beta": 2,
        },
        "normal": {"mean": middle, "sd": spread},
        "logistic": {"location": middle, "scale": spread},
        "lognormal": dict(zip(sorted(named, key=LEVELS.index), (low, high), strict=True)),
        "weibull": dict(zip(sorted(named, key=LEVELS.index), (low, high), strict=True)),
        "gamma": {"shape": draw(st.sampled_from([0.01, 1, 50, 1e6])), "scale": spread},
        "metalog": {"p5": low, "p50": middle, "p95": high},
        "poisson": {"mean": middle},
        "discrete": {"values": [low, high], "weights": weights},
        "histogram": {"edges": [low, middle, high], "weights": weights},
        "mixture": {
            "components": [
                draw(quantities(name, dates=dates, depth=depth + 1)) for _ in range(len(weights))
            ],
            "weights": weights,
        },
    }
    cut = draw(
        st.sampled_from([{}, {}, {}, {"min": low}, {"max": high}, {"min": low, "max": high}])
    )
    return {"distribution": family, **parts[family], **cut}


_FAMILIES = (
    *("uniform", "triangular", "pert", "beta", "normal", "logistic", "lognormal", "weibull"),
    *("gamma", "metalog", "poisson", "discrete", "histogram", "mixture"),
)


def quantities(name: str, *, dates: bool = False, depth: int = 0) -> Values:
    """A number or a date, or a law of it."""
    plain = DATES if dates else numbers(name)
    law = laws(name, dates=dates, depth=depth)
    if depth:  # a component is a law
        return st.one_of(law, plain.map(lambda value: {"distribution": "constant", "value": value}))
    return st.one_of(plain, plain, law)


def values(  # noqa: C901, PLR0911  (one return for each form of a schema)
    schema: Tree, name: str = ""
) -> Values:
    """What a part of the schema allows, and a little of what the rules behind it do not."""
    if "$ref" in schema:
        return values(SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]], name)
    if "then" in schema and "$ref" in schema["then"]:  # a quantity
        return quantities(name, dates=schema["then"]["$ref"].endswith("_date"))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema and "type" not in schema:
        return st.one_of([values(part, name) for part in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object":
        known, needed = schema["properties"], schema.get("required", ())
        strategies = {key: values(part, key) for key, part in known.items()}
        optional = {key: each for key, each in strategies.items() if key not in needed}
        for key in ("source", "url", "notes"):
            optional.pop(key, None)
        return st.fixed_dictionaries({key: strategies[key] for key in needed}, optional=optional)
    if kind == "array":
        if isinstance(schema["items"], list):
            return st.tuples(*(values(part, name) for part in schema["items"])).map(list)
        least = schema.get("minItems", 0)
        return st.lists(values(schema["items"], name), min_size=least, max_size=max(least, 2))
    if kind == "string":
        words = st.sampled_from(["a", "losses.count", "force.size", "b: c\n<x>"])
        return DATES if schema.get("format") == "date" else words
    if kind == "null":
        return st.none()
    if kind == "boolean":
        return st.booleans()
    return st.integers(1, 20) if kind == "integer" else numbers(name)


def generated() -> Values:
    """The published case with some of all that a scenario can have beside it."""
    parts = {
        key: values(part, key) for key, part in SCHEMA["properties"].items() if key not in NEITHER
    }
    force = st.fixed_dictionaries({"size": quantities("size")}, optional={"as_of": DATES})
    losses = st.fixed_dictionaries(
        {
            "count": quantities("count"),
            "as_of": quantities("as_of", dates=True),
            "start": mostly(st.just("2024-10-06"), quantities("start", dates=True)),
        }
    )
    some = st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True)
    more = some.flatmap(lambda keys: st.fixed_dictionaries({key: parts[key] for key in keys}))
    head = st.fixed_dictionaries(
        {}, optional={"force": force, "losses": losses, "horizon": st.sampled_from([1, 60, 2000])}
    )
    return st.builds(lambda first, rest: {**BASE, **first, **rest}, head, more)


def leaves(tree: Tree, at: Steps = ()) -> Iterator[Steps]:
    """The places of all plain values."""
    if isinstance(tree, dict | list):
        for key, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(part, (*at, key))
    else:
        yield at


@st.composite
def mutated(draw: st.DrawFn) -> Tree:
    """A shipped scenario of which a few numbers, dates or keys are others."""
    tree = copy.deepcopy(read(draw(st.sampled_from(CONFIGS))).document.tree)
    for _ in range(draw(st.integers(1, 4))):
        places = list(leaves(tree))
        *outer, last = draw(st.sampled_from(places))
        holder = tree
        for step in outer:
            holder = holder[step]
        value = holder[last]
        kind = draw(st.sampled_from(["scale", "scale", "extreme", "swap", "drop", "date"]))
        if kind == "drop":
            del holder[last]
        elif kind == "date":
            holder[last] = draw(DATES)
        elif kind == "swap":
            other = tree
            for step in draw(st.sampled_from(places)):
                other = other[step] if not isinstance(other, dict) or step in other else {}
            holder[last] = copy.deepcopy(other)
        elif isinstance(value, int | float):
            factor = draw(st.sampled_from([0.0, 0.1, 0.5, 2.0, 10.0, -1.0]))
            extreme = draw(st.sampled_from(EXTREME))
            holder[last] = extreme if kind == "extreme" else value * factor
    return tree


def judged(tree: Tree, *, strength: bool, draws: int = 256) -> bool:
    """Whether a scenario is answered, and in order: the rest is refused with a sentence.

    Warnings are errors in all tests, those of NumPy too.
    """
    tree.pop("sampling", None)
    try:
        loaded = load_mapping(tree)
        possible_warnings(loaded.scenario)
        describe_inputs(loaded.scenario)
        results = (
            simulate.run_each(loaded, draws=draws, workers=1)
            if loaded.scenario.losses.is_each
            else (simulate.run(loaded, draws=draws, workers=1, strength=strength),)
        )
    except (simulate.ScenarioError, simulate.FileError, simulate.LimitError):
        return False
    for result in results:
        in_order(result)
    return True


def in_order(result: simulate.Result) -> None:
    """No NaN, percentiles that rise, probabilities that sum to one, a page without a fault."""
    answer = result.to_dict()
    json.dumps(answer, allow_nan=False)
    assert run_text(result.summary)
    for outcome in (*result.summary.outcomes, *(result.update.outcomes if result.update else ())):
        days = [q.at.day for q in outcome.quantiles if q.at.missing != "too_few_draws"]
        reached = [day for day in days if day is not None]
        assert reached == sorted(reached)
        assert None not in days[: len(reached)]
        never = sum(cause.probability for cause in outcome.never)
        assert outcome.depleted_probability + never == pytest.approx(1.0, abs=1e-9)
        by = sorted((each.date, each.probability) for each in outcome.by)
        assert all(a[1] <= b[1] + 1e-12 for a, b in itertools.pairwise(by))
        for interval in outcome.intervals:
            low, high = interval.low.day, interval.high.day
            assert low is None or high is None or low <= high


@settings(max_examples=FEW, deadline=None)
@given(generated(), st.booleans())
def test_generated_scenarios(tree: Tree, strength: bool) -> None:  # noqa: FBT001
    with hang_guard():
        judged(tree, strength=strength)


@settings(max_examples=FEW, deadline=None)
@given(mutated(), st.booleans())
def test_mutated_shipped_scenarios(tree: Tree, strength: bool) -> None:  # noqa: FBT001
    with hang_guard():
        judged(tree, strength=strength)


def test_what_is_made_up_is_often_answered() -> None:
    """The negative control of the fuzzer: a vocabulary that fits nothing would find nothing."""
    assert judged(copy.deepcopy(BASE), strength=True)
    for file in CONFIGS:
        tree = copy.deepcopy(read(file).document.tree)
        if "series" not in tree.get("losses", {}):  # a mapping has no files beside it
            draws = 4096 if file.stem == "kursk-update" else 256  # enough that fit the reports
            assert judged(tree, strength=False, draws=draws)
