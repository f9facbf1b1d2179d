"""Command `gen check`: compile mappings and report findings, without writing."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from msgspec.structs import asdict

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.group import COMMANDS
from unified_gen.diagnostics.report import has_errors
from unified_gen.pipeline.incremental import compile_project
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.pipeline.results import Stats
from unified_gen.specs.toolkits import check_toolkits
from unified_openapi.diagnostics.model import Diagnostic

PROOFS = COMMANDS["prove"][0]
"""Module that runs adapters; it is above the compiler."""


@click.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@click.option(
    "--stats",
    is_flag=True,
    help="Also print what was checked, what could not be, and how long the mappings are; as JSON with --format json.",
)
@click.option("--prove", is_flag=True, help="Also run the adapters, and report broken laws: see `gen prove`.")
@findings_options
@root_option
def check(root: Path, vendors: tuple[str, ...], stats: bool, prove: bool, form: str, most: int) -> None:
    """Compile and report, write nothing. With VENDORs, report only what concerns them."""
    inputs = read_inputs(root)
    project = compile_project(root, inputs=inputs)
    known = [vendor.name for vendor in project.result.vendors]
    for vendor in vendors:
        if vendor not in known:
            raise click.UsageError(f"there is no mappings/vendors/{vendor}; there is {', '.join(known) or 'none'}")
    found = [diagnostic for diagnostic in project.result.diagnostics if not vendors or _concerns(diagnostic, vendors)]
    found += check_toolkits(root / "specs", vendors)[1]
    if prove and not has_errors(project.result.diagnostics):
        proofs = importlib.import_module(PROOFS).proofs_of(project, inputs, vendors or known)
        found += [diagnostic for proof in proofs for diagnostic in proof.diagnostics]
    counted = [one for one in project.result.stats if not vendors or one.vendor in vendors]
    if stats and form == "json":
        _as_json(found, counted)
    else:
        wrong = show(found, project.sources, form, most)
        if stats:
            click.echo(_table(counted), err=form != "text")
        elif not found:
            print_message(f"{len(counted)} vendors checked, nothing found")
        sys.exit(FOUND if wrong else 0)


def _concerns(diagnostic: Diagnostic, vendors: Iterable[str]) -> bool:
    file = diagnostic.span.file
    return file.startswith("mappings/models/") or any(file.startswith((f"mappings/vendors/{name}/", f"specs/{name}/")) for name in vendors)


def _as_json(found: list[Diagnostic], counted: list[Stats]) -> None:
    from unified_gen.diagnostics.render_json import as_json

    click.echo(
        json.dumps(
            {"diagnostics": [as_json(one) for one in found], "stats": [asdict(one) for one in counted]}, indent=2, ensure_ascii=False
        )
    )
    sys.exit(FOUND if has_errors(found) else 0)


def _table(counted: list[Stats]) -> str:
    head = ("vendor", "operations", "lines", "lines per operation", "checked locations", "unchecked paths", "hooks")
    rows = [
        (
            one.vendor + (" (draft)" if one.draft else ""),
            str(one.operations),
            str(one.lines),
            _ratio(one.lines, one.operations),
            str(one.checked),
            str(one.unchecked),
            str(one.hooks),
        )
        for one in counted
    ]
    operations, lines = sum(one.operations for one in counted), sum(one.lines for one in counted)
    total = (
        "all",
        str(operations),
        str(lines),
        _ratio(lines, operations),
        str(sum(one.checked for one in counted)),
        str(sum(one.unchecked for one in counted)),
        str(sum(one.hooks for one in counted)),
    )
    table = [head, *rows, total]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def _ratio(lines: int, operations: int) -> str:
    return f"{lines / operations:.1f}" if operations else "-"
