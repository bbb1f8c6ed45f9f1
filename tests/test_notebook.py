"""The notebook in `configs/`, run from top to bottom as a reader would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import simulate

FILE = Path(__file__).parents[1] / "configs" / "claim.ipynb"


def executed(notebook: Any, folder: Path) -> dict[str, Any]:
    """Run a notebook; its code cells by their ids."""
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return {cell["id"]: cell for cell in notebook.cells if cell.cell_type == "code"}


def shown(cell: Any) -> dict[str, Any]:
    """What a cell shows, by its media type."""
    (last,) = [each for each in cell.outputs if each.output_type == "execute_result"]
    return dict(last.data)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("PYTHONPATH", str(FILE.parents[1]))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")  # else Jupyter 5 warns of its old paths
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    found = nbformat.read(FILE, as_version=4)
    nbformat.validate(found)
    return found


def test_nothing_is_stored_that_could_go_stale(notebook: Any) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_a_claim_becomes_a_sentence_a_picture_and_a_sensitivity(
    notebook: Any, tmp_path: Path
) -> None:
    cells = executed(notebook, tmp_path)
    names: dict[str, Any] = {}
    exec(cells["scenario"].source, names)  # noqa: S102  (our own notebook)
    result = simulate.run(names["claim"], seed=1)
    page = shown(cells["run"])
    assert page["text/plain"] == repr(result)
    assert "<svg" in page["text/html"]
    (printed,) = cells["cite"].outputs
    assert printed.text == f"{result.cite()}\n"
    for name in ("plot", "sensitivity", "change"):
        assert set(shown(cells[name])) == {"text/plain", "image/png", "image/svg+xml"}, name
    assert shown(cells["plot"])["image/svg+xml"] == result.plot()._repr_svg_()
    assert "force.size" in shown(cells["quantiles"])["text/html"]
    assert "losses.count" in shown(cells["table"])["text/html"]
    assert not list(tmp_path.glob("*.*"))


def test_a_cell_that_fails_fails_here(notebook: Any, tmp_path: Path) -> None:
    notebook.cells = notebook.cells[:3]
    notebook.cells[2].source = "import simulate; simulate.load({'title': 'x', 'units': 'men'})"
    with pytest.raises(CellExecutionError, match=r"unknown key units"):
        executed(notebook, tmp_path)
