"""Compare scenarios on common random numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulate._version import __version__
from simulate.analysis.comparison import Comparison, compare_scenarios
from simulate.engine.run import Progress
from simulate.engine.workers import Workers
from simulate.report.document import Drawing
from simulate.report.figures.comparison import drawing
from simulate.report.figures.files import sheet_of
from simulate.scenario import loader
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.model import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ComparisonResult:
    """The answer of `compare`; `comparison` holds all that is reported, as plain values."""

    comparison: Comparison

    def plot(self, threshold: float | None = None, *, preset: str = "web") -> Figure:
        """All histograms on one axis of dates, as a Matplotlib figure free of global state.

        Parameters
        ----------
        threshold : float, optional
            One of the thresholds that all scenarios have.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card of two scenarios).
        """
        return self.picture(threshold).draw(sheet_of(preset))

    def picture(self, threshold: float | None = None) -> Drawing:
        """All histograms for one threshold, to be drawn in any size, with their description."""
        return drawing(self.comparison, threshold)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the comparison."""
        from simulate.report.data.comparison import document

        return document(self.comparison)

    def cite(self) -> str:
        """The sentences to cite, and their note."""
        from simulate.report.text.comparison import note, sentences

        return f"{sentences(self.comparison)}\n{note(self.comparison)}"

    def _repr_html_(self) -> str:
        from simulate.report.pages.comparison import comparison_page
        from simulate.report.render.html import fragment

        return fragment(comparison_page(self.comparison))

    def __repr__(self) -> str:
        titles = ", ".join(repr(one.scenario.title) for one in self.comparison.summaries)
        return f"<Comparison of {titles}>"


def compare(
    scenarios: Iterable[Runnable],
    *,
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Run scenarios on common random numbers and compare each with the first.

    Parameters
    ----------
    scenarios : iterable of LoadedScenario, Scenario, str or Path
        Two or more, files among them, with a threshold in common.
    draws, seed, method : optional
        Take the place of the first scenario's own `sampling`, which holds for all.
    workers, executor, progress : optional
        As in `simulate.run`.

    Returns
    -------
    ComparisonResult

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, there is no threshold in common, or a scenario
        has `losses.pooling: each`.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> names = ("kursk-isw", "kursk-nis")
    >>> both = [simulate.load(f"configs/{name}.yaml") for name in names]
    >>> against = simulate.compare(both, draws=8192).comparison.against[0]
    >>> round(next(s.days for s in against.shifts if (s.threshold, s.level) == (1.0, 0.5)))
    42
    """
    if isinstance(scenarios, str | Path | LoadedScenario | Scenario):  # a text is iterable too
        scenarios = [scenarios]
    loaded = [loader.loaded(each) for each in scenarios]
    asked = {"draws": draws, "seed": seed, "method": method}
    sampling = loader.changed_sampling(
        loaded[0].scenario.sampling if loaded else Sampling(),
        {k: v for k, v in asked.items() if v is not None},
    )
    return ComparisonResult(
        compare_scenarios(
            loaded, sampling, __version__, Workers(workers, executor), progress=progress
        )
    )
