"""From files to scenarios: extends, overrides, and what is asked of them."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from simulate.errors import FileError, LimitError, ScenarioError
from simulate.scenario import loader, model, yaml_source
from simulate.scenario.fields import LISTS
from simulate.scenario.loader import LoadedScenario, load, load_mapping, load_text
from simulate.scenario.model import Scenario
from tests.scenario.files import BASE, Write

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
STARTER = Path(loader.__file__).with_name("starter.yaml")


def first_problem(path: Path, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    return str(caught.value.problems[0])


def test_a_mapping_does_not_extend_a_file() -> None:
    with pytest.raises(ScenarioError) as caught:
        load({"extends": "base.yaml", "title": "T"})
    (problem,) = caught.value.problems
    assert problem.message == "extends is for files, not for a mapping"
    assert "simulate.load(FILE, set={...})" in problem.hint


def test_there_are_configs() -> None:
    assert {path.name for path in CONFIGS} >= {"kursk-isw.yaml", "kursk-isw-point.yaml"}


@pytest.mark.parametrize("path", [*CONFIGS, STARTER], ids=lambda path: path.name)
def test_every_shipped_scenario_loads(path: Path) -> None:
    loaded = load(path)
    assert loaded.file == path.name
    again = load_mapping(loaded.resolved)
    assert again.scenario == loaded.scenario
    assert again.digest == loaded.digest


def test_what_the_starter_offers_in_comments_is_valid() -> None:
    text = STARTER.read_text(encoding="utf-8")
    offers = re.findall(r"(?m)^# ((?:force|inflow|outflows|rate): .*)$", text)
    assert len(offers) == 5
    for offer in offers:
        tree = {**yaml_source.parse(text, "").tree, **yaml_source.parse(offer, "").tree}
        if offer.startswith("force"):
            del tree["losses"]
        assert load_mapping(tree).scenario.title == "My claim"


# --- extends ---


def test_mappings_are_merged_and_lists_and_families_replaced(write: Write) -> None:
    write(BASE, "base.yaml")
    path = write(
        "extends: base.yaml\n"
        "title: Another\n"
        "force: {size: 11000}\n"
        "losses: {count: {distribution: uniform, low: 1, high: 2}}\n"
        "thresholds: [0.3]\n"
    )
    resolved = load(path).resolved
    base = load(path.with_name("base.yaml")).resolved
    assert resolved == {
        **base,
        "title": "Another",
        "force": {"size": 11000.0, "source": "the ministry"},
        "losses": {
            **base["losses"],
            "count": {"distribution": "uniform", "low": 1.0, "high": 2.0},
        },
        "thresholds": [0.3],
    }


def test_a_distribution_without_a_family_changes_the_one_below(write: Write) -> None:
    write(BASE, "base.yaml")
    path = write("extends: base.yaml\nlosses: {count: {p95: 4200}}\n")
    count = load(path).resolved["losses"]["count"]
    assert count == {"distribution": "lognormal", "p5": 3000.0, "p95": 4200.0}


def test_a_number_replaces_a_distribution_and_the_reverse(write: Write) -> None:
    write(BASE, "base.yaml")
    path = write(
        "extends: base.yaml\n"
        "force: {size: {distribution: uniform, low: 9000, high: 9001}}\n"
        "losses: {count: 3800}\n"
    )
    resolved = load(path).resolved
    assert resolved["losses"]["count"] == 3800.0
    assert resolved["force"]["size"]["low"] == 9000.0


def test_an_error_is_shown_in_the_file_that_holds_it(write: Write) -> None:
    write(BASE.replace("3000", "no"), "below/base.yaml")
    path = write("extends: below/base.yaml\nthresholds: [2]\n")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    found = {(Path(p.file).name, p.line) for p in caught.value.problems}
    assert found == {("base.yaml", 4), ("case.yaml", 2)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../outside.yaml", "leads out of the scenario's folder"),
        ("below/../../outside.yaml", "leads out of the scenario's folder"),
        ("/etc/passwd", "must be relative to the scenario's folder"),
        ("https://example.org/base.yaml", "must be a file, not an address"),
        ("file:base.yaml", "must be a file, not an address"),
        ("link.yaml", "leads out of the scenario's folder"),
        ("linked/outside.yaml", "leads out of the scenario's folder"),
    ],
)
def test_extends_stays_in_the_folder(write: Write, tmp_path: Path, name: str, words: str) -> None:
    write(BASE, "outside.yaml")
    path = write(f"extends: {name}\n", "inside/case.yaml")
    write(BASE, "inside/below/base.yaml")
    (path.parent / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (path.parent / "linked").symlink_to(tmp_path)
    told = first_problem(path)
    assert words in told
    assert "extends takes a file in the same folder or below" in told


def test_extends_follows_a_link_that_stays_inside(write: Write) -> None:
    base = write(BASE, "below/base.yaml")
    path = write("extends: link.yaml\n")
    path.with_name("link.yaml").symlink_to(base)
    assert load(path).digest == load(base).digest


def test_extends_may_go_down_and_is_relative_to_each_file(write: Write) -> None:
    write(BASE, "a/b/base.yaml")
    write("extends: b/base.yaml\n", "a/middle.yaml")
    path = write("extends: a/middle.yaml\n")
    assert load(path).scenario.title == "A claim"


def test_a_circle_is_printed(write: Write) -> None:
    write("extends: b.yaml\n", "a.yaml")
    write("extends: c.yaml\n", "b.yaml")
    path = write("extends: a.yaml\n", "c.yaml")
    assert "runs in a circle: c.yaml -> a.yaml -> b.yaml -> c.yaml" in first_problem(path)


def test_a_chain_of_eight_is_followed_and_of_nine_refused(write: Write) -> None:
    write(BASE, "0.yaml")
    for below, above in itertools.pairwise(range(10)):
        write(f"extends: {below}.yaml\n", f"{above}.yaml")
    path = write("extends: 7.yaml\n")
    assert load(path).scenario.title == "A claim"
    assert "through more than 8 files" in first_problem(path.with_name("9.yaml"))


@pytest.mark.parametrize("value", ["[base.yaml]", "3", "null", "{a: b}"])
def test_extends_is_a_name(write: Write, value: str) -> None:
    assert "extends must be the name of a file" in first_problem(write(f"extends: {value}\n"))


def test_what_cannot_be_read(write: Write, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot read .*gone\.yaml: No such file"):
        load(tmp_path / "gone.yaml")
    with pytest.raises(FileError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(FileError, match=r"cannot read .*gone\.yaml: No such file"):
        load(write("extends: gone.yaml\n"))
    with pytest.raises(LimitError, match="larger than the limit of 1 MB"):
        load(write("#" * 1_000_001))
    assert "no scenario here" in first_problem(write("#" * 1_000_000))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BASE.encode())))
    assert load("-").scenario.title == "A claim"


# --- overrides ---


def test_overrides_are_typed_like_yaml(write: Write) -> None:
    path = write(BASE)
    loaded = load(
        path,
        [
            "losses.start=2024-12-01",
            "force.size=1e4",
            "title=no",
            "by=[2025-04-15, 2025-05-01]",
            "losses.count={distribution: uniform, low: 1_000, high: 2000}",
        ],
    )
    assert loaded.overrides[0] == "losses.start=2024-12-01"
    resolved = loaded.resolved
    assert resolved["losses"]["start"] == "2024-12-01"
    assert resolved["force"]["size"] == 10000.0
    assert resolved["title"] == "no"
    assert resolved["by"] == ["2025-04-15", "2025-05-01"]
    assert resolved["losses"]["count"]["low"] == 1000.0


def test_the_last_override_wins_and_equals_signs_belong_to_the_value(write: Write) -> None:
    loaded = load(write(BASE), ["title=one", 'title="a=b"'])
    assert loaded.scenario.title == "a=b"


def test_overrides_reach_into_lists_and_make_what_is_not_there(write: Write) -> None:
    path = write(BASE + "published: [{label: A, date: 2025-01-01}]\n")
    loaded = load(
        path, ["published[0].date=2025-04-15", "thresholds[1]=0.9", "sampling.draws=1_000"]
    )
    assert loaded.resolved["published"] == [{"label": "A", "date": "2025-04-15"}]
    assert loaded.scenario.thresholds == (0.5, 0.9)
    assert loaded.scenario.sampling.draws == 1000


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("title", "an override is name=value"),
        ("=3", "an override is name=value"),
        ("published[0].date=2025-01-01", "there is no entry [0] to set"),
        ("thresholds[2]=1", "there is no entry [2] to set"),
        ("title.x=1", "x cannot be set inside a single value"),
        ("force.size=no", 'force.size must be a number (found the text "no")'),
        ("force.size=", "force.size is required"),
        ("force.sizex=3", "did you mean force.size?"),
        ("losses.count={distribution: uniform, low: 2, high: 1}", "low must be below high"),
        ("title=[", "a bracket is left open"),
        ("title=&a 1", "anchors"),
        ("losses.start=2024-02-30", "is not a date of the calendar"),
    ],
)
def test_an_override_that_is_wrong_is_named(write: Write, override: str, words: str) -> None:
    told = first_problem(write(BASE), override)
    assert told.startswith(override[:51])
    assert words in told


# --- what is asked, and other forms ---


def test_asking_changes_only_what_is_asked(write: Write) -> None:
    loaded = load(write(BASE + "by: [2025-04-15]\n"))
    day = next(iter(loaded.scenario.by))
    asked = loaded.asking(by=[day.replace(day=1), day], levels=[0.9, 0.1])
    assert asked.scenario.by == (day.replace(day=1), day)
    assert asked.scenario.levels == (0.1, 0.9)
    assert asked.digest == loaded.digest
    assert loaded.asking().scenario.levels == loaded.scenario.levels


def test_a_mapping_is_validated_like_a_file(write: Write) -> None:
    tree: dict[str, Any] = load(write(BASE)).resolved
    assert load_mapping(tree).digest == load(write(BASE)).digest
    with pytest.raises(ScenarioError, match="unknown key forcex"):
        load_mapping({**tree, "forcex": 1})


def test_data_files_stand_beside_the_scenario(write: Write) -> None:
    write("n\n3000\n4000\n", "below/counts.csv")
    text = BASE.replace(
        "{distribution: lognormal, p5: 3000, p95: 4000}",
        "{distribution: empirical, file: counts.csv, column: n}",
    )
    loaded = load(write(text, "below/case.yaml"))
    assert loaded.scenario.losses.law("count").support == (3000.0, 4000.0)
    before = loaded.digest
    write("n\n3000\n4001\n", "below/counts.csv")
    assert load(write(text, "below/case.yaml")).digest != before
    assert isinstance(loaded, LoadedScenario)


def test_a_scenario_is_checked_as_a_whole_once(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = []

    def contradictions(scenario: Scenario) -> tuple[()]:
        checks.append(scenario)
        return ()

    monkeypatch.setattr(model, "contradictions", contradictions)
    loaded = load(write(BASE), ["losses.count=3800", "sampling.draws=1024"])
    by, levels = (dt.date(2025, 4, 15),), (0.1, 0.9)
    asked = loaded.asking(by=by, levels=levels)
    assert (asked.scenario.by, asked.scenario.levels) == (by, levels)
    assert len(checks) == 1


def test_dates_and_percentiles_are_each_asked_for_alone() -> None:
    loaded = load("configs/kursk-isw.yaml")
    day = dt.date(2025, 5, 9)
    assert day in loaded.asking(by=[day]).scenario.by
    assert loaded.asking(by=[day]).scenario.levels == loaded.scenario.levels
    assert loaded.asking(levels=[0.2, 0.1]).scenario.levels == (0.1, 0.2)
    assert loaded.asking() is loaded


def test_a_constant_with_a_source_is_read_as_a_run_writes_it() -> None:
    size = {"distribution": "constant", "value": 12000, "source": "A ministry"}
    losses = {"rate": 92, "per": "day", "start": "2025-01-16"}
    written = load_mapping({"title": "T", "force": {"size": size}, "losses": losses})
    assert "distribution" not in written.resolved["force"]["size"]
    assert load_mapping(written.resolved) == written


ENTRIES = {
    "inflow": "{amount: 90, per: month}",
    "outflows": "{date: 2025-03-01, size: 5}",
    "reinforcements": "{date: 2025-03-01, size: 5}",
    "pauses": "{start: 2025-03-01, days: 4}",
    "ends": "{label: A truce, date: 2025-06-01}",
    "published": "{label: A, date: 2025-06-01}",
    "observed": "{label: A, date: 2025-02-01, losses: 5000}",
}


@pytest.mark.parametrize("key", LISTS)
def test_a_list_of_one_may_be_its_only_entry(key: str) -> None:
    text = "title: A\nforce: {size: 12000}\nlosses: {count: 3800, as_of: 2025-01-16, "
    text += f"start: 2024-12-06}}\n{key}: "
    one, several = load_text(text + ENTRIES[key]), load_text(f"{text}[{ENTRIES[key]}]")
    assert one == several
    assert one.digest == several.digest
    with pytest.raises(ScenarioError, match=f"^1?[^a-z]*unknown key {key}.amuont"):
        load_text(text + ENTRIES[key].replace("}", ", amuont: 3}"))


@pytest.mark.parametrize("setting", ["inflow[0].amount=50", "inflow.amount=50"])
def test_a_setting_reaches_the_only_entry(write: Write, setting: str) -> None:
    name = write(f"{BASE}inflow: {{amount: 90, per: month}}\n")
    assert load(name, setting).scenario.inflow[0].amount.support == (50, 50)
    wrong = setting.replace("50", "-1")
    with pytest.raises(ScenarioError, match=f"^{re.escape(wrong)}: .* must be at least 0"):
        load(name, wrong)
