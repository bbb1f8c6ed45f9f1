"""What the commands print and write when all is well."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from simulate.cli import cli
from simulate.scenario.loader import load, load_mapping
from tests.cli.process import CONFIGS, FLAGSHIP, LEDGER, POINT, call, environment


def test_the_result_line_alone() -> None:
    printed = call("run", POINT, "-q", "-n", "1024").stdout
    assert printed == "Whole force (100 %) lost: 14 April 2025\n"


def test_json_is_one_text_whatever_the_number_of_files() -> None:
    one = json.loads(call("run", POINT, "--json", "-n", "1024").stdout)
    assert one["schema_version"] == 1
    assert one["run"]["draws"] == 1024
    two = json.loads(call("run", POINT, FLAGSHIP, "--json", "-n", "1024").stdout)
    assert two[0] == one
    assert two[1]["scenario"]["file"] == "kursk-isw.yaml"


def test_options_reach_the_run() -> None:
    arguments = ("-n", "2k", "--seed", "7", "--method", "random", "--by", "2025-03-01")
    found = json.loads(
        call("run", FLAGSHIP, "--json", *arguments, "--level", "0.9", "--level", "0.1").stdout
    )
    assert found["run"]["draws"] == 2000
    assert (found["run"]["seed"], found["run"]["method"]) == (7, "random")
    outcome = found["outcomes"][-1]
    assert [by["date"] for by in outcome["by"]] == ["2025-03-01", "2025-04-15"]
    assert [quantile["level"] for quantile in outcome["quantiles"]] == [0.1, 0.9]


def test_overrides_are_recorded_and_change_the_digest() -> None:
    before = json.loads(call("run", POINT, "--json", "-n", "8").stdout)["scenario"]
    override = "losses.as_of=2025-01-04"
    after = json.loads(call("run", POINT, "--json", "-n", "8", "--set", override).stdout)
    assert after["scenario"]["overrides"] == [override]
    assert after["scenario"]["digest"] != before["digest"]
    assert after["outcomes"][-1]["median"]["date"] == "2025-03-07"


def test_out_writes_all_that_is_needed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    call("run", FLAGSHIP, "-q", "-n", "4096", "--out", str(folder), "--picture", "pdf")
    assert not any(path.stem in ("histogram-30", "cdf") for path in folder.iterdir())
    call(
        *("run", FLAGSHIP, "-q", "-n", "4096", "--out", str(folder), "--picture", "pdf"),
        *("--pictures", "all", "--force"),
    )
    names = {path.name for path in folder.iterdir()}
    assert {"result.json", "run.json", "quantiles.csv", "intervals.csv", "histogram.csv"} < names
    assert {"histogram.pdf", "histogram.txt", "histogram-30.pdf", "histogram-50.pdf"} < names
    assert {"cdf.pdf", "dotplot.pdf"} < names
    page = re.sub("<[^>]*>", "", (folder / "index.html").read_text(encoding="utf-8"))
    assert (folder / "citation.txt").read_text(encoding="utf-8").splitlines()[0] in page
    with (folder / "quantiles.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 3 * 5
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    again = load_mapping(record["scenario"])
    assert again.digest == record["digest"] == load(FLAGSHIP).digest


@pytest.mark.usefixtures("undrawn_pages")
def test_several_files_have_a_folder_each(tmp_path: Path) -> None:
    call("run", POINT, FLAGSHIP, "-q", "-n", "8", "--out", str(tmp_path), "--picture", "svg")
    assert (tmp_path / "kursk-isw" / "result.json").is_file()
    assert (tmp_path / "kursk-isw-point" / "result.json").is_file()


def test_the_same_run_writes_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "seven"]
    for folder, workers in zip(folders, ("1", "7"), strict=True):
        call("run", FLAGSHIP, "-q", "-n", "1M", "--workers", workers, "--out", str(folder))
    for path in folders[0].iterdir():
        if path.name != "run.json":  # it holds the time
            assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


CAMPAIGN = str(CONFIGS / "kursk-campaign.yaml")
DRIFT = "rate={drift: {sd: 0.3, correlation_days: 20}}"
COUNTS_FORKS = """\
import os, sys
begun = []
os.register_at_fork(after_in_parent=lambda: begun.append(1))
from simulate.cli import main
try:
    main()
finally:
    sys.__stderr__.write(f"{len(begun)} forks")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads do the work")
