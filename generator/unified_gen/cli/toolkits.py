"""Command `gen toolkits`: compile the corrections of toolkits."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, root_option, show
from unified_gen.cli.publish import publish
from unified_gen.specs.toolkits import check_toolkits, compiled
from unified_openapi.facts.toolkit_exceptions import COMPILED


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file is missing or stale.")
@root_option
def toolkits(root: Path, check: bool) -> None:
    """Write specs/toolkits.json: the corrections of toolkits (specs/VENDOR/toolkit.yaml), as the runtime reads them."""
    exceptions, found = check_toolkits(root / "specs")
    if show(found, {}, "text", 0):
        sys.exit(FOUND)
    publish(root, "specs", {COMPILED: compiled(exceptions)}, check=check, command="gen toolkits", owned=False)
