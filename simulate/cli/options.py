"""Options that several commands share, one decorator a family."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_MULTIPLES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


_FINEST_DAYS = 1e-6
"""`simulate.scenario.model.FINEST_PRECISION`, which takes long to import."""


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
        return self.fail(f"{value!r} is not a date; use YYYY-MM-DD", param, ctx)


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
            self.fail(
                f"{value!r} is not a number of days from 0.000001 up, such as 0.1", param, ctx
            )
        return days


class Share(click.ParamType[float]):
    """A number between 0 and 1, for those who may have a percentage in mind."""

    name = "share"

    def __init__(self, what: str, *, whole: bool) -> None:
        self.what, self.whole = what, whole

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read it; `whole` lets it be 1."""
        try:
            share = float(value)
        except ValueError:
            share = math.nan
        if not (0.0 < share < 1.0 or (self.whole and share == 1.0)):
            end = "up to 1" if self.whole else "and 1"
            hint = f"write {share / 100:g}" if 1.0 <= share < 100.0 else "such as 0.9"
            between = f"above 0 {end}" if self.whole else f"between 0 {end}"
            self.fail(f"{value!r} is not a {self.what} {between}; {hint}", param, ctx)
        return share


class _Seed(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"\d{1,300}", str(value)):
            self.fail(f"{value!r} is not a whole number from 0 up", param, ctx)
        return int(value)


class Shard(click.ParamType[tuple[int, int]]):
    """One part of several, such as 3/16."""

    name = "k/n"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Read K and N, with 1 <= K <= N."""
        match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", str(value))
        number, of = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= of:
            self.fail(f"{value!r} is not a part of several, such as 3/16", param, ctx)
        return number, of


def combined(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator for a family of options."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


file_argument = click.argument("file", type=click.Path(allow_dash=True))
files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True)
)

# Read off the command line in `main`, so that it holds for errors of any kind.
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error comes from."
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON text and nothing else."
)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print the result line only.")

override_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change one value of the scenario, such as losses.start=2024-12-01. Repeatable.",
)

sampling_options: Callable[[Command], Command] = combined(
    click.option("-n", "--draws", type=_Draws(), help="Number of draws: 1e6, 1M, 250k, 1_000_000."),
    click.option("--seed", type=_Seed(), help="Seed of the random numbers, 0 or more."),
    click.option(
        "--method",
        type=click.Choice(["lattice", "sobol", "latin-hypercube", "random"]),
        help="How the points are spread.",
    ),
)

precision_option = click.option(
    "--precision",
    type=_Days(),
    help="Draw until each date's Monte Carlo error (95 % half-width, in days) is at most this; "
    "--draws is then the most. Exit code 6 where that came first.",
)

asking_options: Callable[[Command], Command] = combined(
    click.option(
        "--by",
        type=_Date(),
        multiple=True,
        help="Probability of depletion by this date. Repeatable.",
    ),
    click.option(
        "--level",
        "levels",
        type=Share("level", whole=False),
        multiple=True,
        help="Report this percentile instead of the scenario's, such as 0.9. Repeatable.",
    ),
)

workforce_options: Callable[[Command], Command] = combined(
    click.option(
        "--workers", type=click.IntRange(1, 1024), help="Threads; one for each core by default."
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Work on the Dask cluster with this scheduler, or on one started here: --dask local.",
    ),
)

folder_options: Callable[[Command], Command] = combined(
    click.option(
        "--out", type=click.Path(), metavar="DIR", help="Write result files to this folder."
    ),
    click.option(
        "--picture",
        "pictures",
        type=click.Choice(["svg", "png", "pdf"]),
        multiple=True,
        default=("svg", "png"),
        help="Picture formats for --out, svg and png by default. Repeatable.",
    ),
    click.option("--force", is_flag=True, help="Let files of an earlier run be replaced."),
)
