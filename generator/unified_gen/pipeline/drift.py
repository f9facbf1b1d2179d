"""Drift: the effect of a vendor's new document on each unified operation.

The operations that the slice holds now are extracted from the new document, the overlay is applied to them, and each unified operation
is resolved and checked by itself in both. A finding that is new was caused by the vendor. Locations point into the new document.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.check.all_rules import check_resource
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.pipeline.compiler import Models, accept
from unified_gen.resolve.resolved import VendorUnit
from unified_gen.resolve.resource import resolve_resource
from unified_gen.resolve.vendor_fields import with_vendor_fields
from unified_gen.specs.lock import Lock, SourceDocument
from unified_gen.specs.take import take
from unified_gen.specs.update import Find, take_source
from unified_openapi.diagnostics.model import Diagnostic, Severity
from unified_openapi.documents import Document, operations
from unified_openapi.documents.overlay import Overlay, apply
from unified_openapi.facts.merge import merge
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.source.spans import Span


class Verdict(enum.Enum):
    """Outcome for an operation, the best first."""

    VALID = "valid"
    DEPRECATED = "deprecated"
    """It works, and the vendor has marked it as going."""
    LOSSY = "lossy"
    """It works without some field, enum value or filter."""
    BROKEN = "broken"


class OperationDrift(Struct, frozen=True):
    """One unified operation. `findings` are those that the new document brings; `fields` the unified fields they are about."""

    resource: str
    operation: str
    verdict: Verdict
    fields: tuple[str, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def name(self) -> str:
        return f"{self.resource}.{self.operation}"


class Drift(Struct, frozen=True):
    """All operations of a vendor, and the overlay actions that do not fit the new document."""

    vendor: str
    operations: tuple[OperationDrift, ...]
    overlay: tuple[Diagnostic, ...]

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return tuple(dict.fromkeys([*self.overlay, *(found for operation in self.operations for found in operation.findings)]))

    @property
    def clean(self) -> bool:
        """True if nothing has to be done."""
        return not self.findings


def next_document(lock: Lock, source: SourceDocument, new: Document, find: Find, title: str) -> Document:
    """Return the slice as it would be extracted today, with `new` in place of one of the documents.

    Operations that `new` does not have are left out: a mapping that calls one gets a finding. Locations point into `new`.

    Raises:
        DocumentFault: another document of the slice cannot be loaded.
        OperationConflict: two documents describe the same operation.
    """
    known = operations(new)
    saved = tuple(name for name in source.operations if name in known)
    parts = []
    for other in lock.documents:
        if other.name == source.name:
            parts.append((new.name, take(new, saved, source.keep, title).root))
        else:
            parts.append((other.name, take_source(other, find(other.name), title).root))
    return replace(new, root=merge(parts), faults=())


def drift(
    vendor: ast.Vendor, resources: Iterable[ast.Resource], models: Models, before: Document, after: Document, overlay: Overlay | None
) -> Drift:
    """Return the effect of a new document on every operation of a vendor.

    Args:
        vendor: its declaration.
        resources: its mappings.
        models: the unified models.
        before: its document as it is, without the overlay.
        after: its document as it would be, without the overlay.
        overlay: its overlay.
    """
    old, new = (apply(document, overlay) if overlay is not None else document for document in (before, after))
    settled = {_key(found) for found in old.faults}
    misfits = tuple(found for found in new.faults if found.code.startswith("SPEC2") and _key(found) not in settled)
    resources, _ = with_vendor_fields(vendor, resources, models.by_resource)
    units = [VendorUnit(vendor, document, Schemas(document), operations(document), resources) for document in (old, new)]
    judged = [
        _judge(resource, operation, model, units)
        for resource in resources
        if (model := models.by_resource.get(resource.resource.value)) is not None
        for operation in resource.operations
    ]
    return Drift(vendor.name.value, tuple(judged), misfits)


def _judge(resource: ast.Resource, operation: ast.Operation, model: ast.Model, units: list[VendorUnit]) -> OperationDrift:
    single = replace(resource, operations=(operation,))
    declared = next((found for found in model.operations if found.name.value == operation.name.value), None)
    before, after = (tuple(_findings(unit, single, model)) for unit in units)
    settled = {_key(found) for found in before}
    locations = {field.name.value: field.span for field in resource.fields}
    new = [found for found in after if _key(found) not in settled]
    if declared is not None and declared.empty:  # nothing of the record is read
        new = [found for found in new if _field(found, locations) is None]
    fields = tuple(dict.fromkeys(name for found in new if (name := _field(found, locations)) is not None))
    return OperationDrift(resource.resource.value, operation.name.value, _verdict(new, locations), fields, tuple(new))


def _findings(unit: VendorUnit, resource: ast.Resource, model: ast.Model) -> Iterator[Diagnostic]:
    reporter, takes = Reporter(unit.document), dict[str, frozenset[str]]()
    found = resolve_resource(unit, resource, model, reporter, takes)
    diagnostics = [*reporter.diagnostics, *(check_resource(found, takes) if found is not None else ())]
    for diagnostic in accept(unit.declaration, [resource], diagnostics):
        if diagnostic.code != "MAP405":  # a single operation does not show what the others accept
            yield diagnostic


_CONSEQUENCES = frozenset({"MAP109", "MAP205", "MAP207", "MAP208", "MAP209"})
"""Codes that report a loss, though they may point at the operation."""


def _verdict(findings: Iterable[Diagnostic], locations: Mapping[str, Span]) -> Verdict:
    worst = Verdict.VALID
    for found in findings:
        field = _field(found, locations)
        if found.code == "MAP102":
            verdict = Verdict.DEPRECATED
        elif field == "id" or (field is None and found.severity is Severity.ERROR and found.code not in _CONSEQUENCES):
            verdict = Verdict.BROKEN
        else:
            verdict = Verdict.LOSSY
        worst = max(worst, verdict, key=list(Verdict).index)
    return worst


def _field(found: Diagnostic, locations: Mapping[str, Span]) -> str | None:
    """Return the unified field whose lines in the mapping have a finding."""
    for name, span in locations.items():
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        if found.span.file == span.file and start <= (found.span.line, found.span.column) < end:
            return name
    return None


def _key(found: Diagnostic) -> tuple[object, ...]:
    """Return findings are the same wherever their notes point."""
    return found.code, found.message, found.span
