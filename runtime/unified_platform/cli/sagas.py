"""`unified sagas`: what runs, how it ended, and another try at what could not be undone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

import click

from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.sagas.inspection import open_inspector

_store = click.option("--store", help="Where sagas are stored: a path or postgresql://…; by default UNIFIED_SAGAS.")


@click.group("sagas")
def sagas() -> None:
    """Sagas: list, show, retry."""


@sagas.command("list")
@click.option("--most", type=click.IntRange(min=1), default=100, show_default=True, help="How many to list.")
@_store
@as_json
def list_(most: int, store: str | None, as_json: bool) -> None:
    """List sagas, the newest first."""
    with errors(as_json), open_inspector(store) as look:
        found = look.list(limit=most)
        if as_json:
            click.echo(_json([dataclasses.asdict(saga) for saga in found]))
        elif not found:
            click.echo("no sagas")
        else:
            table(("id", "saga", "state", "started"), [(s.id, s.name, s.state, _when(s.started_at)) for s in found])


@sagas.command("show")
@click.argument("id")
@_store
@as_json
def show(id: str, store: str | None, as_json: bool) -> None:
    """Show a saga's steps, and what needs manual action."""
    with errors(as_json), open_inspector(store) as look:
        saga, steps = look.get(id), look.steps(id)
        if as_json:
            click.echo(_json({**dataclasses.asdict(saga), "steps": [dataclasses.asdict(step) for step in steps]}))
            return
        click.echo(f"{saga.id} ({saga.name}): {saga.state}")
        table(("step", "", "ended", "why"), [(s.name, s.state, _when(s.ended_at), s.error or "") for s in steps])
        for left in saga.left:
            click.echo(f"needs manual action: {left}")


@sagas.command("retry")
@click.argument("id")
@_store
def retry(id: str, store: str | None) -> None:
    """Retry the steps that could not be undone; the process that runs these sagas makes it."""
    with errors(as_json=False), open_inspector(store) as look:
        look.retry(id)
        click.echo(f"{id} waits for a process that runs its saga")


def _when(time: Any) -> str:
    return "" if time is None else time.isoformat(timespec="seconds")


def _json(value: dict[str, Any] | Iterable[Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
