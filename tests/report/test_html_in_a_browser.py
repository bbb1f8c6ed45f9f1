"""The page as a browser shows it: nothing fetched, nothing run, nothing cut off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

import simulate
from simulate.api.report import report_text
from simulate.report.render.html import html
from tests.report.pages import HOSTILE, hostile_scenario

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
PHONE, DESK = 360, 1280  # pixels wide
PAPER = 680, 941  # between margins of 15 mm, the width of A4 and the height of US letter

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here")

# Relative luminance and contrast as in WCAG 2.2; the background is the nearest painted box.
CONTRASTS = """
() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => [0, 1, 2].map((k) => {
    const v = c[k] / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll('h1,h2,p,li,a,th,td,caption,code,figcaption')) {
    const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
    found.push((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return Math.min(...found);
}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of pages: a report, one of a hostile scenario, and one of a run."""
    results = {
        "claims": simulate.run("configs/kursk-claims.yaml", draws=2048, strength=True),
        "hostile": simulate.run(hostile_scenario(HOSTILE["all"]), draws=1024),
    }
    folder = tmp_path_factory.mktemp("pages")
    made = {name: report_text(result) for name, result in results.items()}
    made["run"] = html(results["claims"].page(verbose=True))
    grid = {"rate.strength_exponent": [0, 0.5, 1, 2], "rate.multiplier": [0.4, 0.8]}
    made["sweep"] = html(simulate.sweep("configs/tanks-storage.yaml", grid, draws=256).page())
    made["backtest"] = html(simulate.backtest("configs/tanks-reference-2024.yaml").page())
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.fixture(scope="module")
def pages() -> Iterator[dict[int, Page]]:
    """A telephone and a desk by their widths; the tests share them, for a new one takes longer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM)
        yield {
            width: browser.new_page(
                viewport={"width": width, "height": 800}, is_mobile=width == PHONE
            )
            for width in (PHONE, DESK)
        }
        browser.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ["claims", "hostile"])
def test_the_page_in_a_browser(
    pages: dict[int, Page], files: dict[str, str], name: str, width: int, *, dark: bool
) -> None:
    page = pages[width]
    requests: list[str] = []
    noise: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(error.message))
    page.emulate_media(media="screen", color_scheme="dark" if dark else "light")
    page.goto(files[name])
    seen = page.evaluate("document.documentElement.clientWidth")
    assert width - 20 < seen <= width  # less a scroll bar
    assert page.evaluate("document.documentElement.scrollWidth") <= seen
    assert page.evaluate(CONTRASTS) >= 4.5
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is not dark
    # A telephone has pictures of its own, and nothing on it is moved sideways.
    shown = "getComputedStyle(document.querySelector('.{}')).display != 'none'"
    assert page.evaluate(shown.format("narrow")) == (width == PHONE)
    assert page.evaluate(shown.format("broad")) == (width == DESK)
    wide = "e => [...e].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    if width == PHONE:
        assert page.eval_on_selector_all(".scroll, .card, pre", wide) == 0
    # Pictures are drawn for light paper.
    card = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    assert page.evaluate(card) == "rgb(255, 255, 255)"
    assert {url for url in requests if not url.startswith("data:")} == {files[name]}
    assert not noise


