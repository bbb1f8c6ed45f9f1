"""The Python face for several scenarios at once: compare them, or sweep one over a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulate import __version__
from simulate.analysis.comparison import Comparison, compare_scenarios
from simulate.engine.run import Progress
from simulate.engine.workforce import Workforce
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ComparisonResult:
    """The answer of `compare`; `comparison` holds all that is reported, as plain values."""

    comparison: Comparison

    def plot(self) -> Figure:
        """All histograms on one axis of dates, as a Matplotlib figure free of global state."""
        from simulate.report.comparison_figure import comparison_figure

        return comparison_figure(self.comparison)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the comparison."""
        from simulate.report.comparison_files import document

        return document(self.comparison)

    def cite(self) -> str:
        """The sentences to cite, and their note."""
        from simulate.report.comparison_words import note, sentences

        return f"{sentences(self.comparison)}\n{note(self.comparison)}"

    def __repr__(self) -> str:
        titles = ", ".join(repr(one.scenario.title) for one in self.comparison.summaries)
        return f"<Comparison of {titles}>"


def compare(
    scenarios: Iterable[LoadedScenario | Scenario],
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
    scenarios : iterable of LoadedScenario or Scenario
        Two or more, with a threshold in common.
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
    loaded = [one if isinstance(one, LoadedScenario) else LoadedScenario(one) for one in scenarios]
    asked = {"draws": draws, "seed": seed, "method": method}
    sampling = loader.changed_sampling(
        loaded[0].scenario.sampling, {k: v for k, v in asked.items() if v is not None}
    )
    return ComparisonResult(
        compare_scenarios(
            loaded, sampling, __version__, Workforce(workers, executor), progress=progress
        )
    )
