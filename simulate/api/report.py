"""Write a result with all that it rests on as one file."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from simulate.analysis.backtest import Backtest
from simulate.analysis.request import Request, by_road
from simulate.analysis.sensitivity import LEAST_DRAWS, analyse
from simulate.api.backtest import backtest
from simulate.api.result import Result
from simulate.api.run import run_as
from simulate.errors import FileError, ScenarioError
from simulate.report.folder import shown, write_new
from simulate.report.pages.report import report_page
from simulate.report.render.html import html
from simulate.report.render.markdown import markdown
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.plain import as_path

MOST_DRAWS = by_road(straight=2**13, bent=2**13, walks=2**11)
"""Most draws of the sensitivity analysis, by road: all are computed once for each input, and shares
to the percent are enough to separate large from small."""

MOST_SEARCHED = 4
"""Inputs for which the report says what would give a published date."""


def write_report(
    result: Result | Runnable, file: str | os.PathLike[str], *, force: bool = False
) -> None:
    """Write a result with all that it rests on as one file.

    Parameters
    ----------
    result : Result, or what `run` takes
        With `strength=True` it shows strength and losses by date too; a scenario is run first.
    file : str or PathLike
        Ending in .html or .md. The HTML page holds its pictures; the Markdown page describes them.
    force : bool
        Whether to replace an existing file.

    Raises
    ------
    ScenarioError
        If the scenario has `losses.pooling: each`.
    FileError
        If the file exists or cannot be written, or its name ends otherwise.

    Examples
    --------
    >>> import simulate, tempfile
    >>> result = simulate.run("configs/kursk-isw-point.yaml", draws=1024)
    >>> simulate.write_report(result, f"{tempfile.mkdtemp()}/report.html")
    """
    file = as_path(file, "file")
    suffix = suffix_of(file)
    if not isinstance(result, Result):
        result = result_of(Request(), loader.load(result))
    write_new(file, report_text(result, suffix).encode("utf-8"), force=force)


def suffix_of(file: str | os.PathLike[str]) -> str:
    """The ending of a report's name, which must be .html or .md, its format."""
    suffix = Path(file).suffix.lower()
    if suffix not in (".html", ".md"):
        raise FileError(
            f"cannot write a report to {shown(file)}: the name must end in .html or .md"
        )
    return suffix


def name_of(file: str) -> str:
    """The default name of a report: `claim.html` for `claim.yaml`, in the current folder."""
    return f"{'report' if file in ('', '-') else Path(file).stem}.html"


def result_of(request: Request, loaded: LoadedScenario) -> Result:
    """Run a scenario for a report; beyond the straight line with strength and losses by date."""
    scenario = loaded.scenario
    return run_as(request, loaded, strength=not scenario.is_straight or bool(scenario.observed))


def report_text(
    result: Result,
    suffix: str = ".html",
    request: Request | None = None,
    *,
    by: Sequence[dt.date] = (),
    levels: Sequence[float] = (),
) -> str:
    """A report as HTML or, with the suffix ".md", as Markdown.

    Of the request, workers and progress of the sensitivity analysis; `by` and `levels` are dates
    and percentiles that the command on the page repeats.
    """
    run = result.summary.run
    draws, method = max(min(run.draws, MOST_DRAWS[result.plan.road]), LEAST_DRAWS), "sobol"
    # So few points of a lattice are uneven within a thin class of one input, of Sobol' even.
    if result.update is not None:
        # Weights leave fewer; they need one run only.
        draws, method = max(run.draws, LEAST_DRAWS), run.method
    request = replace(
        request or Request(), draws=draws, seed=run.seed, method=method, precision=None
    )
    effects = analyse(result.loaded, request, most_searched=MOST_SEARCHED)
    again = command(result, suffix, by, levels)
    document = report_page(
        result.loaded.scenario, result.summary, effects, again, _backtest(result.loaded)
    )
    return markdown(document) if suffix == ".md" else html(document)


def _backtest(loaded: LoadedScenario) -> Backtest | None:
    """How intervals from the scenario's series have fared; None without one long enough."""
    if loaded.scenario.losses.series is None:
        return None
    try:
        return backtest(loaded).backtest
    except ScenarioError:
        return None


def command(
    result: Result, suffix: str, by: Sequence[dt.date] = (), levels: Sequence[float] = ()
) -> str:
    """The shell command that writes this report."""
    run, file = result.summary.run, result.loaded.file
    precision = run.precision
    draws = (run.asked or run.draws) if precision is None else precision.most_draws
    parts = ["simulate", "report", _no_option(file or "FILE"), "-n", str(draws)]
    if precision is not None:
        parts += ["--precision", f"{precision.days:.10g}"]
    parts += ["--seed", str(run.seed), "--method", run.method]
    for override in result.loaded.overrides:
        parts += ["--set", override]
    for date in by:
        parts += ["--by", date.isoformat()]
    for level in levels:
        parts += ["--level", f"{level:.10g}"]
    return shlex.join([*parts, "-o", _no_option(f"{Path(name_of(file)).stem}{suffix}")])


def _no_option(file: str) -> str:
    """A file's name that cannot be read as an option."""
    return f"./{file}" if file.startswith("-") and file != "-" else file
