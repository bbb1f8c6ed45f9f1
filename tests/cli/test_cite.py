"""`simulate cite`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import datetime as dt
import json
import os
import pickle
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli
from simulate.cli.spelling import shell_text
from simulate.errors import FileError, ThresholdError
from simulate.report.data.run_files import claim_folders
from tests.cli import process
from tests.cli.process import FLAGSHIP, LEDGER, POINT
from tests.report.readers import bib_entry, tex_commands

FEW = ("-n", "4096")


call = partial(process.call, "cite")


def test_sentence_note_and_reference() -> None:
    lines = call(POINT, *FEW).stdout.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("At 92.7 soldiers a day, the pace reported for 6 December 2024 to")
    ends = (
        "would be lost by 14 April 2025. That is before 15 April 2025, the date ISW gave as "
        "“mid-April 2025”."
    )
    assert lines[0].endswith(f"the whole force of 12,000 {ends}")
    assert lines[1].startswith("No input is uncertain, so every simulation gives this date.")
    assert lines[2].startswith("The whole force (100 %) would be lost on 14 April 2025, under")
    assert lines[3].startswith(
        "Note: no input is uncertain, so every simulation gives the same date"
    )
    year = dt.datetime.now(dt.UTC).year
    assert lines[4].startswith(f"Reference: The simulate developers ({year}): simulate ")


def test_the_same_sentence_as_a_run_prints() -> None:
    printed = CliRunner().invoke(cli, ["run", FLAGSHIP, *FEW, "-v"]).stdout
    wrapped = " ".join(printed.partition("To cite\n")[2].split())
    cited = call(FLAGSHIP, *FEW).stdout
    news, caution, sentence, note, _ = cited.splitlines()
    assert news in wrapped
    assert caution in " ".join(printed.split())
    assert note in wrapped
    assert sentence.partition(" By the published date")[0] in wrapped


def test_options_reach_the_citation() -> None:
    asked = (
        "--seed",
        "7",
        "--method",
        "sobol",
        "--set",
        "losses.start=2024-12-01",
        "--level",
        ".1",
    )
    choices = ("--threshold", "0.5", "--interval", "0.7", "--by", "2025-02-01", "--words", "ipcc")
    found = tex_commands(
        call(FLAGSHIP, *FEW, *asked, *choices, "--prose", "--format", "latex").stdout
    )
    assert found["DepletionThreshold"] == "50 %"
    assert found["DepletionIntervalProbability"] == "70 %"
    assert "15th to 85th percentile" in found["DepletionSentence"]
    assert (found["DepletionSeed"], found["DepletionMethod"]) == ("7", "sobol")
    assert "changed by losses.start=2024-12-01" in found["DepletionReference"]
    assert found["DepletionByOneDate"] == "1 February 2025"
    assert found["DepletionByOneWords"].endswith("on the IPCC scale")
    assert {"DepletionPTen", "DepletionThirtyPTen"} < set(found)
    assert "DepletionPFive" not in found


def test_a_file_is_written_and_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "figures.bib"
    assert call(POINT, *FEW, "--format", "bibtex", "-o", str(target)).stdout == ""
    first = target.read_bytes()
    assert bib_entry(first.decode())[2]["note"].startswith("4,096 draws, seed 0")
    refused = CliRunner().invoke(cli, ["cite", POINT, *FEW, "-o", str(target)])
    assert "already exists" in str(refused.exception)
    assert target.read_bytes() == first
    call(POINT, *FEW, "-o", str(target), "--force")
    assert "\nThe whole force" in target.read_text(encoding="utf-8")


@pytest.mark.usefixtures("undrawn_pages")
def test_a_result_is_cited_as_it_was_run(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    arguments = ["run", FLAGSHIP, "-q", *FEW, "--seed", "3", "--out", str(folder)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    expected = call(FLAGSHIP, *FEW, "--seed", "3", "--format", "latex").stdout
    for name in ("", "result.json", "run.json"):
        assert call(str(folder / name), "--format", "latex").stdout == expected
    for options in (("-n", "8"), ("--by", "2025-01-01"), ("--set", "force.size=1")):
        assert "options that change a run" in call(str(folder), *options, code=2).stderr
    with pytest.raises(ThresholdError, match=r"0\.4 is not among the thresholds"):
        call(str(folder), "--threshold", ".4")
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    result["outcomes"][0]["depleted_probability"] = 0.5
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    different = call(str(folder), code=7)
    assert different.stdout == ""
    assert "simulate reproduce" in different.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--threshold", "2"), "is not a share above 0 up to 1; write 0.02"),
        (("--interval", "90"), "is not a probability between 0 and 1; write 0.9"),
        (("--words", "nato"), "'icd203', 'ipcc'"),
        (("--format", "word"), "'bibtex'"),
        (("--format", "latex", "--form", "news"), "latex has both forms"),
        (("--force",), "-o FILE"),
        (("--json",), "No such option"),
    ],
)
def test_wrong_options_name_a_way_out(options: tuple[str, ...], words: str) -> None:
    refused = call(FLAGSHIP, *FEW, *options, code=2)
    assert words in refused.stderr
    assert refused.stdout == ""


def test_the_way_out_is_one() -> None:
    with pytest.raises(ThresholdError) as caught:
        call(FLAGSHIP, *FEW, "--threshold", "0.4")
    assert "--set 'thresholds=[0.3, 0.4, 0.5, 1.0]'" in shell_text(caught.value)
    added = ("--set", "thresholds=[0.3, 0.4, 0.5, 1]", "--threshold", "0.4")
    assert "\n40 % of the force would be lost" in call(FLAGSHIP, *FEW, *added).stdout


def test_the_sentence_for_a_newspaper_alone() -> None:
    whole = call(POINT, *FEW).stdout.splitlines()
    assert call(POINT, *FEW, "--form", "news").stdout.splitlines() == whole[:2]
    assert call(POINT, *FEW, "--form", "paper").stdout.splitlines() == whole[2:]


EACH = ("--set", "losses.pooling=each", "-n", "1024")
HEADS = [
    "Claim 1 (Joint Chiefs of Staff (South Korea))",
    *(f"Claim {n} (President Zelensky)" for n in (2, 3, 4)),
    "Claim 5 (National Intelligence Service (South Korea))",
    "Claim 6 (Western officials, by the BBC)",
]


def test_claims_by_themselves_are_cited_one_after_the_other() -> None:
    found = call(LEDGER, *EACH).stdout
    parts = [part.splitlines() for part in found.split("\n\n")]
    assert [part[0] for part in parts] == [f"{head}:" for head in HEADS]
    results = simulate.run_each(LEDGER, set="losses.pooling=each", draws=1024)
    assert [part[1:] for part in parts] == [one.cite().splitlines() for one in results]
    assert len(set(map(str, parts))) == 6
    assert results.cite() == found
    marked = call(LEDGER, *EACH, "--format", "markdown", "--form", "news").stdout
    assert marked.count("**Claim ") == 6
    entries = call(LEDGER, *EACH, "--format", "bibtex").stdout
    assert len(set(re.findall(r"@misc{(.*),", entries))) == 6


def test_results_of_claims_are_numbered_and_survive_pickling() -> None:
    results = simulate.run_each(LEDGER, draws=256)
    assert results.numbers == (1, 2, 3, 4, 5, 6)
    again = pickle.loads(pickle.dumps(results))  # noqa: S301  (our own bytes)
    assert (again, again.numbers) == (results, results.numbers)
    assert simulate.run_each(POINT, draws=256).cite() == simulate.run(POINT, draws=256).cite()
    for form in ("latex", "quarto", "word"):
        with pytest.raises(ValueError, match="form must be 'text', 'markdown' or 'bibtex'"):
            results.cite(form)


@pytest.mark.usefixtures("undrawn_pages")
def test_a_folder_of_claims_is_cited_like_its_scenario(tmp_path: Path) -> None:
    folder = str(tmp_path / "out")
    process.call("run", LEDGER, *EACH, "-q", "--out", folder, "--pictures", "none")
    assert call(folder).stdout == call(LEDGER, *EACH).stdout
    for arguments in (("cite", folder, "--format", "latex"), ("reproduce", folder)):
        error = CliRunner().invoke(cli, arguments).exception
        assert isinstance(error, FileError)
        assert f"name a result below it, such as '{folder}/claim-1'" in str(error)
    assert "DepletionMedian" in call(f"{folder}/claim-1", "--format", "latex").stdout


def test_folders_of_claims_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    for name in ("claim-10", "claim-2", "claim-1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").touch()
    assert [path.name for path in claim_folders(tmp_path)] == ["claim-1", "claim-2", "claim-10"]


def test_claims_pooled_are_named() -> None:
    assert "6 claims pooled linearly" in call(LEDGER, *FEW).stdout


def test_a_precision_that_is_not_reached_is_told() -> None:
    found = call(POINT, "--set", "sampling.precision=0.5", "-n", "1024")
    assert "\nThe whole force" in found.stdout
    scarce = call(FLAGSHIP, "--set", "sampling.precision=0.001", "-n", "8192", code=6)
    assert "not reached" in scarce.stderr
    assert "\nThe whole force" in scarce.stdout


def test_too_few_draws_are_cited_as_such() -> None:
    found = call(FLAGSHIP, "-n", "8", "--method", "random", "--words", "icd203")
    assert "no 90 % simulation interval can be given" in found.stdout


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "quarto", "bibtex"])
def test_an_ascii_terminal_is_served(form: str) -> None:
    command = [sys.executable, "-m", "simulate", "cite", POINT, "-n", "64", "--format", form]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert done.stdout.isascii()
    assert b"?" not in done.stdout
    assert done.stderr.startswith(b"warning: only 64 draws")
