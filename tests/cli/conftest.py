"""A folder to run commands in, and the whole command in this process."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulate.cli import main
from tests.cli.process import SCENARIO, Answer, Whole
from tests.texts import undrawn


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario, in which the commands run."""
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("force: no\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def undrawn_pages() -> Iterator[None]:
    """The pages that commands write in this process are without their pictures."""
    with undrawn():
        yield


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Whole]:
    """The command up to its exit code, in this process: others take a second each to start."""
    handler = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["simulate", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        assert "Traceback" not in captured.out + captured.err
        assert "internal error" not in captured.err
        assert "Warning:" not in captured.err
        return Answer(code, captured.out, captured.err)

    yield run
    signal.signal(signal.SIGTERM, handler)
