"""Command `gen schemas`: write the JSON Schemas of models, vendors, mappings, facts and behaviour."""

from __future__ import annotations

import json
from pathlib import Path

import click

from unified_gen.cli.common import root_option
from unified_gen.cli.publish import publish
from unified_gen.language.json_schema import files
from unified_gen.specs.json_schema import schema_for_behaviour, schema_for_facts, schema_for_toolkit, schema_for_verified


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a schema is missing, stale or left over.")
@root_option
def schemas(root: Path, check: bool) -> None:
    """Write docs/reference/schemas: JSON Schemas of models, vendors, mappings and behaviour, which editors check, and of facts."""
    specs = {"facts.json": schema_for_facts(), "behaviour.json": schema_for_behaviour(), "toolkit.json": schema_for_toolkit()}
    specs["verified.json"] = schema_for_verified()
    texts = {name: json.dumps(schema, indent=2) + "\n" for name, schema in specs.items()}
    publish(root, "docs/reference/schemas", files() | texts, check=check, command="gen schemas")
