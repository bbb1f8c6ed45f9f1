"""`simulate plot`: one kind of picture, for a page, for print or for social media."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulate.cli.options import (
    PATH,
    asking_options,
    debug_option,
    files_argument,
    override_option,
    sampling_options,
    workers_options,
)
from simulate.cli.output import check_apart
from simulate.scenario.numerals import exact

if TYPE_CHECKING:
    from simulate.engine.workers import Workers
    from simulate.report.document import Drawing
    from simulate.report.figures.files import OutputTarget
    from simulate.scenario.loader import LoadedScenario

_KINDS = ("histogram", "cdf", "dotplot", "fan", "tornado", "compare")
_ON_CARD = 2


@click.command()
@files_argument
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
@click.option(
    "-o",
    "file",
    type=PATH,
    metavar="FILE",
    help="Name of the picture: .svg, .png or .pdf; with --preset social .png.",
)
@click.option(
    "--out", type=PATH, metavar="DIR", help="Folder of the pictures, this one by default."
)
@click.option(
    "--threshold",
    type=float,
    help="One of the scenario's thresholds, such as 0.3; the largest by default.",
)
@click.option("--force", is_flag=True, help="Let pictures that are there be replaced.")
@sampling_options
@workers_options
@override_option
@asking_options
@debug_option
def plot(
    files: tuple[str, ...],
    *,
    kind: str,
    preset: str,
    file: str | None,
    out: str | None,
    threshold: float | None,
    force: bool,
    draws: int | None,
    seed: int | None,
    method: str | None,
    workers: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    by: tuple[dt.date, ...],
    levels: tuple[float, ...],
) -> None:
    """Draw a picture, with its description in a text file of the same name.

    \b
    Examples:
      simulate plot configs/kursk-isw.yaml --kind cdf
      simulate plot configs/kursk-isw.yaml --kind dotplot --preset social -o card.png
      simulate plot configs/kursk-isw.yaml configs/kursk-nis.yaml --kind compare --out pictures

    histogram: the dates. cdf: the probability by date. dotplot: 50 dots, each 2 % of the draws.
    fan: strength and losses by date. tornado: the median date with each input low or high.
    compare: the histograms of several files on one axis of dates.
    """
    _check_usage(files, kind, preset, file, out)
    if kind == "fan" and threshold is not None:
        raise click.UsageError("--threshold is not for --kind fan, which shows all of them")
    import simulate
    from simulate.cli.workers import open_workers

    loaded = [simulate.load(one, overrides).asking(by=by, levels=levels) for one in files]
    _check_scenarios(loaded, kind, threshold)
    target = _target(kind, preset, file, out, threshold, force=force)
    for name in target.names():
        check_apart(files, str(target.folder / name))
    sampling = {"draws": draws, "seed": seed, "method": method}
    with open_workers(workers, dask) as at_work:
        picture = _picture(loaded, kind, threshold, sampling, at_work)
    for path in target.write(picture):
        click.echo(f"wrote {path}")


def _check_usage(
    files: tuple[str, ...],
    kind: str,
    preset: str,
    file: str | None,
    out: str | None,
) -> None:
    if kind == "compare" and len(files) < 2:
        raise click.UsageError("--kind compare takes two files or more")
    if kind != "compare" and len(files) > 1:
        raise click.UsageError(f"--kind {kind} takes one file; several are for --kind compare")
    if preset == "social" and len(files) > _ON_CARD:
        raise click.UsageError(f"--preset social has room for {_ON_CARD} files, not {len(files)}")
    if file is not None and out is not None:
        raise click.UsageError("-o names the picture, --out its folder; give one of them")
    if file is not None and preset == "print":
        raise click.UsageError("--preset print makes several files; give their folder with --out")


def _check_scenarios(loaded: list[LoadedScenario], kind: str, threshold: float | None) -> None:
    """Refuse, before anything is sampled, what cannot be drawn."""
    for one in loaded:
        ladder = one.scenario.thresholds
        if threshold is not None and threshold not in ladder:
            known = ", ".join(map(exact, ladder))
            raise click.BadParameter(
                f"{exact(threshold)} is not among the scenario's thresholds: {known}",
                param_hint="'--threshold'",
            )
    if kind == "tornado":
        from simulate.api.sensitivity import check_uncertain

        check_uncertain(loaded[0])


def _target(
    kind: str,
    preset: str,
    file: str | None,
    out: str | None,
    threshold: float | None,
    *,
    force: bool,
) -> OutputTarget:
    from simulate.report.figures.files import file_target, folder_target

    if file is not None:
        return file_target(file, preset, force=force)
    stem = kind if threshold is None else f"{kind}-{100 * threshold:.10g}"
    return folder_target(Path() if out is None else out, stem, preset, force=force)


def _picture(
    loaded: list[LoadedScenario],
    kind: str,
    threshold: float | None,
    sampling: dict[str, Any],
    at_work: Workers,
) -> Drawing:
    from simulate.cli.progress import progress_bar

    options = {**sampling, "workers": at_work.workers, "executor": at_work.executor}
    with progress_bar() as progress:
        if kind == "compare":
            from simulate.api.compare import compare

            return compare(loaded, **options, progress=progress).picture(threshold)
        if kind == "tornado":
            from simulate.api.sensitivity import sensitivity

            return sensitivity(loaded[0], **options, progress=progress).picture(threshold)
        from simulate.api.run import run

        result = run(loaded[0], **options, progress=progress, strength=kind == "fan")
        return result.picture(kind, threshold)
