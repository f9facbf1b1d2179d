"""Command `gen diff`: report the effect of a vendor's new document on each unified operation."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, render, root_option, show
from unified_gen.cli.spec import documents_option
from unified_gen.diagnostics.render_json import as_json
from unified_gen.diagnostics.report import has_errors
from unified_gen.language import ast
from unified_gen.language.parse import parse_resource, parse_vendor
from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.drift import Drift, Verdict, drift, next_document
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_gen.specs.lock import LockFault, SourceDocument, read_lock
from unified_gen.specs.update import LOCK, finder
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents import Document, DocumentFault, load_document, parse_document
from unified_openapi.documents.overlay import parse_overlay
from unified_openapi.facts.merge import OperationConflict
from unified_openapi.source.spans import Json


@click.command()
@click.argument("vendor")
@click.argument("new_document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replaces", help="Which document of specs/VENDOR/lock.json the new one replaces, if it has several.")
@documents_option
@findings_options
@root_option
def diff(root: Path, vendor: str, new_document: Path, replaces: str | None, documents: Path | None, form: str, most: int) -> None:
    """Report the effect of NEW_DOCUMENT, a new version of VENDOR's document, on each unified operation.

    Each is still valid, deprecated, lossy (something of it is lost) or broken, with the lines of the mapping concerned. Exit code 1 if
    anything has to be done.
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
        others = [other.name for other in lock.documents if other.name != source.name]
        if others and documents is None:
            raise click.UsageError(f"{', '.join(others)} is needed too: pass its folder by --documents or UNIFIED_VENDOR_DOCUMENTS")
        after = next_document(lock, source, new, finder(documents or Path()), vendor)
        declaration, resources, wrong = _parse(found[vendor])
        before = _document(found[vendor])
    except (DocumentFault, LockFault) as fault:
        show([fault.diagnostic], sources, form, most)
        sys.exit(FOUND)
    except OperationConflict as clash:
        raise click.ClickException(str(clash)) from None
    models = parse_models(inputs.models)
    if has_errors((*wrong, *models.diagnostics)) or declaration is None:
        show((*wrong, *models.diagnostics), sources, form, most)
        print_message("the mappings have errors of their own: fix these first")
        sys.exit(FOUND)
    overlay = found[vendor].spec("overlay.yaml")
    result = drift(declaration, resources, models, before, after, parse_overlay(overlay[1].encode(), overlay[0]) if overlay else None)
    _show(result, source, new, sources, form, most)
    sys.exit(0 if result.clean else FOUND)


def _source(listed: tuple[SourceDocument, ...], replaces: str | None, vendor: str, new: Path) -> SourceDocument:
    if replaces is not None:
        matching = [source for source in listed if source.name == replaces or source.name.endswith("/" + replaces)]
    else:
        matching = [source for source in listed if source.name.endswith("/" + new.name)] if len(listed) > 1 else list(listed)
    if len(matching) != 1:
        raise click.UsageError(f"specs/{vendor} was taken from {', '.join(source.name for source in listed)}: choose one by --replaces")
    return matching[0]


def _parse(inputs: VendorInputs) -> tuple[ast.Vendor | None, list[ast.Resource], list[Diagnostic]]:
    name = inputs.declaration
    if name is None:
        raise click.UsageError(f"mappings/vendors/{inputs.name} has no vendor.yaml")
    declaration, found = parse_vendor(inputs.mappings[name], name, inputs.name)
    wrong, resources = list(found), []
    for file, text in sorted(inputs.mappings.items()):
        if file != name:
            resource, found = parse_resource(text, file, inputs.name)
            wrong += found
            if resource is not None:
                resources.append(resource)
    return declaration, resources, wrong


def _document(inputs: VendorInputs) -> Document:
    spec = inputs.spec("openapi.yaml")
    if spec is None:
        raise click.UsageError(f"there is no specs/{inputs.name}/openapi.yaml")
    return parse_document(spec[1].encode(), spec[0])


def _show(result: Drift, source: SourceDocument, new: Document, sources: dict[str, str], form: str, most: int) -> None:
    if form == "json":
        click.echo(json.dumps(_as_json(result, source, new), indent=2, ensure_ascii=False))
        return
    if form != "text":
        show(result.findings, sources, form, most)
        return
    if result.findings:
        click.echo(render(result.findings, sources, form, most, sys.stdout))
    click.echo(f"{result.vendor}: {source.name}, version {source.version} → {new.version}")
    width = max((len(operation.name) for operation in result.operations), default=0)
    for operation in result.operations:
        concerns = f"  {', '.join(operation.fields)}" if operation.fields else ""
        click.echo(f"  {operation.name:<{width}}  {operation.verdict.value}{concerns}")
        lines = dict.fromkeys(f"{found.span.file}:{found.span.line}" for found in operation.findings)
        if lines:
            click.echo(f"  {'':<{width}}  {', '.join(lines)}")
    if result.overlay:
        number = len(result.overlay)
        click.echo(f"  {number} overlay {'action does' if number == 1 else 'actions do'} not fit any more")
    counts = Counter(operation.verdict for operation in result.operations)
    click.echo(", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]) or "no operations")


def _as_json(result: Drift, source: SourceDocument, new: Document) -> Json:
    return {
        "vendor": result.vendor,
        "document": source.name,
        "before": source.version,
        "after": new.version,
        "clean": result.clean,
        "operations": [
            {
                "resource": operation.resource,
                "operation": operation.operation,
                "verdict": operation.verdict.value,
                "fields": list(operation.fields),
                "findings": [as_json(found) for found in operation.findings],
            }
            for operation in result.operations
        ],
        "overlay": [as_json(found) for found in result.overlay],
    }
