"""Runs in parts from the shell: shards, checkpoints, and processes that are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulate.cli import cli
from simulate.errors import SimulateError

CONFIGS = Path(__file__).parents[2] / "configs"
FLAGSHIP = str(CONFIGS / "kursk-isw.yaml")
POINT = str(CONFIGS / "kursk-isw-point.yaml")
LONG = ("-n", "16M", "--workers", "1", "--json")
"""A second or two of work, in 16 parts."""

KILLS = 5


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: str) -> str:
    """The message of a usage error."""
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2, result.output
    return " ".join(result.stderr.split())


def shards(folder: Path, n: int, *arguments: str) -> list[str]:
    files = [str(folder / f"part{number}.json") for number in range(1, n + 1)]
    for number, file in enumerate(files, start=1):
        call("run", FLAGSHIP, "-n", "8k", "--shard", f"{number}/{n}", "-o", file, *arguments)
    return files


def test_merged_parts_print_and_write_what_the_whole_run_does(tmp_path: Path) -> None:
    files = shards(tmp_path, 3, "--by", "2025-03-01", "--set", "losses.count=3500")
    same = ("--by", "2025-03-01", "--set", "losses.count=3500", "-n", "8k")
    for how in ((), ("-q",), ("-v",), ("--json",)):
        assert call("merge", *files, *how).stdout == call("run", FLAGSHIP, *same, *how).stdout
    call("run", FLAGSHIP, *same, "--out", str(tmp_path / "whole"))
    call("merge", *files, "--out", str(tmp_path / "merged"))
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "merged").iterdir())
    for name in names:
        if name != "run.json":  # which holds the time it was written
            whole, merged = (tmp_path / folder / name for folder in ("whole", "merged"))
            assert whole.read_bytes() == merged.read_bytes(), name


def test_a_part_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    (file,) = shards(tmp_path, 1)
    before = Path(file).read_bytes()
    again = ("run", FLAGSHIP, "-n", "8k", "--seed", "1", "--shard", "1/1", "-o", file)
    with pytest.raises(SimulateError, match="is there already") as caught:
        CliRunner().invoke(cli, again, catch_exceptions=False)
    assert caught.value.exit_code == 4
    assert Path(file).read_bytes() == before
    call(*again, "--force")
    assert Path(file).read_bytes() != before


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    assert "one scenario at a time" in refused("run", FLAGSHIP, POINT, "--checkpoint", kept)
    assert "one scenario at a time" in refused("run", FLAGSHIP, POINT, "--shard", "1/2", "-o", kept)
    assert "needs -o FILE" in refused("run", FLAGSHIP, "--shard", "1/2")
    assert "--out DIR" in refused("run", FLAGSHIP, "-o", kept)
    for other in (["--json"], ["--out", "x"], ["--checkpoint", kept]):
        told = refused("run", FLAGSHIP, "--shard", "1/2", "-o", kept, *other)
        assert "simulate merge" in told
    for wrong in ("0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", "1.0/2", ""):
        assert "such as 3/16" in refused("run", FLAGSHIP, "--shard", wrong, "-o", kept)
    assert "Missing argument" in refused("merge")
    assert list(tmp_path.iterdir()) == []


# --- processes ---


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulate", "run", FLAGSHIP, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(CONFIGS.parent)},
    )


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    out, err = start(*LONG).communicate(timeout=120)
    assert err == b""
    return out


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the file has been written a second time, which is when work is kept in it."""
    known = None
    while process.poll() is None:
        found = file.stat().st_mtime_ns if file.exists() else None
        if known is not None and found != known:
            return
        known = known or found
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_an_interrupted_run_keeps_its_work_and_says_how_to_go_on(
    number: int, code: int, word: str, undisturbed: bytes, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    process = start(*LONG, "--draws", "256M", "--checkpoint", str(kept))
    wait_for(kept, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert out == b""
    told = err.decode().splitlines()
    assert told == [f"kept in {kept}; the same command goes on from there", word]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    kept.unlink()
    assert start(*LONG, "--checkpoint", str(kept)).communicate(timeout=120)[0] == undisturbed
    assert not kept.exists()


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bytes(
    undisturbed: bytes, tmp_path: Path
) -> None:
    kept, chance, killed = tmp_path / "kept", random.Random(1), 0  # noqa: S311  (no secret)
    for _ in range(KILLS):
        process = start(*LONG, "--checkpoint", str(kept))
        try:
            # Some before anything is kept, some while it is written, some after.
            assert process.communicate(timeout=chance.uniform(0.3, 2.5)) == (undisturbed, b"")
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
    assert killed > KILLS // 3
    ended = start(*LONG, "--checkpoint", str(kept)).communicate(timeout=120)
    assert ended == (undisturbed, b"")
    assert list(tmp_path.iterdir()) == []
