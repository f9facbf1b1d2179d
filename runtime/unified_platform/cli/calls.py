"""`unified plan` and `unified call`: the requests a call would send, and calls from a shell."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import click

from unified_platform import arguments, catalog, environment, outcomes
from unified_platform.budgets import shared_budget
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.recording import recorded
from unified_runtime import Client, InvalidInput, Ledger, acting
from unified_runtime.control.guard import Guard
from unified_runtime.observing import Observer
from unified_runtime.operations import Downloading, Listing
from unified_runtime.vendors import load

F = TypeVar("F", bound=Callable[..., Any])

_WHOSE = (
    click.option("--via", required=True, help="The vendor."),
    click.option("--user", help="Call through this user's connection in the vault."),
    click.option("--team", help="Call through what this team shares."),
    click.option("--name", help="Which of several connections in the vault."),
    click.option("--server", help="Another server than the vendor's own."),
    click.option(
        "-c", "--connection", "values", multiple=True, metavar="NAME=VALUE", help="What the vendor's server needs, such as site=acme."
    ),
)


def whose(function: F) -> F:
    """The vendor and the connection that calls go through: `via`, `user`, `team`, `name`, `server` and `values`."""
    for option in reversed(_WHOSE):
        function = option(function)
    return function


asks_agent = click.option("--agent", help="The agent that makes the call, for policies and the audit trail.")
asks_policies = click.option(
    "--policies", multiple=True, help="Files or folders of Cedar or Rego, or an OPA server, asked before the call."
)


def guard_of(policies: tuple[str, ...]) -> Guard | None:
    """The guard that asks these policies; None without any."""
    if not policies:
        return None
    from unified_platform.control.opening import guard  # its libraries are extras'

    return guard(*policies)


@click.command("plan")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@click.option("--via", required=True, help="The vendor.")
@asks_agent
@asks_policies
@as_json
def plan(operation: str, inputs: tuple[str, ...], via: str, agent: str | None, policies: tuple[str, ...], as_json: bool) -> None:
    """Print the requests that OPERATION (tasks.create) would send, without an account and without sending any.

    INPUTS are name=text, name:=JSON for other values, or name@=FILE for a file's content. What depends on an answer is shown as
    {created.key}. With --policies, what they make of it is said as well, and a record that would be read for them is shown.
    """
    with errors(as_json), acting(agent=agent):
        callable_ = arguments.operation(operation, catalog.names(catalog.load()))
        made = Client(guard=guard_of(policies)).plan(callable_, callable_.bind(arguments.parse(inputs) | {"via": via}))
        click.echo(json.dumps(made.to_dict(), indent=2, ensure_ascii=False) if as_json else str(made))


@click.command("call")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@whose
@click.option("--scheme", help="The vendor's security scheme, if several fit.")
@click.option("--stdin", "read_stdin", is_flag=True, help="Read the credential from standard input: lines name=value.")
@click.option("--most", type=click.IntRange(min=1), default=100, show_default=True, help="Records of a list to print.")
@asks_agent
@asks_policies
@click.option("--to", type=click.Path(dir_okay=False), help="The file that a content is saved to.")
@as_json
def call(
    operation: str,
    inputs: tuple[str, ...],
    via: str,
    user: str | None,
    team: str | None,
    name: str | None,
    scheme: str | None,
    server: str | None,
    values: tuple[str, ...],
    read_stdin: bool,
    most: int,
    agent: str | None,
    policies: tuple[str, ...],
    to: str | None,
    as_json: bool,
) -> None:
    """Call OPERATION (tasks.get) and print its value.

    With --user, --team or --name, the connection is the vault's (`unified connect`). Otherwise the credential comes from environment
    variables UNIFIED_<VENDOR>_<NAME> (UNIFIED_JIRA_USERNAME and UNIFIED_JIRA_PASSWORD, UNIFIED_ASANA_TOKEN, UNIFIED_TRELLO_KEY and
    UNIFIED_TRELLO_TOKEN) or from standard input, never from the command line. With --policies, these are asked first; a call that needs
    approval exits with 3 and waits for `unified approvals`.
    """
    from_vault = user is not None or team is not None or name is not None
    with errors(as_json), acting(user=user, team=team, connection=name, agent=agent), recorded() as observers:
        callable_ = arguments.operation(operation, catalog.names(catalog.load()))
        invocation = callable_.bind(arguments.parse(inputs) | {"via": via})
        client = connected(
            via,
            server,
            values,
            of_vault=from_vault,
            ledger=invocation.key is not None,
            scheme=scheme,
            read_stdin=read_stdin,
            guard=guard_of(policies),
            observers=observers,
        )
        if isinstance(callable_, Listing):
            _print_list(itertools.islice(client.list(callable_, invocation), most), as_json)
            return
        if isinstance(callable_, Downloading):
            if to is None:
                raise InvalidInput(f"{operation} answers a file's content: say where it goes, --to FILE")
            size = client.download(callable_, invocation).save(to)
            click.echo(json.dumps({"file": to, "size": size}) if as_json else f"{to}: {size} bytes")
            return
        record = client.run(callable_, invocation)
        data = outcomes.record_data(record)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False) if as_json else outcomes.record_text(record))


def connected(
    via: str,
    server: str | None,
    values: tuple[str, ...],
    *,
    of_vault: bool,
    ledger: bool,
    scheme: str | None = None,
    read_stdin: bool = False,
    guard: Guard | None = None,
    observers: Sequence[Observer] = (),
) -> Client:
    """A client whose connections are the vault's, or which is connected with what the environment or standard input holds; with the
    ledger, where an idempotency key was given.

    Raises:
        InvalidInput, NotConnected: there is no such connection, or no credential for one.
    """
    remembered = _ledger() if ledger else None
    if of_vault:
        from unified_platform.vault import open_vault  # its libraries are an extra's

        return Client(
            vault=open_vault(exist=True).source(), ledger=remembered, guard=guard, budget=shared_budget(), observer=observers or None
        )
    client = Client(ledger=remembered, guard=guard, budget=shared_budget(), observer=observers or None)
    _connect(client, via, scheme, server, values, read_stdin)
    return client


def _ledger() -> Ledger:
    from unified_platform.ledger import open_ledger

    return open_ledger()


def _connect(client: Client, via: str, scheme: str | None, server: str | None, values: tuple[str, ...], read_stdin: bool) -> None:
    vendor = load(via)
    found = environment.from_variables(vendor, os.environ)
    if read_stdin:
        found |= environment.from_lines(sys.stdin)
    connection = {name: value for name, value in found.items() if name in vendor.connection}
    for word in values:
        name, equals, value = word.partition("=")
        if not equals:
            raise InvalidInput(f"--connection takes NAME=VALUE, not {word!r}")
        connection[name] = value
    name, credential = environment.credential(vendor, found, scheme)
    client.connect(vendor, credential, scheme=name, server=server, **connection)


def _print_list(records: Iterator[Any], as_json: bool) -> None:
    """Record by record as they come: JSON lines, or blocks of text."""
    first = True
    for record in records:
        if as_json:
            click.echo(json.dumps(outcomes.record_data(record), ensure_ascii=False))
        else:
            click.echo(("" if first else "\n") + outcomes.record_text(record))
        first = False
    if first and not as_json:
        click.echo("nothing found")
