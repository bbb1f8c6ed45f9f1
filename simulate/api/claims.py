"""What the claims of one scenario, each with a result of its own, have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulate.analysis.comparison import compare_claims
from simulate.report.data.files import PAGE
from simulate.report.data.tables import together
from simulate.report.figures.comparison import drawing
from simulate.report.pages.claims import claims_page
from simulate.report.text.comparison import MOST_DRAWN

if TYPE_CHECKING:
    from simulate.api.run import ClaimResults
    from simulate.report.document import Drawing


def claims_files(
    results: ClaimResults, formats: Sequence[str] = ("svg", "png")
) -> dict[str, bytes]:
    """The page of all claims, their dates as a table, and the picture; by their names.

    `formats` are those of the picture, without which there is none but on the page.
    """
    from simulate.report.figures.files import picture_files
    from simulate.report.render.html import html

    numbered = list(zip(results.numbers, (one.summary for one in results), strict=True))
    picture = _picture(results)
    return {
        PAGE: html(claims_page(numbered, results.title, picture)).encode("utf-8"),
        "quantiles.csv": together((f"claim-{n}", summary) for n, summary in numbered).csv(),
        **(picture_files("histogram", picture, formats) if picture and formats else {}),
    }


def _picture(results: ClaimResults) -> Drawing | None:
    """The dates of all claims on one axis, unless there are too few or too many."""
    if not 1 < len(results) <= MOST_DRAWN:
        return None
    runs = [(one.plan, one.tally) for one in results]
    return drawing(compare_claims([one.summary for one in results], runs, results.numbers))
