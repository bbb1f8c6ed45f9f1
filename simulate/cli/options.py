"""Options that several commands share, one decorator for each family."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
import re
from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

from simulate.scenario.notation import date_hint, number_hint

Command = TypeVar("Command", bound=Callable[..., Any])
Value = TypeVar("Value")

_MULTIPLES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}

_FINEST_DAYS = 1e-6
"""`simulate.scenario.fields.FINEST_PRECISION`, which takes long to import."""


class _Read(click.ParamType[Value]):
    """What a function reads from text; its ValueError says why it cannot."""

    def __init__(self, name: str, read: Callable[[str], Value]) -> None:
        self.name, self._read = name, read

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Value:
        try:
            return self._read(str(value))
        except ValueError as error:
            self.fail(f"{value!r} is not {error}", param, ctx)


def _draws(text: str) -> int:
    plain = re.sub(r"(?<=\d)_(?=\d)", "", text)  # as Python writes numbers
    match = re.fullmatch(r"(\d+(?:\.\d+)?(?:[eE]\+?\d{1,3})?)([kMG]?)", plain)
    number = float(match[1]) * _MULTIPLES[match[2]] if match else 0.0
    if not number >= 1 or number != number // 1:
        raise ValueError("a whole number from 1 up, such as 1e6, 1M, 250k")
    return int(number)


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,300}", text):
        raise ValueError("a whole number from 0 up")
    return int(text)


def _date(text: str) -> dt.date:
    with contextlib.suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
    raise ValueError(f"a date; {date_hint(text)}")


def _number(text: str) -> float:
    with contextlib.suppress(ValueError):
        return float(text)
    return math.nan


def _days(text: str) -> float:
    days = _number(text)
    if not _FINEST_DAYS <= days < math.inf:
        hint = number_hint(text, "days") or "such as 0.1"
        raise ValueError(f"a number of days from 0.000001 up; {hint}")
    return days


def _ahead(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[1-9]\d{0,3}(,[1-9]\d{0,3})*", text):
        raise ValueError("whole numbers of days, separated by commas, such as 30,90")
    return tuple(map(int, text.split(",")))


def _share(what: str, *, whole: bool) -> _Read[float]:
    """A number between 0 and 1, with a hint for whoever writes a percentage.

    As a threshold it can be an amount, such as left=13.5.
    """

    def read(text: str) -> float:
        kind, _, amount = text.partition("=")
        if whole and kind in ("left", "lost"):
            from simulate.scenario.stocks import Amount

            return Amount(_number(amount), "left" if kind == "left" else "lost")
        share = _number(text)
        if 0.0 < share < 1.0 or (whole and share == 1.0):
            return share
        hint = number_hint(text, "share" if whole else "level") or "such as 0.9"
        if 2.0 <= share < 100.0:
            hint = f"write {share / 100:g}"
        between = "above 0 up to 1" if whole else "between 0 and 1"
        raise ValueError(f"a {what} {between}; {hint}")

    return _Read("share", read)


def _all(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator for a family of options."""
    return lambda command: reduce(lambda made, each: each(made), reversed(decorators), command)


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

AHEAD = _Read("days", _ahead)

file = click.argument("file", type=PATH)


def target(help_text: str) -> Callable[[Command], Command]:
    """The option -o, a file to write."""
    return click.option("-o", "target", type=PATH, metavar="FILE", help=help_text)


def _read_once(
    _context: click.Context, _option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    if names.count("-") > 1:
        raise click.UsageError("standard input can be read only once")
    return names


files = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=PATH, callback=_read_once
)

# `main` reads it off the command line, so that it holds for errors of any kind.
debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error comes from."
)

json = click.option("--json", "as_json", is_flag=True, help="Print one JSON text and nothing else.")

quiet = click.option(
    "-q", "--quiet", is_flag=True, help="Print the result line only; warnings go to stderr."
)

override = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change one value of the scenario, such as losses.start=2024-12-01. Repeatable.",
)

sampling: Callable[[Command], Command] = _all(
    click.option(
        "-n",
        "--draws",
        type=_Read("number", _draws),
        help="Number of draws: 1e6, 1M, 250k, 1_000_000.",
    ),
    click.option(
        "--seed", type=_Read("number", _seed), help="Seed of the random numbers, 0 or more."
    ),
    click.option(
        "--method",
        type=click.Choice(["lattice", "sobol", "latin-hypercube", "random"]),
        help="How the points are spread.",
    ),
)

threshold = click.option(
    "--threshold",
    type=_share("share", whole=True),
    help="Share of the force lost, one of the scenario's, or left=13.5 or lost=5000; the largest "
    "share by default.",
)

interval = click.option(
    "--interval",
    type=_share("probability", whole=False),
    default=0.9,
    help="Probability of the simulation interval, 0.9 by default.",
)

update = click.option(
    "--update",
    is_flag=True,
    help="Take all counts under observed as evidence; show the dates before and after.",
)

precision = click.option(
    "--precision",
    type=_Read("days", _days),
    help="Draw until each date's Monte Carlo error (95 % half-width, in days) is at most this; "
    "--draws is then the limit. Exit code 6 if the limit comes first.",
)

by = click.option(
    "--by",
    type=_Read("date", _date),
    multiple=True,
    help="Probability of depletion by this date. Repeatable.",
)

asking: Callable[[Command], Command] = _all(
    by,
    click.option(
        "--level",
        "levels",
        type=_share("level", whole=False),
        multiple=True,
        help="Report this percentile instead of the scenario's, such as 0.9. Repeatable.",
    ),
)

outcome: Callable[[Command], Command] = _all(
    click.option("--happened", type=_Read("date", _date), help="The date on which it happened."),
    click.option(
        "--not-by", type=_Read("date", _date), help="It had not happened by the end of this date."
    ),
    click.option(
        "--between",
        type=_Read("date", _date),
        nargs=2,
        metavar="FIRST LAST",
        help="It happened on one of these dates or between them.",
    ),
)

workers: Callable[[Command], Command] = _all(
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        help="Threads or processes; one for each core by default.",
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Work on the Dask cluster with this scheduler, or start one here: --dask local.",
    ),
)

_OUT = click.option("--out", type=PATH, metavar="DIR", help="Write result files to this folder.")
_FORCE = click.option("--force", is_flag=True, help="Overwrite files of an earlier run.")
out: Callable[[Command], Command] = _all(_OUT, _FORCE)

folder: Callable[[Command], Command] = _all(
    _OUT,
    click.option(
        "--picture",
        "formats",
        type=click.Choice(["svg", "png", "pdf"]),
        multiple=True,
        default=("svg", "png"),
        help="Picture formats for --out, svg and png by default. Repeatable.",
    ),
    click.option(
        "--pictures",
        type=click.Choice(["none", "main", "all"]),
        default="main",
        help="Pictures for --out beside those in the page; main by default.",
    ),
    _FORCE,
)
