"""Command `gen diff`: report the effect of a vendor's new document on each unified operation."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, render, root_option, show
from unified_gen.cli.grants import connections_option, granted_scopes, lacking_connections, lacking_findings
from unified_gen.cli.spec import documents_option
from unified_gen.drift.report import Compared, as_text, to_json
from unified_gen.drift.vendors import MappingErrors, NotComparable, compare_documents
from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.specs.codes import CHANGED, LACKS_SCOPE
from unified_gen.specs.lock import LockFault, SourceDocument, read_lock
from unified_gen.specs.update import LOCK, finder
from unified_openapi.documents import DocumentFault, load_document
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.merge import OperationConflict


@click.command()
@click.argument("vendor")
@click.argument("new_document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replaces", help="Which document of specs/VENDOR/lock.json the new one replaces, if it has several.")
@documents_option
@connections_option
@findings_options
@root_option
def diff(
    root: Path,
    vendor: str,
    new_document: Path,
    replaces: str | None,
    documents: Path | None,
    connections: Path | None,
    form: str,
    most: int,
) -> None:
    """Report the effect of NEW_DOCUMENT, a new version of VENDOR's document, on each unified operation.

    Each is still valid, deprecated, changed (all of it compiles, but to other requests), lossy (something of it is lost) or broken, with
    the differences and the lines of the mapping concerned. Exit code 1 if anything has to be done.
    """
    inputs = read_inputs(root)
    found = {one.name: one for one in inputs.vendors}
    if vendor not in found:
        raise click.UsageError(f"there is no mappings/vendors/{vendor}; there is {', '.join(found) or 'none'}")
    sources = {**inputs.texts(), new_document.as_posix(): new_document.read_bytes().decode("utf-8", "replace")}
    try:
        lock = read_lock(root / "specs" / vendor / LOCK)
        source = _source(lock.documents, replaces, vendor, new_document)
        new = load_document(new_document, new_document.as_posix(), source.name)
        folder = root / "specs" / vendor
        facts = open_facts(folder) if (folder / FACTS).is_file() else None
        others = [other.name for other in lock.documents if other.name != source.name and other.name not in (facts or ())]
        if others and documents is None:
            raise click.UsageError(f"{', '.join(others)} is needed too: pass its folder by --documents or UNIFIED_VENDOR_DOCUMENTS")
        find = finder(documents or Path(), facts)
        result = compare_documents(found[vendor], parse_models(inputs.models), lock, {source.name: new}, find)
    except (DocumentFault, LockFault) as fault:
        show([fault.diagnostic], sources, form, most)
        sys.exit(FOUND)
    except MappingErrors as errors:
        show(errors.diagnostics, sources, form, most)
        print_message(str(errors))
        sys.exit(FOUND)
    except NotComparable as error:
        raise click.UsageError(str(error)) from None
    except OperationConflict as clash:
        raise click.ClickException(str(clash)) from None
    lacking = lacking_connections(result, granted_scopes(vendor, connections)) if result.scopes else ()
    _show(Compared(result, source.name, source.version, new.version, lacking), sources, form, most)
    sys.exit(0 if result.clean else FOUND)


def _source(listed: tuple[SourceDocument, ...], replaces: str | None, vendor: str, new: Path) -> SourceDocument:
    if replaces is not None:
        matching = [source for source in listed if source.name == replaces or source.name.endswith("/" + replaces)]
    else:
        matching = [source for source in listed if source.name.endswith("/" + new.name)] if len(listed) > 1 else list(listed)
    if len(matching) != 1:
        raise click.UsageError(f"specs/{vendor} was taken from {', '.join(source.name for source in listed)}: choose one by --replaces")
    return matching[0]


def _show(compared: Compared, sources: dict[str, str], form: str, most: int) -> None:
    if form == "json":
        click.echo(json.dumps(to_json(compared), indent=2, ensure_ascii=False))
        return
    findings = (*compared.drift.findings, *lacking_findings(compared))
    if form != "text":
        show(findings, sources, form, most)
        return
    listed = [found for found in findings if found.code not in (CHANGED.code, LACKS_SCOPE.code)]
    if listed:
        click.echo(render(listed, sources, form, most, sys.stdout))
    for line in as_text(compared):
        click.echo(line)
