"""Find out which input moves the date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulate.analysis.drivers import factors_of
from simulate.analysis.effects import Effects
from simulate.analysis.request import Request, ThresholdLike, known_threshold
from simulate.analysis.sensitivity import LEAST_DRAWS, SensitivityResult, analyse
from simulate.api.answer import Pictured
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import Progress
from simulate.errors import Problem, ScenarioError
from simulate.report.data import sensitivity as data
from simulate.report.data.files import Table
from simulate.report.document import Document, Drawing
from simulate.report.figures.tornado import drawing
from simulate.report.pages.sensitivity import sensitivity_page
from simulate.report.text.sensitivity import has_picture, headline, main_effects
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.overlay import Settings

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, repr=False)
class Sensitivity(Pictured, stem="sensitivity", picture="tornado"):
    """The answer of a sensitivity analysis; `report` holds everything reported, as plain values."""

    loaded: LoadedScenario
    report: SensitivityResult

    def effects(self, threshold: ThresholdLike | None = None) -> Effects:
        """What moves the date of one threshold, by default the scenario's largest.

        Raises
        ------
        ThresholdError
            If the scenario does not have it.
        """
        known = known_threshold(threshold, self.loaded.scenario.thresholds)
        return next(found for found in self.report.thresholds if found.threshold == known)

    def main_picture(self) -> Drawing | None:
        """The tornado for the largest threshold, unless nothing moves the date."""
        is_drawn = has_picture(main_effects(self.report), self.report.summary)
        return self.picture() if is_drawn else None

    def picture(self, threshold: ThresholdLike | None = None) -> Drawing:
        """The tornado in any size, with its description."""
        return drawing(self.report, self.effects(threshold))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the answer."""
        return data.document(self.report)

    def table(self) -> Table:
        """Each figure of each input.

        `threshold`, the `input` and its `kind`; the `figure` (`total`, `first_order`,
        `rank_correlation`, `median` or `needed`) and its `case`, such as `lowest tenth`, with the
        `bound` of the input there; its `value`, or the `date`, with its `mc_error`, and why it is
        `missing`. With an update on later reports also the percentiles of each input, and the
        chances of events and claims, `before` and `after`, for no threshold.
        """
        return data.table(self.report)

    def page(self, *, verbose: bool = False) -> Document:
        """The whole answer; `verbose` shows all thresholds, and all inputs."""
        return sensitivity_page(self.report, verbose=verbose)

    def headlines(self) -> tuple[str, ...]:
        """The result line."""
        return (headline(self.report),)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to be careful about."""
        return self.report.summary.warnings

    def _about(self) -> str:
        run, scenario = self.report.summary.run, self.report.summary.scenario
        return f"Sensitivity of {scenario.title!r}: {run.draws:,} draws, seed {run.seed}"


def sensitivity(
    scenario: Runnable,
    *,
    set: Settings = (),
    draws: int | None = None,
    seed: int | None = None,
    method: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find out which input moves the date.

    Parameters
    ----------
    scenario : str, PathLike, mapping, Scenario or LoadedScenario
        A file, its keys and values, or what `load` returns.
    set : str, iterable of str, or mapping
        Changes of single values, such as {"force.size": 12000}; see `load`.
    draws, seed, method, workers, executor, progress : optional
        As in `run`. All draws are computed once for each input: at least 1,024, and by default at
        most 16,384 for a scenario with rotation, drift or returns.

    Returns
    -------
    Sensitivity
        Where later reports are evidence, all is about the updated dates: `report.moved` has the
        percentiles of each input before and after, `report.likelier` the chances of events and
        claims, and shares are first-order shares from the weighted draws.

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, or the scenario has `losses.pooling: each`.
    LimitError
        If a stated limit is passed.
    UpdateError
        If later reports are evidence and too few draws fit them.

    Examples
    --------
    >>> import simulate
    >>> found = simulate.sensitivity("configs/kursk-isw.yaml", draws=8192)
    >>> first = found.effects().ranked[0]
    >>> first.name, round(first.total.value, 1)
    ('losses.as_of', 0.8)
    """
    request = Request(draws, seed, method, workers, executor, progress)
    return sensitivity_as(request, loader.load(scenario, set))


def sensitivity_as(request: Request, loaded: LoadedScenario) -> Sensitivity:
    """Analyse a scenario as requested; see `sensitivity`."""
    return Sensitivity(loaded, analyse(loaded, request))


def check_uncertain(loaded: LoadedScenario) -> None:
    """Make sure, before anything is sampled, that a tornado would have a bar."""
    plan = plan_for(loaded.scenario, draws=LEAST_DRAWS, seed=0, method="lattice")
    if not factors_of(loaded.scenario, plan):
        message = "no input is uncertain: there is nothing that could move the date"
        hint = "give an input a distribution, or draw another kind of picture"
        raise ScenarioError(Problem(message, hint=hint))
