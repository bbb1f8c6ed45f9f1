"""What no command can answer is refused by one rule: one message, one error, one exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli
from simulate.cli.spelling import shell_text
from simulate.errors import ScenarioError, ThresholdError
from tests.cli.process import FLAGSHIP, LEDGER, NIS, SIZES

EACH = ("--set", "losses.pooling=each")
LATER = "observed=[{date: 2025-02-10, losses: 5000, label: Later}]"
OUTCOME = ("--happened", "2025-04-30")
UNKNOWN = ("--threshold", "0.7")

NO_SINGLE_RESULT = {
    "sweep": ("sweep", LEDGER, *SIZES, *EACH),
    "cite latex": ("cite", LEDGER, *EACH, "--format", "latex"),
    "cite quarto": ("cite", LEDGER, *EACH, "--format", "quarto"),
    "score": ("score", LEDGER, *EACH, *OUTCOME),
    "report": ("report", LEDGER, *EACH),
    "run --save-draws": ("run", LEDGER, *EACH, "--save-draws", "d.csv"),
    "plot compare": ("plot", LEDGER, LEDGER, *EACH, "--kind", "compare"),
    "plot --update": ("plot", LEDGER, *EACH, "--set", LATER, "--update"),
}
NO_SUCH_THRESHOLD = {
    "cite": ("cite", FLAGSHIP, *UNKNOWN),
    "score": ("score", FLAGSHIP, *UNKNOWN, *OUTCOME),
    "plot": ("plot", FLAGSHIP, *UNKNOWN),
    "plot tornado": ("plot", FLAGSHIP, *UNKNOWN, "--kind", "tornado"),
    "plot compare": ("plot", FLAGSHIP, NIS, *UNKNOWN, "--kind", "compare"),
    "sweep": ("sweep", FLAGSHIP, *SIZES, *UNKNOWN),
}


@pytest.fixture(autouse=True)
def _nothing_sampled(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands refuse before they sample, and write nothing."""
    if "command" in request.fixturenames:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("simulate.engine.workers.Workers.each", None)


def refusal(arguments: tuple[str, ...]) -> BaseException | None:
    return CliRunner().invoke(cli, arguments).exception


@pytest.mark.parametrize("command", NO_SINGLE_RESULT.values(), ids=NO_SINGLE_RESULT)
def test_commands_that_take_a_single_result(command: tuple[str, ...]) -> None:
    error = refusal(command)
    assert isinstance(error, ScenarioError)
    assert error.exit_code == 3
    (problem,) = error.problems
    said = "kursk-claims.yaml: losses.pooling is each: there is one result for each claim, not a "
    assert str(problem).startswith(f"{said}single one\n")
    assert "such as --set losses.pooling=linear; " in shell_text(error)
    assert not list(Path().iterdir())


@pytest.mark.parametrize("command", NO_SUCH_THRESHOLD.values(), ids=NO_SUCH_THRESHOLD)
def test_commands_that_take_a_threshold(command: tuple[str, ...]) -> None:
    error = refusal(command)
    assert isinstance(error, ThresholdError)
    assert error.exit_code == 3
    (problem,) = error.problems
    assert problem.message == "0.7 is not among the thresholds 0.3, 0.5, 1"
    assert shell_text(error).endswith("add it: --set 'thresholds=[0.3, 0.5, 0.7, 1.0]'")
    assert problem.hint.endswith("add it: set={'thresholds': [0.3, 0.5, 0.7, 1.0]}")
    assert not list(Path().iterdir())


def test_functions_that_take_a_single_result(tmp_path: Path) -> None:
    loaded = simulate.load(LEDGER, "losses.pooling=each")
    for ask in (
        lambda: simulate.run(loaded),
        lambda: simulate.sensitivity(loaded),
        lambda: simulate.sweep(LEDGER, ["losses.pooling=each", "force.size=10000,12000"]),
        lambda: simulate.write_report(loaded, tmp_path / "page.html"),
    ):
        with pytest.raises(ScenarioError, match="one result for each claim, not a single one"):
            ask()


def test_functions_that_take_a_threshold() -> None:
    result = simulate.run(FLAGSHIP, draws=1024)
    comparison = simulate.compare([FLAGSHIP, NIS], draws=1024)
    sensitivity = simulate.sensitivity(FLAGSHIP, draws=1024)
    asked: tuple[Callable[[], object], ...] = (
        lambda: result.quantile(0.5, 0.7),
        lambda: result.plot(0.7),
        lambda: result.picture("cdf", 0.7),
        lambda: result.cite(threshold=0.7),
        lambda: comparison.plot(0.7),
        lambda: sensitivity.effects(0.7),
        lambda: sensitivity.plot(0.7),
        lambda: simulate.sweep(FLAGSHIP, "force.size=10000,12000", threshold=0.7),
    )
    for ask in asked:
        with pytest.raises(ThresholdError, match=r"0\.7 is not among the thresholds 0\.3, 0\.5, 1"):
            ask()
