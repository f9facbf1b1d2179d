"""`unified connections`: what is connected, whether it works, and ending it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from unified_platform import catalog
from unified_platform.cli import tables
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.vaults import Opens, vault_options
from unified_platform.vault import ConnectionRecord, Kind, Place, SealedVault, Status
from unified_platform.vault.records import NAME, Damage, checked_place
from unified_platform.vault.source import how_to_connect, not_active
from unified_runtime import Client, InvalidInput, NotConnected, Unsupported, acting

F = TypeVar("F", bound=Callable[..., Any])

_TRIED = ("projects", "users", "calendars", "folders", "channels", "tasks", "contacts", "files", "messages")
"""Resources whose lists are tried first, from the cheapest and most widely allowed on."""


def _place_options(function: F) -> F:
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
    """What is connected: list, show, test, revoke."""


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
            one.place.vendor,
            _owner(one.place),
            one.place.name + (" *" if one.id in defaults else ""),
            one.account or one.username or "",
            one.kind.value,
            _status(one),
            _until(one),
        ]
        for one in found.records
    ]
    rows += [[one.place.vendor, _owner(one.place), one.place.name, "", "", "damaged", one.what] for one in found.damaged]
    if not rows:
        click.echo("nothing is connected")
        return
    tables.show(["vendor", "whose", "name", "account", "kind", "status", "until"], rows)


@connections.command("show")
@_place_options
@vault_options
@as_json
def show(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Show a connection to VENDOR, without its secrets."""
    with errors(as_json):
        record = _found(opens(), checked_place(vendor, user, team, name))
    data = _data(record)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    shown = [(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for key, value in data.items()]
    tables.show(["", "connection"], [[key.replace("_", " "), value] for key, value in shown])


@connections.command("test")
@_place_options
@vault_options
@as_json
def test(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Make one small reading call through a connection to VENDOR, and say whether it works."""
    with errors(as_json):
        vault = opens()
        place = checked_place(vendor, user, team, name)
        record = _found(vault, place)
        if record.status is not Status.ACTIVE:
            raise not_active(record)
        operation = _try(vendor)
        with Client(vault=vault.source()) as client, acting(user=user, team=team, via=vendor, connection=name):
            start = time.monotonic()
            first = client.list(operation, operation.build(limit=1)).first()
            seconds = time.monotonic() - start
        told = {"works": True, "call": operation.name, "milliseconds": round(seconds * 1000), "found": first is not None}
        click.echo(
            json.dumps(told) if as_json else f"the connection to {place} works: {operation.name} answered in {seconds * 1000:.0f} ms"
        )


@connections.command("default")
@_place_options
@vault_options
@as_json
def default(vendor: str, user: str | None, team: str | None, name: str, opens: Opens, as_json: bool) -> None:
    """Make a connection to VENDOR the one that calls go through when they name none."""
    with errors(as_json):
        vault = opens()
        record = _found(vault, checked_place(vendor, user, team, name))
        stored = vault.compare_and_swap(replace(record, preferred_at=time.time()), record.version)
        click.echo(json.dumps(_data(stored), ensure_ascii=False) if as_json else f"{stored.place} is the default")


@connections.command("revoke")
@_place_options
@click.option("--local", is_flag=True, help="Do not tell the vendor: end it here alone.")
@click.option("--forget", is_flag=True, help="Keep no trace that it was there.")
@vault_options
@as_json
def revoke(vendor: str, user: str | None, team: str | None, name: str, local: bool, forget: bool, opens: Opens, as_json: bool) -> None:
    """End a connection to VENDOR: its tokens at the vendor, where that can be told, and its secrets in the vault.

    An API key or a password goes on being good at the vendor until it is deleted there.
    """
    with errors(as_json):
        vault = opens()
        place = checked_place(vendor, user, team, name)
        told = _ended(vault, place, local)
        if forget and (left := vault.find(place)) is not None:
            vault.delete(left.id)
        if as_json:
            click.echo(json.dumps({"revoked": str(place), "vendor_told": told, "forgotten": forget}))
            return
        click.echo(f"revoked {place}" + ("" if told else "; at the vendor it ends when it is deleted there"))


def _ended(vault: SealedVault, place: Place, local: bool) -> bool:
    """End a connection. Returns whether the vendor was told."""
    record = _found(vault, place)
    if record.kind is Kind.OAUTH and not local:
        from unified_platform.oauth.connecting import Connector

        return Connector(vault).revoke(place)
    vault.compare_and_swap(replace(record, secrets={}, status=Status.REVOKED, reason="revoked by command"), record.version)
    return False


def _found(vault: SealedVault, place: Place) -> ConnectionRecord:
    record = vault.find(place)
    if record is None:
        raise NotConnected(f"there is no connection to {place}. Connect it with: {how_to_connect(place)}", vendor=place.vendor)
    return record


def _try(vendor: str) -> Any:
    """A list of the vendor's that needs no input."""
    from importlib import import_module

    entry = next((entry for entry in catalog.load() if entry.name == vendor), None)
    usable = (
        [name for name, one in entry.resources.items() if "list" in one.operations and not one.operations["list"].requires] if entry else []
    )
    if not usable:
        raise Unsupported(f"nothing of {vendor} can be listed without an input, so that a connection to it cannot be tried")
    return import_module(f"unified.{min(usable, key=lambda name: (_TRIED.index(name) if name in _TRIED else 99, name))}").list


def _defaults(records: tuple[ConnectionRecord, ...]) -> set[str]:
    """Ids of those that are the default among several of the same owner and vendor."""
    groups: dict[Place, list[ConnectionRecord]] = {}
    for one in records:
        groups.setdefault(replace(one.place, name=NAME), []).append(one)
    several = (group for group in groups.values() if len(group) > 1)
    return {max(group, key=lambda one: (one.preferred_at, one.place.name == NAME)).id for group in several}


def _owner(place: Place) -> str:
    return place.user if place.user is not None else f"team {place.team}" if place.team is not None else "(everyone)"


def _status(record: ConnectionRecord) -> str:
    return record.status.value.replace("_", " ") + (f": {record.reason}" if record.reason else "")


def _until(record: ConnectionRecord) -> str:
    if record.expires_at is None:
        return ""
    if "refresh_token" in record.secrets:
        return f"{_moment(record.expires_at)} (refreshed when used)"
    return _moment(record.expires_at) + (" (ended)" if record.expires_at <= time.time() else "")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _data(record: ConnectionRecord) -> dict[str, Any]:
    """A connection as plain values. Of its secrets only the names, which say what there is."""
    place = record.place
    data = {
        "id": record.id,
        "vendor": place.vendor,
        "user": place.user,
        "team": place.team,
        "name": place.name,
        "kind": record.kind.value,
        "scheme": record.scheme,
        "account": record.account,
        "account_id": record.account_id,
        "username": record.username,
        "values": dict(record.values),
        "server": record.server,
        "scopes": list(record.scopes),
        "holds": sorted(record.secrets),
        "status": record.status.value,
        "reason": record.reason,
        "expires_at": record.expires_at and _moment(record.expires_at),
        "created_at": _moment(record.created_at),
        "updated_at": _moment(record.updated_at),
        "version": record.version,
    }
    return {name: value for name, value in data.items() if value not in (None, {}, [])}


def _damage(damage: Damage) -> dict[str, Any]:
    place = damage.place
    data = {"id": damage.connection_id, "vendor": place.vendor, "user": place.user, "team": place.team, "name": place.name}
    return {name: value for name, value in data.items() if value is not None} | {"status": "damaged", "reason": damage.what}
