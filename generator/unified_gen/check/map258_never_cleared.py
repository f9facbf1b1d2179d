"""`clear: never` on a field that the vendor accepts null for.

`clear: never` rejects `update(due_date=None)` before anything is sent. It is right if the vendor refuses null, and the document shows
that by the property's type. If the property accepts null, callers lose an operation that works. If the vendor refuses null although its
document allows it, accept the finding with the reason: `allow: {MAP258 <field>: …}`.

Wrong: `due_date: {path: due_on, clear: never}`, where `due_on` is a date or null. Right: `due_date: due_on`.
"""

from collections.abc import Iterator

from unified_gen.check.map203_not_nullable import accepts_null
from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.inspection import clearable
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP258", "never cleared", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field that an update sends, is never cleared, and could be."""
    seen = set()
    for operation in resource.operations:
        for step in operation.steps if operation.kind == "update" else ():
            for assignment in step.assignments:
                field, shape = assignment.field, assignment.target.walk.shape
                if assignment.origin != "send" or field is None or field.name in seen or shape is None or not shape.takes_null:
                    continue
                never = field.ast.clear is not None and field.ast.clear.value == ast.NEVER
                if never and clearable(field, operation.name) and accepts_null(step, assignment):
                    seen.add(field.name)
                    yield finding(
                        CODE,
                        f"`{field.name}` is never cleared, but `{assignment.target.name}` accepts null",
                        field.ast.span,
                        notes=(Note("nullable here", resource.unit.document.span(shape.pointer)),),
                        help=f"leave `clear` out, or accept it: `allow: {{MAP258 {field.name}: …}}`",
                    )
