"""The draws of a run as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from simulate.analysis.draw_table import DrawTable, Values
from simulate.report.data.draws import arrays_of, typed
from simulate.report.data.files import data_frames

if TYPE_CHECKING:
    import pandas as pd


class Draws(Mapping[str, Values]):
    """A mapping of names to NumPy arrays with a value for each draw.

    `draw` and `replicate` count from 1. Each uncertain input has its path as its name, such as
    `force.size`; a date is a number of days since `origin`. Where claims are pooled,
    `losses.claim` is the number of the claim that the draw follows; for a chance event its
    `...happens` is 1 or 0. `losses_per_day` is the rate, `weight` how well the draw fits the
    reports of an update, 1 at best. Each threshold has its `day_100`, days since the origin,
    infinite for never; its `date_100`, the date of the calendar, NaT for never; and its
    `never_100`, the place of the reason among `causes`, -1 where it is depleted.

    Attributes
    ----------
    origin : numpy.datetime64
        The day from which days are counted.
    causes : tuple of str
        Reasons for never.
    """

    def __init__(self, table: DrawTable) -> None:
        self._arrays = arrays_of(table)
        self._table = table._replace(batches=iter(()))  # read; they cannot be copied
        self.origin, self.causes = table.origin, table.causes

    def __getitem__(self, name: str) -> Values:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __eq__(self, other: object) -> bool:
        # Arrays have no single truth value, and no date is equal to another.
        return (
            isinstance(other, Draws)
            and self.keys() == other.keys()
            and all(np.array_equal(self[name], other[name], equal_nan=True) for name in self)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays can be written to

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row for each draw: dates as such, and reasons in words.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        pandas, table = data_frames(), self._table
        columns = {}
        for column in table.columns:
            values, missing = typed(column, self[column.name], table)
            values = pandas.Series(values)
            columns[column.name] = values if missing is None else values.mask(missing)
        frame: pd.DataFrame = pandas.DataFrame(columns)
        return frame

    def __repr__(self) -> str:
        return f"<Draws: {self._table.n_draws:,} of each of {', '.join(self)}>"
