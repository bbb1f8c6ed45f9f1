"""Updated dates as a result: what it has in common with others, and what it has not."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

import simulate
from simulate.errors import UpdateError
from simulate.report.data import tables
from tests.analysis.reports import TWO, report, updated
from tests.cases import AS_OF, COUNT, SIZE, START, scenario

LEVELS = (0.05, 0.5, 0.95)


def test_the_updated_dates_are_a_result() -> None:
    """Each method gives what the summary of the update has, in the place of the dates before."""
    of = scenario(COUNT, SIZE, observed=TWO, thresholds=[0.5, 1.0], levels=LEVELS)
    result = simulate.run(of, draws=2**14)
    later, found = result.updated, updated(result)
    assert later is not None
    assert (later.update, later.updated) == (None, None)
    assert later.summary == result.summary.updated
    for outcome, before in zip(found.outcomes, result.summary.outcomes, strict=True):
        at, threshold = outcome.threshold, outcome.threshold
        assert later.quantile(LEVELS, at) == tuple(q.at for q in outcome.quantiles)
        assert later.quantile(0.5, at) != before.median
        (ninety,) = (i for i in outcome.intervals if i.probability == 0.9)
        assert later.interval(0.9, at) == ninety
        assert later.outcome(threshold) == outcome
        day = outcome.median.date
        assert day is not None
        share = later.probability_by(day, at).probability
        assert share == pytest.approx(later.curve(at).at((day - of.origin).days + 1.0), abs=2e-3)
        assert share != result.probability_by(day, at).probability
    assert [row[3] for row in later.table().rows] == [
        q.at.day for outcome in found.outcomes for q in outcome.quantiles
    ]
    (line,) = later.headlines()
    assert "lost, updated on later reports: " in line
    cited = later.cite(interval=0.7)
    assert "70 % simulation interval" in cited
    assert cited.splitlines()[0].endswith("”, updated on later reports.")
    assert "updated on later reports" not in simulate.run(of, draws=1024).headlines()[0]
    assert simulate.run(scenario(COUNT), draws=1024).updated is None


def test_what_updated_dates_have_not() -> None:
    result = simulate.run(scenario(COUNT, observed=TWO), draws=1024)
    later = result.updated
    assert later is not None
    for name, call in {
        "draws": later.draws,
        "save_draws": lambda: later.save_draws("draws.csv"),
        "record": later.record,
        "files": later.files,
    }.items():
        with pytest.raises(UpdateError, match=f"^{name}: .*\n.* result before the update"):
            call()
    with pytest.raises(simulate.UnsupportedLevelError, match="an effective sample size of"):
        later.quantile(1e-6)


def test_files_for_other_programs_hold_the_updated_dates() -> None:
    """Hubs and published periods take those alone, bins both; negative control: not the same."""
    period = {"label": "P", "from": "2025-04-01", "to": "2025-04-30"}
    of = scenario(COUNT, SIZE, observed=TWO, published=[period])
    result = simulate.run(of, draws=2**12)
    later = result.updated
    assert later is not None
    for table in (tables.hubverse, tables.published):
        found, before = table(result.summary), table(replace(result.summary, update=None))
        assert found is not None
        assert found == table(later.summary)
        assert found != before
    assert result.update is not None
    last = max(report.date for report in result.update.reports)
    assert {row[0] for row in tables.hubverse(result.summary).rows} == {last}
    both = tables.histogram(result.summary)
    assert both.header == ("threshold", "start", "end", "probability", "updated")
    assert [row[:4] for row in both.rows] == list(
        tables.histogram(replace(result.summary, update=None)).rows
    )
    assert [(*row[:3], row[4]) for row in both.rows] == list(tables.histogram(later.summary).rows)


def test_what_sources_do_is_known_before_the_update_only() -> None:
    """The parts of a histogram and the shifts without a source are those of equal draws."""
    losses = {
        "start": START,
        "claims": [
            {"count": 3000, "as_of": AS_OF, "source": "A"},
            {"count": 4000, "as_of": AS_OF, "source": "B"},
        ],
    }
    of = {"title": "A", "force": {"size": 12000}, "losses": losses, "horizon": "2026-12-31"}
    result = simulate.run({**of, "observed": [report(7500)]}, draws=1024)
    later = result.updated
    assert later is not None
    before, after = result.summary.pooled, later.summary.pooled
    assert before is not None
    assert after is not None
    assert before.parts
    assert before.left_out
    assert (after.claims, after.parts, after.left_out) == (before.claims, (), ())
    assert later.plot().figure.axes


def test_saved_draws_have_their_weights(tmp_path: Path) -> None:
    """They add up to the run's own, replicate by replicate."""
    more = {"rotation": {"line_days": 20, "rest_days": 10, "return_intensity": 0.8}}
    result = simulate.run(scenario(COUNT, SIZE, observed=TWO, **more), draws=2048)
    result.save_draws(tmp_path / "draws.csv")
    with (tmp_path / "draws.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    totals = np.zeros(8)
    np.add.at(
        totals, [int(row["replicate"]) - 1 for row in rows], [float(row["weight"]) for row in rows]
    )
    assert result.tally.updated is not None
    np.testing.assert_allclose(totals, result.tally.updated.total / 2.0**40, rtol=1e-9)
    plain = simulate.run(scenario(COUNT, SIZE, **more), draws=64)
    plain.save_draws(tmp_path / "plain.csv")
    assert "weight" not in (tmp_path / "plain.csv").read_text(encoding="utf-8")
