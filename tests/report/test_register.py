"""The register: what is added stays, what is torn, foreign or edited is named."""

from __future__ import annotations

import datetime as dt
import json
import math
import multiprocessing
import time
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.score import Forecast, ForecastRecord, Resolution, assess
from simulate.analysis.track_record import Entry, RecordedOutcome, Register, TrackRecord
from simulate.errors import FileError, LimitError, ScenarioError
from simulate.report.data import register as registers
from simulate.report.data.register import add_forecast, add_outcome, read_register
from simulate.scenario.stocks import Amount

MADE = dt.date(2025, 1, 20)
ORIGIN, HORIZON = dt.date(2025, 1, 10), dt.date(2025, 12, 31)


def record(digest: str = "ab", *, threshold: float = 1.0, first: float = 50.0) -> ForecastRecord:
    """Dates spread evenly over 100 days, one draw in five never."""
    return ForecastRecord(
        title="A force",
        event="Whole force (100 %) lost",
        threshold=threshold,
        digest=digest * 32,
        stream="stream-1",
        program="simulate 0.0.0",
        draws=1000,
        seed=1,
        method="random",
        origin=ORIGIN,
        horizon=HORIZON,
        by=(dt.date(2025, 4, 1),),
        straight_day=first + 40.0,
        forecast=Forecast(
            np.array([first + k for k in range(101)]), np.array([8.0 * k for k in range(101)]), 1000
        ),
    )


def on(date: str, source: str = "ISW") -> RecordedOutcome:
    day = dt.date.fromisoformat(date)
    return RecordedOutcome(Resolution(day, day), source)


def first_of(register: Register) -> Entry:
    return register.entries[0]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(registers, "today", lambda: MADE)
    return tmp_path / "forecasts.jsonl"


def test_a_forecast_is_read_back_as_it_was_made(file: Path) -> None:
    """One with as few knots is kept in full, infinite days and amounts too."""
    steps = Forecast(np.array([50.0, 50.0]), np.array([0.0, 1000.0]), 1000)
    made = replace(
        record(), forecast=steps, straight_day=math.inf, threshold=Amount(5000.0, "lost")
    )
    entry = add_forecast(file, made)
    (again,) = read_register(file).entries
    assert (again.id, again.made_on, again.outcome) == (entry.id, MADE, None)
    assert replace(again.record, forecast=steps) == made
    assert again.record.forecast.days.tolist() == steps.days.tolist()
    assert again.record.forecast.counts.tolist() == steps.counts.tolist()


def test_lines_are_only_added(file: Path) -> None:
    add_forecast(file, record())
    before = file.read_bytes()
    add_forecast(file, record("cd"))
    add_outcome(file, first_of, on("2025-03-20"))
    assert file.read_bytes().startswith(before)
    assert file.read_bytes().count(b"\n") == 3
    kept = file.read_bytes()
    add_forecast(file, record())
    add_outcome(file, first_of, on("2025-03-20"))
    assert file.read_bytes() == kept


def test_of_several_outcomes_the_last_counts(file: Path) -> None:
    add_forecast(file, record())
    not_yet = RecordedOutcome(Resolution.not_by(dt.date(2025, 3, 1)), "NIS")
    add_outcome(file, first_of, not_yet)
    assert first_of(read_register(file)).outcome == not_yet
    add_outcome(file, first_of, on("2025-03-20"))
    assert first_of(read_register(file)).outcome == on("2025-03-20")


def test_an_outcome_known_before_is_refused(file: Path) -> None:
    add_forecast(file, record())
    before = file.read_bytes()
    with pytest.raises(
        ScenarioError, match=r"known on 19 January 2025, before forecast \w+ was made"
    ):
        add_outcome(file, first_of, on("2025-01-19"))
    with pytest.raises(ScenarioError, match="known on 19 January"):
        add_outcome(file, first_of, RecordedOutcome(Resolution.not_by(dt.date(2025, 1, 19)), ""))
    assert file.read_bytes() == before
    add_outcome(file, first_of, on("2025-01-20"))


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()


