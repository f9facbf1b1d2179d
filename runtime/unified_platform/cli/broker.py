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
from unified_runtime.core.owners import TENANT

_store = click.option("--store", help="Where keys are stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
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
@click.option("--control", help="Where keys, approvals and the audit log are stored; by default UNIFIED_CONTROL.")
@click.option("--redis", help="A Redis server by which several processes count against the vendors' limits together: redis://…")
@click.option("--idempotency", help="Where idempotency keys are remembered; by default UNIFIED_IDEMPOTENCY.")
@click.option("--sagas", help="Where sagas that agents submit are stored: a path, or postgresql://…; without it, none are accepted.")
@click.option("--usage", help="Where usage is stored; by default UNIFIED_USAGE, or beside --control.")
@click.option("--prices", help="The file of the prices by which calls cost something; by default UNIFIED_PRICES.")
@click.option("--log", type=click.Choice(["json", "console"]), help="Write every call to standard error, as JSON or for people.")
@click.option("--metrics", metavar="HOST:PORT", help="Where Prometheus finds metrics, or /metrics; see docs/how-to/observability.md.")
@click.option(
    "--trace", type=click.Choice(["calls", "vendors"]), help="Record spans of calls; vendors: also send the trace context to vendors."
)
@click.option("--inside", multiple=True, help="The host of a tracker in a private network; several times for several.")
@click.option("--agents", help="The file of agents and their toolsets.")
@click.option("--policies", multiple=True, help="Cedar files or folders.")
@click.option("--certificate", help="The TLS certificate's file.")
@click.option("--certificate-key", help="The file of its key.")
def serve(config: Path | None, policies: tuple[str, ...], inside: tuple[str, ...], **options: Any) -> None:
    """Run the broker until it is stopped. Calls that run then are waited for."""
    with errors(False):
        from unified_platform.broker import config as settings
        from unified_platform.broker.server import serve as run

        found = settings.load(config, policies=policies or None, inside=inside or None, **options)
        if found.log is None:  # else standard error is for events only
            click.echo(f"the broker listens at {found.address}", err=True)
        run(found)


@broker.command("migrate")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="The broker's settings.")
def migrate(config: Path | None) -> None:
    """Create or migrate the tables of all stores, and exit. `serve` does so too; use this in a job that runs before an update."""
    with errors(False):
        from unified_platform.broker import config as settings
        from unified_platform.broker.server import migrate as run

        run(settings.load(config))
        click.echo("all stores are up to date", err=True)


@broker.command("openapi")
@click.option("--url", default="http://127.0.0.1:8320", show_default=True, help="Address of the broker.")
def openapi(url: str) -> None:
    """Print the OpenAPI document of the broker's HTTP API, for clients in other languages. A broker serves it at /v1/openapi.json."""
    from unified_platform.broker.openapi import document

    click.echo(json.dumps(document(url), indent=2))


