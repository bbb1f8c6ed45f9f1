"""Cards of the pictures that are not of dates alone: strength, effects and comparisons."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulate
from simulate.cli import cli, plot
from simulate.report.document import Drawing, SheetName
from simulate.report.figures.comparison import ON_CARD
from simulate.report.figures.files import figure_bytes
from simulate.report.text.captions import number_and_meaning
from simulate.report.text.phrases import main_outcome
from tests.cases import SIZE, scenario, uniform
from tests.report import factory
from tests.report.layout import faults, texts

CONFIGS = Path(__file__).parents[2] / "configs"
CARD: SheetName = "social"


def loaded(name: str, title: str | None = None) -> simulate.LoadedScenario | simulate.Scenario:
    found = simulate.load(CONFIGS / f"{name}.yaml")
    if title is None:
        return found
    return found.scenario.model_copy(update={"title": title, "question": title})


@cache
def picture(kind: str, *names: str, title: str | None = None) -> Drawing:
    if kind == "fan":
        return simulate.run(loaded(names[0], title), draws=512, strength=True).picture(kind)
    if kind == "tornado":
        return simulate.sensitivity(loaded(names[0], title), draws=512).picture()
    return simulate.compare([loaded(name, title) for name in names], draws=1024).picture()


@pytest.mark.parametrize("kind", ["fan", "tornado", "compare"])
def test_a_card_has_its_size(kind: str) -> None:
    figure = picture(kind, "kursk-isw", "kursk-nis").draw(CARD)
    assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 675)


@pytest.mark.parametrize("kind", ["fan", "tornado", "compare"])
@pytest.mark.parametrize("name", ["tags", "marks", "letters", "2,000"])
def test_titles_are_inert(name: str, kind: str) -> None:
    title = factory.HOSTILE_TEXTS.get(name, "A long title of the longest length allowed. " * 45)
    of = picture(kind, "kursk-isw", "kursk-nis", title=title)
    assert not faults(of.draw(CARD))
    if name == "tags":
        once, again = (figure_bytes(of.draw(CARD), "png", of.alt) for _ in range(2))
        assert once == again


def test_what_the_cards_say() -> None:
    fan = texts(picture("fan", "kursk-isw").draw(CARD))
    assert any(words.endswith("April 2025") and " to " in words for words in fan)
    bands = "Line: median. Dark band: middle half. Light band: 5th to 95th percentile."
    assert {"Soldiers lost", "About 50 % lost", bands} < set(fan)
    tornado = texts(picture("tornado", "kursk-isw").draw(CARD))
    assert "The day the count was made matters most" in tornado
    assert any(words.startswith("Sources: US Department of Defense; ") for words in tornado)
    assert "Median date with each input in its lowest or highest tenth" in tornado
    assert "No input is uncertain" in texts(picture("tornado", "kursk-isw-point").draw(CARD))
    shift = texts(picture("compare", "kursk-isw", "kursk-nis").draw(CARD))
    assert any(words.startswith("4") and words.endswith(" days later") for words in shift)
    assert any("In “by the South Korean count” than in “the published" in words for words in shift)
    assert any(words.startswith("Sources: ") for words in shift)
    assert not any("scales differ" in words for words in shift)
    neither = texts(picture("compare", "tanks-stored-2024", "tanks-storage").draw(CARD))
    assert any("“not by 1 January 2032” in B" in words for words in neither)
    assert any("scales differ" in words for words in neither)
    assert not faults(picture("compare", "tanks-stored-2024", "tanks-storage").draw(CARD))


def test_a_card_of_effects_has_one_figure_and_the_names_of_sources() -> None:
    fund = {
        "title": "T",
        "wording": "fund",
        "unit": "euros",
        "force": {"size": 1e9, "as_of": "2025-09-15"},
        "losses": {"rate": {"distribution": "uniform", "low": 5e7, "high": 6e7}, "per": "week"},
    }
    shown = texts(simulate.sensitivity(fund, draws=512).picture().draw(CARD))
    assert "The weekly spending matters most" in shown
    assert sum("100" in text and "%" in text for text in shown) == 1
    counts = [("the ministry", 800), ("the group", 400)]
    claims = [{"count": n, "as_of": "2025-03-01", "source": name} for name, n in counts]
    force = {"size": 3500}
    of = {"title": "T", "force": force, "losses": {"start": "2025-02-10", "claims": claims}}
    shown = texts(simulate.sensitivity(of, draws=512).picture().draw(CARD))
    assert "The choice of claim matters most" in shown
    for name in ("ministry", "group"):
        assert any(text.startswith(f"{name}:\n") for text in shown), name


def test_a_card_says_of_what_its_shares_are() -> None:
    counts = [
        {"size": size, "date": date}
        for size, date in ((uniform(110_000, 117_000), "2023-10-07"), (37_500, "2024-06-06"))
    ]
    fund = {"title": "T", "wording": "fund", "unit": "million dollars", "thresholds": [0.3, 1]}
    found = simulate.run({**fund, "force": {"counts": counts}}, draws=512, strength=True)
    card = found.picture("fan").draw(CARD)
    assert {"30 % spent", "Shares shown are of the second count, 37.5 billion dollars."} < {
        *texts(card)
    }
    assert not faults(card)


def test_dates_far_apart_are_months_everywhere() -> None:
    """10,000 at 205, 250 and 295 a month last 48.8, 40 and 33.9 months from January 2026 on."""
    shells = {
        "title": "T",
        "wording": "stock",
        "unit": "shells",
        "force": {"size": 10_000, "as_of": "2026-01-01"},
        "losses": {"rate": uniform(200, 300), "per": "month"},
    }
    found = simulate.run(shells, draws=4096, strength=True)
    histogram = found.picture("histogram")
    card = texts(histogram.draw(CARD))
    assert {"October 2028 to January 2030", "half of simulations by May 2029"} < {*card}
    lines = {"5 % by Oct 2028", "median May 2029", "95 % by Jan 2030"}
    assert lines < {*texts(histogram.draw("web"))}
    assert "Shells left would fall from 10,000 to none by about May 2029" in " ".join(
        texts(found.picture("fan").draw("web"))
    )


def test_strength_is_shown_where_thresholds_are_counted() -> None:
    assert "Men present" in texts(picture("fan", "wagner-convicts").draw(CARD))


def test_a_card_has_room_for_two_scenarios() -> None:
    three = picture("compare", "kursk-isw", "kursk-nis", "kursk-isw-point")
    with pytest.raises(ValueError, match="room for two"):
        three.draw(CARD)


@pytest.mark.parametrize("kind", ["histogram", "dotplot", "fan"])
@pytest.mark.parametrize(("others", "is_named"), [(0, False), (1, True), (2, False)])
def test_a_card_names_both_of_two_published_dates(
    kind: str, others: int, *, is_named: bool
) -> None:
    dates = [{"label": "ISW", "date": "2025-04-15"}, {"label": "BBC", "date": "2025-03-01"}]
    dates.append({"label": "HUR", "date": "2025-02-01"})
    run = simulate.run(scenario(size=SIZE, published=dates[: others + 1]), draws=512, strength=True)
    figure = run.picture(kind).draw(CARD)
    words = " ".join(texts(figure))
    assert "ISW: 15 April 2025" in words
    assert ("BBC: 1 March 2025" in words) == is_named
    assert not faults(figure)


def test_the_command_knows_what_there_is() -> None:
    assert plot._ON_CARD == ON_CARD
    result = simulate.run(loaded("kursk-isw"), draws=512, strength=True)
    for kind in set(plot._KINDS) - {"tornado", "compare", "coverage", "pit"}:
        assert result.picture(kind).alt


def down_to_a_reserve() -> simulate.Result:
    """48 at 4.5 to 5.5 a week, before some come in."""
    rate = {"distribution": "uniform", "low": 4.5, "high": 5.5}
    reserve = {
        "title": "T",
        "unit": "interceptors",
        "wording": "stock",
        "force": {"size": 64, "as_of": "2024-10-01", "floor": 16},
        "losses": {"rate": rate, "per": "week"},
        "inflow": [{"amount": 12, "per": "month", "from": "2025-01-01"}],
    }
    return simulate.run(reserve, draws=1024, strength=True)


def test_a_card_has_a_condition_also_where_something_comes_in_later() -> None:
    summary = down_to_a_reserve().summary
    number, meaning = number_and_meaning(summary, main_outcome(summary))
    assert number == "1 to 13 December 2024"
    event = "Stock would be down to 16 interceptors"
    pace = "at 4.5 to 5.5 interceptors a week"
    assert meaning == f"{event} {pace}: nine simulations in ten"


def test_a_card_marks_no_single_end_of_an_interval() -> None:
    """3,600 at about 40 or at 20 a day: the median could be any day of a gap."""
    counts = ({"distribution": "uniform", "low": 380, "high": 420}, 200)
    claims = [{"count": count, "as_of": "2025-02-10"} for count in counts]
    losses = {"start": "2025-01-31", "pooling": "linear", "claims": claims}
    two = {"title": "T", "horizon": "2026-01-01", "force": {"size": 3600}, "losses": losses}
    shown = texts(simulate.run(two, draws=2048).picture("histogram").draw(CARD))
    assert not [words for words in shown if words.startswith(("5 %", "95 %", "half of"))]


def test_a_card_of_one_date_is_the_strength_for_python_and_the_command(tmp_path: Path) -> None:
    certain = CONFIGS / "kursk-isw-point.yaml"
    result = simulate.run(certain, draws=64)
    shown = texts(result.plot(preset="social").figure)
    assert shown == texts(simulate.run(certain, draws=64, strength=True).picture("fan").draw(CARD))
    assert texts(result.plot(1.0, preset="social").figure) != shown
    done = CliRunner().invoke(
        cli, ["plot", str(certain), "--draws", "64", "--preset", "social", "--out", str(tmp_path)]
    )
    assert done.exit_code == 0
    assert (tmp_path / "histogram-social.txt").read_text().startswith("Bands over time of ")
