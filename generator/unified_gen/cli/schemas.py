"""Command `gen schemas`: write the JSON Schemas of models, vendors and mappings."""

from __future__ import annotations

from pathlib import Path

import click

from unified_gen.cli.common import root_option
from unified_gen.cli.publish import publish
from unified_gen.language.json_schema import files


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a schema is missing, stale or left over.")
@root_option
def schemas(root: Path, check: bool) -> None:
    """Write docs/reference/schemas: JSON Schemas of models, vendors and mappings, with which editors complete and check them."""
    publish(root, "docs/reference/schemas", files(), check=check, command="gen schemas")
