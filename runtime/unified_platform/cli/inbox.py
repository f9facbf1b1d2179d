"""`unified inbox`: received events, and the vendors that send webhooks."""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.cli.vault_options import Opens, vault_options
from unified_platform.inbox.store import InboxEvent, open_inbox
from unified_platform.rate_limits import shared_rate_limiter
from unified_runtime import Client
from unified_runtime.adapter_api.webhooks import has_webhooks, webhooks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotFound
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.core.vendors import available

if TYPE_CHECKING:
    from unified_platform.connections.registered_hooks import RegisteredHook, Subscription
    from unified_platform.vault import SealedVault

_at = click.option("--inbox", "url", help="Location: a path or postgresql://…; by default UNIFIED_INBOX.")


@click.group("inbox")
def inbox() -> None:
    """Manage received events and registered webhooks: list them, register webhooks at vendors, forget a reader."""


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
    """List the vendors that send webhooks: the header of their signature, and the scopes of `register` if their API allows it."""
    from unified_platform.inbox.registrations import registration_scopes

    found = [(name, webhooks(name).proof.header, registration_scopes(name)) for name in available() if has_webhooks(name)]
    if as_json:
        click.echo(json.dumps([{"vendor": name, "header": header, "registration_scopes": scopes} for name, header, scopes in found]))
    else:
        rows = [(name, header, "no" if scopes is None else ", ".join(scopes) or "yes") for name, header, scopes in found]
        table(("vendor", "proof", "register"), rows)


@inbox.command("register")
@click.argument("vendor")
@click.option("--url", "address", required=True, help="Address of deliveries, such as https://broker.example.com/hooks/NAME.")
@click.option("--scope", help="What the webhook is about, by its id: a repository, project, team or board.")
@click.option("--events", help="Events, separated by commas, such as task.created; by default all that are known of the vendor.")
@click.option("--user", help="User whose connection registers it, and whose agents get its events.")
@click.option("--name", help="Name of the hook; by default the last part of the address.")
@click.option("--secret-env", metavar="NAME", help="Environment variable with the secret, for vendors that sign with their application's.")
@vault_options
@as_json
def register(
    vendor: str,
    address: str,
    scope: str | None,
    events: str | None,
    user: str | None,
    name: str | None,
    secret_env: str | None,
    opens: Opens,
    as_json: bool,
) -> None:
    """Register a webhook at VENDOR through its API. Its secret is stored in the vault; it is generated, or the vendor chooses it.

    The registration that exists for the same address and scope is changed. The broker accepts its deliveries at once.
    """
    with errors(as_json):
        from unified_platform.inbox.registrations import register as register_hook

        secret = None
        if secret_env is not None:
            if not os.environ.get(secret_env):
                raise InvalidInput(f"{secret_env} is not set: --secret-env is the name of an environment variable with the secret")
            secret = Secret(os.environ[secret_env])
        vault = opens(exist=False)
        wanted = [one.strip() for one in (events or "").split(",") if one.strip()]
        with _client(vault, user) as client:
            given: dict[str, Any] = {"scope": scope, "events": wanted, "user": user, "name": name, "secret": secret}
            hook = register_hook(vendor, address, vault=vault, client=client, **given)
        if as_json:
            click.echo(json.dumps(_hook_data(hook)))
        else:
            click.echo(f"{hook.name} is registered at {vendor}, which sends deliveries to {hook.url}")


@inbox.command("unregister")
@click.argument("name")
@click.option("--scope", help="Only the registration of this scope.")
@vault_options
def unregister(name: str, scope: str | None, opens: Opens) -> None:
    """Remove the registrations of the hook NAME at its vendor, and their secrets."""
    with errors(as_json=False):
        from unified_platform.inbox.registrations import unregister as unregister_hook

        vault = opens()
        hook = vault.hooks.get(name)
        with _client(vault, None if hook is None else hook.user) as client:
            count = unregister_hook(name, vault=vault, client=client, scope=scope)
        click.echo(f"registrations of {name} that were removed: {count}")


@inbox.command("registrations")
@vault_options
@as_json
def registrations(opens: Opens, as_json: bool) -> None:
    """List the webhooks that were registered at vendors, without their secrets."""
    with errors(as_json):
        found = opens().hooks.all()
        if as_json:
            click.echo(json.dumps([_hook_data(hook) for hook in found]))
        elif not found:
            click.echo("no webhook is registered")
        else:
            rows = [_registration(hook, one) for hook in found for one in hook.subscriptions]
            table(("hook", "vendor", "user", "scope", "events", "id", "url"), rows)


def _client(vault: SealedVault, user: str | None) -> Client:
    """Return a client with the connections of the vault, and of the environment."""
    from unified_platform.cli.clients import from_environment

    client = Client(vault=vault.source(), rate_limiter=shared_rate_limiter(os.environ))
    from_environment(client, os.environ, user)
    return client


def _registration(hook: RegisteredHook, one: Subscription) -> tuple[str, ...]:
    events = ", ".join(one.events) or "all"
    return (hook.name, hook.vendor, hook.user or "", one.scope or "", events, one.id or "not confirmed", hook.url)


def _hook_data(hook: RegisteredHook) -> dict[str, Any]:
    listed = [{name: getattr(one, name) for name in ("scope", "events", "id", "registered_at")} for one in hook.subscriptions]
    return {"name": hook.name, "vendor": hook.vendor, "url": hook.url, "user": hook.user, "registrations": listed}
