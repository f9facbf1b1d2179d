"""Command `gen new vendor`: write first mappings for a vendor, guessed from its document."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.cli.sources import from_root
from unified_gen.cli.spec import documents_option, find_document
from unified_gen.formatting.format import format_text, kind_of
from unified_gen.language import ast
from unified_gen.language.parse import parse_model
from unified_gen.scaffold.project import Scaffold, scaffold
from unified_gen.specs.update import finder, update
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents import DocumentFault, load_document

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@click.group()
def new() -> None:
    """Start something new."""


@new.command()
@click.argument("name")
@click.option("--document", required=True, help="The vendor's document: a file, or a name below the folder of documents.")
@click.option(
    "--resource", "resources", multiple=True, help="Only this resource; may be given several times. All that are found otherwise."
)
@documents_option
@findings_options
@root_option
def vendor(root: Path, name: str, document: str, resources: tuple[str, ...], documents: Path | None, form: str, most: int) -> None:
    """Write first mappings for the vendor NAME, guessed from its document, and take the operations they call into specs/NAME.

    Every guess is marked; everything else is listed under `gaps`. Review each, then run "gen check NAME".
    """
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"{name!r} is not a vendor's name: small letters, digits and _, a letter first")
    for folder in (root / "mappings" / "vendors" / name, root / "specs" / name):
        if folder.exists():
            raise click.UsageError(f"{folder.relative_to(root)} exists already: this command only starts a vendor")
    models, sources, wrong = _models(root, resources)
    if show(wrong, sources, form, most):
        sys.exit(FOUND)
    path, label = find_document(document, name, documents)
    try:
        entire = load_document(path, label, label)
    except DocumentFault as fault:
        show([fault.diagnostic], {label: path.read_bytes().decode("utf-8", "replace")}, form, most)
        sys.exit(FOUND)
    made = scaffold(name, entire, models)
    if not made.resources:
        print_message(f"{label} shows nothing like {', '.join(model.resource.value for model in models)}: nothing was written")
        sys.exit(FOUND)
    taken = update(root / "specs" / name, entire, made.operations, finder(documents or path.parent))
    if show(from_root(taken.diagnostics, root), {label: path.read_bytes().decode("utf-8", "replace")}, form, most, to=sys.stderr):
        sys.exit(FOUND)
    mappings = {root / file: format_text(text, kind_of(file) or "resource") for file, text in made.files.items()}
    for path, text in {**taken.files, **mappings}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        click.echo(f"wrote {path.relative_to(root)}")
    _print(name, made)


def _models(root: Path, resources: tuple[str, ...]) -> tuple[list[ast.Model], dict[str, str], list[Diagnostic]]:
    models: list[ast.Model] = []
    sources: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for path in sorted((root / "mappings" / "models").glob("*.yaml")):
        file = path.relative_to(root).as_posix()
        sources[file] = path.read_text("utf-8")
        model, found = parse_model(sources[file], file)
        wrong.extend(found)
        if model is not None:
            models.append(model)
    known = [model.resource.value for model in models]
    for resource in resources:
        if resource not in known:
            raise click.UsageError(f"there is no model of {resource!r}; there is {', '.join(known) or 'none'}")
    return [model for model in models if not resources or model.resource.value in resources], sources, wrong


def _print(name: str, made: Scaffold) -> None:
    for resource in made.resources:
        click.echo(
            f"{resource.name}: {resource.fields} of {resource.of_fields} fields and {resource.operations} of "
            f"{resource.of_operations} operations guessed"
        )
    for skipped in made.skipped:
        click.echo(f"{skipped}: the document shows nothing like it")
    click.echo(f"Next: review every line marked as guessed, then run `gen check {name}`. See docs/tutorials/adding-a-vendor.md.")
