"""No answer about a stock or a fund uses the words of a force."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import simulate
from simulate.analysis.inputs import counting_words, describe_inputs, pooling_note
from simulate.api.report import report_text
from simulate.api.result import Result
from simulate.report.document import Drawing, SheetName
from simulate.report.pages.claims import side_by_side
from simulate.report.pages.inputs import check_page, inputs_page
from simulate.report.render.citation import FORMATS
from simulate.report.render.terminal import render
from simulate.scenario.loader import LoadedScenario, load_mapping
from simulate.scenario.warnings import possible_warnings
from simulate.scenario.words import DOMAINS, Domain
from tests.report.layout import texts
from tests.report.readers import leaves, yaml_of
from tests.texts import undrawn

OF_A_FORCE = re.compile(
    r"\b(force\w*|los[est]\w*|casualt\w+|strength|present|kill\w*|wounded|withdraw\w*|ceasefire"
    r"|soldiers?|m[ae]n|troops|fighting|duty|reinforce\w*|army|arrivals?)\b",
    re.IGNORECASE,
)
_STEP = r"[a-z_]+(\[\d+\])?"
_PATH = re.compile(rf"\b{_STEP}(\.{_STEP})+|\bwounded(?= changes no date)|\blost=")
"""Keys of the file: paths, a block, and the name of a threshold in tables."""
SHEETS: tuple[SheetName, ...] = ("web", "phone")

UNIFORM = {"distribution": "uniform"}
PLAIN: dict[str, Any] = {
    "title": "A title",
    "unit": "tons",
    "force": {"size": {**UNIFORM, "low": 9000, "high": 12000}},
    "losses": {"count": 3800, "as_of": "2025-01-16", "start": "2024-12-06"},
    "published": [
        {"label": "A paper", "date": "2025-04-15"},
        {"label": "Another", "from": "2025-04-10", "to": "2025-04-20"},
    ],
    "horizon": "2025-06-01",
}
CLAIMS = {
    **PLAIN,
    "losses": {
        "start": "2024-12-06",
        "claims": [
            {"count": {**UNIFORM, "low": 0, "high": 5000}, "as_of": "2025-01-10", "source": "A"},
            {"count": 3800, "as_of": "2025-01-16", "source": "B", "qualifier": "at_least"},
            {"count": 600, "as_of": "2025-01-16", "days": 7, "source": "C"},
        ],
    },
    "thresholds": [0.1, 1],
    "observed": [{"label": "D", "date": "2025-02-20", "losses": 5000}],
    "counting": "strength",
}
DOUBTFUL = {
    **PLAIN,
    "rate": {"multiplier": 0, "strength_exponent": 1},
    "prelude": {"start": "2024-11-01", "intensity": 0.1},
    "wounded": {"share": 0.5, "return_share": 0.2, "return_days": 20},
    "reinforcements": [{"date": "2025-02-01", "size": 500}],
    "ends": [{"label": "an end", "date": "2025-03-01", "probability": 0.3}],
    "counting": "strength",
}
IDLE = {**PLAIN, "wounded": {"share": 0.5, "return_share": 0.2, "return_days": 20}}
SLOW = {**PLAIN, "rate": {"strength_exponent": 0.95}}
SLOW["force"] = {"size": {**UNIFORM, "low": 3000, "high": 12000}, "as_of": "2025-01-16"}
OVER = {**PLAIN, "force": {"size": {**UNIFORM, "low": 3000, "high": 12000}}}
FLOWS = {
    **PLAIN,
    "force": {**PLAIN["force"], "as_of": "2025-01-16", "floor": 500, "usable": 0.9},
    "losses": {"rate": {**UNIFORM, "low": 1800, "high": 2500}, "per": "month"},
    "inflow": [{"amount": 100, "per": "week"}],
    "outflows": [{"date": "2025-02-10", "size": 200}],
    "rate": {"trend_per_month": -0.1, "trend_until": "2025-03-01"},
    "thresholds": [0.5, 1, {"left": 1000}, {"lost": 5000}],
}
COUNTED = {
    "title": "A title",
    "unit": "tons",
    "force": {
        "counts": [
            {"size": {**UNIFORM, "low": 9000, "high": 12000}, "date": "2024-12-06"},
            {"size": {**UNIFORM, "low": 8000, "high": 9500}, "date": "2025-01-16"},
        ]
    },
    "horizon": "2025-06-01",
}
DAYS = {**COUNTED, "force": {"lasts": {**UNIFORM, "low": 10, "high": 90}, "as_of": "2025-01-16"}}
SCENARIOS = {"claims": CLAIMS, "doubtful": DOUBTFUL, "idle": IDLE, "slow": SLOW, "over": OVER}
SCENARIOS |= {"flows": FLOWS, "counted": COUNTED, "days": DAYS}


def loaded_of(name: str, domain: Domain) -> LoadedScenario:
    return load_mapping({**SCENARIOS[name], "wording": domain})


def _drawn(drawing: Drawing) -> Iterator[str]:
    yield drawing.alt
    for sheet in SHEETS:
        yield from texts(drawing.draw(sheet))


def _cells(files: dict[str, bytes]) -> Iterator[str]:
    """The cells of all tables, without their headers and names of quantities, as for JSON."""
    for name, data in files.items():
        if name.endswith(".csv"):
            header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
            if name == "table.csv":
                yield from header
            for row in rows:
                yield from row[1:] if header[0] == "quantity" else row


def _of_a_run(result: Result) -> Iterator[str]:
    yield render(result.page(verbose=True), 100)
    yield from result.headlines()
    for form in FORMATS:
        cited = result.cite(form, words="ipcc")
        yield from leaves(yaml_of(cited)) if form == "quarto" else (cited,)
    for kind in ("histogram", "cdf", "dotplot", "fan"):
        yield from _drawn(result.picture(kind))
    with undrawn():
        yield report_text(result)
        yield from _cells(result.files(()))


def _of_a_scenario(loaded: LoadedScenario) -> Iterator[str]:
    scenario = loaded.scenario
    described, warnings = describe_inputs(scenario), possible_warnings(scenario)
    remarks = (counting_words(scenario), pooling_note(scenario.losses))
    words = scenario.wording.words
    notes = {"remarks": remarks, "warnings": warnings}
    yield render(inputs_page("", described, words, unit=scenario.unit, **notes), 100)
    yield render(check_page("a.yaml", loaded, warnings), 100)


def _of_several(loaded: LoadedScenario) -> Iterator[str]:
    effects = simulate.sensitivity(loaded, draws=2048)
    compared = simulate.compare([loaded, loaded], draws=512)
    with TemporaryDirectory() as folder:
        file = Path(folder, "a.yaml")
        file.write_text(json.dumps(loaded.resolved), encoding="utf-8")
        swept = simulate.sweep(file, "horizon=2025-06-01,2026-01-01", draws=512)
    for answer, picture in (
        (effects, effects.picture()),
        (compared, compared.picture()),
        (swept, swept.main_picture()),
    ):
        yield render(answer.page(verbose=True), 100)
        yield from answer.headlines()
        with undrawn():
            yield from _cells(answer.files(()))
        yield from _drawn(picture) if picture else ()
    if loaded.scenario.losses.claims:
        each = enumerate(simulate.run_each(loaded, draws=512), start=1)
        yield render(side_by_side([(n, one.summary) for n, one in each], "title"), 100)


@cache
def said(name: str, domain: Domain) -> str:
    """All that the program says about a scenario, without the paths of inputs."""
    loaded = loaded_of(name, domain)
    result = simulate.run(loaded, draws=512, strength=True)
    found = [*_of_a_scenario(loaded), *_of_a_run(result), *_of_several(loaded)]
    return _PATH.sub("", re.sub(r"<[^>]*>|\s+", " ", "\n".join(found)).replace("\\_", "_"))


CASES = [*((name, "stock") for name in SCENARIOS), ("flows", "fund")]


@pytest.mark.parametrize(("name", "domain"), CASES)
def test_no_word_of_a_force(name: str, domain: Domain) -> None:
    # What the intervals were tried on was no stock.
    text = re.sub("series of losses|counting: strength", "", said(name, domain))
    around = [text[max(m.start() - 60, 0) : m.end() + 30] for m in OF_A_FORCE.finditer(text)]
    assert not around


@pytest.mark.parametrize(
    ("domain", "lost"), [("force", "lost"), ("stock", "used up"), ("fund", "spent")]
)
def test_a_row_says_whether_an_amount_is_left_or_gone(domain: Domain, lost: str) -> None:
    page = render(simulate.run(loaded_of("flows", domain), draws=512).page(verbose=True), 100)
    starts = [line.split("  ")[0] for line in page.splitlines()]
    assert {"1,000 left", f"5,000 {lost}"} <= {*starts}


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "claims": "force lost losses loss strength present",
        "idle": "force lost losses loss strength present arrivals withdrawal ceasefire",
        "slow": "force lost losses loss strength present man",
    }.items(),
)
def test_the_same_answers_about_a_force_have_them(name: str, words: str) -> None:
    found = {match[0].lower() for match in OF_A_FORCE.finditer(said(name, "force"))}
    assert found >= set(words.split())


@pytest.mark.parametrize("domain", ["stock", "fund"])
def test_no_entry_of_the_table_is_of_a_force(domain: Domain) -> None:
    own = DOMAINS[domain]
    texts_of = (part.values() if isinstance(part, Mapping) else [part] for part in own)
    for text in chain.from_iterable(texts_of):
        assert not OF_A_FORCE.search(_PATH.sub("", text))
    assert own.absent.keys() == DOMAINS["force"].absent.keys()
    assert own.counting.keys() == DOMAINS["force"].counting.keys()