def test_a_torn_line_is_named_and_kept_apart(file: Path) -> None:
    for digest in ("ab", "cd"):
        add_forecast(file, record(digest))
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    assert len(read_register(file).entries) == 1
    add_forecast(file, record("ef"))
    found = read_register(file)
    assert [entry.record.digest[:2] for entry in found.entries] == ["ab", "ef"]
    (problem,) = found.problems
    assert problem.startswith("line 2 of ")
    assert "it is cut off, or not JSON" in problem


def test_wherever_a_file_is_cut_its_whole_lines_are_read(file: Path) -> None:
    for digest in ("ab", "cd"):
        add_forecast(file, record(digest))
    content = file.read_bytes()
    first = content.index(b"\n")
    for end in range(first + 2, len(content) - 1, 61):
        file.write_bytes(content[:end])
        found = read_register(file)
        assert (len(found.entries), len(found.problems)) == (1, 1)
    file.write_bytes(content[:-1])  # without its line end the last line is whole
    assert len(read_register(file).entries) == 2
    add_forecast(file, record("ef"))
    assert len(read_register(file).entries) == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"made_on": "2024-01-01"}, "it was edited"),
        ({"draws": 999}, "it was edited"),
        ({"id": "0" * 64}, "it was edited"),
        ({"kind": "weather"}, "neither a forecast nor an outcome"),
    ],
)
def test_an_edited_line_is_left_out(file: Path, changed: dict[str, Any], words: str) -> None:
    add_forecast(file, record())
    add_forecast(file, record("cd"))
    first, second = lines_of(file)
    edited = json.dumps({**json.loads(first), **changed}).encode()
    file.write_bytes(b"\n".join([edited, second, b""]))
    found = read_register(file)
    assert [entry.record.digest[:2] for entry in found.entries] == ["cd"]
    assert words in found.problems[0]
    assert found.problems[0].startswith("line 1 of ")


def forged(**values: Any) -> bytes:
    return registers._line(values)


def test_lines_with_the_right_digest_are_checked_all_the_same(file: Path) -> None:
    entry = add_forecast(file, record())
    outcome = {"kind": "outcome", "recorded_on": "2025-02-01", "source": "", "last": None}
    tree = json.loads(lines_of(file)[0])
    del tree["id"]
    bad = {
        "seed should be": forged(**{**tree, "seed": -1}),
        "draws should be": forged(**{**tree, "draws": 10**400}),
        "straight_day should be": forged(**{**tree, "straight_day": -1e300}),
        "days and counts should rise": forged(**{**tree, "counts": tree["counts"][::-1]}),
        "weather": forged(**tree, weather="fair"),
        "not above it": forged(**outcome, forecast="f" * 64, first="2025-06-01"),
        "was known on": forged(**outcome, forecast=entry.id, first="2025-01-02"),
        "first should be a date": forged(**outcome, forecast=entry.id, first="soon"),
        "repeats an earlier line": lines_of(file)[0],
    }
    with file.open("ab") as stream:
        stream.writelines(line.rstrip() + b"\n" for line in bad.values())
    found = read_register(file)
    assert len(found.entries) == 1
    for number, (words, problem) in enumerate(zip(bad, found.problems, strict=True), start=2):
        assert problem.startswith(f"line {number} of ")
        assert words in problem


def test_the_same_scenario_counts_once(file: Path) -> None:
    """In a file of an earlier version, too: an outcome of either line is that of the first."""
    entry = add_forecast(file, record())
    assert entry.is_new
    again = add_forecast(file, replace(record(), seed=2))
    assert (again.id, again.record.seed, again.is_new) == (entry.id, 1, False)
    tree = json.loads(lines_of(file)[0])
    del tree["id"]
    second = forged(**{**tree, "seed": 2})
    key = json.loads(second)["id"]
    outcome = {"recorded_on": "2025-04-01", "first": "2025-03-20", "last": "2025-03-20"}
    with file.open("ab") as stream:
        stream.write(second + forged(kind="outcome", forecast=key, source="ISW", **outcome))
    found = read_register(file)
    (one,) = found.entries
    assert (one.id, one.outcome) == (entry.id, on("2025-03-20"))
    (problem,) = found.problems
    assert problem.endswith(f"its scenario and threshold are those of {entry.shown_id}")


