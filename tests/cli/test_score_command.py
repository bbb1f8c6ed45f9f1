"""`simulate score`: the answer in words and as JSON, results, registers, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import simulate
from simulate.analysis.score import Resolution
from simulate.report.data import register as registers
from tests.cli.process import FLAGSHIP, POINT, RUN, Whole, call

FEW = ("-n", "4096")
MADE = dt.date(2025, 1, 20)


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day is 20 January 2025, later in a test the end of the year."""
    monkeypatch.setattr(registers, "today", lambda: MADE)


def at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "today", lambda: dt.date(2025, 12, 31))


def words(*arguments: str) -> str:
    return " ".join(call("score", *arguments).stdout.split())


def test_the_single_date_is_off_by_its_distance() -> None:
    """No input is uncertain: 14 April 2025, 11:22, against noon of 30 April."""
    printed = words(POINT, "--happened", "2025-04-30", *FEW)
    where = "came later than all simulations: outside the range that nine in ten fall into."
    assert f"The outcome, 30 April 2025, {where}" in printed
    assert "The forecast scores 16.0 days (CRPS; 0 is perfect); the straight line" in printed
    assert "’s single date, 14 April 2025, was off by 16.0 days." in printed
    assert "at a constant rate (14 April 2025)." in printed
    assert "interval score 90 %, days 321 (outcome outside) 321" in printed
    assert "interval score 90 %, days 0.5 (outcome inside) 0.5" in words(
        POINT, "--happened", "2025-04-14", *FEW
    )


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (
            ("--happened", "2025-03-14"),
            (
                "The outcome, 14 March 2025, came later than 61 of 100 simulations: inside the "
                "range that nine in ten fall into."
            ),
        ),
        (
            ("--happened", "2025-04-14"),
            (
                "The outcome, 14 April 2025, came later than 96 of 100 simulations: outside the "
                "range that nine in ten fall into."
            ),
        ),
        (
            ("--happened", "2025-02-19"),
            "The outcome, 19 February 2025, came earlier than 75 of 100 simulations: inside",
        ),
        (("--happened", "2025-01-20"), "came earlier than more than 99 of 100 simulations: out"),
        (("--happened", "2025-12-14"), "14 December 2025, came later than all simulations: out"),
        (
            ("--happened", "2027-12-14"),
            "It had not happened by 1 January 2026; in all simulations it had: outside the",
        ),
        (
            ("--not-by", "2025-03-14"),
            "It had not happened by 14 March 2025; in 61 of 100 simulations it had. The",
        ),
        (("--not-by", "2024-12-10"), "by 10 December 2024; in no simulation had it. The"),
        (
            ("--between", "2025-03-01", "2025-03-14"),
            (
                "The outcome, 1 to 14 March 2025, came later than 40 of 100 simulations, earlier "
                "than 39 of 100 simulations: inside the range that nine in ten fall into. The "
                "forecast scores 2.8 days (CRPS; 0 is perfect); the straight line’s single "
                "date, 8 March 2025, agrees with all that is known."
            ),
        ),
        (
            ("--not-by", "2025-03-14", "--set", "force.size=1000000"),
            (
                "in no simulation had it. The forecast scores 0.0 days (CRPS; 0 is perfect); the "
                "straight line, which gives no date, agrees"
            ),
        ),
        (
            ("--not-by", "2025-03-14", "--threshold", "0.3"),
            "outside the range that nine in ten fall into. The forecast scores 67.0 days",
        ),
    ],
)
def test_outcomes_in_words(
    outcome: tuple[str, ...], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "today", lambda: dt.date(2030, 1, 1))
    assert expected in words(FLAGSHIP, *outcome)


