"""`unified program` and `unified programs`: check and run programs, and list, approve, resume and cancel those that wait."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from unified_platform.cli import output
from unified_platform.cli.calls import agent_option, open_policies, policies_option
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.common.extras import require_extra
from unified_runtime import AsyncClient, InvalidInput, acting

if TYPE_CHECKING:
    from unified_platform.programs import Outcome, ProgramRunner, ProgramStore
    from unified_platform.programs.store import Program

_store = click.option("--store", help="Where programs are stored: a path or postgresql://…; by default UNIFIED_PROGRAMS.")
_user = click.option("--user", help="For whom to act: whose connections are used.")
_team = click.option("--team", help="Connections that are shared with this team are used as well.")
_toolsets = click.option("--toolsets", help="Operations that may be called, such as tasks,comments.read,jira. By default all.")
_vendors = click.option("--vendors", help="Vendors that may be called, such as jira,asana. By default all that are connected.")
_emulated = click.option("--emulated", is_flag=True, help="Call emulators of the vendors instead, without accounts.")


@click.group("program")
def program() -> None:
    """Check and run a program that calls the unified API."""


@program.command("check")
@click.argument("file", type=click.File())
@_user
@_team
@agent_option
@_toolsets
@_vendors
@policies_option
@_emulated
@as_json
def check(file: Any, as_json: bool, **options: Any) -> None:
    """Check the types of FILE, and print the operations that it can call. Nothing is sent."""
    with errors(as_json):
        _print(_runner(None, **options).check(file.read()), as_json)


@program.command("run")
@click.argument("file", type=click.File())
@click.option("--key", help="Make it durable: run again under the same key, it repeats no completed call.")
@click.option("--atomic", is_flag=True, help="If it fails, undo what it wrote.")
@_user
@_team
@agent_option
@_toolsets
@_vendors
@policies_option
@_emulated
@_store
@as_json
def run(file: Any, key: str | None, atomic: bool, store: str | None, as_json: bool, **options: Any) -> None:
    """Run FILE. It is checked first. A call that needs an approval pauses it (exit status 3)."""
    with errors(as_json):
        runner = _runner(_opened(store), **options)
        _print(asyncio.run(runner.arun(file.read(), key=key, atomic=atomic)), as_json)


@click.group("programs")
def programs() -> None:
    """Programs that are paused, running, or have ended."""


@programs.command("list")
@click.option("--all", "every", is_flag=True, help="Those that have ended as well.")
@click.option("--tenant", help="Those of one tenant.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many, the newest first.")
@_store
@as_json
def list_(every: bool, tenant: str | None, limit: int, store: str | None, as_json: bool) -> None:
    """List programs that are paused."""
    with errors(as_json):
        found = _opened(store).list(None if every else "paused", tenant=tenant, limit=limit)
        if as_json:
            click.echo(json.dumps([_data(one) for one in found], indent=2, ensure_ascii=False))
        elif not found:
            click.echo("no programs")
        else:
            rows = [(one.id, one.status, one.agent or "", one.user or "", _when(one.changed_at), _waits(one)) for one in found]
            table(("id", "status", "agent", "user", "changed", "waits for"), rows)


@programs.command("show")
@click.argument("id")
@_store
@as_json
def show(id: str, store: str | None, as_json: bool) -> None:
    """Show a program: its source with the line that waits, its calls, and what it waits for."""
    with errors(as_json):
        opened = _opened(store)
        found = opened.get(id)
        calls = opened.entries(found.id)
        if as_json:
            listed = [{"number": number, "line": one.line, "call": one.name, "vendor": one.vendor} for number, one in calls.items()]
            click.echo(json.dumps({**_data(found), "code": found.content.code, "calls": listed}, indent=2, ensure_ascii=False))
            return
        click.echo(f"{found.id}: {found.status}" + (f", {_waits(found)}" if found.status == "paused" else ""))
        for number, line in enumerate(found.content.code.splitlines(), 1):
            mark = ">" if number == found.line else " "
            click.echo(output.printable(f"{mark} {number:>3}  {line}"))
        for number, one in calls.items():
            failed = f": {one.error[1]}" if one.error is not None else ""
            click.echo(output.printable(f"call {number}, line {one.line}: {one.name} {one.vendor} {one.made}{failed}".rstrip()))
        if found.content.message:
            click.echo(output.printable(found.content.message))


@programs.command("approve")
@click.argument("id")
@click.option("--note", help="Why.")
@_store
def approve(id: str, note: str | None, store: str | None) -> None:
    """Approve the call that a paused program waits for. The program is resumed by its agent, or by `unified programs resume`."""
    with errors(as_json=False):
        found = _opened(store).get(id)
        if not found.approval:
            raise InvalidInput(f"program {found.id} does not wait for an approval")
        from unified_platform.approvals.store import ApprovalStore
        from unified_platform.audit.chain_keys import open_audit_log
        from unified_platform.audit.database import open_store

        database = open_store(None)
        approval = ApprovalStore(database, audit=open_audit_log(database)).approve(found.approval, by=getpass.getuser(), note=note)
        click.echo(f"{approval.id} is {approval.status}: line {found.line} of program {found.id} may be executed once")


@programs.command("cancel")
@click.argument("id")
@_store
def cancel(id: str, store: str | None) -> None:
    """Cancel a paused program. What it has written stays."""
    with errors(as_json=False):
        click.echo(f"{_opened(store).cancel(id).id} is canceled")


@programs.command("resume")
@click.argument("id", required=False)
@click.option("--due", is_flag=True, help="Resume all that can go on: approved or denied, or after a rate limit or a crash.")
@click.option("--watch", type=click.FloatRange(min=0.1), metavar="SECONDS", help="With --due: look again every so many seconds.")
@_toolsets
@_vendors
@policies_option
@_emulated
@_store
@as_json
def resume(id: str | None, due: bool, watch: float | None, store: str | None, as_json: bool, **options: Any) -> None:
    """Resume a paused program, as its agent and for its user.

    Programs of a broker's agents are resumed by the broker.
    """
    with errors(as_json):
        if (id is None) != due or (watch is not None and not due):
            raise InvalidInput("name a program, or pass --due; --watch is for --due")
        opened = _opened(store)
        if id is not None:
            found = opened.get(id)
            _print(asyncio.run(_runner_of(found, opened, options).aresume(found.id)), as_json)
            return
        outcomes = asyncio.run(_resume_due(opened, watch, options))
        if as_json:
            click.echo(json.dumps([{"id": one.id, "state": one.state, "text": one.text} for one in outcomes], indent=2, ensure_ascii=False))
        else:
            for one in outcomes:
                click.echo(output.printable(f"{one.id}: {one.state}"))
            click.echo(f"{len(outcomes)} programs were resumed")


async def _resume_due(store: ProgramStore, watch: float | None, options: dict[str, Any]) -> list[Outcome]:
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.audit.database import open_store
    from unified_platform.programs import Resumer

    async def runner(found: Program) -> ProgramRunner | None:
        if found.content.rights:
            return None  # the broker resumes it, with the rights of its agent's key
        return await asyncio.to_thread(_runner_of, found, store, options)

    resumer = Resumer(store, runner, approvals=ApprovalStore(open_store(None)))
    if watch is None:
        return await resumer.once()
    await resumer.forever(watch)
    return []


def _runner_of(found: Program, store: ProgramStore, options: dict[str, Any]) -> ProgramRunner:
    return _runner(store, user=found.user, team=found.team, agent=found.agent, **options)


def _opened(store: str | None) -> ProgramStore:
    require_extra("pydantic_monty", "programs", "programs")
    from unified_platform.programs import open_program_store

    return open_program_store(store)


def _runner(
    store: ProgramStore | None,
    *,
    user: str | None,
    team: str | None,
    agent: str | None,
    toolsets: str | None,
    vendors: str | None,
    policies: tuple[str, ...],
    emulated: bool,
) -> ProgramRunner:
    require_extra("pydantic_monty", "programs", "programs")
    from unified_platform.cli.clients import client
    from unified_platform.idempotency.store import open_idempotency_store
    from unified_platform.programs import ProgramRunner
    from unified_platform.tools import tools

    enforcer, idempotency = open_policies(policies), open_idempotency_store()
    if emulated:
        made = AsyncClient(emulated=True, policy=enforcer, idempotency=idempotency)
    else:
        made = client(os.environ, user=user, enforcer=enforcer, idempotency=idempotency)
    with acting(user=user, team=team, agent=agent):
        box = tools(
            user=user,
            team=team,
            agent=agent,
            toolsets=toolsets.split(",") if toolsets is not None else None,
            vendors=vendors.split(",") if vendors is not None else None,
            async_client=made,
        )
    return ProgramRunner(list(box), store=store)


_EXIT = {"completed": 0, "planned": 0, "paused": 3, "failed": 1, "rejected": 2}


def _print(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        data = {"state": outcome.state, "id": outcome.id, "value": outcome.value, "printed": outcome.printed, "text": outcome.text}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        click.echo(output.printable(outcome.text))
    if status := _EXIT[outcome.state]:
        sys.exit(status)


def _data(one: Program) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": one.id,
        "status": one.status,
        "agent": one.agent,
        "user": one.user,
        "team": one.team,
        "tenant": one.tenant,
        "key": one.key,
    }
    data |= {"approval": one.approval or None, "line": one.line or None, "changed_at": _when(one.changed_at), "waits": _waits(one) or None}
    return {name: value for name, value in data.items() if value is not None}


def _waits(one: Program) -> str:
    if one.status != "paused":
        return ""
    if one.approval:
        return f"approval {one.approval} of line {one.line}"
    if one.resume_at:
        return f"a rate limit until {_when(one.resume_at)}"
    return f"a look-up of line {one.line}"


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
