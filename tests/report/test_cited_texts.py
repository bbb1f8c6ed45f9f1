"""Any text in each format of a citation, read back by readers of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import Instant, Interval, Quantile
from simulate.report.render.citation import FORMATS, cited_as
from simulate.report.render.latex import letters, number_name, tex
from simulate.report.render.markdown import escaped
from simulate.report.text.citation import Style, cited
from simulate.report.text.phrases import title_words
from simulate.report.text.variables import flat, variables
from tests.report import factory
from tests.report.readers import (
    bib_entry,
    leaves,
    markdown_line,
    row_cells,
    tex_commands,
    tex_text,
    yaml_of,
)

STYLES = {"plain": Style(), "words": Style(scale="icd203", prose=True), "ipcc": Style(scale="ipcc")}
HOSTILE = {
    **factory.HOSTILE_TITLES,
    "input": "\\input{x} \\end{document} \\write18{ls} ^^5cinput",
    "signs": "% _ # & ~ ^ $ \\ { } [ ] | < > \" ' ` -- --- ?` !` @ * + = !",
    "unbalanced": "}{{}\\{\\",
    "dollars": "$5M vs $6M",
    "shortcode": "{{< include /etc/hostname >}} {{< var x >}} [@key] <https://example.org>",
    "address": "https://example.org/a_b www.example.org a@example.org ![x](http://example.org/y.png)",
    "table": "a | b\n|---|\n> quoted\n# heading",
    "yaml": "a: b # c\n- d: !!python/object {e: *f} &g",
    "quotes": "\"double\" 'single' “curly”",
    "hyphens": "-- a --- b",
    "hebrew": "כוח \u202e 12,000",
}


def unmarked(text: str) -> str:
    """As LaTeX sets a text: without marks of direction."""
    return text.replace("\u200e", "")


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_every_format_holds_the_same_sentence(make: Callable[..., Summary], style: Style) -> None:
    check(make(), style)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_foreign_text_is_inert_in_every_format(text: str) -> None:
    summary = factory.hostile(text)
    worded = replace(summary.outcomes[0], whole=text or "force", lost=text or "lost")
    for one in (summary, replace(summary, outcomes=(worded,))):
        check(one, Style(scale="icd203"))
    lines = cited_as("text", summary, Style()).splitlines()
    assert len(lines) == 4
    assert all(line.isprintable() or "\u200e" in line or "\u200c" in line for line in lines)


def check(summary: Summary, style: Style) -> None:
    """Whatever the format, it can be read back, and says what the plain text says."""
    content = cited(summary, style)
    said = " ".join((content.sentence, *content.clauses))
    tree = dict(flat(variables(content)))

    plain = cited_as("text", summary, style)
    news = "".join(f"{line}\n" for line in (content.news, content.caution) if line)
    assert plain == f"{news}{said}\n{content.note}\nReference: {content.reference}\n"
    for part in plain.split("confidence"):
        assert "90 % certain" not in part
    assert "confidence" not in plain.replace(title_words(summary), "").lower()

    commands = tex_commands(cited_as("latex", summary, style))
    assert commands == {f"Depletion{letters(path)}": unmarked(text) for path, text in tree.items()}
    assert all(re.fullmatch("[A-Za-z]+", name) for name in commands)
    assert len(commands) == len(tree)

    quarto = yaml_of(cited_as("quarto", summary, style))
    assert [markdown_line(text) for text in leaves(quarto)] == list(tree.values())
    assert markdown_line(quarto["sentence"]) == said

    kind, key, fields = bib_entry(cited_as("bibtex", summary, style))
    assert kind == "misc"
    assert re.fullmatch("simulate-[0-9a-f]{12}-[0-9]+-[0-9]+", key)
    assert fields["title"] == unmarked(title_words(summary))
    assert fields["author"] == "The simulate developers"
    assert "url" not in fields
    assert fields["version"] == summary.run.versions["simulate"]
    for fact in (
        f"seed {summary.run.seed}",
        f"{summary.run.draws:,} draw",
        summary.run.stream,
        summary.scenario.digest.removeprefix("sha256:")[:12],
        unmarked(content.sentence),
    ):
        assert fact in fields["note"]

    parts = cited_as("markdown", summary, style).removesuffix("\n").split("\n\n")
    if content.news:
        assert markdown_line(parts.pop(0)) == content.news
    if content.caution:
        assert markdown_line(parts.pop(0)) == content.caution
    assert markdown_line(parts[0]) == said
    assert markdown_line(parts[-2].removeprefix("> ")) == content.note
    assert markdown_line(parts[-1].removeprefix("Reference: ")) == content.reference
    assert len(parts) == (4 if content.outcome.quantiles else 3)
    if content.outcome.quantiles:
        header, line, *rows = [row_cells(row) for row in parts[1].splitlines()]
        assert len(rows) == len(summary.outcomes)
        assert {len(header), len(line), *map(len, rows)} == {len(header)}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_program_that_reads_markdown_finds_text_and_one_table(text: str) -> None:
    summary = factory.hostile(text)
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(cited_as("markdown", summary, Style(scale="ipcc")))
    blocks = [token.type for token in tokens if token.level == 0 and token.nesting == 1]
    assert blocks == [
        *("paragraph_open", "paragraph_open"),
        *("table_open", "blockquote_open", "paragraph_open"),
    ]
    inline = [token for token in tokens if token.type == "inline"]
    assert {child.type for token in inline for child in token.children or ()} == {"text"}
    news, said = ("".join(child.content for child in one.children or ()) for one in inline[:2])
    content = cited(summary, Style(scale="ipcc"))
    assert news == content.news
    assert said == " ".join((content.sentence, *content.clauses))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_escaping_loses_nothing_and_leaves_nothing(text: str) -> None:
    shown = " ".join(text.split())
    shown = "".join(sign for sign in shown if sign.isprintable())
    assert markdown_line(escaped(shown)) == shown
    assert tex_text(tex(shown)) == shown


def test_the_readers_refuse_what_is_not_escaped() -> None:
    for source in ("50% off", "a_b", "{x}", "\\input{x}", "$x$", "a\nb", '"'):
        with pytest.raises((AssertionError, KeyError)):
            tex_text(source)
    for source in ("a_b", "<b>", "{{< x", "http://a", "*x*"):
        with pytest.raises(AssertionError):
            markdown_line(source)


def test_names_are_letters_and_unique_whatever_the_numbers() -> None:
    assert number_name("97.5") == "NinetySevenPointFive"
    assert [number_name(str(number)) for number in (0, 9, 10, 19, 20, 40, 99, 100)] == [
        "Zero",
        "Nine",
        "Ten",
        "Nineteen",
        "Twenty",
        "Forty",
        "NinetyNine",
        "Hundred",
    ]
    names = {number_name(f"{number / 10:.10g}") for number in range(1001)}
    assert len(names) == 1001
    assert all(name.isalpha() for name in names)
    base = factory.flagship(2048)
    levels = (0.001, 0.01, 0.025, 0.05, 0.1, 1 / 3, 0.5, 0.975, 0.99, 0.999)
    outcomes = tuple(
        replace(
            base.outcomes[0],
            threshold=threshold,
            quantiles=tuple(Quantile(level, base.outcomes[0].median) for level in levels),
        )
        for threshold in (0.001, 0.01, 0.1, 0.15, 0.05, 1 / 3, 0.333, 1.0)
    )
    check(replace(base, outcomes=outcomes), Style())
    tex_commands(cited_as("latex", replace(base, outcomes=outcomes), Style()))


def test_no_quantiles_no_table() -> None:
    base = factory.flagship()
    bare: Outcome = replace(base.outcomes[-1], quantiles=(), median=Instant(None, None, None, ""))
    low = Instant(1.0, factory.ORIGIN, None)
    bare = replace(bare, intervals=(Interval("equal-tailed", 0.9, low, low),))
    check(replace(base, outcomes=(bare,)), Style())
    assert set(FORMATS) == {"text", "markdown", "latex", "quarto", "bibtex", "csl"}
