"""A response that lacks what the record is read for.

A record is read from several responses: of `get`, of `create`, of each item of a list. Each must have every path that `fields`
reads. An item whose schema the record's is built from (by `allOf`) counts as the record where `select` requests the fields.

Right: a further step that reads the record, an overlay action that declares what the response really holds, or another `schema`. If
`schema` lists several, `||` reads a path of each: `{read: full_name || name}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inspection import leaves
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedResponse, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.walk import walk

CODE = rule("MAP209", "response lacks a field", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every path that one of the responses does not have."""
    for operation in resource.operations:
        if operation.model.empty:
            continue
        for step in operation.steps:
            if step.response is not None and step.response.record_shape is not None and not _is_record(resource, step, step.response):
                yield from _lacking(resource, operation, step, step.response)


def _is_record(resource: ResolvedResource, step: ResolvedStep, response: ResolvedResponse) -> bool:
    assert response.record_shape is not None
    if resource.ast.other_schemas:
        return False
    ends = {resource.unit.schemas.target(origin) for origin in response.record_shape.origins}
    if resource.unit.schemas.target(resource.record_pointer) in ends or resource.record_pointer in response.record_shape.origins:
        return True
    selected = any(assignment.origin == "select" for assignment in step.assignments)
    return selected and bool(ends & resource.unit.schemas.ancestors(resource.record_pointer))


def _lacking(
    resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep, response: ResolvedResponse
) -> Iterator[Diagnostic]:
    assert response.record_shape is not None
    paths = [(field.read, *field.fallbacks) for field in resource.fields]
    for leaf in leaves(resource.fields):
        reached = walk(resource.unit.schemas, response.record_shape, leaf.path, custom=resource.custom_fields)
        readable = next((several for several in paths if leaf in several), ())
        if reached.dead is not None and not any(_has(resource, response, other) for other in readable if other is not None):
            yield finding(
                CODE,
                f"the response of `{step.ast.operation.value}` has no `{leaf.text.value}`, which `{operation.name}` reads",
                step.ast.operation.span,
                notes=(
                    Note("looked up in this schema", resource.unit.document.span(reached.dead.at.pointer)),
                    Note("read here", leaf.text.span),
                ),
            )


def _has(resource: ResolvedResource, response: ResolvedResponse, leaf: Leaf) -> bool:
    assert response.record_shape is not None
    return walk(resource.unit.schemas, response.record_shape, leaf.path, custom=resource.custom_fields).dead is None
