"""The flagship's percentiles with NumPy alone: no file, no errors, no intervals, no words."""

import datetime as dt

import numpy as np

DRAWS, ORIGIN = 131_072, dt.date(2024, 12, 1)
rng = np.random.default_rng(0)


def day(month: int, day: int) -> int:
    return (dt.date(2025 if month == 1 else 2024, month, day) - ORIGIN).days


force = rng.triangular(10_000, 12_000, 12_500, DRAWS)
lost = rng.triangular(3_000, 3_800, 4_400, DRAWS)
start = rng.triangular(day(12, 1), day(12, 6), day(12, 14), DRAWS)
counted = rng.uniform(day(12, 26), day(1, 16), DRAWS)
for share in (0.3, 0.5, 1.0):
    reached = start + share * force * (counted - start) / lost
    days = np.quantile(reached, [0.05, 0.25, 0.5, 0.75, 0.95])
    print(share, *(ORIGIN + dt.timedelta(days=int(d)) for d in days))  # noqa: T201  (a program)
