"""`unified inbox`: received events, and the vendors that send webhooks."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import click

from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.inbox.store import InboxEvent, open_inbox
from unified_runtime.adapter_api.webhooks import has_webhooks, webhooks
from unified_runtime.core.errors import InvalidInput, NotFound
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendors import available

_at = click.option("--inbox", "url", help="Location: a path or postgresql://…; by default UNIFIED_INBOX.")


@click.group("inbox")
def inbox() -> None:
    """Manage received events: list them, forget a reader, list the vendors with webhooks."""


@inbox.command("list")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, help="How many to list.")
@_at
@as_json
def list_(most: int, url: str | None, as_json: bool) -> None:
    """List events, the newest first."""
    with errors(as_json):
        opened = open_inbox(url)
        try:
            found = opened.latest(limit=most)
        finally:
            opened.close()
        if as_json:
            click.echo(json.dumps([dataclasses.asdict(event) for event in found]))
        elif not found:
            click.echo("no events")
        else:
            table(("event", "record", "vendor", "user", "by", "received"), [_row(event) for event in found])


def _row(event: InboxEvent) -> tuple[str, ...]:
    when = datetime.fromtimestamp(event.received_at, UTC).isoformat(" ", "seconds")
    return (event.type, event.record, event.vendor, event.user or "", event.source, when)


@inbox.command("forget")
@click.argument("reader")
@_at
def forget(reader: str, url: str | None) -> None:
    """Forget READER: events no longer wait for it. Behind a broker it is named after its agent: helper/triage.

    A reader that returns begins with the oldest stored event.
    """
    with errors(as_json=False):
        opened = open_inbox(url)
        try:
            if not opened.forget(reader):
                raise NotFound(f"the reader {reader!r} is not known{did_you_mean(reader, opened.readers())}")
        finally:
            opened.close()
        click.echo(f"{reader} is forgotten")


@inbox.command("replay")
@click.argument("reader")
@click.option("--since", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="Events received since, such as 2026-11-30T12:00:00Z.")
@click.option("--position", type=click.IntRange(min=0), help="Events after this position.")
@_at
def replay(reader: str, since: datetime | None, position: int | None, url: str | None) -> None:
    """Deliver events to READER again. A push of a broker is named push:NAME, a reader behind it after its agent: helper/triage."""
    with errors(as_json=False):
        if (since is None) == (position is None):
            raise InvalidInput("give either --since or --position")
        opened = open_inbox(url)
        try:
            found = opened.replay(reader, position=position, since=None if since is None else since.timestamp())
            if found is None:
                raise NotFound(f"the reader {reader!r} is not known{did_you_mean(reader, opened.readers())}")
        finally:
            opened.close()
        click.echo(f"{found} events are delivered to {reader} again")


@inbox.command("vendors")
@as_json
def vendors(as_json: bool) -> None:
    """List the vendors that send webhooks, with the header of their signature."""
    found = [(name, webhooks(name).proof.header) for name in available() if has_webhooks(name)]
    if as_json:
        click.echo(json.dumps([{"vendor": name, "header": header} for name, header in found]))
    else:
        table(("vendor", "proof"), found)
