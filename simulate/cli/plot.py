"""`simulate plot`: one kind of picture, for a page, for print or for social media."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options
from simulate.cli.output import check_apart, read_files
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.analysis.request import Request
    from simulate.report.document import Drawing
    from simulate.scenario.loader import LoadedScenario

# As in simulate.report.figures, which would slow --help down.
_OF_SERIES = ("coverage", "pit")
_KINDS = ("histogram", "cdf", "dotplot", "fan", "tornado", "compare", *_OF_SERIES)
_ON_CARD = 2


@click.command()
@options.files
@click.option(
    "--kind",
    type=click.Choice(_KINDS),
    default="histogram",
    help="What to draw; a histogram by default.",
)
@click.option(
    "--preset",
    type=click.Choice(["web", "print", "social"]),
    default="web",
    help="web: SVG. print: PDF and SVG, 3.5 and 7 inches wide. social: PNG, 1200 x 675 pixels.",
)
@options.target("Name of the picture: .svg, .png or .pdf; with --preset social .png.")
@click.option(
    "--out", type=options.PATH, metavar="DIR", help="Folder of the pictures, this one by default."
)
@options.threshold
@click.option("--force", is_flag=True, help="Overwrite existing pictures.")
@options.sampling
@options.workers
@options.override
@options.asking
@options.update
@options.debug
def plot(
    files: tuple[str, ...],
    *,
    kind: str,
    preset: str,
    target: str | None,
    out: str | None,
    threshold: float | None,
    force: bool,
    **given: Any,
) -> None:
    """Draw a picture, with its description in a text file of the same name.

    \b
    Examples:
      simulate plot configs/kursk-isw.yaml --kind cdf
      simulate plot configs/kursk-isw.yaml --kind dotplot --preset social -o card.png
      simulate plot configs/kursk-isw.yaml configs/kursk-nis.yaml --kind compare --out pictures

    histogram: the dates. cdf: the probability by date. dotplot: 50 dots, each 2 % of the draws.
    fan: strength and losses by date. tornado: the median date with each input low or high.
    compare: the histograms of several files on one axis of dates. coverage, pit: the back-test of
    losses.series, the share of outcomes held, or where in the forecasts outcomes lay.
    A card of a date that nine simulations in ten give is a fan. With "pooling: each", histogram
    draws all claims on one axis of dates; cdf, dotplot, fan and tornado make a picture for each
    claim, such as fan-claim-1.svg.
    """
    n, one = len(files), kind != "compare"
    social, printed = preset == "social", preset == "print"
    refusals = {
        "--kind compare takes two files or more": n < 2 and not one,
        f"--kind {kind} takes one file; several are for --kind compare": n > 1 and one,
        f"--preset social has room for {_ON_CARD} files, not {n}; choose {_ON_CARD}, or "
        "--preset web": n > _ON_CARD and social,
        "-o names the picture, --out its folder; give one of them": target and out,
        "--preset print makes several files; give their folder with --out": target and printed,
        f"--kind {kind} is too tall for --preset social": social and kind in _OF_SERIES,
        "--threshold is not for --kind fan, which shows all of them": threshold and kind == "fan",
        f"--threshold is not for --kind {kind}, of a series": threshold and kind in _OF_SERIES,
    }
    for message, refused in refusals.items():
        if refused:
            raise click.UsageError(message)

    from simulate.report.figures.files import file_target, folder_target
    from simulate.scenario.stocks import suffix

    loaded = [load_of(name, **given) for name in files]
    _check(loaded, kind, threshold, update=given["update"])
    numbered = [part for scenario in loaded for part in scenario.parts()]
    together = kind in ("histogram", "compare") or not loaded[0].scenario.losses.is_each
    if social and together and len(numbered) > _ON_CARD:
        room = f"--preset social has room for {_ON_CARD} claims, not {len(numbered)}"
        raise click.UsageError(f"{room}; choose --preset web")
    drawn = {f"-claim-{n}": [part] for n, part in numbered}
    if together:
        drawn = {"": [part for _, part in numbered]}
    of = "" if threshold is None else f"-{suffix(threshold)}"
    places = [
        folder_target(out or ".", f"{kind}{of}{name}", preset, force=force)
        if target is None
        else file_target(_named(target, name), preset, force=force)
        for name in drawn
    ]
    for place in places:
        for name in place.names():
            check_apart(read_files(loaded), str(place.folder / name))
    with request_of(**given) as request:
        for k, (place, parts) in enumerate(zip(places, drawn.values(), strict=True)):
            asked = request.part(k, len(places))
            picture = _picture(asked, parts, kind, threshold, on_card=social)
            for path in place.write(picture):
                click.echo(f"wrote {path}")


def _check(
    loaded: list[LoadedScenario], kind: str, threshold: float | None, *, update: bool
) -> None:
    """Refuse scenarios that cannot be drawn so, before anything is sampled."""
    from simulate.analysis.request import check_one_result, known_threshold
    from simulate.api.sensitivity import check_uncertain

    for scenario in loaded:
        if kind in ("compare", *_OF_SERIES) or update:
            check_one_result(scenario)
        known_threshold(threshold, scenario.scenario.thresholds)
        for _, part in scenario.parts() if kind == "tornado" else ():
            check_uncertain(part)


def _named(target: str, ending: str) -> str:
    """A file's name with an ending before its suffix."""
    return str(Path(target).with_stem(f"{Path(target).stem}{ending}")) if ending else target


def _picture(
    request: Request,
    loaded: list[LoadedScenario],
    kind: str,
    threshold: float | None,
    *,
    on_card: bool,
) -> Drawing:
    from simulate.api.backtest import backtest
    from simulate.api.compare import compare_as
    from simulate.api.run import run_as
    from simulate.api.sensitivity import sensitivity_as

    if kind == "compare" or len(loaded) > 1:  # several claims of one file
        return compare_as(request, loaded).picture(threshold)
    if kind in _OF_SERIES:
        return backtest(loaded[0]).picture(kind)
    if kind == "tornado":
        return sensitivity_as(request, loaded[0]).picture(threshold)
    result = run_as(request, loaded[0], strength=kind == "fan")
    return (result.card if on_card else result.picture)(kind, threshold)
