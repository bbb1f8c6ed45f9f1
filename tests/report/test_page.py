"""The page of a result, in HTML and Markdown: its figures are the result's, its text is inert."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest

import simulate
from simulate.analysis.request import Request
from simulate.api.report import report_text, result_of
from simulate.report.document import (
    Code,
    Document,
    Link,
    Listing,
    Paragraph,
    Section,
    Table,
    linked,
    sourced,
)
from simulate.report.figures import histogram
from simulate.report.figures.files import figure_bytes
from simulate.report.render.inline_svg import inline_svg
from simulate.report.render.markdown import markdown
from simulate.report.text.citation import note, sentence
from simulate.report.text.headline import span
from simulate.report.text.wording import inert, instant_cell, percent
from tests.cases import scenario
from tests.report import factory
from tests.report.pages import HOSTILE, Reader, hostile_scenario
from tests.texts import undrawn

CONFIGS = sorted(Path("configs").glob("*.yaml"))
FLAGSHIP = Path("configs/kursk-isw.yaml")
LEDGER = Path("configs/kursk-claims.yaml")
LARGEST = 300_000


@cache
def result(file: Path, draws: int = 2048) -> simulate.Result:
    loaded = simulate.load(file)
    return result_of(Request(draws), loaded)


@cache
def html(file: Path) -> str:
    return report_text(result(file))


@cache
def markdown_of(file: Path) -> str:
    return report_text(result(file), ".md")


# --- the numbers ---


@pytest.mark.parametrize("file", [FLAGSHIP, LEDGER], ids=lambda file: file.stem)
def test_every_date_is_that_of_the_result(file: Path) -> None:
    summary = result(file).summary
    page, text = Reader(html(file)), markdown_of(file)
    for outcome in summary.outcomes:
        moments = [quantile.at for quantile in outcome.quantiles]
        moments += [at for each in outcome.intervals for at in (each.low, each.high)]
        for at in moments:
            shown = instant_cell(at, summary.horizon)
            assert shown in page.cells
            assert f"| {shown.replace('~', chr(92) + '~')} |" in text
        for check in outcome.published:
            assert any(
                cell.startswith(percent(check.probability_by, check.mc_error))
                for cell in page.cells
            )
    for words in (sentence(summary), note(summary), span(summary)):
        assert words in page.words


@pytest.mark.parametrize("file", [FLAGSHIP, LEDGER], ids=lambda file: file.stem)
def test_every_row_is_as_wide_as_its_header(file: Path) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", markdown_of(file), re.MULTILINE)
    assert len(tables) >= 6
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


def test_each_input_has_its_distribution_source_and_share() -> None:
    found, page = result(FLAGSHIP), Reader(html(FLAGSHIP))
    effect = simulate.sensitivity(found.loaded, draws=2048, method="sobol")
    shares = {each.name: each.total for each in effect.effects().ranked}
    for item in found.summary.inputs:
        at = next(k for k, cell in enumerate(page.cells) if cell.endswith(f"({item.name})"))
        _, assumed, _, share, source = page.cells[at : at + 5]
        total = shares[item.name]
        assert total is not None
        assert assumed == item.distribution
        assert float(share.partition(" ")[0]) == pytest.approx(100 * total.value, abs=0.51)
        assert source.startswith(inert(item.source))
    assert "https://www.indy100.com/politics/zelensky-lex-fridman-podcast-interview" in {
        attributes.get("href") for _, attributes in page.tags
    }


def test_claims_show_how_dates_move_without_each_source() -> None:
    found, page = result(LEDGER), Reader(html(LEDGER))
    assert found.summary.pooled is not None
    for left in found.summary.pooled.left_out:
        assert any(left.source in cell for cell in page.cells)
    assert "Days by which dates move without a source" in page.words


def test_a_scenario_beyond_the_straight_line_shows_strength_and_later_counts() -> None:
    words = Reader(html(Path("configs/kursk-nis.yaml"))).words
    assert ("Counts published later" in words) == bool(
        simulate.load("configs/kursk-nis.yaml").scenario.observed
    )
    assert "Strength and losses at the end of each day." not in Reader(html(FLAGSHIP)).words


def test_what_is_left_out_is_what_the_scenario_does_not_hold() -> None:
    words = Reader(html(FLAGSHIP)).words
    assert "No arrivals and no production." in words
    loaded = simulate.load(FLAGSHIP, ["reinforcements=[{date: 2025-02-15, size: 3000}]"])
    assert "No arrivals" not in report_text(simulate.run(loaded, draws=1024))


# --- the form ---


@pytest.mark.parametrize("file", [FLAGSHIP, LEDGER], ids=lambda file: file.stem)
def test_the_page_is_well_formed(file: Path) -> None:
    page = Reader(html(file))
    assert page.headings[0] == "h1"
    assert set(page.headings[1:]) == {"h2"}
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "form", "base", "img"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        for reference in ("aria-labelledby", "href"):
            value = attributes.get(reference) or ""
            if reference == "aria-labelledby":
                assert set(value.split()) <= set(ids)
            elif value.startswith("#"):
                assert value[1:] in ids
            elif value and tag != "link":
                assert value.startswith(("http://", "https://"))
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len((attributes["aria-labelledby"] or "").split()) == 2
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
    assert [tag for tag, _ in page.tags].count("caption") == [t for t, _ in page.tags].count(
        "table"
    )
    assert ("html", {"lang": "en"}) in page.tags


def test_the_policy_allows_the_style_sheet_by_its_hash() -> None:
    found = re.search(r"style-src '(sha256-[^']+)'", html(FLAGSHIP))
    style = re.search(r"<style>(.*?)</style>", html(FLAGSHIP), re.DOTALL)
    assert found is not None
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert found[1] == f"sha256-{digest}"
    assert "default-src 'none'; img-src data:;" in html(FLAGSHIP)


@pytest.mark.parametrize(
    "file", sorted({FLAGSHIP, LEDGER, *CONFIGS[::3]}), ids=lambda file: file.stem
)
def test_pages_and_pictures_of_shipped_scenarios_are_small(file: Path) -> None:
    # The analysis takes long, and it is the pictures that are large.
    if file in (FLAGSHIP, LEDGER):
        assert len(html(file).encode()) < LARGEST
        return
    found = result(file, 4096 if file.stem == "kursk-update" else 64)  # enough that fit the reports
    kinds = ("histogram", "fan") if found.summary.strength is not None else ("histogram",)
    figures = [found.picture(kind).draw("web") for kind in kinds]
    pictures = [figure_bytes(figure, "svg", "a", letters="text") for figure in figures]
    assert sum(len(inline_svg(data, "p")) for data in pictures) < LARGEST / 2


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_the_same_run_gives_the_same_bytes(suffix: str) -> None:
    again = simulate.run(simulate.load(FLAGSHIP), draws=2048)
    assert report_text(again, suffix) == report_text(result(FLAGSHIP), suffix)


# --- texts of others ---


@cache
def hostile(name: str) -> simulate.Result:
    return simulate.run(hostile_scenario(HOSTILE[name]), draws=1024)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_of_a_scenario_is_more_than_text(name: str) -> None:
    # Pictures take longest, and have a test of their own for each text.
    with nullcontext() if name in ("all", "link") else undrawn():
        text = report_text(hostile(name))
    page = Reader(text)
    assert not {tag for tag, _ in page.tags} & {"script", "b", "bold", "img"}
    addresses = {a["href"] for tag, a in page.tags if tag == "a"}
    assert all(str(address).startswith(("http://", "https://")) for address in addresses)
    assert inert(HOSTILE[name]) in page.words
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", text)
    assert "49 " not in page.words.partition("The answer")[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_of_a_scenario_is_markup_in_markdown(name: str) -> None:
    text = report_text(hostile(name), ".md")
    outside = re.sub(r"^(`{3,})sh\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    links = re.sub(r"(?<!\\)\]\(<https?://[^<>\s]*>\)", "](", outside)
    assert not re.search(r"(?<!\\)<", links.replace("](<", ""))
    assert not re.search(r"(?<!\\)\$", outside)
    assert not re.search(r"(?<!\\)\{", outside)
    assert not re.search(r"(?<!\\)\]\((?!<https?://)", outside)
    assert not re.search(r"(?<!\\)!\[", outside)


def test_markdown_that_would_be_markup_is_escaped() -> None:
    document = Document(
        "1. *a* | b",
        "- c",
        (
            Section(
                "s",
                "S",
                (
                    Paragraph(("+ x_y_",), "plain"),
                    Listing((("# z",), (Link("a]", "https://a.org/(b)|c>"),))),
                    Table("t", ("a|b", "c"), ((("1|2",), ("3",)),)),
                    Code("``` x"),
                ),
            ),
        ),
        "foot",
    )
    text = markdown(document)
    assert text.startswith("# 1. \\*a\\* \\| b\n\n\\- c\n")
    assert "\\+ x\\_y\\_" in text
    assert "- \\# z" in text
    assert "- [a\\]](<https://a.org/%28b%29%7Cc%3E>)" in text
    assert "| 1\\|2 | 3 |" in text
    assert "````sh\n``` x\n````" in text


def test_only_addresses_of_the_web_become_links() -> None:
    assert sourced("ISW", "https://a.org/b") == ("ISW (", Link("a.org", "https://a.org/b"), ")")
    assert sourced("", "http://x@evil.org/") == (Link("evil.org", "http://x@evil.org/"),)
    assert sourced("ISW", "javascript:alert(1)") == ("ISW (javascript:alert(1))",)
    assert sourced("ISW", "https://a.org/ onclick=x") == ("ISW (https://a.org/ onclick=x)",)
    assert sourced("", "") == ("no source given",)
    assert linked("see https://a.org/b. And c") == (
        "see ",
        Link("https://a.org/b", "https://a.org/b"),
        ". And c",
    )
    assert linked("none") == ("none",)


# --- pictures in a page ---


def test_a_picture_in_a_page_keeps_its_name_and_loses_its_styles() -> None:
    data = figure_bytes(
        histogram.drawing(factory.with_never()).draw("web"), "svg", "A name. More", letters="text"
    )
    first, second = inline_svg(data, "a"), inline_svg(data, "b")
    for text in (first, second):
        assert "style" not in text
        assert "<metadata" not in text
        assert ">A name</title>" in text
        assert ">A name. More</desc>" in text
        assert "median" in text
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    pointed = re.findall(r'(?:href="|url\()#([^")]+)', first)
    assert pointed
    assert set(pointed) <= ids[0]
    assert len(first) < len(data) / 1.2


def test_the_range_alone() -> None:
    shown = {name: span(make()) for name, make in factory.ALL.items()}
    assert shown["all_never"] == "not by 1 January 2026"
    assert shown["one_day"] == "14 April 2025"
    assert shown["flagship"] in sentence(factory.flagship()).replace("between ", "").replace(
        " and ", " to "
    )
    assert "not by" in shown["with_never"]
    assert all(shown.values())


def test_the_formula_is_that_of_the_scenario() -> None:
    """A stock is counted down from its own date, where that is later than the first losses."""

    def words(**force: object) -> str:
        text = report_text(simulate.run(scenario(force=force, horizon=400), draws=64), ".md")
        return " ".join(text.split())

    assert "a share q of F is lost on day S + qF / r." in words()
    assert "F is present on day B" in words(as_of="2025-01-20")
    assert "a share q of F is lost on day max(B, S) + qF / r." in words(as_of="2025-01-20")
