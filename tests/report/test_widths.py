"""Fan, tornado and comparison in columns and as cards: nothing clipped, nothing covered."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulate
from simulate.report.document import SheetName
from simulate.report.figures import fan
from tests.report import factory
from tests.report.layout import faults

SHEETS: tuple[SheetName, ...] = ("3.5in", "7in", "social")
CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("counts", [0, 2, 9])
def test_strength_by_date(sheet: SheetName, counts: int) -> None:
    assert not faults(fan.drawing(factory.strength(counts=counts)).draw(sheet))


@pytest.mark.parametrize("name", ["kursk-isw", "gas-storage-2022"])
def test_strength_of_shipped_scenarios(name: str) -> None:
    result = simulate.run(simulate.load(CONFIGS / f"{name}.yaml"), draws=1024, strength=True)
    for sheet in SHEETS:
        assert not faults(result.picture("fan").draw(sheet))


@pytest.mark.parametrize("name", ["kursk-isw", "kursk-claims", "wagner-killed"])
def test_tornado(name: str) -> None:
    found = simulate.sensitivity(simulate.load(CONFIGS / f"{name}.yaml"), draws=1024)
    for sheet in SHEETS:
        assert not faults(found.picture().draw(sheet))


@pytest.mark.parametrize("names", [("kursk-isw", "kursk-nis"), ("buk-2023", "s300-buk-2023")])
def test_comparison(names: tuple[str, ...]) -> None:
    loaded = [simulate.load(CONFIGS / f"{name}.yaml") for name in names]
    found = simulate.compare(loaded, draws=1024)
    for sheet in SHEETS:
        assert not faults(found.picture().draw(sheet))