@pytest.mark.parametrize(
    "command",
    [
        ("run", CAMPAIGN, "-n", "8192", "--strength"),
        ("run", FLAGSHIP, "-n", "16384", "--set", DRIFT, "--precision", "3"),
        ("sensitivity", FLAGSHIP, "-n", "1024", "--set", DRIFT),
        ("compare", CAMPAIGN, FLAGSHIP, "-n", "16384"),
        ("sweep", CAMPAIGN, "-n", "16384", "--set", "force.size=11000,12000"),
    ],
    ids=lambda command: command[0],
)
def test_forks_give_the_same_bytes(command: tuple[str, ...]) -> None:
    texts = {}
    for workers in (1, 3):
        words = (sys.executable, "-c", COUNTS_FORKS, *command, "--json", "--workers", str(workers))
        found = subprocess.run(
            words, capture_output=True, check=True, env=environment(), timeout=120
        )
        forks = int(found.stderr.split()[-2])
        assert forks % workers == 0
        assert (forks > 0) == (workers > 1)
        texts[workers] = found.stdout
    assert len(texts[1]) > 1000
    assert texts[1] == texts[3]


LATER = (
    "title: T\nforce: {size: 12000}\n"
    "losses: {count: 3800, start: 2024-12-06, as_of: 2025-01-16}\n"
    "observed: [{label: '=NIS', date: 2025-02-15, losses: {distribution: uniform, low: 4700, "
    "high: 5000}}]\n"
)


