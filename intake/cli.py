"""The command line. Exit codes: 0 done, 1 something could not be read or done, 2 wrong usage or settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from intake.account_commands import account_app, token_app
from intake.at_risk_commands import at_risk_app
from intake.audit_commands import audit_app
from intake.desk_commands import desk_app
from intake.form_commands import form_app
from intake.importing import import_app
from intake.keeping_commands import keeping_app
from intake.label_commands import labels_app
from intake.logs import hide_values_of_crashes, start_logging
from intake.privacy import close_to_others
from intake.process import FileOutcome, read_files, write_outcomes
from intake.progress import progress_of
from intake.report_commands import report_app
from intake.settings import Settings, load_settings
from models.errors import IntakeError
from models.record import ReferralRecord

app = typer.Typer(
    name="par-intake",
    help="Reads faxed prior authorization requests and writes one JSON record for each request found.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a pretty traceback shows local values, and those are PHI
)
app.add_typer(form_app)
app.add_typer(desk_app)
app.add_typer(at_risk_app)
app.add_typer(audit_app)
app.add_typer(labels_app)
app.add_typer(import_app)
app.add_typer(report_app)
app.add_typer(keeping_app)
app.add_typer(account_app)
app.add_typer(token_app)
_INTERRUPTED = 130  # as a shell reports a command ended by Ctrl-C

Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Documents read at the same time; by default one for each core.")
]

DataFolder = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]


@app.command()
def process(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="PDF, TIFF, PNG or JPEG files.", show_default=False)],
    workers: Workers = None,
) -> None:
    """Read files once, with no database; one record a line (NDJSON) on standard output."""
    settings = load_settings({"workers": workers})
    with progress_of(len(files)) as progress, closing(read_files(files, settings)) as outcomes:

        def note(outcome: FileOutcome) -> None:
            """Tell of a file that could not be read, and move the bar."""
            if outcome.unreadable:
                # The gap of an unreadable record is our own words; the file's name is PHI and stays out.
                reason = outcome.records[0].gaps[0].message
                progress.say(f"file {outcome.position} of {len(files)} could not be read: {reason}")
            progress.advance()

        all_read = write_outcomes(outcomes, _write_line, note)
    raise typer.Exit(0 if all_read else 1)


def _write_line(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


@app.command()
def run(
    inbox: Annotated[Path | None, typer.Option(help="The watched folder.", file_okay=False)] = None,
    outbox: Annotated[Path | None, typer.Option(help="Where records are delivered.", file_okay=False)] = None,
    data: Annotated[Path | None, typer.Option(help="Database, work in hand, and archives.", file_okay=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one.", min=0, max=65535)] = None,
    workers: Workers = None,
    *,
    drain: Annotated[bool, typer.Option("--drain", help="End when the inbox is empty and nothing is in work.")] = False,
) -> None:
    """Run the service: watch the inbox, read what arrives, deliver records to the outbox."""
    # Imported when asked for: the workflow engine and the web server are no part of the other commands.
    from intake.service import run_service  # noqa: PLC0415

    settings = load_settings({"inbox": inbox, "outbox": outbox, "data": data, "port": port, "workers": workers})
    start_logging(settings)
    run_service(settings, drain=drain)


@app.command()
def failed(data: DataFolder = None) -> None:
    """List the documents in failed/, each with its reason and what to do."""
    from intake.operator import Operator  # noqa: PLC0415

    for document in Operator(load_settings({"data": data})).failed():
        when = "" if document.failed_at is None else document.failed_at.isoformat(timespec="seconds")
        typer.echo(f"{document.document_id}  {when}  {document.reason}")


@app.command()
def retry(
    document_ids: Annotated[list[str] | None, typer.Argument(metavar="[DOCUMENT_ID]...", show_default=False)] = None,
    data: DataFolder = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every document in failed/.")] = False,
) -> None:
    """Read failed documents again: the running service, or the next one, takes them up."""
    from intake.operator import Operator  # noqa: PLC0415

    if everything == bool(document_ids):
        raise typer.BadParameter("give document ids, or --all")
    operator = Operator(load_settings({"data": data}))
    chosen = [document.document_id for document in operator.failed()] if everything else document_ids or []
    unknown = operator.retry(chosen)
    for document_id in unknown:
        typer.echo(f"{document_id}: no such document in failed/", err=True)
    raise typer.Exit(1 if unknown else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the record."""
    typer.echo(json.dumps(ReferralRecord.model_json_schema(), indent=2))


@app.command()
def config() -> None:
    """Print the settings in force, as TOML that can be saved as par-intake.toml."""
    typer.echo(settings_as_toml(load_settings()))


def settings_as_toml(settings: Settings) -> str:
    """Each setting with its description, as a TOML file; what is not set, and what is secret, is a comment."""
    lines = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            lines += [f"# {field.description}", f"# {name} is set, and not shown"]
            continue
        written = json.dumps(str(value) if isinstance(value, Path) else value)
        lines += [f"# {field.description}", f'# {name} = ""' if value is None else f"{name} = {written}"]
    return "\n".join(lines)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Documents, each NAME.ext with its NAME.truth.json.", file_okay=False)],
    report: Annotated[Path | None, typer.Option(help="HTML file for plots, and for the errors beside their crops.")] = None,
    records: Annotated[Path | None, typer.Option(help="NDJSON file of records to score without reading.", dir_okay=False)] = None,
    workers: Workers = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object in place of tables.")] = False,
) -> None:
    """Score against labelled documents."""
    # Imported when asked for: plotting costs more to import than a file to read.
    from intake import evaluation  # noqa: PLC0415

    raise typer.Exit(evaluation.run(folder, report, workers, records, json=as_json))


def main() -> None:
    """Run the command; an error of ours is one line on standard error and its exit code."""
    hide_values_of_crashes()
    close_to_others()
    raise SystemExit(_guarded(lambda: app(standalone_mode=True)))


def _guarded(command: Callable[[], object]) -> int:
    try:
        command()
    except IntakeError as error:
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(f"par-intake: {error}")
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    main()
