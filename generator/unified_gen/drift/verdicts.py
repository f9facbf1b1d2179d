"""Drift: the effect of a vendor's new document on each unified operation.

Each operation is resolved, checked and compiled by itself under both documents. A finding that is new was caused by the vendor. What
compiles under both is compared: by its traits, and by the generated code. Locations point into the new document.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.check import map408_oauth, map409_webhooks, map410_limits, map411_scopes
from unified_gen.check.all_rules import check_resource
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.drift.compare import code_change, compare
from unified_gen.drift.declarations import vendor_traits
from unified_gen.drift.model import Change, Drift, OperationDrift, Verdict
from unified_gen.drift.renames import Renames
from unified_gen.drift.traits import Trait, traits
from unified_gen.language import ast
from unified_gen.lower.batches import Batches
from unified_gen.lower.selects import selectable
from unified_gen.lower.structs import Structs
from unified_gen.pipeline.compiler import Models, accept
from unified_gen.render.resources import render_resource
from unified_gen.render.vendors import vendor_schemes
from unified_gen.resolve import scopes
from unified_gen.resolve.record_schema import with_schema
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, VendorUnit
from unified_gen.resolve.resource import resolve_resource
from unified_gen.resolve.vendor_fields import with_vendor_fields
from unified_openapi.diagnostics.model import Diagnostic, Severity
from unified_openapi.documents import Document, operations
from unified_openapi.documents.overlay import Overlay, apply
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.source.spans import Span

NO_RENAMES = Renames()


class _Single(Struct, frozen=True):
    """One operation of a mapping under one document: what could be resolved of it, and the findings."""

    resource: ResolvedResource | None
    used: Mapping[str, frozenset[str]]
    findings: tuple[Diagnostic, ...]

    @property
    def operation(self) -> ResolvedOperation | None:
        return next(iter(self.resource.operations), None) if self.resource is not None else None


def drift(
    vendor: ast.Vendor,
    resources: Iterable[ast.Resource],
    models: Models,
    before: Document,
    after: Document,
    overlay: Overlay | None,
    renames: Renames = NO_RENAMES,
) -> Drift:
    """Return the effect of a new document on every operation of a vendor.

    Args:
        vendor: its declaration.
        resources: its mappings.
        models: the unified models.
        before: its document as it is, without the overlay.
        after: its document as it would be, without the overlay and without the renames.
        overlay: its overlay.
        renames: the renames that `after` does not have any more.
    """
    old, new = (apply(document, overlay) if overlay is not None else document for document in (before, after))
    settled = {_key(found) for found in old.faults}
    misfits = tuple(found for found in new.faults if found.code.startswith("SPEC2") and _key(found) not in settled)
    resources, _ = with_vendor_fields(vendor, resources, models.by_resource)
    units = (
        VendorUnit(vendor, old, Schemas(old), operations(old), resources),
        VendorUnit(vendor, new, Schemas(new), operations(new), resources),
    )
    known = [(resource, model) for resource in resources if (model := models.by_resource.get(resource.resource.value)) is not None]
    judged = []
    for resource, model in known:
        batching = _Batching(resource, model, units)
        judged += [_judge(resource, operation, model, units, batching, renames) for operation in resource.operations]
    levels = [_vendor_level(unit, known) for unit in units]
    earlier = {_key(found) for found in levels[0][1]}
    findings = tuple(found for found in levels[1][1] if _key(found) not in earlier)
    changes = (*compare(levels[0][0], levels[1][0]), *_moved(renames, overlay))
    return Drift(vendor.name.value, tuple(judged), misfits, vendor.name.span, findings, changes)


# ------------------------------------------------------------------------------------------- one operation
def _judge(
    resource: ast.Resource,
    operation: ast.Operation,
    model: ast.Model,
    units: tuple[VendorUnit, VendorUnit],
    batching: _Batching,
    renames: Renames,
) -> OperationDrift:
    stated = [with_schema(unit, resource, model) or resource for unit in units]  # one operation may not show the record
    declared = next((found for found in model.operations if found.name.value == operation.name.value), None)
    empty = declared is not None and declared.empty
    before, after = (
        _resolved(unit, replace(one, operations=(operation,), batches=()), model) for unit, one in zip(units, stated, strict=True)
    )
    settled = {_key(found) for found in before.findings}
    locations = {field.name.value: field.span for field in resource.fields}
    if resource.custom_fields is not None:
        locations["custom_fields"] = resource.custom_fields.span
    optional = _optional(operation, model, declared)
    new = [found for found in after.findings if _key(found) not in settled]
    if empty:  # nothing of the record is read
        new = [found for found in new if _field(found, locations) is None]
    changes = [*_names(resource, operation, renames), *batching.lost(operation)]
    if before.operation is not None and after.operation is not None:
        sides = [batching.with_batches(side.resource, number) for number, side in enumerate((before, after)) if side.resource is not None]
        # if nothing is read, the traits are all that an operation has
        code = None if new or empty else (_code(sides[0], before), _code(sides[1], after))
        old, now = ([*_traits(side, side.operations[0])] for side in sides)
        changes += compare(old, now, code)
        if code is not None and code[0] != code[1] and all(change.verdict is Verdict.DEPRECATED for change in changes):
            changes.append(code_change(*code))
    subjects = [_subject(found, locations, optional) for found in new]
    required = {field.name.value for field in model.fields if operation.name.value in field.required}
    verdicts = [_verdict(found, subject, required) for found, subject in zip(new, subjects, strict=True)]
    verdict = max((Verdict.VALID, *verdicts, *(change.verdict for change in changes)), key=list(Verdict).index)
    lost = [*subjects, *(change.lost for change in changes if change.verdict is Verdict.LOSSY)]
    return OperationDrift(
        resource=resource.resource.value,
        operation=operation.name.value,
        verdict=verdict,
        fields=tuple(dict.fromkeys(name for name in lost if name is not None)),
        findings=tuple(new),
        span=operation.name.span,
        changes=tuple(dict.fromkeys(changes)),
        scopes=_requests(sides[1]) if any(change.aspect == "scopes" for change in changes) else (),
    )


def _resolved(unit: VendorUnit, resource: ast.Resource, model: ast.Model) -> _Single:
    reporter, takes = Reporter(unit.document), dict[str, frozenset[str]]()
    found = resolve_resource(unit, resource, model, reporter, takes)
    diagnostics = [*reporter.diagnostics, *(check_resource(found, takes) if found is not None else ())]
    # MAP405: a single operation does not show what the others accept
    findings = tuple(one for one in accept(unit.declaration, [resource], diagnostics) if one.code != "MAP405")
    return _Single(found, takes, findings)


def _code(resource: ResolvedResource, single: _Single) -> str:
    return str(render_resource(resource, Structs(resource.unit.schemas), Batches(), single.used))


def _traits(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[Trait]:
    oauth = resource.unit.declaration.oauth
    least = scopes.least(_requests(resource), oauth.preferred if oauth is not None else ())
    yield Trait("scopes", "scopes", f"`{resource.model.resource}.{operation.name}`", least, " ".join(least) or "none")
    yield from traits(resource, operation, _selected(resource, operation))


def _requests(resource: ResolvedResource) -> tuple[scopes.Alternatives, ...]:
    """Return the scopes that each request of the one operation accepts."""
    oauth = resource.unit.declaration.oauth
    return tuple(scopes.requests(resource, resource.operations[0], oauth.preferred if oauth is not None else ()))


def _selected(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[Trait]:
    """Yield what is requested of a response, by unified field."""
    select = resource.unit.declaration.select
    if select is None or select.style != "paths":
        return
    for step in operation.steps:
        if not any(assignment.origin == "select" for assignment in step.assignments):
            continue
        for field in resource.fields:
            for leaf in field.leaves():
                name = selectable(resource.unit.schemas, step, leaf.path.segments) if not leaf.request else None
                if name is not None:
                    key = (step.ast.span, field.name, leaf.text.value)
                    yield Trait("selected field", key, f"`{leaf.text}` of `{step.facts.name}`", name, name, field.name)


# ------------------------------------------------------------------------------------------- verdicts of findings
_CONSEQUENCES = frozenset({"MAP109", "MAP205", "MAP207", "MAP208", "MAP209", "MAP412"})
"""Codes that report a loss, though they may point at the operation."""


def _verdict(found: Diagnostic, subject: str | None, required: Container[str]) -> Verdict:
    if found.code == "MAP102":
        return Verdict.DEPRECATED
    if subject == "id" or (subject in required and found.code == "MAP104"):  # callers always give it, and it is not sent
        return Verdict.BROKEN
    if subject is None and found.severity is Severity.ERROR and found.code not in _CONSEQUENCES:
        return Verdict.BROKEN
    return Verdict.LOSSY


def _subject(found: Diagnostic, locations: Mapping[str, Span], optional: Mapping[Span, str]) -> str | None:
    """Return the unified field, or the optional input or filter, whose lines in the mapping have a finding."""
    field = _field(found, locations)
    return field if field is not None else next((name for span, name in optional.items() if _inside(found.span, span)), None)


def _optional(operation: ast.Operation, model: ast.Model, declared: ast.ModelOperation | None) -> dict[Span, str]:
    """Return the spans of inputs of requests that only an optional input fills, and of their enum values, with that input."""
    like = declared.kind if declared is not None else ""
    inputs = {given.name.value for given in declared.inputs if not given.required} if declared is not None else set[str]()
    if like in ("create", "update"):
        inputs |= {field.name.value for field in model.fields if operation.name.value not in field.required}
    prefix = "filter." if like in ("list", "changes") else ""
    found = {}
    for step in operation.steps:
        free = inputs - {text.value for text in step.requires}
        for binding in step.params:
            name = binding.reference.value.partition(".")[0]
            if binding.input is not None and name in free and name != "id":
                found[binding.input.span] = found[binding.reference.span] = prefix + name
        of = {binding.input.value: binding.reference.value for binding in step.params if binding.input is not None}
        for text, table in step.enums:
            name = of.get(text.value, text.value)
            if name in free:
                found[table.span] = prefix + name
    return found


def _field(found: Diagnostic, locations: Mapping[str, Span]) -> str | None:
    """Return the unified field whose lines in the mapping have a finding."""
    return next((name for name, span in locations.items() if _inside(found.span, span)), None)


def _inside(inner: Span, outer: Span) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return inner.file == outer.file and start <= (inner.line, inner.column) < end


def _key(found: Diagnostic) -> tuple[object, ...]:
    """Return what makes findings the same wherever their notes point."""
    return found.code, found.message, found.span


# ------------------------------------------------------------------------------------------- batches
class _Batching:
    """The batches of a mapping under both documents. Without one, its requests travel separately, and nothing else is lost."""

    def __init__(self, resource: ast.Resource, model: ast.Model, units: tuple[VendorUnit, VendorUnit]) -> None:
        self.resource = resource
        self.sides: list[ResolvedResource | None] = []
        findings: list[dict[tuple[object, ...], Diagnostic]] = []
        for unit in units if resource.batches else ():
            reporter = Reporter(unit.document)
            self.sides.append(resolve_resource(unit, resource, model, reporter, {}))
            findings.append({_key(found): found for found in reporter.diagnostics})
        self.new = [found for key, found in findings[1].items() if key not in findings[0]] if findings else []

    def with_batches(self, single: ResolvedResource, number: int) -> ResolvedResource:
        """Return the operation with its batches."""
        full = self.sides[number] if self.sides else None
        return replace(single, batches=full.batches if full is not None else ())

    def lost(self, operation: ast.Operation) -> Iterator[Change]:
        """Yield the batches that an operation loses."""
        called = {step.operation.value for step in operation.steps}
        for batch in self.resource.batches:
            reasons = [
                found for found in self.new if _inside(found.span, batch.span) or found.span in (batch.single.span, batch.operation.span)
            ]
            if reasons and batch.single.value in called:
                yield Change("batching", f"`{batch.single}`", reasons[0].message, Verdict.LOSSY, "batching")


# ------------------------------------------------------------------------------------------- names
def _names(resource: ast.Resource, operation: ast.Operation, renames: Renames) -> Iterator[Change]:
    """Yield the names that the mapping of an operation has to follow."""
    for name in dict.fromkeys(step.operation.value for step in operation.steps):
        if (new := renames.operations.get(name)) is not None:
            yield Change("name", f"`{name}`", f"the operation at the same method and path is called `{new}`: did you mean `{new}`?")
    if (new := renames.schemas.get(resource.schema.value)) is not None:
        yield Change("name", f"`schema: {resource.schema}`", f"the schema is called `{new}`: did you mean `{new}`?")
    inputs = {binding.input.value for step in operation.steps for binding in step.params if binding.input is not None}
    inputs |= {text.value for text, _ in resource.params}
    for path, names in renames.parameters.items():
        for old, new in names.items():
            if old in inputs and any(_called(step.operation.value, path, renames) for step in operation.steps):
                yield Change("name", f"`{old}`", f"the parameter of {path} is called `{new}`: did you mean `{new}`?")


def _called(call: str, path: str, renames: Renames) -> bool:
    return call in renames.calls.get(path, ()) or call.partition(" ")[2] == path


def _moved(renames: Renames, overlay: Overlay | None) -> Iterator[Change]:
    """Yield the names that targets of the overlay have to follow."""
    for old, new in {**renames.schemas, **renames.moved}.items():
        lines = (
            [f"{action.target.span.file}:{action.target.span.line}" for action in overlay.actions if f".{old}" in action.target.value]
            if overlay
            else []
        )
        if lines:
            what = "is called" if old in renames.schemas else "has its content in"
            yield Change("name", f"schema `{old}`", f"it {what} `{new}`: did you mean `{new}` in {', '.join(lines)}?")


# ------------------------------------------------------------------------------------------- the vendor
def _vendor_level(unit: VendorUnit, known: Iterable[tuple[ast.Resource, ast.Model]]) -> tuple[list[Trait], list[Diagnostic]]:
    """Return what concerns all operations: traits of the declaration, and the findings of rules over all mappings."""
    vendor = unit.declaration
    resolved = []
    for resource, model in known:
        found = resolve_resource(unit, resource, model, Reporter(unit.document), {})
        if found is not None:
            resolved.append(found)
    schemes = vendor_schemes(unit, resolved)
    findings = [
        *map408_oauth.check(vendor, {name: kind for name, (kind, _) in schemes.items()}),
        *map409_webhooks.check(vendor, resolved, frozenset(model.noun for _, model in known)),
        *map410_limits.check(vendor, unit.operations, unit.schemas, resolved),
        *map411_scopes.check(vendor, resolved),
    ]
    resources = [resource for resource, _ in known]
    return [*vendor_traits(unit, schemes)], [one for one in accept(vendor, resources, findings) if one.code != "MAP405"]
