"""Synthetic summaries, read off draws by slow and obvious means."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from simulate.analysis import summary as answer
from simulate.analysis import values
from tests.report import pooled

Days = npt.NDArray[np.float64]

ORIGIN = dt.date(2024, 12, 1)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
PROBABILITIES = (0.5, 0.8, 0.9, 0.95)

HOSTILE_TITLES = {
    "script": "<script>alert('1')</script> & \"quotes\"",
    "mathematics": "$5M vs $6M and $x^2$ \\frac",
    "template": "{{7*7}} {% raw %}",
    "markup": "[/] [bold]x[/bold] [link=http://example.org]y[/link] :skull:",
    "escape": "\x1b[31mred\x1b]0;owned\x07 \x9b2J plain",
    "bidi": "left \u202eright\u2066 isolate \u200f end",
    "chinese": "俄罗斯远征军在库尔斯克的损失推算与其不确定性",
    "arabic": "استنزاف القوة في كورسك",
    "lines": "first\nsecond\r\nthird\tfourth\u2028fifth",
    "long": "A very long title about a contingent and its losses, " * 40,
    "one word": "x" * 2000,
    "comment": "--> <!-- ]]> <![CDATA[",
    "nothing": "",
}
_TOGETHER = {
    "tags": ("script", "template", "comment"),
    "marks": ("mathematics", "markup"),
    "controls": ("escape", "bidi", "lines"),
    "letters": ("chinese", "arabic"),
    **{name: (name,) for name in ("long", "one word", "nothing")},
}
HOSTILE_TEXTS = {
    name: " ".join(HOSTILE_TITLES[each] for each in parts) for name, parts in _TOGETHER.items()
}
"""The same in few texts, for what takes long: pictures and pages."""


@cache
def flagship(draws: int = 131_072) -> answer.Summary:
    """Three thresholds, a published date, all draws depleted."""
    first, second, third = uniforms(draws, 3)
    rate = 92.0 * np.exp(0.11 * normal(first))
    force = 10_250 + 1125 * (second + third)
    ladder = {q: 5.0 + q * force / rate for q in (0.3, 0.5, 1.0)}
    return summary(
        ladder,
        horizon=dt.date(2026, 1, 1),
        as_of_day=46.0,
        published=[("ISW: mid-April 2025", dt.date(2025, 4, 15))],
    )


@cache
def with_never(draws: int = 131_072) -> answer.Summary:
    """A third withdrawn or at the horizon: the interval is open at its upper end."""
    first, second = uniforms(draws, 2)
    withdrawn = second < 0.3
    return summary(
        {1.0: np.where(withdrawn, np.inf, 150.0 * np.exp(0.5 * normal(first)))},
        horizon=dt.date(2026, 1, 1),
        causes={"withdrawal": float(withdrawn.mean())},
        published=[
            ("ISW: mid-April 2025", dt.date(2025, 4, 15)),
            ("General Staff, 30 May", dt.date(2025, 5, 30)),
        ],
    )


@cache
def one_day(draws: int = 4096) -> answer.Summary:
    return summary({1.0: np.full(draws, 134.47)}, horizon=dt.date(2026, 1, 1), error=0.0)


@cache
def all_never(draws: int = 4096) -> answer.Summary:
    return summary({1.0: np.full(draws, np.inf)}, horizon=dt.date(2026, 1, 1))


@cache
def five_years(draws: int = 131_072) -> answer.Summary:
    (first,) = uniforms(draws, 1)
    return summary({1.0: 500.0 * np.exp(0.7 * normal(first))}, horizon=dt.date(2030, 1, 1))


@cache
def few_depleted(draws: int = 131_072) -> answer.Summary:
    first, second = uniforms(draws, 2)
    days = np.where(first < 0.03, 150 + 230 * second, np.inf)
    return summary({1.0: days}, horizon=dt.date(2026, 1, 1))


@cache
def already_passed(draws: int = 16_384) -> answer.Summary:
    (first,) = uniforms(draws, 1)
    return summary({0.3: 40 + 3 * normal(first)}, horizon=dt.date(2026, 1, 1), as_of_day=47.0)


@cache
def eight_draws() -> answer.Summary:
    days = np.array([78.2, 127.9, 143.1, 150.8, 151.3, 158.4, 160.6, 166.0])
    return summary({1.0: days}, horizon=dt.date(2026, 1, 1), method="random", error=14.2)


@cache
def strength(days: int = 150, *, counts: int = 2, counting: str = "casualties") -> answer.Summary:
    """A force of 10,000 to 12,000 that is lost at 80 to 110 a day; the bands are made up."""
    base = flagship(2048)
    rates, sizes = (80.0, 87.0, 92.0, 97.0, 110.0), (10000.0, 10700.0, 11000.0, 11400.0, 12000.0)
    lost = tuple(
        tuple(min(rate * day * 129 / days, size) for day in range(days))
        for rate, size in zip(rates, sizes, strict=True)
    )
    present = tuple(
        tuple(max(size - value, 0.0) for value in course)
        for size, course in zip(sizes, lost[::-1], strict=True)
    )
    errors = tuple(tuple(3.25 for _ in range(days)) for _ in rates)
    claim = answer.CountPoint(
        label="the ministry",
        date=ORIGIN + dt.timedelta(days=40),
        earliest=ORIGIN + dt.timedelta(days=35),
        latest=ORIGIN + dt.timedelta(days=46),
        count=3800.0,
        low=3200.0,
        high=4400.0,
    )
    return replace(
        base,
        outcomes=tuple(replace(outcome, counting=counting) for outcome in base.outcomes),
        strength=answer.StrengthOverTime(
            dates=tuple(ORIGIN + dt.timedelta(days=day - 1) for day in range(days)),
            levels=LEVELS,
            present=answer.Bands(present, errors),
            lost=answer.Bands(lost, errors),
            claims=(claim,) * max(counts - 1, 0),
        ),
        observed=(later_count("a later count", 4700.0, 5000.0),) if counts else (),
    )


def later_count(label: str, low: float, high: float, level: float = 0.31) -> answer.ObservedCheck:
    points = ((0.5, low),) if low == high else ((0.05, low), (0.5, (low + high) / 2), (0.95, high))
    return answer.ObservedCheck(
        label=label,
        date=ORIGIN + dt.timedelta(days=60),
        source="the agency",
        reported=tuple(
            values.ObservedPoint(at, losses, level + 0.07 * k / 2, level + 0.07 * k / 2, 0.002)
            for k, (at, losses) in enumerate(points)
        ),
        simulated=pooled.three((4300.0, 5400.0, 6600.0), 2.5),
    )


def uniforms(draws: int, columns: int) -> list[Days]:
    """Evenly spread points, the same with every version of every library (Kronecker sequence)."""
    index = np.arange(draws) + 0.5
    return [np.asarray(index * math.sqrt(prime) % 1.0, np.float64) for prime in (2, 3, 5)[:columns]]


def normal(uniform: Days) -> Days:
    return np.array([NormalDist().inv_cdf(value) for value in uniform])


def hostile(text: str) -> answer.Summary:
    """Every free text of a small run replaced by `text`."""
    base = with_never(2048)
    outcome = base.outcomes[0]
    outcome = replace(
        outcome,
        never=tuple(
            replace(n, cause=n.cause if n.cause == "horizon" else text) for n in outcome.never
        ),
        published=tuple(replace(check, label=text) for check in outcome.published),
    )
    by_date = strength()
    assert by_date.strength is not None
    return replace(
        base,
        strength=replace(
            by_date.strength,
            claims=tuple(replace(claim, label=text) for claim in by_date.strength.claims),
        ),
        observed=tuple(replace(check, label=text, source=text) for check in by_date.observed),
        scenario=replace(
            base.scenario, title=text, question=text, notes=text, file=text, overrides=(text,)
        ),
        unit=text,
        outcomes=(outcome,),
        inputs=(answer.InputSummary("losses.count", text, text, 3500.0, ()),),
        warnings=(text,),
        pooled=pooled.ledger(text),
    )


@cache
def with_claims(draws: int = 16_384) -> answer.Summary:
    """Claims of three sources, one without a name, a flow, and dates beyond the horizon."""
    return replace(with_never(draws), pooled=pooled.ledger("Joint Chiefs of Staff (South Korea)"))


ALL = {
    "flagship": flagship,
    "with_never": with_never,
    "one_day": one_day,
    "all_never": all_never,
    "five_years": five_years,
    "few_depleted": few_depleted,
    "already_passed": already_passed,
    "eight_draws": eight_draws,
    "with_claims": with_claims,
}


def summary(
    ladder: dict[float, Days],
    *,
    horizon: dt.date,
    as_of_day: float = 46.0,
    published: Sequence[tuple[str, dt.date]] = (),
    causes: dict[str, float] | None = None,
    method: str = "lattice",
    error: float | None = None,
) -> answer.Summary:
    draws = len(next(iter(ladder.values())))
    outcome = partial(_outcome, horizon=horizon, as_of_day=as_of_day, published=published)
    outcome = partial(outcome, causes=causes or {}, error=error)
    return answer.Summary(
        scenario=answer.ScenarioRecord(
            title="A contingent of 12,000, the published claim with its input uncertainty",
            question="When would the whole contingent have been killed or wounded?",
            notes="",
            file="kursk.yaml",
            digest="sha256:0123456789abcdef0123456789abcdef",
            overrides=(),
        ),
        run=answer.RunRecord(
            *(draws, 0, method, 8 if method == "lattice" else 1, "stream-1"),
            {"simulate": "1.0.0", "numpy": "2.4.1"},
        ),
        unit="soldiers",
        origin=ORIGIN,
        horizon=horizon,
        rate=values.RateSummary(92.6, 0.1, pooled.three((76.81, 92.01, 110.23), 0.03)),
        outcomes=tuple(outcome(q, days) for q, days in ladder.items()),
        inputs=(
            answer.InputSummary(
                *("losses.as_of", "uniform", "ISW", dt.date(2025, 1, 5)),
                (values.ValueQuantile(0.5, dt.date(2025, 1, 5)),),
            ),
        ),
        warnings=("losses are above the force in 0.1 % of simulations",),
        counted_until=dt.date(2025, 1, 5),
    )


def _outcome(
    threshold: float,
    days: Days,
    *,
    horizon: dt.date,
    as_of_day: float,
    published: Iterable[tuple[str, dt.date]],
    causes: dict[str, float],
    error: float | None,
) -> answer.Outcome:
    limit = float((horizon - ORIGIN).days + 1)
    days = np.sort(np.where(days < limit, days, np.inf))
    depleted = float(np.isfinite(days).mean())
    shares = {**causes, "horizon": 1.0 - depleted - sum(causes.values())}
    never = tuple(
        values.NeverCause(cause, p, _share_error(p, len(days)))
        for cause, p in shares.items()
        if p > 1e-12
    )
    return answer.Outcome(
        threshold=threshold,
        counting="casualties",
        depleted_probability=depleted,
        depleted_mc_error=_share_error(depleted, len(days)),
        never=never,
        already_passed_probability=float((days <= as_of_day).mean()),
        already_passed_mc_error=_share_error(float((days <= as_of_day).mean()), len(days)),
        restricted_mean_days=float(np.minimum(days, limit).mean()),
        restricted_mean_mc_error_days=1.96
        * float(np.minimum(days, limit).std())
        / len(days) ** 0.5,
        median=_instant(days, 0.5, error),
        quantiles=tuple(values.Quantile(level, _instant(days, level, error)) for level in LEVELS),
        intervals=tuple(_intervals(days, error)),
        by=tuple(
            values.ByDate(date, _by(days, date), _share_error(_by(days, date), len(days)))
            for _, date in published
        ),
        published=tuple(_check(days, label, date) for label, date in published),
        histogram=_histogram(days, int(limit)),
    )


def _intervals(days: Days, error: float | None) -> Iterator[values.Interval]:
    for p in PROBABILITIES:
        low, high = (1 - p) / 2, (1 + p) / 2
        yield values.Interval(
            "equal-tailed", p, _instant(days, low, error), _instant(days, high, error)
        )
        shift = low / 4
        yield values.Interval(
            "shortest", p, _instant(days, low - shift, error), _instant(days, high - shift, error)
        )


def _instant(days: Days, level: float, error: float | None) -> values.Instant:
    if min(level, 1 - level) * len(days) < 1:
        return values.Instant(None, None, None, "too_few_draws")
    day = float(days[min(int(level * len(days)), len(days) - 1)])
    if not math.isfinite(day):
        return values.Instant(None, None, None, "beyond_horizon")
    half = error if error is not None else 40 / math.sqrt(len(days)) * (1 + 6 * abs(level - 0.5))
    return values.Instant(day, ORIGIN + dt.timedelta(days=math.floor(day)), half)


def _check(days: Days, label: str, date: dt.date) -> values.PublishedCheck:
    probability = _by(days, date)
    error = _share_error(probability, len(days))
    return values.PublishedCheck(label, date, probability, error)


def _by(days: Days, date: dt.date) -> float:
    return float((days < (date - ORIGIN).days + 1).mean())


def _share_error(probability: float, draws: int) -> float:
    return 1.96 * math.sqrt(max(probability * (1 - probability), 1e-12) / draws) / 4


def _histogram(days: Days, limit: int) -> values.DateHistogram:
    counts, _ = np.histogram(days[np.isfinite(days)], bins=np.arange(limit + 1))
    edges = tuple(ORIGIN + dt.timedelta(days=day) for day in range(limit + 1))
    return values.DateHistogram(edges, tuple(float(count) / len(days) for count in counts))
