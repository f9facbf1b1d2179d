"""`unified connections`: what is connected, whether it works, and ending it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from unified_platform.cli import tables
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.vault_options import Opens, vault_options
from unified_platform.connections.connection_check import check_connection
from unified_platform.connections.records import NAME, DamagedConnection, checked_connection_key, connect_command, inactive_error
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, SealedVault, Status
from unified_runtime import Client, InvalidInput, NotConnected

F = TypeVar("F", bound=Callable[..., Any])


def _key_options(function: F) -> F:
    for option in (
        click.option("--name", default=NAME, show_default=True, help="Which of several."),
        click.option("--team", help="Which team shares it."),
        click.option("--user", help="Whose it is."),
        click.argument("vendor"),
    ):
        function = option(function)
    return function


@click.group("connections")
def connections() -> None:
    """Manage connections: list, show, test, revoke."""


@connections.command("list")
@click.option("--vendor", help="Only those to this vendor.")
@click.option("--user", help="Only those of this user.")
@click.option("--team", help="Only those of this team.")
@vault_options
@as_json
def list_(vendor: str | None, user: str | None, team: str | None, opens: Opens, as_json: bool) -> None:
    """List the connections, without their secrets."""
    with errors(as_json):
        if user is not None and team is not None:
            raise InvalidInput("a connection belongs to a user or to a team: --user or --team")
        found = opens().list(vendor=vendor, user=user, team=team)
    if as_json:
        click.echo(json.dumps([*map(_data, found.records), *map(_damage, found.damaged)], ensure_ascii=False))
        return
    defaults = _defaults(found.records)
    rows = [
        [
            one.key.vendor,
            _owner(one.key),
            one.key.name + (" *" if one.id in defaults else ""),
            one.account or one.username or "",
            one.kind.value,
            _status(one),
            _until(one),
        ]
        for one in found.records
    ]
    rows += [[one.key.vendor, _owner(one.key), one.key.name, "", "", "damaged", one.what] for one in found.damaged]
    if not rows:
        click.echo("nothing is connected")
        return
    tables.show(["vendor", "whose", "name", "account", "kind", "status", "until"], rows)


@connections.command("show")
@_key_options
@vault_options
@as_json
def show(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Show a connection to VENDOR, without its secrets."""
    with errors(as_json):
        record = _found(opens(), checked_connection_key(vendor, user, team, name))
    data = _data(record)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    shown = [(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for key, value in data.items()]
    tables.show(["", "connection"], [[key.replace("_", " "), value] for key, value in shown])


@connections.command("test")
@_key_options
@vault_options
@as_json
def test(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Make one small reading call through a connection to VENDOR, and report if it works."""
    with errors(as_json):
        vault = opens()
        key = checked_connection_key(vendor, user, team, name)
        record = _found(vault, key)
        if record.status is not Status.ACTIVE:
            raise inactive_error(record)
        with Client(vault=vault.source()) as client:
            start = time.monotonic()
            checked = check_connection(client, vendor, user=user, team=team, name=name)
            seconds = time.monotonic() - start
        data = {"works": True, "call": checked.operation, "milliseconds": round(seconds * 1000), "found": checked.found}
        click.echo(
            json.dumps(data) if as_json else f"the connection to {key} works: {checked.operation} responded in {seconds * 1000:.0f} ms"
        )


@connections.command("default")
@_key_options
@vault_options
@as_json
def default(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Make a connection to VENDOR the one that calls go through when they name none."""
    with errors(as_json):
        vault = opens()
        record = _found(vault, checked_connection_key(vendor, user, team, name))
        stored = vault.compare_and_swap(replace(record, preferred_at=time.time()), record.version)
        click.echo(json.dumps(_data(stored), ensure_ascii=False) if as_json else f"{stored.key} is the default")


@connections.command("revoke")
@_key_options
@click.option("--local", is_flag=True, help="Delete it only here, without a request to the vendor.")
@click.option("--forget", is_flag=True, help="Keep no trace that it was there.")
@vault_options
@as_json
def revoke(vendor: str, user: str | None, team: str | None, name: str, local: bool, forget: bool, opens: Opens, as_json: bool) -> None:
    """End a connection to VENDOR: its tokens at the vendor, if the vendor supports it, and its secrets in the vault.

    An API key or a password goes on being good at the vendor until it is deleted there.
    """
    with errors(as_json):
        vault = opens()
        key = checked_connection_key(vendor, user, team, name)
        data = _ended(vault, key, local)
        if forget and (left := vault.find(key)) is not None:
            vault.delete(left.id)
        if as_json:
            click.echo(json.dumps({"revoked": str(key), "vendor_told": data, "forgotten": forget}))
            return
        click.echo(f"revoked {key}" + ("" if data else "; at the vendor it ends when it is deleted there"))


def _ended(vault: SealedVault, key: ConnectionKey, local: bool) -> bool:
    """End a connection. Return whether it was revoked at the vendor."""
    record = _found(vault, key)
    if record.kind is Kind.OAUTH and not local:
        from unified_platform.oauth.connector import Connector

        return Connector(vault).revoke(key)
    vault.compare_and_swap(replace(record, secrets={}, status=Status.REVOKED, reason="revoked by command"), record.version)
    return False


def _found(vault: SealedVault, key: ConnectionKey) -> ConnectionRecord:
    record = vault.find(key)
    if record is None:
        raise NotConnected(f"there is no connection to {key}. Connect it with: {connect_command(key)}", vendor=key.vendor)
    return record


def _defaults(records: tuple[ConnectionRecord, ...]) -> set[str]:
    """Ids of those that are the default among several of the same owner and vendor."""
    groups: dict[ConnectionKey, list[ConnectionRecord]] = {}
    for one in records:
        groups.setdefault(replace(one.key, name=NAME), []).append(one)
    several = (group for group in groups.values() if len(group) > 1)
    return {max(group, key=lambda one: (one.preferred_at, one.key.name == NAME)).id for group in several}


def _owner(key: ConnectionKey) -> str:
    return key.user if key.user is not None else f"team {key.team}" if key.team is not None else "(everyone)"


def _status(record: ConnectionRecord) -> str:
    return (
        record.status.value.replace("_", " ")
        + (", exclusive" if record.exclusive else "")
        + (f": {record.reason}" if record.reason else "")
    )


def _until(record: ConnectionRecord) -> str:
    if record.expires_at is None:
        return ""
    if "refresh_token" in record.secrets:
        return f"{_time(record.expires_at)} (refreshed when used)"
    return _time(record.expires_at) + (" (ended)" if record.expires_at <= time.time() else "")


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _data(record: ConnectionRecord) -> dict[str, Any]:
    """A connection as plain values. Secrets are listed by name only."""
    key = record.key
    data = {
        "id": record.id,
        "vendor": key.vendor,
        "user": key.user,
        "team": key.team,
        "name": key.name,
        "kind": record.kind.value,
        "scheme": record.scheme,
        "account": record.account,
        "account_id": record.account_id,
        "username": record.username,
        "values": dict(record.values),
        "server": record.server,
        "scopes": list(record.scopes),
        "holds": sorted(record.secrets),
        "exclusive": bool(record.exclusive),
        "status": record.status.value,
        "reason": record.reason,
        "expires_at": record.expires_at and _time(record.expires_at),
        "created_at": _time(record.created_at),
        "updated_at": _time(record.updated_at),
        "version": record.version,
    }
    return {name: value for name, value in data.items() if value not in (None, {}, [])}


def _damage(damage: DamagedConnection) -> dict[str, Any]:
    key = damage.key
    data = {"id": damage.connection_id, "vendor": key.vendor, "user": key.user, "team": key.team, "name": key.name}
    return {name: value for name, value in data.items() if value is not None} | {"status": "damaged", "reason": damage.what}
