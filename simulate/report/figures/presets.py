"""The kinds of picture, and the sizes and formats for a page, for print and for social media."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.analysis.curve import Curve
from simulate.analysis.summary import Outcome, Summary
from simulate.errors import FileError
from simulate.report.folder import atomic_write_all, check_new, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulate.analysis.comparison import Comparison
    from simulate.analysis.effects import Effects
    from simulate.analysis.sensitivity import SensitivityResult

DATE_KINDS = ("histogram", "cdf", "dotplot")
"""Pictures of the dates of one threshold."""

KINDS = (*DATE_KINDS, "fan", "tornado", "compare")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture of a preset: what its name ends in, and its width, the usual one if None."""

    suffix: str
    formats: tuple[str, ...]
    width: float | None = None
    card: bool = False


PRESETS = {
    "web": (Sheet("", ("svg",)),),
    "print": (
        Sheet("-3.5in", ("pdf", "svg"), width=3.5),
        Sheet("-7in", ("pdf", "svg"), width=7.0),
    ),
    "social": (Sheet("-social", ("png",), card=True),),
}


@dataclass(frozen=True)
class Picture:
    """A picture that can be drawn on any sheet, and its description."""

    draw: Callable[[Sheet], Figure]
    alt: str


def date_picture(
    kind: str, summary: Summary, outcome: Outcome, curve: Callable[[], Curve]
) -> Picture:
    """A picture of the dates of one threshold, or of strength by date.

    Parameters
    ----------
    kind
        `histogram`, `cdf`, `dotplot` or `fan`.
    summary
        The answer of a run; for `fan` one with strength over time.
    outcome
        One of `summary.outcomes`.
    curve
        Gives the curve of that outcome, where one is needed.

    Raises
    ------
    ValueError
        If there is no such kind, or the run was made without strength over time.
    """
    if kind == "histogram":
        from simulate.report.figures.histogram import histogram_card, histogram_figure
        from simulate.report.text.alt_text import alt_text

        return _picture(
            partial(histogram_figure, summary, outcome),
            partial(histogram_card, summary, outcome),
            alt_text(summary, outcome),
        )
    if kind == "cdf":
        from simulate.report.figures.cdf import cdf_alt_text, cdf_card, cdf_figure

        found = curve()
        return _picture(
            partial(cdf_figure, summary, found, outcome),
            partial(cdf_card, summary, found, outcome),
            cdf_alt_text(summary, outcome),
        )
    if kind == "dotplot":
        from simulate.report.figures.dotplot import dotplot_alt_text, dotplot_card, dotplot_figure

        found = curve()
        return _picture(
            partial(dotplot_figure, summary, found, outcome),
            partial(dotplot_card, summary, found, outcome),
            dotplot_alt_text(summary, found, outcome),
        )
    if kind == "fan":
        from simulate.report.figures.fan import fan_alt_text, fan_card, fan_figure

        return _picture(
            partial(fan_figure, summary), partial(fan_card, summary), fan_alt_text(summary)
        )
    raise ValueError(f"{kind!r} is none of histogram, cdf, dotplot and fan")


def tornado_picture(report: SensitivityResult, found: Effects) -> Picture:
    """The tornado of one threshold."""
    from simulate.report.figures.tornado import tornado_alt_text, tornado_card, tornado_figure

    return _picture(
        partial(tornado_figure, report, found),
        partial(tornado_card, report, found),
        tornado_alt_text(report, found),
    )


def comparison_picture(comparison: Comparison, threshold: float | None = None) -> Picture:
    """The histograms of several scenarios for one threshold, the largest if none is given."""
    from simulate.report.figures.comparison import (
        comparison_alt_text,
        comparison_card,
        comparison_figure,
    )

    return _picture(
        partial(comparison_figure, comparison, threshold),
        partial(comparison_card, comparison, threshold),
        comparison_alt_text(comparison, threshold),
    )


def _picture(page: Callable[..., Figure], card: Callable[[], Figure], alt: str) -> Picture:
    """A picture drawn by `page`, which takes a width in inches, or on a card by `card`."""

    def draw(sheet: Sheet) -> Figure:
        if sheet.card:
            return card()
        return page() if sheet.width is None else page(width=sheet.width)

    return Picture(draw, alt)


def sheet_of(preset: str) -> Sheet:
    """The sheet of a preset that a single figure is drawn on; of print, the one of two columns.

    Raises
    ------
    ValueError
        If there is no such preset.
    """
    if preset not in PRESETS:
        raise ValueError(f"{preset!r} is none of {', '.join(PRESETS)}")
    return PRESETS[preset][-1]


# --- files ---


@dataclass(frozen=True, slots=True)
class OutputTarget:
    """Where the pictures of a preset go: a folder, and what all their names begin with.

    `only` is the one format of a file that was named; `force` lets files be replaced.
    """

    folder: Path
    stem: str
    preset: str
    force: bool
    only: str = ""

    def names(self) -> list[str]:
        """The names of all files, descriptions among them."""
        return [name for _, _, name in self._files()]

    def contents(self, picture: Picture) -> dict[str, bytes]:
        """The content of each file by its name."""
        from simulate.report.figures.bytes import figure_bytes

        found = {}
        figures = {sheet: picture.draw(sheet) for sheet in PRESETS[self.preset]}
        for sheet, kind, name in self._files():
            found[name] = (
                f"{picture.alt}\n".encode()
                if kind == "txt"
                else figure_bytes(figures[sheet], kind, picture.alt)
            )
        return found

    def write(self, picture: Picture) -> list[Path]:
        """Write all files: either all of them are prepared, or nothing is replaced.

        Raises
        ------
        FileError
            If a file cannot be written.
        """
        contents = self.contents(picture)
        atomic_write_all(self.folder, contents, force=self.force)
        return [self.folder / name for name in contents]

    def _files(self) -> Iterator[tuple[Sheet, str, str]]:
        for sheet in PRESETS[self.preset]:
            suffix = "" if self.only else sheet.suffix
            for kind in (*((self.only,) if self.only else sheet.formats), "txt"):
                yield sheet, kind, f"{self.stem}{suffix}.{kind}"


def file_target(path: str | os.PathLike[str], preset: str, *, force: bool) -> OutputTarget:
    """A file that was named, made sure to be writable before anything is sampled.

    Raises
    ------
    FileError
        If its name ends in no format of the preset, there is one already and `force` is not given,
        or its folder cannot be written to.
    """
    file = Path(path)
    possible = ("png",) if preset == "social" else ("svg", "png", "pdf")
    kind = file.suffix.removeprefix(".").lower()
    if kind not in possible:
        endings = " or ".join([", ".join(f".{one}" for one in possible[:-1]), f".{possible[-1]}"])
        raise FileError(
            f"cannot write a picture to {shown(path)}: with the preset {preset} the name must end "
            f"in {endings.removeprefix(' or ')}"
        )
    for target in (file, file.with_suffix(".txt")):
        check_new(target, force=force)
    return OutputTarget(file.parent, file.stem, preset, force, kind)


def folder_target(
    folder: str | os.PathLike[str], stem: str, preset: str, *, force: bool
) -> OutputTarget:
    """A folder for the pictures, created if there is none.

    Raises
    ------
    FileError
        As `files.prepare_directory`.
    """
    from simulate.report.folder import prepare_directory

    target = OutputTarget(Path(folder), stem, preset, force)
    prepare_directory(folder, force=force, ours=frozenset(target.names()).__contains__)
    return target
