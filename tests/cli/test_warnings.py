"""One set of warnings: whoever asks for a result, in whatever form, reads the same."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.warnings import run_warnings
from simulate.engine.run import run_plan
from simulate.engine.sampling.design import Design
from simulate.scenario.loader import load, load_mapping
from simulate.scenario.warnings import possible_warnings
from tests.cases import COUNT, plan, scenario
from tests.cli.process import call

HEAD = "title: T\nforce: {size: 12000}\n"
SPREAD = "count: {distribution: uniform, low: 3000, high: 40000}"
DAYS = "as_of: 2025-01-16, start: 2024-12-06"
DOUBTED = {
    "above the force": f"{HEAD}losses: {{{SPREAD}, {DAYS}}}\nhorizon: 2040-01-01\n",
    "a dot for thousands": f"title: T\nforce: {{size: 12.000}}\nlosses: {{count: 3.800, {DAYS}}}\n",
    "wounded without effect": f"{HEAD}losses: {{count: 3800, {DAYS}}}\n"
    "wounded: {share: 0.7, return_share: 0.5, return_days: 45}\n",
}
ANSWER, SENTENCE = "Whole force (100 %) lost:", " units a "


def plain(text: str) -> str:
    return " ".join(text.split())


def keyed(text: str) -> str:
    """The same with the keys of inputs alone, which stand behind their names."""
    return re.sub(r"the [a-z ]+ \(([a-z_]+\.[a-z_]+)\)", r"\1", plain(text))


@pytest.fixture(params=DOUBTED)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(DOUBTED[request.param], encoding="utf-8")
    return str(path)


def test_every_command_warns_alike(file: str) -> None:
    possible = possible_warnings(load(file).scenario)
    assert possible
    document = json.loads(call("run", file, "-n", "8k", "--json").stdout)
    warnings = document["warnings"]
    assert "in 75.7 % of simulations losses.count is above the whole force" in warnings or set(
        possible
    ) <= set(warnings)
    for warning in possible:
        assert f"{file}: warning: {warning}\n" in call("check", file, "-q").stderr
        assert warning in plain(call("describe", file).stdout)
        assert f"warning: {warning}\n" in call("describe", file, "--json").stderr
    quiet = call("run", file, "-n", "8k", "-q")
    assert quiet.stdout.startswith(ANSWER)
    assert quiet.stdout.count("\n") == 1
    assert quiet.stderr == "".join(f"warning: {text}\n" for text in warnings)
    assert call("cite", file, "-n", "8k").stderr == quiet.stderr
    loud = call("run", file, "-n", "8k")
    call("report", file, "-n", "8k", "-o", str(Path(file).with_suffix(".md")))
    report = Path(file).with_suffix(".md").read_text(encoding="utf-8").replace("\\", "")
    for text in warnings:
        assert text in keyed(loud.stdout)
        assert text in keyed(report)
    paired = call("compare", file, file, "-n", "8k", "-q")
    assert paired.stderr == "".join(f"warning: A, B: {text}\n" for text in warnings)


@pytest.mark.parametrize("name", [name for name in DOUBTED if name != "wounded without effect"])
def test_what_makes_the_answer_doubtful_is_told_before_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(DOUBTED[name], encoding="utf-8")
    told = call("run", str(tmp_path / "case.yaml"), "-n", "8k").stdout
    assert told.index("Doubtful\n- ") < told.index(SENTENCE)


def test_what_does_not_is_told_after_it(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(DOUBTED["wounded without effect"], encoding="utf-8")
    told = call("run", str(tmp_path / "case.yaml"), "-n", "8k").stdout
    assert "Doubtful" not in told
    assert told.index("Warnings\n- wounded") > told.index(SENTENCE)


def test_what_never_happens_is_not_warned_of(tmp_path: Path) -> None:
    """A count of 12 standard deviations above zero is below it in fewer than 1e-32 draws."""
    law = "count: {distribution: normal, mean: 3600, sd: 300}"
    (tmp_path / "case.yaml").write_text(f"{HEAD}losses: {{{law}, {DAYS}}}\n", encoding="utf-8")
    assert call("check", str(tmp_path / "case.yaml")).stderr == ""
    assert call("run", str(tmp_path / "case.yaml"), "-q").stderr == ""


# --- a horizon that nobody chose ---

UNCHOSEN = "16 January 2030 is the default horizon, not one that was chosen"


@pytest.mark.parametrize("command", ["run", "cite"])
@pytest.mark.parametrize("high", [10, 1000, 4000])
def test_a_default_horizon(command: str, high: int, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    reached = high == 4000
    low = 3000 if reached else 1
    law = f"count: {{distribution: uniform, low: {low}, high: {high}}}"
    text = f"{HEAD}losses: {{{law}, {DAYS}}}\n"
    file.write_text(text, encoding="utf-8")
    told = call(command, str(file), "-n", "8k", *(["-v"] if command == "run" else []))
    assert (UNCHOSEN in plain(told.stdout)) is not reached
    headline = call("run", str(file), "-n", "8k", "-q")
    assert (UNCHOSEN in headline.stdout) is not reached
    assert ("is the default, 5 years after the count" in headline.stderr) is not reached
    # The same date, chosen, is told without a word.
    file.write_text(f"{text}horizon: 2030-01-16\n", encoding="utf-8")
    assert "default" not in call(command, str(file), "-n", "8k").stdout
    assert "default" not in call("run", str(file), "-n", "8k", "-q").stderr


def test_each_claim_up_to_a_default_horizon(tmp_path: Path) -> None:
    """Its end is that of the whole file, which no claim chose; so it is in a repeated run."""
    claims = "{count: 1, as_of: 2024-12-16}, {count: 3800, as_of: 2025-01-16}"
    text = f"{HEAD}losses: {{claims: [{claims}], pooling: each, start: 2024-12-06}}\n"
    digests = []
    for name, end, unchosen in (("open", "", True), ("set", "horizon: 2030-01-16\n", False)):
        file, folder = tmp_path / f"{name}.yaml", tmp_path / name
        file.write_text(f"{text}{end}", encoding="utf-8")
        run = call("run", str(file), "-n", "8k", "--out", str(folder))
        assert ("horizon: 2030-01-16 is the default" in run.stdout) is unchosen
        first, second = (simulate.reproduce(folder / f"claim-{n}").result for n in (1, 2))
        assert [first.summary.default_horizon, second.summary.default_horizon] == [unchosen] * 2
        assert first.summary.horizon == second.summary.horizon == dt.date(2030, 1, 16)
        assert any("is the default" in text for text in first.warnings) is unchosen
        digests.append(first.loaded.digest)
    assert digests[0] == digests[1]
    later = load_mapping({**first.record()["scenario"], "default_horizon": "2031-01-01"})
    assert later.scenario.last_day == dt.date(2030, 1, 16)
    assert later.digest == digests[0]


def test_a_sweep_up_to_a_default_horizon(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"{HEAD}losses: {{count: 3800, {DAYS}}}\n", encoding="utf-8")
    grids = {"losses.count=1,2": True, "losses.count=3800,3900": False}
    for setting, unchosen in grids.items():
        told = plain(call("sweep", str(file), "-n", "8k", "-v", "--set", setting).stdout)
        assert ("The horizon is the default, not one that was chosen." in told) is unchosen


# --- names and questions that look like something else ---


def test_a_question_that_begins_like_a_list(tmp_path: Path) -> None:
    file, page = tmp_path / "case.yaml", tmp_path / "page.md"
    file.write_text(
        f'{HEAD}question: "1. When?"\nlosses: {{count: 3800, {DAYS}}}\n', encoding="utf-8"
    )
    call("report", str(file), "-n", "8k", "-o", str(page))
    assert "\n1\\. When?\n" in page.read_text(encoding="utf-8")


def test_a_file_named_like_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-q.yaml").write_text(f"{HEAD}losses: {{count: 3800, {DAYS}}}\n", encoding="utf-8")
    call("report", "./-q.yaml", "-n", "8k", "-o", "page.md")
    page = Path("page.md").read_text(encoding="utf-8")
    assert "simulate report ./-q.yaml -n " in page
    assert " -o ./-q.md" in page


def test_the_draws_of_a_replicate_are_those_of_all_its_shifts() -> None:
    of = scenario(COUNT)
    ready = replace(plan(of), design=Design("lattice", shifts=3, points=256, asked=5000))
    others = run_warnings(of, ready, run_plan(ready)).others
    assert "6,144 draws instead of 5,000: lattice takes 8 replicates of 768" in others


# --- the share of draws in which it happens ---

STOCK = "title: T\nunit: tanks\nforce: {size: 3000, as_of: 2026-01-22, floor: 600}\n"
RATE = "losses: {rate: 200, per: month}\n"
UNIFORM = "{{distribution: uniform, low: {}, high: {}}}".format


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        (
            STOCK.replace("600", UNIFORM(2000, 4000)) + RATE,
            "in 50 % of simulations force.floor is above force.size; all is already gone in them",
        ),
        (
            f"{STOCK.replace('3000', UNIFORM(1000, 3000))}{RATE}thresholds: [{{left: 1500}}, 1]\n",
            "in 25 % of simulations force.size is below 1,500; they have already passed it",
        ),
        (
            f"{STOCK}{RATE}inflow: [{{amount: {UNIFORM(0, 250)}, per: month}}]\n",
            "in 20 % of simulations at least as much comes in as is lost; they are never depleted",
        ),
        (
            (
                f"{STOCK.replace(', floor: 600', '')}{RATE}thresholds: [1, {{lost: 5000}}]\n"
                f"inflow: [{{amount: {UNIFORM(0, 250)}, per: month}}]\n"
            ),
            "in 20 % of simulations at least as much comes in as is lost; they are never depleted",
        ),
    ],
)
def test_a_run_says_in_which_share_of_draws(text: str, measured: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    (possible,) = possible_warnings(load(file).scenario)
    warnings = call("run", str(file), "-n", "8k", "-q").stderr
    assert f"warning: {measured}\n" in warnings
    assert possible not in warnings


@pytest.mark.parametrize(
    ("more", "causes"),
    [
        ("", "(inflow exceeds losses 20.0 %, later or never 41.1 %)"),
        ("wording: stock\n", "(inflow exceeds use 20.0 %, later or never 41.1 %)"),
        # In a fifth of those in which no truce comes first.
        (
            "ends: [{label: a truce, date: 2026-01-23, probability: 0.5}]\n",
            "(a truce 50.0 %, inflow exceeds losses 9.9 %, later",
        ),
        # A walk ends at the horizon, and does not say what would come after it.
        ("rate: {strength_exponent: 0.5}\n", "not by 1 January 2028 in 84.5 % of simulations"),
    ],
)
def test_an_inflow_as_a_cause_of_never(more: str, causes: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    inflow = f"inflow: [{{amount: {UNIFORM(0, 250)}, per: month}}]\n"
    file.write_text(f"{STOCK}{RATE}{inflow}horizon: 2028-01-01\n{more}", encoding="utf-8")
    text = " ".join(call("run", str(file), "-n", "8k", "-q").stdout.split())
    assert causes in text
