"""`unified writes`: writes under idempotency keys that are not confirmed, and what a person found out about them."""

from __future__ import annotations

import json
import time
from typing import Any

import click

from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.idempotency.store import UnconfirmedWrite, default_url, open_idempotency_store
from unified_platform.store.urls import exists

_store = click.option("--store", help="The idempotency store: a path or postgresql://…; by default UNIFIED_IDEMPOTENCY.")


@click.group("writes")
def writes() -> None:
    """Unconfirmed writes: list, resolve."""


@writes.command("list")
@_store
@as_json
def list_(store: str | None, as_json: bool) -> None:
    """List writes whose response was lost and that nothing proves, the oldest first."""
    with errors(as_json):
        found: list[UnconfirmedWrite] = []
        if exists(store or default_url()):
            idempotency = open_idempotency_store(store)
            try:
                found = list(idempotency.unconfirmed_writes())
            finally:
                idempotency.close()
        if as_json:
            click.echo(json.dumps([_data(one) for one in found], indent=2, ensure_ascii=False))
        elif not found:
            click.echo("no unconfirmed writes")
        else:
            rows = [(one.id[:12], one.key, one.operation, _when(one.since), one.made or "", one.request) for one in found]
            table(("id", "key", "operation", "since", "resolved as", "what was sent"), rows)
            for one in found:
                for each in one.candidates:
                    click.echo(f"{one.id[:12]} may have created {each.id} {each.title!r} {each.url or ''}".rstrip())


@writes.command("resolve")
@click.argument("key")
@click.option("--made", metavar="ID", help="It was executed, and this is the id of its record.")
@click.option("--not-made", is_flag=True, help="It was not executed.")
@_store
def resolve(key: str, made: str | None, not_made: bool, store: str | None) -> None:
    """Settle an unconfirmed write, once you have looked at the vendor.

    KEY is its idempotency key, or its id from `unified writes list`. The same call under its key then returns the record, or is executed.
    """
    if (made is None) == (not not_made):
        raise click.UsageError("state what you found: --made ID or --not-made")
    with errors(as_json=False):
        idempotency = open_idempotency_store(store)
        try:
            found = idempotency.resolve(key, made=made)
        finally:
            idempotency.close()
        then = f"returns {made}" if made is not None else "is executed"
        click.echo(f"{found.operation or found.request}: the same call under the key {found.key or key} {then}")


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _data(one: UnconfirmedWrite) -> dict[str, Any]:
    candidates = [{"id": each.id, "title": each.title, "url": each.url, "created_at": each.created_at} for each in one.candidates]
    data = {"id": one.id, "key": one.key, "operation": one.operation, "since": _when(one.since), "sent": one.request, "made": one.made}
    return {**data, "candidates": candidates}
