"""`simulate backtest`: how intervals made from a series would have fared."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from simulate.cli import options
from simulate.cli.output import check_kept, deliver, prepare
from simulate.cli.request import load_of


@click.command()
@click.argument("file", type=options.PATH, required=False)
@click.option(
    "--series",
    type=options.PATH,
    metavar="CSV",
    help="In place of FILE: dates in the first column, cumulative counts in the second.",
)
@click.option(
    "--columns",
    metavar="DATE,COUNT",
    help="The names of these columns of --series, if they are others.",
)
@click.option(
    "--window",
    type=click.IntRange(1),
    help="Days whose losses give the rate; the scenario's, or 41.",
)
@click.option(
    "--days",
    type=options.AHEAD,
    default="30,90,180",
    help="How many days ahead, 30,90,180 by default.",
)
@options.override
@options.folder
@options.json
@options.quiet
@options.debug
def backtest(
    file: str | None,
    *,
    series: str | None,
    columns: str | None,
    window: int | None,
    days: tuple[int, ...],
    **given: Any,
) -> None:
    """Show how intervals made from a series of counts would have fared in the past.

    \b
    Examples:
      simulate backtest configs/tanks-reference-2024.yaml
      simulate backtest --series losses.csv --days 30,90

    FILE is a scenario with losses.series. At each past date of the series, about one a week, the
    losses of the window before it are projected; the table shows how often the outcome lay in the
    50 % and the 90 % interval of each method, how wide the latter were, and their score. With
    --out, the folder receives index.html with tables and picture, backtest.json, backtest.csv and
    the picture with its description.
    """
    if (file is None) == (series is None):
        raise click.UsageError("name either a scenario FILE or a CSV file with --series")
    if file and file.lower().endswith((".csv", ".tsv", ".txt")):
        raise click.UsageError(f"FILE is a scenario; for counts: --series {shlex.quote(file)}")
    if columns and not series:
        raise click.UsageError("--columns goes with --series; a scenario names its own")
    if series and given["overrides"]:
        raise click.UsageError("--set changes a scenario; there is none with --series")

    from simulate.api.backtest import BacktestResult
    from simulate.api.backtest import backtest as tested

    loaded = [load_of(file, **given)] if file else []
    if series and given["out"]:
        check_kept([Path(given["out"])], BacktestResult, [series])
    prepare(BacktestResult, loaded, **given)
    names = [name.strip() for name in columns.split(",")] if columns else []
    deliver(tested(*loaded, series=series, columns=names, window=window, days=days), **given)
