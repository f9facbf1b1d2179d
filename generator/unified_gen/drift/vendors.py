"""Compare the documents of a vendor of the project with new versions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from unified_gen.diagnostics.report import has_errors
from unified_gen.drift.documents import next_document
from unified_gen.drift.model import Drift
from unified_gen.drift.verdicts import drift
from unified_gen.language import ast
from unified_gen.language.parse import parse_resource, parse_vendor
from unified_gen.pipeline.compiler import Models
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.specs.lock import Lock
from unified_gen.specs.update import Find
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents import Document, parse_document
from unified_openapi.documents.overlay import parse_overlay


class NotComparable(Exception):
    """A vendor without a part that a comparison needs."""


class MappingErrors(Exception):
    """Mappings with errors of their own."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("the mappings have errors of their own: fix these first")
        self.diagnostics = diagnostics


class ParsedVendor(Struct, frozen=True):
    """A vendor's declaration and mappings."""

    declaration: ast.Vendor
    resources: tuple[ast.Resource, ...]


def parse(inputs: VendorInputs, models: Models) -> ParsedVendor:
    """Return a vendor's files, parsed.

    Raises:
        NotComparable: it has no `vendor.yaml`.
        MappingErrors: a file, or a model, has errors.
    """
    name = inputs.declaration
    if name is None:
        raise NotComparable(f"mappings/vendors/{inputs.name} has no vendor.yaml")
    declaration, found = parse_vendor(inputs.mappings[name], name, inputs.name)
    wrong, resources = [*models.diagnostics, *found], []
    for file, text in sorted(inputs.mappings.items()):
        if file != name:
            resource, faults = parse_resource(text, file, inputs.name)
            wrong += faults
            if resource is not None:
                resources.append(resource)
    if declaration is None or has_errors(wrong):
        raise MappingErrors(tuple(wrong))
    return ParsedVendor(declaration, tuple(resources))


def compare_documents(inputs: VendorInputs, models: Models, lock: Lock, new: Mapping[str, Document], find: Find) -> Drift:
    """Return the effect of new versions of a vendor's documents.

    Args:
        inputs: the vendor's files.
        models: the unified models.
        lock: the documents of its slice.
        new: the new versions, by the names of those that they replace.
        find: gives the other documents of the slice.

    Raises:
        NotComparable: the vendor has no `vendor.yaml` or no slice.
        MappingErrors: its mappings have errors.
        DocumentFault: another document of the slice cannot be loaded.
        OperationConflict: two documents describe the same operation.
    """
    spec = inputs.spec("openapi.yaml")
    if spec is None:
        raise NotComparable(f"there is no specs/{inputs.name}/openapi.yaml")
    parsed = parse(inputs, models)
    before = parse_document(spec[1], spec[0])
    after, renames = next_document(lock, new, find, inputs.name, before)
    overlay = inputs.spec("overlay.yaml")
    corrections = parse_overlay(overlay[1].encode(), overlay[0]) if overlay else None
    return drift(parsed.declaration, parsed.resources, models, before, after, corrections, renames)
