"""Error output and exit statuses that all commands share."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator

import click

from unified_platform.cli import output
from unified_runtime import UnifiedError

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@contextlib.contextmanager
def errors(as_json: bool) -> Iterator[None]:
    """Print an error of the tree to standard error and exit with its status."""
    try:
        yield
    except UnifiedError as error:
        text = json.dumps(output.error_data(error), ensure_ascii=False) if as_json else f"error: {output.printable(str(error))}"
        click.echo(text, err=True)
        sys.exit(output.exit_status(error))
