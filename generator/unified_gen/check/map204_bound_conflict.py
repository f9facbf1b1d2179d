"""A bound of the vendor that a value of the mapping violates.

Bounds on the inputs of callers are checked before anything is sent. Values that the mapping writes are checked at build time: literals,
enum values, the page size, the form of an idempotency key, and a list joined into a parameter whose pattern allows a single element.

Wrong: `pagination: {default: {…, page_size_param: limit, max_page_size: 500}}` where the vendor's maximum is 100.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.language.codecs import KEY_FORMS
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import element
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas import patterns
from unified_openapi.schemas.shapes import Bounds, Shape

CODE = rule("MAP204", "bound conflict", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value the mapping writes that the vendor's bounds refuse."""
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.every_assignment:
                shape, many = element(resource.unit.schemas, assignment.target.walk)
                if shape is None:
                    continue
                if assignment.origin in ("set", "default", "clear", "beside"):
                    yield from _literal(resource, assignment, shape, assignment.literal)
                elif (table := _table(assignment)) is not None:
                    for row in table.rows:
                        for cell in row.cells.values():
                            for literal in cell.values[:1]:
                                yield from _literal(resource, assignment, shape, literal.value)
                elif assignment.reference is not None and assignment.reference.kind in ("key", "mark", "time"):
                    yield from _key(resource, assignment, shape)
                if _joined(assignment) and not many and shape.bounds.pattern and not _takes_two(shape.bounds.pattern):
                    yield _finding(
                        resource,
                        assignment,
                        shape,
                        f"`{assignment.target.name}` accepts one value (its pattern is `{shape.bounds.pattern}`), a list is sent",
                    )
                if (
                    assignment.field is not None
                    and shape.bounds.min_length
                    and (assignment.field.model.max_length or 10**9) < shape.bounds.min_length
                ):
                    yield _finding(
                        resource, assignment, shape, f"`{assignment.target.name}` needs at least {shape.bounds.min_length} characters"
                    )
            pagination = step.pagination
            if pagination is not None and pagination.page_size_param is not None and pagination.ast.max_page_size is not None:
                size = pagination.page_size_param.walk.shape
                if size is not None and size.bounds.maximum is not None and pagination.ast.max_page_size > size.bounds.maximum:
                    yield finding(
                        CODE,
                        f"the page size is {pagination.ast.max_page_size}, but `{pagination.page_size_param.name}` accepts at most "
                        f"{size.bounds.maximum:g}",
                        pagination.ast.span,
                        notes=(Note("the vendor's bound", resource.unit.document.span(size.pointer)),),
                    )


def _table(assignment: Assignment) -> ast.Table | None:
    """Return the enum whose values an assignment sends: that of its field, or of the input that it refers to."""
    if assignment.field is not None and assignment.column is None:
        return assignment.field.table
    reference = assignment.reference
    carrier = reference.carrier if reference is not None and reference.kind == "input" else None
    return carrier.table if carrier is not None and carrier.table is not None and not carrier.table.columns else None


def _literal(resource: ResolvedResource, assignment: Assignment, shape: Shape, value: Any) -> Iterator[Diagnostic]:
    enum_values = shape.enum_values
    if (
        assignment.origin in ("set", "default", "clear", "beside")
        and enum_values is not None
        and not isinstance(value, list)
        and value is not None
        and value not in enum_values
    ):
        yield _finding(
            resource, assignment, shape, f"`{assignment.target.name}` accepts one of {', '.join(map(str, enum_values[:12]))}, not {value!r}"
        )
    problem = breaks(shape.bounds, value)
    if problem is not None:
        yield _finding(resource, assignment, shape, f"{value!r} breaks the vendor's bound on `{assignment.target.name}`: {problem}")


def _key(resource: ResolvedResource, assignment: Assignment, shape: Shape) -> Iterator[Diagnostic]:
    """Report a key whose form does not fit: callers choose the idempotency key, so the vendor's bounds must hold for any key."""
    assert assignment.reference is not None
    name = assignment.reference.text.value
    texts = [variant for variant in shape.variants() if "string" in variant.kinds] or [shape]
    forms = KEY_FORMS[name.removeprefix("call.")]
    problems = [next((problem for value in forms if (problem := breaks(text.bounds, value))), None) for text in texts]
    if all(problems):
        fitting = [
            f"`call.{form}`"
            for form, values in KEY_FORMS.items()
            if form.startswith("key.") and any(not any(breaks(text.bounds, value) for value in values) for text in texts)
        ]
        yield finding(
            CODE,
            f"`{name}` breaks the vendor's bound on `{assignment.target.name}`: {problems[0]}",
            assignment.span,
            notes=(Note("the vendor's bound", resource.unit.document.span(shape.pointer)),),
            help=f"a hash of it fits: {' or '.join(fitting)}" if fitting else None,
        )


def breaks(bounds: Bounds, value: Any) -> str | None:
    """Return a description of the bound that a literal breaks."""
    if isinstance(value, str):
        if bounds.max_length is not None and len(value) > bounds.max_length:
            return f"at most {bounds.max_length} characters"
        if bounds.min_length is not None and len(value) < bounds.min_length:
            return f"at least {bounds.min_length} characters"
        if bounds.pattern is not None and patterns.matches(bounds.pattern, value) is False:
            return f"must match `{bounds.pattern}`"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if bounds.maximum is not None and value > bounds.maximum:
            return f"at most {bounds.maximum:g}"
        if bounds.minimum is not None and value < bounds.minimum:
            return f"at least {bounds.minimum:g}"
        if bounds.below is not None and value >= bounds.below:
            return f"less than {bounds.below:g}"
        if bounds.above is not None and value <= bounds.above:
            return f"more than {bounds.above:g}"
    return None


def _joined(assignment: Assignment) -> bool:
    return (
        assignment.field is not None
        and assignment.field.model.type.many
        and not assignment.field.ast.one
        and assignment.target.location == "query"
    )


def _takes_two(pattern: str) -> bool:
    return "," in pattern or not pattern.endswith("$")


def _finding(resource: ResolvedResource, assignment: Assignment, shape: Shape, message: str) -> Diagnostic:
    return finding(CODE, message, assignment.span, notes=(Note("the vendor's bound", resource.unit.document.span(shape.pointer)),))
