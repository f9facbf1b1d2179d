"""`unified plan` and `unified call`: the requests a call would send, and calls from a shell."""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypedDict, TypeVar, Unpack

import click

from unified_platform.catalog.operations import AnyOperation, find_operation
from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.inputs import parse_inputs
from unified_platform.cli.recording import recorded
from unified_platform.connections import environment
from unified_platform.rate_limits import shared_rate_limiter
from unified_runtime import Client, IdempotencyStore, InvalidInput, acting
from unified_runtime.client.operations import Downloading
from unified_runtime.core.context import current_acting
from unified_runtime.core.observers import Observer
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.execution.plans import plan as planned
from unified_runtime.http.base import Transport
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.toolkits.operations import ToolkitDownload, ToolkitOperation
from unified_runtime.toolkits.raw_requests import raw_request
from unified_runtime.toolkits.vendor_lookup import load_vendor

F = TypeVar("F", bound=Callable[..., Any])

connection_option = click.option(
    "-c", "--connection", "values", multiple=True, metavar="NAME=VALUE", help="What the vendor's server needs, such as site=acme."
)
_OWNER = (
    click.option("--via", help="The vendor; that of the operation, if it belongs to one (jira.addWatcher)."),
    click.option("--user", help="Call through this user's connection in the vault."),
    click.option("--team", help="Call through what this team shares."),
    click.option("--name", help="Which of several connections in the vault."),
    click.option("--server", help="Another server than the vendor's own."),
    connection_option,
)


def owner_options(function: F) -> F:
    """The vendor and the connection that calls go through: `via`, `user`, `team`, `name`, `server` and `values`."""
    for option in reversed(_OWNER):
        function = option(function)
    return function


agent_option = click.option("--agent", help="The agent that makes the call, for policies and the audit log.")
policies_option = click.option(
    "--policies", multiple=True, help="Files or folders of Cedar or Rego, or an OPA server, evaluated before the call."
)


def vendor_of(operation: AnyOperation, via: str | None) -> str:
    """Return the vendor of a call: the given one, or the only one that has the operation.

    Raises:
        InvalidInput: several have it, and none is given.
    """
    if via is not None:
        return via
    if len(operation.vendors) > 1:
        raise InvalidInput(f"several vendors have {operation.name}; name one with --via: {', '.join(operation.vendors)}")
    return next(iter(operation.vendors))


def open_policies(policies: tuple[str, ...]) -> PolicyEnforcer | None:
    """Return the policy enforcer of these policies; None without policies."""
    if not policies:
        return None
    from unified_platform.audit.chain_keys import open_audit_log
    from unified_platform.policy.enforcer import open_enforcer

    return open_enforcer(*policies, opens=open_audit_log)


