"""Commands `gen new vendor`, `gen new resource` and `gen new model`: write files to begin with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.sources import from_root
from unified_gen.cli.spec import documents_option, find_document
from unified_gen.formatting.format import format_text, kind_of
from unified_gen.language import ast
from unified_gen.language.parse import parse_model, parse_vendor
from unified_gen.language.strings import LONGEST_VENDOR_NAME, is_vendor_name
from unified_gen.pipeline.inputs import resource_of, shipped_models
from unified_gen.scaffold.emit import flow
from unified_gen.scaffold.model import OPERATIONS, new_model
from unified_gen.scaffold.project import Scaffold, add_resource, scaffold
from unified_gen.specs.lock import LockFault, read_lock
from unified_gen.specs.update import LOCK, OVERLAY, SLICE, finder, load_spec, update
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents import Document, DocumentFault, load_document
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS

PAGE = "docs/tutorials/adding-a-vendor.md"


@click.group()
def new() -> None:
    """Write files to begin with: a vendor, a resource of a vendor, a model."""


# ----------------------------------------------------------------------------------------------------------------- vendor
@new.command()
@click.argument("name")
@click.option("--document", required=True, help="The vendor's document: a file, or a name below the folder of documents.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    help="Write a mapping of this resource; may be given several times. All that are recognized otherwise.",
)
@documents_option
@findings_options
@root_option
def vendor(root: Path, name: str, document: str, resources: tuple[str, ...], documents: Path | None, form: str, most: int) -> None:
    """Write first mappings for the vendor NAME, guessed from its document, and take the operations they call into specs/NAME.

    Every guess is marked; everything else has a reason. What is not recognized is written to be completed by hand. Review each line, then
    run "gen check NAME".
    """
    if not is_vendor_name(name):
        raise click.UsageError(
            f"{name!r} is not a valid vendor name: use small letters, digits and single hyphens, a letter first, "
            f"at most {LONGEST_VENDOR_NAME} characters"
        )
    # a vendor with a toolkit only has a folder of facts, and no slice
    for path in (root / "mappings" / "vendors" / name, root / "specs" / name / SLICE, root / "specs" / name / LOCK):
        if path.exists():
            raise click.UsageError(f"{path.relative_to(root)} exists already; `gen new resource {name} RESOURCE` adds a resource")
    models = _models(root, resources, form, most)
    path, label = find_document(document, name, documents)
    entire = _load(path, label, form, most)
    made = scaffold(name, entire, models, requested=bool(resources))
    taken = update(root / "specs" / name, entire, made.operations, finder(documents or path.parent))
    if show(from_root(taken.diagnostics, root), _source(path, label), form, most, to=sys.stderr):
        sys.exit(FOUND)
    _write(root, made, taken.files)
    _report(name, made)


# --------------------------------------------------------------------------------------------------------------- resource
@new.command()
@click.argument("vendor", metavar="VENDOR")
@click.argument("resource", metavar="RESOURCE")
@click.option(
    "--document", help="The vendor's document: a file, or a name below the folder of documents. Otherwise that of specs/VENDOR/lock.json."
)
@documents_option
@findings_options
@root_option
def resource(root: Path, vendor: str, resource: str, document: str | None, documents: Path | None, form: str, most: int) -> None:
    """Write a first mapping of RESOURCE for a VENDOR that exists, and take the operations it calls into specs/VENDOR.

    Without the complete document, it is guessed from its facts in specs/VENDOR, or from the operations there.
    """
    folder = root / "mappings" / "vendors" / vendor
    if not (folder / "vendor.yaml").is_file():
        raise click.UsageError(f"{folder.relative_to(root)} has no vendor.yaml; `gen new vendor {vendor} --document FILE` starts a vendor")
    if (folder / f"{resource}.yaml").exists():
        raise click.UsageError(f"{(folder / resource).relative_to(root)}.yaml exists already")
    (model,) = _models(root, (resource,), form, most)
    file = (folder / "vendor.yaml").relative_to(root).as_posix()
    text = (folder / "vendor.yaml").read_text("utf-8")
    declared, faults = parse_vendor(text, file, vendor)
    if show(faults, {file: text}, form, most) or declared is None:
        sys.exit(FOUND)
    spec = root / "specs" / vendor
    try:
        found = find_document(document, vendor, documents) if document is not None else _locked(spec, documents)
        facts = _facts(spec) if found is None else None
        known = _load(*found, form, most) if found is not None else facts
        made = add_resource(declared, known or load_spec(spec, f"specs/{vendor}"), model)
        files: Mapping[Path, str] = {}
        if known is not None:
            find = finder(documents or (found[0].parent if found is not None else spec), open_facts(spec) if facts is not None else None)
            taken = update(spec, known, made.operations, find)
            if show(from_root(taken.diagnostics, root), _source(*found) if found is not None else {}, form, most, to=sys.stderr):
                sys.exit(FOUND)
            files = taken.files
    except (DocumentFault, LockFault) as fault:
        show(from_root([fault.diagnostic], root), {}, form, most)
        sys.exit(FOUND)
    if known is None:
        print_message(
            f"The document of specs/{vendor}/{LOCK} is not available: only the operations in specs/{vendor}/{SLICE} were searched"
        )
    overlay = f"specs/{vendor}/{OVERLAY}"
    if overlay in made.files and (root / overlay).exists():
        print_message(f"{overlay} exists already; add to its actions:\n{made.files.pop(overlay).partition('actions:')[2].strip()}")
    _write(root, made, files)
    for name, way in made.pagination.items():
        print_message(f"vendor.yaml has no such pagination strategy; add it: {flow({name: dict(way.keys)})}")
    if made.connection:
        print_message(f"vendor.yaml has no such value under `connection`; add it: {flow(made.connection)}")
    _report(vendor, made)


def _locked(spec: Path, documents: Path | None) -> tuple[Path, str] | None:
    """Return the document that a vendor's slice was taken from, and its name; None if it is not available."""
    if documents is None or not (spec / LOCK).is_file():
        return None
    names = [source.name for source in read_lock(spec / LOCK).documents if not source.product]
    if len(names) > 1:
        raise click.UsageError(f"specs/{spec.name} was taken from several documents; --document names one: {', '.join(names)}")
    return next(((documents / name, name) for name in names if (documents / name).is_file()), None)


