"""`unified approvals`: what waits for a person, and their decision."""

from __future__ import annotations

import getpass
import json
from typing import Any

import click
import msgspec

from unified_platform import outcomes
from unified_platform.cli.common import as_json, errors
from unified_platform.control.approvals import Approval, ApprovalStore
from unified_platform.control.audit import Audit
from unified_platform.control.store import open_store
from unified_platform.control.telling import text, when

_store = click.option("--store", help="Where approvals are kept: a path or postgresql://…; by default UNIFIED_CONTROL.")
_note = click.option("--note", help="Why.")


@click.group("approvals")
def approvals() -> None:
    """Calls that wait for a person to approve them."""


@approvals.command("list")
@click.option("--all", "every", is_flag=True, help="Those decided, spent and expired as well.")
@_store
@as_json
def list_(every: bool, store: str | None, as_json: bool) -> None:
    """List what waits."""
    with errors(as_json):
        found = _opened(store).list(None if every else "pending")
        if as_json:
            click.echo(json.dumps([_data(approval) for approval in found], indent=2, ensure_ascii=False))
        elif not found:
            click.echo("nothing waits")
        for approval in () if as_json else found:
            claim = approval.claim
            who = f"{claim.agent or 'no agent'}" + (f" for {claim.user}" if claim.user else "")
            until = when(approval.expires_at)
            line = f"{approval.id}  {approval.status:<8}  {claim.operation} via {claim.vendor}, by {who}, until {until}"
            click.echo(outcomes.printable(line).replace("\n", " "))


@approvals.command("show")
@click.argument("id")
@_store
@as_json
def show(id: str, store: str | None, as_json: bool) -> None:
    """Show exactly what would be approved: who asks, every argument, and the requests that would be sent."""
    with errors(as_json):
        approval = _opened(store).get(id)
        click.echo(json.dumps(_data(approval), indent=2, ensure_ascii=False) if as_json else outcomes.printable(text(approval)))


@approvals.command("approve")
@click.argument("id")
@_note
@_store
@as_json
def approve(id: str, note: str | None, store: str | None, as_json: bool) -> None:
    """Approve one call with exactly its arguments, once."""
    with errors(as_json):
        _say(_opened(store).approve(id, by=getpass.getuser(), note=note), as_json)


@approvals.command("deny")
@click.argument("id")
@_note
@_store
@as_json
def deny(id: str, note: str | None, store: str | None, as_json: bool) -> None:
    """Deny a call."""
    with errors(as_json):
        _say(_opened(store).deny(id, by=getpass.getuser(), note=note), as_json)


def _opened(store: str | None) -> ApprovalStore:
    database = open_store(store)
    return ApprovalStore(database, audit=Audit(database))


def _say(approval: Approval, as_json: bool) -> None:
    click.echo(json.dumps(_data(approval), ensure_ascii=False) if as_json else f"{approval.id} is {approval.status}")


def _data(approval: Approval) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins({name: getattr(approval, name) for name in Approval.__dataclass_fields__})
    return {name: value for name, value in data.items() if value is not None}
