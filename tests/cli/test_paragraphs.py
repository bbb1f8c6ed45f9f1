"""Newspaper paragraphs, answered in their own words, give a file that says what they say."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulate.cli import cli
from simulate.errors import ScenarioError
from simulate.scenario.loader import load
from simulate.scenario.model import Scenario
from tests.cli.process import Whole

SOLDIERS = """\
Troops sent to the enclave
force
count
troops
3,100 killed, captured or badly wounded by 20 January 2025, opposition monitors
the start of October
roughly 11,000

inflow, report, shares, published
about 1,200 fresh troops a month since mid-December


1,450, the defence ministry

each
half
combat-ineffective by the spring, an analyst
"""
MISSILES = """\
Interceptors of the air force
stock
rate
interceptors
about nine a week since mid-March

between 45 and 60 on 15 March 2026, two officials
inflow, inflow, floor, published
six a month until July, the maker
ten a month from July, the maker
12
until summer, one official
"""
FUND = """\
State unemployment fund
fund
rate
{unit}
260 million a week

4.1 billion on 1 May 2020


inflow, arrivals, published
90 million a week in payroll taxes, the treasury

1.5 billion in July (one in three), observers
October, actuaries
"""
RESERVE = """\
Health-insurance reserve
fund
count
euros
1.2 billion by 30 June 2023, the board
1 January 2023
9.8 billion on 30 June 2023

trend, floor, published
the monthly deficit to grow by about 3 per cent a month, the board
it may not fall below 2 billion
before the end of 2025, the auditors
"""

KILLED = """\
Wagner's dead
force
count
fighters
9,000 killed since last year, about half since mid-December (White House, 17 February 2023)
17 February 2023
February 2022
about 50,000 were sent

shares
a third of the 50,000

"""
ARROWS = """\
Interceptors of the air defence
missile stockpile
they had fired about 80
interceptors fired
about 80 by 24 June, the institute, 26 June 2025
13 June
250 to 300 before the war, analysts
inflow, inflow, published
120 built between August and November, the maker
48 a year, the maker

10 to 12 more days from 17 June 2025, a US official

