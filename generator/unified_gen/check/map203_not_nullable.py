"""A value that callers can clear and the vendor does not accept as null.

`update(due_date=None)` clears a field. Null is written at the outermost object that only this field writes. If the vendor's schema
does not allow null there, or the path is a query parameter, the mapping needs `clear`: a value (`clear: ""`), or `clear: never`.
`clear` in `vendor.yaml` applies to all fields of the vendor.

Wrong: `description: desc` on a query parameter. Right: `description: {path: desc, clear: ""}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import clearable, owned_depth
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP203", "cannot be cleared", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field an update sends whose None the vendor would refuse."""
    if resource.unit.declaration.clear is not None:
        return
    for operation in resource.operations:
        if operation.kind != "update":
            continue
        for step in operation.steps:
            seen = set()
            for assignment in step.assignments:
                field = assignment.field
                if assignment.origin != "send" or field is None or field.name in seen or field.ast.clear is not None or field.ast.clears:
                    continue
                if not clearable(field, operation.name) or (field.table is not None and field.table.columns) or field.ast.fields:
                    continue
                if not accepts_null(step, assignment):
                    seen.add(field.name)
                    shape = assignment.target.walk.shape
                    notes = (Note("not nullable here", resource.unit.document.span(shape.pointer)),) if shape is not None else ()
                    yield finding(
                        CODE,
                        f"`{field.name}` can be cleared by callers, but `{assignment.target.name}` does not accept null",
                        assignment.span,
                        notes=notes,
                        help=f"add a value that clears it, or `never`: `{field.name}: {{path: {assignment.target.text.value}, clear: …}}`",
                    )


def accepts_null(step: ResolvedStep, assignment: Assignment) -> bool:
    """Return true if the document allows the null, or the empty list, that clears a field."""
    assert assignment.field is not None
    target = assignment.target
    shapes = target.walk.steps or ((target.walk.shape,) if target.walk.shape is not None else ())
    if not shapes:
        return True  # free-form: counted as unchecked
    location = shapes[min(owned_depth(step, assignment), len(shapes) - 1)]
    assert location is not None
    if assignment.field.model.type.many and not assignment.field.ast.one:
        return True  # a list is cleared by an empty one
    if target.location != "body":
        return False
    return location.takes_null or location.free or location.kinds == {"array"}
