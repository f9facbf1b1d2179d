"""The command `unified`: the catalog, the requests a call would send, and calls from a shell."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from unified_platform import arguments, catalog, environment, outcomes
from unified_runtime import Client, InvalidInput, UnifiedError
from unified_runtime.operations import Listing
from unified_runtime.suggest import did_you_mean
from unified_runtime.vendors import load

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """One API over many vendors."""


@main.command("catalog")
@click.argument("vendor", required=False)
@click.option("--resource", help="Only this resource.")
@as_json
def catalog_command(vendor: str | None, resource: str | None, as_json: bool) -> None:
    """Show what the vendors offer; with VENDOR, one of them in full, with its requests and gaps."""
    with _errors(as_json):
        entries = catalog.load()
        known = catalog.names(entries)
        if resource is not None and resource not in known:
            raise InvalidInput(f"there is no resource {resource!r}{did_you_mean(resource, known)}; the catalog has {', '.join(known)}")
        if vendor is not None:
            found = {entry.name: entry for entry in entries}
            if vendor not in found:
                raise InvalidInput(f"there is no vendor {vendor!r}{did_you_mean(vendor, found)}; the catalog has {', '.join(found)}")
            entries = (found[vendor],)
        if as_json:
            click.echo(json.dumps([_entry_data(entry, resource) for entry in entries], indent=2, ensure_ascii=False))
        elif vendor is not None:
            click.echo(catalog.vendor_page(entries[0], resource))
        else:
            click.echo(catalog.table(entries, [resource] if resource is not None else None))


@main.command("plan")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@click.option("--via", required=True, help="The vendor.")
@as_json
def plan_command(operation: str, inputs: tuple[str, ...], via: str, as_json: bool) -> None:
    """Print the requests that OPERATION (tasks.create) would send, without an account and without sending any.

    INPUTS are name=text, or name:=JSON for other values. What depends on an answer is shown as {created.key}.
    """
    with _errors(as_json):
        callable_ = arguments.operation(operation, catalog.names(catalog.load()))
        made = Client().plan(callable_, callable_.bind(arguments.parse(inputs) | {"via": via}))
        click.echo(json.dumps(made.to_dict(), indent=2, ensure_ascii=False) if as_json else str(made))


@main.command("call")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@click.option("--via", required=True, help="The vendor.")
@click.option("--scheme", help="The vendor's security scheme, if several fit.")
@click.option("--server", help="Another server than the vendor's own.")
@click.option(
    "-c", "--connection", "values", multiple=True, metavar="NAME=VALUE", help="What the vendor's server needs, such as site=acme."
)
@click.option("--stdin", "read_stdin", is_flag=True, help="Read the credential from standard input: lines name=value.")
@click.option("--most", type=click.IntRange(min=1), default=100, show_default=True, help="Records of a list to print.")
@as_json
def call_command(
    operation: str,
    inputs: tuple[str, ...],
    via: str,
    scheme: str | None,
    server: str | None,
    values: tuple[str, ...],
    read_stdin: bool,
    most: int,
    as_json: bool,
) -> None:
    """Call OPERATION (tasks.get) and print its value.

    The credential comes from environment variables UNIFIED_<VENDOR>_<NAME> (UNIFIED_JIRA_USERNAME and UNIFIED_JIRA_PASSWORD,
    UNIFIED_ASANA_TOKEN, UNIFIED_TRELLO_KEY and UNIFIED_TRELLO_TOKEN) or from standard input, never from the command line.
    """
    with _errors(as_json):
        callable_ = arguments.operation(operation, catalog.names(catalog.load()))
        invocation = callable_.bind(arguments.parse(inputs) | {"via": via})
        client = Client()
        _connect(client, via, scheme, server, values, read_stdin)
        if isinstance(callable_, Listing):
            _print_list(itertools.islice(client.list(callable_, invocation), most), as_json)
            return
        record = client.run(callable_, invocation)
        data = outcomes.record_data(record)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False) if as_json else outcomes.record_text(record))


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


def _entry_data(entry: catalog.Entry, resource: str | None) -> dict[str, Any]:
    return {
        "vendor": entry.name,
        "title": entry.title,
        "resources": {
            name: {
                "operations": {
                    operation.name: {
                        "effect": operation.effect,
                        "calls": operation.calls,
                        "requires": operation.requires,
                        "local": operation.local,
                        "scopes": operation.scopes,
                    }
                    for operation in one.operations.values()
                },
                "fields": {"names": one.fields, "read": one.read, "written": one.written},
                "gaps": one.gaps,
                "unchecked": one.unchecked,
            }
            for name, one in entry.resources.items()
            if resource in {None, name}
        },
    }


@contextlib.contextmanager
def _errors(as_json: bool) -> Iterator[None]:
    """Print an error of the tree to standard error and exit with its status."""
    try:
        yield
    except UnifiedError as error:
        text = json.dumps(outcomes.error_data(error), ensure_ascii=False) if as_json else f"error: {outcomes.printable(str(error))}"
        click.echo(text, err=True)
        sys.exit(outcomes.exit_status(error))


if __name__ == "__main__":
    main()
