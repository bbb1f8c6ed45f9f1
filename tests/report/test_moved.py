"""A sensitivity analysis after an update: its words, tables, files and picture."""

from __future__ import annotations

import csv
import io
import json
from functools import cache

import pytest
from msgspec.structs import replace

import simulate
from simulate.analysis.effects import Estimate
from simulate.api.sensitivity import Sensitivity
from simulate.report.data.json_document import dumps
from simulate.report.figures.files import figure_bytes
from simulate.report.figures.tornado import drawing
from simulate.report.text.moved import hardly_words, is_moved, moved_sentence
from simulate.report.text.sensitivity import finding, headline, is_minor, main_effects, the_name
from simulate.report.text.wrapping import cells
from tests.analysis.reports import report
from tests.analysis.test_updated_effects import with_everything
from tests.report.factory import HOSTILE_TITLES
from tests.report.layout import texts
from tests.texts import sensitivity_text


@cache
def found() -> Sensitivity:
    title = HOSTILE_TITLES["markup"] + HOSTILE_TITLES["escape"]
    of = with_everything(title=title, observed=[report(7000, source="[/] A")])
    of["rate"] = {"drift": {"sd": 0.2, "correlation_days": 20}}
    of["published"] = [{"label": "said", "date": "2025-04-15"}]
    return simulate.sensitivity(of, draws=2**13)


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_page_fits(width: int, encoding: str) -> None:
    for verbose in (False, True):
        page = sensitivity_text(found().report, width, encoding=encoding, verbose=verbose)
        assert max(cells(line) for line in page.splitlines()) <= width
        assert "\x1b" not in page
        page.encode(encoding)


def test_each_number_after_the_update_has_its_words() -> None:
    page = " ".join(sensitivity_text(found().report).split())
    for words in (
        "After a later report, what matters most",
        "of the uncertainty that is left",
        "What the reports say about each input",
        "Each input before and after the reports",
        "Chances before and after the reports",
        "truce happens",
        "claim 2: B",
        "loss rate, units a day before",
        "first: share of the variance of the updated date’s rank",
        "so shares do not add up",
        "total: share of the variance that would remain if every input were known",
    ):
        assert words in page
    for words in ("add up to", "What would make", "before the update"):
        assert words not in page


def test_the_sentence_names_what_moved_most() -> None:
    of = found().report
    most = next(each for each in of.moved if each.name != "losses_per_day")
    sentence = moved_sentence(of)
    assert sentence.startswith("A later report moved the ")
    assert str(most.name) in sensitivity_text(of)
    still = replace(of, moved=tuple(replace(each, moved=0.0) for each in of.moved))
    assert moved_sentence(still) == ("A later report hardly changed what is known of any input.")
    assert hardly_words(still).startswith("Hardly moved: ")
    assert moved_sentence(replace(of, update=None)) == ""


def test_chance_is_named_where_it_exceeds_every_input() -> None:
    of = found().report
    main = main_effects(of)
    for share in (0.9, 0.0):
        total = Estimate(share, 0.01)
        ranked = tuple(
            replace(each, total=total) if each.kind == "walk" else each for each in main.ranked
        )
        by_chance = replace(main, ranked=ranked)
        changed = replace(
            of, thresholds=tuple(by_chance if each is main else each for each in of.thresholds)
        )
        assert ("is due to chance from day to day" in headline(changed)) == (share > 0)
        assert finding(changed, by_chance).startswith("Chance from day to day") == (share > 0)


def test_an_input_is_not_named_over_one_that_decides_more() -> None:
    """13 ± 5 % and 5 ± 4 % overlap, but not 13 ± 5 % and 6 ± 1 %, which lies between them."""
    main = main_effects(of := found().report)
    shares = [Estimate(0.13, 0.05), Estimate(0.06, 0.01), Estimate(0.05, 0.04)]
    inputs = [each for each in main.ranked if each.kind != "walk"][:3]
    pairs = zip(inputs, shares, strict=True)
    three = replace(main, ranked=tuple(replace(each, first_order=own) for each, own in pairs))
    name = the_name(inputs[0], of.summary)
    assert finding(of, three).lower() == f"{name} matters most".lower()


def test_only_what_moves_by_more_than_its_error_is_shown() -> None:
    """Negative control: the same input with a smaller error."""
    most = next(each for each in found().report.moved if each.name == "losses.count")
    assert is_moved(most)
    assert not is_moved(replace(most, after=tuple(q._replace(mc_error=1e9) for q in most.after)))
    assert not is_moved(replace(most, after=tuple(q._replace(mc_error=None) for q in most.after)))


def test_a_share_within_its_error_is_only_named() -> None:
    of = found().report
    main = main_effects(of)
    one, *others = main.ranked
    small = replace(one, first_order=Estimate(0.1, 0.11))
    assert is_minor(small)
    assert not is_minor(replace(one, first_order=Estimate(0.12, 0.11)))
    shown = replace(of, thresholds=(replace(main, ranked=(*others, small)),))
    page = " ".join(sensitivity_text(shown).split())
    assert "Share no larger than its error:" in page
    # Nor does it matter most beside another, however near.
    top = replace(others[0], first_order=Estimate(0.15, 0.05))
    close = replace(main, ranked=(top, small))
    assert the_name(small, of.summary) not in headline(of, close)


def test_files_have_both_and_a_plain_analysis_neither() -> None:
    tree = json.loads(dumps(found().to_dict()))
    update = tree["update"]
    assert set(update) == {
        *("reports", "effective_sample_size", "smallest_effective_sample_size"),
        *("inputs", "chances"),
    }
    assert [each["level"] for each in update["inputs"][0]["after"]] == [0.05, 0.5, 0.95]
    inputs = tree["thresholds"][0]["inputs"]
    assert [each["name"] for each in inputs if each["total"]] == ["walk"]
    assert (tree["needed"], tree["needed_draws"]) == ([], 0)
    rows = [*csv.DictReader(io.StringIO(found().table().csv().decode()))]
    figures = {row["figure"] for row in rows}
    assert figures == {"total", "first_order", "rank_correlation", "median", "before", "after"}
    (size,) = (
        row
        for row in rows
        if (row["input"], row["figure"], row["case"]) == ("force.size", "after", "p50")
    )
    assert 10_000 < float(size["value"]) < 12_000
    assert float(size["mc_error"]) > 0
    dated = [row for row in rows if row["input"] == "losses.start" and row["case"] == "p50"]
    assert [bool(row["date"]) for row in dated] == [True] * 2
    assert {row["kind"] for row in rows if row["input"] == "losses_per_day"} == {"rate"}
    plain = simulate.sensitivity(with_everything(), draws=1024)
    assert "update" not in plain.to_dict()


def test_the_tornado_says_that_it_is_after_the_reports() -> None:
    picture = drawing(found().report)
    assert "updated on later reports" in picture.alt
    for sheet in ("web", "3.5in", "social", "phone"):
        drawn = picture.draw(sheet)
        assert figure_bytes(drawn, "png", picture.alt)
        if sheet == "web":
            shown = " ".join(" ".join(texts(drawn)).split())
            assert "after later reports" in shown
            assert "first-order share of the variance of the updated date’s rank" in shown
