"""A scenario on counts from a CSV file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simulate.scenario.loader import LoadedScenario, load

SIZE = "{distribution: uniform, low: 11000, high: 12000}"
SERIES = "{file: losses.csv, count: tank, window: 41, as_of: 2025-01-16}"
TABLE = """\
date,aircraft,tank
2024-11-30,1,2000
2024-12-06,1,2400
2025-01-10,2,5900
2025-01-16,3,6200
2025-02-01,3,7000
"""

Load = Callable[..., LoadedScenario]


def load_series(
    folder: Path, series: str, table: str = TABLE, *overrides: str, more: str = ""
) -> LoadedScenario:
    """Load `case.yaml`, whose series is in line 4, on a table in `losses.csv`."""
    (folder / "losses.csv").write_text(table, encoding="utf-8")
    text = f"title: T\nforce: {{size: {SIZE}}}\nlosses:\n  series: {series}\n{more}"
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load(folder / "case.yaml", overrides)
