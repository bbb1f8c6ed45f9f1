"""A folder to run commands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.process import SCENARIO


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario, in which the commands run."""
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("force: no\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
