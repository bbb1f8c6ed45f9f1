"""The Python face of the sensitivity analysis: which input moves the date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulate._version import __version__
from simulate.analysis.drivers import factors_of
from simulate.analysis.effects import Effects
from simulate.analysis.sensitivity import LEAST_DRAWS, SensitivityResult, analyse
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import Progress
from simulate.engine.workers import Workers
from simulate.errors import Problem, ScenarioError
from simulate.report.document import Drawing
from simulate.report.figures.files import sheet_of
from simulate.report.figures.tornado import drawing
from simulate.scenario import loader
from simulate.scenario.loader import LoadedScenario, Runnable
from simulate.scenario.numerals import exact

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Sensitivity:
    """The answer of a sensitivity analysis; `report` holds all of it as plain values."""

    loaded: LoadedScenario
    report: SensitivityResult

    def effects(self, threshold: float | None = None) -> Effects:
        """What moves the date of one threshold, the largest of the scenario's if left out."""
        if threshold is None:
            return self.report.thresholds[-1]
        for found in self.report.thresholds:
            if found.threshold == threshold:
                return found
        ladder = self.loaded.scenario.thresholds
        raise ValueError(f"threshold {exact(threshold)} is not among the scenario's {ladder}")

    def plot(self, threshold: float | None = None, *, preset: str = "web") -> Figure:
        """The tornado as a Matplotlib figure, free of any global state.

        Parameters
        ----------
        threshold : float, optional
            One of the scenario's thresholds.
        preset : str
            `web`, `print` (7 inches wide) or `social` (a card).
        """
        return self.picture(threshold).draw(sheet_of(preset))

    def picture(self, threshold: float | None = None) -> Drawing:
        """The tornado to be drawn in any size, with its description."""
        return drawing(self.report, self.effects(threshold))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of the answer."""
        from simulate.report.data.sensitivity import document

        return document(self.report)

    def _repr_html_(self) -> str:
        from simulate.report.pages.sensitivity import sensitivity_page
        from simulate.report.render.html import fragment

        return fragment(sensitivity_page(self.report))

    def __repr__(self) -> str:
        run, scenario = self.report.summary.run, self.report.summary.scenario
        return f"<Sensitivity of {scenario.title!r}: {run.draws:,} draws, seed {run.seed}>"


def sensitivity(
    scenario: Runnable,
    *,
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
    scenario : LoadedScenario, Scenario, str or Path
        From `load`, built in Python, or a file.
    draws, seed, method : optional
        Take the place of the scenario's own `sampling`. Where `draws` is left out, a scenario that
        is walked by days takes at most 16,384; all are worked out once for each input. At least
        1,024 are drawn.
    workers, executor : optional
        As in `run`.
    progress : callable, optional
        Called as progress(draws done, draws in all).

    Returns
    -------
    Sensitivity

    Raises
    ------
    ScenarioError
        If draws, seed or method are not possible, or the scenario has `losses.pooling: each`.
    LimitError
        If a stated limit is passed.

    Examples
    --------
    >>> import simulate
    >>> found = simulate.sensitivity(simulate.load("configs/kursk-isw.yaml"), draws=8192)
    >>> first = found.effects().ranked[0]
    >>> first.name, round(first.total.value, 1)
    ('losses.as_of', 0.8)
    """
    loaded = loader.loaded(scenario)
    if loaded.scenario.losses.is_each:
        raise ScenarioError(_ONE_RESULT)
    asked = {"draws": draws, "seed": seed, "method": method}
    sampling = loader.changed_sampling(
        loaded.scenario.sampling, {k: v for k, v in asked.items() if v is not None}
    )
    at_work = Workers(workers, executor)
    report = analyse(
        loaded, sampling, at_work, __version__, asked=draws is not None, progress=progress
    )
    return Sensitivity(loaded, report)


_ONE_RESULT = Problem(
    "losses.pooling is each: there is one result for each claim",
    hint="set losses.pooling to linear or quantile",
)

_NOTHING_UNCERTAIN = Problem(
    "no input is uncertain: there is nothing that could move the date",
    hint="give an input a distribution, or draw another kind of picture",
)


def check_uncertain(loaded: LoadedScenario) -> None:
    """Make sure, before anything is sampled, that a tornado would have a bar.

    Raises
    ------
    ScenarioError
        If nothing differs from draw to draw, or the scenario has `losses.pooling: each`.
    """
    if loaded.scenario.losses.is_each:
        raise ScenarioError(_ONE_RESULT)
    plan = plan_for(loaded.scenario, draws=LEAST_DRAWS, seed=0, method="lattice")
    if not factors_of(loaded.scenario, plan):
        raise ScenarioError(_NOTHING_UNCERTAIN)
