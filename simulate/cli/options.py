"""Options that several commands share, one decorator for each family."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_MULTIPLES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}

_FINEST_DAYS = 1e-6
"""`simulate.scenario.fields.FINEST_PRECISION`, which takes long to import."""


class _Draws(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = re.fullmatch(r"([\d_]+(?:\.\d+)?(?:[eE]\+?\d{1,3})?)([kMG]?)", str(value))
        number = float(match[1]) * _MULTIPLES[match[2]] if match and match[1].strip("_") else 0.0
        if not number >= 1 or number != number // 1:
            self.fail(
                f"{value!r} is not a whole number from 1 up, such as 1e6, 1M, 250k", param, ctx
            )
        return int(number)


class _Date(click.ParamType[dt.date]):
    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
        from simulate.scenario.notation import date_hint

        return self.fail(f"{value!r} is not a date; {date_hint(value)}", param, ctx)


class _Days(click.ParamType[float]):
    name = "days"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            days = float(value)
        except ValueError:
            days = 0.0
        if not _FINEST_DAYS <= days < math.inf:
            from simulate.scenario.notation import number_hint

            hint = number_hint(str(value), "days") or "such as 0.1"
            self.fail(f"{value!r} is not a number of days from 0.000001 up; {hint}", param, ctx)
        return days


class _Share(click.ParamType[float]):
    """A number between 0 and 1, with a hint for whoever writes a percentage."""

    name = "share"

    def __init__(self, what: str, *, whole: bool) -> None:
        self.what, self.whole = what, whole

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            share = float(value)
        except ValueError:
            share = math.nan
        if not (0.0 < share < 1.0 or (self.whole and share == 1.0)):
            end = "up to 1" if self.whole else "and 1"
            from simulate.scenario.notation import number_hint

            hint = number_hint(str(value), "share" if self.whole else "level")
            if 2.0 <= share < 100.0:
                hint = f"write {share / 100:g}"
            hint = hint or "such as 0.9"
            between = f"above 0 {end}" if self.whole else f"between 0 {end}"
            self.fail(f"{value!r} is not a {self.what} {between}; {hint}", param, ctx)
        return share


class _Seed(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"\d{1,300}", str(value)):
            self.fail(f"{value!r} is not a whole number from 0 up", param, ctx)
        return int(value)


def combined(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator for a family of options."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


class _Path(click.Path):
    """A file or folder; `""`, as from an unset variable, must not mean the current folder."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if not value:
            self.fail("the name of a file or folder is empty", param, ctx)
        return super().convert(value, param, ctx)


# Reading or writing a file shows whether that is possible: exit code 4, not 2.
PATH = _Path(readable=False)

file = click.argument("file", type=PATH)


def _read_once(
    _context: click.Context, _option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    if names.count("-") > 1:
        raise click.UsageError("standard input can be read only once")
    return names


files = click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=PATH,
    callback=_read_once,
)

# `main` reads it off the command line, so that it holds for errors of any kind.
debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error comes from."
)

json = click.option("--json", "as_json", is_flag=True, help="Print one JSON text and nothing else.")

quiet = click.option("-q", "--quiet", is_flag=True, help="Print the result line only.")

override = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change one value of the scenario, such as losses.start=2024-12-01. Repeatable.",
)

sampling: Callable[[Command], Command] = combined(
    click.option("-n", "--draws", type=_Draws(), help="Number of draws: 1e6, 1M, 250k, 1_000_000."),
    click.option("--seed", type=_Seed(), help="Seed of the random numbers, 0 or more."),
    click.option(
        "--method",
        type=click.Choice(["lattice", "sobol", "latin-hypercube", "random"]),
        help="How the points are spread.",
    ),
)

threshold = click.option(
    "--threshold",
    type=_Share("share", whole=True),
    help="Share of the force lost, one of the scenario's; the largest by default.",
)

interval = click.option(
    "--interval",
    type=_Share("probability", whole=False),
    default=0.9,
    help="Probability of the simulation interval, 0.9 by default.",
)

precision = click.option(
    "--precision",
    type=_Days(),
    help="Draw until each date's Monte Carlo error (95 % half-width, in days) is at most this; "
    "--draws is then the limit. Exit code 6 if the limit comes first.",
)

asking: Callable[[Command], Command] = combined(
    click.option(
        "--by",
        type=_Date(),
        multiple=True,
        help="Probability of depletion by this date. Repeatable.",
    ),
    click.option(
        "--level",
        "levels",
        type=_Share("level", whole=False),
        multiple=True,
        help="Report this percentile instead of the scenario's, such as 0.9. Repeatable.",
    ),
)

workers: Callable[[Command], Command] = combined(
    click.option(
        "--workers", type=click.IntRange(1, 1024), help="Threads; one for each core by default."
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Work on the Dask cluster with this scheduler, or start one here: --dask local.",
    ),
)

folder: Callable[[Command], Command] = combined(
    click.option("--out", type=PATH, metavar="DIR", help="Write result files to this folder."),
    click.option(
        "--picture",
        "pictures",
        type=click.Choice(["svg", "png", "pdf"]),
        multiple=True,
        default=("svg", "png"),
        help="Picture formats for --out, svg and png by default. Repeatable.",
    ),
    click.option("--force", is_flag=True, help="Overwrite files of an earlier run."),
)
