from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.files import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(text: str, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return to
