"""What Python callers hand over and what they see: results, dates, registers, paths, reprs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import simulate
from simulate.errors import FileError, ScenarioError
from tests.cases import scenario, uniform

KURSK = "configs/kursk-isw.yaml"
SIZE = uniform(11000, 12000)


def test_results_are_compared_as_their_scenarios() -> None:
    """On the draws, seed and method of the first, so that its dates are those it had."""
    first, second = (simulate.run(scenario(size=SIZE), draws=2048, seed=seed) for seed in (3, 4))
    larger = simulate.run(scenario(size=uniform(12000, 13000)), draws=1024)
    found = simulate.compare([first, larger])
    assert found.comparison.summaries[0].outcomes == first.summary.outcomes
    assert simulate.compare(first, larger).to_dict() == found.to_dict()
    given = simulate.compare([first.loaded, larger.loaded], draws=2048, seed=3)
    assert given.to_dict() == found.to_dict()
    again = simulate.compare(first, second, draws=1024, seed=0)
    assert {one.run.draws for one in again.comparison.summaries} == {1024}


def as_of(value: object) -> dict[str, object]:
    losses = {"count": 3800, "as_of": value, "start": "2024-12-06"}
    return {"title": "T", "force": {"size": 12000}, "losses": losses}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (pd.NaT, r"must be a number, date, text, list or mapping \(found NaT\)"),
        (pd.Period("2025-01"), "must be a number, date"),
        (pd.Timedelta(days=3), "must be a number, date"),
        (dt.datetime(2025, 1, 16, 12, 30), "is a moment .*\n.*give its date, 2025-01-16"),  # noqa: DTZ001  (as pandas has it)
        (pd.Timestamp("2025-01-16 12:30"), "is a moment .*\n.*give its date, 2025-01-16"),
    ],
)
def test_what_is_no_date(value: object, words: str) -> None:
    with pytest.raises(ScenarioError, match=rf"losses\.as_of {words}") as caught:
        simulate.load(as_of(value))
    assert isinstance(caught.value, TypeError)


def test_a_midnight_is_a_date() -> None:
    given = (pd.Timestamp("2025-01-16"), dt.date(2025, 1, 16), "2025-01-16")
    assert len({simulate.load(as_of(day)).digest for day in given}) == 1


def test_a_register_in_the_place_of_a_forecast(tmp_path: Path) -> None:
    file = tmp_path / "forecasts.jsonl"
    for call in (
        lambda: simulate.register(file, KURSK),
        lambda: simulate.score(str(file), happened="2025-04-30"),
    ):
        with pytest.raises(TypeError, match=r"forecasts\.jsonl is a register"):
            call()
    assert not file.exists()


def test_data_files_of_a_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anywhere by an absolute path, else in the current folder, which an error names."""
    (tmp_path / "losses.csv").write_text("date,n\n2025-01-01,5\n2025-03-03,900\n", "utf-8")

    def of(file: object) -> dict[str, object]:
        series = {"file": str(file), "window": 41}
        return {"title": "T", "force": {"size": 9000}, "losses": {"series": series}}

    far = simulate.load(of(tmp_path / "losses.csv"))
    monkeypatch.chdir(tmp_path)
    near = simulate.load(of("losses.csv"))
    assert far.scenario.losses.count == near.scenario.losses.count
    with pytest.raises(ScenarioError, match=rf"cannot read {tmp_path}/loses\.csv"):
        simulate.load(of("loses.csv"))
    (tmp_path / "case.yaml").write_text(
        f"title: T\nforce: {{size: 9000}}\n"
        f"losses: {{series: {{file: {tmp_path}/losses.csv, window: 41}}}}\n",
        "utf-8",
    )
    with pytest.raises(ScenarioError, match="must be relative to the scenario's folder"):
        simulate.load("case.yaml")


def test_the_claims_of_a_scenario_in_one_table() -> None:
    each = simulate.run_each("configs/kursk-claims.yaml", draws=1024)
    frame = each.to_dataframe()
    assert list(frame.columns) == ["claim", *each[0].to_dataframe().columns]
    assert list(dict.fromkeys(frame["claim"])) == list(each.numbers)
    for number, one in zip(each.numbers, each, strict=True):
        part = frame[frame["claim"] == number].drop(columns="claim").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, one.to_dataframe(), check_dtype=False)


def test_a_repr_has_two_lines(tmp_path: Path) -> None:
    entry = simulate.register(KURSK, tmp_path / "f.jsonl", draws=1024)
    updated = simulate.run("configs/kursk-update.yaml", draws=8192)
    shown = [entry, entry.record, updated.summary, updated.update]
    for each in map(repr, shown):
        assert len(each) < 400
        assert each.count("\n") <= 2
    assert entry.shown_id in repr(entry)
    assert "P5, P50, P95: 2025-" in repr(entry)
    assert "outcomes" in repr(updated.summary)


def test_a_record_without_its_result(tmp_path: Path) -> None:
    simulate.run(KURSK, draws=1024).save(tmp_path / "out", formats=[])
    alone = tmp_path / "out" / "run.json"
    alone.rename(tmp_path / "r.json")
    with pytest.raises(FileError, match=r"r\.json' is the record of a run alone; keep its result"):
        simulate.reproduce(tmp_path / "r.json")


def test_dates_come_first_where_results_differ(tmp_path: Path) -> None:
    simulate.run(KURSK, draws=1024).save(tmp_path, formats=[])
    for name in ("result.json", "run.json"):
        text = (tmp_path / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace('"seed": 0', '"seed": 1'), "utf-8")
    found = simulate.reproduce(tmp_path)
    lines = [line for line in found.words().splitlines() if line.startswith("  outcomes")]
    assert lines
    assert not any(".histogram." in line for line in lines[:10])


def test_a_scenario_made_from_its_keys() -> None:
    """It says what is wrong as a file does."""
    keys = as_of("2025-01-16")
    assert simulate.Scenario(**keys) == simulate.load(keys).scenario
    with pytest.raises(ScenarioError, match=r"unknown key forces\n  hint: did you mean force\?"):
        simulate.Scenario(title="T", forces={"size": 9}, losses=keys["losses"])


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York"])
def test_a_time_zone_is_refused(zone: str) -> None:
    """Midnight there is another day elsewhere; that of UTC is as a file has it."""
    day = pd.Timestamp("2025-01-16", tz="UTC")
    assert simulate.load(as_of(day)).digest == simulate.load(as_of("2025-01-16")).digest
    with pytest.raises(ScenarioError, match="no time zone"):
        simulate.load(as_of(pd.Timestamp("2025-01-16", tz=zone)))