def test_json_is_what_python_returns() -> None:
    printed = call("score", FLAGSHIP, "--happened", "2025-03-14", "--by", "2025-03-01", "--json")
    tree = json.loads(printed.stdout)
    loaded = simulate.load(FLAGSHIP).asking(by=[dt.date(2025, 3, 1)])
    found = simulate.score(loaded, happened="2025-03-14")
    assert tree == json.loads(json.dumps(found.to_dict()))
    assert [by["date"] for by in tree["forecast"]["by"]] == ["2025-03-01", "2025-04-15"]
    assert [by["happened"] for by in tree["straight_line"]["by"]] == [False, True]
    assert tree["outcome"] == {"first": "2025-03-14", "last": "2025-03-14"}
    assert tree["straight_line"]["date"] == "2025-03-08"
    assert set(found.files()) == {"score.json", "score.csv", "index.html"}
    result = simulate.run(loaded)
    assert simulate.score(result, happened=dt.date(2025, 3, 14)).to_dict() == found.to_dict()
    assert simulate.score(result, not_by="2025-03-14").assessment.resolution.last is None


def test_a_folder_is_scored_as_its_scenario(here: Path) -> None:
    call(*RUN, "--out", "out", "--picture", "svg")
    ways = ("--happened", "2025-04-30", "--json")
    assert call("score", "out", *ways).stdout == call("score", "s.yaml", *ways, "-n", "1024").stdout
    text = (here / "out" / "result.json").read_text(encoding="utf-8")
    changed = text.replace('"restricted_mean_days": 1', '"restricted_mean_days": 2')
    assert changed != text
    (here / "out" / "result.json").write_text(changed, encoding="utf-8")
    assert "so it is not scored" in call("score", "out", *ways, code=7).stderr
    assert "options that change a run" in call("score", "out", *ways, *FEW, code=2).stderr


@pytest.mark.usefixtures("here", "then")
def test_from_the_forecast_to_the_track_record(monkeypatch: pytest.MonkeyPatch) -> None:
    added = call("score", "s.yaml", "--register", "f.jsonl", *FEW)
    other = ("--set", "force.size=10000")
    call("score", "s.yaml", *other, "--register", "f.jsonl", *FEW, "-q")
    assert "2 forecasts; no outcome is known yet." in words("f.jsonl")
    at_the_end(monkeypatch)
    key = added.stderr.split()[1]
    ways = ("--happened", "2025-04-30", "--source", "NIS")
    first = call("score", "f.jsonl", "--forecast", key, *ways, "--json")
    call("score", "s.yaml", *other, "--register", "f.jsonl", *FEW, "--not-by", "2025-04-30")
    printed = words("f.jsonl")
    assert "2 forecasts; the outcome of 2 is known." in printed
    assert "Mean CRPS" in printed
    assert "(1 of 2 had not happened, and count up to that date)." in printed
    assert printed.count(" T 2025-01-20 ") == 2
    assert "90 % 1 of 2 (50 %)" in printed
    tree = json.loads(call("score", "f.jsonl", "--json").stdout)
    assert tree["resolved"] == 2
    assert [one["source"] for one in tree["forecasts"]] == ["NIS", ""]
    known = json.loads(first.stdout)
    assert tree["forecasts"][0]["forecast"] == known["forecast"]
    direct = simulate.score("s.yaml", happened="2025-04-30", draws=4096).assessment
    days = known["forecast"]["crps_days"]
    assert days == pytest.approx(direct.forecast.crps_days, abs=0.1)  # of fewer knots
    assert set(simulate.score_register("f.jsonl").files()) == {
        "register.json",
        "register.csv",
        "index.html",
    }


@pytest.mark.usefixtures("here", "then")
def test_an_outcome_is_corrected_on_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = simulate.register("s.yaml", "f.jsonl", draws=1024)
    at_the_end(monkeypatch)
    ways = ("score", "f.jsonl", "--forecast", entry.id[:8], "--json", "--happened")
    call(*ways, "2025-05-01")
    before = Path("f.jsonl").read_bytes()
    call(*ways, "2025-05-01")
    assert Path("f.jsonl").read_bytes() == before
    with pytest.raises(
        simulate.ScenarioError, match=r"contradicts what is recorded: 1 May 2025\n.*correct=True"
    ):
        call(*ways, "2025-05-02")
    assert Path("f.jsonl").read_bytes() == before
    call(*ways, "2025-05-02", "--correct")
    assert len(Path("f.jsonl").read_bytes().splitlines()) == 3
    assert "2025-05-02" in words("f.jsonl")
    assert "--correct goes with an outcome" in call("score", "f.jsonl", "--correct", code=2).stderr


