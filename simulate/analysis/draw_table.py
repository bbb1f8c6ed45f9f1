"""The draws of a run as a table: what each column holds, and its values a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from simulate.analysis.summary import Summary
from simulate.engine.grid import ROUNDING
from simulate.engine.plan import Plan
from simulate.engine.redraw import DEPLETED, Replayed, replayed
from simulate.engine.sampling.design import MOST_SAVED, too_many_to_save
from simulate.engine.sampling.pool import CHOICE
from simulate.errors import LimitError
from simulate.scenario.model import Scenario
from simulate.scenario.stocks import suffix

Values: TypeAlias = npt.NDArray[Any]
Kind = Literal["whole", "number", "moment", "day", "date", "cause"]

ROWS = 2**14
"""Rows in one batch, so that memory does not grow with the draws."""

NO_DATE = np.iinfo(np.int64).min


class Column(NamedTuple):
    """A column of the table.

    Its values are, by kind: `whole` integers; `number` floats; `moment` an input's date as float
    days since the origin; `day` the same for a depletion, inf for never; `date` the calendar day it
    falls on as whole days since the origin, `NO_DATE` for never; `cause` the reason for never as
    a place among the causes, -1 where there is none.
    """

    name: str
    kind: Kind


class DrawTable(NamedTuple):
    """The table of a run.

    `batches` are the values of all columns for some rows at a time, in the order of the draws;
    `origin` is the day from which days are counted, `causes` the reasons for never, and `about` the
    record of the run.
    """

    columns: tuple[Column, ...]
    batches: Iterator[list[Values]]
    n_draws: int
    origin: np.datetime64
    causes: tuple[str, ...]
    about: dict[str, Any]


def table_of(scenario: Scenario, plan: Plan, summary: Summary) -> DrawTable:
    """The draws of a run."""
    n, run = plan.design.n_draws, summary.run
    if n > MOST_SAVED:
        raise LimitError(too_many_to_save(n))
    about = {
        "title": summary.scenario.title,
        "digest": summary.scenario.digest,
        "overrides": list(summary.scenario.overrides),
        "origin": summary.origin.isoformat(),
        "horizon": summary.horizon.isoformat(),
        "unit": summary.unit,
        "draws": run.draws,
        "seed": run.seed,
        "method": run.method,
        "replicates": run.replicates,
        "stream": run.stream,
        "version": run.versions["simulate"],
    }
    origin = np.datetime64(int(plan.origin), "D")
    columns = (
        Column("draw", "whole"),
        Column("replicate", "whole"),
        *(Column(name, _kind(scenario, name)) for name in plan.names),
        Column("losses_per_day", "number"),
        *([Column("weight", "number")] if plan.evidence else []),
        *(
            column
            for threshold in plan.thresholds
            for column in (
                Column(f"date_{suffix(threshold)}", "date"),
                Column(f"day_{suffix(threshold)}", "day"),
                Column(f"never_{suffix(threshold)}", "cause"),
            )
        ),
    )
    return DrawTable(columns, _batches(scenario, plan), n, origin, plan.causes, about)


def _batches(scenario: Scenario, plan: Plan) -> Iterator[list[Values]]:
    totals = np.array([n for n, _ in scenario.losses.pooled_claims] or [0])
    for block in replayed(plan):
        for begun in range(0, block.rate.size, ROWS):
            yield list(_values(plan, block, totals, slice(begun, begun + ROWS)))


def _kind(scenario: Scenario, name: str) -> Kind:
    if name == CHOICE or name.endswith(".happens"):
        return "whole"
    law = next(item.distribution for item in scenario.uncertain if item.name == name)
    return "moment" if law.axis == "date" else "number"


def _values(
    plan: Plan, block: Replayed, totals: npt.NDArray[np.int64], rows: slice
) -> Iterator[Values]:
    rate = block.rate[rows]
    number = np.arange(rate.size) + (block.first + rows.start + 1)
    yield number
    yield np.full(rate.size, block.replicate + 1)
    for name in plan.names:
        value: Values = block.values[name][rows]
        if name == CHOICE and plan.pool is not None:
            value = totals[np.searchsorted(plan.pool.upto, value, side="right")]
        elif name.endswith(".happens"):
            probability = name.removesuffix("happens") + "probability"
            likely = block.values.get(probability, plan.constants.get(probability, 1.0))
            likely = likely[rows] if isinstance(likely, np.ndarray) else likely
            value = (value < likely).astype(np.int64)
        yield value
    yield rate
    if block.weight is not None:
        yield block.weight[rows]
    for time, cause in zip(block.time[:, rows], block.cause[:, rows], strict=True):
        depleted = cause == DEPLETED
        day = np.floor(np.where(depleted, time, 0.0) + ROUNDING).astype(np.int64)
        yield np.where(depleted, day, NO_DATE)
        yield time
        yield cause
