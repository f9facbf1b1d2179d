"""A value that callers can clear and the vendor cannot take as null.

`update(due_date=None)` clears. Null is written at the outermost object that only this field writes; where the vendor's schema
does not take null there, or the place is a query parameter, the mapping says what clears it: `clear: ""`, or `clear: never`.
`clear` in `vendor.yaml` speaks for all fields of the vendor.

Wrong: `description: desc` on a query parameter. Right: `description: {path: desc, clear: ""}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.places import clearable, owned_depth
from unified_gen.resolve.resolved import Assignment, ResolvedResource, ResolvedStep
from unified_gen.rules.base import finding, rule

CODE = rule("MAP203", "cannot be cleared", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every field an update sends whose None the vendor would refuse."""
    if resource.unit.declaration.clear is not None:
        return
    for operation in resource.operations:
        if operation.like != "update":
            continue
        for step in operation.steps:
            seen = set()
            for assignment in step.assignments:
                field = assignment.field
                if assignment.origin != "send" or field is None or field.name in seen or field.ast.clear is not None or field.ast.clears:
                    continue
                if not clearable(field, operation.name) or (field.table is not None and field.table.columns) or field.ast.fields:
                    continue
                if not _takes_null(resource, step, assignment):
                    seen.add(field.name)
                    shape = assignment.target.walk.shape
                    notes = (Note("not nullable here", resource.unit.document.span(shape.pointer)),) if shape is not None else ()
                    yield finding(
                        CODE,
                        f"`{field.name}` can be cleared by callers, but `{assignment.target.name}` takes no null",
                        assignment.span,
                        notes=notes,
                        help=f"say what clears it: `{field.name}: {{path: {assignment.target.text.value}, clear: …}}`, a value or `never`",
                    )


def _takes_null(resource: ResolvedResource, step: ResolvedStep, assignment: Assignment) -> bool:
    assert assignment.field is not None
    target = assignment.target
    shapes = target.walk.steps or ((target.walk.shape,) if target.walk.shape is not None else ())
    if not shapes:
        return True  # free-form: counted as unchecked
    place = shapes[min(owned_depth(step, assignment), len(shapes) - 1)]
    assert place is not None
    if assignment.field.model.type.many and not assignment.field.ast.one:
        return True  # a list is cleared by an empty one
    if target.place != "body":
        return False
    return place.takes_null or place.free or place.kinds == {"array"}
