"""Command `gen build`: compile mappings into `generated/`, or check that it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.pipeline.incremental import compile_project
from unified_gen.pipeline.inputs import Inputs
from unified_gen.pipeline.output import OUTPUT
from unified_gen.pipeline.unchanged import up_to_date
from unified_gen.pipeline.write import Comparison, compare, unified_diff, write


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; list what differs and exit 1 if anything does.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change as a unified diff and exit 1 if anything would.")
@click.option("--no-cache", is_flag=True, help="Compile everything, without the cache.")
@findings_options
@root_option
@click.pass_obj
def build(read: Inputs | None, root: Path, check: bool, diff: bool, no_cache: bool, form: str, most: int) -> None:
    """Compile mappings and specs into generated/. If any finding is an error, generated/ stays as it is."""
    if check and diff:
        raise click.UsageError("--check lists what differs, --diff shows it: use one of them")
    project = compile_project(root, use_cache=not no_cache, inputs=read)
    if show(project.result.diagnostics, project.sources, form, most, to=sys.stderr if diff else None):
        print_message(f"{OUTPUT}/ was left as it is")
        sys.exit(FOUND)
    if diff:
        text = unified_diff(root, project.result.files)
        click.echo(text, nl=False)
        sys.exit(FOUND if text else 0)
    if check:
        difference = compare(root, project.result.files)
        _list(difference)
        if difference:
            print_message(f"{OUTPUT}/ is stale: run `gen build`")
            sys.exit(FOUND)
        return
    _print(write(root, project.result.files), project.compiled, project.vendors)


def _list(difference: Comparison) -> None:
    for word, names in (("missing", difference.added), ("changed", difference.changed), ("orphaned", difference.orphaned)):
        for name in names:
            print_message(f"{word}: {OUTPUT}/{name}")


def _print(difference: Comparison, compiled: int, vendors: int) -> None:
    if not difference:
        print_message(up_to_date(compiled, vendors))
        return
    counts = ((len(difference.added), "added"), (len(difference.changed), "changed"), (len(difference.orphaned), "removed"))
    print_message(
        f"{compiled} of {vendors} vendors compiled; {OUTPUT}/: " + ", ".join(f"{count} {word}" for count, word in counts if count)
    )
