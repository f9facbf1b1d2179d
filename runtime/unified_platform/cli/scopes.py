"""`unified scopes`: the least OAuth scopes for an agent at a vendor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from unified_platform.agents import registry
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import vendor_entry
from unified_platform.cli.common import as_json, errors
from unified_runtime.core.policy_decisions import Knowing


@click.command("scopes")
@click.option("--agent", required=True, help="An agent of the agents' file.")
@click.option("--via", required=True, help="The vendor.")
@click.option("--agents", "file", type=click.Path(path_type=Path), help="The agents' file; by default UNIFIED_AGENTS, else agents.toml.")
@click.option("--policies", multiple=True, type=click.Path(path_type=Path), help="Cedar policies: what they never allow needs none.")
@as_json
def scopes(agent: str, via: str, file: Path | None, policies: tuple[Path, ...], as_json: bool) -> None:
    """Print the least OAuth scopes that an agent's toolsets need at a vendor, one a line. `unified connect --agent` requests these."""
    with errors(as_json):
        entries = capabilities.load()
        vendor = vendor_entry(via, entries)
        needed = registry.load_agents(file, entries).scopes(agent, vendor, _policy(policies))
        if as_json:
            click.echo(json.dumps(needed))
        elif needed:
            click.echo("\n".join(needed))
        else:
            click.echo(f"{vendor.title} has no scopes for these toolsets, or they need none", err=True)


def _policy(policies: tuple[Path, ...]) -> Knowing | None:
    if not policies:
        return None
    from unified_platform.policy import loader

    found = loader.load(*policies)
    return found if isinstance(found, Knowing) else None