@pytest.mark.usefixtures("undrawn_pages")
def test_strength_is_shown_and_written(tmp_path: Path) -> None:
    plain = call("run", FLAGSHIP, "-n", "4096").stdout
    shown = call("run", FLAGSHIP, "-n", "4096", "--strength").stdout
    table, _, rest = shown.partition("Soldiers present and soldiers lost at the end of each date")
    assert rest
    assert plain.startswith(table.rstrip())
    assert max(map(len, shown.splitlines())) <= 80
    assert "date        present P5  present P50  present P95  lost P5  lost P50  lost P95" in rest
    folders = [tmp_path / "one", tmp_path / "seven"]
    for folder, workers in zip(folders, ("1", "7"), strict=True):
        options = ("--strength", "--workers", workers, "--out", str(folder), "--picture", "svg")
        call("run", FLAGSHIP, "-q", "-n", "4096", *options)
    names = {path.name for path in folders[0].iterdir()}
    assert {"strength.csv", "strength.svg", "strength.txt"} < names
    assert "observed.csv" not in names
    for name in names - {"run.json"}:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    with (folders[0] / "strength.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["quantity", "date", "level", "value", "mc_error"]
    found = json.loads((folders[0] / "result.json").read_text(encoding="utf-8"))["strength"]
    assert len(rows) == 2 * 5 * len(found["dates"])
    last = [float(row["value"]) for row in rows if row["quantity"] == "lost"][-1]
    assert last == found["lost"][-1]["values"][-1]
    assert json.loads((folders[0] / "run.json").read_text())["run"]["strength"] is True
    without, asked = (
        json.loads(call("run", FLAGSHIP, "--json", "-n", "8", *more).stdout)
        for more in ((), ("--strength",))
    )
    assert without["scenario"] == asked["scenario"]
    assert set(asked) - set(without) == {"strength"}


def test_counts_published_later_are_always_told(tmp_path: Path) -> None:
    file = tmp_path / "later.yaml"
    file.write_text(LATER, encoding="utf-8")
    brief, shown = (
        " ".join(call("run", str(file), "-n", "4096", *more).stdout.split())
        for more in ([], ["-v"])
    )
    assert "Counts published later, among the simulated losses" in brief
    assert "=NIS, 15 Feb 2025: 4,715 to 4,985, below the 1st percentile" in brief
    assert "simulated: median" not in brief
    # 3800 / 41 a day over 71 days are 6,580 in every draw.
    assert "=NIS: 4,715 to 4,985 units by 15 February 2025" in shown
    assert "fall below the 1st percentile of the simulated losses; simulated: median 6,580" in shown
    found = json.loads(call("run", str(file), "-n", "4096", "--json").stdout)
    assert "strength" not in found
    assert [at["level"] for at in found["observed"][0]["reported"]] == [0.0, 0.0, 0.0]
    out = ("--out", str(tmp_path / "out"))
    call("run", str(file), "-q", "-n", "4096", *out, "--pictures", "none")
    assert not (tmp_path / "out" / "strength.csv").exists()
    with (tmp_path / "out" / "observed.csv").open(encoding="utf-8") as csv_file:
        rows = list(csv.DictReader(csv_file))
    assert [row["label"] for row in rows] == ["'=NIS"] * 3
    assert [float(row["losses"]) for row in rows] == [4715.0, 4850.0, 4985.0]
    assert float(rows[0]["simulated_p50"]) == pytest.approx(6580.49, abs=0.005)


def test_a_scenario_from_standard_input() -> None:
    text = Path(POINT).read_text(encoding="utf-8")
    assert "14 April 2025" in call("run", "-", "-q", "-n", "8", input=text).stdout


def test_check_names_each_file() -> None:
    result = call("check", POINT, FLAGSHIP)
    assert [line.split(": ")[1][:5] for line in result.stdout.splitlines()] == ["valid", "valid"]
    assert not call("check", POINT, "--quiet").stdout


def test_check_warns_of_what_may_happen() -> None:
    late = "{distribution: uniform, low: 2024-12-01, high: 2025-01-01}"
    result = call("check", FLAGSHIP, "--set", f"losses.start={late}")
    _, _, warnings = result.stdout.partition("\n\nWarnings\n- ")
    assert "losses.start can fall after losses.as_of" in " ".join(warnings.split())


def test_describe_shows_each_input() -> None:
    printed = call("describe", FLAGSHIP).stdout
    for name in ("force.size", "losses.count", "losses.as_of", "losses.start"):
        assert f"\n{name}\n" in printed
    assert "triangular low 10,000, mode 12,000, high 12,500" in printed
    assert "90 % between 2024-12-27 and 2025-01-14" in printed
    documents = json.loads(call("describe", FLAGSHIP, "--json").stdout)
    assert documents[0]["mean"] == pytest.approx(11500, rel=1e-12)


@pytest.mark.usefixtures("undrawn_pages")
def test_claims_are_pooled(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    text = call("run", LEDGER, "-n", "4096", "--out", str(folder), "--pictures", "none").stdout
    assert "Days by which" not in text
    more = call("run", LEDGER, "-v", "-n", "4096").stdout
    assert "\nClaims\n" in more
    assert more.count("Days by which dates move without a source") == 3
    assert max(map(len, more.splitlines())) <= 80
    assert {"claims.csv", "leave_one_out.csv"} < {path.name for path in folder.iterdir()}
    found = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert [left["claims"] for left in found["ledger"]["leave_one_out"]] == [
        [1],
        [2, 3, 4],
        [5],
        [6],
    ]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert load_mapping(record["scenario"]).digest == record["digest"] == load(LEDGER).digest


@pytest.mark.usefixtures("undrawn_pages")
def test_claims_one_by_one(tmp_path: Path) -> None:
    each = ("run", LEDGER, "--set", "losses.pooling=each", "-n", "4096")
    text = call(*each, "--out", str(tmp_path), "--pictures", "none").stdout
    assert text.count("President Zelensky") == 3
    assert "Flow, compared and not pooled: John Kirby" in text
    assert "To cite" not in text
    assert max(map(len, text.splitlines())) <= 80
    names = sorted(path.name for path in tmp_path.glob("claim-*"))
    assert names == [f"claim-{number}" for number in range(1, 7)]
    several = json.loads(call(*each, "--json").stdout)
    assert len(several) == 6
    one = json.loads((tmp_path / "claim-3" / "result.json").read_text(encoding="utf-8"))
    assert several[2] == one
    assert one["scenario"]["title"].endswith("pooled, claim 3: President Zelensky")
    lines = call(*each, "-q").stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"claim {n}" for n in range(1, 7)]
    assert call(*each, "-v").stdout.count("To cite") == 6


@pytest.mark.usefixtures("undrawn_pages")
def test_claims_one_by_one_among_other_files(tmp_path: Path) -> None:
    file = tmp_path / "each.yaml"
    file.write_text(
        "title: T\nforce: {size: 12000}\nlosses:\n  start: 2024-12-06\n  pooling: each\n"
        "  claims: [{count: 3800, as_of: 2025-01-16}]\n"
    )
    both = ("run", POINT, str(file), "-n", "8")
    assert len(json.loads(call(*both, "--json").stdout)) == 2
    assert len(json.loads(call("run", str(file), "-n", "8", "--json").stdout)) == 1
    call(*both, "-q", "--out", str(tmp_path / "out"), "--picture", "svg")
    assert (tmp_path / "out" / "kursk-isw-point" / "result.json").is_file()
    assert (tmp_path / "out" / "each" / "claim-1" / "result.json").is_file()


def test_a_source_is_printed_once() -> None:
    printed = " ".join(call("describe", str(CONFIGS / "apnic-2011.yaml")).stdout.split())
    assert printed.count("Tony Hain, 2 February 2011, 3 blocks") == 1
    assert printed.count("source: as force.size") == 2


def test_describe_lists_the_claims_and_what_is_pooled() -> None:
    printed = call("describe", LEDGER).stdout
    for name in (
        "losses.claims[0].count",
        "losses.claims[6].as_of",
        "losses.count",
        "losses.as_of",
    ):
        assert f"\n{name}\n" in printed
    flat = " ".join(printed.split())
    assert "linear pool of 6 claims, weights 3 : 1 : 1 : 1 : 3 : 3" in flat
    assert flat.endswith("; losses.claims[6] is a flow of 7 days, not pooled")
    each = " ".join(call("describe", LEDGER, "--set", "losses.pooling=each").stdout.split())
    assert "Pooling: 6 claims, each by itself;" in each
    assert "source: losses.claims[0]" not in each
    assert "Pooling" not in call("describe", FLAGSHIP).stdout


def test_the_starter_runs_and_fits_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "claim.yaml"
    assert "simulate run" in call("init", str(file)).stdout
    assert file.read_text(encoding="utf-8") == call("init").stdout
    assert "12 August to 17 December 2024" in call("run", str(file), "-q").stdout
    schema = json.loads(call("schema").stdout)
    jsonschema.Draft7Validator(schema).validate(load(file).resolved)


def test_python_dash_m() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "simulate", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert printed.startswith("simulate, version ")


@pytest.mark.usefixtures("undrawn_pages")
def test_a_precision_asked_for(tmp_path: Path) -> None:
    options = ("--precision", "0.5", "--out", str(tmp_path / "out"), "--picture", "svg")
    shown = " ".join(call("run", FLAGSHIP, *options).stdout.split())
    assert "Requested precision of 0.5 days: reached, largest error 0." in shown
    assert "shortest intervals are omitted because their ends are less precise." in shown
    assert "stable to the day" not in shown
    assert "~" not in shown
    record = json.loads((tmp_path / "out" / "run.json").read_text())["run"]
    assert record["precision"] == {"asked_days": 0.5, "most_draws": 2**27}


@pytest.mark.usefixtures("undrawn_pages")
def test_a_precision_that_is_not_reached(tmp_path: Path) -> None:
    options = ("run", FLAGSHIP, "--precision", "0.001", "-n", "8192")
    said = (
        "Requested precision of 0.001 days: not reached with 8,192 draws, the most allowed: "
        "30 % P2.5 ±"
    )
    full = call(*options, "--out", str(tmp_path / "out"), code=6)
    assert said in " ".join(full.stdout.split())
    assert full.stderr.startswith("wrote ")
    assert (tmp_path / "out" / "run.json").is_file()
    for option in ("-q", "--json"):
        found = call(*options, option, code=6)
        assert found.stderr.startswith(said)
    assert json.loads(found.stdout)["run"]["precision"]["reached"] is False


@pytest.mark.parametrize("days", ["0", "-1", "abc", "nan", "inf", "1e999"])
def test_a_precision_that_is_none(days: str) -> None:
    found = call("run", POINT, "--precision", days, code=2)
    assert "is not a number of days from 0.000001 up" in found.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--method", "random"),
        ("--method", "sobol"),
        ("--method", "latin-hypercube"),
        ("--strength",),
        ("--set", "losses.start=2024-12-01"),
    ],
    ids=lambda options: options[-1],
)
def test_precision_goes_with_all_that_is_asked(options: tuple[str, ...]) -> None:
    found = json.loads(call("run", FLAGSHIP, "--precision", "1", "--json", *options).stdout)
    assert found["run"]["precision"]["reached"] is True


def test_precision_of_one_result_a_claim() -> None:
    each = ("--set", "losses.pooling=each", "--precision", "2", "--json")
    assert all(one["run"]["precision"] for one in json.loads(call("run", LEDGER, *each).stdout))


def test_draws_are_saved(tmp_path: Path) -> None:
    for name in ("draws.csv", "draws.npz", "draws.parquet"):
        options = ("-q", "-n", "1024", "--save-draws", str(tmp_path / name))
        call("run", FLAGSHIP, *options)
        again = CliRunner().invoke(cli, ["run", FLAGSHIP, *options])
        assert "already exists" in str(again.exception)
        assert not again.stdout
        call("run", FLAGSHIP, *options, "--force")
    with (tmp_path / "draws.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 1024


def test_draws_of_several_results_are_not_saved(tmp_path: Path) -> None:
    found = call("run", POINT, FLAGSHIP, "--save-draws", str(tmp_path / "d"), code=2)
    assert "--save-draws takes one result" in found.stderr
    assert not list(tmp_path.iterdir())
