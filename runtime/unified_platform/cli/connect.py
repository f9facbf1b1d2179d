"""`unified connect`: a user's connection to a vendor, by OAuth in the browser, on another device, or with a key that is prompted for."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from unified_platform.agents import registry as of_agents
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import vendor_entry
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.vault_options import Opens, vault_options
from unified_platform.common.extras import require_extra
from unified_platform.connections import environment
from unified_platform.connections.records import checked_connection_key
from unified_platform.oauth import declarations
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.loopback_redirect import Loopback
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, SealedVault, Status, VaultDamaged
from unified_platform.vault.manual_credentials import ask_credential
from unified_runtime import InvalidInput, Secret, Unsupported
from unified_runtime.core.vendors import Vendor
from unified_runtime.toolkits.vendor_lookup import load_vendor

_WAIT_SECONDS = 600.0
_BY_HAND = "http://127.0.0.1/callback"
"""Redirect address when nothing listens: its user copies the address of the page."""


@click.command("connect")
@click.argument("vendor")
@click.option("--user", help="Whose connection it is.")
@click.option("--team", help="Which team shares it.")
@click.option("--name", default="default", show_default=True, help="Its name, if there are several.")
@click.option("-c", "--connection", "values", multiple=True, metavar="NAME=VALUE", help="What the vendor needs, such as site=acme.")
@click.option("--server", help="Another server than the vendor's own.")
@click.option("--scopes", help="Scopes to request, by the vendor's names, separated by commas.")
@click.option("--tools", help="A toolset (tasks.read,tasks.create): the least scopes that it needs are requested.")
@click.option("--agent", help="An agent of the agents' file: the least scopes that its toolsets need are requested (`unified scopes`).")
@click.option("--agents", type=click.Path(path_type=Path), help="The agents' file; by default UNIFIED_AGENTS, else agents.toml.")
@click.option("--no-browser", is_flag=True, help="Print the address to open, and take the address the browser ends at.")
@click.option("--device", is_flag=True, help="Authorize on another device, with a code.")
@click.option("--redirect-uri", help="The address on this machine that is registered at the vendor; by default any free port of 127.0.0.1.")
@click.option("--app", is_flag=True, help="Connect the application itself, by its client credentials.")
@click.option("--service-account", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The key file of a service account.")
@click.option("--subject", help="The user that the service account acts for.")
@click.option("--key", "by_key", is_flag=True, help="Prompt for an API key, token or password instead of using OAuth.")
@click.option("--stdin", "read_stdin", is_flag=True, help="Read key, token or password from standard input: lines name=value.")
@click.option("--scheme", help="The vendor's security scheme for a key, if several fit.")
@click.option("--emulated", is_flag=True, help="Connect the vendor's emulator (`unified emulate`) instead, without an account.")
@click.option(
    "--exclusive/--no-exclusive",
    default=None,
    help="Only this installation writes with the account, or others do too. Without other options, changes an existing connection.",
)
@vault_options
@as_json
def connect(
    vendor: str,
    user: str | None,
    team: str | None,
    name: str,
    values: tuple[str, ...],
    server: str | None,
    scopes: str | None,
    tools: str | None,
    agent: str | None,
    agents: Path | None,
    no_browser: bool,
    device: bool,
    redirect_uri: str | None,
    app: bool,
    service_account: Path | None,
    subject: str | None,
    by_key: bool,
    read_stdin: bool,
    scheme: str | None,
    emulated: bool,
    exclusive: bool | None,
    opens: Opens,
    as_json: bool,
) -> None:
    """Connect VENDOR and keep the connection in the vault.

    By OAuth where the vendor has it: the browser opens, and this command waits for it. The application's client at the vendor comes from
    UNIFIED_<VENDOR>_CLIENT_ID and UNIFIED_<VENDOR>_CLIENT_SECRET. Keys, tokens and passwords are prompted for without echo, or read
    from standard input; they are never arguments, which every process can see.

    Connecting again renews what is there: site, server and rights are those it had, if no others are given. An exclusive connection
    stays exclusive if the account is known to be the same.
    """
    with errors(as_json):
        known = load_vendor(vendor)
        key = checked_connection_key(known.name, user, team, name)
        given = _pairs(values)
        vault = opens(exist=False)
        before = _before(vault, key)
        if before is not None:
            given = {name: value for name, value in before.values.items() if name in known.connection} | given
            server = server or before.server
        if exclusive is not None and before is not None and before.status is Status.ACTIVE and not _more(click.get_current_context()):
            _print_connection(vault.compare_and_swap(replace(before, exclusive=exclusive), before.version), as_json)
            return
        if emulated:
            record = _of_emulator(known, key, _pairs(values))
            _print_connection(vault.put(replace(record, exclusive=exclusive)), as_json, before)
            return
        oauth, renews = _oauth(known)
        if read_stdin or by_key or scheme is not None or oauth is None:
            options: dict[str, object] = {
                "--device": device,
                "--no-browser": no_browser,
                "--app": app,
                "--service-account": service_account,
            }
            options |= {"--scopes": scopes, "--tools": tools, "--agent": agent}
            if in_vain := [option for option, value in options.items() if value]:
                raise InvalidInput(
                    f"{known.title} is connected with a key, token or password here, not by OAuth: {', '.join(in_vain)} has no effect"
                )
            secrets = environment.from_lines(sys.stdin) if read_stdin else None
            record = ask_credential(known, key, given, server=server, scheme=scheme, oauth=oauth, renews=renews, secrets=secrets, ask=_ask)
            _print_connection(vault.put(replace(record, exclusive=exclusive)), as_json, before)
            return
        requested: dict[str, Any] = {
            "user": user,
            "team": team,
            "name": name,
            "values": given,
            "server": server,
            "exclusive": exclusive,
            "scopes": _words(scopes) if agent is None else _for_agent(agent, agents, vendor, scopes, tools),
            "tools": _words(tools),
        }
        if before is not None and before.kind is Kind.OAUTH and not requested["scopes"] and not requested["tools"]:
            requested["scopes"] = before.scopes
        connector = Connector(vault)
        if service_account is not None:
            record = connector.service_account(vendor, subject=subject, **_key_file(service_account), **requested)
        elif app:
            record = connector.machine(vendor, **requested)
        elif device:
            record = _on_a_device(connector, vendor, requested)
        elif no_browser:
            record = _by_hand(connector, vendor, redirect_uri or _registered(vendor) or _BY_HAND, requested)
        else:
            record = _in_the_browser(connector, vendor, redirect_uri or _registered(vendor), requested)
        _print_connection(record, as_json, before)


_FINDS = {"vendor", "user", "team", "name", "exclusive", "as_json", "url", "key", "tenant"}
"""Parameters that select the connection, or change nothing of how it is connected."""


def _of_emulator(vendor: Vendor, key: ConnectionKey, values: Mapping[str, str]) -> ConnectionRecord:
    """Return the connection to the running emulator of a vendor.

    Raises:
        InvalidInput: none is running, or a value is not valid.
    """
    # Named by text, as in `cli`: the emulators are above the platform.
    addresses = require_extra("unified_emulation.serving.addresses", "emulate", "--emulated")
    scheme, known, secrets, server = addresses.entered(vendor, values)
    return ask_credential(vendor, key, known, server=server, scheme=scheme, secrets=secrets, ask=_ask)


def _more(context: click.Context) -> bool:
    """Report whether the command line has options of how to connect."""
    given = (name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE)
    return not _FINDS.issuperset(given)


def _before(vault: SealedVault, key: ConnectionKey) -> ConnectionRecord | None:
    """Return the stored connection, if it can be read: connecting again replaces a damaged one."""
    try:
        return vault.find(key)
    except VaultDamaged:
        return None


def _for_agent(agent: str, file: Path | None, vendor: str, scopes: str | None, tools: str | None) -> tuple[str, ...]:
    """Exactly the scopes that the agent's toolsets need at the vendor.

    Raises:
        InvalidInput: scopes are given too, the agent does not exist, or it may use nothing of the vendor.
    """
    if scopes is not None or tools is not None:
        raise InvalidInput("use either --agent, whose toolsets define the scopes, or --scopes or --tools")
    entries = capabilities.load()
    entry = vendor_entry(vendor, entries)
    known = of_agents.load_agents(file, entries)
    if not known.operations(agent, (entry,)):
        raise InvalidInput(f"agent {agent} may use nothing of {entry.title}: no toolset of it holds an operation there")
    return known.scopes(agent, entry)


def _in_the_browser(connector: Connector, vendor: str, redirect_uri: str | None, request: Mapping[str, Any]) -> ConnectionRecord:
    with Loopback(redirect_uri) as loopback:
        started = connector.start(vendor, redirect_uri=loopback.redirect_uri, **request)
        click.echo(f"Your browser opens, or open this address yourself:\n{started.authorization_url}", err=True)
        webbrowser.open(started.authorization_url)
        callback = loopback.wait(started.state, _WAIT_SECONDS)
    return connector.finish(callback, state=started.state)


def _by_hand(connector: Connector, vendor: str, redirect_uri: str, request: Mapping[str, Any]) -> ConnectionRecord:
    started = connector.start(vendor, redirect_uri=redirect_uri, **request)
    click.echo(f"Open this address in a browser:\n{started.authorization_url}\n", err=True)
    click.echo(f"It ends at an address that begins with {redirect_uri}, whose page need not load.", err=True)
    callback = click.prompt("The complete address", err=True)
    return connector.finish(callback, state=started.state)


def _on_a_device(connector: Connector, vendor: str, request: Mapping[str, Any]) -> ConnectionRecord:
    made = connector.start_device(vendor, **request)
    click.echo(f"On any device, open {made.url} and enter {made.user_code}", err=True)
    return connector.finish_device(made, vendor, **request)


def _oauth(vendor: Vendor) -> tuple[str | None, str | None]:
    """The scheme whose tokens come by OAuth, and the one whose tokens come from elsewhere and are renewed here; None if there is none."""
    try:
        found = declarations.of(vendor)
    except Unsupported:
        return None, None
    return (found.scheme, None) if found.connects else (None, found.scheme)


def _registered(vendor: str) -> str | None:
    return os.environ.get(environment.variable(vendor, "redirect_uri"))


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InvalidInput(f"--connection is NAME=VALUE, not {word!r}")
        found[name] = value
    return found


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word for word in (text or "").replace(",", " ").split() if word)


def _ask(what: str, *, hidden: bool, empty: bool = False) -> str:
    default = "" if empty else None
    text: str = click.prompt(what, default=default, show_default=False, hide_input=hidden, err=True)
    return text


def _key_file(path: Path) -> dict[str, Any]:
    """A service account's key as Google gives it: JSON with `client_email`, `private_key` and `private_key_id`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        issuer, key, key_id = found["client_email"], found["private_key"], found.get("private_key_id")
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError):
        issuer = key = key_id = None
    if not isinstance(issuer, str) or not isinstance(key, str):
        raise InvalidInput(f"{path} is not a key file of a service account: expected JSON with client_email and private_key")
    return {"issuer": issuer, "key": Secret(key), "key_id": key_id}


def _print_connection(record: ConnectionRecord, as_json: bool, before: ConnectionRecord | None = None) -> None:
    key = record.key
    if before is not None and before.exclusive and before.version < record.version and not record.exclusive:
        click.echo(f"{key} is not exclusive any more. If only this installation writes with this account, use --exclusive", err=True)
    data = {
        "id": record.id,
        "vendor": key.vendor,
        "user": key.user,
        "team": key.team,
        "name": key.name,
        "account": record.account,
        "scheme": record.scheme,
        "scopes": list(record.scopes),
        "values": dict(record.values),
        "expires_at": record.expires_at,
        "exclusive": bool(record.exclusive),
    }
    if as_json:
        click.echo(json.dumps({name: value for name, value in data.items() if value not in (None, [], {})}, ensure_ascii=False))
        return
    click.echo(f"connected {key}" + (f" as {record.account}" if record.account else ""))
    if record.exclusive:
        click.echo("  exclusive: only this installation writes with the account, each write under an idempotency key")
    if record.scopes:
        click.echo(f"  may: {', '.join(record.scopes)}")