@broker.command("login")
@click.argument("person")
@click.option("--url", help="Address at which people reach the broker, if the settings have none.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="The broker's settings.")
@click.option("--store", help="Where links are stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
@as_json
def login(person: str, url: str | None, config: Path | None, store: str | None, as_json: bool) -> None:
    """Print a link that logs PERSON in to the broker, once and within ten minutes, so that they can approve calls."""
    with errors(as_json):
        from unified_platform.broker import config as settings
        from unified_platform.broker.database import open_store
        from unified_platform.broker.sessions import LoginSessions

        found = settings.load(config, url=url, control=store)
        link = f"{found.address}/login?link={LoginSessions(open_store(found.control), found.tenant or TENANT).invite(person).reveal()}"
        click.echo(json.dumps({"person": person, "link": link}) if as_json else link)


@broker.group("sessions")
def sessions() -> None:
    """People's login sessions, and login links that were not used yet."""


@sessions.command("list")
@click.option("--person", help="Those of one person.")
@click.option("--store", help="Where sessions are stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
@as_json
def list_sessions(person: str | None, store: str | None, as_json: bool) -> None:
    """List sessions and unused login links. Ids serve to end them and cannot be used to log in."""
    with errors(as_json):
        found = [{**one._asdict(), "expires": _when(one.expires_at)} for one in _people(_opened(store)).list(person)]
        columns = ["id", "kind", "person", "expires"]
        if as_json:
            click.echo(json.dumps([{name: one[name] for name in columns} for one in found], ensure_ascii=False))
        elif not found:
            click.echo("no sessions and no unused login links")
        else:
            tables.show(columns, [[str(one[name]) for name in columns] for one in found])


@sessions.command("end")
@click.argument("id", required=False)
@click.option("--person", help="All of one person: sessions, and links that were not used yet.")
@click.option("--all", "everyone", is_flag=True, help="All of everyone.")
@click.option("--store", help="Where sessions are stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
@as_json
def end_session(id: str | None, person: str | None, everyone: bool, store: str | None, as_json: bool) -> None:
    """End a session, or take a login link back. Running brokers refuse it at once, in every process."""
    with errors(as_json):
        if (id is not None) + (person is not None) + everyone != 1:
            raise InvalidInput("give the ID of a session or link (`unified broker sessions list`), or --person NAME, or --all")
        from unified_platform.audit.chain_keys import open_audit_log

        database = _opened(store)
        known = _people(database)
        ended = [known.end(id)] if id is not None else known.end_all(person)
        audit = open_audit_log(database)
        for one in ended:
            entry = {
                "time": datetime.now(UTC).isoformat(),
                "kind": "session_ended",
                "person": one.person,
                "session": one.id,
                "how": one.kind,
            }
            audit.append(entry)
        if as_json:
            click.echo(json.dumps([{"id": one.id, "kind": one.kind, "person": one.person} for one in ended], ensure_ascii=False))
        else:
            for one in ended:
                click.echo(f"{one.kind} {one.id} of {one.person} is ended")
            if not ended:
                click.echo("there was nothing to end")


@broker.group("keys")
def keys() -> None:
    """Agents' keys."""


@keys.command("create")
@click.option("--agent", required=True, help="The agent that gets the key.")
@click.option("--user", "users", multiple=True, help="A user it may act for, or * for any; several times for several.")
@click.option("--team", "teams", multiple=True, help="A team whose connections it may use, or * for any.")
@click.option("--toolset", "toolsets", multiple=True, required=True, help="What it may call, such as tasks.read or jira; * for everything.")
@click.option("--expires", default="90d", show_default=True, help="How long it is good: 12h, 90d, 1y, or never.")
@click.option("--tenant", default=TENANT, show_default=True, help="The tenant whose broker accepts it.")
@click.option("--note", help="What it is for.")
@_store
@as_json
def create(
    agent: str,
    users: tuple[str, ...],
    teams: tuple[str, ...],
    toolsets: tuple[str, ...],
    expires: str,
    tenant: str,
    note: str | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Create a key and print it. It is shown only once: the database holds its hash."""
    from unified_platform.broker.agent_keys import Scope

    with errors(as_json):
        made, secret = _keys(store).create(Scope(agent, users, teams, toolsets), lifetime=_lifetime(expires), note=note, tenant=tenant)
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
    from unified_platform.broker.agent_keys import KeyStore
    from unified_platform.broker.database import open_store

    return KeyStore(open_store(store))


def _people(database: Any) -> Any:
    from unified_platform.broker.sessions import LoginSessions

    return LoginSessions(database)


def _opened(store: str | None) -> Any:
    from unified_platform.broker.database import open_store

    return open_store(store)


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _lifetime(text: str) -> float | None:
    if text == "never":
        return None
    match = _LIFETIME.match(text)
    if match is None:
        raise InvalidInput("--expires accepts a number with s, m, h, d, w or y, such as 90d, or never")
    return float(int(match[1]) * _SECONDS[match[2]])


def _data(key: Any) -> dict[str, Any]:
    scope = key.scope
    return {
        "id": key.id,
        "tenant": key.tenant,
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
