"""Draws in files: what each format holds, and what is refused."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs
from pyarrow import parquet

import simulate
from simulate.analysis.binned import Binned
from simulate.engine.redraw import replayed
from simulate.engine.sampling.design import MOST_SAVED, design_for
from simulate.report.data.draws import prepare_file
from tests.cases import COUNT, SIZE, scenario, uniform
from tests.memory import PRINTED

NAMED = ["draws.csv", "draws.npz", "draws.parquet"]


def saved(**more: Any) -> simulate.Result:
    of = scenario(
        COUNT,
        SIZE,
        as_of=uniform("2025-01-04", "2025-01-16"),
        thresholds=[0.3, 1.0],
        horizon="2025-06-01",
        ends=[{"label": "=withdrawal, at last", "date": "2025-04-26", "probability": 0.3}],
    )
    return simulate.run(of, **{"draws": 8192, "seed": 2, **more})


@pytest.fixture(scope="module")
def result() -> simulate.Result:
    return saved()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_of_csv(result: simulate.Result, tmp_path: Path) -> None:
    file = tmp_path / "draws.csv"
    result.save_draws(file)
    rows = rows_of(file)
    assert list(rows[0]) == [
        "draw",
        "replicate",
        "force.size",
        "losses.count",
        "losses.as_of",
        "ends[0].happens",
        "losses_per_day",
        *(f"{name}_{share}" for share in ("30", "100") for name in ("date", "day", "never")),
    ]
    assert [int(row["draw"]) for row in rows] == list(range(1, 8193))
    assert {row["replicate"] for row in rows} == set("12345678")
    origin = result.summary.origin
    for row in rows[:500]:
        as_of = dt.datetime.fromisoformat(row["losses.as_of"])
        elapsed = (as_of - dt.datetime(2024, 12, 6)) / dt.timedelta(days=1)  # noqa: DTZ001
        rate = float(row["losses.count"]) / elapsed
        # The date is written to the second, at least 29 days after the start.
        assert float(row["losses_per_day"]) == pytest.approx(rate, rel=1 / 86400 / 29)
        if row["day_100"]:
            day = float(row["day_100"])
            expected = float(row["force.size"]) / float(row["losses_per_day"])
            assert day == pytest.approx(expected, rel=1e-9)
            assert row["date_100"] == (origin + dt.timedelta(days=int(day))).isoformat()
            assert row["never_100"] == ""
        else:
            assert row["date_100"] == ""
            assert row["never_100"] in ("'=withdrawal, at last", "horizon")
    reasons = {row["never_100"] for row in rows}
    assert reasons == {"", "'=withdrawal, at last", "horizon"}
    happens = [row["ends[0].happens"] for row in rows]
    assert set(happens) == {"0", "1"}
    assert all(
        row["ends[0].happens"] == "1" for row in rows if row["never_100"].startswith("'=with")
    )


def test_quantiles_of_the_saved_draws_are_those_of_the_result(
    result: simulate.Result, tmp_path: Path
) -> None:
    """Bin by bin, so to the last digit."""
    file = tmp_path / "draws.csv"
    result.save_draws(file)
    rows = rows_of(file)
    times, draws = result.plan.times, 8192 // 8
    for share, threshold in (("30", 0.3), ("100", 1.0)):
        counts = np.zeros((8, times.n_bins), dtype=np.int64)
        for row in rows:
            if row[f"day_{share}"]:
                day = np.array([float(row[f"day_{share}"])])
                counts[int(row["replicate"]) - 1, times.bins(day)[0]] += 1
        law = Binned(times.edges, counts, np.zeros(8, dtype=np.int64), draws, independent=False)
        for level in (0.05, 0.5, 0.6):
            at = result.quantile(level, threshold)
            assert (at.day, at.mc_error_days) == (law.quantile(level), *law.half_widths([level]))


def test_npz_holds_plain_arrays(result: simulate.Result, tmp_path: Path) -> None:
    result.save_draws(tmp_path / "draws.npz")
    with np.load(tmp_path / "draws.npz", allow_pickle=False) as found:
        about = json.loads(str(found["metadata"]))
        assert (about["seed"], about["draws"], about["stream"]) == (2, 8192, "stream-1")
        assert about["digest"] == result.summary.scenario.digest
        times = np.concatenate([block.time[1] for block in replayed(result.plan)])
        assert np.array_equal(found["day_100"], times)
        assert list(found["causes"]) == list(result.plan.causes)
        never = found["never_100"]
        assert np.array_equal(never == -1, np.isfinite(times))
        assert np.array_equal(np.isnat(found["date_100"]), never != -1)
        there = never == -1
        days = (found["date_100"][there] - np.datetime64(about["origin"])).astype(int)
        assert np.array_equal(days, np.floor(times[there] + 0.5e-6).astype(int))


def test_parquet_says_the_same(result: simulate.Result, tmp_path: Path) -> None:
    for name in NAMED[1:]:
        result.save_draws(tmp_path / name)
    table = parquet.read_table(tmp_path / "draws.parquet")
    assert table.schema.metadata[b"title"] == b"a case"
    assert table.schema.metadata[b"seed"] == b"2"
    with np.load(tmp_path / "draws.npz") as found:
        assert np.array_equal(table["losses.count"].to_numpy(), found["losses.count"])
        day = table["day_100"].to_numpy()
        assert np.array_equal(np.isnan(day), np.isinf(found["day_100"]))
        as_of = table["losses.as_of"].to_numpy() - np.datetime64("2024-12-06")
        assert as_of / np.timedelta64(1, "D") == pytest.approx(found["losses.as_of"], abs=1e-9)
    reasons = set(table["never_100"].to_pylist())
    assert reasons == {None, "=withdrawal, at last", "horizon"}
    assert table["date_100"].null_count == table["day_100"].null_count > 0


@pytest.mark.parametrize("name", NAMED)
def test_the_same_bytes_again_and_none_without_force(
    result: simulate.Result, tmp_path: Path, name: str
) -> None:
    result.save_draws(tmp_path / name)
    before = (tmp_path / name).read_bytes()
    with pytest.raises(simulate.FileError, match="already exists"):
        result.save_draws(tmp_path / name)
    result.save_draws(tmp_path / name, force=True)
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_number_of_the_claim_is_saved(tmp_path: Path) -> None:
    loaded = simulate.load(Path(__file__).parents[2] / "configs" / "kursk-claims.yaml")
    simulate.run(loaded, draws=4096).save_draws(tmp_path / "draws.csv")
    rows = rows_of(tmp_path / "draws.csv")
    claims = loaded.scenario.losses.claims
    totals = {str(n) for n, claim in enumerate(claims, start=1) if claim.is_total}
    assert {row["losses.claim"] for row in rows} == totals


def test_names_that_do_not_do(tmp_path: Path) -> None:
    for name in ("draws", "draws.xlsx", "draws.csv.gz"):
        with pytest.raises(simulate.FileError, match=r"use \.csv, \.npz or \.parquet"):
            prepare_file(tmp_path / name)
    with pytest.raises(simulate.FileError, match="there is no folder"):
        prepare_file(tmp_path / "no such folder" / "draws.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(simulate.FileError, match="is a folder"):
        prepare_file(tmp_path / "folder.csv", force=True)
    prepare_file(tmp_path / "DRAWS.CSV")


def test_parquet_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(simulate.FileError, match=r"simulate-depletion\[parquet\]"):
        prepare_file(tmp_path / "draws.parquet")


def test_a_failure_leaves_what_was_there(
    result: simulate.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "draws.csv"
    file.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulate.report.data.draws._cells", full)
    with pytest.raises(simulate.FileError, match="no space left"):
        result.save_draws(file, force=True)
    assert file.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


RUN = """
import sys, simulate
result = simulate.run(simulate.load("configs/kursk-isw-point.yaml"), draws=int(sys.argv[1]))
"""
SAVE = RUN + "result.save_draws(sys.argv[2])\n"


def test_memory_does_not_grow_with_the_draws(tmp_path: Path) -> None:
    """Rows kept as text would take 45 MB more in the longer run."""

    def peak(program: str, draws: int, name: str = "") -> float:
        command = [sys.executable, "-c", program + PRINTED, str(draws), f"{tmp_path}/{draws}{name}"]
        root = Path(__file__).parents[2]
        return float(subprocess.run(command, check=True, capture_output=True, cwd=root).stdout)

    few, many = 2**17, 2**19
    run = peak(RUN, many) - peak(RUN, few)
    for name in (".csv", ".parquet"):
        assert peak(SAVE, many, name) - peak(SAVE, few, name) - run < 20


def test_too_many_are_refused_beforehand(tmp_path: Path) -> None:
    of = scenario(COUNT, SIZE)
    with pytest.raises(simulate.LimitError, match="limit of 10,000,000 saved draws"):
        simulate.run(of, draws=MOST_SAVED + 1, saving=True)
    few = simulate.run(of, draws=1024)
    design = design_for("lattice", MOST_SAVED)  # rounded up to 2**24
    many = dataclasses.replace(few, plan=structs.replace(few.plan, design=design))
    with pytest.raises(simulate.LimitError, match="saved draws"):
        many.save_draws(tmp_path / "draws.csv")
    assert not list(tmp_path.iterdir())
    with_precision = simulate.run(of, precision=1e-6, saving=True).summary.run
    assert with_precision.draws == 2**23
