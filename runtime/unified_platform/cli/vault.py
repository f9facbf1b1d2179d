"""`unified vault`: keys, checks, copies."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unified_platform.cli.common import as_json, errors
from unified_platform.cli.vault_options import Opens, vault_options
from unified_platform.vault import VaultDamaged
from unified_platform.vault.location import KEY, URL, default_url
from unified_platform.vault.opening import default_key
from unified_runtime import InvalidInput, Secret

if TYPE_CHECKING:
    from unified_platform.vault.keys import Root


@click.group("vault")
def vault() -> None:
    """Manage the vault: verify, rotate keys, back up and restore."""


@vault.command("info")
@vault_options
@as_json
def info(opens: Opens, as_json: bool) -> None:
    """Show where the vault is, where its key comes from, and what it holds."""
    with errors(as_json):
        found = opens()
        held = found.list()
        data = {
            "vault": found.database.location,
            "key": found.keys.root.name,
            "fingerprint": found.keys.root.fingerprint(),
            "tenant": found.tenant,
            "connections": len(held.records),
            "damaged": len(held.damaged),
        }
        _print(data, as_json)


@vault.command("key")
def key() -> None:
    """Print a new key, for a variable or a command to hold. Nothing keeps it."""
    from unified_platform.vault.root_keys import new_key

    click.echo(new_key().reveal())


@vault.command("verify")
@click.option(
    "--at-least", type=click.IntRange(min=0), metavar="COUNT", help="A count of writes that was noted before: an older state fails."
)
@click.option("--repair", is_flag=True, help="Take the rows for right as they are, and make the manifest anew.")
@vault_options
@as_json
def verify(at_least: int | None, repair: bool, opens: Opens, as_json: bool) -> None:
    """Open everything in the vault, of every tenant, and report what is damaged, rolled back or missing. Exit status 1 if anything is."""
    from unified_platform.vault import maintenance

    with errors(as_json):
        found = opens()
        if repair:
            maintenance.repair(found)
        report = maintenance.verify(found, at_least=at_least)
    tenants = [
        {
            "tenant": one.tenant,
            "connections": one.connections,
            "count": one.count,
            "damaged": [{"id": damage.connection_id, "connection": str(damage.key), "what": damage.what} for damage in one.damaged],
            "problems": list(one.problems),
        }
        for one in report.tenants
    ]
    if as_json:
        click.echo(json.dumps({"sound": report.sound, "problems": list(report.problems), "tenants": tenants}, ensure_ascii=False))
    else:
        for problem in report.problems:
            click.echo(f"damaged: {problem}")
        for tenant in report.tenants:
            click.echo(f"tenant {tenant.tenant}: {tenant.connections} connections open, write {tenant.count}")
            for damage in tenant.damaged:
                click.echo(f"  damaged: {damage.key} ({damage.connection_id}): {damage.what}")
            for problem in tenant.problems:
                click.echo(f"  damaged: {problem}")
        click.echo("all is well" if report.sound else "the vault is damaged")
    if not report.sound:
        sys.exit(1)


@vault.command("rotate")
@click.option(
    "--to", metavar="SOURCE", help="Another source of the root key, such as file:PATH. Start everything that uses the vault anew."
)
@click.option("--control", metavar="URL", help="With --to: the control database. By default UNIFIED_CONTROL, else a file of yours.")
@vault_options
@as_json
def rotate(to: str | None, control: str | None, opens: Opens, as_json: bool) -> None:
    """Make a new key-encryption key and wrap every connection's key by it, while others read and write.

    With --to, the keys of the audit log and the broker's signing key are wrapped by the other root key as well.
    """
    from unified_platform.vault import maintenance
    from unified_platform.vault.root_keys import root

    with errors(as_json):
        if control is not None and to is None:
            raise InvalidInput("--control goes with --to")
        found = opens()
        target = None if to is None else root(to)
        # First, while the earlier root key is known: if the vault's rotation fails after this, the same command finishes it.
        others = {} if target is None else _hand_over(control, found.keys.root, target)
        done = maintenance.rotate(found, target)
        if done.left:
            raise VaultDamaged(
                f"{done.left} rows are damaged and still need the older key, which was not deleted: see `unified vault verify`"
            )
        data = {"rewrapped": done.rewrapped, "key": found.keys.root.name, **others}
        _print(data, as_json)
        if to is not None and not as_json:
            click.echo(f"from now on set {KEY}={to}, and start everything that uses the vault anew")


def _hand_over(control: str | None, earlier: Root, to: Root) -> dict[str, Any]:
    """Wrap the keys in the control database by another root key."""
    from unified_platform.audit import chain_keys
    from unified_platform.audit.database import default_url as default_control
    from unified_platform.broker import token_signing
    from unified_platform.broker.database import open_store
    from unified_platform.store.urls import exists

    location = control or default_control()
    if control is None and not exists(location):
        return {"audit_keys": 0, "signing_key": False}
    database = open_store(location, exist=True)
    with contextlib.closing(database):
        return {"audit_keys": chain_keys.hand_over(database, earlier, to), "signing_key": token_signing.hand_over(database, earlier, to)}


@vault.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@vault_options
@as_json
def backup(file: Path, opens: Opens, as_json: bool) -> None:
    """Copy the vault into FILE while others use it. What is sealed stays sealed: the copy opens with the vault's own key."""
    from unified_platform.vault.backup import backup as copied

    with errors(as_json):
        copied(opens().database, file)
        _print({"backup": str(file)}, as_json)


