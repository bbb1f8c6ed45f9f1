"""The page as a browser shows it: nothing fetched, nothing run, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import simulate
from simulate.api.report import report_text
from tests.report.browser import Tab, browser_path, opened
from tests.report.pages import HOSTILE, hostile_scenario

PROGRAM = browser_path()

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here")

# Relative luminance and contrast as in WCAG 2.2; the background is the nearest painted box.
CONTRASTS = """
(() => {
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
})()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, Path]:
    loaded = simulate.load("configs/kursk-claims.yaml")
    texts = {
        "claims": report_text(simulate.run(loaded, draws=2048, strength=True)),
        "hostile": report_text(simulate.run(hostile_scenario(HOSTILE["all"]), draws=1024)),
    }
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(text, encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def tab(folder: Path) -> Iterator[Tab]:
    assert PROGRAM is not None
    with opened(PROGRAM, folder / "profile") as found:
        yield found


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["claims", "hostile"])
def test_the_page_in_a_browser(
    tab: Tab, files: dict[str, Path], name: str, width: int, *, dark: bool
) -> None:
    tab.open(files[name], width=width, dark=dark)
    seen = tab.value("document.documentElement.clientWidth")
    assert width - 20 < seen <= width  # less a scroll bar
    assert tab.value("document.documentElement.scrollWidth") <= seen
    assert tab.value(CONTRASTS) >= 4.5
    paper = tab.value("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is not dark
    # Pictures are drawn for light paper.
    card = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    assert tab.value(card) == "rgb(255, 255, 255)"
    fetched = {
        event["params"]["request"]["url"] for event in tab.named("Network.requestWillBeSent")
    }
    assert {url for url in fetched if not url.startswith("data:")} == {files[name].as_uri()}
    assert not tab.named("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")


def test_the_style_sheet_is_allowed_and_nothing_else_is(tab: Tab, files: dict[str, Path]) -> None:
    tab.open(files["hostile"], width=1280)
    assert tab.value("getComputedStyle(document.querySelector('.span')).fontWeight") == "700"
    assert tab.value("document.scripts.length + document.querySelectorAll('[style]').length") == 0
    # A negative control: what the policy forbids is refused, and is seen here.
    tab.value("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://a.invalid/b\">')")
    tab.value("0")
    assert any("Content Security Policy" in str(event) for event in tab.named("Log.entryAdded"))


def test_all_of_it_is_printed(tab: Tab, files: dict[str, Path]) -> None:
    tab.open(files["claims"], width=1280, dark=True)
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.value("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert tab.call("Page.printToPDF")["data"].startswith("JVBERi0")  # "%PDF-"
