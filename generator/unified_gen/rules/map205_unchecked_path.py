"""A path that ends in, or leads through, a place of which the vendor's schema says nothing.

A free-form place (`{}`, `type: object` without properties) cannot be checked: a slip there is found by users. Declare what the
vendor has in an overlay action, with its evidence, or take the whole place through a codec that says what it holds.

This is a warning; `gen check --stats` counts them.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note, Severity
from unified_gen.resolve.resolved import Assignment, Leaf, ResolvedField, ResolvedResource
from unified_gen.rules.base import finding, rule
from unified_gen.schema.walk import Walk
from unified_gen.source import Text

CODE = rule("MAP205", "unchecked path", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every place read or written that nothing is known of."""
    for field in resource.fields:
        yield from _read(resource, field)
    for operation in resource.operations:
        for step in operation.requests:
            for kept in step.kept:
                yield from _free(resource, kept.leaf.text, kept.leaf.walk, None)
            for assignment in step.every_assignment:
                yield from _free(resource, assignment.target.text, assignment.target.walk, _codec(assignment))


def _read(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    for leaf in field.leaves():
        if not leaf.request:
            yield from _free(resource, leaf.text, leaf.walk, field if _whole(field, leaf) else None)
    if field.ast.each:
        for inner in field.nested:
            yield from _read(resource, inner)


def _whole(field: ResolvedField, leaf: Leaf) -> bool:
    return field.codec is not None and leaf is field.read


def _codec(assignment: Assignment) -> ResolvedField | None:
    return assignment.field if assignment.field is not None and assignment.field.codec is not None else None


def _free(resource: ResolvedResource, text: Text, reached: Walk, coded: ResolvedField | None) -> Iterator[Diagnostic]:
    place = reached.unchecked or (reached.shape if reached.shape is not None and reached.shape.free else None)
    if place is None or (coded is not None and reached.unchecked is None):
        return
    yield finding(
        CODE,
        f"`{text.value}` cannot be checked: the vendor's schema says nothing of this place",
        text.span,
        notes=(Note("free-form here", resource.unit.document.span(place.pointer)),),
        help="declare it in overlay.yaml, with its evidence",
    )