@pytest.mark.usefixtures("here", "then")
def test_what_refines_an_outcome_needs_no_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    key = simulate.register("s.yaml", "f.jsonl", draws=1024).id[:8]
    at_the_end(monkeypatch)

    def add(*way: str) -> None:
        call("score", "f.jsonl", "--forecast", key, *way, "--source", "NIS", "-q")

    add("--not-by", "2025-03-01")
    add("--not-by", "2025-04-01")
    for way in (("--happened", "2025-04-01"), ("--between", "2025-03-01", "2025-03-31")):
        with pytest.raises(
            simulate.ScenarioError, match=r"contradicts what is recorded: not by 1 April 2025\n.*co"
        ):
            add(*way)
    add("--between", "2025-04-02", "2025-05-31")
    add("--happened", "2025-05-01")
    assert len(Path("f.jsonl").read_bytes().splitlines()) == 5
    with pytest.raises(simulate.ScenarioError, match="contradicts what is recorded: 1 May 2025"):
        add("--not-by", "2025-05-10")
    add("--not-by", "2025-05-10", "--correct")
    (entry,) = simulate.score_register("f.jsonl").forecasts.entries
    assert entry.outcome is not None
    assert entry.outcome.resolution == Resolution.not_by(dt.date(2025, 5, 10))


@pytest.mark.usefixtures("here", "then")
def test_an_outcome_without_a_source_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    simulate.register("s.yaml", "f.jsonl", draws=1024)
    at_the_end(monkeypatch)
    way = ("score", "s.yaml", "-n", "1024", "--register", "f.jsonl", "--happened", "2025-05-01")
    warning = "who says so? The outcome is recorded without a source"
    assert warning in call(*way, "-q").stderr
    assert warning in " ".join(call(*way).stdout.split())
    named = call(*way, "--source", "NIS")
    assert "without a source" not in named.stdout + named.stderr
    (entry,) = simulate.score_register("f.jsonl").forecasts.entries
    assert entry.outcome is not None
    assert entry.outcome.source == "NIS"


@pytest.mark.usefixtures("here", "then")
def test_a_forecast_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    way = ("score", "s.yaml", "--register", "f.jsonl", *FEW)
    assert " is in f.jsonl; once the outcome" in call(*way).stderr
    before = Path("f.jsonl").read_bytes()
    again = call(*way)
    assert " was already in f.jsonl, made on 20 January 2025; once the outcome" in again.stderr
    assert "warning" not in again.stderr
    monkeypatch.setattr(registers, "today", lambda: MADE + dt.timedelta(days=1))
    for other in (("--seed", "2"), ("-n", "1024")):
        found = call("score", "s.yaml", "--register", "f.jsonl", *FEW, *other)
        assert "warning: a scenario counts once" in found.stderr
        assert "1 forecast; no outcome is known yet." in found.stdout
    assert Path("f.jsonl").read_bytes() == before
    call("score", "s.yaml", "--register", "f.jsonl", *FEW, "--set", "force.size=9000")
    assert len(Path("f.jsonl").read_bytes().splitlines()) == 2


@pytest.mark.usefixtures("here", "then")
def test_a_day_that_is_not_over_cannot_be_without_the_event() -> None:
    today = MADE.isoformat()
    with pytest.raises(simulate.ScenarioError, match=rf"{today} is not over.*\n.*its day"):
        call("score", "s.yaml", "--not-by", today, *FEW)
    call("score", "s.yaml", "--not-by", "2025-01-19", *FEW, "-q")
    call("score", "s.yaml", "--happened", today, *FEW, "-q")


