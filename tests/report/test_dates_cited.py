"""Notes name the dates above them, advice works, a certain date is no interval."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import simulate
from simulate.analysis.values import Instant
from simulate.report.text.captions import number_and_meaning
from simulate.report.text.headline import case_of
from simulate.report.text.precision import advised_dates
from simulate.report.text.wording import error_days
from tests.cases import scenario, uniform
from tests.texts import comparison_text, run_text, sweep_text

B = "title: B\nforce: {size: 12000}\nlosses: {count: 3800, as_of: 2025-01-16, start: 2024-12-06}\n"
WIDE = "losses.count={distribution: lognormal, p5: 2000, p95: 6000}"
TWO = "losses.count={distribution: discrete, values: [%s]}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "b.yaml"
    path.write_text(B, encoding="utf-8")
    return path


def said(text: str) -> str:
    """The error that a note states."""
    match = re.search(r"error of the dates cited at most ([\d.,]+) days", " ".join(text.split()))
    assert match, text
    return match[1]


def worst(moments: tuple[Instant, ...] | list[Instant]) -> str:
    return error_days(max(at.mc_error_days for at in moments if at.mc_error_days is not None))


# --- notes ---


def test_the_note_of_a_run_is_about_its_sentence(file: Path) -> None:
    loaded = simulate.load(file, [WIDE, "levels=[0.01, 0.5, 0.99]", "thresholds=[0.3, 1.0, 0.5]"])
    result = simulate.run(loaded, draws=2048, method="random")
    shown = worst([date.at for date in advised_dates(result.summary, result.summary.outcomes)])
    cited = worst(case_of(result.summary).quoted)
    assert said(run_text(result.summary, verbose=True)) == cited
    assert float(cited) < float(shown)  # the table has worse dates, of which the note is silent
    for outcome in result.summary.outcomes:
        text = result.cite(threshold=outcome.threshold)
        assert said(text) == worst(case_of(result.summary, outcome).quoted)
    table = [q.at for outcome in result.summary.outcomes for q in outcome.quantiles]
    assert said(result.cite("markdown")) == worst([*table, *case_of(result.summary).quoted])


def test_the_note_of_a_sweep_is_about_the_dates_of_its_table(file: Path) -> None:
    options = {"draws": 2048, "method": "random", "levels": [0.01, 0.99]}
    result = simulate.sweep(file, ["force.size=11000,12000", WIDE], **options)  # type: ignore[arg-type]
    cells = result.sweep.cells
    table = [cell.chosen.at(level) for cell in cells for level in (0.05, 0.5, 0.95)]
    everything = [quantile.at for cell in cells for quantile in cell.chosen.quantiles]
    text = sweep_text(result.sweep, 100)
    assert said(text) == worst(table)
    assert float(worst(everything)) > float(worst(table))
    column = re.findall(r"^(?:1[12],000) .* ([\d.]+)$", text, re.MULTILINE)
    assert max(map(float, column)) == float(said(text))


def test_the_note_of_a_comparison_is_about_its_sentences(file: Path) -> None:
    scenarios = [
        simulate.load(file, [WIDE, size]) for size in ("force.size=9000", "force.size=12000")
    ]
    comparison = simulate.compare(scenarios, draws=2048, method="random").comparison
    cited = [at for summary in comparison.summaries for at in case_of(summary).quoted]
    assert said(comparison_text(comparison)) == worst(cited)


def test_an_open_error_is_not_passed_over(file: Path) -> None:
    def run(horizon: dt.date) -> simulate.Result:
        loaded = simulate.load(file, [WIDE, f"horizon={horizon}"])
        return simulate.run(loaded, draws=512, method="random")

    # The last horizon before the median that its error bar reaches past.
    last = run(dt.date(2026, 1, 1)).outcome().median.date
    assert last is not None
    result = run(last)
    assert result.outcome().median.date == last
    assert "of a date cited is open" in result.cite()
    assert "| open |" in result.cite("markdown")


# --- advice ---


def test_no_number_of_draws_is_advised_for_a_gap(file: Path) -> None:
    loaded = simulate.load(file, [TWO % "3000, 4000"])
    text = " ".join(run_text(simulate.run(loaded).summary, 100, verbose=True).split())
    assert "~ the median falls in a gap between 8 April and 19 May 2025; more draws do" in text
    assert "do not settle it: give the clusters of dates instead." in text
    assert "would settle it" not in text
    assert "either on 8 April (50 % of simulations) or on 19 May 2025 (50 %); the 90 %" in text


def test_no_number_of_draws_is_advised_for_few_dates_between_clusters() -> None:
    """Tails of two normal counts fill the gap; half of the draws follow each."""
    claims = [
        {"count": {"distribution": "normal", "p5": low, "p95": high}, "as_of": "2024-11-20"}
        for low, high in ((2200, 2400), (1260, 1540))
    ]
    tree = {
        "title": "T",
        "force": {"size": 4500},
        "losses": {"start": "2024-09-14", "claims": claims},
    }
    text = " ".join(run_text(simulate.run(tree).summary, 100, verbose=True).split())
    assert "~ the median falls among the few dates between" in text
    assert "more draws do not settle it" in text
    assert "would settle" not in text


@pytest.mark.parametrize("method", ["random", "lattice"])
def test_the_draws_advised_settle_the_dates(file: Path, method: str) -> None:
    loaded = simulate.load(file, [WIDE])
    text = run_text(simulate.run(loaded, draws=2048, method=method).summary, 100, verbose=True)
    advised = re.search(r"\(-n (\d+)\)", text)
    assert advised
    more = simulate.run(loaded, draws=int(advised[1]), method=method)
    again = run_text(more.summary, 100, verbose=True)
    assert "stable to the day" in again
    assert "would settle it" not in again


# --- certain dates ---


def printed(file: Path) -> dict[str, str]:
    """Everything that is said of one scenario, by what says it."""
    loaded = simulate.load(file)
    result = simulate.run(loaded, draws=1024)
    texts = {"run": run_text(result.summary), "verbose": run_text(result.summary, verbose=True)}
    texts |= {form: result.cite(form) for form in ("text", "markdown", "latex", "quarto", "bibtex")}
    texts |= {kind: result.picture(kind).alt for kind in ("histogram", "cdf", "dotplot")}
    texts["card"] = " ".join(number_and_meaning(result.summary, result.outcome()))
    texts["sweep"] = sweep_text(simulate.sweep(file, ["force.size=12000,12001"], draws=1024).sweep)
    pair = [simulate.load(file, [f"force.size={size}"]) for size in (12000, 12001)]
    texts["compare"] = comparison_text(simulate.compare(pair, draws=1024).comparison)
    texts["notebook"] = result._repr_html_()
    return texts


def test_a_certain_date_is_not_called_an_interval(file: Path) -> None:
    for name, text in printed(file).items():
        assert "imulation interval" not in text, name


def test_an_uncertain_one_is(file: Path) -> None:
    # The negative control, and of a single date: the size is hardly uncertain.
    narrow = "force: {size: {distribution: uniform, low: 12000, high: 12001}}"
    file.write_text(B.replace("force: {size: 12000}", narrow), encoding="utf-8")
    result = simulate.run(simulate.load(file), draws=1024)
    assert "would be lost on 14 April 2025 in all simulations, under " in result.cite()
    assert "Note: every simulation gives the same date, given " in result.cite()
    assert result.headlines()[0].endswith(": 14 April 2025 in all simulations")
    file.write_text(B.replace("count: 3800", WIDE.replace("losses.count=", "count: ")), "utf-8")
    for name, text in printed(file).items():
        assert name in ("bibtex", "sweep") or re.search(r"interval|nine\s+simulations", text), name


# --- digits ---


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ("410, 8200", "P5 10 to P95 200, mean 105"),
        ("157.44, 441.57", "P5 3.84 to P95 10.77, mean 7.30"),
        ("410000, 410000", "10,000 units a day"),
        ("0.00041, 0.00082", "P5 0.00365 to P95 0.00730, mean 0.00548 units a year"),
        ("41, 8200000", "P5 7.0 to P95 1,400,000, mean 700,000"),
    ],
)
def test_the_loss_rate_is_not_rounded_to_nothing(file: Path, values: str, shown: str) -> None:
    loaded = simulate.load(file, [TWO % values, "force.size=1e9"])
    page = run_text(simulate.run(loaded, draws=1024).summary, 100, verbose=True)
    assert shown in " ".join(page.split())


def test_an_error_stands_beside_its_date_or_in_a_column_not_both() -> None:
    summary = simulate.run(scenario(uniform(3000, 4000)), draws=4096).summary
    brief, verbose = (run_text(summary, 80, verbose=full) for full in (False, True))
    assert "± days" in brief
    assert "± days" not in verbose.partition("Simulation intervals")[0]
    assert "± 95 % Monte Carlo error in days." in verbose


def test_a_mark_that_only_intervals_have_is_explained_as_theirs() -> None:
    sizes = [uniform(20_000, 25_000), uniform(9_000, 12_000)]
    days = [{"distribution": "uniform", "low": "2023-10-01", "high": "2023-11-01"}, "2024-06-06"]
    counts = [{"size": size, "date": day} for size, day in zip(sizes, days, strict=True)]
    tree = {"title": "T", "force": {"counts": counts}, "horizon": "2030-01-01"}
    text = run_text(simulate.run(tree).summary, 80, verbose=True)
    table, _, rest = text.partition("± 95 % Monte Carlo error in days.")
    assert "~" not in table
    assert "~ in the intervals: error above half a day; about " in rest
