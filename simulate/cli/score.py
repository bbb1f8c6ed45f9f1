"""`simulate score`: how good a forecast was, and a register of forecasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from simulate.cli import options
from simulate.cli.output import deliver, prepare, warn
from simulate.cli.reproduce import is_result, repeated
from simulate.cli.request import load_of, request_of

if TYPE_CHECKING:
    from simulate.api.register import RegisterResult
    from simulate.api.result import Result
    from simulate.api.score import ScoreResult

_OUTCOMES = ("happened", "not_by", "between")
_OF_A_RUN = ("threshold", "draws", "seed", "method", "overrides", "by")


@click.command()
@options.file
@options.outcome
@options.threshold
@click.option(
    "--register",
    type=options.PATH,
    metavar="FILE.jsonl",
    help="Add the forecast to this register or, with an outcome, the outcome to the forecast.",
)
@click.option("--source", help="Who says so; kept in the register.")
@click.option("--correct", is_flag=True, help="Replace an outcome that this one contradicts.")
@click.option("--forecast", metavar="ID", help="A forecast of the register, by its first digits.")
@options.sampling
@options.workers
@options.override
@options.by
@options.out
@options.json
@options.quiet
@options.debug
def score(file: str, **given: Any) -> None:
    """Score a forecast whose outcome is known, beside the straight line's single date.

    \b
    Examples:
      simulate score configs/kursk-isw.yaml --happened 2025-04-30
      simulate score configs/kursk-isw.yaml --not-by 2025-06-30 --by 2025-05-01
      simulate score configs/tanks-storage.yaml --register forecasts.jsonl
      simulate score forecasts.jsonl

    FILE is a scenario, or a result: a folder that `run --out` wrote, or result.json or run.json in
    it, which is run again and must give the same values. The answer: how many
    simulations fall before or after the outcome, the continuous ranked probability score (CRPS),
    the scores of the 50, 80 and 90 % intervals, and for each date of --by the Brier score. What is
    not known is not scored.

    --register keeps a forecast before its outcome is known, and refuses an outcome that was known
    when the forecast was made. FILE can be such a register: then the answer is how its forecasts
    have fared or, with --forecast and an outcome, that outcome is added. With --out, the folder
    receives the answer as index.html, JSON and CSV.
    """
    from simulate.api.register import RegisterResult
    from simulate.api.score import ScoreResult

    ways = {name: given.pop(name) for name in _OUTCOMES}
    outcome = {name: way for name, way in ways.items() if way is not None}
    if len(outcome) > 1:
        raise click.UsageError("give one outcome: --happened, --not-by or --between")
    if given["correct"] and not outcome:
        raise click.UsageError("--correct goes with an outcome")
    kind = ScoreResult if outcome else RegisterResult
    is_register = file.lower().endswith(".jsonl")
    prepare(kind, [], **given)
    answer = (_from_register if is_register else _from_run)(file, outcome, **given)
    deliver(answer, pictures="none", **given)


def _from_register(
    file: str, outcome: dict[str, Any], *, forecast: str | None, source: str | None, **given: Any
) -> ScoreResult | RegisterResult:
    from simulate.api.register import record_outcome, score_register

    if given["register"] is not None:
        raise click.UsageError(f"{file} is a register itself; leave out --register")
    if any(given[name] not in (None, ()) for name in _OF_A_RUN):
        raise click.UsageError("options that change a run go with a scenario, not with a register")
    if bool(outcome) != (forecast is not None):
        raise click.UsageError("an outcome and --forecast ID go together")
    if forecast is None:
        return score_register(file)
    correct = given["correct"]
    return record_outcome(file, forecast, **outcome, source=source or "", correct=correct)


def _from_run(
    file: str,
    outcome: dict[str, Any],
    *,
    register: str | None,
    threshold: float | None,
    source: str | None,
    forecast: str | None,
    **given: Any,
) -> ScoreResult | RegisterResult:
    from simulate.api.register import record_outcome, score_register
    from simulate.api.score import record_of, resolution_of, score_result
    from simulate.report.data.register import add_forecast, check_name
    from simulate.report.text.wording import prose_date

    if forecast is not None:
        of = register or "forecasts.jsonl"
        raise click.UsageError(f"--forecast ID goes with a register: simulate score {of}")
    resolution = resolution_of(**outcome) if outcome else None
    if source is not None and (register is None or resolution is None):
        raise click.UsageError("--source goes with --register and an outcome")
    if register is None:
        if resolution is None:
            raise click.UsageError(
                "give the outcome with --happened, --not-by or --between, "
                "or keep the forecast until it is known: --register forecasts.jsonl"
            )
        return score_result(_result(file, threshold, given), resolution, threshold)
    check_name(register)
    record = record_of(_result(file, threshold, given), threshold)
    if resolution is not None:
        more = {"source": source or "", "correct": given["correct"]}
        return record_outcome(register, record, **outcome, **more)
    entry = add_forecast(register, record)
    there = f"is in {register}"
    if not entry.is_new:
        there = f"was already in {register}, made on {prose_date(entry.made_on)}"
    click.echo(
        f"forecast {entry.shown_id} {there}; once the outcome is known: "
        f"simulate score {register} --forecast {entry.shown_id} --happened DATE",
        err=True,
    )
    first, second = ((one.draws, one.seed, one.method) for one in (entry.record, record))
    if first != second:
        warn(["a scenario counts once, so that other draws or another seed are not added"])
    if record.horizon < entry.made_on:
        passed = f"the horizon, {prose_date(record.horizon)}, has passed"
        warn([f"{passed}: no outcome can be added that was not known before"])
    return replace(score_register(register), added=entry)


def _result(file: str, threshold: float | None, given: dict[str, Any]) -> Result:
    from simulate.analysis.request import known_threshold
    from simulate.api.run import run_as

    loaded = None if is_result(file) else load_of(file, **given)
    if loaded is not None:
        known_threshold(threshold, loaded.scenario.thresholds)
    with request_of(**given) as request:
        if loaded is None:
            result = repeated(request, file, given, "scored")
        else:
            result = run_as(request, loaded)
    if result.update is not None:
        click.echo("the forecast is the one updated on later reports", err=True)
    return result
