"""A sweep of a scenario that later reports update: each cell is the updated run it would be."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import Any

import pytest

import simulate
from simulate.api.sweep import SweepResult
from simulate.errors import UpdateError
from simulate.report.data.json_document import dumps
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.sweep import drawing
from simulate.scenario.model import Scenario
from tests.analysis.reports import CONFLICTING, TWO, report
from tests.cases import COUNT, SIZE, scenario

DRAWS = 4096


def case() -> Scenario:
    return scenario(COUNT, SIZE, observed=TWO, by=["2025-04-15"], thresholds=[0.5, 1.0])


@cache
def partly() -> SweepResult:
    """A conflict with the reports in all but the last combination."""
    settings = {"evidence.error": [0.02, 0.1, 0.3]}
    return simulate.sweep(scenario(**CONFLICTING, by=["2025-09-01"]), settings, draws=2**14)


def test_every_combination_is_the_updated_run_it_would_be_alone() -> None:
    """Negative control: not the run before the update."""
    found = simulate.sweep(case(), {"force.size": [11_000, 12_000]}, draws=DRAWS)
    for cell in found.sweep.cells:
        loaded = simulate.load(case(), {"force.size": int(cell.values[0])})
        result = simulate.run(loaded, draws=DRAWS)
        assert result.update is not None
        assert cell.effective == result.update.effective_sample_size
        assert not cell.refused
        for row, after, before in zip(
            cell.rows, result.update.outcomes, result.summary.outcomes, strict=True
        ):
            for name in ("quantiles", "by", "never", "depleted_probability", "depleted_mc_error"):
                assert getattr(row, name) == getattr(after, name)
            assert row.quantiles != before.quantiles
        # All that a run warns of, but for the clusters in its histogram.
        assert set(cell.warnings) <= set(result.summary.warnings)
    first, last = found.sweep.cells
    assert last.chosen.shift is not None
    days = [cell.chosen.at(0.5).day for cell in (first, last)]
    assert None not in days
    assert last.chosen.shift.days == pytest.approx(float(days[1] or 0) - float(days[0] or 0))
    assert 0 < (last.chosen.shift.mc_error_days or 0) < 1
    for words in (found.headlines()[0], found.cite()):
        assert "updated on two later reports" in words
    assert str(found.page()).count("All figures are those after the update") == 1
    assert not any("before the update" in each for each in found.warnings)


def test_a_conflict_is_printed_once_with_its_combinations() -> None:
    """Its figures differ from row to row, as do those of draws that fit. JSON keeps all."""
    settings = {"force.size": [11_000, 12_000], "rate.multiplier": [0.9, 1.0]}
    of = scenario(COUNT, SIZE, observed=[report(9900)])
    found = simulate.sweep(of, settings, draws=2**12)
    about = [each for each in found.warnings if "conflicts with the scenario" in each]
    assert len({cell.warnings for cell in found.sweep.cells}) > 1
    (conflict,) = about
    which = "size of the force: 11,000, change of rate after the count: 0.9"
    assert conflict.endswith(f"[in 4 combinations, these figures with {which}]")
    both = simulate.sweep(
        scenario(COUNT, SIZE, observed=[report(9900), report(9800, "2025-03-07")]),
        {"rate.multiplier": [0.9, 1.0]},
        draws=2**12,
    )
    assert sum("conflicts with the scenario" in each for each in both.warnings) == 2


def test_a_combination_that_too_few_draws_fit_says_so_in_its_row() -> None:
    found = partly()
    refused = [cell for cell in found.sweep.cells if cell.refused]
    answered = [cell for cell in found.sweep.cells if not cell.refused]
    assert len(refused) in (1, 2)
    for cell in refused:
        assert (cell.effective or 0) < 100
        assert "too few draws fit the reports" in cell.refused
        assert {q.at.missing for row in cell.rows for q in row.quantiles} == {"too_few_draws"}
        assert cell.chosen.shift is None
        assert any("few draws fit the reports" in each for each in cell.warnings)
    assert found.sweep.first.scenario.digest == answered[0].digest
    tree = found.to_dict()["combinations"]
    assert ["refused" in each for each in tree] == [bool(c.refused) for c in found.sweep.cells]
    assert all("effective_sample_size" in each for each in tree)
    assert tree[0]["outcomes"][0]["by"][0]["probability"] is None
    assert tree[0]["outcomes"][0]["depleted_probability"] is None
    dumps(found.to_dict())
    rows = [*csv.DictReader(io.StringIO(found.table().csv().decode()))]
    for name in ("p50", "by_2025-09-01", "never", "never_mc_error", "median_shift_days"):
        assert rows[0][name] == ""
        assert rows[-1][name] != ""
    page = str(found.page())
    assert "too few\\ndraws" in page or "too few draws" in page
    assert "not enough of its draws fit the reports" in page
    picture = drawing(found.sweep)
    assert "too few draws" in picture.alt
    assert figure_bytes(picture.draw("web"), "png", picture.alt)
    # The range of medians is that of the others.
    assert "too few" not in found.headlines()[0]


def test_a_sweep_without_any_answer_ends_as_a_run_does() -> None:
    settings: dict[str, Any] = {"evidence.error": [0.01, 0.02]}
    with pytest.raises(UpdateError, match="too few draws fit the reports"):
        simulate.sweep(scenario(**CONFLICTING), settings, draws=1024)


def test_reports_that_only_some_combinations_take_as_evidence() -> None:
    """Switching one on and off is a sweep as well; its words follow each combination."""
    settings = {"observed[0].evidence": [False, True], "observed[1].evidence": False}
    found = simulate.sweep(case(), settings, draws=DRAWS)
    without, having = found.sweep.cells
    assert without.effective is None
    assert having.effective is not None
    assert without.chosen.at(0.5) != having.chosen.at(0.5)
    assert having.chosen.shift is not None
    assert having.chosen.shift.before == without.chosen.at(0.5)
    assert "updated" not in found.headlines()[0]
    assert "1 of 2 combinations are those after the update" in str(found.page())
    assert "effective_sample_size" not in found.to_dict()["combinations"][0]
