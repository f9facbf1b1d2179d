"""`unified prune`: delete data that is older than its retention."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors


@click.command("prune")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="The broker's settings, which name its stores.")
@click.option("--show", is_flag=True, help="Only print the days for which each store keeps its data.")
@as_json
def prune(config: Path | None, show: bool, as_json: bool) -> None:
    """Delete data that is older than its retention, in every store. A broker does so by itself, every hour.

    The retention is that of the table [retention] of the broker's settings, else of UNIFIED_RETENTION_…, in days. Exits with 1 if a store
    failed.
    """
    with errors(as_json), ExitStack() as opened:
        from unified_platform.broker import config as settings
        from unified_platform.cli.installation import open_stores, report_absent
        from unified_platform.erasure.retention import prune as pruned

        found = settings.load(config)
        retention = found.retained()
        if show:
            days = asdict(retention)
            if as_json:
                click.echo(json.dumps(days))
            else:
                for name, value in days.items():
                    click.echo(f"{name}: " + ("never deleted" if value is None else f"{value:g} days"))
            return
        stores, absent = open_stores(found, opened)
        report_absent(absent)
        result = pruned(stores, retention)
        if as_json:
            click.echo(json.dumps({"rows": result.rows, "failed": result.failed}, ensure_ascii=False))
        else:
            for name, count in result.rows.items():
                click.echo(f"{name}: {count} rows deleted")
            for name, reason in result.failed.items():
                click.echo(f"failed: {name}: {output.printable(reason)}", err=True)
        if result.failed:
            sys.exit(1)
