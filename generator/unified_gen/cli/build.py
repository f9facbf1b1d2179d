"""Command `gen build`: compile mappings into `generated/`, or check that it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.into import package_files, package_folder, registration
from unified_gen.cli.revisions import files_of
from unified_gen.language.shipped import SHIPPED
from unified_gen.pipeline.compatibility import breaking
from unified_gen.pipeline.incremental import compile_project
from unified_gen.pipeline.inputs import Inputs
from unified_gen.pipeline.output import OUTPUT
from unified_gen.pipeline.unchanged import up_to_date
from unified_gen.pipeline.write import Comparison, compare, unified_diff, write


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; list what differs and exit 1 if anything does.")
@click.option("--against", metavar="REV", help="With --check: compare with a Git revision, and exit 1 if a change breaks users.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change as a unified diff and exit 1 if anything would.")
@click.option(
    "--into",
    "package",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a Python package of this project's vendors, for an application that has unified-apis installed.",
)
@click.option("--no-cache", is_flag=True, help="Compile everything, without the cache.")
@findings_options
@root_option
@click.pass_obj
def build(
    read: Inputs | None,
    root: Path,
    check: bool,
    against: str | None,
    diff: bool,
    package: Path | None,
    no_cache: bool,
    form: str,
    most: int,
) -> None:
    """Compile mappings and specs into generated/, or into a package. If any finding is an error, it stays as it is."""
    if check and diff:
        raise click.UsageError("--check lists what differs, --diff shows it: use one of them")
    if against is not None and not check:
        raise click.UsageError("--against REV goes with --check")
    output = OUTPUT if package is None else package_folder(root, package)
    command = "gen build" if package is None else f"gen build --into {output}"
    project = compile_project(root, use_cache=not no_cache, inputs=read)
    if show(project.result.diagnostics, project.sources, form, most, to=sys.stderr if diff else None):
        print_message(f"{output}/ was left as it is")
        sys.exit(FOUND)
    if package is None and any(name.startswith(f"{SHIPPED}/") for name in project.sources):
        raise click.UsageError("this project uses models of unified-apis: write a package of its vendors with `gen build --into PACKAGE`")
    files = project.result.files if package is None else package_files(project)
    if diff:
        text = unified_diff(root, files, output)
        click.echo(text, nl=False)
        sys.exit(FOUND if text else 0)
    if check:
        difference = compare(root, files, output)
        _list(difference, output)
        if difference:
            print_message(f"{output}/ is stale: run `{command}`")
        broken = breaking(files_of(root, against, output), files) if against is not None else []
        for line in broken:
            print_message(line)
        if broken:
            print_message(f"{len(broken)} changes since {against} break users")
        if difference or broken:
            sys.exit(FOUND)
        return
    _print(write(root, files, output), project.compiled, project.vendors, output)
    if package is not None and (lines := registration(root, output)) is not None:
        print_message(f"Register the package in pyproject.toml, then install it:\n\n{lines}")


def _list(difference: Comparison, output: str) -> None:
    for word, names in (("missing", difference.added), ("changed", difference.changed), ("orphaned", difference.orphaned)):
        for name in names:
            print_message(f"{word}: {output}/{name}")


def _print(difference: Comparison, compiled: int, vendors: int, output: str) -> None:
    if not difference:
        print_message(up_to_date(compiled, vendors, output))
        return
    counts = ((len(difference.added), "added"), (len(difference.changed), "changed"), (len(difference.orphaned), "removed"))
    print_message(
        f"{compiled} of {vendors} vendors compiled; {output}/: " + ", ".join(f"{count} {word}" for count, word in counts if count)
    )
