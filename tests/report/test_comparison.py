"""A comparison as text, picture and files."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

import simulate
from simulate.analysis.comparison import Comparison, compare_claims
from simulate.api.compare import ComparisonResult
from simulate.errors import LimitError
from simulate.report.data.comparison import document
from simulate.report.data.json_document import dumps
from simulate.report.document import SheetName
from simulate.report.figures.comparison import drawing
from simulate.report.figures.files import figure_bytes
from simulate.report.render.terminal import render
from simulate.report.text.comparison import (
    card_words,
    finding,
    headlines,
    median_shift,
    median_words,
    note,
    sentences,
)
from simulate.report.text.wrapping import cells
from tests.cases import COUNT, SIZE, scenario, uniform
from tests.report.factory import HOSTILE_TEXTS
from tests.report.layout import faults, inert_svg, texts
from tests.texts import comparison_text

CONFIGS = Path(__file__).parents[2] / "configs"
LONG = "A contingent with a very long title that says all about its input uncertainty, " * 3
HALF = [{"label": "e", "date": "2025-01-17", "probability": 0.5}]
KINDS: dict[str, list[dict[str, Any]]] = {
    "two": [{}, {"start": "2024-12-13", "as_of": "2025-01-23"}],
    "three": [{"title": LONG}, {"size": 11_000, "title": LONG}, {"size": 16_000}],
    "one never": [{}, {"horizon": "2025-03-01"}],
    "all never": [{"horizon": "2025-02-01"}] * 2,
    "some never": [{"horizon": "2025-04-20"}, {"ends": [{"label": "e", "date": "2025-04-12"}]}],
    "half never": [{}, {"ends": HALF}],
    "gap": [{}, {"count": uniform(3700, 3900), "size": 12_000, "ends": HALF}],
    "one day": [{"count": 3800, "size": 12_000}, {"count": 3900, "size": 12_000}],
    "far apart": [{}, {"count": uniform(300, 500), "horizon": 3000}],
    "other words": [{}, {"wording": {"whole": "stock", "lost": "used up"}}],
    "ladders": [{"thresholds": [0.3, 0.5, 1.0]}] * 2,
    "seven": [{"size": 10_000 + 500 * number} for number in range(7)],
}


@cache
def made(kind: str, draws: int = 2048) -> Comparison:
    return simulate.compare(
        [scenario(**{"count": COUNT, "size": SIZE, **more}) for more in KINDS[kind]], draws=draws
    ).comparison


@cache
def hostile(text: str) -> Comparison:
    words = {"title": text[:2000] or "T", "question": text[:2000], "unit": text[:2000] or "u"}
    one = scenario(COUNT, SIZE, **words)
    return simulate.compare([one, scenario(COUNT, 13_000, **words)], draws=1024).comparison


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_every_line_fits(kind: str, width: int) -> None:
    text = comparison_text(made(kind), width)
    assert max(map(cells, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "nan" not in text.lower()


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_hostile_text_is_inert(name: str) -> None:
    found = hostile(HOSTILE_TEXTS[name])
    for text in (comparison_text(found), dumps(document(found))):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\x9b]", text)
    inert_svg(drawing(found))


def test_what_the_text_says() -> None:
    text = flat(comparison_text(made("two"), 80))
    assert "B against A: median 7.0 days later (± 0); A comes first in 100 % of simulations" in text
    assert "B - A +7.0 ± 0 +7.0 ± 0 +7.0 ± 0 +7.0 ± 0 +7.0 ± 0" in text
    assert "To cite Scenario A: The whole force (100 %) would be lost between" in text
    assert "the median date is 7.0 days later (95 % Monte Carlo error 0 days)" in text
    assert "2,048 draws of each scenario, seed 0, method lattice (8 replicates)" in text
    for summary in made("two").summaries:
        assert summary.scenario.digest[:12] in text
    assert "stream-1" in text


def test_how_to_cite_is_printed_on_request() -> None:
    answer = simulate.compare([scenario(COUNT), scenario(COUNT, SIZE)], draws=64)
    assert "To cite" not in render(answer.page(), 80)
    assert "To cite" in render(answer.page(verbose=True), 80)


def test_dates_that_are_not_reached_are_words() -> None:
    one = flat(comparison_text(made("one never"), 80))
    assert "only in A" in one
    assert "“not by 1 March 2025” in B" in one
    both = flat(comparison_text(made("all never"), 80))
    assert "reached in neither" in both
    line = "B against A: it does not happen in any simulation of either by 1 February 2025"
    assert f"{line} Date by which" in both  # and so no share of draws in which one comes first
    assert f"{line}. Note: no simulation gives a date, given each scenario" in both
    title = "Whole force would not be lost in any simulation of either scenario"
    assert finding(made("all never"), 1.0) == title
    _, number, meaning = card_words(made("all never"), 1.0)
    assert (number, meaning) == ("Not by 1 February 2025", "In any simulation of either")
    few = simulate.compare([scenario(COUNT), scenario(COUNT, SIZE)], draws=8, method="random")
    assert "too few draws" in flat(comparison_text(few.comparison, 80))


@pytest.mark.parametrize(
    ("days", "plain", "cited"),
    [
        (-41.94, "41.9 days earlier (± 0.1)", "earlier (95 % Monte Carlo error 0.1 days)"),
        (60.8, "60.8 days later (± 0.1)", "later (95 % Monte Carlo error 0.1 days)"),
        (103.2, "3.4 months later (103.2 days ± 0.1)", "(103.2 days, 95 % Monte Carlo error 0.1 d"),
        (730.0, "24.0 months later (730.0 days ± 0.1)", ""),
        (-913.1, "2.5 years earlier (913.1 days ± 0.1)", ""),
    ],
)
def test_long_shifts_are_in_months(days: float, plain: str, cited: str) -> None:
    """A month has 30.436875 days: 60.8 of them are 1.998 months, 730 are 1.9987 years."""
    comparison = made("two")
    (first,) = comparison.against
    moved = replace(median_shift(first, 1.0), days=days, mc_error_days=0.1)
    against = replace(first, shifts=(moved,))
    assert median_words(comparison, against, 1.0) == f"median {plain}"
    assert cited in median_words(comparison, against, 1.0, cited=True)


def test_of_many_scenarios_only_dates_are_printed_and_none_are_drawn() -> None:
    answer = simulate.compare([scenario(COUNT, 9000 + n) for n in range(27)], draws=64)
    page = render(answer.page(), 80)
    assert "\nZ  a case\nAA a case\n" in page
    assert "Date by which" in page
    assert "comes first" not in page
    assert "To cite" not in page
    assert "To cite" in render(answer.page(verbose=True), 80)
    assert set(answer.files(("svg",))) == {"comparison.json", "comparison.csv", "index.html"}
    with pytest.raises(LimitError, match="26 a picture can show"):
        answer.picture()


def test_different_words_are_not_mixed() -> None:
    assert next(headlines(made("other words"))).startswith("100 % reached, B against A: ")
    assert "Whole force (100 %) lost" in next(headlines(made("two")))


def test_a_title_names_what_differs() -> None:
    """The median is 41 * size / 3,800 days after the start: 500 more are 5.39 days."""

    def title(*titles: str, more: int = 500) -> str:
        sizes = (12_000, 12_000 + more)
        cases = [scenario(3800, n, title=t) for t, n in zip(titles, sizes, strict=True)]
        return finding(simulate.compare(cases, draws=64).comparison, 1.0)

    shift = "Whole force would be lost 5 days later"
    assert title("Claim, by X", "Claim, by Y") == f"{shift} in “by Y” than in “by X”"
    assert title("Claim", "Claim, by Y") == f"{shift} in “Claim, by Y” than in “Claim”"
    assert title("T", "T") == f"{shift} in B than in A"  # neither title nor file differs
    assert (
        title("T", "U", more=3500) == "Whole force would be lost 38 days later in “U” than in “T”"
    )
    assert title("T", "U", more=0) == "Whole force would be lost on the same day in “T” and “U”"


def test_ascii_terminals() -> None:
    text = comparison_text(made("two"), 80, encoding="ascii")
    assert text.isascii()
    assert "+7.0 +/- 0" in text


# --- the picture ---


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_leaves_the_picture_or_covers_another(kind: str) -> None:
    assert not faults(drawing(made(kind)).draw("web"))


def test_what_the_picture_says() -> None:
    shown = texts(drawing(made("some never")).draw("web"))
    joined = " ".join(shown)
    assert "median of A 15 Apr 2025" in joined or "median of A 14 Apr 2025" in joined
    assert re.search(r"in [\d.]+ %\nnot by\n20 Apr 2025", "\n".join(shown))
    foot = next(text for text in shown if "seed 0" in text)
    for letter, summary in zip("AB", made("some never").summaries, strict=True):
        assert f"{letter} {summary.scenario.digest[:12]}" in foot
    nothing = "Whole force (100 %) lost\nby 1 March 2025:\nno simulation"
    assert nothing in texts(drawing(made("one never")).draw("web"))


def test_scales_are_shared_unless_one_would_be_flat() -> None:
    def limits(kind: str) -> set[float]:
        figure = drawing(made(kind)).draw("web")
        return {axes.get_ylim()[1] for axes in figure.axes if axes.get_yticks().size}

    own = "Each histogram has a vertical scale of its own."
    assert any(own in text for text in texts(drawing(made("far apart")).draw("web")))
    assert not any(own in text for text in texts(drawing(made("two")).draw("web")))
    assert len(limits("far apart")) > 1


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_same_comparison_gives_the_same_bytes_and_its_description(kind: str) -> None:
    found = made("three")
    alt = drawing(found).alt
    one, two = (figure_bytes(drawing(found).draw("web"), kind, alt) for _ in range(2))
    assert one == two
    if kind == "svg":
        assert "Histograms of the simulated dates of 3 scenarios" in one.decode()
    if kind == "png":
        assert Image.open(io.BytesIO(one)).text["Description"] == alt  # type: ignore[attr-defined]


# --- files ---


def test_files() -> None:
    found = made("ladders")
    contents = ComparisonResult(found).files()
    assert all(map(ComparisonResult.writes, contents))
    assert set(contents) == {
        "comparison.json",
        "comparison.csv",
        "index.html",
        "comparison.svg",
        "comparison.png",
        "comparison.txt",
    }
    text = contents["comparison.json"].decode()
    assert text == dumps(document(found))
    assert text.isascii()
    tree = json.loads(text, parse_constant=pytest.fail)
    assert tree == document(found)
    assert text == json.dumps(tree, indent=2, sort_keys=True) + "\n"
    assert tree["schema_version"] == 1
    assert [one["name"] for one in tree["scenarios"]] == ["A", "B"]
    assert tree["citation"] == {"sentence": sentences(found), "note": note(found)}
    (against,) = tree["comparisons"]
    assert len(against["shifts"]) == 3 * 5
    for order in against["orders"]:
        parts = ("reference_first", "scenario_first", "same_day", "neither")
        assert sum(order[part]["probability"] for part in parts) == pytest.approx(1)
    rows = list(csv.DictReader(io.StringIO(contents["comparison.csv"].decode())))
    assert len(rows) == 3 * (2 * (5 + 1) + 5 + 2 * 4)
    kinds = {"date", "never", "shift_days", *parts}
    assert {row["quantity"] for row in rows} == kinds
    assert set(contents) - set(ComparisonResult(found).files(())) == {
        f"comparison.{kind}" for kind in ("svg", "png", "txt")
    }


def test_nothing_in_the_json_is_infinite() -> None:
    for kind in KINDS:
        assert not re.search(r"NaN|Infinity", dumps(document(made(kind))))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, ""),
        (
            {"unit": "dollars", "wording": "fund"},
            (
                "the scenarios are about different things: A, C: units (force lost); "
                "B: dollars (fund spent)"
            ),
        ),
        (
            {"wording": {"whole": "garrison"}},
            (
                "the scenarios are about different things: A, C: units (force lost); "
                "B: units (garrison lost)"
            ),
        ),
        (
            {"wording": {"lost": "killed"}},
            (
                "the scenarios differ in what happens: A, C: units (force lost); "
                "B: units (force killed)"
            ),
        ),
        (
            {"unit": "cruise missiles"},
            (
                "the scenarios differ in their units: A, C: units (force lost); "
                "B: cruise missiles (force lost)"
            ),
        ),
    ],
)
def test_different_things_are_warned_of(other: dict[str, Any], said: str) -> None:
    plain = scenario(COUNT)
    found = simulate.compare([plain, scenario(COUNT, **other), plain], draws=1024)
    assert found.warnings == ((said,) if said else ())
    assert said in " ".join(render(found.page(), 80).split())


@pytest.mark.parametrize(("kind", "in_gap"), [("half never", False), ("gap", True)])
def test_a_median_that_is_any_date_or_none_has_no_shift(kind: str, *, in_gap: bool) -> None:
    """Of B half have no date: its median is any day from about its last date to never."""
    found = made(kind)
    median = median_shift(found.against[0], 1.0).after
    assert (median.gap is not None) == in_gap
    assert median.mc_error_days is None
    assert finding(found, 1.0) == "Whole force would be lost: median undetermined in B"
    assert card_words(found, 1.0)[1] == "Median undetermined in B"
    text = flat(comparison_text(found, 100))
    assert f" in A, {'anywhere from' if in_gap else 'about'} " in text
    assert "undetermined" in text
    for words in (sentences(found), *headlines(found)):
        assert not re.search(r"(days|months|years) (later|earlier)", words)


def test_a_picture_has_no_line_at_a_median_that_is_any_date_in_a_gap() -> None:
    """3,600 at about 40 or at 20 a day: half of A about 1 May, half on 30 July."""
    claims = [{"count": count, "as_of": "2025-02-10"} for count in (uniform(380, 420), 200)]
    losses = {"start": "2025-01-31", "pooling": "linear", "claims": claims}
    two = {"title": "T", "horizon": "2026-01-01", "force": {"size": 3600}, "losses": losses}
    found = simulate.compare([two, scenario(COUNT)], draws=2048).comparison
    assert finding(found, 1.0) == (
        "Whole force would be lost between late April and late July 2025 in A, "
        "between early April and mid-May 2025 in B"
    )
    shown = [words for words in texts(drawing(found).draw("page")) if words.startswith("median")]
    assert shown == ["median 27 Apr 2025"]  # of B


@pytest.mark.parametrize("sheet", ["page", "phone"])
def test_a_picture_of_claims_has_their_numbers(sheet: SheetName) -> None:
    results = simulate.run_each(CONFIGS / "kursk-claims.yaml", draws=1024)
    runs = [(one.plan, one.tally) for one in results]
    found = compare_claims([one.summary for one in results], runs, results.numbers)
    figure = drawing(found).draw(sheet)
    shown = texts(figure)
    assert "Claim 1: Joint Chiefs of Staff (South Korea)" in shown
    assert any("claim 1: 3 May 2025" in words for words in shown)
    assert not any(re.search(r"\b[AB]\b", words) for words in shown)
    assert not faults(figure)
    assert next(headlines(found)).startswith("Whole force (100 %) lost, claim 2 against claim 1: ")
