"""A sweep as text, picture and files."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path

import pytest
from matplotlib.text import Text

import simulate
from simulate.analysis.sweep import Sweep
from simulate.api.sweep import SweepResult
from simulate.errors import LimitError
from simulate.report.data.json_document import dumps
from simulate.report.data.sweep import document
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.sweep import drawing
from simulate.report.text.sweep import headline
from simulate.report.text.wrapping import cells
from tests.cases import uniform
from tests.report.factory import HOSTILE_TEXTS
from tests.report.layout import faults, inert_svg
from tests.texts import sweep_text, undrawn

FLAGSHIP = Path(__file__).parents[2] / "configs" / "kursk-isw.yaml"
UNIFORM = "force.size={distribution: uniform, low: 10000, high: 12000},12000"
BARE = ("by=[]", "published=[]")
KINDS: dict[str, tuple[str, ...]] = {
    "one": ("force.size=10000,12000,14000",),
    "two": ("force.size=10000,12000", "losses.start=2024-12-01,2024-12-06"),
    "long values": (UNIFORM, "rate.trend_per_week=-0.05,0,0.05"),
    "four": ("force.size=9000,9500", "rate.multiplier=1,2", "counting=casualties,strength",
             "thresholds=[0.3,1.0],[0.5,1.0]", *BARE),
    "some never": ("horizon=2025-02-10,2025-03-20,2025-12-31", *BARE),
    "all never": ("horizon=2025-01-20,2025-01-21", *BARE),
    "sixty": (f"force.size={','.join(str(10_000 + 50 * n) for n in range(60))}",),
}  # fmt: skip


@cache
def made(kind: str, draws: int = 1024) -> Sweep:
    return simulate.sweep(FLAGSHIP, KINDS[kind], draws=draws, workers=1).sweep


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_every_line_fits(kind: str, width: int) -> None:
    text = sweep_text(made(kind), width)
    assert max(map(cells, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "nan" not in text.lower()


def test_what_the_text_says() -> None:
    found = simulate.sweep(
        FLAGSHIP.with_name("kursk-isw-point.yaml"),
        ["force.size=10000,12000", "unit=men"],
        draws=1024,
    ).sweep
    text = flat(sweep_text(found, 100))
    assert "Swept: size of the force (10,000, 12,000)" in text
    assert "the force median P5 P95 never 2025 shift (days) ± days" in text
    assert "10,000 2025-03-23 2025-03-23 2025-03-23 0 % 100 % 0.0 ± 0" in text
    assert "12,000 2025-04-14 2025-04-14 2025-04-14 0 % 100 % +21.6 ± 0" in text
    low, high = "size of the force: 10,000", "size of the force: 12,000"
    assert f"median from 23 March 2025 ({low}) to 14 April 2025 ({high})" in text
    assert "force.size" not in text
    assert "Set everywhere: unit=men." in text
    assert "1,024 draws of each combination, the same random numbers in all, seed 0" in text
    assert found.first.scenario.digest[:12] in text


def test_what_has_no_room_is_named() -> None:
    text = flat(sweep_text(made("two"), 80))
    assert re.search("Columns omitted: .*; see --json or --out.", text)
    assert "No room" not in sweep_text(made("two"), 100)
    assert "shift (days) +" in flat(sweep_text(made("two"), 40))  # a list has room for all


def test_what_is_never_reached_is_said() -> None:
    assert "median “not by the horizon” in all of them" in headline(made("all never"))
    assert "never: not by the horizon of that combination." in flat(sweep_text(made("some never")))
    assert "“not by 10 February 2025” (horizon: 10 Feb 2025)" in headline(made("some never"))


def test_how_to_cite_is_printed_when_asked_for() -> None:
    few = simulate.sweep(FLAGSHIP, {"force.size": [9000, 10_000]}, draws=64)
    assert few.cite().partition("\n")[0] in flat(str(few.page(verbose=True)))
    assert "cite" not in {section.name for section in few.page().sections}


def test_warnings_name_their_combinations() -> None:
    text = flat(sweep_text(made("all never")))
    date = "2025-01-20"
    assert (
        f"no simulation reaches a loss of 100 % by the horizon, {date} [with horizon: 20 Jan 2025]"
        in text
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_leaves_the_picture_or_covers_another(kind: str) -> None:
    assert not faults(drawing(made(kind)).draw("web"))


def test_what_the_picture_says() -> None:
    shown = [text.get_text() for text in drawing(made("some never")).draw("web").findobj(Text)]
    assert {"horizon", "10 Feb 2025", "never", "median", "middle half"} <= set(shown)
    assert "beyond the horizon" in shown
    alt = drawing(made("some never")).alt
    assert "horizon: 10 Feb 2025; median not by 10 February 2025" in alt
    assert "\n" not in alt
    with pytest.raises(LimitError, match="61 combinations"):
        drawing(
            simulate.sweep(
                FLAGSHIP, [f"force.size={','.join(map(str, range(10_000, 10_061)))}"], draws=64
            ).sweep
        )


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_sweep_gives_the_same_bytes(kind: str) -> None:
    alt = drawing(made("two")).alt
    one, two = (figure_bytes(drawing(made("two")).draw("web"), kind, alt) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_hostile_values_are_inert(name: str) -> None:
    value = json.dumps(HOSTILE_TEXTS[name][:2000] or "T")
    found = simulate.sweep(FLAGSHIP, [f"title={value},'=1+1'"], draws=64).sweep
    for text in (sweep_text(found), dumps(document(found)), inert_svg(drawing(found))):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\x9b]", text)
    with undrawn():
        table = SweepResult(found).files(())["sweep.csv"].decode()
    for row in csv.DictReader(io.StringIO(table)):
        assert not row["title"].startswith(("=", "+", "-", "@"))


def test_files() -> None:
    found = made("long values")
    contents = SweepResult(found).files()
    assert all(map(SweepResult.writes, contents))
    assert set(contents) == {
        "index.html",
        *(f"sweep.{kind}" for kind in ("json", "csv", "svg", "png", "txt")),
    }
    text = contents["sweep.json"].decode()
    assert text.isascii()
    tree = json.loads(text, parse_constant=pytest.fail)
    assert tree == document(found)
    assert text == json.dumps(tree, indent=2, sort_keys=True) + "\n"
    assert len(tree["combinations"]) == 6
    assert len({cell["digest"] for cell in tree["combinations"]}) == 6
    rows = list(csv.DictReader(io.StringIO(contents["sweep.csv"].decode())))
    assert len(rows) == 6 * 3
    assert {row["rate.trend_per_week"] for row in rows} == {"-0.05", "0", "0.05"}
    for row in rows:
        cell = tree["combinations"][int(row["combination"]) - 1]
        assert row["digest"] == cell["digest"]
        (outcome,) = (o for o in cell["outcomes"] if o["threshold"] == float(row["threshold"]))
        median = next(q for q in outcome["quantiles"] if q["level"] == 0.5)
        assert row["p50"] == median["date"]
        assert float(row["by_2025-04-15"]) == outcome["by"][0]["probability"]
        assert float(row["median_shift_days"]) == outcome["median_shift"]["days"]


def test_a_median_in_a_gap_has_no_error() -> None:
    """Half of the simulations end near day 100, half near day 300: any day between is a median."""
    mixture = {"distribution": "mixture", "components": [uniform(98, 102), uniform(298, 302)]}
    tree = {
        "title": "T",
        "horizon": "2027-12-31",
        "force": {"size": mixture},
        "losses": {"rate": 1, "per": "day", "start": "2025-01-01"},
    }
    text = flat(sweep_text(simulate.sweep(tree, ["losses.rate=1,0.9"], draws=1024).sweep))
    assert "combinations: earliest median anywhere from 12 April to " in text
    assert ", latest anywhere from " in text
    assert " ± open" in text
    assert text.count("0.0 ± 0 ") == 1  # the first row against itself


def test_rows_of_a_narrow_picture_can_be_told_apart() -> None:
    shown = [text.get_text() for text in drawing(made("two")).draw("phone").findobj(Text)]
    for size in ("10,000", "12,000"):
        assert {f"{size}, {day} Dec 2024" for day in (1, 6)} < set(shown)
    assert "by size of the force, day the losses began" in " ".join(" ".join(shown).split())
    assert not any("…" in words for words in shown)
    # With room for them, names stand beside the values.
    shown = [text.get_text() for text in drawing(made("one")).draw("phone").findobj(Text)]
    assert "size of the force: 10,000" in shown
