"""``par-intake status``, ``deliveries``, ``redeliver``, ``forgo``, ``replay``: what an operator asks from beside the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.settings import load_settings
from intake.times import moment

if TYPE_CHECKING:
    from models.store.delivery_desk import OpenDelivery

desk_app = typer.Typer()

Data = Annotated[Path | None, typer.Option(help="The service's data folder.", file_okay=False)]
Sink = Annotated[str | None, typer.Option(help="Only this target, such as outbox or webhook.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON in place of lines.")]
Ids = Annotated[list[int] | None, typer.Argument(metavar="[DELIVERY_ID]...", show_default=False)]
Everything = Annotated[bool, typer.Option("--all", help="Every parked delivery.")]


@desk_app.command()
def status(data: Data = None, *, as_json: AsJson = False) -> None:
    """Show how the service stands: documents, records, what waits and since when, deliveries, workers."""
    # Imported when asked for, here and below: the database is no part of the other commands.
    from intake.standing import standing_of  # noqa: PLC0415

    standing = standing_of(load_settings({"data": data}))
    if as_json:
        typer.echo(standing.model_dump_json(indent=2))
        return
    for title, counts in (("documents", standing.documents), ("records", standing.records)):
        typer.echo(f"{title}: {', '.join(f'{count} {name}' for name, count in counts.items()) or 'none'}")
    queue = standing.queue
    typer.echo(f"inbox: {queue.inbox} wait, {queue.urgent} of them urgent{_since(queue.oldest_in_inbox_at)}")
    typer.echo(f"in work: {queue.in_work}{_since(queue.oldest_in_work_at)}")
    for one in standing.deliveries:
        typer.echo(f"deliveries to {one.sink}: {one.pending} pending{_since(one.oldest_at)}; {one.held} held, {one.parked} parked")
    for worker in standing.workers:
        typer.echo(f"worker {worker.name}: last sign of life {_time(worker.beat_at)}{', silent' if worker.silent else ''}")


@desk_app.command()
def deliveries(
    data: Data = None,
    sink: Sink = None,
    *,
    parked: Annotated[bool, typer.Option("--parked", help="Only those that wait for a person.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the deliveries that are pending or parked, each with its attempts and why the last one failed."""
    from intake.desk import DeliveryDesk  # noqa: PLC0415

    listed = DeliveryDesk(load_settings({"data": data})).listed(sink, parked_only=parked)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in listed], indent=2, default=datetime.isoformat))
        return
    for one in listed:
        due = "" if one.due_at is None else f"  again at {_time(one.due_at)}"
        revision = f"{one.record_id} revision {one.revision}"
        typer.echo(
            f"{one.delivery_id}  {one.sink}  {one.state}  {revision}  {one.attempts} attempts{due}  {one.reason or ''}".rstrip()
        )


@desk_app.command()
def redeliver(ids: Ids = None, data: Data = None, sink: Sink = None, *, everything: Everything = False) -> None:
    """Try parked deliveries again, with all their attempts: the running service, or the next one, takes them up."""
    from intake.desk import DeliveryDesk  # noqa: PLC0415

    desk = DeliveryDesk(load_settings({"data": data}))
    _each(_chosen(ids, lambda: desk.listed(sink, parked_only=True), everything=everything), desk.redeliver)


@desk_app.command()
def forgo(ids: Ids = None, data: Data = None, sink: Sink = None, *, everything: Everything = False) -> None:
    """Give parked deliveries up for good, so that later revisions of their records go on."""
    from intake.desk import DeliveryDesk  # noqa: PLC0415

    desk = DeliveryDesk(load_settings({"data": data}))
    _each(_chosen(ids, lambda: desk.listed(sink, parked_only=True), everything=everything), desk.forgo)


def _chosen(ids: list[int] | None, parked: Callable[[], Sequence[OpenDelivery]], *, everything: bool) -> list[int]:
    if everything == bool(ids):
        raise typer.BadParameter("give delivery ids, or --all")
    return [one.delivery_id for one in parked()] if everything else ids or []


def _each(ids: Sequence[int], change: Callable[[Sequence[int]], Sequence[int]]) -> None:
    unknown = change(ids)
    for one in unknown:
        typer.echo(f"{one}: no such parked delivery", err=True)
    raise typer.Exit(1 if unknown else 0)


@desk_app.command()
def replay(
    record_ids: Annotated[list[str] | None, typer.Argument(metavar="[RECORD_ID]...", show_default=False)] = None,
    since: Annotated[str | None, typer.Option(help="From this time on, such as 2026-03-01 or 2026-03-01T09:30-05:00.")] = None,
    until: Annotated[str | None, typer.Option(help="Before this time.")] = None,
    sink: Sink = None,
    data: Data = None,
) -> None:
    """Deliver the newest revision of records once more: those named, or those written in a range of time."""
    from intake.desk import DeliveryDesk  # noqa: PLC0415
    from models.store.delivery_desk import RecordRange  # noqa: PLC0415

    if bool(record_ids) == bool(since or until):
        raise typer.BadParameter("give record ids, or --since or --until")
    settings = load_settings({"data": data})
    chosen = RecordRange(tuple(record_ids or ()), moment(since, settings.zone), moment(until, settings.zone))
    records, queued = DeliveryDesk(settings).replay(chosen, sink)
    typer.echo(f"{records} records, {queued} deliveries to be made")
    raise typer.Exit(1 if record_ids and records < len(set(record_ids)) else 0)


def _since(oldest: datetime | None) -> str:
    return "" if oldest is None else f", the oldest since {_time(oldest)}"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