"""


def written(tmp_path: Path, answers: str) -> tuple[Scenario, str]:
    """The scenario that an interview writes, and what it says."""
    file = tmp_path / "claim.yaml"
    found = CliRunner().invoke(cli, ["init", "--interactive", str(file)], input=answers)
    assert found.exit_code == 0, found.stderr
    return load(file).scenario, " ".join(found.stderr.split())


def published(scenario: Scenario) -> list[tuple[str, str, str]]:
    return [(one.label, str(one.first), str(one.last)) for one in scenario.published]


def test_soldiers(tmp_path: Path) -> None:
    scenario, said = written(tmp_path, SOLDIERS)
    losses, (inflow,) = scenario.losses, scenario.inflow
    assert [(claim.source, claim.count.support) for claim in losses.claims] == [
        ("opposition monitors", (3100, 3100)),
        ("the defence ministry", (1450, 1450)),
    ]
    assert {claim.as_of.describe() for claim in losses.claims} == {"constant 2025-01-21"}
    assert scenario.start.describe() == "constant 2024-10-01"
    assert scenario.force.size is not None
    assert scenario.force.size.describe() == "triangular low 9,900, mode 11,000, high 12,100"
    assert inflow.amount.describe() == "triangular low 1,080, mode 1,200, high 1,320"
    assert inflow.begins is not None
    assert inflow.begins.describe() == "uniform low 2024-12-11, high 2024-12-21"
    assert (scenario.counts_by, scenario.thresholds) == ("strength", (0.5,))
    assert published(scenario) == [
        ("an analyst: combat-ineffective by the spring", "2025-02-28", "2025-02-28")
    ]
    assert "27.7 troops a day, the pace reported for 1 October 2024 to 20 January 2025" in said


def test_missiles(tmp_path: Path) -> None:
    scenario, said = written(tmp_path, MISSILES)
    force, (first, second) = scenario.force, scenario.inflow
    assert scenario.losses.rate is not None
    assert (scenario.losses.rate.support, scenario.losses.per) == ((8.1, 9.9), "week")
    assert scenario.start.describe() == "uniform low 2026-03-11, high 2026-03-21"
    assert force.size is not None
    assert force.as_of is not None
    assert (force.size.support, force.source) == ((45, 60), "two officials")
    assert force.as_of.describe() == "constant 2026-03-15"
    assert (first.amount.support[0], first.per, first.begins) == (6, "month", None)
    assert second.amount.support[0] == 10
    assert first.until is not None
    assert second.begins is not None
    assert first.until.describe() == second.begins.describe() == "constant 2026-07-01"
    assert scenario.thresholds == (1.0,)  # the floor is the only level that was named
    assert published(scenario) == [("one official: until summer", "2026-05-31", "2026-05-31")]
    assert "from about 52 to 12 interceptors" in said


@pytest.mark.parametrize(("unit", "scale"), [("dollars", 1e6), ("million dollars", 1.0)])
def test_a_fund(tmp_path: Path, unit: str, scale: float) -> None:
    scenario, said = written(tmp_path, FUND.format(unit=unit))
    force, (inflow,), (arrival,) = scenario.force, scenario.inflow, scenario.reinforcements
    assert scenario.losses.rate is not None
    assert scenario.losses.rate.support[0] == 260 * scale
    assert force.size is not None
    assert force.size.support[0] == 4100 * scale
    assert (inflow.amount.support[0], inflow.label) == (90 * scale, "payroll taxes")
    law = arrival.size.model_dump()
    assert (law["values"], law["weights"]) == ((0, 1500 * scale), (2, 1))
    assert arrival.date.describe() == "uniform low 2020-07-01, high 2020-08-01"
    assert published(scenario) == [("actuaries: October", "2020-10-01", "2020-10-31")]
    assert "a 33 % chance of about 1.5 billion more in July 2020" in said


def test_a_reserve(tmp_path: Path) -> None:
    scenario, said = written(tmp_path, RESERVE)
    assert scenario.rate is not None
    law = scenario.rate.trend_per_month
    assert law is not None
    assert law.describe() == "triangular low 0.027, mode 0.03, high 0.033"
    assert scenario.rate.source == "the board"
    assert scenario.force.floor is not None
    assert scenario.force.floor.support == (2e9, 2e9)
    assert published(scenario) == [
        ("the auditors: before the end of 2025", "2025-12-31", "2025-12-31")
    ]
    assert '"about" is 10 % either way' in said


def test_the_dead_before_the_first_day_counted(tmp_path: Path) -> None:
    scenario, said = written(tmp_path, KILLED)
    assert scenario.losses.count is not None
    assert scenario.losses.count.support == (9000.0, 9000.0)
    assert scenario.start.describe() == "uniform low 2022-12-11, high 2022-12-21"
    assert scenario.prelude is not None
    assert scenario.prelude.start.describe() == "uniform low 2022-02-01, high 2022-03-01"
    assert scenario.losses.source == "White House, 17 February 2023"
    # 4,500 in the 64 days from 16 December on: the other 7,667 of a third take 109 more.
    assert "At about 70 fighters killed a day" in said
    assert "a third of the force of about 50,000 would be killed by about 7 June 2023" in said


def test_a_stock_before_the_war(tmp_path: Path) -> None:
    scenario, said = written(tmp_path, ARROWS)
    first, second = scenario.inflow
    assert scenario.force.size is not None
    assert scenario.force.size.support == (250.0, 300.0)
    assert scenario.force.as_of is None
    assert '"before the war" is the first day counted, 13 June 2025' in said
    assert first.per == "day"
    assert first.amount.support[0] == pytest.approx(120 / 122, rel=1e-4)
    assert first.begins is not None
    assert first.begins.describe() == "constant 2025-08-01"
    assert (second.amount.support[0], second.per) == (48, "year")
    assert published(scenario) == [
        ("a US official: 10 to 12 more days from 17 June 2025", "2025-06-27", "2025-06-29")
    ]


def test_mistakes_in_a_file_of_answers_are_reported_together(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    answers = MISSILES.replace("\n12\n", "\na dozen or more\n").replace(
        "until summer", "by Ramadan"
    )
    found = CliRunner().invoke(cli, ["init", "--interactive", str(file)], input=answers)
    assert isinstance(found.exception, ScenarioError)
    assert [(one.file, one.message.partition(" (")[0]) for one in found.exception.problems] == [
        ("line 11 of the answers, force.floor", "force.floor must be a number"),
        ("line 12 of the answers, published", "published.date must be a date"),
    ]
    assert not file.exists()


def test_a_mistake_of_an_interview_is_folded(
    tmp_path: Path, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "\nthe twelve or so that nobody can use before they are repaired in the summer\n"
    answers = MISSILES.replace("\n12\n", wrong).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answers)))
    found = whole("init", "--interactive", str(tmp_path / "claim.yaml"))
    said = found.err[found.err.index("line 11 of the answers") :].splitlines()
    assert len(said) > 2
    assert max(map(len, said)) <= 80


def test_an_empty_line_too_many_is_no_end(tmp_path: Path) -> None:
    """What follows would be missing from the file."""
    file = tmp_path / "claim.yaml"
    answers = SOLDIERS.replace("roughly 11,000\n\n", "roughly 11,000\n\n\n")
    found = CliRunner().invoke(cli, ["init", "--interactive", str(file)], input=answers)
    assert isinstance(found.exception, ScenarioError)
    assert "line 9 of the answers, an empty line, ended the questions" in str(found.exception)
    assert not file.exists()


def test_a_plain_claim_has_eleven_questions() -> None:
    """One fewer for each thing that an answer says beside its own."""
    for count, n in (
        ("3,100\nmonitors\n2024-10-01\n2025-01-20", 11),
        ("3,100, monitors\n2024-10-01\n2025-01-20", 10),
        ("3,100 by 20 January 2025, monitors\n2024-10-01", 9),
    ):
        text = f"\n\n\n\n{count}\n11000\n\n\n"
        found = CliRunner().invoke(cli, ["init", "--interactive"], input=text)
        assert found.exit_code == 0, found.stderr
        asked = re.findall(r"^[a-z._]+(?: \[.*?\])?: ", found.stderr, re.MULTILINE)
        assert len(asked) == text.count("\n") == n
