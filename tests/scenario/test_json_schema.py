"""The schema for editors agrees with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simulate.scenario.distributions import FAMILIES
from simulate.scenario.json_schema import json_schema
from simulate.scenario.yaml_source import parse
from tests.scenario.files import BASE
from tests.scenario.laws import CASES
from tests.scenario.test_loader import CONFIGS, STARTER

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(parse(text, "f").tree)]


def test_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_all_references_lead_somewhere() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, list):
            return [name for item in part for name in references(item)]
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [name for item in part.values() for name in references(item)]
        return []

    found = {name.removeprefix("#/definitions/") for name in references(SCHEMA)}
    assert found <= set(SCHEMA["definitions"])
    assert {f"{family}_{axis}" for family in FAMILIES for axis in ("number", "date")} <= found


@pytest.mark.parametrize("path", [*CONFIGS, STARTER], ids=lambda path: path.name)
def test_accepts_what_is_shipped(path: Path) -> None:
    assert errors(path.read_text(encoding="utf-8")) == []


def test_accepts_a_file_that_extends_another() -> None:
    assert errors("extends: base.yaml\nthresholds: [0.5]\n") == []
    assert errors("thresholds: [0.5]\n") != []


@pytest.mark.parametrize("form", ["date: 2025-03", "from: 2025-03, to: 2025-04-02"])
def test_accepts_a_published_date_or_period(form: str) -> None:
    assert errors(f"{BASE}published: [{{label: A, {form}}}]\n") == []


@pytest.mark.parametrize("wording", ["stock", "{preset: fund, whole: reserve}"])
def test_accepts_words_by_their_name(wording: str) -> None:
    assert errors(f"{BASE}wording: {wording}\n") == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_accepts_every_distribution_where_it_belongs_and_only_there(case: Any) -> None:
    written = case.law.model_dump(mode="json", exclude_defaults=True)
    tree = parse(BASE, "f").tree
    numbers = {**tree, "force": {"size": written}}
    dates = {**tree, "losses": {**tree["losses"], "start": written}}
    right, wrong = (numbers, dates) if case.law.axis == "number" else (dates, numbers)
    assert list(VALIDATOR.iter_errors(right)) == []
    # Values alone cannot be told apart where there are none.
    assert list(VALIDATOR.iter_errors(wrong)) != []


COUNT = "{distribution: lognormal, p5: 3000, p95: 4000}"
BROKEN = {
    "unknown key": BASE + "thresholdz: [1]\n",
    "unknown key in a block": BASE.replace("size: 12000", "size: 12000, sizex: 1"),
    "unknown family": BASE.replace("lognormal", "lognormel"),
    "missing block": BASE.replace("force: {size: 12000, source: the ministry}\n", ""),
    "missing key": BASE.replace("  start: 2024-12-06\n", ""),
    "missing family": BASE.replace("distribution: lognormal, ", ""),
    "missing parameter": BASE.replace(", p95: 4000", ""),
    "mixed forms": BASE.replace("p95: 4000", "p95: 4000, mu: 8"),
    "text for a number": BASE.replace("12000", "no"),
    "octal": BASE.replace("12000", "0755"),
    "sexagesimal": BASE.replace("12000", "12:30"),
    "boolean": BASE.replace("12000", "true"),
    "list for a number": BASE.replace("12000", "[1]"),
    "date for a number": BASE.replace("12000", "2024-01-01"),
    "slashes": BASE.replace("2024-12-06", "30/06/2024"),
    "number for a date": BASE.replace("2024-12-06", "20240101"),
    "negative spread": BASE.replace(COUNT, "{distribution: normal, mean: 1, sd: -1}"),
    "probability": BASE.replace(COUNT, "{distribution: binomial, trials: 9, probability: 1.5}"),
    "negative weight": BASE.replace(COUNT, "{distribution: discrete, values: [1], weights: [-1]}"),
    "p0": BASE.replace("p5", "p0"),
    "p100": BASE.replace("p95", "p100"),
    "no values": BASE.replace(COUNT, "{distribution: empirical, values: []}"),
    "column missing": BASE.replace(COUNT, "{distribution: empirical, file: a.csv}"),
    "nothing in a mixture": BASE.replace(COUNT, "{distribution: mixture, components: []}"),
    "after for a number": BASE.replace("p95: 4000", "p95: 4000, after: 2024-01-01"),
    "no after for a date": BASE.replace(
        "start: 2024-12-06", "start: {distribution: gamma, shape: 1, scale: 1}"
    ),
    "threshold": BASE.replace("[0.5, 1.0]", "[0.5, 1.5]"),
    "no thresholds": BASE.replace("[0.5, 1.0]", "[]"),
    "two forms": f"{BASE}published: [{{label: A, date: 2025-03, to: 2025-04-01}}]\n",
    "half a period": f"{BASE}published: [{{label: A, from: 2025-03-01}}]\n",
    "no date": f"{BASE}published: [{{label: A}}]\n",
    "words": BASE + "wording: stocks\n",
    "level": BASE + "levels: [1]\n",
    "seed -1": BASE + "sampling: {seed: -1}\n",
    "seed 1.5": BASE + "sampling: {seed: 1.5}\n",
    "seed true": BASE + "sampling: {seed: true}\n",
    "draws 0": BASE + "sampling: {draws: 0}\n",
    "draws abc": BASE + "sampling: {draws: abc}\n",
    "method": BASE + "sampling: {method: lattize}\n",
    "horizon": BASE + "horizon: -5\n",
    "long title": BASE.replace("A claim", "x" * 2001),
    "no title": BASE.replace("A claim", "''"),
    "title a number": BASE.replace("A claim", "5"),
    "extends a list": BASE + "extends: [a.yaml]\n",
    "rank": BASE + "correlations: [{inputs: [a, b], rank: 1}]\n",
    "three inputs": BASE + "correlations: [{inputs: [a, b, c], rank: 0.5}]\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_refuses_what_structure_alone_can_refuse(text: str) -> None:
    assert text != BASE
    assert errors(BASE) == []
    assert errors(text) != []
