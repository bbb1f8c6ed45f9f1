import io
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from simulate.analysis.summary import Precision, Summary, Unreached
from simulate.analysis.values import Instant
from simulate.report.document import Table, composed
from simulate.report.pages.run import run_page
from simulate.report.render.terminal import print_document, render
from simulate.report.text.wrapping import cells
from tests.report import factory
from tests.texts import run_text

WIDTHS = (20, 40, 80, 100)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_every_line_fits_and_can_be_encoded(
    make: Callable[[], Summary], width: int, encoding: str
) -> None:
    text = run_text(make(), width, encoding=encoding, verbose=True)
    text.encode(encoding)
    assert max(cells(line) for line in text.splitlines()) <= width
    assert "?" not in text.replace("wounded?", "")
    assert "\x1b" not in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", factory.HOSTILE_TITLES)
def test_hostile_text_stays_text(name: str, width: int) -> None:
    text = run_text(factory.hostile(factory.HOSTILE_TITLES[name]), width)
    assert max(cells(line) for line in text.splitlines()) <= width
    allowed = {"\n", "\u200e"}
    assert all(sign in allowed or sign.isprintable() for sign in text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("markup", "[/] [bold]x[/bold] [link=http://example.org]y[/link] :skull:"),
        ("mathematics", "$5M vs $6M and $x^2$ \\frac"),
        ("template", "{{7*7}} {% raw %}"),
        ("script", "<script>alert('1')</script> & \"quotes\""),
    ],
)
def test_markup_is_printed_as_it_is(name: str, shown: str) -> None:
    assert run_text(factory.hostile(factory.HOSTILE_TITLES[name]), 100).startswith(shown + "\n")


def test_an_optional_column_is_shown_where_it_just_fits() -> None:
    row = (("a",), ("1",), ("2",))
    table = Table("C", ("name of it", "first one", "second"), (row,), optional=1)
    page = composed("T", ("s", "S", [table]))
    whole = next(line for line in render(page, 80).splitlines() if "second" in line).rstrip()
    assert len(whole) >= 20  # narrower pages have twenty columns all the same
    assert whole in render(page, len(whole))
    narrower = render(page, len(whole) - 1)
    assert "Columns omitted: second" in " ".join(narrower.split())


def test_narrow_terminals_are_given_twenty_columns() -> None:
    assert run_text(factory.flagship(2048), 1) == run_text(factory.flagship(2048), 20)


def test_what_a_run_says() -> None:
    text = " ".join(run_text(factory.with_never(), 100, verbose=True).split())
    for part in (
        "Whole force (100 %) lost: 11 February 2025 to “not by 1 January 2026”",
        "Loss rate: median 92.0, P5 76.8 to P95 110.2, mean 92.6 soldiers a day",
        "90 % equal-tailed 2025-02-11 not by 2026-01-01",
        "by 15 April 2025 (ISW: mid-April 2025): 29.6 % (± 0.1)",
        "not by 1 January 2026: 31.8 % (± 0.1), of which withdrawal 30.0 %, later or never 1.8 %",
        "mean up to the horizon (restricted mean): 236.4 days (± ",
        "▒▒▒ not by 1 January 2026: 31.8 %; a bar of full height would be 100 %.",
        "median 2025-06-18",
        "losses are above the force in 0.1 % of simulations",
        "The whole force (100 %) would be lost by 1 January 2026 in 68.2 % of simulations",
    ):
        assert part in text


def test_unsettled_dates_are_marked_and_explained() -> None:
    unsettled = run_text(factory.eight_draws(), 100, verbose=True)
    assert "~2025-05-01" in unsettled
    assert "~ error above half a day; about 6,500 draws (-n 6500) would settle it." in unsettled
    assert "too few draws" in unsettled
    assert "would settle it" in " ".join(unsettled.split())
    assert "stable to the day" not in unsettled
    settled = run_text(factory.one_day(), 100, verbose=True)
    assert "~" not in settled
    assert "stable to the day: Monte Carlo error at most 0 days." in " ".join(settled.split())


def precise(*missed: Unreached, left_out: int = 0) -> str:
    base = factory.flagship(2048)
    found = Precision(0.05, 2048, 0.0412, missed, ((1.0, 0.5),) * left_out)
    text = run_text(replace(base, run=replace(base.run, precision=found)), 100, verbose=True)
    return " ".join(text.split())


def test_what_became_of_a_precision_is_said() -> None:
    text = precise(left_out=1)
    assert (
        "Requested precision of 0.05 days: reached, largest error 0.042 days with 2,048 draws. 1"
        in text
    )
    assert "1 shortest interval is omitted because its ends are less precise." in text
    assert "stable to the day" not in text
    at = factory.flagship(2048).outcomes[0].median
    missed = [
        Unreached(1.0, 0.5, replace(at, mc_error_days=0.0501)),
        Unreached(1.0, 0.95, replace(at, mc_error_days=None)),
        Unreached(1.0, 0.975, Instant(None, None, None, "too_few_draws")),
        Unreached(1.0, 0.99, at),
    ]
    assert (
        "Requested precision of 0.05 days: not reached with 2,048 draws, the most allowed: "
        "100 % median ± 0.051 days, 100 % P95 ± open past 1 January 2026, "
        "100 % P97.5 too few draws and 1 more."
    ) in precise(*missed)


def test_the_histogram_keeps_every_column_with_any_draw() -> None:
    picture = run_text(factory.eight_draws(), 80).partition("Simulations per")[2]
    lowest = next(line for line in reversed(picture.splitlines()) if "█" in line)
    assert lowest.count("█") == 8 - 1  # two draws share a column


def test_ascii_pictures() -> None:
    text = run_text(factory.with_never(), 60, encoding="ascii")
    assert "///" in text
    assert "###" in text
    assert "+/- days" in text
    assert "[---" in text


def test_colour_only_on_request() -> None:
    assert "\x1b[" in run_text(factory.flagship(2048), 80, color=True)
    assert "\x1b[" not in run_text(factory.flagship(2048), 80)


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "coloured"),
    [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False)],
)
def test_colour_follows_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(name, value)
    stream = Terminal()
    print_document(run_page(factory.flagship(2048)), file=stream)
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_a_pipe_gets_no_colour_and_its_own_encoding() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    print_document(run_page(factory.hostile("Überfall 俄罗斯")), file=stream)
    stream.flush()
    assert raw.getvalue().startswith(b"?berfall ???")


def test_standard_output_is_the_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_document(run_page(factory.one_day()))
    assert capsys.readouterr().out == run_text(factory.one_day(), 80)


def test_no_thresholds_are_lost_when_verbose() -> None:
    text = run_text(factory.flagship(2048), 100, verbose=True)
    for share in ("30 %", "50 %", "100 %"):
        assert f"Simulation intervals, {share} lost" in text
    assert "Simulation intervals," not in run_text(factory.flagship(2048), 100)
