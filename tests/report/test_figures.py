import datetime as dt
import io
import locale
from collections.abc import Callable
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from msgspec.structs import replace
from PIL import Image

from simulate.analysis.summary import Outcome, Summary
from simulate.analysis.values import PublishedCheck
from simulate.report.figures import histogram
from simulate.report.figures.files import figure_bytes
from simulate.report.text.headline import alt_text
from tests.report import factory
from tests.report.layout import faults, inert_svg, texts

SVG = "{http://www.w3.org/2000/svg}"


def histogram_figure(summary: Summary, outcome: Outcome | None = None) -> Figure:
    return histogram.drawing(summary, outcome).draw("web")


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_same_run_gives_the_same_bytes(kind: str) -> None:
    def drawn() -> bytes:
        summary = factory.with_never(4096)
        return figure_bytes(histogram_figure(summary), kind, alt_text(summary))

    assert drawn() == drawn()


@pytest.mark.parametrize("make", factory.ALL.values(), ids=factory.ALL)
def test_no_text_leaves_the_picture_or_covers_another(make: Callable[[], Summary]) -> None:
    assert not faults(histogram_figure(make()))


@pytest.mark.parametrize("name", factory.HOSTILE_TEXTS)
def test_hostile_text_is_inert(name: str) -> None:
    inert_svg(histogram.drawing(factory.hostile(factory.HOSTILE_TEXTS[name])))


def test_dollar_signs_are_no_mathematics() -> None:
    figure = histogram_figure(factory.hostile("$5M vs $6M"))
    for text in figure.findobj(Text):
        assert text.get_parse_math() is False
    assert "$5M vs $6M" in texts(figure)


def test_a_long_title_is_cut_and_the_picture_keeps_its_size() -> None:
    short = histogram_figure(factory.hostile("x"))
    long = histogram_figure(factory.hostile(factory.HOSTILE_TITLES["long"]))
    assert long.get_figheight() < short.get_figheight() + 1.5
    assert any(text.endswith("…") for text in texts(long))


def test_what_the_picture_says() -> None:
    shown = texts(histogram_figure(factory.with_never()))
    for part in (
        "61 % from 4 Feb 2025",
        "to 5 Oct 2025",
        "median 18 Jun 2025",
        "ISW: mid-April 2025 (29.6 % by then)",
        "not by 1 Jan 2026:\n31.8 % of simulations",
        "withdrawal\n30.0 %",
        "Simulations per 3 days; darker: 61 % of simulations",
        "simulate 1.0.0 · scenario 0123456789ab · 131,072 simulations, seed 0",
    ):
        assert part in shown
    nothing = "Whole force (100 %) lost\nby 1 January 2026:\nno simulation"
    assert nothing in texts(histogram_figure(factory.all_never()))


def test_a_published_date_stretches_the_axis_unless_it_is_far_away() -> None:
    summary = factory.one_day()
    outcome = summary.outcomes[0]

    def shown(date: dt.date) -> tuple[bool, float]:
        check = PublishedCheck("label", date, 1.0, 0.0)
        figure = histogram_figure(summary, replace(outcome, published=(check,)))
        dated = f"Label: {date.day} {date:%B %Y} (100 % by then)"
        return dated in texts(figure), figure.axes[0].get_xlim()[1]

    near, far = dt.date(2025, 4, 27), dt.date(2025, 12, 1)
    assert shown(near)[0]
    assert shown(near)[1] > near.toordinal()
    assert not shown(far)[0]
    assert shown(far)[1] < far.toordinal()


def test_no_gauge_where_every_draw_is_depleted() -> None:
    assert len(histogram_figure(factory.flagship(2048)).axes) == 1
    assert len(histogram_figure(factory.with_never(2048)).axes) == 2


def test_a_users_settings_change_nothing_and_are_left_alone() -> None:
    expected = figure_bytes(histogram_figure(factory.one_day()), "png", "x")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 20}):
        assert figure_bytes(histogram_figure(factory.one_day()), "png", "x") == expected
        assert mpl.rcParams["font.size"] == 30


def test_months_are_english_in_every_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert "Mar\n2025" in texts(histogram_figure(factory.with_never(4096)))
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_descriptions_are_embedded() -> None:
    summary = factory.hostile("A & B <i>")
    alt = alt_text(summary)
    figure = histogram_figure(summary)
    root = ET.fromstring(figure_bytes(figure, "svg", alt))  # noqa: S314  # our own text
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}desc") == alt
    title = root.find(f"{SVG}title")
    assert title is not None
    assert str(title.get("id")) in str(root.get("aria-labelledby"))
    image = Image.open(io.BytesIO(figure_bytes(figure, "png", alt)))
    assert image.info["Description"] == alt
    assert image.info["Software"] == "simulate"
    pdf = figure_bytes(figure, "pdf", alt)
    assert b"/Subject" in pdf
    assert b"CreationDate" not in pdf


def test_the_description_gives_the_numbers() -> None:
    text = alt_text(factory.with_never())
    assert "11 February 2025 to “not by 1 January 2026”, median 18 June 2025" in text
    assert "(15 April 2025): 29.6 % of simulations are depleted by then" in text
    assert "The 31.8 % of simulations that are never depleted have a separate hatched bar" in text
    assert len(alt_text(factory.hostile(factory.HOSTILE_TITLES["long"]))) < 1500