def test_only_the_style_sheet_is_allowed(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    page.goto(files["hostile"])
    assert page.evaluate("getComputedStyle(document.querySelector('.span')).fontWeight") == "700"
    assert page.locator("script, [style]").count() == 0
    # A negative control: the policy blocks an image from elsewhere, and that is heard here.
    with page.expect_console_message(lambda heard: "Content Security Policy" in heard.text):
        page.evaluate("new Image().src = 'https://a.invalid/b'")


def test_words_of_pictures_can_be_read_on_a_telephone(
    pages: dict[int, Page], files: dict[str, str]
) -> None:
    page = pages[PHONE]
    page.goto(files["run"])
    sizes = page.eval_on_selector_all(
        ".narrow text",
        "e => e.filter(e => e.checkVisibility()).map(e => parseFloat(getComputedStyle(e).fontSize)"
        " * e.ownerSVGElement.getScreenCTM().a)",
    )
    assert len(sizes) > 30
    assert min(sizes) >= 11 - 0.05  # sizes are rounded in the file


def test_the_picture_is_before_the_table(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    page.emulate_media(media="screen")
    page.goto(files["run"])
    heights = [
        page.locator(kind).first.bounding_box() or {"y": 0.0}
        for kind in ("p strong", "figure", "table")
    ]
    tops = [box["y"] for box in heights]
    assert 0 < tops[0] < tops[1] < tops[2]


def test_what_few_read_is_folded_and_printed(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    inside = "e => e.map(e => e.lastElementChild.getBoundingClientRect().height)"
    opened = "e => e.map(e => e.lastElementChild.checkVisibility({contentVisibilityAuto: true}))"
    for name in ("run", "claims"):
        page.emulate_media(media="screen")
        page.goto(files[name])
        assert page.locator("details").count() >= 4
        assert not any(page.eval_on_selector_all("details", opened))
        assert page.locator("details summary h2[id]").count() == page.locator("details").count()
        page.emulate_media(media="print")
        # Sizes first, for a layout as on paper.
        assert min(page.eval_on_selector_all("details", inside)) > 10
        assert all(page.eval_on_selector_all("details", opened))


def test_all_of_it_is_printed(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(files["claims"])
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf().startswith(b"%PDF-")


def test_paper_shows_it_whole(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    wide, tall = PAPER
    page.set_viewport_size({"width": wide, "height": tall})
    page.emulate_media(media="print")
    for name in ("run", "claims"):
        page.goto(files[name])
        # A browser would print a wider page smaller.
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        heights = page.eval_on_selector_all(
            "figure, .short, .quote", "e => e.map(e => e.getBoundingClientRect().height)"
        )
        assert 100 < max(heights) < tall
        sizes = [
            page.eval_on_selector_all(
                kind, "e => e.map(e => parseFloat(getComputedStyle(e).fontSize))"
            )
            for kind in ("main .small", "main p:not([class])")
        ]
        assert max(sizes[0]) < min(sizes[1])
        # Neither a heading nor a caption ends a page, and no short table continues on the next.
        style = "e => [...new Set(e.map(e => getComputedStyle(e).{}))]"
        for kind in ("h2", "summary", "caption", "thead"):
            assert page.eval_on_selector_all(kind, style.format("breakAfter")) == ["avoid"]
        for kind in ("figure", "tr", "p", ".short"):
            assert page.eval_on_selector_all(kind, style.format("breakInside")) == ["avoid"]
        assert page.locator(".short").count() > 2
    page.set_viewport_size({"width": DESK, "height": 800})


@pytest.mark.parametrize("name", ["claims", "sweep", "backtest"])
def test_words_of_pictures_can_be_read_on_paper(
    pages: dict[int, Page], files: dict[str, str], name: str
) -> None:
    page = pages[DESK]
    wide, tall = PAPER
    page.set_viewport_size({"width": wide, "height": tall})
    page.emulate_media(media="print")
    page.goto(files[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    # The smallest words of a picture are of 8 units: of 6 points, as a pixel is three quarters.
    scales = page.eval_on_selector_all(".broad svg", "e => e.map(e => e.getScreenCTM().a)")
    assert scales
    assert min(scales) > 0.999
    page.set_viewport_size({"width": DESK, "height": 800})


def test_paper_shows_addresses(pages: dict[int, Page], files: dict[str, str]) -> None:
    page = pages[DESK]
    page.goto(files["claims"])
    shown = "e => e.map(e => [getComputedStyle(e, '::after').content, e.href])"
    page.emulate_media(media="screen")
    assert {content for content, _ in page.eval_on_selector_all(".host", shown)} == {"none"}
    page.emulate_media(media="print")
    found = page.eval_on_selector_all(".host", shown)
    assert len(found) > 5
    assert all(content == f'"{address}"' for content, address in found)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_date_is_broken(pages: dict[int, Page], files: dict[str, str], width: int) -> None:
    page = pages[width]
    page.emulate_media(media="screen")
    page.goto(files["claims"])
    page.eval_on_selector_all("details", "e => e.forEach(e => { e.open = true; })")
    lines = page.eval_on_selector_all(
        ".whole", "e => e.map(e => [e.innerText, e.getClientRects().length])"
    )
    assert len([text for text, _ in lines if text[:2] == "20"]) > 50
    assert {number for _, number in lines} == {1}