def test_a_foreign_file_is_not_touched(file: Path) -> None:
    for content in (b'{"type": "Feature"}\n', b"date,tank\n2025-01-01,3\n", b"[1]\n", b"\x00\xff"):
        file.write_bytes(content)
        with pytest.raises(FileError, match="is not a register of forecasts: line 1"):
            add_forecast(file, record())
        assert file.read_bytes() == content


def test_what_cannot_be_a_register(file: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"must end in \.jsonl"):
        add_forecast(tmp_path / "forecasts.txt", record())
    with pytest.raises(FileError, match="cannot read"):
        add_outcome(file, first_of, on("2025-03-20"))
    assert not file.exists()
    file.mkdir()
    with pytest.raises(FileError, match="cannot write"):
        add_forecast(file, record())


def test_a_file_too_large_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_forecast(file, record())
    monkeypatch.setattr(registers, "LARGEST", 100)
    with pytest.raises(LimitError):
        add_forecast(file, record("cd"))
    with pytest.raises(LimitError):
        read_register(file)


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_forecast(file, record())
    before = file.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match="no space left"):
        add_forecast(file, record("cd"))
    assert file.read_bytes() == before


WRITERS, EACH = 4, 10


def _named(key: str, register: Register) -> Entry:
    return register.named(key)[0]


def _add_many(file: Path, writer: int, start: Barrier) -> None:
    parsed = registers._parsed

    def slowly(content: bytes, name: str) -> Register:
        time.sleep(0.005)  # between reading and writing, where others would come in between
        return parsed(content, name)

    registers._parsed = slowly
    start.wait()
    for number in range(EACH):
        add_forecast(file, record(f"ff{number:02x}"))  # as all others do at the same time
        entry = add_forecast(file, record(f"{writer:x}{number:02x}"))
        add_outcome(file, partial(_named, entry.id), on("2100-01-01"))


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "forecasts.jsonl"
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(WRITERS)
    writers = [context.Process(target=_add_many, args=(file, k, start)) for k in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    found = read_register(file)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert not found.problems
    assert len(found.resolved) == WRITERS * EACH
    assert len(found.entries) == len(found.resolved) + EACH


# --- the track record ---


def test_coverage_levels_and_means_by_hand(file: Path) -> None:
    """F rises by 0.008 a day from 1 March, day 50: 20 March, day 69, lies at 15.2 to 16 %."""
    for digest in ("ab", "cd", "ef"):
        add_forecast(file, record(digest))
    add_outcome(file, lambda r: r.entries[0], on("2025-03-20"))
    add_outcome(
        file, lambda r: r.entries[1], RecordedOutcome(Resolution.not_by(dt.date(2025, 5, 19)), "")
    )
    found = simulate.score_register(file)
    scores = [one.forecast for one in found.forecasts.resolved]
    assert (scores[0].low, scores[0].high) == pytest.approx((0.152, 0.160))
    assert (scores[1].low, scores[1].high) == pytest.approx((0.64, 1.0))  # day 130
    record_, straight = found.record, found.forecasts.resolved[0].straight
    assert record_.n == 2
    # 50 %: days 81.25 to 143.75, open for the second; 80 and 90 %: 62.5 and 56.25 to never.
    assert [(one.held, one.decided) for one in record_.coverage] == [(0, 1), (2, 2), (2, 2)]
    spread = [0, 1, 0, 0, 0, 0, 0.06 / 0.36, 0.1 / 0.36, 0.1 / 0.36, 0.1 / 0.36]
    assert record_.levels == pytest.approx(spread)
    assert straight.crps_days == pytest.approx(20.5)  # from day 69.5 to day 90
    mean = sum(one.crps_days for one in scores) / 2
    assert record_.crps_days == pytest.approx(mean)
    assert record_.straight_crps_days == pytest.approx((20.5 + 40.0) / 2)


def test_without_outcomes_there_is_no_mean() -> None:
    nothing = TrackRecord.of([])
    assert (nothing.n, nothing.crps_days, nothing.straight_crps_days) == (0, None, None)
    assert [one.decided for one in nothing.coverage] == [0, 0, 0]


def test_a_certain_outcome_has_one_bin() -> None:
    day = dt.date(2025, 12, 1)
    after = assess(record(), Resolution(day, day))
    assert TrackRecord.of([after]).levels[8] == 1.0  # F ends at 0.8