def _facts(spec: Path) -> Document | None:
    """Return the facts of the complete document that a vendor's slice was taken from; None if the folder has none."""
    if not (spec / FACTS).is_file() or read_lock(spec / LOCK).product is not None:
        return None
    facts = open_facts(spec)
    return next(iter(facts.values())) if len(facts) == 1 else None


# ------------------------------------------------------------------------------------------------------------------ model
@new.command()
@click.argument("resource", metavar="RESOURCE")
@click.option("--record", help="The name of the class of one record; the singular of RESOURCE otherwise.")
@click.option(
    "--operation",
    "operations",
    multiple=True,
    type=click.Choice(OPERATIONS),
    help=f"An operation; may be given several times. {', '.join(OPERATIONS)} otherwise.",
)
@findings_options
@root_option
def model(root: Path, resource: str, record: str | None, operations: tuple[str, ...], form: str, most: int) -> None:
    """Write a first unified model of RESOURCE, a plural such as `invoices`."""
    file = f"mappings/models/{resource}.yaml"
    text = new_model(resource, record, operations or OPERATIONS)
    _, faults = parse_model(text, file)
    if faults:
        show(faults, {file: text}, form, most)
        sys.exit(FOUND)
    others = {other.record.value: other.resource.value for other in _models(root, (), form, most)}
    made, _ = parse_model(text, file)
    if (root / file).exists():
        raise click.UsageError(f"{file} exists already")
    if made is not None and made.record.value in others:
        raise click.UsageError(
            f"the model `{others[made.record.value]}` has a record `{made.record.value}` already; --record names another"
        )
    _write(root, Scaffold({file: text}, (), ()), {})
    print_message(f"Next: complete the fields, then run `gen check`, and `gen new resource VENDOR {resource}` for each vendor.")


# ----------------------------------------------------------------------------------------------------------------- common
def _load(path: Path, label: str, form: str, most: int) -> Document:
    try:
        return load_document(path, label, label)
    except DocumentFault as fault:
        show([fault.diagnostic], _source(path, label), form, most)
        sys.exit(FOUND)


def _source(path: Path, label: str) -> dict[str, str]:
    return {label: path.read_bytes().decode("utf-8", "replace")}


def _models(root: Path, resources: tuple[str, ...], form: str, most: int) -> list[ast.Model]:
    """Return the models of some resources, of all if none is named; ends the command if a model is malformed.

    The distribution's models join those of the project if it has none, or lacks one that is named.
    """
    models: list[ast.Model] = []
    wrong: list[Diagnostic] = []
    own = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted((root / "mappings" / "models").glob("*.yaml"))}
    present = {resource_of(text) for text in own.values()}
    sources = own if own and present.issuperset(resources) else own | shipped_models({}, without=present)
    for file, text in sources.items():
        model, found = parse_model(text, file)
        wrong.extend(found)
        if model is not None:
            models.append(model)
    if show(wrong, sources, form, most):
        sys.exit(FOUND)
    known = [model.resource.value for model in models]
    for resource in resources:
        if resource not in known:
            raise click.UsageError(f"there is no model of {resource!r}; there is {', '.join(known) or 'none'}")
    return [model for model in models if not resources or model.resource.value in resources]


def _write(root: Path, made: Scaffold, taken: Mapping[Path, str]) -> None:
    files = {root / file: format_text(text, kind) if (kind := kind_of(file)) else text for file, text in made.files.items()}
    for path, text in {**taken, **files}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        click.echo(f"wrote {path.relative_to(root)}")


def _report(name: str, made: Scaffold) -> None:
    for resource in made.resources:
        if resource.fields:
            click.echo(
                f"{resource.name}: {resource.fields} of {resource.of_fields} fields and {resource.operations} of "
                f"{resource.of_operations} operations guessed"
            )
        else:
            click.echo(f"{resource.name}: nothing recognized; comments in the mapping describe how to complete it")
    if made.skipped:
        click.echo(f"not recognized: {', '.join(made.skipped)}; `gen new resource {name} RESOURCE` writes a mapping to be completed")
    click.echo(f"Next: review every line marked as guessed, then run `gen check {name}`. See {PAGE}.")
