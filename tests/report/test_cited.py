"""What is cited, in each format: figures, dates, clauses, references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from ruamel.yaml import YAML

import simulate
from simulate.analysis.summary import Summary
from simulate.analysis.values import ByDate
from simulate.report.data import json_document
from simulate.report.render.citation import cited_as
from simulate.report.text import citation as words
from simulate.report.text.citation import Style, cited, note, reference, sentence
from simulate.report.text.phrases import main_outcome, pooling_words, title_words
from simulate.report.text.variables import variables
from tests.report import factory
from tests.report.readers import (
    bib_entry,
    tex_commands,
    yaml_of,
)

ROOT = Path(__file__).parents[2]

# --- the figures ---


def test_variables_are_the_summarys_figures() -> None:
    summary = factory.flagship()
    commands = tex_commands(cited_as("latex", summary, Style()))
    main = main_outcome(summary)
    ninety = next(
        one for one in main.intervals if one.kind == "equal-tailed" and one.probability == 0.9
    )
    for name, at in (("Median", main.median), ("Low", ninety.low), ("High", ninety.high)):
        assert at.date is not None
        assert commands[f"Depletion{name}"] == at.date.isoformat()
        assert commands[f"DepletionHundred{name}"] == at.date.isoformat()
    first = summary.outcomes[0].median.date
    assert first is not None
    assert commands["DepletionThirtyMedian"] == first.isoformat()
    assert commands["DepletionPNinetyFive"] == commands["DepletionHigh"]
    assert commands["DepletionInterval"] == f"{ninety.low.date} to {ninety.high.date}"
    assert commands["DepletionPublishedOneDate"] == "2025-04-15"
    assert commands["DepletionDraws"] == "131,072"
    assert commands["DepletionSentence"].startswith(sentence(summary))
    assert commands["DepletionNote"] == note(summary)


def updated() -> Summary:
    counts = {"count": {"distribution": "lognormal", "p5": 3000, "p95": 4000}}
    reports = [
        {"label": "A", "date": "2025-03-06", "losses": 7000, "evidence": True},
        {"label": "B", "date": "2025-04-05", "losses": 8500, "evidence": True},
    ]
    of = {
        "title": "A case",
        "force": {"size": 12000},
        "losses": {**counts, "start": "2024-12-06", "as_of": "2025-01-16"},
        "observed": reports,
    }
    return simulate.run(of, draws=16_384).summary


def test_the_figures_after_an_update_have_names() -> None:
    summary = updated()
    after = summary.updated
    assert after is not None
    assert summary.update is not None
    main = main_outcome(after)
    assert main.median.date is not None
    assert main.median.date != main_outcome(summary).median.date
    median = main.median.date.isoformat()
    commands = tex_commands(cited_as("latex", summary, Style()))
    for name in ("Median", "HundredMedian", "PFifty"):
        assert commands[f"DepletionUpdated{name}"] == median
    assert commands["DepletionMedian"] != median
    assert commands["DepletionUpdatedReports"] == "2"
    shown = yaml_of(cited_as("quarto", summary, Style()))
    assert shown["updated"]["median"] == median
    assert shown["updated"]["lost_100"]["high"] == commands["DepletionUpdatedHigh"]
    ess = round(summary.update.effective_sample_size)
    assert shown["updated"]["effective_sample_size"] == f"{ess:,}"
    assert "updated" not in variables(cited(factory.flagship(), Style()))


def test_the_error_stated_is_that_of_the_updated_dates_too() -> None:
    summary = updated()
    update = summary.update
    assert update is not None
    *rest, main = update.outcomes
    rough = replace(main, median=replace(main.median, mc_error_days=3.2))
    of_rough = replace(summary, update=replace(update, outcomes=(*rest, rough)))
    assert "dates cited at most 3.2 days" in cited(of_rough, Style()).note
    assert "dates cited at most 0." in cited(summary, Style()).note


def test_the_table_has_the_dates_after_an_update() -> None:
    summary = updated()
    after = summary.updated
    assert after is not None
    median = main_outcome(after).median.date
    assert "after later reports" in cited_as("markdown", summary, Style())
    rows = cited_as("markdown", summary, Style()).splitlines()
    (row,) = (row for row in rows if row.startswith("| after later reports"))
    assert f"| {median} |" in row
    assert "after later" not in cited_as("markdown", after, Style())


def test_a_bibtex_note_says_whether_its_dates_are_updated() -> None:
    def note_of(summary: Summary) -> str:
        return bib_entry(cited_as("bibtex", summary, Style()))[2]["note"]

    summary = updated()
    after = summary.updated
    assert after is not None
    assert "pdate" not in note_of(factory.flagship())
    both = note_of(summary)
    assert f"Before the update: {sentence(summary)} Updated on " in both
    assert note_of(after).endswith(sentence(after))
    assert sentence(after).endswith(", updated on later reports.")
    keys = {bib_entry(cited_as("bibtex", each, Style()))[1] for each in (summary, after)}
    assert len(keys) == 2


def test_prose_writes_dates_as_in_running_text() -> None:
    found = variables(cited(factory.flagship(), Style(prose=True)))
    assert found["interval"] == "between 17 March and 4 May 2025"
    assert found["median"] == "8 April 2025"
    iso = variables(cited(factory.flagship(), Style()))
    assert iso["interval"] == "2025-03-17 to 2025-05-04"
    assert "8 April 2025" in cited_as("markdown", factory.flagship(), Style(prose=True))


def test_dates_are_no_finer_than_the_draws_allow() -> None:
    few = factory.flagship(2048)
    assert str(variables(cited(few, Style()))["median"]).startswith("~2025-")
    assert str(variables(cited(few, Style(prose=True)))["median"]).startswith("about ")


def test_open_ends_too_few_draws_and_one_day() -> None:
    def of(summary: Summary, *, prose: bool = True) -> dict[str, Any]:
        return dict(variables(cited(summary, Style(prose=prose))))

    never = of(factory.with_never())
    assert never["high"] == "not by 1 January 2026"
    assert never["interval"] == "from 11 February 2025 to “not by 1 January 2026”"
    assert never["never"] == "31.8 %"
    none = of(factory.all_never(), prose=False)
    assert none["median"] == none["interval"] == "not by 2026-01-01"
    assert none["never"] == "100 %"
    few = of(factory.eight_draws())
    assert few["low"] == few["interval"] == "too few draws"
    day = of(factory.one_day())
    assert day["interval"] == "on 14 April 2025"
    assert of(factory.one_day(), prose=False)["interval"] == "2025-04-14"


def test_a_threshold_and_an_interval_can_be_chosen() -> None:
    summary = factory.flagship()
    content = cited(summary, Style(threshold=0.5, interval=0.8))
    assert content.sentence.startswith("Half of the force would be lost between")
    assert "80 % simulation interval (" not in content.sentence
    assert "80 % simulation interval, 10th to 90th percentile" in content.sentence
    with pytest.raises(ValueError, match=r"is not among the thresholds 0\.3, 0\.5, 1"):
        cited(summary, Style(threshold=0.4))
    with pytest.raises(ValueError, match="form must be 'text', 'markdown', "):
        cited_as("word", summary, Style())


def test_stock_wording_is_the_scenarios() -> None:
    base = factory.flagship()
    words = {"whole": "stock", "lost": "used up", "gone": "used up"}
    stock = replace(base.outcomes[-1], **words, threshold=1 / 3)
    summary = replace(base, outcomes=(stock,))
    assert cited(summary, Style()).sentence.startswith("A third of the stock would be used")
    assert "| used up | P5 |" in cited_as("markdown", summary, Style())


# --- what follows the sentence ---


def test_a_published_date_has_its_clause() -> None:
    clauses = cited(factory.with_never(), Style()).clauses
    assert [clause[:20] for clause in clauses] == ["By the published dat"] * 2
    assert "By the published date “ISW: mid-April 2025” (15 April 2025) " in clauses[0]
    assert not cited(factory.one_day(), Style()).clauses


def test_requested_dates_are_given_once() -> None:
    base = factory.flagship()
    by = (
        ByDate(base.outcomes[-1].published[0].date, 0.7, 0.001),
        ByDate(factory.ORIGIN, 0.123, 0.0005),
    )
    with_by = replace(base, outcomes=(replace(base.outcomes[-1], by=by),))
    clauses = cited(with_by, Style()).clauses
    assert len(clauses) == 2
    assert clauses[1] == "By 1 December 2024 it happens in 12.3 % of simulations."


def test_words_only_on_request_and_with_their_scale() -> None:
    summary = factory.with_never()
    assert "likely" not in cited_as("text", summary, Style())
    content = cited(summary, Style(scale="icd203"))
    assert content.clauses[-2] == (
        "Not by 1 January 2026: 31.8 % of simulations, unlikely (20 to 45 %) on the ICD 203 scale."
    )
    assert "Intelligence Community Directive 203" in content.clauses[-1]
    assert "on the ICD 203 scale" in content.clauses[0]
    assert variables(content)["never_words"] == "unlikely (20 to 45 %) on the ICD 203 scale"
    assert "never_words" not in variables(cited(summary, Style()))


def test_pooled_claims_are_named() -> None:
    summary = factory.with_claims()
    assert pooling_words(summary) == "3 claims pooled linearly"
    assert "(8 replicates), 3 claims pooled linearly. Monte Carlo" in note(summary)
    assert "method lattice, 3 claims pooled linearly, stream-1" in reference(summary)
    assert "3 claims pooled linearly" in cited_as("bibtex", summary, Style())
    pooled = summary.pooled
    assert pooled
    averaged = replace(summary, pooled=replace(pooled, pooling="quantile"))
    assert pooling_words(averaged) == "3 claims pooled by averaging quantiles"
    alone = replace(summary, pooled=replace(pooled, claims=(pooled.claims[0], pooled.claims[3])))
    assert pooling_words(alone) == pooling_words(factory.flagship()) == ""
    assert "pooled" not in note(factory.flagship())


def test_overrides_are_in_the_reference() -> None:
    base = factory.flagship()
    changed = replace(base.scenario, overrides=("losses.start=2024-12-01", "force.size=11000"))
    text = reference(replace(base, scenario=changed))
    assert "changed by losses.start=2024-12-01, force.size=11000, digest" in text


def test_author_and_address_are_those_of_the_citation_file() -> None:
    found = YAML(typ="safe", pure=True).load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["title"] == words.PROGRAM
    assert [author["name"] for author in found["authors"]] == [words.AUTHOR]
    assert found.get("url", found.get("repository-code", "")) == words.URL


def test_an_address_is_in_entry_and_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://example.org/a_b?c=%20&d=#e"
    monkeypatch.setattr(words, "URL", address)
    _, _, fields = bib_entry(cited_as("bibtex", factory.flagship(), Style()))
    assert fields["url"] == address
    assert reference(factory.flagship()).endswith(f" {address}")
    monkeypatch.setattr(words, "URL", "https://example.org/}{")
    assert "url = {https://example.org/%7D%7B}," in cited_as("bibtex", factory.flagship(), Style())


AUTHORS = {
    "Jane Doe": "{Jane Doe}",
    "Doe, Jane and The Daily & Sons": r"Doe, Jane and {The Daily \& Sons}",
    "Institute for War and Peace": "{Institute for War and Peace}",
    "Jane Doe; Institute for War and Peace": "{Jane Doe} and {Institute for War and Peace}",
    "Doe, Jane; War and Peace, London": "Doe, Jane and {War and Peace, London}",
    "Müller_50 %, Ä.": r"Müller\_50~\%, Ä.",
    "A. Analyst; B. C. Colleague": "A. Analyst and B. C. Colleague",
    "A. and B. Partners": "{A. and B. Partners}",
    "U.S. Army": "{U.S. Army}",
    "J.D. Salinger": "J. D. Salinger",
    "J.-P. Sartre, PhD": "Sartre, PhD, J.-P.",
    "Jane Doe, Ph.D. and John Doe, Jr.": "{Jane Doe, Ph.D.} and {John Doe, Jr.}",
    "King, Martin, Jr.": "King, Jr., Martin",
    "Jane Doe, BBC": "{Jane Doe, BBC}",
    "Jane Doe, The Daily Sun": "{Jane Doe, The Daily Sun}",
    "García Márquez, Gabriel": "García Márquez, Gabriel",
    "Jane Doe, John Smith and Max Roe": "{Jane Doe} and {John Smith} and {Max Roe}",
    "García Márquez, Gabriel and Roe, Max": "García Márquez, Gabriel and Roe, Max",
}


@pytest.mark.parametrize(("author", "names"), AUTHORS.items(), ids=AUTHORS)
def test_the_author_and_address_of_a_scenario_are_cited(author: str, names: str) -> None:
    base = factory.flagship()
    named = replace(base.scenario, author=author, url="https://example.org/x")
    summary = replace(base, scenario=named)
    entry = cited_as("bibtex", summary, Style(year=2026))
    assert f"  author = {{{names}}},\n" in entry
    assert "  year = {2026},\n" in entry
    assert "  url = {https://example.org/x},\n" in entry
    assert reference(summary).startswith(
        f"{author}: Scenario “{title_words(base)}”, digest 0123456789ab, "
    )
    assert reference(summary).endswith(
        ". https://example.org/x Computed with The simulate developers: simulate 1.0.0 "
        "(computer program)."
    )
    assert reference(summary, 2026).startswith(f"{author} (2026): Scenario “")
    assert reference(base, 2026).startswith("The simulate developers (2026): simulate 1.0.0 (com")
    assert f"\nReference: {author} (2026): Scenario" in cited_as("text", summary, Style(year=2026))
    assert "year" not in cited_as("bibtex", base, Style())
    document = json_document.document(summary)["scenario"]
    assert set(document) - set(json_document.document(base)["scenario"]) == {"author", "url"}


def test_rate_force_and_count_have_names() -> None:
    found = simulate.run(ROOT / "configs" / "kursk-isw.yaml", draws=8192)
    names = tex_commands(found.cite("latex"))
    parts = ("Rate", "RateLow", "RateHigh", "Force", "ForceLow", "ForceHigh", "CountHigh", "Unit")
    assert [names[f"Depletion{part}"] for part in parts] == [
        *("127", "90", "201", "11,581", "10,500", "12,250", "4,195", "soldiers")
    ]
    certain = simulate.run(ROOT / "configs" / "kursk-isw-point.yaml", draws=64)
    names = tex_commands(certain.cite("latex"))
    assert {names[f"Depletion{part}"] for part in parts[3:6]} == {"12,000"}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_one_form_at_a_time(form: str) -> None:
    summary = factory.flagship()
    whole, news, paper = (
        cited_as(form, summary, Style(only=only)) for only in ("", "news", "paper")
    )
    gap = "\n" if form == "text" else "\n\n"
    # Which a newspaper does not print.
    held = "true date in about 36 % of cases."
    assert whole.startswith(f"{news.rstrip()}{gap}Going by back-tests on 38 real series")
    assert whole.endswith(f"{held}{gap}{paper}")
    assert news.startswith("At about 92 soldiers a day")
    assert "back-tests" not in news
    assert paper.startswith("The whole force (100 %) would be lost between")
    # From too few draws for a date there is only the sentence that says so.
    few = factory.eight_draws()
    assert cited_as("text", few, Style(only="news")).startswith(sentence(few))


def test_letters_beyond_latin_are_announced() -> None:
    chinese = cited_as("latex", factory.hostile(factory.HOSTILE_TITLES["chinese"]), Style())
    assert "XeLaTeX" in chinese
    assert "XeLaTeX" not in cited_as("latex", factory.flagship(), Style())


def test_csl_json_says_what_the_entry_says() -> None:
    base = factory.flagship()
    author = "Doe, Jane; A.B. Analyst, PhD"
    summary = replace(base, scenario=replace(base.scenario, author=author, url="https://a.b/x"))
    (item,) = json.loads(cited_as("csl", summary, Style(year=2026)))
    assert item["author"] == [
        {"family": "Doe", "given": "Jane"},
        {"family": "Analyst", "given": "A. B.", "suffix": "PhD"},
    ]
    assert item["issued"] == {"date-parts": [[2026]]}
    assert (item["type"], item["genre"]) == ("dataset", "Simulation result")
    _, key, fields = bib_entry(cited_as("bibtex", summary, Style(year=2026)))
    assert (item["id"], item["title"], item["URL"]) == (key, fields["title"], fields["url"])
    assert item["note"] == fields["note"]
    (plain,) = json.loads(cited_as("csl", base, Style()))
    assert plain["author"] == [{"literal": words.AUTHOR}]
    assert not {"issued", "URL"} & set(plain)
