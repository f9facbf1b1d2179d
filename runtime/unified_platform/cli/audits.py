"""`unified audit`: read the audit trail, and check that nothing in it was changed."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import click

from unified_platform import outcomes
from unified_platform.cli.common import as_json, errors
from unified_platform.control.audit import Audit, AuditBroken, Head
from unified_platform.control.store import open_store
from unified_runtime import InvalidInput

_store = click.option("--store", help="Where the trail is kept: a path or postgresql://…; by default UNIFIED_CONTROL.")
_HEAD = re.compile(r"(\d+):([0-9a-f]{64})\Z")


@click.group("audit")
def audit() -> None:
    """The trail of decisions, calls and approvals."""


@audit.command("show")
@click.option("--last", type=click.IntRange(min=1), default=50, show_default=True, help="How many entries.")
@click.option("--agent", help="Only this agent's.")
@click.option("--operation", help="Only this operation's, such as tasks.delete.")
@click.option("--call", "call_", help="Only this call's.")
@_store
@as_json
def show(last: int, agent: str | None, operation: str | None, call_: str | None, store: str | None, as_json: bool) -> None:
    """Print the newest entries, oldest first, one a line."""
    wanted = {name: value for name, value in (("agent", agent), ("operation", operation), ("call", call_)) if value is not None}
    with errors(as_json):
        trail = Audit(open_store(store, exist=True))
        found = [*trail.entries()] if wanted else trail.last(last)
        found = [(seq, entry) for seq, entry in found if all(entry.get(name) == value for name, value in wanted.items())][-last:]
        for seq, entry in found:
            click.echo(json.dumps({"seq": seq, **entry}) if as_json else _line(seq, entry))


def _line(seq: int, entry: dict[str, Any]) -> str:
    outcome = entry.get("decision") or entry.get("outcome") or ""
    phase = entry.get("phase", entry.get("kind", ""))
    who = entry.get("agent") or "no agent"
    whom = "".join(f" for {entry[name]}" for name in ("user", "on_behalf_of") if entry.get(name))
    about = f"{entry.get('operation', '')} via {entry.get('vendor', '')}"
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
    return outcomes.printable(line).replace("\n", "\ufffd").replace("\t", " ")


@audit.command("verify")
@click.option("--head", "noted", metavar="SEQ:HASH", help="An entry noted before, by `unified audit head`: the trail must lead to it.")
@_store
@as_json
def verify(noted: str | None, store: str | None, as_json: bool) -> None:
    """Check every entry against the chain. Exits with 1 if one was changed, put in or taken out."""
    with errors(as_json):
        try:
            head = Audit(open_store(store, exist=True)).verify(_noted(noted))
        except AuditBroken as broken:
            data = {"sound": False, "seq": broken.seq, "message": broken.message}
            click.echo(json.dumps(data) if as_json else f"broken: {broken.message}")
            sys.exit(1)
        if as_json:
            click.echo(json.dumps({"sound": True, "seq": head.seq, "hash": head.hash}))
        else:
            click.echo(f"sound: {head.seq} entries, head {head.seq}:{head.hash}")


@audit.command("head")
@_store
def head(store: str | None) -> None:
    """Print the last entry's number and hash, to be noted where the trail's keeper cannot write."""
    with errors(False):
        found = Audit(open_store(store, exist=True)).head()
        click.echo(f"{found.seq}:{found.hash}")


def _noted(text: str | None) -> Head | None:
    if text is None:
        return None
    match = _HEAD.match(text)
    if match is None:
        raise InvalidInput("--head takes what `unified audit head` prints: a number, a colon and 64 hexadecimal digits")
    return Head(int(match[1]), match[2])
