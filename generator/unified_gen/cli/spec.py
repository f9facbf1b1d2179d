"""Commands `gen spec take` and `gen spec check`: take facts from vendors' documents, and check them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.sources import from_root, read_sources
from unified_gen.specs.check import check as check_slice
from unified_gen.specs.complete import collect, product_document
from unified_gen.specs.lock import LockFault, read_lock
from unified_gen.specs.update import LOCK, Find, finder, update
from unified_openapi.documents import Document, DocumentFault, load_document
from unified_openapi.documents import operations as known_operations
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS

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
    if documents is None:
        where = "--documents or UNIFIED_VENDOR_DOCUMENTS names a folder to look in"
    else:
        there = sorted(path.name for path in (documents / vendor).glob("*") if path.is_file())
        where = f"the folder of {vendor} has {', '.join(there)}" if there else f"{documents / vendor} has no files"
    raise click.UsageError(f"there is no document {given}; {where}")


@click.group()
def spec() -> None:
    """Extract the facts that mappings use from vendors' documents, and check them."""


@spec.command()
@click.argument("vendor")
@click.argument("operations", nargs=-1, metavar="[OPERATION]...")
@click.option(
    "--document",
    help="The vendor's document: a file, or a name below the folder of documents. Otherwise its facts in specs/VENDOR are used.",
)
@click.option("--all", "complete", is_flag=True, help="Take the facts of complete documents: of --document, or of all in lock.json.")
@click.option(
    "--keep", multiple=True, metavar="SCHEMA=NAME,NAME", help="Of a large response's schema keep these properties; none lifts it."
)
@click.option("--forget", multiple=True, metavar="OPERATION", help="Leave this operation out from now on.")
@click.option("--url", help="The address where the vendor publishes the document, for `gen watch --published`; an empty one removes it.")
@documents_option
@findings_options
@root_option
def take(
    root: Path,
    vendor: str,
    operations: tuple[str, ...],
    document: str | None,
    complete: bool,
    documents: Path | None,
    keep: tuple[str, ...],
    forget: tuple[str, ...],
    url: str | None,
    form: str,
    most: int,
) -> None:
    """Take OPERATIONs (operationIds, or "METHOD /path") of a document into specs/VENDOR, beside those that are there already.

    With --all, write specs/VENDOR/facts.json.gz instead: the facts of all operations.
    """
    if complete and (operations or keep or forget or url is not None):
        raise click.UsageError("--all includes all operations: use it without OPERATION, --keep, --forget and --url")
    if url and not url.startswith("https://"):
        raise click.UsageError("--url begins with https://")
    folder = root / "specs" / vendor
    saved = {schema: tuple(filter(None, names.split(","))) for schema, _, names in (text.partition("=") for text in keep)}
    sources: dict[str, str] = {}
    files: dict[Path, bytes] = {}
    try:
        if complete:
            collected = collect(folder, _complete(folder, vendor, document, documents))
            found = collected.diagnostics
            if collected.data is not None:
                files[folder / FACTS] = collected.data
        else:
            entire, find = _source(folder, vendor, document, documents, (*operations, *forget))
            made = update(folder, entire, operations, find, keep=saved, forget=forget, url=url)
            found = made.diagnostics
            files = {path: text.encode() for path, text in made.files.items()}
            if entire.published_sha256 is None:
                sources[entire.file] = entire.data.decode("utf-8", "replace") if isinstance(entire.data, bytes) else entire.data
    except (DocumentFault, LockFault) as fault:
        found, files = (fault.diagnostic,), {}
    found = from_root(found, root)
    sources |= read_sources(found, [root, *([documents] if documents else [])])
    if show(found, sources, form, most):
        print_message("no change")
        sys.exit(FOUND)
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print_message(f"wrote {path.relative_to(root)}")
    if complete and not files:
        print_message("no change")


def _complete(folder: Path, vendor: str, document: str | None, documents: Path | None) -> list[Document]:
    """Return the documents to take all facts of."""
    if document is not None:
        path, name = find_document(document, vendor, documents)
        return [load_document(path, name, name)]
    lock = read_lock(folder / LOCK)
    if lock.product is not None:
        return [product_document(folder, lock.product.name)]
    return [load_document(*_located(source.name, vendor, documents)) for source in lock.documents]


def _located(name: str, vendor: str, documents: Path | None) -> tuple[Path, str, str]:
    path, _ = find_document(name, vendor, documents)
    return path, name, name


def _source(folder: Path, vendor: str, document: str | None, documents: Path | None, operations: tuple[str, ...]) -> tuple[Document, Find]:
    """Return the document to take operations from, and a lookup of the vendor's other documents."""
    facts = open_facts(folder) if (folder / FACTS).is_file() else None
    if document is not None and not (facts and document in facts and not (documents and (documents / document).is_file())):
        path, name = find_document(document, vendor, documents)
        return load_document(path, name, name), finder(documents or path.parent, facts)
    if facts is None:
        raise click.UsageError(f"specs/{vendor} has no {FACTS}: name the vendor's document with --document")
    having = [name for name in facts if document in (None, name) and all(one in known_operations(facts[name]) for one in operations)]
    if len(having) != 1:
        wanted = ", ".join(operations) or "operations"
        count = "several documents have" if having else "no document has"
        raise click.UsageError(f"{count} {wanted}: name one of {', '.join(having or facts)} with --document")
    return facts[having[0]], finder(documents or folder, facts)


@spec.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@documents_option
@findings_options
@root_option
def check(root: Path, vendors: tuple[str, ...], documents: Path | None, form: str, most: int) -> None:
    """Check the facts in specs/ of VENDORs (of all, if none is named): valid OpenAPI, no prose, the same as in the vendors' documents."""
    known = sorted(path.parent.name for path in (root / "specs").glob("*/openapi.yaml"))
    for vendor in vendors:
        if vendor not in known:
            raise click.UsageError(f"there is no specs/{vendor}/openapi.yaml; there is {', '.join(known) or 'none'}")
    found = from_root((one for vendor in vendors or known for one in check_slice(root / "specs" / vendor, documents)), root)
    if show(found, read_sources(found, [root, *([documents] if documents else [])]), form, most):
        sys.exit(FOUND)
    compared = "compared with the vendors' documents" if documents else "compared with facts of complete documents only"
    number = len(vendors or known)
    print_message(f"{number} {'slice' if number == 1 else 'slices'} checked, {compared}")
