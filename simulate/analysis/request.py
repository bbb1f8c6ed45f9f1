"""How an answer is worked out: with which draws, by whom, and what cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from simulate.engine.evidence import MOST_DRAWS
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import Progress, run_plan
from simulate.engine.shape import Road
from simulate.engine.tally import Tally
from simulate.engine.workers import Workers
from simulate.errors import Argument, LimitError, Message, Problem, ScenarioError, ThresholdError
from simulate.scenario.evidence import evidence_of
from simulate.scenario.fields import Sampling
from simulate.scenario.loader import LoadedScenario, changed_sampling
from simulate.scenario.plain import as_number, as_whole, found
from simulate.scenario.stocks import Amount, main_threshold, place, written

if TYPE_CHECKING:
    from concurrent.futures import Executor


T = TypeVar("T")
ThresholdLike: TypeAlias = float | Mapping[str, float]
"""A share, or an amount such as {"left": 13.5}."""


class Request(Struct, frozen=True):
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

    def __post_init__(self) -> None:
        executor: Any = self.executor
        if executor is not None:
            from concurrent.futures import Executor

            if not isinstance(executor, Executor):
                wanted = "executor must be a concurrent.futures.Executor"
                if hasattr(executor, "get_executor"):  # a client of Dask
                    wanted += ", such as client.get_executor()"
                raise TypeError(f"{wanted} (found {type(executor).__name__})")
        if self.progress is not None and not callable(self.progress):
            raise TypeError(f"progress must be callable (found {found(self.progress)})")
        if self.workers is not None:
            force_setattr(self, "workers", as_whole(self.workers, "workers"))

    def sampling(self, loaded: LoadedScenario) -> Sampling:
        """How to sample a scenario."""
        check_one_result(loaded)
        names = ("draws", "seed", "method", "precision")
        values = {name: getattr(self, name) for name in names}
        given = {name: value for name, value in values.items() if value is not None}
        return changed_sampling(loaded.scenario.sampling, given)

    @property
    def at_work(self) -> Workers:
        """Who does the work."""
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


def by_road(*, straight: T, bent: T, walks: T) -> dict[Road, T]:
    """A value for each road; all that walk, from day to day or event to event, have the same."""
    return {"straight": straight, "bent": bent, "drift": walks, "events": walks, "daily": walks}


def plan_of(loaded: LoadedScenario, sampling: Sampling, draws: int | None = None) -> Plan:
    """The plan of a sampling, or of another number of draws, for dates alone.

    Losses on the days of counts published later are tallied only where they are evidence.
    """
    plan = plan_for(
        loaded.scenario,
        draws=draws or sampling.draws,
        seed=sampling.seed,
        method=sampling.method,
        observed=bool(evidence_of(loaded.scenario)),
    )
    check_weighted(plan)
    return plan


def check_weighted(plan: Plan) -> None:
    """Refuse more draws than can be weighted exactly."""
    if plan.evidence is not None and plan.design.n_draws > MOST_DRAWS:
        n = plan.design.n_draws
        raise LimitError(f"{n:,} draws are beyond the limit of {MOST_DRAWS:,} for an update")


def check_one_result(loaded: LoadedScenario) -> None:
    """Refuse a scenario that has one result for each claim."""
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


def known_threshold(threshold: ThresholdLike | None, ladder: Sequence[float]) -> float:
    """The threshold, which must be one of the ladder's; the largest if None.

    It is a share, an `Amount`, or such as {"left": 13.5}. Another one is a `ThresholdError`.
    """
    if threshold is None:
        return main_threshold(ladder)
    for kind in ("left", "lost"):
        if isinstance(threshold, Mapping) and list(threshold) == [kind]:
            threshold = Amount(as_number(threshold[kind], f"threshold.{kind}"), kind)
    known = threshold if isinstance(threshold, Amount) else as_number(threshold, "threshold")
    if known in ladder:
        return known
    listed = ", ".join(map(written, sorted(ladder, key=place)))
    message = f"{written(known)} is not among the thresholds {listed}"
    longer = sorted({*ladder, known}, key=place)
    plain = [at.plain if isinstance(at, Amount) else at for at in longer]
    hint = Message("choose one of them, or add it: ", Argument("set", {"thresholds": plain}))
    raise ThresholdError(Problem(message, hint=hint))
