"""How an answer is worked out: with which draws, by whom, and what cannot be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, run_plan
from simulate.engine.tally import Tally
from simulate.engine.workers import Workers
from simulate.errors import Argument, Message, Problem, ScenarioError, ThresholdError
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario, changed_sampling
from simulate.scenario.stocks import Amount, main_threshold, place, written

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, slots=True)
class Request:
    """How to work out an answer; `simulate.run` explains each field.

    None stands for the scenario's own value, or for the default. `forks` is for a process of one
    thread, such as a command.
    """

    draws: int | None = None
    seed: int | None = None
    method: str | None = None
    workers: int | None = None
    executor: Executor | None = None
    progress: Progress | None = None
    precision: float | None = None
    forks: bool = False

    def sampling(self, loaded: LoadedScenario) -> Sampling:
        """How to sample a scenario.

        Raises
        ------
        ScenarioError
            If a value is not possible, or the scenario has one result for each claim.
        """
        check_one_result(loaded)
        names = ("draws", "seed", "method", "precision")
        values = {name: getattr(self, name) for name in names}
        given = {name: value for name, value in values.items() if value is not None}
        return changed_sampling(loaded.scenario.sampling, given)

    @property
    def at_work(self) -> Workers:
        """Who does the work; ValueError for a number of workers that is none."""
        n: Any = self.workers
        if n is not None and (isinstance(n, bool) or not isinstance(n, Integral) or n < 1):
            raise ValueError(f"workers is a whole number from 1 up (found {n!r})")
        return Workers(self.workers, self.executor, self.forks)

    def run(self, plan: Plan) -> Tally:
        """Run all tasks of a plan."""
        return run_plan(plan, self.at_work, progress=self.progress)

    def part(self, number: int, n: int) -> Request:
        """The request for one of `n` equal runs, whose draws count as a part of all."""
        whole = self.progress
        if whole is None:
            return self

        def progress(done: int, total: int) -> None:
            whole(number * total + done, n * total)

        return replace(self, progress=progress)


def plan_of(loaded: LoadedScenario, sampling: Sampling, draws: int | None = None) -> Plan:
    """The plan of a sampling, or of another number of draws, without counts published later."""
    return plan_for(
        loaded.scenario,
        draws=draws or sampling.draws,
        seed=sampling.seed,
        method=sampling.method,
        observed=False,
    )


def check_one_result(loaded: LoadedScenario) -> None:
    """Refuse a scenario that has one result for each claim.

    Raises
    ------
    ScenarioError
    """
    if loaded.scenario.losses.is_each:
        message = "losses.pooling is each: there is one result for each claim, not a single one"
        hint = Message(
            "set losses.pooling to linear or quantile, such as ",
            Argument("set", {"losses.pooling": "linear"}),
            "; ",
            Argument("simulate.run_each"),
            " gives one result for each claim",
        )
        raise ScenarioError(Problem(message, loaded.file, hint=hint))


def known_threshold(threshold: float | None, ladder: Sequence[float]) -> float:
    """The threshold, which must be one of the ladder's; the largest if None.

    Raises
    ------
    ThresholdError
    """
    if threshold is None:
        return main_threshold(ladder)
    if threshold in ladder:
        return threshold
    listed = ", ".join(map(written, sorted(ladder, key=place)))
    message = f"{written(threshold)} is not among the thresholds {listed}"
    longer = sorted({*ladder, threshold}, key=place)
    plain = [at.plain if isinstance(at, Amount) else at for at in longer]
    hint = Message("choose one of them, or add it: ", Argument("set", {"thresholds": plain}))
    raise ThresholdError(Problem(message, hint=hint))
