"""Scenarios whose every text is hostile, and a reader that is strict about HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from simulate.scenario.loader import LoadedScenario, load_mapping
from tests.report.factory import HOSTILE_TEXTS

HOSTILE = {name: text[:2000] for name, text in HOSTILE_TEXTS.items() if text}
HOSTILE["address"] = "javascript:alert(1)"
HOSTILE["link"] = "[x](javascript:alert(1)) ![y](https://a.invalid/y.png) <https://a.invalid>"
HOSTILE["all"] = " ".join(HOSTILE.values())[:2000]

VOID = {"meta", "link", "br", "img", "hr", "input"}


def hostile_scenario(text: str) -> LoadedScenario:
    """A small scenario with this text in the place of every text."""
    said = {"source": text, "url": text, "notes": text}
    return load_mapping(
        {
            "title": text,
            "question": text,
            "unit": text,
            "notes": text,
            "wording": {"whole": text, "lost": text},
            "force": {"size": {"distribution": "uniform", "low": 9000, "high": 12000}, **said},
            "losses": {
                "start": "2024-12-06",
                "claims": [
                    {"count": 3000, "as_of": "2025-01-10", **said},
                    {"count": 3800, "as_of": "2025-01-16", **said, "source": f"b {text}"[:2000]},
                ],
            },
            "ends": [{"label": text, "date": "2025-03-01", "probability": 0.3, **said}],
            "horizon": "2026-01-01",
            "published": [{"label": text, "date": "2025-04-15", **said}],
            "observed": [{"label": text, "date": "2025-01-20", "losses": 4000, **said}],
        },
        file=text,
    )


class Reader(HTMLParser):
    """Collects what a page holds, and refuses tags that are not balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.headings: list[str] = []
        self.cells: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.cells[-1] += data
        if self._open and self._open[-1] != "style":
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())

    def ids(self) -> list[str]:
        return [found for _, attributes in self.tags if (found := attributes.get("id"))]
