"""A run of which some tasks are done: what checkpoints and shards hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from simulate.engine.design import Task
from simulate.engine.tally import Tally

if TYPE_CHECKING:
    from simulate.engine.plan import Plan


@dataclass(frozen=True, slots=True)
class Partial:
    """The tasks of a plan that are done, and the tally of their draws; grows in place."""

    tally: Tally
    done: set[Task]

    @classmethod
    def none(cls, plan: Plan) -> Self:
        """A run of which nothing is done."""
        return cls(plan.empty_tally(plan.design.replicates), set())

    def add(self, task: Task, part: Tally) -> None:
        """Add a task that was not done, with its tally of one replicate."""
        if task in self.done:
            raise ValueError(f"task {task} is done already")
        self.tally.add(part, task[0])
        self.done.add(task)

    def merge(self, other: Partial) -> None:
        """Add another partial run of the same plan, of which no task is done here."""
        if again := self.done & other.done:
            raise ValueError(f"task {min(again)} is done in both")
        self.tally.merge(other.tally)
        self.done.update(other.done)