@pytest.mark.usefixtures("here", "then")
def test_files_of_a_score() -> None:
    call("score", "s.yaml", "--register", "f.jsonl", *FEW, "--out", "out", "-q")
    call("score", "s.yaml", "--happened", "2025-01-19", *FEW, "--out", "one", "-q")
    for folder, stem in (("out", "register"), ("one", "score")):
        names = {path.name for path in Path(folder).iterdir()}
        assert names == {f"{stem}.json", f"{stem}.csv", "index.html"}
    row = Path("out", "register.csv").read_text(encoding="utf-8").splitlines()[1]
    assert row.endswith("100 %,2025-04-09,2025-04-25,2025-05-16")
    with pytest.raises(simulate.FileError, match="force=True"):
        call("score", "f.jsonl", "--out", "out")
    call("score", "f.jsonl", "--out", "out", "--force", "-q")


@pytest.mark.usefixtures("here", "then")
def test_python_keeps_a_register_too(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = simulate.register("s.yaml", "f.jsonl", draws=1024)
    assert entry.made_on == MADE
    at_the_end(monkeypatch)
    simulate.record_outcome("f.jsonl", entry.id[:8], happened="2025-05-01", source="HUR")
    found = simulate.score_register("f.jsonl")
    assert found.headlines()[0] == "1 forecast; the outcome of 1 is known."
    with pytest.raises(simulate.ScenarioError, match="no forecast whose id begins with 'zz'"):
        simulate.record_outcome("f.jsonl", "zz", happened="2025-05-01")


@pytest.mark.usefixtures("here", "then")
def test_the_register_refuses_what_was_known() -> None:
    call("score", "s.yaml", "--register", "f.jsonl", *FEW)
    before = Path("f.jsonl").read_bytes()
    for way in (("--happened", "2025-01-19"), ("--between", "2025-01-10", "2025-01-19")):
        with pytest.raises(simulate.ScenarioError, match="was known on 19 January 2025, before"):
            call("score", "s.yaml", "--register", "f.jsonl", *FEW, *way)
    way = ("--between", "2025-01-10", "2025-01-20")
    with pytest.raises(simulate.ScenarioError, match=r"can lie before .*made, on 20 January"):
        call("score", "s.yaml", "--register", "f.jsonl", *FEW, *way)
    with pytest.raises(simulate.ScenarioError, match="does not hold this forecast"):
        call("score", POINT, "--register", "f.jsonl", *FEW, "--happened", "2025-01-20")
    assert Path("f.jsonl").read_bytes() == before
    call("score", "s.yaml", "--happened", "2025-01-19", *FEW)  # without the register it is scored


def test_reports_later_than_the_outcome_are_hindsight() -> None:
    """The register refuses such an outcome; without it, the score says so."""
    result = simulate.run(Path(FLAGSHIP).with_name("kursk-update.yaml"), draws=8192)
    assert result.update is not None
    latest = max(report.date for report in result.update.reports)
    (warning,) = simulate.score(result, happened=latest - dt.timedelta(1)).warnings
    assert warning.startswith("the forecast was updated on a report of ")
    assert warning.endswith("could be known: it is no forecast of it")
    assert not simulate.score(result, happened=latest).warnings
    assert not simulate.score(result, not_by=latest).warnings
    plain = simulate.run(FLAGSHIP, draws=1024)
    assert not simulate.score(plain, happened=plain.summary.origin).warnings
    with pytest.raises(TypeError, match=r"^draws, seed: a result has been run"):
        simulate.score(result, happened=latest, draws=1024, seed=2)


@pytest.mark.usefixtures("here", "then")
def test_a_forecast_is_known_by_what_register_returns() -> None:
    entry = simulate.register("s.yaml", "f.jsonl", draws=1024)
    found = [
        simulate.record_outcome("f.jsonl", forecast, happened=MADE, source="a")
        for forecast in (entry, entry.record, entry.id)
    ]
    assert found[0] == found[1] == found[2]


@pytest.mark.usefixtures("here")
def test_a_horizon_that_has_passed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_end(monkeypatch)
    ways = ("score", "s.yaml", "--register", "f.jsonl", *FEW)
    words = "warning: the horizon, 1 March 2025, has passed: no outcome can be added"
    assert words in call(*ways, "--set", "horizon=2025-03-01").stderr
    assert "warning" not in call(*ways, "--set", "horizon=2026-03-01").stderr


@pytest.mark.usefixtures("here", "then")
def test_the_new_entry_alone_is_shown() -> None:
    """With its median and 90 % range, as `run` has them, up to the thinning of its distribution."""
    call("score", "s.yaml", "--register", "f.jsonl", *FEW)
    late = ("--set", "horizon=2025-04-26", "--set", "title=Another one")
    added = call("score", "s.yaml", "--register", "f.jsonl", *FEW, *late)
    printed = " ".join(added.stdout.split())
    assert "2 forecasts; no outcome is known yet. What was forecast" in printed
    assert "2025-04-09 Another one" in printed
    assert "not by" in printed
    assert "2025-05-16" not in printed
    tree = json.loads(call("score", "f.jsonl", "--json").stdout)
    dates = [[one["date"] for one in each["quantiles"]] for each in tree["forecasts"]]
    result = simulate.run("s.yaml", draws=4096)
    assert dates[0] == [str(result.quantile(p).date) for p in (0.05, 0.5, 0.95)]
    assert dates[1][-1] is None
    assert words("f.jsonl").count("2025-05-16") == 1


@pytest.mark.usefixtures("here", "then")
def test_an_outcome_known_already(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = simulate.register("s.yaml", "f.jsonl", draws=1024)
    at_the_end(monkeypatch)
    simulate.record_outcome("f.jsonl", entry, happened="2025-05-01", source="NIS")
    before = Path("f.jsonl").read_bytes()
    again = simulate.record_outcome("f.jsonl", entry, happened="2025-05-01")
    assert not again.warnings
    with pytest.raises(simulate.ScenarioError, match="1 May 2025, is already recorded, from NIS"):
        simulate.record_outcome("f.jsonl", entry, happened="2025-05-01", source="HUR")
    assert Path("f.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("s.yaml",), 2, "give the outcome with --happened"),
        (("s.yaml", "--happened", "2025-04-01", "--not-by", "2025-05-01"), 2, "give one outcome"),
        (("s.yaml", "--happened", "April"), 2, "'April' is not a date"),
        (("s.yaml", "--happened", "2025-04-01", "--source", "x"), 2, "goes with --register"),
        (("s.yaml", "--happened", "2025-04-01", "--forecast", "ab"), 2, "goes with a register"),
        (("f.jsonl", "--forecast", "", "--not-by", "2025-05-01"), 3, "the forecast is empty"),
        (("f.jsonl", "--register", "g.jsonl"), 2, "is a register itself"),
        (("f.jsonl", "--happened", "2025-04-01"), 2, "go together"),
        (("f.jsonl", "--forecast", "ab"), 2, "go together"),
        (("f.jsonl", "--seed", "1"), 2, "go with a scenario"),
        (("f.jsonl", "--forecast", "ab", "--not-by", "2025-05-01", "-n", "9"), 2, "go with a"),
        (("s.yaml", "--register", "f.jsonl", "--source", "x"), 2, "goes with --register"),
        (("f.jsonl",), 4, "cannot read f.jsonl"),
        (("s.yaml", "--happened", "2999-04-01"), 3, "2999-04-01 has not come yet"),
        (("s.yaml", "--happened", "2024-12-05"), 3, "5 December 2024, lies before the scenario"),
        (("s.yaml", "--not-by", "2024-12-05"), 3, "not by 5 December 2024, lies before"),
        (("s.yaml", "--between", "2025-04-01", "2025-03-01"), 3, "before it begins on 2025-04-01"),
        (("s.yaml", "--happened", "2025-04-01", "--threshold", "0.7"), 3, "0.7 is not among the"),
        (("s.yaml", "--register", "f.jsonl", "--happened", "2025-04-01"), 4, "forecast first, th"),
        (("s.yaml", "--register", "f.json"), 4, "its name must end in .jsonl"),
        (("s.yaml", "--register", "nowhere/f.jsonl"), 4, "cannot write 'nowhere/f.jsonl'"),
    ],
)
@pytest.mark.usefixtures("here")
def test_refusals(arguments: tuple[str, ...], code: int, expected: str, whole: Whole) -> None:
    found = whole("score", *arguments)
    assert (found.code, expected in found.err) == (code, True), found.err
    assert not list(Path().glob("*.jsonl"))
