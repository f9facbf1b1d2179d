"""`unified broker`: run the broker, and keep agents' keys."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from unified_platform.cli import tables
from unified_platform.cli.common import as_json, errors
from unified_runtime import InvalidInput

_store = click.option("--store", help="Where keys are kept: a path or postgresql://…; by default UNIFIED_CONTROL.")
_LIFETIME = re.compile(r"(\d{1,6})([smhdwy])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}


@click.group("broker")
def broker() -> None:
    """A process of its own that holds the vault and makes the calls of agents."""


@broker.command("serve")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file with its settings.")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="The port; 8320 by default.")
@click.option("--url", help="Where agents and people reach it, if that is elsewhere, such as https://broker.example.com.")
@click.option("--workers", type=int, help="Processes; 1 by default.")
@click.option("--vault", help="The vault: a path, or postgresql://…")
@click.option("--vault-key", help="Where the vault's key comes from: file:PATH, env:NAME, …")
@click.option("--control", help="Where keys, approvals and the audit trail are kept; by default UNIFIED_CONTROL.")
@click.option("--redis", help="A Redis server by which several processes count against the vendors' limits together: redis://…")
@click.option("--ledger", help="Where idempotency keys are remembered; by default UNIFIED_LEDGER.")
@click.option("--sagas", help="Where sagas are kept that agents hand in: a path, or postgresql://…; none are taken without.")
@click.option("--usage", help="Where it is kept what calls came to; by default UNIFIED_USAGE, or beside --control.")
@click.option("--prices", help="The file of the prices by which calls cost something; by default UNIFIED_PRICES.")
@click.option("--log", type=click.Choice(["json", "console"]), help="Write every call to standard error, as JSON or for people.")
@click.option("--metrics", metavar="HOST:PORT", help="Where Prometheus finds metrics, or /metrics; see docs/observability.md.")
@click.option("--trace", type=click.Choice(["calls", "vendors"]), help="Make spans of calls; vendors: and tell vendors of the trace.")
@click.option("--inside", multiple=True, help="The host of a tracker in a private network; several times for several.")
@click.option("--agents", help="The file of agents and their toolsets.")
@click.option("--policies", multiple=True, help="Cedar files or folders.")
@click.option("--certificate", help="The TLS certificate's file.")
@click.option("--certificate-key", help="The file of its key.")
def serve(config: Path | None, policies: tuple[str, ...], inside: tuple[str, ...], **options: Any) -> None:
    """Run the broker until it is stopped. Calls that run then are waited for."""
    with errors(False):
        from unified_platform.broker import config as settings
        from unified_platform.broker.serving import serve as run

        found = settings.load(config, policies=policies or None, inside=inside or None, **options)
        if found.log is None:  # else standard error is for events alone
            click.echo(f"the broker listens at {found.address}", err=True)
        run(found)


@broker.command("login")
@click.argument("person")
@click.option("--url", help="Where people reach the broker, if the settings do not say.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="The broker's settings.")
@click.option("--store", help="Where links are kept: a path or postgresql://…; by default UNIFIED_CONTROL.")
@as_json
def login(person: str, url: str | None, config: Path | None, store: str | None, as_json: bool) -> None:
    """Print a link that logs PERSON in to the broker, once and within ten minutes, so that they can approve calls."""
    with errors(as_json):
        from unified_platform.broker import config as settings
        from unified_platform.broker.people import People
        from unified_platform.broker.store import open_store

        found = settings.load(config, url=url, control=store)
        link = f"{found.address}/login?link={People(open_store(found.control)).invite(person).reveal()}"
        click.echo(json.dumps({"person": person, "link": link}) if as_json else link)


@broker.group("keys")
def keys() -> None:
    """Agents' keys."""


@keys.command("create")
@click.option("--agent", required=True, help="The agent that gets the key.")
@click.option("--user", "users", multiple=True, help="A user it may act for, or * for any; several times for several.")
@click.option("--team", "teams", multiple=True, help="A team whose connections it may use, or * for any.")
@click.option("--toolset", "toolsets", multiple=True, required=True, help="What it may call, such as tasks.read or jira; * for everything.")
@click.option("--expires", default="90d", show_default=True, help="How long it is good: 12h, 90d, 1y, or never.")
@click.option("--note", help="What it is for.")
@_store
@as_json
def create(
    agent: str,
    users: tuple[str, ...],
    teams: tuple[str, ...],
    toolsets: tuple[str, ...],
    expires: str,
    note: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Make a key and print it. It is shown this once: only its hash is kept."""
    from unified_platform.broker.keys import Scope

    with errors(as_json):
        made, secret = _keys(store).create(Scope(agent, users, teams, toolsets), lifetime=_lifetime(expires), note=note)
        if as_json:
            click.echo(json.dumps({**_data(made), "key": secret.reveal()}, ensure_ascii=False))
        else:
            click.echo(secret.reveal())


@keys.command("list")
@_store
@as_json
def list_(store: str | None, as_json: bool) -> None:
    """List the keys, without their secrets."""
    with errors(as_json):
        found = [_data(key) for key in _keys(store).list()]
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
        elif not found:
            click.echo("there are no keys")
        else:
            columns = ["id", "agent", "users", "teams", "toolsets", "status", "expires", "note"]
            tables.show(columns, [[_cell(key[name]) for name in columns] for key in found])


@keys.command("revoke")
@click.argument("id")
@_store
@as_json
def revoke(id: str, store: str | None, as_json: bool) -> None:
    """End a key. Running brokers refuse it within a second."""
    with errors(as_json):
        key = _keys(store).revoke(id)
        click.echo(json.dumps(_data(key), ensure_ascii=False) if as_json else f"{key.id} is revoked")


def _keys(store: str | None) -> Any:
    from unified_platform.broker.keys import KeyStore
    from unified_platform.broker.store import open_store

    return KeyStore(open_store(store))


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _lifetime(text: str) -> float | None:
    if text == "never":
        return None
    match = _LIFETIME.match(text)
    if match is None:
        raise InvalidInput("--expires takes a number with s, m, h, d, w or y, such as 90d, or never")
    return float(int(match[1]) * _SECONDS[match[2]])


def _data(key: Any) -> dict[str, Any]:
    scope = key.scope
    return {
        "id": key.id,
        "agent": scope.agent,
        "users": [*scope.users],
        "teams": [*scope.teams],
        "toolsets": [*scope.toolsets],
        "status": key.status(datetime.now(UTC).timestamp()),
        "created": _when(key.created_at),
        "expires": _when(key.expires_at),
        "revoked": _when(key.revoked_at),
        "note": key.note,
    }


def _when(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
