"""Monte Carlo distributions of depletion dates, from published loss claims.

Examples
--------
>>> import simulate
>>> result = simulate.run("configs/kursk-isw-point.yaml", draws=1024, seed=1)
>>> result
<Result of 'North Korean contingent in Kursk, the published arithmetic': 1,024 draws, seed 1
 Whole force (100 %) lost: 14 April 2025>
"""

from __future__ import annotations

from simulate._version import __version__

TYPE_CHECKING = False  # `typing` takes as long to import as everything else here
if TYPE_CHECKING:
    from simulate.api.answer import Plot
    from simulate.api.backtest import BacktestResult, backtest
    from simulate.api.compare import ComparisonResult, compare
    from simulate.api.draws import Draws
    from simulate.api.register import RegisterResult, record_outcome, register, score_register
    from simulate.api.report import write_report
    from simulate.api.reproduce import Reproduction, reproduce
    from simulate.api.result import Result
    from simulate.api.run import ClaimResults, run, run_each
    from simulate.api.score import ScoreResult, score
    from simulate.api.sensitivity import Sensitivity, sensitivity
    from simulate.api.sweep import SweepResult, sweep
    from simulate.errors import (
        ClusterError,
        FileError,
        LimitError,
        ScenarioError,
        SimulateError,
        ThresholdError,
        UnsupportedLevelError,
    )
    from simulate.scenario.loader import LoadedScenario, load
    from simulate.scenario.model import Scenario

__all__ = [
    "BacktestResult",
    "ClaimResults",
    "ClusterError",
    "ComparisonResult",
    "Draws",
    "FileError",
    "LimitError",
    "LoadedScenario",
    "Plot",
    "RegisterResult",
    "Reproduction",
    "Result",
    "Scenario",
    "ScenarioError",
    "ScoreResult",
    "Sensitivity",
    "SimulateError",
    "SweepResult",
    "ThresholdError",
    "UnsupportedLevelError",
    "__version__",
    "backtest",
    "compare",
    "load",
    "record_outcome",
    "register",
    "reproduce",
    "run",
    "run_each",
    "score",
    "score_register",
    "sensitivity",
    "sweep",
    "write_report",
]

_HOMES = {
    "simulate.api.answer": ("Plot",),
    "simulate.api.backtest": ("BacktestResult", "backtest"),
    "simulate.api.compare": ("ComparisonResult", "compare"),
    "simulate.api.draws": ("Draws",),
    "simulate.api.register": ("RegisterResult", "record_outcome", "register", "score_register"),
    "simulate.api.report": ("write_report",),
    "simulate.api.reproduce": ("Reproduction", "reproduce"),
    "simulate.api.result": ("Result",),
    "simulate.api.run": ("ClaimResults", "run", "run_each"),
    "simulate.api.score": ("ScoreResult", "score"),
    "simulate.api.sensitivity": ("Sensitivity", "sensitivity"),
    "simulate.api.sweep": ("SweepResult", "sweep"),
    "simulate.scenario.loader": ("LoadedScenario", "load"),
    "simulate.scenario.model": ("Scenario",),
}
"""Where the public names are defined; the errors in `simulate.errors`."""


def __getattr__(name: str) -> object:
    """Load public names when they are first used, so that `simulate --help` stays quick."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), "simulate.errors")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return __all__
