"""The histogram in characters."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from simulate.analysis.values import NeverCause
from simulate.report.document import Sketch
from simulate.report.figures.sketch import ROWS, histogram_sketch
from tests.report import factory


def sketch(never: float = 0.0, width: int = 80, *, blocks: bool = True) -> Sketch:
    summary = factory.flagship(2048)
    causes = (NeverCause("horizon", never, 0.0),) if never else ()
    outcome = replace(summary.outcomes[-1], never=causes, depleted_mc_error=0.001)
    return histogram_sketch(summary, outcome, width, blocks=blocks)


@pytest.mark.parametrize(
    ("never", "bar", "legend"),
    [
        (0.0004, [], "Not by 1 January 2026: under 0.1 %."),
        (0.01, ["▁▁▁"], "▁▁▁ not by 1 January 2026: 1.0 %; a bar of full height would be 100 %."),
        (0.4, ["▒▒▒"] * 2, "▒▒▒ not by 1 January 2026: 40.0 %; a bar of full height would be 1"),
        (1.0, ["▒▒▒"] * ROWS, "▒▒▒ not by 1 January 2026: 100 %; a bar of full height would be 1"),
    ],
)
def test_the_bar_of_never_is_as_high_as_its_share(
    never: float, bar: list[str], legend: str
) -> None:
    """In fifths of the height; a share that fills none of them has the lowest step."""
    found = sketch(never)
    assert [line[-3:] for line in found.lines[:ROWS] if re.search("  [▁▒]{3}$", line)] == bar
    assert found.legend[0].startswith(legend)
    assert sketch(never, blocks=False).legend[0].isascii()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_labels_share_a_line_and_keep_their_order(width: int) -> None:
    ruler, *labels = sketch(width=width).lines[ROWS:]
    assert [sign for sign in ruler if sign in "├┼┤"] == ["├", "┼", "┤"]
    assert len(labels) == 1
    names = re.split(" {2,}", labels[0].strip())
    assert [name.partition(" ")[0] for name in names] == ["P5", "median", "P95"]
    assert len(labels[0]) <= width


def test_labels_too_long_for_a_line_have_one_each() -> None:
    labels = sketch(width=40).lines[ROWS + 1 :]
    assert [label.split()[0] for label in labels] == ["P5", "median", "P95"]
    assert all(len(label) <= 40 for label in labels)
