"""Compare scenarios on common random numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulate.analysis.comparison import Comparison, compare_scenarios
from simulate.analysis.request import Request, ThresholdLike, known_threshold
from simulate.api.answer import Pictured
from simulate.api.result import Result
from simulate.engine.run import Progress
from simulate.report.data import comparison as data
from simulate.report.data.files import Table
from simulate.report.document import Document, Drawing
from simulate.report.figures.comparison import drawing
from simulate.report.pages.comparison import comparison_page, warning_lines
from simulate.report.text import comparison as text
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.overlay import Settings
from simulate.scenario.plain import listed

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, repr=False)
class ComparisonResult(Pictured, stem="comparison"):
    """The answer of `compare`; `comparison` holds everything reported, as plain values."""

    comparison: Comparison

    def picture(self, threshold: ThresholdLike | None = None) -> Drawing:
        """All histograms for one threshold, in any size, with their description."""
        return drawing(self.comparison, known_threshold(threshold, self.comparison.thresholds))

    def main_picture(self) -> Drawing | None:
        """The picture for the largest threshold, unless it could not be read."""
        return self.picture() if len(self.comparison.summaries) <= text.MOST_DRAWN else None

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the comparison."""
        return data.document(self.comparison)

    def table(self) -> Table:
        """The dates of each scenario, their shifts, and which comes first.

        `threshold`, the `scenario`'s letter with its `file` and `digest`, and the letter of the
        `reference` that it is compared with; what the row is, in `quantity` (`date`, `never`,
        `shift_days`, `reference_first`, `scenario_first`, `same_day` or `neither`), for `draws`
        that are `shared` or `independent`, and at which `level`; `date` or `value`, in days or a
        probability, with its `mc_error`, and why it is `missing`.
        """
        return data.table(self.comparison)

    def cite(self) -> str:
        """The sentences to cite, and their note."""
        return f"{text.sentences(self.comparison)}\n{text.note(self.comparison)}"

    def page(self, *, verbose: bool = False) -> Document:
        """The answer for the largest threshold; `verbose` shows all, and how to cite it."""
        return comparison_page(self.comparison, verbose=verbose)

    def headlines(self) -> Iterable[str]:
        """The result lines, one for each scenario but the first."""
        return text.headlines(self.comparison)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Each warning once, after the letters of its scenarios."""
        return warning_lines(self.comparison)

    def _about(self) -> str:
        first, *others = self.comparison.summaries
        return f"ComparisonResult of {first.scenario.title!r} and {len(others)} more"


def compare(
    scenarios: Runnable | Result | Iterable[Runnable | Result],
    *others: Runnable | Result,
    set: Settings = (),
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
    scenarios : str, PathLike, mapping, Scenario, LoadedScenario or Result, or an iterable of them
        Two or more, with a threshold in common. Of one with `losses.pooling: each` the claims are
        compared, so that it may be the only one. A result is run again, as all are, on common
        random numbers.
    *others
        More of them.
    set : str, iterable of str, or mapping
        Changes of single values in all of them, such as {"force.size": 12000}; see `load`.
    draws, seed, method, workers, executor, progress : optional
        As in `simulate.run`. The first scenario's own `sampling` holds for all, or of a result the
        draws, seed and method of its run.

    Returns
    -------
    ComparisonResult

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, or there is no threshold in common.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> both = [f"configs/kursk-{name}.yaml" for name in ("isw", "nis")]
    >>> against = simulate.compare(both, draws=8192).comparison.against[0]
    >>> round(next(s.days for s in against.shifts if (s.threshold, s.level) == (1.0, 0.5)))
    42
    """
    given = [*listed(scenarios), *others]
    loaded = [loader.load(each.loaded if isinstance(each, Result) else each, set) for each in given]
    if given and isinstance(given[0], Result):
        made = given[0].summary.run
        draws, seed = draws or made.asked or made.draws, made.seed if seed is None else seed
        method = method or made.method
    return compare_as(Request(draws, seed, method, workers, executor, progress), loaded)


def compare_as(request: Request, scenarios: list[LoadedScenario]) -> ComparisonResult:
    """Compare scenarios as requested, each claim by itself where they are not pooled."""
    parts = [part for one in scenarios for _, part in one.parts()]
    return ComparisonResult(compare_scenarios(parts, request))
