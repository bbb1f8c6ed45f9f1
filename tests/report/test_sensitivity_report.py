"""How a sensitivity analysis is shown: text, JSON, table and picture."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.effects import Effect, Effects, Estimate
from simulate.analysis.sensitivity import SensitivityResult
from simulate.api.report import report_text
from simulate.api.sensitivity import Sensitivity
from simulate.report.data.json_document import dumps
from simulate.report.data.sensitivity import document, table
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.tornado import drawing
from simulate.report.pages.sensitivity import _level
from simulate.report.text.inputs import input_words
from simulate.report.text.sensitivity import (
    headline,
    main_effects,
    name_words,
    run_words,
    share_words,
    together_words,
)
from simulate.report.text.wrapping import cells
from tests.cases import COUNT, SIZE, scenario, uniform
from tests.report.factory import HOSTILE_TITLES
from tests.texts import sensitivity_text

FLAGSHIP = Path(__file__).parents[2] / "configs" / "kursk-isw.yaml"
CLAIMS = FLAGSHIP.with_name("kursk-claims.yaml")
CONFIGS = sorted(FLAGSHIP.parent.glob("*.yaml"))


@cache
def flagship() -> SensitivityResult:
    return simulate.sensitivity(simulate.load(FLAGSHIP), draws=8192).report


@cache
def rich() -> SensitivityResult:
    """Events, a walk, correlated inputs, medians beyond the horizon, a hostile title."""
    of = scenario(
        COUNT,
        SIZE,
        title=HOSTILE_TITLES["markup"] + HOSTILE_TITLES["escape"] + HOSTILE_TITLES["mathematics"],
        rate={"drift": {"sd": 0.3, "correlation_days": 20}},
        ends=[{"label": "[/] withdrawal", "date": "2025-02-10", "probability": 0.45}],
        correlations=[{"inputs": ["losses.count", "force.size"], "rank": 0.3}],
        published=[{"label": "$said$", "date": "2025-04-15"}],
        thresholds=[0.5, 1.0],
    )
    return simulate.sensitivity(of, draws=1024).report


@cache
def fixed() -> SensitivityResult:
    return simulate.sensitivity(scenario(), draws=1024).report


@cache
def never() -> SensitivityResult:
    return simulate.sensitivity(scenario(COUNT, horizon=5), draws=1024).report


@pytest.mark.parametrize("report", [flagship, rich, fixed, never])
@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_page_fits(report: Any, width: int, encoding: str) -> None:
    for verbose in (False, True):
        page = sensitivity_text(report(), width, encoding=encoding, verbose=verbose)
        assert max(cells(line) for line in page.splitlines()) <= width
        assert "\x1b" not in page
        assert "\x1b[" in sensitivity_text(report(), width, color=True)
        page.encode(encoding)
        assert "?" not in page.replace("date?", "") or report is flagship or encoding == "ascii"


def test_each_term_is_explained_and_each_figure_has_its_error() -> None:
    page, verbose = (sensitivity_text(flagship(), verbose=of) for of in (False, True))
    assert page.index("losses.as_of") < page.index("losses.count") < page.index("force.size")
    for word in ("total:", "first:", "rank:", "lowest, highest 10th:", "Where each comes from"):
        assert word in page
    table = page[page.index("input ") : page.index("The shares under “first”")]
    assert table.count("±") == 4 * 5
    assert "What would make 15 April 2025 the median" in page
    assert "8,192 draws, seed 0, method lattice" in page
    assert ("30 % lost" in page, "30 % lost" in verbose) == (False, True)


def test_no_value_makes_a_day_the_median_on_which_nothing_happens() -> None:
    """All is lost before the ceasefire of 1 June or never, whatever the count."""
    end = {"label": "ceasefire", "date": "2025-06-01", "probability": 1.0}
    dated = {"published": [{"label": "X", "date": "2025-11-30"}], "horizon": "2026-01-01"}
    of = scenario(uniform(1500, 4500), 12_000, ends=[end], **dated)
    said = " ".join(sensitivity_text(simulate.sensitivity(of, draws=4096).report).split())
    assert "What would make 30 November 2025 the median" in said
    assert "No value of an input would do so: hardly a simulation falls between" in said
    assert "and “never”, and the median passes over all of these days at once." in said


SHARED = "correlated inputs share what they decide"


@pytest.mark.parametrize(
    ("total", "error", "words"),
    [
        (0.987, 0.002, "98.7 % (± 0.2); the rest is due to inputs acting together."),
        (0.999, 0.002, "99.9 % (± 0.2); within the error all of it: the inputs act separately."),
        (1.12, 0.002, f"112.0 % (± 0.2); more than 100 %, since {SHARED}."),
        (0.96, 0.27, "96 % (± 27); this is too rough to say whether inputs act together."),
    ],
)
def test_what_first_shares_add_up_to(total: float, error: float, words: str) -> None:
    found = replace(main_effects(flagship()), together=Estimate(total, error))
    assert together_words(found) == f"The shares under “first” add up to {words}"


def test_the_draws_of_the_scenario_are_named_where_there_are_fewer() -> None:
    assert "-n " not in run_words(flagship())
    words = run_words(replace(flagship(), own_draws=131_072))
    assert "fewer than the scenario’s own 131,072; -n 131072 takes as many." in words


def test_nothing_uncertain_and_nothing_depleted() -> None:
    words = "No input is uncertain: every simulation gives the same date."
    assert words in sensitivity_text(fixed())
    assert "No uncertain input moves this date. The whole force" in sensitivity_text(never())
    for report in (fixed(), never()):
        assert json.loads(dumps(document(report)))["schema_version"] == 1
        assert figure_bytes(drawing(report).draw("web"), "png", drawing(report).alt)


def test_the_walk_and_events_have_words() -> None:
    page = sensitivity_text(rich(), verbose=True)
    assert "chance from day to day" in page
    assert "whether [/] withdrawal happens" in " ".join(page.split())
    assert "if not" in page
    assert "losses.count and force.size" in page or "force.size and losses.count" in page


def test_how_the_rate_changes_has_words() -> None:
    of = scenario(COUNT, rate={"reference": {"class": "unit"}}, horizon=2000)
    page = " ".join(sensitivity_text(simulate.sensitivity(of, draws=1024).report).split())
    assert "how the rate changes: its changes after the count, by chance. No source" in page
    assert "walk" not in page
    alone = scenario(rate={"reference": {"class": "unit"}}, horizon=2000)
    headline = "No input moves this date: how the rate changes alone decides, which no source can"
    page = " ".join(sensitivity_text(simulate.sensitivity(alone, draws=1024).report).split())
    assert headline in page


def of_shares(*pairs: tuple[float, float, float]) -> Any:
    """Effects with these total and first-order shares, with one error for both."""
    ranked = tuple(
        Effect(
            *(f"input.{i}", "input", "", ""),
            *(Estimate(total, error), Estimate(first, error), Estimate(0.1, error)),
            *(None, None),
        )
        for i, (total, first, error) in enumerate(pairs)
    )
    return Effects(1.0, ranked, None)


def test_the_headline_says_no_more_than_the_errors_allow() -> None:
    clear = headline(flagship(), of_shares((0.6, 0.55, 0.01), (0.4, 0.3, 0.01)))
    assert clear.startswith("The input.0 decides most")
    assert "check it first" in clear
    close = headline(flagship(), of_shares((0.6, 0.31, 0.01), (0.4, 0.3, 0.01)))
    assert close.startswith("The input.0 and the input.1 decide most")
    hidden = headline(flagship(), of_shares((0.6, 0.0, 0.01), (0.5, 0.0, 0.01)))
    assert hidden.startswith("No single input decides")
    other = headline(flagship(), of_shares((0.6, 0.1, 0.01), (0.4, 0.3, 0.01)))
    assert "the input.0 has the largest total share, 60 %" in other


def test_the_first_sentence_says_how_far_the_date_moves() -> None:
    said = headline(flagship())
    assert said.startswith(
        "What matters most is the day the count was made: in the lowest tenth of its values the "
        "median is "
    )
    assert ", in the highest " in said
    assert "2025. Knowing it would remove 79" in said
    main = main_effects(flagship())
    day, count, *others = main.ranked
    assert day.first_order is not None
    alike = replace(count, first_order=day.first_order)
    both = headline(flagship(), replace(main, ranked=(day, alike, *others)))
    assert both.startswith("What matters most are the day the count was made and the number lost: ")
    assert "in the lowest tenth of the day the count was made the median is" in both
    assert ". Knowing either would remove about 79" in both
    assert count.total is not None
    larger = replace(count, total=Estimate(0.95, 0.01))
    beside = headline(flagship(), replace(main, ranked=(larger, day, *others)))
    assert beside.startswith("What matters most by itself is the day the count was made: ")
    event = [each for each in main_effects(rich()).ranked if each.kind == "event"]
    alone = headline(rich(), replace(main_effects(rich()), ranked=tuple(event)))
    assert "whether [/] withdrawal happens: if it does not happen the median is " in alone
    assert ", if it happens “not by " in alone


def test_a_source_of_several_inputs_is_listed_once() -> None:
    main = main_effects(flagship())
    same = tuple(replace(each, source="A witness") for each in main.ranked)
    report = replace(flagship(), thresholds=(replace(main, ranked=same),))
    page = " ".join(sensitivity_text(report).split())
    sources = page[page.index("Where each comes from") : page.index("What would make")]
    assert sources.count("A witness") == 1
    assert "day the count was made; number lost; day the losses began; size of the" in sources


def test_shares_are_not_shown_finer_than_their_error() -> None:
    levels = (0.0081, 0.5, 0.0001, 0.9999)
    assert [*map(_level, levels)] == ["0.8 %", "50 %", "<0.1 %", ">99.9 %"]
    shares = ((0.6131, 0.0009), (0.6131, 0.02), (-0.0001, 0.001))
    assert [share_words(Estimate(*share)) for share in shares] == ["61.3 %", "61 %", "0.0 %"]


def test_json_is_ascii_and_sorted() -> None:
    text = dumps(document(rich()))
    found = json.loads(text, parse_constant=pytest.fail)
    assert text == json.dumps(found, indent=2, sort_keys=True) + "\n"
    assert found == document(rich())
    last = found["thresholds"][-1]
    names = {item["name"]: item for item in last["inputs"]}
    assert set(names) == {"force.size", "losses.count", "ends[0].happens", "walk"}
    assert names["walk"]["first_order"] is None
    assert names["ends[0].happens"]["high"]["case"] == "happens"
    assert {item["name"] for item in found["needed"]} == {"force.size", "losses.count"}


def test_files() -> None:
    contents = Sensitivity(simulate.load(FLAGSHIP), flagship()).files()
    assert all(map(Sensitivity.writes, contents))
    pictures = {f"tornado.{kind}" for kind in ("svg", "png", "txt")}
    assert set(contents) == {"index.html", "sensitivity.json", "sensitivity.csv", *pictures}
    rows = list(csv.DictReader(io.StringIO(contents["sensitivity.csv"].decode())))
    assert len(rows) == 3 * 4 * 5 + 4
    assert contents == Sensitivity(simulate.load(FLAGSHIP), flagship()).files()


def test_the_table_is_tidy_also_for_dates() -> None:
    said = [{"label": "=said", "date": "2025-04-15"}]
    dated = scenario(3800, as_of=uniform("2025-01-01", "2025-02-01"), published=said)
    data = table(simulate.sensitivity(dated, draws=1024).report).csv().decode()
    rows = list(csv.DictReader(io.StringIO(data)))
    (needed,) = (row for row in rows if row["figure"] == "needed")
    assert needed["date"] == "2025-01-16"
    assert float(needed["value"]) == pytest.approx(131 * 3800 / 12000, abs=1e-4)
    (low, high) = (row for row in rows if row["figure"] == "median")
    assert (low["bound"], high["bound"]) == ("2025-01-04", "2025-01-28")


def test_names_are_words() -> None:
    claims = simulate.sensitivity(simulate.load(CLAIMS), draws=1024)
    assert name_words(claims.effects().ranked[0], claims.report.summary) == "which claim"
    assert claims.plot().get_size_inches()[0] == 8
    assert claims.to_dict()["schema_version"] == 1
    assert headline(claims.report).startswith(
        "What matters most is which claim: by claim 2, President Zelensky, the median is "
    )


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_every_input_of_the_shipped_scenarios_has_words(file: Path) -> None:
    draws = 4096 if file.stem == "kursk-update" else 64  # enough that fit the reports
    summary = simulate.run(file, draws=draws).summary
    words = [input_words(item.name, summary) for item in summary.inputs]
    assert not [one for one in words if "." in one or "_" in one]
    assert len(set(words)) == len(words)


def test_the_size_is_that_of_all_also_where_a_part_can_be_used() -> None:
    force = {"size": 800, "as_of": "2026-01-22", "usable": uniform(0.8, 0.9)}
    losses = {"rate": 60, "per": "month"}
    for wording, whole in (("stock", "stock"), ({"preset": "stock", "whole": "S-300s"}, "S-300s")):
        tree = {"title": "T", "wording": wording, "force": force, "losses": losses}
        summary = simulate.run(tree, draws=64).summary
        assert input_words("force.size", summary) == f"size of the {whole}"


def test_without_a_date_the_answer_names_the_reason_and_the_fixed_values() -> None:
    """No table of inputs, none of which has an effect, and none of values that would not help."""
    tree: dict[str, Any] = {
        "title": "T",
        "unit": "tanks",
        "force": {"size": uniform(900, 1100)},
        "losses": {"count": 310, "start": "2024-10-01", "as_of": "2025-01-20"},
        "inflow": [{"amount": 120, "per": "month", "from": "2024-12-15"}],
        "thresholds": [0.5, 1.0],
        "published": [{"label": "ISW", "date": "2025-04-15", "threshold": 1.0}],
    }
    found = simulate.sensitivity(tree, draws=1024)
    why = (
        "No uncertain input moves this date. The whole force (100 %) would not be lost in any "
        "simulation: at least as much comes in as is lost. The number lost and the inflow are "
        "single values; give them ranges to see what they do."
    )
    text = sensitivity_text(found.report)
    assert " ".join(text.split()).startswith(f"T {why}")
    assert found.headlines() == (why,)
    assert "No uncertain input could do so alone, within its range." in text
    useless = ("lowest 10th", "Spearman", "none", "What moves the date")
    assert not [word for word in useless if word in text]
    verbose = found.page(verbose=True)
    assert "Half of the force would not be lost" in str(verbose)
    assert "highest 10th" not in report_text(simulate.run(tree, draws=1024), ".md")
    # A range brings the table back.
    tree["inflow"][0]["amount"] = uniform(60, 120)
    assert "highest 10th" in sensitivity_text(simulate.sensitivity(tree, draws=1024).report)
    tree |= {"inflow": [], "losses": {**tree["losses"], "count": 1}, "horizon": "2026-01-01"}
    tree["force"] = {"size": 1000}
    (said,) = simulate.sensitivity({k: v for k, v in tree.items() if v}, draws=1024).headlines()
    assert said.startswith("No input is uncertain. The whole force (100 %) would not be lost by ")
    assert "; at that pace it would take about 300 years. The size of the force and the" in said


def test_a_single_input_decides_all() -> None:
    found = simulate.sensitivity(scenario(uniform(3000, 4600)), draws=1024)
    assert "Knowing it would remove all of the uncertainty, so" in headline(found.report)
    assert "add up to" not in " ".join(sensitivity_text(found.report).split())


def test_no_median_at_either_end_is_explained() -> None:
    """Of the second claim nobody is lost on balance: half of all simulations have no date."""
    counts = (("the council", uniform(900, 1100)), ("the group", 400))
    claims = [{"count": n, "as_of": "2024-04-10", "source": source} for source, n in counts]
    tree: dict[str, Any] = {
        "title": "T",
        "horizon": "2026-12-31",
        "force": {"size": 1000, "as_of": "2024-04-10"},
        "losses": {"start": "2024-01-01", "claims": claims},
        "inflow": [{"amount": 5, "per": "day"}],
        "ends": [{"label": "truce", "date": "2024-04-11", "probability": 0.1}],
    }

    def text() -> str:
        return " ".join(sensitivity_text(simulate.sensitivity(tree, draws=4096).report).split())

    assert "“not by” at both ends: at least half of the simulations give no date" in text()
    del tree["ends"], claims[1]
    assert "at both ends" not in text()
