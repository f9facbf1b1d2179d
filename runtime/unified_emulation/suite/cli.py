"""Command `unified verify`."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from unified_platform.cli.calls import connected, owner_options
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show
from unified_platform.common.extras import require_extra
from unified_runtime.core.errors import InvalidInput

BROKEN = 1
"""Exit status if a check did not hold."""


class _Options(TypedDict):
    via: str | None
    user: str | None
    team: str | None
    name: str | None
    server: str | None
    values: tuple[str, ...]
    scheme: str | None
    read_stdin: bool
    emulator: str | None
    scratch: tuple[str, ...]
    resources: tuple[str, ...]
    yes: bool
    output: Path | None
    as_json: bool


@click.command("verify")
@click.argument("vendor")
@owner_options
@click.option("--scheme", help="The vendor's security scheme, if several fit.")
@click.option("--stdin", "read_stdin", is_flag=True, help="Read the credential from standard input: lines name=value.")
@click.option("--emulator", metavar="URL", help="Verify the emulator at this address (`unified emulate`), instead of an account.")
@click.option("--scratch", multiple=True, metavar="RESOURCE=ID", help="Write into this record, such as projects=42.")
@click.option("--resource", "resources", multiple=True, help="Only this resource; may be repeated.")
@click.option("--yes", is_flag=True, help="Write without confirmation.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder of the evidence: unified-verify-VENDOR.")
@as_json
def verify(vendor: str, **options: Unpack[_Options]) -> None:
    """Check how VENDOR behaves, with an account of yours, and write evidence.

    The behaviour suite creates records in a scratch project, list or channel named "unified verify", reads, changes, lists and deletes
    them. It changes no other records, assigns no one but you, and needs your consent to write. The connection is
    chosen as by `unified call`. Exits with 1 if a check did not hold.
    """
    with errors(options["as_json"]):
        require_extra("yaml", "emulate", "unified verify")
        require_extra("jmespath", "gen", "unified verify")
        _verify(vendor, options)


def _verify(vendor: str, options: _Options) -> None:
    from unified_emulation.laws.verdicts import State
    from unified_emulation.suite import evidence, targets
    from unified_emulation.suite.run import Plan, models, run
    from unified_emulation.suite.scratch import SCRATCH, scratch_of
    from unified_runtime.core.context import acting

    if options["via"] not in (None, vendor):
        raise InvalidInput(f"--via is not needed: {vendor} is verified")
    from_vault = any(options[name] is not None for name in ("user", "team", "name"))
    with acting(user=options["user"], team=options["team"], connection=options["name"]):
        if options["emulator"] is not None:
            target = targets.running(vendor, options["emulator"])
        else:
            target = targets.real(
                vendor,
                lambda transport: connected(
                    vendor, options["server"], options["values"], of_vault=from_vault, idempotent=False, scheme=options["scheme"],
                    read_stdin=options["read_stdin"], transport=transport,
                ),
            )  # fmt: skip
        with target.client:
            given = _pairs(options["scratch"])
            found, missing = scratch_of(target, models(), given, options["resources"])
            plan = Plan(found, shared=True, resources=options["resources"], create=dict.fromkeys(missing, SCRATCH))
            where = options["emulator"] or target.adapter.vendor.title
            click.echo(_announcement(target.adapter.catalog["resources"], where, plan), err=True)
            if not options["yes"]:
                click.confirm("Continue?", abort=True, err=True)
            done = run(target, plan)
            folder = options["output"] or Path(f"unified-verify-{vendor}")
            today = datetime.datetime.now(datetime.UTC).date().isoformat()
            basis: Any = "emulator_of_others" if options["emulator"] is not None else "live_account"
            made = evidence.suite_run(done, target, basis, target.adapter.vendor.title, today)
            files = [] if options["emulator"] is not None else evidence.write(done, target, folder, run=made)
    if options["as_json"]:
        click.echo(json.dumps(evidence.run_data(made), indent=2, ensure_ascii=False))
    else:
        rows = [[name, str(one.held), str(one.broken), str(one.undecided)] for name, one in made.operations.items()]
        show(("operation", "held", "broken", "not decided"), rows, numbers={"held", "broken", "not decided"})
        for result in done.results:
            if result.state is State.BROKEN:
                click.echo(f"{result.key}: {result.reason}")
        click.echo(f"facts that held: {', '.join(made.facts) or 'none'}")
    for resource, id, reason in done.remains:
        click.echo(f"remains: {resource} {id}: {reason}", err=True)
    for file in files:
        click.echo(f"written: {file}", err=True)
    sys.exit(BROKEN if any(result.state is State.BROKEN for result in done.results) else 0)


def _pairs(given: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in given:
        resource, equals, id = text.partition("=")
        if not equals or not id:
            raise InvalidInput(f"--scratch accepts RESOURCE=ID, not {text!r}")
        found[resource] = id
    return found


def _announcement(resources: Iterable[str], where: str, plan: Any) -> str:
    """Return what is going to be written, in one sentence."""
    chosen = [name for name in resources if not plan.resources or name in plan.resources]
    into = [f"{name} {', '.join(ids)}" for name, ids in plan.scratch.items()] + [
        f"new {name} {text!r}" for name, text in plan.create.items()
    ]
    inside = f" in {' and '.join(into)}" if into else ""
    return f"This creates, changes and deletes records at {where}{inside}: {', '.join(chosen)}. Other records are only read."
