"""Reports as evidence in a scenario: what is read, and what cannot be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simulate.errors import ScenarioError
from simulate.scenario.evidence import evidence_of
from simulate.scenario.json_schema import json_schema
from simulate.scenario.loader import LoadedScenario, load
from simulate.scenario.overlay import parse

BASE = """\
title: a case
force: {size: 12000}
losses: {count: 3800, start: 2024-12-06, as_of: 2025-01-16}
horizon: 2026-01-01
"""


def entry(**more: Any) -> str:
    found = {"label": "R", "date": "2025-03-27", "losses": 5000, "evidence": "true", **more}
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in found.items()) + "}\n"


def read(folder: Path, *entries: str, more: str = "", update: bool = False) -> LoadedScenario:
    file = folder / "case.yaml"
    observed = "observed:\n" + "".join(entries) if entries else ""
    file.write_text(f"{BASE}{more}{observed}", encoding="utf-8")
    return load(file, update=update)


def test_defaults_and_what_is_written(tmp_path: Path) -> None:
    found = read(tmp_path, entry(qualifier="at_least"), entry(label="S", evidence="false"))
    errors = found.scenario.evidence
    assert (errors.error, errors.source_bias, errors.common_bias) == (0.05, 0.10, 0.10)
    assert [count.label for count in evidence_of(found.scenario)] == ["R"]
    assert "evidence" not in found.resolved
    assert [set(one) & {"evidence", "qualifier"} for one in found.resolved["observed"]] == [
        {"evidence", "qualifier"},
        set(),
    ]
    more = read(tmp_path, entry(), more="evidence: {source_bias: 0.2}\n")
    assert more.resolved["evidence"] == {"source_bias": 0.2}
    assert more.digest != found.digest


def test_without_evidence_nothing_changes(tmp_path: Path) -> None:
    """Neither what is written nor the digest, by which runs are known."""
    plain = read(tmp_path, entry(evidence="false"))
    again = read(tmp_path, entry().replace(", evidence: true", ""))
    assert plain.digest == again.digest
    assert not any("evidence" in item.name for item in plain.scenario.inputs)


def test_update_takes_all_counts(tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text("day,n\n2025-02-16,4400\n2025-03-16,5000\n", "utf-8")
    entries = entry(evidence="false"), "  - {file: later.csv, source: A}\n"
    assert evidence_of(read(tmp_path, *entries).scenario) == ()
    found = read(tmp_path, *entries, update=True)
    assert len(evidence_of(found.scenario)) == 3
    # They repeat the run, as settings do.
    assert found.overrides == ("observed[0].evidence=true", "observed[1].evidence=true")
    assert load(tmp_path / "case.yaml", found.overrides) == found
    one = "observed: {file: later.csv}\n"
    assert len(evidence_of(read(tmp_path, more=one, update=True).scenario)) == 2


BOUNDS = [entry(date=f"2025-02-{day}", qualifier="at_least") for day in range(11, 22)]


@pytest.mark.parametrize(
    ("entries", "line", "words", "hint"),
    [
        ([entry(date="2024-12-20")], 6, "2024-12-20 is before losses.as_of in every", "leave evi"),
        ([entry(date="2027-01-01")], 6, "2027-01-01 is after the horizon", "make the horizon"),
        ([entry(losses=0)], 6, r"observed[0].losses must be above 0", "leave evidence out"),
        (
            [entry(source="A"), entry(source="A", losses=7000)],
            7,
            "observed[1] and observed[0] contradict each other: the same source reports two",
            "raise evidence.error",
        ),
        (
            [entry(source="A", date="2025-05-01", losses=3700), entry(source="A")],
            7,
            "observed[1] and observed[0] contradict each other: the same source reports fewer",
            "keep the one",
        ),
        (
            [entry(source="A", qualifier="at_least", losses=7000), entry(source="A")],
            7,
            "observed[0] and observed[1] contradict each other",
            "",
        ),
        (BOUNDS, 6, "observed has 11 lower bounds as evidence, at most 10", "one a month"),
        ([entry(qualifier="up_to")], 6, "qualifier", ""),
    ],
)
def test_refused(tmp_path: Path, entries: list[str], line: int, words: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, *entries)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert hint in problem.hint
    assert problem.line == line
    # As counts to compare with, all but those after the horizon are allowed.
    if "horizon" not in words and "qualifier" not in words:
        read(tmp_path, *(each.replace("evidence: true", "evidence: false") for each in entries))


@pytest.mark.parametrize(
    "entries",
    [
        [entry(source="A"), entry(source="B", losses=7000)],
        [entry(), entry(losses=7000)],  # without a source nobody contradicts himself
        [entry(source="A"), entry(source="A", losses=5800)],
        [
            entry(source="A"),
            entry(source="A", date="2025-05-01", qualifier="at_least", losses=4000),
        ],
        [entry(date="2025-01-16")],
    ],
)
def test_allowed(tmp_path: Path, entries: list[str]) -> None:
    assert len(evidence_of(read(tmp_path, *entries).scenario)) == len(entries)


@pytest.mark.parametrize("more", ["error: 0", "error: -1", "source_bias: -0.1", "bias: 0.1"])
def test_errors_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(ScenarioError, match="evidence"):
        read(tmp_path, entry(), more=f"evidence: {{{more}}}\n")


def test_update_without_counts(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="lists no counts") as caught:
        read(tmp_path, update=True)
    (problem,) = caught.value.problems
    assert problem.file.endswith("case.yaml")
    assert problem.hint.endswith("leave out update")


def test_schema_knows_the_keys() -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    text = f"{BASE}evidence: {{error: 0.1}}\nobserved:\n{entry(qualifier='about')}"
    assert validator.is_valid(parse(text.encode(), "f").tree)
    for wrong in (
        ("about", "nearly"),
        ("error: 0.1", "error: 0"),
        ("evidence: true", "evidence: 1"),
    ):
        assert not validator.is_valid(parse(text.replace(*wrong).encode(), "f").tree)
