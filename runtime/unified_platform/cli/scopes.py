"""`unified scopes`: the least OAuth scopes for an agent at a vendor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from unified_platform import agents, catalog
from unified_platform.cli.common import as_json, errors
from unified_runtime import InvalidInput
from unified_runtime.suggest import did_you_mean


@click.command("scopes")
@click.option("--agent", required=True, help="An agent of the agents' file.")
@click.option("--via", required=True, help="The vendor.")
@click.option("--agents", "file", type=click.Path(path_type=Path), help="The agents' file; by default UNIFIED_AGENTS, else agents.toml.")
@as_json
def scopes(agent: str, via: str, file: Path | None, as_json: bool) -> None:
    """Print the least OAuth scopes that an agent's toolsets need at a vendor, one a line."""
    with errors(as_json):
        entries = catalog.load()
        found = {entry.name: entry for entry in entries}
        if via not in found:
            raise InvalidInput(f"there is no vendor {via!r}{did_you_mean(via, found)}; the catalog has {', '.join(found)}")
        needed = agents.load(file, entries).scopes(agent, found[via])
        if as_json:
            click.echo(json.dumps(needed))
        elif needed:
            click.echo("\n".join(needed))
        else:
            click.echo(f"{found[via].title} has no scopes for these toolsets, or they need none", err=True)
