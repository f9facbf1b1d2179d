"""`unified search`: find operations by what is to be done."""

from __future__ import annotations

import json

import click

from unified_platform.cli import tables
from unified_platform.cli.common import as_json, errors


@click.command("search")
@click.argument("text", nargs=-1, required=True)
@click.option("--vendor", "vendors", multiple=True, help="Search the operations of this vendor only; repeatable.")
@click.option("--limit", default=5, show_default=True, help="Maximum number of operations.")
@as_json
def search(text: tuple[str, ...], vendors: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search unified operations and those of all toolkits, connected or not: unified search open a pull request on github."""
    with errors(as_json):
        from unified_platform.tools.search import search_operations

        found = search_operations(" ".join(text), limit=limit, vendors=vendors or None)
        if as_json:
            click.echo(json.dumps([{"operation": one.name, "summary": one.text, "vendors": [*one.vendors]} for one in found]))
        elif found:
            tables.show(("operation", "summary", "vendors"), [(one.name, one.text, _few(one.vendors)) for one in found])
        else:
            click.echo("Nothing found. Try other words, or fewer.", err=True)


def _few(vendors: tuple[str, ...]) -> str:
    return ", ".join(vendors[:4]) + (", …" if len(vendors) > 4 else "")
