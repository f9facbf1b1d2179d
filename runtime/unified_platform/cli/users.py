"""`unified users`: erase an end user from every store."""

from __future__ import annotations

import getpass
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_platform.erasure import ErasedUser


@click.group("users")
def users() -> None:
    """Manage the data of end users."""


@users.command("erase")
@click.argument("user")
@click.option("--tenant", help="The user's tenant; by default that of the settings.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="The broker's settings, which name its stores.")
@click.option("--revoke", is_flag=True, help="Revoke the user's tokens at the vendors before they are deleted.")
@click.option("--dry-run", is_flag=True, help="Only list what would be erased.")
@click.option("--yes", is_flag=True, help="Erase without confirmation.")
@as_json
def erase(user: str, tenant: str | None, config: Path | None, revoke: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove or anonymize USER in vault, programs, sagas, approvals, idempotency store, inbox, usage and audit log.

    It can be repeated. Exits with 1 if a store failed, or a token could not be revoked.
    """
    with errors(as_json), ExitStack() as opened:
        from unified_platform.broker import config as settings
        from unified_platform.cli.installation import open_stores, report_absent
        from unified_platform.erasure import erase_user

        found = settings.load(config, tenant=tenant)
        stores, absent = open_stores(found, opened)
        report_absent(absent)
        owner = found.tenant or TENANT
        if dry_run or not yes:
            planned = erase_user(user, stores, tenant=owner, dry_run=True)
            if dry_run or not as_json:
                _print(planned, as_json and dry_run, done=False)
            if not any(count for counts in planned.rows.values() for count in counts.values()):
                click.echo(f"no data of {output.printable(user)} of tenant {owner} was found", err=True)
            if dry_run:
                return
            click.confirm(f"Erase {output.printable(user)} of tenant {owner}? This cannot be undone.", abort=True, err=True)
        revoker = None
        if revoke and stores.vault is not None:
            from unified_platform.oauth.connector import Connector

            revoker = Connector(stores.vault)
        result = erase_user(user, stores, tenant=owner, by=getpass.getuser(), revoker=revoker)
        _print(result, as_json, done=True)
        if result.failed or result.not_revoked:
            sys.exit(1)


def _print(result: ErasedUser, as_json: bool, *, done: bool) -> None:
    if as_json:
        data = {"erased": done, "rows": result.rows, "revoked": result.revoked, "not_revoked": result.not_revoked}
        click.echo(json.dumps(data | {"running": result.running, "failed": result.failed}, ensure_ascii=False))
        return
    for name, counts in result.rows.items():
        click.echo(f"{name}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    for name in result.revoked:
        click.echo(f"revoked at the vendor: {name}")
    for name, reason in result.not_revoked.items():
        click.echo(f"not revoked at the vendor: {name}: {output.printable(reason)}", err=True)
    for name, reason in result.failed.items():
        click.echo(f"failed: {name}: {output.printable(reason)}", err=True)
    if done and result.running:
        click.echo(f"{result.running} writes and sagas of the user are running: erase again once they have ended", err=True)
