"""Dates on axes of the user's own, in whatever style those have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from simulate.analysis.curve import CdfCurve
from simulate.analysis.summary import Outcome, Summary
from simulate.report.figures.bars import bars
from simulate.report.figures.canvas import Axes
from simulate.report.figures.dates import MOST_BARS
from simulate.report.figures.style import Look
from simulate.report.text.phrases import never_probability, title_words, updated_words
from simulate.report.text.wording import not_by, percent


def draw_on(axes: Axes, kind: str, summary: Summary, outcome: Outcome, curve: CdfCurve) -> None:
    """Draw the histogram or the curve of one threshold.

    Raises
    ------
    ValueError
        If it is another kind of picture.
    """
    from matplotlib.dates import ConciseDateFormatter
    from matplotlib.ticker import PercentFormatter

    if kind not in ("histogram", "cdf"):
        raise ValueError(f"{kind!r} cannot be drawn on other axes; histogram and cdf can")
    label = f"{title_words(summary)}{updated_words(summary)}"
    if never := never_probability(outcome):
        label += f" ({not_by(summary.horizon)}: {percent(never)})"
    if kind == "cdf":
        axes.plot(_dates(summary, curve.days), curve.probability, label=label)
        axes.set_ylabel("share of draws up to the date")
        axes.set_ylim(0, 1)
    elif (drawn := bars(outcome.histogram, MOST_BARS)) is not None:
        # Per day, so that bars of another width can stand beside them.
        heights = [height / drawn.span for height in drawn.heights]
        # The median takes the next colour of the axes, which the bars share.
        at = [] if outcome.median.day is None else [outcome.median.day] * 2
        (line,) = axes.plot(_dates(summary, at), [0, max(heights)][: len(at)])
        edges = _dates(summary, [edge - summary.origin.toordinal() for edge in drawn.edges])
        look: Look = {"color": line.get_color(), "alpha": 0.4}
        axes.stairs(heights, edges, fill=True, label=label, **look)
        axes.set_ylabel("share of draws per day")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    dates = ConciseDateFormatter(axes.xaxis.get_major_locator())  # type: ignore[no-untyped-call]  # Matplotlib has no type here
    axes.xaxis.set_major_formatter(dates)


def _dates(summary: Summary, days: Sequence[float]) -> npt.NDArray[np.datetime64]:
    """Days since the origin as Matplotlib takes dates, to the second."""
    seconds = np.rint(86_400 * np.asarray(days, dtype=float)).astype("m8[s]")
    return np.asarray(np.datetime64(summary.origin, "s") + seconds)
