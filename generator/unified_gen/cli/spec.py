"""Commands `gen spec take` and `gen spec check`: take facts from vendors' documents, and check them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.sources import from_root, read_sources
from unified_gen.specs.check import check as check_slice
from unified_gen.specs.lock import LockFault
from unified_gen.specs.update import finder, update
from unified_openapi.documents import DocumentFault, load_document

documents_option = click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="UNIFIED_VENDOR_DOCUMENTS",
    help="The folder of complete vendor documents; also UNIFIED_VENDOR_DOCUMENTS.",
)


def find_document(given: str, vendor: str, documents: Path | None) -> tuple[Path, str]:
    """Return a document's path and its name in `lock.json`: its name below the folder of documents, or vendor and file name.

    Raises:
        click.UsageError: there is no such file.
    """
    tried = [Path(given)]
    if documents is not None:
        tried += [documents / given, documents / vendor / given]
    for path in tried:
        if path.is_file():
            full = path.resolve()
            inside = documents is not None and full.is_relative_to(documents.resolve())
            return path, full.relative_to(documents.resolve()).as_posix() if inside and documents else f"{vendor}/{full.name}"
    raise click.UsageError(
        f"there is no document {given}" + ("" if documents else "; --documents or UNIFIED_VENDOR_DOCUMENTS names a folder to look in")
    )


@click.group()
def spec() -> None:
    """Extract the facts that mappings use from vendors' documents, and check them."""


@spec.command()
@click.argument("vendor")
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option("--document", required=True, help="The vendor's document: a file, or a name below the folder of documents.")
@click.option(
    "--keep", multiple=True, metavar="SCHEMA=NAME,NAME", help="Of a large response's schema keep these properties; none lifts it."
)
@click.option("--forget", multiple=True, metavar="OPERATION", help="Leave this operation out from now on.")
@documents_option
@findings_options
@root_option
def take(
    root: Path,
    vendor: str,
    operations: tuple[str, ...],
    document: str,
    documents: Path | None,
    keep: tuple[str, ...],
    forget: tuple[str, ...],
    form: str,
    most: int,
) -> None:
    """Take OPERATIONs (operationIds, or "METHOD /path") of a document into specs/VENDOR, beside those that are there already."""
    path, name = find_document(document, vendor, documents)
    saved = {schema: tuple(filter(None, names.split(","))) for schema, _, names in (text.partition("=") for text in keep)}
    try:
        entire = load_document(path, name, name)
        made = update(root / "specs" / vendor, entire, operations, finder(documents or path.parent), keep=saved, forget=forget)
        found = made.diagnostics
        files = made.files
    except (DocumentFault, LockFault) as fault:
        found, files = (fault.diagnostic,), {}
    found = from_root(found, root)
    sources = {name: path.read_bytes().decode("utf-8", "replace")} | read_sources(found, [root, *([documents] if documents else [])])
    if show(found, sources, form, most):
        print_message("no change")
        sys.exit(FOUND)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        print_message(f"wrote {path.relative_to(root)}")


@spec.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@documents_option
@findings_options
@root_option
def check(root: Path, vendors: tuple[str, ...], documents: Path | None, form: str, most: int) -> None:
    """Check the slices of VENDORs (of all, if none is named): valid OpenAPI, facts only, and the same as in the vendors' documents."""
    known = sorted(path.parent.name for path in (root / "specs").glob("*/openapi.yaml"))
    for vendor in vendors:
        if vendor not in known:
            raise click.UsageError(f"there is no specs/{vendor}/openapi.yaml; there is {', '.join(known) or 'none'}")
    found = from_root((one for vendor in vendors or known for one in check_slice(root / "specs" / vendor, documents)), root)
    if show(found, read_sources(found, [root, *([documents] if documents else [])]), form, most):
        sys.exit(FOUND)
    compared = "compared with the vendors' documents" if documents else "not compared: --documents names no folder of vendors' documents"
    number = len(vendors or known)
    print_message(f"{number} {'slice' if number == 1 else 'slices'} checked, {compared}")
