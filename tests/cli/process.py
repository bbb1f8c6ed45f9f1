"""The command in this process, or in one of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

import simulate
from simulate.cli import cli

CONFIGS = Path(__file__).parents[2] / "configs"
FLAGSHIP = str(CONFIGS / "kursk-isw.yaml")
POINT = str(CONFIGS / "kursk-isw-point.yaml")
NIS = str(CONFIGS / "kursk-nis.yaml")
UPDATE = str(CONFIGS / "kursk-update.yaml")
LEDGER = str(CONFIGS / "kursk-claims.yaml")
SIZES = ("--set", "force.size=10000,12000")
PACKAGE = Path(simulate.__file__).parent
SCENARIO = """\
title: T
force: {size: 12000}
losses:
  count: {distribution: uniform, low: 3000, high: 4000}
  as_of: 2025-01-16
  start: 2024-12-06
"""
RUN = ("run", "s.yaml", "-q", "-n", "1024")
TABLES = (*RUN, "--out", "out", "--picture", "svg")


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Whole = Callable[..., Answer]


def call(*arguments: str, code: int = 0, **more: Any) -> Result:
    """The command in this process, which takes less time to start; errors are raised."""
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False, **more)
    assert result.exit_code == code, result.output
    return result


def environment(*paths: Path) -> dict[str, str]:
    """The surroundings, with other folders before the package on Python's path."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*paths, PACKAGE.parent]))}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "simulate", *arguments]


def done(arguments: Sequence[str], **streams: Any) -> subprocess.CompletedProcess[str]:
    """The command, run to its end; its output is caught where no stream is given."""
    caught = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()}
    return subprocess.run(
        command(*arguments), check=False, encoding="utf-8", timeout=120, **{**caught, **streams}
    )


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """The command in a line for a shell, where it is called `$S`."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**environment(), "S": f"{sys.executable} -m simulate"},
        timeout=120,
    )


def unread(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with a standard output whose reader has left."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return done(arguments, stdout=writer)
    finally:
        os.close(writer)


def started(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        **options,
    )
