"""`unified approvals`: what waits for a person, and their decision."""

from __future__ import annotations

import getpass
import json
from typing import Any

import click
import msgspec

from unified_platform.approvals.review import text, when
from unified_platform.approvals.store import PAGE, Approval, ApprovalStore
from unified_platform.audit.chain_keys import open_audit_log
from unified_platform.audit.database import open_store
from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors
from unified_runtime.policy.approvals import summary

_store = click.option("--store", help="Where approvals are stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
_note = click.option("--note", help="Why.")


@click.group("approvals")
def approvals() -> None:
    """Calls that wait for a person to approve them."""


@approvals.command("list")
@click.option("--all", "every", is_flag=True, help="Those decided, spent and expired as well.")
@click.option("--limit", type=click.IntRange(1, 1000), default=PAGE, show_default=True, help="How many, the oldest first.")
@click.option("--after", metavar="ID", help="List the approvals that were requested after this one.")
@click.option("--tenant", help="Those of one tenant.")
@_store
@as_json
def list_(every: bool, limit: int, after: str | None, tenant: str | None, store: str | None, as_json: bool) -> None:
    """List what waits."""
    with errors(as_json):
        listed = _opened(store, tenant).list(None if every else "pending", limit=limit + 1, after=after)
        found, more = listed[:limit], len(listed) > limit
        if as_json:
            click.echo(json.dumps([_data(approval) for approval in found], indent=2, ensure_ascii=False))
        elif not found:
            click.echo("nothing waits")
        for approval in () if as_json else found:
            subject = approval.subject
            who = f"{subject.agent or 'no agent'}" + (f" for {subject.user}" if subject.user else "")
            until = when(approval.expires_at)
            line = f"{approval.id}  {approval.status:<8}  {summary(subject)}, by {who}, until {until}"
            click.echo(output.printable(line).replace("\n", " "))
        if more:
            click.echo(f"there are more: unified approvals list{' --all' if every else ''} --after {found[-1].id}", err=True)


@approvals.command("purge")
@_store
@as_json
def purge(store: str | None, as_json: bool) -> None:
    """Delete approvals that ended more than 30 days ago. Requests for new approvals delete some of them, too."""
    with errors(as_json):
        purged = _opened(store).purge()
        click.echo(json.dumps({"purged": purged}) if as_json else f"{purged} deleted")


@approvals.command("show")
@click.argument("id")
@_store
@as_json
def show(id: str, store: str | None, as_json: bool) -> None:
    """Show what would be approved: the caller, every argument, and the requests that would be sent."""
    with errors(as_json):
        approval = _opened(store).get(id)
        click.echo(json.dumps(_data(approval), indent=2, ensure_ascii=False) if as_json else output.printable(text(approval)))


@approvals.command("approve")
@click.argument("id")
@_note
@_store
@as_json
def approve(id: str, note: str | None, store: str | None, as_json: bool) -> None:
    """Approve one call with exactly its arguments, once."""
    with errors(as_json):
        _print(_opened(store).approve(id, by=getpass.getuser(), note=note), as_json)


@approvals.command("deny")
@click.argument("id")
@_note
@_store
@as_json
def deny(id: str, note: str | None, store: str | None, as_json: bool) -> None:
    """Deny a call."""
    with errors(as_json):
        _print(_opened(store).deny(id, by=getpass.getuser(), note=note), as_json)


def _opened(store: str | None, tenant: str | None = None) -> ApprovalStore:
    database = open_store(store)
    return ApprovalStore(database, tenant=tenant, audit=open_audit_log(database))


def _print(approval: Approval, as_json: bool) -> None:
    click.echo(json.dumps(_data(approval), ensure_ascii=False) if as_json else f"{approval.id} is {approval.status}")


def _data(approval: Approval) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins({name: getattr(approval, name) for name in Approval.__dataclass_fields__})
    return {name: value for name, value in data.items() if value is not None}