@vault.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vault", "url", metavar="URL", help=f"Where to: a path, or postgresql://… By default {URL}, else a file of yours.")
@as_json
def restore(file: Path, url: str | None, as_json: bool) -> None:
    """Restore a backup to a location without a vault."""
    from unified_platform.vault.backup import restore as restored
    from unified_platform.vault.location import database

    with errors(as_json):
        target = database(url or default_url())
        restored(file, target)
        _print({"vault": target.location, "key": f"the one it had; the default here is {default_key()}"}, as_json)


@vault.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--stdin", "read_stdin", is_flag=True, help="Read the passphrase from standard input.")
@vault_options
@as_json
def export(file: Path, read_stdin: bool, opens: Opens, as_json: bool) -> None:
    """Write the connections into FILE under a passphrase, for a vault with another key."""
    from unified_platform.vault import transfer_file

    with errors(as_json):
        found = opens()
        content, count = transfer_file.export(found, _passphrase(read_stdin, confirm=True))
        transfer_file.write(content, file)
        _print({"export": str(file), "connections": count}, as_json)


@vault.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--taken",
    type=click.Choice(["fail", "skip", "replace"]),
    default="fail",
    show_default=True,
    help="What to do if such a connection exists.",
)
@click.option("--stdin", "read_stdin", is_flag=True, help="Read the passphrase from standard input.")
@vault_options
@as_json
def import_(file: Path, taken: str, read_stdin: bool, opens: Opens, as_json: bool) -> None:
    """Store the connections of an export, all or none."""
    from unified_platform.vault import transfer_file

    with errors(as_json):
        found = opens(exist=False)
        done = transfer_file.import_(found, file.read_bytes(), _passphrase(read_stdin, confirm=False), taken=taken)
        _print({"stored": done.stored, "skipped": done.skipped}, as_json)


def _passphrase(read_stdin: bool, *, confirm: bool) -> Secret:
    if read_stdin:
        return Secret(sys.stdin.readline().rstrip("\r\n"))
    if not sys.stdin.isatty():
        raise InvalidInput("a passphrase is prompted for at a terminal, or read from standard input with --stdin")
    return Secret(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def _print(data: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    width = max(len(name) for name in data)
    for name, value in data.items():
        click.echo(f"{name + ':':<{width + 1}} {value}")
