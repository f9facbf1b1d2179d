"""`unified bulk`: one operation on many inputs, from a file of JSON lines."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import IO, Any

import click

from unified_platform.catalog.operations import find_operation
from unified_platform.cli import output
from unified_platform.cli.calls import agent_option, connected, open_policies, owner_options, policies_option, vendor_of
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.recording import recorded
from unified_runtime import Client, InvalidInput, acting, using
from unified_runtime.client.bulk import CONCURRENCY, Item, Results, many, planned
from unified_runtime.client.operations import Operation
from unified_runtime.core.plans import Plan

FAILED = 1


@click.command("bulk")
@click.argument("operation")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@owner_options
@agent_option
@policies_option
@click.option("--idempotency-key", "key", help="A repeated run of the same file with the same key continues after the last completed item.")
@click.option("--plan", "only_plan", is_flag=True, help="Print what would be sent, without an account and without sending any.")
@as_json
@click.option("--concurrency", type=click.IntRange(min=1), default=CONCURRENCY, show_default=True, help="Calls at a time.")
def bulk(
    operation: str,
    file: IO[str],
    via: str | None,
    user: str | None,
    team: str | None,
    name: str | None,
    server: str | None,
    values: tuple[str, ...],
    agent: str | None,
    policies: tuple[str, ...],
    key: str | None,
    only_plan: bool,
    as_json: bool,
    concurrency: int,
) -> None:
    """Make OPERATION (tasks.create) for each line of FILE: its inputs as JSON, or an id in quotes. Standard input without FILE.

    Prints one line of JSON for each as it ends: its line number, its status, and its value or error. Exits with 1 if not all are done.

    With --plan, nothing is sent: prints the requests, batches among them, how many there are of each kind, and the lines for which there
    would be none. Exits with 1 if there are such lines.
    """
    with errors(as_json), acting(user=user, team=team, connection=name, agent=agent), recorded() as observers:
        found = find_operation(operation)
        if not isinstance(found, Operation) or found.effect == "read":
            raise InvalidInput(f"{operation} writes nothing: bulk is for operations that do")
        via = vendor_of(found, via)
        if only_plan:
            with using(Client(policy=open_policies(policies))):
                _print_plan(found, *planned(found, _lines(file), via=via, idempotency_key=key), as_json=as_json)
            return
        of_vault = user is not None or team is not None or name is not None
        client = connected(
            via, server, values, of_vault=of_vault, idempotent=key is not None, enforcer=open_policies(policies), observers=observers
        )
        with client, using(client), _shown() as show:
            results = many(found, _lines(file), via=via, idempotency_key=key, concurrency=concurrency, progress=show)
        if results.failed:
            click.echo(f"{len(results.failed)} of {len(results)} are not done", err=True)
            sys.exit(FAILED)


def _print_plan(operation: Operation[..., Any], plan: Plan | None, left: Results[Any], *, as_json: bool) -> None:
    """The plan; last how many requests it has of each kind, and the items for which nothing would be sent."""
    refused: list[dict[str, Any]] = [
        {"item": item.index, "error": output.error_data(item.error)} for item in left if item.error is not None
    ]
    counts = plan.counted() if plan is not None else ()
    if as_json:
        data = plan.to_dict() if plan is not None else {"operation": operation.name, "requests": []}
        data |= {"effect": operation.effect, "counts": [asdict(count) for count in counts], "refused": refused}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        if plan is not None:
            click.echo(f"{plan}\n")
        total = sum(count.requests for count in counts)
        click.echo(f"{operation.name} is {_EFFECTS[operation.effect]}; {total} request{'' if total == 1 else 's'}, and none was sent")
        for count in counts:
            items = f" for {count.items} items" if count.items > count.requests else ""
            click.echo(f"  {count.requests} × {count.method} {count.url or count.endpoint}{items}, {'reads' if count.reads else 'writes'}")
        for details in refused:
            click.echo(f"  item {details['item']}: nothing would be sent: {details['error']['message']}")
    if refused:
        sys.exit(FAILED)


_EFFECTS = {"write": "a write", "destructive": "destructive"}


def _lines(file: IO[str]) -> Iterator[Any]:
    for line in file:
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError:
            yield line  # not a mapping: reported as the failure of this item


@contextlib.contextmanager
def _shown() -> Iterator[Callable[[Item[Any]], None]]:
    """Prints each item; with a count below that moves, where a person watches and rich is there."""

    def printed(item: Item[Any]) -> None:
        data: dict[str, Any] = {"item": item.index, "status": item.status}
        if item.error is not None:
            data["error"] = output.error_data(item.error)
        elif item.value is not None:
            data["value"] = output.record_data(item.value)
        click.echo(json.dumps(data, ensure_ascii=False))

    if not sys.stderr.isatty():
        yield printed
        return
    try:
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    except ModuleNotFoundError:
        yield printed
        return
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("calls", total=None)

        def counted(item: Item[Any]) -> None:
            printed(item)
            bar.advance(task)

        yield counted
