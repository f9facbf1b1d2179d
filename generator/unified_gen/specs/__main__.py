"""`python -m unified_gen.specs take|check`: the commands of `gen spec` for use from scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from unified_gen.diagnostics.model import Diagnostic, Severity
from unified_gen.documents.load import load_document
from unified_gen.documents.reading import DocumentFault
from unified_gen.specs.check import check
from unified_gen.specs.lock import LockFault
from unified_gen.specs.update import finder, update

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
@click.option("--specs", type=_FOLDER, default=Path("specs"), show_default=True, help="The folder of slices.")
@click.option("--documents", type=_FOLDER, envvar="UNIFIED_VENDOR_DOCUMENTS", help="The folder of whole vendor documents.")
@click.pass_context
def main(context: click.Context, specs: Path, documents: Path | None) -> None:
    """Take facts from vendors' documents, and check what was taken."""
    context.obj = (specs, documents)


@main.command("take")
@click.argument("vendor")
@click.argument("operations", nargs=-1)
@click.option("--document", required=True, help="The document, below the folder of documents or the vendor's folder in it.")
@click.option("--keep", multiple=True, metavar="SCHEMA=NAME,NAME", help="Cut a large schema down to these properties; none lifts it.")
@click.option("--forget", multiple=True, metavar="OPERATION", help="Leave this operation out from now on.")
@click.pass_obj
def take_command(
    folders: tuple[Path, Path | None],
    vendor: str,
    operations: tuple[str, ...],
    document: str,
    keep: tuple[str, ...],
    forget: tuple[str, ...],
) -> None:
    """Take OPERATIONS (operationIds, or `METHOD /path`) into VENDOR's slice."""
    specs, documents = folders
    if documents is None:
        raise click.UsageError("say where the vendor documents are: --documents or UNIFIED_VENDOR_DOCUMENTS")
    name = document if (documents / document).is_file() else f"{vendor}/{document}"
    kept = {schema: tuple(filter(None, names.split(","))) for schema, _, names in (text.partition("=") for text in keep)}
    try:
        whole = load_document(documents / name, name, name)
        made = update(specs / vendor, whole, operations, finder(documents), keep=kept, forget=forget)
    except (DocumentFault, LockFault) as fault:
        _tell([fault.diagnostic])
        return
    for path, text in made.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    _tell(made.diagnostics)


@main.command("check")
@click.argument("vendors", nargs=-1)
@click.pass_obj
def check_command(folders: tuple[Path, Path | None], vendors: tuple[str, ...]) -> None:
    """Check the slices of VENDORS, or all."""
    specs, documents = folders
    chosen = [specs / name for name in vendors] or sorted(path.parent for path in specs.glob("*/lock.json"))
    _tell([found for folder in chosen for found in check(folder, documents)])


def _tell(diagnostics: Iterable[Diagnostic]) -> None:
    wrong = False
    for found in diagnostics:
        wrong = wrong or found.severity is Severity.ERROR
        hint = f" ({found.help})" if found.help else ""
        place = f"{found.span.file}:{found.span.line}:{found.span.column}"
        click.echo(f"{place}: {found.severity.value} {found.code}: {found.message}{hint}", err=True)
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
