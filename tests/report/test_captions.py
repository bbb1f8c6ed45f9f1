"""Titles of pictures state what was found, and source lines name who is credited."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import simulate
from simulate.analysis.summary import Summary
from simulate.report.text.captions import finding, source_words, sources, strength_finding
from simulate.report.text.phrases import main_outcome
from simulate.report.text.wording import between_dates
from tests.report import factory

CONFIGS = Path(__file__).parents[2] / "configs"


def title(summary: Summary) -> str:
    return finding(summary, main_outcome(summary))


def test_findings_of_shipped_scenarios() -> None:
    isw = simulate.run(CONFIGS / "kursk-isw.yaml", strength=True).summary
    found = "Whole force lost between early February and mid-April 2025 at the reported pace"
    assert title(isw) == found
    assert isw.strength is not None
    shown = strength_finding(isw, isw.strength)
    assert shown.startswith("Soldiers present: 11,600 at first, 5,7")
    point = simulate.run(CONFIGS / "kursk-isw-point.yaml").summary
    assert title(point) == "Whole force lost on 14 April 2025 at the reported pace"
    claims = simulate.run(CONFIGS / "kursk-claims.yaml", draws=1024).summary
    assert title(claims).endswith("at the pace of six reports")


def test_findings_without_a_date() -> None:
    assert title(factory.all_never()) == (
        "Whole force lost: not by 1 January 2026 in any simulation"
    )
    found = title(factory.with_never())
    assert found.startswith("Whole force lost around June 2025, if at all, ")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("2020-04-06", "2020-04-06", "on 6 April 2020"),
        ("2020-04-06", "2020-04-10", "between 6 and 10 April 2020"),
        ("2025-02-03", "2025-04-13", "between early February and mid-April 2025"),
        ("2024-12-21", "2025-01-31", "between late December 2024 and late January 2025"),
        ("2023-02-21", "2024-04-10", "between February 2023 and April 2024"),
        ("2031-09-30", "2038-11-25", "between 2031 and 2038"),
    ],
)
def test_dates_are_as_exact_as_they_are_close(low: str, high: str, words: str) -> None:
    first, last = map(dt.date.fromisoformat, (low, high))
    assert between_dates(first, last) == words


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("HUR, 6 January 2025", "Source: HUR"),
        ("Low: HUR, 6 January. High: judgement.", "Source: HUR"),
        (
            "Low: HUR, 6 January. High: NIS (South Korea), 13 January.",
            "Sources: HUR; NIS (South Korea)",
        ),
        (
            "p5: IISS, 2,900. p95: General Staff of Ukraine, claims.",
            "Sources: IISS; General Staff of Ukraine",
        ),
        ("Judgement: the spread.", "Source: Judgement: the spread."),
        ("", "No source given"),
    ],
)
def test_sources_are_credited_by_name(source: str, names: str) -> None:
    summary = factory.flagship(2048)
    summary = replace(summary, inputs=tuple(replace(i, source=source) for i in summary.inputs))
    assert sources(summary) == names


def test_a_source_without_a_name_is_itself() -> None:
    assert source_words("the interviewer") == "the interviewer"
