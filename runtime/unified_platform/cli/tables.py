"""Tables for people: drawn by rich on a terminal if it is installed (extra `cli`), else plain columns."""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence

import click

from unified_platform.cli.output import printable


def show(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Container[str] = ()) -> None:
    """Print a table. Cells are shown as they are, but for what would steer the terminal; `numbers` are headers of columns that stand to
    the right."""
    cells = [[printable(cell).replace("\n", " ") for cell in row] for row in rows]
    if sys.stdout.isatty() and _rich(headers, cells, numbers):
        return
    widths = [max(len(row[column]) for row in (headers, *cells)) for column in range(len(headers))]
    for row in (list(headers), *cells):
        placed = (
            cell.rjust(width) if header in numbers else cell.ljust(width) for header, cell, width in zip(headers, row, widths, strict=True)
        )
        click.echo("  ".join(placed).rstrip())


def _rich(headers: Sequence[str], cells: Sequence[Sequence[str]], numbers: Container[str]) -> bool:
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ModuleNotFoundError:
        return False
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold", justify="right" if header in numbers else "left")
    for row in cells:
        # As text, not markup: a name in square brackets is a name.
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)
    return True
