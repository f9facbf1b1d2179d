"""A pattern of the vendor that is not enforced.

Patterns of a vendor's document are matched in time linear in the text, so that no pattern and no input can block a program. The
engine does not support look-around (`(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`) and back-references (`\\1`). A pattern that uses them, or
that is not valid, is not enforced: the value is sent, and the vendor may reject it.

Rewrite the pattern without them in the overlay, or accept the finding by `allow` in vendor.yaml, with a reason.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inspection import element
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.schemas.patterns import linear

CODE = rule("MAP221", "pattern not enforced", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every pattern of a location that a caller's value is written to, and that the engine cannot match."""
    seen = set[str]()
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.every_assignment:
                shape, _ = element(resource.unit.schemas, assignment.target.walk)
                pattern = shape.bounds.pattern if shape is not None else None
                if shape is None or pattern is None or pattern in seen or linear(pattern) is not None:
                    continue
                seen.add(pattern)
                yield finding(
                    CODE,
                    f"the pattern `{pattern}` of `{assignment.target.name}` is not enforced",
                    assignment.span,
                    notes=(Note("the vendor's pattern", resource.unit.document.span(shape.pointer)),),
                    help="rewrite it in the overlay without look-around and back-references",
                )
