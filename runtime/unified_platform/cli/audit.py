"""`unified audit`: read the audit log, and check that nothing in it was changed."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from unified_platform.audit.chain_keys import keys_of
from unified_platform.audit.database import open_store
from unified_platform.audit.heads import Head, open_heads
from unified_platform.audit.log import AuditBroken, StoredAuditLog, Verified
from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors
from unified_runtime import InvalidInput
from unified_runtime.core.owners import TENANT

_store = click.option("--store", help="Where the audit log is stored: a path or postgresql://…; by default UNIFIED_CONTROL.")
_keys = click.option(
    "--vault-key",
    "vault_keys",
    multiple=True,
    metavar="SOURCE",
    help="A source of the root key, if the log is keyed; by default UNIFIED_VAULT_KEY. May be given again, for an earlier one.",
)
_HEAD = re.compile(r"(\d+):([0-9a-f]{64})\Z")


@click.group("audit")
def audit() -> None:
    """The audit log of decisions, calls and approvals."""


@audit.command("show")
@click.option("--last", type=click.IntRange(min=1), default=50, show_default=True, help="How many entries.")
@click.option("--tenant", help="Only this tenant's.")
@click.option("--agent", help="Only this agent's.")
@click.option("--user", help="Only this user's.")
@click.option("--connection", help="Only those by this connection, by its id.")
@click.option("--operation", help="Only this operation's, such as tasks.delete.")
@click.option("--call", "call_", help="Only this call's.")
@_store
@as_json
def show(last: int, call_: str | None, store: str | None, as_json: bool, **only: str | None) -> None:
    """Print the newest entries, oldest first, one a line."""
    wanted = {name: value for name, value in {**only, "call": call_}.items() if value is not None}
    with errors(as_json):
        audit_log = StoredAuditLog(open_store(store, exist=True))
        found = [*audit_log.entries()] if wanted else audit_log.last(last)
        found = [(seq, entry) for seq, entry in found if all(entry.get(name) == value for name, value in wanted.items())][-last:]
        for seq, entry in found:
            click.echo(json.dumps({"seq": seq, **entry}) if as_json else _line(seq, entry))


def _line(seq: int, entry: dict[str, Any]) -> str:
    outcome = entry.get("decision") or entry.get("outcome") or ""
    phase = entry.get("phase", entry.get("kind", ""))
    who = entry.get("agent") or "no agent"
    whom = "".join(f" for {entry[name]}" for name in ("user", "on_behalf_of") if entry.get(name))
    whom += f" of tenant {entry['tenant']}" if entry.get("tenant", TENANT) != TENANT else ""
    about = f"{entry['operation']} via {entry.get('vendor', '')}" if entry.get("operation") else "no operation"
    request = entry.get("request")
    details = [f"{request['method']} {request['path']}"] if request else []
    details += [f"{name} {value}" for name, value in entry.get("ids", {}).items()]
    details += [f"by {', '.join(entry['policies'])}"] if entry.get("policies") else []
    details += entry.get("reasons", [])
    details += [f"approval {entry['approval']}"] if entry.get("approval") else []
    details += [f"decided by {entry['by']}"] if entry.get("by") else []
    line = f"{seq}  {entry.get('time', '')}  {phase:<9}  {outcome:<8}  {about}, {who}{whom}" + (
        f"  ({'; '.join(details)})" if details else ""
    )
    return output.printable(line).replace("\n", "\ufffd").replace("\t", " ")


@audit.command("verify")
@click.option("--head", "noted", metavar="SEQ:HASH", help="An entry noted before, by `unified audit head`: the log must contain it.")
@click.option(
    "--heads",
    "locations",
    multiple=True,
    metavar="LOCATION",
    help="Where heads were recorded: a file (such as a collected log), or another database; by default UNIFIED_AUDIT_HEADS, or the file "
    "that is written without a setting.",
)
@_keys
@_store
@as_json
def verify(noted: str | None, locations: tuple[str, ...], vault_keys: tuple[str, ...], store: str | None, as_json: bool) -> None:
    """Check every entry against the chain and against the heads that were recorded outside. Exits with 1 if an entry was changed, put in
    or taken out, or if the audit log was cut off or replaced."""
    with errors(as_json):
        database = open_store(store, exist=True)
        heads = [
            head
            for location in locations or (None,)
            if (saved := open_heads(location, database.location)) is not None
            for head in saved.read()
        ]
        if noted is not None:
            heads.append(_noted(noted))
        try:
            found = StoredAuditLog(database, keys_of(*vault_keys)).verified(heads)
        except AuditBroken as broken:
            data = {"sound": False, "seq": broken.seq, "message": broken.message}
            click.echo(json.dumps(data) if as_json else f"broken: {broken.message}")
            sys.exit(1)
        if as_json:
            head = found.head
            details = {"sound": True, "seq": head.seq, "hash": head.hash}
            click.echo(json.dumps(details | {"unkeyed": found.unkeyed, "heads": found.heads, "covered": found.covered}))
        else:
            click.echo(f"sound: {found.head.seq} entries, head {found.head.seq}:{found.head.hash}")
            for line in _limits(found):
                click.echo(line)


def _limits(found: Verified) -> list[str]:
    """Return notes about what the check does not cover."""
    lines = []
    if found.unkeyed:
        which = "its entries are" if found.unkeyed == found.head.seq else f"entries 1 to {found.unkeyed} are"
        lines.append(f"{which} not keyed: write access to the database sufficed to rewrite them before a key or a head covered them")
    if not found.heads:
        lines.append("no head was recorded outside the database: a log that was cut off or replaced by an older copy looks the same")
    elif found.covered < found.head.seq:
        lines.append(f"{found.heads} recorded heads are in it, the last at entry {found.covered}")
    else:
        lines.append(f"{found.heads} recorded heads are in it, and cover all of it")
    return lines


@audit.command("rotate")
@click.option("--to", metavar="SOURCE", help="Another source of the root key, which wraps all keys of the log from now on.")
@_keys
@_store
def rotate(to: str | None, vault_keys: tuple[str, ...], store: str | None) -> None:
    """Add a key that applies to all entries from now on, while others write. Earlier keys stay, for verifying.

    `unified vault rotate --to SOURCE` wraps the keys of the default control database by the new root key. For another one, run this with
    the same --to, and with --vault-key for the root key before it.
    """
    from unified_platform.audit.chain_keys import rotate as rotated
    from unified_platform.vault.opening import default_key
    from unified_platform.vault.root_keys import root

    with errors(False):
        roots = [root(one) for one in vault_keys or (default_key(),)]
        number = rotated(open_store(store, exist=True), roots, None if to is None else root(to))
        click.echo(f"key {number} applies from now on")


@audit.command("prune")
@click.option("--days", type=click.IntRange(min=1), required=True, help="Delete entries that are older than so many days.")
@_keys
@_store
def prune(days: int, vault_keys: tuple[str, ...], store: str | None) -> None:
    """Delete the oldest entries. The rest is verified from there on; an entry states which ones were deleted."""
    with errors(False):
        log = StoredAuditLog(open_store(store, exist=True), keys_of(*vault_keys))
        click.echo(f"{log.prune(datetime.now(UTC) - timedelta(days=days))} entries deleted")


@audit.command("head")
@_store
def head(store: str | None) -> None:
    """Print the last entry's number and hash, to be noted where the audit log's keeper cannot write."""
    with errors(False):
        found = StoredAuditLog(open_store(store, exist=True)).head()
        click.echo(f"{found.seq}:{found.hash}")


def _noted(text: str) -> Head:
    match = _HEAD.match(text)
    if match is None:
        raise InvalidInput("--head accepts the output of `unified audit head`: a number, a colon and 64 hexadecimal digits")
    return Head(int(match[1]), match[2])
