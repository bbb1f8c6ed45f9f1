"""The Python face of reports: a result with all that it rests on, as one file."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from simulate._version import __version__
from simulate.analysis.sensitivity import LEAST_DRAWS, analyse
from simulate.api.result import Result
from simulate.api.run import run
from simulate.engine.run import Progress
from simulate.engine.shape import Road
from simulate.engine.workers import ALL_CORES, Workers
from simulate.errors import FileError, Problem, ScenarioError
from simulate.report.folder import shown, write_new
from simulate.scenario import loader
from simulate.scenario.loader import Runnable
from simulate.scenario.model import Scenario

SUFFIXES = (".html", ".md")

MOST_DRAWS: dict[Road, int] = {
    "straight": 2**13,
    "bent": 2**13,
    "events": 2**11,
    "daily": 2**11,
}
"""Most draws of the sensitivity analysis, with a closed form and by days: all are worked out once
for each input, and shares to the percent are enough to tell the large from the small."""

MOST_SEARCHED = 4
"""Inputs that are asked what they would have to be for a published date."""


_ONE_RESULT = Problem(
    "losses.pooling is each: there is one result for each claim, and a report is about one",
    hint="set losses.pooling to linear or quantile, as by --set losses.pooling=linear",
)


def write_report(result: Result | Runnable, file: str | Path, *, force: bool = False) -> None:
    """Write a result with all that it rests on as one file.

    Parameters
    ----------
    result : Result, or what `run` takes
        With `strength=True` it shows strength and losses by date too; a scenario is run first.
    file : str or Path
        Ending in .html or .md. The page in HTML holds its pictures; that in Markdown tells them.
    force : bool
        Whether to replace a file that is there.

    Raises
    ------
    FileError
        If the file is there already or cannot be written, or its name ends otherwise.

    Examples
    --------
    >>> import simulate
    >>> result = simulate.run(simulate.load("configs/kursk-isw.yaml"), draws=1024)
    >>> simulate.write_report(result, "report.html")  # doctest: +SKIP
    """
    suffix = suffix_of(file)
    if not isinstance(result, Result):
        scenario = loader.loaded(result)
        result = run(scenario, strength=shows_strength(scenario.scenario))
    write_new(file, report_text(result, suffix).encode("utf-8"), force=force)


def suffix_of(file: str | Path) -> str:
    """The ending of a report's name, which says what it is written in.

    Raises
    ------
    FileError
        If it is none of those.
    """
    suffix = Path(file).suffix.lower()
    if suffix not in SUFFIXES:
        raise FileError(
            f"cannot write a report to {shown(file)}: the name must end in .html or .md"
        )
    return suffix


def name_of(file: str) -> str:
    """What a report is called where it is not said: `claim.html` for `claim.yaml`, here."""
    return f"{'report' if file in ('', '-') else Path(file).stem}.html"


def check_one(scenario: Scenario) -> None:
    """Make sure that a scenario has one result, which a report is about.

    Raises
    ------
    ScenarioError
        If it has one for each of its claims.
    """
    if scenario.losses.is_each:
        raise ScenarioError(_ONE_RESULT)


def shows_strength(scenario: Scenario) -> bool:
    """Whether strength and losses by date say more than the date: beyond the straight line."""
    return not scenario.is_straight or bool(scenario.observed)


def report_text(
    result: Result,
    suffix: str = ".html",
    *,
    workers: Workers = ALL_CORES,
    options: Sequence[str] = (),
    progress: Progress | None = None,
) -> str:
    """A report as text.

    Parameters
    ----------
    result : Result
    suffix : str
        ".html" or ".md".
    workers : Workers
        Who does the sensitivity analysis.
    options : sequence of str
        Further options of the command that writes the report again.
    progress : callable, optional
        Called as progress(draws done, draws in all) during the sensitivity analysis.
    """
    from simulate.report.pages.report import Findings, report_page

    loaded, run = result.loaded, result.summary.run
    scenario = loaded.scenario
    draws = max(min(run.draws, MOST_DRAWS[result.plan.road]), LEAST_DRAWS)
    sampling = loader.changed_sampling(
        scenario.sampling.model_copy(update={"precision": None}),
        {"draws": draws, "seed": run.seed, "method": run.method},
    )
    effect = analyse(
        loaded,
        sampling,
        workers,
        __version__,
        asked=True,
        most_searched=MOST_SEARCHED,
        progress=progress,
    )
    document = report_page(
        Findings(scenario, result.summary, effect, command(result, suffix, options))
    )
    if suffix == ".md":
        from simulate.report.render.markdown import markdown

        return markdown(document)
    from simulate.report.render.html import html

    return html(document)


def command(result: Result, suffix: str, options: Sequence[str] = ()) -> str:
    """What writes the report again, for a shell."""
    run, file = result.summary.run, result.loaded.file
    precision = run.precision
    draws = run.asked or run.draws
    name = f"{Path(name_of(file)).stem}{suffix}"
    parts = ["simulate", "report", no_option(file or "FILE")]
    parts += ["-n", str(draws if precision is None else precision.most_draws)]
    if precision is not None:
        parts += ["--precision", f"{precision.days:.10g}"]
    parts += ["--seed", str(run.seed), "--method", run.method]
    for override in result.loaded.overrides:
        parts += ["--set", override]
    return shlex.join([*parts, *options, "-o", no_option(name)])


def no_option(file: str) -> str:
    """A file's name that no command takes for an option."""
    return f"./{file}" if file.startswith("-") and file != "-" else file
