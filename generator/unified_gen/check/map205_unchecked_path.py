"""A path that ends in, or leads through, a part of the schema that the vendor does not describe.

A free-form value (`{}`, `type: object` without properties) cannot be checked: a misspelt path there fails only at run time. Declare the
properties in an overlay action, with its evidence, or convert the complete value with a codec that declares its form.

This is a warning; `gen check --stats` counts them.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text

CODE = rule("MAP205", "unchecked path", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every path that is read or written and that the schema does not describe."""
    for field in resource.fields:
        yield from _read(resource, field)
    for operation in resource.operations:
        for step in operation.requests:
            for saved in step.saved:
                yield from _free(resource, saved.leaf.text, saved.leaf.walk, None)
            for assignment in step.every_assignment:
                yield from _free(resource, assignment.target.text, assignment.target.walk, _codec(assignment))


def _read(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for leaf in field.leaves():
        if not leaf.request:
            yield from _free(resource, leaf.text, leaf.walk, field if _entire(field, leaf) else None)
    if field.ast.items:
        for inner in field.nested:
            yield from _read(resource, inner)


def _entire(field: ResolvedField, leaf: Leaf) -> bool:
    return field.codec is not None and leaf in (field.read, *field.fallbacks)


def _codec(assignment: Assignment) -> ResolvedField | None:
    return assignment.field if assignment.field is not None and assignment.field.codec is not None else None


def _free(resource: ResolvedResource, text: Text, reached: Walk, coded: ResolvedField | None) -> Iterator[Diagnostic]:
    location = reached.unchecked or (reached.shape if reached.shape is not None and reached.shape.free else None)
    if location is None or (coded is not None and reached.unchecked is None):
        return
    yield finding(
        CODE,
        f"`{text.value}` cannot be checked: the vendor's schema does not describe this path",
        text.span,
        notes=(Note("free-form here", resource.unit.document.span(location.pointer)),),
        help="declare it in overlay.yaml, with its evidence",
    )