@click.command("plan")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@click.option("--via", help="The vendor; that of the operation, if it belongs to one (jira.addWatcher).")
@click.option("--user", help="Plan with this user's connection in the vault.")
@click.option("--team", help="Plan with what this team shares.")
@click.option("--name", help="Which of several connections in the vault.")
@connection_option
@agent_option
@policies_option
@as_json
def plan(
    operation: str,
    inputs: tuple[str, ...],
    via: str | None,
    user: str | None,
    team: str | None,
    name: str | None,
    values: tuple[str, ...],
    agent: str | None,
    policies: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print the requests that OPERATION (tasks.create) would send, without sending any. It needs no account.

    INPUTS are name=text, name:=JSON for other values, or name@=FILE for a file's content. What depends on a response is shown as
    {created.key}, and a value of a connection that -c does not give as {site}. With --user, --team or --name, the values are those of the
    vault's connection. With --policies, their decision is shown as well, and a record that would be read for them.
    """
    with errors(as_json), acting(user=user, team=team, connection=name, agent=agent):
        callable_ = find_operation(operation)
        via = vendor_of(callable_, via)
        invocation = callable_.bind(parse_inputs(inputs) | {"via": via})
        enforcer, given = open_policies(policies), _connection_values(values)
        if user is None and team is None and name is None:
            client = Client(policy=enforcer)
        else:
            if given:
                raise InvalidInput("-c cannot be given together with --user, --team or --name: the vault's connection has its values")
            client = _of_vault(policy=enforcer)
            client.connections.find(callable_.name, callable_.vendors, via, current_acting())  # an error if there is none
        made = planned(callable_, invocation, client.connections, enforcer, values=given)
        click.echo(json.dumps(made.to_dict(), indent=2, ensure_ascii=False) if as_json else str(made))


_CALL = (
    owner_options,
    click.option("--scheme", help="The vendor's security scheme, if several fit."),
    click.option("--stdin", "read_stdin", is_flag=True, help="Read the credential from standard input: lines name=value."),
    click.option("--most", type=click.IntRange(min=1), default=100, show_default=True, help="Records of a list to print."),
    agent_option,
    policies_option,
    click.option("--to", type=click.Path(dir_okay=False), help="The file that a content is saved to."),
    as_json,
)


def call_options(function: F) -> F:
    """The options of a call, which `CallOptions` has."""
    for option in reversed(_CALL):
        function = option(function)
    return function


class CallOptions(TypedDict):
    """Values of the options of a call."""

    via: str | None
    user: str | None
    team: str | None
    name: str | None
    server: str | None
    values: tuple[str, ...]
    scheme: str | None
    read_stdin: bool
    most: int
    agent: str | None
    policies: tuple[str, ...]
    to: str | None
    as_json: bool


Bind = Callable[[str | None], tuple[OperationBase[..., Any], Invocation[Any], str]]
"""Returns an operation, its invocation and the vendor, for the vendor in the options."""


@click.command("call")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@call_options
def call(operation: str, inputs: tuple[str, ...], **options: Unpack[CallOptions]) -> None:
    """Call OPERATION (tasks.get) and print its value.

    With --user, --team or --name, the connection is the vault's (`unified connect`). Otherwise the credential comes from environment
    variables UNIFIED_<VENDOR>_<NAME> (UNIFIED_JIRA_USERNAME and UNIFIED_JIRA_PASSWORD, UNIFIED_ASANA_TOKEN, UNIFIED_TRELLO_KEY and
    UNIFIED_TRELLO_TOKEN) or from standard input, never from the command line. With --policies, these are evaluated first; a call that needs
    approval exits with 3 and waits for `unified approvals`.
    """
    run_call(lambda via: _bound(operation, inputs, via), options)


def _bound(operation: str, inputs: tuple[str, ...], via: str | None) -> tuple[OperationBase[..., Any], Invocation[Any], str]:
    callable_ = find_operation(operation)
    via = vendor_of(callable_, via)
    return callable_, callable_.bind(parse_inputs(inputs) | {"via": via}), via


@click.command("api")
@click.argument("target", metavar="VENDOR|VENDOR.OPERATION")
@click.argument("words", nargs=-1, metavar="[METHOD PATH] [INPUTS]")
@call_options
def api(target: str, words: tuple[str, ...], **options: Unpack[CallOptions]) -> None:
    """Send a request to a path of VENDOR (`jira GET /rest/api/3/myself`), or call an operation of its document (`jira.addWatcher`).

    INPUTS are as those of `unified call`. Those of a request are parameters of the query for GET, HEAD, OPTIONS and DELETE, and properties
    of a JSON body for other methods.
    """
    if "." in target:
        run_call(lambda via: _bound(target, words, via), options)
    else:
        run_call(lambda _: _requested(target, words), options)


def _requested(vendor: str, words: tuple[str, ...]) -> tuple[OperationBase[..., Any], Invocation[Any], str]:
    """Return the operation of a request by method and path.

    Raises:
        InvalidInput: there is no method and path, or an input is not valid.
    """
    if len(words) < 2:
        raise InvalidInput(f"write the method and the path: unified api {vendor} GET /path")
    method, path, *rest = words
    inputs = parse_inputs(rest)
    body = "params" if method.upper() in ("GET", "HEAD", "OPTIONS", "DELETE") else "json"
    return *raw_request(vendor, method.upper()).resolve({"path": path, body: inputs or None}), vendor


def run_call(bind: Bind, options: CallOptions) -> None:
    """Make a call and print its value."""
    user, team, name, printed = options["user"], options["team"], options["name"], options["as_json"]
    from_vault = user is not None or team is not None or name is not None
    with errors(printed), acting(user=user, team=team, connection=name, agent=options["agent"]), recorded() as observers:
        operation, invocation, via = bind(options["via"])
        client = connected(
            via,
            options["server"],
            options["values"],
            of_vault=from_vault,
            idempotent=invocation.key is not None,
            scheme=options["scheme"],
            read_stdin=options["read_stdin"],
            enforcer=open_policies(options["policies"]),
            observers=observers,
        )
        with client:
            if isinstance(operation, ToolkitOperation) and (options["to"] is not None or operation.returns_file):
                operation = operation.downloading
            if operation.pages:
                _print_list(itertools.islice(client.list(operation, invocation), options["most"]), printed)
                return
            if isinstance(operation, (Downloading, ToolkitDownload)):
                if (to := options["to"]) is None:
                    raise InvalidInput(f"{operation.name} returns a file's content: name its destination with --to FILE")
                size = client.download(operation, invocation).save(to)
                click.echo(json.dumps({"file": to, "size": size}) if printed else f"{to}: {size} bytes")
                return
            record = client.run(operation, invocation)
            data = output.record_data(record)
            click.echo(json.dumps(data, indent=2, ensure_ascii=False) if printed else output.record_text(record))


def connected(
    via: str,
    server: str | None,
    values: tuple[str, ...],
    *,
    of_vault: bool,
    idempotent: bool,
    scheme: str | None = None,
    read_stdin: bool = False,
    enforcer: PolicyEnforcer | None = None,
    observers: Sequence[Observer] = (),
    transport: Transport | None = None,
) -> Client:
    """Return a client with the vault's connections, or with credentials of the environment or standard input. With `idempotent`, it has the
    idempotency store.
    Without a transport, it has its own.

    Raises:
        InvalidInput, NotConnected: there is no such connection, or no credential for one.
    """
    remembered = _idempotency_store() if idempotent else None
    if of_vault:
        return _of_vault(
            transport, idempotency=remembered, policy=enforcer, rate_limiter=shared_rate_limiter(), observers=observers or None
        )
    client = Client(transport, idempotency=remembered, policy=enforcer, rate_limiter=shared_rate_limiter(), observers=observers or None)
    _connect(client, via, scheme, server, values, read_stdin)
    return client


def _of_vault(transport: Transport | None = None, **parts: Any) -> Client:
    """Return a client with the vault's connections and other parts.

    Raises:
        InvalidInput, VaultError: the vault does not exist, or cannot be opened.
    """
    from unified_platform.vault import open_vault  # its libraries are an extra's

    return Client(transport, vault=open_vault(exist=True).source(), **parts)


def _idempotency_store() -> IdempotencyStore:
    from unified_platform.idempotency.store import open_idempotency_store

    return open_idempotency_store()


def _connect(client: Client, via: str, scheme: str | None, server: str | None, values: tuple[str, ...], read_stdin: bool) -> None:
    vendor = load_vendor(via)
    found = environment.from_variables(vendor, os.environ)
    if read_stdin:
        found |= environment.from_lines(sys.stdin)
    connection = {name: value for name, value in found.items() if name in vendor.connection}
    connection |= _connection_values(values)
    name, credential = environment.credential(vendor, found, scheme)
    client.connect(vendor, credential, scheme=name, server=server, exclusive=False, **connection)


def _connection_values(options: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise InvalidInput(f"--connection accepts NAME=VALUE, not {option!r}")
        values[name] = value
    return values


def _print_list(records: Iterator[Any], as_json: bool) -> None:
    """Record by record as they come: JSON lines, or blocks of text."""
    first = True
    for record in records:
        if as_json:
            click.echo(json.dumps(output.record_data(record), ensure_ascii=False))
        else:
            click.echo(("" if first else "\n") + output.record_text(record))
        first = False
    if first and not as_json:
        click.echo("nothing found")
